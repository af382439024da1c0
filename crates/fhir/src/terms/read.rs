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

/// The value that begins with `peek`, without the members that are not needed. Nesting goes no deeper than the needs: an
/// array in an array, which no resource has, is read by the reader that counts its levels.
pub(super) fn value(reader: &mut Jiter<'_>, peek: Peek, needs: &Needs) -> Result<Node, Fault> {
    match peek {
        Peek::Array if !needs.whole => {
            let mut items = Vec::new();
            let mut next = reader.known_array()?;
            while let Some(peek) = next {
                items.push(item(reader, peek, needs)?);
                next = reader.array_step()?;
            }
            Ok(Node::Array(items))
        }
        peek => item(reader, peek, needs),
    }
}

fn item(reader: &mut Jiter<'_>, peek: Peek, needs: &Needs) -> Result<Node, Fault> {
    if peek == Peek::Object && !needs.whole {
        return object(reader, needs);
    }
    let start = reader.current_index();
    reader.known_skip(peek)?;
    json::parse(reader.slice_to_current(start)).map_err(Fault::Value)
}

fn object(reader: &mut Jiter<'_>, needs: &Needs) -> Result<Node, Fault> {
    let mut members = Vec::new();
    let Some(mut wanted) = reader.known_object()?.map(|name| needs.member(name)) else {
        return Ok(Node::Object(members));
    };
    loop {
        member(reader, wanted, &mut members)?;
        match reader.next_key()? {
            Some(name) => wanted = needs.member(name),
            None => return Ok(Node::Object(members)),
        }
    }
}

/// The members that are left of an object whose first ones were read already.
pub(super) fn rest_of_object(reader: &mut Jiter<'_>, needs: &Needs) -> Result<Node, Fault> {
    let mut members = Vec::new();
    while let Some(name) = reader.next_key()? {
        let wanted = needs.member(name);
        member(reader, wanted, &mut members)?;
    }
    Ok(Node::Object(members))
}

/// The value of a member whose name was read, kept if it is wanted.
fn member(
    reader: &mut Jiter<'_>,
    wanted: Option<(&str, &Needs)>,
    members: &mut Vec<(String, Node)>,
) -> Result<(), Fault> {
    if let Some((name, needs)) = wanted {
        let peek = reader.peek()?;
        members.push((name.to_owned(), value(reader, peek, needs)?));
    } else {
        reader.next_skip()?;
    }
    Ok(())
}
