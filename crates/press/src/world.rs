//! What typst sees of the world: the template, one paper as data, two fonts. No disk, no network, no packages, no clock.

use crate::font::Fonts;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World, WorldExt};

/// How reports are set.
const TEMPLATE: &str = include_str!("template.typ");
/// The names by which typst knows the two files.
const NAMES: [&str; 2] = ["template.typ", "paper.json"];

/// The world of one paper.
pub(crate) struct Desk {
    fonts: &'static Fonts,
    library: LazyHash<Library>,
    template: Source,
    paper: FileId,
    json: Bytes,
}

impl Desk {
    /// A desk with this paper on it. None where typst does not take the names of the files.
    pub(crate) fn with(fonts: &'static Fonts, json: String) -> Option<Self> {
        let [template, paper] = NAMES.map(|name| {
            let path = VirtualPath::new(name).ok()?;
            Some(RootedPath::new(VirtualRoot::Project, path).intern())
        });
        Some(Self {
            fonts,
            library: LazyHash::new(Library::default()),
            template: Source::new(template?, TEMPLATE.to_owned()),
            paper: paper?,
            json: Bytes::from_string(json),
        })
    }

    /// Where in the template something went wrong, for the log. What typst says of it can hold texts of the paper.
    pub(crate) fn place(&self, wrong: &SourceDiagnostic) -> String {
        let at = self.range(wrong.span).and_then(|range| self.template.lines().byte_to_line(range.start));
        at.map_or_else(|| "no line".to_owned(), |line| format!("template.typ:{}", line.saturating_add(1)))
    }
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.book
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.template.id() { Ok(self.template.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.paper { Ok(self.json.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.font(index)
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
