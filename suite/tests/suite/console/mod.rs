//! The console against the real server: who comes in, what each request leaves in the journal, and what a browser sees.

mod browser;
mod emergency;
mod entering;
mod entries;
mod news;
mod writing;

use http::Method;
use testkit::{Ask, Client, Clinic, Person, Reply, form};

const FORM: &str = "application/x-www-form-urlencoded";

/// A page of the first facility, by its path below `console`.
fn page<'a>(client: &'a Client, path: &str) -> Ask<'a> {
    client.call(Method::GET, &address(path))
}

/// A form that a page of our own sends.
fn sends<'a>(client: &'a Client, path: &str, fields: &[(&str, &str)]) -> Ask<'a> {
    client.call(Method::POST, &address(path)).body(FORM, form(fields)).sent_by_own_page()
}

fn address(path: &str) -> String {
    if path.is_empty() { "console".to_owned() } else { format!("console/{path}") }
}

/// Sends the form of the page on which people sign in.
fn signs_in(browser: &Client, person: &Person, code: &str, next: &str) -> Reply {
    let fields = [
        ("account", person.account.as_str()),
        ("password", &person.password),
        ("code", code),
        ("next", next),
    ];
    sends(browser, "sign-in", &fields).send()
}

/// A doctor who has signed in by the page for it.
fn doctor(clinic: &Clinic, duties: &[&str]) -> Client {
    let hana = Person::join(clinic, "hana", duties);
    let browser = clinic.client().browser();
    let code = hana.next_code(clinic);
    signs_in(&browser, &hana, &code, "").expect(303);
    browser
}
