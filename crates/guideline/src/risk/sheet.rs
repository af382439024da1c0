//! The register as a sheet: CSV that Excel opens with Japanese in it, and in which no cell is a formula.

use super::model::{Countermeasure, End, Flow, Risk};
use super::register::Register;
use super::scale::{Extent, Scale};
use super::view::Row;
use super::words::Level;
use base::{Language, Time};
use std::io;

/// Tells Excel that the file is UTF-8.
const MARK: &str = "\u{feff}";

/// Signs with which Excel begins a formula, also as wide letters.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// The heading of each column, and its cell of a row.
type Column = ((&'static str, &'static str), fn(&Sheet<'_>, &Row<'_>) -> String);

struct Sheet<'a> {
    register: &'a Register,
    scale: &'a Scale,
    language: Language,
}

const COLUMNS: [Column; 27] = [
    (("ID", "ID"), |_, row| row.risk.id.clone()),
    (("リスク", "Risk"), |_, row| row.risk.title.clone()),
    (("状態", "Status"), |sheet, row| row.status.name(sheet.language).to_owned()),
    (("現在の水準", "Level today"), |sheet, row| sheet.level(row.today)),
    (("シナリオ", "Scenario"), |_, row| row.risk.scenario.clone().unwrap_or_default()),
    (("資産", "Assets"), |sheet, row| sheet.assets(row.risk)),
    (("情報の流れ", "Flows"), |sheet, row| sheet.flows(row.risk)),
    (("脅威と弱点", "Threat and weakness"), |_, row| row.risk.threat.clone()),
    (("起こりやすさ", "Likelihood"), |sheet, row| {
        sheet.likelihood(row.risk.assessed.as_ref().map(super::Assessed::extent))
    }),
    (("影響", "Impact"), |sheet, row| {
        sheet.impact(row.risk.assessed.as_ref().map(super::Assessed::extent))
    }),
    (("評価した水準", "Level as assessed"), |sheet, row| sheet.level(row.assessed)),
    (("評価の理由", "Why so assessed"), |_, row| of(row.risk.assessed.as_ref(), |one| one.why.clone())),
    (("評価者", "Assessed by"), |_, row| of(row.risk.assessed.as_ref(), |one| one.by.clone())),
    (("対応", "Treatment"), |sheet, row| {
        of(row.risk.treatment.as_ref(), |one| one.kind.name(sheet.language).to_owned())
    }),
    (("対応の理由", "Why so treated"), |_, row| of(row.risk.treatment.as_ref(), |one| one.why.clone())),
    (("対策", "Countermeasures"), |sheet, row| {
        of(row.risk.treatment.as_ref(), |one| sheet.measures(&one.countermeasures))
    }),
    (("費用", "Cost"), |_, row| of(row.risk.treatment.as_ref(), |one| one.cost.clone())),
    (("担当", "Owner"), |_, row| of(row.risk.treatment.as_ref(), |one| one.owner.clone())),
    (("期限", "Due"), |_, row| of(row.risk.treatment.as_ref(), |one| one.due.to_string())),
    (("期限超過", "Overdue"), |sheet, row| sheet.yes(row.is_overdue)),
    (("対応後の起こりやすさ", "Residual likelihood"), |sheet, row| {
        sheet.likelihood(row.risk.treatment.as_ref().map(|one| one.residual.extent()))
    }),
    (("対応後の影響", "Residual impact"), |sheet, row| {
        sheet.impact(row.risk.treatment.as_ref().map(|one| one.residual.extent()))
    }),
    (("対応後の水準", "Residual level"), |sheet, row| sheet.level(row.residual)),
    (("承認待ち", "Waits for approval"), |sheet, row| sheet.yes(row.awaits_approval)),
    (("承認者", "Approved by"), |_, row| of(row.risk.approval.as_ref(), |one| one.by.clone())),
    (("見直し期日", "Review by"), |_, row| of(row.risk.review_by.as_ref(), ToString::to_string)),
    (("見直し超過", "Review overdue"), |sheet, row| sheet.yes(row.is_review_overdue)),
];

