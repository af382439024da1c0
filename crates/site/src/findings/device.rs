//! Devices and systems: whose they are, and whether they are looked after.

use super::answer::{Answer, no, tell, unsaid, within, word, worst};
use super::look::{Look, is_managed};
use super::{Judgement, Scene, Topic};
use crate::description::{Day, Node, NodeKind, Software};
use crate::rules::Verdict;

/// How long ago updates may have been put in, in days.
const PATCH_DAYS_MOST: i64 = 90;

/// How many parties may administer what joins networks.
const ADMINISTRATORS_MOST: usize = 3;

/// The rules on devices and systems.
pub(super) const TOPIC: Topic = Topic {
    rules: &[
        "device.default-password",
        "device.no-owner",
        "device.too-many-administrators",
        "device.unpatched",
        "device.unsupported",
    ],
    judge,
};

fn judge(scene: &Scene<'_>, out: &mut Vec<Judgement>) {
    let look = Look::at(scene.site);
    for node in &scene.site.nodes {
        tell(out, "device.no-owner", &node.id, owner(node));
        if has_password(node.kind) || node.default_password.is_some() {
            tell(out, "device.default-password", &node.id, no("default_password", node.default_password));
        }
        if joins_networks(node.kind) {
            tell(out, "device.too-many-administrators", &node.id, administrators(node));
        }
        if !is_managed(&look, node) {
            software(scene, &look, node, out);
        }
    }
}

fn owner(node: &Node) -> Answer {
    match (&node.owner, &node.administered_by) {
        (Some(owner), _) => Answer::seen(true, format!("owner: {owner}")),
        (None, Some(nobody)) if nobody.is_empty() => Answer::seen(false, "administered_by: none"),
        (None, _) => unsaid("owner"),
    }
}

fn has_password(kind: NodeKind) -> bool {
    !matches!(kind, NodeKind::Function | NodeKind::Model | NodeKind::Api | NodeKind::Service)
}

fn joins_networks(kind: NodeKind) -> bool {
    matches!(kind, NodeKind::Router | NodeKind::Firewall | NodeKind::Gateway | NodeKind::VpnDevice)
}

fn administrators(node: &Node) -> Answer {
    let Some(all) = &node.administered_by else { return unsaid("administered_by") };
    let (count, few) = (all.len(), all.len() <= ADMINISTRATORS_MOST);
    let verdict = if few { Verdict::Holds } else { Verdict::Violated };
    Answer::new(verdict, format!("管理者：{count} 者"), format!("administered by {count}"))
}

fn software(scene: &Scene<'_>, look: &Look<'_>, node: &Node, out: &mut Vec<Judgement>) {
    // Only their makers may change these: what they need is a cell of their own.
    let only_by_maker = matches!(node.kind, NodeKind::Modality | NodeKind::Appliance | NodeKind::Printer);
    let cell = only_by_maker && !node.zones.is_empty() && is_cell(look, node);
    tell(out, "device.unsupported", &node.id, supported(scene, node, cell));
    if !only_by_maker || node.patched_on.is_some() {
        let patched = within(scene, "patched_on", node.patched_on, PATCH_DAYS_MOST);
        tell(out, "device.unpatched", &node.id, patched);
    }
}

fn is_cell(look: &Look<'_>, node: &Node) -> bool {
    node.zones.iter().all(|zone| look.zone(zone).is_some_and(|zone| zone.isolated == Some(true)))
}

fn supported(scene: &Scene<'_>, node: &Node, cell: bool) -> Answer {
    let all = node.software.iter().flatten().map(|one| is_supported(scene, one));
    let answer = worst(all).unwrap_or_else(|| unsaid("software"));
    if cell && answer.verdict == Verdict::Violated {
        let (ja, en) = (answer.seen.ja, answer.seen.en);
        return Answer::new(
            Verdict::Holds,
            format!("{ja}（遮断した区画にあります）"),
            format!("{en} (in a cell of its own)"),
        );
    }
    answer
}

fn is_supported(scene: &Scene<'_>, software: &Software) -> Answer {
    let name = match &software.version {
        Some(version) => format!("{} {version}", software.name),
        None => software.name.clone(),
    };
    match (software.end_of_support, software.supported) {
        (_, Some(false)) => Answer::seen(false, format!("{name}: supported: no")),
        (Some(Day(last)), _) => Answer::seen(last >= scene.today, format!("{name}: end_of_support: {last}")),
        (None, Some(true)) => Answer::seen(true, format!("{name}: supported: {}", word(true))),
        (None, None) => unsaid(&format!("{name}: end_of_support")),
    }
}
