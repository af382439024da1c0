//! The register of documents on the terminal.

use super::{Lines, list, number, text, time, two};
use crate::table::Table;
use crate::terminal::Terminal;
use serde_json::Value;

/// Kinds with how many of their documents count.
pub(crate) fn kinds(terminal: &Terminal, reply: &Value, missing: bool) {
    let mut table = Table::new(&[
        terminal.choose("kind", "種類"),
        terminal.choose("name", "名称"),
        terminal.choose("counting", "有効な文書"),
        terminal.choose("requirements", "関係する要求事項"),
        terminal.choose("template", "ひな形"),
    ]);
    for one in list(reply, "kinds") {
        if missing && number(one, "counting") > 0 {
            continue;
        }
        let template = one.get("template") == Some(&Value::Bool(true));
        table.row([
            text(one, "kind").to_owned(),
            two(terminal, one, "name").to_owned(),
            number(one, "counting").to_string(),
            number(one, "requirements").to_string(),
            if template { terminal.choose("yes", "あり") } else { "" }.to_owned(),
        ]);
    }
    terminal.table(&table);
}

/// Documents, a line each.
pub(crate) fn documents(terminal: &Terminal, reply: &Value, all: bool) {
    let mut table = Table::new(&[
        terminal.choose("document", "文書"),
        terminal.choose("kind", "種類"),
        terminal.choose("title", "題名"),
        terminal.choose("version", "版"),
        terminal.choose("state", "状態"),
        terminal.choose("review by", "見直し期限"),
        terminal.choose("owner", "管理者"),
        terminal.choose("approved by", "承認者"),
    ]);
    for one in list(reply, "documents") {
        if !all && text(one, "standing") == "withdrawn" {
            continue;
        }
        table.row([
            text(one, "id").to_owned(),
            text(one, "kind").to_owned(),
            text(one, "title").to_owned(),
            text(one, "version").to_owned(),
            standing(terminal, one).to_owned(),
            text(one, "review_on").to_owned(),
            text(one, "owner").to_owned(),
            one.get("approved").map(|approved| text(approved, "by").to_owned()).unwrap_or_default(),
        ]);
    }
    if table.is_empty() {
        terminal.line(terminal.choose("no documents", "登録された文書はありません"));
    } else {
        terminal.table(&table);
    }
}

/// One document.
pub(crate) fn document(terminal: &Terminal, one: &Value) {
    let mut lines = Lines::new();
    lines.add(terminal.choose("document", "文書"), text(one, "id"));
    lines.add(terminal.choose("kind", "種類"), text(one, "kind"));
    lines.add(terminal.choose("title", "題名"), text(one, "title"));
    lines.add(terminal.choose("version", "版"), text(one, "version"));
    lines.add(terminal.choose("state", "状態"), standing(terminal, one));
    lines.add(terminal.choose("place", "所在"), place(one));
    lines.add("SHA-256", text(one, "sha256"));
    lines.add(terminal.choose("owner", "管理者"), text(one, "owner"));
    if let Some(approved) = one.get("approved") {
        let said = format!("{} ({})", text(approved, "by"), text(approved, "on"));
        lines.add(terminal.choose("approved by", "承認者"), said);
    }
    lines.add(terminal.choose("review by", "見直し期限"), text(one, "review_on"));
    if let Some(withdrawn) = one.get("withdrawn") {
        let said = format!("{} ({})", text(withdrawn, "reason"), time(withdrawn, "at"));
        lines.add(terminal.choose("withdrawn", "取り下げ"), said);
    }
    lines.add(terminal.choose("entry", "ジャーナルの位置"), format!("#{}", number(one, "position")));
    lines.show(terminal);
}

fn place(one: &Value) -> &str {
    let place = one.get("place").and_then(Value::as_object);
    place.and_then(|place| place.values().next()).and_then(Value::as_str).unwrap_or_default()
}

fn standing<'a>(terminal: &'a Terminal, one: &'a Value) -> &'a str {
    match text(one, "standing") {
        "counts" => terminal.choose("counts", "有効"),
        "not-approved" => terminal.choose("NOT APPROVED", "未承認"),
        "expired" => terminal.choose("REVIEW OVERDUE", "見直し期限切れ"),
        "changed" => terminal.choose("FILE CHANGED", "ファイルが登録時と異なる"),
        "missing" => terminal.choose("FILE MISSING", "ファイルを読めない"),
        "withdrawn" => terminal.choose("withdrawn", "取り下げ"),
        other => other,
    }
}
