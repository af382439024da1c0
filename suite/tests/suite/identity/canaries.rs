//! Nothing secret and nobody's name gets out: not into the server's log at its most talkative, not into a refusal, not
//! into the journal's public files.

use super::{admin, device, post, text, value};
use http::Method;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::io;
use std::sync::{Arc, Mutex};
use testkit::{BASE_URL, Client, Clinic, Person, Reply, SoftAuthenticator};
use tracing::Level;

/// Names and passwords that stand nowhere else.
const NAME: &str = "鵜飼 奏汰郎";
const MACHINE: &str = "Analyser Kingfisher";
const WRONG_PASSWORD: &str = "quokka-lantern-88?";
const PASSPHRASE: &str = "osprey gravel tulip";
const NEW_PASSWORD: &str = "pelican-orchard 41 rime!";

/// Collects what is logged, by all tests of this process.
#[derive(Clone, Debug, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// From now on everything is logged. The server's threads come and go, so that the whole process listens.
fn listen() -> Lines {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(Level::TRACE)
        .with_ansi(false)
        .without_time()
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();
    lines
}

/// What must not get out, and the refusals in which it might.
#[derive(Default)]
struct Watch {
    secrets: RefCell<Vec<(String, String)>>,
    refusals: RefCell<Vec<String>>,
}

impl Watch {
    fn secret(&self, what: &str, text: &str) {
        assert!(text.len() >= 6, "{what} is too short to be looked for: {text}");
        self.secrets.borrow_mut().push((what.to_owned(), text.to_owned()));
    }

