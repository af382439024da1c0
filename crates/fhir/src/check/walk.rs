//! The walk through a resource, member by member, with its definition alongside.

use super::narrative;
use super::{hinted, kind_of};
use crate::codes::structure as codes;
use crate::definitions::{self, Element, Member, ResourceKind, Type, TypeKind, closest};
use crate::json::{Node, has_forbidden_character};
use crate::place::{Place, shown};
use base::{Code, Problem, ResourceId};

/// Most problems reported at once.
const PROBLEMS_MAX: usize = 50;
/// Most types of a choice listed in a message.
const CHOICES_LISTED_MAX: usize = 12;

/// What happens to a resource inside the resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nested {
    /// It is checked too.
    Check,
    /// It is left for a check of its own.
    Leave,
}

/// A walk under way: the problems found so far.
pub(crate) struct Walk {
    problems: Vec<Problem>,
    nested: Nested,
}

/// The elements seen in one object.
#[derive(Default)]
struct Seen<'n> {
    elements: u128,
    choices: Vec<(Member, &'n str)>,
}

/// A member under check: its element, the type it has here, its place.
#[derive(Clone, Copy)]
struct Spot<'p> {
    element: &'p Element,
    target: &'p Type,
    place: &'p Place<'p>,
}

impl Seen<'_> {
    fn has(&self, element: usize) -> bool {
        u32::try_from(element).is_ok_and(|bit| self.elements & bit_of(bit) != 0)
    }
}

fn bit_of(bit: u32) -> u128 {
    1_u128.checked_shl(bit).unwrap_or_default()
}

impl Walk {
    pub(crate) fn new(nested: Nested) -> Self {
        Self { problems: Vec::new(), nested }
    }

    pub(crate) fn finish(self) -> Result<(), Vec<Problem>> {
        if self.problems.is_empty() { Ok(()) } else { Err(self.problems) }
    }

    /// Checks a node that is of resource type `kind`.
    pub(crate) fn resource(&mut self, node: &Node, kind: ResourceKind, place: &Place<'_>) {
        if let (Some(members), Some(definition)) = (node.as_object(), kind.definition()) {
            self.object(members, definition, place);
        }
    }

    fn is_full(&self) -> bool {
        self.problems.len() >= PROBLEMS_MAX
    }

    fn report(&mut self, code: &'static Code, place: &Place<'_>, fill: impl FnOnce(Problem) -> Problem) {
        if !self.is_full() {
            self.problems.push(fill(Problem::new(code)).at(place.path()));
        }
    }

    fn report_named(&mut self, code: &'static Code, place: &Place<'_>, name: &str) {
        self.report(code, place, |problem| problem.with("name", shown(name)));
    }

    fn object(&mut self, members: &[(String, Node)], kind: &Type, place: &Place<'_>) {
        if members.is_empty() {
            self.report_named(&codes::EMPTY, place, "{}");
            return;
        }
        let has_partners = members.iter().any(|(name, _)| name.starts_with('_'));
        let partner = |of: &str| {
            let wanted = |name: &str| name.strip_prefix('_').is_some_and(|name| name == of);
            has_partners.then(|| members.iter().find(|(name, _)| wanted(name)))?.map(|(_, value)| value)
        };
        let mut seen = Seen::default();
        for (name, value) in members {
            if self.is_full() || (name == "resourceType" && kind.is_resource()) {
                continue;
            }
            let bare = name.strip_prefix('_').unwrap_or(name);
            let Some((member, element, target)) = kind.member(bare) else {
                self.unknown(name, kind, place);
                continue;
            };
            let there = inside(place, element, target);
            self.note(&mut seen, (member, bare), element, &there);
            let spot = Spot { element, target, place: &there };
            if bare.len() == name.len() {
                self.member(value, &spot, partner(bare));
            } else {
                let values = members.iter().find(|(name, _)| name == bare).map(|(_, value)| value);
                self.partner(value, name, &spot, values);
            }
        }
        self.required(&seen, kind, place);
    }

