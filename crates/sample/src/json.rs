//! JSON as it is written: members in the order given, decimals with exactly the digits given.
//!
//! `serde_json::Value` would sort members and turn `36.50` into `36.5`; a laboratory value must keep its digits.

use std::borrow::Cow;
use std::fmt::Write as _;

/// A JSON value.
#[derive(Clone, Debug)]
pub(crate) enum Json {
    Text(Cow<'static, str>),
    Number(Decimal),
    Flag(bool),
    List(Vec<Json>),
    Object(Vec<(&'static str, Json)>),
}

/// A decimal: `units` times ten to the power of minus `places`, written with all its places (`50`, 1 is `5.0`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Decimal {
    pub(crate) units: i64,
    pub(crate) places: u32,
}

impl Decimal {
    pub(crate) const fn new(units: i64, places: u32) -> Self {
        Self { units, places }
    }

    pub(crate) const fn whole(units: i64) -> Self {
        Self::new(units, 0)
    }

    /// This decimal `factor` times, without a fraction that is zero (1.5 twice is 3).
    pub(crate) fn times(self, factor: i64) -> Self {
        let mut product = Self::new(self.units.saturating_mul(factor), self.places);
        while product.places > 0 && product.units % 10 == 0 {
            product = Self::new(product.units / 10, product.places - 1);
        }
        product
    }

    fn write(self, out: &mut String) {
        let scale = 10_i64.pow(self.places);
        let (whole, fraction) = (self.units / scale, (self.units % scale).abs());
        let sign = if self.units < 0 && whole == 0 { "-" } else { "" };
        let width = usize::try_from(self.places).unwrap_or(0);
        // Writing to a `String` cannot fail.
        let written =
            if width == 0 { write!(out, "{whole}") } else { write!(out, "{sign}{whole}.{fraction:0width$}") };
        debug_assert!(written.is_ok(), "a string takes every text");
    }

    /// The decimal as text.
    pub(crate) fn text(self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }
}

impl Json {
    /// Adds a member to an object.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<Json>) -> Self {
        if let Self::Object(members) = &mut self {
            members.push((name, value.into()));
        }
        self
    }

    /// Adds a member to an object when there is a value for it.
    pub(crate) fn maybe(self, name: &'static str, value: Option<impl Into<Json>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// The value as compact JSON text, appended to `out`.
    pub(crate) fn write(&self, out: &mut String) {
        match self {
            Self::Text(text) => write_text(text, out),
            Self::Number(number) => number.write(out),
            Self::Flag(flag) => out.push_str(if *flag { "true" } else { "false" }),
            Self::List(items) => {
                out.push('[');
                for (place, item) in items.iter().enumerate() {
                    if place > 0 {
                        out.push(',');
                    }
                    item.write(out);
                }
                out.push(']');
            }
            Self::Object(members) => write_object(members, out),
        }
    }
}

fn write_object(members: &[(&'static str, Json)], out: &mut String) {
    out.push('{');
    for (place, (name, value)) in members.iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        write_text(name, out);
        out.push(':');
        value.write(out);
    }
    out.push('}');
}

fn write_text(text: &str, out: &mut String) {
    out.push('"');
    if text.bytes().all(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\') {
        out.push_str(text);
    } else {
        text.chars().for_each(|character| write_character(character, out));
    }
    out.push('"');
}

fn write_character(character: char, out: &mut String) {
    match character {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        control if control < ' ' => {
            let written = write!(out, "\\u{:04x}", u32::from(control));
            debug_assert!(written.is_ok(), "a string takes every text");
        }
        other => out.push(other),
    }
}

impl From<&'static str> for Json {
    fn from(text: &'static str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<Cow<'static, str>> for Json {
    fn from(text: Cow<'static, str>) -> Self {
        Self::Text(text)
    }
}

impl From<Decimal> for Json {
    fn from(number: Decimal) -> Self {
        Self::Number(number)
    }
}

impl From<u32> for Json {
    fn from(number: u32) -> Self {
        Self::Number(Decimal::whole(i64::from(number)))
    }
}

impl From<Vec<Json>> for Json {
    fn from(items: Vec<Json>) -> Self {
        Self::List(items)
    }
}

/// An object literal: `object! { "value": 5, "unit": "mg" }`.
macro_rules! object {
    ($($name:literal : $value:expr),* $(,)?) => {
        $crate::json::Json::Object(vec![$(($name, $crate::json::Json::from($value))),*])
    };
}

/// A list literal.
macro_rules! list {
    ($($value:expr),* $(,)?) => {
        $crate::json::Json::List(vec![$($crate::json::Json::from($value)),*])
    };
}

pub(crate) use {list, object};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_keeps_its_places() {
        let cases = [
            (50, 1, "5.0"),
            (3650, 2, "36.50"),
            (7, 0, "7"),
            (-5, 1, "-0.5"),
            (-25, 1, "-2.5"),
            (5, 3, "0.005"),
        ];
        for (units, places, text) in cases {
            assert_eq!(Decimal::new(units, places).text(), text);
        }
        assert_eq!(Decimal::new(15, 1).times(2).text(), "3");
        assert_eq!(Decimal::new(4, 1).times(9).text(), "3.6");
    }

    #[test]
    fn what_is_written_reads_back() {
        let awkward = "引用\"符\"、円\\記号\n改行\u{1}";
        let mut text = String::new();
        object! { "a": awkward, "b": list![Decimal::new(50, 1), object! {}] }.write(&mut text);
        let read: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read["a"], awkward);
        assert!(text.contains("[5.0,{}]"), "{text}");
    }
}
