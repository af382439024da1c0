//! Records that one person enters and another answers for (代行入力), over HTTP: who may be named, who approves, and that
//! nothing else finishes such a draft; and records that several sign (連名).

use super::states::{act, observation, patch, reason, state, with};
use crate::material::{asks, bundle, naming, patient, resource, versions, writes};
use crate::proofs::{judge, on_one_line};
use http::Method;
use serde_json::{Value, json};
use testkit::{Akashi, Client, Clinic, Member, Plan, Reply, Role, RoleKind};

/// A person of this occupation, logged in. Their `Practitioner` has the same id.
pub(super) fn staff(clinic: &Clinic, name: &'static str, occupation: &'static str) -> Client {
    let role = Role { name, kind: RoleKind::Staff(occupation) };
    let member = Member::join(clinic, "sakura", role, Some(name));
    clinic.pass_seconds(31);
    member.client(clinic, "sakura")
}

const ACCOUNTS: &str = "urn:akashi:account";

/// An agent of a Provenance.
fn agent(role: &str, who: &Value) -> Value {
    let system = "http://terminology.hl7.org/CodeSystem/provenance-participant-type";
    json!({ "type": { "coding": [{ "system": system, "code": role }] }, "who": who })
}

fn account(id: &str) -> Value {
    json!({ "identifier": { "system": ACCOUNTS, "value": id } })
}

fn provenance(agents: &[Value]) -> String {
    json!({ "resourceType": "Provenance", "agent": agents }).to_string()
}

/// A write with the field.
fn entered(client: &Client, method: Method, path: &str, body: impl AsRef<[u8]>, field: &str) -> Reply {
    client.ask(method, path).resource(body).field("x-provenance", field).send()
}

pub(super) fn enter(client: &Client, id: &str, value: &str, responsible: &str) -> Reply {
    let path = format!("Observation/{id}");
    entered(client, Method::PUT, &path, observation(id, "preliminary", value), &naming(responsible))
}

/// A clinic with a patient, a medical clerk, and two doctors.
struct Ward {
    clinic: Clinic,
    tester: Client,
    clerk: Client,
    doctor: Client,
    other: Client,
}

impl Ward {
    fn open() -> Self {
        Self::at(Clinic::start())
    }

    /// With a service that may finalise.
    fn where_machines_finalise() -> Self {
        Self::at(Clinic::with(Plan { settles: true, ..Plan::default() }))
    }

