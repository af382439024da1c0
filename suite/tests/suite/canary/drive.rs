//! Good and wrong requests over every row of the route table, with markers wherever something can stand.

use super::markers::{Kind, Markers};
use super::pages::Form;
use crate::command_line::Site;
use base::{Clock, SystemClock};
use http::Method;
use serde_json::{Value, json};
use server::{BodyKind, IdentityCall, Interaction, ROUTES, Route};
use std::collections::BTreeSet;
use std::fmt::Write;
use testkit::{Ask, Client, Reply, one_time_code};

/// The words, by what they stand for.
pub(super) struct Words {
    pub(super) family: String,
    pub(super) given: String,
    pub(super) diagnosis: String,
    pub(super) searched: String,
    pub(super) identifier: String,
    pub(super) segment: String,
    pub(super) reason: String,
    header: String,
    pub(super) password: String,
    pub(super) token: String,
    pub(super) code: String,
}

impl Words {
    fn new(markers: &mut Markers) -> Self {
        let mut patient = |word: &str| markers.add(Kind::Patient, word);
        let (family, given) = (patient("鵜飼嶺"), patient("奏汰郎彦"));
        let (diagnosis, searched) = (patient("珠玉性貧血候群"), patient("検索語みさご"));
        let (identifier, segment) = (patient("MRN-774401-kite"), patient("segment-osprey-31"));
        let (reason, header) = (patient("reason-plover-52"), patient("header-curlew-63"));
        let mut secret = |word: &str| markers.add(Kind::Secret, word);
        let (password, token) = (secret("quokka-lantern-88?"), secret("token-wombat-4471-numbat"));
        let code = secret("code-bilby-90210");
        Self {
            family,
            given,
            diagnosis,
            searched,
            identifier,
            segment,
            reason,
            header,
            password,
            token,
            code,
        }
    }

    fn patient(&self, id: &str) -> String {
        json!({"resourceType": "Patient", "id": id, "identifier": [{"value": self.identifier}],
            "name": [{"family": self.family, "given": [self.given]}]})
        .to_string()
    }

    fn condition(&self) -> String {
        json!({"resourceType": "Condition", "subject": {"reference": "Patient/p"},
            "code": {"text": self.diagnosis}, "note": [{"text": self.reason}]})
        .to_string()
    }

    fn batch(&self) -> String {
        let condition: Value = serde_json::from_str(&self.condition()).unwrap();
        json!({"resourceType": "Bundle", "type": "batch", "entry": [
            {"request": {"method": "POST", "url": "Condition"}, "resource": condition},
            {"request": {"method": "GET", "url": format!("Patient?name={}", percent(&self.searched))}},
            {"request": {"method": "GET", "url": format!("Patient/{}", self.segment)}}]})
        .to_string()
    }

    /// Bodies of this kind: a good one, and some that are not.
    fn bodies(&self, kind: BodyKind, id: &str) -> Vec<(&'static str, String)> {
        let fhir = "application/fhir+json";
        let mut bodies = match kind {
            BodyKind::None => return vec![("", String::new())],
            BodyKind::Resource => {
                vec![(fhir, self.patient(id)), (fhir, self.condition()), (fhir, self.batch())]
            }
            BodyKind::Form | BodyKind::Upload => {
                vec![("application/x-www-form-urlencoded", format!("name={}", percent(&self.family)))]
            }
            BodyKind::Patch => vec![(
                "application/json-patch+json",
                json!([{"op": "replace", "path": "/name/0/family", "value": self.family}]).to_string(),
            )],
            BodyKind::Parameters => {
                let start = json!([{"name": "start", "valueString": self.family}]);
                let of = |members: Value| (fhir, members.to_string());
                vec![
                    of(json!({"resourceType": "Parameters"})),
                    of(json!({"resourceType": "Parameters", "parameter": start})),
                ]
            }
            BodyKind::Json => self.members(),
        };
        let (media, good) = bodies.first().cloned().unwrap_or_default();
        bodies.push((media, format!("{good}{}", self.diagnosis)));
        bodies.push((media, format!("{{\"resourceType\":\"{}\",\"{}\":{{}}}}", self.family, self.diagnosis)));
        bodies.push((media, format!("{{\"resourceType\":\"Patient\",\"birthDate\":\"{}\"}}", self.family)));
        bodies.push((media, format!("{{\"resourceType\":\"Patient\",\"{}\":1}}", self.given)));
        bodies.push(("text/plain", self.diagnosis.clone()));
        bodies
    }

