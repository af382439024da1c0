//! The report `risk`: the risk register with its overview, what waits for approval, every risk, assets and flows.

mod row;
mod scale;

use super::Given;
use super::words::{field, list, tell};
use crate::paper::{Block, Cell, Column, Paper, Row, Section, Table, Tone, day};
use guideline::Day;
use guideline::risk::{End, Grade, Information, Level, Method, Register, Row as RiskRow, Status};
use std::collections::BTreeSet;

pub(super) fn paper(given: &Given<'_>) -> Paper {
    let (title, subtitle) = (
        given.say("リスク登録簿", "Risk register"),
        given.say("評価・対応・承認の記録", "Assessment, treatment, approval"),
    );
    let mut paper = given.paper("risk", title, subtitle, sections(given));
    // The register answers no edition: it is the facility's own.
    paper.edition = None;
    paper
}

/// The report, for a pack as well.
pub(super) fn sections(given: &Given<'_>) -> Vec<Section> {
    let told = |text: &str| vec![Block::Text(text.to_owned())];
    let Some((register, method)) = given.risks else {
        let past = given.say(
            "この報告書は過去の時点のものです。リスク登録簿は、その時点のものを作り直せないため、含めていません。リスクの有無や大きさは、この報告書からは分かりません。その頃に交付した登録簿は `akashi report list` で確かめてください。",
            "This report tells of a past moment. The risk register as it stood then cannot be made again and is left out; whether there were risks, and how large they were, is not known from this report. See `akashi report list` for the registers that were handed out around then.",
        );
        let none = given.say(
            "リスク登録簿の内容は、この報告書には渡されていません。リスクの有無や大きさは、この報告書からは分かりません。",
            "The risk register was not handed to this report. Whether there are risks, and how large they are, is not known from it.",
        );
        return vec![Section::new(
            given.say("リスク登録簿がありません", "There is no risk register"),
            told(if given.is_past { past } else { none }),
        )];
    };
    let is_empty =
        [register.assets().count(), register.flows().count(), register.risks().count()] == [0, 0, 0];
    if is_empty {
        let none = given.say(
            "リスク登録簿には、資産も、情報の流れも、リスクも、まだ登録されていません。リスクがないという意味ではなく、まだ洗い出されていないという意味です。`akashi risk` で登録を始めてください。",
            "No asset, no flow and no risk is registered yet. That does not mean that there is no risk: nobody has looked for any. Begin with `akashi risk`.",
        );
        return vec![Section::new(given.say("リスク登録簿は空です", "The register is empty"), told(none))];
    }
    let scene = Scene { given, register, method, rows: register.rows(&method.scale, given.as_of) };
    vec![
        scene.overview(),
        scene.waiting(),
        row::section(&scene),
        scene.assets(),
        scene.flows(),
        scale::section(given, method),
    ]
}

struct Scene<'s, 'a> {
    given: &'s Given<'a>,
    register: &'a Register,
    method: &'a Method,
    rows: Vec<RiskRow<'a>>,
}

/// How a level is looked at. That a risk is low is no requirement met.
fn tone(level: Option<Level>) -> Tone {
    match level {
        None => Tone::Unknown,
        Some(Level::Low) => Tone::Plain,
        Some(Level::Middle) => Tone::Partly,
        Some(Level::High | Level::Critical) => Tone::Bad,
    }
}

impl Scene<'_, '_> {
    fn level(&self, level: Option<Level>) -> Cell {
        let name = level.map(|level| self.method.scale.rule(level).name.of(self.given.language));
        Cell::of(tone(level), name.unwrap_or(self.given.say("未評価", "not assessed")))
    }

