//! The side of whoever commands: one request over the socket, one answer.

use super::wire::{ANSWER_BYTES_MAX, Answer, Failure, REQUEST_BYTES_MAX, Request};
use crate::codes;
use base::Problem;
use serde_json::Value;
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;
use store::disk::file_problem;
use zeroize::Zeroizing;

/// How long the server may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// What came of connecting.
pub(super) enum Connected {
    /// A server is there.
    Server(UnixStream),
    /// No server serves this directory.
    Nobody,
    /// The path is longer than the address of a socket can be; the problem says what to do.
    TooLong(Problem),
}

/// Connects to the server of a data directory, if one is running.
pub(super) fn connect(path: &Path) -> Result<Connected, Problem> {
    match UnixStream::connect(path) {
        Ok(stream) => Ok(Connected::Server(stream)),
        Err(error) => match error.kind() {
            ErrorKind::NotFound | ErrorKind::ConnectionRefused => Ok(Connected::Nobody),
            ErrorKind::InvalidInput => Ok(Connected::TooLong(too_long(path))),
            _ => Err(file_problem(path, &error)),
        },
    }
}

/// The path is longer than the address of a socket can be.
pub(super) fn too_long(path: &Path) -> Problem {
    Problem::new(&codes::CONSOLE_PATH_LONG)
        .with("path", path.display())
        .log("the path of the console is too long")
}

/// Sends the request and waits for the answer.
pub(super) fn ask(mut stream: UnixStream, request: &Request<'_>) -> Result<Value, Failure> {
    // The request may hold a passphrase.
    let mut line = Zeroizing::new(serde_json::to_vec(request).map_err(|error| silent(&error.to_string()))?);
    line.push(b'\n');
    if u64::try_from(line.len()).unwrap_or(u64::MAX) > REQUEST_BYTES_MAX {
        return Err(Problem::new(&codes::REQUEST_LONG).with("limit", REQUEST_BYTES_MAX).into());
    }
    let answer = exchange(&mut stream, &line).map_err(|error| silent(&error.to_string()))?;
    match serde_json::from_slice(&answer) {
        Ok(Answer::Done(reply)) => Ok(reply),
        Ok(Answer::Problem(told)) => Err(Failure::Told(told)),
        Err(_) => Err(silent("the answer is incomplete").into()),
    }
}

fn exchange(stream: &mut UnixStream, line: &[u8]) -> std::io::Result<Zeroizing<Vec<u8>>> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.write_all(line)?;
    let mut answer = Zeroizing::new(Vec::new());
    BufReader::new(stream).take(ANSWER_BYTES_MAX).read_until(b'\n', &mut answer)?;
    Ok(answer)
}

/// The server ended, or took too long, between request and answer.
fn silent(why: &str) -> Problem {
    Problem::new(&codes::CONSOLE_SILENT).log(format!("console: {why}"))
}
