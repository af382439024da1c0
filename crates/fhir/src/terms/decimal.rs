//! Decimal numbers as bytes in the order of their values, exact at any length, without floating point.
//!
//! Zero is `80`. A positive number 0.d₁d₂d₃… × 10ᵉ with d₁ ≠ 0 is `81`, e as four bytes with the sign bit turned over,
//! then its digits two by two, each pair plus one, without zeros at the end, then `00`. A negative number is `7f` and then
//! what follows for its amount with every bit turned over. So no number's bytes begin another's.

/// The sign of an exponent, turned over to make larger ones follow smaller ones.
const SIGN_BIT: u32 = 0x8000_0000;

/// A decimal number: `digits` × 10^`exponent`, every digit 0 to 9.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Decimal {
    pub(crate) negative: bool,
    pub(crate) digits: Vec<u8>,
    pub(crate) exponent: i64,
}

impl Decimal {
    /// Reads `-12.50e3`: sign, digits, fraction and exponent as in JSON; a plus and leading zeros are no fault.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (amount, power) = match text.split_once(['e', 'E']) {
            Some((amount, power)) => (amount, integer(power)?),
            None => (text, 0),
        };
        let (whole, fraction) = match amount.split_once('.') {
            Some((_, "")) => return None,
            Some(parts) => parts,
            None => (amount, ""),
        };
        let digit = |byte: u8| byte.is_ascii_digit().then(|| byte.saturating_sub(b'0'));
        let digits: Option<Vec<u8>> = whole.bytes().chain(fraction.bytes()).map(digit).collect();
        let places = i64::try_from(fraction.len()).ok()?;
        let digits = digits.filter(|_| !whole.is_empty())?;
        Some(Self { negative, digits, exponent: power.saturating_sub(places) })
    }

    /// The number's bytes, put behind `out`.
    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        let leading = self.digits.iter().take_while(|digit| **digit == 0).count();
        let digits = self.digits.get(leading..).unwrap_or_default();
        let trailing = digits.iter().rev().take_while(|digit| **digit == 0).count();
        let significant = digits.get(..digits.len().saturating_sub(trailing)).unwrap_or_default();
        if significant.is_empty() {
            out.push(0x80);
            return;
        }
        let turn = if self.negative { 0xFF } else { 0 };
        out.push(if self.negative { 0x7F } else { 0x81 });
        let exponent = self.exponent.saturating_add(i64::try_from(digits.len()).unwrap_or(i64::MAX));
        let exponent = i32::try_from(exponent).unwrap_or(if exponent < 0 { i32::MIN } else { i32::MAX });
        let exponent = exponent.cast_unsigned() ^ SIGN_BIT;
        out.extend(exponent.to_be_bytes().map(|byte| byte ^ turn));
        let pair = |pair: &[u8]| match pair {
            [tens, ones] => tens.saturating_mul(10).saturating_add(*ones),
            [tens] => tens.saturating_mul(10),
            _ => 0,
        };
        out.extend(significant.chunks(2).map(|digits| pair(digits).saturating_add(1) ^ turn));
        out.push(turn);
    }

    /// The number's bytes alone.
    pub(crate) fn encoded(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(8);
        self.encode(&mut out);
        out
    }
}

/// Cuts the bytes of one number off the beginning.
pub(crate) fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = match bytes.first()? {
        0x80 => 1,
        0x81 => number_end(bytes, 0)?,
        0x7F => number_end(bytes, 0xFF)?,
        _ => return None,
    };
    bytes.split_at_checked(end)
}

/// Where the number ends whose digits are closed by `last`.
fn number_end(bytes: &[u8], last: u8) -> Option<usize> {
    let digits = bytes.get(5..)?.iter().position(|byte| *byte == last)?;
    digits.checked_add(6)
}

/// A whole number with sign; too large ones are as large as can be.
fn integer(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let negative = text.starts_with('-');
    Some(text.strip_prefix('+').unwrap_or(text).parse().unwrap_or(if negative { i64::MIN } else { i64::MAX }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(text: &str) -> Vec<u8> {
        Decimal::parse(text).unwrap_or_else(|| panic!("{text}")).encoded()
    }

    /// Compared naively: the amounts written out with the same number of places before and behind the point.
    fn written_out(text: &str) -> (bool, String) {
        let negative = text.starts_with('-');
        let text = text.trim_start_matches(['-', '+']);
        let (amount, power) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = amount.split_once('.').unwrap_or((amount, ""));
        let point = 40 + i64::try_from(whole.len()).unwrap() + power.parse::<i64>().unwrap();
        let mut out = vec![b'0'; 120];
        for (at, digit) in whole.bytes().chain(fraction.bytes()).enumerate() {
            let place = 80 - point + i64::try_from(at).unwrap();
            out[usize::try_from(place).unwrap()] = digit;
        }
        (negative, String::from_utf8(out).unwrap())
    }

    #[test]
    fn bytes_are_in_the_order_of_the_numbers() {
        let numbers = [
            "0",
            "-0",
            "0.00",
            "1",
            "-1",
            "1.0",
            "10",
            "100",
            "1e2",
            "1E+2",
            "99.5",
            "100.5",
            "0.1",
            "0.01",
            "0.10",
            "12",
            "120",
            "1.2",
            "-1.2",
            "-12",
            "-0.1",
            "-0.01",
            "5.4",
            "5.40",
            "5.41",
            "123456789.123456789",
            "123456789.12345679",
            "1e-7",
            "-1e-7",
            "9",
            "11",
            "101",
            "1001",
            "99",
            "999",
            "0.99",
            "0.999",
            "1e10",
            "1.5e10",
            "-99.5",
            "-100",
            "007",
        ];
        for left in numbers {
            for right in numbers {
                let ((left_minus, left_text), (right_minus, right_text)) =
                    (written_out(left), written_out(right));
                let zero = |text: &str| text.bytes().all(|byte| byte == b'0');
                let expected = match (left_minus && !zero(&left_text), right_minus && !zero(&right_text)) {
                    (false, false) => left_text.cmp(&right_text),
                    (true, true) => right_text.cmp(&left_text),
                    (true, false) => std::cmp::Ordering::Less,
                    (false, true) => std::cmp::Ordering::Greater,
                };
                assert_eq!(bytes(left).cmp(&bytes(right)), expected, "{left} {right}");
            }
        }
    }

    #[test]
    fn a_number_is_cut_off_whole() {
        for text in
            ["0", "1", "-1", "100.5", "-0.0012", "99", "-99", "1e300", "123456789012345678901234567890"]
        {
            let number = bytes(text);
            let both = [number.as_slice(), b"\x00\xFFrest"].concat();
            assert_eq!(split(&both), Some((number.as_slice(), b"\x00\xFFrest".as_slice())), "{text}");
        }
        assert_eq!(split(b""), None);
        assert_eq!(split(b"\x81\x00"), None);
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["", "-", ".", "1.", ".5", "e1", "1e", "1e+", "1x", "１", "1e1.5", "--1", "NaN"] {
            assert!(Decimal::parse(text).is_none(), "{text}");
        }
        assert!(Decimal::parse("1e99999999999999999999").is_some_and(|huge| bytes("1e9") < huge.encoded()));
    }
}
