//! A site as these rules see it: what ids stand for, where packets of whom arrive, and what is told of it.

use crate::connection::extent::{extent, passes_on};
use crate::connection::flows::carries;
use crate::connection::register::Register;
use crate::description::{DataClass, Flow, Id, Node, PartyKind, Place, Site, Zone, ZoneKind};
use crate::findings::{Judgement, Scene};
use crate::model::{Model, Roads, WAYS_MAX, Way};
use crate::network::{NodeId, Reason};
use crate::packet::{Addresses, Cube};
use crate::rules::{Text, Verdict};
use crate::step::steps;
use base::Language;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// A site with the roads through it.
pub(super) struct View<'a> {
    pub(super) scene: &'a Scene<'a>,
    pub(super) site: &'a Site,
    pub(super) model: &'a Model,
    pub(super) roads: &'a Roads<'a>,
    pub(super) register: Register<'a>,
    extents: BTreeMap<&'a str, Addresses>,
    /// The flows by where they begin.
    flows: BTreeMap<&'a str, Vec<&'a Flow>>,
    /// By places, where packets of somebody there begin, without those that are like others.
    stands: RefCell<BTreeMap<&'a str, Rc<[Stand<'a>]>>>,
}

/// Where packets of somebody begin, and the id of who that is.
type Stand<'a> = (&'a str, NodeId);

/// What a rule found: the verdict, what was seen, and the way that shows it.
pub(super) struct Found {
    pub(super) verdict: Verdict,
    pub(super) seen: Text,
    pub(super) way: Option<Way>,
}

impl Found {
    pub(super) fn new(verdict: Verdict, ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self { verdict, seen: Text::new(ja, en), way: None }
    }

    pub(super) fn holds(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(Verdict::Holds, ja, en)
    }

    pub(super) fn violated(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(Verdict::Violated, ja, en)
    }

    /// Nobody said what stands under this key.
    pub(super) fn unsaid(key: &str) -> Self {
        let (ja, en) = (format!("`{key}` の記載がありません。"), format!("`{key}` is not said."));
        Self::new(Verdict::Undecided, ja, en)
    }

    /// A way that must not be there: violated if it is certain, otherwise undecided with what is not known.
    pub(super) fn by(way: Way, ja: String, en: String) -> Self {
        if way.decided {
            return Self { verdict: Verdict::Violated, seen: Text::new(ja, en), way: Some(way) };
        }
        let why = |language| way.reasons.first().map(|reason| reason.text(language)).unwrap_or_default();
        let (ja, en) = (ja.trim_end_matches('。'), en.trim_end_matches('.'));
        let seen = Text::new(
            format!("{ja}可能性があります。{}", why(Language::Japanese)),
            format!("It may be that {en}. {}", why(Language::English)),
        );
        Self { verdict: Verdict::Undecided, seen, way: Some(way) }
    }
}

/// The worse of what was found: the first of those that are worst.
pub(super) fn worst(found: impl IntoIterator<Item = Found>) -> Option<Found> {
    found.into_iter().min_by_key(|one| one.verdict)
}

/// The first way that is certain, or the first one.
fn surest(ways: impl Iterator<Item = Way>) -> Option<Way> {
    let mut first = None;
    for way in ways {
        if way.decided {
            return Some(way);
        }
        first = first.or(Some(way));
    }
    first
}

impl<'a> View<'a> {
    pub(super) fn of(scene: &'a Scene<'a>, roads: &'a Roads<'a>) -> Self {
        let (site, register) = (scene.site, Register::of(scene.site));
        let mut flows: BTreeMap<&str, Vec<&Flow>> = BTreeMap::new();
        for flow in site.flows.iter().flatten() {
            flows.entry(flow.from.as_str()).or_default().push(flow);
        }
        let extent = |zone: &'a Zone| (zone.id.as_str(), extent(scene.model, &register, zone));
        Self {
            scene,
            site,
            model: scene.model,
            roads,
            extents: site.zones.iter().map(extent).collect(),
            register,
            flows,
            stands: RefCell::default(),
        }
    }

