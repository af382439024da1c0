//! Quantities: a decimal with a unit of UCUM or a calendar word, or with a unit that only equals itself.

use super::unit::Measure;
use rust_decimal::Decimal;
use std::cmp::Ordering;
use std::fmt;

/// A length of time by the calendar (FHIRPath, time-valued quantities).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Calendar {
    Year,
    Month,
    Week,
    Day,
    Hour,
    Minute,
    Second,
    Millisecond,
}

impl Calendar {
    const WORDS: [(&'static str, &'static str, Self, &'static str); 8] = [
        ("year", "years", Self::Year, "a"),
        ("month", "months", Self::Month, "mo"),
        ("week", "weeks", Self::Week, "wk"),
        ("day", "days", Self::Day, "d"),
        ("hour", "hours", Self::Hour, "h"),
        ("minute", "minutes", Self::Minute, "min"),
        ("second", "seconds", Self::Second, "s"),
        ("millisecond", "milliseconds", Self::Millisecond, "ms"),
    ];

    /// Reads `year`, `years` and so on.
    pub(super) fn word(text: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(one, many, ..)| text == *one || text == *many).map(|row| row.2)
    }

    /// Reads the unit of UCUM that is a fixed time: `wk`, `d`, `h`, `min`, `s`, `ms`. Years and months of UCUM are mean
    /// ones, which no calendar has.
    pub(super) fn definite(code: &str) -> Option<Self> {
        let row = Self::WORDS.iter().find(|(.., ucum)| *ucum == code)?;
        (row.2 >= Self::Week).then_some(row.2)
    }

    fn ucum(self) -> &'static str {
        Self::WORDS.iter().find(|row| row.2 == self).map_or("", |row| row.3)
    }
}

/// How the unit is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Ucum,
    Calendar(Calendar),
    /// Of another system, or of none.
    Other,
}

/// A number with a unit.
#[derive(Clone, PartialEq, Eq)]
pub struct Quantity {
    pub(super) value: Decimal,
    pub(super) unit: String,
    pub(super) form: Form,
}

impl Quantity {
    /// A plain number.
    pub(super) fn number(value: Decimal) -> Self {
        Self::ucum(value, "1")
    }

    pub(super) fn ucum(value: Decimal, unit: &str) -> Self {
        // Calendar words are also taken in quotes: no unit of UCUM is called so.
        let form = Calendar::word(unit).map_or(Form::Ucum, Form::Calendar);
        Self { value, unit: unit.to_owned(), form }
    }

    pub(super) fn calendar(value: Decimal, word: &str) -> Option<Self> {
        Some(Self { value, unit: word.to_owned(), form: Form::Calendar(Calendar::word(word)?) })
    }

    /// The number.
    pub fn value(&self) -> Decimal {
        self.value
    }

    /// The unit as written.
    pub fn unit(&self) -> &str {
        &self.unit
    }

    pub(super) fn with_value(&self, value: Decimal) -> Self {
        Self { value, ..self.clone() }
    }

