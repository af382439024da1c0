//! Units of measure (UCUM): which are of one kind, and by what factor they differ.
//!
//! The units of clinical use stand in a table of our own: the published libraries bring the whole of UCUM with a parser
//! generator or a regular expression engine of their own, for a comparison that a few dozen rows decide. A unit that is
//! not in the table is comparable with itself only, never wrongly converted. Temperatures and logarithmic units are
//! kept as kinds of their own, for no factor turns one into another.

use rust_decimal::Decimal;
use std::str::FromStr;

/// Longest unit that is looked into, in bytes.
const UNIT_BYTES_MAX: usize = 100;
/// Deepest brackets in a unit.
const DEPTH_MAX: usize = 8;
/// Highest exponent of one unit.
const EXPONENT_MAX: i32 = 99;

/// A unit in its parts: a number and base units with their exponents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Measure {
    factor: Decimal,
    /// What the factor is divided by, kept apart so that hours and minutes stay exact.
    divisor: Decimal,
    /// Power of ten beside the factor, so that prefixes stay exact.
    tens: i32,
    /// Base units and their exponents, sorted, none zero.
    bases: Vec<(&'static str, i32)>,
}

/// One unit of the table: symbol, whether it takes prefixes, factor, power of ten, and what it is made of.
type Row = (&'static str, bool, &'static str, i32, &'static [(&'static str, i32)]);

