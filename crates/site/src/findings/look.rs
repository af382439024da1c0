//! Looking up what a description calls by its id, and what kind of data and networks things are.

use crate::description::{
    DataClass, FACILITY, Id, Link, Node, NodeKind, Party, PartyKind, Site, Zone, ZoneKind,
};
use std::collections::BTreeMap;

/// What ids of a description stand for.
pub(super) struct Look<'a> {
    zones: BTreeMap<&'a str, &'a Zone>,
    nodes: BTreeMap<&'a str, &'a Node>,
    parties: BTreeMap<&'a str, &'a Party>,
    /// Zones for which a plan stands, by the ids of the cloud's resources.
    clouds: BTreeMap<&'a str, Option<&'a str>>,
}

impl<'a> Look<'a> {
    pub(super) fn at(site: &'a Site) -> Self {
        let cloud =
            |one: &'a crate::description::Cloud| (one.id.as_str(), one.stands_for.as_ref().map(Id::as_str));
        Self {
            zones: site.zones.iter().map(|one| (one.id.as_str(), one)).collect(),
            nodes: site.nodes.iter().map(|one| (one.id.as_str(), one)).collect(),
            parties: site.parties.iter().map(|one| (one.id.as_str(), one)).collect(),
            clouds: site.cloud.iter().map(cloud).collect(),
        }
    }

    pub(super) fn zone(&self, id: &Id) -> Option<&'a Zone> {
        self.zones.get(id.as_str()).copied()
    }

    pub(super) fn node(&self, id: &Id) -> Option<&'a Node> {
        self.nodes.get(id.as_str()).copied()
    }

    pub(super) fn party(&self, id: &Id) -> Option<&'a Party> {
        self.parties.get(id.as_str()).copied()
    }

    /// The zones at an end of a link or flow: the zone itself, or those of the node.
    pub(super) fn zones_at(&self, end: &Id) -> Vec<&'a Zone> {
        if let Some(node) = self.node(end) {
            return node.zones.iter().filter_map(|zone| self.zone(zone)).collect();
        }
        let stands_for = self.clouds.get(end.as_str()).copied().flatten();
        self.zone(end).or_else(|| self.zones.get(stands_for?).copied()).into_iter().collect()
    }

    /// Whether an end of a link or flow lies in a zone of this kind.
    pub(super) fn lies_in(&self, end: &Id, kind: ZoneKind) -> bool {
        (kind == ZoneKind::Cloud && self.clouds.contains_key(end.as_str()))
            || self.zones_at(end).iter().any(|zone| zone.kind == kind)
    }

    /// Whether a link has an end in a zone of this kind.
    pub(super) fn ends_in(&self, link: &Link, kind: ZoneKind) -> bool {
        self.lies_in(&link.from, kind) || self.lies_in(&link.to, kind)
    }

    /// Whether somebody of this kind owns it.
    pub(super) fn owned_by(&self, owner: Option<&Id>, kind: PartyKind) -> bool {
        owner.and_then(|owner| self.party(owner)).is_some_and(|party| party.kind == kind)
    }

    /// Whether other facilities have networks of their own there: those whom a service must tell apart.
    pub(super) fn has_tenants(&self, site: &Site) -> bool {
        site.zones.iter().any(|zone| self.owned_by(zone.owner.as_ref(), PartyKind::Facility))
    }

    /// Whether an end of a link or flow stands with the facility: in networks that are its own and no cloud.
    pub(super) fn with_facility(&self, end: &Id) -> bool {
        let own = |zone: &&Zone| {
            let of_facility = zone.owner.as_ref().is_some_and(|owner| owner.as_str() == FACILITY);
            of_facility && zone.kind != ZoneKind::Cloud
        };
        let zones = self.zones_at(end);
        !zones.is_empty() && zones.iter().all(own)
    }

    /// Whether a node stands in the networks of this facility or of another one.
    pub(super) fn on_premises(&self, node: &Node) -> bool {
        let of_other = |zone: &&Zone| {
            zone.kind != ZoneKind::Cloud && self.owned_by(zone.owner.as_ref(), PartyKind::Facility)
        };
        let zones = self.zones_at(&node.id);
        self.with_facility(&node.id) || (!zones.is_empty() && zones.iter().all(of_other))
    }
}

/// Whether it tells of patients, be it under another name.
pub(super) fn of_patients(data: DataClass) -> bool {
    match data {
        DataClass::ClinicalRecord
        | DataClass::Image
        | DataClass::Laboratory
        | DataClass::PatientIdentity
        | DataClass::Billing
        | DataClass::Eligibility
        | DataClass::HealthCheck
        | DataClass::Draft
        | DataClass::Pseudonymised => true,
        DataClass::Anonymised
        | DataClass::Staff
        | DataClass::Credentials
        | DataClass::Configuration
        | DataClass::Logs
        | DataClass::Other => false,
    }
}

/// Whether it names patients: neither a draft nor data in which identifiers were replaced has to.
pub(super) fn names_patients(data: DataClass) -> bool {
    of_patients(data) && !matches!(data, DataClass::Draft | DataClass::Pseudonymised)
}

/// Whether a node holds data of patients; none where nobody said.
pub(super) fn holds_patients(node: &Node) -> Option<bool> {
    node.holds.as_ref().map(|all| all.iter().copied().any(of_patients))
}

/// Whether a node only has software that others look after, or none that anybody can see.
pub(super) fn is_managed(look: &Look<'_>, node: &Node) -> bool {
    let inside_unseen =
        matches!(node.kind, NodeKind::Function | NodeKind::Model | NodeKind::Api | NodeKind::Service);
    node.software.is_none() && (inside_unseen || look.owned_by(node.owner.as_ref(), PartyKind::Cloud))
}
