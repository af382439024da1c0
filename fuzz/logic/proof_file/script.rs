//! Edits of a proof file, read from the bytes of an input.
//!
//! An edit takes a byte for member and act, two for a place, one for a length, and for an insertion a byte for its
//! length and its bytes. Every input is a script; what is missing at its end is zero.

use store::ProofFile;

/// Longest text an edit may make, in bytes.
const TEXT_BYTES_MAX: usize = 1 << 17;
/// Members of a proof file; the number after the last one stands for the file as written.
const MEMBERS: [&str; 9] =
    ["format", "facility", "record", "version", "key", "proof", "entry", "salt", "content"];

/// The input, read from its beginning.
pub(crate) struct Script<'a>(&'a [u8]);

impl<'a> Script<'a> {
    pub(crate) fn new(data: &'a [u8]) -> Self {
        Self(data)
    }

    /// The next byte.
    pub(crate) fn byte(&mut self) -> u8 {
        self.take(1).first().copied().unwrap_or(0)
    }

    /// The next edit; `None` at the end.
    pub(crate) fn edit(&mut self) -> Option<Edit<'a>> {
        if self.0.is_empty() {
            return None;
        }
        let head = usize::from(self.byte());
        let place = usize::from(u16::from_be_bytes([self.byte(), self.byte()]));
        let length = usize::from(self.byte());
        let act = match head / (MEMBERS.len() + 1) % 5 {
            0 => Act::Replace(self.text()),
            1 => Act::Flip(1 << (length % 8)),
            2 => Act::Take,
            3 => Act::Repeat,
            _ => Act::Drop,
        };
        Some(Edit { member: head % (MEMBERS.len() + 1), other: length, place, length, act })
    }

    fn text(&mut self) -> &'a [u8] {
        let length = usize::from(self.byte());
        self.take(length)
    }

    fn take(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(count.min(self.0.len()));
        self.0 = rest;
        taken
    }
}

/// One change of one member.
pub(crate) struct Edit<'a> {
    /// Number of the member.
    pub(crate) member: usize,
    /// Number of another genuine file.
    pub(crate) other: usize,
    place: usize,
    length: usize,
    act: Act<'a>,
}

enum Act<'a> {
    /// Puts bytes in place of `length` bytes.
    Replace(&'a [u8]),
    /// Turns bits of one byte.
    Flip(u8),
    /// Takes the member of the other file.
    Take,
    /// Writes `length` bytes once more behind themselves.
    Repeat,
    /// Makes the member null.
    Drop,
}

impl Edit<'_> {
    /// Changes `text`, of which another genuine file has `other`.
    pub(crate) fn apply(&self, text: &mut Option<String>, other: Option<&str>) {
        let mut bytes = text.take().unwrap_or_default().into_bytes();
        let from = self.place % (bytes.len() + 1);
        let until = bytes.len().min(from + self.length);
        match self.act {
            Act::Drop => return,
            Act::Take => {
                *text = other.map(str::to_owned);
                return;
            }
            Act::Replace(inserted) => drop(bytes.splice(from..until, inserted.iter().copied())),
            Act::Flip(bits) => bytes.iter_mut().skip(from).take(1).for_each(|byte| *byte ^= bits),
            Act::Repeat => {
                let piece = bytes[from..until].to_vec();
                drop(bytes.splice(until..until, piece));
            }
        }
        bytes.truncate(TEXT_BYTES_MAX);
        *text = Some(String::from_utf8_lossy(&bytes).into_owned());
    }
}

/// The members of a proof file as texts, in the order of `MEMBERS`.
pub(crate) struct Draft([Option<String>; MEMBERS.len()]);

impl Draft {
    pub(crate) fn of(file: &ProofFile) -> Self {
        let ProofFile { format, facility, record, version, key, proof, entry, salt, content } = file.clone();
        let version = version.to_string();
        let [format, facility, record, version, key, proof, entry] =
            [format, facility, record, version, key, proof, entry].map(Some);
        Self([format, facility, record, version, key, proof, entry, salt, content])
    }

    pub(crate) fn member(&self, number: usize) -> Option<&str> {
        self.0.get(number)?.as_deref()
    }

    /// The member of this number; `None` for the number that stands for the whole.
    pub(crate) fn member_mut(&mut self, number: usize) -> Option<&mut Option<String>> {
        self.0.get_mut(number)
    }

    /// The text of a member; empty when it is null.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.member(number(name)).unwrap_or_default()
    }

    pub(crate) fn set(&mut self, name: &str, text: String) {
        self.0[number(name)] = Some(text);
    }

    /// The file as JSON. A version that is no longer a number is written as text.
    pub(crate) fn written(&self) -> String {
        let members = MEMBERS.iter().zip(&self.0).map(|(name, text)| match text {
            None => format!("\"{name}\":null"),
            Some(text) if *name == "version" && text.parse::<u64>().is_ok() => format!("\"{name}\":{text}"),
            Some(text) => format!("\"{name}\":{}", serde_json::Value::from(text.as_str())),
        });
        format!("{{{}}}", members.collect::<Vec<_>>().join(","))
    }
}

fn number(name: &str) -> usize {
    MEMBERS.iter().position(|known| *known == name).unwrap_or(0)
}
