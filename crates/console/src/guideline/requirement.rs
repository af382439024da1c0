//! One requirement: what it asks, the verdict with what it rests on, who answers for it, what to do, and how it went.

use super::answers::shown_value;
use super::edition::actor;
use super::verdict::Verdict;
use super::{
    body, cited, list, mendable, of, overview, own_name, position, shown, tell, text, typed, when, word,
};
use crate::desk::{Desk, May, Refused};
use crate::fault::{Told, told};
use crate::frame::{Frame, address};
use crate::reading::in_words;
use crate::shown::Shown;
use crate::visit::Visit;
use crate::words::Words;
use askama::Template;
use base::Language;
use serde_json::{Value, json};

/// A fact that bears on it, known or not.
struct Fact {
    text: String,
    /// What it is; none where nobody knows.
    value: Option<String>,
    origin: String,
    how: String,
    observed: String,
    until: String,
    position: Option<u64>,
    /// Where it can be answered or brought.
    way: Option<Way>,
    /// Whether the last assessment waited for it.
    open: bool,
}

struct Way {
    to: String,
    key: &'static str,
}

/// What a party says.
struct Says {
    party: String,
    share: String,
    provides: String,
    remains: String,
}

struct Then {
    at: String,
    position: Option<u64>,
    verdict: Verdict,
}

struct Excluded {
    reason: String,
    by: String,
    until: String,
}

/// By when it is to be met.
struct Target {
    due: String,
    owner: String,
    note: String,
    over: bool,
    position: Option<u64>,
}

struct Related {
    id: String,
    name: String,
    /// Edition, part and item, as people cite them.
    place: String,
}

#[derive(Template)]
#[template(path = "guideline/requirement.html")]
struct Page<'a> {
    frame: Frame<'a>,
    id: String,
    edition: String,
    edition_name: String,
    chapter: String,
    name: String,
    item: String,
    summary: String,
    locator: String,
    caution: String,
    actors: Vec<String>,
    verdict: Verdict,
    assessed_at: String,
    assessed_position: Option<u64>,
    facts: Vec<Fact>,
    remedy: String,
    target: Option<Target>,
    excluded: Option<Excluded>,
    answered: String,
    says: Vec<Says>,
    history: Vec<Then>,
    related: Vec<Related>,
    may_exclude: bool,
    reason: String,
    decided_by: String,
    until: String,
    done: bool,
    faults: Vec<Told>,
}

/// `GET` and `POST /f/{facility}/console/guideline/{edition}/{part}/{item}`
pub(super) async fn page(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let parts: Vec<&str> = visit.path.iter().skip(1).map(String::as_str).collect();
    let id = parts.join("/");
    let mut faults = Vec::new();
    if visit.sends {
        match decide(visit, desk, &id).await {
            Ok(()) => {
                let path: Vec<&str> = visit.path.iter().map(String::as_str).collect();
                return Ok(Shown::on(format!("{}?done", address(desk.facility(), &path))));
            }
            Err(refused) if mendable(&refused) => faults = told(&refused.0, visit.language),
            Err(refused) => return Err(refused),
        }
    }
    let one = tell(desk, "requirement-show", json!({ "requirement": id })).await?;
    let page = made(visit, desk, &one, faults);
    let faulty = !page.faults.is_empty();
    Ok(shown(page.render().unwrap_or_default(), faulty))
}

/// Decides that it does not apply, or takes that back.
async fn decide(visit: &Visit, desk: &dyn Desk, id: &str) -> Result<(), Refused> {
    if visit.form.get("act") == "include" {
        tell(desk, "requirement-include", json!({ "requirement": id })).await?;
        return Ok(());
    }
    let mut sent = body(visit, &["until"]);
    sent.insert("requirement".to_owned(), json!(id));
    // An empty reason or name is refused in words that say what to do.
    sent.insert("reason".to_owned(), json!(visit.form.get("reason")));
    sent.insert("name".to_owned(), json!(visit.form.get("name")));
    tell(desk, "requirement-exclude", Value::Object(sent)).await?;
    Ok(())
}

