//! What vendors and clouds disclose: taken in, dropped, and the matrix of responsibilities that follows.

use super::{list, mendable, number, overview, shown, tell, text, typed, when, word};
use crate::desk::{Desk, May, Refused};
use crate::fault::{Told, told};
use crate::frame::{Frame, address};
use crate::shown::Shown;
use crate::visit::Visit;
use askama::Template;
use serde_json::{Value, json};

/// A party that discloses.
struct Row {
    party: String,
    name: String,
    layer: String,
    dated: String,
    until: String,
    statements: usize,
    /// How many of them count today.
    counting: usize,
    taken_in: String,
}

#[derive(Template)]
#[template(path = "guideline/disclosures.html")]
struct Page<'a> {
    frame: Frame<'a>,
    rows: Vec<Row>,
    built_in: Vec<Row>,
    may_import: bool,
    may_remove: bool,
    done: bool,
    name: String,
    text: String,
    /// Editions that can be named, by id and name.
    editions: Vec<(String, String)>,
    edition: String,
    faults: Vec<Told>,
}

/// `GET` and `POST /f/{facility}/console/guideline/disclosures`
pub(super) async fn page(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let mut faults = Vec::new();
    if visit.sends {
        match act(visit, desk).await {
            Ok(()) => {
                let to = address(desk.facility(), &["guideline", "disclosures"]);
                return Ok(Shown::on(format!("{to}?done")));
            }
            Err(refused) if mendable(&refused) => faults = told(&refused.0, visit.language),
            Err(refused) => return Err(refused),
        }
    }
    let told = tell(desk, "disclosure-list", json!({})).await?;
    let frame = Frame::of(visit, desk);
    let may_import = desk.may(May::Command("disclosure-import"));
    let known = if may_import { tell(desk, "guideline-list", json!({})).await? } else { Value::Null };
    let editions = list(&known, "editions").iter().map(|one| word(one, "edition"));
    let rows = |name: &str| list(&told, name).iter().map(|one| row(one, &frame)).collect::<Vec<_>>();
    let page = Page {
        rows: rows("disclosures"),
        built_in: rows("built_in"),
        editions: editions.map(|id| (id.clone(), overview::name(&id, frame.words))).collect(),
        may_import,
        may_remove: desk.may(May::Command("disclosure-remove")),
        done: visit.query.has("done"),
        name: typed(visit, "name", ""),
        text: typed(visit, "text", ""),
        edition: typed(visit, "edition", ""),
        faults,
        frame,
    };
    let faulty = !page.faults.is_empty();
    Ok(shown(page.render().unwrap_or_default(), faulty))
}

async fn act(visit: &Visit, desk: &dyn Desk) -> Result<(), Refused> {
    let form = &visit.form;
    let (command, sent) = match form.get("act") {
        "remove" => ("disclosure-remove", json!({ "party": form.get("party") })),
        "built-in" => ("disclosure-import", json!({ "name": form.get("built_in") })),
        _ => {
            let mut sent = super::body(visit, &["edition"]);
            sent.insert("name".to_owned(), json!(form.get("name")));
            sent.insert("text".to_owned(), json!(form.raw("text")));
            ("disclosure-import", Value::Object(sent))
        }
    };
    tell(desk, command, sent).await?;
    Ok(())
}

fn row(one: &Value, frame: &Frame<'_>) -> Row {
    let (words, language) = (frame.words, frame.words.0);
    let layer = word(one, "layer");
    Row {
        party: word(one, "party"),
        name: text(one, "name", language),
        layer: words.or(&format!("layer-{layer}"), &layer),
        dated: when(one, "dated", language),
        until: when(one, "valid_until", language),
        statements: number(one, "statements"),
        counting: number(one, "counting"),
        taken_in: when(one, "taken_in", language),
    }
}
