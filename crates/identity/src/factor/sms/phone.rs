//! Telephone numbers in E.164 form. They are personal data: printing shows the country's beginning and two digits.

use crate::factor::code::typed;
use crate::factor::codes::PHONE_WRONG;
use base::Problem;
use std::fmt;

/// A telephone number: `+`, then 8 to 15 digits, the first not 0 (ITU-T E.164, section 6).
#[derive(Clone, PartialEq, Eq)]
pub struct Phone(String);

impl Phone {
    /// Reads a number. Spaces, hyphens, parentheses and full-width characters do not matter; the country code does.
    ///
    /// # Errors
    /// `ID-0211` for anything else, such as a number in its national form.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let plain: Option<String> =
            typed(text).map(|text| text.chars().filter(|char| !matches!(char, '(' | ')')).collect());
        plain.filter(|plain| is_e164(plain)).map(Self).ok_or_else(|| Problem::new(&PHONE_WRONG))
    }

    /// The number in full, for the gateway and the store.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

fn is_e164(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (8..=15).contains(&digits.len())
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && !digits.starts_with('0')
    })
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hidden_until = self.0.len().saturating_sub(2);
        let shown = |(index, char)| if index < 3 || index >= hidden_until { char } else { '*' };
        self.0.chars().enumerate().map(shown).try_for_each(|char| write!(f, "{char}"))
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_with_its_country_is_read_however_it_is_written() {
        for text in ["+819000000000", "+81 90-0000-0000", "＋８１（９０）００００ー００００"]
        {
            assert_eq!(Phone::parse(text).unwrap().reveal(), "+819000000000", "{text}");
        }
    }

    #[test]
    fn other_numbers_are_refused() {
        let long = "+8190000000001234";
        for text in [
            "",
            "+",
            "09000000000",
            "819000000000",
            "+0819000000",
            "+8190000",
            long,
            "+81900000000a",
            "++8190",
        ] {
            assert_eq!(Phone::parse(text).unwrap_err().code().id, "ID-0211", "{text}");
        }
    }

    #[test]
    fn a_number_is_printed_masked() {
        let phone = Phone::parse("+819000001234").unwrap();
        assert_eq!(format!("{phone} {phone:?}"), "+81********34 +81********34");
    }
}
