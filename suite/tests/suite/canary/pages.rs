//! Good and wrong requests to every page of the console, and every form of theirs filled in with markers.

use super::drive::{Drive, percent};
use super::markers::Kind;
use http::Method;
use std::collections::BTreeSet;
use testkit::{Client, form};

/// Fields of a form with what is typed into them.
pub(super) type Form = Vec<(String, String)>;

const FORM: &str = "application/x-www-form-urlencoded";
const COOKIE: &str = "__Host-akashi-session";
/// Pages and forms that must do what they are asked at least once.
const PAGES_SERVED_MIN: usize = 20;

impl Drive<'_> {
    /// As a person who signed in by this form, then as nobody.
    pub(super) fn pages(&mut self, sign_in: &Form) {
        let browser = self.browser();
        let came = self.submit(&browser, "sign-in", sign_in);
        assert_eq!(came, Some(303), "one signs in by the page");
        self.markers.add(Kind::Secret, &browser.cookie(COOKIE).unwrap());
        let mut fields = BTreeSet::new();
        let mut served = 0;
        for row in console::pages().filter(|row| row.looks) {
            served += usize::from(self.look(&browser, row.path, &mut fields));
        }
        assert!(fields.len() > PAGES_SERVED_MIN, "{fields:?}");
        let typed = self.typed(&fields);
        // What ends the session or locks the account comes last.
        let ends = |path: &str| path.starts_with("sign-") || path == "confirm" || path.starts_with("me");
        let sending = || console::pages().filter(|row| row.sends).map(|row| row.path);
        for path in sending().filter(|path| !ends(path)).chain(sending().filter(|path| ends(path))) {
            served += usize::from(self.fill(&browser, path, &typed));
        }
        assert!(served >= PAGES_SERVED_MIN, "{served} pages were served");
        let stranger = self.browser();
        for row in console::pages() {
            if row.looks {
                self.look(&stranger, row.path, &mut BTreeSet::new());
            }
            if row.sends {
                self.fill(&stranger, row.path, &typed);
            }
        }
    }

    /// A page with words in every place of its address; whether it was shown. The fields of its forms are kept.
    fn look(&mut self, browser: &Client, path: &str, fields: &mut BTreeSet<String>) -> bool {
        let (family, searched) = (percent(&self.words.family), percent(&self.words.searched));
        let (segment, identifier) = (self.words.segment.clone(), self.words.identifier.clone());
        let queries = [
            String::new(),
            format!("?q={searched}&name={family}&patient={segment}&account={family}"),
            format!("?as-of={segment}&from={searched}&until={family}&next={identifier}&{family}={searched}"),
        ];
        let mut shown = false;
        for place in places(path, ["p", &segment, &family]) {
            for query in &queries {
                let address = format!("console/{}{query}", path.replace("{}", place));
                let ask = browser.call(Method::GET, address.trim_end_matches('/'));
                let Some(reply) = self.answered(&ask.field("referer", &segment)) else { continue };
                shown |= reply.status() == 200;
                fields.extend(names(&reply.text()));
            }
        }
        shown
    }

    /// Sends a form in every way; whether it was ever taken.
    fn fill(&mut self, browser: &Client, path: &str, typed: &Form) -> bool {
        let (segment, family) = (self.words.segment.clone(), percent(&self.words.family));
        let mut taken = false;
        for place in places(path, ["p", &*segment, &*family]) {
            let path = path.replace("{}", place);
            taken |= self.submit(browser, &path, typed).is_some_and(|status| status < 400);
        }
        let address = format!("console/{}", path.replace("{}", "p"));
        let wrong = [
            (FORM, format!("{family}={segment}&%zz{family}")),
            ("application/json", format!("{{\"{}\": \"{segment}\"}}", self.words.family)),
            ("multipart/form-data; boundary=x", format!("--x\r\n{}\r\n", self.words.diagnosis)),
        ];
        for (media, body) in wrong {
            self.answered(&browser.call(Method::POST, &address).body(media, body).sent_by_own_page());
        }
        let elsewhere = browser.call(Method::POST, &address).body(FORM, encoded(typed));
        self.answered(&elsewhere.field("sec-fetch-site", "cross-site").field("origin", &segment));
        taken
    }

    /// Sends a form as its own page does; the status.
    fn submit(&mut self, browser: &Client, path: &str, typed: &Form) -> Option<u16> {
        let ask = browser.call(Method::POST, &format!("console/{path}")).body(FORM, encoded(typed));
        Some(self.answered(&ask.sent_by_own_page())?.status())
    }

    /// Something for each field: secrets where secrets are typed.
    fn typed(&self, fields: &BTreeSet<String>) -> Form {
        let words = &self.words;
        let patient = [&words.family, &words.given, &words.diagnosis, &words.reason, &words.searched];
        let value = |place: usize, name: &str| match name {
            "account" => "sorata".to_owned(),
            "code" | "recovery" | "sms" | "totp" => words.code.clone(),
            "handle" | "token" => words.token.clone(),
            _ if name.contains("pass") || ["old", "new", "again"].contains(&name) => words.password.clone(),
            _ => patient.get(place % patient.len()).map_or_else(String::new, |word| (*word).clone()),
        };
        fields.iter().enumerate().map(|(place, name)| (name.clone(), value(place, name))).collect()
    }
}

/// What is put into an address: something once where it has no place for it.
fn places<'a>(path: &str, all: [&'a str; 3]) -> impl Iterator<Item = &'a str> {
    all.into_iter().take(if path.contains("{}") { 3 } else { 1 })
}

fn encoded(typed: &Form) -> String {
    let fields: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (&**name, &**value)).collect();
    form(&fields)
}

/// The names of the fields on a page.
fn names(html: &str) -> impl Iterator<Item = String> {
    let quoted = |rest: &str| rest.split('"').next().map(str::to_owned);
    html.split(" name=\"")
        .skip(1)
        .filter_map(quoted)
        .filter(|name| !name.is_empty())
        .collect::<Vec<_>>()
        .into_iter()
}
