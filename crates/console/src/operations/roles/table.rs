//! The table of roles: which kinds of records stand together, and what stands in each cell.

use crate::reading::{items, text};
use crate::words::Words;
use base::Language;
use fhir::definitions::resource_kind;
use fhir::readable::kind_name;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Actions on records that are named together in a cell of the table of roles: the word of their sign, and their names in
/// the law.
pub static ACTION_GROUPS: [(&str, &[&str]); 8] = [
    ("look", &["read", "search", "vread", "history", "everything", "validate", "proof"]),
    ("edit", &["create", "update", "patch", "assign"]),
    ("settle", &["finalize", "amend", "withdraw", "approve", "return", "cosign"]),
    ("delete", &["delete"]),
    ("identify", &["merge", "unmerge"]),
    ("export", &["export"]),
    ("import", &["import"]),
    ("lapse", &["lapse"]),
];

/// The actions by which the table can be narrowed.
pub(super) const ACTIONS: [&str; 19] = [
    "read", "search", "history", "proof", "create", "update", "patch", "assign", "finalize", "amend",
    "withdraw", "approve", "return", "cosign", "delete", "merge", "unmerge", "export", "import",
];

/// What stands behind the name of an action that one may only take with one's own drafts.
const OWN: &str = "-own";

/// Types that people ask for first; the others follow by their names.
const FIRST: [&str; 24] = [
    "Patient",
    "Encounter",
    "Appointment",
    "Composition",
    "Condition",
    "AllergyIntolerance",
    "MedicationRequest",
    "MedicationDispense",
    "MedicationAdministration",
    "MedicationStatement",
    "ServiceRequest",
    "Observation",
    "DiagnosticReport",
    "Specimen",
    "ImagingStudy",
    "Procedure",
    "Immunization",
    "CarePlan",
    "DocumentReference",
    "NutritionOrder",
    "Coverage",
    "Account",
    "Practitioner",
    "Medication",
];

/// Types that a row names before it says how many more there are.
const NAMED: usize = 6;

/// One role, as the API tells it.
pub(super) struct Role {
    pub(super) word: String,
    /// `occupation`, `duty`, `kind`.
    pub(super) is: String,
    pub(super) name: String,
    records: BTreeMap<String, BTreeSet<String>>,
    pub(super) others: Vec<String>,
    changes: Vec<(Vec<String>, Vec<String>, Vec<String>)>,
}

/// Reads a role.
pub(super) fn role(one: &Value, words: Words) -> Role {
    let (word, is) = (text(one, "/role").to_owned(), text(one, "/is").to_owned());
    let key = if word == "none" { "roles-nobody".to_owned() } else { format!("{is}-{word}") };
    let mut records: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in items(one, "records") {
        let actions: BTreeSet<String> = texts(row, "actions").into_iter().collect();
        records.extend(texts(row, "types").into_iter().map(|kind| (kind, actions.clone())));
    }
    let change = |row: &Value| (texts(row, "types"), texts(row, "gained"), texts(row, "lost"));
    let mut changes: Vec<_> = items(one, "changes").iter().map(change).collect();
    let (gained, lost) = (texts(one, "others_gained"), texts(one, "others_lost"));
    if !gained.is_empty() || !lost.is_empty() {
        changes.push((Vec::new(), gained, lost));
    }
    Role { name: words.or(&key, &word), word, is, records, others: texts(one, "others"), changes }
}

fn texts(value: &Value, member: &str) -> Vec<String> {
    items(value, member).iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// An action or a command in words.
pub(super) fn act(name: &str, words: Words) -> String {
    match name.strip_suffix(OWN) {
        Some(plain) => words.with("roles-own", "act", act(plain, words)),
        None => words.or(&format!("act-{name}"), name),
    }
}

/// Types in words: the first of them, and all of them where there are more.
pub(super) struct Kinds {
    pub(super) first: String,
    pub(super) more: usize,
    pub(super) all: String,
}

fn kinds(types: &[String], language: Language) -> Kinds {
    let mut types: Vec<&String> = types.iter().collect();
    types.sort_by_key(|one| (rank(one), (*one).clone()));
    let name = |one: &&String| {
        resource_kind(one).map_or_else(|| (*one).clone(), |kind| kind_name(kind, language).to_owned())
    };
    let names: Vec<String> = types.iter().map(name).collect();
    let between = if language == Language::Japanese { "、" } else { ", " };
    let more = if names.len() > NAMED.saturating_add(1) { names.len().saturating_sub(NAMED) } else { 0 };
    let shown = names.len().saturating_sub(more);
    Kinds {
        first: names.iter().take(shown).cloned().collect::<Vec<_>>().join(between),
        more,
        all: names.join(between),
    }
}

fn rank(kind: &str) -> usize {
    FIRST.iter().position(|one| *one == kind).unwrap_or(FIRST.len())
}

/// One row of what a role may do.
pub(super) struct Right {
    pub(super) kinds: Kinds,
    /// The actions in words.
    pub(super) acts: Vec<String>,
}

/// What a role may do with which records; what it may take one action with, where it is named.
pub(super) fn rights(role: &Role, action: Option<&str>, language: Language) -> Vec<Right> {
    let words = Words(language);
    let mut rows: BTreeMap<Vec<&str>, Vec<String>> = BTreeMap::new();
    for (kind, actions) in &role.records {
        let wanted = |one: &&&str| action.is_none_or(|action| one.trim_end_matches(OWN) == action);
        let known: Vec<&str> = ordered(actions);
        let acts: Vec<&str> = known.iter().filter(wanted).copied().collect();
        if !acts.is_empty() {
            rows.entry(acts).or_default().push(kind.clone());
        }
    }
    let mut rows: Vec<(Vec<&str>, Vec<String>)> = rows.into_iter().collect();
    rows.sort_by_key(|(acts, types)| (std::cmp::Reverse(acts.len()), first(types)));
    let right = |(acts, types): (Vec<&str>, Vec<String>)| Right {
        kinds: kinds(&types, language),
        acts: acts.into_iter().map(|one| act(one, words)).collect(),
    };
    rows.into_iter().map(right).collect()
}

/// The actions of a set in the order of the groups.
fn ordered(actions: &BTreeSet<String>) -> Vec<&str> {
    let place = |one: &str| {
        let plain = one.trim_end_matches(OWN);
        ACTION_GROUPS.iter().flat_map(|(_, all)| all.iter()).position(|known| *known == plain)
    };
    let mut all: Vec<&str> = actions.iter().map(String::as_str).collect();
    all.sort_by_key(|one| place(one));
    all
}

fn first(types: &[String]) -> (usize, String) {
    types.iter().map(|one| (rank(one), one.clone())).min().unwrap_or_default()
}

/// What becomes otherwise.
pub(super) struct Change {
    /// None for what is about no record.
    pub(super) kinds: Option<Kinds>,
    pub(super) gained: Vec<String>,
    pub(super) lost: Vec<String>,
}

/// What becomes otherwise for a role.
pub(super) fn changes(role: &Role, language: Language) -> Vec<Change> {
    let words = Words(language);
    let said = |names: &Vec<String>| {
        let names: BTreeSet<String> = names.iter().cloned().collect();
        ordered(&names).into_iter().map(|name| act(name, words)).collect::<Vec<_>>()
    };
    let change = |(types, gained, lost): &(Vec<String>, Vec<String>, Vec<String>)| Change {
        kinds: (!types.is_empty()).then(|| kinds(types, language)),
        gained: said(gained),
        lost: said(lost),
    };
    role.changes.iter().map(change).collect()
}

/// One cell: what may be done, what of it is new, what is no more.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cell {
    pub(super) now: String,
    pub(super) gained: String,
    pub(super) lost: String,
}

