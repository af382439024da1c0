//! The network as it would be after a change.

use super::Limits;
use super::change::Kind;
use super::cut::After;
use super::facts::{Facts, Seat};
use super::graph::{ClassId, Graph};
use super::search::NONE_GONE;
use super::stance::{Stand, entry};
use crate::description::{
    ClientCertificate, Day, Flow, Id, Ipsec, Link, Maintenance, Node, PeerCheck, Place, Placed, Protection,
    Service, Site, Software, SslVpn, SslVpnKind, Wireless, WirelessCipher,
};
use crate::model::Thing;
use crate::network::NodeId;
use std::collections::BTreeSet;

/// What changes are tried on.
pub(super) struct Trial<'n> {
    pub(super) now: &'n After<'n, 'n>,
    pub(super) site: Option<&'n Site>,
    pub(super) limits: Limits,
    /// Whether the network is small enough to be worked out anew for each change.
    pub(super) is_small: bool,
}

impl Trial<'_> {
    /// What a question comes to after a change; none where that cannot be told.
    pub(super) fn after<T>(&self, kind: &Kind, ask: impl Fn(&After<'_, '_>) -> T) -> Option<T> {
        let now = self.now;
        let without = |gone: &BTreeSet<(ClassId, NodeId)>, emptied: &BTreeSet<NodeId>| {
            ask(&After { graph: now.graph, stands: now.stands, places: now.places, gone, emptied })
        };
        let none = BTreeSet::new();
        match kind {
            Kind::Rule { gone, .. } => {
                let is_wanted = |(class, to): &(ClassId, NodeId)| {
                    now.graph.class(*class).is_some_and(|class| self.is_wanted(&class.seat, *to))
                };
                Some(without(&gone.iter().copied().filter(|way| !is_wanted(way)).collect(), &none))
            }
            Kind::Empty(device) => Some(without(&NONE_GONE, &self.nodes_of(device))),
            Kind::Door(device) => {
                let nodes = self.nodes_of(device);
                let is_gone = |seat: &Seat, to| nodes.contains(&to) && !self.is_wanted(seat, to);
                Some(without(&gone(now.graph, is_gone), &none))
            }
            Kind::OneZone { device, keep } => {
                let is_gone = |seat: &Seat, to| self.needs_other_foot(device, keep, seat, to);
                Some(without(&gone(now.graph, is_gone), &none))
            }
            Kind::Maintenance(place) => Some(without(&self.beyond_maintenance(place), &none)),
            Kind::Line(line) => Some(without(&self.by_line(line)?, &none)),
            _ => self.redrawn(kind, &ask),
        }
    }

    fn facts(&self) -> &Facts<'_> {
        self.now.graph.facts
    }

    fn nodes_of(&self, device: &str) -> BTreeSet<NodeId> {
        let things = self.facts().model.things();
        let is_it = |thing: &Thing| matches!(thing, Thing::Device(id) if id == device);
        things.filter(|(_, thing)| is_it(thing)).map(|(node, _)| node).collect()
    }

    /// Whether somebody wants that this seat reaches a machine: a flow, maintenance or the machine itself names it.
    fn is_wanted(&self, seat: &Seat, to: NodeId) -> bool {
        let Some(site) = self.site else { return false };
        let target = self.facts().seat(to);
        let Some(device) = self.facts().device(to) else { return false };
        let is_seat = |id: &Id| seat.device.as_ref() == Some(&id.value) || seat.zones.contains(&id.value);
        let is_target = |id: &Id| device.id.value == id.value || target.zones.contains(&id.value);
        let flow = |flow: &Flow| is_seat(&flow.from) && is_target(&flow.to);
        let work = |entry: &Maintenance| {
            let into = entry.into.iter().flatten().any(|into| into.value == device.id.value);
            entry.from.as_ref().is_some_and(is_seat) && into
        };
        let named = |service: &Service| service.accepts_from.iter().flatten().any(is_seat);
        site.flows.iter().flatten().any(flow)
            || site.maintenance.iter().flatten().any(work)
            || device.listens.iter().flatten().any(named)
    }

    /// Whether a way uses that a machine stands in more than one zone.
    fn needs_other_foot(&self, device: &str, keep: &str, seat: &Seat, to: NodeId) -> bool {
        let target = self.facts().seat(to);
        let is = |seat: &Seat| seat.device.as_deref() == Some(device);
        (is(seat) && !target.zones.contains(keep)) || (is(&target) && !seat.zones.contains(keep))
    }

    /// The ways from a vendor's place to what it does not maintain.
    fn beyond_maintenance(&self, place: &str) -> BTreeSet<(ClassId, NodeId)> {
        let now = self.now;
        let stands = now.stands.iter().zip(now.places).filter(|(stand, _)| stand.id == place);
        let classes: BTreeSet<ClassId> = stands.filter_map(|(_, class)| *class).collect();
        let mut found = BTreeSet::new();
        for id in classes {
            let Some(class) = now.graph.class(id) else { continue };
            let beyond = now.graph.led_to(class).into_iter().filter(|to| !self.is_wanted(&class.seat, *to));
            found.extend(beyond.map(|to| (id, to)));
        }
        found
    }

    /// The ways that are gone when a line carries only what is wanted.
    fn by_line(&self, line: &str) -> Option<BTreeSet<(ClassId, NodeId)>> {
        if !self.is_small {
            return None;
        }
        let now = self.now;
        let model = self.facts().model;
        let is_line = |thing: &Thing| matches!(thing, Thing::Link { id, .. } if id == line);
        let nodes = model.things().filter(|(_, thing)| is_line(thing)).map(|(node, _)| node).collect();
        let run: Vec<NodeId> = now.graph.was_run().map(|class| class.origin).collect();
        let (cut, places) = Graph::new(now.graph.facts, now.stands, self.limits, &nodes, &run);
        let class_after = |id: ClassId, origin: NodeId| {
            let place = now.places.iter().position(|place| *place == Some(id));
            place.and_then(|at| places.get(at).copied().flatten()).or_else(|| cut.class_of(origin))
        };
        let mut found = BTreeSet::new();
        for (id, class) in now.graph.classes.iter().enumerate() {
            let after = class_after(id, class.origin);
            let is_left = |to: NodeId| after.is_some_and(|after| cut.lead(after, to).is_some());
            let led_to = now.graph.led_to(class).into_iter();
            let gone = led_to.filter(|to| !is_left(*to) && !self.is_wanted(&class.seat, *to));
            found.extend(gone.map(|to| (id, to)));
        }
        Some(found)
    }

    /// The same network with a changed description of what stands in it.
    fn redrawn<T>(&self, kind: &Kind, ask: impl Fn(&After<'_, '_>) -> T) -> Option<T> {
        let mut site = self.site.filter(|_| self.is_small)?.clone();
        let facts = self.facts();
        if !change(&mut site, kind, Day(facts.today)) {
            return None;
        }
        let changed = Facts::new(facts.model, Some(&site), facts.today);
        let stand = |stand: &Stand| Stand { entry: entry(&changed, stand), ..stand.clone() };
        let stands: Vec<Stand> = self.now.stands.iter().map(stand).collect();
        let (graph, places) = (self.now.graph.priced(&changed), self.now.places);
        let gone = match kind {
            Kind::Isolate(zone) => gone(&graph, |seat, to| {
                let both = seat.zones.contains(zone) && changed.seat(to).zones.contains(zone);
                both && !self.is_wanted(seat, to)
            }),
            _ => BTreeSet::new(),
        };
        let emptied = BTreeSet::new();
        Some(ask(&After { graph: &graph, stands: &stands, places, gone: &gone, emptied: &emptied }))
    }
}