const ROWS: &[Row] = &[
    ("m", true, "1", 0, &[("m", 1)]),
    ("s", true, "1", 0, &[("s", 1)]),
    ("g", true, "1", 0, &[("g", 1)]),
    ("rad", true, "1", 0, &[("rad", 1)]),
    ("K", true, "1", 0, &[("K", 1)]),
    ("C", true, "1", 0, &[("C", 1)]),
    ("cd", true, "1", 0, &[("cd", 1)]),
    ("mol", true, "1", 0, &[("mol", 1)]),
    ("eq", true, "1", 0, &[("eq", 1)]),
    ("osm", true, "1", 0, &[("osm", 1)]),
    ("Cel", true, "1", 0, &[("Cel", 1)]),
    ("[degF]", false, "1", 0, &[("[degF]", 1)]),
    ("[pH]", false, "1", 0, &[("[pH]", 1)]),
    ("B", true, "1", 0, &[("B", 1)]),
    ("[iU]", true, "1", 0, &[("[iU]", 1)]),
    ("[IU]", true, "1", 0, &[("[iU]", 1)]),
    ("[arb'U]", false, "1", 0, &[("[arb'U]", 1)]),
    ("[CFU]", false, "1", 0, &[("[CFU]", 1)]),
    ("[PFU]", false, "1", 0, &[("[PFU]", 1)]),
    ("[drp]", false, "1", 0, &[("[drp]", 1)]),
    ("%", false, "1", -2, &[]),
    ("[ppth]", false, "1", -3, &[]),
    ("[ppm]", false, "1", -6, &[]),
    ("[ppb]", false, "1", -9, &[]),
    ("10*", false, "1", 1, &[]),
    ("10^", false, "1", 1, &[]),
    ("min", false, "60", 0, &[("s", 1)]),
    ("h", false, "3600", 0, &[("s", 1)]),
    ("d", false, "86400", 0, &[("s", 1)]),
    ("wk", false, "604800", 0, &[("s", 1)]),
    ("mo", false, "2629800", 0, &[("s", 1)]),
    ("a", false, "31557600", 0, &[("s", 1)]),
    ("l", true, "1", -3, &[("m", 3)]),
    ("L", true, "1", -3, &[("m", 3)]),
    ("ar", true, "1", 2, &[("m", 2)]),
    ("t", true, "1", 6, &[("g", 1)]),
    ("Hz", true, "1", 0, &[("s", -1)]),
    ("Bq", true, "1", 0, &[("s", -1)]),
    ("N", true, "1", 3, &[("g", 1), ("m", 1), ("s", -2)]),
    ("Pa", true, "1", 3, &[("g", 1), ("m", -1), ("s", -2)]),
    ("bar", true, "1", 8, &[("g", 1), ("m", -1), ("s", -2)]),
    ("atm", false, "101325", 3, &[("g", 1), ("m", -1), ("s", -2)]),
    ("m[Hg]", true, "133.322", 6, &[("g", 1), ("m", -1), ("s", -2)]),
    ("m[H2O]", true, "9.80665", 6, &[("g", 1), ("m", -1), ("s", -2)]),
    ("J", true, "1", 3, &[("g", 1), ("m", 2), ("s", -2)]),
    ("cal", true, "4.184", 3, &[("g", 1), ("m", 2), ("s", -2)]),
    ("[Cal]", false, "4.184", 6, &[("g", 1), ("m", 2), ("s", -2)]),
    ("W", true, "1", 3, &[("g", 1), ("m", 2), ("s", -3)]),
    ("A", true, "1", 0, &[("C", 1), ("s", -1)]),
    ("V", true, "1", 3, &[("C", -1), ("g", 1), ("m", 2), ("s", -2)]),
    ("Ohm", true, "1", 3, &[("C", -2), ("g", 1), ("m", 2), ("s", -1)]),
    ("S", true, "1", -3, &[("C", 2), ("g", -1), ("m", -2), ("s", 1)]),
    ("F", true, "1", -3, &[("C", 2), ("g", -1), ("m", -2), ("s", 2)]),
    ("T", true, "1", 3, &[("C", -1), ("g", 1), ("s", -1)]),
    ("lm", true, "1", 0, &[("cd", 1), ("rad", 2)]),
    ("lx", true, "1", 0, &[("cd", 1), ("m", -2), ("rad", 2)]),
    ("Gy", true, "1", 0, &[("m", 2), ("s", -2)]),
    ("Sv", true, "1", 0, &[("m", 2), ("s", -2)]),
    ("Ci", true, "3.7", 10, &[("s", -1)]),
    ("kat", true, "1", 0, &[("mol", 1), ("s", -1)]),
    // Exact in the definition: one micromole a minute.
    ("U", true, "1", -6, &[("min", -1), ("mol", 1)]),
    ("[in_i]", false, "2.54", -2, &[("m", 1)]),
    ("[ft_i]", false, "30.48", -2, &[("m", 1)]),
    ("[yd_i]", false, "91.44", -2, &[("m", 1)]),
    ("[mi_i]", false, "1609.344", 0, &[("m", 1)]),
    ("[lb_av]", false, "453.59237", 0, &[("g", 1)]),
    ("[oz_av]", false, "28.349523125", 0, &[("g", 1)]),
    ("[gr]", false, "64.79891", -3, &[("g", 1)]),
    ("[gal_us]", false, "3.785411784", -3, &[("m", 3)]),
    ("[qt_us]", false, "0.946352946", -3, &[("m", 3)]),
    ("[pt_us]", false, "0.473176473", -3, &[("m", 3)]),
    ("[cup_us]", false, "0.2365882365", -3, &[("m", 3)]),
    ("[foz_us]", false, "29.5735295625", -6, &[("m", 3)]),
    ("[tbs_us]", false, "14.78676478125", -6, &[("m", 3)]),
    ("[tsp_us]", false, "4.92892159375", -6, &[("m", 3)]),
];

const PREFIXES: [(&str, i32); 20] = [
    ("da", 1),
    ("Y", 24),
    ("Z", 21),
    ("E", 18),
    ("P", 15),
    ("T", 12),
    ("G", 9),
    ("M", 6),
    ("k", 3),
    ("h", 2),
    ("d", -1),
    ("c", -2),
    ("m", -3),
    ("u", -6),
    ("n", -9),
    ("p", -12),
    ("f", -15),
    ("a", -18),
    ("z", -21),
    ("y", -24),
];

impl Measure {
    const ONE: Self = Self { factor: Decimal::ONE, divisor: Decimal::ONE, tens: 0, bases: Vec::new() };

