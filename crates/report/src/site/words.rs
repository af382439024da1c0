//! Words of a site check in both languages.

use base::Language;
use site::attack::{Assumption, Stance};
use site::check::Value;
use site::connection::Kind;
use site::rules::Text;
use site::rules::Verdict;
use site::rules::rule::Severity;
use site::threat::Stride;

/// One of two texts.
pub(super) fn choose<'a>(language: Language, ja: &'a str, en: &'a str) -> &'a str {
    match language {
        Language::Japanese => ja,
        Language::English => en,
    }
}

/// A text in a language.
pub(super) fn said(text: &Text, language: Language) -> &str {
    choose(language, &text.ja, &text.en)
}

/// `1 path`, `2 paths`.
pub(super) fn plural(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// The language as pages and documents name it.
pub(super) fn tag(language: Language) -> &'static str {
    choose(language, "ja", "en")
}

pub(super) fn phase(language: Language, phase: &str) -> &str {
    match phase {
        "now" => choose(language, "現在", "now"),
        "next" => choose(language, "次の段階", "next step"),
        "target" => choose(language, "最終的な姿", "target"),
        other => other,
    }
}

/// Where an attacker begins.
pub(super) fn stance(language: Language, stance: Stance) -> &'static str {
    match stance {
        Stance::Internet => choose(language, "インターネット上の攻撃者", "somebody on the internet"),
        Stance::Vendor => {
            choose(language, "侵入された事業者のネットワーク", "a vendor's network that was broken into")
        }
        Stance::Undescribed => choose(
            language,
            "接続先が記述されていない回線の先",
            "what lies beyond a line that nobody described",
        ),
        Stance::PhishedPc => {
            choose(language, "不正なメールを開いた端末", "a PC whose user opened a bad mail")
        }
        Stance::StolenDevice => choose(language, "持ち去られた機器", "a device that was carried off"),
        Stance::Wireless => {
            choose(language, "無線の電波が届く場所", "a place within reach of the wireless network")
        }
    }
}

/// What must be so for a leg to be gone, in a few words.
pub(super) fn assumption(language: Language, assumption: Assumption) -> &'static str {
    match assumption {
        Assumption::Reachable => choose(language, "通信が届く", "it can be reached"),
        Assumption::NoSecondFactor => choose(language, "二要素認証がない", "no second factor"),
        Assumption::Unsupported => {
            choose(language, "サポート切れ、または未更新", "unsupported or not updated")
        }
        Assumption::FlatSegment => choose(language, "同じセグメントで互いに届く", "one flat segment"),
        Assumption::SharedCredential => {
            choose(language, "共用または初期のパスワード", "shared or default password")
        }
        Assumption::WeakProtection => choose(language, "回線の保護が弱い", "weak protection of the line"),
        Assumption::SameAdministrators => choose(language, "管理者が同じ", "same administrators"),
        Assumption::UnprotectedDevice => choose(language, "端末が保護されていない", "unprotected device"),
        Assumption::UnknownFlaw => {
            choose(language, "未知の欠陥（可能性は最も低い）", "an unknown flaw (least likely)")
        }
    }
}

pub(super) fn severity(language: Language, severity: Severity) -> &'static str {
    match severity {
        Severity::Required => choose(language, "必須", "required"),
        Severity::AcceptedWithReason => choose(language, "理由の記録が必要", "needs a recorded reason"),
        Severity::Recommended => choose(language, "推奨", "recommended"),
        Severity::Context => choose(language, "参考", "information"),
    }
}

pub(super) fn verdict(language: Language, verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Violated => choose(language, "違反", "violated"),
        Verdict::Undecided => choose(language, "判定できない", "undecided"),
        Verdict::Holds => choose(language, "満たす", "held"),
    }
}

/// The kind of a network in the words of the guideline.
pub(super) fn kind(language: Language, kind: Kind) -> &'static str {
    match kind {
        Kind::Secure => choose(language, "セキュアなネットワーク", "secure (closed)"),
        Kind::Open => choose(language, "オープンなネットワーク", "open"),
        Kind::Undecided => choose(language, "不明", "not known"),
    }
}

/// Whether a connection has what it must have.
pub(super) fn protection(language: Language, kind: Kind, verdict: Verdict) -> &'static str {
    match (verdict, kind) {
        (Verdict::Holds, Kind::Secure) => choose(language, "追加の要求なし", "nothing more is asked"),
        (Verdict::Holds, _) => choose(language, "十分", "sufficient"),
        (Verdict::Violated, _) => choose(language, "不足", "not sufficient"),
        (Verdict::Undecided, _) => choose(language, "判定できない", "undecided"),
    }
}

pub(super) fn stride(language: Language, kind: Stride) -> &'static str {
    match kind {
        Stride::Spoofing => choose(language, "なりすまし", "spoofing"),
        Stride::Tampering => choose(language, "改ざん", "tampering"),
        Stride::Repudiation => choose(language, "否認", "repudiation"),
        Stride::InformationDisclosure => choose(language, "情報漏えい", "information disclosure"),
        Stride::DenialOfService => choose(language, "サービス停止", "denial of service"),
        Stride::ElevationOfPrivilege => choose(language, "権限昇格", "elevation of privilege"),
    }
}

/// A class of data.
pub(super) fn data(language: Language, class: &str) -> &str {
    let (ja, en) = match class {
        "clinical-record" => ("診療録", "medical records"),
        "image" => ("医用画像", "images"),
        "laboratory" => ("検査結果", "test results"),
        "patient-identity" => ("患者の氏名など", "patient identities"),
        "billing" => ("医事会計", "billing"),
        "eligibility" => ("資格確認の結果", "eligibility answers"),
        "health-check" => ("健診結果", "health checks"),
        "draft" => ("文書の下書き", "drafts"),
        "pseudonymised" => ("仮名化データ", "pseudonymised data"),
        "anonymised" => ("匿名化データ", "anonymised data"),
        "staff" => ("職員の情報", "staff data"),
        "credentials" => ("パスワードや鍵", "credentials"),
        "configuration" => ("設定", "configuration"),
        "logs" => ("ログ", "logs"),
        "other" => ("その他", "other data"),
        other => return other,
    };
    choose(language, ja, en)
}

/// The value of a fact.
pub(super) fn value(language: Language, value: Option<Value>) -> String {
    match value {
        None => choose(language, "不明", "not known").to_owned(),
        Some(Value::Is(true)) => choose(language, "はい", "yes").to_owned(),
        Some(Value::Is(false)) => choose(language, "いいえ", "no").to_owned(),
        Some(Value::Count(count)) => count.to_string(),
    }
}