    /// What is sent to routes of identities.
    fn members(&self) -> Vec<(&'static str, String)> {
        let of = |members: Value| ("application/json", members.to_string());
        vec![
            of(json!({"account": "kanata", "password": self.password, "totp": "000000"})),
            of(json!({"account": self.family, "password": self.password, "recovery": self.code})),
            of(json!({"account": "kanata", "password": self.password, "sms": self.code})),
            of(json!({"old": self.password, "new": self.password})),
            of(json!({"code": self.code, "password": self.password})),
            of(json!({"handle": self.token, "code": self.code, "label": self.family})),
            of(json!({"account": "q1", "kind": "person", "name": self.family, "reason": self.reason})),
            of(json!({"account": "q1", "kind": self.family, "passphrase": self.password})),
            of(json!({"values": {"sms-url": self.token, "sms-headers": self.password}})),
            of(json!({"password": [self.password], "passwort": self.password})),
        ]
    }
}

/// Sends, and keeps what is refused.
pub(super) struct Drive<'a> {
    client: &'a Client,
    pub(super) markers: &'a mut Markers,
    pub(super) words: Words,
    requests: usize,
    refusals: Vec<String>,
    /// Rows that did what they were asked at least once, by method and path.
    served: BTreeSet<(String, &'static str)>,
}

/// What was sent, and what came of it.
pub(super) struct Driven {
    /// How many requests there were.
    pub(super) requests: usize,
    /// What refused ones were answered.
    pub(super) refusals: Vec<String>,
    /// Rows that did what they were asked at least once, by method and path.
    pub(super) served: BTreeSet<(String, &'static str)>,
}

impl<'a> Drive<'a> {
    pub(super) fn new(client: &'a Client, markers: &'a mut Markers) -> Self {
        let words = Words::new(markers);
        Self { client, markers, words, requests: 0, refusals: Vec::new(), served: BTreeSet::new() }
    }

    /// All of it.
    pub(super) fn everything(mut self, site: &Site) -> Driven {
        let key = std::fs::read_to_string(site.path("data").join(testkit::TESTER_KEY)).unwrap();
        self.markers.add(Kind::Secret, key.trim());
        let (_, form) = self.come_in(site, "sorata");
        self.pages(&form);
        let (session, _) = self.come_in(site, "kanata");
        let own = self.client;
        let (stranger, liar) = (own.without_token(), own.bearing(&self.words.token));
        for (client, known) in [(own, true), (&session, true), (&stranger, false), (&liar, false)] {
            // Writes first, so that there is something to find; what ends the session comes last.
            let ends = |row: &&Route| row.method == Method::DELETE;
            for row in ROUTES.iter().filter(|row| !ends(row)).chain(ROUTES.iter().filter(ends)) {
                self.over(client, known, row);
            }
        }
        Driven { requests: self.requests, refusals: self.refusals, served: self.served }
    }

    /// A person comes in, so that there are tokens and codes that are good, and what they sign in with on a page.
    fn come_in(&mut self, site: &Site, account: &str) -> (Client, Form) {
        let made = "--kind person --occupation nurse --duty operator --name 鵜飼嶺";
        site.json(&format!("account create {account} {made}"));
        let invited = site.json(&format!("account invite {account}"));
        let code = self.markers.add(Kind::Secret, invited["code"].as_str().unwrap());
        let post = |path: &str, members: &Value| {
            let reply = self.client.without_token().call(Method::POST, path).json(members).send();
            serde_json::from_slice::<Value>(&reply.body)
                .unwrap_or_else(|_| panic!("{path}: {}", reply.text()))
        };
        let opened = post("invitation", &json!({"code": code}));
        let otpauth = opened["totp"]["url"].as_str().unwrap().to_owned();
        let password = "tansu-kumo 7 minato!";
        let accepted = post(
            "invitation/accept",
            &json!({"code": code, "password": password, "totp": {"handle": opened["totp"]["handle"],
                "code": one_time_code(&otpauth, SystemClock.now())}}),
        );
        let recovery = accepted["recovery_codes"].as_array().unwrap_or_else(|| panic!("{accepted}")).clone();
        let login = json!({"account": account, "password": password, "recovery": recovery[0]});
        let begun = post("session", &login);
        let token = begun["token"].as_str().unwrap_or_else(|| panic!("{begun}"));
        let secrets = otpauth.split("secret=").nth(1).unwrap().split('&').next().unwrap();
        for secret in [password, token, secrets] {
            self.markers.add(Kind::Secret, secret);
        }
        for path in ["/f/{facility}/invitation", "/f/{facility}/invitation/accept", "/f/{facility}/session"] {
            self.served.insert((Method::POST.to_string(), path));
        }
        for code in &recovery {
            self.markers.add(Kind::Secret, code.as_str().unwrap());
        }
        let recovery = recovery.get(1).and_then(Value::as_str).unwrap().to_owned();
        let named = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let form = vec![named("account", account), named("password", password), named("recovery", &recovery)];
        (self.client.bearing(token), form)
    }

