//! A comparison on a terminal.

use super::parts::{Row, head, parts};
use crate::site::table::Detail;
use crate::site::text::{Sheet, fit};
use crate::site::words::choose;
use base::Language;
use site::compare::Change;
use unicode_width::UnicodeWidthStr;

/// Lines of one list on a screen.
const LINES_SHOWN: usize = 5;
/// Columns of the names of numbers, and of the first number.
const COLUMNS: [usize; 2] = [22, 26];

/// What differs between two checks as text for a terminal of 80 columns.
pub fn change_table(change: &Change, language: Language, detail: Detail) -> String {
    let mut sheet = Sheet::default();
    let heads = ["", choose(language, "変更前", "before"), choose(language, "変更後", "after")];
    sheet.brief("", &columns(heads));
    for row in head(change, language) {
        let Row { name, before, after, .. } = &row;
        sheet.brief("", &columns([name, before, after]));
    }
    let shown = if detail == Detail::Full { usize::MAX } else { LINES_SHOWN };
    let parts = parts(change, language);
    if parts.is_empty() {
        sheet.head(choose(language, "違いはありません。", "Nothing differs."));
    }
    for part in parts {
        sheet.head(part.title);
        for list in part.lists {
            sheet.say("", &format!("{} {}: {}", list.turn.mark(), list.name, list.lines.len()));
            for line in list.lines.iter().take(shown) {
                sheet.say("    ", &line.text);
                for more in line.more.iter().filter(|_| detail == Detail::Full) {
                    sheet.say("      ", more);
                }
            }
            let rest = list.lines.len().saturating_sub(shown);
            if rest > 0 {
                let more = match language {
                    Language::Japanese => format!("ほか {rest} 件"),
                    Language::English => format!("and {rest} more"),
                };
                sheet.say("    ", &more);
            }
        }
    }
    sheet.text()
}

fn columns([name, before, after]: [&str; 3]) -> String {
    let mut line = String::new();
    for (text, width) in [name, before].into_iter().zip(COLUMNS) {
        let text = fit(text, width.saturating_sub(2));
        line.push_str(&text);
        line.extend(std::iter::repeat_n(' ', width.saturating_sub(text.width())));
    }
    line.push_str(after);
    line
}