    fn at(clinic: Clinic) -> Self {
        let tester = clinic.client();
        tester.put("Patient/p", patient(r#""id":"p""#)).expect(201);
        let clerk = staff(&clinic, "kato", "medical-clerk");
        let doctor = staff(&clinic, "sato", "doctor");
        let other = staff(&clinic, "ito", "doctor");
        Self { clinic, tester, clerk, doctor, other }
    }

    /// The states of all versions of the record.
    fn states(&self, record: &str, newest: usize) -> Vec<Value> {
        (1..=newest).map(|number| state(&self.tester, &format!("{record}/_history/{number}"))).collect()
    }

    /// The Provenance that tells of a version: role and account of each agent.
    fn agents(&self, state: &Value) -> Vec<(String, String)> {
        let id = state["provenance"].as_str().unwrap();
        let told: Value =
            serde_json::from_slice(&self.tester.get(&format!("Provenance/{id}")).expect(200).body).unwrap();
        let agents = told["agent"].as_array().unwrap().iter();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        agents
            .map(|agent| {
                (text(&agent["type"]["coding"][0]["code"]), text(&agent["who"]["identifier"]["value"]))
            })
            .collect()
    }
}

fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter().map(|(role, account)| ((*role).to_owned(), (*account).to_owned())).collect()
}

#[test]
fn what_a_clerk_enters_for_a_doctor_is_returned_edited_approved_amended_and_withdrawn_and_each_version_is_proved()
 {
    let ward = Ward::open();
    let Ward { clerk, doctor, tester, .. } = &ward;
    enter(clerk, "o", "1", "sato").expect(201);
    act(doctor, "Observation/o", "return", &[reason("単位が違う")]).expect(200);
    patch(clerk, "Observation/o", "2").expect(200);
    let approved = act(doctor, "Observation/o", "approve", &[]).expect(200);
    assert_eq!((approved.get("status"), approved.get("valueString")), ("final".into(), "2".into()));
    let corrected = with(&observation("o", "amended", "3"));
    act(doctor, "Observation/o", "amend", &[reason("再検"), corrected]).expect(200);
    act(doctor, "Observation/o", "withdraw", &[reason("別の患者")]).expect(200);

    let found = ward.states("Observation/o", 6);
    let expected = [
        ("draft", "enter", Some("kato")),
        ("draft", "return", Some("kato")),
        ("draft", "edit", Some("kato")),
        ("final", "approve", Some("kato")),
        ("amended", "amend", None),
        ("withdrawn", "withdraw", None),
    ];
    for (state, (is, act, entered)) in found.iter().zip(expected) {
        let said = (&state["is"], &state["act"], &state["responsible"], &state["entered"]);
        assert_eq!(said, (&json!(is), &json!(act), &json!("sato"), &json!(entered)), "{state}");
    }
    let both = pairs(&[("author", "sato"), ("enterer", "kato")]);
    for place in [0, 1, 3] {
        assert_eq!(ward.agents(&found[place]), both, "{}", found[place]);
    }
    assert_eq!(ward.agents(&found[4]), pairs(&[("author", "sato")]));
    assert_eq!(found[2]["provenance"], Value::Null, "a plain edit is told by its entry alone");
    let told = tester.get(&format!("Provenance/{}", found[1]["provenance"].as_str().unwrap())).expect(200);
    assert_eq!(told.get("reason.0.text"), "単位が違う");
    assert_eq!(told.get("agent.1.who.reference"), "Practitioner/kato");
    assert_eq!(told.get("target.0.reference"), "Observation/o/_history/2");

    let proofs: Vec<(String, Vec<u8>)> = (1..=6)
        .map(|number| {
            let proof = tester.get(&format!("Observation/o/_history/{number}/$proof")).expect(200).body;
            (number.to_string(), on_one_line(&proof))
        })
        .collect();
    assert_eq!(judge(&proofs, None), [true; 6], "by both verifiers");
    let forged = proofs[3].1.clone();
    let forged = String::from_utf8(forged).unwrap().replacen("kato", "mori", 1).into_bytes();
    assert_eq!(judge(&[("forged".to_owned(), forged)], None), [false]);
    ward.clinic.verify().unwrap();
    let page = tester.ask(Method::GET, "Patient/p/$chart").field("accept-language", "ja").send().expect(200);
    for text in [
        "代行入力：kato",
        "差し戻し：sato",
        "理由: 単位が違う",
        "承認：sato",
        "代行入力者 kato",
        "責任者 sato（未承認）",
    ] {
        assert!(page.text().contains(text), "{text}: {}", page.text());
    }
}

/// Every way of writing, tried on a draft that was entered for somebody, by whoever is given.
fn ways(client: &Client) -> Vec<(&'static str, (u16, String))> {
    let done = observation("o", "final", "9");
    let bundled = |kind: &str, entry: String| client.post("", bundle(kind, &[entry]));
    let batch = bundled("batch", writes("PUT", "Observation/o", &done)).expect(200);
    let inner = batch.get("entry.0.response.outcome.issue.0.details.coding.0.code");
    let status = batch.get("entry.0.response.status");
    let amended = with(&observation("o", "amended", "9"));
    let finishing = r#"[{"op":"replace","path":"/status","value":"final"}]"#;
    let patched =
        |path: &str| client.ask(Method::PATCH, path).body("application/json-patch+json", finishing).send();
    vec![
        ("PUT", client.put("Observation/o", &done).refusal()),
        ("PUT by criteria", client.put("Observation?_id=o", &done).refusal()),
        ("PATCH", patched("Observation/o").refusal()),
        ("PATCH by criteria", patched("Observation?_id=o").refusal()),
        ("a batch", (status[..3].parse().unwrap(), inner)),
        ("a transaction", bundled("transaction", writes("PUT", "Observation/o", &done)).refusal()),
        ("$finalize", act(client, "Observation/o", "finalize", &[]).refusal()),
        ("$amend", act(client, "Observation/o", "amend", &[reason("x"), amended]).refusal()),
    ]
}

/// What only the responsible person does, tried by another.
fn foreign_ways(client: &Client) -> Vec<(&'static str, (u16, String))> {
    let deletes = bundle("transaction", &[asks("DELETE", "Observation/o")]);
    vec![
        ("DELETE", client.delete("Observation/o").refusal()),
        ("DELETE by criteria", client.delete("Observation?_id=o").refusal()),
        ("a transaction that deletes", client.post("", deletes).refusal()),
        ("$approve", act(client, "Observation/o", "approve", &[]).refusal()),
        ("$return", act(client, "Observation/o", "return", &[reason("x")]).refusal()),
        ("$withdraw", act(client, "Observation/o", "withdraw", &[reason("x")]).refusal()),
    ]
}

#[test]
fn nothing_but_the_approval_of_who_is_named_finishes_what_was_entered_for_them() {
    let ward = Ward::where_machines_finalise();
    let Ward { clerk, doctor, other, tester, .. } = &ward;
    enter(clerk, "o", "1", "sato").expect(201);
    let before = versions(tester);
    for (who, client) in [("the doctor named", doctor), ("another doctor", other), ("a service", tester)] {
        for (way, (status, code)) in ways(client) {
            assert_eq!((status, code.as_str()), (403, "ST-0032"), "{who}: {way}");
        }
    }
    for (way, (status, code)) in foreign_ways(other) {
        assert_eq!((status, code.as_str()), (403, "ST-0032"), "another doctor: {way}");
    }
    // The law stands before: a clerk approves nothing. A service never does, whatever it is permitted.
    for (way, (status, _)) in ways(clerk).into_iter().chain(foreign_ways(clerk)) {
        assert_eq!(status, 403, "the clerk: {way}");
    }
    for (way, (status, _)) in foreign_ways(tester) {
        assert_eq!(status, 403, "a service: {way}");
    }
    assert_eq!(versions(tester), before, "nothing was written");
    let stale = doctor.ask(Method::POST, "Observation/o/$approve").field("if-match", "W/\"7\"").send();
    assert_eq!(stale.refusal(), (412, "ST-0005".to_owned()));
    let current = doctor.ask(Method::POST, "Observation/o/$approve").field("if-match", "W/\"1\"").send();
    current.expect(200);
    assert_eq!(act(doctor, "Observation/o", "approve", &[]).refusal(), (409, "ST-0031".to_owned()));
    // A draft of one's own is finalised, not approved.
    doctor.put("Observation/own", observation("own", "preliminary", "1")).expect(201);
    for (name, parameters) in [("approve", vec![]), ("return", vec![reason("x")])] {
        let refused = act(doctor, "Observation/own", name, &parameters).refusal();
        assert_eq!(refused, (409, "ST-0033".to_owned()), "{name}");
    }
    enter(clerk, "gone", "1", "sato").expect(201);
    doctor.delete("Observation/gone").expect(204);
    ward.clinic.verify().unwrap();
}

/// Puts a policy of the facility in force, by two people.
fn decree(clinic: &Clinic, policy: &str) {
    let identity = clinic.identity();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let propose = json!({ "command": "law-propose", "text": policy, "reason": "test" });
    let planner = store::Actor::new(store::ActorKind::Person, "planner");
    let proposed = identity.perform(&planner, serde_json::from_value(propose).unwrap());
    let proposed = runtime.block_on(proposed).unwrap();
    let proposal = proposed.get("proposal").and_then(Value::as_str).unwrap().to_owned();
    clinic.command(&json!({ "command": "law-approve", "proposal": proposal })).unwrap();
}

#[test]
fn a_policy_that_keeps_somebody_from_finalising_keeps_them_from_approving_and_cosigning_too() {
    let ward = Ward::open();
    enter(&ward.clerk, "o", "1", "sato").expect(201);
    ward.other.put("Observation/f", observation("f", "final", "1")).expect(201);
    decree(&ward.clinic, r#"forbid (principal == Account::"sato", action == Action::"finalize", resource);"#);
    for (record, name) in [("o", "approve"), ("f", "cosign")] {
        let refused = act(&ward.doctor, &format!("Observation/{record}"), name, &[]).refusal();
        assert_eq!(refused, (403, "AC-0001".to_owned()), "{name}");
    }
    assert_eq!(enter(&ward.clerk, "n", "1", "sato").refusal(), (422, "RC-0072".to_owned()));
    let own = ward.doctor.put("Observation/own", observation("own", "preliminary", "1"));
    assert_eq!(own.refusal(), (403, "RC-0074".to_owned()));
    // The draft that they cannot approve any more is handed on.
    let named = json!({ "name": "responsible", "valueString": "ito" });
    act(&ward.clerk, "Observation/o", "assign", &[named, reason("x")]).expect(200);
    act(&ward.other, "Observation/o", "approve", &[]).expect(200);
    ward.clinic.verify().unwrap();
}

#[test]
fn an_import_writes_over_no_draft_that_was_entered_for_somebody() {
    let Ward { mut clinic, clerk, doctor, .. } = Ward::open();
    enter(&clerk, "o", "1", "sato").expect(201);
    clinic.close();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("in.ndjson");
    for status in ["final", "preliminary", "entered-in-error"] {
        std::fs::write(&file, observation("o", status, "9") + "\n").unwrap();
        let (data, file) = (clinic.data().to_str().unwrap(), file.to_str().unwrap());
        let ended = Akashi::new(["import", "--data", data, file]).run();
        assert_ne!(ended.code, Some(0), "{status}: {ended:?}");
        assert!(ended.err.contains("ST-0032") || ended.out.contains("ST-0032"), "{status}: {ended:?}");
    }
    drop((clerk, doctor));
    clinic.verify().unwrap();
}

#[test]
fn whoever_may_not_finalise_enters_drafts_for_somebody_who_may_and_nothing_else() {
    let ward = Ward::open();
    let resident = staff(&ward.clinic, "ono", "resident");
    let student = staff(&ward.clinic, "mori", "student");
    for (who, client) in [("clerk", &ward.clerk), ("resident", &resident), ("student", &student)] {
        let own = client.post("Observation", observation("", "preliminary", "1").replace(r#""id":"","#, ""));
        assert_eq!(own.refusal(), (403, "RC-0074".to_owned()), "{who}: {}", own.message());
        let done = client.post("Observation", observation("", "final", "1").replace(r#""id":"","#, ""));
        assert_eq!(done.refusal(), (403, "AC-0001".to_owned()), "{who}");
        let done = entered(
            client,
            Method::PUT,
            &format!("Observation/{who}"),
            observation(who, "final", "1"),
            &naming("sato"),
        );
        assert_eq!(done.refusal(), (422, "RC-0076".to_owned()), "{who}");
        enter(client, who, "1", "sato").expect(201);
        for name in ["finalize", "approve", "cosign"] {
            let refused = act(client, &format!("Observation/{who}"), name, &[]).refusal();
            assert_eq!(refused, (403, "AC-0001".to_owned()), "{who}: {name}");
        }
        act(&ward.doctor, &format!("Observation/{who}"), "approve", &[]).expect(200);
    }
    // Nor does one trainee answer for another, and a machine enters nothing for anybody.
    for named in ["ono", "mori", "kato"] {
        let refused = enter(&student, "t", "1", named);
        let code = if named == "mori" { "RC-0073" } else { "RC-0072" };
        assert_eq!(refused.refusal(), (422, code.to_owned()), "{named}");
    }
    assert_eq!(enter(&ward.tester, "t", "1", "sato").refusal(), (403, "RC-0071".to_owned()));
    // An order is a record like others; what has no state a resident writes alone, and a student does not.
    let order = resource(
        "MedicationRequest",
        r#""status":"active","intent":"order","medicationCodeableConcept":{"text":"x"},"subject":{"reference":"Patient/p"}"#,
    );
    for client in [&resident, &student] {
        assert_eq!(client.post("MedicationRequest", &order).refusal(), (403, "RC-0074".to_owned()));
    }
    let specimen = resource("Specimen", r#""subject":{"reference":"Patient/p"}"#);
    resident.post("Specimen", &specimen).expect(201);
    assert_eq!(student.post("Specimen", &specimen).refusal(), (403, "AC-0001".to_owned()));
    ward.clinic.verify().unwrap();
}

#[test]
fn nobody_learns_of_accounts_by_naming_them() {
    let ward = Ward::open();
    let command = |command: &Value| ward.clinic.command(command).unwrap();
    staff(&ward.clinic, "left", "doctor");
    command(&json!({ "command": "account-disable", "account": "left", "reason": "退職" }));
    staff(&ward.clinic, "nomura", "nurse");
    let texts: Vec<String> = ["nobody-there", "left", "tester", "kimura", "-"]
        .map(|named| {
            let refused = enter(&ward.clerk, "o", "1", named);
            assert_eq!(refused.refusal(), (422, "RC-0072".to_owned()), "{named}: {}", refused.text());
            refused.message().replace(named, "…")
        })
        .into();
    assert!(texts.iter().all(|text| *text == texts[0]), "{texts:?}");
    // A nurse answers for observations and not for reports: the law says so, not a list of doctors.
    enter(&ward.clerk, "o", "1", "nomura").expect(201);
    let report = resource("DiagnosticReport", r#""id":"r","status":"preliminary","code":{"text":"x"}"#);
    let refused = entered(&ward.clerk, Method::PUT, "DiagnosticReport/r", &report, &naming("nomura"));
    assert_eq!(refused.refusal(), (422, "RC-0072".to_owned()));
    // Whoever may not write the record at all asks about nobody.
    let clerk = staff(&ward.clinic, "abe", "clerk");
    for named in ["sato", "nobody-there"] {
        assert_eq!(enter(&clerk, "x", "1", named).refusal(), (403, "AC-0001".to_owned()), "{named}");
    }
}

#[test]
fn who_answers_is_named_by_account_or_practitioner_and_the_enterer_is_who_sends_it() {
    let ward = Ward::open();
    let send = |field: &str| {
        entered(&ward.clerk, Method::PUT, "Observation/o", observation("o", "preliminary", "1"), field)
    };
    let sato = agent("author", &json!({ "reference": "Practitioner/sato" }));
    let kato = agent("enterer", &account("kato"));
    send(&provenance(&[sato.clone(), kato])).expect(201);
    assert_eq!(state(&ward.tester, "Observation/o")["responsible"], "sato");
    let by_reference = agent("enterer", &json!({ "reference": "Practitioner/kato" }));
    send(&provenance(&[sato.clone(), by_reference])).expect(200);
    let foreign = agent("enterer", &account("sato"));
    assert_eq!(send(&provenance(&[sato.clone(), foreign])).refusal(), (422, "RC-0077".to_owned()));
    assert_eq!(send(&naming("kato")).refusal(), (422, "RC-0073".to_owned()));
    assert_eq!(send("x").refusal(), (400, "RC-0070".to_owned()));
    let twice = ward.clerk.ask(Method::PUT, "Observation/o").resource(observation("o", "preliminary", "1"));
    let twice = twice.field("x-provenance", &naming("sato")).field("x-provenance", &naming("ito"));
    assert_eq!(twice.send().refusal(), (400, "RC-0070".to_owned()));
    // It means nothing elsewhere, and is not passed over.
    for path in ["Observation/o", "Observation", "Observation/o/_history", "Patient/p/$everything"] {
        let refused = ward.doctor.ask(Method::GET, path).field("x-provenance", &naming("ito")).send();
        assert_eq!(refused.refusal(), (400, "RC-0075".to_owned()), "{path}");
    }
    let finalize = ward.doctor.ask(Method::POST, "Observation/o/$finalize");
    let refused = finalize.field("x-provenance", &naming("ito")).send();
    assert_eq!(refused.refusal(), (400, "RC-0075".to_owned()));
    let patient = entered(&ward.clerk, Method::PUT, "Patient/q", patient(r#""id":"q""#), &naming("sato"));
    assert_eq!(patient.refusal(), (400, "RC-0075".to_owned()));
    // A draft that stands is not handed on by the way.
    assert_eq!(send(&naming("ito")).refusal(), (409, "ST-0035".to_owned()));
    ward.doctor.put("Observation/own", observation("own", "preliminary", "1")).expect(201);
    let own = enter(&ward.clerk, "own", "2", "sato");
    assert_eq!(own.refusal(), (409, "ST-0035".to_owned()));
    // Somebody who may finalise it enters for another as well.
    enter(&ward.other, "p", "1", "sato").expect(201);
    assert_eq!(act(&ward.other, "Observation/p", "approve", &[]).refusal(), (403, "ST-0032".to_owned()));
    act(&ward.doctor, "Observation/p", "approve", &[]).expect(200);
    ward.clinic.verify().unwrap();
}

#[test]
fn a_bundle_is_entered_for_another_as_a_whole_and_each_draft_has_its_provenance() {
    let ward = Ward::open();
    let draft = |id: &str| writes("PUT", &format!("Observation/{id}"), &observation(id, "preliminary", "1"));
    let visit = writes("PUT", "Patient/q", &patient(r#""id":"q""#));
    let send = |kind: &str, entries: &[String]| {
        entered(&ward.clerk, Method::POST, "", bundle(kind, entries), &naming("sato"))
    };
    let by = |id: &str| {
        writes("POST", "Observation", &observation(id, "preliminary", "1").replace(r#""id":"n","#, ""))
    };
    let reply = send("transaction", &[draft("a"), visit, by("n"), draft("b")]).expect(200);
    let statuses = testkit::texts(&reply.node(), "entry", "response.status");
    assert_eq!(statuses.len(), 4, "{}", reply.text());
    let new = reply.get("entry.2.resource.id");
    for id in ["a", "b", &new] {
        let said = state(&ward.tester, &format!("Observation/{id}"));
        assert_eq!((&said["responsible"], &said["entered"]), (&json!("sato"), &json!("kato")), "{said}");
        let told = format!("Provenance/{}", said["provenance"].as_str().unwrap());
        let target = ward.tester.get(&told).expect(200).get("target.0.reference");
        assert_eq!(target, format!("Observation/{id}/_history/1"));
    }
    let reply = send("batch", &[draft("c"), draft("d").replace("preliminary", "final")]).expect(200);
    assert_eq!(reply.get("entry.0.response.status")[..3], *"201");
    assert_eq!(reply.get("entry.1.response.status")[..3], *"422", "{}", reply.text());
    let before = versions(&ward.tester);
    let refused = send("transaction", &[draft("e"), draft("f").replace("preliminary", "final")]);
    assert_eq!(refused.refusal(), (422, "RC-0076".to_owned()));
    let refused = ward.clerk.post("", bundle("transaction", &[draft("e")]));
    assert_eq!(refused.refusal(), (403, "RC-0074".to_owned()), "without naming anybody");
    for entry in [asks("GET", "Patient/p"), asks("DELETE", "Observation/a")] {
        assert_eq!(send("batch", &[entry]).refusal(), (400, "RC-0075".to_owned()));
    }
    assert_eq!(versions(&ward.tester), before);
    // By criteria as well: nothing is found, so it is created.
    let path = "Observation?identifier=urn:x%7Cy";
    let body = observation("", "preliminary", "1")
        .replace(r#""id":"","#, r#""identifier":[{"system":"urn:x","value":"y"}],"#);
    let made = entered(&ward.clerk, Method::PUT, path, &body, &naming("sato")).expect(201);
    entered(&ward.clerk, Method::PUT, path, &body, &naming("sato")).expect(200);
    let said = state(&ward.tester, &format!("Observation/{}", made.get("id")));
    assert_eq!((&said["act"], &said["entered"]), (&json!("edit"), &json!("kato")));
    ward.clinic.verify().unwrap();
}

#[test]
fn what_was_entered_for_somebody_who_left_is_handed_to_another_and_that_is_told() {
    let ward = Ward::open();
    let named = |text: &str| json!({ "name": "responsible", "valueString": text });
    enter(&ward.clerk, "o", "1", "sato").expect(201);
    let hand =
        |client: &Client, to: &str| act(client, "Observation/o", "assign", &[named(to), reason("退職")]);
    assert_eq!(hand(&ward.clerk, "sato").refusal(), (409, "ST-0037".to_owned()), "answers already");
    assert_eq!(hand(&ward.doctor, "kato").refusal(), (422, "RC-0072".to_owned()), "may not answer");
    assert_eq!(hand(&ward.tester, "ito").refusal().0, 403, "a service");
    let missing = act(&ward.clerk, "Observation/o", "assign", &[named("ito")]);
    assert_eq!(missing.refusal(), (400, "RC-0067".to_owned()), "no reason");
    let reply = hand(&ward.clerk, "Practitioner/ito").expect(200);
    assert_eq!(reply.get("status"), "preliminary");
    let said = state(&ward.tester, "Observation/o");
    assert_eq!(
        (&said["act"], &said["responsible"], &said["entered"]),
        (&json!("assign"), &json!("ito"), &json!("kato"))
    );
    let expected = pairs(&[("author", "ito"), ("performer", "kato"), ("enterer", "kato")]);
    assert_eq!(ward.agents(&said), expected);
    assert_eq!(act(&ward.doctor, "Observation/o", "approve", &[]).refusal(), (403, "ST-0032".to_owned()));
    // Whoever may write it may take it over; who entered it may not answer for it.
    hand(&ward.doctor, "sato").expect(200);
    act(&ward.doctor, "Observation/o", "approve", &[]).expect(200);
    assert_eq!(hand(&ward.clerk, "ito").refusal(), (409, "ST-0031".to_owned()), "what is final has its name");
    ward.doctor.put("Observation/own", observation("own", "preliminary", "1")).expect(201);
    let own = act(&ward.doctor, "Observation/own", "assign", &[named("ito"), reason("x")]);
    assert_eq!(own.refusal(), (409, "ST-0033".to_owned()));
    let mine = entered(
        &ward.other,
        Method::PUT,
        "Observation/m",
        observation("m", "preliminary", "1"),
        &naming("sato"),
    );
    mine.expect(201);
    let back = act(&ward.other, "Observation/m", "assign", &[named("ito"), reason("x")]);
    assert_eq!(back.refusal(), (409, "ST-0037".to_owned()), "who entered it");
    ward.clinic.verify().unwrap();
}

#[test]
fn others_sign_what_somebody_answers_for_once_each_and_it_stays_what_it_is() {
    let ward = Ward::where_machines_finalise();
    let nurse = staff(&ward.clinic, "nomura", "nurse");
    let sign = |client: &Client| act(client, "Observation/o", "cosign", &[]);
    enter(&ward.clerk, "o", "1", "sato").expect(201);
    assert_eq!(sign(&ward.other).refusal(), (409, "ST-0031".to_owned()), "a draft is not signed");
    act(&ward.doctor, "Observation/o", "approve", &[]).expect(200);
    let before = ward.tester.get("Observation/o").expect(200).text();
    assert_eq!(sign(&ward.doctor).refusal(), (409, "ST-0034".to_owned()), "who answers for it");
    assert_eq!(sign(&ward.clerk).refusal(), (403, "AC-0001".to_owned()));
    assert_eq!(sign(&ward.tester).refusal(), (403, "RC-0071".to_owned()), "a service, whatever it may");
    sign(&ward.other).expect(200);
    sign(&nurse).expect(200);
    assert_eq!(sign(&ward.other).refusal(), (409, "ST-0034".to_owned()), "twice");
    let said = state(&ward.tester, "Observation/o");
    let accounts = (&said["is"], &said["responsible"], &said["entered"], &said["cosigned"]);
    assert_eq!(accounts, (&json!("final"), &json!("sato"), &json!("kato"), &json!(["ito", "nomura"])));
    assert_eq!(ward.agents(&said), pairs(&[("attester", "nomura")]));
    let bare = |text: &str| {
        let mut content: Value = serde_json::from_str(text).unwrap();
        content["meta"] = json!(null);
        content
    };
    let after = ward.tester.get("Observation/o").expect(200).text();
    assert_eq!(bare(&after), bare(&before), "not a word of it changes");
    let amended = with(&observation("o", "amended", "2"));
    act(&nurse, "Observation/o", "amend", &[reason("x"), amended]).expect(200);
    assert_eq!(state(&ward.tester, "Observation/o")["cosigned"], Value::Null, "nobody has signed that yet");
    sign(&ward.other).expect(200);
    sign(&ward.doctor).expect(200);
    let said = state(&ward.tester, "Observation/o");
    assert_eq!((&said["is"], &said["cosigned"]), (&json!("amended"), &json!(["ito", "sato"])));
    let page = ward.tester.ask(Method::GET, "Patient/p/$chart").field("accept-language", "en").send();
    assert!(page.text().contains("answered for by nomura, cosigned by ito, sato"), "{}", page.text());
    let proof = ward.tester.get("Observation/o/$proof").expect(200).body;
    assert_eq!(judge(&[("signed".to_owned(), on_one_line(&proof))], None), [true]);
    ward.clinic.verify().unwrap();
}
