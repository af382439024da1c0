//! Reports that were handed out, on the terminal.

use super::{list, number, text, time};
use crate::table::Table;
use crate::terminal::Terminal;
use serde_json::Value;
use std::path::Path;

/// Characters of a digest that tell files apart at a glance.
const DIGEST_CHARS: usize = 16;

/// Who got which version of which report, the newest first.
pub(crate) fn handed_out(terminal: &Terminal, reply: &Value) {
    let mut table = Table::new(&[
        terminal.choose("when", "日時"),
        terminal.choose("report", "報告書"),
        terminal.choose("edition", "ガイドライン"),
        terminal.choose("for", "立場"),
        terminal.choose("language", "言語"),
        terminal.choose("version", "版"),
        terminal.choose("form", "形式"),
        terminal.choose("to", "交付先"),
        terminal.choose("by", "実行者"),
        terminal.choose("position", "位置"),
        "SHA-256",
    ]);
    for one in list(reply, "reports") {
        let digest = list(one, "files").first().map(|file| text(file, "sha256")).unwrap_or_default();
        table.row([
            time(one, "at"),
            text(one, "form").to_owned(),
            text(one, "edition").to_owned(),
            side(terminal, text(one, "side")).to_owned(),
            text(one, "language").to_owned(),
            number(one, "version").to_string(),
            text(one, "output").to_owned(),
            to(terminal, one).to_owned(),
            text(one, "by").to_owned(),
            number(one, "position").to_string(),
            digest.chars().take(DIGEST_CHARS).collect(),
        ]);
    }
    terminal.table(&table);
    if reply.get("more").and_then(Value::as_bool) == Some(true) {
        terminal.note(terminal.choose(
            "Earlier ones are not listed; the journal has all of them.",
            "これより前のものは表示していません。すべてジャーナルに残っています。",
        ));
    }
    if list(reply, "reports").is_empty() {
        terminal.note(terminal.choose("no report was handed out yet", "交付した報告書はまだありません"));
    }
}

/// That a report was written.
pub(crate) fn written(terminal: &Terminal, reply: &Value, (path, sha256): (&Path, &str)) {
    terminal.line(&format!("{}: {}", path.display(), headed(terminal, reply)));
    terminal.line(&format!("  SHA-256 {sha256}"));
}

/// What a report says, in short, with how to have it as a file.
pub(crate) fn summary(terminal: &Terminal, reply: &Value, paper: &[u8]) {
    let paper: Value = serde_json::from_slice(paper).unwrap_or_default();
    terminal.line(&format!("{}  {}", text(&paper, "title"), text(&paper, "facility")));
    terminal.line(&headed(terminal, reply));
    let mut table = Table::new(&[terminal.choose("section", "見出し"), terminal.choose("rows", "行数")]);
    for section in list(&paper, "sections") {
        let rows: usize = list(section, "blocks")
            .iter()
            .filter_map(|block| block.get("table"))
            .map(|table| list(table, "rows").len())
            .sum();
        table.row([text(section, "heading").to_owned(), rows.to_string()]);
    }
    terminal.table(&table);
    let form = text(reply, "form");
    terminal.note(&match terminal.choose("en", "ja") {
        "ja" => format!("ファイルにするには --out {form}.pdf（.xlsx、.html、.json、証明付きの一式なら .zip）を付けてください。"),
        _ => format!("For a file add --out {form}.pdf (or .xlsx, .html, .json, or .zip for all of them with proofs)."),
    });
}

/// Which version it is, as of when, for whom.
fn headed(terminal: &Terminal, reply: &Value) -> String {
    let (version, as_of, to) = (number(reply, "version"), time(reply, "as_of"), to(terminal, reply));
    let position = number(reply, "position");
    match terminal.choose("en", "ja") {
        "ja" => format!("第 {version} 版、{as_of} 時点、交付先：{to}（ジャーナルの位置 {position}）"),
        _ => format!("version {version}, as of {as_of}, to {to} (journal position {position})"),
    }
}

fn to<'a>(terminal: &'a Terminal, one: &'a Value) -> &'a str {
    match text(one, "recipient") {
        "" => terminal.choose("nobody named", "記載なし"),
        name => name,
    }
}

fn side<'a>(terminal: &'a Terminal, side: &str) -> &'a str {
    match side {
        "facility" => terminal.choose("facility", "医療機関"),
        "provider" => terminal.choose("provider", "事業者"),
        _ => terminal.choose("all", "すべて"),
    }
}
