//! A file that belongs to a document made elsewhere: what is taken, and how it is kept in the record and handed out again.

use super::content::Wrong;
use super::node::{at, said, set, text};
use super::record::{current, segment};
use crate::codes::PAGE_UNKNOWN;
use crate::desk::{Desk, Refused};
use crate::shown::Shown;
use crate::visit::{Upload, Visit};
use base::Problem;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use fhir::Node;

/// Longest file, in bytes. In base64 a third is added, and the whole record stays below `base::limits::RESOURCE_BYTES_MAX`.
pub(super) const FILE_BYTES_MAX: usize = 5 * 1024 * 1024;

/// Longest text that a page shows with the record, in bytes.
const SHOWN_BYTES_MAX: usize = 200 * 1024;

/// Longest name of a file that is kept, in characters.
const NAME_CHARS_MAX: usize = 120;

const TEXT: &str = "text/plain; charset=utf-8";

/// What a file is by its first bytes, whatever its name or the browser says; none of what is not taken.
fn media(bytes: &[u8]) -> Option<&'static str> {
    let begins = |with: &[u8]| bytes.starts_with(with);
    if begins(b"%PDF-") {
        return Some("application/pdf");
    }
    if begins(b"\xFF\xD8\xFF") {
        return Some("image/jpeg");
    }
    if begins(b"\x89PNG\r\n\x1A\n") {
        return Some("image/png");
    }
    let plain = |letter: char| !letter.is_control() || matches!(letter, '\t' | '\n' | '\r');
    let readable = std::str::from_utf8(bytes).is_ok_and(|text| text.chars().all(plain));
    readable.then_some(TEXT)
}

/// The file that a form sends.
pub(super) fn sent(visit: &Visit) -> Option<&Upload> {
    visit.files.iter().find(|file| file.field == "file")
}

/// What is wrong with it; a record that has one already needs none.
pub(super) fn wrong(file: Option<&Upload>, before: Option<&Node>) -> Option<Wrong> {
    let key = match file {
        None => {
            let kept = before.and_then(|before| at(before, &["content", "attachment", "data"]));
            return kept.is_none().then_some(("file", "write-wrong-file-missing"));
        }
        Some(file) if file.bytes.is_empty() => "write-wrong-file-empty",
        Some(file) if file.bytes.len() > FILE_BYTES_MAX => "write-wrong-file-large",
        Some(file) if media(&file.bytes).is_none() => "write-wrong-file-kind",
        Some(_) => return None,
    };
    Some(("file", key))
}

/// Puts the file into the record, in place of the one before.
pub(super) fn attach(content: &mut Node, file: &Upload) {
    let Some(media) = media(&file.bytes) else { return };
    let attachment = |name| ["content[]", "attachment", name];
    let name: String = file.name.chars().filter(|one| !one.is_control()).take(NAME_CHARS_MAX).collect();
    let name = Some(text(&name)).filter(|_| !name.trim().is_empty());
    set(content, &attachment("contentType"), Some(text(media)));
    set(content, &attachment("title"), name);
    set(content, &attachment("size"), Some(Node::Number(file.bytes.len().to_string())));
    set(content, &attachment("data"), Some(text(&STANDARD.encode(&file.bytes))));
    // It was the digest of another file.
    set(content, &attachment("hash"), None);
}

/// A file of a record as its page tells of it.
pub(super) struct Kept {
    /// What it is called; empty where nobody said.
    pub(super) name: String,
    /// Kilobytes, rounded up.
    pub(super) kilobytes: usize,
    /// Whether browsers show it as a picture.
    pub(super) picture: bool,
    /// Of a text that is not too long: what it says.
    pub(super) text: Option<String>,
}

/// The file of a record; none where it has none.
pub(super) fn kept(content: &Node) -> Option<Kept> {
    let (media, bytes) = file_of(content)?;
    let text =
        (media == TEXT && bytes.len() <= SHOWN_BYTES_MAX).then(|| String::from_utf8(bytes.clone()).ok());
    Some(Kept {
        name: said(content, &["content", "attachment", "title"]),
        kilobytes: bytes.len().div_ceil(1024),
        picture: media.starts_with("image/"),
        text: text.flatten(),
    })
}

