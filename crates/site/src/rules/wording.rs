//! What a rule asks and why a verdict is what it is, in Japanese and English sentences made from its data.

use super::element::scalar;
use super::judge::Why;
use super::rule::{Basis, Op, Rule, Severity, Text, Unset, Verified};
use serde_json::Value;

impl Rule {
    /// What it asks, in a sentence, and why.
    pub fn text(&self) -> Text {
        let mut text = self.asks();
        if let Some(why) = &self.why {
            text.ja.push_str(&sentence_ja(&why.ja));
            text.en = format!("{}: {}.", text.en.trim_end_matches('.'), why.en.trim_end_matches('.'));
        }
        text
    }

    /// What it asks, in a sentence.
    pub fn asks(&self) -> Text {
        let path = format!("`{}`", self.path_text());
        let (ja, en) = ask(self.op, self.value.as_ref());
        let must = match self.severity {
            Severity::Required | Severity::AcceptedWithReason => "must",
            Severity::Recommended | Severity::Context => "should",
        };
        Text::new(ja.replace("{}", &path), en.replace("{}", &path).replace("MUST", must))
    }

    /// What is not sure of it; none where attribute and values are found in the provider's schema or documentation.
    pub fn doubt(&self) -> Option<Text> {
        let (mut ja, mut en) = (String::new(), String::new());
        let attribute = match self.verified {
            Verified::Schema => None,
            Verified::ProviderDocs => Some((
                "属性は、別の版のプロバイダー文書で確認したものです。",
                "The attribute was found in the documentation of another version of the provider.",
            )),
            Verified::PublicCode => Some((
                "属性は、公開されたコードでのみ確認したものです。",
                "The attribute was seen in public code only.",
            )),
            Verified::None => Some((
                "属性は、一般的な知識によるもので、確認できていません。",
                "The attribute is from general knowledge and was not found.",
            )),
        };
        let values = match self.basis {
            Basis::General => Some((
                "値は、一般的な知識によるものです。使う前に確かめてください。",
                "The values are from general knowledge; check them before relying on them.",
            )),
            Basis::Policy => {
                Some(("値は、Akashi が定めた基準です。", "The value is a threshold chosen by Akashi."))
            }
            Basis::ProviderDocs | Basis::Schema | Basis::VendorDocs | Basis::NotApplicable => None,
        };
        for (one_ja, one_en) in [attribute, values].into_iter().flatten() {
            ja.push_str(one_ja);
            en.push_str(if en.is_empty() { "" } else { " " });
            en.push_str(one_en);
        }
        (!ja.is_empty()).then_some(Text { ja, en })
    }
}

/// A phrase as a sentence.
pub(crate) fn sentence_ja(phrase: &str) -> String {
    if phrase.ends_with('。') { phrase.to_owned() } else { format!("{phrase}。") }
}

fn ask(op: Op, value: Option<&Value>) -> (String, String) {
    let (one, list_ja, list_en) = (one(value), listed(value, "、"), listed(value, ", "));
    let several = value.and_then(Value::as_array).is_some_and(|list| list.len() > 1);
    match (op, several) {
        (Op::Eq, _) | (Op::In, false) => {
            (format!("{{}} は {one} にします。"), format!("{{}} MUST be {one}."))
        }
        (Op::Ne, _) => (format!("{{}} を {one} にしないでください。"), format!("{{}} MUST not be {one}.")),
        (Op::In, true) => {
            (format!("{{}} は {list_ja} のいずれかにします。"), format!("{{}} MUST be one of {list_en}."))
        }
        (Op::NotIn, _) => {
            (format!("{{}} に {list_ja} を使わないでください。"), format!("{{}} MUST be none of {list_en}."))
        }
        (Op::Subset, _) => {
            (format!("{{}} に指定できるのは {list_ja} だけです。"), format!("{{}} may hold only {list_en}."))
        }
        (Op::Superset, _) => {
            (format!("{{}} に {list_ja} をすべて含めます。"), format!("{{}} MUST hold all of {list_en}."))
        }
        (Op::Contains, _) => (format!("{{}} に {one} を含めます。"), format!("{{}} MUST hold {one}.")),
        (Op::NotContains | Op::NotContainsAny, _) => {
            let all_ja = if several { &list_ja } else { &one };
            let all_en = if several { &list_en } else { &one };
            (format!("{{}} に {all_ja} を含めないでください。"), format!("{{}} MUST not hold {all_en}."))
        }
        (Op::ContainsAny | Op::InAny, _) => {
            (format!("{{}} に {list_ja} のいずれかを含めます。"), format!("{{}} MUST hold one of {list_en}."))
        }
        (Op::SupersetOfBlocks, _) => (
            format!("{{}} で、合わせて {list_ja} のすべてを指定します。"),
            format!("The blocks of {{}} together MUST cover {list_en}."),
        ),
        _ => ask_amount(op, value, &one),
    }
}

