//! The expressions of search parameters (FHIRPath) turned into routes through JSON members.
//!
//! Understood is what R4 uses: paths, `[0]`, `as`, `as()`, `ofType()`, `where(member='code')`, `where(resolve() is Type)`,
//! parentheses with a path behind them, unions, and `x.exists() and x != false`. Anything else makes no route, and a
//! parameter without routes is not served.

use super::{Binding, ResourceKind, Table, Type};

/// One way from a resource to values of a search parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Route {
    /// From the resource inwards; arrays are entered item by item.
    pub(crate) steps: Vec<Step>,
    /// What stands at the end.
    pub(crate) leaf: Leaf,
    /// Only references to this type count.
    pub(crate) only: Option<ResourceKind>,
    /// The value set of the element at the end.
    pub(crate) binding: Option<Binding>,
    /// The route begins at the resource, also in a component.
    pub(crate) from_resource: bool,
}

/// One step of a route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Into a JSON member.
    Member(String),
    /// Only where a member is this code.
    Where {
        /// The member.
        member: &'static str,
        /// The code.
        code: &'static str,
    },
    /// Only the first item of the array.
    First,
}

/// How the type at the end of a route is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Leaf {
    /// A code whose system follows from the element.
    Code,
    Coding,
    Concept,
    Identifier,
    Contact,
    Boolean,
    /// True when it is there and not `false`.
    Marked,
    /// Any text: string, markdown, id.
    Text,
    Name,
    Address,
    Uri,
    Canonical,
    Reference,
    /// A whole resource.
    Resource,
    /// date, dateTime, instant.
    Date,
    Period,
    Timing,
    /// decimal, integer.
    Number,
    Quantity,
    Money,
    Range,
    SampledData,
}

impl Leaf {
    /// How values of a type are read; `None` for types that cannot be searched.
    fn of(kind: &Type) -> Option<Self> {
        Some(match kind.name {
            "code" => Self::Code,
            "Coding" => Self::Coding,
            "CodeableConcept" => Self::Concept,
            "Identifier" => Self::Identifier,
            "ContactPoint" => Self::Contact,
            "boolean" => Self::Boolean,
            "string" | "markdown" | "id" => Self::Text,
            "HumanName" => Self::Name,
            "Address" => Self::Address,
            "uri" | "url" | "oid" | "uuid" => Self::Uri,
            "canonical" => Self::Canonical,
            "Reference" => Self::Reference,
            "date" | "dateTime" | "instant" => Self::Date,
            "Period" => Self::Period,
            "Timing" => Self::Timing,
            "decimal" | "integer" | "positiveInt" | "unsignedInt" => Self::Number,
            "Quantity" | "Age" | "Count" | "Distance" | "Duration" => Self::Quantity,
            "Money" => Self::Money,
            "Range" => Self::Range,
            "SampledData" => Self::SampledData,
            _ if kind.is_resource() => Self::Resource,
            _ => return None,
        })
    }
}

/// A place that an expression has reached.
#[derive(Clone)]
pub(super) struct Head<'t> {
    pub(super) steps: Vec<Step>,
    pub(super) kind: &'t Type,
    only: Option<ResourceKind>,
    binding: Option<Binding>,
    from_resource: bool,
}

impl<'t> Head<'t> {
    pub(super) fn at(kind: &'t Type) -> Self {
        Self { steps: Vec::new(), kind, only: None, binding: None, from_resource: false }
    }

    fn route(self, marked: bool) -> Option<Route> {
        let leaf = if marked { Leaf::Marked } else { Leaf::of(self.kind)? };
        let Self { steps, only, binding, from_resource, .. } = self;
        Some(Route { steps, leaf, only, binding, from_resource })
    }

    /// Into the member or members that spell an element.
    fn enter(&self, name: &str, table: &'t Table) -> Vec<Self> {
        let Some(position) = self.kind.elements.iter().position(|element| element.path_name() == name) else {
            return Vec::new();
        };
        let members = self.kind.members.iter().filter(|(_, member)| usize::from(member.element) == position);
        let head = |(name, which): &(String, super::Member)| {
            let element = self.kind.elements.get(position)?;
            let kind = table.type_of(element.variants.get(usize::from(which.variant))?)?;
            let mut head = Self { kind, binding: element.binding, ..self.clone() };
            head.steps.push(Step::Member(name.clone()));
            Some(head)
        };
        members.filter_map(head).collect()
    }
}

/// An expression that is read, from where its paths begin.
pub(super) struct Reading<'t> {
    pub(super) table: &'t Table,
    /// The resource.
    pub(super) resource: &'t Type,
    /// Where a path begins that names neither the type nor `%resource`.
    pub(super) here: Head<'t>,
}

