//! The report `sds`: the disclosure of makers and providers on medical information security (MDS/SDS), answered by what is
//! known.

use super::answers::{Group, bars, cell, column, counted};
use super::coverage::{not_assessed, place};
use super::remarks::{answers_note, aside, blank, field, remark, wording, wording_note};
use super::{Given, Judged};
use crate::paper::{
    Block, Cell, Column, Field, Paper, References, Row, Section, Table, appendix, day, moment,
};
use base::{Language, Problem};
use guideline::{Assessed, Chapter, Day, Edition, Requirement};
use std::collections::BTreeMap;

/// The two forms: of products that are delivered, of services that are run.
const FORMS: [&str; 2] = ["MDS", "SDS"];

pub(super) fn paper(given: &Given<'_>) -> Result<Paper, Problem> {
    let edition = given.engine.catalogue.edition(given.edition)?;
    let Some(judged) = given.judged_of(given.edition) else {
        return Ok(given.paper("sds", title(given), &form(given, edition), vec![not_assessed(given)]));
    };
    let shown = Shown {
        given,
        judged,
        edition,
        references: References::of(&judged.facts),
        verdicts: judged.assessment.verdicts.iter().map(|one| (one.requirement.as_str(), one)).collect(),
    };
    let sections = vec![
        shown.head(),
        shown.completeness()?,
        shown.summary()?,
        shown.questions()?,
        appendix(given.engine, &shown.references, given.language),
    ];
    Ok(given.paper("sds", title(given), &form(given, edition), sections))
}

