//! Search parameters and compartments, as the lines of the table give them.

use super::route::{Head, Leaf, Reading, Route, Step};
use super::{ResourceKind, Table, TypeKind};
use std::fmt;

/// How the values of a search parameter are compared (FHIR R4, search, parameter types).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SearchKind {
    /// System and code, exact.
    Token,
    /// A link to another resource.
    Reference,
    /// Text, from its beginning, whatever its case and script form.
    String,
    /// A date, time or period.
    Date,
    /// A number.
    Number,
    /// A number with a unit.
    Quantity,
    /// An address, exact.
    Uri,
    /// Several values that stand together.
    Composite,
}

impl SearchKind {
    /// The code in `SearchParamType`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Reference => "reference",
            Self::String => "string",
            Self::Date => "date",
            Self::Number => "number",
            Self::Quantity => "quantity",
            Self::Uri => "uri",
            Self::Composite => "composite",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let all = [
            Self::Token,
            Self::Reference,
            Self::String,
            Self::Date,
            Self::Number,
            Self::Quantity,
            Self::Uri,
            Self::Composite,
        ];
        all.into_iter().find(|kind| kind.as_str() == text)
    }

    /// True when values of the leaf can be compared in this way.
    fn takes(self, leaf: Leaf) -> bool {
        match self {
            Self::Token => matches!(
                leaf,
                Leaf::Code
                    | Leaf::Coding
                    | Leaf::Concept
                    | Leaf::Identifier
                    | Leaf::Contact
                    | Leaf::Boolean
                    | Leaf::Marked
                    | Leaf::Text
                    | Leaf::Uri
                    | Leaf::Canonical
            ),
            Self::Reference => {
                matches!(leaf, Leaf::Reference | Leaf::Canonical | Leaf::Uri | Leaf::Resource)
            }
            Self::String => matches!(leaf, Leaf::Text | Leaf::Name | Leaf::Address),
            Self::Date => matches!(leaf, Leaf::Date | Leaf::Period | Leaf::Timing),
            Self::Number => matches!(leaf, Leaf::Number | Leaf::Range),
            Self::Quantity => {
                matches!(leaf, Leaf::Quantity | Leaf::Money | Leaf::Range | Leaf::SampledData)
            }
            Self::Uri => matches!(leaf, Leaf::Uri | Leaf::Canonical),
            Self::Composite => false,
        }
    }
}

impl fmt::Display for SearchKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A search parameter that can be used on one resource type.
#[derive(Debug)]
pub struct SearchParam {
    /// Type and code: `Patient.identifier`.
    pub name: &'static str,
    /// Under which name its terms are kept: its own, or that of a parameter that looks at the same places.
    pub index: &'static str,
    /// The resource type it belongs to: `Patient`.
    pub owner: &'static str,
    /// The name in a query: `identifier`.
    pub code: &'static str,
    /// How values are compared.
    pub kind: SearchKind,
    /// Resource types a reference may point at, sorted. Empty: any, or not a reference.
    pub targets: Vec<ResourceKind>,
    /// Only references to this type count, although others may be kept under the same name.
    pub(crate) only: Option<ResourceKind>,
    /// Where the values stand; none in a composite.
    pub(crate) routes: Vec<Route>,
    /// The parts of a composite, in the order of the query; else none.
    pub(crate) components: Vec<Component>,
    /// Where the values of a composite stand together.
    pub(crate) groups: Vec<Group>,
}

/// One part of a composite.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Component {
    /// The code of the parameter that it is compared like.
    pub(crate) code: &'static str,
    pub(crate) kind: SearchKind,
}

/// An element in which the parts of a composite stand together.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Group {
    /// From the resource to the element.
    pub(crate) steps: Vec<Step>,
    /// Per component, from the element inwards.
    pub(crate) parts: Vec<Vec<Route>>,
}

impl SearchParam {
    /// All leaves its values can be, for a composite those of one of its parts.
    pub(crate) fn leaves(&self) -> impl Iterator<Item = Leaf> {
        self.routes.iter().map(|route| route.leaf)
    }
}

