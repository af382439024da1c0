//! What is most needed of a patient's record while writing is stopped (非常時の読み取り専用): only what is proven, only to look
//! at. What could not be proven is counted where it is missing.

use super::element::text;
use super::gather::{Gathered, present};
use super::item::Item;
use super::section::{Row, row};
use super::sheet::{Sheet, Sort, sheet};
use crate::banner::{self, Banner};
use crate::codes::PATIENT_UNPROVEN;
use crate::desk::{Desk, Proven, Refused};
use crate::form::encoded;
use crate::frame::Frame;
use crate::patients::Stand;
use crate::shown::Shown;
use crate::spoken;
use crate::visit::Visit;
use crate::words::Words;
use askama::Template;
use base::Problem;
use fhir::readable::{Line, lines_of};

/// What is asked for: the newest of each.
const ESSENTIAL: &[(&str, &str)] = &[
    ("AllergyIntolerance", "_sort=-date&_count=100"),
    ("Condition", "_sort=-recorded-date&_count=100"),
    ("MedicationRequest", "_sort=-authoredon&_count=100"),
    ("MedicationStatement", "_sort=-effective&_count=100"),
    ("Observation", "_sort=-date&_count=200"),
    ("Composition", "_sort=-date&_count=5"),
    ("DiagnosticReport", "_sort=-date&_count=5"),
];

/// The lists: name, key of the heading, types.
const LISTS: &[(&str, &str, &[&str])] = &[
    ("allergies", "record-allergies", &["AllergyIntolerance"]),
    ("medicines", "record-medicines", &["MedicationRequest", "MedicationStatement"]),
    ("problems", "record-problems", &["Condition"]),
    ("documents", "record-documents", &["Composition", "DiagnosticReport"]),
];

/// The types whose records are shown whole.
const WHOLE: [&str; 2] = ["Composition", "DiagnosticReport"];

/// One list.
struct List {
    name: &'static str,
    title: &'static str,
    rows: Vec<(Row, Vec<Line>)>,
    cut: bool,
    unseen: bool,
    /// How many records are missing because they could not be proven.
    unproven: usize,
}

impl List {
    fn unproven(&self) -> usize {
        self.unproven
    }
}

#[derive(Template)]
#[template(path = "emergency/patient.html")]
struct Page<'a> {
    frame: Frame<'a>,
    stand: Stand,
    banner: Banner,
    lists: Vec<List>,
    results: Sheet,
    unseen_results: bool,
    cut_results: bool,
    unproven_results: usize,
}

impl Page<'_> {
    fn unproven_results(&self) -> usize {
        self.unproven_results
    }
}

/// `GET /f/{facility}/console/emergency/patients/{id}`
pub(super) async fn page(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let patient = visit.path.get(2).map_or("", String::as_str);
    let mut frame = Frame::of(visit, desk);
    if desk.proven().is_none() {
        return Ok(Shown::on(format!("{}/{}", frame.to("patients"), encoded(patient))));
    }
    frame.menu.clear();
    let unproven = |refused| match desk.proven() {
        Some(proven) if missing(&proven, &["Patient"]) > 0 => Problem::new(&PATIENT_UNPROVEN).into(),
        _ => refused,
    };
    let mut banner = banner::of(visit, desk, patient).await.map_err(unproven)?;
    let mut gathered = present(desk, patient, ESSENTIAL).await?;
    let mut proven = desk.proven().ok_or_else(|| Problem::new(&PATIENT_UNPROVEN))?;
    leave_out_others(&mut gathered, &mut proven, &banner::own(&banner.patient, patient));
    // That none is known says nothing where one may be among those that could not be proven.
    banner.unknown |= missing(&proven, &["AllergyIntolerance", "Flag"]) > 0;
    let words = frame.words;
    let list = |(name, title, kinds): &(&'static str, &'static str, &[&str])| List {
        name,
        title,
        rows: rows(&gathered, kinds, words),
        cut: gathered.cut(kinds),
        unseen: gathered.unseen(kinds),
        unproven: missing(&proven, kinds),
    };
    let page = Page {
        lists: LISTS.iter().map(list).collect(),
        results: results(&gathered, words),
        unseen_results: gathered.unseen(&["Observation"]),
        cut_results: gathered.cut(&["Observation"]),
        unproven_results: missing(&proven, &["Observation"]),
        stand: Stand::of(&proven, words),
        frame,
        banner,
    };
    Ok(Shown::page(page.render().unwrap_or_default()))
}

/// The index found these records, and the index is not proven. What does not name the patient in its proven content is not
/// shown as theirs, but counted.
fn leave_out_others(gathered: &mut Gathered, proven: &mut Proven, own: &[String]) {
    for (kind, kept) in &mut gathered.0 {
        let found = kept.items.len();
        kept.items.retain(|item| {
            let of = |member| text(&item.node, &[member, "reference"]);
            let named = of("subject").or_else(|| of("patient")).unwrap_or_default();
            banner::names_one(own, named)
        });
        let left_out = found.saturating_sub(kept.items.len());
        if left_out > 0 {
            let count = proven.unproven.entry((*kind).to_owned()).or_default();
            *count = count.saturating_add(left_out);
        }
    }
}

