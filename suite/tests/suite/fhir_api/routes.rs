//! The route table, row by row: each row is served, nothing else is, and nobody gets in without a token.

use crate::material::{born, observation, resource};
use http::Method;
use server::{BodyKind, Caller, Interaction, Parameters, ROUTES, Route};
use testkit::{Ask, Client, Clinic, Plan};

/// Whether a row changes the state of a record: of these there is an Observation.
fn settles(row: &Route) -> bool {
    matches!(row.interaction, Interaction::Finalize | Interaction::Amend | Interaction::Withdraw)
        || of_people(row)
}

/// Whether a row serves people alone.
fn of_people(row: &Route) -> bool {
    use Interaction::{Approve, Assign, Cosign, Identity, Return};
    matches!(row.interaction, Approve | Return | Assign | Cosign | Identity(_))
}

/// An address that a row serves.
fn address(row: &Route) -> String {
    let parts = [
        ("{facility}", "sakura"),
        ("{type}", if settles(row) { "Observation" } else { "Patient" }),
        ("{id}", "p"),
        ("{inner}", "Observation"),
        ("{version}", "1"),
    ];
    let path = parts.iter().fold(row.path.to_owned(), |path, (name, value)| path.replace(name, value));
    path.replace("{*path}", "checkpoint")
}

