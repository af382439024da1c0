//! Searches by the state of a record, which is not in the resource.

use super::*;
use crate::{Standing, Term, since_term, state_terms};

const SINCE: i64 = NOW - 86_400_000_000;

/// The terms of a draft that an assistant entered for a doctor a day ago, and that was given back.
fn returned() -> Vec<Term> {
    let standing =
        Standing { is: "draft", act: "return", responsible: Some("doctor"), entered: Some("assistant") };
    let since = since_term(kind("Composition"), Time::from_microseconds(SINCE));
    state_terms(kind("Composition"), &standing).into_iter().chain(since).collect()
}

fn finds_returned(text: &str) -> bool {
    let terms = returned();
    let query = search("Composition", text).unwrap_or_else(|problem| panic!("{text}: {problem}"));
    query.all.iter().all(|condition| match condition {
        Condition::Terms { any, negated } => {
            let fits =
                |term: &Term| any.iter().any(|one| one.param == term.param && one.accepts(&term.value));
            terms.iter().any(fits) != *negated
        }
        other => panic!("{other:?}"),
    })
}

#[test]
fn a_record_is_found_by_its_state_who_answers_who_entered_it_and_since_when() {
    let since = Time::from_microseconds(SINCE);
    for text in [
        "record-state=draft",
        "record-state=final,draft",
        "record-state:not=final",
        "record-state-act=return",
        "record-responsible=doctor",
        "record-enterer=assistant",
        "record-enterer:missing=false",
        "record-state-since=lt2027",
        "record-state=draft&record-responsible=doctor&record-state-since=2025-12-31",
        &format!("record-state-since={since}"),
        &format!("record-state-since=ge{since}"),
        "record-state-since=ge2025&record-state-since=lt2027",
    ] {
        assert!(finds_returned(text), "{text}");
    }
    for text in [
        "record-state=final",
        "record-state:not=draft",
        "record-state-act=edit",
        "record-responsible=assistant",
        "record-responsible=doc",
        "record-enterer:missing=true",
        "record-state-since=2024",
        &format!("record-state-since=lt{since}"),
        &format!("record-state-since=gt{since}"),
        "record-state-since=ge2024&record-state-since=lt2025",
    ] {
        assert!(!finds_returned(text), "{text}");
    }
}

#[test]
fn a_word_that_no_record_can_have_is_refused_and_so_are_types_without_states() {
    for text in ["record-state=darft", "record-state=Draft", "record-state=|draft", "record-state-act=sign"] {
        assert_eq!(refusal("Composition", text), codes::NOT_ONE_OF.id, "{text}");
    }
    assert_eq!(refusal("Composition", "record-state:text=draft"), codes::MODIFIER.id);
    assert_eq!(refusal("Patient", "record-state=draft"), codes::UNKNOWN_PARAMETER.id);
    assert!(
        state_terms(
            kind("Patient"),
            &Standing { is: "draft", act: "enter", responsible: None, entered: None }
        )
        .is_empty()
    );
    assert!(since_term(kind("Patient"), Time::from_microseconds(0)).is_none());
}

#[test]
fn results_stand_in_the_order_of_how_long_they_wait() {
    let sort = search("Composition", "_sort=record-state-since").unwrap().sort;
    let by = SortBy::Param { params: vec!["Composition.record-state-since"], from: vec![1], until: vec![2] };
    assert_eq!(sort, [Sort { by, descending: false }]);
}
