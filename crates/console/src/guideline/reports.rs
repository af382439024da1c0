//! Reports: as they stand, what changed since one was handed out, handing them out, and who got which.

use super::{list, mendable, overview, shown, tell, typed, when, word};
use crate::desk::{Ask, Desk, May, Refused};
use crate::fault::{Told, told};
use crate::frame::Frame;
use crate::shown::Shown;
use crate::visit::Visit;
use askama::Template;
use base::Language;
use serde_json::{Value, json};

/// The reports that there are.
const FORMS: [&str; 8] =
    ["checklist", "gaps", "director", "inspection", "matrix", "risk", "sds", "service-spec"];
/// The files of a report.
const OUTPUTS: [&str; 4] = ["pdf", "xlsx", "html", "json"];

/// What was handed out.
struct Handed {
    form: String,
    form_name: String,
    edition: String,
    edition_id: String,
    side: String,
    version: u64,
    language: String,
    output: String,
    recipient: String,
    by: String,
    at: String,
    position: Option<u64>,
    sha256: String,
}

#[derive(Template)]
#[template(path = "guideline/reports.html")]
struct Page<'a> {
    frame: Frame<'a>,
    forms: Vec<(&'static str, String)>,
    outputs: [&'static str; 4],
    form: String,
    output: String,
    recipient: String,
    /// The edition and the side that the paper has that one comes from, with their names; empty where each report has its own.
    edition: (String, String),
    side: (String, String),
    handed: Vec<Handed>,
    more: bool,
    may: bool,
    faults: Vec<Told>,
}

/// `GET` and `POST /f/{facility}/console/guideline/reports`: sending hands one out.
pub(super) async fn page(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let mut faults = Vec::new();
    if visit.sends {
        match hand_out(visit, desk).await {
            Ok(file) => return Ok(file),
            Err(refused) if mendable(&refused) => faults = told(&refused.0, visit.language),
            Err(refused) => return Err(refused),
        }
    }
    let listed = tell(desk, "report-list", json!({})).await?;
    let frame = Frame::of(visit, desk);
    let edition = typed(visit, "edition", visit.query.get("edition"));
    let side = typed(visit, "side", visit.query.get("side"));
    let page = Page {
        edition: (edition.clone(), overview::name(&edition, frame.words)),
        side: (side.clone(), frame.words.or(&format!("form-side-{side}"), &side)),
        forms: FORMS.iter().map(|form| (*form, frame.say(&format!("report-{form}")))).collect(),
        outputs: OUTPUTS,
        form: typed(visit, "form", visit.query.get("form")),
        output: typed(visit, "output", "pdf"),
        recipient: typed(visit, "recipient", ""),
        handed: list(&listed, "reports").iter().map(|one| handed(one, &frame)).collect(),
        more: listed.get("more").and_then(Value::as_bool) == Some(true),
        may: desk.may(May::Command("report")),
        faults,
        frame,
    };
    let faulty = !page.faults.is_empty();
    Ok(shown(page.render().unwrap_or_default(), faulty))
}

async fn hand_out(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let (form, output) = (visit.form.get("form"), visit.form.get("output"));
    let mut sent = super::body(visit, &["recipient", "edition", "side"]);
    sent.insert("form".to_owned(), json!(form));
    sent.insert("output".to_owned(), json!(output));
    sent.insert("language".to_owned(), json!(spelled(visit.language)));
    let file = desk.call(Ask::post("admin/report", Value::Object(sent))).await?;
    let day = super::japanese_day(desk.now());
    Ok(Shown::File { name: format!("{form}-{day}.{output}"), media: file.media, bytes: file.bytes })
}

/// A language as the API spells it.
pub(super) fn spelled(language: Language) -> &'static str {
    match language {
        Language::Japanese => "ja",
        Language::English => "en",
    }
}

fn handed(one: &Value, frame: &Frame<'_>) -> Handed {
    let form = word(one, "form");
    let file = list(one, "files").first();
    Handed {
        form_name: frame.words.or(&format!("report-{form}"), &form),
        form,
        edition: overview::name(&word(one, "edition"), frame.words),
        edition_id: word(one, "edition"),
        side: word(one, "side"),
        version: one.get("version").and_then(Value::as_u64).unwrap_or(0),
        language: word(one, "language"),
        output: word(one, "output"),
        recipient: word(one, "recipient"),
        by: word(one, "by"),
        at: when(one, "at", frame.words.0),
        position: super::position(one),
        sha256: file.map(|file| word(file, "sha256")).unwrap_or_default(),
    }
}
