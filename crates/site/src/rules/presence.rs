//! What must exist, and what must not, in all the plans that were read together.
//!
//! A plan is a part of a site. What must exist and does not is a violation where its service is in use in the plans; where
//! only the provider is, it may stand elsewhere, and that is open.

use super::catalogue::{Catalogue, Kind, Requires, Role};
use super::judge::{Verdict, Why};
use super::place::{Leaf, Node, Reached, reach};
use super::rule::{Severity, Text};
use crate::resource::Resource;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What was found of a resource that must exist, must not, or needs a reason.
#[derive(Clone, Debug)]
pub(crate) struct Presence<'a> {
    pub(crate) kind: &'a Kind,
    /// The other resource that must stand beside.
    pub(crate) requires: Option<&'a Requires>,
    pub(crate) resource: Option<&'a Resource>,
    pub(crate) severity: Severity,
    pub(crate) verdict: Verdict,
    pub(crate) why: Why,
}

/// Resources by their types.
struct Present<'a> {
    by_kind: BTreeMap<&'a str, Vec<&'a Resource>>,
    providers: BTreeSet<&'a str>,
    services: BTreeSet<&'a str>,
}

/// Everything that is missing, or exists and should not, or not without a reason.
pub(crate) fn look<'a>(
    catalogue: &'a Catalogue,
    resources: impl IntoIterator<Item = &'a Resource>,
) -> Vec<Presence<'a>> {
    let present = Present::of(catalogue, resources);
    let mut found = Vec::new();
    for kind in &catalogue.kinds {
        let of_kind = present.of_kind(&kind.name);
        let each = |severity, verdict| {
            let one = move |resource: &&'a Resource| presence(kind, Some(*resource), severity, verdict);
            of_kind.iter().map(one).collect::<Vec<_>>()
        };
        match kind.role {
            Some(Role::Required) => found.extend(present.missing(kind, Severity::Required)),
            Some(Role::Recommended) => found.extend(present.missing(kind, Severity::Recommended)),
            Some(Role::Forbidden) => found.extend(each(Severity::Required, Verdict::Violated)),
            Some(Role::Review) => found.extend(each(Severity::Recommended, Verdict::Undecided)),
            Some(Role::Allowed) | None => {}
        }
        for requires in &kind.requires {
            let others = Others::of(present.of_kind(&requires.kind), requires);
            found.extend(
                of_kind.iter().filter_map(|resource| present.beside(kind, requires, resource, &others)),
            );
        }
    }
    found
}

impl<'a> Present<'a> {
    fn of(catalogue: &'a Catalogue, resources: impl IntoIterator<Item = &'a Resource>) -> Self {
        let mut by_kind: BTreeMap<&str, Vec<&Resource>> = BTreeMap::new();
        for resource in resources {
            by_kind.entry(&resource.kind).or_default().push(resource);
        }
        let providers = by_kind.keys().map(|kind| provider(kind)).collect();
        let used = |kind: &&Kind| by_kind.contains_key(kind.name.as_str());
        let services = catalogue.kinds.iter().filter(used).map(|kind| kind.service.as_str()).collect();
        Self { by_kind, providers, services }
    }

    fn of_kind(&self, kind: &str) -> &[&'a Resource] {
        self.by_kind.get(kind).map(Vec::as_slice).unwrap_or_default()
    }

    fn missing(&self, kind: &'a Kind, severity: Severity) -> Option<Presence<'a>> {
        let concerns = self.providers.contains(provider(&kind.name));
        let verdict = if self.services.contains(kind.service.as_str()) {
            Verdict::Violated
        } else {
            Verdict::Undecided
        };
        (concerns && self.of_kind(&kind.name).is_empty()).then(|| presence(kind, None, severity, verdict))
    }

    /// What is wrong with what must stand beside a resource; none where nothing is.
    fn beside(
        &self,
        kind: &'a Kind,
        requires: &'a Requires,
        resource: &'a Resource,
        others: &Others<'_>,
    ) -> Option<Presence<'a>> {
        let counts = requires
            .when
            .as_ref()
            .map_or(Verdict::Holds, |when| when.holds(&Reached::At(Node::of(resource)), 0, resource).verdict);
        let whole_account = requires.or.iter().any(|kind| !self.of_kind(kind).is_empty());
        if counts == Verdict::Violated || whole_account || others.has(resource) {
            return None;
        }
        let open = !others.addresses.is_empty() && (others.open || is_open(resource, &others.link));
        let (verdict, why) = match (counts, &requires.when) {
            (Verdict::Undecided, Some(when)) => (Verdict::Undecided, Why::Applies(when.text.clone())),
            _ if open => (Verdict::Undecided, Why::AfterApply),
            _ => (Verdict::Violated, Why::Value),
        };
        let (severity, requires, resource) = (requires.severity, Some(requires), Some(resource));
        Some(Presence { kind, requires, resource, severity, verdict, why })
    }
}

/// The resources of a type that may stand beside others, by everything that may join them: a look costs the same however
/// many there are.
#[derive(Default)]
struct Others<'a> {
    /// The path of the attribute that joins; empty where being there is enough.
    link: Vec<String>,
    addresses: BTreeSet<&'a str>,
    /// The addresses that their links name.
    named: BTreeSet<&'a str>,
    /// The values of their links.
    values: BTreeSet<String>,
    /// Their own names in the cloud.
    ids: BTreeSet<String>,
    /// Whether it is unknown to what one of them belongs.
    open: bool,
}

