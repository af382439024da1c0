//! A search: how it is written in an address, and which resources it should find, by looking at each.

use super::moment::span;
use super::value::Value;
use super::wanted::{Around, Modifier, Wanted, dates};
use super::world::World;
use std::fmt::Write as _;

/// One condition on the resources of a type.
#[derive(Clone, Debug)]
pub(crate) enum Criterion {
    /// `_id`
    Ids(Vec<String>),
    /// `_lastUpdated`
    Updated(Vec<(&'static str, String)>),
    /// A parameter with alternatives.
    Plain { code: String, modifier: Modifier, any: Vec<Wanted> },
    /// `:missing`
    Missing { code: String, missing: bool },
    /// `code:target.inner`
    Chain { code: String, target: Option<String>, inner: Box<Criterion> },
    /// `_has:kind:code:inner`
    Has { kind: String, code: String, inner: Box<Criterion> },
}

/// Conditions that resources of a type must all fulfil.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    pub(crate) kind: String,
    pub(crate) all: Vec<Criterion>,
}

impl Question {
    /// Type and query.
    pub(crate) fn address(&self) -> String {
        let pairs: Vec<String> = self
            .all
            .iter()
            .map(Criterion::written)
            .map(|(name, value)| format!("{}={}", encoded(&name), encoded(&value)))
            .collect();
        format!("{}?{}", self.kind, pairs.join("&"))
    }

    /// The same, to be read by people.
    pub(crate) fn shown(&self) -> String {
        let pairs = self.all.iter().map(Criterion::written).map(|(name, value)| format!("{name}={value}"));
        format!("{}?{}", self.kind, pairs.collect::<Vec<_>>().join("&"))
    }

    /// Per resource of the type, whether it should be found.
    pub(crate) fn found(&self, world: &World, now: i64) -> Vec<bool> {
        let mut found = vec![true; world.records(&self.kind).len()];
        for criterion in &self.all {
            let also = criterion.found(world, &self.kind, now);
            found.iter_mut().zip(also).for_each(|(found, also)| *found &= also);
        }
        found
    }
}

/// Percent-encoding of all that is not surely plain (RFC 3986, section 2.3).
pub(crate) fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:".contains(&byte) {
            out.push(char::from(byte));
        } else {
            write!(out, "%{byte:02X}").unwrap();
        }
    }
    out
}

impl Criterion {
    /// Name and value.
    pub(crate) fn written(&self) -> (String, String) {
        match self {
            Self::Ids(ids) => ("_id".to_owned(), ids.join(",")),
            Self::Updated(times) => {
                let times: Vec<String> =
                    times.iter().map(|(prefix, text)| format!("{prefix}{text}")).collect();
                ("_lastUpdated".to_owned(), times.join(","))
            }
            Self::Plain { code, modifier, any } => {
                let values: Vec<String> = any.iter().map(Wanted::text).collect();
                (format!("{code}{}", modifier.text()), values.join(","))
            }
            Self::Missing { code, missing } => (format!("{code}:missing"), missing.to_string()),
            Self::Chain { code, target, inner } => {
                let (name, value) = inner.written();
                let target = target.as_ref().map(|target| format!(":{target}")).unwrap_or_default();
                (format!("{code}{target}.{name}"), value)
            }
            Self::Has { kind, code, inner } => {
                let (name, value) = inner.written();
                (format!("_has:{kind}:{code}:{name}"), value)
            }
        }
    }

    /// Per resource of the type, whether it fulfils the condition.
    pub(crate) fn found(&self, world: &World, kind: &str, now: i64) -> Vec<bool> {
        let records = world.records(kind);
        let look = Look { world, kind, now };
        match self {
            Self::Ids(ids) => records.iter().map(|record| ids.contains(&record.id)).collect(),
            Self::Updated(times) => {
                let fits = |updated: i64| {
                    let kept = (updated, updated + 1);
                    times.iter().any(|(prefix, text)| dates(prefix, span(text).unwrap(), kept, now))
                };
                records.iter().map(|record| fits(record.updated)).collect()
            }
            Self::Plain { code, modifier, any } => look.plain(code, modifier, any),
            Self::Missing { code, missing } => {
                world.column(kind, code).iter().map(|values| values.is_empty() == *missing).collect()
            }
            Self::Chain { code, target, inner } => look.chain(code, target.as_deref(), inner),
            Self::Has { kind: source, code, inner } => look.has(source, code, inner),
        }
    }

    /// True when the condition may be asked of resources of a type.
    fn is_known(&self, world: &World, kind: &str) -> bool {
        match self {
            Self::Ids(_) | Self::Updated(_) | Self::Has { .. } => true,
            Self::Plain { code, .. } | Self::Missing { code, .. } | Self::Chain { code, .. } => {
                world.parameter(kind, code).is_some()
            }
        }
    }
}

/// Where is searched, and when.
#[derive(Clone, Copy)]
struct Look<'w> {
    world: &'w World,
    kind: &'w str,
    now: i64,
}

impl Look<'_> {
    fn plain(self, code: &str, modifier: &Modifier, any: &[Wanted]) -> Vec<bool> {
        let Self { world, kind, now } = self;
        let targets = &world.parameter(kind, code).unwrap().targets;
        let name = format!("{kind}.{code}");
        let around = Around { base: &world.base, now, name: &name, targets, modifier };
        let negated = *modifier == Modifier::Not;
        let fulfils =
            |values: &Vec<Value>| any.iter().any(|wanted| wanted.accepts(values, around)) != negated;
        world.column(kind, code).iter().map(fulfils).collect()
    }

    /// Some reference leads to a resource that fulfils the inner condition.
    fn chain(self, code: &str, target: Option<&str>, inner: &Criterion) -> Vec<bool> {
        let Self { world, kind, now } = self;
        let targets = &world.parameter(kind, code).unwrap().targets;
        let targets = targets.iter().filter(|kind| target.is_none_or(|target| target == *kind));
        let found: Vec<(&String, Vec<bool>)> = targets
            .filter(|kind| inner.is_known(world, kind))
            .map(|kind| (kind, inner.found(world, kind, now)))
            .collect();
        let leads = |value: &Value| {
            let Some((kind, id)) = value.leads_to() else { return false };
            let of_kind = found.iter().find(|(known, _)| *known == kind);
            of_kind.is_some_and(|(_, found)| world.place(kind, id).is_some_and(|place| found[place]))
        };
        world.column(kind, code).iter().map(|values| values.iter().any(leads)).collect()
    }

    /// Some resource of `source` that fulfils the inner condition refers to the one searched.
    fn has(self, source: &str, code: &str, inner: &Criterion) -> Vec<bool> {
        let Self { world, kind, now } = self;
        let mut found = vec![false; world.records(kind).len()];
        let fulfils = inner.found(world, source, now);
        for (values, _) in world.column(source, code).iter().zip(fulfils).filter(|(_, fulfils)| *fulfils) {
            for value in values {
                if let Some((to, id)) = value.leads_to()
                    && to == kind
                    && let Some(place) = world.place(to, id)
                {
                    found[place] = true;
                }
            }
        }
        found
    }
}