fn ask_amount(op: Op, value: Option<&Value>, one: &str) -> (String, String) {
    let (list_ja, list_en) = (listed(value, "、"), listed(value, ", "));
    let least = value.and_then(|value| value.get("min")).and_then(scalar).unwrap_or_default();
    match op {
        Op::Gte | Op::DurationGte => {
            (format!("{{}} は {one} 以上にします。"), format!("{{}} MUST be at least {one}."))
        }
        Op::Lte | Op::DurationLte => {
            (format!("{{}} は {one} 以下にします。"), format!("{{}} MUST be at most {one}."))
        }
        Op::InRangeOrZero => (
            format!("{{}} は 0（無期限）または `{least}` 以上にします。"),
            format!("{{}} MUST be 0 (for ever) or at least `{least}`."),
        ),
        Op::MinCount => {
            (format!("{{}} を {one} 件以上指定します。"), format!("{{}} MUST have at least {one} elements."))
        }
        Op::Present => ("{} を設定します。".to_owned(), "{} MUST be set.".to_owned()),
        Op::Absent => ("{} を設定しないでください。".to_owned(), "{} MUST not be set.".to_owned()),
        Op::Empty => ("{} を空にします。".to_owned(), "{} MUST be empty.".to_owned()),
        Op::NoCidr => (
            format!("{{}} に、{list_ja} の全体を含むアドレス範囲を指定しないでください。"),
            format!("{{}} MUST not cover {list_en}."),
        ),
        Op::Matches => (
            format!("{{}} は正規表現 {one} に一致させます。"),
            format!("{{}} MUST match the regular expression {one}."),
        ),
        Op::KvEq => {
            let pair = pair(value);
            (format!("{{}} ブロックに {pair} を指定します。"), format!("A block {{}} MUST have {pair}."))
        }
        _ => ask_document(op, value),
    }
}

fn ask_document(op: Op, value: Option<&Value>) -> (String, String) {
    let (list_ja, list_en) = (listed(value, "、"), listed(value, ", "));
    let part = |name: &str| value.and_then(|value| value.get(name)).and_then(scalar).unwrap_or_default();
    match op {
        Op::JsonNoWildcardAdmin => (
            "{} の文書で、すべてのリソースへのすべての操作を許可しないでください。".to_owned(),
            "The document in {} MUST not permit every action on every resource.".to_owned(),
        ),
        Op::JsonNoWildcardPrincipal => (
            "{} の文書で、条件なしに全員を許可しないでください。".to_owned(),
            "The document in {} MUST not permit everybody without a condition.".to_owned(),
        ),
        Op::JsonDenyInsecureTransport => (
            "{} の文書で、TLS を使わない要求（`aws:SecureTransport` が `false`）を拒否します。".to_owned(),
            "The document in {} MUST deny requests without TLS (`aws:SecureTransport` is `false`)."
                .to_owned(),
        ),
        Op::JsonPathEq => {
            let (path, wanted) = (part("path"), part("value"));
            (
                format!("{{}} の文書の `{path}` は `{wanted}` にします。"),
                format!("`{path}` of the document in {{}} MUST be `{wanted}`."),
            )
        }
        Op::JsonRegionAllowList => (
            format!("{{}} の文書で、{list_ja} 以外のリージョンを拒否します。"),
            format!("The document in {{}} MUST deny regions other than {list_en}."),
        ),
        _ => (
            format!("{{}} の文書に {list_ja} をすべて含めます。"),
            format!("The document in {{}} MUST hold all of {list_en}."),
        ),
    }
}