    fn overview(&self) -> Section {
        let given = self.given;
        let counts = self.register.counts(&self.method.scale);
        let late = self.rows.iter().filter(|row| row.is_overdue).count();
        let review = self.rows.iter().filter(|row| row.is_review_overdue).count();
        let waiting = self.rows.iter().filter(|row| row.awaits_approval).count();
        let closed = self.rows.iter().filter(|row| row.status == Status::Closed).count();
        let name = |level: Level| self.method.scale.rule(level).name.of(given.language).to_owned();
        let count = |label: String, count: usize| field(label, super::coverage::counted(given, count));
        let fields = vec![
            field(given.say("基準日", "As of"), day(Day::of(given.as_of), given.language)),
            count(name(Level::Critical), counts.critical),
            count(name(Level::High), counts.high),
            count(name(Level::Middle), counts.middle),
            count(name(Level::Low), counts.low),
            count(given.say("未評価", "Not assessed").to_owned(), counts.unassessed),
            count(given.say("承認待ち", "Waiting for approval").to_owned(), waiting),
            count(given.say("対応の期限超過", "Treatments overdue").to_owned(), late),
            count(given.say("見直しの期限超過", "Reviews overdue").to_owned(), review),
            count(given.say("終結", "Closed").to_owned(), closed),
        ];
        let note = given.say(
            "表の数は、終結していないリスクの件数です。実施済みの対応がある場合は対応後、ない場合は評価したときの起こりやすさと影響で数えます。",
            "The table counts risks that are not closed: by what the treatment leaves where it is in force, else as assessed.",
        );
        let blocks = vec![Block::Fields(fields), Block::Table(self.grid()), Block::Note(note.to_owned())];
        Section::new(given.say("概要", "Overview"), blocks)
    }

    /// Likelihood downwards, the highest first; impact to the right.
    fn grid(&self) -> Table {
        let (given, scale) = (self.given, &self.method.scale);
        let named = |grade: Grade, name: Option<&str>| format!("{grade} {}", name.unwrap_or_default());
        let impact = |grade| scale.impact(grade).map(|one| one.name.of(given.language));
        let likelihood = |grade| scale.likelihood(grade).map(|one| one.name.of(given.language));
        let mut columns = vec![Column::new(given.say("起こりやすさ ＼ 影響", "Likelihood \\ impact"), 8)];
        columns.extend(Grade::all().map(|grade| Column::new(named(grade, impact(grade)), 6)));
        let mut grades: Vec<Grade> = Grade::all().collect();
        grades.reverse();
        let cell = |likelihood: Grade, impact: Grade| {
            let extent = guideline::risk::Extent { likelihood, impact };
            let level = scale.level(extent);
            let here = self.register.open().filter(|risk| risk.extent() == Some(extent)).count();
            let name = scale.rule(level).name.of(given.language);
            let shown = if here > 0 { tone(Some(level)) } else { Tone::Plain };
            let text = tell(given, format!("{here}（{name}）"), format!("{here} ({name})"));
            Cell { tone: shown, text, ..Cell::count(here) }
        };
        let row = |one: Grade| {
            let mut cells = vec![Cell::plain(named(one, likelihood(one)))];
            cells.extend(Grade::all().map(|impact| cell(one, impact)));
            Row::Cells { key: None, cells }
        };
        let name = given.say("起こりやすさと影響", "Likelihood and impact").to_owned();
        Table { name, columns, rows: grades.into_iter().map(row).collect() }
    }

