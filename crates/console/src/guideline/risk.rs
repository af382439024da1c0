//! One risk with its process: named, rated, planned, approved by an executive, put in force, looked at again.

use super::risks::status_name;
use super::{day_of, list, mendable, own_name, shown, tell, typed, when, word};
use crate::codes::PAGE_UNKNOWN;
use crate::desk::{Desk, May, Refused};
use crate::fault::{Told, told};
use crate::frame::{Frame, address};
use crate::shown::Shown;
use crate::visit::Visit;
use crate::words::Words;
use askama::Template;
use base::{Language, Problem};
use serde_json::{Value, json};

/// The steps that a page can take, as the API spells them.
const STEPS: [&str; 7] = ["assess", "plan", "approve", "put-in-force", "review", "close", "reopen"];

/// Something that is done against a risk, or was said of it.
struct Said {
    label: String,
    text: String,
}

/// A requirement that helps.
struct Helps {
    id: String,
    /// Edition, part and item, as people cite them.
    place: String,
}

#[derive(Template)]
#[template(path = "guideline/risk.html")]
struct Page<'a> {
    frame: Frame<'a>,
    id: String,
    title: String,
    threat: String,
    status: String,
    /// How large it is as it stands; empty while nobody rated it.
    level: String,
    tone: &'static str,
    late: bool,
    /// What it concerns, by name.
    concerns: Vec<String>,
    said: Vec<Said>,
    helps: Vec<Helps>,
    /// The moment of its plan, which an approval names.
    planned_at: String,
    steps: Vec<&'static str>,
    may_run: bool,
    done: bool,
    given: &'a Visit,
    owner: String,
    faults: Vec<Told>,
}

impl Page<'_> {
    /// The key of the name of a step.
    fn key(step: &str) -> String {
        format!("risk-step-{step}")
    }

    /// Whether what was sent, and refused, is this step.
    fn refused(&self, step: &str) -> bool {
        !self.faults.is_empty() && self.given.form.get("step") == step
    }

    /// What was typed into the form of this step.
    fn typed(&self, step: &str, name: &str) -> String {
        if self.refused(step) { self.given.form.raw(name).to_owned() } else { String::new() }
    }
}

/// `GET` and `POST /f/{facility}/console/guideline/risks/{id}`
pub(super) async fn page(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let id = visit.path.get(2).map_or("", String::as_str);
    let mut faults = Vec::new();
    if visit.sends {
        match act(visit, desk, id).await {
            Ok(()) => {
                return Ok(Shown::on(format!(
                    "{}?done",
                    address(desk.facility(), &["guideline", "risks", id])
                )));
            }
            Err(refused) if mendable(&refused) => faults = told(&refused.0, visit.language),
            Err(refused) => return Err(refused),
        }
    }
    let told = tell(desk, "risk-list", json!({})).await?;
    let rows = list(&told, "risks");
    let one = rows.iter().find(|one| one.pointer("/risk/id").and_then(Value::as_str) == Some(id));
    let one = one.ok_or_else(|| Problem::new(&PAGE_UNKNOWN))?;
    let page = made(visit, desk, (one, &told), faults);
    let faulty = !page.faults.is_empty();
    Ok(shown(page.render().unwrap_or_default(), faulty))
}

fn made<'a>(
    visit: &'a Visit,
    desk: &'a dyn Desk,
    (one, told): (&Value, &Value),
    faults: Vec<Told>,
) -> Page<'a> {
    let frame = Frame::of(visit, desk);
    let words = frame.words;
    let may = |name| desk.may(May::Command(name));
    let (runs, decides) = (may("risk-step"), may("risk-decide"));
    let risk = one.get("risk").cloned().unwrap_or_default();
    let (status, level) = (word(one, "status"), word(one, "level"));
    Page {
        id: word(&risk, "id"),
        title: word(&risk, "title"),
        threat: word(&risk, "threat"),
        level: level_name(&level, words),
        tone: tone(&level),
        late: late(one),
        concerns: concerns(&risk, told),
        said: said(&risk, words, visit.language),
        helps: list(&risk, "suggested").iter().map(|one| helps(one, words)).collect(),
        planned_at: risk.get("treatment").map(|plan| word(plan, "at")).unwrap_or_default(),
        steps: STEPS.into_iter().filter(|step| possible(step, &status, runs, decides)).collect(),
        status: status_name(one, words),
        may_run: runs,
        done: visit.query.has("done"),
        given: visit,
        owner: typed(visit, "owner", &own_name(visit)),
        faults,
        frame,
    }
}

fn helps(one: &Value, words: Words) -> Helps {
    let id = word(one, "requirement");
    Helps { place: super::cited(&id, words), id }
}

