//! What a form with a file sends: `multipart/form-data` (RFC 7578), read strictly. Whatever does not follow it is refused whole,
//! so that no field is lost in silence.

use crate::codes::ENCODING_WRONG;
use base::Problem;
use console::{FORM_BROKEN, Upload};
use http::{HeaderMap, header};

/// Parts of one form.
const PARTS_MAX: usize = 128;

/// What a form sends.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Sent {
    /// Names and values, in their order.
    pub(super) fields: Vec<(String, String)>,
    /// Files that were chosen; a field for a file that stayed empty is none.
    pub(super) files: Vec<Upload>,
}

/// The boundary between the parts; none where the body is of another kind.
pub(super) fn boundary(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let (kind, rest) = text.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let boundary = rest.split(';').find_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.trim().eq_ignore_ascii_case("boundary").then(|| value.trim().trim_matches('"'))
    })?;
    // RFC 2046, section 5.1.1: 1 to 70 characters.
    (1..=70).contains(&boundary.len()).then(|| boundary.to_owned())
}

/// Reads the parts of a body.
pub(super) fn read(boundary: &str, body: &[u8]) -> Result<Sent, Problem> {
    let wrong = || Problem::new(&FORM_BROKEN);
    let first = format!("--{boundary}");
    let next = format!("\r\n--{boundary}");
    let mut rest = body.strip_prefix(first.as_bytes()).ok_or_else(wrong)?;
    let mut sent = Sent::default();
    for _ in 0..=PARTS_MAX {
        if rest.starts_with(b"--") {
            return Ok(sent);
        }
        let part = rest.strip_prefix(b"\r\n").ok_or_else(wrong)?;
        let (whole, after) = cut(part, next.as_bytes()).ok_or_else(wrong)?;
        let (head, content) = cut(whole, b"\r\n\r\n").ok_or_else(wrong)?;
        let Head { name, file } = head_of(head)?;
        match file {
            None => sent.fields.push((name, text(content)?)),
            // A browser sends a field without a file as an empty one without a name.
            Some(file) if file.is_empty() && content.is_empty() => {}
            Some(file) => sent.files.push(Upload { field: name, name: file, bytes: content.to_vec() }),
        }
        rest = after;
    }
    Err(wrong())
}

/// What stands before a separator and after it.
fn cut<'b>(bytes: &'b [u8], separator: &[u8]) -> Option<(&'b [u8], &'b [u8])> {
    let at = bytes.windows(separator.len()).position(|window| window == separator)?;
    let (before, rest) = bytes.split_at_checked(at)?;
    Some((before, rest.get(separator.len()..)?))
}

/// What the head of a part says.
struct Head {
    name: String,
    /// The name of the file, where the part is one.
    file: Option<String>,
}

fn head_of(head: &[u8]) -> Result<Head, Problem> {
    let wrong = || Problem::new(&FORM_BROKEN);
    let head = std::str::from_utf8(head).map_err(|_| wrong())?;
    let line = head.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim().eq_ignore_ascii_case("content-disposition").then(|| value.trim())
    });
    let line = line.and_then(|line| line.strip_prefix("form-data")).ok_or_else(wrong)?;
    Ok(Head {
        name: quoted(line, "name").ok_or_else(wrong)?,
        // Some browsers once sent the whole path.
        file: quoted(line, "filename")
            .map(|name| name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned()),
    })
}

/// The value of a parameter: browsers write `%22`, `%0D` and `%0A` for what cannot stand in quotes (WHATWG HTML, section
/// 4.10.22.8).
fn quoted(line: &str, name: &str) -> Option<String> {
    let (_, rest) = line.split_once(&format!("; {name}=\""))?;
    let (value, _) = rest.split_once('"')?;
    Some(value.replace("%22", "\"").replace("%0D", "").replace("%0A", " "))
}

fn text(bytes: &[u8]) -> Result<String, Problem> {
    let wrong = || Problem::new(&ENCODING_WRONG);
    let text = std::str::from_utf8(bytes).map_err(|_| wrong())?;
    let plain = |letter: char| !letter.is_control() || matches!(letter, '\t' | '\n' | '\r');
    if text.chars().all(plain) { Ok(text.to_owned()) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn body(parts: &[&str]) -> Vec<u8> {
        let parts: Vec<String> = parts.iter().map(|part| format!("--B\r\n{part}\r\n")).collect();
        format!("{}--B--\r\n", parts.concat()).into_bytes()
    }

    #[test]
    fn fields_and_files_come_as_they_were_sent() {
        let sent = read(
            "B",
            &body(&[
                "Content-Disposition: form-data; name=\"title\"\r\n\r\n紹介状\r\n--Bx",
                "Content-Disposition: form-data; name=\"file\"; filename=\"C:\\a\\検査%22.pdf\"\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.7\r\n\r\n",
                "content-disposition: form-data; name=\"other\"; filename=\"\"\r\nContent-Type: application/octet-stream\r\n\r\n",
            ]),
        );
        // `\r\n--B` within a value would end it: browsers choose a boundary that stands in no value.
        assert!(sent.is_err());
        let sent = read(
            "B",
            &body(&[
                "Content-Disposition: form-data; name=\"title\"\r\n\r\n紹介状\r\n2 行目",
                "Content-Disposition: form-data; name=\"file\"; filename=\"C:\\a\\検査%22.pdf\"\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.7\r\n\r\n",
                "content-disposition: form-data; name=\"other\"; filename=\"\"\r\nContent-Type: application/octet-stream\r\n\r\n",
            ]),
        )
        .unwrap();
        assert_eq!(sent.fields, [("title".to_owned(), "紹介状\r\n2 行目".to_owned())]);
        let file = Upload {
            field: "file".to_owned(),
            name: "検査\".pdf".to_owned(),
            bytes: b"%PDF-1.7\r\n\r\n".to_vec(),
        };
        assert_eq!(sent.files, [file]);
    }

    #[test]
    fn what_is_cut_off_or_says_nothing_of_itself_is_refused_whole() {
        let whole = body(&["Content-Disposition: form-data; name=\"a\"\r\n\r\nb"]);
        assert!(read("B", &whole).is_ok());
        for end in 0..whole.len() - 4 {
            assert!(read("B", &whole[..end]).is_err(), "{end}");
        }
        for bad in ["X: y\r\n\r\nb", "Content-Disposition: attachment; name=\"a\"\r\n\r\nb", "no head"] {
            assert_eq!(read("B", &body(&[bad])).unwrap_err().code().id, "CO-0005", "{bad}");
        }
        let control = body(&["Content-Disposition: form-data; name=\"a\"\r\n\r\nb\u{0}"]);
        assert_eq!(read("B", &control).unwrap_err().code().id, "SV-0012");
        let part = "Content-Disposition: form-data; name=\"a\"\r\n\r\nb";
        assert!(read("B", &body(&vec![part; PARTS_MAX])).is_ok());
        assert!(read("B", &body(&vec![part; PARTS_MAX + 1])).is_err());
    }

    #[test]
    fn the_boundary_is_that_of_the_head() {
        let of = |value: &'static str| {
            boundary(&HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static(value))]))
        };
        assert_eq!(of("multipart/form-data; boundary=\"x y\"").as_deref(), Some("x y"));
        assert_eq!(of("Multipart/Form-Data; charset=utf-8; Boundary=B").as_deref(), Some("B"));
        for other in
            ["application/x-www-form-urlencoded", "multipart/form-data", "multipart/mixed; boundary=B"]
        {
            assert_eq!(of(other), None, "{other}");
        }
    }
}
