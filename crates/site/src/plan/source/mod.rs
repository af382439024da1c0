//! The sources of modules, where they are given: what local values name, and the `dynamic` blocks that plans leave out.
//!
//! A plan holds no `locals` and no `dynamic` blocks. Both stand in the `*.tf` files of a module; which folder a module
//! lies in is told by `.terraform/modules/modules.json`, or by a local source such as `./network`. A folder that cannot
//! be read leaves its local values undecided, with a warning; nothing is guessed.

mod expression;

use super::configuration::{Block, Call, Given, Module};
use super::json::MODULES_DEPTH_MAX;
use super::reference::Reference;
use crate::codes;
use base::Problem;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// Largest source file that is read, in bytes.
const FILE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Most warnings; the first ones say what to do.
const WARNINGS_MAX: usize = 20;
/// Where `terraform init` notes which module lies where.
const MANIFEST_FOLDER: &str = ".terraform/modules";

/// A file of a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Its name without folders: `main.tf`.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// Gives the files of folders. This room has no disk: the caller decides what may be read.
pub trait Folders {
    /// The files of a folder, whose path is relative to that of the root module (`.`, `modules/network`,
    /// `.terraform/modules/vpc`, `../shared`); none where there is no such folder or it may not be read.
    fn files(&self, folder: &str) -> Option<Vec<SourceFile>>;
}

/// What the sources of modules tell.
pub struct Locals<'f> {
    folders: &'f dyn Folders,
    /// Folders by the keys of the modules (`vpc`, `vpc.endpoints`).
    noted: BTreeMap<String, String>,
    read: BTreeMap<String, Result<Told, Unread>>,
    warnings: Vec<Problem>,
}

/// What one folder tells.
#[derive(Debug, Default)]
struct Told {
    locals: BTreeMap<String, Vec<Reference>>,
    /// Blocks, with what their `dynamic` blocks give.
    dynamic: BTreeMap<String, BTreeMap<String, Vec<Reference>>>,
    /// Blocks, with those of their attributes of which each instance picks its own.
    own: BTreeMap<String, BTreeMap<String, Vec<Reference>>>,
}

/// Why a folder tells nothing, in English and Japanese.
#[derive(Clone, Debug)]
struct Unread(String, String);

impl std::fmt::Debug for Locals<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Locals").field("folders", &self.read.len()).finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct Manifest {
    #[serde(rename = "Modules")]
    modules: Vec<Noted>,
}

#[derive(Deserialize)]
struct Noted {
    #[serde(rename = "Key")]
    key: String,
    #[serde(rename = "Dir")]
    folder: String,
}

impl<'f> Locals<'f> {
    /// Takes up the list of modules, if there is one.
    pub fn new(folders: &'f dyn Folders) -> Self {
        let files = folders.files(MANIFEST_FOLDER).unwrap_or_default();
        let manifest = files.iter().find(|file| file.name == "modules.json");
        let noted = manifest.and_then(|file| serde_json::from_str::<Manifest>(&file.text).ok());
        let noted = noted.map(|manifest| {
            manifest.modules.into_iter().map(|noted| (noted.key, plain(&noted.folder))).collect()
        });
        Self { folders, noted: noted.unwrap_or_default(), read: BTreeMap::new(), warnings: Vec::new() }
    }

    /// Fills in what the sources tell of the root module and of all modules that it calls.
    pub(super) fn fill(&mut self, root: &mut Module) {
        self.fill_module(root, "", Some("."), 0);
    }

    /// What could not be read.
    pub(super) fn take_warnings(&mut self) -> Vec<Problem> {
        std::mem::take(&mut self.warnings)
    }

    fn fill_module(&mut self, module: &mut Module, key: &str, folder: Option<&str>, depth: usize) {
        match folder.map(|folder| self.folder(folder)) {
            Some(Ok(told)) => {
                module.locals = Some(told.locals.clone());
                for (address, block) in &mut module.blocks {
                    give_own(block, told.own.get(address));
                    give(block, told.dynamic.get(address));
                }
            }
            Some(Err(unread)) => self.warn(key, unread),
            None => {
                self.warn(key, Unread("its folder is not known".into(), "フォルダーが分かりません".into()));
            }
        }
        if depth >= MODULES_DEPTH_MAX {
            return;
        }
        for (name, call) in &mut module.calls {
            let inner_key = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
            let inner = self.folder_of(&inner_key, folder, call);
            self.fill_module(&mut call.module, &inner_key, inner.as_deref(), depth.saturating_add(1));
        }
    }

    fn folder_of(&self, key: &str, caller: Option<&str>, call: &Call) -> Option<String> {
        if let Some(noted) = self.noted.get(key) {
            return Some(noted.clone());
        }
        let is_local = call.source.starts_with("./") || call.source.starts_with("../");
        caller.filter(|_| is_local).map(|caller| plain(&format!("{caller}/{}", call.source)))
    }

    fn folder(&mut self, folder: &str) -> Result<&Told, Unread> {
        if !self.read.contains_key(folder) {
            let told = read(self.folders.files(folder));
            self.read.insert(folder.to_owned(), told);
        }
        match self.read.get(folder) {
            Some(Ok(told)) => Ok(told),
            Some(Err(unread)) => Err(unread.clone()),
            None => Ok(NOTHING),
        }
    }

    fn warn(&mut self, key: &str, Unread(what, what_ja): Unread) {
        if self.warnings.len() >= WARNINGS_MAX {
            return;
        }
        let module =
            if key.is_empty() { ".".to_owned() } else { format!("module.{}", key.replace('.', ".module.")) };
        self.warnings.push(
            Problem::new(&codes::SOURCE)
                .with("module", super::shown(&module))
                .with("what", super::shown(&what))
                .with("what_ja", super::shown(&what_ja))
                .log("module source not read"),
        );
    }
}

