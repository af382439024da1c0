//! Cloud entries: joined to the handoffs of plans, or to the zones that stand for them.

use super::{Ground, title};
use crate::description::{Cloud, Site};
use crate::model::sketch::Handoff;
use crate::model::thing::Thing;
use crate::network::{NodeId, ReasonId};
use crate::packet::Addresses;
use crate::plan::Plan;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::Path;

/// Handoffs by the ids of what they are joined to.
type Joined<'a> = BTreeMap<&'a str, usize>;

/// The handoffs that cloud entries name, by entry and by the zone that stands for the same without a plan. They count as
/// joined. Of several plans with the address, an entry must say which.
pub(super) fn joined<'a>(
    site: &'a Site,
    plans: &[Plan],
    handoffs: &mut [Handoff],
) -> (Joined<'a>, Joined<'a>) {
    let mut by_address: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, handoff) in handoffs.iter().enumerate() {
        by_address.entry(handoff.address.clone()).or_default().push(at);
    }
    let (mut joined, mut replaced) = (BTreeMap::new(), BTreeMap::new());
    for cloud in &site.cloud {
        let is_meant = |at: &&usize| match (&cloud.plan, handoffs.get(**at)) {
            (Some(name), Some(handoff)) => plans.get(handoff.plan).is_some_and(|plan| is_called(plan, name)),
            (None, Some(_)) => true,
            (_, None) => false,
        };
        let mut named = by_address.get(&cloud.address.value).into_iter().flatten().filter(is_meant);
        let (Some(&at), None) = (named.next(), named.next()) else { continue };
        if let Some(handoff) = handoffs.get_mut(at) {
            handoff.joined = true;
        }
        joined.insert(cloud.id.as_str(), at);
        if let Some(zone) = &cloud.stands_for {
            replaced.insert(zone.as_str(), at);
        }
    }
    (joined, replaced)
}

/// Whether a plan is called so: as it was given, or as its file without folders and ending.
fn is_called(plan: &Plan, name: &str) -> bool {
    let path = Path::new(&plan.name);
    let is = |part: Option<&OsStr>| part.is_some_and(|part| part == name);
    plan.name == name || is(path.file_name()) || is(path.file_stem())
}

impl<'a> Ground<'a> {
    /// Names the handoffs by the ids of the cloud entries.
    pub(super) fn clouds(&mut self) {
        for (id, at) in self.joined.clone() {
            if let Some(into) = self.sketch.handoffs.get(at).map(|handoff| handoff.into) {
                self.sketch.call(id, into);
            }
        }
    }

    /// What lies behind a cloud entry that is joined to nothing: a place where anything may be, and that may pass anything
    /// on to the other links that end there.
    pub(super) fn beyond(&mut self, cloud: &'a Cloud) -> (NodeId, ReasonId) {
        let id = cloud.id.as_str();
        if let Some(found) = self.beyond.get(id) {
            return *found;
        }
        let reason = self.unknown(id, "address");
        let title = title(&cloud.id, cloud.name.as_ref(), None);
        let node = self.sketch.draft.outside(title, Addresses::all());
        let thing = Thing::Undescribed { plan: 0, address: cloud.address.value.clone() };
        self.call(id, node, thing);
        self.beyond.insert(id, (node, reason));
        (node, reason)
    }
}
