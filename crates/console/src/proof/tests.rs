//! The pages of proof, from what the API answers to what people read.

use super::file::ProofFile;
use crate::desk::{Answering, Ask, Desk, May, Refused, Verified};
use crate::pages;
use crate::trial::{Trial, shown, visit, wait};
use base::{Class, Code, Language, Problem, Time};
use serde_json::{Value, json};

static WRONG: Code =
    Code {
        id: "ST-0017", class: Class::Invalid, en: "the digest differs", ja: "ダイジェストが違います"
    };
static REFUSED: Code =
    Code { id: "AC-0001", class: Class::Refused, en: "not allowed", ja: "許可されていません" };
static NO_DATE: Code =
    Code { id: "RC-0064", class: Class::Invalid, en: "no date", ja: "日付ではありません" };

/// A desk with a verifier that says what the test wants.
struct Proving(Trial, bool);

impl Desk for Proving {
    fn facility(&self) -> &str {
        self.0.facility()
    }

    fn now(&self) -> Time {
        self.0.now()
    }

    fn may(&self, what: May) -> bool {
        self.0.may(what)
    }

    fn call(&self, ask: Ask) -> Answering<'_> {
        self.0.call(ask)
    }

    fn verify(&self, _: &[u8]) -> Result<Verified, Refused> {
        if self.1 {
            Ok(Verified { position: 7, entries: 12, content: true, key: "a/f/clinic/1+x".to_owned() })
        } else {
            Err(Problem::new(&WRONG).into())
        }
    }
}

fn proof_file() -> Value {
    let entry = json!({
        "v": 1, "kind": "record.create", "time": "2026-04-01T00:00:00.000000Z",
        "actor": { "kind": "person", "id": "scribe" }, "reason": "聞き取り",
        "state": { "is": "draft", "act": "enter", "responsible": "doctor", "entered": "scribe" },
        "digest": "abcd",
    });
    let proof = "c2sp.org/tlog-proof@v1\nindex 7\n\na/f/clinic/1\n12\nroot\n\n\u{2014} a/f/clinic/1 sig\n\u{2014} witness.example/w sig\n";
    let content = json!({ "resourceType": "Observation", "id": "o", "code": { "text": "クレアチニン" } });
    json!({
        "format": "akashi-proof/1", "key": "a/f/clinic/1+00+key", "proof": proof,
        "entry": entry.to_string(), "content": content.to_string(), "salt": "00",
    })
}

fn with_proof() -> Trial {
    Trial::new().told("fhir/Observation/o/_history/1/$proof", proof_file())
}

#[test]
fn a_proof_file_says_who_when_why_and_which_witnesses_signed() {
    let file =
        ProofFile::read(proof_file().to_string().as_bytes(), Language::Japanese).expect("a proof file");
    assert_eq!(file.made.author, "scribe");
    assert_eq!(file.made.responsible.as_deref(), Some("doctor"));
    assert_eq!(file.made.entered, None, "who entered it is who wrote it");
    assert_eq!((file.made.position.as_str(), file.made.reason.as_deref()), ("7", Some("聞き取り")));
    assert_eq!(file.witnesses, ["witness.example/w"]);
    assert!(ProofFile::read(b"{}", Language::Japanese).is_none());
}

#[test]
fn a_version_is_called_good_only_where_the_verifier_says_so() {
    let page = |good: bool, query: &str| {
        let visit = visit(&format!("records/Observation/o/proof/1{query}"), Language::English);
        shown(wait(pages::answer(&visit, &Proving(with_proof(), good)))).1
    };
    let good = "Verified: this version is as it was recorded.";
    assert!(page(true, "?verify=1").contains(good));
    assert!(page(true, "").contains("Not verified yet") && !page(true, "").contains(good));
    let bad = page(false, "?verify=1");
    assert!(bad.contains("the digest differs") && bad.contains("ST-0017") && !bad.contains(good));
}

#[test]
fn a_desk_without_a_journal_calls_no_proof_good() {
    let (status, page) = with_proof().look("records/Observation/o/proof/1?verify=1", Language::English);
    assert_eq!(status, 200);
    assert!(page.contains("This could not be verified."));
}

#[test]
fn the_proof_file_is_handed_out_as_it_came() {
    let (status, file) = with_proof().look("records/Observation/o/proof/1/file", Language::English);
    assert_eq!((status, file), (200, proof_file().to_string()));
}

