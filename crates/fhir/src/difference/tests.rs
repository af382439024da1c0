//! Tests of differences: what a reader, and a machine, is told of two versions.

use super::*;
use crate::json::parse;

fn node(text: &str) -> Node {
    parse(text.as_bytes()).unwrap()
}

fn told(earlier: &str, later: &str) -> Vec<String> {
    let (earlier, later) = (node(earlier), node(later));
    let found = differences(&earlier, &later).unwrap();
    found.iter().map(|one| format!("{one:?}")).collect()
}

fn observation(members: &str) -> String {
    format!(r#"{{"resourceType":"Observation","id":"o","status":"final","code":{{"text":"x"}},{members}}}"#)
}

#[test]
fn equal_contents_have_no_difference_whatever_the_server_wrote_into_them() {
    let with = |version: u8| {
        observation(&format!(
            r#""meta":{{"versionId":"{version}","lastUpdated":"2026-04-0{version}T00:00:00Z"}},"valueString":"a""#
        ))
    };
    assert!(told(&with(1), &with(2)).is_empty());
    let labelled = with(2).replace("\"versionId\"", "\"security\":[{\"code\":\"R\"}],\"versionId\"");
    assert_eq!(told(&with(1), &labelled), ["Added Observation.meta.security[0]"]);
}

#[test]
fn a_value_is_told_where_it_stands() {
    for (earlier, later, expected) in [
        (
            r#""valueQuantity":{"value":91,"unit":"mg/dL"}"#,
            r#""valueQuantity":{"value":104,"unit":"mg/dL"}"#,
            vec!["Replaced Observation.value.value"],
        ),
        // A number is what was written: its digits say how exactly it was measured.
        (
            r#""valueQuantity":{"value":82}"#,
            r#""valueQuantity":{"value":82.0}"#,
            vec!["Replaced Observation.value.value"],
        ),
        (r#""valueString":"a""#, r#""valueInteger":1"#, vec!["Replaced Observation.value"]),
        (
            r#""valueString":"a""#,
            r#""issued":"2026-04-01T00:00:00Z""#,
            vec!["Deleted Observation.value", "Added Observation.issued"],
        ),
        (
            r#""note":[{"text":"a"},{"text":"b"}]"#,
            r#""note":[{"text":"b"}]"#,
            vec!["Deleted Observation.note[0]"],
        ),
        (
            r#""note":[{"text":"a"},{"text":"b"}]"#,
            r#""note":[{"text":"b"},{"text":"a"}]"#,
            vec!["Moved Observation.note[0]"],
        ),
        (
            r#""component":[{"code":{"text":"a"},"valueInteger":1},{"code":{"text":"b"},"valueInteger":2}]"#,
            r#""component":[{"code":{"text":"b"},"valueInteger":3}]"#,
            vec!["Deleted Observation.component[0]", "Replaced Observation.component[0].value"],
        ),
        (
            r#""effectiveDateTime":"2026""#,
            r#""effectiveDateTime":"2026","_effectiveDateTime":{"extension":[{"url":"u","valueCode":"x"}]}"#,
            vec!["Added Observation.effective"],
        ),
        (
            r#""contained":[{"resourceType":"Device","id":"d","status":"active"}]"#,
            r#""contained":[{"resourceType":"Device","id":"d","status":"inactive"}]"#,
            vec!["Replaced Observation.contained[0].status"],
        ),
    ] {
        assert_eq!(told(&observation(earlier), &observation(later)), expected, "{earlier} {later}");
    }
}

#[test]
fn operations_are_parameters_that_the_check_takes() {
    let earlier = observation(
        r#""text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">a</div>"},
        "component":[{"code":{"text":"a"},"valueQuantity":{"value":1}},{"code":{"text":"c"}}],
        "note":[{"text":"a"},{"text":"b"}],"contained":[{"resourceType":"Device","id":"d"}]"#,
    );
    let later = observation(
        r#""component":[{"code":{"text":"c"}},{"code":{"text":"b"},"valueRange":{"low":{"value":1}},
          "referenceRange":[{"text":"y","age":{"low":{"value":3}}}]}],
        "note":[{"text":"b"},{"text":"a"}],"_status":{"extension":[{"url":"http://u.example","valueCode":"x"}]},"issued":"2026-04-01T00:00:00Z""#,
    );
    let (earlier, later) = (node(&earlier), node(&later));
    let operations: Vec<Node> =
        differences(&earlier, &later).unwrap().iter().map(Difference::operation).collect();
    let parameters = Node::Object(vec![
        ("resourceType".to_owned(), Node::String("Parameters".to_owned())),
        ("parameter".to_owned(), Node::Array(operations)),
    ]);
    let findings = crate::validate(&parameters);
    assert!(findings.problems.is_empty(), "{:?}", findings.problems);
    let mut text = Vec::new();
    parameters.write(&mut text);
    let text = String::from_utf8(text).unwrap();
    for told in [
        r#"{"name":"operation","part":[{"name":"type","valueCode":"move"},{"name":"path","valueString":"Observation.note"},{"name":"source","valueInteger":1},{"name":"destination","valueInteger":0}]}"#,
        r#"{"name":"type","valueCode":"insert"},{"name":"path","valueString":"Observation.component"},{"name":"index","valueInteger":1}"#,
        r#"{"name":"type","valueCode":"add"},{"name":"path","valueString":"Observation"},{"name":"name","valueString":"issued"},{"name":"value","valueInstant":"2026-04-01T00:00:00Z"}"#,
        r#"{"name":"previousValue","resource":{"resourceType":"Device","id":"d"}}"#,
        r#"{"name":"age","valueRange":{"low":{"value":3}}}"#,
        r#"{"name":"code","valueCodeableConcept":{"text":"b"}}"#,
    ] {
        assert!(text.contains(told), "{told}\n{text}");
    }
}