static NOTHING: &Told = &Told { locals: BTreeMap::new(), dynamic: BTreeMap::new(), own: BTreeMap::new() };

/// Adds what `dynamic` blocks give to what the plan tells of a block.
fn give(block: &mut Block, dynamic: Option<&BTreeMap<String, Vec<Reference>>>) {
    for (path, references) in dynamic.into_iter().flatten() {
        let given: &mut Given = block.given.entry(path.clone()).or_default();
        given.names = true;
        given.references.extend(references.iter().cloned());
        given.references.sort();
        given.references.dedup();
    }
}

/// Lets the sources say which instance is meant, where they and the plan name the same: sources of another version do not
/// count.
fn give_own(block: &mut Block, own: Option<&BTreeMap<String, Vec<Reference>>>) {
    for (attribute, references) in own.into_iter().flatten() {
        if let Some(given) = block.given.get_mut(attribute)
            && named(&given.references) == named(references)
        {
            given.references.clone_from(references);
        }
    }
}

/// What is named, whichever instance of it.
fn named(references: &[Reference]) -> BTreeSet<Reference> {
    let named = references.iter().filter_map(|reference| match reference {
        Reference::Own { address, .. } => Some(Reference::Block { address: address.clone(), key: None }),
        Reference::CountIndex | Reference::Each("each.key") => None,
        other => Some(other.clone()),
    });
    named.collect()
}

/// Reads the files of a folder.
fn read(files: Option<Vec<SourceFile>>) -> Result<Told, Unread> {
    let mut files =
        files.ok_or_else(|| Unread("there is no such folder".into(), "フォルダーがありません".into()))?;
    files.sort_by(|one, other| one.name.cmp(&other.name));
    let mut told = Told::default();
    let mut seen = false;
    for file in files {
        if file.name.ends_with(".tf.json") {
            return Err(Unread(
                format!("{} is not read", file.name),
                format!("{} は読み取りの対象外です", file.name),
            ));
        }
        if file.name.strip_suffix(".tf").is_some() {
            seen = true;
            read_file(&file, &mut told)?;
        }
    }
    if seen {
        Ok(told)
    } else {
        Err(Unread("it has no *.tf file".into(), "*.tf ファイルがありません".into()))
    }
}

fn read_file(file: &SourceFile, told: &mut Told) -> Result<(), Unread> {
    let wrong = || Unread(format!("{} cannot be read", file.name), format!("{} を読み取れません", file.name));
    if file.text.len() > FILE_BYTES_MAX {
        return Err(wrong());
    }
    // The message of the reader quotes the file, which may hold secrets.
    let body = hcl::parse(file.text.trim_start_matches('\u{feff}')).map_err(|_| wrong())?;
    for block in body.blocks() {
        match block.identifier.as_str() {
            "locals" => {
                for attribute in block.body.attributes() {
                    let references = expression::references(&attribute.expr).ok_or_else(wrong)?;
                    // An override file may name it again: it names what either says.
                    told.locals.entry(attribute.key.as_str().to_owned()).or_default().extend(references);
                }
            }
            "resource" | "data" => {
                let data = if block.identifier.as_str() == "data" { "data." } else { "" };
                if let [kind, name] = block.labels.as_slice() {
                    let address = format!("{data}{}.{}", kind.as_str(), name.as_str());
                    told.own.insert(address.clone(), expression::own(&block.body).ok_or_else(wrong)?);
                    told.dynamic.insert(address, expression::dynamic(&block.body).ok_or_else(wrong)?);
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// A path without `.`, with `..` taken back where there is something to take back.
fn plain(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split(['/', '\\']) {
        match (part, parts.last()) {
            ("" | ".", _) => {}
            ("..", Some(last)) if *last != ".." => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read_text(text: &str) -> Result<Told, Unread> {
        read(Some(vec![SourceFile { name: "main.tf".into(), text: text.into() }]))
    }

    #[test]
    fn sources_that_are_nested_without_end_are_refused() {
        for (open, inner, close) in [
            ("(", "1", ")"),
            ("[", "1", "]"),
            ("{ a = ", "1", " }"),
            ("!", "true", ""),
            ("-", "1", ""),
            ("\"${", "1", "}\""),
            ("f(", "1", ")"),
            ("a ? 1 : ", "1", ""),
            ("1 + ", "1", ""),
            ("[for a in b : ", "1", "]"),
        ] {
            let deep =
                format!("locals {{\n x = {}{inner}{}\n}}\n", open.repeat(20_000), close.repeat(20_000));
            assert!(read_text(&deep).is_err(), "{open}");
        }
        let blocks = format!("{}{}", "resource \"a\" \"b\" {\n".repeat(20_000), "}\n".repeat(20_000));
        assert!(read_text(&blocks).is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_source_makes_the_reading_panic(text in "(locals|resource|dynamic|[a-z]{1,3}|[\\[\\](){}\"=.?:!$%<*&|,0-9\n -]){0,60}") {
            drop(read_text(&text));
            drop(read_text(&format!("locals {{\n x = {text}\n}}\n")));
        }
    }

    #[test]
    fn paths_are_made_plain() {
        assert_eq!(plain("./modules/../net/"), "net");
        assert_eq!(plain("."), ".");
        assert_eq!(plain("./../shared"), "../shared");
        assert_eq!(plain("../.././x"), "../../x");
    }
}