    pub(super) fn zone(&self, id: &str) -> Option<&'a Zone> {
        self.register.zone(id)
    }

    pub(super) fn node(&self, id: &str) -> Option<&'a Node> {
        self.register.node(id)
    }

    /// The zones of a machine.
    pub(super) fn zones_of(&self, node: &'a Node) -> impl Iterator<Item = &'a Zone> {
        node.zones.iter().filter_map(|id| self.zone(id.as_str()))
    }

    /// The zones at an end of a link or flow.
    pub(super) fn zones_at(&self, end: &Id) -> Vec<&'a Zone> {
        match self.node(end.as_str()) {
            Some(node) => self.zones_of(node).collect(),
            None => self.zone(end.as_str()).into_iter().collect(),
        }
    }

    /// The machines of a zone.
    pub(super) fn members(&self, zone: &'a Zone) -> impl Iterator<Item = &'a Node> {
        self.register.members(&zone.id).iter().copied()
    }

    pub(super) fn of_kind(&self, kinds: &'static [ZoneKind]) -> impl Iterator<Item = &'a Zone> {
        self.site.zones.iter().filter(|zone| kinds.contains(&zone.kind))
    }

    pub(super) fn party_kind(&self, id: &Id) -> Option<PartyKind> {
        self.site.parties.iter().find(|party| party.id == *id).map(|party| party.kind)
    }

    /// Where somebody who is at this place begins packets: a machine, or a network with all of its machines; each with its id.
    /// Of machines that are alike two are enough: the first way that is certain is told, and of two one is not the machine that
    /// is asked about itself.
    fn stands(&self, id: &'a str) -> Rc<[Stand<'a>]> {
        if let Some(known) = self.stands.borrow().get(id) {
            return Rc::clone(known);
        }
        let members = self.zone(id).into_iter().flat_map(|zone| self.members(zone));
        // Machines that pass packets on belong to the network, not to somebody who stands in it.
        let members = members.filter(|node| !passes_on(node)).map(|node| node.id.as_str());
        let all = std::iter::once(id).chain(members);
        let mut alike: BTreeMap<NodeId, usize> = BTreeMap::new();
        let all = all.filter_map(|id| Some((id, self.model.find(id)?)));
        let stands = all.filter(|(id, at)| {
            // Whom flows name may do what others may not; who stands in several networks is no member of one only.
            let is_plain = self.node(id).is_some_and(|node| node.zones.len() == 1);
            if !is_plain || self.flows.contains_key(id) {
                return true;
            }
            let count = alike.entry(self.roads.first_alike(*at)).or_default();
            *count = count.saturating_add(1);
            *count <= 2
        });
        let stands: Rc<[Stand<'a>]> = stands.collect();
        self.stands.borrow_mut().insert(id, Rc::clone(&stands));
        stands
    }

    /// A way by which somebody at a place reaches a machine; one that is certain, if there is one. Who it is, is asked with the
    /// packets.
    pub(super) fn reaches(
        &self,
        from: &'a str,
        to: &str,
        wanted: impl Fn(&str, &Cube) -> bool,
    ) -> Option<Way> {
        if let Some(unseen) = self.unseen(from, to) {
            return Some(unseen);
        }
        let to = self.model.find(to)?;
        let stands = self.stands(from);
        let stands = stands.iter().filter(|(_, at)| *at != to);
        surest(stands.flat_map(|(id, at)| self.roads.from(*at).arriving(to, 1, |cube| wanted(id, cube))))
    }

    /// A way of which nothing is known, where one end is described but a plan stands for its network: which of its resources it
    /// is, nobody said.
    fn unseen(&self, from: &str, to: &str) -> Option<Way> {
        let described = |id: &&str| self.node(id).is_some() || self.zone(id).is_some();
        let end = [from, to].into_iter().filter(described).find(|id| {
            let nowhere = self.zone(id).is_some_and(|zone| zone.kind != ZoneKind::Internet)
                && self.extents.get(*id).is_none_or(Addresses::is_empty);
            self.model.find(id).is_none() || nowhere
        })?;
        let reasons = vec![Reason::attribute(end, "address in the plan")];
        Some(Way { decided: false, reasons, hops: Vec::new(), packets: None })
    }

    /// A way by which packets of somebody at a place come into a network of which they are no member, addressed to it; one
    /// that is certain, if there is one.
    pub(super) fn enters(
        &self,
        from: &'a str,
        zone: &'a Zone,
        wanted: impl Fn(&str, &Cube) -> bool,
    ) -> Option<Way> {
        surest(self.entering(from, zone, 1, wanted))
    }

    /// The same, all of them as far as they are told apart.
    pub(super) fn enters_by(&self, from: &'a str, zone: &'a Zone) -> impl Iterator<Item = Way> {
        self.entering(from, zone, WAYS_MAX, |_, _| true)
    }

    fn entering(
        &self,
        from: &'a str,
        zone: &'a Zone,
        most: usize,
        wanted: impl Fn(&str, &Cube) -> bool,
    ) -> impl Iterator<Item = Way> {
        let unseen = self.unseen(from, zone.id.as_str());
        let to = self.model.find(zone.id.as_str()).filter(|_| unseen.is_none());
        let inside = self.extents.get(zone.id.as_str());
        let member = |id: &str| self.node(id).is_some_and(|node| node.zones.contains(&zone.id));
        let stands = self.stands(from);
        let stands = (0..stands.len()).filter_map(move |at| stands.get(at).copied());
        let stands = stands.filter(move |(id, at)| Some(*at) != to && !member(id));
        let seen = stands.flat_map(move |(id, at)| {
            let for_it = |cube: &Cube| inside.is_some_and(|all| all.meets(cube.family, cube.destination));
            let road = to.map(|to| (self.roads.from(at), to));
            road.map(|(road, to)| road.entering(to, most, |cube| for_it(cube) && wanted(id, cube)))
                .unwrap_or_default()
        });
        unseen.into_iter().chain(seen)
    }

    /// Whether an end of a flow stands for this machine or network: it itself, one of its networks or one of its machines.
    pub(super) fn covers(&self, end: &Id, id: &str) -> bool {
        if end.as_str() == id {
            return true;
        }
        let in_zone = |node: &str, zone: &Id| self.node(node).is_some_and(|node| node.zones.contains(zone));
        in_zone(id, end)
    }

    /// Whether one of the listed flows is what these packets are, from somebody to a machine or a network. Where nobody listed
    /// flows, none is.
    pub(super) fn listed(&self, from: &str, to: &str, cube: &Cube) -> bool {
        let zones = self.node(from).into_iter().flat_map(|node| node.zones.iter().map(Id::as_str));
        let flows = std::iter::once(from).chain(zones).filter_map(|end| self.flows.get(end)).flatten();
        let mut fitting = flows.filter(|flow| carries(flow, cube) && within(flow, cube));
        fitting.any(|flow| self.takes(&flow.to, to, cube))
    }

    /// Whether the end of a flow takes packets that come to a machine or into a network.
    fn takes(&self, end: &Id, to: &str, cube: &Cube) -> bool {
        if self.covers(end, to) {
            return true;
        }
        let inside =
            self.node(end.as_str()).is_some_and(|node| node.zones.iter().any(|zone| zone.as_str() == to));
        let host = self.model.find(end.as_str()).and_then(|at| self.model.network.host(at));
        inside
            && host.is_some_and(|host| {
                host.placement.addresses().of(cube.family).any(|span| span.covers(cube.destination))
            })
    }

    /// The ids by which the Internet is called: those of its zones, or its own.
    pub(super) fn internet(&self) -> Vec<&'a str> {
        let zones: Vec<&str> = self.of_kind(&[ZoneKind::Internet]).map(|zone| zone.id.as_str()).collect();
        if zones.is_empty() { vec!["internet"] } else { zones }
    }

    /// What a thing is called by people.
    pub(super) fn name(&self, id: &str) -> String {
        let name = self.node(id).and_then(|node| node.name.clone());
        let name = name.or_else(|| self.zone(id).and_then(|zone| zone.name.clone()));
        name.map_or_else(|| id.to_owned(), |name| format!("{name}（{id}）"))
    }

    /// Adds what a rule found of an element.
    pub(super) fn tell(&self, out: &mut Vec<Judgement>, rule: &'static str, id: &Id, found: Found) {
        let Found { verdict, seen, way } = found;
        let path = way.map(|way| steps(self.model, &way.hops)).unwrap_or_default();
        let (element, place): (String, Place) = (id.value.clone(), id.place);
        out.push(Judgement { rule, element, place, verdict, seen, path });
    }
}

/// Whether all of the packets go to ports that a flow names; one without ports names all.
fn within(flow: &Flow, cube: &Cube) -> bool {
    let Some(ports) = flow.ports.as_ref().filter(|ports| !ports.is_empty()) else { return true };
    let (first, last) = (cube.destination_port.first(), cube.destination_port.last());
    ports.iter().any(|one| one.value.first <= first && last <= one.value.last)
}

/// Whether it names patients: neither a draft nor data in which identifiers were replaced has to.
fn names_patients(class: DataClass) -> bool {
    matches!(
        class,
        DataClass::ClinicalRecord
            | DataClass::Image
            | DataClass::Laboratory
            | DataClass::PatientIdentity
            | DataClass::Billing
            | DataClass::Eligibility
            | DataClass::HealthCheck
    )
}

/// Whether records of patients lie on a machine; nothing where nobody said.
pub(in crate::findings) fn holds_records(node: &Node) -> bool {
    node.holds.iter().flatten().any(|class| names_patients(*class))
}

/// Whether only data that was made to be used a second time lies on it.
pub(in crate::findings) fn is_secondary(node: &Node) -> bool {
    let holds = node.holds.as_deref().unwrap_or_default();
    let second = |class: &DataClass| matches!(class, DataClass::Pseudonymised | DataClass::Anonymised);
    !holds.is_empty() && holds.iter().all(second)
}
