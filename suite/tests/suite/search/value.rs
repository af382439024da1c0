//! What an expression gives, as values that can be compared (FHIR R4, search, the tables of each parameter type).
//!
//! Where R4 leaves it to the server, the product's documented choice is followed (`terms`): a reference by identifier,
//! whole names as one word, both ends of a range, the origin of sampled data. Elements of which nothing can be searched,
//! such as a reference that only displays a name, have no value here, so that `:missing` means the same on both sides.

use super::amount::Amount;
use super::moment::span;
use super::parameters::{Kind, Parameter};
use fhir::Node;
use fhir::fhirpath::{Expression, Item, Scope};

/// Something a resource can be found by.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    /// A code or identifier; the system is empty where there is none.
    Code { system: String, code: String, form: Form },
    /// A system without a code.
    System(String),
    /// A text beside a code.
    Text(String),
    /// An identifier by its type.
    Typed { system: String, code: String, value: String },
    /// A reference to a resource of this server. It is linked when searches can follow it: the product documents
    /// (FH-0068) that they follow references, not canonical addresses.
    Local { kind: String, id: String, absolute: bool, linked: bool },
    /// A reference to another place.
    Absolute(String),
    /// A reference by identifier.
    Logical { system: String, value: String },
    /// A string.
    Words(String),
    /// A part of the name of a person.
    Name(String),
    /// The whole name of a person as one word.
    Whole(String),
    /// A span of time.
    Span { from: i64, until: i64 },
    /// A number.
    Number { amount: Amount, text: String },
    /// A number with a unit.
    Quantity { amount: Amount, text: String, system: String, code: String, unit: String },
    /// An address.
    Address(String),
    /// The values of each part of a composite.
    Tuple(Vec<Vec<Value>>),
}

impl Value {
    /// Type and id of the resource of this server that searches can follow the value to.
    pub(crate) fn leads_to(&self) -> Option<(&str, &str)> {
        match self {
            Self::Local { kind, id, linked: true, .. } => Some((kind, id)),
            _ => None,
        }
    }
}

/// What a code stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// With a system beside it, or without one although there could be.
    Open,
    /// In an element of type `code`, whose system follows from its value set.
    Element,
    /// `true` or `false`.
    Truth,
}

/// The system of `true` and `false`.
pub(crate) const TRUTH: &str = "http://terminology.hl7.org/CodeSystem/special-values";
/// The system of currencies.
const CURRENCIES: &str = "urn:iso:std:iso:4217";

/// The values of a resource for a parameter. `base` is the address of this server.
pub(crate) fn of(parameter: &Parameter, resource: &Node, base: &str) -> Vec<Value> {
    let item = Item::resource(resource).unwrap();
    let scope = Scope::new(base::Time::from_microseconds(0)).resource(item.clone());
    if parameter.kind != Kind::Composite {
        let mut read = evaluate(&parameter.expression, &scope, &item);
        // A whole resource, such as the first in a Bundle, may be of a type that is not meant.
        read.retain(|read| {
            part(&read.node, "resourceType")
                .is_none_or(|kind| parameter.targets.iter().any(|one| one == kind))
        });
        let mut found = Vec::new();
        for read in read {
            read.values(parameter.kind, base, &mut found);
        }
        return found;
    }
    let elements = parameter.expression.evaluate(&scope, &item).unwrap();
    let tuple = |element| -> Option<Value> {
        let last = parameter.parts.len() - 1;
        let parts = parameter.parts.iter().enumerate().map(|(at, part)| {
            let mut found = Vec::new();
            for read in evaluate(&part.expression, &scope, element) {
                read.values(part.kind, base, &mut found);
            }
            // What only a modifier can ask for, and before another part a system alone, has no place in a composite.
            found.retain(|value| !matches!(value, Value::Text(_) | Value::Typed { .. }));
            found.retain(|value| at == last || !matches!(value, Value::System(_)));
            found
        });
        let parts: Vec<Vec<Value>> = parts.collect();
        parts.iter().all(|values| !values.is_empty()).then_some(Value::Tuple(parts))
    };
    elements.iter().filter_map(tuple).collect()
}

fn evaluate<'n>(expression: &'n Expression, scope: &Scope<'n>, focus: &Item<'n>) -> Vec<Read> {
    let found = expression.evaluate(scope, focus);
    found
        .unwrap_or_else(|problem| panic!("{}: {problem:?}", expression.text()))
        .iter()
        .map(Read::of)
        .collect()
}

/// An item that was read: its type and JSON.
struct Read {
    kind: &'static str,
    node: Node,
}

