//! Emergency access to restricted patients.

use super::{Lines, list, text, time};
use crate::table::Table;
use crate::terminal::Terminal;
use serde_json::Value;

/// All of them, a line each.
pub(crate) fn glasses(terminal: &Terminal, reply: &Value) {
    let mut table = Table::new(&[
        terminal.choose("emergency access", "緊急アクセス"),
        terminal.choose("account", "アカウント"),
        terminal.choose("patient", "患者"),
        terminal.choose("from", "開始"),
        terminal.choose("until", "終了"),
        terminal.choose("reason", "理由"),
        terminal.choose("reviewed by", "確認者"),
    ]);
    for one in list(reply, "glasses") {
        table.row([
            text(one, "glass").to_owned(),
            text(one, "account").to_owned(),
            text(one, "patient").to_owned(),
            time(one, "from"),
            until(terminal, one),
            text(one, "reason").to_owned(),
            one.get("reviewed").map(|reviewed| text(reviewed, "by").to_owned()).unwrap_or_default(),
        ]);
    }
    if table.is_empty() {
        terminal.line(terminal.choose("no emergency access", "緊急アクセスはありません"));
    } else {
        terminal.table(&table);
    }
}

/// One of them.
pub(crate) fn glass(terminal: &Terminal, one: &Value) {
    let mut lines = Lines::new();
    lines.add(terminal.choose("emergency access", "緊急アクセス"), text(one, "glass"));
    lines.add(terminal.choose("account", "アカウント"), text(one, "account"));
    lines.add(terminal.choose("patient", "患者"), text(one, "patient"));
    lines.add(terminal.choose("reason", "理由"), text(one, "reason"));
    lines.add(terminal.choose("from", "開始"), time(one, "from"));
    lines.add(terminal.choose("until", "終了"), until(terminal, one));
    if let Some(reviewed) = one.get("reviewed") {
        lines.add(terminal.choose("reviewed by", "確認者"), text(reviewed, "by"));
        lines.add(terminal.choose("found", "確認結果"), text(reviewed, "note"));
    }
    lines.show(terminal);
}

fn until(terminal: &Terminal, one: &Value) -> String {
    let mut said = time(one, "until");
    if one.get("lasts") == Some(&Value::Bool(true)) {
        said.push_str(terminal.choose(" (lasts)", "（継続中）"));
    }
    said
}
