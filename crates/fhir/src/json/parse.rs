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

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &[u8]) -> (&'static str, String) {
        let problem = parse(text).unwrap_err();
        (problem.code().id, problem.place().unwrap_or_default().to_owned())
    }

    fn id(text: &str) -> &'static str {
        refusal(text.as_bytes()).0
    }

    #[test]
    fn a_name_that_stands_twice_is_refused_with_its_path() {
        let text = "{\"resourceType\":\"Patient\",\n \"name\":[{\"text\":\"a\",\n  \"text\":\"b\"}]}";
        let (id, place) = refusal(text.as_bytes());
        assert_eq!((id, place.as_str()), (codes::DUPLICATE.id, "line 3, column 10 (Patient.name[0].text)"));
    }

    #[test]
    fn an_escaped_spelling_of_a_name_is_the_same_name() {
        assert_eq!(id(r#"{"a":1,"\u0061":2}"#), codes::DUPLICATE.id);
    }

    #[test]
    fn a_repeated_name_is_found_among_many() {
        for repeated in [0, 23, 24, 25, 98] {
            let members: Vec<String> = (0..99).map(|n| format!("\"m{n}\":0")).collect();
            let text = format!("{{{},\"m{repeated}\":1}}", members.join(","));
            assert_eq!(id(&text), codes::DUPLICATE.id, "{repeated}");
            assert!(parse(format!("{{{}}}", members.join(",")).as_bytes()).is_ok());
        }
    }

    #[test]
    fn only_the_outermost_resource_type_begins_the_path() {
        let text = br#"{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient","id":tru}}]}"#;
        assert_eq!(refusal(text).1, "line 1, column 81 (Bundle.entry[0].resource.id)");
        assert_eq!(refusal(br#"[{"resourceType":"Patient","id":tru}]"#).1, "line 1, column 36 ([0].id)");
    }

    #[test]
    fn columns_count_characters() {
        assert_eq!(refusal("{\"山田\":x}".as_bytes()).1, "line 1, column 7 (山田)");
    }

    #[test]
    fn bytes_that_are_not_utf8_are_refused() {
        for bytes in [&b"{\"a\":\"\xff\"}"[..], b"\"\xed\xa0\x80\"", b"\"\xc0\x80\"", b"\xfe\xff", b"{}\x80"]
        {
            assert_eq!(refusal(bytes).0, codes::NOT_UTF8.id);
        }
    }

    #[test]
    fn a_byte_order_mark_is_refused() {
        assert_eq!(id("\u{feff}{}"), codes::BYTE_ORDER_MARK.id);
        assert_eq!(id("{\u{feff}}"), codes::SYNTAX.id);
    }

    #[test]
    fn what_is_not_json_is_refused() {
        let bad = [
            "",
            " ",
            "{",
            "[",
            "\"",
            "\"\\",
            "nul",
            "nulls",
            "tru",
            "True",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "[1,]",
            "[,1]",
            "{a:1}",
            "{'a':1}",
            "[1 2]",
            "NaN",
            "-NaN",
            "Infinity",
            "-Infinity",
            "+1",
            "01",
            "-01",
            "1.",
            ".5",
            "1.e3",
            "1e",
            "1e+",
            "-",
            "0x10",
            "1_000",
            "\"\\x41\"",
            "\"\\u12\"",
            "\"\\u12G4\"",
            "// a\n1",
            "/* a */1",
            "{\"a\":1 \"b\":2}",
            "\u{a0}1",
            "\u{b}1",
            "{\"a\":NaN}",
            "[Infinity]",
        ];
        for text in bad {
            assert!([codes::SYNTAX.id, codes::TRAILING.id].contains(&id(text)), "{text} {}", id(text));
        }
    }

    #[test]
    fn what_follows_the_value_is_refused() {
        for text in ["{} {}", "1 x", "{}}", "null,", "\"a\"\0"] {
            assert_eq!(id(text), codes::TRAILING.id, "{text}");
        }
        assert!(parse(b" \t\r\n{} \t\r\n").is_ok());
    }

    #[test]
    fn lone_surrogates_and_control_characters_are_refused() {
        let bad = [
            r#""\ud800""#,
            r#""\udc00""#,
            r#""\ud800\u0041""#,
            r#""\ud800x""#,
            r#""\ud800\ud800""#,
            r#""\u0000""#,
            r#""\u001f""#,
            r#""\b""#,
            r#""\f""#,
            "\"a\nb\"",
            "\"\u{0}\"",
            r#"{"\u0001":1}"#,
        ];
        for text in bad {
            assert_eq!(id(text), codes::CHARACTER.id, "{text}");
        }
        let good = parse(r#""\t\n\r\ud83d\ude00\/""#.as_bytes()).unwrap();
        assert_eq!(good.as_str(), Some("\t\n\r😀/"));
    }

    #[test]
    fn each_limit_holds_exactly() {
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(parse(nested(JSON_DEPTH_MAX).as_bytes()).is_ok());
        assert_eq!(id(&nested(JSON_DEPTH_MAX + 1)), codes::DEPTH.id);
        assert_eq!(id(&"[".repeat(1_000_000)), codes::DEPTH.id);
        assert!(parse("9".repeat(JSON_NUMBER_CHARS_MAX).as_bytes()).is_ok());
        assert_eq!(id(&"9".repeat(JSON_NUMBER_CHARS_MAX + 1)), codes::NUMBER_LENGTH.id);
        let values = |count: usize| format!("[{}]", vec!["1"; count].join(","));
        assert!(parse(values(JSON_VALUES_MAX - 1).as_bytes()).is_ok());
        assert_eq!(id(&values(JSON_VALUES_MAX)), codes::VALUES.id);
    }

    #[test]
    fn depth_is_given_back_when_a_value_closes() {
        let text = format!("[{}]", vec!["[[]]"; 500].join(","));
        assert!(parse(text.as_bytes()).is_ok());
    }

    #[test]
    fn numbers_keep_their_text() {
        for text in ["0", "-0", "0.10", "1E400", "1e-7", "123456789012345678901234567890.50"] {
            assert_eq!(parse(text.as_bytes()).unwrap().as_number(), Some(text));
        }
    }
}
