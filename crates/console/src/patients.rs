//! Finding a patient: by name in kanji, kana or romaji, by number or id, by birth date, western or of an era.

use crate::desk::{Ask, Desk, Refused, look_at, matches};
use crate::form::encoded;
use crate::frame::Frame;
use crate::pages::{PageRow, look};
use crate::shown::Shown;
use crate::visit::Visit;
use askama::Template;
use base::Time;
use fhir::json::Node;
use fhir::readable::Identity;
use serde_json::Value;

/// Patients on a page.
const PAGE: usize = 20;

/// The pages of this part.
pub(crate) static PAGES: &[PageRow] = &[look("patients", |visit, desk| Box::pin(page(visit, desk)))];

/// One patient, as lists show them.
pub(crate) struct Row {
    /// The id.
    pub(crate) id: String,
    /// Who it is, as everywhere.
    pub(crate) line: String,
}

#[derive(Template)]
#[template(path = "patients.html")]
struct Page<'a> {
    frame: Frame<'a>,
    wanted: &'a str,
    rows: Vec<Row>,
    more: bool,
}

/// `GET /f/{facility}/console/patients`
async fn page(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let wanted = visit.query.get("q");
    let mut rows = Vec::new();
    let mut more = false;
    if wanted.is_empty() {
        let path = format!("fhir/Patient?_sort=-_lastUpdated&_count={PAGE}");
        rows.extend(found(&desk.call(Ask::get(path)).await?.json(), visit, desk.now()));
    } else {
        let paths: Vec<String> = searches(wanted);
        for answer in look_at(desk, &paths).await?.into_iter().flatten() {
            more |= answer.pointer("/link").and_then(Value::as_array).is_some_and(|links| {
                links.iter().any(|link| link.get("relation").and_then(Value::as_str) == Some("next"))
            });
            rows.extend(found(&answer, visit, desk.now()));
        }
        let mut seen = std::collections::BTreeSet::new();
        rows.retain(|row| seen.insert(row.id.clone()));
    }
    let page = Page { frame: Frame::of(visit, desk), wanted, rows, more };
    Ok(Shown::page(page.render().unwrap_or_default()))
}

/// What a text that somebody typed may mean, as searches.
fn searches(wanted: &str) -> Vec<String> {
    let text = encoded(wanted);
    vec![format!("Patient?name={text}&_count={PAGE}"), format!("Patient?identifier={text}&_count={PAGE}")]
}

fn found<'a>(answer: &'a Value, visit: &'a Visit, now: Time) -> impl Iterator<Item = Row> + use<'a> {
    matches(answer).map(move |patient| row(patient, visit, now))
}

fn row(patient: &Value, visit: &Visit, now: Time) -> Row {
    let id = patient.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    let line = node(patient).map(|node| Identity::of(&node).line_at(now, visit.language));
    Row { line: line.unwrap_or_else(|| id.clone()), id }
}

/// A resource as the rooms of FHIR read it.
pub(crate) fn node(resource: &Value) -> Option<Node> {
    fhir::json::parse(resource.to_string().as_bytes()).ok()
}
