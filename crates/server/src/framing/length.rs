//! Lengths: of a body, and of one chunk. A number is written in one way only, without sign, space or leading zeros.

use super::fault::Fault;

/// Most hexadecimal digits of a chunk's size: 4 GiB, far beyond any body.
const CHUNK_DIGITS_MAX: usize = 8;
/// Longest extension of one chunk, in bytes.
const EXTENSION_BYTES_MAX: usize = 64;
/// Longest extensions of all chunks of a body together, in bytes.
const EXTENSIONS_BYTES_MAX: usize = 1_024;

/// Bytes of chunk extensions seen in one body.
#[derive(Debug, Default)]
pub(super) struct Extensions(usize);

/// The value of `Content-Length` (RFC 9110, section 8.6).
pub(super) fn content_length(value: &[u8]) -> Result<u64, Fault> {
    let plain = value.iter().all(u8::is_ascii_digit) && !leads_with_zero(value);
    let text = std::str::from_utf8(value).ok().filter(|_| plain);
    text.and_then(|text| text.parse().ok()).ok_or(Fault::Length)
}

/// The size that a line before a chunk gives (RFC 9112, section 7.1). Extensions are passed over, within bounds.
pub(super) fn chunk_size(line: &[u8], extensions: &mut Extensions) -> Result<u64, Fault> {
    let digits = line.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
    let (size, extension) = line.split_at_checked(digits).ok_or(Fault::Chunk)?;
    let plain = (1..=CHUNK_DIGITS_MAX).contains(&digits) && !leads_with_zero(size);
    let text = std::str::from_utf8(size).ok().filter(|_| plain).ok_or(Fault::Chunk)?;
    extensions.take(extension)?;
    u64::from_str_radix(text, 16).map_err(|_| Fault::Chunk)
}

impl Extensions {
    fn take(&mut self, extension: &[u8]) -> Result<(), Fault> {
        let plain = |byte: &u8| matches!(byte, b'\t' | b' '..=b'~');
        let well_formed = match extension {
            [] => true,
            [b';', rest @ ..] => !rest.is_empty() && rest.iter().all(plain),
            _ => false,
        };
        self.0 = self.0.saturating_add(extension.len());
        let fits = extension.len() <= EXTENSION_BYTES_MAX && self.0 <= EXTENSIONS_BYTES_MAX;
        if well_formed && fits { Ok(()) } else { Err(Fault::Chunk) }
    }
}

fn leads_with_zero(digits: &[u8]) -> bool {
    matches!(digits, [b'0', _, ..])
}
