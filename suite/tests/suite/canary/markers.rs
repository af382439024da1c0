//! Words that stand nowhere else, and the search for them in every form in which they could be written.

use std::fmt::Write;

/// What a marker stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Something of a patient, or what somebody looked for or said: for the records alone.
    Patient,
    /// A password, token, key or code: for nobody.
    Secret,
}

/// One word.
#[derive(Clone, Debug)]
pub(super) struct Marker {
    kind: Kind,
    /// The word in lower case, in each form.
    forms: Vec<String>,
}

impl Marker {
    fn new(kind: Kind, word: &str) -> Self {
        let percent = |keep: fn(u8) -> bool| {
            word.bytes().fold(String::new(), |mut text, byte| {
                if keep(byte) {
                    text.push(char::from(byte));
                } else {
                    write!(text, "%{byte:02x}").unwrap();
                }
                text
            })
        };
        let escaped = |open: &str, close: &str| {
            word.chars().fold(String::new(), |mut text, char| {
                if char.is_ascii() {
                    text.push(char);
                } else {
                    write!(text, "\\u{open}{:x}{close}", u32::from(char)).unwrap();
                }
                text
            })
        };
        let bytes = word.bytes().map(|byte| byte.to_string()).collect::<Vec<_>>().join(", ");
        let mut forms = vec![
            word.to_owned(),
            percent(|byte| byte.is_ascii_alphanumeric()),
            percent(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)),
            escaped("", ""),
            escaped("{", "}"),
            word.escape_debug().to_string(),
            word.as_bytes().escape_ascii().to_string(),
            bytes,
        ];
        for form in &mut forms {
            *form = form.to_lowercase();
        }
        forms.sort();
        forms.dedup();
        Self { kind, forms }
    }

    /// A line that says where it stands; none when it does not.
    pub(super) fn found(&self, place: &str, text: &str) -> Option<String> {
        let text = text.to_lowercase();
        let (form, at) = self.forms.iter().find_map(|form| Some((form, text.find(form.as_str())?)))?;
        let around: String = text[at..].chars().take(160).collect();
        Some(format!("{:?} `{form}` in {place}: {around}", self.kind))
    }
}

/// All words that were put somewhere.
#[derive(Debug, Default)]
pub(super) struct Markers(Vec<Marker>);

impl Markers {
    /// From now on this word is looked for.
    pub(super) fn add(&mut self, kind: Kind, word: &str) -> String {
        assert!(word.len() >= 6, "`{word}` is too short to be looked for");
        self.0.push(Marker::new(kind, word));
        word.to_owned()
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Marker> {
        self.0.iter()
    }

    pub(super) fn of(&self, kind: Kind) -> impl Iterator<Item = &Marker> {
        self.0.iter().filter(move |marker| marker.kind == kind)
    }
}

#[test]
fn a_word_is_found_in_every_form() {
    let marker = Marker::new(Kind::Patient, "鵜飼 Kai-7");
    for text in [
        "x鵜飼 Kai-7x",
        "%E9%B5%9C%E9%A3%BC%20Kai%2D7",
        "%e9%b5%9c%e9%a3%bc%20kai-7",
        "\\u9d5c\\u98fc Kai-7",
        "\\u{9d5c}\\u{98fc} Kai-7",
        "[233, 181, 156, 233, 163, 188, 32, 75, 97, 105, 45, 55]",
    ] {
        assert!(marker.found("x", text).is_some(), "{text}");
    }
    assert!(marker.found("x", "鵜飼 Kai-8").is_none());
}
