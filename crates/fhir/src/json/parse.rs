//! Bytes to [`Node`], refusing everything that two readers could read differently.
//!
//! The tokens come from `jiter` (integers and floats are taken as text). On top of it stand here: UTF-8 of the whole
//! input, no byte order mark, no name twice in one object, limits on depth, values and number length, no control
//! characters other than tab and line ends, nothing after the value. A fault carries its byte offset and, built on the
//! way out of the nesting, the path to it; on the good way no path is kept.

use super::Node;
use crate::codes::json as codes;
use base::limits::{JSON_DEPTH_MAX, JSON_NUMBER_CHARS_MAX, JSON_VALUES_MAX};
use base::{Code, Problem};
use jiter::{Jiter, JiterError, JiterErrorType, JsonErrorType, Peek};
use std::collections::HashSet;

/// Objects up to this many members are searched one by one for a repeated name, larger ones by hash.
const MEMBERS_COMPARED_MAX: usize = 24;

/// Reads one JSON value that fills the whole input.
///
/// # Errors
/// One problem, the first in the text. Its place is `line L, column C`, followed by the path in parentheses where the
/// path is known: `line 3, column 7 (Patient.name[0])`. Lines and columns count from 1, columns in characters.
pub fn parse(bytes: &[u8]) -> Result<Node, Problem> {
    if bytes.starts_with(b"\xEF\xBB\xBF") {
        return Err(Problem::new(&codes::BYTE_ORDER_MARK).at("line 1, column 1"));
    }
    if let Err(error) = std::str::from_utf8(bytes) {
        return Err(Fault::new(&codes::NOT_UTF8, error.valid_up_to()).problem(bytes));
    }
    let mut reader = Reader { jiter: Jiter::new(bytes), depth: 0, values: 0 };
    reader.document().map_err(|fault| fault.problem(bytes))
}

/// A refusal on its way out of the nesting.
struct Fault {
    code: &'static Code,
    index: usize,
    name: Option<String>,
    limit: usize,
    /// Steps to the place, innermost first.
    steps: Vec<String>,
    /// Resource type of the outermost object reached on the way out.
    root: Option<String>,
}

impl Fault {
    fn new(code: &'static Code, index: usize) -> Self {
        Self { code, index, name: None, limit: 0, steps: Vec::new(), root: None }
    }

    fn limit(code: &'static Code, index: usize, limit: usize) -> Self {
        Self { limit, ..Self::new(code, index) }
    }

    fn inside(mut self, step: String) -> Self {
        self.steps.push(step);
        self.root = None;
        self
    }

    fn problem(self, bytes: &[u8]) -> Problem {
        let (line, column) = line_and_column(bytes, self.index);
        let steps = self.steps.iter().rev().map(String::as_str);
        let path: String = self.root.iter().map(String::as_str).chain(steps).collect();
        let path = path.strip_prefix('.').unwrap_or(&path);
        let place = format!("line {line}, column {column}");
        let place = if path.is_empty() { place } else { format!("{place} ({path})") };
        let problem = Problem::new(self.code)
            .with("line", line)
            .with("column", column)
            .with("limit", self.limit)
            .at(place);
        match self.name {
            Some(name) => problem.with("name", name),
            None => problem,
        }
    }
}

fn line_and_column(bytes: &[u8], index: usize) -> (usize, usize) {
    let before = bytes.get(..index).unwrap_or(bytes);
    let line = before.split(|byte| *byte == b'\n').count();
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at.saturating_add(1));
    let continues = |byte: &&u8| (**byte & 0xC0) != 0x80;
    let column = before.get(start..).unwrap_or_default().iter().filter(continues).count().saturating_add(1);
    (line, column)
}

struct Reader<'j> {
    jiter: Jiter<'j>,
    depth: usize,
    values: usize,
}

