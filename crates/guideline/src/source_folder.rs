//! A folder of rules that a facility keeps for itself, read from the disk: the one place where this room looks at files.
//!
//! Everything is bounded, and nothing is followed out of the folder: what lies beside it is not part of the rules.

use crate::catalogue::Text;
use crate::codes;
use crate::yaml::{SourceFile, original_beside};
use base::Problem;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

/// Most files of rules in a folder.
const FILES_MAX: usize = 200;
/// Longest file in bytes.
const FILE_BYTES_MAX: u64 = 4 * 1024 * 1024;
/// Most names in a folder, so that a wrong one (a whole disk) is noticed soon.
const NAMES_MAX: usize = 1_000;

/// The files of a folder and of the folders in it, as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceFolder {
    files: Vec<(String, String)>,
}

impl SourceFolder {
    /// Reads the rules (`.yaml`, `.yml`) of a folder and of the folders directly in it, in the order of their names. Notes
    /// (`.md`, `.txt`) may stand beside them; names that begin with a dot are left alone.
    ///
    /// # Errors
    /// The folder or a file cannot be read, is too large or no UTF-8, leads out of the folder, or is of another kind.
    pub fn read(path: &Path) -> Result<Self, Problem> {
        let root = path.canonicalize().map_err(|error| refused(path, of_system(&error)))?;
        let mut folder = Self::default();
        for entry in names(&root, &root)? {
            if entry.real.is_dir() {
                for inner in names(&root, &entry.real)? {
                    folder.take(&root, &format!("{}/{}", entry.name, inner.name), &inner.real)?;
                }
            } else {
                folder.take(&root, &entry.name, &entry.real)?;
            }
        }
        if folder.files.is_empty() {
            return Err(refused(path, (".yaml のファイルがありません", "there is no .yaml file in it")));
        }
        Ok(folder)
    }

    /// Its files, each by its name within the folder.
    pub fn files(&self) -> Vec<SourceFile<'_>> {
        self.files.iter().map(|(name, text)| SourceFile { name, text }).collect()
    }

    fn take(&mut self, root: &Path, name: &str, real: &Path) -> Result<(), Problem> {
        let wrong = |what: Text| refused(&root.join(name), what);
        if real.is_dir() {
            return Err(wrong(
                ("フォルダーの中のフォルダーは 1 段までです", "only one level of folders is read").into(),
            ));
        }
        match Path::new(name).extension().and_then(|ending| ending.to_str()) {
            Some("yaml" | "yml") => {}
            Some("md" | "txt") => return Ok(()),
            _ => {
                return Err(wrong(
                    (
                        "ルール（.yaml、.yml）でも説明（.md、.txt）でもありません",
                        "neither rules (.yaml, .yml) nor notes (.md, .txt)",
                    )
                        .into(),
                ));
            }
        }
        if self.files.len() >= FILES_MAX {
            return Err(wrong(("ファイルの数が多すぎます", "it is one file too many").into()));
        }
        let text = text(real).map_err(wrong)?;
        self.files.push((name.to_owned(), text));
        Ok(())
    }
}

/// Something in a folder: its name there, and where it really lies.
struct Entry {
    name: String,
    real: PathBuf,
}

/// What is in a folder, by name. What leads out of the root is refused before it is looked at.
fn names(root: &Path, folder: &Path) -> Result<Vec<Entry>, Problem> {
    let unread = |path: &Path, error: &io::Error| refused(path, of_system(error));
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| unread(folder, &error))? {
        let path = entry.map_err(|error| unread(folder, &error))?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            return Err(refused(&path, ("名前が UTF-8 ではありません", "its name is no UTF-8")));
        };
        if found.len() >= NAMES_MAX {
            return Err(refused(
                folder,
                ("ファイルとフォルダーの数が多すぎます", "there are too many names in it"),
            ));
        }
        if !name.starts_with('.') {
            let real = path.canonicalize().map_err(|error| unread(&path, &error))?;
            if !real.starts_with(root) {
                return Err(refused(&path, ("フォルダーの外を指しています", "it leads out of the folder")));
            }
            found.push(Entry { name: name.to_owned(), real });
        }
    }
    found.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(found)
}

/// At most one byte more than is allowed is read, also of what grows meanwhile. The mark that some editors put at the
/// beginning of UTF-8 is no part of the text.
fn text(path: &Path) -> Result<String, Text> {
    // What is no file (a pipe, a device) could keep the reader waiting for ever.
    if !path.is_file() {
        return Err(("ファイルではありません", "it is no file").into());
    }
    let mut bytes = Vec::new();
    let most = FILE_BYTES_MAX.saturating_add(1);
    File::open(path)
        .and_then(|file| file.take(most).read_to_end(&mut bytes))
        .map_err(|error| of_system(&error))?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > FILE_BYTES_MAX {
        return Err(Text::new(
            format!("{FILE_BYTES_MAX} バイトを超えています"),
            format!("it is larger than {FILE_BYTES_MAX} bytes"),
        ));
    }
    let text = String::from_utf8(bytes)
        .map_err(|error| Text::new("UTF-8 ではありません", format!("it is no UTF-8: {error}")))?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// What the system said, which speaks English only.
fn of_system(error: &io::Error) -> Text {
    Text::new(original_beside("読み取れません", &error.to_string()), error.to_string())
}

fn refused(path: &Path, what: impl Into<Text>) -> Problem {
    let what = what.into();
    let problem = Problem::new(&codes::FOLDER).with("path", path.display());
    problem.with("what", &what.en).with("what_ja", &what.ja).log(format!("rules: {}", what.en))
}