fn made<'a>(visit: &'a Visit, desk: &'a dyn Desk, one: &Value, faults: Vec<Told>) -> Page<'a> {
    let frame = Frame::of(visit, desk);
    let (words, language) = (frame.words, visit.language);
    let assessed = one.get("assessed").cloned().unwrap_or_default();
    let chapter = one.get("chapter").cloned().unwrap_or_default();
    let edition = word(one, "edition");
    let row = one.pointer("/responsibility/row").cloned().unwrap_or_default();
    let may = |command| desk.may(May::Command(command));
    let exclusion = one.get("exclusion").filter(|exclusion| !exclusion.is_null());
    Page {
        id: word(one, "requirement"),
        edition_name: overview::name(&edition, words),
        edition,
        chapter: format!("{} {}", word(&chapter, "number"), text(&chapter, "title", language)),
        name: text(one, "name", language),
        item: word(one, "item"),
        summary: text(one, "summary", language),
        locator: word(one, "locator"),
        caution: text(one, "caution", language),
        actors: list(one, "actors").iter().filter_map(Value::as_str).map(|word| actor(word, words)).collect(),
        verdict: Verdict::of(&assessed, words),
        assessed_at: when(&assessed, "at", language),
        assessed_position: position(&assessed),
        facts: list(one, "facts").iter().map(|fact| shown_fact(fact, &assessed, &frame, &may)).collect(),
        remedy: text(one, "remedy", language),
        target: one.get("target").filter(|target| !target.is_null()).map(|target| Target {
            due: when(target, "due", language),
            owner: word(target, "owner"),
            note: word(target, "note"),
            over: target.get("over").and_then(Value::as_bool) == Some(true),
            position: position(target),
        }),
        excluded: exclusion.map(|exclusion| Excluded {
            reason: word(exclusion, "reason"),
            by: word(exclusion, "decided_by"),
            until: super::day_of(exclusion, "valid_until", language),
        }),
        answered: words.or(&format!("answered-{}", word(&row, "answered")), ""),
        says: says(one, &row, words, language),
        history: list(one, "history")
            .iter()
            .map(|then| Then {
                at: when(then, "at", language),
                position: position(then),
                verdict: Verdict::of(then, words),
            })
            .collect(),
        related: list(one, "related")
            .iter()
            .map(|one| {
                let id = word(one, "requirement");
                Related { place: cited(&id, words), id, name: text(one, "name", language) }
            })
            .collect(),
        may_exclude: may("requirement-exclude"),
        reason: typed(visit, "reason", ""),
        decided_by: typed(visit, "name", &own_name(visit)),
        until: typed(visit, "until", ""),
        done: visit.query.has("done"),
        faults,
        frame,
    }
}

fn shown_fact(one: &Value, assessed: &Value, frame: &Frame<'_>, may: &dyn Fn(&'static str) -> bool) -> Fact {
    let (words, language) = (frame.words, frame.words.0);
    let key = word(one, "key");
    let fact = one.get("fact").filter(|fact| !fact.is_null());
    let known = fact.cloned().unwrap_or_default();
    let origin = key.split('.').next().unwrap_or_default();
    let unit = word(one, "unit");
    let way = match origin {
        "person" | "site" if may("attest") => {
            Some(Way { to: frame.to(&format!("guideline/questions/{key}")), key: "requirement-answer" })
        }
        "document" => key.strip_prefix("document.").map(|kind| Way {
            to: frame.to(&format!("guideline/documents/{kind}")),
            key: "requirement-document",
        }),
        _ => None,
    };
    Fact {
        text: text(one, "text", language),
        value: fact.map(|fact| shown_value(fact, &unit, words)),
        origin: words.or(&format!("origin-{origin}"), origin),
        how: text(&known, "how", language),
        observed: when(&known, "observed", language),
        until: super::day_of(&known, "valid_until", language),
        position: position(&known),
        way,
        open: list(assessed, "open").iter().any(|open| open.as_str() == Some(&key)),
    }
}

/// A value in words; empty where there is none.
pub(super) fn value(value: Option<&Value>, words: Words) -> String {
    match value {
        Some(Value::Bool(true)) => words.say("value-yes"),
        Some(Value::Bool(false)) => words.say("value-no"),
        Some(other) => in_words(other, words),
        None => String::new(),
    }
}

fn says(one: &Value, row: &Value, words: Words, language: Language) -> Vec<Says> {
    let parties = one.pointer("/responsibility/parties").and_then(Value::as_array);
    let name = |id: &str| {
        let party = parties.into_iter().flatten().find(|party| word(party, "party") == id);
        party.map_or_else(|| id.to_owned(), |party| text(party, "name", language))
    };
    let said = |said: &Value| {
        let share = word(said, "share");
        Says {
            party: name(&word(said, "party")),
            share: words.or(&format!("share-{share}"), &share),
            provides: said.get("provides").map(|both| of(both, language)).unwrap_or_default(),
            remains: said.get("remains").map(|both| of(both, language)).unwrap_or_default(),
        }
    };
    list(row, "says").iter().map(said).collect()
}
