//! Files of our catalogue as they are written from what was read: JSON, which is YAML.

use guideline::SourceFile;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A file of a catalogue that was read from elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogueFile {
    /// Its path within a catalogue, such as `mhlw-6.0/control.yaml`.
    pub name: String,
    /// Its text.
    pub text: String,
}

impl CatalogueFile {
    /// As [`guideline::Catalogue::read`] takes it.
    pub fn source(&self) -> SourceFile<'_> {
        SourceFile { name: &self.name, text: &self.text }
    }
}

/// An edition as it is being read.
#[derive(Clone, Debug, Default)]
pub(super) struct EditionHead {
    pub(super) id: String,
    pub(super) publisher: String,
    pub(super) published: String,
    pub(super) url: String,
}

/// A part as it is being read.
#[derive(Clone, Debug, Default)]
pub(super) struct PartDraft {
    pub(super) name: String,
    pub(super) title_ja: String,
    pub(super) title_en: String,
    pub(super) inherits: Option<String>,
    pub(super) based_on: String,
    pub(super) gaps: Vec<String>,
    pub(super) dropped: Vec<Value>,
    pub(super) chapters: Vec<Value>,
    pub(super) scenarios: Vec<Value>,
    pub(super) sources: Sources,
}

/// Who reports changes: a file names each source once, by a letter.
#[derive(Clone, Debug, Default)]
pub(super) struct Sources(Vec<String>);

impl Sources {
    /// The letter of a source.
    pub(super) fn letter(&mut self, title: &str) -> String {
        let place = self.0.iter().position(|known| known == title).unwrap_or_else(|| {
            self.0.push(title.to_owned());
            self.0.len().saturating_sub(1)
        });
        format!("S{}", place.saturating_add(1))
    }

    fn named(&self) -> BTreeMap<String, &String> {
        let numbered = self.0.iter().enumerate();
        numbered.map(|(place, title)| (format!("S{}", place.saturating_add(1)), title)).collect()
    }
}

impl PartDraft {
    /// The file of this part.
    pub(super) fn file(self, edition: &EditionHead) -> CatalogueFile {
        let mut content = json!({
            "guideline": edition.id,
            "part": self.name,
            "title_ja": self.title_ja,
            "title_en": self.title_en,
            "publisher_ja": edition.publisher,
            "published": edition.published,
            "url": edition.url,
            "based_on": self.based_on,
            "sources": self.sources.named(),
            "gaps": self.gaps,
            "dropped": self.dropped,
            "chapters": self.chapters,
            "scenarios": self.scenarios,
        });
        if let (Some(members), Some(from)) = (content.as_object_mut(), self.inherits) {
            members.insert("inherits".to_owned(), json!(from));
        }
        CatalogueFile { name: format!("{}/{}.yaml", edition.id, self.name), text: format!("{content:#}\n") }
    }
}