impl Reader<'_> {
    fn document(&mut self) -> Result<Node, Fault> {
        let peek = self.jiter.peek().map_err(syntax)?;
        let node = self.value(peek)?;
        self.jiter.finish().map_err(|error| Fault::new(&codes::TRAILING, error.index))?;
        Ok(node)
    }

    fn value(&mut self, peek: Peek) -> Result<Node, Fault> {
        self.values = self.values.saturating_add(1);
        if self.values > JSON_VALUES_MAX {
            return Err(Fault::limit(&codes::VALUES, self.jiter.current_index(), JSON_VALUES_MAX));
        }
        match peek {
            Peek::Null => self.jiter.known_null().map(|()| Node::Null).map_err(syntax),
            Peek::True | Peek::False => self.jiter.known_bool(peek).map(Node::Bool).map_err(syntax),
            Peek::String => self.string(),
            Peek::Array => self.nested(Self::array),
            Peek::Object => self.nested(Self::object),
            other if other.is_num() => self.number(other),
            _ => Err(Fault::new(&codes::SYNTAX, self.jiter.current_index())),
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Node, Fault>) -> Result<Node, Fault> {
        self.depth = self.depth.saturating_add(1);
        if self.depth > JSON_DEPTH_MAX {
            return Err(Fault::limit(&codes::DEPTH, self.jiter.current_index(), JSON_DEPTH_MAX));
        }
        let node = read(self)?;
        self.depth = self.depth.saturating_sub(1);
        Ok(node)
    }

    fn number(&mut self, peek: Peek) -> Result<Node, Fault> {
        let start = self.jiter.current_index();
        let text = self.jiter.known_number_bytes(peek).map_err(syntax)?;
        if text.len() > JSON_NUMBER_CHARS_MAX {
            return Err(Fault::limit(&codes::NUMBER_LENGTH, start, JSON_NUMBER_CHARS_MAX));
        }
        let text = std::str::from_utf8(text).map_err(|_| Fault::new(&codes::SYNTAX, start))?;
        Ok(Node::Number(text.to_owned()))
    }

    fn string(&mut self) -> Result<Node, Fault> {
        let start = self.jiter.current_index();
        let text = self.jiter.known_str().map_err(syntax)?;
        allowed(text, start).map(|()| Node::String(text.to_owned()))
    }

    fn array(&mut self) -> Result<Node, Fault> {
        let mut items = Vec::new();
        let mut next = self.jiter.known_array().map_err(syntax)?;
        while let Some(peek) = next {
            let item = self.value(peek).map_err(|fault| fault.inside(format!("[{}]", items.len())))?;
            items.push(item);
            next = self.jiter.array_step().map_err(syntax)?;
        }
        Ok(Node::Array(items))
    }

    fn object(&mut self) -> Result<Node, Fault> {
        let mut members = Members::default();
        match self.members(&mut members) {
            Ok(()) => Ok(Node::Object(members.list)),
            Err(fault) => Err(Fault { root: members.kind(), ..fault }),
        }
    }

    fn members(&mut self, members: &mut Members) -> Result<(), Fault> {
        let mut start = self.jiter.current_index();
        let mut next = self.jiter.known_object().map_err(syntax)?.map(str::to_owned);
        while let Some(name) = next {
            allowed(&name, start)?;
            if members.holds(&name) {
                let index = self.jiter.current_index();
                let fault = Fault { name: Some(name.clone()), ..Fault::new(&codes::DUPLICATE, index) };
                return Err(fault.inside(format!(".{name}")));
            }
            let value = self.jiter.peek().map_err(syntax).and_then(|peek| self.value(peek));
            let value = value.map_err(|fault| fault.inside(format!(".{name}")))?;
            members.push(name, value);
            start = self.jiter.current_index();
            next = self.jiter.next_key().map_err(syntax)?.map(str::to_owned);
        }
        Ok(())
    }
}

/// The members of an object so far.
#[derive(Default)]
struct Members {
    list: Vec<(String, Node)>,
    names: HashSet<String>,
}

impl Members {
    fn holds(&self, name: &str) -> bool {
        if self.list.len() <= MEMBERS_COMPARED_MAX {
            self.list.iter().any(|(known, _)| known == name)
        } else {
            self.names.contains(name)
        }
    }

    fn push(&mut self, name: String, value: Node) {
        if self.list.len() == MEMBERS_COMPARED_MAX {
            self.names.extend(self.list.iter().map(|(known, _)| known.clone()));
        }
        if self.list.len() >= MEMBERS_COMPARED_MAX {
            self.names.insert(name.clone());
        }
        self.list.push((name, value));
    }

    /// The resource type, when it was already read.
    fn kind(self) -> Option<String> {
        self.list.into_iter().find(|(name, _)| name == "resourceType").and_then(|(_, value)| match value {
            Node::String(kind) => Some(kind),
            _ => None,
        })
    }
}

/// White space and the value itself come from `jiter`; every one of its refusals is a refusal here.
fn syntax(error: JiterError) -> Fault {
    use JsonErrorType::{
        ControlCharacterWhileParsingString, LoneLeadingSurrogateInHexEscape, UnexpectedEndOfHexEscape,
    };
    let JiterError { error_type, index } = error;
    let code = match error_type {
        JiterErrorType::JsonError(
            ControlCharacterWhileParsingString | LoneLeadingSurrogateInHexEscape | UnexpectedEndOfHexEscape,
        ) => &codes::CHARACTER,
        _ => &codes::SYNTAX,
    };
    Fault::new(code, index)
}

/// Refuses the control characters FHIR forbids in any string (R4, datatypes, `string`), escaped ones too.
fn allowed(text: &str, start: usize) -> Result<(), Fault> {
    if has_forbidden_character(text) { Err(Fault::new(&codes::CHARACTER, start)) } else { Ok(()) }
}

/// True when `text` holds a character below U+0020 other than tab, line feed and carriage return.
pub(crate) fn has_forbidden_character(text: &str) -> bool {
    text.bytes().any(|byte| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r'))
}
