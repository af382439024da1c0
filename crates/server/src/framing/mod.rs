//! Where each HTTP/1 request begins and ends, read strictly (RFC 9112): whatever two readers could understand in two ways
//! is refused, because what one takes for a body another may take for a request.
//!
//! ```text
//! start -> fields -> body (a length) ---------------------> start
//!            |   `-> chunk size -> data -> end -> ... -> trailers -> start
//!            `-> start (no body)
//! ```
//!
//! [`Guard`] is fed with what arrives, cut anywhere; its verdict does not depend on the cuts.

mod fault;
mod fuzz;
mod head;
mod length;

pub(crate) use fault::Fault;
pub use fuzz::fuzz_framing;

use crate::configuration::Bounds;
use head::{Follows, Head};
use length::Extensions;

/// Longest line that gives the size of a chunk, extensions included, in bytes.
const CHUNK_LINE_BYTES_MAX: usize = 80;
/// Longest trailer section, in bytes.
const TRAILER_BYTES_MAX: usize = 4 * 1024;
/// Most trailer fields.
const TRAILER_FIELDS_MAX: usize = 16;
/// What a request line holds beside its target at most, in bytes: method, version, spaces, line end.
const REQUEST_LINE_EXTRA_BYTES_MAX: usize = head::METHOD_BYTES_MAX + 12;

/// Follows the requests on one connection.
#[derive(Debug)]
pub(crate) struct Guard {
    sizes: Sizes,
    state: State,
    /// The line that is being read, without its end.
    line: Vec<u8>,
    head: Head,
    /// Bytes and fields of the section that is being read.
    section: Section,
    extensions: Extensions,
    /// Whether a head that was complete when the last feeding began is still being followed by its body.
    passed_on: bool,
}

/// Most of each that a head may have here.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sizes {
    pub(crate) target_bytes: usize,
    pub(crate) header_bytes: usize,
    pub(crate) header_fields: usize,
}

impl Sizes {
    /// Those of the bounds, wider by a factor: within it, the edge refuses with a text in the caller's language.
    pub(crate) fn around(bounds: &Bounds, factor: usize) -> Self {
        Self {
            target_bytes: bounds.target_bytes_max.saturating_mul(factor),
            header_bytes: bounds.header_bytes_max.saturating_mul(factor),
            header_fields: bounds.header_fields_max.saturating_mul(factor),
        }
    }
}

#[derive(Debug, Default)]
struct Section {
    bytes: usize,
    fields: usize,
}

impl Section {
    fn add(&mut self, line: &[u8]) {
        self.bytes = self.bytes.saturating_add(line.len()).saturating_add(2);
        self.fields = self.fields.saturating_add(1);
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Before a request.
    Start,
    /// Before a request, after an empty line.
    Blank,
    Fields,
    Body(u64),
    ChunkSize,
    Chunk(u64),
    ChunkEnd,
    Trailers,
}

/// Why the connection must end, and what may still be passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    /// What is wrong.
    pub(crate) fault: Fault,
    /// How many of the bytes fed last belong to requests that ended before the faulty one began.
    pub(crate) good: usize,
    /// Whether the head of the faulty request was fed earlier, so that it may be at work already.
    pub(crate) at_work: bool,
}

impl Guard {
    /// A guard before the first request.
    pub(crate) fn new(sizes: Sizes) -> Self {
        Self {
            sizes,
            state: State::Start,
            line: Vec::new(),
            head: Head::default(),
            section: Section::default(),
            extensions: Extensions::default(),
            passed_on: false,
        }
    }

    /// Follows what arrived. After a refusal nothing more may be fed.
    pub(crate) fn feed(&mut self, mut bytes: &[u8]) -> Result<(), Refused> {
        let whole = bytes.len();
        let mut good = 0;
        self.passed_on = !matches!(self.state, State::Start | State::Blank | State::Fields);
        while let Some((first, behind)) = bytes.split_first() {
            bytes = match self.state {
                State::Body(left) => self.skip(bytes, left, State::Start),
                State::Chunk(left) => self.skip(bytes, left, State::ChunkEnd),
                _ => {
                    let at_work = self.passed_on;
                    self.byte(*first).map_err(|fault| Refused { fault, good, at_work })?;
                    behind
                }
            };
            if self.state == State::Start && self.line.is_empty() {
                good = whole.saturating_sub(bytes.len());
                self.passed_on = false;
            }
        }
        Ok(())
    }

