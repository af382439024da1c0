//! The risk register with its process: named, rated, planned, approved by an executive, put in force, looked at again.

use super::{day_of, list, mendable, own_name, shown, tell, typed, when, word};
use crate::desk::{Desk, May, Refused};
use crate::fault::{Told, told};
use crate::frame::{Frame, address};
use crate::shown::Shown;
use crate::visit::Visit;
use crate::words::Words;
use askama::Template;
use base::Language;
use serde_json::{Value, json};

/// The steps that a page can take, as the API spells them.
const STEPS: [&str; 6] = ["assess", "plan", "approve", "put-in-force", "review", "close"];

/// Something that is done against a risk, or was said of it.
struct Said {
    label: String,
    text: String,
}

/// One risk.
struct Row {
    id: String,
    title: String,
    threat: String,
    status: String,
    /// How large it is as it stands; empty while nobody rated it.
    level: String,
    tone: &'static str,
    late: bool,
    said: Vec<Said>,
    /// The moment of its plan, which an approval names.
    planned_at: String,
    steps: Vec<&'static str>,
    open: bool,
}

#[derive(Template)]
#[template(path = "guideline/risks.html")]
struct Page<'a> {
    frame: Frame<'a>,
    rows: Vec<Row>,
    assets: usize,
    flows: usize,
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

    /// What was typed into the form of this risk and step.
    fn typed(&self, risk: &str, step: &str, name: &str) -> String {
        let form = &self.given.form;
        let same = form.get("risk") == risk && form.get("step") == step;
        if same { form.raw(name).to_owned() } else { String::new() }
    }
}

/// `GET` and `POST /f/{facility}/console/guideline/risks`
pub(super) async fn page(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let mut faults = Vec::new();
    if visit.sends {
        match act(visit, desk).await {
            Ok(()) => {
                return Ok(Shown::on(format!("{}?done", address(desk.facility(), &["guideline", "risks"]))));
            }
            Err(refused) if mendable(&refused) => faults = told(&refused.0, visit.language),
            Err(refused) => return Err(refused),
        }
    }
    let told = tell(desk, "risk-list", json!({})).await?;
    let frame = Frame::of(visit, desk);
    let may = |name| desk.may(May::Command(name));
    let (runs, decides) = (may("risk-step"), may("risk-decide"));
    let rows = list(&told, "risks").iter().map(|one| row(one, visit, frame.words, (runs, decides))).collect();
    let page = Page {
        rows,
        assets: list(&told, "assets").len(),
        flows: list(&told, "flows").len(),
        may_run: runs,
        done: visit.query.has("done"),
        given: visit,
        owner: typed(visit, "owner", &own_name(visit)),
        faults,
        frame,
    };
    let faulty = !page.faults.is_empty();
    Ok(shown(page.render().unwrap_or_default(), faulty))
}

async fn act(visit: &Visit, desk: &dyn Desk) -> Result<(), Refused> {
    let form = &visit.form;
    if form.get("act") == "propose" {
        let english = visit.language == Language::English;
        tell(desk, "risk-propose", json!({ "english": english })).await?;
        return Ok(());
    }
    let step = form.get("step");
    let command = if step == "approve" || form.has("decide") { "risk-decide" } else { "risk-step" };
    tell(desk, command, json!({ "risk": form.get("risk"), "step": step_of(visit, step) })).await?;
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
        _ => json!({ "close": { "why": why } }),
    }
}

fn row(one: &Value, visit: &Visit, words: Words, (runs, decides): (bool, bool)) -> Row {
    let risk = one.get("risk").cloned().unwrap_or_default();
    let status = word(one, "status");
    let level = word(one, "level");
    let is = |name: &str| one.get(name).and_then(Value::as_bool) == Some(true);
    let id = word(&risk, "id");
    Row {
        open: visit.sends && visit.form.get("risk") == id,
        title: word(&risk, "title"),
        threat: word(&risk, "threat"),
        level: if level.is_empty() { String::new() } else { words.or(&format!("level-{level}"), &level) },
        tone: tone(&level),
        late: is("overdue") || is("review_overdue"),
        said: said(&risk, words, visit.language),
        planned_at: risk.get("treatment").map(|plan| word(plan, "at")).unwrap_or_default(),
        steps: STEPS.into_iter().filter(|step| possible(step, &status, runs, decides)).collect(),
        status: words.or(&format!("risk-{status}"), &status),
        id,
    }
}

fn tone(level: &str) -> &'static str {
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
        "put-in-force" => runs && status == "approved",
        "review" => (runs || decides) && matches!(status, "in-force" | "approved"),
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
