//! What people have to bring: questions to answer, documents to make, approve or review; what is overdue first.

use super::edition::actor;
use super::{list, number, tell, text, when, word};
use crate::desk::{Desk, Refused};
use crate::frame::Frame;
use crate::shown::Shown;
use crate::visit::Visit;
use crate::words::Words;
use askama::Template;
use serde_json::{Value, json};
use std::cmp::Reverse;

/// Something to be done.
struct Task {
    /// Its place in the order: overdue, never done, done.
    rank: u8,
    to: String,
    text: String,
    state: String,
    tone: &'static str,
    owner: String,
    /// By when it is to be done again; empty where that was never laid down.
    until: String,
    /// The same as it sorts.
    until_key: String,
    requirements: usize,
}

#[derive(Template)]
#[template(path = "guideline/work.html")]
struct Page<'a> {
    frame: Frame<'a>,
    questions: Vec<Task>,
    documents: Vec<Task>,
    /// How many wait.
    waiting_questions: usize,
    waiting_documents: usize,
    all: bool,
}

/// `GET /f/{facility}/console/guideline/work`
pub(super) async fn page(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let asked = tell(desk, "question-list", json!({})).await?;
    let kinds = tell(desk, "document-kinds", json!({})).await?;
    let register = tell(desk, "document-list", json!({})).await?;
    let frame = Frame::of(visit, desk);
    let all = visit.query.has("all");
    let mut questions: Vec<Task> =
        list(&asked, "questions").iter().map(|one| question(one, &frame)).collect();
    let of_kind = |kind: &Value| documents(kind, list(&register, "documents"), &frame);
    let mut documents: Vec<Task> = list(&kinds, "kinds").iter().flat_map(of_kind).collect();
    let waits = |tasks: &[Task]| tasks.iter().filter(|task| task.rank < 2).count();
    let (waiting_questions, waiting_documents) = (waits(&questions), waits(&documents));
    for tasks in [&mut questions, &mut documents] {
        tasks.retain(|task| all || task.rank < 2);
        tasks.sort_by(|one, other| {
            let key = |task: &Task| (task.rank, task.until_key.clone(), Reverse(task.requirements));
            key(one).cmp(&key(other))
        });
    }
    let page = Page { frame, questions, documents, waiting_questions, waiting_documents, all };
    Ok(Shown::page(page.render().unwrap_or_default()))
}

fn question(one: &Value, frame: &Frame<'_>) -> Task {
    let (words, language) = (frame.words, frame.words.0);
    let key = word(one, "question");
    let answer = one.get("answer").cloned().unwrap_or_default();
    let (rank, tone, state) = match word(one, "state").as_str() {
        "over" => (0, "bad", words.say("work-over")),
        "answered" => (2, "good", words.say("work-answered")),
        _ => (1, "wait", words.say("work-open")),
    };
    // Of the site anybody may know; what a check shows nobody has to say.
    let asked_of = word(one, "asked_of");
    Task {
        rank,
        to: frame.to(&format!("guideline/questions/{key}")),
        text: text(one, "text", language),
        state,
        tone,
        owner: if asked_of.is_empty() { words.say("work-site") } else { actor(&asked_of, words) },
        until: super::day_of(&answer, "valid_until", language),
        until_key: word(&answer, "valid_until"),
        requirements: number(one, "requirements"),
    }
}

/// The documents of a kind that stand; the kind itself where there is none.
fn documents(kind: &Value, register: &[Value], frame: &Frame<'_>) -> Vec<Task> {
    let (words, language) = (frame.words, frame.words.0);
    let id = word(kind, "kind");
    let to = frame.to(&format!("guideline/documents/{id}"));
    let name = text(kind, "name", language);
    let requirements = number(kind, "requirements");
    let standing = |one: &&Value| word(one, "kind") == id && word(one, "standing") != "withdrawn";
    let found: Vec<Task> = register
        .iter()
        .filter(standing)
        .map(|one| {
            let (rank, tone, state) = standing_of(one, words);
            Task {
                rank,
                to: to.clone(),
                text: words.with2("work-document", ("kind", &name), ("title", word(one, "title"))),
                state,
                tone,
                owner: word(one, "owner"),
                until: when(one, "review_on", language),
                until_key: word(one, "review_on"),
                requirements,
            }
        })
        .collect();
    if !found.is_empty() {
        return found;
    }
    vec![Task {
        rank: 1,
        to,
        text: name,
        state: words.say("work-absent"),
        tone: "wait",
        owner: actor(&word(kind, "owner"), words),
        until: String::new(),
        until_key: String::new(),
        requirements,
    }]
}

/// How a document stands: its place in the order, its tag, its word.
pub(super) fn standing_of(document: &Value, words: Words) -> (u8, &'static str, String) {
    let standing = word(document, "standing");
    let (rank, tone) = match standing.as_str() {
        "counts" => (2, "good"),
        "not-approved" => (1, "wait"),
        "withdrawn" => (3, "none"),
        _ => (0, "bad"),
    };
    (rank, tone, words.or(&format!("standing-{standing}"), &standing))
}
