//! What the forms say alike: verdicts, facts, lists, and texts of bounded length.

use super::Given;
use crate::paper::{Block, Cell, Field, Tone};
use base::Language;
use guideline::{Basis, Fact, FactOrigin, Side, Value, Verdict};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// One of two texts that hold values.
pub(super) fn tell(given: &Given<'_>, ja: String, en: String) -> String {
    match given.language {
        Language::Japanese => ja,
        Language::English => en,
    }
}

/// Several things in one line.
pub(super) fn list(given: &Given<'_>, all: &[String]) -> String {
    all.join(given.say("、", ", "))
}

/// A label with its value; what is empty is a dash.
pub(super) fn field(label: impl Into<String>, value: impl Into<String>) -> Field {
    Field { label: label.into(), value: Cell::plain(value).text }
}

/// A verdict. Whoever prints it adds the mark of its tone.
pub(super) fn verdict_cell(given: &Given<'_>, verdict: Verdict) -> Cell {
    Cell::of(verdict.into(), verdict.name(given.language))
}

/// The verdicts in their order, as a legend.
pub(super) fn legend(given: &Given<'_>) -> Vec<(Tone, String)> {
    Verdict::ALL.map(|verdict| (Tone::from(verdict), verdict.name(given.language).to_owned())).to_vec()
}

/// A requirement without its edition, which the report names once: `control/13-1`.
pub(super) fn short<'a>(edition: &str, requirement: &'a str) -> &'a str {
    requirement.strip_prefix(edition).and_then(|rest| rest.strip_prefix('/')).unwrap_or(requirement)
}

/// Requirements of one edition by their short names; what stands before the last part is said once for those in a row:
/// `control/7-13, 13-2; management/5-1`.
pub(super) fn grouped(given: &Given<'_>, edition: &str, requirements: &[&str]) -> String {
    let mut groups: Vec<String> = Vec::new();
    let mut before = None;
    for id in requirements {
        let whole = short(edition, id);
        let (part, number) = whole.rsplit_once('/').unwrap_or(("", whole));
        match groups.last_mut() {
            Some(group) if before == Some(part) => {
                group.push_str(given.say("、", ", "));
                group.push_str(number);
            }
            _ => groups.push(whole.to_owned()),
        }
        before = Some(part);
    }
    groups.join("\n")
}

/// What a key is about.
pub(super) fn about<'a>(given: &Given<'a>, key: &'a str) -> &'a str {
    given.engine.registry.key(key).map_or(key, |known| known.text.of(given.language))
}

/// A value as a statement about the key. "Yes" is left to requirements that are met.
pub(super) fn standing(given: &Given<'_>, fact: &Fact) -> String {
    match (&fact.value, fact.origin) {
        (Value::YesNo(false), FactOrigin::Person) => {
            given.say("「いいえ」との回答", "answered no").to_owned()
        }
        (Value::YesNo(true), FactOrigin::Document) => given.say("登録済み", "registered").to_owned(),
        (Value::YesNo(false), FactOrigin::Document) => {
            given.say("有効な文書なし", "no document that counts").to_owned()
        }
        (Value::YesNo(true), _) => given.say("該当する", "so").to_owned(),
        (Value::YesNo(false), _) => given.say("該当しない", "not so").to_owned(),
        _ => {
            let unit = fact.unit.as_deref().map(|one| crate::html::unit(given.language, one));
            crate::html::value(given.language, &fact.value, unit)
        }
    }
}

/// At most so many columns, of which a letter of full width takes two, in one line. Where something is left out, an ellipsis
/// says so.
pub(super) fn clip(text: &str, columns_max: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.width() <= columns_max {
        return line;
    }
    let mut clipped = String::new();
    let mut columns = 2_usize;
    for letter in line.chars() {
        columns = columns.saturating_add(letter.width().unwrap_or(0));
        if columns > columns_max {
            break;
        }
        clipped.push(letter);
    }
    clipped.push('…');
    clipped
}

/// For whom.
pub(super) fn side(given: &Given<'_>, side: Option<Side>) -> &'static str {
    let (ja, en) = match side {
        None => ("医療機関と事業者", "facility and provider"),
        Some(Side::Facility) => ("医療機関", "facility"),
        Some(Side::Provider) => ("事業者", "provider"),
    };
    match given.language {
        Language::Japanese => ja,
        Language::English => en,
    }
}

/// Who published an edition. The catalogue names them in Japanese.
pub(super) fn publisher<'t>(given: &Given<'_>, name: &'t str) -> &'t str {
    let english = match name {
        "厚生労働省" => "Ministry of Health, Labour and Welfare",
        "経済産業省・総務省" => "METI and MIC",
        "保健医療福祉情報システム工業会(JAHIS)・日本画像医療システム工業会(JIRA)" => {
            "JAHIS and JIRA"
        }
        other => other,
    };
    given.say(name, english)
}

/// Which guideline an edition is, in words.
pub(super) fn edition_name(given: &Given<'_>, edition: &str) -> String {
    let known = given.engine.catalogue.edition(edition);
    let publisher = known.map(|known| publisher(given, &known.publisher)).unwrap_or_default();
    if publisher.is_empty() {
        return edition.to_owned();
    }
    tell(given, format!("{edition}（{publisher}）"), format!("{edition} ({publisher})"))
}

/// That the texts are our own words, and of how many of these requirements nobody has read the official wording whole.
pub(super) fn caution<'a>(
    given: &Given<'_>,
    requirements: impl IntoIterator<Item = &'a str>,
) -> Option<Block> {
    let basis = |id: &str| given.engine.catalogue.requirement(id).ok().map(|one| one.basis);
    let all: Vec<Basis> = requirements.into_iter().filter_map(basis).collect();
    let unread = all.iter().filter(|basis| **basis != Basis::Full).count();
    if unread == 0 {
        return None;
    }
    let count = all.len();
    Some(Block::Note(tell(
        given,
        format!(
            "要求事項の文は、ガイドラインを独自の言葉で要約したものです。{count} 件のうち {unread} 件は公式の文言の全文を確認できていません（二次資料・旧版・関連する要求からの推定を含みます）。提出や契約の前に、公式の文書と照合してください。"
        ),
        format!(
            "The requirements are given in our own words. Of {unread} of these {count} the official wording was not read whole (some are known from other publications, earlier forms or related requirements). Compare with the official document before submitting or signing anything."
        ),
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_clipped_to_one_line_and_say_so() {
        assert_eq!(clip("一行目\n二行目", 13), "一行目 二行目");
        assert_eq!(clip("あいうえお", 8), "あいう…");
        assert_eq!(clip("abcdefghij", 8), "abcdef…");
        assert_eq!(clip("", 4), "");
    }

    #[test]
    fn requirements_are_named_without_their_edition() {
        assert_eq!(short("mhlw-7.0", "mhlw-7.0/control/1-1"), "control/1-1");
        assert_eq!(short("mhlw-7.0", "mhlw-7.01/control/1-1"), "mhlw-7.01/control/1-1");
    }
}
