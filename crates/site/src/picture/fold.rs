//! Keeping a picture small enough to be looked at.

use super::{Device, ELEMENTS_MAX, LINES_MAX, Picture, Row, Symbol, Zone};
use std::collections::{BTreeMap, BTreeSet};

/// How many networks are drawn one by one where there are too many of them.
const ZONES_MAX: usize = 60;

/// How many empty networks are drawn side by side.
const EMPTY_MAX: usize = 8;

/// Counts instead of drawing what lies on no way, where there is too much.
pub(super) fn fold(picture: &mut Picture) {
    let passed: BTreeSet<String> = picture.paths.iter().flat_map(|way| way.passes.iter().cloned()).collect();
    fold_empty(picture, &passed);
    if picture.zones.len().saturating_add(picture.devices.len()) > ELEMENTS_MAX {
        let moved = fold_zones(picture, &passed);
        fold_devices(picture, &passed, &moved);
    }
    tie(picture);
}

/// Counts networks side by side in which nothing is, where there are many of them: subnets of regions that nobody uses.
fn fold_empty(picture: &mut Picture, passed: &BTreeSet<String>) {
    let devices = picture.devices.iter().flat_map(|device| device.also.iter().chain([&device.zone]));
    let outer = picture.zones.iter().filter_map(|zone| zone.within.as_ref());
    let ends = picture.links.iter().flat_map(|line| [&line.from, &line.to]);
    let used: BTreeSet<&String> = devices.chain(outer).chain(ends).chain(passed).collect();
    let place = |zone: &Zone| (zone.row, zone.within.clone());
    let mut counts: BTreeMap<(Row, Option<String>), usize> = BTreeMap::new();
    let empty: BTreeSet<String> =
        picture.zones.iter().filter(|zone| !used.contains(&zone.id)).map(|zone| zone.id.clone()).collect();
    for zone in picture.zones.iter().filter(|zone| empty.contains(&zone.id)) {
        let count = counts.entry(place(zone)).or_default();
        *count = count.saturating_add(1);
    }
    counts.retain(|_, count| *count > EMPTY_MAX);
    picture.zones.retain(|zone| !(empty.contains(&zone.id) && counts.contains_key(&place(zone))));
    picture.zones.extend(counts.into_iter().map(|((row, within), folded)| {
        let id = format!("{}:{}", rest_of(row), within.as_deref().unwrap_or_default());
        Zone { within, folded, ..Zone::new(&id, row) }
    }));
}

/// Leaves the networks that a way passes, with those around them, and the first of the others; says where the rest went.
fn fold_zones(picture: &mut Picture, passed: &BTreeSet<String>) -> BTreeMap<String, String> {
    let mut moved = BTreeMap::new();
    if picture.zones.len() <= ZONES_MAX {
        return moved;
    }
    let within: BTreeMap<&str, Option<&str>> =
        picture.zones.iter().map(|zone| (zone.id.as_str(), zone.within.as_deref())).collect();
    let mut kept: BTreeSet<String> = BTreeSet::new();
    let homes =
        picture.devices.iter().filter(|device| passed.contains(&device.id)).map(|device| &device.zone);
    let first = picture.zones.iter().map(|zone| &zone.id).filter(|id| within.get(id.as_str()) == Some(&None));
    for id in passed.iter().chain(homes).chain(first) {
        if kept.len() >= ZONES_MAX && !passed.contains(id) {
            break;
        }
        let mut at = Some(id.as_str());
        while let Some(id) = at.filter(|id| within.contains_key(id)) {
            kept.insert(id.to_owned());
            at = within.get(id).copied().flatten();
        }
    }
    let mut counts: BTreeMap<Row, usize> = BTreeMap::new();
    for zone in picture.zones.iter().filter(|zone| !kept.contains(&zone.id)) {
        let count = counts.entry(zone.row).or_default();
        *count = count.saturating_add(1);
        moved.insert(zone.id.clone(), rest_of(zone.row));
    }
    picture.zones.retain(|zone| kept.contains(&zone.id));
    let rest = counts.into_iter().map(|(row, folded)| Zone { folded, ..Zone::new(&rest_of(row), row) });
    picture.zones.extend(rest);
    picture.zones.sort_by(|left, right| (left.row, &left.id).cmp(&(right.row, &right.id)));
    moved
}

/// No id of a description has a colon.
fn rest_of(row: Row) -> String {
    format!("rest:{row:?}").to_lowercase()
}

fn fold_devices(picture: &mut Picture, passed: &BTreeSet<String>, moved: &BTreeMap<String, String>) {
    for device in &mut picture.devices {
        if let Some(zone) = moved.get(&device.zone) {
            device.zone.clone_from(zone);
        }
    }
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    let mut ends: BTreeMap<String, String> = moved.clone();
    picture.devices.retain(|device| {
        let keep = passed.contains(&device.id);
        if !keep {
            let count = counts.entry(device.zone.clone()).or_default();
            *count = count.saturating_add(device.count);
            ends.insert(device.id.clone(), device.zone.clone());
        }
        keep
    });
    picture.devices.extend(counts.into_iter().map(|(zone, count)| Device {
        id: format!("rest:{zone}"),
        name: String::new(),
        zone,
        also: Vec::new(),
        symbol: Symbol::Folded,
        count,
        holds: false,
    }));
    for line in &mut picture.links {
        for end in [&mut line.from, &mut line.to] {
            if let Some(zone) = ends.get(end) {
                end.clone_from(zone);
            }
        }
    }
}

/// Leaves the links whose ends are there, each pair of ends once for each kind.
fn tie(picture: &mut Picture) {
    let ids: BTreeSet<String> = picture.ids().map(str::to_owned).collect();
    let zones: BTreeSet<String> = picture.zones.iter().map(|zone| zone.id.clone()).collect();
    for device in &mut picture.devices {
        device.also.retain(|zone| zones.contains(zone) && *zone != device.zone);
    }
    picture.devices.retain(|device| zones.contains(&device.zone));
    let mut seen = BTreeSet::new();
    picture.links.retain(|line| {
        line.from != line.to
            && ids.contains(&line.from)
            && ids.contains(&line.to)
            && seen.insert((line.from.clone(), line.to.clone(), line.kind))
    });
    picture.links_left_out = picture.links.len().saturating_sub(LINES_MAX);
    picture.links.truncate(LINES_MAX);
}
