//! One kind of document: what the register holds of it, and the forms to register, renew, approve and withdraw.

use super::edition::actor;
use super::work::standing_of;
use super::{body, list, mendable, own_name, shown, tell, text, typed, when, word};
use crate::desk::{Desk, May, Refused};
use crate::fault::{Told, told};
use crate::frame::{Frame, address};
use crate::shown::Shown;
use crate::visit::Visit;
use askama::Template;
use serde_json::{Value, json};

/// One of the register.
struct Row {
    id: String,
    title: String,
    version: String,
    place: String,
    /// Its address, where it has one.
    link: String,
    owner: String,
    approved: String,
    review_on: String,
    standing: String,
    tone: &'static str,
    position: u64,
    stands: bool,
    waits: bool,
}

#[derive(Template)]
#[template(path = "guideline/documents.html")]
struct Page<'a> {
    frame: Frame<'a>,
    kind: String,
    name: String,
    owner: String,
    months: usize,
    requirements: usize,
    template: bool,
    rows: Vec<Row>,
    rights: Rights,
    done: bool,
    given: Given,
    faults: Vec<Told>,
}

/// What the law lets this person do.
struct Rights {
    add: bool,
    approve: bool,
}

/// What was typed.
struct Given {
    title: String,
    version: String,
    place: String,
    owner: String,
    approved_by: String,
    approved_on: String,
    review_on: String,
    name: String,
    link: bool,
    replaces: String,
}

/// `GET` and `POST /f/{facility}/console/guideline/documents/{kind}`
pub(super) async fn page(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let kind = visit.path.get(2).map_or("", String::as_str);
    if visit.query.has("template") {
        let told = tell(desk, "document-template", json!({ "kind": kind })).await?;
        let bytes = word(&told, "text").into_bytes();
        let media = "text/markdown; charset=utf-8".to_owned();
        return Ok(Shown::File { name: format!("{kind}.md"), media, bytes });
    }
    let mut faults = Vec::new();
    if visit.sends {
        match act(visit, desk, kind).await {
            Ok(()) => {
                let to = address(desk.facility(), &["guideline", "documents", kind]);
                return Ok(Shown::on(format!("{to}?done")));
            }
            Err(refused) if mendable(&refused) => faults = told(&refused.0, visit.language),
            Err(refused) => return Err(refused),
        }
    }
    let kinds = tell(desk, "document-kinds", json!({})).await?;
    let register = tell(desk, "document-list", json!({})).await?;
    let found = list(&kinds, "kinds").iter().find(|one| word(one, "kind") == kind);
    let one = found.ok_or_else(|| base::Problem::new(&crate::codes::PAGE_UNKNOWN))?;
    let frame = Frame::of(visit, desk);
    let of_kind = list(&register, "documents").iter().filter(|one| word(one, "kind") == kind);
    let mut rows: Vec<Row> = of_kind.map(|one| row(one, &frame)).collect();
    rows.sort_by_key(|row| (!row.stands, std::cmp::Reverse(row.position)));
    let page = Page {
        kind: kind.to_owned(),
        name: text(one, "name", visit.language),
        owner: actor(&word(one, "owner"), frame.words),
        months: super::number(one, "review_months"),
        requirements: super::number(one, "requirements"),
        template: one.get("template").and_then(Value::as_bool) == Some(true),
        rows,
        rights: Rights {
            add: desk.may(May::Command("document-add")),
            approve: desk.may(May::Command("document-approve")),
        },
        done: visit.query.has("done"),
        given: given(visit),
        faults,
        frame,
    };
    let faulty = !page.faults.is_empty();
    Ok(shown(page.render().unwrap_or_default(), faulty))
}

async fn act(visit: &Visit, desk: &dyn Desk, kind: &str) -> Result<(), Refused> {
    let form = &visit.form;
    let document = json!(form.get("document"));
    match form.get("act") {
        "approve" => {
            let mut sent = body(visit, &["on"]);
            sent.insert("document".to_owned(), document);
            sent.insert("name".to_owned(), json!(form.get("name")));
            tell(desk, "document-approve", Value::Object(sent)).await?;
        }
        "withdraw" => {
            let sent = json!({ "document": document, "reason": form.get("reason") });
            tell(desk, "document-withdraw", sent).await?;
        }
        _ => {
            let mut sent = body(visit, &["approved_by", "approved_on", "review_on", "replaces"]);
            let place = if form.get("where") == "link" { "link" } else { "shelf" };
            sent.insert("kind".to_owned(), json!(kind));
            sent.insert("place".to_owned(), json!({ place: form.get("place") }));
            for name in ["title", "version", "owner"] {
                sent.insert(name.to_owned(), json!(form.get(name)));
            }
            tell(desk, "document-add", Value::Object(sent)).await?;
        }
    }
    Ok(())
}

fn given(visit: &Visit) -> Given {
    let text = |name: &str| typed(visit, name, "");
    Given {
        title: text("title"),
        version: text("version"),
        place: text("place"),
        owner: typed(visit, "owner", &own_name(visit)),
        approved_by: text("approved_by"),
        approved_on: text("approved_on"),
        review_on: text("review_on"),
        name: typed(visit, "name", &own_name(visit)),
        link: text("where") == "link",
        replaces: text("replaces"),
    }
}

fn row(one: &Value, frame: &Frame<'_>) -> Row {
    let (words, language) = (frame.words, frame.words.0);
    let (_, tone, standing) = standing_of(one, words);
    let place = one.get("place").cloned().unwrap_or_default();
    let approved = one.get("approved").filter(|approved| !approved.is_null());
    let word_of = word(one, "standing");
    Row {
        id: word(one, "id"),
        title: word(one, "title"),
        version: word(one, "version"),
        place: ["shelf", "link", "file"].iter().map(|name| word(&place, name)).collect(),
        link: word(&place, "link"),
        owner: word(one, "owner"),
        approved: approved
            .map(|one| format!("{} ({})", word(one, "by"), when(one, "on", language)))
            .unwrap_or_default(),
        review_on: when(one, "review_on", language),
        standing,
        tone,
        position: super::position(one).unwrap_or(0),
        stands: word_of != "withdrawn",
        waits: word_of == "not-approved",
    }
}
