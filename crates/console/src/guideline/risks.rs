//! The risk register: all risks, each with how far it came; naming them from what is entered, or in one's own words.

use super::risk::{late, level_name, tone};
use super::{list, mendable, shown, tell, typed, when, word};
use crate::desk::{Desk, May, Refused};
use crate::fault::{Told, told};
use crate::frame::{Frame, address};
use crate::shown::Shown;
use crate::visit::Visit;
use crate::words::Words;
use askama::Template;
use base::Language;
use serde_json::{Value, json};

/// The statuses in the order of the process.
const STATUSES: [&str; 6] = ["identified", "assessed", "planned", "approved", "in-force", "closed"];

/// How many risks stand so, to show them alone.
struct Stands {
    status: &'static str,
    name: String,
    number: usize,
    chosen: bool,
}

/// One risk.
struct Row {
    id: String,
    title: String,
    status: String,
    level: String,
    tone: &'static str,
    late: bool,
    owner: String,
    /// By when its treatment is in force.
    due: String,
    review: String,
}

/// Something that a risk can concern.
struct Concern {
    id: String,
    name: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "guideline/risks.html")]
struct Page<'a> {
    frame: Frame<'a>,
    statuses: Vec<Stands>,
    /// How many there are.
    all: usize,
    /// Whether those of one status are shown alone.
    filtered: bool,
    rows: Vec<Row>,
    assets: Vec<Concern>,
    flows: Vec<Concern>,
    may_run: bool,
    done: bool,
    id: String,
    title: String,
    threat: String,
    faults: Vec<Told>,
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
    let concerns = |name: &str| {
        let chosen: Vec<&str> = visit.form.all(name).collect();
        let concern = |one: &Value| Concern {
            chosen: chosen.contains(&word(one, "id").as_str()),
            id: word(one, "id"),
            name: word(one, "name"),
        };
        list(&told, name).iter().map(concern).collect::<Vec<_>>()
    };
    let wanted = visit.query.get("status");
    let all = list(&told, "risks");
    let mut found: Vec<&Value> =
        all.iter().filter(|one| wanted.is_empty() || word(one, "status") == wanted).collect();
    if desk.may(May::Command("risk-decide")) {
        // What waits for this person comes first; all else as the register orders it.
        found.sort_by_key(|one| one.get("awaits_approval").and_then(Value::as_bool) != Some(true));
    }
    let stands = |status: &&'static str| Stands {
        status,
        name: frame.words.say(&format!("risk-{status}")),
        number: all.iter().filter(|one| word(one, "status") == **status).count(),
        chosen: *status == wanted,
    };
    let page = Page {
        statuses: STATUSES.iter().map(stands).filter(|one| one.number > 0).collect(),
        all: all.len(),
        filtered: !wanted.is_empty(),
        rows: found.into_iter().map(|one| row(one, &frame)).collect(),
        assets: concerns("assets"),
        flows: concerns("flows"),
        may_run: desk.may(May::Command("risk-add")),
        done: visit.query.has("done"),
        id: typed(visit, "id", ""),
        title: typed(visit, "title", ""),
        threat: typed(visit, "threat", ""),
        faults,
        frame,
    };
    let faulty = !page.faults.is_empty();
    Ok(shown(page.render().unwrap_or_default(), faulty))
}

async fn act(visit: &Visit, desk: &dyn Desk) -> Result<(), Refused> {
    let form = &visit.form;
    if form.get("act") == "add" {
        let all = |name| form.all(name).collect::<Vec<_>>();
        let description = json!({
            "title": form.get("title"), "threat": form.get("threat"),
            "assets": all("assets"), "flows": all("flows"),
        });
        tell(desk, "risk-add", json!({ "risk": form.get("id"), "description": description })).await?;
    } else {
        let english = visit.language == Language::English;
        tell(desk, "risk-propose", json!({ "english": english })).await?;
    }
    Ok(())
}

/// What the status of a risk is called: of one that is planned, whether somebody has to approve it.
pub(super) fn status_name(one: &Value, words: Words) -> String {
    let status = word(one, "status");
    let waits = one.get("awaits_approval").and_then(Value::as_bool) == Some(true);
    let key = if status == "planned" && waits { "planned-waits" } else { status.as_str() };
    words.or(&format!("risk-{key}"), &status)
}

fn row(one: &Value, frame: &Frame<'_>) -> Row {
    let (words, language) = (frame.words, frame.words.0);
    let risk = one.get("risk").cloned().unwrap_or_default();
    let plan = risk.get("treatment").cloned().unwrap_or_default();
    let level = word(one, "level");
    Row {
        id: word(&risk, "id"),
        title: word(&risk, "title"),
        status: status_name(one, words),
        level: level_name(&level, words),
        tone: tone(&level),
        late: late(one),
        owner: word(&plan, "owner"),
        due: when(&plan, "due", language),
        review: when(&risk, "review_by", language),
    }
}
