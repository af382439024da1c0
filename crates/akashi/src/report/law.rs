//! The facility's own policies, and what waits for a second person.

use super::{Lines, list, text, time};
use crate::terminal::Terminal;
use base::Problem;
use serde_json::Value;

/// What is in force, then every proposal with its whole text.
pub(crate) fn law(terminal: &Terminal, reply: &Value) {
    let extension = text(reply, "extension");
    if extension.is_empty() {
        terminal.line(terminal.choose(
            "The default policies are in force, and nothing beside them.",
            "標準の権限ルールだけが有効です。",
        ));
    }
    let mut lines = Lines::new();
    lines.add(terminal.choose("in force since", "有効になった日時"), time(reply, "since"));
    lines.add(terminal.choose("proposed by", "提案者"), text(reply, "proposed_by"));
    lines.add(terminal.choose("approved by", "承認者"), text(reply, "approved_by"));
    lines.add(terminal.choose("reason", "理由"), text(reply, "reason"));
    lines.show(terminal);
    policies(terminal, extension);
    for one in list(reply, "proposals") {
        terminal.line("");
        proposal(terminal, one);
    }
}

/// What the law says without the facility's own policies, and in which words.
pub(crate) fn law_texts(terminal: &Terminal, reply: &Value) {
    for (title, name) in [
        (terminal.choose("words", "ルールで使える語"), "schema"),
        (terminal.choose("groups", "職種と型のグループ"), "groups"),
        (terminal.choose("default policies", "標準のルール"), "default"),
    ] {
        terminal.line(&format!("{title}:"));
        policies(terminal, text(reply, name));
        terminal.line("");
    }
}

/// Who may do what, one after the other; or one of them.
///
/// # Errors
/// There is no such occupation or duty.
pub(crate) fn matrix(terminal: &Terminal, reply: &Value, role: Option<&str>) -> Result<(), Problem> {
    let roles = list(reply, "roles");
    let wanted: Vec<&Value> =
        roles.iter().filter(|one| role.is_none_or(|word| text(one, "role") == word)).collect();
    if wanted.is_empty() {
        let known: Vec<&str> = roles.iter().map(|one| text(one, "role")).collect();
        return Err(
            Problem::new(&identity::codes::BODY_WRONG).with("what", format!("role: {}", known.join(", ")))
        );
    }
    for one in wanted {
        terminal.line(text(one, "role"));
        for row in list(one, "records") {
            terminal.line(&format!("  {}: {}", words(row, "actions"), words(row, "types")));
        }
        terminal.line(&format!("  {}: {}", terminal.choose("else", "その他"), words(one, "others")));
        changed(terminal, one);
    }
    let conditions = words(reply, "conditions");
    if !conditions.is_empty() {
        let said = terminal.choose(
            "The facility's policies also look at",
            "施設のルールは次の条件も見ます（条件を変えて確かめてください）",
        );
        terminal.line(&format!("{said}: {conditions}"));
    }
    Ok(())
}

/// What somebody gains and loses.
fn changed(terminal: &Terminal, one: &Value) {
    let rows = list(one, "changes")
        .iter()
        .map(|row| (words(row, "gained"), words(row, "lost"), words(row, "types")));
    let others = (words(one, "others_gained"), words(one, "others_lost"), String::new());
    for (gained, lost, types) in rows.chain([others]) {
        for (sign, what) in [("+", gained), ("-", lost)] {
            if !what.is_empty() {
                terminal.line(format!("  {sign} {what} {types}").trim_end());
            }
        }
    }
}

fn words(value: &Value, name: &str) -> String {
    list(value, name).iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ")
}

/// One proposal.
pub(crate) fn proposal(terminal: &Terminal, proposal: &Value) {
    let mut lines = Lines::new();
    lines.add(terminal.choose("proposal", "提案"), text(proposal, "proposal"));
    lines.add(terminal.choose("by", "提案者"), text(proposal, "by"));
    lines.add(terminal.choose("reason", "理由"), text(proposal, "reason"));
    lines.add(terminal.choose("made", "作成"), time(proposal, "at"));
    lines.add(terminal.choose("ends", "期限"), time(proposal, "ends"));
    lines.show(terminal);
    policies(terminal, text(proposal, "text"));
}

fn policies(terminal: &Terminal, policies: &str) {
    for line in policies.lines() {
        terminal.line(&format!("  {line}"));
    }
}
