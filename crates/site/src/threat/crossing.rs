//! Flows, lines and ways of maintenance that cross a boundary.

use crate::attack::is_patient_data;
use crate::connection::register::Register;
use crate::description::{Carrier, Flow, Id, Link, Maintenance, Node, Site, Zone, ZoneKind};
use crate::model::{Model, Thing};
use crate::network::NodeId;
use crate::reach::{Answer, Hop, Question, Reach, Walk};
use crate::step::{Step, steps};
use std::collections::BTreeSet;

/// Machines at the end of a line's paths that are looked at.
const ARRIVED_MAX: usize = 256;
/// Boxes of packets at each that are looked at.
const ARRIVALS_MAX: usize = 16;

/// What crosses.
#[derive(Clone, Copy, Debug)]
pub(super) enum What<'a> {
    Flow(&'a Flow),
    Link(&'a Link),
    Maintenance(&'a Maintenance),
}

/// Something that crosses a boundary.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "none of these follows from another")]
pub(super) struct Crossing<'a> {
    pub(super) what: What<'a>,
    pub(super) from: &'a str,
    pub(super) to: &'a str,
    /// The zones at its ends.
    pub(super) zones: [&'a str; 2],
    /// Whether patient data go over it, or lie at the end to which it leads.
    pub(super) patients: bool,
    /// Whether others are on the way: the internet, radio, or a network of which nobody said what it is.
    pub(super) open: bool,
    /// Whether its ends have different owners.
    pub(super) owners: bool,
    /// Whether packets can take it for certain.
    pub(super) decided: bool,
    pub(super) path: Vec<Step>,
}

impl What<'_> {
    pub(super) fn id(&self) -> &str {
        match self {
            Self::Flow(flow) => flow.id.as_str(),
            Self::Link(link) => link.id.as_str(),
            Self::Maintenance(entry) => entry.id.as_str(),
        }
    }
}

/// All of them, in the order of the description.
pub(super) fn crossings<'a>(model: &'a Model, site: &'a Site) -> Vec<Crossing<'a>> {
    let walk = Walk::new(Question::of(&model.network).without_labels());
    let scene = Scene { model, site, register: Register::of(site), walk };
    let flows = site.flows.iter().flatten().map(|flow| (What::Flow(flow), &flow.from, &flow.to));
    let links = site.links.iter().map(|link| (What::Link(link), &link.from, &link.to));
    let work = site.maintenance.iter().flatten().flat_map(|entry| {
        let from = scene.begin(entry);
        let into = entry.into.iter().flatten();
        into.filter_map(move |into| Some((What::Maintenance(entry), from?, into)))
    });
    let mut seen = BTreeSet::new();
    let all = flows.chain(links).chain(work);
    let mut found: Vec<Crossing<'_>> =
        all.filter_map(|(what, from, to)| scene.crossing(what, from, to)).collect();
    over_lines(&mut found);
    // Maintenance of several machines is one threat: the first that can be reached shows the path.
    found.retain(|crossing| seen.insert(crossing.what.id().to_owned()));
    found
}

/// Patient data are at stake on the lines over which flows carry them.
fn over_lines(found: &mut [Crossing<'_>]) {
    let flows = found.iter().filter(|crossing| matches!(crossing.what, What::Flow(_)) && crossing.patients);
    let steps = flows.flat_map(|crossing| &crossing.path).map(|step| step.node.clone());
    let passed: BTreeSet<String> = steps.collect();
    for crossing in found.iter_mut().filter(|crossing| matches!(crossing.what, What::Link(_))) {
        let id = crossing.what.id();
        crossing.patients |= passed.contains(id) || passed.contains(&format!("{id} (back)"));
    }
}

struct Scene<'a> {
    model: &'a Model,
    site: &'a Site,
    register: Register<'a>,
    walk: Walk<'a>,
}

impl<'a> Scene<'a> {
    fn node(&self, id: &str) -> Option<&'a Node> {
        self.register.node(id)
    }

    fn zone(&self, id: &str) -> Option<&'a Zone> {
        self.register.zone(id)
    }

    /// From where maintenance is done: what is said, or the vendor's zone.
    fn begin(&self, entry: &'a Maintenance) -> Option<&'a Id> {
        let theirs = |zone: &&Zone| zone.owner.is_some() && zone.owner == entry.vendor;
        entry.from.as_ref().or_else(|| self.site.zones.iter().find(theirs).map(|zone| &zone.id))
    }

    /// The zone in which an end stands, as far as the description says; a cloud gateway stands for one.
    fn zone_of(&self, id: &'a str) -> &'a str {
        let stands_for = || {
            let cloud = self.site.cloud.iter().find(|cloud| cloud.id.value == id)?;
            cloud.stands_for.as_ref().map(Id::as_str)
        };
        let zone = || self.node(id)?.zones.first().map(Id::as_str);
        zone().or_else(stands_for).unwrap_or(id)
    }

    fn owner(&self, id: &'a str) -> Option<&'a str> {
        let of_node = || self.node(id)?.owner.as_ref();
        let owner = of_node().or_else(|| self.zone(self.zone_of(id))?.owner.as_ref());
        owner.map(Id::as_str)
    }

    fn crossing(&self, what: What<'a>, from: &'a Id, to: &'a Id) -> Option<Crossing<'a>> {
        let (from, to) = (from.as_str(), to.as_str());
        let zones = [self.zone_of(from), self.zone_of(to)];
        let kinds = zones.map(|zone| self.zone(zone).map(|zone| zone.kind));
        let [ours, theirs] = [from, to].map(|end| self.owner(end));
        // An owner that nobody named may be another one, unless it is the same zone.
        let [begin, end] = zones;
        let owners = begin != end && (ours != theirs || ours.is_none());
        let is_public =
            |kind: &Option<ZoneKind>| matches!(kind, Some(ZoneKind::Internet | ZoneKind::GuestWireless));
        let open = kinds.iter().any(is_public) || self.is_open(what);
        let [kind, other] = kinds;
        if !(owners || open || begin != end && kind != other) {
            return None;
        }
        let (decided, path) = match what {
            What::Link(link) => self.path_over(link)?,
            What::Flow(_) | What::Maintenance(_) => self.path(from, to)?,
        };
        let patients = self.has_patients(what, [from, to], zones);
        Some(Crossing { what, from, to, zones, patients, open, owners, decided, path })
    }

    /// Whether others are on a line: of a flow, on any of those that it is to take.
    fn is_open(&self, what: What<'_>) -> bool {
        let open = |link: &Link| {
            matches!(
                link.carrier,
                None | Some(
                    Carrier::Internet
                        | Carrier::Ipsec
                        | Carrier::Mobile
                        | Carrier::Wireless
                        | Carrier::Telephone
                )
            )
        };
        let named = |ids: &Option<Vec<Id>>| {
            let ids = ids.iter().flatten();
            let mut links = ids.filter_map(|id| self.register.link(id.as_str()));
            links.any(open)
        };
        match what {
            What::Flow(flow) => named(&flow.via),
            What::Link(link) => open(link),
            What::Maintenance(entry) => named(&entry.by),
        }
    }

    /// Whether patient data are at stake: what a flow carries, what flows carry that are to take a line, or what lies on
    /// machines at its ends.
    fn has_patients(&self, what: What<'_>, ends: [&str; 2], zones: [&str; 2]) -> bool {
        if let What::Flow(Flow { data: Some(data), .. }) = what {
            return data.iter().any(|class| is_patient_data(class.word()));
        }
        let takes = |flow: &&Flow| flow.via.iter().flatten().any(|link| link.value == what.id());
        let carries = |flow: &Flow| flow.data.iter().flatten().any(|class| is_patient_data(class.word()));
        if self.site.flows.iter().flatten().filter(takes).any(carries) {
            return true;
        }
        let holds = |node: &Node| node.holds.iter().flatten().any(|class| is_patient_data(class.word()));
        let is_end = |node: &Node| {
            let stands_in = |zone: &Id| zones.contains(&zone.as_str());
            ends.contains(&node.id.as_str()) || node.zones.iter().any(stands_in)
        };
        self.site.nodes.iter().any(|node| holds(node) && is_end(node))
    }

    /// The path from one end to the other, and whether it is certain; none where packets cannot take it. What the model does
    /// not draw is not known.
    fn path(&self, from: &str, to: &str) -> Option<(bool, Vec<Step>)> {
        let (Some(from), Some(to)) = (self.model.find(from), self.model.find(to)) else {
            return Some((false, Vec::new()));
        };
        match self.walk.from(from).to(to) {
            Answer::Reached(reached) => Some((reached.decided, steps(self.model, &reached.path))),
            Answer::Undecided(_) => Some((false, Vec::new())),
            Answer::NoPath => None,
        }
    }

    /// A path over a line from one of its ends, certain if there is one: what a line leads to is mostly not its other end.
    fn path_over(&self, link: &Link) -> Option<(bool, Vec<Step>)> {
        let is_line = |thing: &Thing| matches!(thing, Thing::Link { id, .. } if *id == link.id.value);
        let lines: BTreeSet<NodeId> =
            self.model.things().filter(|(_, thing)| is_line(thing)).map(|(node, _)| node).collect();
        if lines.is_empty() {
            // A line at which a plan goes on is not drawn by itself.
            return Some((false, Vec::new()));
        }
        let mut doubtful = None;
        for end in [&link.from, &link.to].into_iter().filter_map(|end| self.model.find(end.as_str())) {
            let reach = self.walk.from(end);
            match over(&reach, &lines).or_else(|| reach.way_to(&lines)) {
                Some((path, true)) => return Some((true, steps(self.model, &path))),
                Some((path, false)) => doubtful = doubtful.or(Some((false, steps(self.model, &path)))),
                None if !reach.gaps().is_empty() => doubtful = doubtful.or(Some((false, Vec::new()))),
                None => {}
            }
        }
        doubtful
    }
}

/// A path to where something arrives that passes one of these nodes, certain if there is one; and whether it is.
fn over(reach: &Reach<'_>, lines: &BTreeSet<NodeId>) -> Option<(Vec<Hop>, bool)> {
    let nodes = reach.nodes().take(ARRIVED_MAX);
    let arrivals = nodes.flat_map(|node| reach.arrivals(node).take(ARRIVALS_MAX));
    let paths = arrivals.map(|arrival| (arrival.path(), arrival.is_decided()));
    let mut passing = paths.filter(|(path, _)| path.iter().any(|hop| lines.contains(&hop.node)));
    let first = passing.next()?;
    if first.1 {
        return Some(first);
    }
    Some(passing.find(|(_, decided)| *decided).unwrap_or(first))
}