/// The ways that a condition takes away.
fn gone(graph: &Graph<'_>, is_gone: impl Fn(&Seat, NodeId) -> bool) -> BTreeSet<(ClassId, NodeId)> {
    let classes = graph.classes.iter().enumerate();
    let ways =
        classes.flat_map(|(id, class)| graph.led_to(class).into_iter().map(move |to| (id, &class.seat, to)));
    ways.filter(|(_, seat, to)| is_gone(seat, *to)).map(|(id, _, to)| (id, to)).collect()
}

/// Changes a description; whether there was something to change.
fn change(site: &mut Site, kind: &Kind, today: Day) -> bool {
    match kind {
        Kind::Isolate(id) => {
            let zone = site.zones.iter_mut().find(|zone| zone.id.value == *id);
            zone.map(|zone| zone.isolated = Some(true)).is_some()
        }
        Kind::Radio(id) => {
            let link = site.links.iter_mut().find(|link| link.id.value == *id);
            link.is_some_and(protect_radio)
        }
        Kind::Ends(id) => {
            let ends = site.links.iter_mut().filter(|link| link.from.value == *id || link.to.value == *id);
            ends.map(check_ends).count() > 0
        }
        Kind::Accounts(id) => {
            of_maintenance(site, id).for_each(|entry| entry.account_per_person = Some(true));
            on(site, id, |node| {
                node.default_password = Some(false);
                node.sign_in.get_or_insert_default().shared_accounts = Some(false);
            })
        }
        Kind::SecondFactor(id) => {
            of_maintenance(site, id).for_each(|entry| entry.two_factors = Some(true));
            on(site, id, |node| node.sign_in.get_or_insert_default().two_factors = Some(true))
        }
        Kind::Update(id) => on(site, id, |node| update(node, today)),
        Kind::Administrators(id) => on(site, id, |node| {
            node.administered_by = Some(vec![Placed { value: id.clone(), place: Place::default() }]);
        }),
        Kind::Protect(id) => on(site, id, |node| {
            node.disk_encrypted = Some(true);
            node.screen_lock_minutes = Some(5);
        }),
        Kind::Line(_)
        | Kind::Maintenance(_)
        | Kind::Rule { .. }
        | Kind::OneZone { .. }
        | Kind::Door(_)
        | Kind::Empty(_) => false,
    }
}

