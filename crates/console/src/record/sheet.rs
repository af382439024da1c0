//! Results as a table: a row for each test, its latest value first, then a column for each day.

use super::element::{code, day, list, text};
use super::item::{Item, State};
use super::reading::{Reading, readings};
use crate::words::Words;
use std::collections::{BTreeMap, BTreeSet};

/// What kind of observation it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// Of the laboratory.
    Laboratory,
    /// A vital sign or a measure of the body.
    Vital,
    /// Something else.
    Other,
}

/// LOINC codes of vital signs, for observations without a category: the profile of vital signs of FHIR R4.
pub(super) const VITAL_SIGNS: [&str; 15] = [
    "85353-1", "9279-1", "8867-4", "2708-6", "59408-5", "8310-5", "8302-2", "9843-4", "29463-7", "39156-5",
    "85354-9", "8480-6", "8462-4", "8478-0", "3141-9",
];

/// The kind of an observation: by its category, else by its code.
pub(super) fn sort(item: &Item) -> Sort {
    let categories = || list(&item.node, "category").iter().flat_map(|one| list(one, "coding"));
    let has = |wanted: &[&str]| {
        categories().any(|coding| text(coding, &["code"]).is_some_and(|code| wanted.contains(&code)))
    };
    let codings = || item.node.get("code").map(|concept| list(concept, "coding")).unwrap_or_default();
    let of_jlac = |system: &str| system.contains("JLAC") || system == "urn:oid:1.2.392.200119.4.504";
    if has(&["laboratory", "LP29693-6"]) {
        return Sort::Laboratory;
    }
    if has(&["vital-signs", "body-measurement"])
        || codings().iter().filter_map(|coding| code_of(coding)).any(|code| VITAL_SIGNS.contains(&code))
    {
        return Sort::Vital;
    }
    let by_system = codings().iter().filter_map(|coding| text(coding, &["system"])).any(of_jlac);
    if by_system { Sort::Laboratory } else { Sort::Other }
}

fn code_of(coding: &fhir::Node) -> Option<&str> {
    coding.get("code").and_then(code)
}

/// One value in the table.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    pub(super) id: String,
    pub(super) value: String,
    pub(super) letters: &'static str,
    pub(super) meaning: &'static str,
    pub(super) class: &'static str,
    /// The day, as the head of its column.
    pub(super) day: String,
    /// Its state, where it has to be known beside the value.
    pub(super) state: Option<State>,
}

/// One test.
#[derive(Clone, Debug)]
pub(super) struct Test {
    /// By which its plot is found on the page.
    pub(super) anchor: String,
    pub(super) name: String,
    pub(super) unit: String,
    pub(super) range: String,
    pub(super) latest: Cell,
    /// The values of each day of the table.
    pub(super) cells: Vec<Vec<Cell>>,
    /// All of them, the oldest first.
    pub(super) readings: Vec<Reading>,
}

/// The table.
#[derive(Clone, Debug, Default)]
pub(super) struct Sheet {
    /// The days, newest first.
    pub(super) days: Vec<String>,
    pub(super) tests: Vec<Test>,
    /// How many results were taken back; the table does not show them.
    pub(super) withdrawn: usize,
    /// How many results have no date; they stand in no column.
    pub(super) undated: usize,
    /// How many days there are beyond those of the table.
    pub(super) more: usize,
}

impl Sheet {
    pub(super) fn more(&self) -> usize {
        self.more
    }

    pub(super) fn undated(&self) -> usize {
        self.undated
    }

    pub(super) fn withdrawn(&self) -> usize {
        self.withdrawn
    }
}

/// Other names of common tests, for whoever looks for them by a short one or in English.
const ALIASES: &[(&str, &[&str])] = &[
    ("クレアチニン", &["cre", "cr", "creatinine"]),
    ("尿素窒素", &["bun", "un", "urea"]),
    ("尿酸", &["ua", "uric acid"]),
    ("ナトリウム", &["na", "sodium"]),
    ("カリウム", &["k", "potassium"]),
    ("クロール", &["cl", "chloride"]),
    ("ヘモグロビンa1c", &["hba1c", "a1c"]),
    ("グルコース", &["glu", "bs", "glucose", "血糖"]),
    ("血糖", &["glu", "bs", "glucose"]),
    ("ヘモグロビン", &["hb", "hgb", "hemoglobin", "血色素"]),
    ("白血球", &["wbc"]),
    ("赤血球", &["rbc"]),
    ("血小板", &["plt", "platelet"]),
    ("アルブミン", &["alb", "albumin"]),
    ("ビリルビン", &["bil", "bilirubin"]),
    ("コレステロール", &["chol", "cholesterol"]),
    ("中性脂肪", &["tg", "triglyceride"]),
    ("血圧", &["bp", "blood pressure"]),
    ("脈拍", &["pulse", "hr", "heart rate", "心拍"]),
    ("体温", &["bt", "temperature"]),
    ("体重", &["weight"]),
    ("身長", &["height"]),
];

