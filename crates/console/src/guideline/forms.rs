//! Forms that a facility hands in, the yearly checklist and the security disclosure: how far each is, by chapter.

use super::verdict::{Count, counts};
use super::{list, overview, tell, text, word};
use crate::desk::{Desk, May, Refused};
use crate::frame::Frame;
use crate::shown::Shown;
use crate::visit::Visit;
use askama::Template;
use serde_json::{Value, json};

/// The editions that are forms, each with the report that fills it in, the newest first.
const FORMS: [(&str, &str); 3] =
    [("mhlw-checklist-2026", "checklist"), ("mhlw-checklist-2025", "checklist"), ("jahis-sds-5.0", "sds")];

/// The report that fills in an edition; none where it is no form.
pub(super) fn report_of(edition: &str) -> Option<&'static str> {
    FORMS.iter().find(|(known, _)| *known == edition).map(|(_, report)| *report)
}

/// A chapter of a form.
pub(crate) struct Chapter {
    pub(crate) number: String,
    pub(crate) title: String,
    /// Where it is answered.
    pub(crate) to: String,
    pub(crate) here: bool,
    pub(crate) counts: Vec<Count>,
    /// How many of how many questions have an answer.
    pub(crate) answered: usize,
    pub(crate) all: usize,
}

/// A part of a form: of the facility, of the provider.
pub(crate) struct Part {
    pub(crate) title: String,
    pub(crate) chapters: Vec<Chapter>,
    /// What of the official form nobody could read.
    pub(crate) gaps: Vec<String>,
}

/// The parts of a form as it stands, without their questions.
pub(super) fn parts(told: &Value, frame: &Frame<'_>, here: (&str, &str)) -> Vec<Part> {
    let edition = word(told, "edition");
    let part = |one: &Value| {
        let name = word(one, "part");
        let chapters = list(one, "chapters").iter().map(|chapter| {
            let number = word(chapter, "number");
            let counts = counts(chapter, frame.words);
            let open = ["needs-a-person", "unknown"];
            let all = counts.iter().map(|one| one.number).sum();
            let answered = counts.iter().filter(|one| !open.contains(&one.word)).map(|one| one.number).sum();
            let query = format!("part={}&chapter={}", super::encoded(&name), super::encoded(&number));
            Chapter {
                title: text(chapter, "title", frame.words.0),
                to: format!("{}?{query}", frame.to(&format!("guideline/forms/{edition}"))),
                here: (name.as_str(), number.as_str()) == here,
                counts,
                answered,
                all,
                number,
            }
        });
        Part {
            title: text(one, "title", frame.words.0),
            chapters: chapters.collect(),
            gaps: list(one, "gaps").iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        }
    };
    list(told, "parts").iter().map(part).collect()
}

#[derive(Template)]
#[template(path = "guideline/forms.html")]
struct Page<'a> {
    frame: Frame<'a>,
    rows: Vec<(&'static str, String)>,
}

/// `GET /f/{facility}/console/guideline/forms`
pub(super) async fn page(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    // What the law does not let this person see is refused here as it is behind each of the links.
    tell(desk, "guideline-list", json!({})).await?;
    let frame = Frame::of(visit, desk);
    let rows = FORMS.iter().map(|(edition, _)| (*edition, overview::name(edition, frame.words))).collect();
    Ok(Shown::page(Page { frame, rows }.render().unwrap_or_default()))
}

#[derive(Template)]
#[template(path = "guideline/form.html")]
struct Overview<'a> {
    frame: Frame<'a>,
    edition: &'a str,
    name: String,
    url: String,
    report: &'static str,
    parts: Vec<Part>,
    answered: usize,
    all: usize,
    may_report: bool,
}

/// How far a form is; its questions stand on the page of each chapter.
pub(super) async fn overview_of(
    visit: &Visit,
    desk: &dyn Desk,
    (edition, report): (&str, &'static str),
) -> Result<Shown, Refused> {
    // No chapter has this number: what comes back is the outline.
    let told = tell(desk, "guideline-form", json!({ "edition": edition, "chapter": "" })).await?;
    let frame = Frame::of(visit, desk);
    let parts = parts(&told, &frame, ("", ""));
    let chapters = || parts.iter().flat_map(|part| &part.chapters);
    let page = Overview {
        name: overview::name(edition, frame.words),
        url: word(&told, "url"),
        answered: chapters().map(|one| one.answered).sum(),
        all: chapters().map(|one| one.all).sum(),
        parts,
        edition,
        report,
        may_report: desk.may(May::Command("report")),
        frame,
    };
    Ok(Shown::page(page.render().unwrap_or_default()))
}