    /// Reads a unit such as `mg/dL`, `10*3/uL`, `m2`, `{score}`, `1`; `None` when part of it is not in the table.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if text.is_empty() || text.len() > UNIT_BYTES_MAX {
            return None;
        }
        let mut rest = text;
        let measure = term(&mut rest, 0)?;
        rest.is_empty().then_some(measure)
    }

    /// True when one can be turned into the other.
    pub(super) fn is_comparable(&self, other: &Self) -> bool {
        self.bases == other.bases
    }

    /// True when it is a plain number.
    pub(super) fn is_number(&self) -> bool {
        self.bases.is_empty()
    }

    /// A value in this unit as a value in the other one; `None` when they are of different kinds or beyond reach.
    pub(super) fn convert(&self, value: Decimal, other: &Self) -> Option<Decimal> {
        if !self.is_comparable(other) {
            return None;
        }
        let tens = self.tens.checked_sub(other.tens)?;
        let up = self.factor.checked_mul(other.divisor)?;
        let down = self.divisor.checked_mul(other.factor)?;
        if up == down {
            return shifted(value, tens);
        }
        shifted(value.checked_mul(up)?, tens)?.checked_div(down)
    }

    fn times(mut self, other: &Self, exponent: i32) -> Option<Self> {
        for _ in 0..exponent.unsigned_abs() {
            let (up, down) =
                if exponent > 0 { (other.factor, other.divisor) } else { (other.divisor, other.factor) };
            self.factor = self.factor.checked_mul(up)?;
            self.divisor = self.divisor.checked_mul(down)?;
        }
        self.tens = self.tens.checked_add(other.tens.checked_mul(exponent)?)?;
        for (base, count) in &other.bases {
            self.add(base, count.checked_mul(exponent)?)?;
        }
        Some(self)
    }

    fn add(&mut self, base: &'static str, exponent: i32) -> Option<()> {
        match self.bases.binary_search_by(|(known, _)| (*known).cmp(base)) {
            Err(at) => self.bases.insert(at, (base, exponent)),
            Ok(at) => {
                let (_, count) = self.bases.get_mut(at)?;
                *count = count.checked_add(exponent)?;
                if *count == 0 {
                    self.bases.remove(at);
                }
            }
        }
        Some(())
    }

    fn of(row: &Row, prefix: i32) -> Option<Self> {
        let (_, _, factor, tens, bases) = row;
        let mut measure = Self { factor: Decimal::from_str(factor).ok()?, ..Self::ONE };
        measure.tens = tens.checked_add(prefix)?;
        for (base, exponent) in *bases {
            match ROWS.iter().find(|(symbol, ..)| symbol == base) {
                // A row may be built on another one.
                Some(row) if row.4 != [(*base, 1)] => {
                    measure = measure.times(&Self::of(row, 0)?, *exponent)?;
                }
                _ => measure.add(base, *exponent)?,
            }
        }
        Some(measure)
    }
}

/// A value times a power of ten.
fn shifted(value: Decimal, tens: i32) -> Option<Decimal> {
    let power =
        |exponent: u32| Decimal::from_str(&format!("1{}", "0".repeat(usize::try_from(exponent).ok()?))).ok();
    match tens {
        0 => Some(value),
        1..=28 => value.checked_mul(power(tens.unsigned_abs())?),
        -28..=-1 => value.checked_mul(Decimal::try_new(1, tens.unsigned_abs()).ok()?),
        _ => None,
    }
}

/// Components joined by `.` and `/`.
fn term(rest: &mut &str, depth: usize) -> Option<Measure> {
    if depth > DEPTH_MAX {
        return None;
    }
    let mut measure = Measure::ONE;
    let mut sign = 1;
    if let Some(after) = rest.strip_prefix('/') {
        (sign, *rest) = (-1, after);
    }
    loop {
        let (component, exponent) = component(rest, depth)?;
        measure = measure.times(&component, exponent.checked_mul(sign)?)?;
        if let Some(after) = rest.strip_prefix('.') {
            (sign, *rest) = (1, after);
        } else if let Some(after) = rest.strip_prefix('/') {
            (sign, *rest) = (-1, after);
        } else {
            return Some(measure);
        }
    }
}

