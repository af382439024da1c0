//! Where a page ended, as a value that can be carried away and brought back.

use std::fmt;

/// A place in the order of a search. `Debug` hides it: it may hold a value of a record.
#[derive(Clone, PartialEq, Eq)]
pub struct Cursor(pub(super) Place);

/// The order that is walked, and the last record shown.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// In the order of record numbers.
    Record(i64),
    /// In the order of the rows of one condition: its number, the number of its slot.
    Value { condition: u32, slot: u32, value: Vec<u8>, record: i64 },
    /// In the order asked for: the keys (none: it has no such row), then the record number.
    Sorted { keys: Vec<Option<Vec<u8>>>, record: i64 },
}

impl Cursor {
    /// The cursor in bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        match &self.0 {
            Place::Record(record) => {
                out.push(1);
                out.extend(record.to_be_bytes());
            }
            Place::Value { condition, slot, value, record } => {
                out.push(2);
                out.extend(record.to_be_bytes());
                out.extend(condition.to_be_bytes());
                out.extend(slot.to_be_bytes());
                out.extend(value);
            }
            Place::Sorted { keys, record } => {
                out.push(3);
                out.extend(record.to_be_bytes());
                for key in keys {
                    put_key(&mut out, key.as_deref());
                }
            }
        }
        out
    }

    /// Reads what [`Cursor::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (class, rest) = bytes.split_first()?;
        let (record, rest) = rest.split_first_chunk()?;
        let record = i64::from_be_bytes(*record);
        let place = match class {
            1 if rest.is_empty() => Place::Record(record),
            2 => {
                let (condition, rest) = rest.split_first_chunk()?;
                let (slot, value) = rest.split_first_chunk()?;
                let (condition, slot) = (u32::from_be_bytes(*condition), u32::from_be_bytes(*slot));
                Place::Value { condition, slot, value: value.to_vec(), record }
            }
            3 => Place::Sorted { keys: take_keys(rest)?, record },
            _ => return None,
        };
        Some(Self(place))
    }
}

fn put_key(out: &mut Vec<u8>, key: Option<&[u8]>) {
    let length = key.map_or(u32::MAX, |key| u32::try_from(key.len()).unwrap_or(u32::MAX));
    out.extend(length.to_be_bytes());
    out.extend(key.unwrap_or_default());
}

fn take_keys(mut rest: &[u8]) -> Option<Vec<Option<Vec<u8>>>> {
    let mut keys = Vec::new();
    while !rest.is_empty() {
        let (length, after) = rest.split_first_chunk()?;
        match u32::from_be_bytes(*length) {
            u32::MAX => {
                keys.push(None);
                rest = after;
            }
            length => {
                let (key, after) = after.split_at_checked(usize::try_from(length).ok()?)?;
                keys.push(Some(key.to_vec()));
                rest = after;
            }
        }
    }
    Some(keys)
}

impl fmt::Debug for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cursor")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_from_its_bytes() {
        let places = [
            Place::Record(7),
            Place::Value { condition: 1, slot: 3, value: b"\x01a".to_vec(), record: 9 },
            Place::Sorted { keys: vec![Some(b"x".to_vec()), None, Some(Vec::new())], record: 1 },
        ];
        for place in places {
            let cursor = Cursor(place);
            assert!(Cursor::from_bytes(&cursor.to_bytes()) == Some(cursor));
        }
    }

    #[test]
    fn other_bytes_are_no_cursor() {
        for bytes in [&b""[..], b"\x01", b"\x01aaaaaaaab", b"\x09aaaaaaaa", b"\x03aaaaaaaa\0\0\0\x09x"] {
            assert!(Cursor::from_bytes(bytes).is_none());
        }
    }
}
