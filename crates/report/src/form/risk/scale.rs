//! What the grades and levels of the register mean, so that the register can be read by itself.

use super::super::Given;
use super::super::words::tell;
use crate::paper::{Block, Cell, Column, Row, Section, Table};
use guideline::risk::{Grade, Level, Method};

pub(super) fn section(given: &Given<'_>, method: &Method) -> Section {
    let blocks = vec![
        Block::Table(likelihood(given, method)),
        Block::Table(impact(given, method)),
        Block::Table(levels(given, method)),
    ];
    Section::new(given.say("評価の尺度", "The scale"), blocks)
}

fn likelihood(given: &Given<'_>, method: &Method) -> Table {
    let columns = vec![
        Column::new(given.say("起こりやすさ", "Likelihood"), 8),
        Column::new(given.say("目安", "By what it is told"), 30),
    ];
    let row = |grade: Grade| {
        let one = method.scale.likelihood(grade)?;
        let cells = vec![
            Cell::plain(format!("{grade} {}", one.name.of(given.language))),
            Cell::plain(one.means.of(given.language)),
        ];
        Some(Row::Cells { key: None, cells })
    };
    let name = given.say("起こりやすさの尺度", "Scale of likelihood").to_owned();
    Table { name, columns, rows: Grade::all().filter_map(row).collect() }
}

fn impact(given: &Given<'_>, method: &Method) -> Table {
    let columns = vec![
        Column::new(given.say("影響", "Impact"), 8),
        Column::new(given.say("患者の安全・記録の正しさ", "Safety, correctness"), 14),
        Column::new(given.say("秘密の保護", "Confidentiality"), 14),
        Column::new(given.say("診療の継続", "Care going on"), 14),
    ];
    let row = |grade: Grade| {
        let one = method.scale.impact(grade)?;
        let cells = vec![
            Cell::plain(format!("{grade} {}", one.name.of(given.language))),
            Cell::plain(one.safety.of(given.language)),
            Cell::plain(one.confidentiality.of(given.language)),
            Cell::plain(one.availability.of(given.language)),
        ];
        Some(Row::Cells { key: None, cells })
    };
    let name = given.say("影響の尺度", "Scale of impact").to_owned();
    Table { name, columns, rows: Grade::all().filter_map(row).collect() }
}

fn levels(given: &Given<'_>, method: &Method) -> Table {
    let columns = vec![
        Column::new(given.say("水準", "Level"), 6),
        Column::new(given.say("決まり", "Rule"), 28),
        Column::new(given.say("対応の期限", "Treated within"), 6),
        Column::new(given.say("見直しの間隔", "Reviewed within"), 6),
    ];
    let days = |days: u32| tell(given, format!("{days} 日以内"), format!("{days} days"));
    let row = |level: &Level| {
        let rule = method.scale.rule(*level);
        let cells = vec![
            Cell::plain(rule.name.of(given.language)),
            Cell::plain(rule.rule.of(given.language)),
            Cell::plain(days(rule.due_days_max)),
            Cell::plain(days(rule.review_days_max)),
        ];
        Row::Cells { key: None, cells }
    };
    let name = given.say("水準の決まり", "Rules of levels").to_owned();
    Table { name, columns, rows: Level::ALL.iter().rev().map(row).collect() }
}
