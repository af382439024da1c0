//! Where data of patients lies, and where it must not.

use super::answer::{Answer, no, tell, unsaid};
use super::look::{Look, holds_patients, of_patients};
use super::{Judgement, Scene, Topic};
use crate::description::{Backup, Node, NodeKind};
use std::collections::BTreeSet;

/// The rules on where data of patients lies.
pub(super) const TOPIC: Topic = Topic { rules: &["data.outside-japan", "log.holds-content"], judge };

fn judge(scene: &Scene<'_>, out: &mut Vec<Judgement>) {
    let look = Look::at(scene.site);
    let carrying = scene.site.flows.iter().flatten();
    let ends: BTreeSet<&str> = carrying
        .filter(|flow| flow.data.iter().flatten().copied().any(of_patients))
        .flat_map(|flow| [flow.from.as_str(), flow.to.as_str()])
        .collect();
    for node in &scene.site.nodes {
        let has = holds_patients(node).unwrap_or(keeps(node.kind)) || ends.contains(node.id.as_str());
        // What stands with the facility stands in Japan, where it says nothing else.
        if has && (node.country.is_some() || !look.on_premises(node)) {
            tell(out, "data.outside-japan", &node.id, country(node.country.as_deref()));
        }
        let logs = matches!(node.kind, NodeKind::Api | NodeKind::Function | NodeKind::Model);
        if logs || node.logs_hold_content.is_some() {
            tell(out, "log.holds-content", &node.id, no("logs_hold_content", node.logs_hold_content));
        }
    }
    for backup in scene.site.backups.iter().flatten() {
        if let Some(answer) = of_backup(&look, backup) {
            tell(out, "data.outside-japan", &backup.id, answer);
        }
    }
}

/// Whether it is there to keep data: then it is of patients unless somebody says that it is not.
fn keeps(kind: NodeKind) -> bool {
    matches!(kind, NodeKind::Server | NodeKind::Database | NodeKind::Store | NodeKind::Pacs)
}

fn country(said: Option<&str>) -> Answer {
    said.map_or_else(
        || unsaid("country"),
        |country| Answer::seen(country.eq_ignore_ascii_case("JP"), format!("country: {country}")),
    )
}

/// A backup lies where it says, or where the node stands on which it lies.
fn of_backup(look: &Look<'_>, backup: &Backup) -> Option<Answer> {
    let node: Option<&Node> = backup.at.as_ref().and_then(|at| look.node(at));
    let said = backup.country.as_deref().or_else(|| node.and_then(|node| node.country.as_deref()));
    match (said, node) {
        (None, Some(node)) if look.on_premises(node) => None,
        (said, _) => Some(country(said)),
    }
}
