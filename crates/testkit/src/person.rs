//! A person who logs in: an account, what they know, and the app on their phone.

use crate::client::Client;
use crate::clinic::Clinic;
use crate::one_time::one_time_code;
use crate::reply::Reply;
use base::{Clock as _, Time};
use http::Method;
use serde_json::{Value, json};

/// Long enough for a new code: the steps of one-time codes last half a minute.
const NEXT_CODE_SECONDS: i64 = 31;

/// Somebody with a password and an authenticator app.
#[derive(Clone, Debug)]
pub struct Person {
    /// The account.
    pub account: String,
    /// The password.
    pub password: String,
    /// What the app has read from the QR code.
    pub otpauth: String,
    /// The codes on paper.
    pub recovery_codes: Vec<String>,
}

impl Person {
    /// Makes an account of a doctor in the first facility at its console, and sets the factors over HTTP by an invitation.
    pub fn join(clinic: &Clinic, account: &str, duties: &[&str]) -> Self {
        Self::join_at(clinic, clinic.facility().as_str(), account, duties)
    }

    /// The same in any facility.
    pub fn join_at(clinic: &Clinic, facility: &str, account: &str, duties: &[&str]) -> Self {
        let made = json!({"command": "account-create", "account": account, "kind": "person",
            "name": "山田 花子", "occupation": "doctor", "duties": duties});
        clinic.command_to(facility, &made).unwrap();
        Self::accept(clinic, &clinic.client_of(facility).without_token(), account)
    }

    /// Invites whoever has this account, and accepts by way of `client`.
    pub fn accept(clinic: &Clinic, client: &Client, account: &str) -> Self {
        let command = json!({"command": "account-invite", "account": account});
        let invited = clinic.command_to(client.facility(), &command).unwrap();
        Self::accept_code(clinic, client, &text(&invited, "/code"))
    }

    /// Sets password and app by the code of an invitation.
    pub fn accept_code(clinic: &Clinic, client: &Client, code: &str) -> Self {
        Self::accept_code_at(client, code, clinic.clock().now())
    }

    /// The same at a server whose clock is not a clinic's, at this moment.
    pub fn accept_code_at(client: &Client, code: &str, moment: Time) -> Self {
        let opened = client.call(Method::POST, "invitation").json(&json!({"code": code})).send().expect(200);
        let opened: Value = serde_json::from_slice(&opened.body).unwrap();
        let mut person = Self {
            account: text(&opened, "/account"),
            // One of its own for each invitation: former ones are refused.
            password: format!("tansu-kumo 7 {code}!"),
            otpauth: text(&opened, "/totp/url"),
            recovery_codes: Vec::new(),
        };
        let acceptance = json!({"code": code, "password": person.password,
            "totp": {"handle": text(&opened, "/totp/handle"), "code": person.code(moment)}});
        let accepted = client.call(Method::POST, "invitation/accept").json(&acceptance).send().expect(201);
        let accepted: Value = serde_json::from_slice(&accepted.body).unwrap();
        let codes = accepted.get("recovery_codes").and_then(Value::as_array).unwrap();
        person.recovery_codes = codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect();
        person
    }

    /// What the app shows at `moment`.
    pub fn code(&self, moment: Time) -> String {
        one_time_code(&self.otpauth, moment)
    }

    /// What the app shows next: waits, by the clinic's clock, until it is not the code that was used last.
    pub fn next_code(&self, clinic: &Clinic) -> String {
        clinic.pass_seconds(NEXT_CODE_SECONDS);
        self.code(clinic.clock().now())
    }

    /// What is sent to log in.
    pub fn login(&self, clinic: &Clinic) -> Value {
        json!({"account": self.account, "password": self.password, "totp": self.next_code(clinic)})
    }

    /// Logs in. The client's own token does not matter.
    pub fn log_in(&self, clinic: &Clinic, client: &Client) -> Reply {
        client.call(Method::POST, "session").json(&self.login(clinic)).send()
    }

    /// A client with the token of a new session.
    #[must_use]
    pub fn session(&self, clinic: &Clinic, client: &Client) -> Client {
        let reply = self.log_in(clinic, client).expect(201);
        client.bearing(&reply.get("token"))
    }

    /// A client with the token of a new session at a server whose clock is not a clinic's. The code is that of this moment,
    /// which may be half a minute from now where the present one was used.
    #[must_use]
    pub fn session_at(&self, client: &Client, moment: Time) -> Client {
        let shown = json!({"account": self.account, "password": self.password, "totp": self.code(moment)});
        let reply = client.call(Method::POST, "session").json(&shown).send().expect(201);
        client.bearing(&reply.get("token"))
    }

    /// Shows the app's next code once more: a client with the new token.
    #[must_use]
    pub fn step_up(&self, clinic: &Clinic, session: &Client) -> Client {
        let shown = json!({"totp": self.next_code(clinic)});
        let reply = session.call(Method::POST, "session/step-up").json(&shown).send().expect(200);
        session.bearing(&reply.get("token"))
    }
}

fn text(json: &Value, pointer: &str) -> String {
    json.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("{pointer} in {json}")).to_owned()
}
