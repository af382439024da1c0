//! XML (1.0, fifth edition) as it is written: elements, attributes and texts, escaped.

/// A document that grows.
#[derive(Debug)]
pub(super) struct Xml(String);

impl Xml {
    /// A document with this root, which is open.
    pub(super) fn begin(root: &str) -> Self {
        let mut xml = Self(String::with_capacity(4_096));
        xml.0.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
        xml.open(root, &[]);
        xml
    }

    /// An element that stays open. Attributes without a value are left out.
    pub(super) fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.start(name, attributes);
        self.0.push('>');
    }

    /// An element without elements inside.
    pub(super) fn leaf(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        self.start(name, attributes);
        if text.is_empty() {
            self.0.push_str("/>");
            return;
        }
        self.0.push('>');
        self.escaped(text);
        self.end(name);
    }

    /// Closes an element.
    pub(super) fn end(&mut self, name: &str) {
        self.0.push_str("</");
        self.0.push_str(name);
        self.0.push('>');
    }

    /// Its length so far, in bytes.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Takes back what was written since it had this length.
    pub(super) fn cut(&mut self, length: usize) {
        self.0.truncate(length);
    }

    /// The text.
    pub(super) fn finish(self) -> String {
        self.0
    }

    fn start(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.0.push('<');
        self.0.push_str(name);
        for (name, value) in attributes.iter().filter(|(_, value)| !value.is_empty()) {
            self.0.push(' ');
            self.0.push_str(name);
            self.0.push_str("=\"");
            self.escaped(value);
            self.0.push('"');
        }
    }

    /// Characters that XML cannot hold become a mark; line ends and tabs would be changed by whoever reads.
    fn escaped(&mut self, text: &str) {
        for one in text.chars() {
            match one {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&apos;"),
                '\u{FFFE}' | '\u{FFFF}' => self.0.push('\u{FFFD}'),
                one if one.is_control() => self.0.push('\u{FFFD}'),
                one => self.0.push(one),
            }
        }
    }
}