fn title(given: &Given<'_>) -> &'static str {
    given.say(
        "製造業者／サービス事業者による医療情報セキュリティ開示書（MDS/SDS）",
        "Disclosure of the maker or service provider on medical information security (MDS/SDS)",
    )
}

/// Which form it answers, and how far that is the official one.
fn form(given: &Given<'_>, edition: &Edition) -> String {
    let rebuilt = given.say("設問は当方の再構成", "questions rebuilt by us");
    aside(given, &edition.id, rebuilt)
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
    /// The head of the form (`header_fields` of the catalogue).
    fn head(&self) -> Section {
        let given = self.given;
        let blank = blank(given);
        let fields: Vec<Field> = vec![
            field(given.say("様式の種別", "Kind of form"), given.say("MDS・SDS（併記）", "MDS and SDS, side by side")),
            field(given.say("製造業者/サービス事業者名", "Maker or service provider"), blank),
            field(
                given.say("製品/サービス名称", "Product or service"),
                format!("Akashi {}", given.say("（提供するサービスの名称：記入）", "(name of the service: to be filled in)")),
            ),
            field(given.say("型名・バージョン", "Type, version"), given.program),
            field(given.say("作成日", "Prepared on"), day(Day::of(given.as_of), given.language)),
            field(given.say("作成部署・連絡先", "Prepared by, contact"), blank),
            field(
                given.say("準拠したガイドラインの版", "Edition of the guideline that it follows"),
                given.say(
                    "厚生労働省ガイドライン第6.0版（この開示書の様式が前提とする版。適合を示すものではありません）",
                    "MHLW guideline 6.0 (the one that this form presupposes; no claim that it is met)",
                ),
            ),
            field(given.say("開示書の版", "Version of the form"), form(given, self.edition)),
            field(given.say("開示先の医療機関", "Disclosed to"), given.facility),
            field(given.say("判定日時", "Assessed"), moment(self.judged.at.0, given.language)),
            field(given.say("ジャーナル位置", "Journal position"), place(given, self.judged.position)),
        ];
        let mut blocks = vec![Block::Fields(fields), answers_note(given)];
        if self.judged.facts.is_empty() {
            let none = given.say(
                "判明している事実は、まだ一つもありません。決定による「対象外」を除き、どの設問にも回答できていません。",
                "There is no fact yet. No question could be answered, apart from what was decided not to apply.",
            );
            blocks.push(Block::Text(none.to_owned()));
        }
        Section::new(given.say("基本情報", "Head"), blocks)
    }

    /// How far the questions are those of the official form.
    fn completeness(&self) -> Result<Section, Problem> {
        let given = self.given;
        let said = [
            given.say(
                "設問の順序、番号、数、正確な範囲は、公式様式で確認できていません。番号は当方の整理番号で、公式様式の設問番号ではありません。",
                "Order, numbers, count and exact scope of the questions were not compared with the official form. The numbers are ours, not those of the official form.",
            ),
            given.say(
                "各設問が MDS と SDS のどちらにあるかは、当方の割り当てです。製品に関する設問は両方、サービスの運用に関する設問は SDS だけとしました。",
                "Whether a question stands in MDS or SDS is our assignment: what concerns the product in both, what concerns the running of a service in SDS only.",
            ),
            given.say(
                "公式様式で提出を求められた場合は、この回答と根拠を公式の設問に対応づけて転記してください。",
                "Where the official form is asked for, carry these answers and their grounds over to its questions.",
            ),
        ];
        let mut points = said.map(ToOwned::to_owned).to_vec();
        if given.language == Language::English {
            points.push("Groups, ways to choose from and notes of the form stand in Japanese.".to_owned());
        }
        let mut blocks = vec![Block::Points(points)];
        let requirements = self.asked().map(|one| self.requirement(one)).collect::<Result<Vec<_>, _>>()?;
        if !requirements.is_empty() {
            blocks.push(wording_note(given, requirements, &self.edition.url));
        }
        let gaps: Vec<String> = self.edition.parts.iter().flat_map(|part| part.gaps.clone()).collect();
        if !gaps.is_empty() {
            blocks.push(Block::Points(gaps));
        }
        Ok(Section::new(given.say("設問の完全性", "How complete the questions are"), blocks))
    }

    fn summary(&self) -> Result<Section, Problem> {
        let given = self.given;
        let mut groups = Vec::new();
        for form in FORMS {
            let mut verdicts = Vec::new();
            for one in self.asked() {
                if self.requirement(one)?.forms.iter().any(|other| other == form) {
                    verdicts.push(one);
                }
            }
            groups.push(Group { name: form.to_owned(), verdicts });
        }
        let all = given.say("全設問", "All questions").to_owned();
        groups.push(Group { name: all, verdicts: self.asked().collect() });
        let name = given.say("集計", "Summary");
        let table = counted(given, name, given.say("様式", "Form"), &groups);
        let chapters: Vec<Group<'_>> = self.chapters().map(|chapter| self.group(chapter)).collect();
        let mut blocks = vec![table];
        if !self.verdicts.is_empty() {
            blocks.push(bars(given, given.say("分類ごとの回答", "Answers by chapter"), &chapters));
        }
        Ok(Section::new(name, blocks))
    }

    fn questions(&self) -> Result<Section, Problem> {
        let given = self.given;
        let mut rows = Vec::new();
        for chapter in self.chapters() {
            let group = self.group(chapter);
            if !group.verdicts.is_empty() {
                rows.push(Row::Heading(group.name));
            }
            for one in group.verdicts {
                rows.push(self.row(one)?);
            }
        }
        let heading = given.say("設問と回答", "Questions and answers");
        let blocks = if rows.is_empty() {
            let none = given.say(
                "この様式に、回答を求められる設問はありません。事業者の側で判定してください。",
                "No question of this form is asked of this side. Assess it for the side of the provider.",
            );
            vec![Block::Text(none.to_owned())]
        } else {
            let columns = vec![
                Column::new(given.say("整理番号", "Our no."), 4),
                Column::new(given.say("設問", "Question"), 19),
                Column::new(given.say("分類", "Group"), 8),
                Column::new("MDS", 3),
                Column::new("SDS", 3),
                column(given, given.say("回答", "Answer"), 5),
                Column::new(
                    given.say("備考（根拠と残る対応）", "Remarks (grounds, and what is left to do)"),
                    28,
                ),
            ];
            vec![Block::Table(Table { name: heading.to_owned(), columns, rows })]
        };
        Ok(Section::new(heading, blocks).on_new_page().wide())
    }

    fn row(&self, one: &Assessed) -> Result<Row, Problem> {
        let given = self.given;
        let requirement = self.requirement(one)?;
        let said = |text| wording(given.language, text);
        let number = requirement.item.as_deref().or_else(|| requirement.id.rsplit('/').next());
        let mut cells = vec![
            Cell::plain(number.unwrap_or(&requirement.id)),
            Cell::plain(format!("{}\n{}", said(&requirement.name), said(&requirement.summary))),
            Cell::plain(requirement.group.as_deref().unwrap_or_default()),
        ];
        cells.extend(FORMS.map(|form| {
            let is_asked = requirement.forms.iter().any(|other| other == form);
            Cell::plain(if is_asked { given.say("あり", "asked") } else { "" })
        }));
        cells.push(cell(given, one));
        cells.push(Cell::plain(self.remark(requirement, one)));
        Ok(Row::Cells { key: Some(one.requirement.clone()), cells })
    }

    /// What stands beside an answer: of the form itself as well the ways of which one is to be named, and what to write in.
    fn remark(&self, requirement: &Requirement, one: &Assessed) -> String {
        let given = self.given;
        let mut lines = Vec::new();
        if !requirement.options.is_empty() {
            let (label, options) =
                (given.say("選択肢：", "One of: "), requirement.options.join(given.say("／", " / ")));
            lines.push(format!("{label}{options} {}", blank(given)));
        }
        lines.extend(
            requirement
                .note
                .as_ref()
                .map(|note| format!("{}{note}", given.say("様式の注：", "Note of the form: "))),
        );
        lines.push(remark(given, &self.references, one));
        lines.retain(|line| !line.is_empty());
        lines.join("\n")
    }

    fn group(&self, chapter: &Chapter) -> Group<'a> {
        let verdicts = chapter.requirements.iter().filter_map(|id| self.verdicts.get(id.as_str()).copied());
        let name = format!("{} {}", chapter.number, wording(self.given.language, &chapter.title));
        Group { name, verdicts: verdicts.collect() }
    }

    fn chapters(&self) -> impl Iterator<Item = &'a Chapter> {
        self.edition.parts.iter().flat_map(|part| &part.chapters)
    }

    fn asked(&self) -> impl Iterator<Item = &'a Assessed> {
        self.judged.assessment.verdicts.iter()
    }

    fn requirement(&self, one: &Assessed) -> Result<&'a Requirement, Problem> {
        self.given.engine.catalogue.requirement(&one.requirement)
    }
}
