//! Who works at the facility, and what they have to come in with. All of them are made up.

use crate::bench::{Bench, ORIGIN, Way, account, console, of, text};
use base::{Problem, Secret, SystemEntropy};
use identity::door::{Caller, LoggedIn};
use identity::factor::totp::Totp;
use serde_json::{Value, json};
use testkit::{SoftAuthenticator, one_time_code};

/// A password that no rule refuses.
pub(crate) const PASSWORD: &str = "mizu7-umi-tokei-kaban";
/// Another one.
pub(crate) const OTHER_PASSWORD: &str = "kawa3-yama-enpitsu-tsukue";

/// Somebody with password and one-time codes.
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) url: String,
}

impl Person {
    /// The code that the app shows in the next step, so that it was not used before.
    pub(crate) fn code(&self, bench: &Bench) -> String {
        bench.pass(30);
        self.code_now(bench)
    }

    pub(crate) fn code_now(&self, bench: &Bench) -> String {
        one_time_code(&self.url, bench.now())
    }

    /// Password and code.
    pub(crate) fn both(&self, bench: &Bench) -> Value {
        json!({ "account": self.id, "password": PASSWORD, "totp": self.code(bench) })
    }

    pub(crate) async fn login(&self, bench: &Bench, way: &Way) -> Result<LoggedIn, Problem> {
        bench.login(self.both(bench), way).await
    }

    /// A session over this way, with its token.
    pub(crate) async fn session(&self, bench: &Bench, way: &Way) -> (Caller, String) {
        let token = self.login(bench, way).await.unwrap().token.reveal().to_owned();
        (bench.caller(way, &token).unwrap(), token)
    }
}

/// A code that is surely not right now.
pub(crate) fn wrong(code: &str) -> String {
    code.chars().map(|digit| if digit == '9' { '0' } else { '9' }).collect()
}

impl Bench {
    /// A nurse, who has set no factors yet.
    pub(crate) async fn nurse(&self, id: &str) {
        let name = format!("看護師 {}", id.len());
        self.run(json!({ "command": "account-create", "account": id, "kind": "person", "name": name,
            "occupation": "nurse" }))
            .await;
    }

    /// A nurse with password and one-time codes.
    pub(crate) async fn person(&self, id: &str) -> Person {
        self.nurse(id).await;
        self.equip(id).await
    }

    /// A doctor who also runs the facility.
    pub(crate) async fn operator(&self, id: &str) -> Person {
        self.run(json!({ "command": "account-create", "account": id, "kind": "person", "name": "運用 担当",
            "occupation": "doctor", "duties": ["operator"] }))
            .await;
        self.equip(id).await
    }

    /// A technician with a work order that lasts from now for these seconds.
    pub(crate) async fn technician(&self, id: &str, seconds: i64) -> Person {
        let (from, until) = (self.now().to_string(), self.now().plus_seconds(seconds).to_string());
        self.run(json!({ "command": "account-create", "account": id, "kind": "maintenance",
            "name": "保守 担当", "work_order": { "order": "M-1", "company": "見本保守", "from": from,
            "until": until } }))
            .await;
        self.equip(id).await
    }

    pub(crate) async fn device(&self, id: &str) {
        self.run(json!({ "command": "account-create", "account": id, "kind": "device", "name": "病棟端末" }))
            .await;
    }

    pub(crate) async fn equip(&self, id: &str) -> Person {
        let totp = Totp::generate(&SystemEntropy).unwrap();
        let password = Secret::new(PASSWORD.to_owned());
        self.door().equip(&console(), &account(id), &password, &totp).await.unwrap();
        let url = totp.url("Akashi", id).reveal().clone();
        Person { id: id.to_owned(), url }
    }

    /// The code of a new invitation.
    pub(crate) async fn invited(&self, id: &str) -> String {
        let invitation = self.run(json!({ "command": "account-invite", "account": id })).await;
        text(&invitation, "/code").to_owned()
    }

    /// Accepts an invitation with password and one-time codes; what the app has read, and the recovery codes.
    pub(crate) async fn join(&self, id: &str) -> (Person, Vec<String>) {
        let code = self.invited(id).await;
        let opened = self.open_invitation(&code).unwrap();
        let url = text(&opened, "/totp/url").to_owned();
        let totp =
            json!({ "handle": text(&opened, "/totp/handle"), "code": one_time_code(&url, self.now()) });
        let accepted =
            self.accept(json!({ "code": code, "password": PASSWORD, "totp": totp })).await.unwrap();
        let codes: Vec<String> = of(accepted["recovery_codes"].clone());
        (Person { id: id.to_owned(), url }, codes)
    }

    /// A passkey for somebody who is logged in.
    pub(crate) async fn passkey(&self, caller: &Caller) -> SoftAuthenticator {
        let mut device = SoftAuthenticator::new(ORIGIN);
        let begun = self.door().begin_passkey(&caller.account).unwrap();
        let response = device.create(&begun["options"]);
        let wanted = of(json!({ "handle": begun["handle"], "response": response, "label": "鍵" }));
        self.door().set_passkey(caller, wanted).await.unwrap();
        device
    }

    /// What a passkey answers to a new challenge.
    pub(crate) fn answer(&self, way: &Way, device: &mut SoftAuthenticator) -> Value {
        let challenge = self.challenge(way).unwrap();
        json!({ "handle": challenge["handle"], "response": device.get(&challenge["options"]) })
    }

    pub(crate) async fn login_by_passkey(
        &self,
        way: &Way,
        device: &mut SoftAuthenticator,
    ) -> Result<LoggedIn, Problem> {
        let answer = self.answer(way, device);
        self.login(json!({ "passkey": answer }), way).await
    }

    /// The facility's own authority and a certificate below it; the chain as PEM.
    pub(crate) async fn certificate(&self, id: &str) -> String {
        let listed = self.run(json!({ "command": "certificate-list" })).await;
        if listed["authorities"].as_array().unwrap().is_empty() {
            self.run(json!({ "command": "certificate-ca" })).await;
        }
        let issued = self.run(json!({ "command": "certificate-issue", "account": id })).await;
        text(&issued, "/certificate").to_owned()
    }

    /// Asks for client certificates from now on; there is an authority.
    pub(crate) async fn verifies(&self) {
        self.set("client-certificates", "verify").await;
    }
}
