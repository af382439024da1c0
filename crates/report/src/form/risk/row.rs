//! Every risk in one row: what it is about, how large it is, what is done, what is left, who approved, how far it is.

use super::super::Given;
use super::super::words::{list, tell};
use super::Scene;
use crate::paper::{Block, Cell, Column, Row, Section, Table, Tone};
use guideline::Day;
use guideline::risk::{Extent, Row as RiskRow, Scale, Status};

pub(super) fn section(scene: &Scene<'_, '_>) -> Section {
    let given = scene.given;
    let heading = given.say("リスクの一覧", "All risks");
    if scene.rows.is_empty() {
        let none = given.say(
            "資産や情報の流れは登録されていますが、リスクはまだ一つも挙げられていません。リスクがないという意味ではありません。",
            "Assets or flows are registered, but no risk is named yet. That does not mean that there is none.",
        );
        return Section::new(heading, vec![Block::Text(none.to_owned())]);
    }
    let columns = vec![
        Column::new("ID", 4),
        Column::new(given.say("リスク", "Risk"), 11),
        Column::new(given.say("状態", "Status"), 6),
        Column::new(given.say("現在の水準", "Level today"), 5),
        Column::new(given.say("脅威と弱点・関わるもの", "Threat, weakness, what it concerns"), 28),
        Column::new(given.say("評価", "Assessment"), 10),
        Column::new(given.say("対応と対策", "Treatment and countermeasures"), 14),
        Column::new(given.say("残留リスク", "Residual risk"), 9),
        Column::new(given.say("承認", "Approval"), 7),
        Column::new(given.say("期限と見直し", "Due and review"), 7),
    ];
    let rows = scene.rows.iter().map(|row| {
        let cells = vec![
            Cell::plain(&row.risk.id),
            Cell::plain(&row.risk.title),
            Cell::plain(row.status.name(given.language)),
            scene.level(row.today),
            Cell::plain(threat(scene, row)),
            assessment(scene, row),
            treatment(scene, row),
            residual(scene, row),
            approval(scene, row),
            days(scene, row),
        ];
        Row::Cells { key: Some(row.risk.id.clone()), cells }
    });
    let rows = rows.collect();
    Section::new(heading, vec![Block::Table(Table { name: heading.to_owned(), columns, rows })])
        .on_new_page()
        .wide()
}

fn open(given: &Given<'_>, ja: &str, en: &str) -> Cell {
    Cell::of(Tone::Asked, given.say(ja, en))
}

fn threat(scene: &Scene<'_, '_>, row: &RiskRow<'_>) -> String {
    let given = scene.given;
    let mut lines = vec![row.risk.threat.clone()];
    let assets: Vec<String> = row.risk.assets.iter().map(|id| scene.asset(id)).collect();
    if !assets.is_empty() {
        let assets = list(given, &assets);
        lines.push(tell(given, format!("資産：{assets}"), format!("assets: {assets}")));
    }
    let flow = |id: &String| scene.register.flow(id).map_or_else(|| id.clone(), |flow| flow.name.clone());
    let flows: Vec<String> = row.risk.flows.iter().map(flow).collect();
    if !flows.is_empty() {
        let flows = list(given, &flows);
        lines.push(tell(given, format!("情報の流れ：{flows}"), format!("flows: {flows}")));
    }
    if let Some(scenario) = &row.risk.scenario {
        lines.push(tell(given, format!("シナリオ：{scenario}"), format!("scenario: {scenario}")));
    }
    lines.join("\n")
}

fn extent(given: &Given<'_>, scale: &Scale, extent: Extent) -> String {
    let likelihood = scale.likelihood(extent.likelihood).map(|one| one.name.of(given.language));
    let impact = scale.impact(extent.impact).map(|one| one.name.of(given.language));
    let (one, two) = (likelihood.unwrap_or_default(), impact.unwrap_or_default());
    tell(
        given,
        format!("起こりやすさ {} {one}、影響 {} {two}", extent.likelihood, extent.impact),
        format!("likelihood {} {one}, impact {} {two}", extent.likelihood, extent.impact),
    )
}

fn assessment(scene: &Scene<'_, '_>, row: &RiskRow<'_>) -> Cell {
    let given = scene.given;
    let Some(assessed) = &row.risk.assessed else { return open(given, "未評価", "not assessed") };
    let level = scene.level(row.assessed).text;
    let extent = extent(given, &scene.method.scale, assessed.extent());
    Cell::plain(format!("{level}\n{extent}\n{}\n{}", assessed.why, who(given, &assessed.by, assessed.at.0)))
}

