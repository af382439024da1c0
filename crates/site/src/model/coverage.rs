//! What became of the resources of the plans: modelled, ignored, or the reason that an answer is undecided.

use std::collections::BTreeMap;

/// What became of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Treatment {
    /// It is part of the network.
    Modelled,
    /// It says nothing of where packets may go.
    Ignored,
    /// It may say where packets go, and how is not modelled: answers that pass by it are undecided.
    Undecided,
}

/// How many resources of each type became what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    counts: BTreeMap<(Treatment, String), usize>,
}

impl Coverage {
    /// Counts a resource of a type.
    pub fn count(&mut self, treatment: Treatment, kind: &str) {
        let count = self.counts.entry((treatment, kind.to_owned())).or_default();
        *count = count.saturating_add(1);
    }

    /// The types with this treatment, sorted, with the number of their resources.
    pub fn of(&self, treatment: Treatment) -> impl Iterator<Item = (&str, usize)> {
        let here = move |found: &Treatment| *found == treatment;
        let of = self.counts.iter().filter(move |((found, _), _)| here(found));
        of.map(|((_, kind), count)| (kind.as_str(), *count))
    }
}
