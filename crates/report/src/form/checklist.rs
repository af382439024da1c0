//! The report `checklist`: the yearly checklist of the ministry, filled in by what is known.

use super::answers::{Answer, Group, bars, cell, column, counted};
use super::coverage::{not_assessed, place};
use super::remarks::{answers_note, aside, blank, confirmed_on, field, remark, wording, wording_note};
use super::words::publisher;
use super::{Given, Judged};
use crate::paper::{Block, Cell, Column, Paper, References, Row, Section, Table, appendix, day, moment};
use base::Problem;
use guideline::{Assessed, Chapter, Day, Edition, Part, Requirement, Side};
use std::collections::BTreeMap;

pub(super) fn paper(given: &Given<'_>) -> Result<Paper, Problem> {
    let edition = given.engine.catalogue.edition(given.edition)?;
    let Some(judged) = given.judged_of(given.edition) else { return Ok(unjudged(given, edition)) };
    let shown = Shown {
        given,
        judged,
        edition,
        references: References::of(&judged.facts),
        verdicts: judged.assessment.verdicts.iter().map(|one| (one.requirement.as_str(), one)).collect(),
    };
    let parts: Vec<&Part> = edition.parts.iter().filter(|part| shown.is_asked(part)).collect();
    let mut sections = vec![shown.head(&parts)?, shown.summary(&parts)];
    for part in &parts {
        sections.push(shown.part(part)?);
    }
    sections.push(appendix(given.engine, &shown.references, given.language));
    let subtitle = given
        .say("判明している事実による記入（根拠一覧つき）", "Filled in by what is known, with the evidence");
    Ok(given.paper("checklist", &title(given, edition, &parts), subtitle, sections))
}

/// The paper of a facility that was not assessed: no item is answered.
fn unjudged(given: &Given<'_>, edition: &Edition) -> Paper {
    let side = given.side.map(side_name);
    let parts: Vec<&Part> =
        edition.parts.iter().filter(|part| side.is_none_or(|side| side == part.name)).collect();
    let subtitle = given.say("判定がないため未記入", "Not filled in: there is no assessment");
    given.paper("checklist", &title(given, edition, &parts), subtitle, vec![not_assessed(given)])
}

/// What these parts of an edition are called.
fn title(given: &Given<'_>, edition: &Edition, parts: &[&Part]) -> String {
    let titles: Vec<String> = parts.iter().map(|part| wording(given.language, &part.title)).collect();
    match titles.as_slice() {
        [] => edition.id.clone(),
        titles => titles.join(given.say("／", " / ")),
    }
}

/// How editions call the part for a side.
fn side_name(side: Side) -> &'static str {
    match side {
        Side::Facility => "facility",
        Side::Provider => "provider",
    }
}

/// What every section looks at.
struct Shown<'a> {
    given: &'a Given<'a>,
    judged: &'a Judged,
    edition: &'a Edition,
    references: References<'a>,
    verdicts: BTreeMap<&'a str, &'a Assessed>,
}

impl<'a> Shown<'a> {
    /// Whether a part is asked of the side that the report is for. Of a part whose items nobody could read its name tells.
    fn is_asked(&self, part: &Part) -> bool {
        let side = self.given.side.map(side_name);
        let is_empty = part.chapters.iter().all(|chapter| chapter.requirements.is_empty());
        part.chapters.iter().any(|chapter| !self.asked(chapter).is_empty())
            || (is_empty && side.is_none_or(|side| side == part.name))
    }

