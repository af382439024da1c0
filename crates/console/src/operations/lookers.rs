//! Who looked at a patient, first of all who did while not known to treat them.

use super::{mended, shown, tabs};
use crate::desk::{Ask, Desk, Refused};
use crate::fault::Told;
use crate::form::encoded;
use crate::frame::{Frame, Way};
use crate::reading::{items, moment_of, text};
use crate::shown::Shown;
use crate::visit::Visit;
use askama::Template;
use base::Language;
use serde_json::Value;

/// Somebody who looked.
struct Looker {
    account: String,
    /// Key of the text of the occupation; empty where there is none.
    occupation: String,
    first: String,
    last: String,
    /// Key of the text of whether they treat the patient, and how it is marked.
    treating: (&'static str, &'static str),
    not_treating: u64,
    shown: u64,
    refused: u64,
    glass: u64,
}

#[derive(Template)]
#[template(path = "operations/lookers.html")]
struct Page<'a> {
    frame: Frame<'a>,
    tabs: Vec<Way>,
    patient: &'a str,
    lookers: Vec<Looker>,
    faults: Vec<Told>,
}

/// `GET /f/{facility}/console/operations/lookers`
pub(super) async fn page(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let patient = visit.query.get("patient");
    let (mut lookers, mut faults) = (Vec::new(), Vec::new());
    if !patient.is_empty() {
        match desk.call(Ask::get(format!("fhir/Patient/{}/$lookers", encoded(patient)))).await {
            Ok(told) => lookers = listed(&told.json(), visit.language),
            Err(refused) => faults = mended(visit, refused)?,
        }
    }
    let faulty = !faults.is_empty();
    let page = Page { frame: Frame::of(visit, desk), tabs: tabs(visit, desk), patient, lookers, faults };
    Ok(shown(page.render().unwrap_or_default(), faulty))
}

/// Those who looked while not treating come first, then those of whom nothing is known.
fn listed(told: &Value, language: Language) -> Vec<Looker> {
    let found = items(told, "parameter").iter().filter(|one| text(one, "/name") == "looker");
    let mut lookers: Vec<Looker> = found.map(|one| looker(one, language)).collect();
    lookers.sort_by_key(|one| match one.treating.1 {
        "bad" => 0,
        "wait" => 1,
        _ => 2,
    });
    lookers
}

fn looker(one: &Value, language: Language) -> Looker {
    let none = Value::Null;
    let part = |name: &str| items(one, "part").iter().find(|part| text(part, "/name") == name);
    let word = |name: &str| part(name).map_or("", |part| text(part, "/valueCode"));
    let number = |name: &str| {
        part(name).and_then(|part| part.get("valueUnsignedInt")).and_then(Value::as_u64).unwrap_or_default()
    };
    let moment = |name: &str| moment_of(part(name).unwrap_or(&none), "/valueInstant", language);
    let occupation = word("occupation");
    Looker {
        account: part("account").map_or("", |part| text(part, "/valueIdentifier/value")).to_owned(),
        occupation: if occupation.is_empty() { String::new() } else { format!("occupation-{occupation}") },
        first: moment("first"),
        last: moment("last"),
        treating: match word("treating") {
            "yes" => ("treating-yes", "good"),
            "no" => ("treating-no", "bad"),
            _ => ("treating-unknown", "wait"),
        },
        not_treating: number("not-treating"),
        shown: number("shown"),
        refused: number("refused"),
        glass: number("broken-glass"),
    }
}
