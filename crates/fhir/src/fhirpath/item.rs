//! What an expression works on: a part of a resource with its type, or a computed value.

use super::kinds::{self, System, Wanted};
use super::moment::Moment;
use super::quantity::{Form, Quantity};
use crate::definitions::{Type, table};
use crate::json::Node;
use rust_decimal::Decimal;
use smallvec::SmallVec;
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

/// The system of UCUM.
pub(super) const UCUM: &str = "http://unitsofmeasure.org";

/// A few items without a place of their own on the heap.
pub(super) type Items<'n> = SmallVec<[Item<'n>; 2]>;

/// One item of a collection. `Debug` tells the shape only: content may be patient data.
#[derive(Clone)]
pub enum Item<'n> {
    /// A part of a resource, as it stands there.
    Part(Part<'n>),
    /// A computed value.
    Value(Value<'n>),
}

/// A part of a resource: its JSON, for a primitive the partner (`_birthDate` of `birthDate`), and its type.
#[derive(Clone, Copy)]
pub struct Part<'n> {
    pub(super) node: Option<&'n Node>,
    pub(super) partner: Option<&'n Node>,
    pub(super) kind: &'static Type,
}

/// A computed value, of a type of the System namespace.
#[derive(Clone)]
pub enum Value<'n> {
    /// `true` or `false`
    Boolean(bool),
    /// A whole number of 32 bits.
    Integer(i32),
    /// A decimal; the places behind the point are kept.
    Decimal(Decimal),
    /// A string.
    String(Cow<'n, str>),
    /// A date, perhaps without day or month.
    Date(Moment),
    /// A date with as much of a time as is known.
    DateTime(Moment),
    /// A time of day.
    Time(Moment),
    /// A number with a unit.
    Quantity(Box<Quantity>),
    /// The type of something: namespace and name.
    Type(&'static str, &'static str),
}

impl<'n> Item<'n> {
    /// A whole resource; `None` when its `resourceType` is not one of R4.
    pub fn resource(node: &'n Node) -> Option<Self> {
        let name = node.get("resourceType").and_then(Node::as_str)?;
        let kind = crate::definitions::resource_kind(name)?.definition()?;
        Some(Self::Part(Part { node: Some(node), partner: None, kind }))
    }

    /// A part of a resource, of the type of this name. `None` when there is no such type.
    pub fn part(node: &'n Node, type_name: &str) -> Option<Self> {
        Some(Self::element(Some(node), None, table().find(type_name)?))
    }

    /// A part of a resource with what the walk through it knows already.
    pub(crate) fn element(node: Option<&'n Node>, partner: Option<&'n Node>, kind: &'static Type) -> Self {
        Self::Part(Part { node, partner, kind })
    }

    /// A string.
    pub fn string(text: impl Into<Cow<'n, str>>) -> Self {
        Self::Value(Value::String(text.into()))
    }

