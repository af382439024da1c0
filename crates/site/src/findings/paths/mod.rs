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
use crate::model::Roads;
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
    let roads = Roads::of(scene.model);
    judge_over(scene, &roads, out);
}

/// The same over roads that others walk as well.
pub(super) fn judge_over<'a>(scene: &'a Scene<'a>, roads: &'a Roads<'a>, out: &mut Vec<Judgement>) {
    if let Some(excess) = excess(scene.site) {
        out.extend(RULES.iter().map(|rule| too_large(rule, &excess)));
        return;
    }
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

/// How many networks, machines and flows these rules look at: every pair of them is a question.
const ZONES_MAX: usize = 2_000;
const NODES_MAX: usize = 20_000;
const FLOWS_MAX: usize = 20_000;

/// Of what a description has more than is looked at, how many there are, and the limit.
struct Excess {
    of: Text,
    count: usize,
    most: usize,
}

fn excess(site: &Site) -> Option<Excess> {
    let flows = site.flows.as_ref().map_or(0, Vec::len);
    let counts = [
        (Text::new("ネットワーク", "networks"), site.zones.len(), ZONES_MAX),
        (Text::new("機器", "machines"), site.nodes.len(), NODES_MAX),
        (Text::new("通信", "flows"), flows, FLOWS_MAX),
    ];
    let mut counts = counts.into_iter().map(|(of, count, most)| Excess { of, count, most });
    counts.find(|one| one.count > one.most)
}

fn too_large(rule: &'static str, excess: &Excess) -> Judgement {
    let Excess { of, count, most } = excess;
    let seen = Text::new(
        format!(
            "記載が多すぎ、経路をすべては調べられません（{}が {count} 件、上限は {most} 件）。施設ごとに分けてください。",
            of.ja
        ),
        format!(
            "There is too much to look at all paths: {count} {}, and at most {most} are looked at. Describe each \
             facility by itself.",
            of.en
        ),
    );
    let (element, place) = (FACILITY.to_owned(), Place::default());
    Judgement { rule, element, place, verdict: Verdict::Undecided, seen, path: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::description::{Phase, read, template};
    use crate::model::Model;

    fn judged(site: &Site) -> Vec<Judgement> {
        let model =
            Model::draw(Some(&read("x", template("direct-connect").unwrap().text).unwrap()), &[]).unwrap();
        let scene = Scene { site, model: &model, today: jiff::civil::date(2026, 11, 22) };
        let mut out = Vec::new();
        judge(&scene, &mut out);
        out
    }

    #[test]
    fn above_a_limit_every_rule_is_undecided_and_the_limit_is_named() {
        let small = read("x", template("direct-connect").unwrap().text).unwrap().at(Phase::Now);
        let repeated = |sum: &mut Site, what: &str| match what {
            "networks" => sum.zones = small.zones.iter().cycle().take(ZONES_MAX + 1).cloned().collect(),
            "machines" => sum.nodes = small.nodes.iter().cycle().take(NODES_MAX + 1).cloned().collect(),
            _ => {
                let flows = small.flows.as_ref().unwrap().iter().cycle();
                sum.flows = Some(flows.take(FLOWS_MAX + 1).cloned().collect());
            }
        };
        for (what, most) in [("networks", ZONES_MAX), ("machines", NODES_MAX), ("flows", FLOWS_MAX)] {
            let mut large = small.clone();
            repeated(&mut large, what);
            let told = judged(&large);
            assert_eq!(told.iter().map(|one| one.rule).collect::<Vec<_>>(), RULES);
            for one in told {
                assert_eq!((one.verdict, one.element.as_str()), (Verdict::Undecided, FACILITY));
                let named = format!("{} {what}, and at most {most}", most + 1);
                assert!(
                    one.seen.en.contains(&named) && one.seen.ja.contains(&most.to_string()),
                    "{:?}",
                    one.seen
                );
            }
        }
        assert!(judged(&small).iter().all(|one| !one.seen.en.contains("at most")));
    }

    #[test]
    fn at_the_limits_it_is_looked_at() {
        let mut site = read("x", template("direct-connect").unwrap().text).unwrap().at(Phase::Now);
        assert!(excess(&site).is_none());
        site.nodes = site.nodes.iter().cycle().take(NODES_MAX).cloned().collect();
        assert!(excess(&site).is_none());
    }
}
