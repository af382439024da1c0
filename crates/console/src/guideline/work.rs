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

/// Questions on one page: it stays below 200 kB with them.
const QUESTIONS_EACH: usize = 150;
/// What is to be done again within so many days is on the list.
const SOON_DAYS: i64 = 60;
const DAY_SECONDS: i64 = 86_400;

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
    /// The ways to the questions before and after those shown; empty where there are none.
    before: String,
    after: String,
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
    let soon = desk.now().plus_seconds(SOON_DAYS.saturating_mul(DAY_SECONDS)).to_string();
    let mut questions: Vec<Task> =
        list(&asked, "questions").iter().map(|one| question(one, &frame, &soon)).collect();
    let of_kind = |kind: &Value| documents(kind, list(&register, "documents"), &frame, &soon);
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
    let from = visit.query.get("from").parse().unwrap_or(0).min(questions.len());
    let to = |from: usize| frame.to(&format!("guideline/work?{}from={from}", if all { "all&" } else { "" }));
    let (earlier, later) = (from.saturating_sub(QUESTIONS_EACH), from.saturating_add(QUESTIONS_EACH));
    let before = if from > 0 { to(earlier) } else { String::new() };
    let after = if later < questions.len() { to(later) } else { String::new() };
    let questions = questions.into_iter().skip(from).take(QUESTIONS_EACH).collect();
    let page = Page { frame, questions, documents, before, after, waiting_questions, waiting_documents, all };
    Ok(Shown::page(page.render().unwrap_or_default()))
}

/// Marks what stands, but is to be done again soon.
fn near(mut task: Task, soon: &str, words: Words) -> Task {
    if task.rank == 2 && !task.until_key.is_empty() && task.until_key.as_str() < soon {
        (task.rank, task.tone, task.state) = (1, "wait", words.say("work-soon"));
    }
    task
}

fn question(one: &Value, frame: &Frame<'_>, soon: &str) -> Task {
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
    let task = Task {
        rank,
        to: frame.to(&format!("guideline/questions/{key}")),
        text: text(one, "text", language),
        state,
        tone,
        owner: if asked_of.is_empty() { words.say("work-site") } else { actor(&asked_of, words) },
        until: super::day_of(&answer, "valid_until", language),
        until_key: word(&answer, "valid_until"),
        requirements: number(one, "requirements"),
    };
    near(task, soon, words)
}

/// The documents of a kind that stand; the kind itself where there is none.
fn documents(kind: &Value, register: &[Value], frame: &Frame<'_>, soon: &str) -> Vec<Task> {
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
            let task = Task {
                rank,
                to: to.clone(),
                text: words.with2("work-document", ("kind", &name), ("title", word(one, "title"))),
                state,
                tone,
                owner: word(one, "owner"),
                until: when(one, "review_on", language),
                until_key: word(one, "review_on"),
                requirements,
            };
            near(task, soon, words)
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
