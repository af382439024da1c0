//! What happened, by visit: the newest first, each with what was written in it.

use super::element::{list, said, text};
use super::gather::Gathered;
use super::item::Item;
use super::section::{Row, row};
use super::sheet::{Sort, sort};
use crate::words::Words;
use std::collections::BTreeMap;

/// Visits that stand open on the page.
const OPEN: usize = 8;

/// One visit, or what belongs to none.
#[derive(Debug, Default)]
pub(super) struct Happened {
    /// The visit; none for what belongs to none.
    pub(super) visit: Option<Row>,
    /// Why, where, with whom.
    pub(super) about: Vec<String>,
    /// What was written, without results.
    pub(super) rows: Vec<Row>,
    pub(super) laboratory: usize,
    pub(super) vital: usize,
}

impl Happened {
    pub(super) fn laboratory(&self) -> usize {
        self.laboratory
    }

    pub(super) fn vital(&self) -> usize {
        self.vital
    }
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Timeline {
    pub(super) latest: Vec<Happened>,
    pub(super) earlier: Vec<Happened>,
    /// What belongs to no visit that is shown.
    pub(super) outside: Happened,
    pub(super) cut: bool,
    pub(super) unseen: bool,
}

/// The timeline of what was gathered.
pub(super) fn of(gathered: &Gathered, words: Words) -> Timeline {
    let mut by_visit: BTreeMap<&str, Happened> = BTreeMap::new();
    let mut outside = Happened::default();
    let visits: Vec<&Item> = gathered.items("Encounter").collect();
    for visit in &visits {
        let happened =
            Happened { visit: Some(row(visit, words)), about: about(visit), ..Happened::default() };
        by_visit.insert(visit.id.as_str(), happened);
    }
    let others = gathered.0.iter().filter(|(kind, _)| **kind != "Encounter");
    for item in others.flat_map(|(_, kept)| &kept.items) {
        let own = item.visit().and_then(|id| by_visit.get_mut(id));
        put(own.unwrap_or(&mut outside), item, words);
    }
    let mut all: Vec<Happened> =
        visits.iter().filter_map(|visit| by_visit.remove(visit.id.as_str())).collect();
    let earlier = all.split_off(all.len().min(OPEN));
    let kinds = ["Encounter"];
    Timeline { latest: all, earlier, outside, cut: gathered.cut(&kinds), unseen: gathered.unseen(&kinds) }
}

fn put(happened: &mut Happened, item: &Item, words: Words) {
    match (item.kind.as_str(), sort(item)) {
        ("Observation", Sort::Laboratory) => happened.laboratory = happened.laboratory.saturating_add(1),
        ("Observation", Sort::Vital) => happened.vital = happened.vital.saturating_add(1),
        ("Observation", Sort::Other) => {
            let mut own = row(item, words);
            let values = super::reading::readings(item, words);
            own.notes = values
                .iter()
                .map(|one| {
                    let part = one.part.as_ref().map(|part| format!("{part} ")).unwrap_or_default();
                    format!("{part}{} {}", one.value, one.unit).trim().to_owned()
                })
                .collect();
            happened.rows.push(own);
        }
        _ => happened.rows.push(row(item, words)),
    }
}

/// Why somebody came, which department, with whom.
fn about(visit: &Item) -> Vec<String> {
    let node = &visit.node;
    let reasons = list(node, "reasonCode").iter().filter_map(said);
    let service = node.get("serviceType").and_then(said);
    let people = list(node, "participant").iter().filter_map(|one| text(one, &["individual", "display"]));
    reasons.chain(service).chain(people.map(str::to_owned)).collect()
}
