//! Rules of which the answer is a path, or that none is there.
//!
//! That something reaches a place is violated where every hop is certain, and undecided where one is not, with what is not
//! known. That nothing does holds only if there is no path in the model at all.

mod bridges;
mod course;
mod devices;
mod entrances;
mod inner;
mod listed;
mod records;
mod tenants;
mod vendors;
pub(super) mod view;

use super::{Judgement, Scene, Topic};
use crate::model::Roads;
use view::View;

/// These rules. They are worked out together, since the roads are the same.
pub(super) const TOPIC: Topic = Topic { rules: RULES, judge };

/// Their ids.
const RULES: &[&str] = &[
    "backup.reachable",
    "device.management-exposed",
    "device.unsupported-flat",
    "dns.open",
    "eligibility.joined",
    "entrance.side-door",
    "flow.unlisted",
    "flow.unprotected",
    "maintenance.reaches-beyond",
    "move.leftover-bridge",
    "net.entrance-bypassed",
    "net.inspection-bypassed",
    "net.open-path-to-records",
    "net.secondary-use-back",
    "net.tenant-reached-back",
    "net.tenants-joined",
    "net.undeclared-bridge",
    "net.unlisted-way-out",
    "net.vendor-path-undeclared",
    "wireless.guests-joined",
];

/// What these rules say of a site.
fn judge(scene: &Scene<'_>, out: &mut Vec<Judgement>) {
    let roads = Roads::of(scene.model);
    judge_over(scene, &roads, out);
}

/// The same over roads that others walk as well.
pub(super) fn judge_over<'a>(scene: &'a Scene<'a>, roads: &'a Roads<'a>, out: &mut Vec<Judgement>) {
    let view = View::of(scene, roads);
    records::judge(&view, out);
    entrances::judge(&view, out);
    vendors::judge(&view, out);
    bridges::judge(&view, out);
    tenants::judge(&view, out);
    inner::judge(&view, out);
    course::judge(&view, out);
    listed::judge(&view, out);
    devices::judge(&view, out);
}
