//! Somebody with two factors on a device with a certificate: the demo's doctor on its tablet, logged in.

use super::server::FACILITY;
use crate::programs::{output, program};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

const ACCOUNT: &str = "doctor";

/// The files by which `load` comes in as this person.
#[derive(Debug)]
pub(crate) struct Person {
    /// The device's certificate, in PEM.
    pub(crate) certificate: PathBuf,
    /// Its key.
    pub(crate) key: PathBuf,
    /// The token of the session.
    pub(crate) session: PathBuf,
}

impl Person {
    /// Logs in at the server on `address`, by password and one-time code, and keeps the token below `place`.
    pub(crate) fn log_in(akashi: &Path, data: &Path, place: &Path, address: &str) -> Result<Self, String> {
        let file = |name: &str| data.join("demo").join(name);
        let accounts = std::fs::read_to_string(file("accounts.txt")).map_err(|error| error.to_string())?;
        let password = password(&accounts).ok_or("the demo has no password for its doctor")?;
        let code = output(program(akashi).args(["demo", "--code", ACCOUNT, "--data"]).arg(data))?;
        let login = json!({ "account": ACCOUNT, "password": password, "totp": code.trim() });
        let (body, session) = (place.join("login.json"), place.join("session.token"));
        std::fs::write(&body, login.to_string()).map_err(|error| error.to_string())?;
        let person = Self { certificate: file("tablet.pem"), key: file("tablet.key"), session };
        let mut curl = program("curl");
        curl.args(["--silent", "--show-error", "--cacert"]).arg(data.join("tls/ca.pem"));
        curl.arg("--cert").arg(&person.certificate).arg("--key").arg(&person.key);
        curl.args(["--header", "Content-Type: application/json", "--data-binary"]);
        curl.arg(format!("@{}", body.display())).arg(format!("https://{address}/f/{FACILITY}/session"));
        std::fs::write(&person.session, token(&output(&mut curl)?)?).map_err(|error| error.to_string())?;
        Ok(person)
    }
}

/// The doctor's password: the second cell of a line.
fn password(accounts: &str) -> Option<&str> {
    let mut lines = accounts.lines().map(|line| line.split('\t'));
    lines.find_map(|mut cells| if cells.next() == Some(ACCOUNT) { cells.next() } else { None })
}

fn token(answer: &str) -> Result<String, String> {
    let parsed: Option<Value> = serde_json::from_str(answer).ok();
    let token = parsed.as_ref().and_then(|answer| answer.get("token")).and_then(Value::as_str);
    token.map(str::to_owned).ok_or_else(|| format!("the doctor cannot log in: {answer}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_stands_behind_the_account() {
        let accounts = "# doctor\tnot this\nnurse\ta\tA\ndoctor\tb\tB\ntablet\tc\n";
        assert_eq!(password(accounts), Some("b"));
        assert_eq!(password("nurse\ta\tA\n"), None);
    }

    #[test]
    fn an_answer_without_a_token_is_no_login() {
        assert_eq!(token(r#"{"token":"as1_x"}"#), Ok("as1_x".to_owned()));
        assert!(token(r#"{"resourceType":"OperationOutcome"}"#).unwrap_err().contains("OperationOutcome"));
        assert!(token("").is_err());
    }
}
