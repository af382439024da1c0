//! Each operation of JSON Patch, each of its faults, and its limits.

use super::Patch;
use crate::json::parse;
use base::limits::{JSON_DEPTH_MAX, PATCH_OPERATIONS_MAX};

fn patched(document: &str, patch: &str) -> Result<String, (&'static str, String)> {
    let told = |problem: base::Problem| (problem.code().id, problem.place().unwrap_or_default().to_owned());
    let node = Patch::read(patch.as_bytes()).map_err(told)?.apply(parse(document.as_bytes()).unwrap());
    let mut out = Vec::new();
    node.map_err(told)?.write(&mut out);
    Ok(String::from_utf8(out).unwrap())
}

#[test]
fn each_operation_does_what_its_standard_says() {
    let document = r#"{"a":{"b":[1,2],"~x/y":1.10},"c":"d"}"#;
    for (patch, expected) in [
        (r"[]", document),
        (r#"[{"op":"add","path":"/e","value":null}]"#, r#"{"a":{"b":[1,2],"~x/y":1.10},"c":"d","e":null}"#),
        (r#"[{"op":"add","path":"/c","value":1.0}]"#, r#"{"a":{"b":[1,2],"~x/y":1.10},"c":1.0}"#),
        (r#"[{"op":"add","path":"/a/b/0","value":0}]"#, r#"{"a":{"b":[0,1,2],"~x/y":1.10},"c":"d"}"#),
        (r#"[{"op":"add","path":"/a/b/2","value":3}]"#, r#"{"a":{"b":[1,2,3],"~x/y":1.10},"c":"d"}"#),
        (r#"[{"op":"add","path":"/a/b/-","value":3}]"#, r#"{"a":{"b":[1,2,3],"~x/y":1.10},"c":"d"}"#),
        (r#"[{"op":"remove","path":"/a/b/0"}]"#, r#"{"a":{"b":[2],"~x/y":1.10},"c":"d"}"#),
        (r#"[{"op":"remove","path":"/a/~0x~1y"}]"#, r#"{"a":{"b":[1,2]},"c":"d"}"#),
        (r#"[{"op":"replace","path":"/a","value":[]}]"#, r#"{"a":[],"c":"d"}"#),
        (r#"[{"op":"replace","path":"","value":{"z":1}}]"#, r#"{"z":1}"#),
        (r#"[{"op":"move","from":"/c","path":"/a/b/1"}]"#, r#"{"a":{"b":[1,"d",2],"~x/y":1.10}}"#),
        (r#"[{"op":"move","from":"/c","path":"/c"}]"#, document),
        (r#"[{"op":"copy","from":"/a/b","path":"/c"}]"#, r#"{"a":{"b":[1,2],"~x/y":1.10},"c":[1,2]}"#),
        (r#"[{"op":"test","path":"/a","value":{"~x/y":1.1,"b":[1.0,2e0]},"note":"ignored"}]"#, document),
        (
            r#"[{"op":"test","path":"/c","value":"d"},{"op":"remove","path":"/c"},{"op":"add","path":"/a/b","value":1}]"#,
            r#"{"a":{"b":1,"~x/y":1.10}}"#,
        ),
    ] {
        assert_eq!(patched(document, patch).as_deref(), Ok(expected), "{patch}");
    }
}

#[test]
fn each_fault_has_a_code_and_a_place_in_the_patch() {
    let document = r#"{"a":{"b":[1]},"c":"d"}"#;
    for (patch, code, place) in [
        (r#"{"op":"add"}"#, "FH-0090", "/"),
        (r"[1]", "FH-0090", "/0"),
        (r#"[{"path":"/a"}]"#, "FH-0091", "/0/op"),
        (r#"[{"op":"add","path":"/a"}]"#, "FH-0091", "/0/value"),
        (r#"[{"op":"add","value":1}]"#, "FH-0091", "/0/path"),
        (r#"[{"op":"move","path":"/a"}]"#, "FH-0091", "/0/from"),
        (r#"[{"op":"remove","path":7}]"#, "FH-0091", "/0/path"),
        (r#"[{"op":"increment","path":"/a"}]"#, "FH-0092", "/0/op"),
        (r#"[{"op":"remove","path":"a"}]"#, "FH-0093", "/0/path"),
        (r#"[{"op":"remove","path":"/~2"}]"#, "FH-0093", "/0/path"),
        (r#"[{"op":"remove","path":"/a/~"}]"#, "FH-0093", "/0/path"),
        (r#"[{"op":"test","path":"/c","value":"d"},{"op":"remove","path":"/x"}]"#, "FH-0094", "/1/path"),
        (r#"[{"op":"remove","path":""}]"#, "FH-0094", "/0/path"),
        (r#"[{"op":"replace","path":"/x","value":1}]"#, "FH-0094", "/0/path"),
        (r#"[{"op":"add","path":"/x/y","value":1}]"#, "FH-0094", "/0/path"),
        (r#"[{"op":"add","path":"/c/y","value":1}]"#, "FH-0094", "/0/path"),
        (r#"[{"op":"add","path":"/a/b/2","value":1}]"#, "FH-0094", "/0/path"),
        (r#"[{"op":"add","path":"/a/b/00","value":1}]"#, "FH-0094", "/0/path"),
        (r#"[{"op":"add","path":"/a/b/+1","value":1}]"#, "FH-0094", "/0/path"),
        (r#"[{"op":"remove","path":"/a/b/-"}]"#, "FH-0094", "/0/path"),
        (r#"[{"op":"copy","from":"/x","path":"/c"}]"#, "FH-0094", "/0/from"),
        (r#"[{"op":"move","from":"/x","path":"/x"}]"#, "FH-0094", "/0/from"),
        (r#"[{"op":"move","from":"/a","path":"/a/b/0"}]"#, "FH-0094", "/0/path"),
        (r#"[{"op":"test","path":"/x","value":1}]"#, "FH-0094", "/0/path"),
        (r#"[{"op":"test","path":"/c","value":"D"}]"#, "FH-0095", "/0/value"),
        (r#"[{"op":"test","path":"/a/b","value":[1,1]}]"#, "FH-0095", "/0/value"),
        (r#"[{"op":"test","path":"/a","value":{"b":[1],"x":1}}]"#, "FH-0095", "/0/value"),
        (r#"[{"op":"test","path":"/a/b/0","value":"1"}]"#, "FH-0095", "/0/value"),
        ("[", "FH-0001", "line 1, column 2"),
    ] {
        assert_eq!(patched(document, patch), Err((code, place.to_owned())), "{patch}");
    }
}

#[test]
fn the_number_of_operations_is_limited() {
    let patch =
        |count: usize| format!("[{}]", vec![r#"{"op":"test","path":"/a","value":1}"#; count].join(","));
    assert!(patched(r#"{"a":1}"#, &patch(PATCH_OPERATIONS_MAX)).is_ok());
    let refused = patched(r#"{"a":1}"#, &patch(PATCH_OPERATIONS_MAX + 1));
    assert_eq!(refused, Err(("FH-0096", "/".to_owned())));
}

#[test]
fn copies_cannot_make_a_resource_without_end() {
    let doubling = r#"{"op":"copy","from":"/a","path":"/a/-"}"#;
    let refused = patched(r#"{"a":["0123456789"]}"#, &format!("[{}]", vec![doubling; 60].join(",")));
    assert_eq!(refused.unwrap_err().0, "FH-0097");
    let levels = JSON_DEPTH_MAX - 4;
    let deep = format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
    let add = |path: &str| format!(r#"[{{"op":"add","path":"{path}","value":{deep}}}]"#);
    let document = r#"{"a":{"a":{"a":{"a":{}}}}}"#;
    assert!(patched(document, &add("/a/a/a/x")).is_ok());
    assert_eq!(patched(document, &add("/a/a/a/a/x")).unwrap_err().0, "FH-0097");
}

#[test]
fn debug_tells_nothing_of_the_content() {
    let patch = Patch::read(r#"[{"op":"add","path":"/name","value":"山田"}]"#.as_bytes()).unwrap();
    assert_eq!(format!("{patch:?}"), "patch of 1 operations");
}
