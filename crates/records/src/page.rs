//! Pages of searches and histories: how many, where to go on, and the Bundle around the resources.

use crate::codes;
use crate::reply::quoted;
use base::Problem;
use base::limits::{PAGE_ENTRIES_DEFAULT, PAGE_ENTRIES_MAX};

/// Parameters that say how an answer is shown, not what is in it; the edge sees to them.
pub(crate) const SHOWN_ELSEWHERE: [&str; 2] = ["_format", "_pretty"];

/// What part of a result is asked for.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    count: Option<usize>,
    cursor: Option<u64>,
    link: Option<String>,
}

impl Wanted {
    /// Takes a parameter if it is about paging; says whether it was.
    pub(crate) fn take(&mut self, name: &str, value: &str) -> Result<bool, Problem> {
        let twice = || Problem::new(&codes::REPEATED).with("name", name);
        match name {
            "_count" => {
                let count = value.parse::<usize>().ok().filter(|count| *count > 0);
                let count = count.ok_or_else(|| Problem::new(&codes::COUNT).with("value", value))?;
                self.count.replace(count.min(PAGE_ENTRIES_MAX)).map_or(Ok(true), |_| Err(twice()))
            }
            "_cursor" => {
                let cursor = parse_cursor(value).ok_or_else(|| Problem::new(&codes::CURSOR))?;
                self.cursor.replace(cursor).map_or(Ok(true), |_| Err(twice()))
            }
            _ => Ok(false),
        }
    }

    /// The same where the place to go on is a sealed one.
    pub(crate) fn take_link(&mut self, name: &str, value: &str) -> Result<bool, Problem> {
        if name != "_cursor" {
            return self.take(name, value);
        }
        let twice = || Problem::new(&codes::REPEATED).with("name", name);
        self.link.replace(value.to_owned()).map_or(Ok(true), |_| Err(twice()))
    }

    /// The sealed place to go on.
    pub(crate) fn link(&self) -> Option<&str> {
        self.link.as_deref()
    }

    /// Entries on the page, when the caller said so.
    pub(crate) fn asked(&self) -> Option<usize> {
        self.count
    }

    /// Entries on the page.
    pub(crate) fn count(&self) -> usize {
        self.count.unwrap_or(PAGE_ENTRIES_DEFAULT)
    }

    /// Where to go on.
    pub(crate) fn cursor(&self) -> Option<u64> {
        self.cursor
    }
}

/// A cursor is the place of the last entry shown, which never moves; 16 hexadecimal digits in one spelling.
fn parse_cursor(text: &str) -> Option<u64> {
    let place = u64::from_str_radix(text, 16).ok()?;
    (cursor(place) == text && i64::try_from(place).is_ok()).then_some(place)
}

pub(crate) fn cursor(place: u64) -> String {
    format!("{place:016x}")
}

/// A Bundle of one page. `address` is the path below the base, `query` what was asked, `next` where to go on.
pub(crate) struct Page<'a> {
    pub(crate) kind: &'static str,
    pub(crate) address: &'a str,
    pub(crate) query: &'a [(String, String)],
    pub(crate) next: Option<String>,
    /// How many there are in all, where it is known.
    pub(crate) total: Option<u64>,
}

impl Page<'_> {
    /// Writes the Bundle around entries that are JSON objects already.
    pub(crate) fn write(&self, base_url: &str, entries: &[Vec<u8>]) -> Vec<u8> {
        let mut out = format!(r#"{{"resourceType":"Bundle","type":"{}""#, self.kind).into_bytes();
        if let Some(total) = self.total {
            out.extend(format!(r#","total":{total}"#).as_bytes());
        }
        let own = self.url(base_url, None);
        out.extend(format!(r#","link":[{{"relation":"self","url":{}}}"#, quoted(&own)).as_bytes());
        if let Some(next) = &self.next {
            let url = self.url(base_url, Some(next));
            out.extend(format!(r#",{{"relation":"next","url":{}}}"#, quoted(&url)).as_bytes());
        }
        out.push(b']');
        if !entries.is_empty() {
            out.extend(br#","entry":["#);
            out.extend(entries.join(&b','));
            out.push(b']');
        }
        out.push(b'}');
        out
    }

    /// The address of the page, or of the next one.
    pub(crate) fn url(&self, base_url: &str, next: Option<&str>) -> String {
        let mut pairs: Vec<String> = Vec::new();
        for (name, value) in self.query {
            if name != "_cursor" || next.is_none() {
                pairs.push(format!("{}={}", escaped(name), escaped(value)));
            }
        }
        pairs.extend(next.map(|next| format!("_cursor={next}")));
        let mark = if pairs.is_empty() { "" } else { "?" };
        format!("{}{}{mark}{}", base_url, self.address, pairs.join("&"))
    }
}

/// Percent-encoding for a query (RFC 3986, section 3.4): everything but what surely needs none.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:/|,$".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.extend(['%', hex_digit(byte >> 4), hex_digit(byte & 0xF)]);
        }
    }
    out
}

fn hex_digit(value: u8) -> char {
    char::from_digit(value.into(), 16).map_or('0', |digit| digit.to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_has_one_spelling() {
        assert_eq!(parse_cursor(&cursor(77)), Some(77));
        for bad in ["", "4d", "000000000000004D", "+00000000000004d", "ffffffffffffffff", "zz"] {
            assert_eq!(parse_cursor(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_query_is_written_so_that_it_can_be_read_again() {
        assert_eq!(escaped("山 a&b=c|d"), "%E5%B1%B1%20a%26b%3Dc|d");
    }
}