/// Whether a test is looked for by this text.
pub(super) fn fits(name: &str, wanted: &str) -> bool {
    let (name, wanted) = (plain(name), plain(wanted));
    if wanted.is_empty() || name.contains(&wanted) {
        return true;
    }
    ALIASES.iter().any(|(japanese, others)| {
        let group = || others.iter().copied().chain([*japanese]);
        group().any(|one| name.contains(one) && (one.chars().count() > 2 || name == one))
            && others
                .iter()
                .any(|one| *one == wanted || (wanted.chars().count() > 2 && one.starts_with(&wanted)))
    })
}

/// Without regard to case and width of letters.
fn plain(text: &str) -> String {
    let narrow = |one: char| match one {
        '！'..='～' => u32::from(one).checked_sub(0xFEE0).and_then(char::from_u32).unwrap_or(one),
        other => other,
    };
    text.trim().chars().map(narrow).collect::<String>().to_lowercase()
}

/// The table of the observations of a kind, of the tests that are looked for.
pub(super) fn sheet<'i>(
    items: impl Iterator<Item = &'i Item>,
    (kind, wanted): (Sort, &str),
    columns: usize,
    words: Words,
) -> Sheet {
    let mut sheet = Sheet::default();
    let mut by_test: BTreeMap<(String, String), Vec<Reading>> = BTreeMap::new();
    for item in items.filter(|item| sort(item) == kind) {
        let found: Vec<Reading> =
            readings(item, words).into_iter().filter(|one| fits(&one.name, wanted)).collect();
        if found.is_empty() {
            continue;
        }
        if item.gone() {
            sheet.withdrawn = sheet.withdrawn.saturating_add(1);
            continue;
        }
        for reading in found {
            sheet.undated = sheet.undated.saturating_add(usize::from(reading.when.is_empty()));
            by_test.entry((reading.test.clone(), reading.part_key.clone())).or_default().push(reading);
        }
    }
    let all = by_test.values().flatten().filter(|one| !one.when.is_empty());
    let days: BTreeSet<String> = all.map(|one| day(&one.when)).collect();
    sheet.more = days.len().saturating_sub(columns);
    sheet.days = days.into_iter().rev().take(columns).collect();
    let days = &sheet.days;
    let tests = by_test.into_values().enumerate();
    sheet.tests = tests.filter_map(|(place, readings)| test(place, readings, days, kind)).collect();
    sheet
}

fn test(place: usize, mut readings: Vec<Reading>, days: &[String], kind: Sort) -> Option<Test> {
    readings.sort_by_key(|one| super::element::sorted(&one.when));
    let newest = readings.last()?;
    let name = match &newest.part {
        Some(part) if part.contains(&newest.name) => part.clone(),
        Some(part) => format!("{} {part}", newest.name),
        None => newest.name.clone(),
    };
    let letter = if kind == Sort::Vital { 'v' } else { 't' };
    let of_day = |day: &String| {
        readings.iter().rev().map(cell).filter(|cell| !cell.day.is_empty() && cell.day == *day).collect()
    };
    Some(Test {
        anchor: format!("{letter}{place}"),
        name,
        unit: newest.unit.clone(),
        range: newest.range.clone(),
        latest: cell(newest),
        cells: days.iter().map(of_day).collect(),
        readings,
    })
}

/// A value as the table shows it.
pub(super) fn cell(reading: &Reading) -> Cell {
    Cell {
        id: reading.id.clone(),
        value: reading.value.clone(),
        letters: reading.flag.letters(),
        meaning: reading.flag.key(),
        class: reading.flag.class(),
        day: if reading.when.is_empty() { String::new() } else { day(&reading.when) },
        state: Some(reading.state).filter(|state| matches!(state, State::Draft | State::Amended)),
    }
}
