//! What a query asks of a value: how it is written, and which values fulfil it (FHIR R4, search).

use super::amount::Amount;
use super::fold::{TEXT_BYTES, folded, kept};
use super::implied;
use super::moment::span;
use super::value::{Form, TRUTH, Value, link};

/// The prefixes of dates, numbers and quantities, with the empty one first.
pub(crate) const PREFIXES: [&str; 10] = ["", "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"];

/// One alternative of a parameter's value.
#[derive(Clone, Debug)]
pub(crate) enum Wanted {
    /// `code`, `|code`, `system|code`, `system|`.
    Token { system: Option<String>, code: Option<String> },
    /// `system|code|value` of `:of-type`.
    Typed { system: String, code: String, value: String },
    /// A text: of a string, an address, a reference, or beside a code.
    Text(String),
    /// A date with its prefix.
    Date { prefix: &'static str, text: String },
    /// A number with its prefix.
    Number { prefix: &'static str, text: String },
    /// A number with its prefix, and system and code of the unit.
    Quantity { prefix: &'static str, text: String, unit: Option<(String, String)> },
    /// The parts of a composite.
    Tuple(Vec<Wanted>),
}

/// How a parameter is asked beside its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Modifier {
    None,
    Not,
    Text,
    OfType,
    Contains,
    Exact,
    Above,
    Below,
    Identifier,
    Type(String),
}

impl Modifier {
    /// As it stands behind the name of the parameter.
    pub(crate) fn text(&self) -> String {
        let name = match self {
            Self::None => return String::new(),
            Self::Not => "not",
            Self::Text => "text",
            Self::OfType => "of-type",
            Self::Contains => "contains",
            Self::Exact => "exact",
            Self::Above => "above",
            Self::Below => "below",
            Self::Identifier => "identifier",
            Self::Type(kind) => kind,
        };
        format!(":{name}")
    }
}

/// What a comparison must know beside both values.
#[derive(Clone, Copy)]
pub(crate) struct Around<'a> {
    /// Address of the server.
    pub(crate) base: &'a str,
    /// The present moment.
    pub(crate) now: i64,
    /// Type and code of the parameter, such as `Patient.gender`.
    pub(crate) name: &'a str,
    /// Types that references of the parameter may lead to.
    pub(crate) targets: &'a [String],
    /// How the parameter is asked.
    pub(crate) modifier: &'a Modifier,
}

impl Wanted {
    /// As it stands in a query, before it is made fit for an address.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Token { system: None, code } => escaped(code.as_deref().unwrap_or_default()),
            Self::Token { system: Some(system), code } => {
                format!("{}|{}", escaped(system), escaped(code.as_deref().unwrap_or_default()))
            }
            Self::Typed { system, code, value } => {
                format!("{}|{}|{}", escaped(system), escaped(code), escaped(value))
            }
            Self::Text(text) => escaped(text),
            Self::Date { prefix, text }
            | Self::Number { prefix, text }
            | Self::Quantity { prefix, text, unit: None } => format!("{prefix}{text}"),
            Self::Quantity { prefix, text, unit: Some((system, code)) } => {
                format!("{prefix}{text}|{}|{}", escaped(system), escaped(code))
            }
            Self::Tuple(parts) => parts.iter().map(Self::text).collect::<Vec<_>>().join("$"),
        }
    }

    /// True when some of the values is what is wanted.
    pub(crate) fn accepts(&self, values: &[Value], around: Around<'_>) -> bool {
        values.iter().any(|value| self.accepts_one(value, around))
    }

    fn accepts_one(&self, value: &Value, around: Around<'_>) -> bool {
        match (self, value) {
            (Self::Token { system, code }, value) => match around.modifier {
                Modifier::Identifier => logical(system.as_deref(), code.as_deref(), value),
                _ => token(system.as_deref(), code.as_deref(), value, around.name),
            },
            (Self::Typed { system, code, value }, Value::Typed { system: s, code: c, value: v }) => {
                (system, code, value) == (s, c, v)
            }
            (Self::Text(text), Value::Text(beside)) => kept(beside).starts_with(&folded(text)),
            (Self::Text(text), Value::Words(words)) => string(text, &kept(words), words, around.modifier),
            (Self::Text(text), Value::Name(words)) => name(text, &folded(words), words, around.modifier),
            // A whole name stands nowhere in the resource, so it has no exact form unless it is one word as it is.
            (Self::Text(_), Value::Whole(words))
                if *around.modifier == Modifier::Exact && words.contains(char::is_whitespace) =>
            {
                false
            }
            (Self::Text(text), Value::Whole(words)) => {
                name(text, &folded(words).replace(' ', ""), words, around.modifier)
            }
            (Self::Text(text), Value::Address(address)) => uri(text, address, around.modifier),
            (Self::Text(text), Value::Local { .. } | Value::Absolute(_)) => reference(text, value, around),
            (Self::Date { prefix, text }, Value::Span { from, until }) => {
                dates(prefix, span(text).unwrap(), (*from, *until), around.now)
            }
            (Self::Number { prefix, text }, Value::Number { amount, .. }) => number(prefix, text, *amount),
            (
                Self::Quantity { prefix, text, unit },
                Value::Quantity { amount, system, code, unit: written, .. },
            ) => {
                let fits = match unit {
                    None => true,
                    Some((wanted, name)) if wanted.is_empty() => name == code || name == written,
                    Some((wanted, name)) => wanted == system && name == code,
                };
                fits && number(prefix, text, *amount)
            }
            (Self::Tuple(wanted), Value::Tuple(parts)) => {
                wanted.iter().zip(parts).all(|(wanted, values)| wanted.accepts(values, around))
            }
            _ => false,
        }
    }
}

