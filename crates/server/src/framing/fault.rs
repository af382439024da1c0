//! What can be wrong with the framing of a request.

use crate::codes;
use crate::configuration::Bounds;
use base::{Code, Problem};
use std::fmt;

/// Why a request is refused for its framing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A line of a head that does not end with CR and LF, or holds one of them elsewhere.
    LineEnd,
    /// No method, target and version with one space between them, or one of them malformed.
    RequestLine,
    /// A version of HTTP that is not spoken in this form.
    Version,
    /// A field without a name or with a malformed one, a space before the colon, or a line that goes on with the next.
    FieldName,
    /// A control character in a value.
    FieldValue,
    /// The target is far too long.
    TargetTooLong,
    /// The header section is far too large.
    HeadTooLarge,
    /// `Content-Length` that is no plain number, or stands more than once.
    Length,
    /// `Content-Length` and `Transfer-Encoding` together, or the latter where it cannot be.
    Transfer,
    /// A transfer coding other than `chunked`.
    Coding,
    /// A chunk whose size, extension or end is malformed.
    Chunk,
    /// A trailer section that is malformed, too large, or holds what belongs into a head.
    Trailers,
}

impl Fault {
    fn code(self) -> &'static Code {
        match self {
            Self::Length | Self::Transfer => &codes::LENGTH_DOUBTFUL,
            Self::LineEnd | Self::RequestLine | Self::FieldName | Self::FieldValue => &codes::HEAD_MALFORMED,
            Self::Chunk | Self::Trailers => &codes::CHUNKS_MALFORMED,
            Self::Coding => &codes::CODING_NOT_TAKEN,
            Self::Version => &codes::VERSION_NOT_SPOKEN,
            Self::TargetTooLong => &codes::TARGET_TOO_LONG,
            Self::HeadTooLarge => &codes::HEADERS_TOO_LARGE,
        }
    }

    /// What the client hears.
    pub(crate) fn problem(self, bounds: &Bounds) -> Problem {
        let problem = Problem::new(self.code());
        match self {
            Self::TargetTooLong => problem.with("limit", bounds.target_bytes_max),
            Self::HeadTooLarge => {
                problem.with("bytes", bounds.header_bytes_max).with("fields", bounds.header_fields_max)
            }
            _ => problem,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "framing: {}", self.code().id)
    }
}

impl std::error::Error for Fault {}