impl<'a> Others<'a> {
    fn of(resources: &[&'a Resource], requires: &Requires) -> Self {
        let link = requires.link.iter().flat_map(|link| link.split('.')).map(str::to_owned).collect();
        let mut others = Self { link, ..Self::default() };
        for resource in resources {
            others.addresses.insert(&resource.address);
            others.named.extend(named(resource, &others.link));
            others.values.extend(value(resource, &others.link));
            others.ids.extend(own_ids(resource));
            others.open |= is_open(resource, &others.link);
        }
        others
    }

    /// Whether one of them belongs to a resource: by an expression on either side, or by a value that is known.
    fn has(&self, resource: &Resource) -> bool {
        if self.link.is_empty() {
            return !self.addresses.is_empty();
        }
        let is_there = |one: &str| {
            let instances = format!("{one}[");
            let next = self.addresses.range(instances.as_str()..).next();
            self.addresses.contains(one) || next.is_some_and(|other| other.starts_with(&instances))
        };
        let own = value(resource, &self.link);
        names(&resource.address).any(|name| self.named.contains(name))
            || named(resource, &self.link).any(is_there)
            || own.is_some_and(|own| self.values.contains(&own) || self.ids.contains(&own))
            || own_ids(resource).any(|id| self.values.contains(&id))
    }
}

/// The addresses by which an expression may name a resource: its own, and that of all its instances.
fn names(address: &str) -> impl Iterator<Item = &str> {
    address.match_indices('[').filter_map(|(at, _)| address.get(..at)).chain([address])
}

/// The addresses that the expression of a link names.
fn named<'a>(resource: &'a Resource, link: &[String]) -> impl Iterator<Item = &'a str> {
    let keys = [Some(link.join(".")), link.first().cloned()];
    let named = keys.into_iter().flatten().filter_map(|key| resource.references.get(&key));
    named.flatten().map(String::as_str)
}

fn own_ids(resource: &Resource) -> impl Iterator<Item = String> {
    ["id", "arn"].into_iter().filter_map(|name| value(resource, &[name.to_owned()]))
}

fn presence<'a>(
    kind: &'a Kind,
    resource: Option<&'a Resource>,
    severity: Severity,
    verdict: Verdict,
) -> Presence<'a> {
    Presence { kind, requires: None, resource, severity, verdict, why: Why::Value }
}

/// The provider of a type, by how its name begins.
fn provider(kind: &str) -> &str {
    kind.split_once('_').map_or(kind, |(provider, _)| provider)
}

fn value(of: &Resource, path: &[String]) -> Option<String> {
    let places = reach(Node::of(of), path);
    let Some(Leaf::Known(node)) = places.first().map(Reached::leaf) else { return None };
    node.value.and_then(Value::as_str).map(str::to_owned)
}

/// Whether what joins a resource to another is not known, and no expression tells of it.
fn is_open(resource: &Resource, link: &[String]) -> bool {
    let named =
        link.first().is_some_and(|name| resource.references.keys().any(|key| key.starts_with(name.as_str())));
    let unknown = |place: &Reached<'_>| matches!(place.leaf(), Leaf::Unknown | Leaf::Sensitive);
    !link.is_empty() && !named && reach(Node::of(resource), link).iter().any(unknown)
}

impl Presence<'_> {
    /// Its id: the type, and what is asked of it.
    pub(crate) fn rule(&self) -> String {
        let (service, kind) = (&self.kind.service, &self.kind.name);
        match (self.requires, self.kind.role) {
            (Some(requires), _) => format!("{service}/{kind}+{}", requires.kind),
            (None, Some(Role::Forbidden)) => format!("{service}/{kind}!forbidden"),
            (None, Some(Role::Review)) => format!("{service}/{kind}!review"),
            _ => format!("{service}/{kind}!exists"),
        }
    }

    /// What is wrong, in words.
    pub(crate) fn text(&self) -> Text {
        let kind = &self.kind.name;
        match (self.requires, self.kind.role) {
            (Some(requires), _) => {
                let other = &requires.kind;
                Text::new(
                    format!("`{kind}` には、対応する `{other}` が必要です。{}。", requires.why.ja),
                    format!("Each `{kind}` needs a `{other}` that belongs to it: {}.", requires.why.en),
                )
            }
            (None, Some(Role::Forbidden)) => {
                Text::new(format!("`{kind}` を使わないでください。"), format!("There may be no `{kind}`."))
            }
            (None, Some(Role::Review)) => Text::new(
                format!("`{kind}` を置く理由を、サイトの記述に書いてください。"),
                format!("`{kind}` needs a reason in the description of the site."),
            ),
            (None, Some(Role::Recommended)) => Text::new(
                format!("`{kind}` を置くことを推奨します。"),
                format!("There should be a `{kind}`."),
            ),
            _ => Text::new(format!("`{kind}` が必要です。"), format!("There must be a `{kind}`.")),
        }
    }
}