    fn asked(&self, chapter: &Chapter) -> Vec<&'a Assessed> {
        chapter.requirements.iter().filter_map(|id| self.verdicts.get(id.as_str()).copied()).collect()
    }

    fn requirements(&self, parts: &[&Part]) -> Result<Vec<&'a Requirement>, Problem> {
        let chapters = parts.iter().flat_map(|part| &part.chapters);
        let asked = chapters.flat_map(|chapter| self.asked(chapter));
        asked.map(|one| self.given.engine.catalogue.requirement(&one.requirement)).collect()
    }

    /// The head of the form: what is known of it, and what a person has to write in.
    fn head(&self, parts: &[&Part]) -> Result<Section, Problem> {
        let given = self.given;
        let blank = blank(given);
        let mut fields = vec![field(given.say("医療機関・薬局名", "Facility"), given.facility)];
        if given.side != Some(Side::Facility) {
            fields.push(field(given.say("事業者名", "Provider"), blank));
            fields.push(field(given.say("システム・サービス名", "System or service"), blank));
        }
        fields.extend([
            field(given.say("記入者（所属・氏名）", "Filled in by (department, name)"), blank),
            field(given.say("記入日", "Filled in on"), blank),
            field(
                given.say("様式", "Form"),
                aside(given, &self.edition.id, publisher(given, &self.edition.publisher)),
            ),
            field(given.say("判定日時", "Assessed"), moment(self.judged.at.0, given.language)),
            field(given.say("作成日", "Written on"), day(Day::of(given.as_of), given.language)),
            field(given.say("ジャーナル位置", "Journal position"), place(given, self.judged.position)),
        ]);
        let mut blocks = vec![Block::Fields(fields), answers_note(given)];
        let requirements = self.requirements(parts)?;
        if !requirements.is_empty() {
            blocks.push(wording_note(given, requirements, &self.edition.url));
        }
        if self.judged.facts.is_empty() {
            blocks.push(Block::Text(
                given
                    .say(
                        "判明している事実は、まだ一つもありません。決定による「対象外」を除き、どの項目も確認できていません。",
                        "There is no fact yet. Nothing could be confirmed, apart from what was decided not to apply.",
                    )
                    .to_owned(),
            ));
        }
        Ok(Section::new(given.say("基本情報", "Head"), blocks))
    }

    fn summary(&self, parts: &[&Part]) -> Section {
        let given = self.given;
        let several = parts.len() > 1;
        let mut groups: Vec<Group<'_>> = Vec::new();
        for part in parts {
            for chapter in &part.chapters {
                let verdicts = self.asked(chapter);
                let title = self.chapter_title(chapter);
                let name = if several {
                    format!("{}{}{title}", self.side(part), given.say("：", ": "))
                } else {
                    title
                };
                if !verdicts.is_empty() {
                    groups.push(Group { name, verdicts });
                }
            }
        }
        let chart = bars(given, given.say("区分ごとの確認結果", "Answers by section"), &groups);
        let verdicts = groups.iter().flat_map(|group| group.verdicts.iter().copied()).collect();
        groups.push(Group { name: given.say("合計", "All").to_owned(), verdicts });
        let table = counted(given, given.say("集計", "Summary"), given.say("区分", "Section"), &groups);
        let mut blocks = vec![table];
        if groups.len() > 1 {
            blocks.push(chart);
        }
        Section::new(given.say("集計", "Summary"), blocks)
    }

    fn part(&self, part: &Part) -> Result<Section, Problem> {
        let given = self.given;
        let mut rows = Vec::new();
        for chapter in &part.chapters {
            let asked = self.asked(chapter);
            if !asked.is_empty() {
                rows.push(Row::Heading(self.chapter_title(chapter)));
            }
            for one in asked {
                rows.push(self.row(one)?);
            }
        }
        let mut blocks = Vec::new();
        if rows.is_empty() {
            blocks.push(Block::Text(
                given
                    .say(
                        "この様式の項目は、一つも内容を確認できていません。公式様式に直接記入してください。",
                        "No item of this form could be read. Fill in the official form.",
                    )
                    .to_owned(),
            ));
        } else {
            let name = aside(given, given.say("確認項目", "Items"), &self.side(part));
            blocks.push(Block::Table(Table { name, columns: self.columns(), rows }));
        }
        blocks.extend(self.gaps(part));
        Ok(Section::new(wording(given.language, &part.title), blocks).on_new_page().wide())
    }

    /// What of the form could not be read: its items may be more than these.
    fn gaps(&self, part: &Part) -> Vec<Block> {
        if part.gaps.is_empty() {
            return Vec::new();
        }
        let said = self.given.say(
            "公式様式のうち、次の点は確認できていません（英語の原注のまま示します）。公式様式には、ここにない項目がある可能性があります。ここにない項目については、何も回答していません。",
            "This much of the official form could not be confirmed. It may have items that are not here; nothing is answered of those.",
        );
        vec![Block::Note(said.to_owned()), Block::Points(part.gaps.clone())]
    }

    fn columns(&self) -> Vec<Column> {
        let given = self.given;
        vec![
            Column::new(given.say("番号", "No."), 4),
            Column::new(given.say("確認項目", "Item"), 18),
            Column::new(given.say("対象", "Concerns"), 6),
            column(given, given.say("確認結果", "Answer"), 5),
            Column::new(given.say("確認日", "Confirmed on"), 6),
            Column::new(given.say("目標日", "Target date"), 7),
            Column::new(given.say("備考（根拠と残る対応）", "Remarks (grounds, and what is left to do)"), 24),
        ]
    }

    fn row(&self, one: &Assessed) -> Result<Row, Problem> {
        let given = self.given;
        let requirement = given.engine.catalogue.requirement(&one.requirement)?;
        let said = |text| wording(given.language, text);
        let classes: Vec<String> = requirement.system_class.iter().map(said).collect();
        let cells = vec![
            Cell::plain(number(requirement)),
            Cell::plain(format!("{}\n{}", said(&requirement.name), said(&requirement.summary))),
            Cell::plain(classes.join(given.say("、", ", "))),
            cell(given, one),
            Cell::plain(confirmed_on(given, &self.references, one)),
            Cell::plain(self.target(requirement, one)),
            Cell::plain(remark(given, &self.references, one)),
        ];
        Ok(Row::Cells { key: Some(one.requirement.clone()), cells })
    }

    /// By when it is to be reached: as the facility set it, within what the form asks.
    fn target(&self, requirement: &Requirement, one: &Assessed) -> String {
        let given = self.given;
        if matches!(Answer::from(one.verdict), Answer::Yes | Answer::Apart) {
            return String::new();
        }
        let deadline = requirement.deadline.as_ref().map(|deadline| wording(given.language, deadline));
        let asked = deadline.map(|deadline| format!("\n{}{deadline}", given.say("期限：", "Due: ")));
        let target = given.targets.iter().find(|target| target.requirement == one.requirement);
        let said = target.map_or_else(
            || blank(given).to_owned(),
            |target| aside(given, &target.due.to_string(), target.owner.as_str()),
        );
        format!("{said}{}", asked.unwrap_or_default())
    }

    fn chapter_title(&self, chapter: &Chapter) -> String {
        format!("{} {}", chapter.number, wording(self.given.language, &chapter.title))
    }

    /// Which form a part is.
    fn side(&self, part: &Part) -> String {
        match part.name.as_str() {
            "facility" => self.given.say("医療機関・薬局確認用", "facility").to_owned(),
            "provider" => self.given.say("事業者確認用", "provider").to_owned(),
            other => other.to_owned(),
        }
    }
}

/// The mark of an item as printed; its id where that is not known.
fn number(requirement: &Requirement) -> String {
    requirement.item.clone().unwrap_or_else(|| requirement.id.clone())
}
