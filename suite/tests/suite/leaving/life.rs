//! Life at the new place, as the README of the export tells it: its commands are run as they stand there, then people log in
//! again, read what they wrote, and finish what was left open.

use crate::command_line::{Site, good};
use crate::material::{naming, patient, resource};
use base::{Clock as _, SystemClock, Time};
use http::Method;
use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::symlink;
use testkit::authority::Shown;
use testkit::{Akashi, Client, Clinic, Person, Plan, Reply, Target};

/// Half a minute: then an authenticator shows another code.
const NEXT_CODE_SECONDS: i64 = 30;

/// A clinic that asks for certificates and two factors, with a doctor, a clerk who is the auditor, a program and a PC.
struct Before {
    clinic: Clinic,
    site: Site,
    doctor: Person,
    pc: Shown,
}

fn draft(id: &str) -> String {
    let rest = r#""status":"preliminary","code":{"text":"x"},"subject":{"reference":"Patient/p"}"#;
    resource("Observation", &format!(r#""id":"{id}",{rest}"#))
}

impl Before {
    fn new() -> Self {
        let mut clinic = Clinic::with(Plan { settles: true, ..Plan::default() });
        let order = |command: &Value| clinic.command(command).unwrap();
        let join = |account: &str, occupation: &str, duties: &[&str]| {
            order(
                &json!({"command": "account-create", "account": account, "kind": "person", "name": account,
                "occupation": occupation, "duties": duties, "practitioner": account}),
            );
            Person::accept(&clinic, &clinic.stranger(), account)
        };
        let people = [join("sato", "doctor", &["executive"]), join("kato", "medical-clerk", &["auditor"])];
        let [doctor, clerk] = people.each_ref().map(|person| person.session(&clinic, &clinic.stranger()));
        clinic.client().put("Patient/p", patient(r#""id":"p""#)).expect(201);
        doctor.put("Observation/own", draft("own")).expect(201);
        let entering = clerk.ask(Method::PUT, "Observation/entered").resource(draft("entered"));
        entering.field("x-provenance", &naming("sato")).send().expect(201);
        order(&json!({"command": "certificate-ca"}));
        order(&json!({"command": "account-create", "account": "pc-1", "kind": "device", "name": "受付"}));
        let pc = Shown::issued(&order(&json!({"command": "certificate-issue", "account": "pc-1"})));
        order(&json!({"command": "policy-set", "values": {"client-certificates": "verify"}}));
        clinic.close();
        let site = Site::empty();
        symlink(clinic.data(), site.path("data")).unwrap();
        let [doctor, _] = people;
        Self { clinic, site, doctor, pc }
    }

    /// Exports everything for a new place, whose key is made first.
    fn leave(&self) {
        let site = &self.site;
        site.good("export --data data --log log");
        let key = site.good("successor log/key --data new --host localhost").out;
        site.write("successor.key", key);
        site.good("export --data data --complete leaving --to successor.key");
    }
}

/// The commands of `akashi` in one language of the README of an export.
fn commands(readme: &str) -> Vec<String> {
    let lines = readme.lines().filter(|line| line.starts_with("akashi "));
    lines.map(|line| line.split(" #").next().unwrap().trim_end().to_owned()).collect()
}

/// The README's commands, run in the folder of the export: what each is about is the argument of its placeholder.
fn follow_the_readme(site: &Site, export: &str) {
    let readme = site.text(&format!("{export}/README.md"));
    let (english, japanese) = readme.split_once("\n## 日本語").unwrap();
    let told = commands(english);
    assert_eq!(told, commands(japanese), "the same in both languages");
    assert!(!readme.contains("{onward") && !readme.contains("{facility}"), "{readme}");
    let data = site.path("new").display().to_string();
    let folder = site.path("outside");
    let copied = std::process::Command::new("cp").arg("-a").arg(site.path(export)).arg(&folder).status();
    assert!(copied.unwrap().success());
    for line in told {
        let named = line.replace("DATA", &data).replace("MACHINE", "tester").replace("DEVICE", "pc-1");
        let all: Vec<String> =
            ["sato", "kato"].iter().map(|person| named.replace("PERSON", person)).collect();
        let times = if line.contains("PERSON") { &all[..] } else { &all[..1] };
        for line in times {
            // Secrets come as JSON, and the PEM besides: the test reads what a person would type.
            let more = match line {
                _ if line.contains(" certificate issue ") => " --pem pem --json",
                _ if line.contains(" account ") => " --json",
                _ => "",
            };
            let words = format!("{line}{more}");
            let words = words.split_whitespace().skip(1);
            let ended = good(line, Akashi::new(words).within(&folder).run());
            let name = line.rsplit_once(" --data").unwrap().0.replace([' ', '/'], "-");
            site.write(&format!("told/{name}"), ended.out);
        }
    }
}

fn told(site: &Site, name: &str) -> Value {
    serde_json::from_str(&site.text(&format!("told/akashi-account-{name}"))).unwrap()
}

fn post(client: &Client, path: &str) -> Reply {
    client.ask(Method::POST, path).send()
}

#[test]
fn people_go_on_at_the_new_place_by_the_commands_of_the_readme_and_finish_what_was_left_open() {
    let before = Before::new();
    let site = &before.site;
    before.leave();
    follow_the_readme(site, "leaving");
    let (process, address) = site.akashi("serve --data new --listen 127.0.0.1:0").serve();
    let anybody = Target::on(&site.path("new"), address, "sakura");
    // Nothing by which somebody came in at the old place opens anything here.
    let refused = anybody.showing(&before.pc).refused_handshake();
    assert!(refused.contains("nknownCA") || refused.contains("ertificate"), "{refused}");
    let pem = |name: &str| fs::read_to_string(site.path(&format!("outside/pem/pc-1.{name}"))).unwrap();
    let shown = Shown::issued(&json!({"certificate": pem("pem"), "key": pem("key")}));
    let here = anybody.showing(&shown);
    let old_password = json!({"account": "sato", "password": before.doctor.password,
        "totp": before.doctor.code(SystemClock.now())});
    let login = here.call(Method::POST, "session").json(&old_password).send();
    assert_eq!(login.status(), 401, "{}", login.text());

    let join = |account: &str| {
        let code = told(site, &format!("invite-{account}"))["code"].as_str().unwrap().to_owned();
        let person = Person::accept_code_at(&here, &code, SystemClock.now());
        assert_eq!(person.account, account);
        person.session_at(&here, SystemClock.now().plus_seconds(NEXT_CODE_SECONDS))
    };
    let (doctor, clerk) = (join("sato"), join("kato"));
    finish(&doctor, &clerk);
    look_back(&clerk);
    let key = told(site, "key-tester")["key"].as_str().unwrap().to_owned();
    here.bearing(&key).get("Observation/own").expect(200);
    process.signal("TERM");
    good("serve", process.wait());
    came_along(site);
    site.good("verify --data new --since log/checkpoint");
    drop(before.clinic);
}

/// What was left open is finished by whom it was left to, and by nobody else.
fn finish(doctor: &Client, clerk: &Client) {
    doctor.get("Observation/own").expect(200);
    assert_eq!(post(clerk, "Observation/entered/$approve").status(), 403, "the clerk entered it");
    let finalised = post(doctor, "Observation/entered/$finalize").refusal();
    assert_eq!(finalised, (403, "ST-0032".to_owned()), "it waits for an approval");
    for (act, id) in [("finalize", "own"), ("approve", "entered")] {
        let done = post(doctor, &format!("Observation/{id}/${act}")).expect(200);
        assert_eq!((done.get("status"), done.get("meta.versionId")), ("final".into(), "2".into()), "{id}");
    }
    let corrected = draft("own").replace("preliminary", "final");
    assert_eq!(doctor.put("Observation/own", corrected).refusal().0, 409, "what is final stays so");
    doctor.put("Observation/next", draft("next")).expect(201);
}

/// The audit trail is one, across the move.
fn look_back(auditor: &Client) {
    let page = auditor.get("AuditEvent?_count=200").expect(200);
    let page: Value = serde_json::from_slice(&page.body).unwrap();
    let times: Vec<Time> = page["entry"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| Time::parse(entry["resource"]["recorded"].as_str().unwrap()).unwrap())
        .collect();
    let moved = Time::parse("2026-05-01T00:00:00Z").unwrap();
    assert!(times.iter().any(|time| *time < moved) && times.iter().any(|time| *time > moved), "{times:?}");
}

/// What the register says at the new place.
fn came_along(site: &Site) {
    let asked = |line: &str| {
        let ended = site.good(&format!("{line} --data new --json"));
        serde_json::from_str::<Value>(&ended.out).unwrap()
    };
    for (account, occupation, duty) in [("sato", "doctor", "executive"), ("kato", "medical-clerk", "auditor")]
    {
        let shown = asked(&format!("account show {account}"));
        let said = (&shown["occupation"], &shown["duties"], &shown["practitioner"], &shown["state"]);
        assert_eq!(said, (&json!(occupation), &json!([duty]), &json!(account), &json!("active")), "{shown}");
    }
    assert!(asked("law show").to_string().contains("settle"), "the facility's own policies");
    let policy = asked("policy show").to_string();
    assert!(policy.contains("verify"), "{policy}");
    let facts = asked("facts");
    let fact = |name: &str| {
        facts["facts"].as_array().unwrap().iter().find(|fact| fact["name"] == name).unwrap()["value"].clone()
    };
    assert_eq!(fact("certificates.good"), 1, "that of the old authority is none");
    assert_eq!(fact("certificates.authorities"), 1);
    let listed = asked("certificate list")["certificates"].clone();
    let states: Vec<&Value> = listed.as_array().unwrap().iter().map(|one| &one["state"]).collect();
    assert!(states.contains(&&json!("distrusted")) && states.contains(&&json!("good")), "{listed}");
}

#[test]
fn the_readme_of_a_copy_says_that_it_is_one_and_its_commands_take_it_in() {
    let site = Site::with_tester();
    site.good("account create pc-1 --kind device --name PC --data data");
    for person in ["sato", "kato"] {
        site.good(&format!("account create {person} --name x --occupation doctor --data data"));
    }
    site.good("export --data data --complete copy");
    let readme = site.text("copy/README.md");
    assert!(readme.contains("This is a copy") && readme.contains("これは写しです"), "{readme}");
    follow_the_readme(&site, "copy");
    site.good("verify --data new");
}
