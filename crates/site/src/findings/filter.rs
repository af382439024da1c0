//! What filters do by themselves.

use super::answer::{Answer, tell, unsaid, yes};
use super::{Judgement, Scene, Topic};
use crate::description::{Action, Filter, NodeKind};
use std::collections::BTreeSet;

/// The rules on what filters do by themselves.
pub(super) const TOPIC: Topic = Topic { rules: &["filter.allows-by-default", "filter.stateless"], judge };

fn judge(scene: &Scene<'_>, out: &mut Vec<Judgement>) {
    let filters = scene.site.filters.as_deref().unwrap_or_default();
    for filter in filters {
        tell(out, "filter.allows-by-default", &filter.id, by_default(filter));
        tell(out, "filter.stateless", &filter.id, yes("stateful", filter.stateful));
    }
    let with_rules: BTreeSet<&str> = filters.iter().map(|filter| filter.at.as_str()).collect();
    let firewalls = scene.site.nodes.iter().filter(|node| node.kind == NodeKind::Firewall);
    for firewall in firewalls.filter(|node| !with_rules.contains(node.id.as_str())) {
        tell(out, "filter.allows-by-default", &firewall.id, unsaid("filters"));
    }
}

fn by_default(filter: &Filter) -> Answer {
    filter.default.map_or_else(
        || unsaid("default"),
        |action| Answer::seen(action == Action::Deny, format!("default: {}", action.word())),
    )
}
