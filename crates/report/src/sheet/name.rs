//! Names of worksheets: valid, and each only once.

use super::plain::line;
use std::collections::BTreeSet;

/// UTF-16 units of a name.
const UNITS_MAX: usize = 31;

/// The names that are taken, in lower case: spreadsheets do not tell `Risk` from `RISK`.
#[derive(Default)]
pub(super) struct Names(BTreeSet<String>);

impl Names {
    /// A name like this one that no other worksheet has.
    pub(super) fn unique(&mut self, wanted: &str) -> String {
        let valid = |one: char| if r"[]:*?/\".contains(one) { '・' } else { one };
        let name: String = line(wanted).chars().map(valid).collect();
        // A name neither begins nor ends with an apostrophe, and one is taken by spreadsheets themselves.
        let name = name.trim().trim_matches('\'').trim();
        let name = if name.is_empty() || name.eq_ignore_ascii_case("history") {
            format!("（{name}）")
        } else {
            name.to_owned()
        };
        let mut number = 1_usize;
        loop {
            let end = if number == 1 { String::new() } else { format!(" ({number})") };
            let made = format!("{}{end}", begin(&name, UNITS_MAX.saturating_sub(end.len())));
            if self.0.insert(made.to_lowercase()) {
                return made;
            }
            number = number.saturating_add(1);
        }
    }
}

/// As much of a name as fits, without an apostrophe at its end.
fn begin(name: &str, units: usize) -> &str {
    let mut end = 0;
    let mut used = 0_usize;
    for (place, one) in name.char_indices() {
        used = used.saturating_add(one.len_utf16());
        if used > units {
            break;
        }
        end = place.saturating_add(one.len_utf8());
    }
    name.get(..end).unwrap_or_default().trim_end().trim_end_matches('\'')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_valid_and_each_stands_once() {
        let mut names = Names::default();
        let wanted: [&str; 11] = [
            "",
            "History",
            "a/b:c",
            "A・B・C",
            "'quoted'",
            "\u{7}",
            &"長".repeat(60),
            &"長".repeat(61),
            &"𠮷".repeat(40),
            "",
            "'",
        ];
        let made: Vec<String> = wanted.iter().map(|one| names.unique(one)).collect();
        for name in &made {
            assert!(rust_xlsxwriter::utility::check_sheet_name(name).is_ok(), "{name}");
            assert!(name.encode_utf16().count() <= 31, "{name}");
        }
        let lower: BTreeSet<String> = made.iter().map(|name| name.to_lowercase()).collect();
        assert_eq!(lower.len(), made.len());
        assert_eq!(made[2], "a・b・c");
        assert_eq!(made[3], "A・B・C (2)");
    }
}
