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
pub(crate) fn look<'a>(catalogue: &'a Catalogue, resources: &'a [Resource]) -> Vec<Presence<'a>> {
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
            found.extend(of_kind.iter().filter_map(|resource| present.beside(kind, requires, resource)));
        }
    }
    found
}

impl<'a> Present<'a> {
    fn of(catalogue: &'a Catalogue, resources: &'a [Resource]) -> Self {
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
    fn beside(&self, kind: &'a Kind, requires: &'a Requires, resource: &'a Resource) -> Option<Presence<'a>> {
        let counts = requires
            .when
            .as_ref()
            .map_or(Verdict::Holds, |when| when.holds(&Reached::At(Node::of(resource)), 0, resource).verdict);
        let others = self.of_kind(&requires.kind);
        let whole_account = requires.or.iter().any(|kind| !self.of_kind(kind).is_empty());
        let linked = match &requires.link {
            Some(link) => others.iter().any(|other| are_linked(resource, other, link)),
            None => !others.is_empty(),
        };
        if counts == Verdict::Violated || whole_account || linked {
            return None;
        }
        let link_path: Vec<String> =
            requires.link.iter().flat_map(|link| link.split('.')).map(str::to_owned).collect();
        let open = others.iter().chain([&resource]).any(|one| is_open(one, &link_path));
        let (verdict, why) = match (counts, &requires.when) {
            (Verdict::Undecided, Some(when)) => (Verdict::Undecided, Why::Applies(when.text.clone())),
            _ if open && !others.is_empty() => (Verdict::Undecided, Why::AfterApply),
            _ => (Verdict::Violated, Why::Value),
        };
        let (severity, requires, resource) = (requires.severity, Some(requires), Some(resource));
        Some(Presence { kind, requires, resource, severity, verdict, why })
    }
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

/// Whether one of two resources names the other: in an expression, or by a value that is known.
fn are_linked(resource: &Resource, other: &Resource, link: &str) -> bool {
    let of_other = value(other, link);
    let of_own = value(resource, link);
    let ids = |of: &Resource| ["id", "arn"].map(|name| value(of, name)).to_vec();
    let meets = |named: &Option<String>, ids: Vec<Option<String>>| named.is_some() && ids.contains(named);
    refers(other, link, &resource.address)
        || refers(resource, link, &other.address)
        || of_other.is_some() && of_other == of_own
        || meets(&of_other, ids(resource))
        || meets(&of_own, ids(other))
}

fn refers(from: &Resource, link: &str, to: &str) -> bool {
    let names = [link, link.split('.').next().unwrap_or(link)];
    let named = names.iter().filter_map(|name| from.references.get(*name)).flatten();
    // An expression may name all instances of a resource.
    named
        .into_iter()
        .any(|one| to == one || to.strip_prefix(one.as_str()).is_some_and(|rest| rest.starts_with('[')))
}

fn value(of: &Resource, path: &str) -> Option<String> {
    let path: Vec<String> = path.split('.').map(str::to_owned).collect();
    let places = reach(Node::of(of), &path);
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
