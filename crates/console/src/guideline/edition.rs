//! One edition: its chapters as a heat map of verdicts, how it went over time, and its requirements by verdict and party.

use super::verdict::{ALL, Count, Verdict, counts, name as verdict_name};
use super::{day_of, list, overview, position, tell, text, when, word};
use crate::desk::{Desk, May, Refused};
use crate::frame::{Frame, address};
use crate::shown::Shown;
use crate::visit::Visit;
use crate::words::Words;
use askama::Template;
use serde_json::{Value, json};

/// Who must act, as the API spells them.
const ACTORS: [&str; 5] = ["executive", "planner", "operator", "provider", "user"];
/// The verdicts of what is known to fall short.
const SHORT: [&str; 2] = ["not-met", "partly"];
/// Height of the bars of the trend, in units of its picture.
const HEIGHT: usize = 100;

/// A cell of the heat map.
struct Cell {
    word: &'static str,
    name: String,
    count: usize,
    /// How much of the chapter it is, in quarters rounded up.
    heat: usize,
}

/// A chapter.
struct Chapter {
    /// Part and number, as the address names it.
    id: String,
    number: String,
    title: String,
    cells: Vec<Cell>,
    rows: Vec<Row>,
}

/// A part of an edition.
struct Part {
    title: String,
    chapters: Vec<Chapter>,
}

/// A requirement.
struct Row {
    id: String,
    item: String,
    name: String,
    actors: Vec<String>,
    verdict: Verdict,
}

/// A choice of a filter.
struct Choice {
    word: &'static str,
    name: String,
    chosen: bool,
}

/// A piece of a bar.
struct Piece {
    word: &'static str,
    y: usize,
    height: usize,
}

/// A day of the trend.
struct Point {
    day: String,
    x: usize,
    counts: Vec<Count>,
    pieces: Vec<Piece>,
}

/// How an assessment is named.
struct Last {
    at: String,
    by: String,
    position: Option<u64>,
    counts: Vec<Count>,
}

#[derive(Template)]
#[template(path = "guideline/edition.html")]
struct Page<'a> {
    frame: Frame<'a>,
    id: &'a str,
    name: String,
    url: String,
    last: Option<Last>,
    verdicts: Vec<Choice>,
    actors: Vec<Choice>,
    parts: Vec<Part>,
    found: usize,
    /// Whether only those are listed that are known to fall short, since nobody asked for others.
    short: bool,
    /// The chapter that alone is listed: its id and what it is called.
    chapter: Option<(String, String)>,
    trend: Vec<Point>,
    may_assess: bool,
}

/// `GET` and `POST /f/{facility}/console/guideline/{edition}`: sending assesses anew.
pub(super) async fn page(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let id = visit.path.get(1).map_or("", String::as_str);
    if visit.sends {
        tell(desk, "assess", json!({ "edition": id })).await?;
        return Ok(Shown::on(address(desk.facility(), &["guideline", id])));
    }
    let told = tell(desk, "guideline-show", json!({ "edition": id })).await?;
    let frame = Frame::of(visit, desk);
    let words = frame.words;
    let last = told.get("last").filter(|last| !last.is_null());
    let wanted = Wanted {
        verdict: visit.query.get("verdict"),
        actor: visit.query.get("actor"),
        chapter: visit.query.get("chapter"),
        short: last.is_some()
            && ["verdict", "actor", "chapter", "all"].iter().all(|name| !visit.query.has(name)),
    };
    let parts: Vec<Part> = list(&told, "parts").iter().map(|one| part(one, &wanted, visit, words)).collect();
    let found = parts.iter().flat_map(|part| &part.chapters).map(|chapter| chapter.rows.len()).sum();
    let page = Page {
        name: overview::name(id, words),
        url: word(&told, "url"),
        last: last.map(|last| Last {
            at: when(last, "at", visit.language),
            by: word(last, "by"),
            position: position(last),
            counts: counts(last, words),
        }),
        verdicts: ALL
            .iter()
            .map(|(word, _)| Choice {
                word,
                name: verdict_name(word, words),
                chosen: *word == wanted.verdict,
            })
            .collect(),
        actors: ACTORS
            .iter()
            .map(|word| Choice { word, name: actor(word, words), chosen: *word == wanted.actor })
            .collect(),
        trend: trend(&told, visit, words),
        chapter: parts
            .iter()
            .flat_map(|part| &part.chapters)
            .find(|chapter| chapter.id == wanted.chapter)
            .map(|chapter| (chapter.id.clone(), format!("{} {}", chapter.number, chapter.title))),
        parts,
        found,
        short: wanted.short,
        may_assess: desk.may(May::Command("assess")),
        id,
        frame,
    };
    Ok(Shown::page(page.render().unwrap_or_default()))
}