/// A good request for a row.
fn good<'a>(client: &'a Client, row: &Route) -> Ask<'a> {
    let criteria = match row.interaction {
        Interaction::UpdateOnly | Interaction::PatchOnly | Interaction::DeleteOnly => "?_id=p",
        Interaction::SearchFacility | Interaction::SearchFacilityForm => "?_type=Patient,Observation",
        _ => "",
    };
    let ask = client.ask(row.method.clone(), &format!("{}{criteria}", address(row)));
    let told = |more: &str| {
        let reason = r#"{"name":"reason","valueString":"x"}"#;
        resource("Parameters", &format!(r#""parameter":[{reason}{more}]"#))
    };
    let pair = |source: &str, more: &str| {
        let patient = |name: &str, id: &str| {
            format!(r#",{{"name":"{name}","valueReference":{{"reference":"Patient/{id}"}}}}"#)
        };
        told(&format!("{}{}{more}", patient("source-patient", source), patient("target-patient", "m")))
    };
    match (row.body, row.interaction) {
        (_, Interaction::Match) => {
            let parameter =
                format!(r#""parameter":[{{"name":"resource","resource":{}}}]"#, born("x", "1950-04-01"));
            ask.resource(resource("Parameters", &parameter))
        }
        (_, Interaction::Merge) => ask.resource(pair("p", r#",{"name":"preview","valueBoolean":true}"#)),
        (_, Interaction::Unmerge) => ask.resource(pair("u", "")),
        (_, Interaction::Distinct) => ask.resource(pair("p", "")),
        (_, Interaction::Withdraw) => ask.resource(told("")),
        (_, Interaction::Amend) => {
            let amended = observation(r#""id":"p""#).replace("preliminary", "amended");
            ask.resource(told(&format!(r#",{{"name":"resource","resource":{amended}}}"#)))
        }
        (BodyKind::None | BodyKind::Parameters | BodyKind::Json, _) => ask,
        (BodyKind::Patch, _) => ask.body("application/json-patch+json", "[]"),
        (BodyKind::Form | BodyKind::Upload, _) => ask.body("application/x-www-form-urlencoded", "_id=p"),
        (BodyKind::Resource, Interaction::Bundle) => {
            ask.resource(r#"{"resourceType":"Bundle","type":"batch"}"#)
        }
        (BodyKind::Resource, _) => ask.resource(born("p", "1950")),
    }
}

#[test]
fn every_row_is_served() {
    let clinic = Clinic::with(Plan { settles: true, ..Plan::default() });
    let client = clinic.client();
    client.put("Observation/p", observation(r#""id":"p""#)).expect(201);
    for id in ["m", "u"] {
        client.put(&format!("Patient/{id}"), born(id, "1950")).expect(201);
    }
    let parameter = |name: &str, id: &str| {
        format!(r#"{{"name":"{name}","valueReference":{{"reference":"Patient/{id}"}}}}"#)
    };
    let merged = format!(
        r#""parameter":[{},{},{{"name":"reason","valueString":"x"}}]"#,
        parameter("source-patient", "u"),
        parameter("target-patient", "m")
    );
    client.post("Patient/$merge", resource("Parameters", &merged)).expect(200);
    // Some are served to people, one after the other: in the tests of `identity` and of `proxy`.
    for row in ROUTES.iter().filter(|row| !of_people(row)) {
        client.put("Patient/p", born("p", "1950"));
        let reply = good(&client, row).send();
        assert!(reply.status() < 300, "{} {}: {}", row.method, row.path, reply.text());
        assert!(!reply.field("x-request-id").is_empty(), "{} {}", row.method, row.path);
        for (field, value) in [
            ("strict-transport-security", "max-age=31536000; includeSubDomains"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(reply.field(field), value, "{field}: {}", row.path);
        }
        let policy = reply.field("content-security-policy");
        for part in ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"] {
            assert!(policy.contains(part), "{}: {policy}", row.path);
        }
    }
}

#[test]
fn without_a_valid_token_only_open_rows_are_served() {
    let clinic = Clinic::start();
    let (client, stranger) = (clinic.client(), clinic.stranger());
    client.put("Patient/p", born("p", "1950")).expect(201);
    for row in ROUTES {
        for (ask, code) in [
            (good(&stranger, row), "SV-0003"),
            (good(&stranger, row).field("authorization", "Bearer nonsense"), "ID-0303"),
            (good(&stranger, row).field("authorization", "Basic dTpw"), "ID-0303"),
            (good(&client, row).field("authorization", "Bearer another"), "ID-0303"),
            (good(&stranger, row).field("cookie", "__Host-akashi-session=as1_x"), "ID-0303"),
        ] {
            let reply = ask.send();
            let (method, path) = (&row.method, row.path);
            if matches!(row.caller, Caller::Required | Caller::Fresh) {
                assert_eq!(reply.refusal(), (401, code.to_owned()), "{method} {path}");
                assert_eq!(reply.field("www-authenticate"), "Bearer realm=\"akashi\"");
            } else {
                let of_identities = matches!(row.interaction, Interaction::Identity(_));
                assert!(of_identities || reply.status() == 200, "{method} {path}: {}", reply.text());
            }
        }
    }
    assert_eq!(client.get("Patient/p/_history").get("total"), "1", "nothing was written");
}

#[test]
fn a_method_that_no_row_has_is_refused_with_those_that_are_served() {
    let clinic = Clinic::start();
    let client = clinic.client();
    for row in ROUTES {
        let served: Vec<&Method> =
            ROUTES.iter().filter(|other| other.path == row.path).map(|other| &other.method).collect();
        for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS]
        {
            if served.contains(&&method) {
                continue;
            }
            let reply = client.ask(method.clone(), &address(row)).send();
            assert_eq!(reply.refusal(), (405, "SV-0002".to_owned()), "{method} {}", row.path);
            for one in &served {
                assert!(reply.field("allow").contains(one.as_str()), "{method} {}", row.path);
            }
        }
    }
}

#[test]
fn a_parameter_on_a_row_that_takes_none_is_refused_by_name() {
    let clinic = Clinic::start();
    let client = clinic.client();
    client.put("Patient/p", born("p", "1950")).expect(201);
    for row in ROUTES.iter().filter(|row| row.parameters != Parameters::Content) {
        let path = format!("{}?colour=red", address(row));
        let reply = client.ask(row.method.clone(), &path).resource("{}").send();
        // Rows without a body refuse the body first or the parameter first; both are refusals of the form.
        let (status, code) = reply.refusal();
        assert_eq!(status, 400, "{} {}", row.method, row.path);
        let bare = client.ask(row.method.clone(), &path).send();
        assert_eq!(bare.refusal(), (400, "SV-0018".to_owned()), "{} {}: {code}", row.method, row.path);
        assert!(bare.message().contains("colour"));
    }
}