    /// The JSON of a part; `None` for a computed value, and for a primitive that has only a partner.
    pub fn as_node(&self) -> Option<&'n Node> {
        if let Self::Part(part) = self { part.node } else { None }
    }

    /// The partner of a primitive: the object with its id and extensions.
    pub fn as_partner(&self) -> Option<&'n Node> {
        if let Self::Part(part) = self { part.partner } else { None }
    }

    /// The name of the type: `Patient`, `dateTime` for parts, `Integer` and its like for computed values.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Part(part) => part.kind.name,
            Self::Value(value) => value.type_name().1,
        }
    }

    /// The value of a boolean.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Part(Part { node: Some(Node::Bool(value)), .. }) | Self::Value(Value::Boolean(value)) => {
                Some(*value)
            }
            _ => None,
        }
    }

    /// The text of a string, or of any primitive that JSON writes as one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Part(Part { node: Some(Node::String(text)), .. }) => Some(text),
            Self::Value(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    /// The value of a whole number.
    pub fn as_integer(&self) -> Option<i32> {
        if let Some(Value::Integer(value)) = self.value() { Some(value) } else { None }
    }

    /// The value of a number.
    pub fn as_decimal(&self) -> Option<Decimal> {
        match self.value() {
            Some(Value::Integer(value)) => Some(value.into()),
            Some(Value::Decimal(value)) => Some(value),
            _ => None,
        }
    }

    /// The item as JSON: a part as it stands, a quantity as an object, dates and times as strings.
    pub fn to_json(&self) -> Node {
        match self {
            Self::Part(part) => part.node.cloned().unwrap_or(Node::Null),
            Self::Value(value) => value.to_json(),
        }
    }

    /// The computed value an item is, or turns into; `None` when it has none, or none that can be read.
    pub(super) fn value(&self) -> Option<Value<'n>> {
        match self {
            Self::Value(value) => Some(value.clone()),
            Self::Part(part) => part.value(),
        }
    }

    /// True when the item is of the type or of one built on it.
    ///
    /// The invariants of R4 ask for `Boolean` where `boolean` is meant (que-7), so only strict evaluation tells a
    /// primitive from the computed value it turns into, unless the name has its namespace.
    pub(super) fn is(&self, wanted: Wanted, strict: bool) -> bool {
        match self {
            Self::Part(part) => match (wanted.fhir, wanted.system) {
                (Some(wanted), _) => kinds::is_a(part.kind, wanted),
                (None, Some(system)) if !strict && !wanted.qualified => {
                    part.kind.kind.is_primitive() && kinds::system_of(part.kind) == system
                }
                _ => false,
            },
            Self::Value(value) => wanted.system.is_some_and(|wanted| value.system() == Some(wanted)),
        }
    }

    /// True when `as` and `ofType` let the item through: a primitive must be of the very type. The definitions of R4 say
    /// so by their use: what is defined as `string` never means to take in the codes of another choice.
    pub(super) fn is_as(&self, wanted: Wanted, strict: bool) -> bool {
        match (self, wanted.fhir) {
            (Self::Part(part), Some(wanted)) if part.kind.kind.is_primitive() => {
                std::ptr::eq(part.kind, wanted)
            }
            _ => self.is(wanted, strict),
        }
    }
}

impl<'n> Part<'n> {
    /// What a primitive or a Quantity stands for as a computed value.
    fn value(&self) -> Option<Value<'n>> {
        if !self.kind.kind.is_primitive() {
            return self.quantity().map(|quantity| Value::Quantity(Box::new(quantity)));
        }
        match self.node? {
            Node::Bool(value) => Some(Value::Boolean(*value)),
            Node::Number(text) => match kinds::system_of(self.kind) {
                System::Integer => text.parse().ok().map(Value::Integer),
                _ => number(text).map(Value::Decimal),
            },
            Node::String(text) => match kinds::system_of(self.kind) {
                System::Date => Moment::date(text).map(Value::Date),
                System::DateTime => Moment::date_time(text).map(Value::DateTime),
                System::Time => Moment::time(text).map(Value::Time),
                _ => Some(Value::String(Cow::Borrowed(text))),
            },
            Node::Null | Node::Array(_) | Node::Object(_) => None,
        }
    }

    /// A Quantity of FHIR as a computed one (FHIR R4, FHIRPath, quantities): the code of UCUM is the unit.
    fn quantity(&self) -> Option<Quantity> {
        if !kinds::is_quantity(self.kind) {
            return None;
        }
        let text = |name| self.node.and_then(|node| node.get(name)).and_then(Node::as_str);
        if text("comparator").is_some() {
            return None;
        }
        let value = number(self.node?.get("value")?.as_number()?)?;
        Some(match (text("system"), text("code"), text("unit")) {
            (Some(UCUM), Some(code), _) => Quantity::ucum(value, code),
            (_, None, None) => Quantity::number(value),
            (system, Some(code), _) => {
                Quantity { value, unit: format!("{}|{code}", system.unwrap_or_default()), form: Form::Other }
            }
            (_, None, Some(unit)) => Quantity { value, unit: unit.to_owned(), form: Form::Other },
        })
    }
}