impl Register {
    /// All risks as a sheet in the order of [`Register::rows`]: UTF-8 with a mark at its beginning, every cell in quotes.
    /// A cell that would begin as a formula begins with `'`.
    ///
    /// # Errors
    /// Only when the CSV library fails to write to memory.
    pub fn to_csv(&self, scale: &Scale, now: Time, language: Language) -> io::Result<Vec<u8>> {
        let sheet = Sheet { register: self, scale, language };
        let mut writer = csv::WriterBuilder::new()
            .quote_style(csv::QuoteStyle::Always)
            .terminator(csv::Terminator::CRLF)
            .from_writer(MARK.as_bytes().to_vec());
        writer.write_record(COLUMNS.iter().map(|((ja, en), _)| match language {
            Language::Japanese => *ja,
            Language::English => *en,
        }))?;
        for row in self.rows(scale, now) {
            writer.write_record(COLUMNS.iter().map(|(_, cell)| harmless(cell(&sheet, &row))))?;
        }
        writer.into_inner().map_err(csv::IntoInnerError::into_error)
    }
}

fn harmless(cell: String) -> String {
    if cell.trim_start().starts_with(FORMULA) { format!("'{cell}") } else { cell }
}

fn of<T>(part: Option<&T>, cell: impl Fn(&T) -> String) -> String {
    part.map(cell).unwrap_or_default()
}

impl Sheet<'_> {
    fn join(&self, all: &[String]) -> String {
        all.join(match self.language {
            Language::Japanese => "、",
            Language::English => ", ",
        })
    }

    fn yes(&self, yes: bool) -> String {
        let word = match self.language {
            Language::Japanese => "はい",
            Language::English => "yes",
        };
        if yes { word.to_owned() } else { String::new() }
    }

    fn level(&self, level: Option<Level>) -> String {
        level.map(|level| self.scale.rule(level).name.of(self.language).to_owned()).unwrap_or_default()
    }

    fn likelihood(&self, extent: Option<Extent>) -> String {
        let grade = extent.map(|extent| extent.likelihood);
        let said = grade.and_then(|grade| Some((u8::from(grade), self.scale.likelihood(grade)?)));
        said.map(|(grade, means)| format!("{grade} {}", means.name.of(self.language))).unwrap_or_default()
    }

    fn impact(&self, extent: Option<Extent>) -> String {
        let grade = extent.map(|extent| extent.impact);
        let said = grade.and_then(|grade| Some((u8::from(grade), self.scale.impact(grade)?)));
        said.map(|(grade, means)| format!("{grade} {}", means.name.of(self.language))).unwrap_or_default()
    }

    fn assets(&self, risk: &Risk) -> String {
        self.join(&risk.assets.iter().map(|id| self.asset(id)).collect::<Vec<_>>())
    }

    fn asset(&self, id: &str) -> String {
        self.register.asset(id).map_or_else(|| id.to_owned(), |asset| asset.name.clone())
    }

    fn flows(&self, risk: &Risk) -> String {
        let said = |id: &String| self.register.flow(id).map_or_else(|| id.clone(), |flow| self.flow(flow));
        self.join(&risk.flows.iter().map(said).collect::<Vec<_>>())
    }

    fn flow(&self, flow: &Flow) -> String {
        let end = |end: &End| match end {
            End::Asset(id) => self.asset(id),
            End::Outside(name) => name.clone(),
        };
        match self.language {
            Language::Japanese => format!("{}（{} → {}）", flow.name, end(&flow.from), end(&flow.to)),
            Language::English => format!("{} ({} → {})", flow.name, end(&flow.from), end(&flow.to)),
        }
    }

    fn measures(&self, all: &[Countermeasure]) -> String {
        let said = |one: &Countermeasure| {
            let kind = one.kind.name(self.language);
            match self.language {
                Language::Japanese => format!("【{kind}】{}", one.what),
                Language::English => format!("[{kind}] {}", one.what),
            }
        };
        self.join(&all.iter().map(said).collect::<Vec<_>>())
    }
}
