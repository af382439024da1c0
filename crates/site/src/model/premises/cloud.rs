//! Cloud entries: joined to the handoffs of plans, or to the zones that stand for them.

use super::{Ground, title};
use crate::description::{Cloud, Site};
use crate::model::sketch::Handoff;
use crate::network::{NodeId, ReasonId};
use crate::packet::Addresses;
use std::collections::BTreeMap;

/// Handoffs by the ids of what they are joined to.
type Joined<'a> = BTreeMap<&'a str, usize>;

/// The handoffs that cloud entries name, by entry and by the zone that stands for the same without a plan. They count as
/// joined. Of several plans with the address, an entry must say which.
pub(super) fn joined<'a>(site: &'a Site, handoffs: &mut [Handoff]) -> (Joined<'a>, Joined<'a>) {
    let (mut joined, mut replaced) = (BTreeMap::new(), BTreeMap::new());
    for cloud in &site.cloud {
        let mut named =
            handoffs.iter_mut().enumerate().filter(|(_, handoff)| handoff.address == cloud.address.value);
        let (Some((at, handoff)), None) = (named.next(), named.next()) else { continue };
        handoff.joined = true;
        joined.insert(cloud.id.as_str(), at);
        if let Some(zone) = &cloud.stands_for {
            replaced.insert(zone.as_str(), at);
        }
    }
    (joined, replaced)
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
        self.beyond.insert(id, (node, reason));
        (node, reason)
    }
}
