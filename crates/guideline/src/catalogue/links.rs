//! What requirements of one edition have to do with those of another: one graph.

use super::{Catalogue, Origin};
use std::collections::BTreeSet;

/// How two requirements belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LinkKind {
    /// They concern the same.
    Related,
    /// The first stands as the second stood in an edition before.
    Inherits,
    /// The first takes the place of the second.
    Replaces,
}

/// One step from a requirement or a scenario to a requirement.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// From which.
    pub from: String,
    /// To which.
    pub to: String,
    /// How they belong together.
    pub kind: LinkKind,
}

/// A link that leads to nothing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dangling {
    /// From which.
    pub from: String,
    /// The id that is not in the catalogue.
    pub to: String,
}

pub(super) fn of(catalogue: &Catalogue) -> Vec<Link> {
    let mut links = BTreeSet::new();
    for one in catalogue.requirements.values() {
        let mut add = |to: &str, kind| links.insert(Link { from: one.id.clone(), to: to.to_owned(), kind });
        match &one.origin {
            Some(Origin::Inherited(before)) => drop(add(before, LinkKind::Inherits)),
            Some(Origin::Replaces(before, _)) => drop(add(before, LinkKind::Replaces)),
            Some(Origin::Added(_)) | None => {}
        }
        for to in &one.related {
            add(to, LinkKind::Related);
        }
    }
    for one in catalogue.scenarios.values() {
        for to in &one.related {
            links.insert(Link { from: one.id.clone(), to: to.clone(), kind: LinkKind::Related });
        }
    }
    links.into_iter().collect()
}

impl Catalogue {
    /// Links that lead to nothing. A link may lead to a whole chapter: `mhlw-6.0/control/13`.
    pub fn dangling(&self) -> Vec<Dangling> {
        let chapters: BTreeSet<String> = self
            .requirements
            .values()
            .map(|one| format!("{}/{}/{}", one.edition, one.part, one.chapter))
            .collect();
        let known = |id: &str| self.requirements.contains_key(id) || chapters.contains(id);
        let dangling = self.links.iter().filter(|link| !known(&link.to));
        dangling.map(|link| Dangling { from: link.from.clone(), to: link.to.clone() }).collect()
    }
}
