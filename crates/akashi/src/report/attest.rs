//! Questions to people and their answers, on the terminal.

use super::{Lines, list, number, text, time, two};
use crate::terminal::Terminal;
use serde_json::Value;

/// Questions, those first that decide most.
pub(crate) fn questions(terminal: &Terminal, reply: &Value, open: bool) {
    let mut shown: usize = 0;
    for one in list(reply, "questions") {
        if open && text(one, "state") == "answered" {
            continue;
        }
        shown = shown.saturating_add(1);
        terminal.line(&format!("[{}] {}", state(terminal, one), two(terminal, one, "text")));
        let rest = number(one, "requirements");
        let rests = match terminal.choose("en", "ja") {
            "ja" => format!("{rest} 件の要求事項に関係"),
            _ => format!("{rest} requirements rest on it"),
        };
        terminal.line(&format!("    {}  ({rests})", text(one, "question")));
        if let Some(answer) = one.get("answer").filter(|answer| !answer.is_null()) {
            terminal.line(&format!("    {}", answered(terminal, answer)));
        }
    }
    if shown == 0 {
        terminal.line(terminal.choose("no questions", "該当する質問はありません"));
    }
}

/// One question with its answer.
pub(crate) fn question(terminal: &Terminal, one: &Value) {
    terminal.line(two(terminal, one, "text"));
    if let Some(answer) = one.get("answer") {
        terminal.line(&answered(terminal, answer));
    }
}

/// A decision that a requirement does not apply.
pub(crate) fn exclusion(terminal: &Terminal, one: &Value) {
    let mut lines = Lines::new();
    lines.add(terminal.choose("requirement", "要求事項"), text(one, "requirement"));
    lines.add(terminal.choose("does not apply because", "対象外の理由"), text(one, "reason"));
    lines.add(terminal.choose("decided by", "決定者"), text(one, "name"));
    lines.add(terminal.choose("until", "有効期限"), time(one, "valid_until"));
    lines.show(terminal);
}

fn state<'a>(terminal: &'a Terminal, one: &'a Value) -> &'a str {
    match text(one, "state") {
        "open" => terminal.choose("open", "未回答"),
        "over" => terminal.choose("over", "期限切れ"),
        "answered" => terminal.choose("answered", "回答済み"),
        other => other,
    }
}

fn answered(terminal: &Terminal, answer: &Value) -> String {
    let value = match answer.get("answer") {
        Some(Value::Bool(true)) => terminal.choose("yes", "はい").to_owned(),
        Some(Value::Bool(false)) => terminal.choose("no", "いいえ").to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let (until, note) = (time(answer, "valid_until"), text(answer, "note"));
    let note = if note.is_empty() { String::new() } else { format!(" ({note})") };
    let said = match terminal.choose("en", "ja") {
        "ja" => format!("{value} — {}、{} まで有効", text(answer, "name"), until),
        _ => format!("{value} — {}, counts until {until}", text(answer, "name")),
    };
    format!("{said}{note}  #{}", number(answer, "position"))
}
