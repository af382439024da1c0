//! The whole flow by a client library of others: Authlib, in Python, as a process of its own. `cargo xtask test` installs
//! Debian's package of it, which belongs to Debian's Python.

use super::{command, public};
use base::{Clock as _, SystemClock};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};
use testkit::{Clinic, Person};

const PYTHON: &str = "/usr/bin/python3";

#[test]
fn authlib_gets_in_as_an_app_and_as_a_service() {
    let clinic = Clinic::start();
    clinic.client().put("Patient/p", crate::material::born("p", "1950")).expect(201);
    public(&clinic, "viewer");
    let hana = Person::join(&clinic, "hana", &[]);
    // The library looks at the clock of the machine.
    clinic.clock().set(SystemClock.now());
    let client = clinic.stranger();
    let base = client.base().replace("127.0.0.1", "localhost");
    let ca = clinic.data().join("tls/ca.pem");
    let mut process = Command::new(PYTHON)
        .arg(testkit::workspace().join("suite/tests/suite/smart/flow.py"))
        .args([base.as_str(), ca.to_str().unwrap(), "p", "hana", &hana.password, &hana.next_code(&clinic)])
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("Debian's python3 runs");
    let mut told = BufReader::new(process.stdout.take().unwrap()).lines();
    if let Some(Ok(keys)) = told.next() {
        let keys: Value = serde_json::from_str(&keys).unwrap();
        command(&clinic, "account-create", json!({"account": "batch", "kind": "service", "name": "batch"}));
        let service = json!({"app": "batch", "kind": "service", "name": "夜間集計", "scopes": "system/*.rs",
            "account": "batch", "keys": keys});
        command(&clinic, "app-register", service);
        writeln!(process.stdin.take().unwrap(), "registered").unwrap();
    }
    let last = told.next().and_then(Result::ok).unwrap_or_default();
    let ended = process.wait_with_output().unwrap();
    assert!(ended.status.success() && last == "good", "{}", String::from_utf8_lossy(&ended.stderr));
}
