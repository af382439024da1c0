//! Searches of several types at once.

use super::*;

fn several(kinds: &[&str], text: &str, lenient: bool) -> Result<Query, Problem> {
    let kinds: Vec<ResourceKind> = kinds.iter().map(|name| kind(name)).collect();
    query_of_several(&kinds, &pairs(text), &asking(lenient))
}

fn names(condition: &Condition) -> (Vec<&'static str>, bool) {
    match condition {
        Condition::Terms { any, negated } => (any.iter().map(|one| one.param).collect(), *negated),
        other => panic!("{other:?}"),
    }
}

const BOTH: [&str; 2] = ["Composition", "Observation"];

#[test]
fn a_condition_stands_for_what_it_is_to_each_type() {
    let query = several(&BOTH, "record-state=draft&record-state-act:not=return&_tag=x", false).unwrap();
    let found: Vec<_> = query.all.iter().map(names).collect();
    assert_eq!(found[0], (vec!["Composition.record-state", "Observation.record-state"], false));
    assert_eq!(found[1], (vec!["Composition.record-state-act", "Observation.record-state-act"], true));
    assert!(found[2].0.contains(&"Composition._tag") && found[2].0.contains(&"Observation._tag"));
    let alone = several(&["Observation"], "record-state=draft&_id=a", false).unwrap();
    assert_eq!(
        format!("{:?}", alone.all),
        format!("{:?}", search("Observation", "record-state=draft&_id=a").unwrap().all)
    );
}

#[test]
fn two_dates_hold_both_whatever_each_type_makes_of_them() {
    let query = several(&BOTH, "date=ge2024-05-01&date=lt2024-06-01", false).unwrap();
    assert_eq!(query.all.len(), 2);
    for condition in &query.all {
        let (names, negated) = names(condition);
        assert!(names.iter().any(|name| name.starts_with("Composition.")) && !negated, "{names:?}");
        assert!(names.iter().any(|name| name.starts_with("Observation.")), "{names:?}");
    }
}

#[test]
fn results_of_several_types_stand_in_one_order() {
    let sort = several(&BOTH, "_sort=-record-state-since,_lastUpdated", false).unwrap().sort;
    let params = vec!["Composition.record-state-since", "Observation.record-state-since"];
    assert_eq!(
        sort,
        [
            Sort { by: SortBy::Param { params, from: vec![1], until: vec![2] }, descending: true },
            Sort { by: SortBy::Updated, descending: false },
        ]
    );
}

#[test]
fn what_one_of_the_types_does_not_know_is_refused_with_its_name() {
    let refused = |text: &str| several(&["Patient", "Observation"], text, false).unwrap_err();
    for text in ["code=x", "name=x", "_sort=birthdate", "_elements=birthDate"] {
        let problem = refused(text);
        let message = problem.text(base::Language::English);
        assert!(message.contains("Patient") || message.contains("Observation"), "{text}: {message}");
    }
    assert_eq!(refused("_sort=_id&_sort=_id").code().id, codes::TWICE.id);
    assert_eq!(refused("subject.name=x").code().id, codes::UNKNOWN_PARAMETER.id);
    assert_eq!(refused("_type=Patient").code().id, codes::NOT_OFFERED.id);
}

#[test]
fn what_one_of_them_does_not_know_is_left_out_for_all_where_the_caller_is_lenient() {
    let query = several(&["Patient", "Observation"], "name=x&_id=a", true).unwrap();
    assert_eq!((query.all.len(), query.ignored.len()), (1, 1), "{query:?}");
    assert!(matches!(query.all.first(), Some(Condition::Ids(_))));
}
