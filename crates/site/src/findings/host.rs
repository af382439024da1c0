//! Hosts and terminals: how they are protected, and what lies on them.

use super::answer::{Answer, no, tell, unsaid, yes};
use super::look::{holds_patients, of_patients};
use super::{Judgement, Scene, Topic};
use crate::description::{DataClass, Node, NodeKind};

/// After how many minutes a screen must have locked.
const LOCK_MINUTES_MOST: u32 = 10;

/// The rules on hosts and terminals.
pub(super) const TOPIC: Topic = Topic {
    rules: &[
        "host.disk-unencrypted",
        "host.no-edr",
        "host.no-malware-protection",
        "terminal.holds-data",
        "terminal.no-screen-lock",
        "terminal.usb-storage",
    ],
    judge,
};

fn judge(scene: &Scene<'_>, out: &mut Vec<Judgement>) {
    for node in &scene.site.nodes {
        let id = &node.id;
        let host = matches!(node.kind, NodeKind::Terminal | NodeKind::Server | NodeKind::Pacs);
        if host || node.edr.is_some() {
            tell(out, "host.no-edr", id, yes("edr", node.edr));
        }
        if host || node.malware_protection.is_some() {
            let protection = yes("malware_protection", node.malware_protection);
            tell(out, "host.no-malware-protection", id, protection);
        }
        let keeps = host || matches!(node.kind, NodeKind::Database | NodeKind::Store);
        if (keeps && holds_patients(node) != Some(false)) || node.disk_encrypted.is_some() {
            tell(out, "host.disk-unencrypted", id, yes("disk_encrypted", node.disk_encrypted));
        }
        if node.kind == NodeKind::Terminal {
            terminal(node, out);
        }
    }
}

fn terminal(node: &Node, out: &mut Vec<Judgement>) {
    tell(out, "terminal.holds-data", &node.id, holds(node));
    tell(out, "terminal.no-screen-lock", &node.id, locks(node));
    tell(out, "terminal.usb-storage", &node.id, no("usb_storage", node.usb_storage));
}

/// Answers of the eligibility check come to terminals by their purpose; nothing else of patients stays there.
fn holds(node: &Node) -> Answer {
    let Some(all) = &node.holds else { return unsaid("holds") };
    let stays = |data: &&DataClass| of_patients(**data) && **data != DataClass::Eligibility;
    let words: Vec<&str> = all.iter().filter(stays).map(|data| data.word()).collect();
    let seen = if words.is_empty() { "none".to_owned() } else { words.join(", ") };
    Answer::seen(words.is_empty(), format!("holds: {seen}"))
}

fn locks(node: &Node) -> Answer {
    node.screen_lock_minutes.map_or_else(
        || unsaid("screen_lock_minutes"),
        |minutes| {
            let soon = (1..=LOCK_MINUTES_MOST).contains(&minutes);
            Answer::seen(soon, format!("screen_lock_minutes: {minutes}"))
        },
    )
}
