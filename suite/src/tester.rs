//! The account by which drivers come in: a machine with a key, in a facility that asks for no certificates.

use serde_json::Value;
use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};

/// File with the tester's key in a data directory.
pub const KEY: &str = "tester.key";

/// Variables for a server that is to answer as much as it can: no rate is reached on a single machine.
pub const NO_RATES: [(&str, &str); 3] = [
    ("AKASHI_RATES_FACILITY", "600000000"),
    ("AKASHI_RATES_ACCOUNT", "600000000"),
    ("AKASHI_RATES_ADDRESS", "600000000"),
];

/// Lets machines in by a key alone, makes the tester's account and leaves its key in the data directory.
///
/// # Errors
/// A text when one of the commands is refused.
pub fn let_in(akashi: &Path, data: &Path, facility: &str) -> Result<(), String> {
    let run = |words: &[&str]| command(akashi, data, facility, words);
    run(&["policy", "set", "client-certificates=off", "machine-factors-needed=1"])?;
    let rights = ["--scopes", "system/*.cruds", "--duty", "auditor"];
    run(&[&["account", "create", "tester", "--kind", "service", "--name", "tester"][..], &rights].concat())?;
    let given = run(&["account", "key", "tester"])?;
    let key = given.get("key").and_then(Value::as_str).ok_or("the tester was given no key")?;
    std::fs::write(data.join(KEY), key).map_err(|error| error.to_string())
}

/// Runs a command on a facility and gives its answer.
fn command(akashi: &Path, data: &Path, facility: &str, words: &[&str]) -> Result<Value, String> {
    let place = ["--json", "--facility", facility, "--data"].map(OsStr::new);
    let mut command = Command::new(akashi);
    command.args(words).args(place).arg(data).stdin(Stdio::null());
    let output = command.output().map_err(|error| format!("{}: {error}", akashi.display()))?;
    if !output.status.success() {
        return Err(format!("akashi {}: {}", words.join(" "), String::from_utf8_lossy(&output.stderr)));
    }
    serde_json::from_slice(&output.stdout).map_err(|error| format!("akashi {}: {error}", words.join(" ")))
}
