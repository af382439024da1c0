//! Where a path leads in a resource: through blocks and repeated blocks, in its values and in what the plan says of them.

use crate::resource::{Resource, SENSITIVE};
use serde_json::Value;

/// What stands at a place: its value, and of the same shape what is unknown and what is sensitive.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node<'a> {
    pub(crate) value: Option<&'a Value>,
    pub(crate) unknown: Option<&'a Value>,
    pub(crate) sensitive: Option<&'a Value>,
}

/// What a path leads to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Leaf<'a> {
    /// Something that is set, of which parts may still be unknown or sensitive.
    Known(Node<'a>),
    /// Known only after apply.
    Unknown,
    /// The plan hides it.
    Sensitive,
    /// Not set.
    Unset,
    /// The path leads through something that has no parts.
    Odd,
}

impl<'a> Node<'a> {
    /// The resource itself.
    pub(crate) fn of(resource: &'a Resource) -> Self {
        let (value, unknown) = (Some(&resource.values), Some(&resource.unknown));
        Self { value, unknown, sensitive: Some(&resource.sensitive) }
    }

    /// The part of a name.
    fn part(self, name: &str) -> Self {
        let get = |of: Option<&'a Value>| of.and_then(|of| of.get(name));
        // What holds of the whole holds of its parts.
        let flag = |of: Option<&'a Value>| of.filter(|of| of.is_boolean()).or_else(|| get(of));
        Self { value: get(self.value), unknown: flag(self.unknown), sensitive: flag(self.sensitive) }
    }

    /// The elements of a list, as far as values or what is unknown name them.
    pub(crate) fn elements(self) -> impl Iterator<Item = Self> {
        let length = |of: Option<&Value>| of.and_then(Value::as_array).map_or(0, Vec::len);
        let count = length(self.value).max(length(self.unknown));
        let at = |of: Option<&'a Value>, place: usize| match of {
            Some(Value::Array(list)) => list.get(place),
            Some(flag @ Value::Bool(_)) => Some(flag),
            _ => None,
        };
        (0..count).map(move |place| Self {
            value: at(self.value, place),
            unknown: at(self.unknown, place),
            sensitive: at(self.sensitive, place),
        })
    }

    pub(crate) fn is_list(self) -> bool {
        matches!(self.value, Some(Value::Array(_)))
    }

    /// Whether any part of it is unknown.
    pub(crate) fn is_partly_unknown(self) -> bool {
        self.unknown.is_some_and(says_true)
    }

    /// Whether any part of it is hidden.
    pub(crate) fn is_partly_sensitive(self) -> bool {
        self.sensitive.is_some_and(says_true)
    }

    /// What stands here.
    pub(crate) fn leaf(self) -> Leaf<'a> {
        if self.unknown == Some(&Value::Bool(true)) {
            return Leaf::Unknown;
        }
        let Some(value) = self.value.filter(|value| !value.is_null()) else {
            return if self.is_partly_unknown() { Leaf::Unknown } else { Leaf::Unset };
        };
        if self.sensitive == Some(&Value::Bool(true)) || value.as_str() == Some(SENSITIVE) {
            return Leaf::Sensitive;
        }
        let empty = match value {
            Value::String(text) => text.is_empty(),
            Value::Array(list) => list.is_empty(),
            Value::Object(parts) => parts.is_empty(),
            Value::Null | Value::Bool(_) | Value::Number(_) => false,
        };
        match (empty, self.is_partly_unknown()) {
            (false, _) => Leaf::Known(self),
            (true, true) => Leaf::Unknown,
            (true, false) => Leaf::Unset,
        }
    }
}

/// A step of the way that ended early, or the place it leads to.
pub(crate) enum Reached<'a> {
    At(Node<'a>),
    Ended(Leaf<'a>),
}

impl<'a> Reached<'a> {
    pub(crate) fn leaf(&self) -> Leaf<'a> {
        match self {
            Self::At(node) => node.leaf(),
            Self::Ended(leaf) => *leaf,
        }
    }
}

/// All places to which a path leads: several where blocks are repeated.
pub(crate) fn reach<'a>(from: Node<'a>, path: &[String]) -> Vec<Reached<'a>> {
    let mut places = vec![Reached::At(from)];
    for name in path {
        let mut next = Vec::new();
        for place in places {
            match place {
                Reached::At(node) => step(node, name, &mut next),
                ended @ Reached::Ended(_) => next.push(ended),
            }
        }
        places = next;
    }
    places
}

/// The blocks to which a path leads, repeated ones one by one.
pub(crate) fn blocks<'a>(from: Node<'a>, path: &[String]) -> Vec<Reached<'a>> {
    let mut blocks = Vec::new();
    for place in reach(from, path) {
        match place {
            Reached::At(node) if node.is_list() && matches!(node.leaf(), Leaf::Known(_)) => {
                blocks.extend(node.elements().map(Reached::At));
            }
            other => blocks.push(other),
        }
    }
    blocks
}

fn step<'a>(node: Node<'a>, name: &str, into: &mut Vec<Reached<'a>>) {
    match node.leaf() {
        Leaf::Known(node) if node.is_list() => into.extend(node.elements().map(|one| inside(one, name))),
        Leaf::Unknown if node.unknown.is_some_and(Value::is_array) => {
            into.extend(node.elements().map(|one| inside(one, name)));
        }
        _ => into.push(inside(node, name)),
    }
}

/// A part of a block. A list in a list is no form of Terraform, and is not gone into.
fn inside<'a>(node: Node<'a>, name: &str) -> Reached<'a> {
    match node.leaf() {
        Leaf::Known(Node { value: Some(Value::Object(_)), .. }) => Reached::At(node.part(name)),
        Leaf::Known(_) => Reached::Ended(Leaf::Odd),
        // A block may be empty of values while the unknown ones are named.
        Leaf::Unknown if node.unknown.is_some_and(Value::is_object) => Reached::At(node.part(name)),
        other @ (Leaf::Unknown | Leaf::Sensitive | Leaf::Unset | Leaf::Odd) => Reached::Ended(other),
    }
}

/// Whether `true` stands anywhere in a value, looked for without calling itself: the depth of input is not bounded.
fn says_true(value: &Value) -> bool {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value {
            Value::Bool(true) => return true,
            Value::Array(list) => open.extend(list),
            Value::Object(parts) => open.extend(parts.values()),
            Value::Null | Value::Bool(false) | Value::Number(_) | Value::String(_) => {}
        }
    }
    false
}
