//! The risk register on the terminal.

use super::{Lines, list, number, text, time};
use crate::table::Table;
use crate::terminal::Terminal;
use base::Problem;
use guideline::risk::{CountermeasureKind, Grade, Level, Method, Status, TreatmentKind};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// All risks, those first that want to be looked at.
pub(crate) fn risks(terminal: &Terminal, reply: &Value) {
    let mut table = Table::new(&[
        terminal.choose("risk", "リスク"),
        terminal.choose("title", "見出し"),
        terminal.choose("state", "段階"),
        terminal.choose("level", "現在の水準"),
        terminal.choose("treatment", "対応"),
        terminal.choose("due", "期限"),
        terminal.choose("to do", "要対応"),
    ]);
    for row in list(reply, "risks") {
        let risk = row.get("risk").unwrap_or(&Value::Null);
        let treatment = risk.get("treatment").unwrap_or(&Value::Null);
        table.row([
            text(risk, "id").to_owned(),
            text(risk, "title").to_owned(),
            word(row, "status", |status: Status| status.name(terminal.language())),
            level(terminal, row, "level"),
            word(treatment, "kind", |kind: TreatmentKind| kind.name(terminal.language())),
            text(treatment, "due").to_owned(),
            to_do(terminal, row),
        ]);
    }
    if table.is_empty() {
        let (assets, flows) = (list(reply, "assets").len(), list(reply, "flows").len());
        terminal.line(&match terminal.choose("en", "ja") {
            "ja" => format!("リスクはまだありません（資産 {assets} 件、流れ {flows} 件）。`akashi risk asset` と `akashi risk flow` で登録し、`akashi risk propose` で挙げてください。"),
            _ => format!("No risks yet ({assets} assets, {flows} flows). Enter what there is with `akashi risk asset` and `akashi risk flow`, then run `akashi risk propose`."),
        });
        return;
    }
    terminal.table(&table);
}

/// What was proposed.
pub(crate) fn proposed(terminal: &Terminal, reply: &Value) {
    let all: Vec<&str> = list(reply, "proposed").iter().filter_map(Value::as_str).collect();
    if all.is_empty() {
        terminal.line(terminal.choose(
            "nothing new; enter assets and flows first",
            "新しいリスクはありません。先に資産と情報の流れを登録してください",
        ));
        return;
    }
    terminal.line(&format!("{}: {}", terminal.choose("named", "追加したリスク"), all.join(", ")));
}

/// An asset or a flow that was entered or removed.
pub(crate) fn entered(terminal: &Terminal, reply: &Value) {
    let id = [text(reply, "id"), text(reply, "asset"), text(reply, "flow")];
    let id = id.into_iter().find(|id| !id.is_empty()).unwrap_or_default();
    let gone = reply.get("id").is_none();
    let said = if gone {
        terminal.choose("removed", "外しました")
    } else {
        terminal.choose("entered", "登録しました")
    };
    terminal.line(&format!("{id}: {said}"));
}

/// One risk with everything about it.
pub(crate) fn risk(terminal: &Terminal, row: &Value) {
    let language = terminal.language();
    let risk = row.get("risk").unwrap_or(&Value::Null);
    let mut lines = Lines::new();
    lines.add(terminal.choose("risk", "リスク"), text(risk, "id"));
    lines.add(terminal.choose("title", "見出し"), text(risk, "title"));
    lines.add(terminal.choose("threat", "脅威"), text(risk, "threat"));
    lines.add(terminal.choose("scenario", "想定"), text(risk, "scenario"));
    lines.add(terminal.choose("assets", "資産"), names(risk, "assets"));
    lines.add(terminal.choose("flows", "情報の流れ"), names(risk, "flows"));
    lines.add(terminal.choose("state", "段階"), word(row, "status", |status: Status| status.name(language)));
    lines.add(terminal.choose("level today", "現在の水準"), level(terminal, row, "level"));
    if let Some(assessed) = risk.get("assessed") {
        lines.add(terminal.choose("assessed", "評価"), rated(terminal, assessed));
    }
    if let Some(treatment) = risk.get("treatment") {
        treated(terminal, &mut lines, treatment);
    }
    for (name_en, name_ja, member, why) in [
        ("approved", "承認", "approval", "note"),
        ("in force", "実施", "in_force", "why"),
        ("reviewed", "見直し", "reviewed", "why"),
        ("closed", "終結", "closed", "why"),
    ] {
        if let Some(done) = risk.get(member) {
            let said = format!("{} ({}, {})", text(done, why), text(done, "by"), time(done, "at"));
            lines.add(terminal.choose(name_en, name_ja), said);
        }
    }
    lines.add(terminal.choose("review by", "次の見直し"), text(risk, "review_by"));
    lines.add(terminal.choose("to do", "要対応"), to_do(terminal, row));
    lines.show(terminal);
}

