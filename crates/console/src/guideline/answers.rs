//! One chapter of a form: each question with the answer that follows from what is known, what that rests on, and the forms to
//! answer it and to set by when it is to be met.

use super::edition::actor;
use super::forms::{Part, overview_of, parts, report_of};
use super::questions::answer_of;
use super::requirement::value;
use super::{body, day_of, list, mendable, overview, own_name, position, shown, tell, text, when, word};
use crate::codes::PAGE_UNKNOWN;
use crate::desk::{Desk, May, Refused};
use crate::fault::{Told, told};
use crate::frame::{Frame, address};
use crate::reading::measured;
use crate::shown::Shown;
use crate::visit::Visit;
use crate::words::Words;
use askama::Template;
use base::Problem;
use serde_json::{Map, Value, json};

/// How forms answer: the verdict, the key of the word, how its tag looks. Only what is known to be met is a yes.
const ANSWERS: [(&str, &str, &str); 6] = [
    ("met", "form-yes", "good"),
    ("partly", "form-no", "bad"),
    ("not-met", "form-no", "bad"),
    ("not-applicable", "form-apart", "none"),
    ("needs-a-person", "form-open", "wait"),
    ("unknown", "form-open", "wait"),
];

/// Something that an answer rests on.
struct Ground {
    key: String,
    text: String,
    /// What it is; none where nobody knows.
    value: Option<String>,
    how: String,
    observed: String,
    until: String,
    position: Option<u64>,
    origin: String,
    /// The kind of answer, where a person can give one here.
    kind: Option<String>,
    /// Who is asked.
    asked_of: String,
    /// Where the document is registered.
    document: Option<String>,
    /// Whether the answer waits for it.
    open: bool,
}

/// By when it is to be met.
struct Target {
    owner: String,
    due: String,
    note: String,
    over: bool,
    position: Option<u64>,
}

/// A question of the form.
struct Item {
    id: String,
    /// Its mark within the page.
    anchor: String,
    number: String,
    name: String,
    summary: String,
    /// What it concerns, by when the form asks for it, what it says beside.
    beside: Vec<String>,
    answer: String,
    tone: &'static str,
    /// The verdict behind the answer.
    verdict: String,
    excluded: String,
    grounds: Vec<Ground>,
    remedy: String,
    target: Option<Target>,
    /// Whether something is left to do.
    left: bool,
    saved: bool,
}

impl Item {
    /// Who sees to it, or whoever looks where nobody was named.
    fn owner<'a>(&'a self, own: &'a str) -> &'a str {
        self.target.as_ref().map_or(own, |target| &target.owner)
    }

    /// By when, as a field of a form takes it.
    fn due(&self) -> &str {
        self.target.as_ref().map_or("", |target| &target.due)
    }

    fn note(&self) -> &str {
        self.target.as_ref().map_or("", |target| &target.note)
    }
}

#[derive(Template)]
#[template(path = "guideline/answers.html")]
struct Page<'a> {
    frame: Frame<'a>,
    edition: &'a str,
    name: String,
    title: String,
    parts: Vec<Part>,
    items: Vec<Item>,
    answered: usize,
    all: usize,
    before: Option<String>,
    after: Option<String>,
    may_aim: bool,
    given: &'a Visit,
    own: String,
    faults: Vec<Told>,
}

impl Page<'_> {
    /// Whether what was sent, and refused, is of this form.
    fn refused(&self, item: &str, act: &str, key: &str) -> bool {
        let form = &self.given.form;
        !self.faults.is_empty()
            && form.get("requirement") == item
            && form.get("act") == act
            && form.get("question") == key
    }

    /// What was typed into this form, or what stands there at first.
    #[expect(clippy::too_many_arguments, reason = "a template cannot hand over pairs")]
    fn typed(&self, item: &str, act: &str, key: &str, name: &str, first: &str) -> String {
        let refused = self.refused(item, act, key);
        if refused { self.given.form.raw(name).to_owned() } else { first.to_owned() }
    }
}

