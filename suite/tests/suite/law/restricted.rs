//! A restricted patient, seen by somebody who does not treat them: as if nothing of them had ever been written. The other
//! facility here is a twin in which it never was.

use super::plain::{plain, whole};
use crate::material::{asks, bundle, link, resource, writes};
use http::Method;
use testkit::{Ask, Client, Clinic, Member, Plan, ROLES, Reply, Role};

/// Where the restricted patient is.
const HERE: &str = "sakura";
/// Where they never were.
const TWIN: &str = "tokiwa";
/// Stands in every record of the restricted patient.
const MARK: &str = "kanari";

/// What makes a patient restricted.
const LABEL: &str = r#""meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"R"}]}"#;

/// What both have, and (`true`) what only the facility of the restricted patient has; in the order of writing.
const RECORDS: &[(bool, &str, &str)] = &[
    (false, "Practitioner/d", r#""name":[{"family":"Mori"}]"#),
    (false, "Organization/o", r#""name":"Sakura""#),
    (
        false,
        "Patient/a",
        r#""name":[{"family":"Abe"}],"birthDate":"1950","generalPractitioner":[{"reference":"Practitioner/d"}],"managingOrganization":{"reference":"Organization/o"}"#,
    ),
    (
        true,
        "Patient/v",
        r#""identifier":[{"value":"v-1"}],"name":[{"family":"Kuki","text":"kanari"}],"birthDate":"1960","generalPractitioner":[{"reference":"Practitioner/d"}],"managingOrganization":{"reference":"Organization/o"},"link":[{"other":{"reference":"Patient/a"},"type":"seealso"}]"#,
    ),
    (
        false,
        "Encounter/a",
        r#""status":"finished","class":{"code":"AMB"},"subject":{"reference":"Patient/a"}"#,
    ),
    (
        true,
        "Encounter/v",
        r#""status":"in-progress","class":{"code":"IMP","display":"kanari"},"subject":{"reference":"Patient/v"},"participant":[{"individual":{"reference":"Practitioner/d"}}],"period":{"start":"2026-04-01"}"#,
    ),
    (
        false,
        "Observation/a1",
        r#""status":"preliminary","code":{"text":"x"},"subject":{"reference":"Patient/a"},"performer":[{"reference":"Practitioner/d"}]"#,
    ),
    (
        true,
        "Observation/v",
        r#""status":"preliminary","code":{"coding":[{"code":"v-code"}],"text":"kanari"},"subject":{"reference":"Patient/v"},"encounter":{"reference":"Encounter/v"},"performer":[{"reference":"Practitioner/d"}],"focus":[{"reference":"Observation/a1"}]"#,
    ),
    (
        true,
        "Appointment/v",
        r#""status":"booked","description":"kanari","start":"2026-04-01T09:00:00Z","end":"2026-04-01T10:00:00Z","participant":[{"actor":{"reference":"Patient/v"},"status":"accepted"},{"actor":{"reference":"Patient/a"},"status":"accepted"}]"#,
    ),
    (
        false,
        "Observation/a2",
        r#""status":"preliminary","code":{"text":"x"},"subject":{"reference":"Patient/a"},"valueQuantity":{"value":2}"#,
    ),
    (false, "Patient/b", r#""name":[{"family":"Wada"}],"birthDate":"1970""#),
    (
        true,
        "Condition/v",
        r#""code":{"text":"kanari"},"subject":{"reference":"Patient/v"},"encounter":{"reference":"Encounter/v"}"#,
    ),
    (
        true,
        "List/v",
        r#""status":"current","mode":"working","title":"kanari","subject":{"reference":"Patient/v"},"entry":[{"item":{"reference":"Observation/a1"}}]"#,
    ),
    (
        false,
        "Observation/b",
        r#""status":"preliminary","code":{"text":"x"},"subject":{"reference":"Patient/b"}"#,
    ),
];

/// What somebody who does not treat the patient asks.
const GETS: &[&str] = &[
    "Patient",
    "Patient?_total=accurate",
    "Patient?_total=estimate&_count=1",
    "Patient?_summary=count",
    "Patient?_summary=true",
    "Patient?_elements=birthDate",
    "Patient?_count=1",
    "Patient?_count=2",
    "Patient?_sort=family",
    "Patient?_sort=-family&_count=1",
    "Patient?_sort=birthdate&_count=2",
    "Patient?_sort=-_lastUpdated&_count=1",
    "Patient?_sort=_id",
    "Patient?_id=v",
    "Patient?_id=a,v,b&_total=accurate",
    "Patient?identifier=v-1",
    "Patient?identifier=v-1&_summary=count",
    "Patient?family=Kuki",
    "Patient?birthdate=gt1955",
    "Patient?_security=R",
    "Patient?_security:not=R&_total=accurate",
    "Patient?identifier:missing=false",
    "Patient?link=Patient/a",
    "Patient?general-practitioner=Practitioner/d",
    "Patient?organization=Organization/o&_total=accurate",
    "Patient?_has:Observation:subject:code=v-code",
    "Patient?_has:Observation:subject:status=preliminary",
    "Patient?_has:Observation:subject:record-state=draft",
    "Patient?_has:Appointment:actor:status=booked",
    "Observation?record-state=draft",
    "Observation?record-state=draft&_summary=count",
    "Observation?record-state=draft&_sort=record-state-since&_count=1",
    "Observation?record-state:not=final&_total=accurate",
    "Observation?record-responsible:missing=true&_summary=count",
    "Observation?record-state-since=ge2026&_sort=-record-state-since&_count=2",
    "Practitioner?_has:Encounter:participant:status=in-progress",
    "Practitioner?_has:Patient:general-practitioner:family=Kuki",
    "Organization?_has:Patient:organization:birthdate=1960",
    "Observation",
    "Observation?_count=1",
    "Observation?_count=2&_sort=status",
    "Observation?_total=accurate&_count=1",
    "Observation?subject=Patient/v",
    "Observation?patient=v&_summary=count",
    "Observation?code=v-code",
    "Observation?status=preliminary",
    "Observation?subject.identifier=v-1",
    "Observation?subject:Patient.family=Kuki",
    "Observation?subject:Patient.birthdate=lt1965&_total=accurate",
    "Observation?encounter.status=in-progress",
    "Observation?performer=Practitioner/d&_total=accurate",
    "Observation?focus=Observation/a1",
    "Observation?focus:missing=false",
    "Observation?_has:Observation:focus:status=preliminary",
    "Observation?_has:List:item:status=current",
    "Observation?_revinclude=Observation:focus",
    "Observation?_revinclude=List:item&_revinclude:iterate=Patient:link",
    "Observation?_include=*",
    "Observation?_include:iterate=*",
    "Observation?_include=Observation:subject&_include:iterate=Patient:link",
    "Patient?_revinclude=*",
    "Patient?_revinclude=Observation:subject",
    "Patient?_revinclude=Appointment:actor&_include:iterate=Appointment:actor",
    "Patient?_id=a&_revinclude=Patient:link",
    "Practitioner?_revinclude=Encounter:participant&_revinclude=Patient:general-practitioner",
    "Organization?_revinclude=Patient:organization&_revinclude:iterate=Observation:subject",
    "Encounter",
    "Encounter?participant=Practitioner/d",
    "Encounter?_total=accurate&status=in-progress",
    "Appointment",
    "Appointment?actor=Patient/a",
    "Condition",
    "List?item=Observation/a1",
    "Patient/a/$everything",
    "Patient/a/*",
    "Patient/a/*?_count=1",
    "Patient/a/Appointment",
    "Patient/a/Patient",
    "Practitioner/d/Observation",
    "Practitioner/d/Encounter?_total=accurate",
    "Practitioner/d/Patient",
    "Practitioner/d/*",
    "Encounter/a/$everything",
    "?_type=Observation,Patient&_total=accurate",
    "?_type=Observation,Patient&_count=1&_sort=_lastUpdated",
    "?_type=Encounter,Observation&_summary=count",
    "_history",
    "_history?_count=1",
    "_history?_count=3",
    "_history?_summary=count",
    "Patient/_history",
    "Patient/_history?_count=1",
    "Patient/_history?_summary=count",
    "Patient/_history?_since=2026-01-01",
    "Observation/_history?_count=2",
    "Observation/_history?_at=2026-04-01",
    "Appointment/_history",
    "Patient/a/_history",
];

/// What they send.
fn sends(client: &Client) -> Vec<Ask<'_>> {
    let find = |url: &str| bundle("batch", &[asks("GET", url)]);
    let about = |subject: &str| {
        resource(
            "Observation",
            &format!(r#""status":"preliminary","code":{{"text":"x"}},"subject":{{"reference":"{subject}"}}"#),
        )
    };
    let post = |path: &str, body: String| client.ask(Method::POST, path).resource(body);
    vec![
        post("", find("Patient?identifier=v-1&_total=accurate")),
        post("", find("Observation?_total=accurate&_count=2")),
        post("", find("Patient/_history?_count=1")),
        post("", find("?_type=Observation,Encounter&_total=accurate")),
        post("", bundle("transaction", &[writes("POST", "Observation", &about("Patient?identifier=v-1"))])),
        post("", bundle("transaction", &[asks("GET", "Observation?subject.identifier=v-1")])),
        post("Observation", about("Patient/a")).field("if-none-exist", "code=v-code"),
        post("Observation", about("Patient/a")).field("if-none-exist", "subject.identifier=v-1"),
        client.ask(Method::PUT, "Observation?code=v-code").resource(about("Patient/a")),
        client
            .ask(Method::PATCH, "Observation?code=v-code")
            .body("application/json-patch+json", r#"[{"op":"test","path":"/status","value":"preliminary"}]"#),
        client.ask(Method::DELETE, "Observation?code=v-code"),
        client
            .ask(Method::POST, "Patient/_search")
            .body("application/x-www-form-urlencoded", "identifier=v-1&_total=accurate"),
    ]
}

/// The clinic, and the doctor who treats the patient.
struct Both {
    clinic: Clinic,
    treating: Client,
}

impl Both {
    fn new() -> Self {
        let clinic = Clinic::with(Plan { facilities: &[HERE, TWIN], ..Plan::default() });
        for facility in [HERE, TWIN] {
            let client = clinic.client_of(facility);
            for (_, key, members) in RECORDS.iter().filter(|(hidden, ..)| !hidden || facility == HERE) {
                let (kind, id) = key.split_once('/').unwrap();
                client.put(key, resource(kind, &format!(r#""id":"{id}",{members}"#))).expect(201);
            }
        }
        let doctor = Member::join(&clinic, HERE, role("doctor", "treating"), Some("d"));
        clinic.pass_seconds(31);
        let treating = doctor.client(&clinic, HERE);
        let (_, _, members) = RECORDS.iter().find(|(_, key, _)| *key == "Patient/v").unwrap();
        treating.put("Patient/v", resource("Patient", &format!(r#""id":"v",{LABEL},{members}"#))).expect(200);
        Self { clinic, treating }
    }

    /// The same role at both.
    fn clients(&self, name: &'static str, practitioner: Option<&str>) -> [Client; 2] {
        let role = role(name, name);
        let members =
            [HERE, TWIN].map(|facility| (facility, Member::join(&self.clinic, facility, role, practitioner)));
        self.clinic.pass_seconds(31);
        members.map(|(facility, member)| member.client(&self.clinic, facility))
    }
}

/// A role with an account of this name.
fn role(of: &str, account: &'static str) -> Role {
    let role = ROLES.into_iter().find(|one| one.name == of).unwrap();
    Role { name: account, ..role }
}

fn expect_alike(here: &Reply, twin: &Reply, asked: &str) {
    assert!(!whole(here).contains(MARK), "{asked}: {}", whole(here));
    assert_eq!(plain(here).replace(HERE, TWIN), plain(twin), "{asked}");
}

/// All pages of a list, as far as there are any.
fn pages(client: &Client, path: &str) -> Vec<Reply> {
    let mut all = vec![client.get(path)];
    while let Some(next) = all.last().filter(|page| page.status() == 200).and_then(|page| link(page, "next"))
    {
        all.push(client.get(&next));
        assert!(all.len() < 50, "{path} never ends");
    }
    all
}

/// Whoever asks finds nothing of the patient; gives back how many questions were answered at all.
fn expect_nothing_known(here: &Client, twin: &Client) -> usize {
    let mut shown = 0;
    for path in GETS {
        let (here, twin) = (pages(here, path), pages(twin, path));
        for (here, twin) in here.iter().zip(&twin) {
            expect_alike(here, twin, path);
        }
        assert_eq!(here.len(), twin.len(), "{path}");
        shown += usize::from(here.iter().any(|page| page.status() == 200));
    }
    for (number, (here, twin)) in sends(here).iter().zip(sends(twin)).enumerate() {
        expect_alike(&here.send(), &twin.send(), &format!("sent {number}"));
    }
    shown
}

#[test]
fn a_nurse_who_does_not_treat_a_restricted_patient_finds_nothing_of_them() {
    let both = Both::new();
    let [here, twin] = both.clients("nurse", None);
    let shown = expect_nothing_known(&here, &twin);
    assert!(shown > 60, "most of it is answered: {shown}");
}

#[test]
fn nor_does_a_doctor_of_another_ward_a_clerk_or_a_service() {
    let both = Both::new();
    for role in ["doctor", "clerk", "laboratory", "service"] {
        let practitioner = (role == "doctor").then_some("another");
        let [here, twin] = both.clients(role, practitioner);
        expect_nothing_known(&here, &twin);
    }
}

#[test]
fn who_asks_for_the_restricted_record_itself_is_told_how_to_break_the_glass() {
    let both = Both::new();
    let [here, _] = both.clients("nurse", None);
    for path in [
        "Patient/v",
        "Patient/v/_history",
        "Patient/v/_history/1",
        "Patient/v/$proof",
        "Patient/v/$everything",
        "Observation/v",
        "Encounter/v/_history/1/$proof",
        "Appointment/v",
    ] {
        let reply = here.get(path);
        assert_eq!(reply.refusal(), (403, "AC-0002".to_owned()), "{path}");
        assert!(!whole(&reply).contains(MARK), "{path}");
    }
    for reply in [
        here.put(
            "Observation/v",
            resource("Observation", r#""id":"v","status":"preliminary","code":{"text":"x"}"#),
        ),
        here.delete("Observation/v"),
    ] {
        assert_eq!(reply.status(), 403, "{}", reply.text());
    }
}

#[test]
fn who_treats_a_restricted_patient_need_not_treat_those_whom_the_record_names() {
    let clinic = Clinic::start();
    let tester = clinic.client();
    let treated = r#""generalPractitioner":[{"reference":"Practitioner/d"}]"#;
    let link = r#""link":[{"other":{"reference":"Patient/b"},"type":"seealso"}]"#;
    tester.put("Patient/b", resource("Patient", r#""id":"b""#)).expect(201);
    tester.put("Patient/v", resource("Patient", &format!(r#""id":"v",{treated}"#))).expect(201);
    let doctor = Member::join(&clinic, HERE, role("doctor", "treating"), Some("d"));
    clinic.pass_seconds(31);
    let doctor = doctor.client(&clinic, HERE);
    doctor
        .put("Patient/v", resource("Patient", &format!(r#""id":"v",{LABEL},{treated},{link}"#)))
        .expect(200);
    doctor.get("Patient/v").expect(200);
}

#[test]
fn who_treats_the_patient_sees_them_everywhere() {
    let both = Both::new();
    let here = both.treating;
    for path in [
        "Patient/v",
        "Patient",
        "Patient?identifier=v-1",
        "Observation?subject.identifier=v-1",
        "Patient?_has:Observation:subject:code=v-code",
        "Observation?_id=a1&_revinclude=Observation:focus",
        "Patient/v/$everything",
        "Patient/a/Appointment",
        "Observation/_history",
        "Patient/v/_history/1",
        "Patient/v/$proof",
    ] {
        assert!(here.get(path).expect(200).text().contains(MARK), "{path}");
    }
    assert_eq!(here.get("Patient?_summary=count").get("total"), "3");
}

#[test]
fn a_refusal_to_join_two_patients_does_not_tell_whose_a_hidden_record_is() {
    let both = Both::new();
    let [here, _] = both.clients("nurse", None);
    let tied = resource(
        "Observation",
        r#""status":"final","code":{"text":"x"},"subject":{"reference":"Patient/a"},"encounter":{"reference":"Encounter/v"}"#,
    );
    let refused = here.post("Observation", &*tied);
    assert_eq!(refused.refusal(), (422, "RC-0083".to_owned()));
    assert!(!refused.text().contains("Patient/v"), "{}", refused.text());
    let told = both.treating.post("Observation", tied);
    assert_eq!(told.refusal(), (422, "ST-0040".to_owned()));
    assert!(told.text().contains("Patient/v"), "{}", told.text());
}