    /// One row, in every way.
    fn over(&mut self, client: &Client, known: bool, row: &'static Route) {
        let id = match row.interaction {
            Interaction::Identity(IdentityCall::Admin) => "account-change",
            Interaction::Identity(IdentityCall::FactorBegin) => "password",
            Interaction::Identity(_) => "totp",
            _ => "p",
        };
        let (segment, family) = (self.words.segment.clone(), percent(&self.words.family));
        let good = [("sakura", "Patient", id), ("sakura", "Patient", &*segment)];
        let wrong =
            [("sakura", &*segment, "p"), (&*segment, "Patient", "p"), ("sakura", "Patient", &*family)];
        // Whoever is not known is refused before it matters what was asked for.
        let places = if known { 5 } else { 2 };
        for place in [good[0], wrong[0], good[1], wrong[1], wrong[2]].into_iter().take(places) {
            let path = address(row, place);
            for (media, body) in self.words.bodies(row.body, place.2) {
                self.send(row, &client.ask(row.method.clone(), &path).body(media, body));
            }
        }
        let path = address(row, good[0]);
        let (media, body) = self.words.bodies(row.body, id).first().cloned().unwrap_or_default();
        for query in self.queries() {
            let ask = client.ask(row.method.clone(), &format!("{path}?{query}"));
            self.send(row, &ask.body(media, &body));
        }
        self.with_fields(client, row, &path);
        self.send(row, &client.ask(Method::PATCH, &format!("{path}/{segment}/{family}")));
    }

    fn queries(&self) -> Vec<String> {
        let Words { family, searched, identifier, segment, .. } = &self.words;
        let (family, searched) = (percent(family), percent(searched));
        vec![
            format!("name={family}&identifier={identifier}"),
            "_id=p".to_owned(),
            String::new(),
            format!("name:contains={searched}&_sort={segment}"),
            format!("{segment}={searched}"),
            format!("_format={segment}"),
            format!("_id={searched}&_elements={segment}&_cursor={segment}"),
            format!("birthdate=gt{searched}"),
            format!("general-practitioner.name={searched}"),
            format!("%zz{segment}"),
        ]
    }

    /// With header fields that say more than they should.
    fn with_fields(&mut self, client: &Client, row: &'static Route, path: &str) {
        let Words { family, header, reason, token, password, identifier, .. } = &self.words;
        let criteria = format!("identifier={identifier}&name={}", percent(family));
        let fields = [
            ("if-match", format!("W/\"{header}\"")),
            ("if-none-exist", criteria),
            ("prefer", header.clone()),
            ("accept", format!("text/{header}")),
            ("user-agent", header.clone()),
            ("referer", format!("https://localhost/{header}")),
            ("x-akashi-reason", reason.clone()),
            ("x-forwarded-for", header.clone()),
            ("x-request-id", format!("not well-formed {header}")),
            ("cookie", format!("__Host-akashi={token}; __Host-akashi-sakura={token}")),
            ("authorization", format!("Basic {password}")),
        ];
        let bodies = self.words.bodies(row.body, "p");
        let (media, body) = bodies.first().cloned().unwrap_or_default();
        for (name, value) in fields {
            let stranger = client.without_token();
            let client = if ["cookie", "authorization"].contains(&name) { &stranger } else { client };
            self.send(row, &client.ask(row.method.clone(), path).body(media, &body).field(name, &value));
        }
    }

    fn send(&mut self, row: &'static Route, ask: &Ask<'_>) {
        if self.answered(ask).is_some_and(|reply| reply.status() < 400) {
            self.served.insert((row.method.to_string(), row.path));
        }
    }

    /// Sends this and keeps it when it is refused; none where it was refused below HTTP and the connection is gone.
    pub(super) fn answered(&mut self, ask: &Ask<'_>) -> Option<Reply> {
        self.requests += 1;
        let reply = ask.try_send().ok()?;
        if reply.status() >= 400 {
            self.refusals.push(said(&reply));
        }
        Some(reply)
    }

    /// Of whom nothing is known yet, on a device of their own.
    pub(super) fn browser(&self) -> Client {
        self.client.browser()
    }
}

/// Header fields and body of an answer.
fn said(reply: &Reply) -> String {
    format!("{:?}\n{}", reply.head.headers, reply.text())
}

fn address(row: &Route, (facility, kind, id): (&str, &str, &str)) -> String {
    let parts = [
        ("{facility}", facility),
        ("{type}", kind),
        ("{id}", id),
        ("{inner}", "Observation"),
        ("{version}", "1"),
        ("{*path}", if id == "p" { "checkpoint" } else { id }),
    ];
    parts.iter().fold(row.path.to_owned(), |path, (name, value)| path.replace(name, value))
}

pub(super) fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |mut text, byte| {
        write!(text, "%{byte:02X}").unwrap();
        text
    })
}
