//! What `_include` and `_revinclude` should show beside the results of a page (FHIR R4, search, including).

use super::ask::Key;
use super::parameters::Kind;
use super::value::Value;
use super::world::World;
use std::collections::BTreeSet;

/// An `_include` or a `_revinclude`.
#[derive(Clone, Debug)]
pub(crate) struct Including {
    pub(crate) source: String,
    /// A reference parameter of the source, or `*`.
    pub(crate) code: String,
    pub(crate) target: Option<String>,
    pub(crate) backwards: bool,
    pub(crate) iterate: bool,
}

impl Including {
    /// Name and value.
    pub(crate) fn written(&self) -> (String, String) {
        let name = if self.backwards { "_revinclude" } else { "_include" };
        let target = self.target.as_ref().map(|target| format!(":{target}")).unwrap_or_default();
        let iterate = if self.iterate { ":iterate" } else { "" };
        (format!("{name}{iterate}"), format!("{}:{}{target}", self.source, self.code))
    }

    fn codes<'w>(&'w self, world: &'w World) -> Vec<&'w str> {
        if self.code != "*" {
            return vec![&self.code];
        }
        let mut codes = world.codes(&self.source);
        codes.retain(|code| world.parameter(&self.source, code).unwrap().kind == Kind::Reference);
        codes
    }

    /// Where references of one resource lead, or come from.
    fn from(&self, world: &World, (kind, id): &Key) -> Vec<Key> {
        if self.backwards {
            return self.referring(world, kind, id);
        }
        let Some(place) = world.place(kind, id).filter(|_| *kind == self.source) else { return Vec::new() };
        let codes = self.codes(world);
        let columns = codes.iter().map(|code| world.column(kind, code));
        let keys: Vec<Key> = columns.flat_map(|column| links(&column[place])).collect();
        let wanted = |key: &Key| self.target.as_ref().is_none_or(|target| *target == key.0);
        keys.into_iter().filter(|key| wanted(key) && world.place(&key.0, &key.1).is_some()).collect()
    }

    fn referring(&self, world: &World, kind: &str, id: &str) -> Vec<Key> {
        if self.target.as_ref().is_some_and(|target| target != kind) {
            return Vec::new();
        }
        let mut found = Vec::new();
        for code in self.codes(world) {
            let column = world.column(&self.source, code);
            for (record, values) in world.records(&self.source).iter().zip(column.iter()) {
                if links(values).iter().any(|(to, at)| to == kind && at == id) {
                    found.push((record.kind.clone(), record.id.clone()));
                }
            }
        }
        found
    }
}

/// The resources of this server that values lead to.
fn links(values: &[Value]) -> Vec<Key> {
    let owned = |(kind, id): (&str, &str)| (kind.to_owned(), id.to_owned());
    values.iter().filter_map(Value::leads_to).map(owned).collect()
}

/// What stands beside these results, without the results themselves.
pub(crate) fn beside(world: &World, found: &[Key], including: &[Including]) -> BTreeSet<Key> {
    let results: BTreeSet<Key> = found.iter().cloned().collect();
    let mut seen = results.clone();
    let mut edge: Vec<Key> = found.to_vec();
    let mut is_first = true;
    while !edge.is_empty() {
        let mut next = Vec::new();
        for key in &edge {
            for one in including.iter().filter(|one| is_first || one.iterate) {
                next.extend(one.from(world, key).into_iter().filter(|key| seen.insert(key.clone())));
            }
        }
        edge = next;
        is_first = false;
    }
    seen.difference(&results).cloned().collect()
}