impl<'t> Reading<'t> {
    /// All routes of an expression; `None` when any part of it is not understood.
    pub(super) fn routes(&self, expression: &'static str) -> Option<Vec<Route>> {
        let presence = expression.split_once(".exists() and ");
        if let Some((path, _)) = presence.filter(|(path, rest)| rest.strip_suffix(" != false") == Some(*path))
        {
            return self.union(path)?.into_iter().map(|head| head.route(true)).collect();
        }
        let routes: Vec<Route> =
            self.union(expression)?.into_iter().filter_map(|head| head.route(false)).collect();
        (!routes.is_empty()).then_some(routes)
    }

    /// Everything an expression reaches.
    pub(super) fn union(&self, expression: &'static str) -> Option<Vec<Head<'t>>> {
        let parts: Option<Vec<_>> =
            split_outside(expression, '|').into_iter().map(|part| self.part(part.trim())).collect();
        Some(parts?.into_iter().flatten().collect())
    }

    fn part(&self, text: &'static str) -> Option<Vec<Head<'t>>> {
        let (mut heads, mut rest) = match text.strip_prefix('(') {
            Some(_) => {
                let (inner, rest) = in_parentheses(text)?;
                (self.union(inner)?, rest)
            }
            None => self.beginning(text),
        };
        while !rest.is_empty() {
            (heads, rest) = self.step(&heads, rest)?;
        }
        (!heads.is_empty()).then_some(heads)
    }

    fn beginning(&self, text: &'static str) -> (Vec<Head<'t>>, &'static str) {
        let (name, rest) = word(text);
        let heads = match name {
            "%resource" => vec![Head { from_resource: true, ..Head::at(self.resource) }],
            name if name == self.resource.name || name == "Resource" => vec![Head::at(self.resource)],
            name => self.here.enter(name, self.table),
        };
        (heads, rest)
    }

    /// One step of a path.
    fn step(&self, heads: &[Head<'t>], text: &'static str) -> Option<(Vec<Head<'t>>, &'static str)> {
        if let Some(rest) = text.strip_prefix("[0]") {
            return Some((with(heads, |head| head.steps.push(Step::First)), rest));
        }
        if let Some(name) = text.strip_prefix(" as ") {
            let (name, rest) = word(name);
            return Some((of_type(heads, name), rest));
        }
        let text = text.strip_prefix('.')?;
        let (name, rest) = word(text);
        if !rest.starts_with('(') {
            let next = heads.iter().flat_map(|head| head.enter(name, self.table)).collect();
            return Some((next, rest));
        }
        let (argument, rest) = in_parentheses(rest)?;
        let heads = match name {
            "as" | "ofType" => of_type(heads, argument),
            "where" => self.filtered(heads, argument)?,
            _ => return None,
        };
        Some((heads, rest))
    }

    fn filtered(&self, heads: &[Head<'t>], condition: &'static str) -> Option<Vec<Head<'t>>> {
        if let Some(kind) = condition.strip_prefix("resolve() is ") {
            let kind = self.table.resource_kind(kind)?;
            return Some(with(heads, |head| head.only = Some(kind)));
        }
        let (member, code) = condition.split_once('=')?;
        let code = code.strip_prefix('\'')?.strip_suffix('\'')?;
        Some(with(heads, |head| head.steps.push(Step::Where { member, code })))
    }
}

fn with<'t>(heads: &[Head<'t>], change: impl Fn(&mut Head<'t>)) -> Vec<Head<'t>> {
    let mut heads = heads.to_vec();
    heads.iter_mut().for_each(change);
    heads
}

/// Those of a type. R4 writes `DateTime` once where it means `dateTime`.
fn of_type<'t>(heads: &[Head<'t>], name: &str) -> Vec<Head<'t>> {
    heads.iter().filter(|head| head.kind.name.eq_ignore_ascii_case(name)).cloned().collect()
}

/// The name at the beginning and what follows it.
fn word(text: &'static str) -> (&'static str, &'static str) {
    let end =
        text.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '%').unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// What stands in the parentheses at the beginning, and what follows them.
fn in_parentheses(text: &'static str) -> Option<(&'static str, &'static str)> {
    let mut depth = 0_usize;
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => depth = depth.saturating_add(1),
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return Some((text.get(1..at)?, text.get(at.saturating_add(1)..)?));
        }
    }
    None
}

/// Cuts at every `separator` that stands in no parentheses.
fn split_outside(text: &'static str, separator: char) -> Vec<&'static str> {
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => depth = depth.saturating_add(1),
            ')' => depth = depth.saturating_sub(1),
            _ if letter == separator && depth == 0 => {
                parts.push(text.get(start..at).unwrap_or_default());
                start = at.saturating_add(1);
            }
            _ => {}
        }
    }
    parts.push(text.get(start..).unwrap_or_default());
    parts
}