/// A single value, or the only one of a list.
fn one(value: Option<&Value>) -> String {
    let value = match value {
        Some(Value::Array(list)) => list.first(),
        other => other,
    };
    value.and_then(scalar).map(|text| format!("`{text}`")).unwrap_or_default()
}

/// The values of a list, or a single one.
pub(crate) fn listed(value: Option<&Value>, between: &str) -> String {
    match value {
        Some(Value::Array(list)) => {
            list.iter().filter_map(scalar).map(|text| format!("`{text}`")).collect::<Vec<_>>().join(between)
        }
        other => one(other),
    }
}

fn pair(value: Option<&Value>) -> String {
    let parts = value.and_then(Value::as_object).into_iter().flatten();
    let parts = parts.map(|(name, part)| format!("`{name} = \"{}\"`", scalar(part).unwrap_or_default()));
    parts.collect::<Vec<_>>().join(", ")
}

/// Why a verdict is what it is; none where the value itself says it.
pub(crate) fn reason(why: &Why) -> Option<Text> {
    Some(match why {
        Why::Value => return None,
        Why::NotSet => Text::new("設定されていません。", "It is not set."),
        Why::NotSetDepends => Text::new(
            "設定されておらず、既定でどうなるかは場合によります。",
            "It is not set, and what the default is depends.",
        ),
        Why::SetFrom(address) => Text::new(
            format!("`{address}` から設定され、値は適用後に決まります。"),
            format!("It is set from `{address}`; its value is known after apply."),
        ),
        Why::AfterApply => {
            Text::new("値は適用するまで分かりません。", "Its value is known only after apply.")
        }
        Why::Hidden => Text::new("プランが値を伏せています。", "The plan hides its value."),
        Why::OtherKind => Text::new(
            "値の種類が、ルールの想定と異なります。",
            "Its value is of another kind than the rule asks for.",
        ),
        Why::NotReadable => Text::new("値の形式を読み取れません。", "Its value cannot be read."),
        Why::TooLong => {
            Text::new("値が長すぎるため調べていません。", "Its value is too long and was not looked at.")
        }
        Why::Applies(when) => Text::new(
            format!(
                "このルールが当てはまるのは、{}です。当てはまるかどうかは、プランからは分かりません。",
                when.ja
            ),
            format!("The rule counts in this case: {}. The plan does not say whether it is so.", when.en),
        ),
        Why::Weaker => Text::new(
            "弱い値です。理由を記録した場合に限り使えます。",
            "A weaker value, which passes only with a recorded reason.",
        ),
    })
}

/// What it means that an attribute is not set.
pub(crate) fn unset(unset: Unset) -> Text {
    match unset {
        Unset::Safe => Text::new("安全", "safe"),
        Unset::Unsafe => Text::new("違反", "fails"),
        Unset::Depends => Text::new("要確認", "depends"),
    }
}

/// The name of a severity.
pub(crate) fn severity(severity: Severity) -> Text {
    match severity {
        Severity::Required => Text::new("必須", "required"),
        Severity::AcceptedWithReason => Text::new("理由があれば可", "accepted with a reason"),
        Severity::Recommended => Text::new("推奨", "recommended"),
        Severity::Context => Text::new("参考", "context"),
    }
}

/// The name of a basis.
pub(crate) fn basis(basis: Basis) -> Text {
    match basis {
        Basis::ProviderDocs => Text::new("プロバイダー文書", "provider documentation"),
        Basis::Schema => Text::new("スキーマ", "schema"),
        Basis::VendorDocs => Text::new("事業者文書", "operator's documentation"),
        Basis::Policy => Text::new("Akashi の基準", "threshold of Akashi"),
        Basis::NotApplicable => Text::new("有無のみ", "presence only"),
        Basis::General => Text::new("一般的な知識", "general knowledge"),
    }
}