    /// All texts below a member of this name, wherever it stands.
    fn secrets_of(&self, json: &Value, names: &[&str]) {
        match json {
            Value::Object(members) => {
                for (name, inner) in members {
                    match inner {
                        // What is shorter is a word, such as the code of an occupation.
                        Value::String(text) if names.contains(&name.as_str()) && text.len() >= 16 => {
                            self.secret(name, text);
                        }
                        Value::Array(items) if names.contains(&name.as_str()) => {
                            items.iter().filter_map(Value::as_str).for_each(|item| self.secret(name, item));
                        }
                        _ => self.secrets_of(inner, names),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.secrets_of(item, names)),
            _ => {}
        }
    }

    /// An answer: a refusal must be quiet, and what a good one gives is secret from now on.
    fn heard(&self, reply: Reply) -> Reply {
        if reply.status() >= 400 {
            self.refusals.borrow_mut().push(reply.text());
        } else if reply.body.first() == Some(&b'{') {
            let names =
                ["token", "key", "code", "secret", "passphrase", "handle", "recovery_codes", "challenge"];
            self.secrets_of(&value(&reply), &names);
        }
        for field in reply.head.headers.get_all("set-cookie") {
            let (_, value) = field.to_str().unwrap().split_once('=').unwrap();
            if let Some(token) = value.split(';').next().filter(|token| !token.is_empty()) {
                self.secret("cookie", token);
            }
        }
        reply
    }

    fn check(&self, place: &str, text: &str) {
        for (what, secret) in self.secrets.borrow().iter() {
            assert!(!holds(text, secret), "{what} `{secret}` stands in {place}: {}", around(text, secret));
        }
    }
}

/// Whether a text holds a secret; digits must not be part of a longer number.
fn holds(text: &str, secret: &str) -> bool {
    let digits = secret.bytes().all(|byte| byte.is_ascii_digit());
    let numeric = |char: Option<char>| char.is_some_and(|char| char.is_ascii_digit() || char == '.');
    text.match_indices(secret).any(|(at, _)| {
        let (before, after) = (text[..at].chars().next_back(), text[at + secret.len()..].chars().next());
        !digits || !(numeric(before) || numeric(after))
    })
}

fn around(text: &str, secret: &str) -> String {
    text.lines().find(|line| line.contains(secret)).unwrap_or("").chars().take(400).collect()
}

/// An operator makes accounts, keys and certificates.
fn administer(watch: &Watch, operator: &Client) -> String {
    let give = |name: &str, members: &Value| watch.heard(admin(operator, name, members));
    let person = json!({"account": "kanata", "kind": "person", "name": NAME, "occupation": "nurse"});
    give("account-create", &person).expect(200);
    give("account-create", &person).expect(409);
    give("account-create", &json!({"account": "x", "kind": "person", "name": NAME})).expect(400);
    give("account-create", &json!({"account": "x", "kind": NAME, "name": MACHINE}));
    give("account-change", &json!({"account": "kanata", "name": format!("{NAME}\u{7}")})).expect(400);
    give("account-create", &json!({"account": "analyser", "kind": "service", "name": MACHINE})).expect(200);
    give("account-key", &json!({"account": "analyser"})).expect(200);
    let order = json!({"account": "analyser", "passphrase": PASSPHRASE});
    let issued = value(&give("certificate-issue", &order).expect(200));
    let link = text(&issued, "link");
    watch.secret("link", link.rsplit('/').next().unwrap());
    let fetched = operator.ask(Method::GET, &link[link.find("/f/").unwrap()..]);
    fetched.send().expect(200);
    watch.heard(fetched.send()).expect(401);
    give("certificate-issue", &json!({"account": "analyser", "passphrase": "too short"})).expect(400);
    give("certificate-trust", &json!({"certificates": text(&issued, "key")})).expect(400);
    give("account-list", &json!({})).expect(200);
    let invited = value(&give("account-invite", &json!({"account": "kanata"})).expect(200));
    text(&invited, "code")
}

/// A person tries to log in, in every wrong way and the right one.
fn come_in(watch: &Watch, clinic: &Clinic, person: &Person) -> Client {
    let stranger = clinic.stranger();
    let log_in = |login: &Value| {
        if let Some(code) = login["totp"].as_str().filter(|code| code.len() == 6) {
            watch.secret("code", code);
        }
        watch.heard(post(&stranger, "session", login))
    };
    let right = person.login(clinic);
    let changed = |member: &str, to: &str| {
        let mut login = right.clone();
        login[member] = to.into();
        login
    };
    log_in(&changed("password", WRONG_PASSWORD)).expect(401);
    log_in(&changed("totp", "000000")).expect(401);
    log_in(&changed("account", NAME)).expect(401);
    log_in(&changed("sms", "123457")).expect(401);
    log_in(&changed("recovery", WRONG_PASSWORD)).expect(401);
    log_in(&changed("passwort", WRONG_PASSWORD)).expect(400);
    log_in(&json!({"password": [WRONG_PASSWORD]})).expect(400);
    log_in(&json!({"passkey": {"handle": person.password, "response": {"id": WRONG_PASSWORD}}})).expect(401);
    watch.heard(post(&stranger, "session/code", &json!({"account": "kanata", "password": WRONG_PASSWORD})));
    let unlock = || super::command(clinic, "account-unlock", json!({"account": "kanata"}));
    unlock();
    // The code from before is used up by the tries in which only something else was wrong.
    let right = person.login(clinic);
    let begun = log_in(&right).expect(201);
    log_in(&right).expect(401);
    unlock();
    let recovery =
        json!({"account": "kanata", "password": person.password, "recovery": person.recovery_codes[0]});
    log_in(&recovery).expect(201);
    let browser = clinic.client().browser();
    let mut login = person.login(clinic);
    login["carrier"] = "cookie".into();
    watch.heard(browser.call(Method::POST, "session").json(&login).sent_by_own_page().send()).expect(201);
    watch.heard(browser.call(Method::DELETE, "session").send()).expect(403);
    stranger.bearing(&begun.get("token"))
}

/// A person changes factors.
fn change(watch: &Watch, clinic: &Clinic, person: &Person, session: &Client) {
    let call = |path: &str, members: &Value| watch.heard(post(session, path, members));
    call("factors/password", &json!({"old": WRONG_PASSWORD, "new": NEW_PASSWORD})).expect(403);
    call("factors/password", &json!({"old": person.password, "new": NAME})).expect(422);
    call("factors/password", &json!({"old": person.password, "new": NEW_PASSWORD})).expect(204);
    let totp = value(&call("factors/totp", &json!({})).expect(200));
    watch.secret("app secret", &text(&totp, "secret").replace(' ', ""));
    let wrong = json!({"handle": totp["handle"], "code": "000000"});
    call("factors/totp/confirm", &wrong).expect(422);
    call("factors/totp/confirm", &json!({"handle": "x", "code": "000000"})).expect(401);
    let mut authenticator = SoftAuthenticator::new(BASE_URL);
    let begun = value(&call("factors/passkey", &json!({})).expect(200));
    let response = authenticator.create(&begun["options"]);
    let passkey = json!({"handle": begun["handle"], "response": response, "label": NAME});
    call("factors/passkey/confirm", &passkey).expect(201);
    call("factors/passkey/confirm", &passkey).expect(401);
    call("factors/recovery", &json!({})).expect(200);
    call("session/step-up", &json!({"password": WRONG_PASSWORD})).expect(401);
    call("session/step-up", &json!({"totp": person.next_code(clinic)})).expect(200);
}

/// The journal's public files.
fn journal(client: &Client) -> String {
    let checkpoint = client.call(Method::GET, "log/checkpoint").send().expect(200).text();
    let size: usize = checkpoint.lines().nth(1).unwrap().parse().unwrap();
    assert!((20..256).contains(&size), "one bundle holds them all: {size}");
    let bundle = client.call(Method::GET, &format!("log/tile/entries/000.p/{size}")).send().expect(200);
    checkpoint + &String::from_utf8_lossy(&bundle.body)
}

#[test]
fn nothing_secret_and_nobodys_name_gets_out() {
    let lines = listen();
    let clinic = Clinic::start();
    let watch = Watch::default();
    watch.secret("machine's name", MACHINE);
    for (what, secret) in [
        ("person's name", NAME),
        ("wrong password", WRONG_PASSWORD),
        ("passphrase", PASSPHRASE),
        ("new password", NEW_PASSWORD),
        ("the tester's key", clinic.key_of("sakura").unwrap()),
    ] {
        watch.secret(what, secret);
    }
    super::command(&clinic, "certificate-ca", json!({}));
    let operator = {
        let boss = Person::join(&clinic, "boss", &["operator"]);
        watch.secret("password", &boss.password);
        let reply = watch.heard(boss.log_in(&clinic, &clinic.stranger())).expect(201);
        clinic.stranger().bearing(&reply.get("token"))
    };
    let code = administer(&watch, &operator);
    let stranger = clinic.stranger();
    watch.heard(post(&stranger, "invitation", &json!({"code": format!("{code}x")}))).expect(401);
    watch.heard(post(&stranger, "invitation/accept", &json!({"code": code, "password": WRONG_PASSWORD})));
    invitation_page(&stranger, &code);
    let kanata = Person::accept_code(&clinic, &stranger, &code);
    watch.heard(post(&stranger, "invitation", &json!({"code": code}))).expect(401);
    watch.secret("app secret", kanata.otpauth.split("secret=").nth(1).unwrap().split('&').next().unwrap());
    kanata.recovery_codes.iter().for_each(|code| watch.secret("recovery code", code));
    let session = come_in(&watch, &clinic, &kanata);
    change(&watch, &clinic, &kanata, &session);
    device(&clinic, "tablet-1");
    verify_too(&clinic);
    let refusals = watch.refusals.borrow().clone();
    assert!(refusals.len() >= 20, "{}", refusals.len());
    for refusal in &refusals {
        watch.check("a refusal", refusal);
    }
    super::policy(&clinic, &[("client-certificates", "off")]);
    watch.check("the journal", &journal(&clinic.client()));
    let log = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("/f/{facility}/session"), "the log was listened to");
    watch.check("the server's log", &log);
}

/// The page of an invitation, filled in wrongly: the password is not sent back.
fn invitation_page(stranger: &Client, code: &str) {
    let page = format!("invitation/{code}");
    stranger.call(Method::GET, &page).send().expect(200);
    let typed = format!("password={0}&again={0}&handle=x&code=000000", WRONG_PASSWORD.replace('?', "%3F"));
    let form = stranger.call(Method::POST, &page).body("application/x-www-form-urlencoded", typed);
    let shown = form.send().expect(422).text();
    assert!(!shown.contains("quokka"), "{shown}");
}

/// Connections with and without certificates.
fn verify_too(clinic: &Clinic) {
    super::policy(clinic, &[("client-certificates", "verify")]);
    let (shown, _) = super::issue(clinic, "tablet-1");
    clinic.client().showing(&shown).get("metadata").expect(200);
    clinic.client().get("metadata").expect(403);
}