#[test]
fn a_history_shows_each_step_and_the_first_version_from_its_entry() {
    let part = |name: &str, member: &str, value: Value| json!({ "name": name, member: value });
    let step = json!({ "name": "step", "part": [
        part("from", "valuePositiveInt", json!(1)), part("to", "valuePositiveInt", json!(2)),
        part("time", "valueInstant", json!("2026-04-01T01:00:00Z")),
        part("author", "valueIdentifier", json!({ "value": "doctor" })),
        part("state", "valueCode", json!("amended")), part("reason", "valueString", json!("誤記")),
        part("position", "valueDecimal", json!(9)),
        { "name": "change", "part": [part("element", "valueString", json!("値")),
            part("before", "valueString", json!("0.8")), part("after", "valueString", json!("8.0"))] },
    ] });
    let newest =
        json!({ "entry": [{ "resource": { "resourceType": "Observation", "meta": { "versionId": "2" } } }] });
    let desk = with_proof()
        .told("fhir/Observation/o/_history?_count=1", newest)
        .told("fhir/Observation/o/$history-diff?chain=true&from=1&to=2", json!({ "parameter": [step] }));
    let (status, page) = desk.look("records/Observation/o/history", Language::Japanese);
    assert_eq!(status, 200);
    for text in [
        "第 2 版",
        "訂正・追記",
        "誤記",
        "</span>0.8</del>",
        "</span>8.0</ins>",
        ">9<",
        "第 1 版",
        "聞き取り",
        "scribe",
    ] {
        assert!(page.contains(text), "{text}");
    }
}

#[test]
fn a_deletion_is_told_and_a_first_version_whose_proof_is_refused_is_not_made_up() {
    let step = json!({ "name": "step", "part": [
        { "name": "to", "valuePositiveInt": 2 }, { "name": "author", "valueIdentifier": { "value": "doctor" } },
        { "name": "operation", "part": [{ "name": "type", "valueCode": "delete" },
            { "name": "path", "valueString": "Observation" }] },
    ] });
    let desk = Trial::new()
        .told(
            "fhir/Observation/o/_history?_count=1",
            json!({ "entry": [{ "response": { "etag": "W/\"2\"" } }] }),
        )
        .told("fhir/Observation/o/$history-diff?chain=true&from=1&to=2", json!({ "parameter": [step] }));
    let (_, page) = desk.look("records/Observation/o/history", Language::English);
    assert!(page.contains(">deleted</span>"));
    assert!(page.contains("You may not see who wrote this version and when."));
}

fn looker(account: &str, treating: &str) -> Value {
    json!({ "name": "looker", "part": [
        { "name": "account", "valueIdentifier": { "value": account } },
        { "name": "treating", "valueCode": treating }, { "name": "not-treating", "valueUnsignedInt": 2 },
        { "name": "first", "valueInstant": "2026-04-01T01:00:00Z" }, { "name": "last", "valueInstant": "2026-04-01T01:00:00Z" },
        { "name": "because", "valueCode": "own-record" }, { "name": "occupation", "valueCode": "nurse" },
    ] })
}

#[test]
fn who_looked_while_not_treating_is_marked_and_no_look_at_the_patient_is_made_for_it() {
    let report = json!({ "parameter": [looker("nurse", "no"), looker("doctor", "yes"), looker("new", "?")] });
    let desk =
        Trial::new().told("fhir/Patient/p/$lookers?from=2026-04-01", report).without(May::Search("Patient"));
    let (status, page) = desk.look("patients/p/lookers?from=2026-04-01", Language::Japanese);
    assert_eq!(status, 200);
    for text in [
        "うち、診療との関わりが記録されていない人 1 人",
        "看護師",
        "本人の記載",
        "value=\"2026-04-01\"",
        "2 回",
    ] {
        assert!(page.contains(text), "{text}");
    }
    assert_eq!(desk.asked(), ["GET fhir/Patient/p/$lookers?from=2026-04-01"]);
}

#[test]
fn many_lookers_have_pages() {
    let all: Vec<Value> = (0..120).map(|one| looker(&format!("account-{one}-"), "yes")).collect();
    let desk = Trial::new().told("fhir/Patient/p/$lookers", json!({ "parameter": all }));
    let (_, page) = desk.look("patients/p/lookers?page=2", Language::English);
    assert!(page.contains("account-50-") && page.contains("account-99-"));
    assert!(!page.contains("account-49-") && !page.contains("account-100-"));
    assert!(page.contains("?page=1") && page.contains("?page=3") && page.contains("120 accounts"));
}

#[test]
fn who_may_not_see_it_is_refused_and_a_wrong_date_is_said_beside_the_form() {
    let desk = Trial::new().refuses("GET", "fhir/Patient/p/$lookers", Problem::new(&REFUSED));
    let (status, page) = desk.look("patients/p/lookers", Language::English);
    assert_eq!(status, 403);
    assert!(page.contains("AC-0001"));
    let desk = Trial::new().refuses("GET", "fhir/Patient/p/$lookers?from=x", Problem::new(&NO_DATE));
    let (status, page) = desk.look("patients/p/lookers?from=x", Language::English);
    assert_eq!(status, 200);
    assert!(page.contains("no date") && page.contains("value=\"x\""));
}