/// The names of the assets and flows that a risk concerns.
fn concerns(risk: &Value, told: &Value) -> Vec<String> {
    let mut names = Vec::new();
    for kind in ["assets", "flows"] {
        for id in list(risk, kind).iter().filter_map(Value::as_str) {
            let found = list(told, kind).iter().find(|one| one.get("id").and_then(Value::as_str) == Some(id));
            names.push(found.map_or_else(|| id.to_owned(), |one| word(one, "name")));
        }
    }
    names
}

/// What a level is called; empty where nobody rated it.
pub(super) fn level_name(level: &str, words: Words) -> String {
    if level.is_empty() { String::new() } else { words.or(&format!("level-{level}"), level) }
}

/// Whether its treatment or its review is late.
pub(super) fn late(row: &Value) -> bool {
    let is = |name: &str| row.get(name).and_then(Value::as_bool) == Some(true);
    is("overdue") || is("review_overdue")
}

async fn act(visit: &Visit, desk: &dyn Desk, id: &str) -> Result<(), Refused> {
    let form = &visit.form;
    let step = form.get("step");
    let command = if step == "approve" || form.has("decide") { "risk-decide" } else { "risk-step" };
    tell(desk, command, json!({ "risk": id, "step": step_of(visit, step) })).await?;
    Ok(())
}

/// The step that a form describes.
fn step_of(visit: &Visit, step: &str) -> Value {
    let form = &visit.form;
    let grade =
        |name: &str| form.get(name).parse::<u8>().map_or_else(|_| json!(form.get(name)), |one| json!(one));
    let why = form.get("why");
    match step {
        "assess" => json!({ "assess": {
            "likelihood": grade("likelihood"), "impact": grade("impact"), "why": why,
            "review_by": form.get("review_by"),
        } }),
        "plan" => json!({ "plan": {
            "kind": form.get("kind"), "why": why, "cost": form.get("cost"), "owner": form.get("owner"),
            "due": form.get("due"),
            "countermeasures": [{ "what": form.get("what"), "kind": form.get("measure") }],
            "residual": {
                "likelihood": grade("likelihood"), "impact": grade("impact"), "why": form.get("residual"),
            },
        } }),
        "approve" => json!({ "approve": { "note": why, "planned_at": form.get("planned_at") } }),
        "put-in-force" => json!({ "put-in-force": { "why": why } }),
        "review" => json!({ "review": { "why": why, "review_by": form.get("review_by") } }),
        "reopen" => json!({ "reopen": { "why": why } }),
        _ => json!({ "close": { "why": why } }),
    }
}

/// How the tag of a level looks.
pub(super) fn tone(level: &str) -> &'static str {
    match level {
        "high" | "critical" => "bad",
        "middle" => "wait",
        "low" => "good",
        _ => "none",
    }
}

/// Which steps a person may take of a risk that stands so. The command says so once more.
fn possible(step: &str, status: &str, runs: bool, decides: bool) -> bool {
    match step {
        "assess" => runs && status != "closed",
        "plan" => runs && matches!(status, "assessed" | "planned" | "approved" | "in-force"),
        "approve" => decides && status == "planned",
        "put-in-force" => runs && matches!(status, "planned" | "approved"),
        "review" => (runs || decides) && status == "in-force",
        "reopen" => runs && status == "closed",
        "close" => (runs || decides) && status != "closed",
        _ => false,
    }
}

/// What was said of it so far, step by step.
fn said(risk: &Value, words: Words, language: Language) -> Vec<Said> {
    let mut said = Vec::new();
    let mut add = |key: &str, text: String| {
        said.push(Said { label: words.say(key), text });
    };
    if let Some(one) = risk.get("assessed") {
        let grade = |name: &str| one.get(name).map(ToString::to_string).unwrap_or_default();
        let rated = words.with2("risks-rated", ("l", grade("likelihood")), ("i", grade("impact")));
        add("risks-assessed", format!("{rated} {} {}", word(one, "why"), by(one, language)));
    }
    if let Some(one) = risk.get("treatment") {
        let kind = word(one, "kind");
        let measures: Vec<String> =
            list(one, "countermeasures").iter().map(|one| word(one, "what")).collect();
        let kind = words.or(&format!("treatment-{kind}"), &kind);
        add("risks-planned", format!("{kind}: {} {}", measures.join(" / "), by(one, language)));
        let due = when(one, "due", language);
        add("risks-owner", format!("{} · {due}", word(one, "owner")));
    }
    if let Some(one) = risk.get("approval") {
        add("risks-approved", format!("{} {}", word(one, "note"), by(one, language)));
    }
    if let Some(one) = risk.get("in_force") {
        add("risks-in-force", format!("{} {}", word(one, "why"), by(one, language)));
    }
    if let Some(one) = risk.get("review_by") {
        add("risks-review-by", when(&json!({ "day": one }), "day", language));
    }
    said
}

fn by(one: &Value, language: Language) -> String {
    format!("({}, {})", word(one, "by"), day_of(one, "at", language))
}