/// `GET` and `POST /f/{facility}/console/guideline/forms/{edition}`
pub(super) async fn page(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let edition = visit.path.get(2).map_or("", String::as_str);
    let report = report_of(edition).ok_or_else(|| Problem::new(&PAGE_UNKNOWN))?;
    let (part, chapter) = (visit.query.get("part"), visit.query.get("chapter"));
    let mut faults = Vec::new();
    if visit.sends {
        match act(visit, desk).await {
            Ok(()) => return Ok(Shown::on(back(visit, desk, edition))),
            Err(refused) if mendable(&refused) => faults = told(&refused.0, visit.language),
            Err(refused) => return Err(refused),
        }
    }
    if chapter.is_empty() {
        return overview_of(visit, desk, (edition, report)).await;
    }
    let asked = json!({ "edition": edition, "part": part, "chapter": chapter });
    let one = tell(desk, "guideline-form", asked).await?;
    let page = made(visit, desk, (edition, &one), faults)?;
    let faulty = !page.faults.is_empty();
    Ok(shown(page.render().unwrap_or_default(), faulty))
}

/// To the question that was answered.
fn back(visit: &Visit, desk: &dyn Desk, edition: &str) -> String {
    let anchor = anchor(visit.form.get("requirement"));
    let query = visit.query.query_without(&["saved"]);
    format!("{}?{query}&saved={anchor}#{anchor}", address(desk.facility(), &["guideline", "forms", edition]))
}

async fn act(visit: &Visit, desk: &dyn Desk) -> Result<(), Refused> {
    let form = &visit.form;
    let requirement = json!(form.get("requirement"));
    match form.get("act") {
        "answer" => {
            let mut sent = body(visit, &["note", "until"]);
            sent.insert("question".to_owned(), json!(form.get("question")));
            sent.insert("name".to_owned(), json!(form.get("name")));
            sent.insert("answer".to_owned(), answer_of(form.get("kind"), form.get("answer")));
            tell(desk, "attest", Value::Object(sent)).await?;
        }
        "untarget" => {
            tell(desk, "requirement-target-remove", json!({ "requirement": requirement })).await?;
        }
        _ => {
            let mut sent: Map<String, Value> = body(visit, &["note"]);
            sent.insert("requirement".to_owned(), requirement);
            sent.insert("owner".to_owned(), json!(form.get("owner")));
            sent.insert("due".to_owned(), json!(form.get("due")));
            tell(desk, "requirement-target", Value::Object(sent)).await?;
        }
    }
    Ok(())
}

fn made<'a>(
    visit: &'a Visit,
    desk: &'a dyn Desk,
    (edition, one): (&'a str, &Value),
    faults: Vec<Told>,
) -> Result<Page<'a>, Refused> {
    let (part, chapter) = (visit.query.get("part"), visit.query.get("chapter"));
    let frame = Frame::of(visit, desk);
    let parts = parts(one, &frame, (part, chapter));
    let all: Vec<_> = parts.iter().flat_map(|part| &part.chapters).collect();
    let place = all.iter().position(|chapter| chapter.here);
    let (place, here) =
        place.and_then(|place| Some((place, *all.get(place)?))).ok_or_else(|| Problem::new(&PAGE_UNKNOWN))?;
    let beside = |place: Option<usize>| place.and_then(|place| all.get(place)).map(|one| one.to.clone());
    let chapters = list(one, "parts").iter().flat_map(|part| list(part, "chapters"));
    let may = |command| desk.may(May::Command(command));
    let saved = visit.query.get("saved");
    Ok(Page {
        name: overview::name(edition, frame.words),
        title: format!("{} {}", here.number, here.title),
        items: chapters
            .flat_map(|chapter| list(chapter, "items"))
            .map(|one| item(one, &frame, (may("attest"), saved)))
            .collect(),
        answered: here.answered,
        all: here.all,
        before: beside(place.checked_sub(1)),
        after: beside(place.checked_add(1)),
        may_aim: may("requirement-target"),
        given: visit,
        own: own_name(visit),
        edition,
        faults,
        parts,
        frame,
    })
}

/// A mark of a requirement that can stand in a page and its address.
fn anchor(requirement: &str) -> String {
    let plain = |sign: char| if sign.is_ascii_alphanumeric() { sign } else { '-' };
    requirement.chars().map(plain).collect()
}