    /// Notes that an element is there; two types of one choice are a problem.
    fn note<'n>(
        &mut self,
        seen: &mut Seen<'n>,
        (member, name): (Member, &'n str),
        element: &Element,
        there: &Place<'_>,
    ) {
        seen.elements |= bit_of(u32::from(member.element));
        if element.is_choice() {
            let other =
                seen.choices.iter().find(|(known, _)| known.element == member.element && *known != member);
            if let Some((_, other)) = other {
                self.report(&codes::CHOICE_TWICE, there, |problem| {
                    problem.with("name", name).with("other", other)
                });
            }
            seen.choices.push((member, name));
        }
    }

    fn required(&mut self, seen: &Seen<'_>, kind: &Type, place: &Place<'_>) {
        for position in kind.required.iter().filter(|position| !seen.has(**position)) {
            if let Some(element) = kind.elements.get(*position) {
                let there = place.name(element.path_name());
                self.report(&codes::REQUIRED, &there, |problem| {
                    problem.with("name", element.name()).with("kind", kind.name)
                });
            }
        }
    }

    fn unknown(&mut self, name: &str, kind: &Type, place: &Place<'_>) {
        let there = place.name(name);
        let bare = name.strip_prefix('_').unwrap_or(name);
        if let Some(choice) = kind.elements.iter().find(|element| is_variant_of(bare, element)) {
            let allowed = listed(choice);
            self.report(&codes::CHOICE_TYPE, &there, |problem| {
                problem.with("name", shown(name)).with("kind", kind.name).with("allowed", allowed)
            });
            return;
        }
        self.report(&codes::UNKNOWN_ELEMENT, &there, |problem| {
            let problem = problem.with("name", shown(name)).with("kind", kind.name);
            hinted(problem, closest(bare, kind.member_names()))
        });
    }

    fn member(&mut self, value: &Node, spot: &Spot<'_>, partner: Option<&Node>) {
        let Spot { element, target, place } = *spot;
        match (value, element.many) {
            (Node::Array(items), true) if !items.is_empty() => {
                for (index, item) in items.iter().enumerate() {
                    match item {
                        Node::Null if target.kind.is_primitive() && has_content(partner, index) => {}
                        item => self.item(item, spot, &place.index(index)),
                    }
                }
            }
            (value, many) => self.single(value, many, element.name(), spot),
        }
    }

    /// The partner `_name` of a primitive: what the value cannot carry itself, id and extensions.
    fn partner(&mut self, partner: &Node, name: &str, spot: &Spot<'_>, values: Option<&Node>) {
        let Spot { element, target, place } = *spot;
        if !target.kind.is_primitive() || element.is_attribute() || target.name == "xhtml" {
            self.report_named(&codes::NO_SIBLING, place, name);
            return;
        }
        let Some(definition) = definitions::table().find("Element") else { return };
        let spot = Spot { element, target: definition, place };
        match (partner, element.many) {
            (Node::Array(items), true) if !items.is_empty() => {
                self.aligned(items, name, values, place);
                for (index, item) in items.iter().enumerate() {
                    match item {
                        Node::Null if has_content(values, index) => {}
                        item => self.item(item, &spot, &place.index(index)),
                    }
                }
            }
            (partner, many) => self.single(partner, many, name, &spot),
        }
    }

    /// A member that is no filled array: a value, or a fault.
    fn single(&mut self, value: &Node, many: bool, name: &str, spot: &Spot<'_>) {
        match (value, many) {
            (Node::Array(items), _) if items.is_empty() => self.report_named(&codes::EMPTY, spot.place, "[]"),
            (Node::Array(_), _) => self.report_named(&codes::SINGLE_EXPECTED, spot.place, name),
            (value, true) if *value != Node::Null => {
                self.report_named(&codes::ARRAY_EXPECTED, spot.place, name);
            }
            (value, _) => self.item(value, spot, spot.place),
        }
    }

