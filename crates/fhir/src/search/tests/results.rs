//! Parameters about the results.

use super::*;

fn ok(text: &str) -> Query {
    search("Observation", text).unwrap()
}

#[test]
fn results_are_sorted_by_several_keys() {
    let param = |param: &'static str, from: &[u8], until: &[u8]| SortBy::Param {
        params: vec![param],
        from: from.to_vec(),
        until: until.to_vec(),
    };
    let expected = [
        Sort { by: param("Observation.date", &[1], &[2]), descending: true },
        Sort { by: SortBy::Updated, descending: false },
        Sort { by: SortBy::Id, descending: true },
        Sort { by: param("Observation.value-quantity", &[2], &[3]), descending: false },
        Sort { by: param("Observation.patient", b"\x01Patient/", b"\x01Patient0"), descending: false },
        Sort { by: param("Observation.code", &[1], &[2]), descending: false },
    ];
    assert_eq!(ok("_sort=-date,_lastUpdated,-_id,value-quantity,patient,code").sort, expected);
}

#[test]
fn number_and_form_of_the_results_are_read() {
    let query = ok("_total=accurate&_count=20&_cursor=00a&_summary=data&_elements=status,value,status");
    assert_eq!((query.total, query.count), (Some(Total::Accurate), Some(20)));
    assert_eq!((query.cursor.as_deref(), query.summary), (Some("00a"), Some(Summary::Data)));
    assert_eq!(query.elements, ["status", "value"]);
    assert_eq!((ok("_count=0").count, ok("_count=99999999999999999999").count), (Some(0), Some(1000)));
    let (all, nothing) = (["none", "estimate"], ok(""));
    assert_eq!(
        all.map(|total| ok(&format!("_total={total}")).total),
        [Some(Total::None), Some(Total::Estimate)]
    );
    assert!(
        nothing.total.is_none()
            && nothing.count.is_none()
            && nothing.summary.is_none()
            && nothing.all.is_empty()
    );
}

#[test]
fn values_that_say_nothing_are_refused() {
    for (text, code) in [
        ("_sort=nothing", &codes::UNKNOWN_PARAMETER),
        ("_sort=", &codes::NO_VALUE),
        ("_sort=date,", &codes::NO_VALUE),
        ("_sort=code-value-quantity", &codes::BAD_SORT),
        ("_sort=combo-code", &codes::BAD_SORT),
        ("_sort=_score", &codes::NOT_OFFERED),
        ("_sort:asc=date", &codes::MODIFIER),
        ("_total=many", &codes::NOT_ONE_OF),
        ("_summary=yes", &codes::NOT_ONE_OF),
        ("_count=-1", &codes::BAD_COUNT),
        ("_count=+1", &codes::BAD_COUNT),
        ("_count=", &codes::BAD_COUNT),
        ("_count=many", &codes::BAD_COUNT),
        ("_cursor=", &codes::BAD_CURSOR),
        ("_cursor=a%b", &codes::BAD_CURSOR),
        ("_elements=states", &codes::NOT_AN_ELEMENT),
        ("_elements=status,", &codes::NO_VALUE),
    ] {
        assert_eq!(refusal("Observation", text), code.id, "{text}");
    }
}

#[test]
fn what_can_stand_once_stands_once() {
    for one in ["_sort=date", "_total=none", "_count=1", "_cursor=1", "_summary=true", "_elements=status"] {
        assert_eq!(refusal("Observation", &format!("{one}&{one}")), codes::TWICE.id, "{one}");
    }
    assert_eq!(ok("code=1&code=1&_include=*&_include=*").all.len(), 2);
}
