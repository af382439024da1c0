//! JSON as it was written: members in their order, numbers as text. [`parse()`] is strict, [`Node::write`] compact.

mod parse;
mod write;

use std::fmt;

pub(crate) use parse::has_forbidden_character;
pub use parse::parse;
pub(crate) use write::{write_members, write_string};

/// One JSON value. `Debug` tells the shape only: content may be patient data.
#[derive(Clone, PartialEq, Eq)]
pub enum Node {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, its text exactly as written: `1.10` stays `1.10`.
    Number(String),
    /// A string, escapes resolved.
    String(String),
    /// `[…]`
    Array(Vec<Node>),
    /// `{…}`, members in the order written; no name stands twice.
    Object(Vec<(String, Node)>),
}

impl Node {
    /// The member `name` of an object.
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.as_object()?.iter().find(|(member, _)| member == name).map(|(_, value)| value)
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        if let Self::String(text) = self { Some(text) } else { None }
    }

    /// The text of a number.
    pub fn as_number(&self) -> Option<&str> {
        if let Self::Number(text) = self { Some(text) } else { None }
    }

    /// The items of an array.
    pub fn as_array(&self) -> Option<&[Node]> {
        if let Self::Array(items) = self { Some(items) } else { None }
    }

    /// The members of an object.
    pub fn as_object(&self) -> Option<&[(String, Node)]> {
        if let Self::Object(members) = self { Some(members) } else { None }
    }

    /// What JSON calls this kind of value.
    pub(crate) fn shape(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "boolean",
            Self::Number(_) => "number",
            Self::String(_) => "string",
            Self::Array(_) => "array",
            Self::Object(_) => "object",
        }
    }
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Array(items) => write!(f, "array of {}", items.len()),
            Self::Object(members) => write!(f, "object of {}", members.len()),
            other => f.write_str(other.shape()),
        }
    }
}

#[cfg(test)]
mod tests;
