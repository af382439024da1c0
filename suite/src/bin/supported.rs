//! Writes `docs/supported.md`, the page of what is supported.

use std::process::ExitCode;

fn main() -> ExitCode {
    let written = suite::supported::page()
        .map_err(|error| error.to_string())
        .and_then(|page| std::fs::write(suite::supported::path(), page).map_err(|error| error.to_string()));
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
