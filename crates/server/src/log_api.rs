//! The log API: files of the journal in the C2SP `tlog-tiles` layout (docs/formats.md, section 4).

use crate::answer::{self, Reply};
use crate::codes;
use crate::door::Door;
use base::Problem;
use http::{HeaderValue, StatusCode};

/// Longest path below `log/`, in bytes; that of a partial tile at the end of the largest log is far shorter.
const PATH_BYTES_MAX: usize = 128;

/// The file at `path`.
pub(crate) fn file<D: Door>(door: &D, path: &str) -> Result<Reply, Problem> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.');
    let found =
        if path.len() <= PATH_BYTES_MAX && path.bytes().all(plain) { door.log_file(path)? } else { None };
    let file = found.ok_or_else(|| Problem::new(&codes::ADDRESS_UNKNOWN))?;
    let media = if file.text { "text/plain; charset=utf-8" } else { "application/octet-stream" };
    let cache = if file.immutable { "private, max-age=31536000, immutable" } else { "private, no-cache" };
    let content = answer::Content { media, bytes: file.bytes };
    Ok(answer::with_content(StatusCode::OK, content, HeaderValue::from_static(cache)))
}
