//! The head of a request, line by line: request line, fields, and what they say about the body.

use super::fault::Fault;
use super::length;

/// Longest method, in bytes.
pub(super) const METHOD_BYTES_MAX: usize = 32;

/// Fields that decide about framing, routing or who calls, or say how the body is to be read: they come before it
/// (RFC 9110, section 6.5.1).
const NOT_IN_TRAILERS: &[&str] = &[
    "authorization",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "cookie",
    "expect",
    "forwarded",
    "host",
    "if-match",
    "if-none-exist",
    "if-none-match",
    "keep-alive",
    "max-forwards",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "x-provenance",
];

/// What the lines read so far say about the body.
#[derive(Debug, Default)]
pub(super) struct Head {
    old: bool,
    length: Option<u64>,
    chunked: bool,
}

/// What follows a head.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Follows {
    Nothing,
    Bytes(u64),
    Chunks,
}

impl Head {
    /// Begins with a request line: three parts, one space between them, nothing around them.
    pub(super) fn begin(line: &[u8], target_bytes_max: usize) -> Result<Self, Fault> {
        let mut parts = line.split(|byte| *byte == b' ');
        let (Some(method), Some(target), Some(version), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(Fault::RequestLine);
        };
        if !is_token(method) || method.len() > METHOD_BYTES_MAX || !is_target(method, target) {
            return Err(Fault::RequestLine);
        }
        if target.len() > target_bytes_max {
            return Err(Fault::TargetTooLong);
        }
        let old = match version {
            b"HTTP/1.1" => false,
            b"HTTP/1.0" => true,
            [b'H', b'T', b'T', b'P', b'/', b'0'..=b'9', b'.', b'0'..=b'9'] => return Err(Fault::Version),
            _ => return Err(Fault::RequestLine),
        };
        Ok(Self { old, length: None, chunked: false })
    }

    /// Takes a field.
    pub(super) fn field(&mut self, line: &[u8]) -> Result<(), Fault> {
        let (name, value) = split(line)?;
        if name.eq_ignore_ascii_case(b"content-length") {
            let length = length::content_length(value)?;
            // Equal or not: two of them were written by two hands (RFC 9112, section 6.3, allows to refuse both).
            if self.length.replace(length).is_some() {
                return Err(Fault::Length);
            }
        } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
            check_coding(value)?;
            if self.chunked {
                return Err(Fault::Transfer);
            }
            self.chunked = true;
        }
        Ok(())
    }

    /// At the end of the head: what comes behind it.
    pub(super) fn follows(&self) -> Result<Follows, Fault> {
        match (self.chunked, self.length) {
            (true, Some(_)) => Err(Fault::Transfer),
            (true, None) if self.old => Err(Fault::Transfer),
            (true, None) => Ok(Follows::Chunks),
            (false, None | Some(0)) => Ok(Follows::Nothing),
            (false, Some(length)) => Ok(Follows::Bytes(length)),
        }
    }
}

/// Checks a field behind a chunked body.
pub(super) fn check_trailer(line: &[u8]) -> Result<(), Fault> {
    let (name, _) = split(line).map_err(|_| Fault::Trailers)?;
    let early = NOT_IN_TRAILERS.iter().any(|early| name.eq_ignore_ascii_case(early.as_bytes()));
    if early { Err(Fault::Trailers) } else { Ok(()) }
}

/// Name and value, without the white space around the value. White space before the colon, and a line that begins with it,
/// make a name that is no token.
fn split(line: &[u8]) -> Result<(&[u8], &[u8]), Fault> {
    let mut parts = line.splitn(2, |byte| *byte == b':');
    let (Some(name), Some(value)) = (parts.next(), parts.next()) else {
        return Err(Fault::FieldName);
    };
    if !is_token(name) {
        return Err(Fault::FieldName);
    }
    let plain = |byte: &u8| matches!(byte, b'\t' | b' '..=b'~' | 0x80..);
    if value.iter().all(plain) { Ok((name, trimmed(value))) } else { Err(Fault::FieldValue) }
}

fn trimmed(mut value: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = value {
        value = rest;
    }
    value
}

/// `chunked`, once and alone. A body whose last coding is another has no end that can be found; other codings before it
/// are not undone here (RFC 9112, sections 6.1 and 6.3).
fn check_coding(value: &[u8]) -> Result<(), Fault> {
    let is_chunked = |coding: &[u8]| coding.eq_ignore_ascii_case(b"chunked");
    if is_chunked(value) {
        return Ok(());
    }
    let mut codings: Vec<_> = value.split(|byte| *byte == b',').map(trimmed).collect();
    let well_ended = codings.pop().is_some_and(is_chunked);
    let others_known_not = codings.iter().all(|coding| is_token(coding) && !is_chunked(coding));
    let one_unknown = codings.is_empty() && is_token(value);
    let unknown = (well_ended && others_known_not) || one_unknown;
    Err(if unknown { Fault::Coding } else { Fault::Transfer })
}

/// A path, a whole URL, `*`, or the authority of a `CONNECT`. Bytes beyond ASCII are left to whoever decodes the path.
fn is_target(method: &[u8], target: &[u8]) -> bool {
    let plain = |byte: &u8| matches!(byte, b'!'..=b'"' | b'$'..=b'~' | 0x80..);
    let form = match target {
        [b'/', ..] | b"*" => true,
        [] => false,
        _ => method == b"CONNECT" || target.windows(3).any(|part| part == b"://"),
    };
    form && target.iter().all(plain)
}

/// RFC 9110, section 5.6.2.
fn is_token(bytes: &[u8]) -> bool {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
    !bytes.is_empty() && bytes.iter().all(plain)
}
