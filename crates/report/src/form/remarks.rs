//! What stands beside an answer: on what it rests, who still has to say what, and what to do. And what a form says of itself.

use super::Given;
use crate::html::excluded;
use crate::paper::{Block, Field, References};
use base::Language;
use guideline::{Assessed, Basis, Requirement, Text, Verdict};
use std::collections::BTreeMap;

/// What a person has to write in.
pub(super) fn blank(given: &Given<'_>) -> &'static str {
    match given.language {
        Language::Japanese => "（記入）",
        Language::English => "(to be filled in)",
    }
}

/// A label with its value.
pub(super) fn field(label: &str, value: impl Into<String>) -> Field {
    Field { label: label.to_owned(), value: value.into() }
}

/// Something with a word about it in brackets.
pub(super) fn aside(given: &Given<'_>, what: &str, word: &str) -> String {
    match given.language {
        Language::Japanese => format!("{what}（{word}）"),
        Language::English => format!("{what} ({word})"),
    }
}

/// A text of the catalogue in the language of the report. Where it has none in that language, the other one with a word about
/// that; where it has none at all, that is what is said.
pub(super) fn wording(language: Language, text: &Text) -> String {
    let (own, other, mark, none) = match language {
        Language::Japanese => (&text.ja, &text.en, "（英語のみ）", "（カタログに文言がありません）"),
        Language::English => (&text.en, &text.ja, "(in Japanese only) ", "(the catalogue has no text)"),
    };
    match (own.trim(), other.trim()) {
        ("", "") => none.to_owned(),
        ("", other) => format!("{mark}{other}"),
        (own, _) => own.to_owned(),
    }
}

/// Everything beside an answer, a line for each thing.
pub(super) fn remark(given: &Given<'_>, references: &References<'_>, one: &Assessed) -> String {
    let mut lines: Vec<String> = standing(given, one).into_iter().collect();
    if let Some(grounds) = references.grounds(one, given.language) {
        let label = if is_open(one) {
            given.say("判明している事実：", "Known so far: ")
        } else {
            given.say("根拠：", "Grounds: ")
        };
        lines.push(format!("{label}{grounds}"));
    }
    for key in one.decided_by.iter().filter(|key| references.number(key).is_none()) {
        let lost = given.say("根拠（この報告書に値がありません）：", "Grounds (value not in this report): ");
        lines.push(format!("{lost}{}", about(given, key)));
    }
    lines.extend(one.open.iter().map(|key| missing(given, key)));
    let check = given.engine.checks.of(&given.engine.catalogue, &one.requirement);
    match check {
        Some(check) if !one.verdict.is_settled() => {
            let remedy = commands(given.language, &wording(given.language, &check.remedy));
            lines.push(format!("{}{remedy}", given.say("対応：", "To do: ")));
        }
        Some(_) => {}
        None => lines.push(
            given
                .say(
                    "この項目の判定式がないため、判定できません。担当者が確認してください。",
                    "Nothing decides this item. A person has to confirm it.",
                )
                .to_owned(),
        ),
    }
    lines.join("\n")
}

/// The day on which an answer was established; what a person has to write in where nothing is known.
pub(super) fn confirmed_on(given: &Given<'_>, references: &References<'_>, one: &Assessed) -> String {
    let excluded = one.excluded.as_ref().map(|excluded| crate::paper::short_day(excluded.at.0));
    let seen = excluded.or_else(|| references.seen_on(one)).filter(|_| !is_open(one));
    seen.unwrap_or_else(|| blank(given).to_owned())
}

fn is_open(one: &Assessed) -> bool {
    matches!(one.verdict, Verdict::NeedsAPerson | Verdict::Unknown)
}

/// What the verdict says beyond the answer.
fn standing(given: &Given<'_>, one: &Assessed) -> Option<String> {
    if let Some(exclusion) = &one.excluded {
        return Some(excluded(given.language, exclusion));
    }
    let said = match one.verdict {
        Verdict::Partly => given.say(
            "一部適合（一部は満たしていますが、全部ではないため「いいえ」です）",
            "Met in part (not in whole, hence no)",
        ),
        Verdict::NotMet => given.say("不適合", "Not met"),
        Verdict::NeedsAPerson => {
            given.say("要回答（文書の登録または担当者の回答が必要です）", "A document or an answer is needed")
        }
        Verdict::Unknown => {
            given.say("不明（判定に必要な事実が判明していません）", "Unknown: facts are missing")
        }
        Verdict::NotApplicable => {
            given.say("該当するものがないため対象外です", "There is no such thing here")
        }
        Verdict::Met => return None,
    };
    Some(said.to_owned())
}

/// What is missing, and who has to bring it.
fn missing(given: &Given<'_>, key: &str) -> String {
    let registry = &given.engine.registry;
    let language = given.language;
    if let Some(document) = key.strip_prefix("document.").and_then(|kind| registry.document(kind)) {
        let (name, owner) = (wording(language, &document.name), document.owner.name(language));
        return match language {
            Language::Japanese => format!("要登録：文書「{name}」（担当：{owner}）"),
            Language::English => format!("To be registered: {name} (by: {owner})"),
        };
    }
    if let Some(question) = key.strip_prefix("person.").and_then(|id| registry.question(id)) {
        let (text, asked) = (wording(language, &question.text), question.asked_of.name(language));
        return match language {
            Language::Japanese => format!("要回答：{text}（回答者：{asked}）"),
            Language::English => format!("To be answered: {text} (by: {asked})"),
        };
    }
    let source = if key.starts_with("site.") {
        given.say("構成の検査で確認", "by a check of the site")
    } else {
        given.say("稼働中のシステムで確認", "by the running system")
    };
    match language {
        Language::Japanese => format!("未確認：{}（{source}）", about(given, key)),
        Language::English => format!("Not known: {} ({source})", about(given, key)),
    }
}

fn about(given: &Given<'_>, key: &str) -> String {
    let known = given.engine.registry.key(key);
    known.map_or_else(|_| key.to_owned(), |known| wording(given.language, &known.text))
}

/// A text whose commands stand in backticks, as paper shows it.
fn commands(language: Language, text: &str) -> String {
    let pieces = text.split('`').enumerate();
    let shown = pieces.map(|(place, piece)| match (language, place % 2) {
        (Language::Japanese, 1) => format!("「{piece}」"),
        (Language::English, 1) => format!("\"{piece}\""),
        // Japanese sets no space around brackets.
        (Language::Japanese, _) => piece.trim_matches(' ').to_owned(),
        (Language::English, _) => piece.to_owned(),
    });
    shown.collect()
}

/// On what the wording of the items rests: our own words, and how well the official ones were read.
pub(super) fn wording_note<'a>(
    given: &Given<'_>,
    requirements: impl IntoIterator<Item = &'a Requirement>,
    url: &str,
) -> Block {
    let mut by_basis: BTreeMap<Basis, usize> = BTreeMap::new();
    for one in requirements {
        let count = by_basis.entry(one.basis).or_default();
        *count = count.saturating_add(1);
    }
    let said = |(basis, count): (&Basis, &usize)| {
        let name = basis.caution(given.language).unwrap_or(given.say("原文を確認", "official text read"));
        match given.language {
            Language::Japanese => format!("{name} {count}件"),
            Language::English => format!("{name}: {count}"),
        }
    };
    let counts: Vec<String> = by_basis.iter().map(said).collect();
    Block::Note(match given.language {
        Language::Japanese => format!(
            "項目の文は、公式様式の文言ではなく、当方が要約したものです（{}）。提出する前に、公式様式と照合してください：{url}",
            counts.join("、")
        ),
        Language::English => format!(
            "The items are in our own words, not in those of the official form ({}). Compare them with the official form before handing this in: {url}",
            counts.join("; ")
        ),
    })
}

