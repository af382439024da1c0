//! The walk through a resource, member by member, with its definition alongside.

use super::hinted;
use super::rules::{Around, Focus};
use crate::codes::structure as codes;
use crate::definitions::{Element, Member, ResourceKind, Type, closest};
use crate::json::Node;
use crate::place::{Place, shown};
use base::{Code, Problem};

/// Most problems reported at once.
pub(super) const PROBLEMS_MAX: usize = 50;
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

/// Everything found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// What makes the resource invalid, up to 50, in the order of the input: invariants of an object after its members.
    pub problems: Vec<Problem>,
    /// What could be better, up to 50: broken rules that R4 itself calls warnings.
    pub warnings: Vec<Problem>,
}

/// A walk under way: what was found so far, and the resource it is in.
pub(crate) struct Walk<'n> {
    pub(super) found: Findings,
    pub(super) nested: Nested,
    /// Warnings are asked for.
    pub(super) warns: bool,
    /// Faults below the level of invariants so far: where there is one, invariants of what holds it are not judged.
    pub(super) faults: usize,
    pub(super) around: Option<Around<'n>>,
}

/// The elements seen in one object.
#[derive(Default)]
struct Seen<'n> {
    elements: u128,
    choices: Vec<(Member, &'n str)>,
}

/// A member under check: its element, the type it has here, its place.
#[derive(Clone, Copy)]
pub(super) struct Spot<'p> {
    pub(super) element: &'static Element,
    pub(super) target: &'static Type,
    pub(super) place: &'p Place<'p>,
    /// It is the partner of a primitive, not the primitive itself.
    pub(super) is_partner: bool,
}

impl Seen<'_> {
    fn has(&self, element: usize) -> bool {
        u32::try_from(element).is_ok_and(|bit| self.elements & bit_of(bit) != 0)
    }
}

fn bit_of(bit: u32) -> u128 {
    1_u128.checked_shl(bit).unwrap_or_default()
}

impl<'n> Walk<'n> {
    pub(crate) fn new(nested: Nested) -> Self {
        Self { found: Findings::default(), nested, warns: false, faults: 0, around: None }
    }

    /// Warnings are looked for, too.
    pub(crate) fn with_warnings(self) -> Self {
        Self { warns: true, ..self }
    }

    pub(crate) fn findings(self) -> Findings {
        self.found
    }

    pub(crate) fn finish(self) -> Result<(), Vec<Problem>> {
        if self.found.problems.is_empty() { Ok(()) } else { Err(self.found.problems) }
    }

    /// Checks a node that is of resource type `kind` and stands in nothing, or on its own in a container.
    pub(crate) fn resource(&mut self, node: &'n Node, kind: ResourceKind, place: &Place<'_>) {
        self.resource_in(node, kind, None, place);
    }

    /// Checks a resource; `container` is the resource in which it is contained.
    pub(super) fn resource_in(
        &mut self,
        node: &'n Node,
        kind: ResourceKind,
        container: Option<Around<'n>>,
        place: &Place<'_>,
    ) {
        let Some(definition) = kind.definition() else { return };
        let outside = self.around.replace(Around::of(node, definition, container));
        self.object(node, definition, place);
        self.around = outside;
    }

    pub(super) fn is_full(&self) -> bool {
        self.found.problems.len() >= PROBLEMS_MAX
    }

    pub(super) fn report(
        &mut self,
        code: &'static Code,
        place: &Place<'_>,
        fill: impl FnOnce(Problem) -> Problem,
    ) {
        if self.is_full() {
            self.faults = self.faults.saturating_add(1);
        } else {
            self.push(fill(Problem::new(code)), place);
        }
    }

    /// Adds a fault to what was found.
    pub(super) fn push(&mut self, problem: Problem, place: &Place<'_>) {
        self.faults = self.faults.saturating_add(1);
        if !self.is_full() {
            self.found.problems.push(problem.at(place.path()));
        }
    }

    pub(super) fn report_named(&mut self, code: &'static Code, place: &Place<'_>, name: &str) {
        self.report(code, place, |problem| problem.with("name", shown(name)));
    }

    /// Checks an object: its members, and when these are sound, the invariants of its type.
    pub(super) fn object(&mut self, node: &'n Node, kind: &'static Type, place: &Place<'_>) {
        let Some(members) = node.as_object() else { return };
        let before = self.faults;
        self.members(members, kind, place);
        if self.faults == before {
            self.hold(&kind.rules, Focus { node, members, kind }, place);
        }
    }

    pub(super) fn members(&mut self, members: &'n [(String, Node)], kind: &'static Type, place: &Place<'_>) {
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
            let spot = Spot { element, target, place: &there, is_partner: false };
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
    fn note<'m>(
        &mut self,
        seen: &mut Seen<'m>,
        (member, name): (Member, &'m str),
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
}

fn inside<'p>(place: &'p Place<'p>, element: &'static Element, target: &'static Type) -> Place<'p> {
    if element.is_choice() {
        place.choice(element.path_name(), target.name)
    } else {
        place.name(element.name())
    }
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
