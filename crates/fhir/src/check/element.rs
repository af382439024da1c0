//! The values of one element: their JSON kind, form, codes and invariants, and the partners of primitives.

use super::rules::{self, Focus};
use super::walk::{Nested, PROBLEMS_MAX, Spot, Walk};
use super::{binding, kind_of, narrative, value};
use crate::codes::structure as codes;
use crate::definitions::{self, Primitive, Rule, Severity, Type, TypeKind};
use crate::json::{Node, has_forbidden_character};
use crate::place::{Place, shown};

impl<'n> Walk<'n> {
    /// Checks a member that carries a value.
    pub(super) fn member(&mut self, value: &'n Node, spot: &Spot<'_>, partner: Option<&'n Node>) {
        let Spot { element, target, place, .. } = *spot;
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
    pub(super) fn partner(
        &mut self,
        partner: &'n Node,
        name: &str,
        spot: &Spot<'_>,
        values: Option<&'n Node>,
    ) {
        let Spot { element, target, place, .. } = *spot;
        if !target.kind.is_primitive() || element.is_attribute() || target.name == "xhtml" {
            self.report_named(&codes::NO_SIBLING, place, name);
            return;
        }
        let Some(definition) = definitions::table().find("Element") else { return };
        let spot = Spot { element, target: definition, place, is_partner: true };
        match (partner, element.many) {
            (Node::Array(items), true) if !items.is_empty() => {
                self.aligned(items, name, values, place);
                for (index, item) in items.iter().enumerate() {
                    match item {
                        Node::Null if has_content(values, index) => {}
                        item => {
                            self.partner_item(item, &spot, has_content(values, index), &place.index(index));
                        }
                    }
                }
            }
            (partner @ Node::Object(_), false) => self.partner_item(partner, &spot, values.is_some(), place),
            (partner, many) => self.single(partner, many, name, &spot),
        }
    }

    /// One partner; without a value beside it, it must say more than an id (invariant ele-1 of the primitive).
    fn partner_item(&mut self, item: &'n Node, spot: &Spot<'_>, has_value: bool, place: &Place<'_>) {
        let before = self.faults;
        self.item(item, spot, place);
        if !has_value && self.faults == before {
            let members = item.as_object().unwrap_or_default();
            self.hold(&spot.target.rules, Focus { node: item, members, kind: spot.target }, place);
        }
    }

    /// A member that is no filled array: a value, or a fault.
    fn single(&mut self, value: &'n Node, many: bool, name: &str, spot: &Spot<'_>) {
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

    fn item(&mut self, item: &'n Node, spot: &Spot<'_>, place: &Place<'_>) {
        let target = spot.target;
        let before = self.faults;
        match (target.kind, item) {
            (_, Node::Null) => self.report_named(&codes::NULL, place, spot.element.name()),
            (TypeKind::Complex, Node::Object(members)) if spot.is_partner => {
                self.members(members, target, place);
            }
            (TypeKind::Complex, Node::Object(_)) => self.object(item, target, place),
            (TypeKind::Text, Node::String(text)) => self.text(text, spot, place),
            (TypeKind::Number, Node::Number(text)) => self.number(text, target, place),
            (TypeKind::Boolean, Node::Bool(_)) => {}
            (TypeKind::AnyResource | TypeKind::Resource, node) => self.nested(node, spot, place),
            (kind, _) => self.report(&codes::WRONG_SHAPE, place, |problem| {
                problem.with("kind", target.name).with("expected", shape(kind)).with("found", item.shape())
            }),
        }
        if !spot.is_partner && self.faults == before {
            self.bound(item, spot, place);
        }
    }

    /// What an element asks beyond its type: codes of a value set, invariants of its own.
    fn bound(&mut self, item: &'n Node, spot: &Spot<'_>, place: &Place<'_>) {
        if let Some(set) = spot.element.required_set
            && let Some(problem) = binding::problem(item, set)
        {
            self.push(problem, place);
            return;
        }
        if !spot.element.rules.is_empty() {
            let members = item.as_object().unwrap_or_default();
            self.hold(&spot.element.rules, Focus { node: item, members, kind: spot.target }, place);
        }
    }

    fn nested(&mut self, node: &'n Node, spot: &Spot<'_>, place: &Place<'_>) {
        if self.nested == Nested::Leave {
            return;
        }
        let container = if spot.element.name() == "contained" { self.around.clone() } else { None };
        match kind_of(node) {
            Ok(kind) => self.resource_in(node, kind, container, place),
            Err(problem) => self.push(problem, place),
        }
    }

    fn number(&mut self, text: &str, target: &Type, place: &Place<'_>) {
        let fault = target.primitive.and_then(|kind| value::number_fault(kind, text));
        if let Some(code) = fault {
            self.push(value::problem(code, target, text), place);
        }
    }

    fn text(&mut self, text: &str, spot: &Spot<'_>, place: &Place<'_>) {
        let target = spot.target;
        if text.is_empty() {
            self.report_named(&codes::EMPTY, place, "\"\"");
        } else if has_forbidden_character(text) {
            self.report(&codes::BAD_CHARACTER, place, |problem| problem);
        } else if target.primitive == Some(Primitive::Xhtml) {
            for finding in narrative::check(text) {
                self.report(finding.code, place, |problem| {
                    problem.with("name", shown(&finding.name)).with("at", finding.at)
                });
            }
        } else if let Some(code) = form_of(spot).and_then(|form| value::text_fault(form, text)) {
            self.push(value::problem(code, target, text), place);
        }
    }

    /// Judges the invariants that hold for `focus`.
    pub(super) fn hold(&mut self, rules: &[&'static Rule], focus: Focus<'n>, place: &Place<'_>) {
        let Some(around) = &self.around else { return };
        for rule in rules {
            let list = match rule.severity {
                Severity::Error => &mut self.found.problems,
                Severity::Warning if self.warns => &mut self.found.warnings,
                Severity::Warning => continue,
            };
            if list.len() < PROBLEMS_MAX
                && let Some(problem) = rules::problem(rule, focus, around)
            {
                list.push(problem.at(place.path()));
            }
        }
    }
}

/// The form of the values at a spot. The addresses of extensions are listed as `string`, for they are attributes in XML,
/// but are of type uri (FHIR R4, extensibility).
fn form_of(spot: &Spot<'_>) -> Option<Primitive> {
    let is_address = spot.element.is_attribute() && spot.element.name() == "url";
    if is_address { Some(Primitive::Uri) } else { spot.target.primitive }
}

/// True when an array has something other than `null` at `index`.
fn has_content(array: Option<&Node>, index: usize) -> bool {
    let item = array.and_then(Node::as_array).and_then(|items| items.get(index));
    item.is_some_and(|item| *item != Node::Null)
}

fn shape(kind: TypeKind) -> &'static str {
    match kind {
        TypeKind::Text => "string",
        TypeKind::Number => "number",
        TypeKind::Boolean => "boolean",
        TypeKind::Complex | TypeKind::Resource | TypeKind::AnyResource => "object",
    }
}