/// What somebody who must act is called.
pub(super) fn actor(word: &str, words: Words) -> String {
    words.or(&format!("actor-{word}"), word)
}

/// Which requirements are listed; empty where that does not matter.
struct Wanted<'a> {
    verdict: &'a str,
    actor: &'a str,
    chapter: &'a str,
    /// Only those that are known to fall short.
    short: bool,
}

fn part(one: &Value, wanted: &Wanted<'_>, visit: &Visit, words: Words) -> Part {
    let name = word(one, "part");
    let chapter = |one: &Value| {
        let id = format!("{name}/{}", word(one, "number"));
        let listed = wanted.chapter.is_empty() || wanted.chapter == id;
        let all = list(one, "requirements");
        let cell = |(word, _): &(&'static str, &'static str)| {
            let of = |one: &&Value| one.get("verdict").and_then(Value::as_str) == Some(*word);
            let count = all.iter().filter(of).count();
            let heat = count.saturating_mul(4).div_ceil(all.len().max(1));
            Cell { word, name: verdict_name(word, words), count, heat }
        };
        Chapter {
            id,
            number: word(one, "number"),
            title: text(one, "title", visit.language),
            cells: ALL.iter().map(cell).collect(),
            rows: all
                .iter()
                .filter(|one| listed && fits(one, wanted))
                .map(|one| row(one, visit, words))
                .collect(),
        }
    };
    Part {
        title: text(one, "title", visit.language),
        chapters: list(one, "chapters").iter().map(chapter).collect(),
    }
}

fn fits(requirement: &Value, wanted: &Wanted<'_>) -> bool {
    let (verdict, party) = (wanted.verdict, wanted.actor);
    let of_verdict = verdict.is_empty() || word(requirement, "verdict") == verdict;
    let of_party =
        party.is_empty() || list(requirement, "actors").iter().any(|actor| actor.as_str() == Some(party));
    let of_short = !wanted.short || SHORT.contains(&word(requirement, "verdict").as_str());
    of_verdict && of_party && of_short
}

fn row(one: &Value, visit: &Visit, words: Words) -> Row {
    Row {
        id: word(one, "requirement"),
        item: word(one, "item"),
        name: text(one, "name", visit.language),
        actors: list(one, "actors").iter().filter_map(Value::as_str).map(|word| actor(word, words)).collect(),
        verdict: Verdict::of(one, words),
    }
}

/// The days on which it was assessed, each as a bar of all requirements.
fn trend(told: &Value, visit: &Visit, words: Words) -> Vec<Point> {
    let point = |(place, one): (usize, &Value)| {
        let counts = counts(one, words);
        let all = counts.iter().map(|one| one.number).sum::<usize>().max(1);
        let mut below = 0_usize;
        let pieces = counts
            .iter()
            .map(|one| {
                // Both ends are rounded from the sum, so that the pieces fill the bar.
                let end = |sum: usize| sum.saturating_mul(HEIGHT) / all;
                let (from, to) = (end(below), end(below.saturating_add(one.number)));
                below = below.saturating_add(one.number);
                Piece { word: one.word, y: HEIGHT.saturating_sub(to), height: to.saturating_sub(from) }
            })
            .collect();
        Point { day: day_of(one, "at", visit.language), x: place.saturating_mul(24), counts, pieces }
    };
    list(told, "trend").iter().enumerate().map(point).collect()
}
