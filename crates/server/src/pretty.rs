//! JSON with line breaks for people (`_pretty=true`). Only white space between tokens changes: every number and every
//! string keeps its bytes.

/// Lays out compact JSON with two spaces a level.
pub(crate) fn pretty(json: &[u8]) -> Vec<u8> {
    let mut layout =
        Layout { out: Vec::with_capacity(json.len().saturating_mul(2)), depth: 0, text: Text::Outside };
    let mut bytes = json.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        let closes_at_once = matches!((byte, bytes.peek()), (b'{', Some(b'}')) | (b'[', Some(b']')));
        layout.put(byte, closes_at_once);
        if closes_at_once {
            layout.out.extend(bytes.next());
        }
    }
    layout.out.push(b'\n');
    layout.out
}

/// Where in the text of a string the writer is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Text {
    Outside,
    Inside,
    Escaped,
}

struct Layout {
    out: Vec<u8>,
    depth: usize,
    text: Text,
}

impl Layout {
    fn put(&mut self, byte: u8, closes_at_once: bool) {
        if self.text != Text::Outside {
            self.out.push(byte);
            self.text = match (self.text, byte) {
                (Text::Inside, b'"') => Text::Outside,
                (Text::Inside, b'\\') => Text::Escaped,
                _ => Text::Inside,
            };
            return;
        }
        match byte {
            b'{' | b'[' => {
                self.out.push(byte);
                if !closes_at_once {
                    self.depth = self.depth.saturating_add(1);
                    self.line();
                }
            }
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                self.line();
                self.out.push(byte);
            }
            b',' => {
                self.out.push(byte);
                self.line();
            }
            b':' => self.out.extend_from_slice(b": "),
            b' ' | b'\t' | b'\n' | b'\r' => {}
            _ => {
                self.out.push(byte);
                self.text = if byte == b'"' { Text::Inside } else { Text::Outside };
            }
        }
    }

    fn line(&mut self) {
        self.out.push(b'\n');
        self.out.extend(std::iter::repeat_n(b' ', self.depth.saturating_mul(2)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_strings_keep_their_bytes() {
        let json = br#"{"a":[1.10,{},[]],"b\"{,:":"x , y: [\\","c":{"d":null}}"#;
        let expected = "{\n  \"a\": [\n    1.10,\n    {},\n    []\n  ],\n  \"b\\\"{,:\": \"x , y: [\\\\\",\n  \"c\": {\n    \"d\": null\n  }\n}\n";
        assert_eq!(String::from_utf8(pretty(json)).unwrap(), expected);
    }

    #[test]
    fn what_is_laid_out_already_stays_so() {
        let once = pretty(br#"{"a":[1,2]}"#);
        assert_eq!(pretty(once.trim_ascii_end()), once);
    }
}