    fn aligned(&mut self, items: &[Node], name: &str, values: Option<&Node>, place: &Place<'_>) {
        let values = values.and_then(Node::as_array).map_or(items.len(), <[Node]>::len);
        if values != items.len() {
            self.report(&codes::NOT_ALIGNED, place, |problem| {
                problem.with("name", name).with("left", items.len()).with("right", values)
            });
        }
    }

    fn item(&mut self, item: &Node, spot: &Spot<'_>, place: &Place<'_>) {
        let target = spot.target;
        match (target.kind, item) {
            (_, Node::Null) => self.report_named(&codes::NULL, place, spot.element.name()),
            (TypeKind::Complex, Node::Object(members)) => self.object(members, target, place),
            (TypeKind::Text, Node::String(text)) => self.text(text, target, place),
            (TypeKind::Number, Node::Number(_)) | (TypeKind::Boolean, Node::Bool(_)) => {}
            (TypeKind::AnyResource | TypeKind::Resource, node) => self.nested(node, place),
            (kind, _) => self.report(&codes::WRONG_SHAPE, place, |problem| {
                problem.with("kind", target.name).with("expected", shape(kind)).with("found", item.shape())
            }),
        }
    }

    fn nested(&mut self, node: &Node, place: &Place<'_>) {
        if self.nested == Nested::Leave {
            return;
        }
        match kind_of(node) {
            Ok(kind) => self.resource(node, kind, place),
            Err(problem) if !self.is_full() => self.problems.push(problem.at(place.path())),
            Err(_) => {}
        }
    }

    fn text(&mut self, text: &str, target: &Type, place: &Place<'_>) {
        if text.is_empty() {
            self.report_named(&codes::EMPTY, place, "\"\"");
        } else if has_forbidden_character(text) {
            self.report(&codes::BAD_CHARACTER, place, |problem| problem);
        } else if target.name == "id" && ResourceId::parse(text).is_none() {
            self.report(&codes::BAD_ID, place, |problem| problem);
        } else if target.name == "xhtml" {
            for finding in narrative::check(text) {
                self.report(finding.code, place, |problem| {
                    problem.with("name", shown(&finding.name)).with("at", finding.at)
                });
            }
        }
    }
}

fn inside<'p>(place: &'p Place<'p>, element: &'p Element, target: &'p Type) -> Place<'p> {
    if element.is_choice() {
        place.choice(element.path_name(), target.name)
    } else {
        place.name(element.name())
    }
}

/// True when an array has something other than `null` at `index`.
fn has_content(array: Option<&Node>, index: usize) -> bool {
    let item = array.and_then(Node::as_array).and_then(|items| items.get(index));
    item.is_some_and(|item| *item != Node::Null)
}

/// True for `value` and `valueFoo`, where the element is `value[x]`.
fn is_variant_of(name: &str, element: &Element) -> bool {
    let rest = element.is_choice().then(|| name.strip_prefix(element.path_name())).flatten();
    rest.is_some_and(|rest| rest.chars().next().is_none_or(|letter| letter.is_ascii_uppercase()))
}

/// The types of a choice, for a message.
fn listed(element: &Element) -> String {
    let mut names: Vec<&str> = element
        .variants
        .iter()
        .filter_map(|variant| Some(variant.kind()?.name))
        .take(CHOICES_LISTED_MAX)
        .collect();
    if element.variants.len() > CHOICES_LISTED_MAX {
        names.push("…");
    }
    names.join(", ")
}

fn shape(kind: TypeKind) -> &'static str {
    match kind {
        TypeKind::Text => "string",
        TypeKind::Number => "number",
        TypeKind::Boolean => "boolean",
        TypeKind::Complex | TypeKind::Resource | TypeKind::AnyResource => "object",
    }
}
