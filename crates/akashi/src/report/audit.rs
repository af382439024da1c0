//! Accesses, and who looked at a patient.

use super::words::{occupation, word};
use super::{list, text, time};
use crate::table::Table;
use crate::terminal::Terminal;
use serde_json::Value;

/// A line for each access, newest first.
pub(crate) fn accesses(terminal: &Terminal, reply: &Value) {
    let mut table = Table::new(&[
        terminal.choose("time", "日時"),
        terminal.choose("account", "アカウント"),
        terminal.choose("address", "アドレス"),
        terminal.choose("action", "操作"),
        terminal.choose("what", "対象"),
        terminal.choose("patients", "患者"),
        terminal.choose("decision", "判定"),
        terminal.choose("status", "結果"),
    ]);
    for entry in list(reply, "entries") {
        let patients: Vec<&str> = list(entry, "patients").iter().filter_map(Value::as_str).collect();
        let status = entry.get("status").map(ToString::to_string).unwrap_or_default();
        table.row([
            time(entry, "time"),
            text(entry, "account").to_owned(),
            text(entry, "address").to_owned(),
            text(entry, "action").to_owned(),
            text(entry, "target").to_owned(),
            patients.join(" "),
            decision(terminal, text(entry, "decided")),
            format!("{status} {}", text(entry, "code")).trim_end().to_owned(),
        ]);
    }
    if table.is_empty() {
        terminal.line(terminal.choose("no accesses", "該当するアクセスはありません"));
        return;
    }
    terminal.table(&table);
    if reply.get("next").is_some_and(Value::is_string) {
        terminal.note(terminal.choose(
            "There are more; narrow the time, or ask for more with --count.",
            "ほかにもあります。期間を絞り込むか、--count で件数を増やしてください。",
        ));
    }
}

fn decision(terminal: &Terminal, decided: &str) -> String {
    match decided {
        "permitted" => terminal.choose("permitted", "許可").to_owned(),
        "refused" => terminal.choose("refused", "拒否").to_owned(),
        _ => terminal.choose("none", "なし").to_owned(),
    }
}

/// A line for each account that looked, those who did not treat the patient first.
pub(crate) fn lookers(terminal: &Terminal, reply: &Value) {
    let mut table = Table::new(&[
        terminal.choose("account", "アカウント"),
        terminal.choose("kind", "種類"),
        terminal.choose("occupation", "職種"),
        terminal.choose("treating", "診療"),
        terminal.choose("because", "根拠"),
        terminal.choose("shown", "閲覧・記載"),
        terminal.choose("not treating", "診療外"),
        terminal.choose("refused", "拒否"),
        terminal.choose("glass broken", "緊急"),
        terminal.choose("first", "最初"),
        terminal.choose("last", "最後"),
    ]);
    let count = |of: &Value, name: &str| of.get(name).map(ToString::to_string).unwrap_or_default();
    for looker in list(reply, "lookers") {
        let because = list(looker, "because").iter().filter_map(Value::as_str);
        let because: Vec<&str> = because.map(|one| basis(terminal, one)).collect();
        table.row([
            text(looker, "account").to_owned(),
            word(terminal, text(looker, "kind")),
            occupation(terminal, text(looker, "occupation")),
            treating(terminal, text(looker, "treating")).to_owned(),
            because.join(terminal.choose(", ", "、")),
            count(looker, "shown"),
            count(looker, "not_treating"),
            count(looker, "refused"),
            count(looker, "broken_glass"),
            time(looker, "first"),
            time(looker, "last"),
        ]);
    }
    if table.is_empty() {
        terminal.line(terminal.choose("nobody looked", "閲覧した人はいません"));
    } else {
        terminal.table(&table);
    }
}

fn treating<'t>(terminal: &'t Terminal, word: &str) -> &'t str {
    match word {
        "yes" => terminal.choose("yes", "あり"),
        "no" => terminal.choose("NO", "なし（要確認）"),
        "not-a-person" => terminal.choose("not a person", "人以外"),
        _ => terminal.choose("unknown", "不明"),
    }
}

fn basis<'t>(terminal: &'t Terminal, word: &str) -> &'t str {
    match word {
        "general-practitioner" => terminal.choose("general practitioner", "かかりつけ医"),
        "encounter" => terminal.choose("encounter", "受診・入院"),
        "care-team" => terminal.choose("care team", "担当チーム"),
        "appointment" => terminal.choose("appointment", "予約"),
        _ => terminal.choose("own record", "自身の記載"),
    }
}
