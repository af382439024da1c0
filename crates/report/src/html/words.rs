//! The texts of the page in one language.

use base::Language;
use guideline::{Day, Exclusion, FactOrigin, Origin, Side, Value, Verdict};

pub(super) struct Words {
    pub(super) lang: &'static str,
    pub(super) title: &'static str,
    pub(super) edition: &'static str,
    pub(super) published: &'static str,
    pub(super) side: &'static str,
    pub(super) moment: &'static str,
    pub(super) rests_on: &'static str,
    pub(super) counts: &'static str,
    pub(super) note: &'static str,
    pub(super) chapters: &'static str,
    pub(super) chapter: &'static str,
    pub(super) decided_by: &'static str,
    pub(super) all: &'static str,
    pub(super) details: &'static str,
    pub(super) facts: &'static str,
    pub(super) missing: &'static str,
    pub(super) open: &'static str,
    pub(super) remedy: &'static str,
    pub(super) wording: &'static str,
    pub(super) none: &'static str,
    pub(super) undecided: &'static str,
    pub(super) gone: &'static str,
    pub(super) back: &'static str,
    pub(super) colon: &'static str,
}

static JAPANESE: Words = Words {
    lang: "ja",
    title: "ガイドライン適合状況",
    edition: "版",
    published: "公表",
    side: "対象",
    moment: "判定日時",
    rests_on: "判明している事実",
    counts: "判定ごとの件数",
    note: "判定は、ガイドラインを独自に要約したものに基づきます。判明していないことを「適合」に数えることはありません。",
    chapters: "章ごとの判定",
    chapter: "章",
    decided_by: "判定の根拠",
    all: "合計",
    details: "要求事項ごとの判定",
    facts: "判定の根拠となった事実",
    missing: "記録に残っていません",
    open: "まだ判明していないこと",
    remedy: "対応",
    wording: "公式の文言の所在",
    none: "この版には、対象となる要求事項がありません。",
    undecided: "この要求事項の判定式はありません。判定できないため「不明」とします。",
    gone: "この版では適用されなくなったとされる要求事項",
    back: "章の一覧へ戻る",
    colon: "：",
};

static ENGLISH: Words = Words {
    lang: "en",
    title: "Standing against the guideline",
    edition: "Edition",
    published: "Published",
    side: "For",
    moment: "Assessed",
    rests_on: "Facts known",
    counts: "Requirements by verdict",
    note: "Verdicts rest on our own restatement of the guideline. What is not known is never counted as met.",
    chapters: "Verdicts by chapter",
    chapter: "Chapter",
    decided_by: "Decided by",
    all: "All",
    details: "Verdicts by requirement",
    facts: "Facts that decided",
    missing: "no longer kept",
    open: "Not known yet",
    remedy: "What to do",
    wording: "Official wording",
    none: "This edition has no requirement for this side.",
    undecided: "There is no expression that decides this requirement, so it is unknown.",
    gone: "Requirements that are reported to stand no longer",
    back: "Back to the chapters",
    colon: ": ",
};

pub(super) fn words(language: Language) -> &'static Words {
    match language {
        Language::Japanese => &JAPANESE,
        Language::English => &ENGLISH,
    }
}

pub(super) fn choose(language: Language, en: &'static str, ja: &'static str) -> &'static str {
    match language {
        Language::Japanese => ja,
        Language::English => en,
    }
}

pub(super) fn side(language: Language, side: Option<Side>) -> &'static str {
    match side {
        None => choose(language, "facility and provider", "医療機関と事業者"),
        Some(Side::Facility) => choose(language, "facility", "医療機関"),
        Some(Side::Provider) => choose(language, "provider", "事業者"),
    }
}

pub(super) fn origin(language: Language, origin: FactOrigin) -> &'static str {
    match origin {
        FactOrigin::Runtime => choose(language, "system", "システム"),
        FactOrigin::Site => choose(language, "site", "構成"),
        FactOrigin::Document => choose(language, "documents", "文書"),
        FactOrigin::Person => choose(language, "people", "回答"),
    }
}

/// Why a requirement does not apply, who decided that, and until when.
pub fn excluded(language: Language, exclusion: &Exclusion) -> String {
    let Exclusion { reason, decided_by, at, valid_until, .. } = exclusion;
    let (from, until) = (Day::of(at.0), Day::of(valid_until.0));
    match language {
        Language::Japanese => {
            format!("対象外の理由：{reason}（決定者：{decided_by}、{from}、有効期限 {until}）")
        }
        Language::English => {
            format!("Does not apply: {reason} (decided by {decided_by} on {from}, counts until {until})")
        }
    }
}