    fn waiting(&self) -> Section {
        let given = self.given;
        let heading = given.say("承認が必要なもの", "What needs approval");
        let waiting: Vec<&RiskRow<'_>> = self.rows.iter().filter(|row| row.awaits_approval).collect();
        if waiting.is_empty() {
            let none = given.say("承認を待っている対応はありません。", "No treatment waits for approval.");
            return Section::new(heading, vec![Block::Text(none.to_owned())]);
        }
        let columns = vec![
            Column::new("ID", 4),
            Column::new(given.say("リスク", "Risk"), 14),
            Column::new(given.say("対応", "Treatment"), 6),
            Column::new(given.say("対応の理由", "Why"), 16),
            Column::new(given.say("残る水準", "Level that remains"), 6),
            Column::new(given.say("実施の期限", "Due"), 6),
            Column::new(given.say("計画者", "Planned by"), 6),
        ];
        let unknown = given.say("不明", "unknown");
        let row = |row: &&RiskRow<'_>| {
            let plan = row.risk.treatment.as_ref();
            let cells = vec![
                Cell::plain(&row.risk.id),
                Cell::plain(&row.risk.title),
                Cell::plain(plan.map_or(unknown, |plan| plan.kind.name(given.language))),
                Cell::plain(plan.map_or(unknown, |plan| &plan.why)),
                self.level(row.residual),
                Cell::plain(plan.map_or_else(|| unknown.to_owned(), |plan| plan.due.to_string())),
                Cell::plain(plan.map_or(unknown, |plan| &plan.by)),
            ];
            Row::Cells { key: Some(row.risk.id.clone()), cells }
        };
        let rows = waiting.iter().map(row).collect();
        Section::new(heading, vec![Block::Table(Table { name: heading.to_owned(), columns, rows })])
    }

    fn assets(&self) -> Section {
        let given = self.given;
        let columns = vec![
            Column::new("ID", 6),
            Column::new(given.say("資産", "Asset"), 12),
            Column::new(given.say("種類", "Kind"), 6),
            Column::new(given.say("扱う情報", "Holds"), 12),
            Column::new(given.say("場所", "Where"), 6),
            Column::new(given.say("責任者", "Owner"), 8),
        ];
        let rows = self.register.assets().map(|asset| {
            let cells = vec![
                Cell::plain(&asset.id),
                Cell::plain(&asset.name),
                Cell::plain(asset.kind.name(given.language)),
                self.information(&asset.holds),
                Cell::plain(asset.place.name(given.language)),
                Cell::plain(&asset.owner),
            ];
            Row::Cells { key: Some(asset.id.clone()), cells }
        });
        self.listed(given.say("資産", "Assets"), columns, rows.collect())
    }

    fn flows(&self) -> Section {
        let given = self.given;
        let columns = vec![
            Column::new("ID", 6),
            Column::new(given.say("情報の流れ", "Flow"), 12),
            Column::new(given.say("起点", "From"), 8),
            Column::new(given.say("終点", "To"), 8),
            Column::new(given.say("運ぶ情報", "Carries"), 10),
            Column::new(given.say("手段", "By"), 6),
            Column::new(given.say("施設の境界", "Boundary"), 6),
        ];
        let rows = self.register.flows().map(|flow| {
            let crosses = if flow.crosses_boundary {
                given.say("越える", "crossed")
            } else {
                given.say("越えない", "not crossed")
            };
            let cells = vec![
                Cell::plain(&flow.id),
                Cell::plain(&flow.name),
                Cell::plain(self.end(&flow.from)),
                Cell::plain(self.end(&flow.to)),
                self.information(&flow.carries),
                Cell::plain(flow.by.name(given.language)),
                Cell::plain(crosses),
            ];
            Row::Cells { key: Some(flow.id.clone()), cells }
        });
        self.listed(given.say("情報の流れ", "Flows of information"), columns, rows.collect())
    }

    fn listed(&self, heading: &str, columns: Vec<Column>, rows: Vec<Row>) -> Section {
        if rows.is_empty() {
            let none = self.given.say("登録がありません。", "None is registered.");
            return Section::new(heading, vec![Block::Text(none.to_owned())]);
        }
        Section::new(heading, vec![Block::Table(Table { name: heading.to_owned(), columns, rows })]).wide()
    }

    fn information(&self, all: &BTreeSet<Information>) -> Cell {
        if all.is_empty() {
            return Cell::of(Tone::Unknown, self.given.say("不明", "unknown"));
        }
        let names: Vec<String> = all.iter().map(|one| one.name(self.given.language).to_owned()).collect();
        Cell::plain(list(self.given, &names))
    }

    fn asset(&self, id: &str) -> String {
        self.register.asset(id).map_or_else(|| id.to_owned(), |asset| asset.name.clone())
    }

    fn end(&self, end: &End) -> String {
        match end {
            End::Asset(id) => self.asset(id),
            End::Outside(name) => tell(self.given, format!("院外：{name}"), format!("outside: {name}")),
        }
    }
}
