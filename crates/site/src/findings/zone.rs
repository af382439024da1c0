//! Whether somebody looks at what goes on in networks.

use super::answer::{tell, yes};
use super::look::holds_patients;
use super::{Judgement, Scene, Topic};
use crate::description::{Id, ZoneKind};
use std::collections::BTreeSet;

/// The rules on networks as such.
pub(super) const TOPIC: Topic = Topic { rules: &["zone.unwatched"], judge };

fn judge(scene: &Scene<'_>, out: &mut Vec<Judgement>) {
    let with_data = scene.site.nodes.iter().filter(|node| holds_patients(node) != Some(false));
    let with_data: BTreeSet<&str> = with_data.flat_map(|node| &node.zones).map(Id::as_str).collect();
    for zone in &scene.site.zones {
        let own = matches!(zone.kind, ZoneKind::Information | ZoneKind::Medical);
        let records = zone.kind == ZoneKind::Cloud && with_data.contains(zone.id.as_str());
        if own || records || zone.watched.is_some() {
            tell(out, "zone.unwatched", &zone.id, yes("watched", zone.watched));
        }
    }
}
