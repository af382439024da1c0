//! Which requirements of other editions concern the same as one: what it goes back to, and what links say.

use guideline::{Catalogue, Origin, Requirement};
use std::collections::{BTreeMap, BTreeSet};

/// The requirements of all editions in families: each with those that it goes back to, and families with those that they are
/// linked with, in either direction.
pub(in crate::form) struct Kinship<'a> {
    members: BTreeMap<&'a str, BTreeSet<&'a str>>,
    family_of: BTreeMap<&'a str, &'a str>,
    linked: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

impl<'a> Kinship<'a> {
    /// Of a catalogue.
    pub(in crate::form) fn of(catalogue: &'a Catalogue) -> Self {
        let mut kinship =
            Self { members: BTreeMap::new(), family_of: BTreeMap::new(), linked: BTreeMap::new() };
        for one in catalogue.requirements() {
            let family = first(catalogue, one);
            kinship.family_of.insert(&one.id, family);
            kinship.members.entry(family).or_default().insert(&one.id);
        }
        for link in catalogue.links() {
            let ends = (kinship.family_of.get(link.from.as_str()), kinship.family_of.get(link.to.as_str()));
            // Links may begin at scenarios and lead to whole chapters: neither is a requirement.
            if let (Some(from), Some(to)) = ends {
                let (from, to) = (*from, *to);
                kinship.linked.entry(from).or_default().insert(to);
                kinship.linked.entry(to).or_default().insert(from);
            }
        }
        kinship
    }

    /// The requirements of other editions that concern the same.
    pub(in crate::form) fn related(&self, catalogue: &Catalogue, requirement: &str) -> BTreeSet<&'a str> {
        let Some(family) = self.family_of.get(requirement) else { return BTreeSet::new() };
        let families = self.linked.get(family).into_iter().flatten().chain([family]);
        let all = families.filter_map(|family| self.members.get(family)).flatten();
        let edition = |id: &str| catalogue.requirement(id).ok().map(|one| one.edition.as_str());
        let own = edition(requirement);
        all.filter(|other| edition(other) != own).copied().collect()
    }
}

/// The requirement that one goes back to in the end: what it inherits or replaces, and what that does.
fn first<'a>(catalogue: &'a Catalogue, requirement: &'a Requirement) -> &'a str {
    match &requirement.origin {
        Some(Origin::Inherited(before) | Origin::Replaces(before, _)) => {
            catalogue.requirement(before).map_or(before.as_str(), |earlier| first(catalogue, earlier))
        }
        Some(Origin::Added(_)) | None => &requirement.id,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_inherited_and_what_is_linked_concerns_the_same() {
        let engine = guideline::engine().unwrap();
        let kinship = Kinship::of(&engine.catalogue);
        // The checklist names 6.0, which 7.0 inherits or replaces.
        let related = kinship.related(&engine.catalogue, "mhlw-7.0/governance/3.1.1-1");
        assert!(related.contains("mhlw-6.0/governance/3.1.1-1"), "{related:?}");
        assert!(related.contains("mhlw-checklist-2025/facility/1-1"), "{related:?}");
        assert!(related.iter().all(|id| !id.starts_with("mhlw-7.0/")), "{related:?}");
    }
}
