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
use crate::description::{FACILITY, Place, Site};
use crate::rules::{Text, Verdict};
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
    if is_too_large(scene.site) {
        out.extend(RULES.iter().map(|rule| too_large(rule)));
        return;
    }
    let view = View::of(scene);
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

/// How many networks, machines and flows these rules look at: every pair of them is a question.
const ZONES_MAX: usize = 1_000;
const NODES_MAX: usize = 5_000;
const FLOWS_MAX: usize = 2_000;

fn is_too_large(site: &Site) -> bool {
    site.zones.len() > ZONES_MAX
        || site.nodes.len() > NODES_MAX
        || site.flows.as_ref().is_some_and(|flows| flows.len() > FLOWS_MAX)
}

fn too_large(rule: &'static str) -> Judgement {
    let (ja, en) = (
        "記載が多すぎ、経路をすべては調べられません。施設ごとに分けてください。",
        "There is too much to look at all paths. Describe each facility by itself.",
    );
    let (element, place) = (FACILITY.to_owned(), Place::default());
    Judgement { rule, element, place, verdict: Verdict::Undecided, seen: Text::new(ja, en), path: Vec::new() }
}
