//! Apps and services, and what people granted to them.

use super::words::word;
use super::{Lines, list, text, time};
use crate::table::Table;
use crate::terminal::Terminal;
use serde_json::Value;

/// All apps, a line each.
pub(crate) fn apps(terminal: &Terminal, reply: &Value) {
    let mut table = Table::new(&[
        terminal.choose("app", "アプリ"),
        terminal.choose("name", "名称"),
        terminal.choose("kind", "種類"),
        terminal.choose("state", "状態"),
        terminal.choose("scopes", "スコープ"),
    ]);
    for app in list(reply, "apps") {
        table.row([
            text(app, "app").to_owned(),
            text(app, "name").to_owned(),
            word(terminal, text(app, "kind")),
            word(terminal, text(app, "state")),
            text(app, "scopes").to_owned(),
        ]);
    }
    if table.is_empty() {
        terminal.line(terminal.choose("no apps", "アプリはありません"));
    } else {
        terminal.table(&table);
    }
}

/// One app, and its grants where they are told.
pub(crate) fn app(terminal: &Terminal, app: &Value) {
    let mut lines = Lines::new();
    lines.add(terminal.choose("app", "アプリ"), text(app, "app"));
    lines.add(terminal.choose("name", "名称"), text(app, "name"));
    lines.add(terminal.choose("kind", "種類"), word(terminal, text(app, "kind")));
    lines.add(terminal.choose("state", "状態"), word(terminal, text(app, "state")));
    lines.add(terminal.choose("reason", "理由"), text(app, "disabled_because"));
    lines.add(terminal.choose("scopes", "スコープ"), text(app, "scopes"));
    lines.add(terminal.choose("account", "アカウント"), text(app, "account"));
    lines.add(terminal.choose("opened at", "起動アドレス"), text(app, "launch"));
    for address in list(app, "redirects") {
        lines.add(terminal.choose("leads back to", "戻り先"), address.as_str().unwrap_or_default());
    }
    for key in list(app.get("keys").unwrap_or(&Value::Null), "keys") {
        lines.add(terminal.choose("key", "鍵"), format!("{} ({})", text(key, "kid"), text(key, "kty")));
    }
    lines.show(terminal);
    let grants = list(app, "grants");
    if grants.is_empty() {
        return;
    }
    let mut table = Table::new(&[
        terminal.choose("allowed by", "許可した人"),
        terminal.choose("lasts", "期間"),
        terminal.choose("since", "開始"),
        terminal.choose("until", "期限"),
        terminal.choose("scopes", "スコープ"),
    ]);
    for grant in grants {
        table.row([
            text(grant, "account").to_owned(),
            word(terminal, text(grant, "lasts")),
            time(grant, "made"),
            time(grant, "ends"),
            text(grant, "scopes").to_owned(),
        ]);
    }
    terminal.line("");
    terminal.table(&table);
}
