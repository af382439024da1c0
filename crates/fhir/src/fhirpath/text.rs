//! Functions of strings (FHIRPath 5.6). Places are counted in characters, from 0.

use super::encode::Spelling;
use super::function::{Function, Text};
use super::item::{Item, Value};
use super::parts::{ON, Sink, Step, go};
use super::run::{Focus, Run, emit, integer, wrong_kind};
use super::tree::Call;
use crate::codes::fhirpath as codes;
use base::Problem;
use regex::{Regex, RegexBuilder};
use std::borrow::Cow;

/// Largest compiled pattern, in bytes.
const PATTERN_BYTES_MAX: usize = 4 * 1024 * 1024;

/// What compiling a pattern counts that is no literal of the expression, in steps.
const PATTERN_STEPS: usize = 20_000;

/// A pattern as FHIRPath means it: `.` is any character at all; for `matchesFull` the whole text.
pub(super) fn pattern(name: &'static str, text: &str, full: bool) -> Result<Regex, Problem> {
    let whole = if full { format!(r"\A(?:{text})\z") } else { text.to_owned() };
    let pattern = RegexBuilder::new(&whole).dot_matches_new_line(true).size_limit(PATTERN_BYTES_MAX).build();
    pattern.map_err(|_| {
        refused(name, ("a regular expression without look-around", "前後の読みを使わない正規表現"))
    })
}

fn refused(name: &'static str, expected: (&'static str, &'static str)) -> Problem {
    Problem::new(&codes::ARGUMENTS)
        .with("name", name)
        .with("expected_en", expected.0)
        .with("expected_ja", expected.1)
}

/// `$1` names a group even where letters follow it.
fn with_groups(with: &str) -> Cow<'_, str> {
    if !with.contains('$') {
        return Cow::Borrowed(with);
    }
    let mut pieces = with.split('$');
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let end = piece.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(piece.len());
        match piece.split_at_checked(end) {
            Some((digits, rest)) if !digits.is_empty() => text.extend(["${", digits, "}", rest]),
            _ => text.extend(["$", piece]),
        }
    }
    Cow::Owned(text)
}

impl<'n> Run<'_, 'n, '_> {
    pub(super) fn text(
        &self,
        function: Text,
        call: &'n Call,
        focus: Focus<'_, 'n>,
        sink: Sink<'_, 'n>,
    ) -> Step {
        if function == Text::Join {
            return self.join(call, focus, sink);
        }
        let Some(item) = self.single_input(call, focus)? else { return ON };
        let text = item.as_str().ok_or_else(|| wrong_kind(call.name, &item))?;
        self.spend(text.len().div_euclid(16))?;
        let found = match function {
            Text::Length => Value::Integer(integer(text.chars().count())),
            Text::Upper => Value::String(Cow::Owned(text.to_uppercase())),
            Text::Lower => Value::String(Cow::Owned(text.to_lowercase())),
            Text::Trim => Value::String(Cow::Owned(text.trim().to_owned())),
            Text::ToChars => {
                for letter in text.chars() {
                    self.spend(1)?;
                    go!(sink(Item::string(letter.to_string())));
                }
                return ON;
            }
            Text::Substring => match self.substring(text, call, focus)? {
                Some(found) => Value::String(Cow::Owned(found.to_owned())),
                None => return ON,
            },
            _ => return self.with_argument(text, call, focus, sink),
        };
        sink(Item::Value(found))
    }

    /// An argument that is one string; nothing when it is empty.
    fn text_argument(
        &self,
        call: &'n Call,
        at: usize,
        focus: Focus<'_, 'n>,
    ) -> Result<Option<String>, Problem> {
        let Some(argument) = call.arguments.get(at) else { return Ok(None) };
        let Some(item) = self.single(argument, focus, call.name)? else { return Ok(None) };
        let text = item.as_str().ok_or_else(|| wrong_kind(call.name, &item))?;
        Ok(Some(text.to_owned()))
    }

