//! JSON read as strictly as verifiers must, so that two of them never see two different things in one text: no member
//! twice in any object, no half of a surrogate pair, no nesting beyond a depth, nothing behind the end.

use base::limits::JSON_NUMBER_CHARS_MAX;
use jiter::{Jiter, JiterResult, Peek};
use std::collections::BTreeSet;

/// Checks a whole text. `depth_max` counts the outermost object or array.
pub(crate) fn check(text: &[u8], depth_max: usize) -> Result<(), String> {
    let mut reader = Reader { json: Jiter::new(text), depth: depth_max };
    let first = reader.json.peek().map_err(|_| NOT_JSON.to_owned())?;
    reader.value(first)?;
    reader.json.finish().map_err(|_| NOT_JSON.to_owned())
}

const NOT_JSON: &str = "it is not JSON";

struct Reader<'j> {
    json: Jiter<'j>,
    depth: usize,
}

impl Reader<'_> {
    fn value(&mut self, peek: Peek) -> Result<(), String> {
        match peek {
            Peek::Object => self.nested(Self::object),
            Peek::Array => self.nested(Self::array),
            Peek::String => plain(self.json.known_str()),
            Peek::Null | Peek::True | Peek::False => plain(self.json.known_skip(peek)),
            number => {
                let start = self.json.current_index();
                plain(self.json.known_skip(number))?;
                let chars = self.json.current_index().saturating_sub(start);
                if chars <= JSON_NUMBER_CHARS_MAX { Ok(()) } else { Err("a number is too long".to_owned()) }
            }
        }
    }

    fn nested(&mut self, inside: fn(&mut Self) -> Result<(), String>) -> Result<(), String> {
        self.depth = self.depth.checked_sub(1).ok_or("it is nested too deep")?;
        inside(self)?;
        self.depth = self.depth.saturating_add(1);
        Ok(())
    }

    fn object(&mut self) -> Result<(), String> {
        let mut names = BTreeSet::new();
        let mut name = owned(self.json.known_object())?;
        while let Some(found) = name {
            if !names.insert(found) {
                return Err("a member stands twice in one object".to_owned());
            }
            let peek = self.json.peek().map_err(|_| NOT_JSON.to_owned())?;
            self.value(peek)?;
            name = owned(self.json.next_key())?;
        }
        Ok(())
    }

    fn array(&mut self) -> Result<(), String> {
        let mut item = self.json.known_array().map_err(|_| NOT_JSON.to_owned())?;
        while let Some(peek) = item {
            self.value(peek)?;
            item = self.json.array_step().map_err(|_| NOT_JSON.to_owned())?;
        }
        Ok(())
    }
}

fn plain<T>(read: JiterResult<T>) -> Result<(), String> {
    read.map(|_| ()).map_err(|_| NOT_JSON.to_owned())
}

fn owned(read: JiterResult<Option<&str>>) -> Result<Option<String>, String> {
    read.map(|name| name.map(str::to_owned)).map_err(|_| NOT_JSON.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_json_passes() {
        for text in ["{}", r#"{"a":[1,2.50,-0.1e400,null,true,"x\ud83d\ude00"],"b":{"a":1}}"#, " [ ] "] {
            assert_eq!(check(text.as_bytes(), 3), Ok(()), "{text}");
        }
    }

    #[test]
    fn what_two_readers_could_see_differently_is_refused() {
        for text in [
            "",
            "{",
            "{}x",
            "[1,]",
            "[01]",
            "[NaN]",
            r#"{"a":1,"a":1}"#,
            r#"{"x":{"a":1,"\u0061":1}}"#,
            r#"["\ud800"]"#,
            "[[[[]]]]",
            "[\"\u{1}\"]",
        ] {
            assert!(check(text.as_bytes(), 3).is_err(), "{text}");
        }
    }
}