fn who(given: &Given<'_>, by: &str, at: base::Time) -> String {
    let day = Day::of(at);
    tell(given, format!("（{by}、{day}）"), format!("({by}, {day})"))
}

fn treatment(scene: &Scene<'_, '_>, row: &RiskRow<'_>) -> Cell {
    let given = scene.given;
    let Some(plan) = &row.risk.treatment else { return open(given, "対応未定", "no treatment planned") };
    let (kind, why) = (plan.kind.name(given.language), &plan.why);
    let mut lines = vec![tell(given, format!("【{kind}】{why}"), format!("[{kind}] {why}"))];
    lines.extend(plan.countermeasures.iter().map(|one| {
        let (what, kind) = (&one.what, one.kind.name(given.language));
        tell(given, format!("・{what}（{kind}）"), format!("- {what} ({kind})"))
    }));
    let (cost, owner) = (&plan.cost, &plan.owner);
    lines.push(tell(given, format!("費用：{cost}"), format!("cost: {cost}")));
    lines.push(tell(given, format!("担当：{owner}"), format!("owner: {owner}")));
    lines.push(who(given, &plan.by, plan.at.0));
    Cell::plain(lines.join("\n"))
}

fn residual(scene: &Scene<'_, '_>, row: &RiskRow<'_>) -> Cell {
    let given = scene.given;
    let Some(plan) = &row.risk.treatment else {
        return Cell::of(Tone::Unknown, given.say("不明", "unknown"));
    };
    let level = scene.level(row.residual);
    let extent = extent(given, &scene.method.scale, plan.residual.extent());
    let when = if row.status == Status::InForce {
        given.say("（対応は実施済み）", "(treatment in force)")
    } else {
        given.say("（対応を実施した後の見込み）", "(expected once the treatment is in force)")
    };
    Cell { text: format!("{}\n{extent}\n{}\n{when}", level.text, plan.residual.why), ..level }
}

fn approval(scene: &Scene<'_, '_>, row: &RiskRow<'_>) -> Cell {
    let given = scene.given;
    match &row.risk.approval {
        Some(one) => {
            let role = one.role.name(given.language);
            Cell::plain(format!("{} {role}\n{}\n{}", one.by, Day::of(one.at.0), one.note))
        }
        None if row.risk.treatment.is_none() => open(given, "対応未定", "no treatment planned"),
        None if row.awaits_approval => open(given, "承認待ち", "waits for approval"),
        None => Cell::plain(given.say("なし（必須ではない）", "none (not needed)")),
    }
}

fn days(scene: &Scene<'_, '_>, row: &RiskRow<'_>) -> Cell {
    let given = scene.given;
    let mut lines = Vec::new();
    if let Some(plan) = &row.risk.treatment {
        let late = if row.is_overdue { given.say("【期限超過】", "[overdue] ") } else { "" };
        lines.push(tell(given, format!("{late}実施期限 {}", plan.due), format!("{late}due {}", plan.due)));
    }
    if let Some(done) = &row.risk.in_force {
        let day = Day::of(done.at.0);
        lines.push(tell(
            given,
            format!("実施 {day}（{}）", done.by),
            format!("in force {day} ({})", done.by),
        ));
    }
    if let Some(done) = &row.risk.reviewed {
        let day = Day::of(done.at.0);
        lines.push(tell(
            given,
            format!("前回見直し {day}（{}）", done.by),
            format!("reviewed {day} ({})", done.by),
        ));
    }
    match row.risk.review_by {
        Some(day) => {
            let late = if row.is_review_overdue {
                given.say("【見直し超過】", "[review overdue] ")
            } else {
                ""
            };
            lines.push(tell(given, format!("{late}見直し期日 {day}"), format!("{late}review by {day}")));
        }
        None => lines.push(given.say("見直し期日 未定", "review not settled").to_owned()),
    }
    if let Some(done) = &row.risk.closed {
        let day = Day::of(done.at.0);
        lines.push(tell(
            given,
            format!("終結 {day}（{}）：{}", done.by, done.why),
            format!("closed {day} ({}): {}", done.by, done.why),
        ));
    }
    let is_late = row.is_overdue || row.is_review_overdue;
    Cell::of(if is_late { Tone::Bad } else { Tone::Plain }, lines.join("\n"))
}
