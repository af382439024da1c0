//! Bringing the records of a patient together: as they are, or as they stood at a moment.

use super::element::{list, text};
use super::item::{BESIDE, Item, State};
use crate::codes::PATIENT_UNSEEN;
use crate::desk::{Ask, Desk, Refused, look_at_as_written};
use crate::form::encoded;
use base::Problem;
use fhir::Node;
use std::collections::BTreeMap;

/// The types that the record of a patient shows, each with how its newest are asked for.
pub(super) const WHOLE: &[(&str, &str)] = &[
    ("Condition", "_sort=-recorded-date&_count=100"),
    ("AllergyIntolerance", "_sort=-date&_count=100"),
    ("MedicationRequest", "_sort=-authoredon&_count=100"),
    ("MedicationStatement", "_sort=-effective&_count=100"),
    ("Observation", "_sort=-date&_count=300"),
    ("Composition", "_sort=-date&_count=50"),
    // Not their files, which may be long.
    (
        "DocumentReference",
        "_sort=-date&_count=50&_elements=status,docStatus,type,category,description,date,author,context",
    ),
    ("DiagnosticReport", "_sort=-date&_count=50"),
    ("ImagingStudy", "_sort=-started&_count=50"),
    ("Encounter", "_sort=-date&_count=50"),
    ("Procedure", "_sort=-date&_count=50"),
    ("Immunization", "_sort=-date&_count=50"),
];

/// All that the pages of results show.
pub(super) const RESULTS: &[(&str, &str)] = &[("Observation", "_sort=-date&_count=1000")];

/// The records of one type.
#[derive(Debug, Default)]
pub(super) struct Kept {
    /// The newest first, as they were found.
    pub(super) items: Vec<Item>,
    /// Whether there are older ones.
    pub(super) cut: bool,
    /// Whether they could not be seen: then that there are none says nothing.
    pub(super) unseen: bool,
}

/// The records by type.
#[derive(Debug, Default)]
pub(super) struct Gathered(pub(super) BTreeMap<&'static str, Kept>);

impl Gathered {
    /// The records of a type.
    pub(super) fn items(&self, kind: &str) -> impl Iterator<Item = &Item> {
        self.0.get(kind).into_iter().flat_map(|kept| &kept.items)
    }

    /// Whether records of one of these types could not be seen.
    pub(super) fn unseen(&self, kinds: &[&str]) -> bool {
        kinds.iter().any(|kind| self.0.get(kind).is_none_or(|kept| kept.unseen))
    }

    /// Whether there are older ones of one of these types.
    pub(super) fn cut(&self, kinds: &[&str]) -> bool {
        kinds.iter().any(|kind| self.0.get(kind).is_some_and(|kept| kept.cut))
    }
}

/// The records as they are.
pub(super) async fn present(
    desk: &dyn Desk,
    patient: &str,
    kinds: &[(&'static str, &str)],
) -> Result<Gathered, Refused> {
    let key = encoded(patient);
    let paths: Vec<String> =
        kinds.iter().map(|(kind, query)| format!("{kind}?patient={key}&{query}")).collect();
    let answers = look_at_as_written(desk, &paths).await?;
    let mut gathered = Gathered::default();
    for ((kind, _), answer) in kinds.iter().zip(answers) {
        gathered
            .0
            .insert(kind, answer.map_or(Kept { unseen: true, ..Kept::default() }, |bundle| kept(&bundle)));
    }
    put_states(desk, &key, &mut gathered).await?;
    Ok(gathered)
}

/// The records as they stood at a moment.
pub(super) async fn past(
    desk: &dyn Desk,
    patient: &str,
    kinds: &[(&'static str, &str)],
    moment: &str,
) -> Result<Gathered, Refused> {
    let types: Vec<&str> = kinds.iter().map(|(kind, _)| *kind).collect();
    let (key, at, types) = (encoded(patient), encoded(moment), types.join(","));
    let told = desk.call(Ask::get(format!("fhir/Patient/{key}/$everything?_at={at}&_type={types}"))).await?;
    let bundle = fhir::json::parse(&told.bytes).map_err(|_| Problem::new(&PATIENT_UNSEEN))?;
    let mut gathered = Gathered(kinds.iter().map(|(kind, _)| (*kind, Kept::default())).collect());
    for item in list(&bundle, "entry").iter().filter_map(Item::of) {
        if let Some(kept) = gathered.0.get_mut(item.kind.as_str()) {
            kept.items.push(item);
        }
    }
    for kept in gathered.0.values_mut() {
        kept.items.sort_by_key(|item| std::cmp::Reverse(item.sorted_by()));
    }
    Ok(gathered)
}

/// States that records which are shown can have.
const STATES: [&str; 3] = ["draft", "final", "amended"];

/// Marks the records whose state stands beside their content: what a search for a state finds has it. One search for each
/// state, of all types that are there; the newest come first, since the newest are shown.
async fn put_states(desk: &dyn Desk, key: &str, gathered: &mut Gathered) -> Result<(), Refused> {
    let kinds: Vec<&str> = BESIDE.into_iter().filter(|kind| gathered.items(kind).next().is_some()).collect();
    if kinds.is_empty() {
        return Ok(());
    }
    let kinds = kinds.join(",");
    let path = |word: &str| {
        format!(
            "?_type={kinds}&patient={key}&record-state={word}&_elements=id&_sort=-_lastUpdated&_count=1000"
        )
    };
    let answers = look_at_as_written(desk, &STATES.map(path)).await?;
    for (word, answer) in STATES.into_iter().zip(&answers) {
        let (Some(answer), Some(state)) = (answer, State::of(word)) else { continue };
        for found in list(answer, "entry").iter().filter_map(Item::of) {
            let items = gathered.0.get_mut(found.kind.as_str()).into_iter().flat_map(|kept| &mut kept.items);
            for item in items.filter(|item| item.state == State::Unsaid && item.id == found.id) {
                item.state = state;
            }
        }
    }
    // Only where every search was answered whole it is known that there is no state.
    if !answers.iter().all(|answer| answer.as_ref().is_some_and(|answer| !kept(answer).cut)) {
        return Ok(());
    }
    for kind in BESIDE {
        let items = gathered.0.get_mut(kind).into_iter().flat_map(|kept| &mut kept.items);
        for item in items.filter(|item| item.state == State::Unsaid) {
            item.state = State::TakenOver;
        }
    }
    Ok(())
}

fn kept(bundle: &Node) -> Kept {
    let items = list(bundle, "entry").iter().filter_map(Item::of).collect();
    let cut = list(bundle, "link").iter().any(|link| text(link, &["relation"]) == Some("next"));
    Kept { items, cut, unseen: false }
}
