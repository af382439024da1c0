//! Who answers for each requirement, on the terminal.

use super::{list, number, text, two};
use crate::table::Table;
use crate::terminal::Terminal;
use serde_json::Value;
use std::path::Path;

/// Disclosures that were taken in, and those that could be.
pub(crate) fn disclosures(terminal: &Terminal, reply: &Value) {
    let mut table = Table::new(&[
        terminal.choose("party", "事業者"),
        terminal.choose("name", "名称"),
        terminal.choose("layer", "層"),
        terminal.choose("dated", "時点"),
        terminal.choose("statements", "件数"),
        terminal.choose("counting", "有効な件数"),
        terminal.choose("in use", "取り込み"),
    ]);
    let (taken_in, built_in) = (list(reply, "disclosures"), list(reply, "built_in"));
    let rest =
        built_in.iter().filter(|one| !taken_in.iter().any(|kept| text(kept, "party") == text(one, "party")));
    for (one, used) in taken_in.iter().map(|one| (one, true)).chain(rest.map(|one| (one, false))) {
        table.row([
            text(one, "party").to_owned(),
            two(terminal, one, "name").to_owned(),
            layer(terminal, text(one, "layer")).to_owned(),
            text(one, "dated").to_owned(),
            number(one, "statements").to_string(),
            number(one, "counting").to_string(),
            if used { terminal.choose("yes", "済み") } else { terminal.choose("no", "未") }.to_owned(),
        ]);
    }
    terminal.table(&table);
}

/// Those that were taken in.
pub(crate) fn taken_in(terminal: &Terminal, reply: &Value) {
    for one in list(reply, "disclosures") {
        terminal.line(&format!(
            "{} {}: {} {}",
            text(one, "party"),
            two(terminal, one, "name"),
            number(one, "statements"),
            terminal.choose("statements", "件"),
        ));
    }
}

/// That a disclosure was written.
pub(crate) fn exported(terminal: &Terminal, reply: &Value, out: &Path) {
    let count = number(reply, "statements");
    terminal.line(&format!("{}: {count} {}", out.display(), terminal.choose("statements", "件")));
}

/// A line for each requirement, and the sum.
pub(crate) fn matrix(terminal: &Terminal, reply: &Value) {
    let parties: Vec<&str> = list(reply, "parties").iter().map(|party| text(party, "party")).collect();
    let mut head = vec![terminal.choose("requirement", "要求事項"), terminal.choose("name", "名称")];
    head.extend(&parties);
    head.extend([
        terminal.choose("answers", "担当"),
        terminal.choose("left to the facility", "医療機関に残ること"),
    ]);
    let mut table = Table::new(&head);
    for row in list(reply, "rows") {
        let mut cells = vec![text(row, "requirement").to_owned(), two(terminal, row, "name").to_owned()];
        cells.extend(parties.iter().map(|party| said(terminal, row, party)));
        cells.push(answered(terminal, text(row, "answered")).to_owned());
        cells.push(left(terminal, row));
        table.row(cells);
    }
    terminal.table(&table);
    sum(terminal, reply);
}

fn sum(terminal: &Terminal, reply: &Value) {
    let of = |name: &str| {
        let found = list(reply, "counts").iter().find(|one| text(one, "answered") == name);
        found.map_or(0, |one| number(one, "count"))
    };
    let all = list(reply, "rows").len();
    let (below, shared, own) = (of("below"), of("shared"), of("facility"));
    let (nobody, wrong) = (of("unassigned"), of("contradicted"));
    terminal.note(&match terminal.choose("en", "ja") {
        "ja" => format!(
            "{all} 件のうち {below} 件は下位の層が受け持ち、{shared} 件は分担、{own} 件は医療機関が受け持ちます。担当者がいないもの {nobody} 件、矛盾 {wrong} 件。"
        ),
        _ => format!(
            "{below} of {all} are answered below you, {shared} are shared, these {own} are yours; {nobody} have nobody, {wrong} are contradicted."
        ),
    });
}

fn answered<'a>(terminal: &'a Terminal, one: &'a str) -> &'a str {
    match one {
        "below" => terminal.choose("layers below", "下位の層"),
        "shared" => terminal.choose("shared", "分担"),
        "facility" => terminal.choose("facility", "医療機関"),
        "unassigned" => terminal.choose("NOBODY", "担当なし"),
        "contradicted" => terminal.choose("CONTRADICTED", "矛盾あり"),
        other => other,
    }
}

fn layer<'a>(terminal: &'a Terminal, one: &'a str) -> &'a str {
    match one {
        "infrastructure" => terminal.choose("infrastructure", "基盤"),
        "platform" => terminal.choose("platform", "プラットフォーム"),
        "provider" => terminal.choose("provider", "サービス"),
        other => other,
    }
}

fn said(terminal: &Terminal, row: &Value, party: &str) -> String {
    let own = list(row, "says").iter().find(|said| text(said, "party") == party);
    let expired = list(row, "expired").iter().any(|one| one.as_str() == Some(party));
    match own.map(|said| text(said, "share")) {
        Some("provided") => terminal.choose("provided", "提供"),
        Some("shared") => terminal.choose("shared", "分担"),
        Some("customer") => terminal.choose("customer", "利用者"),
        _ if expired => terminal.choose("EXPIRED", "期限切れ"),
        _ => "",
    }
    .to_owned()
}

fn left(terminal: &Terminal, row: &Value) -> String {
    let name =
        |pair: &Value, index: usize| pair.get(index).and_then(Value::as_str).unwrap_or_default().to_owned();
    let unfounded = list(row, "unfounded").iter().map(|pair| {
        let (who, below) = (name(pair, 0), name(pair, 1));
        match terminal.choose("en", "ja") {
            "ja" => format!("{who} は {below} に頼っているが、{below} は受け持っていない"),
            _ => format!("{who} relies on {below}, which does not answer for it"),
        }
    });
    let silent =
        list(row, "silent").iter().filter_map(Value::as_str).map(|who| match terminal.choose("en", "ja") {
            "ja" => format!("{who} からの開示がない"),
            _ => format!("{who} says nothing"),
        });
    let member = terminal.choose("en", "ja");
    let remains = list(row, "remains").iter().map(|one| text(one, member).to_owned());
    unfounded.chain(silent).chain(remains).collect::<Vec<_>>().join(" / ")
}
