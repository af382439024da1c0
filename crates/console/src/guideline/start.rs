//! The first run of a small facility: what is done, what comes next, and at its end what lowers the risk most.

use super::paper::{Block, Table, sections};
use super::{list, overview, tell, word};
use crate::desk::{Desk, Refused};
use crate::frame::Frame;
use crate::shown::Shown;
use crate::visit::Visit;
use askama::Template;
use base::Language;
use serde_json::{Value, json};

/// The edition that a facility begins with: the checklist that an inspector asks for.
const FIRST: &str = "mhlw-checklist-2025";

/// A step of the first run.
struct Step {
    key: &'static str,
    done: bool,
    /// How far it is, in words.
    how: String,
    to: String,
    /// Whether it is the first that is not done.
    next: bool,
}

#[derive(Template)]
#[template(path = "guideline/start.html")]
struct Page<'a> {
    frame: Frame<'a>,
    steps: Vec<Step>,
    /// The five measures; none before the first assessment.
    five: Option<Table>,
}

impl Page<'_> {
    /// The key of what a step is called.
    fn title(step: &str) -> String {
        format!("start-{step}")
    }

    /// The key of what it is about.
    fn text(step: &str) -> String {
        format!("start-{step}-what")
    }

    /// The key of what leads to it.
    fn go(step: &str) -> String {
        format!("start-{step}-go")
    }
}

/// `GET /f/{facility}/console/start`
pub(super) async fn page(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let asked = tell(desk, "question-list", json!({})).await?;
    let disclosures = tell(desk, "disclosure-list", json!({})).await?;
    let risks = tell(desk, "risk-list", json!({})).await?;
    let site = tell(desk, "site-show", json!({})).await?;
    let editions = tell(desk, "guideline-list", json!({})).await?;
    let frame = Frame::of(visit, desk);
    let words = frame.words;
    let questions = list(&asked, "questions");
    let answered = questions.iter().filter(|one| word(one, "state") == "answered").count();
    let (vendors, assets) = (list(&disclosures, "disclosures").len(), list(&risks, "assets").len());
    let drawn = site.get("check").is_some_and(|check| !check.is_null());
    let assessed: Vec<&Value> = list(&editions, "editions")
        .iter()
        .filter(|one| one.get("last").is_some_and(|last| !last.is_null()))
        .collect();
    let names: Vec<String> =
        assessed.iter().map(|one| overview::name(&word(one, "edition"), words)).collect();
    let of_all = words.with2("start-of", ("done", answered), ("all", questions.len()));
    let mut steps = vec![
        step("profile", answered > 0, of_all, frame.to("guideline/work")),
        step(
            "systems",
            vendors > 0 || assets > 0,
            words.with2("start-systems-how", ("vendors", vendors), ("assets", assets)),
            frame.to("guideline/disclosures"),
        ),
        step(
            "network",
            drawn,
            words.say(if drawn { "start-network-drawn" } else { "start-network-none" }),
            frame.to("guideline/site"),
        ),
        step("assess", !assessed.is_empty(), names.join(" · "), frame.to(&format!("guideline/{FIRST}"))),
    ];
    if let Some(first) = steps.iter_mut().find(|step| !step.done) {
        first.next = true;
    }
    let five = if assessed.is_empty() { None } else { five(desk, visit.language).await? };
    let page = Page { frame, steps, five };
    Ok(Shown::page(page.render().unwrap_or_default()))
}

fn step(key: &'static str, done: bool, how: String, to: String) -> Step {
    Step { key, done, how, to, next: false }
}

/// The measures of the director's report: the five of the greatest effect.
async fn five(desk: &dyn Desk, language: Language) -> Result<Option<Table>, Refused> {
    let spelled = if language == Language::Japanese { "ja" } else { "en" };
    let told = tell(desk, "report-preview", json!({ "form": "director", "language": spelled })).await?;
    let paper = told.get("paper").cloned().unwrap_or_default();
    let blocks = sections(&paper, language).into_iter().flat_map(|section| section.blocks);
    // The director's page has one table of its own; bars have a caption and no rows that can be done.
    let mut tables = blocks.filter_map(|block| match block {
        Block::Table(table) if table.columns.first().is_some_and(|first| !first.title.is_empty()) => {
            Some(table)
        }
        _ => None,
    });
    // The heading of the page says what the table is.
    Ok(tables.next_back().map(|table| Table { name: String::new(), ..table }))
}
