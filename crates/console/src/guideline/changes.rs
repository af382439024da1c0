//! What changed between two assessments: what got better, what got worse, what is not known any more, each with its cause.

use super::answers::shown_value;
use super::verdict::{Count, Verdict, counts};
use super::{list, number, overview, position, tell, text, when, word};
use crate::desk::{Desk, Refused};
use crate::frame::Frame;
use crate::shown::Shown;
use crate::visit::Visit;
use crate::words::Words;
use askama::Template;
use serde_json::{Value, json};

/// The ways in which a verdict can go, in the order in which they want to be looked at, with how they look.
const WAYS: [(&str, &str); 8] = [
    ("worse", "bad"),
    ("unknown", "bad"),
    ("gone", "none"),
    ("better", "good"),
    ("found", "wait"),
    ("apart", "none"),
    ("other", "none"),
    ("added", "none"),
];

/// The edition that is shown where none is named and nothing was assessed.
const FIRST: &str = "mhlw-7.0";

/// A fact that is another than before.
struct Cause {
    text: String,
    before: String,
    after: String,
    /// How it is known now, or was known.
    how: String,
    position: Option<u64>,
}

/// A requirement whose verdict is another.
struct Change {
    id: String,
    item: String,
    name: String,
    before: Verdict,
    after: Verdict,
    causes: Vec<Cause>,
    /// A decision that it does not apply, or that was taken back.
    decided: String,
}

/// Those that went the same way.
struct Group {
    title: String,
    tone: &'static str,
    changes: Vec<Change>,
}

/// A kept assessment.
struct Kept {
    version: u64,
    at: String,
    position: Option<u64>,
    counts: Vec<Count>,
}

/// An edition to choose.
struct Choice {
    id: String,
    name: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "guideline/changes.html")]
struct Page<'a> {
    frame: Frame<'a>,
    edition: String,
    name: String,
    editions: Vec<Choice>,
    kept: Vec<Kept>,
    /// When the papers of an inspection were last handed out.
    inspected: String,
    from: Option<Kept>,
    to: Option<Kept>,
    groups: Vec<Group>,
    changed: usize,
    same: usize,
}

impl Page<'_> {
    /// Whether an assessment is the one that is chosen.
    fn is(chosen: Option<&Kept>, version: u64) -> bool {
        chosen.is_some_and(|one| one.version == version)
    }
}

/// The keys of the texts that are put together, for the test that there is one for each.
#[cfg(test)]
pub(super) fn texts() -> impl Iterator<Item = String> {
    WAYS.iter().map(|(way, _)| format!("changes-{way}"))
}

/// `GET /f/{facility}/console/guideline/changes`
pub(super) async fn page(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let known = tell(desk, "guideline-list", json!({})).await?;
    let frame = Frame::of(visit, desk);
    let assessed: Vec<String> = list(&known, "editions")
        .iter()
        .filter(|one| one.get("last").is_some_and(|last| !last.is_null()))
        .map(|one| word(one, "edition"))
        .collect();
    let edition = match visit.query.get("edition") {
        "" if assessed.iter().any(|one| one == FIRST) => FIRST.to_owned(),
        "" => assessed.first().cloned().unwrap_or_else(|| FIRST.to_owned()),
        named => named.to_owned(),
    };
    let mut asked = json!({ "edition": edition });
    for end in ["from", "to"] {
        // The numbers are those of one edition; whoever chooses another begins anew.
        let version = visit.query.get(end).parse::<u64>().ok().filter(|_| visit.query.get("of") == edition);
        if let (Some(version), Some(members)) = (version, asked.as_object_mut()) {
            members.insert(end.to_owned(), json!(version));
        }
    }
    let told = tell(desk, "guideline-changes", asked).await?;
    let changes = list(&told, "changes");
    let group = |(way, tone): &(&'static str, &'static str)| {
        let of_way = changes.iter().filter(|one| word(one, "way") == *way);
        let changes: Vec<Change> = of_way.map(|one| change(one, frame.words)).collect();
        let title = frame.words.count(&format!("changes-{way}"), changes.len());
        (!changes.is_empty()).then_some(Group { title, tone, changes })
    };
    let end = |name: &str| {
        let one = told.get(name).filter(|one| !one.is_null());
        one.map(|one| kept(one, frame.words))
    };
    let page = Page {
        name: overview::name(&edition, frame.words),
        editions: assessed
            .into_iter()
            .map(|id| Choice { name: overview::name(&id, frame.words), chosen: id == edition, id })
            .collect(),
        edition,
        kept: list(&told, "kept").iter().map(|one| kept(one, frame.words)).collect(),
        inspected: when(&told, "inspected", visit.language),
        from: end("from"),
        to: end("to"),
        groups: WAYS.iter().filter_map(group).collect(),
        changed: changes.len(),
        same: number(&told, "same"),
        frame,
    };
    Ok(Shown::page(page.render().unwrap_or_default()))
}

fn kept(one: &Value, words: Words) -> Kept {
    Kept {
        version: one.get("version").and_then(Value::as_u64).unwrap_or(0),
        at: when(one, "at", words.0),
        position: position(one),
        counts: counts(one, words),
    }
}

fn change(one: &Value, words: Words) -> Change {
    let verdict = |name: &str| Verdict::of(&json!({ "verdict": one.get(name) }), words);
    let decided = |name: &str, key: &str| {
        let by = one.get(name).filter(|one| !one.is_null());
        by.map(|by| words.with2(key, ("by", word(by, "decided_by")), ("why", word(by, "reason"))))
    };
    Change {
        id: word(one, "requirement"),
        item: word(one, "item"),
        name: text(one, "name", words.0),
        before: verdict("before"),
        after: verdict("after"),
        causes: list(one, "causes").iter().map(|one| cause(one, words)).collect(),
        decided: decided("excluded", "changes-excluded")
            .or_else(|| decided("included", "changes-included"))
            .unwrap_or_default(),
    }
}

fn cause(one: &Value, words: Words) -> Cause {
    let unit = word(one, "unit");
    let fact = |name: &str| one.get(name).filter(|fact| !fact.is_null());
    let said = |name: &str| {
        fact(name).map_or_else(|| words.say("fact-unknown"), |fact| shown_value(fact, &unit, words))
    };
    let last = fact("after").or_else(|| fact("before")).cloned().unwrap_or_default();
    Cause {
        text: text(one, "text", words.0),
        before: said("before"),
        after: said("after"),
        how: text(&last, "how", words.0),
        position: position(&last),
    }
}