    /// Passes over what is left of a body or a chunk; what lies behind is returned.
    fn skip<'a>(&mut self, bytes: &'a [u8], left: u64, then: State) -> &'a [u8] {
        let count = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
        let left = left.saturating_sub(u64::try_from(count).unwrap_or(u64::MAX));
        self.state = match (left, self.state) {
            (0, _) => then,
            (left, State::Body(_)) => State::Body(left),
            (left, _) => State::Chunk(left),
        };
        bytes.get(count..).unwrap_or_default()
    }

    /// One byte of a line. Lines end with CR and LF, and neither stands anywhere else (RFC 9112, section 2.2).
    fn byte(&mut self, byte: u8) -> Result<(), Fault> {
        let after_cr = self.line.last() == Some(&b'\r');
        match (after_cr, byte) {
            (true, b'\n') => {
                self.line.pop();
                let line = std::mem::take(&mut self.line);
                self.state = self.line(&line)?;
                self.line = line;
                self.line.clear();
                Ok(())
            }
            (true, _) | (false, b'\n') => Err(match self.state {
                State::Start | State::Blank | State::Fields => Fault::LineEnd,
                _ => Fault::Chunk,
            }),
            _ => {
                self.line.push(byte);
                self.check_size()
            }
        }
    }

    fn check_size(&self) -> Result<(), Fault> {
        let length = self.line.len();
        let section = self.section.bytes.saturating_add(length);
        let (size, max, fault) = match self.state {
            State::Start | State::Blank => {
                let max = self.sizes.target_bytes.saturating_add(REQUEST_LINE_EXTRA_BYTES_MAX);
                (length, max, Fault::TargetTooLong)
            }
            State::Fields => (section, self.sizes.header_bytes, Fault::HeadTooLarge),
            State::Trailers => (section, TRAILER_BYTES_MAX, Fault::Trailers),
            _ => (length, CHUNK_LINE_BYTES_MAX, Fault::Chunk),
        };
        if size > max { Err(fault) } else { Ok(()) }
    }

    /// A whole line; the state behind it.
    fn line(&mut self, line: &[u8]) -> Result<State, Fault> {
        match self.state {
            State::Start if line.is_empty() => Ok(State::Blank),
            State::Start | State::Blank => {
                self.section = Section::default();
                self.head = Head::begin(line, self.sizes.target_bytes)?;
                Ok(State::Fields)
            }
            State::Fields if line.is_empty() => self.head_ended(),
            State::Fields => self.field(line),
            State::ChunkSize => {
                let size = length::chunk_size(line, &mut self.extensions)?;
                Ok(if size == 0 { State::Trailers } else { State::Chunk(size) })
            }
            State::ChunkEnd if line.is_empty() => Ok(State::ChunkSize),
            State::Trailers if line.is_empty() => Ok(State::Start),
            State::Trailers => self.trailer(line),
            State::ChunkEnd | State::Body(_) | State::Chunk(_) => Err(Fault::Chunk),
        }
    }

    fn field(&mut self, line: &[u8]) -> Result<State, Fault> {
        self.section.add(line);
        if self.section.fields > self.sizes.header_fields {
            return Err(Fault::HeadTooLarge);
        }
        self.head.field(line)?;
        Ok(State::Fields)
    }

    fn head_ended(&mut self) -> Result<State, Fault> {
        self.section = Section::default();
        self.extensions = Extensions::default();
        Ok(match self.head.follows()? {
            Follows::Nothing => State::Start,
            Follows::Bytes(length) => State::Body(length),
            Follows::Chunks => State::ChunkSize,
        })
    }

    fn trailer(&mut self, line: &[u8]) -> Result<State, Fault> {
        self.section.add(line);
        if self.section.fields > TRAILER_FIELDS_MAX {
            return Err(Fault::Trailers);
        }
        head::check_trailer(line)?;
        Ok(State::Trailers)
    }
}

#[cfg(test)]
mod tests;