fn on(site: &mut Site, id: &str, change: impl FnOnce(&mut Node)) -> bool {
    site.nodes.iter_mut().find(|node| node.id.value == id).map(change).is_some()
}

fn of_maintenance<'s>(site: &'s mut Site, id: &'s str) -> impl Iterator<Item = &'s mut Maintenance> {
    let all = site.maintenance.iter_mut().flatten();
    all.filter(move |entry| entry.into.iter().flatten().any(|into| into.value == id))
}

fn update(node: &mut Node, today: Day) {
    let current =
        |name: String| Software { name, version: None, end_of_support: None, supported: Some(true) };
    let known = node.software.take().unwrap_or_default();
    let mut software: Vec<Software> = known.into_iter().map(|one| current(one.name)).collect();
    if software.is_empty() {
        software.push(current(node.id.value.clone()));
    }
    node.software = Some(software);
    node.patched_on = Some(today);
}

fn protect_radio(link: &mut Link) -> bool {
    let mut changed = false;
    for protection in link.protection.iter_mut().flatten() {
        if let Protection::Wireless(wireless) = protection {
            wireless.security = Some(Wireless::Wpa3Enterprise);
            wireless.cipher = Some(WirelessCipher::Aes);
            changed = true;
        }
    }
    changed
}

fn check_ends(link: &mut Link) {
    for protection in link.protection.iter_mut().flatten() {
        match protection {
            Protection::SslVpn(vpn) => {
                *vpn = SslVpn {
                    kind: Some(SslVpnKind::Client),
                    client_certificate: Some(ClientCertificate::Required),
                    devices_restricted: Some(true),
                    ..vpn.clone()
                };
            }
            Protection::Ipsec(ipsec) => {
                *ipsec = Ipsec {
                    authentication: Some(PeerCheck::Certificate),
                    key_shared: Some(false),
                    ..ipsec.clone()
                };
            }
            _ => {}
        }
    }
}
