//! All editions, with how each was last assessed.

use super::verdict::{Count, counts};
use super::{day_of, list, number, tell, word};
use crate::desk::{Desk, Refused};
use crate::frame::Frame;
use crate::shown::Shown;
use crate::visit::Visit;
use crate::words::Words;
use askama::Template;
use serde_json::{Value, json};

/// One edition.
pub(crate) struct Row {
    id: String,
    name: String,
    requirements: usize,
    /// When it was last assessed; none where it never was.
    at: Option<String>,
    counts: Vec<Count>,
}

#[derive(Template)]
#[template(path = "guideline/overview.html")]
struct Page<'a> {
    frame: Frame<'a>,
    rows: Vec<Row>,
}

/// `GET /f/{facility}/console/guideline`
pub(super) async fn page(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let told = tell(desk, "guideline-list", json!({})).await?;
    let frame = Frame::of(visit, desk);
    let mut rows: Vec<Row> = list(&told, "editions").iter().map(|one| row(one, visit, frame.words)).collect();
    // What was assessed comes first.
    rows.sort_by_key(|row| row.at.is_none());
    let page = Page { frame, rows };
    Ok(Shown::page(page.render().unwrap_or_default()))
}

fn row(edition: &Value, visit: &Visit, words: Words) -> Row {
    let id = word(edition, "edition");
    let last = edition.get("last").filter(|last| !last.is_null());
    Row {
        name: name(&id, words),
        id,
        requirements: number(edition, "requirements"),
        at: last.map(|last| day_of(last, "at", visit.language)),
        counts: last.map(|last| counts(last, words)).unwrap_or_default(),
    }
}

/// What people call an edition.
pub(super) fn name(id: &str, words: Words) -> String {
    words.or(&format!("edition-{}", id.replace('.', "-")), id)
}
