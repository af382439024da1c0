//! Stored JSON read only as far as a plan needs it.

use super::plan::Needs;
use crate::json::{self, Node};
use jiter::{Jiter, JiterError, Peek};

/// Why reading ended.
pub(super) enum Fault {
    Json(JiterError),
    Value(base::Problem),
}

impl From<JiterError> for Fault {
    fn from(error: JiterError) -> Self {
        Self::Json(error)
    }
}

/// The value that begins with `peek`, without the members that are not needed. Nesting goes no deeper than the needs.
pub(super) fn value(reader: &mut Jiter<'_>, peek: Peek, needs: &Needs) -> Result<Node, Fault> {
    match peek {
        Peek::Object if !needs.whole => object(reader, needs),
        Peek::Array if !needs.whole => {
            let mut items = Vec::new();
            let mut next = reader.known_array()?;
            while let Some(peek) = next {
                items.push(value(reader, peek, needs)?);
                next = reader.array_step()?;
            }
            Ok(Node::Array(items))
        }
        _ => {
            let start = reader.current_index();
            reader.known_skip(peek)?;
            json::parse(reader.slice_to_current(start)).map_err(Fault::Value)
        }
    }
}

fn object(reader: &mut Jiter<'_>, needs: &Needs) -> Result<Node, Fault> {
    let name = reader.known_object()?.map(|name| needs.member(name));
    members(reader, needs, name)
}

/// The members that are left of an object whose first ones were read already.
pub(super) fn rest_of_object(reader: &mut Jiter<'_>, needs: &Needs) -> Result<Node, Fault> {
    let name = reader.next_key()?.map(|name| needs.member(name));
    members(reader, needs, name)
}

/// The members of an object from the one whose name was read: inside, what is needed of it.
fn members<'n>(
    reader: &mut Jiter<'_>,
    needs: &'n Needs,
    mut name: Option<Option<(&'n str, &'n Needs)>>,
) -> Result<Node, Fault> {
    let mut members = Vec::new();
    while let Some(needed) = name {
        match needed {
            Some((name, needs)) => {
                let peek = reader.peek()?;
                members.push((name.to_owned(), value(reader, peek, needs)?));
            }
            None => reader.next_skip()?,
        }
        name = reader.next_key()?.map(|name| needs.member(name));
    }
    Ok(Node::Object(members))
}
