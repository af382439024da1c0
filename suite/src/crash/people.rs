//! The people of the facility and their sessions at the server.

use super::acts::Who;
use crate::client::{Ask, Client};
use base::{Clock, SystemClock, Time};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use testkit::{Person, one_time_code};

/// A session is used for so long, far less than the facility's idle time. A code of an app is good once, so it is also far
/// longer than a code lasts.
const SESSION_SECONDS: i64 = 600;

/// Those who log in, and by what they are known to the server.
#[derive(Debug)]
pub(crate) struct People {
    accounts: Vec<(Who, Person)>,
    tokens: Tokens,
    since: Option<Time>,
}

/// The tokens of sessions.
pub(crate) type Tokens = BTreeMap<Who, String>;

impl People {
    /// Nobody has logged in yet.
    pub(crate) fn new(accounts: Vec<(Who, Person)>) -> Self {
        Self { accounts, tokens: Tokens::new(), since: None }
    }

    /// The tokens of all; whoever has no session, or an old one, logs in.
    ///
    /// # Errors
    /// A text when somebody is not let in.
    pub(crate) async fn tokens(&mut self, client: &mut Client) -> Result<Tokens, String> {
        let now = SystemClock.now();
        if self.since.is_none_or(|since| now > since.plus_seconds(SESSION_SECONDS)) {
            for (who, person) in &self.accounts {
                self.tokens.insert(*who, log_in(client, person, now).await?);
            }
            self.since = Some(now);
        }
        Ok(self.tokens.clone())
    }
}

async fn log_in(client: &mut Client, person: &Person, now: Time) -> Result<String, String> {
    let code = one_time_code(&person.otpauth, now);
    let shown = json!({ "account": person.account, "password": person.password, "totp": code });
    let fields = vec![("content-type".to_owned(), "application/json".to_owned())];
    let answer = client.send(&Ask { fields, ..Ask::post("session", shown.to_string()) }).await?;
    let said: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let token = said.get("token").and_then(Value::as_str);
    token.map(str::to_owned).ok_or_else(|| {
        let (account, status) = (&person.account, answer.status);
        format!("{account} is not let in: status {status}, {}", String::from_utf8_lossy(&answer.body))
    })
}