fn treated(terminal: &Terminal, lines: &mut Lines, treatment: &Value) {
    let language = terminal.language();
    let kind = word(treatment, "kind", |kind: TreatmentKind| kind.name(language));
    let said =
        format!("{kind} — {} ({}, {})", text(treatment, "why"), text(treatment, "by"), time(treatment, "at"));
    lines.add(terminal.choose("treatment", "対応"), said);
    for measure in list(treatment, "countermeasures") {
        let kind = word(measure, "kind", |kind: CountermeasureKind| kind.name(language));
        let said = format!("[{kind}] {} {}", text(measure, "what"), text(measure, "requirement"));
        lines.add(terminal.choose("countermeasure", "対策"), said.trim_end());
    }
    lines.add(terminal.choose("cost", "費用"), text(treatment, "cost"));
    lines.add(terminal.choose("owner", "担当"), text(treatment, "owner"));
    lines.add(terminal.choose("due", "期限"), text(treatment, "due"));
    if let Some(residual) = treatment.get("residual") {
        lines.add(terminal.choose("left then", "対応後"), rated(terminal, residual));
    }
}

fn rated(terminal: &Terminal, of: &Value) -> String {
    let (likelihood, impact) = (number(of, "likelihood"), number(of, "impact"));
    match terminal.choose("en", "ja") {
        "ja" => format!("起こりやすさ {likelihood}、影響 {impact} — {}", text(of, "why")),
        _ => format!("likelihood {likelihood}, impact {impact} — {}", text(of, "why")),
    }
}

fn names(of: &Value, member: &str) -> String {
    list(of, member).iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
}

/// A word of the register by its name in the language of the terminal.
fn word<T: DeserializeOwned>(of: &Value, member: &str, name: impl Fn(T) -> &'static str) -> String {
    let known = of.get(member).and_then(|word| serde_json::from_value(word.clone()).ok());
    known.map(name).unwrap_or_default().to_owned()
}

fn level(terminal: &Terminal, row: &Value, member: &str) -> String {
    let named = word(row, member, |level: Level| level.name(terminal.language()));
    if named.is_empty() { terminal.choose("not assessed", "未評価").to_owned() } else { named }
}

fn to_do(terminal: &Terminal, row: &Value) -> String {
    let said = [
        ("overdue", "overdue", "期限超過"),
        ("review_overdue", "review overdue", "見直し超過"),
        ("awaits_approval", "awaits approval", "承認待ち"),
    ];
    let told = said.iter().filter(|(member, _, _)| row.get(member) == Some(&Value::Bool(true)));
    told.map(|(_, en, ja)| terminal.choose(en, ja)).collect::<Vec<_>>().join(terminal.choose(", ", "、"))
}

/// What each grade means, and what holds at each level.
pub(crate) fn scale(terminal: &Terminal) -> Result<(), Problem> {
    let language = terminal.language();
    let engine = guideline::engine()?;
    let scale = Method::builtin(&engine.catalogue)?.scale;
    terminal.line(terminal.choose("How likely:", "起こりやすさ:"));
    for grade in Grade::all() {
        if let Some(one) = scale.likelihood(grade) {
            terminal.line(&format!("  {grade} {}: {}", one.name.of(language), one.means.of(language)));
        }
    }
    terminal
        .line(terminal.choose("How bad (the worst of the three counts):", "影響（3 つのうち最も重いもの）:"));
    for grade in Grade::all() {
        if let Some(one) = scale.impact(grade) {
            terminal.line(&format!("  {grade} {}", one.name.of(language)));
            for (name, means) in [
                (terminal.choose("patients", "患者の安全"), &one.safety),
                (terminal.choose("confidentiality", "機密性"), &one.confidentiality),
                (terminal.choose("care goes on", "診療の継続"), &one.availability),
            ] {
                terminal.line(&format!("      {name}: {}", means.of(language)));
            }
        }
    }
    terminal.line(terminal.choose("Levels:", "水準:"));
    for level in Level::ALL {
        terminal.line(&format!("  {}: {}", level.name(language), scale.rule(*level).rule.of(language)));
    }
    Ok(())
}
