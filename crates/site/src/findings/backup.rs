//! Whether what is lost can be had again.

use super::answer::{Answer, best, tell, unsaid, within, word};
use super::look::names_patients;
use super::{Judgement, Scene, Topic};
use crate::description::{Backup, Id, Medium, Node, NodeKind};
use crate::rules::Verdict;
use std::collections::BTreeSet;

/// How many generations there must be.
const GENERATIONS_LEAST: u32 = 3;

/// How long ago a restore may have been tried, in days.
const RESTORE_DAYS_MOST: i64 = 365;

/// The rules on backups, but for how they can be reached.
pub(super) const TOPIC: Topic = Topic {
    rules: &[
        "backup.few-generations",
        "backup.none",
        "backup.not-immutable",
        "backup.only-replica",
        "backup.restore-untested",
        "backup.same-administrators",
    ],
    judge,
};

fn judge(scene: &Scene<'_>, out: &mut Vec<Judgement>) {
    let backups = scene.site.backups.as_deref();
    let stores: BTreeSet<&str> =
        backups.unwrap_or_default().iter().filter_map(|one| one.at.as_ref()).map(Id::as_str).collect();
    for node in scene.site.nodes.iter().filter(|node| !stores.contains(node.id.as_str())) {
        let Some(backups) = backups else {
            if keeps_records(node) != Some(false) {
                tell(out, "backup.none", &node.id, unsaid("backups"));
            }
            continue;
        };
        let of_node = |one: &&Backup| one.of.iter().any(|of| of.as_str() == node.id.as_str());
        of(node, &backups.iter().filter(of_node).collect::<Vec<_>>(), out);
    }
    for backup in backups.unwrap_or_default().iter().filter(|one| !is_replica(one)) {
        each(scene, backup, out);
    }
}

/// Whether it keeps data of patients that would be lost with it; none where nobody said what it holds. What is made from
/// other data can be made anew.
fn keeps_records(node: &Node) -> Option<bool> {
    let kind = matches!(
        node.kind,
        NodeKind::Server | NodeKind::Database | NodeKind::Store | NodeKind::Pacs | NodeKind::Service
    );
    if kind { node.holds.as_ref().map(|all| all.iter().copied().any(names_patients)) } else { Some(false) }
}

fn is_replica(backup: &Backup) -> bool {
    backup.medium == Some(Medium::Replica)
}

/// All backups of one node together.
fn of(node: &Node, backups: &[&Backup], out: &mut Vec<Judgement>) {
    let id = &node.id;
    let ids = backups.iter().map(|one| one.id.as_str()).collect::<Vec<_>>().join(", ");
    match keeps_records(node) {
        Some(false) => {}
        None if backups.is_empty() => tell(out, "backup.none", id, unsaid("holds")),
        _ => {
            let seen = if ids.is_empty() { "none" } else { &ids };
            tell(out, "backup.none", id, Answer::seen(!backups.is_empty(), format!("backups: {seen}")));
        }
    }
    if let Some(answer) = best(backups.iter().map(|one| beside_replica(one))) {
        tell(out, "backup.only-replica", id, answer);
    }
    let backups = || backups.iter().copied().filter(|one| !is_replica(one));
    if let Some(answer) = best(backups().map(unchangeable)) {
        tell(out, "backup.not-immutable", id, answer);
    }
    if let Some(answer) = best(backups().map(others_delete)) {
        tell(out, "backup.same-administrators", id, answer);
    }
}

fn beside_replica(backup: &Backup) -> Answer {
    let Some(medium) = backup.medium else { return unsaid(&format!("{}: medium", backup.id)) };
    Answer::seen(medium != Medium::Replica, format!("{}: medium: {}", backup.id, medium.word()))
}

/// Nobody can change it: it lies apart from every network, or is locked.
fn unchangeable(backup: &Backup) -> Answer {
    either("offline", backup.offline, "immutable", backup.immutable, backup)
}

/// Who administers the source cannot delete it.
fn others_delete(backup: &Backup) -> Answer {
    either("offline", backup.offline, "separate_administrators", backup.separate_administrators, backup)
}

/// One of the two must be yes.
fn either(one: &str, first: Option<bool>, other: &str, second: Option<bool>, backup: &Backup) -> Answer {
    let says = |key: &str, value: Option<bool>| format!("{key}: {}", value.map_or("unknown", word));
    let seen = format!("{}: {}, {}", backup.id, says(one, first), says(other, second));
    match (first, second) {
        (Some(true), _) | (_, Some(true)) => Answer::seen(true, seen),
        (Some(false), Some(false)) => Answer::seen(false, seen),
        _ => Answer::new(Verdict::Undecided, seen.clone(), seen),
    }
}

fn each(scene: &Scene<'_>, backup: &Backup, out: &mut Vec<Judgement>) {
    let generations = backup.generations.map_or_else(
        || unsaid("generations"),
        |count| Answer::seen(count >= GENERATIONS_LEAST, format!("generations: {count}")),
    );
    tell(out, "backup.few-generations", &backup.id, generations);
    let restored = within(scene, "restored_on", backup.restored_on, RESTORE_DAYS_MOST);
    tell(out, "backup.restore-untested", &backup.id, restored);
}