/// How a requirement of an overlay came about. Where its wording stands is known of the edition before only.
pub fn history(language: Language, origin: Option<&Origin>) -> Option<String> {
    let (before, reported) = match origin? {
        Origin::Inherited(before) => {
            return Some(match language {
                Language::Japanese => {
                    format!(
                        "{before} から引き継いだ要求事項です。文言の所在は引き継ぎ元のもので、この版の原文は確認していません。"
                    )
                }
                Language::English => format!(
                    "Taken over from {before}. The place is that of the earlier wording; the text of this edition was not read."
                ),
            });
        }
        Origin::Replaces(before, reported) => (Some(before), reported),
        Origin::Added(reported) => (None, reported),
    };
    let sources = reported.sources.join(choose(language, "; ", "；"));
    Some(match (language, before) {
        (Language::Japanese, Some(before)) => {
            format!("{before} に代わるものと報告されています（確度 {}）。出典：{sources}", reported.mark)
        }
        (Language::Japanese, None) => {
            format!("新設と報告されています（確度 {}）。出典：{sources}", reported.mark)
        }
        (Language::English, Some(before)) => {
            format!("Reported to replace {before} (confidence {}). Sources: {sources}", reported.mark)
        }
        (Language::English, None) => {
            format!("Reported to be new (confidence {}). Sources: {sources}", reported.mark)
        }
    })
}

/// A text whose commands stand in backticks: what is a command, and what is not.
pub(super) fn with_commands(text: &str) -> Vec<(bool, String)> {
    let pieces = text.split('`').enumerate();
    pieces
        .map(|(place, piece)| (place % 2 == 1, piece.to_owned()))
        .filter(|(_, piece)| !piece.is_empty())
        .collect()
}

/// How a verdict is drawn: its class in the style sheet, and a mark that needs no colour.
pub(super) fn look(verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Met => ("met", "✓"),
        Verdict::Partly => ("partly", "△"),
        Verdict::NotMet => ("not-met", "✕"),
        Verdict::NeedsAPerson => ("person", "…"),
        Verdict::NotApplicable => ("none", "–"),
        Verdict::Unknown => ("unknown", "?"),
    }
}

/// A value as people say it.
pub fn value(language: Language, value: &Value, unit: Option<&str>) -> String {
    match value {
        Value::YesNo(true) => choose(language, "yes", "はい").to_owned(),
        Value::YesNo(false) => choose(language, "no", "いいえ").to_owned(),
        Value::Texts(texts) if texts.is_empty() => choose(language, "nothing", "なし").to_owned(),
        Value::Texts(texts) => texts.join(choose(language, ", ", "、")),
        _ => unit.map_or_else(|| value.to_string(), |unit| format!("{value} {unit}")),
    }
}

/// A unit of the registry as people say it; one that is not known here stays as it is.
pub fn unit(language: Language, unit: &str) -> &str {
    let ja = match unit {
        "days" => "日",
        "hours" => "時間",
        "minutes" => "分",
        "seconds" => "秒",
        "percent" => "%",
        "characters" => "文字",
        "attempts" => "回",
        "kinds" => "種類",
        _ => unit,
    };
    match language {
        Language::Japanese => ja,
        Language::English => unit,
    }
}

/// How long ago something was seen, in its largest unit.
pub fn age(language: Language, seconds: i64) -> String {
    let seconds = seconds.max(0);
    let (count, en, ja) = match seconds {
        0..60 => return choose(language, "just now", "たった今").to_owned(),
        60..3_600 => (seconds.checked_div(60), "minute", "分"),
        3_600..86_400 => (seconds.checked_div(3_600), "hour", "時間"),
        _ => (seconds.checked_div(86_400), "day", "日"),
    };
    let count = count.unwrap_or_default();
    match language {
        Language::Japanese => format!("{count}\u{a0}{ja}前"),
        Language::English => format!("{count}\u{a0}{en}{} ago", if count == 1 { "" } else { "s" }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_told_in_their_largest_unit() {
        let ages = [-5, 59, 60, 3_599, 3_600, 86_399, 86_400, 200_000];
        let told = ages.map(|seconds| age(Language::English, seconds).replace('\u{a0}', " "));
        let expected =
            ["just now", "just now", "1 minute ago", "59 minutes ago", "1 hour ago", "23 hours ago"];
        assert_eq!(told[..6], expected);
        assert_eq!(told[6..], ["1 day ago", "2 days ago"]);
        assert_eq!(age(Language::Japanese, 7_200), "2\u{a0}時間前");
    }

    #[test]
    fn commands_are_told_from_text() {
        let pieces = with_commands("run `akashi export` daily");
        let kinds: Vec<(bool, &str)> =
            pieces.iter().map(|(is_command, piece)| (*is_command, piece.as_str())).collect();
        assert_eq!(kinds, [(false, "run "), (true, "akashi export"), (false, " daily")]);
    }

    #[test]
    fn what_is_unknown_does_not_look_like_what_is_met() {
        let met = look(Verdict::Met);
        for verdict in Verdict::ALL.into_iter().filter(|verdict| *verdict != Verdict::Met) {
            assert!(look(verdict).0 != met.0 && look(verdict).1 != met.1, "{verdict:?}");
        }
    }
}