impl Read {
    fn of(item: &Item<'_>) -> Self {
        Self { kind: item.type_name(), node: item.to_json() }
    }

    fn values(&self, kind: Kind, base: &str, out: &mut Vec<Value>) {
        match kind {
            Kind::Token => token(self.kind, &self.node, out),
            Kind::Reference => reference(self.kind, &self.node, base, out),
            Kind::String => string(self.kind, &self.node, out),
            Kind::Date => date(self.kind, &self.node, out),
            Kind::Number => number(self.kind, &self.node, out),
            Kind::Quantity => quantity(self.kind, &self.node, out),
            Kind::Uri => uri(self.kind, &self.node, out),
            Kind::Composite => {}
        }
    }
}

fn part<'n>(node: &'n Node, name: &str) -> Option<&'n str> {
    node.get(name).and_then(Node::as_str)
}

fn owned(text: Option<&str>) -> String {
    text.unwrap_or_default().to_owned()
}

fn items<'n>(node: &'n Node, name: &str) -> &'n [Node] {
    node.get(name).and_then(Node::as_array).unwrap_or_default()
}

fn token(kind: &str, node: &Node, out: &mut Vec<Value>) {
    let mut pair = |code: Option<&str>, system: Option<&str>| match (code, system) {
        (Some(code), system) => {
            out.push(Value::Code { system: owned(system), code: code.to_owned(), form: Form::Open });
        }
        (None, Some(system)) => out.push(Value::System(system.to_owned())),
        (None, None) => {}
    };
    match kind {
        "CodeableConcept" => {
            for coding in items(node, "coding") {
                token("Coding", coding, out);
            }
            out.extend(part(node, "text").map(|text| Value::Text(text.to_owned())));
        }
        "Coding" => {
            pair(part(node, "code"), part(node, "system"));
            out.extend(part(node, "display").map(|text| Value::Text(text.to_owned())));
        }
        "Identifier" => {
            pair(part(node, "value"), part(node, "system"));
            identifier_type(node, out);
        }
        "ContactPoint" => pair(part(node, "value"), part(node, "use")),
        "boolean" | "Boolean" => {
            let Node::Bool(truth) = node else { return };
            out.push(Value::Code { system: String::new(), code: truth.to_string(), form: Form::Truth });
        }
        _ => {
            let form = if kind == "code" { Form::Element } else { Form::Open };
            let code = node.as_str().map(str::to_owned);
            out.extend(code.map(|code| Value::Code { system: String::new(), code, form }));
        }
    }
}

fn identifier_type(node: &Node, out: &mut Vec<Value>) {
    let Some(kind) = node.get("type") else { return };
    out.extend(part(kind, "text").map(|text| Value::Text(text.to_owned())));
    for coding in items(kind, "coding") {
        if let (Some(code), Some(value)) = (part(coding, "code"), part(node, "value")) {
            let (system, code) = (owned(part(coding, "system")), code.to_owned());
            out.push(Value::Typed { system, code, value: value.to_owned() });
        }
    }
}

fn reference(kind: &str, node: &Node, base: &str, out: &mut Vec<Value>) {
    match kind {
        "Reference" => {
            out.extend(part(node, "reference").and_then(|text| link(text, base)));
            if let Some(identifier) = node.get("identifier")
                && let Some(value) = part(identifier, "value")
            {
                out.push(Value::Logical {
                    system: owned(part(identifier, "system")),
                    value: value.to_owned(),
                });
            }
        }
        "canonical" | "uri" | "url" => {
            let text = node.as_str().unwrap_or_default();
            let address = text.split_once('|').filter(|_| kind == "canonical").map(|(address, _)| address);
            for mut found in [Some(text), address].into_iter().flatten().filter_map(|text| link(text, base)) {
                if let Value::Local { linked, .. } = &mut found {
                    *linked = false;
                }
                out.push(found);
            }
        }
        _ => {
            if let (Some(kind), Some(id)) = (part(node, "resourceType"), part(node, "id")) {
                out.push(Value::Local {
                    kind: kind.to_owned(),
                    id: id.to_owned(),
                    absolute: false,
                    linked: true,
                });
            }
        }
    }
}

