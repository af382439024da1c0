//! All search rows of one record in one value: what a candidate of a search is held against, and what an update must
//! take out of the index again.
//!
//! The rows in the order of parameter number and value, each as parameter, length of the value (both in LEB128) and
//! the value.

use crate::change::Term;
use crate::codes;
use base::Problem;

/// Bits of a number in one byte.
const BITS: u32 = 7;

/// The rows of one record, encoded.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct TermList(Vec<u8>);

impl TermList {
    /// Encodes rows given by parameter number; sorts them and takes each once.
    pub(crate) fn encode(mut rows: Vec<(i64, Vec<u8>)>) -> Self {
        rows.sort_unstable();
        rows.dedup();
        let bytes = rows.iter().map(|(_, value)| value.len().saturating_add(4)).sum();
        let mut out = Vec::with_capacity(bytes);
        for (param, value) in &rows {
            put(&mut out, u64::try_from(*param).unwrap_or(0));
            put(&mut out, u64::try_from(value.len()).unwrap_or(0));
            out.extend_from_slice(value);
        }
        Self(out)
    }

    /// Takes bytes from the disk; they are read row by row later.
    pub(crate) fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The rows, in order.
    pub(crate) fn rows(&self) -> Rows<'_> {
        Rows(&self.0)
    }
}

/// Numbers the parameters of terms with `number`.
pub(crate) fn numbered(
    terms: Vec<Term>,
    mut number: impl FnMut(&'static str) -> Result<i64, Problem>,
) -> Result<Vec<(i64, Vec<u8>)>, Problem> {
    let mut last: Option<(&'static str, i64)> = None;
    terms
        .into_iter()
        .map(|term| {
            let param = match last {
                Some((name, param)) if std::ptr::eq(name, term.param) => param,
                _ => number(term.param)?,
            };
            last = Some((term.param, param));
            Ok((param, term.value))
        })
        .collect()
}

/// Goes through the rows of a list. An item is an error when the bytes are not a list.
#[derive(Clone)]
pub(crate) struct Rows<'a>(&'a [u8]);

impl<'a> Iterator for Rows<'a> {
    type Item = Result<(i64, &'a [u8]), Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let row = self.row();
        if row.is_none() {
            self.0 = &[];
        }
        Some(row.ok_or_else(|| Problem::new(&codes::VIEW).with("what", "a list of search rows")))
    }
}

impl<'a> Rows<'a> {
    fn row(&mut self) -> Option<(i64, &'a [u8])> {
        let param = i64::try_from(self.take()?).ok()?;
        let length = usize::try_from(self.take()?).ok()?;
        let (value, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some((param, value))
    }

    fn take(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        for place in 0..9 {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            number |= u64::from(byte & 0x7F) << (BITS * place);
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }
}

fn put(out: &mut Vec<u8>, mut number: u64) {
    loop {
        let low = u8::try_from(number & 0x7F).unwrap_or(0);
        number >>= BITS;
        if number == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_sorted_and_once() {
        let rows = vec![(300, b"b".to_vec()), (2, vec![0; 200]), (300, b"b".to_vec()), (300, b"a".to_vec())];
        let list = TermList::encode(rows);
        let back: Vec<(i64, Vec<u8>)> =
            list.rows().map(|row| row.map(|(param, value)| (param, value.to_vec())).unwrap()).collect();
        assert_eq!(back, [(2, vec![0; 200]), (300, b"a".to_vec()), (300, b"b".to_vec())]);
        assert!(TermList::default().rows().next().is_none());
    }

    #[test]
    fn damaged_bytes_are_an_error_and_never_a_panic() {
        for bytes in [vec![0x80], vec![1], vec![1, 5, 0], vec![0xFF; 20]] {
            let list = TermList::from_bytes(bytes);
            assert!(list.rows().next().unwrap().is_err());
            assert!(list.rows().count() <= 2);
        }
    }
}
