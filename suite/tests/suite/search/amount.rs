//! Exact decimal numbers, compared by writing both out to the same number of places.

use std::cmp::Ordering;

/// `digits` divided by ten to the power of `places`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Amount {
    digits: i128,
    places: i32,
}

impl Amount {
    /// Reads a number of JSON.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (amount, power) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = amount.split_once('.').unwrap_or((amount, ""));
        let digits = format!("{whole}{fraction}").parse().ok()?;
        Some(Self { digits, places: i32::try_from(fraction.len()).ok()? - power.parse::<i32>().ok()? })
    }

    /// The same number with at least so many places.
    fn widened(self, places: i32) -> i128 {
        let by = u32::try_from(places - self.places).unwrap();
        self.digits.checked_mul(10_i128.pow(by)).expect("numbers in tests are short")
    }

    /// Lowest and first too high number that this one means by the precision it is written in: half a unit of the last
    /// place to either side. With an exponent R4 counts one place more: `1e2` is 95 to 105.
    pub(crate) fn implied(self, text: &str) -> (Self, Self) {
        let finer = if text.contains(['e', 'E']) { 2 } else { 1 };
        let places = self.places + finer;
        let digits = self.widened(places);
        (Self { digits: digits - 5, places }, Self { digits: digits + 5, places })
    }

    /// Nine and eleven tenths of the number, the lower first.
    pub(crate) fn about(self) -> (Self, Self) {
        let places = self.places + 1;
        let (nine, eleven) = (self.digits * 9, self.digits * 11);
        (Self { digits: nine.min(eleven), places }, Self { digits: nine.max(eleven), places })
    }

    /// The number, so many units of its last place larger.
    pub(crate) fn moved(self, units: i64) -> Self {
        Self { digits: self.digits + i128::from(units), places: self.places }
    }

    /// The number with fewer (or, for less than none, more) places, the rest cut off.
    pub(crate) fn coarser(self, by: u32) -> Self {
        Self { digits: self.digits / 10_i128.pow(by), places: self.places - i32::try_from(by).unwrap() }
    }

    /// The number as it is usually written.
    pub(crate) fn text(self) -> String {
        let Ok(places @ 1..) = usize::try_from(self.places) else {
            return self.widened(self.places.max(0)).to_string();
        };
        let digits = format!("{:0>1$}", self.digits.unsigned_abs(), places + 1);
        let (whole, fraction) = digits.split_at(digits.len() - places);
        format!("{}{whole}.{fraction}", if self.digits < 0 { "-" } else { "" })
    }

    /// The number with an exponent.
    pub(crate) fn scientific(self) -> String {
        format!("{}e{}", self.digits, -self.places)
    }
}

impl PartialEq for Amount {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Amount {}

impl PartialOrd for Amount {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Amount {
    fn cmp(&self, other: &Self) -> Ordering {
        let places = self.places.max(other.places);
        self.widened(places).cmp(&other.widened(places))
    }
}

#[test]
fn amounts_are_read_compared_and_written() {
    let read = |text: &str| Amount::parse(text).unwrap();
    assert!(read("1e2") == read("100.0") && read("-0.5") < read("0") && read("1.25e1") == read("12.5"));
    assert_eq!(read("100").implied("100"), (read("99.5"), read("100.5")));
    assert_eq!(read("1e2").implied("1e2"), (read("95"), read("105")));
    assert_eq!(read("-10").about(), (read("-11"), read("-9")));
    for text in ["-0.05", "12", "1.50", "0"] {
        assert_eq!(read(text).text(), text);
        assert_eq!(read(&read(text).scientific()), read(text));
    }
    assert_eq!(read("12.37").coarser(1).text(), "12.3");
    assert_eq!(read("1237").coarser(2).text(), "1200");
}
