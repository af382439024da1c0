//! Words of commands in the language of the terminal.

use crate::terminal::Terminal;
use identity::kept::{Duty, Occupation};
use serde_json::Value;

/// The words of answers: as written, in English, in Japanese.
const WORDS: &[(&str, &str, &str)] = &[
    ("person", "person", "人"),
    ("device", "device", "機器"),
    ("service", "service", "サービス"),
    ("system", "the server itself", "サーバー自身"),
    ("unknown", "nobody known", "不明"),
    ("maintenance", "remote maintenance", "リモート保守"),
    ("shared", "shared by several people", "複数人で共有"),
    ("emergency", "for emergencies", "非常時用"),
    ("public", "public", "端末上のアプリ"),
    ("confidential", "confidential", "鍵を持つアプリ"),
    ("session", "until logout", "ログアウトまで"),
    ("offline", "after logout too", "ログアウト後も"),
    ("active", "active", "有効"),
    ("disabled", "disabled", "無効"),
    ("good", "good", "有効"),
    ("revoked", "revoked", "失効"),
    ("expired", "expired", "期限切れ"),
    ("distrusted", "authority no longer trusted", "認証局の信頼なし"),
    ("password", "password", "パスワード"),
    ("totp", "one-time code", "ワンタイムコード"),
    ("passkey", "passkey", "パスキー"),
    ("recovery", "recovery codes", "リカバリーコード"),
    ("sms", "SMS", "SMS"),
    ("certificate", "certificate", "証明書"),
    ("key", "key", "キー"),
    ("cookie", "browser", "ブラウザー"),
    ("bearer", "program", "プログラム"),
    ("required", "lists required", "失効リスト必須"),
    ("register", "by the facility", "施設で管理"),
    ("not-offered", "no lists", "失効リストなし"),
    ("unspecified", "not told", "理由なし"),
    ("key-compromise", "lost or stolen", "紛失・盗難"),
    ("affiliation-changed", "left", "離職・返却"),
    ("superseded", "replaced", "交換"),
    ("cessation-of-operation", "not used any more", "使用終了"),
    ("privilege-withdrawn", "permission withdrawn", "許可の取り消し"),
    ("unknown devices", "unknown devices", "初めての端末"),
    ("a known browser", "a known browser", "以前使ったブラウザー"),
];

/// A word, or the text itself when it is none.
pub(super) fn word(terminal: &Terminal, text: &str) -> String {
    let found = WORDS.iter().find(|(word, _, _)| *word == text);
    found.map_or(text, |(_, en, ja)| terminal.choose(en, ja)).to_owned()
}

/// Several words.
pub(super) fn words(terminal: &Terminal, texts: &[Value]) -> String {
    let separator = terminal.choose(", ", "、");
    let words: Vec<String> =
        texts.iter().filter_map(Value::as_str).map(|text| word(terminal, text)).collect();
    words.join(separator)
}

/// An occupation.
pub(super) fn occupation(terminal: &Terminal, text: &str) -> String {
    Occupation::parse(text).map_or(text, |one| one.name(terminal.language())).to_owned()
}

/// Duties.
pub(super) fn duties(terminal: &Terminal, texts: &[Value]) -> String {
    let name = |text: &str| {
        Duty::parse(text).map_or(text.to_owned(), |one| one.name(terminal.language()).to_owned())
    };
    let names: Vec<String> = texts.iter().filter_map(Value::as_str).map(name).collect();
    names.join(terminal.choose(", ", "、"))
}