/// Backslashes before what has a meaning in values.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        if matches!(letter, '\\' | ',' | '|' | '$') {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

/// The four forms of a token. A code in an element of type `code` has the system that its value set implies.
fn token(system: Option<&str>, code: Option<&str>, value: &Value, name: &str) -> bool {
    match value {
        Value::System(own) => code.is_none() && system == Some(own),
        Value::Code { system: own, code: kept, form } => {
            let implied = match form {
                Form::Open => None,
                Form::Element => implied::system(name),
                Form::Truth => Some(TRUTH),
            };
            let same_system = match system {
                None => true,
                Some("") => own.is_empty(),
                Some(wanted) => own == wanted || implied == Some(wanted),
            };
            same_system && code.is_none_or(|code| code == kept)
        }
        _ => false,
    }
}

fn logical(system: Option<&str>, code: Option<&str>, value: &Value) -> bool {
    let Value::Logical { system: own, value } = value else { return false };
    system.is_none_or(|system| system == own) && code.is_none_or(|code| code == value)
}

/// Strings compare from their beginning; `kept` is folded, `written` is not.
fn string(text: &str, kept: &str, written: &str, modifier: &Modifier) -> bool {
    match modifier {
        Modifier::Exact => text == written && folded(written).len().max(written.len()) <= TEXT_BYTES,
        Modifier::Contains => kept.contains(&folded(text)),
        _ => kept.starts_with(&folded(text)),
    }
}

/// R4 calls the search by names of persons server defined. The product documents that spaces of what is asked for may
/// be missing in the name.
fn name(text: &str, kept: &str, written: &str, modifier: &Modifier) -> bool {
    let joined = || *modifier == Modifier::None && kept.starts_with(&folded(text).replace(' ', ""));
    string(text, kept, written, modifier) || joined()
}

/// `:below` goes to further parts of the path, `:above` to earlier ones, with or without a slash at the end.
fn uri(text: &str, address: &str, modifier: &Modifier) -> bool {
    let under = |upper: &str, lower: &str| {
        lower
            .strip_prefix(upper)
            .is_some_and(|rest| upper.ends_with('/') || rest.starts_with(['/', '|', '?', '#']))
    };
    match modifier {
        Modifier::Below => text == address || under(text, address),
        Modifier::Above => {
            let host = text.find("://").map_or(0, |at| at + 3);
            let is_above = |upper: &str| {
                upper.len() >= host && text.strip_prefix(upper).is_some_and(|rest| rest.starts_with('/'))
            };
            text == address || is_above(address) || address.strip_suffix('/').is_some_and(is_above)
        }
        _ => text == address,
    }
}

/// An id, `Type/id`, or an address, of this server or another.
fn reference(text: &str, value: &Value, around: Around<'_>) -> bool {
    let allowed = |kind: &String| match around.modifier {
        Modifier::Type(wanted) => kind == wanted,
        _ => around.targets.contains(kind),
    };
    match (link(text, around.base), value) {
        (Some(Value::Local { kind, id, .. }), Value::Local { kind: own, id: own_id, .. }) => {
            kind == *own && id == *own_id && allowed(own)
        }
        (Some(Value::Absolute(wanted)), Value::Absolute(own)) => wanted == *own,
        (None, Value::Local { kind, id, .. }) => text == id && allowed(kind),
        _ => false,
    }
}

/// A date asked for against one that is kept, both spans.
pub(crate) fn dates(prefix: &str, asked: (i64, i64), kept: (i64, i64), now: i64) -> bool {
    let inside = asked.0 <= kept.0 && kept.1 <= asked.1;
    match prefix {
        "" | "eq" => inside,
        "ne" => !inside,
        // The time after what is asked for overlaps what is kept; with `lt` the time before.
        "gt" => kept.1 > asked.1,
        "lt" => kept.0 < asked.0,
        "ge" => kept.1 > asked.1 || inside,
        "le" => kept.0 < asked.0 || inside,
        "sa" => kept.0 >= asked.1,
        "eb" => kept.1 <= asked.0,
        "ap" => {
            let away = (asked.0 - now).max(now - asked.1).max(0) / 10;
            kept.0 < asked.1 + away && asked.0 - away < kept.1
        }
        _ => panic!("no prefix: {prefix}"),
    }
}

/// A number asked for against one that is kept: the range that its precision implies for equality, else the number.
fn number(prefix: &str, text: &str, kept: Amount) -> bool {
    let asked = Amount::parse(text).unwrap();
    let (from, until) = asked.implied(text);
    let equal = from <= kept && kept < until;
    match prefix {
        "" | "eq" => equal,
        "ne" => !equal,
        "gt" | "sa" => kept > asked,
        "lt" | "eb" => kept < asked,
        "ge" => kept >= asked,
        "le" => kept <= asked,
        "ap" => {
            let (low, high) = asked.about();
            low <= kept && kept <= high
        }
        _ => panic!("no prefix: {prefix}"),
    }
}