fn rows(gathered: &Gathered, kinds: &[&str], words: Words) -> Vec<(Row, Vec<Line>)> {
    let mut items: Vec<&Item> = kinds.iter().flat_map(|kind| gathered.items(kind)).collect();
    items.sort_by_key(|item| (item.gone(), std::cmp::Reverse(item.sorted_by())));
    let whole = |item: &Item| {
        if WHOLE.contains(&item.kind.as_str()) {
            lines_of(&spoken::plain(&spoken::in_words(&item.node, words), words), words.0).unwrap_or_default()
        } else {
            Vec::new()
        }
    };
    items.into_iter().map(|item| (row(item, words), whole(item))).collect()
}

/// The latest value of each test and each sign.
fn results(gathered: &Gathered, words: Words) -> Sheet {
    let of = |sort| sheet(gathered.items("Observation"), (sort, ""), 0, words);
    let (mut all, vital, other) = (of(Sort::Laboratory), of(Sort::Vital), of(Sort::Other));
    all.tests.extend(vital.tests.into_iter().chain(other.tests));
    all
}

fn missing(proven: &Proven, kinds: &[&str]) -> usize {
    kinds.iter().filter_map(|kind| proven.unproven.get(*kind)).fold(0, |sum, one| sum.saturating_add(*one))
}

#[cfg(test)]
mod tests {
    use crate::trial::Trial;
    use base::Language;
    use serde_json::{Value, json};

    const ADDRESS: &str = "emergency/patients/p1";

    /// A patient with two medicines, of which the index says that they are theirs.
    fn desk(second: &str) -> Trial {
        let medicine = |id: &str, subject: &str, name: &str| {
            json!({
                "search": { "mode": "match" },
                "resource": {
                    "resourceType": "MedicationStatement", "id": id, "status": "active",
                    "subject": { "reference": subject }, "medicationCodeableConcept": { "text": name },
                },
            })
        };
        let none = || json!({ "resourceType": "Bundle", "type": "searchset" });
        let patient = json!({
            "resourceType": "Patient", "id": "p1", "name": [{ "text": "見本 花子" }],
            "link": [{ "other": { "reference": "Patient/p0" }, "type": "replaces" }],
        });
        let found: Value = json!({
            "resourceType": "Bundle", "type": "searchset",
            "entry": [medicine("m1", "Patient/p1", "アムロジピン"), medicine("m2", second, "ワルファリン")],
        });
        let mut trial = Trial::new()
            .told("fhir/Patient/p1", patient)
            .told("fhir/AllergyIntolerance?patient=p1&clinical-status=active&_count=100", none())
            .told("fhir/Flag?patient=p1&_sort=-_lastUpdated&_count=200", none());
        for (kind, query) in super::ESSENTIAL {
            let answer = if *kind == "MedicationStatement" { found.clone() } else { none() };
            trial = trial.told(&format!("fhir/{kind}?patient=p1&{query}"), answer);
        }
        trial
    }

    #[test]
    fn what_is_proven_is_shown_with_the_moment_it_is_of_and_without_ways_to_write() {
        let (status, page) = desk("Patient/p0").stopped(&[]).look(ADDRESS, Language::Japanese);
        assert_eq!(status, 200);
        for part in
            ["非常時の読み取り専用", "見本 花子", "アムロジピン", "ワルファリン", "4202", "2026年11月20日"]
        {
            assert!(page.contains(part), "{part}: {page}");
        }
        assert!(page.contains("注意情報の登録はありません") && !page.contains("未検証のため"), "{page}");
        assert!(!page.contains("patients/p1/write"), "{page}");
    }

    #[test]
    fn what_could_not_be_proven_is_counted_and_no_alert_is_called_unknown() {
        let desk = desk("Patient/p1").stopped(&[("AllergyIntolerance", 2)]);
        let (_, page) = desk.look(ADDRESS, Language::Japanese);
        assert!(page.contains("2 件は未検証のため表示しません"), "{page}");
        assert!(!page.contains("注意情報の登録はありません"), "{page}");
    }

    #[test]
    fn a_record_that_does_not_name_the_patient_is_counted_and_not_shown() {
        let (_, page) = desk("Patient/p9").stopped(&[]).look(ADDRESS, Language::Japanese);
        assert!(page.contains("アムロジピン") && !page.contains("ワルファリン"), "{page}");
        assert!(page.contains("1 件は未検証のため表示しません"), "{page}");
    }

    #[test]
    fn a_patient_whose_own_record_is_not_proven_is_not_said_to_be_absent() {
        let desk = Trial::new().stopped(&[("Patient", 1)]);
        let (status, page) = desk.look(ADDRESS, Language::English);
        assert_eq!(status, 503);
        assert!(page.contains("CO-0004"), "{page}");
    }

    #[test]
    fn while_writing_goes_on_the_page_leads_to_the_ordinary_one() {
        assert_eq!(Trial::new().look(ADDRESS, Language::English).0, 303);
    }
}
