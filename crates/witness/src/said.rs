//! What a witness says over HTTP (`tlog-witness`, HTTP interface), without the HTTP: a request as method, path and bytes,
//! an answer as status, media type and bytes.

use crate::codes;
use crate::witness::{Refusal, Witness};
use base::{Language, Problem};

/// Longest request, in bytes: a proof of 63 hashes and a note of 64 KiB.
pub const REQUEST_BYTES_MAX: usize = 68 * 1024;
/// Where checkpoints are handed in.
const ADD: &str = "/add-checkpoint";
/// Where the last cosigned checkpoint of a log is shown, by the digest of its origin.
const LAST: &str = "/cosigned/";
/// Media types.
const TEXT: &str = "text/plain; charset=utf-8";
const SIZE: &str = "text/x.tlog.size";

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The media type of the body.
    pub media: &'static str,
    /// The body.
    pub body: String,
    /// For whoever runs the witness: what was cosigned (log and size), or why nothing was. None where nothing was asked
    /// that concerns a log.
    pub told: Option<Result<(String, u64), Problem>>,
}

/// Answers a request. What is wrong with the witness itself is told to whoever runs it, not to whoever asks.
pub fn reply_to(witness: &Witness, method: &str, path: &str, body: &[u8]) -> Reply {
    match (method, path, path.strip_prefix(LAST)) {
        ("POST", ADD, _) => match witness.add_checkpoint(body) {
            Ok(signed) => Reply {
                status: 200,
                media: TEXT,
                body: signed.line,
                told: Some(Ok((signed.origin, signed.size))),
            },
            Err(refusal) => refused(refusal),
        },
        ("GET", _, Some(digest)) => match witness.last(digest) {
            Ok(Some(note)) => Reply { status: 200, media: TEXT, body: note, told: None },
            Ok(None) => empty(404),
            Err(problem) => refused(problem.into()),
        },
        (_, ADD, _) | (_, _, Some(_)) => empty(405),
        _ => empty(404),
    }
}

fn empty(status: u16) -> Reply {
    Reply { status, media: TEXT, body: String::new(), told: None }
}

fn refused(Refusal { problem, size }: Refusal) -> Reply {
    let status = status(&problem);
    let (media, body) = match size {
        Some(size) => (SIZE, format!("{size}\n")),
        // Paths of this machine stand in what is wrong with its files.
        None if status >= 500 => (TEXT, format!("{}\n", problem.code().id)),
        None => (TEXT, text(&problem)),
    };
    Reply { status, media, body, told: Some(Err(problem)) }
}

fn text(problem: &Problem) -> String {
    let (en, ja) = (problem.text(Language::English), problem.text(Language::Japanese));
    format!("{}: {en}\n{ja}\n", problem.code().id)
}

/// The statuses of the protocol.
fn status(problem: &Problem) -> u16 {
    let code = problem.code();
    let known = [
        (&codes::REQUEST_WRONG, 400),
        (&codes::NOT_SIGNED, 403),
        (&codes::ORIGIN_UNKNOWN, 404),
        (&codes::CONFLICT, 409),
        (&codes::NOT_CONSISTENT, 422),
        (&codes::CLOCK_BEHIND, 503),
    ];
    known.iter().find(|(known, _)| known.id == code.id).map_or(500, |(_, status)| *status)
}