/// A bracket, an annotation, a number or a unit, with its exponent.
fn component(rest: &mut &str, depth: usize) -> Option<(Measure, i32)> {
    if let Some(after) = rest.strip_prefix('(') {
        *rest = after;
        let inner = term(rest, depth.saturating_add(1))?;
        *rest = rest.strip_prefix(')')?;
        return Some((inner, 1));
    }
    if annotation(rest)? {
        return Some((Measure::ONE, 1));
    }
    let mut square = false;
    let end = rest.find(|letter| {
        match letter {
            '[' => square = true,
            ']' => square = false,
            _ => {}
        }
        !square && matches!(letter, '.' | '/' | '(' | ')' | '{')
    });
    let (symbol, after) = rest.split_at_checked(end.unwrap_or(rest.len()))?;
    *rest = after;
    let found = unit(symbol)?;
    annotation(rest)?;
    Some(found)
}

/// Skips `{…}`, which says nothing about the kind; true when there was one.
fn annotation(rest: &mut &str) -> Option<bool> {
    let Some(after) = rest.strip_prefix('{') else { return Some(false) };
    *rest = after.split_once('}')?.1;
    Some(true)
}

/// A unit with prefix and exponent: `kg`, `m2`, `10*-3`, or a whole number.
fn unit(symbol: &str) -> Option<(Measure, i32)> {
    if let Some(measure) = simple(symbol) {
        return Some((measure, 1));
    }
    if symbol.bytes().all(|byte| byte.is_ascii_digit()) {
        let factor = Decimal::from_str(symbol).ok().filter(|factor| !factor.is_zero())?;
        return Some((Measure { factor, ..Measure::ONE }, 1));
    }
    let name = symbol.trim_end_matches(|letter: char| letter.is_ascii_digit()).trim_end_matches(['+', '-']);
    let exponent = symbol.get(name.len()..)?.parse::<i32>().ok()?;
    let within = (1..=EXPONENT_MAX).contains(&exponent.abs());
    within.then_some((simple(name)?, exponent))
}

fn simple(symbol: &str) -> Option<Measure> {
    let row = |name: &str| ROWS.iter().find(|(known, ..)| *known == name);
    if let Some(row) = row(symbol) {
        return Measure::of(row, 0);
    }
    PREFIXES.iter().find_map(|(prefix, tens)| {
        let row = row(symbol.strip_prefix(prefix)?).filter(|row| row.1)?;
        Measure::of(row, *tens)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn converted(value: &str, from: &str, to: &str) -> Option<String> {
        let (from, to) = (Measure::parse(from).unwrap(), Measure::parse(to).unwrap());
        from.convert(value.parse().unwrap(), &to).map(|value| value.normalize().to_string())
    }

    #[test]
    fn units_of_one_kind_are_converted_exactly() {
        for (value, from, to, expected) in [
            ("4", "g", "mg", "4000"),
            ("1", "wk", "d", "7"),
            ("1", "[in_i]", "cm", "2.54"),
            ("5.5", "mmol/L", "mol/m3", "5.5"),
            ("120", "mm[Hg]", "kPa", "15.99864"),
            ("250", "10*3/uL", "10*9/L", "250"),
            ("1", "U", "umol/min", "1"),
            ("6", "10*3/(uL.d)", "10*3/uL/d", "6"),
            ("50", "%", "1", "0.5"),
            ("7", "{score}", "1", "7"),
            ("36", "km/h", "m/s", "10"),
        ] {
            assert_eq!(converted(value, from, to).as_deref(), Some(expected), "{value} {from} {to}");
        }
    }

    #[test]
    fn units_of_other_kinds_are_not_converted() {
        for (from, to) in [("g", "m"), ("Cel", "K"), ("[iU]", "U"), ("mol", "g"), ("m", "m2")] {
            assert_eq!(converted("1", from, to), None, "{from} {to}");
        }
    }

    #[test]
    fn what_is_not_in_the_table_is_not_read() {
        let deep = "(".repeat(50);
        for text in
            ["", "[s]", "furlong", "m/", "(m", "{x", "m999", "mm ", "kmin", "0", &deep, &"m.".repeat(60)]
        {
            assert_eq!(Measure::parse(text), None, "{text}");
        }
    }

    #[test]
    fn every_row_reads_itself_and_is_made_of_sorted_bases() {
        for (symbol, _, _, _, bases) in ROWS {
            assert!(Measure::parse(symbol).is_some(), "{symbol}");
            assert!(bases.is_sorted(), "{symbol}");
        }
    }
}
