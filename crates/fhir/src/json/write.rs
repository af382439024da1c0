//! Nodes back to JSON text: no white space, members in their order, only what JSON requires escaped.

use super::Node;

const HEXADECIMAL: [u8; 16] = *b"0123456789abcdef";

impl Node {
    /// Appends the compact JSON of this value, in UTF-8.
    pub fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Null => out.extend_from_slice(b"null"),
            Self::Bool(true) => out.extend_from_slice(b"true"),
            Self::Bool(false) => out.extend_from_slice(b"false"),
            Self::Number(text) => out.extend_from_slice(text.as_bytes()),
            Self::String(text) => write_string(text, out),
            Self::Array(items) => write_array(items, out),
            Self::Object(members) => {
                out.push(b'{');
                write_members(members.iter(), out);
                out.push(b'}');
            }
        }
    }
}

fn write_array(items: &[Node], out: &mut Vec<u8>) {
    out.push(b'[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        item.write(out);
    }
    out.push(b']');
}

/// Appends members without the braces around them.
pub(crate) fn write_members<'n>(members: impl Iterator<Item = &'n (String, Node)>, out: &mut Vec<u8>) {
    for (index, (name, value)) in members.enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write_string(name, out);
        out.push(b':');
        value.write(out);
    }
}

/// Appends `text` as a JSON string.
pub(crate) fn write_string(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    let mut rest = text.as_bytes();
    while let Some(at) = rest.iter().position(|byte| needs_escape(*byte)) {
        let (plain, special) = rest.split_at(at);
        out.extend_from_slice(plain);
        let Some((byte, after)) = special.split_first() else { break };
        write_escaped(*byte, out);
        rest = after;
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}

fn needs_escape(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

fn write_escaped(byte: u8, out: &mut Vec<u8>) {
    match byte {
        b'"' => out.extend_from_slice(b"\\\""),
        b'\\' => out.extend_from_slice(b"\\\\"),
        b'\n' => out.extend_from_slice(b"\\n"),
        b'\r' => out.extend_from_slice(b"\\r"),
        b'\t' => out.extend_from_slice(b"\\t"),
        other => {
            out.extend_from_slice(b"\\u00");
            let digits = [other >> 4, other & 0x0f];
            out.extend(digits.iter().filter_map(|digit| HEXADECIMAL.get(usize::from(*digit))));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    fn written(node: &Node) -> String {
        let mut out = Vec::new();
        node.write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_was_parsed_is_written_with_the_same_numbers_and_order() {
        let text = r#"{"b":1.10,"a":[-0,1E+2,0.00,100000000000000000000000000001],"c":{"é":"\"\\\n\t\r/"},"d":[true,false,null]}"#;
        assert_eq!(written(&parse(text.as_bytes()).unwrap()), text);
    }

    #[test]
    fn control_characters_are_escaped() {
        assert_eq!(written(&Node::String("\u{1}\u{1f}\u{7f}".to_owned())), "\"\\u0001\\u001f\u{7f}\"");
    }
}
