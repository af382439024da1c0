//! The log API: files of the journal in the C2SP `tlog-tiles` layout (docs/formats.md, section 4).

use crate::codes;
use base::Problem;
use records::Intent;

/// Longest path below `log/`, in bytes; that of a partial tile at the end of the largest log is far shorter.
const PATH_BYTES_MAX: usize = 128;

/// The wish for the file at `path`.
pub(crate) fn intent(path: &str) -> Result<Intent, Problem> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.');
    if path.len() <= PATH_BYTES_MAX && path.bytes().all(plain) {
        return Ok(Intent::Log { path: path.to_owned() });
    }
    Err(Problem::new(&codes::ADDRESS_UNKNOWN))
}
