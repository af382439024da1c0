//! Ways in for maintenance: what a restricted one lets pass over its links.

use super::Ground;
use super::filter::{allowing, doubted};
use super::peer::{Meant, Side};
use crate::description::{Id, Link, Maintenance};
use crate::network::{Match, Party, Rule};

impl Ground<'_> {
    /// What ways of maintenance let pass over a link: of a restricted one only what is for its nodes. Who comes over the link
    /// from elsewhere is not restricted by it.
    pub(super) fn maintenance_rules(&mut self, link: &Link) -> Vec<Rule> {
        let entries = self.maintenance.get(link.id.as_str()).cloned().unwrap_or_default();
        if !entries.iter().any(|entry| entry.restricted == Some(true)) {
            return Vec::new();
        }
        let (mut allowed, mut denied) = (Vec::new(), Vec::new());
        for entry in &entries {
            let Some(from) = self.workers(entry, link) else { continue };
            let (to, doubt) = match (entry.restricted, &entry.into) {
                (Some(true), Some(into)) => {
                    let to = self.parties(into, Side::To);
                    (to.party, to.doubt)
                }
                (Some(true), None) => (Party::Any, Some(self.unknown(entry.id.as_str(), "into"))),
                (Some(false) | None, _) => (Party::Any, None),
            };
            allowed.extend(allowing(entry.id.as_str(), &from, &Match::all().to(to), doubt));
            let place = self.workplace(entry, link).unwrap_or(from);
            let rule = Rule::deny(format!("{} restricted", entry.id), Match::all().from(place.party));
            denied.push(doubted(rule, place.doubt));
        }
        let others = Rule::allow(format!("{} others", link.id), Match::all());
        allowed.into_iter().chain(denied).chain([others]).collect()
    }

    /// Who works by a way of maintenance: who is named, or the vendor's zone at an end of the link.
    fn workers(&mut self, entry: &Maintenance, link: &Link) -> Option<Meant> {
        let from = entry.from.as_ref().or_else(|| self.vendors_end(entry, link))?.clone();
        Some(self.parties(&[from], Side::From))
    }

    /// Where they work: all of the zones of the node that is named, so that nobody else takes the way.
    fn workplace(&mut self, entry: &Maintenance, link: &Link) -> Option<Meant> {
        let from = entry.from.as_ref().or_else(|| self.vendors_end(entry, link))?.clone();
        let node = self.nodes.get(from.as_str()).copied()?;
        Some(self.parties(&node.zones, Side::From))
    }

    fn vendors_end<'l>(&self, entry: &Maintenance, link: &'l Link) -> Option<&'l Id> {
        let is_theirs = |id: &&Id| {
            let zone = self.zones.get(id.as_str());
            zone.is_some_and(|zone| zone.owner.is_some() && zone.owner == entry.vendor)
        };
        [&link.from, &link.to].into_iter().find(is_theirs)
    }
}
