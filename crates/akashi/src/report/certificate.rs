//! Authorities and client certificates.

use super::words::word;
use super::{Lines, list, text, time};
use crate::table::Table;
use crate::terminal::Terminal;
use serde_json::Value;

/// Digits of a fingerprint that a list shows; eight are enough to name a certificate.
const FINGERPRINT_CHARS: usize = 16;

/// Authorities, then certificates, a line each.
pub(crate) fn certificates(terminal: &Terminal, reply: &Value) {
    let mut authorities = Table::new(&[
        terminal.choose("authority", "認証局"),
        terminal.choose("name", "名称"),
        terminal.choose("whose", "区分"),
        terminal.choose("revocation", "失効の確認"),
        terminal.choose("stands for", "対応アカウント"),
    ]);
    for one in list(reply, "authorities") {
        authorities.row([
            text(one, "authority").to_owned(),
            text(one, "name").to_owned(),
            whose(terminal, one),
            word(terminal, text(one, "revocation")),
            text(one, "stands_for").to_owned(),
        ]);
    }
    if authorities.is_empty() {
        terminal.line(terminal.choose("no authorities", "認証局はありません"));
    } else {
        terminal.table(&authorities);
    }
    let mut table = Table::new(&[
        terminal.choose("serial", "シリアル番号"),
        terminal.choose("fingerprint", "フィンガープリント"),
        terminal.choose("account", "アカウント"),
        terminal.choose("state", "状態"),
        terminal.choose("until", "有効期限"),
        terminal.choose("authority", "認証局"),
    ]);
    for one in list(reply, "certificates") {
        table.row([
            text(one, "serial").to_owned(),
            text(one, "fingerprint").chars().take(FINGERPRINT_CHARS).collect(),
            text(one, "account").to_owned(),
            word(terminal, text(one, "state")),
            time(one, "not_after"),
            text(one, "authority").to_owned(),
        ]);
    }
    terminal.line("");
    if table.is_empty() {
        terminal.line(terminal.choose("no certificates", "証明書はありません"));
    } else {
        terminal.table(&table);
    }
}

fn whose(terminal: &Terminal, authority: &Value) -> String {
    let own = authority.get("own") == Some(&Value::Bool(true));
    let words = if own { ("own", "施設") } else { ("outside", "外部") };
    terminal.choose(words.0, words.1).to_owned()
}

/// One authority.
pub(crate) fn authority(terminal: &Terminal, authority: &Value) {
    let mut lines = Lines::new();
    lines.add(terminal.choose("authority", "認証局"), text(authority, "authority"));
    lines.add(terminal.choose("name", "名称"), text(authority, "name"));
    lines.add(terminal.choose("whose", "区分"), whose(terminal, authority));
    lines.add(terminal.choose("revocation", "失効の確認"), word(terminal, text(authority, "revocation")));
    lines.add(terminal.choose("stands for", "対応アカウント"), text(authority, "stands_for"));
    lines.show(terminal);
}

/// One certificate.
pub(crate) fn certificate(terminal: &Terminal, certificate: &Value) {
    let mut lines = Lines::new();
    lines.add(terminal.choose("account", "アカウント"), text(certificate, "account"));
    lines.add(terminal.choose("serial", "シリアル番号"), text(certificate, "serial"));
    lines.add(terminal.choose("fingerprint", "フィンガープリント"), text(certificate, "fingerprint"));
    lines.add(terminal.choose("state", "状態"), word(terminal, text(certificate, "state")));
    lines.add(terminal.choose("reason", "理由"), word(terminal, text(certificate, "revoked_because")));
    lines.add(terminal.choose("until", "有効期限"), time(certificate, "not_after"));
    lines.show(terminal);
}