/// A number of JSON, with or without exponent.
pub(super) fn number(text: &str) -> Option<Decimal> {
    if text.contains(['e', 'E']) { Decimal::from_scientific(text).ok() } else { Decimal::from_str(text).ok() }
}

impl Value<'_> {
    /// Namespace and name of the type.
    fn type_name(&self) -> (&'static str, &'static str) {
        match self.system() {
            Some(system) => ("System", system.name()),
            None => ("System", "TypeInfo"),
        }
    }

    pub(super) fn system(&self) -> Option<System> {
        Some(match self {
            Self::Boolean(_) => System::Boolean,
            Self::Integer(_) => System::Integer,
            Self::Decimal(_) => System::Decimal,
            Self::String(_) => System::String,
            Self::Date(_) => System::Date,
            Self::DateTime(_) => System::DateTime,
            Self::Time(_) => System::Time,
            Self::Quantity(_) => System::Quantity,
            Self::Type(..) => return None,
        })
    }

    fn to_json(&self) -> Node {
        match self {
            Self::Boolean(value) => Node::Bool(*value),
            Self::Integer(value) => Node::Number(value.to_string()),
            Self::Decimal(value) => Node::Number(value.to_string()),
            Self::String(text) => Node::String(text.clone().into_owned()),
            Self::Date(moment) | Self::DateTime(moment) | Self::Time(moment) => {
                Node::String(moment.to_string())
            }
            Self::Quantity(quantity) => Node::Object(vec![
                ("value".to_owned(), Node::Number(quantity.value.to_string())),
                ("unit".to_owned(), Node::String(quantity.unit.clone())),
            ]),
            Self::Type(namespace, name) => Node::Object(vec![
                ("namespace".to_owned(), Node::String((*namespace).to_owned())),
                ("name".to_owned(), Node::String((*name).to_owned())),
            ]),
        }
    }

    /// The text of a value, as `toString()` writes it.
    pub(super) fn text(&self) -> Option<String> {
        Some(match self {
            Self::Boolean(value) => value.to_string(),
            Self::Integer(value) => value.to_string(),
            Self::Decimal(value) => value.to_string(),
            Self::String(text) => text.clone().into_owned(),
            Self::Date(moment) | Self::DateTime(moment) | Self::Time(moment) => moment.to_string(),
            Self::Quantity(quantity) => quantity.to_string(),
            Self::Type(..) => return None,
        })
    }
}

impl fmt::Display for Value<'_> {
    /// The text that `toString()` gives; of a type its full name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, self.text()) {
            (Self::Type(namespace, name), _) => write!(f, "{namespace}.{name}"),
            (_, text) => f.write_str(&text.unwrap_or_default()),
        }
    }
}

impl fmt::Debug for Item<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Part(part) => fmt::Debug::fmt(part, f),
            Self::Value(value) => fmt::Debug::fmt(value, f),
        }
    }
}

impl fmt::Debug for Part<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "part of type {}", self.kind.name)
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (namespace, name) = self.type_name();
        write!(f, "value of type {namespace}.{name}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_beyond_the_range_of_decimals_have_no_value() {
        for text in [
            "1e29",
            "1e400",
            "1E+99999999999999999999",
            "1e-99999999999999999999",
            "9e9999999999",
            "1e-2147483648",
        ] {
            assert_eq!(number(text), None, "{text}");
        }
        for (text, expected) in [
            ("-0", "0"),
            ("1e2", "100"),
            ("1.50", "1.50"),
            ("2.5E-3", "0.0025"),
            ("1e28", "10000000000000000000000000000"),
        ] {
            assert_eq!(number(text), Decimal::from_str(expected).ok(), "{text}");
        }
        assert_eq!(number(&"9".repeat(64)), None);
        assert!(number(&format!("0.{}", "9".repeat(62))).is_some());
    }
}
