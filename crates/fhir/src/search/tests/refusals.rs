//! What is refused, by which code, and what the refusal says.

use super::*;
use base::Language;
use base::limits::SEARCH_TERMS_MAX;

fn problem(of: &str, text: &str) -> Problem {
    match search(of, text) {
        Err(problem) => problem,
        Ok(query) => panic!("{text}: {query:?}"),
    }
}

#[test]
fn values_that_do_not_fit_are_refused() {
    for (of, text, code) in [
        ("Patient", "_id=Patient/1", &codes::BAD_ID),
        ("Patient", "identifier=|", &codes::BAD_TOKEN),
        ("Patient", "identifier=a|b|c", &codes::BAD_TOKEN),
        ("Patient", "identifier=||", &codes::BAD_TOKEN),
        ("Patient", "identifier=", &codes::NO_VALUE),
        ("Patient", "identifier=,", &codes::NO_VALUE),
        ("Patient", "identifier=a,,b", &codes::NO_VALUE),
        ("Patient", "name=　", &codes::NO_VALUE),
        ("Patient", r"identifier=a\n", &codes::BAD_ESCAPE),
        ("Patient", r"identifier=a\", &codes::BAD_ESCAPE),
        ("Patient", "active=yes", &codes::BAD_TRUTH),
        ("Patient", "name:missing=yes", &codes::BAD_TRUTH),
        ("Patient", "name:missing=", &codes::NO_VALUE),
        ("Patient", "identifier:of-type=a|b", &codes::BAD_OF_TYPE),
        ("Patient", "identifier:of-type=a||c", &codes::BAD_OF_TYPE),
        ("Patient", "birthdate=xx2026", &codes::PREFIX),
        ("Patient", "birthdate=ge", &codes::BAD_DATE),
        ("Patient", "birthdate=2026-02-30", &codes::BAD_DATE),
        ("ChargeItem", "factor-override=a", &codes::PREFIX),
        ("ChargeItem", "factor-override=1.2.3", &codes::BAD_NUMBER),
        ("ChargeItem", "factor-override=1e1000001", &codes::BAD_NUMBER),
        ("ChargeItem", "factor-override=ap1e-99999999999999999999", &codes::BAD_NUMBER),
        ("ChargeItem", "factor-override=12345678901234567890123456789012345", &codes::BAD_NUMBER),
        ("Observation", "value-quantity=1|mg", &codes::BAD_QUANTITY),
        ("Observation", "value-quantity=1|urn:u|", &codes::BAD_QUANTITY),
        ("Observation", "value-quantity=|urn:u|mg", &codes::BAD_QUANTITY),
        ("Observation", "code-value-quantity=1", &codes::BAD_COMPOSITE),
        ("Observation", "code-value-quantity=1$2$3", &codes::BAD_COMPOSITE),
        ("Observation", "code-value-quantity=$2", &codes::BAD_COMPOSITE),
        ("Observation", "code-value-quantity=1$x", &codes::PREFIX),
        ("ValueSet", "url:below=urn:oid:1.2", &codes::NOT_A_URL),
        ("Observation", "patient=Group/1", &codes::BAD_REFERENCE),
        ("Observation", "subject=Patient/a b", &codes::BAD_REFERENCE),
        ("Observation", "subject=#x", &codes::BAD_REFERENCE),
        ("Observation", "subject:Patient=Group/1", &codes::BAD_REFERENCE),
        ("Observation", "subject:identifier=|", &codes::BAD_TOKEN),
    ] {
        assert_eq!(refusal(of, text), code.id, "{text}");
    }
}

#[test]
fn modifiers_that_do_not_fit_are_refused_with_those_that_do() {
    for (of, name, possible) in [
        ("Patient", "identifier:in", ":missing, :not, :text, :of-type"),
        ("Patient", "gender:text", ":missing, :not."),
        ("Patient", "gender:below", ":missing, :not."),
        ("Observation", "code:above", ":missing, :not, :text."),
        ("Patient", "name:text", ":missing, :contains, :exact."),
        ("Patient", "birthdate:exact", ":missing."),
        ("ValueSet", "url:contains", ":missing, :above, :below."),
        (
            "Observation",
            "subject:Practitioner",
            ":missing, :identifier, :Device, :Group, :Location, :Patient.",
        ),
        ("Observation", "code-value-quantity:not", ":missing."),
        ("Patient", "_id:not", "Leave it out."),
        ("Patient", "_lastUpdated:missing", "Leave it out."),
        ("Observation", "subject:", ":missing"),
        ("Observation", "value-quantity:not", ":missing."),
    ] {
        let problem = problem(of, &format!("{name}=1"));
        assert_eq!(problem.code().id, codes::MODIFIER.id, "{name}");
        let text = problem.text(Language::English);
        let modifier = name.split_once(':').unwrap().1;
        assert!(text.contains(&format!("`:{modifier}`")) && text.contains(possible), "{text}");
        assert_eq!(problem.place(), Some(name));
    }
}

#[test]
fn an_unknown_parameter_is_named_and_the_known_ones_listed() {
    for name in ["nam", "Identifier", "", "_", "iden tifier"] {
        let problem = problem("Patient", &format!("{name}=x"));
        assert_eq!(problem.code().id, codes::UNKNOWN_PARAMETER.id, "{name}");
        let text = problem.text(Language::English);
        assert!(
            text.contains(&format!("`{name}`")) && text.contains("_id, _lastUpdated, _profile"),
            "{text}"
        );
    }
    assert!(problem("Patient", "nam=x").text(Language::English).contains("Did you mean `name`?"));
}

#[test]
fn what_needs_more_than_an_index_is_not_offered() {
    for name in ["_text", "_content", "_list", "_query", "_filter", "_type", "_contained"] {
        assert_eq!(refusal("Patient", &format!("{name}=x")), codes::NOT_OFFERED.id, "{name}");
    }
    assert_eq!(refusal("Location", "near=35.6|139.7"), codes::NOT_OFFERED.id);
}

#[test]
fn a_lenient_search_leaves_out_what_is_not_known_and_says_so() {
    let lenient = |text: &str| query(kind("Patient"), &pairs(text), &asking(true));
    let found =
        lenient("nonsense=1&name=x&gender:below=m&_text=a&organization.nonsense=1&_sort=nonsense").unwrap();
    assert_eq!((found.all.len(), found.ignored.len(), found.sort.len()), (1, 5, 0));
    assert_eq!(found.ignored[0].place(), Some("nonsense"));
    for text in ["birthdate=x", "_count=x", "name=", "_summary=x"] {
        assert!(lenient(text).is_err(), "{text}");
    }
}

#[test]
fn values_longer_than_a_term_are_refused() {
    let long = |length: usize| "x".repeat(length);
    for (of, prefix, longest) in [
        ("Patient", "identifier=", 1022),
        ("Patient", "name=", 1024),
        ("Patient", "name:exact=", 1024),
        ("Patient", "name:contains=", 1024),
        ("Observation", "subject=urn:", 1019),
        ("ValueSet", "url=", 1023),
    ] {
        assert!(search(of, &format!("{prefix}{}", long(longest))).is_ok(), "{prefix}");
        assert_eq!(
            refusal(of, &format!("{prefix}{}", long(longest + 1))),
            codes::VALUE_TOO_LONG.id,
            "{prefix}"
        );
    }
    assert_eq!(
        refusal("Observation", &format!("value-quantity=1||{}", long(1024))),
        codes::VALUE_TOO_LONG.id
    );
    assert_eq!(
        refusal("ValueSet", &format!("url:above=http://a{}", "/b".repeat(100))),
        codes::VALUE_TOO_LONG.id
    );
}

#[test]
fn the_number_of_alternatives_is_limited() {
    let values = |count: usize| vec!["1"; count].join(",");
    assert!(search("Patient", &format!("_id={}", values(SEARCH_TERMS_MAX))).is_ok());
    assert_eq!(
        refusal("Patient", &format!("_id={}", values(SEARCH_TERMS_MAX + 1))),
        codes::TOO_MANY_VALUES.id
    );
    let pairs = vec!["identifier=1"; SEARCH_TERMS_MAX + 1].join("&");
    assert_eq!(refusal("Patient", &pairs), codes::TOO_MANY_VALUES.id);
}

#[test]
fn debug_tells_nothing_of_the_values() {
    let text = "identifier=urn:s|secret&name=secret&birthdate=1999-12-31&_id=secret&_cursor=secret&general-practitioner=Practitioner/secret\
                &organization.name=secret&_has:Observation:patient:code=secret&_lastUpdated=ge1999-12-31&name:contains=secret&_sort=name";
    let printed = format!("{:?} {:?}", search("Patient", text).unwrap(), asking(false));
    assert!(
        !printed.contains("secret") && !printed.contains("1999") && !printed.contains("115"),
        "{printed}"
    );
}

#[test]
fn a_text_beside_a_code_can_be_searched_but_not_beside_a_bare_code() {
    assert!(search("Observation", "code:text=x").is_ok());
    assert_eq!(refusal("Observation", "status:text=x"), codes::MODIFIER.id);
}