    /// Functions whose first argument is a string.
    fn with_argument(&self, text: &str, call: &'n Call, focus: Focus<'_, 'n>, sink: Sink<'_, 'n>) -> Step {
        let Function::Text(function) = call.function else { return ON };
        if let (Some(pattern), Text::Matches | Text::MatchesFull) = (&call.pattern, function) {
            return emit(Some(pattern.is_match(text)), sink);
        }
        let Some(argument) = self.text_argument(call, 0, focus)? else { return ON };
        let place = |at: Option<usize>| -> i32 {
            let before = at.and_then(|at| text.get(..at));
            before.map_or(-1, |before| integer(before.chars().count()))
        };
        let truth = match function {
            Text::StartsWith => text.starts_with(&argument),
            Text::EndsWith => text.ends_with(&argument),
            Text::Contains => text.contains(&argument),
            Text::Matches | Text::MatchesFull => {
                self.spend(PATTERN_STEPS)?;
                pattern(call.name, &argument, function == Text::MatchesFull)?.is_match(text)
            }
            Text::IndexOf => return sink(Item::Value(Value::Integer(place(text.find(&argument))))),
            Text::LastIndexOf => return sink(Item::Value(Value::Integer(place(text.rfind(&argument))))),
            Text::Split => return self.split(text, &argument, sink),
            Text::Replace | Text::ReplaceMatches => {
                let Some(with) = self.text_argument(call, 1, focus)? else { return ON };
                return sink(Item::string(self.replaced(text, &argument, &with, call)?));
            }
            _ => return self.spelled(text, &argument, call, sink),
        };
        emit(Some(truth), sink)
    }

    /// `encode`, `decode`, `escape`, `unescape`.
    fn spelled(&self, text: &str, name: &str, call: &'n Call, sink: Sink<'_, 'n>) -> Step {
        let Function::Text(function) = call.function else { return ON };
        let (spelling, expected) = match function {
            Text::Encode | Text::Decode => {
                let expected = ("`hex`, `base64` or `urlbase64`", "`hex`、`base64`、`urlbase64` のいずれか");
                (Spelling::of_bytes(name), expected)
            }
            _ => (Spelling::of_text(name), ("`html` or `json`", "`html` か `json` ")),
        };
        let spelling = spelling.ok_or_else(|| refused(call.name, expected))?;
        let found = match function {
            Text::Encode | Text::Escape => Some(spelling.write(text)),
            _ => spelling.read(text),
        };
        let Some(found) = found else { return ON };
        self.spend(found.len().div_euclid(16))?;
        sink(Item::string(found))
    }

    fn substring<'t>(
        &self,
        text: &'t str,
        call: &'n Call,
        focus: Focus<'_, 'n>,
    ) -> Result<Option<&'t str>, Problem> {
        let number = |at: usize| -> Result<Option<i32>, Problem> {
            let Some(argument) = call.arguments.get(at) else { return Ok(None) };
            let Some(item) = self.single(argument, focus, call.name)? else { return Ok(None) };
            item.as_integer().map(Some).ok_or_else(|| wrong_kind(call.name, &item))
        };
        let Some(start) = number(0)?.and_then(|start| usize::try_from(start).ok()) else { return Ok(None) };
        let length = number(1)?.map(|length| usize::try_from(length).unwrap_or(0));
        let mut places = text.char_indices().map(|(at, _)| at);
        let Some(begin) = places.nth(start) else { return Ok(None) };
        let rest = text.get(begin..).unwrap_or_default();
        let end = length.and_then(|length| rest.char_indices().nth(length)).map_or(rest.len(), |(at, _)| at);
        Ok(rest.get(..end))
    }

    fn split(&self, text: &str, separator: &str, sink: Sink<'_, 'n>) -> Step {
        if separator.is_empty() {
            return sink(Item::string(text.to_owned()));
        }
        for part in text.split(separator) {
            self.spend(1)?;
            go!(sink(Item::string(part.to_owned())));
        }
        ON
    }

    /// The text with everything that is `wanted`, as it stands or as a pattern, replaced.
    fn replaced(&self, text: &str, wanted: &str, with: &str, call: &'n Call) -> Result<String, Problem> {
        // The result is at most so long; it is counted before it is made.
        self.spend(text.len().saturating_add(1).saturating_mul(with.len()).div_euclid(16))?;
        if call.function == Function::Text(Text::Replace) {
            return Ok(text.replace(wanted, with));
        }
        if wanted.is_empty() {
            return Ok(text.to_owned());
        }
        let with = with_groups(with);
        if let Some(pattern) = &call.pattern {
            return Ok(pattern.replace_all(text, with.as_ref()).into_owned());
        }
        self.spend(PATTERN_STEPS)?;
        Ok(pattern(call.name, wanted, false)?.replace_all(text, with.as_ref()).into_owned())
    }

    fn join(&self, call: &'n Call, focus: Focus<'_, 'n>, sink: Sink<'_, 'n>) -> Step {
        let separator = self.text_argument(call, 0, focus)?.unwrap_or_default();
        let (mut joined, mut first) = (String::new(), true);
        self.visit_input(call, focus, &mut |item| {
            let text = item.as_str().ok_or_else(|| wrong_kind(call.name, &item))?;
            self.spend(text.len().saturating_add(separator.len()).div_euclid(16).saturating_add(1))?;
            if !std::mem::take(&mut first) {
                joined.push_str(&separator);
            }
            joined.push_str(text);
            ON
        })?;
        if first { ON } else { sink(Item::string(joined)) }
    }
}