/// Media type and bytes. The type is that of the bytes: a record from elsewhere may say something else, and a browser must
/// never be told that a page is a picture.
fn file_of(content: &Node) -> Option<(&'static str, Vec<u8>)> {
    let data = at(content, &["content", "attachment", "data"])?.as_str()?;
    let bytes = STANDARD.decode(data.trim()).ok()?;
    Some((media(&bytes).unwrap_or("application/octet-stream"), bytes))
}

/// `GET /f/{facility}/console/records/{type}/{id}/file`
pub(super) async fn page(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let current = current(desk, segment(visit, 1), segment(visit, 2)).await?;
    let (media, bytes) = file_of(&current.content).ok_or_else(|| Problem::new(&PAGE_UNKNOWN))?;
    let ending = match media {
        "application/pdf" => "pdf",
        "image/jpeg" => "jpg",
        "image/png" => "png",
        TEXT => "txt",
        _ => "bin",
    };
    let name = format!("{}-{}.{ending}", current.kind.as_str(), current.id);
    Ok(Shown::File { name, media: media.to_owned(), bytes })
}

/// The content without what stands in its file, for lines and differences.
pub(super) fn without_data(content: &Node) -> Node {
    let mut content = content.clone();
    if at(&content, &["content", "attachment", "data"]).is_some() {
        set(&mut content, &["content[]", "attachment", "data"], None);
    }
    content
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upload(bytes: &[u8]) -> Upload {
        Upload { field: "file".to_owned(), name: "a.exe".to_owned(), bytes: bytes.to_vec() }
    }

    #[test]
    fn what_a_file_is_its_bytes_say_and_what_is_not_taken_is_said() {
        for (bytes, media) in [
            (b"%PDF-1.7\n".as_slice(), "application/pdf"),
            (b"\xFF\xD8\xFF\xE0", "image/jpeg"),
            (b"\x89PNG\r\n\x1A\n", "image/png"),
            ("紹介状\n".as_bytes(), TEXT),
            // Shown as text, never as a page.
            (b"<html><script>alert(1)</script>", TEXT),
        ] {
            assert_eq!(super::media(bytes), Some(media));
            assert_eq!(wrong(Some(&upload(bytes)), None), None);
        }
        for (bytes, key) in [
            (b"MZ\x90\x00".as_slice(), "write-wrong-file-kind"),
            // Shift_JIS.
            (b"\x8F\xD0\x89\xEE", "write-wrong-file-kind"),
            (b"", "write-wrong-file-empty"),
        ] {
            assert_eq!(wrong(Some(&upload(bytes)), None), Some(("file", key)));
        }
        let long = upload(&vec![b'a'; FILE_BYTES_MAX + 1]);
        assert_eq!(wrong(Some(&long), None), Some(("file", "write-wrong-file-large")));
        assert_eq!(wrong(None, None), Some(("file", "write-wrong-file-missing")));
    }

    #[test]
    fn the_longest_file_fits_into_a_record() {
        let mut content = crate::write::node::of(
            &serde_json::json!({ "resourceType": "DocumentReference", "status": "current",
            "docStatus": "preliminary", "content": [{ "attachment": {} }] }),
        );
        attach(&mut content, &upload(&vec![b'a'; FILE_BYTES_MAX]));
        assert!(crate::write::node::written(&content).len() < base::limits::RESOURCE_BYTES_MAX);
        assert!(fhir::check(content.clone()).is_ok());
        assert_eq!(wrong(None, Some(&content)), None, "it has one already");
        assert_eq!(file_of(&content).map(|(_, bytes)| bytes.len()), Some(FILE_BYTES_MAX));
        assert!(at(&without_data(&content), &["content", "attachment", "data"]).is_none());
    }
}
