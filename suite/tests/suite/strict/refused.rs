//! A table of bodies that are refused, each by its own code, and of which nothing is stored.

use crate::material::{observation, patient, versions};
use http::Method;
use testkit::Clinic;

/// A body, the status and the code of its refusal.
struct Case {
    name: &'static str,
    body: Vec<u8>,
    refusal: (u16, &'static str),
}

fn case(name: &'static str, body: impl Into<Vec<u8>>, status: u16, code: &'static str) -> Case {
    Case { name, body: body.into(), refusal: (status, code) }
}

fn named(value: &str) -> String {
    patient(&format!(r#""name":[{{"text":{value}}}]"#))
}

fn with_bytes(bytes: &[u8]) -> Vec<u8> {
    [br#"{"resourceType":"Patient","name":[{"text":""#.as_slice(), bytes, br#""}]}"#].concat()
}

/// What is not JSON, or not JSON of one reading.
fn of_json() -> Vec<Case> {
    let good = patient("");
    vec![
        case("nothing", "", 400, "FH-0001"),
        case("blank", " \n ", 400, "FH-0001"),
        case("no JSON", "Patient", 400, "FH-0001"),
        case("cut off", r#"{"resourceType":"Patient""#, 400, "FH-0001"),
        case("comma at the end", r#"{"resourceType":"Patient",}"#, 400, "FH-0001"),
        case("comma in an array", patient(r#""name":[{"text":"a"},]"#), 400, "FH-0001"),
        case("single quotes", "{'resourceType':'Patient'}", 400, "FH-0001"),
        case("comment", r#"{"resourceType":"Patient"/* x */}"#, 400, "FH-0001"),
        case("bare name", r#"{resourceType:"Patient"}"#, 400, "FH-0001"),
        case("NaN", observation(r#""valueQuantity":{"value":NaN}"#), 400, "FH-0001"),
        case("Infinity", observation(r#""valueQuantity":{"value":-Infinity}"#), 400, "FH-0001"),
        case("leading zero", observation(r#""valueQuantity":{"value":01}"#), 400, "FH-0001"),
        case("leading plus", observation(r#""valueQuantity":{"value":+1}"#), 400, "FH-0001"),
        case("point first", observation(r#""valueQuantity":{"value":.5}"#), 400, "FH-0001"),
        case("point last", observation(r#""valueQuantity":{"value":1.}"#), 400, "FH-0001"),
        case("exponent missing", observation(r#""valueQuantity":{"value":1e}"#), 400, "FH-0001"),
        case("hexadecimal", observation(r#""valueQuantity":{"value":0x1}"#), 400, "FH-0001"),
        case("True", patient(r#""active":True"#), 400, "FH-0001"),
        case("bad escape", named(r#""\x41""#), 400, "FH-0001"),
        case("bare control character", with_bytes(b"\x01"), 400, "FH-0008"),
        case("bare line end", with_bytes(b"a\nb"), 400, "FH-0008"),
        case("a second value", format!("{good}{good}"), 400, "FH-0009"),
        case("a bracket too many", format!("{good}}}"), 400, "FH-0009"),
        case("a zero byte behind", format!("{good}\0"), 400, "FH-0009"),
        case("a name twice", r#"{"resourceType":"Patient","active":true,"active":true}"#, 400, "FH-0004"),
        case(
            "a name twice, once escaped",
            r#"{"resourceType":"Patient","active":true,"\u0061ctive":false}"#,
            400,
            "FH-0004",
        ),
        case("the type twice", r#"{"resourceType":"Patient","resourceType":"Group"}"#, 400, "FH-0004"),
        case("a name twice, deep", patient(r#""name":[{"family":"a","family":"b"}]"#), 400, "FH-0004"),
        case(
            "a name twice, in contained",
            patient(r#""contained":[{"resourceType":"Patient","id":"a","id":"b"}]"#),
            400,
            "FH-0004",
        ),
        case("byte order mark", [b"\xEF\xBB\xBF", good.as_bytes()].concat(), 400, "FH-0003"),
        case("UTF-16", good.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>(), 400, "FH-0001"),
        case("latin 1", with_bytes(b"caf\xE9"), 400, "FH-0002"),
        case("Shift_JIS", with_bytes(b"\x8E\x52\x93\x63"), 400, "FH-0002"),
        case("overlong", with_bytes(b"\xC0\xAF"), 400, "FH-0002"),
        case("surrogate in UTF-8", with_bytes(b"\xED\xA0\x80"), 400, "FH-0002"),
        case("beyond Unicode", with_bytes(b"\xF4\x90\x80\x80"), 400, "FH-0002"),
        case("cut off character", with_bytes(b"\xE5\xB1"), 400, "FH-0002"),
        case("high surrogate alone", named(r#""\ud842""#), 400, "FH-0008"),
        case("low surrogate alone", named(r#""\udfb7""#), 400, "FH-0008"),
        case("surrogates the wrong way round", named(r#""\udfb7\ud842""#), 400, "FH-0008"),
        case("escaped zero", named(r#""a\u0000b""#), 400, "FH-0008"),
        case("escaped control character", named(r#""a\u001bb""#), 400, "FH-0008"),
        case("100,000 levels", "[".repeat(100_000), 413, "FH-0005"),
        case("100,000 levels of objects", r#"{"a":"#.repeat(100_000), 413, "FH-0005"),
        case(
            "a long number",
            observation(&format!(r#""valueQuantity":{{"value":0.{}}}"#, "1".repeat(64))),
            413,
            "FH-0007",
        ),
    ]
}

/// What is JSON but no resource of R4.
fn of_structure() -> Vec<Case> {
    vec![
        case("an array", "[]", 400, "FH-0010"),
        case("a string", "\"Patient\"", 400, "FH-0010"),
        case("null", "null", 400, "FH-0010"),
        case("no type", "{}", 400, "FH-0010"),
        case("type is a number", r#"{"resourceType":1}"#, 400, "FH-0010"),
        case("unknown type", r#"{"resourceType":"Patiant"}"#, 400, "FH-0011"),
        case("abstract type", r#"{"resourceType":"DomainResource"}"#, 400, "FH-0011"),
        case("data type", r#"{"resourceType":"HumanName"}"#, 400, "FH-0011"),
        case("unknown element", patient(r#""colour":"red""#), 422, "FH-0012"),
        case("element in another case", patient(r#""birthdate":"1950""#), 422, "FH-0012"),
        case("element of another type", patient(r#""valueQuantity":{"value":1}"#), 422, "FH-0012"),
        case("unknown element, deep", patient(r#""name":[{"colour":"red"}]"#), 422, "FH-0012"),
        case(
            "unknown element in an extension",
            patient(r#""extension":[{"url":"urn:x","colour":"red"}]"#),
            422,
            "FH-0012",
        ),
        case(
            "unknown element in contained",
            patient(r#""contained":[{"resourceType":"Group","colour":"red","type":"person","actual":true}]"#),
            422,
            "FH-0012",
        ),
        case("empty name", patient(r#""":"x""#), 422, "FH-0012"),
        case("one where many may stand", patient(r#""name":{"text":"a"}"#), 422, "FH-0013"),
        case("many where one may stand", patient(r#""birthDate":["1950"]"#), 422, "FH-0014"),
        case("number for a string", patient(r#""birthDate":1950"#), 422, "FH-0015"),
        case("string for a boolean", patient(r#""active":"true""#), 422, "FH-0015"),
        case("number for a boolean", patient(r#""active":1"#), 422, "FH-0015"),
        case("string for a number", observation(r#""valueQuantity":{"value":"1.10"}"#), 422, "FH-0015"),
        case("string for an object", patient(r#""maritalStatus":"M""#), 422, "FH-0015"),
        case("empty object", patient(r#""name":[{}]"#), 422, "FH-0016"),
        case("empty array", patient(r#""name":[]"#), 422, "FH-0016"),
        case("empty string", named(r#""""#), 422, "FH-0016"),
        case("null for a value", patient(r#""birthDate":null"#), 422, "FH-0017"),
        case("null in an array", patient(r#""name":[null]"#), 422, "FH-0017"),
        case("null without partner", patient(r#""name":[{"given":["a",null]}]"#), 422, "FH-0017"),
        case("partner of an object", patient(r#""_name":[{"id":"x"}]"#), 422, "FH-0018"),
        case(
            "partner of another length",
            patient(r#""name":[{"given":["a","b"],"_given":[{"id":"x"}]}]"#),
            422,
            "FH-0019",
        ),
        case("two types of a choice", observation(r#""valueString":"a","valueInteger":1"#), 422, "FH-0020"),
        case(
            "a type the choice does not take",
            observation(r#""valueAttachment":{"url":"x"}"#),
            422,
            "FH-0021",
        ),
        case(
            "required element missing",
            r#"{"resourceType":"Observation","code":{"text":"x"}}"#,
            422,
            "FH-0022",
        ),
        case("required element missing, deep", patient(r#""link":[{"type":"refer"}]"#), 422, "FH-0022"),
        case("bad id", patient(r#""id":"a b""#), 422, "FH-0023"),
        case("long id", patient(&format!(r#""id":"{}""#, "x".repeat(65))), 422, "FH-0023"),
    ]
}

#[test]
fn bodies_of_more_than_one_reading_are_refused() {
    let clinic = Clinic::start();
    let client = clinic.client();
    let mut others = Vec::new();
    for Case { name, body, refusal } in of_json().into_iter().chain(of_structure()) {
        let kind =
            if String::from_utf8_lossy(&body).contains("Observation") { "Observation" } else { "Patient" };
        let found = client.post(kind, &body).refusal();
        if found != (refusal.0, refusal.1.to_owned()) {
            others.push((name, refusal, found));
        }
    }
    assert!(others.is_empty(), "{others:#?}");
    assert_eq!(versions(&client), 0);
}

#[test]
fn bodies_of_more_than_one_reading_are_refused_inside_a_transaction_too() {
    let clinic = Clinic::start();
    let client = clinic.client();
    for Case { name, body, refusal } in of_structure() {
        let body = String::from_utf8(body).unwrap();
        if !body.starts_with('{') {
            continue;
        }
        let kind = if body.contains("Observation") { "Observation" } else { "Patient" };
        let entries = [
            crate::material::writes("POST", "Patient", &patient("")),
            crate::material::writes("POST", kind, &body),
        ];
        let reply = client.post("", crate::material::bundle("transaction", &entries));
        // A `{}` is an empty element of the Bundle before it is a resource without a type.
        let expected = if body == "{}" { reply.refusal() } else { (refusal.0, refusal.1.to_owned()) };
        assert_eq!(reply.refusal(), expected, "{name}: {}", reply.message());
        assert!(matches!(reply.status(), 400 | 422), "{name}");
    }
    assert_eq!(versions(&client), 0);
}

#[test]
fn a_huge_body_is_refused_at_once_and_the_server_goes_on() {
    let clinic = Clinic::start();
    let client = clinic.client();
    let ask = |sent: usize| client.ask(Method::POST, "Patient").resource(vec![b' '; sent]);
    let announced = ask(1_000).announcing(64 * 1024 * 1024).send();
    assert_eq!(announced.refusal(), (413, "SV-0004".to_owned()));
    // Whoever goes on sending all the same is cut off; whether the answer is heard then depends on who is faster.
    if let Ok(reply) = ask(64 * 1024 * 1024).try_send() {
        assert_eq!(reply.refusal(), (413, "SV-0004".to_owned()));
    }
    client.post("Patient", patient("")).expect(201);
}

#[test]
fn every_fault_of_a_resource_is_told_at_once() {
    let clinic = Clinic::start();
    let client = clinic.client();
    let reply =
        client.post("Patient", patient(r#""colour":"red","active":"yes","name":[{}],"birthDate":["1950"]"#));
    let node = reply.expect(422).node();
    let codes = testkit::texts(&node, "issue", "details.coding.0.code");
    assert_eq!(codes, ["FH-0012", "FH-0015", "FH-0016", "FH-0014"]);
    let places = testkit::texts(&node, "issue", "expression.0");
    assert_eq!(places, ["Patient.colour", "Patient.active", "Patient.name[0]", "Patient.birthDate"]);
}