    /// Reads `5`, `5 days`, `5 'mg'` (FHIRPath 5.5, toQuantity).
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim_ascii();
        let signed = text.strip_prefix(['+', '-']).unwrap_or(text);
        let digits =
            signed.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(signed.len());
        let at = text.len().saturating_sub(signed.len()).saturating_add(digits);
        let (number, unit) = text.split_at_checked(at)?;
        let (value, unit) = (super::convert::decimal(number)?, unit.trim_ascii());
        if unit.is_empty() {
            return Some(Self::number(value));
        }
        match unit.strip_prefix('\'').and_then(|unit| unit.strip_suffix('\'')) {
            Some(unit) => (!unit.is_empty() && !unit.contains('\'')).then(|| Self::ucum(value, unit)),
            None => Self::calendar(value, unit),
        }
    }

    /// The unit as UCUM, where it has a fixed size there.
    fn measure(&self, mean_years: bool) -> Option<Measure> {
        match self.form {
            Form::Ucum => Measure::parse(&self.unit),
            Form::Calendar(word) if word >= Calendar::Week || mean_years => Measure::parse(word.ucum()),
            Form::Calendar(_) | Form::Other => None,
        }
    }

    /// True when the units say the same, by their text.
    fn same_unit(&self, other: &Self) -> bool {
        match (self.form, other.form) {
            (Form::Calendar(left), Form::Calendar(right)) => left == right,
            (left, right) => left == right && self.unit == other.unit,
        }
    }

    /// The other one's value in this one's unit.
    pub(super) fn aligned(&self, other: &Self) -> Option<Decimal> {
        if self.same_unit(other) {
            return Some(other.value);
        }
        if let (Form::Calendar(left), Form::Calendar(right)) = (self.form, other.form) {
            return between_words(other.value, right, left);
        }
        other.measure(false)?.convert(other.value, &self.measure(false)?)
    }

    /// The order of two quantities; `None` when their units cannot be compared.
    pub(super) fn order(&self, other: &Self) -> Option<Ordering> {
        self.aligned(other).map(|value| self.value.cmp(&value))
    }

    /// True when both are of one kind.
    pub(super) fn is_comparable(&self, other: &Self) -> bool {
        let measures = || Some(self.measure(true)?.is_comparable(&other.measure(true)?));
        self.same_unit(other) || measures().unwrap_or(false)
    }

    /// Equal to the precision of the less precise one, in the larger unit (FHIRPath 6.1.2).
    pub(super) fn is_equivalent(&self, other: &Self) -> bool {
        if self.same_unit(other) {
            return super::compare::same_rounded(self.value, other.value);
        }
        let (Some(left), Some(right)) = (self.measure(true), other.measure(true)) else { return false };
        let larger = left.convert(Decimal::ONE, &right).is_some_and(|one| one >= Decimal::ONE);
        let values = if larger {
            right.convert(other.value, &left).map(|value| (self.value, value))
        } else {
            left.convert(self.value, &right).map(|value| (value, other.value))
        };
        values.is_some_and(|(left, right)| super::compare::same_rounded(left, right))
    }

    /// The same quantity in another unit.
    pub(super) fn in_unit(&self, unit: &str) -> Option<Self> {
        let wanted = Self::ucum(Decimal::ONE, unit);
        wanted.aligned(self).map(|value| wanted.with_value(value))
    }

    /// The product; its unit is written `a.b`.
    pub(super) fn times(&self, other: &Self) -> Option<Self> {
        let value = self.value.checked_mul(other.value)?;
        let unit = joined(self.code()?, '.', other.code()?);
        Some(Self::ucum(value, &unit))
    }

    /// The quotient; its unit is written `a/b`.
    pub(super) fn divided_by(&self, other: &Self) -> Option<Self> {
        let value = self.value.checked_div(other.value)?;
        let unit = joined(self.code()?, '/', other.code()?);
        let measure = Measure::parse(&unit)?;
        if measure.is_number() {
            return Some(Self::number(measure.convert(value, &Measure::parse("1")?)?));
        }
        Some(Self::ucum(value, &unit))
    }

    fn code(&self) -> Option<&str> {
        match self.form {
            Form::Ucum => Some(&self.unit),
            Form::Calendar(word) if word >= Calendar::Week => Some(word.ucum()),
            Form::Calendar(_) | Form::Other => None,
        }
    }
}

/// Years and months are converted among themselves by 12, weeks and shorter ones by their fixed length.
fn between_words(value: Decimal, from: Calendar, to: Calendar) -> Option<Decimal> {
    match (from, to) {
        (Calendar::Year, Calendar::Month) => value.checked_mul(Decimal::from(12)),
        (Calendar::Month, Calendar::Year) => value.checked_div(Decimal::from(12)),
        (from, to) if from >= Calendar::Week && to >= Calendar::Week => {
            Measure::parse(from.ucum())?.convert(value, &Measure::parse(to.ucum())?)
        }
        _ => None,
    }
}

fn joined(left: &str, sign: char, right: &str) -> String {
    match (left, sign, right) {
        (_, _, "1") => left.to_owned(),
        ("1", '.', _) => right.to_owned(),
        _ if right.contains(['.', '/']) => format!("{left}{sign}({right})"),
        _ => format!("{left}{sign}{right}"),
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.form {
            Form::Calendar(_) => write!(f, "{} {}", self.value, self.unit),
            Form::Ucum | Form::Other => write!(f, "{} '{}'", self.value, self.unit),
        }
    }
}

/// The shape only: a quantity may be patient data.
impl fmt::Debug for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("quantity")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Quantity {
        Quantity::parse(text).unwrap_or_else(|| panic!("{text}"))
    }

    #[test]
    fn quantities_are_read_as_they_are_written() {
        for text in ["5 days", "-5.50 'mg'", "1 '1'"] {
            assert_eq!(read(text).to_string(), text);
        }
        assert_eq!(read("+3").to_string(), "3 '1'");
        for text in ["", "1 wk", "1.a", "mg", "1 'mg", "1 ''", "1. 'mg'", "--1"] {
            assert!(Quantity::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn months_of_the_calendar_are_not_mean_months() {
        assert_eq!(read("1 month").order(&read("1 'mo'")), None);
        assert_eq!(read("12 months").order(&read("1 year")), Some(Ordering::Equal));
        assert_eq!(read("7 days").order(&read("1 'wk'")), Some(Ordering::Equal));
        assert!(read("1 year").is_equivalent(&read("1 'a'")));
    }

    #[test]
    fn products_and_quotients_carry_their_units() {
        assert_eq!(
            read("2 'cm'").times(&read("2 'm'")).unwrap().order(&read("0.04 'm2'")),
            Some(Ordering::Equal)
        );
        assert_eq!(read("1 'm'").divided_by(&read("1 'cm'")).unwrap().to_string(), "100 '1'");
        assert_eq!(read("4 'g'").divided_by(&read("2 'm'")).unwrap().to_string(), "2 'g/m'");
    }
}
