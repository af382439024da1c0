//! Exact decimal numbers, compared by their digits.

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

    /// Lowest and first too high number that this one means by the precision it is written in: half a unit of the last
    /// place to either side. With an exponent R4 counts one place more: `1e2` is 95 to 105.
    pub(crate) fn implied(self, text: &str) -> (Self, Self) {
        let finer = if text.contains(['e', 'E']) { 2 } else { 1 };
        let places = self.places + finer;
        let digits = if finer == 2 { self.digits * 100 } else { self.digits * 10 };
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

    /// The number with fewer places, the rest cut off.
    pub(crate) fn coarser(self, by: u32) -> Self {
        Self { digits: self.digits / 10_i128.pow(by), places: self.places - i32::try_from(by).unwrap() }
    }

    /// The number as it is usually written.
    pub(crate) fn text(self) -> String {
        let Ok(places @ 1..) = usize::try_from(self.places) else {
            let zeros = usize::try_from(-self.places).unwrap();
            return if self.digits == 0 {
                "0".to_owned()
            } else {
                format!("{}{}", self.digits, "0".repeat(zeros))
            };
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
        let (sign, digits) = (self.digits.signum(), self.digits.unsigned_abs().to_string());
        let (other_sign, other_digits) = (other.digits.signum(), other.digits.unsigned_abs().to_string());
        if sign != other_sign || sign == 0 {
            return sign.cmp(&other_sign);
        }
        // Digits before the point, then all digits with as many behind them as the other has.
        let before = |digits: &str, places: i32| i32::try_from(digits.len()).unwrap() - places;
        let length = digits.len().max(other_digits.len());
        let size = before(&digits, self.places).cmp(&before(&other_digits, other.places));
        let amounts =
            size.then_with(|| format!("{digits:0<length$}").cmp(&format!("{other_digits:0<length$}")));
        if sign < 0 { amounts.reverse() } else { amounts }
    }
}

#[test]
fn amounts_are_read_compared_and_written() {
    let read = |text: &str| Amount::parse(text).unwrap();
    assert!(read("1e2") == read("100.0") && read("-0.5") < read("0") && read("1.25e1") == read("12.5"));
    assert_eq!(read("100").implied("100"), (read("99.5"), read("100.5")));
    assert_eq!(read("1e2").implied("1e2"), (read("95"), read("105")));
    assert_eq!(read("-10").about(), (read("-11"), read("-9")));
    assert!(read("1e245") > read("9.99e244") && read("-1e245") < read("-1") && read("1e-245") > read("0.0"));
    assert!(read("99") < read("100") && read("0.99") < read("0.991") && read("-3") < read("-2.5"));
    for text in ["-0.05", "12", "1.50", "0"] {
        assert_eq!(read(text).text(), text);
        assert_eq!(read(&read(text).scientific()), read(text));
    }
    assert_eq!(read("12.37").coarser(1).text(), "12.3");
    assert_eq!(read("1237").coarser(2).text(), "1200");
}
