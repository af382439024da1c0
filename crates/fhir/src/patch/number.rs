//! Numbers of JSON compared by value, whatever their spelling: `1`, `1.0` and `10e-1` are equal.

/// Whether two numbers as written have the same value.
pub(super) fn equal(left: &str, right: &str) -> bool {
    if left == right {
        return true;
    }
    match (Decimal::read(left), Decimal::read(right)) {
        (Some(left), Some(right)) => left == right,
        // An exponent beyond 64 bits: the same spelling or not the same.
        _ => false,
    }
}

/// Digits without zeros at either end, times a power of ten. Zero has no digits, no sign and no exponent.
#[derive(PartialEq, Eq)]
struct Decimal {
    negative: bool,
    digits: String,
    exponent: i64,
}

impl Decimal {
    fn read(text: &str) -> Option<Self> {
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (negative, mantissa) = mantissa.strip_prefix('-').map_or((false, mantissa), |rest| (true, rest));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = [whole, fraction].concat();
        let significant = all.trim_start_matches('0');
        let digits = significant.trim_end_matches('0');
        if digits.is_empty() {
            return Some(Self { negative: false, digits: String::new(), exponent: 0 });
        }
        let zeros = i64::try_from(significant.len().checked_sub(digits.len())?).ok()?;
        let exponent: i64 = exponent.parse().ok()?;
        let exponent = exponent.checked_sub(i64::try_from(fraction.len()).ok()?)?.checked_add(zeros)?;
        Some(Self { negative, digits: digits.to_owned(), exponent })
    }
}

#[cfg(test)]
mod tests {
    use super::equal;

    #[test]
    fn numbers_are_compared_by_value() {
        for (left, right) in [
            ("1", "1.0"),
            ("10e-1", "1"),
            ("-0", "0.00"),
            ("1E+2", "100"),
            ("0.5", "5e-1"),
            ("12300", "1.23e4"),
            ("1e99999999999999999999", "1e99999999999999999999"),
        ] {
            assert!(equal(left, right) && equal(right, left), "{left} {right}");
        }
        for (left, right) in
            [("1", "-1"), ("1", "10"), ("1.01", "1.1"), ("0", "1"), ("1e99999999999999999999", "1")]
        {
            assert!(!equal(left, right) && !equal(right, left), "{left} {right}");
        }
    }
}
