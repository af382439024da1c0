//! A value somewhere inside a resource: what is known of it, and what is only known after apply.

use crate::resource::{Resource, SENSITIVE};
use serde_json::Value;

/// A value somewhere inside a resource.
#[derive(Clone, Debug)]
pub(super) struct Field<'a> {
    resource: &'a Resource,
    value: Option<&'a Value>,
    unknown: Option<&'a Value>,
    /// As configurations write it: `rule_group.rules_source`.
    path: String,
}

impl<'a> Field<'a> {
    /// An attribute of a resource.
    pub(super) fn of(resource: &'a Resource, name: &str) -> Self {
        let whole = Self {
            resource,
            value: Some(&resource.values),
            unknown: Some(&resource.unknown),
            path: String::new(),
        };
        whole.at(name)
    }

    /// A member.
    pub(super) fn at(&self, name: &str) -> Self {
        let all_unknown = self.unknown.filter(|unknown| **unknown == Value::Bool(true));
        let path = if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) };
        Self {
            resource: self.resource,
            value: self.value.and_then(|value| value.get(name)),
            unknown: all_unknown.or_else(|| self.unknown.and_then(|unknown| unknown.get(name))),
            path,
        }
    }

    /// Its elements. A block that stands once may be written as itself in older plans.
    pub(super) fn each(&self) -> Vec<Self> {
        let element = |value: Option<&'a Value>, unknown: Option<&'a Value>| Self {
            resource: self.resource,
            value,
            unknown,
            path: self.path.clone(),
        };
        match self.value {
            Some(Value::Array(list)) => {
                let unknown = |at: usize| match self.unknown {
                    Some(Value::Array(unknown)) => unknown.get(at),
                    Some(Value::Bool(true)) => self.unknown,
                    _ => None,
                };
                list.iter().enumerate().map(|(at, value)| element(Some(value), unknown(at))).collect()
            }
            Some(value @ Value::Object(_)) => vec![element(Some(value), self.unknown)],
            _ => Vec::new(),
        }
    }

    /// Its first element, or what has no members.
    pub(super) fn first(&self) -> Self {
        let nothing = Self { resource: self.resource, value: None, unknown: None, path: self.path.clone() };
        let unknown = Self { unknown: self.unknown.filter(|found| **found == Value::Bool(true)), ..nothing };
        self.each().into_iter().next().unwrap_or(unknown)
    }

    /// What it is called in its resource.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// Whether it will have a value that nobody knows yet, or that is kept secret. A member that its block does not give is
    /// not unknown but unset; blocks that an expression makes (`dynamic`) do not tell which members they give.
    pub(super) fn is_unknown(&self) -> bool {
        if self.text_as_it_is() == Some(SENSITIVE) {
            return true;
        }
        let marked = self.unknown.is_some_and(|unknown| *unknown == Value::Bool(true));
        marked && self.value.is_none_or(Value::is_null) && self.may_be_given()
    }

    fn may_be_given(&self) -> bool {
        let Some(configured) = &self.resource.configured else { return true };
        let given = |path: &str| configured.iter().any(|found| found == path);
        match self.path.rsplit_once('.') {
            None => given(&self.path),
            Some((block, _)) => given(&self.path) || !given(block),
        }
    }

    /// Whether it or anything in it will have a value that nobody knows yet.
    pub(super) fn has_unknown(&self) -> bool {
        self.is_unknown() || self.unknown.is_some_and(has_mark)
    }

    fn text_as_it_is(&self) -> Option<&'a str> {
        self.value.and_then(Value::as_str)
    }

    /// It as a text, if it is one and known.
    pub(super) fn text(&self) -> Option<&'a str> {
        self.text_as_it_is().filter(|text| *text != SENSITIVE)
    }

    /// It as yes or no. Providers write some of them as texts.
    pub(super) fn flag(&self) -> Option<bool> {
        match self.value? {
            Value::Bool(flag) => Some(*flag),
            Value::String(text) => match text.as_str() {
                "true" | "enable" | "enabled" => Some(true),
                "false" | "disable" | "disabled" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    /// It as a whole number.
    pub(super) fn number(&self) -> Option<u64> {
        let value = self.value?;
        value.as_u64().or_else(|| value.as_str().and_then(|text| text.parse().ok()))
    }

    /// Its elements as texts; none in the place of one that nobody knows.
    pub(super) fn texts(&self) -> Vec<Option<&'a str>> {
        match self.value {
            Some(Value::Array(list)) => {
                list.iter().map(|value| value.as_str().filter(|text| *text != SENSITIVE)).collect()
            }
            Some(Value::String(_)) => vec![self.text()],
            _ => Vec::new(),
        }
    }

    /// What it is, as it stands.
    pub(super) fn value(&self) -> Option<&'a Value> {
        self.value.filter(|value| !value.is_null())
    }
}

fn has_mark(unknown: &Value) -> bool {
    match unknown {
        Value::Bool(marked) => *marked,
        Value::Array(list) => list.iter().any(has_mark),
        Value::Object(members) => members.values().any(has_mark),
        Value::Null | Value::Number(_) | Value::String(_) => false,
    }
}
