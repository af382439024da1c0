//! The state of the system: the journal and what is known of it, facts about coming in and about the program.

use super::known::{Fact, Group, groups};
use super::{command, tabs};
use crate::desk::{Ask, Desk, May, Refused};
use crate::frame::{Frame, Way};
use crate::reading::{in_words, items, moment_of, text};
use crate::shown::Shown;
use crate::visit::Visit;
use crate::words::Words;
use askama::Template;
use base::{Language, Time};
use serde_json::{Value, json};

/// The newest checkpoint of the journal.
struct Checkpoint {
    origin: String,
    size: String,
    root: String,
    /// The names of the keys whose signatures stand below it: the facility's own, and those of witnesses.
    signatures: Vec<String>,
}

/// An outside witness of the journal.
struct Witness {
    name: String,
    /// Up to which entry it cosigned; none before its first time.
    size: Option<String>,
    at: String,
    contradicts: bool,
}

/// How the forwarding of the audit trail stands.
enum Forwarding {
    /// The program does not say.
    Unknown,
    /// No collector is configured.
    Off,
    /// Text and value of each fact.
    On(Vec<Fact>),
}

#[derive(Template)]
#[template(path = "operations/system.html")]
struct Page<'a> {
    frame: Frame<'a>,
    tabs: Vec<Way>,
    checkpoint: Option<Checkpoint>,
    /// None where the program does not say.
    witnesses: Option<Vec<Witness>>,
    forwarding: Forwarding,
    groups: Vec<Group>,
    /// When the running system was looked at; empty where nothing was seen.
    seen: String,
    /// Whether what is known of the journal was told: it is asked of the evidence, which the law may close.
    told: bool,
}

/// `GET /f/{facility}/console/operations/system`
pub(super) async fn page(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let evidence = if desk.may(May::Command("fact-list")) {
        let recent = !visit.query.has("now");
        Some(command(desk, "fact-list", json!({ "recent": recent })).await?)
    } else {
        None
    };
    let checkpoint = if desk.may(May::Log) {
        let told = desk.call(Ask::get("log/checkpoint")).await?;
        checkpoint(&String::from_utf8_lossy(&told.bytes))
    } else {
        None
    };
    let words = Words(visit.language);
    let beside = command(desk, "facts", json!({})).await?;
    let known = evidence.as_ref().map(|told| items(told, "facts")).unwrap_or_default();
    let page = Page {
        frame: Frame::of(visit, desk),
        tabs: tabs(visit, desk),
        checkpoint,
        witnesses: witnesses(&beside, visit.language),
        forwarding: forwarding(&beside, words),
        groups: evidence.as_ref().map(|told| groups(told, words)).unwrap_or_default(),
        seen: seen(known, visit.language),
        told: evidence.is_some(),
    };
    Ok(Shown::page(page.render().unwrap_or_default()))
}

/// What the facts of the program say under a name.
fn told_of<'a>(beside: &'a Value, name: &str) -> Option<&'a Value> {
    items(beside, "facts").iter().find(|fact| text(fact, "/name") == name)?.get("value")
}

fn witnesses(beside: &Value, language: Language) -> Option<Vec<Witness>> {
    let listed = told_of(beside, "journal.witnesses")?.as_array()?;
    let witness = |one: &Value| Witness {
        name: text(one, "/witness").to_owned(),
        size: one.get("cosigned_size").filter(|size| !size.is_null()).map(ToString::to_string),
        at: moment_of(one, "/cosigned", language),
        contradicts: one.get("contradicted").is_some_and(|said| !said.is_null()),
    };
    Some(listed.iter().map(witness).collect())
}

fn forwarding(beside: &Value, words: Words) -> Forwarding {
    match told_of(beside, "audit.collector.configured") {
        Some(Value::Bool(true)) => {}
        Some(Value::Bool(false)) => return Forwarding::Off,
        _ => return Forwarding::Unknown,
    }
    let fact = |name: &str| {
        let told = told_of(beside, &format!("audit.collector.{name}")).filter(|value| !value.is_null());
        Fact {
            name: words.say(&format!("collector-{}", name.replace('_', "-"))),
            // No fault is nothing to say; of anything else nothing is not known.
            value: match told {
                None if name == "last_error" => words.say("ops-none"),
                other => in_words(other.unwrap_or(&Value::Null), words),
            },
            how: String::new(),
            unknown: told.is_none() && name != "last_error",
            look: name == "connected" && told == Some(&Value::Bool(false)),
        }
    };
    Forwarding::On(["connected", "behind", "sent", "last_error"].map(fact).into())
}

/// A checkpoint as C2SP's `tlog-checkpoint` writes it.
fn checkpoint(note: &str) -> Option<Checkpoint> {
    let (body, signatures) = note.split_once("\n\n")?;
    let mut lines = body.lines();
    let mut line = || lines.next().map(str::to_owned);
    let (origin, size, root) = (line()?, line()?, line()?);
    let name = |line: &str| line.strip_prefix("— ")?.split(' ').next().map(str::to_owned);
    let signatures = signatures.lines().filter_map(name).collect();
    Some(Checkpoint { origin, size, root, signatures })
}

/// The earliest moment at which one of the facts shown was seen, as people say it.
fn seen(known: &[Value], language: Language) -> String {
    let shown = known.iter().filter(|one| text(one, "/key").starts_with("runtime."));
    let first = shown.filter(|one| Time::parse(text(one, "/observed")).is_some());
    let first = first.min_by_key(|one| Time::parse(text(one, "/observed")));
    first.map(|one| moment_of(one, "/observed", language)).unwrap_or_default()
}