fn item(one: &Value, frame: &Frame<'_>, (answers, saved): (bool, &str)) -> Item {
    let (words, language) = (frame.words, frame.words.0);
    let id = word(one, "requirement");
    let verdict = word(one, "verdict");
    let (_, key, tone) =
        ANSWERS.iter().find(|(known, ..)| *known == verdict).copied().unwrap_or(("", "form-open", "wait"));
    let concerns: Vec<String> = list(one, "concerns").iter().map(|both| super::of(both, language)).collect();
    let options: Vec<&str> = list(one, "options").iter().filter_map(Value::as_str).collect();
    let mut beside = Vec::new();
    let mut say = |key: &str, what: String| {
        if !what.is_empty() {
            beside.push(words.with(key, "what", what));
        }
    };
    say("form-concerns", concerns.join(" · "));
    say("form-deadline", text(one, "deadline", language));
    say("form-group", word(one, "group"));
    say("form-options", options.join(" / "));
    // Of the checklists the notes are ours, about how they were read.
    if !list(one, "forms").is_empty() {
        say("form-note", word(one, "note"));
    }
    let exclusion = one.get("exclusion").filter(|one| !one.is_null());
    let target = one.get("target").filter(|one| !one.is_null());
    let anchor = anchor(&id);
    Item {
        number: if word(one, "item").is_empty() { short(&id) } else { word(one, "item") },
        name: text(one, "name", language),
        summary: text(one, "summary", language),
        beside,
        answer: words.say(key),
        tone,
        verdict: super::verdict::name(&verdict, words),
        excluded: exclusion
            .map(|one| {
                words.with2("form-excluded", ("by", word(one, "decided_by")), ("why", word(one, "reason")))
            })
            .unwrap_or_default(),
        grounds: list(one, "facts").iter().map(|fact| ground(fact, frame, answers)).collect(),
        remedy: text(one, "remedy", language),
        target: target.map(|one| Target {
            owner: word(one, "owner"),
            due: word(one, "due"),
            note: word(one, "note"),
            over: one.get("over").and_then(Value::as_bool) == Some(true),
            position: position(one),
        }),
        left: !matches!(key, "form-yes" | "form-apart"),
        saved: saved == anchor,
        anchor,
        id,
    }
}

/// The last part of an id, for a question that has no mark.
fn short(id: &str) -> String {
    id.rsplit('/').next().unwrap_or(id).to_owned()
}

fn ground(one: &Value, frame: &Frame<'_>, answers: bool) -> Ground {
    let (words, language) = (frame.words, frame.words.0);
    let key = word(one, "key");
    let fact = one.get("fact").filter(|fact| !fact.is_null());
    let known = fact.cloned().unwrap_or_default();
    let origin = key.split('.').next().unwrap_or_default();
    // What a check of the site shows, nobody has to say.
    let shown_by_site = origin == "site" && word(&known, "origin") == "site";
    let is_asked = matches!(origin, "person" | "site") && !shown_by_site;
    let document = key.strip_prefix("document.");
    Ground {
        text: text(one, "text", language),
        value: fact.map(|fact| shown_value(fact, &word(one, "unit"), words)),
        how: text(&known, "how", language),
        observed: when(&known, "observed", language),
        until: day_of(&known, "valid_until", language),
        position: position(&known),
        origin: words.or(&format!("origin-{origin}"), origin),
        kind: (is_asked && answers).then(|| word(one, "kind")),
        asked_of: match word(one, "asked_of") {
            none if none.is_empty() => words.say("work-site"),
            asked => actor(&asked, words),
        },
        document: document.map(|kind| frame.to(&format!("guideline/documents/{kind}"))),
        open: one.get("open").and_then(Value::as_bool) == Some(true),
        key,
    }
}

/// A value with its unit.
pub(super) fn shown_value(fact: &Value, unit: &str, words: Words) -> String {
    match fact.get("value") {
        Some(Value::Number(number)) if !unit.is_empty() => measured(number, &format!("unit-{unit}"), words),
        other => value(other, words),
    }
}
