//! Search parameters and compartments, as the lines of the table give them.

use super::record_state::{self, StateParam};
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
    /// Under which names its terms are kept: its own, or those of parameters that look at the same places.
    pub kept: Vec<&'static str>,
    /// The resource type it belongs to: `Patient`.
    pub owner: &'static str,
    /// The name in a query: `identifier`.
    pub code: &'static str,
    /// How values are compared.
    pub kind: SearchKind,
    /// Resource types a reference may point at, sorted. Empty: any, or not a reference.
    pub targets: Vec<ResourceKind>,
    /// Set where it looks at the state of the record, which the journal tells, and not at the resource.
    pub of_state: Option<&'static StateParam>,
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
    /// True when terms are kept under its own name.
    pub(crate) fn keeps_terms(&self) -> bool {
        self.kept.as_slice() == [self.name]
    }

    /// Whether a resource has one value at most: no member on the way is an array, and all routes end in the types of one
    /// choice.
    pub(crate) fn is_single(&self) -> bool {
        if self.of_state.is_some() {
            return true;
        }
        let mut ends = self.routes.iter().map(|route| single_end(self.owner, route));
        let Some(Some(first)) = ends.next() else { return false };
        ends.all(|end| end == Some(first))
    }

    /// All leaves its values can be; none for a composite.
    pub(crate) fn leaves(&self) -> impl Iterator<Item = Leaf> {
        self.routes.iter().map(|route| route.leaf)
    }
}

/// The type and the element that a route ends in, when no element on the way can repeat.
fn single_end(owner: &str, route: &Route) -> Option<(&'static str, u16)> {
    let mut kind = super::table().find(owner)?;
    let mut end = None;
    for step in &route.steps {
        let Step::Member(name) = step else { return None };
        let (member, element, next) = kind.member(name)?;
        if element.many {
            return None;
        }
        end = Some((kind.name, member.element));
        kind = next;
    }
    end
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
        // Only now: they have no places that they could share.
        searches.params.extend(record_state::params(table));
        searches.params.sort_by(|left, right| (left.owner, left.code).cmp(&(right.owner, right.code)));
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
        let shared: Vec<&'static str> = self.params.iter().map(|param| self.shared(param)).collect();
        for (param, name) in self.params.iter_mut().zip(shared) {
            param.kept = vec![name];
        }
        let joined: Vec<_> = self.params.iter().map(|param| self.joined(param)).collect();
        for (param, names) in self.params.iter_mut().zip(joined) {
            param.kept = names.unwrap_or_else(|| std::mem::take(&mut param.kept));
        }
    }

    /// The name of the first parameter over the same places. One that keeps references to one type only has terms of its
    /// own: of an identifier, or of an address that shows no type, the term of another would not tell the type.
    fn shared(&self, param: &SearchParam) -> &'static str {
        let first =
            self.of(param.owner).iter().find(|other| alike(param, other) && other.routes == param.routes);
        first.map_or(param.name, |other| other.name)
    }

    /// The names of those parameters that together look at all the places of one, each of them at some.
    fn joined(&self, param: &SearchParam) -> Option<Vec<&'static str>> {
        let (mut routes, mut groups): (Vec<_>, Vec<_>) =
            (param.routes.iter().collect(), param.groups.iter().collect());
        let (places, mut names) = (routes.len().saturating_add(groups.len()), Vec::new());
        for other in
            self.of(param.owner).iter().filter(|other| other.kind == param.kind && other.keeps_terms())
        {
            let fewer = other.routes.len().saturating_add(other.groups.len()) < places;
            let inside = other.routes.iter().all(|route| routes.contains(&route))
                && other.groups.iter().all(|group| groups.contains(&group));
            if fewer && inside {
                routes.retain(|route| !other.routes.contains(route));
                groups.retain(|group| !other.groups.contains(group));
                names.push(other.name);
            }
        }
        (param.keeps_terms() && names.len() > 1 && routes.is_empty() && groups.is_empty()).then_some(names)
    }

    fn compartment(&self, line: &'static str) -> Option<(&'static str, &'static str, Vec<&'static str>)> {
        let mut words = line.split(' ').skip(1);
        let (about, member, codes) = (words.next()?, words.next()?, words.next()?);
        let param = |code| self.of(member).iter().find(|param| param.code == code);
        let params: Option<Vec<_>> = codes.split(',').map(|code| Some(param(code)?.kept.clone())).collect();
        let mut params = params?.concat();
        params.sort_unstable();
        params.dedup();
        Some((about, member, params))
    }
}

/// True when two parameters differ in nothing but the type that references must lead to.
fn alike(one: &SearchParam, other: &SearchParam) -> bool {
    let same = |(one, other): (&Route, &Route)| one.steps == other.steps && one.leaf == other.leaf;
    one.kind == other.kind
        && one.groups == other.groups
        && one.components == other.components
        && one.routes.len() == other.routes.len()
        && one.routes.iter().zip(&other.routes).all(same)
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
            kept: vec![name],
            owner,
            code,
            kind,
            targets: Vec::new(),
            of_state: None,
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
    let parts: Option<Vec<Part>> = parts
        .map(|part| {
            let mut words = part.splitn(3, ' ');
            Some((words.next()?, SearchKind::parse(words.next()?)?, words.next()?))
        })
        .collect();
    let parts = parts?;
    let groups: Option<Vec<Group>> = heads.into_iter().map(|head| group(head, &parts, reading)).collect();
    let groups = groups?;
    let leaf = |at: usize| groups.first()?.parts.get(at)?.first().map(|route| route.leaf);
    let component = |at: usize| {
        let (code, kind, _) = defined(&parts, at, leaf(at)?)?;
        Some(Component { code, kind })
    };
    let components: Option<Vec<Component>> = (0..parts.len()).map(component).collect();
    let components = components.filter(|all| {
        let before = all.split_last().map_or(&[][..], |(_, before)| before);
        before.iter().all(|part| matches!(part.kind, SearchKind::Token | SearchKind::Number))
    });
    Some((components?, groups))
}

/// One part of a composite as it is written: code and kind of its definition, and its expression.
type Part = (&'static str, SearchKind, &'static str);

fn group(head: Head<'_>, parts: &[Part], reading: &Reading<'_>) -> Option<Group> {
    let inside = Reading { table: reading.table, resource: reading.resource, here: Head::at(head.kind) };
    let routes = |(at, (_, _, expression)): (usize, &Part)| {
        let mut routes = inside.routes(expression)?;
        let (_, kind, _) = routes.iter().find_map(|route| defined(parts, at, route.leaf))?;
        routes.retain(|route| kind.takes(route.leaf));
        Some(routes)
    };
    let routes: Option<Vec<_>> = parts.iter().enumerate().map(routes).collect();
    Some(Group { steps: head.steps, parts: routes? })
}

/// The definition of the part at `at` whose values end in `leaf`: its own, or, as R4 exchanges the two of
/// `DocumentReference.relationship`, another one that takes the leaf.
fn defined(parts: &[Part], at: usize, leaf: Leaf) -> Option<Part> {
    let mut in_turn = parts.iter().cycle().skip(at).take(parts.len());
    in_turn.find(|(_, kind, _)| kind.takes(leaf)).copied()
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
