//! Accounts, their factors and sessions, invitations and keys.

use super::words::{duties, occupation, word, words};
use super::{Lines, list, text, time};
use crate::table::Table;
use crate::terminal::Terminal;
use base::Problem;
use identity::qr;
use serde_json::Value;

/// All accounts, a line each.
pub(crate) fn accounts(terminal: &Terminal, reply: &Value) {
    let mut table = Table::new(&[
        terminal.choose("account", "アカウント"),
        terminal.choose("name", "名前"),
        terminal.choose("kind", "種類"),
        terminal.choose("occupation", "職種"),
        terminal.choose("duties", "役割"),
        terminal.choose("state", "状態"),
        terminal.choose("factors", "要素"),
        terminal.choose("last used", "最終使用"),
    ]);
    for account in list(reply, "accounts") {
        table.row([
            text(account, "account").to_owned(),
            text(account, "name").to_owned(),
            kind(terminal, account),
            occupation(terminal, text(account, "occupation")),
            duties(terminal, list(account, "duties")),
            state(terminal, account),
            words(terminal, list(account, "factors")),
            last_used(terminal, account),
        ]);
    }
    if table.is_empty() {
        terminal.line(terminal.choose("no accounts", "アカウントはありません"));
    } else {
        terminal.table(&table);
    }
}

/// What it is for, and of a person's account whether it is not just that person's own.
fn kind(terminal: &Terminal, account: &Value) -> String {
    let kind = word(terminal, text(account, "kind"));
    match text(account, "holding") {
        holding @ ("shared" | "emergency") => {
            let (open, close) = (terminal.choose(" (", "（"), terminal.choose(")", "）"));
            format!("{kind}{open}{}{close}", word(terminal, holding))
        }
        _ => kind,
    }
}

/// Active or disabled; of the active ones those that cannot be used at this moment.
fn state(terminal: &Terminal, account: &Value) -> String {
    let unusable = account.get("usable") == Some(&Value::Bool(false));
    match text(account, "state") {
        "active" if unusable => terminal.choose("outside its work order", "作業指示の期間外").to_owned(),
        state => word(terminal, state),
    }
}

fn last_used(terminal: &Terminal, account: &Value) -> String {
    let flag = |name| account.get(name) == Some(&Value::Bool(true));
    let mut said = time(account, "last_used");
    if said.is_empty() {
        let never = if flag("invited") { ("invited", "招待中") } else { ("never", "なし") };
        terminal.choose(never.0, never.1).clone_into(&mut said);
    }
    if flag("unused") {
        said.push_str(terminal.choose(" (unused)", "（未使用）"));
    }
    said
}

/// One account.
pub(crate) fn account(terminal: &Terminal, account: &Value) {
    let mut lines = Lines::new();
    lines.add(terminal.choose("account", "アカウント"), text(account, "account"));
    lines.add(terminal.choose("name", "名前"), text(account, "name"));
    lines.add(terminal.choose("kind", "種類"), kind(terminal, account));
    lines.add(terminal.choose("occupation", "職種"), occupation(terminal, text(account, "occupation")));
    lines.add(terminal.choose("duties", "役割"), duties(terminal, list(account, "duties")));
    lines.add(terminal.choose("state", "状態"), state(terminal, account));
    lines.add(terminal.choose("reason", "理由"), text(account, "disabled_because"));
    if let Some(order) = account.get("work_order").filter(|order| order.is_object()) {
        let said = format!("{} ({})", text(order, "order"), text(order, "company"));
        lines.add(terminal.choose("work order", "作業指示"), said);
        let times = format!("{} – {}", time(order, "from"), time(order, "until"));
        lines.add(terminal.choose("from – until", "期間"), times);
    }
    lines.add("Practitioner", text(account, "practitioner"));
    lines.add(terminal.choose("scopes", "スコープ"), text(account, "scopes"));
    lines.show(terminal);
}