/// What the table says about searching.
#[derive(Debug, Default)]
pub(crate) struct Searches {
    /// Sorted by owner and code.
    pub(crate) params: Vec<SearchParam>,
    /// Sorted by compartment and member type, with the names under which the terms of the references are kept.
    compartments: Vec<(&'static str, &'static str, Vec<&'static str>)>,
}

impl Searches {
    /// Reads the lines that begin with `search` and `compartment`.
    pub(super) fn read(lines: &[&'static str], table: &Table) -> Result<Self, String> {
        let mut searches = Self::default();
        for line in lines.iter().filter(|line| line.starts_with("search ")) {
            searches.params.extend(read_line(line, table).ok_or(*line)?);
        }
        searches.params.sort_by(|left, right| (left.owner, left.code).cmp(&(right.owner, right.code)));
        searches.share();
        for line in lines.iter().filter(|line| line.starts_with("compartment ")) {
            let compartment = searches.compartment(line).ok_or(*line)?;
            searches.compartments.push(compartment);
        }
        searches.compartments.sort_unstable();
        Ok(searches)
    }

    /// The parameters of a type.
    pub(super) fn of(&self, owner: &str) -> &[SearchParam] {
        let first = self.params.partition_point(|param| param.owner < owner);
        let end = self.params.partition_point(|param| param.owner <= owner);
        self.params.get(first..end).unwrap_or_default()
    }

    pub(super) fn belonging(&self, compartment: &str, member: &str) -> &[&'static str] {
        let found = self
            .compartments
            .binary_search_by(|(about, kind, _)| (*about, *kind).cmp(&(compartment, member)));
        let found = found.ok().and_then(|at| self.compartments.get(at));
        found.map_or(&[], |(_, _, params)| params.as_slice())
    }

    /// Lets parameters that look at the same places keep their terms once.
    fn share(&mut self) {
        let shared: Vec<&'static str> = self
            .params
            .iter()
            .map(|param| {
                let alike = self.of(param.owner).iter().filter(|other| alike(param, other));
                let mut wider = alike.filter(|other| other.routes == param.routes || unrestricted(other));
                let first = wider.clone().find(|other| unrestricted(other)).or_else(|| wider.next());
                first.map_or(param.name, |other| other.name)
            })
            .collect();
        for (param, index) in self.params.iter_mut().zip(shared) {
            param.index = index;
        }
    }

    fn compartment(&self, line: &'static str) -> Option<(&'static str, &'static str, Vec<&'static str>)> {
        let mut words = line.split(' ').skip(1);
        let (about, member, codes) = (words.next()?, words.next()?, words.next()?);
        let param = |code| self.of(member).iter().find(|param| param.code == code);
        let params: Option<Vec<_>> = codes.split(',').map(|code| Some(param(code)?.index)).collect();
        let mut params = params?;
        params.sort_unstable();
        params.dedup();
        Some((about, member, params))
    }
}

/// True when two parameters differ in nothing but the type that references must lead to.
fn alike(one: &SearchParam, other: &SearchParam) -> bool {
    let place = |route: &Route| (route.steps.clone(), route.leaf);
    one.kind == other.kind
        && one.groups == other.groups
        && one.components == other.components
        && one.routes.iter().map(place).eq(other.routes.iter().map(place))
}

fn unrestricted(param: &SearchParam) -> bool {
    param.routes.iter().all(|route| route.only.is_none())
}

/// Parameters of every resource that are served; the others stand for something that is not in the resource itself.
const OF_ALL_TYPES: [&str; 4] = ["_profile", "_security", "_source", "_tag"];

/// The parameters of one line: none when this crate does not serve it, one per type when it holds for all types.
fn read_line(line: &'static str, table: &Table) -> Option<Vec<SearchParam>> {
    let mut words = line.splitn(5, ' ').skip(1);
    let (name, kind, targets, expression) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let (owner, code) = name.split_once('.')?;
    let Some(kind) = SearchKind::parse(kind) else { return Some(Vec::new()) };
    let read = |owner: &'static str, name: &'static str| {
        let line = Line { name, owner, code, kind, targets, expression };
        line.param(table)
    };
    if owner != "Resource" && owner != "DomainResource" {
        return Some(read(owner, name).into_iter().collect());
    }
    if !OF_ALL_TYPES.contains(&code) {
        return Some(Vec::new());
    }
    let concrete = table.types.iter().filter(|kind| kind.kind == TypeKind::Resource);
    // Names live as long as the table, which is never freed.
    Some(concrete.filter_map(|kind| read(kind.name, format!("{}.{code}", kind.name).leak())).collect())
}

/// The words of one line.
struct Line {
    name: &'static str,
    owner: &'static str,
    code: &'static str,
    kind: SearchKind,
    targets: &'static str,
    expression: &'static str,
}

impl Line {
    fn param(&self, table: &Table) -> Option<SearchParam> {
        let Self { name, owner, code, kind, targets, expression } = *self;
        let resource = table.find(owner)?;
        let reading = Reading { table, resource, here: Head::at(resource) };
        let mut param = SearchParam {
            name,
            index: name,
            owner,
            code,
            kind,
            targets: Vec::new(),
            only: None,
            routes: Vec::new(),
            components: Vec::new(),
            groups: Vec::new(),
        };
        if kind == SearchKind::Composite {
            (param.components, param.groups) = composite(expression, &reading)?;
            return Some(param);
        }
        param.routes = fitting(kind, reading.routes(expression)?)?;
        param.targets = targets_of(targets, &param.routes, table);
        if let &[only] = param.targets.as_slice() {
            let whole = param.routes.iter_mut().filter(|route| route.leaf == Leaf::Resource);
            whole.for_each(|route| route.only = Some(only));
        }
        let mut restrictions = param.routes.iter().map(|route| route.only);
        param.only =
            restrictions.next().flatten().filter(|only| restrictions.all(|other| other == Some(*only)));
        Some(param)
    }
}

/// The routes whose values can be compared in this way; `None` when there are none.
fn fitting(kind: SearchKind, mut routes: Vec<Route>) -> Option<Vec<Route>> {
    routes.retain(|route| kind.takes(route.leaf));
    (!routes.is_empty()).then_some(routes)
}

/// Reads `expression $ code kind expression $ …`.
fn composite(text: &'static str, reading: &Reading<'_>) -> Option<(Vec<Component>, Vec<Group>)> {
    let mut parts = text.split(" $ ");
    let heads = reading.union(parts.next()?)?;
    let parts: Option<Vec<(&str, SearchKind, &'static str)>> = parts
        .map(|part| {
            let mut words = part.splitn(3, ' ');
            Some((words.next()?, SearchKind::parse(words.next()?)?, words.next()?))
        })
        .collect();
    let parts = parts?;
    let groups: Option<Vec<Group>> = heads
        .into_iter()
        .map(|head| {
            let inside = Reading { here: Head::at(head.kind), ..*reading };
            let routes: Option<Vec<_>> = parts
                .iter()
                .map(|(_, kind, expression)| fitting(*kind, inside.routes(expression)?))
                .collect();
            Some(Group { steps: head.steps, parts: routes? })
        })
        .collect();
    let components = parts.iter().map(|(code, kind, _)| Component { code, kind: *kind }).collect();
    Some((components, groups?))
}

/// The types a parameter can point at: those its expression keeps, else those it lists.
fn targets_of(listed: &'static str, routes: &[Route], table: &Table) -> Vec<ResourceKind> {
    let kept: Option<Vec<&str>> = routes.iter().map(|route| route.only.map(ResourceKind::as_str)).collect();
    let names = kept.unwrap_or_else(|| listed.split(',').collect());
    let mut targets: Vec<ResourceKind> = names.iter().filter_map(|name| table.resource_kind(name)).collect();
    targets.sort_unstable();
    targets.dedup();
    targets
}
#[cfg(test)]
mod dbg {
    use super::*;
    #[test]
    fn dbg() {
        use std::collections::BTreeMap;
        let t = super::super::table();
        let mut combos: BTreeMap<(SearchKind, String), Vec<&str>> = BTreeMap::new();
        let text = super::super::TEXT;
        let mut missing = Vec::new();
        for line in text.lines().filter(|l| l.starts_with("search ")) {
            let w: Vec<&'static str> = line.splitn(5, ' ').collect();
            let (owner, code) = w[1].split_once('.').unwrap();
            let Some(kind) = SearchKind::parse(w[2]) else {
                missing.push(line);
                continue;
            };
            if owner.ends_with("Resource") {
                if !OF_ALL_TYPES.contains(&code) {
                    missing.push(line);
                }
                continue;
            }
            if !t.search.of(owner).iter().any(|p| p.code == code) {
                missing.push(line);
                continue;
            }
            if kind == SearchKind::Composite {
                continue;
            }
            let r = Reading {
                table: t,
                resource: t.find(owner).unwrap(),
                here: Head::at(t.find(owner).unwrap()),
            };
            for h in r.union(w[4]).unwrap_or_default() {
                combos.entry((kind, h.kind.name.to_owned())).or_default().push(w[1]);
            }
        }
        for ((k, n), v) in combos {
            let leaf = Leaf::of(t.find(&n).unwrap());
            println!(
                "{k} {n} {leaf:?} {} {:?} {:?}",
                leaf.is_some_and(|l| k.takes(l)),
                v.len(),
                &v[..v.len().min(6)]
            );
        }
        for m in missing {
            println!("MISSING {}", &m[..m.len().min(150)]);
        }
        println!(
            "params {} indexes {}",
            t.search.params.len(),
            t.search.params.iter().map(|p| p.index).collect::<std::collections::BTreeSet<_>>().len()
        );
        for p in &t.search.params {
            if p.index != p.name
                && (p.owner == "Observation"
                    || p.owner == "Patient"
                    || p.owner == "Appointment"
                    || p.owner == "Encounter")
            {
                println!("{} -> {} {:?}", p.name, p.index, p.only);
            }
        }
    }
}