/// Where the text of a reference leads; nowhere when it points into its own resource.
pub(crate) fn link(text: &str, base: &str) -> Option<Value> {
    let text = text.split_once("/_history/").map_or(text, |(text, _)| text);
    let (own, absolute) = match text.strip_prefix(base).and_then(|rest| rest.strip_prefix('/')) {
        Some(own) => (own, true),
        None => (text, false),
    };
    if let Some((kind, id)) = own.split_once('/')
        && kind.chars().all(|letter| letter.is_ascii_alphabetic())
        && !id.contains('/')
    {
        return Some(Value::Local { kind: kind.to_owned(), id: id.to_owned(), absolute, linked: true });
    }
    let elsewhere = text.contains("://") || text.starts_with("urn:");
    elsewhere.then(|| Value::Absolute(text.to_owned()))
}

fn string(kind: &str, node: &Node, out: &mut Vec<Value>) {
    let names: &[&str] = match kind {
        "HumanName" => &["text", "family", "given", "prefix", "suffix"],
        "Address" => &["text", "line", "city", "district", "state", "postalCode", "country"],
        _ => {
            out.extend(node.as_str().map(|text| Value::Words(text.to_owned())));
            return;
        }
    };
    for member in names.iter().filter_map(|name| node.get(name)) {
        let texts = member.as_array().map_or_else(|| vec![member], |items| items.iter().collect());
        let value = if kind == "HumanName" { Value::Name } else { Value::Words };
        out.extend(texts.iter().filter_map(|text| text.as_str()).map(|text| value(text.to_owned())));
    }
    if kind == "HumanName" {
        whole_name(node, out);
    }
}

/// Japanese names are searched as one word: family and given names together, and the text without its spaces.
fn whole_name(node: &Node, out: &mut Vec<Value>) {
    let given: String = items(node, "given").iter().filter_map(Node::as_str).collect();
    if let Some(family) = part(node, "family").filter(|_| !given.is_empty()) {
        out.push(Value::Whole(format!("{family}{given}")));
    }
    if let Some(text) = part(node, "text").filter(|text| text.contains(char::is_whitespace)) {
        out.push(Value::Whole(text.split_whitespace().collect()));
    }
}

fn date(kind: &str, node: &Node, out: &mut Vec<Value>) {
    let found = match kind {
        "Period" => period(node),
        "Timing" => {
            let events = items(node, "event").iter().filter_map(Node::as_str).filter_map(span);
            let bounds = node.get("repeat").and_then(|repeat| repeat.get("boundsPeriod")).and_then(period);
            events.chain(bounds).reduce(|all, one| (all.0.min(one.0), all.1.max(one.1)))
        }
        "date" | "dateTime" | "instant" => node.as_str().and_then(span),
        // A string is no date, whatever it says.
        _ => None,
    };
    out.extend(found.map(|(from, until)| Value::Span { from, until }));
}

/// A side that is not given is open.
fn period(node: &Node) -> Option<(i64, i64)> {
    let (start, end) = (part(node, "start").and_then(span), part(node, "end").and_then(span));
    start.or(end)?;
    Some((start.map_or(i64::MIN, |start| start.0), end.map_or(i64::MAX, |end| end.1)))
}

fn number(kind: &str, node: &Node, out: &mut Vec<Value>) {
    let numbers: Vec<&Node> = match kind {
        "Range" => ["low", "high"].iter().filter_map(|side| node.get(side)?.get("value")).collect(),
        _ => vec![node],
    };
    for text in numbers.iter().filter_map(|number| number.as_number()) {
        out.extend(Amount::parse(text).map(|amount| Value::Number { amount, text: text.to_owned() }));
    }
}

fn quantity(kind: &str, node: &Node, out: &mut Vec<Value>) {
    match kind {
        "Range" => {
            for side in ["low", "high"].iter().filter_map(|side| node.get(side)) {
                quantity("", side, out);
            }
        }
        "SampledData" => node.get("origin").into_iter().for_each(|origin| quantity("", origin, out)),
        _ => {
            let Some(text) = node.get("value").and_then(Node::as_number) else { return };
            let is_money = kind == "Money";
            let code = part(node, if is_money { "currency" } else { "code" });
            let system = if is_money { Some(CURRENCIES) } else { part(node, "system") };
            out.push(Value::Quantity {
                amount: Amount::parse(text).unwrap(),
                text: text.to_owned(),
                system: owned(system),
                code: owned(code),
                unit: owned(part(node, "unit")),
            });
        }
    }
}

fn uri(kind: &str, node: &Node, out: &mut Vec<Value>) {
    let Some(text) = node.as_str() else { return };
    out.push(Value::Address(text.to_owned()));
    if let (Some((address, _)), "canonical") = (text.split_once('|'), kind) {
        out.push(Value::Address(address.to_owned()));
    }
}