/// One account with its factors and sessions.
pub(crate) fn account_in_full(terminal: &Terminal, reply: &Value) {
    account(terminal, reply);
    let mut lines = Lines::new();
    lines.add(terminal.choose("made", "作成"), time(reply, "made"));
    lines.add(terminal.choose("last used", "最終使用"), last_used(terminal, reply));
    lines.show(terminal);
    let mut factors = Table::new(&[
        terminal.choose("factor", "要素"),
        terminal.choose("kind", "種類"),
        terminal.choose("label", "名称"),
        terminal.choose("made", "作成"),
    ]);
    for factor in list(reply, "factor_list") {
        let kind = word(terminal, text(factor, "kind"));
        factors.row([
            text(factor, "factor").to_owned(),
            kind,
            text(factor, "label").to_owned(),
            time(factor, "made"),
        ]);
    }
    below(terminal, &factors);
    let mut sessions = Table::new(&[
        terminal.choose("session", "セッション"),
        terminal.choose("began", "開始"),
        terminal.choose("last used", "最終使用"),
        terminal.choose("factors", "要素"),
        terminal.choose("device", "端末"),
        terminal.choose("address", "アドレス"),
        terminal.choose("software", "ソフトウェア"),
    ]);
    for session in list(reply, "sessions") {
        sessions.row([
            text(session, "session").to_owned(),
            time(session, "began"),
            time(session, "last_used"),
            words(terminal, list(session, "factors")),
            text(session, "device").to_owned(),
            text(session, "address").to_owned(),
            text(session, "agent").to_owned(),
        ]);
    }
    below(terminal, &sessions);
    let mut tries = Table::new(&[
        terminal.choose("wrong tries from", "失敗した端末"),
        terminal.choose("tries", "回数"),
        terminal.choose("closed until", "停止の期限"),
    ]);
    for row in list(reply, "wrong_tries") {
        let count = row.get("tries").map(ToString::to_string).unwrap_or_default();
        tries.row([word(terminal, text(row, "from")), count, time(row, "closed_until")]);
    }
    below(terminal, &tries);
}

fn below(terminal: &Terminal, table: &Table) {
    if !table.is_empty() {
        terminal.line("");
        terminal.table(table);
    }
}

/// An invitation, with the QR code of its link.
pub(crate) fn invitation(terminal: &Terminal, reply: &Value) -> Result<(), Problem> {
    let mut lines = Lines::new();
    let link = text(reply, "link");
    lines.add(terminal.choose("invitation for", "招待先"), text(reply, "account"));
    lines.add(terminal.choose("link", "リンク"), link);
    lines.add(terminal.choose("code (shown this once)", "コード（表示は今回だけ）"), text(reply, "code"));
    lines.add(terminal.choose("ends", "期限"), time(reply, "ends"));
    lines.show(terminal);
    if link.is_empty() {
        terminal.note(terminal.choose(
            "There is no link because server.base_url is not set.",
            "server.base_url が未設定のため、リンクはありません。",
        ));
        return Ok(());
    }
    terminal.line(qr::qr_text(link)?.trim_end_matches('\n'));
    Ok(())
}

/// A machine's new key.
pub(crate) fn key(terminal: &Terminal, reply: &Value) {
    let mut lines = Lines::new();
    lines.add(terminal.choose("account", "アカウント"), text(reply, "account"));
    lines.add(terminal.choose("label", "名称"), text(reply, "label"));
    lines.add(terminal.choose("key (shown this once)", "キー（表示は今回だけ）"), text(reply, "key"));
    lines.show(terminal);
}

/// How many sessions were ended.
pub(crate) fn sessions_ended(terminal: &Terminal, reply: &Value) {
    let count = reply.get("ended").and_then(Value::as_u64).unwrap_or_default();
    let said = terminal.choose("sessions ended", "終了したセッション数");
    terminal.line(&format!("{}: {said}: {count}", text(reply, "account")));
}
