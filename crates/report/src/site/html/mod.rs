//! A check as one page of HTML that needs nothing beside itself: no scripts, no requests, made for screen and paper.
//!
//! It says what the terminal says, for people who are sent it. No green: of a network nobody says more than that nothing
//! was found.

mod rows;
mod words;

use super::first::first;
use super::picture::picture_svg;
use super::summary::Summary;
use super::text;
use super::words::{choose, said, value};
use askama::Template;
use base::Language;
use rows::{ChainShown, ConnectionShown, GroupShown, ThreatShown, chain, connection, group, threat};
use site::check::Check;
use site::model::Treatment;
use site::picture::Picture;
use site::rules::{Catalogue, Verdict};
use std::collections::BTreeMap;
use words::{Words, words};

/// The style sheet of all our pages, and what a check needs beyond it.
pub(super) const STYLE: &str = concat!(include_str!("../../html/style.css"), include_str!("../style.css"));

/// How many attack paths are written out.
const CHAINS_MAX: usize = 50;

#[derive(Template)]
#[template(path = "check.html")]
struct Page {
    words: &'static Words,
    style: &'static str,
    facility: String,
    phase: String,
    day: String,
    sources: Vec<String>,
    tiles: Vec<Tile>,
    measures: Vec<(String, String)>,
    picture: String,
    chains: Vec<ChainShown>,
    chains_left_out: usize,
    more_paths: bool,
    topics: Vec<TopicShown>,
    missing: Vec<String>,
    connections: Vec<ConnectionShown>,
    threats: Vec<(String, String, Vec<ThreatShown>)>,
    facts: Vec<(String, String, String, &'static str)>,
    facts_known: usize,
    coverage: Vec<(&'static str, Vec<(String, usize)>)>,
    warnings: Vec<(&'static str, String)>,
}

/// A number of the headline.
pub(super) struct Tile {
    pub(super) class: &'static str,
    pub(super) mark: &'static str,
    pub(super) name: &'static str,
    pub(super) count: String,
}

struct TopicShown {
    title: String,
    groups: Vec<GroupShown>,
}

/// The page of a check in one language. The catalogue gives topics their titles.
pub fn check_page(check: &Check, picture: &Picture, catalogue: &Catalogue, language: Language) -> String {
    let mut summary = Summary::of(check);
    summary.names.add(picture);
    let chains = summary.chains();
    let page = Page {
        words: words(language),
        style: STYLE,
        facility: facility(&check.facility, language),
        phase: super::words::phase(language, check.phase).to_owned(),
        day: text::name(&check.day),
        sources: check.sources.iter().map(|one| text::cut(one, 200)).collect(),
        tiles: tiles(&summary, language),
        measures: measures(&summary, language),
        picture: picture_svg(picture, language),
        chains: chains
            .iter()
            .take(CHAINS_MAX)
            .map(|(place, one)| ChainShown {
                letter: letter(picture, *place),
                ..chain(one, &summary.names, language)
            })
            .collect(),
        chains_left_out: chains.len().saturating_sub(CHAINS_MAX),
        more_paths: check.attacks.more,
        topics: topics(&summary, catalogue, language),
        missing: summary.missing.iter().map(|one| harmless(said(&one.advice.text, language))).collect(),
        connections: check.connections.iter().map(|one| connection(one, &summary.names, language)).collect(),
        threats: threats(check, language),
        facts: facts(check, language),
        facts_known: summary.facts_known(),
        coverage: coverage(check, language),
        warnings: check.warnings.iter().map(|one| (one.code().id, harmless(&one.text(language)))).collect(),
    };
    // Writing into a string fails only when a value refuses to be written, and these are texts.
    page.render().unwrap_or_default()
}

/// By which letter the picture shows a chain; it needs none where it shows only one.
fn letter(picture: &Picture, place: usize) -> Option<char> {
    let mut ways = picture.paths.iter().zip('A'..='Z');
    let found = ways.find(|(way, _)| way.chain == place).map(|(_, letter)| letter);
    found.filter(|_| picture.paths.len() > 1)
}

fn harmless(text: &str) -> String {
    text::harmless(text)
}

pub(super) fn facility(name: &str, language: Language) -> String {
    if name.is_empty() {
        choose(language, "（名称なし）", "(not named)").to_owned()
    } else {
        text::name(name)
    }
}

fn tiles(summary: &Summary<'_>, language: Language) -> Vec<Tile> {
    let weight = summary.check.weigh();
    let attacks = &summary.check.attacks;
    let tile = |class: (&'static str, &'static str), name, count: String| Tile {
        class: class.0,
        mark: class.1,
        name,
        count,
    };
    let (red, open) = (("not-met", "✕"), ("unknown", "?"));
    let paths = match summary.uncertain() {
        uncertain if uncertain < attacks.chains.len() => red,
        _ if attacks.chains.is_empty() => ("none", "–"),
        _ => open,
    };
    let shade =
        |count: usize, class: (&'static str, &'static str)| if count == 0 { ("none", "–") } else { class };
    let more = if attacks.more { "+" } else { "" };
    vec![
        tile(paths, choose(language, "攻撃経路", "attack paths"), format!("{}{more}", attacks.chains.len())),
        tile(
            shade(weight.required, red),
            choose(language, "必須の違反", "required violated"),
            weight.required.to_string(),
        ),
        tile(
            shade(weight.recommended, ("partly", "△")),
            choose(language, "推奨の違反", "recommended"),
            weight.recommended.to_string(),
        ),
        tile(
            shade(weight.undecided, open),
            choose(language, "判定できない", "undecided"),
            weight.undecided.to_string(),
        ),
    ]
}

/// What to do first, with where or what it brings.
fn measures(summary: &Summary<'_>, language: Language) -> Vec<(String, String)> {
    let (measures, _) = first(summary, language);
    measures.into_iter().map(|one| (harmless(&one.text), harmless(&one.effect))).collect()
}

/// What is found, by topic: the topic with what weighs most first.
fn topics(summary: &Summary<'_>, catalogue: &Catalogue, language: Language) -> Vec<TopicShown> {
    let violated = summary.violated.iter().map(|one| (one, Verdict::Violated));
    let undecided = summary.undecided.iter().map(|one| (one, Verdict::Undecided));
    let context = summary.context.iter().map(|one| (one, Verdict::Holds));
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    let mut topics: Vec<TopicShown> = Vec::new();
    for (one, verdict) in violated.chain(undecided).chain(context) {
        let id = one.findings.first().map(|finding| finding.topic.as_str()).unwrap_or_default();
        let place = *places.entry(id).or_insert(topics.len());
        let shown = group(one, verdict, summary, language);
        if let Some(topic) = topics.get_mut(place) {
            topic.groups.push(shown);
        } else {
            let title = catalogue.topic(id).map(|topic| said(&topic.title, language));
            topics.push(TopicShown { title: text::name(title.unwrap_or(id)), groups: vec![shown] });
        }
    }
    topics
}

/// Threats by what they threaten.
fn threats(check: &Check, language: Language) -> Vec<(String, String, Vec<ThreatShown>)> {
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    let mut flows: Vec<(String, String, Vec<ThreatShown>)> = Vec::new();
    for one in &check.threats {
        let place = *places.entry(&one.flow).or_insert(flows.len());
        match flows.get_mut(place) {
            Some(flow) => flow.2.push(threat(one, language)),
            None => flows.push((
                text::name(&one.flow),
                harmless(said(&one.boundary, language)),
                vec![threat(one, language)],
            )),
        }
    }
    flows
}

fn facts(check: &Check, language: Language) -> Vec<(String, String, String, &'static str)> {
    let fact = |fact: &site::check::SiteFact| {
        let class = if fact.value.is_some() { "" } else { "unknown" };
        (text::name(&fact.key), value(language, fact.value), harmless(said(&fact.how, language)), class)
    };
    check.facts.iter().map(fact).collect()
}

fn coverage(check: &Check, language: Language) -> Vec<(&'static str, Vec<(String, usize)>)> {
    let titles = [
        (
            Treatment::Undecided,
            "計算の対象外（判定できない原因になります）",
            "Not modelled: answers that pass them are undecided",
        ),
        (Treatment::Modelled, "経路の計算に入れたもの", "Modelled"),
        (Treatment::Ignored, "経路に関係しないもの", "Not about where packets go"),
    ];
    titles
        .into_iter()
        .map(|(treatment, ja, en)| {
            let kinds = check.coverage.of(treatment).map(|(kind, count)| (text::name(kind), count)).collect();
            (choose(language, ja, en), kinds)
        })
        .filter(|(_, kinds): &(_, Vec<_>)| !kinds.is_empty())
        .collect()
}