/// How answers come about, once for each form.
pub(super) fn answers_note(given: &Given<'_>) -> Block {
    Block::Note(
        given
            .say(
                "「はい」は、判明している事実から満たしていると判定した項目だけです。一部だけ満たす項目は「いいえ」、判明していない項目は「未確認」とし、「はい」に数えません。第三者による審査の結果ではありません。",
                "Yes is said only of what is met by what is known. What is met in part is a no; what is not known is not confirmed, and never counted as yes. This is not the result of an examination by others.",
            )
            .to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_one_language_lacks_is_shown_in_the_other_with_a_word_about_it() {
        let text = |ja: &str, en: &str| Text { ja: ja.to_owned(), en: en.to_owned() };
        let said = |text: &Text| (wording(Language::Japanese, text), wording(Language::English, text));
        let both = |ja: &str, en: &str| (ja.to_owned(), en.to_owned());
        assert_eq!(said(&text("規程", "rules")), both("規程", "rules"));
        assert_eq!(said(&text("規程", " ")), both("規程", "(in Japanese only) 規程"));
        assert_eq!(said(&text("", "rules")), both("（英語のみ）rules", "rules"));
        assert_eq!(
            said(&text("", "")),
            both("（カタログに文言がありません）", "(the catalogue has no text)")
        );
    }

    #[test]
    fn commands_stand_in_brackets() {
        let text = "`akashi account list` で調べ、 `7` にする";
        assert_eq!(commands(Language::Japanese, text), "「akashi account list」で調べ、「7」にする");
        assert_eq!(commands(Language::English, "set `a` to `b`."), "set \"a\" to \"b\".");
    }
}
