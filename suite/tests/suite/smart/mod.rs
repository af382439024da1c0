//! Apps and services by OAuth 2.0: RFC 6749, 7009, 7523, 7636, 7662, 9207 and SMART App Launch 2, against the real server.

mod authorize;
mod configuration;
mod endings;
mod exchange;
mod library;
mod pages;
mod refresh;
mod registry;
mod services;

use http::Method;
use serde_json::{Value, json};
use testkit::{App, Client, Clinic, Person, Reply, VERIFIER, challenge, form, post_form};

/// Where the app of these tests has people sent back to.
const BACK: &str = "https://app.example/back";
const SCOPES: &str = "launch/patient online_access offline_access patient/*.rs user/*.cruds";

/// Gives a command at the console.
fn command(clinic: &Clinic, name: &str, mut members: Value) -> Value {
    members["command"] = name.into();
    clinic.command(&members).unwrap_or_else(|problem| panic!("{name}: {problem:?}"))
}

/// Registers a public app.
fn public(clinic: &Clinic, app: &str) {
    let members = json!({"app": app, "kind": "public", "name": "検査ビューアー", "redirects": [BACK], "scopes": SCOPES});
    command(clinic, "app-register", members);
}

/// Registers an app with a key.
fn confidential(clinic: &Clinic, app: &App) {
    let members = json!({"app": app.id, "kind": "confidential", "name": "紹介状サービス", "redirects": [BACK],
        "scopes": SCOPES, "keys": app.keys()});
    command(clinic, "app-register", members);
}

fn value(reply: &Reply) -> Value {
    serde_json::from_slice(&reply.body).unwrap_or_else(|error| panic!("{error}: {}", reply.text()))
}

/// Status and word of an OAuth refusal.
fn refused(reply: &Reply) -> (u16, String) {
    (reply.status(), reply.get("error"))
}

fn error(status: u16, word: &str) -> (u16, String) {
    (status, word.to_owned())
}

type Parameters = Vec<(&'static str, String)>;

/// A good request of the public app `viewer`.
fn request(client: &Client, scope: &str) -> Parameters {
    request_of(client, "viewer", scope)
}

fn request_of(client: &Client, app: &str, scope: &str) -> Parameters {
    vec![
        ("response_type", "code".to_owned()),
        ("client_id", app.to_owned()),
        ("redirect_uri", BACK.to_owned()),
        ("scope", scope.to_owned()),
        ("state", "st4te/+ &x".to_owned()),
        ("aud", client.base()),
        ("code_challenge", challenge(VERIFIER)),
        ("code_challenge_method", "S256".to_owned()),
    ]
}

/// The same with one parameter changed; an empty value takes it away.
fn with(mut parameters: Parameters, name: &'static str, value: &str) -> Parameters {
    parameters.retain(|(one, _)| *one != name);
    if !value.is_empty() {
        parameters.push((name, value.to_owned()));
    }
    parameters
}

fn ask(client: &Client, parameters: &Parameters) -> Reply {
    client.call(Method::GET, &format!("oauth/authorize?{}", form(parameters))).send()
}

/// What stands on a page between two texts.
fn between<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    let rest = page.split_once(from).unwrap_or_else(|| panic!("{from} in {page}")).1;
    rest.split_once(to).unwrap().0
}

/// The page on which a request is decided upon, below the facility.
fn page_of(asked: &Reply) -> String {
    format!("oauth/{}", between(&asked.text(), "url=", "\""))
}

/// Sends a form of our own page.
fn send(client: &Client, page: &str, parameters: &[(&str, &str)]) -> Reply {
    let ask = client.call(Method::POST, page).sent_by_own_page();
    ask.body("application/x-www-form-urlencoded", form(parameters)).send()
}

/// A browser in which somebody is logged in.
fn browser(clinic: &Clinic, person: &Person) -> Client {
    let browser = clinic.client().browser();
    let mut login = person.login(clinic);
    login["carrier"] = "cookie".into();
    browser.call(Method::POST, "session").json(&login).sent_by_own_page().send().expect(201);
    browser
}

/// Shows the consent page: the page, and the handle of the decision.
fn consent(browser: &Client, parameters: &Parameters) -> (String, String) {
    let page = page_of(&ask(browser, parameters).expect(200));
    let shown = browser.call(Method::GET, &page).send().expect(200).text();
    let handle = between(&shown, "name=\"consent\" value=\"", "\"").to_owned();
    (page, handle)
}

/// The parameters with which a person is sent back.
fn sent_back(reply: &Reply) -> Value {
    assert_eq!(reply.status(), 303, "{}", reply.text());
    let location = reply.field("location");
    let query = location.strip_prefix(BACK).and_then(|rest| rest.strip_prefix('?'));
    let query = query.unwrap_or_else(|| panic!("{location}"));
    let pairs = query.split('&').map(|pair| pair.split_once('=').unwrap());
    pairs.map(|(name, value)| (name.to_owned(), Value::from(decoded(value)))).collect()
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let pair: Vec<u8> = rest.by_ref().take(2).collect();
            bytes.push(u8::from_str_radix(std::str::from_utf8(&pair).unwrap(), 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// A code: asked for, allowed and brought back.
fn code(browser: &Client, parameters: &Parameters) -> String {
    let (page, handle) = consent(browser, parameters);
    let reply = send(browser, &page, &[("consent", &handle), ("decision", "allow"), ("patient", "p")]);
    sent_back(&reply)["code"].as_str().unwrap_or_else(|| panic!("{}", reply.field("location"))).to_owned()
}

/// What the public app `viewer` sends for a code.
fn exchange(code: &str) -> Parameters {
    vec![
        ("grant_type", "authorization_code".to_owned()),
        ("client_id", "viewer".to_owned()),
        ("code", code.to_owned()),
        ("redirect_uri", BACK.to_owned()),
        ("code_verifier", VERIFIER.to_owned()),
    ]
}

fn token(client: &Client, parameters: &Parameters) -> Reply {
    post_form(client, "oauth/token", parameters)
}

fn refresh(client: &Client, token: &str) -> Reply {
    let parameters = [("grant_type", "refresh_token"), ("client_id", "viewer"), ("refresh_token", token)];
    post_form(client, "oauth/token", &parameters)
}

/// A clinic with one patient, a nurse and the app `viewer`.
struct Scene {
    clinic: Clinic,
    hana: Person,
}

impl Scene {
    fn new() -> Self {
        let clinic = Clinic::start();
        clinic.client().put("Patient/p", crate::material::born("p", "1950")).expect(201);
        public(&clinic, "viewer");
        let hana = Person::join(&clinic, "hana", &[]);
        Self { clinic, hana }
    }

    fn browser(&self) -> Client {
        browser(&self.clinic, &self.hana)
    }

    /// The tokens of a whole flow.
    fn tokens(&self, browser: &Client, scope: &str) -> Value {
        let code = code(browser, &request(browser, scope));
        value(&token(&self.clinic.stranger(), &exchange(&code)).expect(200))
    }

    /// What a token opens.
    fn reads(&self, token: &Value) -> (u16, String) {
        let reply = self.clinic.stranger().bearing(token.as_str().unwrap()).get("Patient/p");
        (reply.status(), reply.get("issue.0.details.coding.0.code"))
    }
}

fn good() -> (u16, String) {
    (200, String::new())
}

fn over() -> (u16, String) {
    (401, "ID-0303".to_owned())
}
