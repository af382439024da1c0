//! The record of a patient at a moment as plain text, for a terminal.

use super::{Charted, Whole};
use crate::chart::{day, head, place, since, state};
use base::{Language, Problem, Time};
use fhir::definitions;
use fhir::readable::{self, Line};

/// Writes it: who the patient is, then each record in the order of a chart.
pub(super) fn text(whole: &Whole, who: &str, now: Time, language: Language) -> Result<String, Problem> {
    let at = day(&whole.at.unwrap_or(now).to_string(), language);
    let mut out = match language {
        Language::Japanese => format!("{who}\n{at} の時点の記録：{} 件\n", whole.records.len()),
        Language::English => format!("{who}\nas it stood at {at}: {} records\n", whole.records.len()),
    };
    let mut records: Vec<(usize, &Charted)> = whole
        .records
        .iter()
        .filter_map(|record| Some((place(definitions::resource_kind(&record.key.kind)?), record)))
        .collect();
    records.sort_by_key(|(place, _)| *place);
    for (_, record) in records {
        out.push('\n');
        out.push_str(&one(record, language)?);
    }
    Ok(out)
}

fn one(record: &Charted, language: Language) -> Result<String, Problem> {
    let content = record.content().unwrap_or_default();
    let heading = readable::heading(content, language)?;
    let kind = definitions::resource_kind(&record.key.kind);
    let kind = kind.map(|kind| readable::kind_name(kind, language)).unwrap_or_default();
    let date = heading.date.map(|date| day(&date, language)).unwrap_or_default();
    let title = [heading.title.as_deref().unwrap_or_default(), &date].join("  ");
    let mut lines = vec![format!("{kind}  {}  {}", record.key, title.trim())];
    if let Some(version) = record.newest() {
        let state = state(version.state.as_ref(), language).map(|state| format!("{state}  "));
        let deleted = match (record.deleted(), language) {
            (false, _) => "",
            (true, Language::Japanese) => "  この版で削除",
            (true, Language::English) => "  deleted by this version",
        };
        lines.push(format!("  {}{}{deleted}", state.unwrap_or_default(), head(version, language)));
    }
    lines.extend(record.since.map(|one| format!("  {}", since(one, language))));
    if !record.deleted() {
        lines.extend(readable::lines(content, language)?.iter().map(line));
    }
    Ok(format!("{}\n", lines.join("\n")))
}

fn line(line: &Line) -> String {
    let indent = "  ".repeat(usize::from(line.depth).saturating_add(2));
    match line.value.as_deref() {
        Some(value) => format!("{indent}{}: {}", line.label, value.replace('\n', &format!("\n{indent}  "))),
        None => format!("{indent}{}", line.label),
    }
}
