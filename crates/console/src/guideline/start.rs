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
    how_far: HowFar,
    /// How far it is, in words.
    how: String,
    to: String,
    /// Whether it is where to go on.
    next: bool,
}

/// How far a step has come. What is begun is not shown as done.
#[derive(Clone, Copy, PartialEq, Eq)]
enum HowFar {
    Open,
    Begun,
    Done,
}

impl HowFar {
    fn of(done: usize, all: usize) -> Self {
        match done {
            0 => Self::Open,
            _ if done < all => Self::Begun,
            _ => Self::Done,
        }
    }

    /// The key of its text, and how it is marked.
    fn tag(self) -> (&'static str, &'static str) {
        match self {
            Self::Open => ("start-open", "none"),
            Self::Begun => ("start-begun", "wait"),
            Self::Done => ("start-done", "good"),
        }
    }
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
        step("profile", HowFar::of(answered, questions.len()), of_all, frame.to("guideline/work")),
        step(
            "systems",
            HowFar::of(usize::from(vendors > 0) + usize::from(assets > 0), 2),
            words.with2("start-systems-how", ("vendors", vendors), ("assets", assets)),
            frame.to("guideline/disclosures"),
        ),
        step(
            "network",
            HowFar::of(usize::from(drawn), 1),
            words.say(if drawn { "start-network-drawn" } else { "start-network-none" }),
            frame.to("guideline/site"),
        ),
        step(
            "assess",
            HowFar::of(usize::from(!assessed.is_empty()), 1),
            names.join(" · "),
            frame.to(&format!("guideline/{FIRST}")),
        ),
    ];
    // The questions are many: whoever has begun them is led on to what is untouched, and back to them at the end.
    let place = |how_far| steps.iter().position(|step: &Step| step.how_far == how_far);
    let next = place(HowFar::Open).or_else(|| place(HowFar::Begun));
    if let Some(step) = next.and_then(|next| steps.get_mut(next)) {
        step.next = true;
    }
    let five = if assessed.is_empty() { None } else { five(desk, visit.language).await? };
    let page = Page { frame, steps, five };
    Ok(Shown::page(page.render().unwrap_or_default()))
}

fn step(key: &'static str, how_far: HowFar, how: String, to: String) -> Step {
    Step { key, how_far, how, to, next: false }
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