/// One column: roles that may do the same.
pub(super) struct Column {
    /// Address and name of each.
    pub(super) roles: Vec<(String, String)>,
}

/// The table of all roles: kinds of records with which everybody may do the same stand in one row.
pub(super) struct Overview {
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<(Kinds, Vec<Cell>)>,
}

/// Makes the table.
pub(super) fn overview(
    roles: &[Role],
    action: Option<&str>,
    language: Language,
    link: &dyn Fn(&str) -> String,
) -> Overview {
    let words = Words(language);
    let types: BTreeSet<&String> = roles
        .iter()
        .flat_map(|one| one.records.keys().chain(one.changes.iter().flat_map(|(types, ..)| types)))
        .collect();
    let mut columns: Vec<(Vec<Cell>, Column)> = Vec::new();
    for role in roles {
        let cells: Vec<Cell> = types.iter().map(|kind| cell(role, kind, action, words)).collect();
        let head = (link(&role.word), role.name.clone());
        match columns.iter_mut().find(|(known, _)| *known == cells) {
            Some((_, column)) => column.roles.push(head),
            None => columns.push((cells, Column { roles: vec![head] })),
        }
    }
    let mut rows: BTreeMap<Vec<Cell>, Vec<String>> = BTreeMap::new();
    for (place, kind) in types.iter().enumerate() {
        let cells: Vec<Cell> =
            columns.iter().map(|(cells, _)| cells.get(place).cloned().unwrap_or_default()).collect();
        if cells.iter().any(|cell| *cell != Cell::default()) {
            rows.entry(cells).or_default().push((*kind).clone());
        }
    }
    let mut rows: Vec<(Vec<Cell>, Vec<String>)> = rows.into_iter().collect();
    rows.sort_by_key(|(_, types)| first(types));
    Overview {
        columns: columns.into_iter().map(|(_, column)| column).collect(),
        rows: rows.into_iter().map(|(cells, types)| (kinds(&types, language), cells)).collect(),
    }
}

fn cell(role: &Role, kind: &str, action: Option<&str>, words: Words) -> Cell {
    let none = BTreeSet::new();
    let now = role.records.get(kind).unwrap_or(&none);
    let change = role.changes.iter().find(|(types, ..)| types.iter().any(|one| one == kind));
    let of = |names: Option<&Vec<String>>| {
        let names: BTreeSet<String> = names.into_iter().flatten().cloned().collect();
        signs(&names, action, words)
    };
    Cell {
        now: signs(now, action, words),
        gained: of(change.map(|(_, gained, _)| gained)),
        lost: of(change.map(|(_, _, lost)| lost)),
    }
}

/// What may be done, as a cell says it: a sign for each group, in brackets where it is a part of the group, with a star
/// where it is one's own drafts alone; of one action, yes or its own drafts.
fn signs(actions: &BTreeSet<String>, action: Option<&str>, words: Words) -> String {
    if let Some(action) = action {
        return if actions.contains(action) {
            words.say("roles-yes")
        } else if actions.contains(&format!("{action}{OWN}")) {
            words.say("roles-yes-own")
        } else {
            String::new()
        };
    }
    let sign = |(key, all): &(&str, &[&str])| {
        let may = all.iter().filter(|one| actions.contains(**one)).count();
        let own = all.iter().filter(|one| actions.contains(&format!("{one}{OWN}"))).count();
        let said = words.say(&format!("roles-sign-{key}"));
        let star = if own > 0 { "*" } else { "" };
        match may.saturating_add(own) {
            0 => None,
            count if count < all.len() => Some(format!("({said}{star})")),
            _ => Some(format!("{said}{star}")),
        }
    };
    ACTION_GROUPS.iter().filter_map(sign).collect::<Vec<_>>().join(" ")
}
