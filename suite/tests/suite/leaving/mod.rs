//! Leaving a vendor with everything: a facility is exported, taken in elsewhere and goes on there, and nothing that was ever
//! proven is lost. What was changed on the way is found.

mod damaged;
mod life;
mod watched;

use crate::command_line::{Site, good};
use crate::material::{born, observation};
use crate::witnesses::Watched;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use testkit::{Client, Journal, Target, archive, python};

/// A facility with all that one can have, and the key of the installation that is going to continue it.
struct Leaving {
    watched: Watched,
    successor: String,
}

/// What is asked before and after.
const QUESTIONS: [&str; 6] = [
    "Patient?_sort=birthdate&_count=200",
    "Observation?patient=Patient/p1&_sort=-_lastUpdated",
    "Observation?_include=Observation:subject&_count=200",
    "Patient?birthdate=ge1960&_elements=id&_count=200",
    "Patient/p1/_history",
    "Observation/o1/_history",
];

/// The answers without what only says where they came from.
fn answers(client: &Client) -> Vec<String> {
    let base = client.base();
    QUESTIONS
        .iter()
        .map(|question| {
            let mut answer: serde_json::Value =
                serde_json::from_slice(&client.get(question).expect(200).body).unwrap();
            for member in ["id", "link", "meta"] {
                answer.as_object_mut().unwrap().remove(member);
            }
            answer.to_string().replace(&base, "")
        })
        .collect()
}

impl Leaving {
    fn new() -> Self {
        let watched = Watched::new();
        let site = &watched.site;
        let (process, client) = site.serve();
        for (id, year) in [("p1", "1950"), ("p2", "1960"), ("p3", "1970"), ("p1", "1951")] {
            client.put(&format!("Patient/{id}"), born(id, year));
        }
        let of_p1 = r#""id":"o1","subject":{"reference":"Patient/p1"}"#;
        client.put("Observation/o1", observation(of_p1)).expect(201);
        client.put("Observation/o1", observation(&format!(r#"{of_p1},"valueString":"新しい""#))).expect(200);
        client.delete("Patient/p3").expect(204);
        client.put("Patient/p3", born("p3", "1971"));
        client.delete("Patient/p2").expect(204);
        process.signal("TERM");
        good("serve", process.wait());
        let finished = observation(r#""id":"o2","subject":{"reference":"Patient/p1"}"#);
        site.write("in/final.json", finished.replace("preliminary", "final"));
        for (number, (_, bytes)) in
            archive::documents("jpfhir.jp.core-1.2.0.tgz", "package/example/").into_iter().enumerate()
        {
            site.write(&format!("in/jp-{number}.json"), bytes);
        }
        site.good("import --data data --keep-going in");
        site.write("docs/network.txt", "図");
        site.write("docs/lost.txt", "消える");
        for file in ["network", "lost"] {
            let what =
                format!("--kind network_diagram --title 図 --document-version 1 --file docs/{file}.txt");
            site.good(&format!("document add --data data {what} --owner 情報管理室 --approved-by 院長"));
        }
        fs::remove_file(site.path("docs/lost.txt")).unwrap();
        watched.ask();
        site.good(&format!("successor {} --data new", watched.log));
        let successor = site.good(&format!("successor {} --data new", watched.log)).out.trim_end().to_owned();
        Self { watched, successor }
    }

    fn site(&self) -> &Site {
        &self.watched.site
    }

    /// Has both verifiers say that something is good.
    fn both_good(&self, rust: &str, python: &[&str]) {
        self.site().good(rust);
        let verdicts = python::verify(&self.placed(python));
        assert_eq!(verdicts[0].good, Some(true), "{python:?}: {}", verdicts[0].reason);
    }

    /// Has both verifiers refuse something.
    fn both_refuse(&self, rust: &str, python: &[&str], because: &str) {
        self.site().refused(rust, "ST-0017", "");
        let verdicts = python::verify(&self.placed(python));
        assert_eq!(verdicts[0].good, Some(false), "{python:?}");
        assert!(verdicts[0].reason.contains(because), "{python:?}: {}", verdicts[0].reason);
    }

    /// Has the independent verifier say that a complete export is good.
    fn complete(&self, export: &str, key: &str) {
        let verdicts = python::verify(&self.placed(&["complete", export, "--key", key]));
        assert_eq!(verdicts[0].good, Some(true), "{export}: {}", verdicts[0].reason);
    }

    /// Words that name files of the site, as their whole paths.
    fn placed(&self, words: &[&str]) -> Vec<String> {
        let place = |word: &&str| {
            let path = self.site().path(word);
            if path.exists() { path.display().to_string() } else { (*word).to_owned() }
        };
        let (command, rest) = words.split_first().unwrap();
        std::iter::once((*command).to_owned()).chain(rest.iter().map(place)).collect()
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// The facilities of a data directory, and whatever else lies there.
fn facilities(data: &Path) -> Vec<String> {
    let Ok(names) = fs::read_dir(data.join("facilities")) else { return Vec::new() };
    let mut names: Vec<String> = names.map(|name| name.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_facility_that_leaves_goes_on_elsewhere_and_every_proof_stays_good() {
    let leaving = Leaving::new();
    let site = leaving.site();
    let (process, client) = site.serve();
    let asked = answers(&client);
    process.signal("TERM");
    good("serve", process.wait());
    site.good("proof Patient/p1 --version-id 1 --data data --out before.json");
    site.good("export --data data --log before");
    leave(&leaving);
    let old = site.journal();
    arrive(&leaving, &old);
    let position = old.size() - 1;
    go_on(&leaving, &asked, position);
    follow(&leaving, position);
    leave_again(&leaving);
}

/// Writes everything out and ends the journal where it was.
fn leave(leaving: &Leaving) {
    let (site, new_key) = (leaving.site(), &leaving.successor);
    let told = site.good(&format!("export --data data --complete leaving --to {new_key}"));
    assert!(told.err.contains("the journal has ended here"), "{told:?}");
    assert!(told.err.contains("1 registered documents are not included"), "{told:?}");
    assert_eq!(fs::metadata(site.path("leaving")).unwrap().permissions().mode() & 0o777, 0o700);
    let secret = site.text("data/tester.key");
    for file in files(&site.path("leaving")) {
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600, "{}", file.display());
        let bytes = fs::read(&file).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains(secret.trim()) && !text.contains("argon2"), "{}", file.display());
    }
    let mut sums = Command::new("sha256sum");
    let sums = sums.args(["-c", "--quiet", "SHA256SUMS"]).current_dir(site.path("leaving")).status().unwrap();
    assert!(sums.success());
    leaving.complete("leaving", &leaving.watched.log);
    for line in
        ["export --data data --out x", "serve --data data", "import --data data in", "facts --data data"]
    {
        site.refused(line, "ST-0058", "handed over");
    }
    site.good("verify --data data");
    site.good("export --data data --complete again");
    assert_eq!(site.text("again/manifest.json"), site.text("leaving/manifest.json"), "the same once more");
}

/// Takes everything in elsewhere.
fn arrive(leaving: &Leaving, old: &Journal) {
    let site = leaving.site();
    let taken = site.good("import --data new --complete leaving");
    assert!(taken.out.contains("AkashiFactor ended"), "{taken:?}");
    assert_eq!(facilities(&site.path("new")), ["sakura"]);
    assert!(journal(site, "new").continues(old), "entries byte for byte the same");
    site.good(&format!("verify --data new --since before/checkpoint --witness {}", leaving.watched.key));
}

/// Serves and writes there.
fn go_on(leaving: &Leaving, asked: &[String], position: usize) {
    let site = leaving.site();
    testkit::give_the_tester_a_key(&site.path("new"), "sakura");
    let (process, address) = site.akashi("serve --data new --listen 127.0.0.1:0").serve();
    let client = Target::on(&site.path("new"), address, "sakura");
    assert_eq!(answers(&client), asked, "searches and histories as before");
    client.put("Patient/p4", born("p4", "1980")).expect(201);
    // What is final there stays so here.
    assert_eq!(client.delete("Observation/o2").refusal(), (409, "ST-0028".to_owned()));
    let size = site.text("before/checkpoint").lines().nth(1).unwrap().to_owned();
    let consistent = client.get(&format!("/f/sakura/log/consistency/{size}")).expect(200);
    site.write("consistency", consistent.body);
    let served = client.get(&format!("/f/sakura/log/handover/{position}")).expect(200);
    site.write("served", served.body);
    client.get(&format!("/f/sakura/log/handover/{}", position + 1)).expect(404);
    process.signal("TERM");
    good("serve", process.wait());
    site.good("verify --data new");
}

/// Whoever knows the old key follows, and whoever knows the new one need not.
fn follow(leaving: &Leaving, position: usize) {
    let (site, old_key, new_key) = (leaving.site(), &leaving.watched.log, &leaving.successor);
    let handover = format!("log/handover/{position}");
    site.good("export --data new --log log");
    site.good("proof Patient/p4 --data new --out later.json");
    assert_eq!(site.text(&handover), site.text("served"));
    for (proof, key) in [("before.json", old_key), ("later.json", new_key)] {
        leaving.both_good(&format!("verify {proof} --key {key}"), &["proof", proof, "--key", key]);
    }
    for proof in ["later.json", "before.json"] {
        let with = ["proof", proof, "--key", old_key, "--handover", &handover];
        leaving.both_good(&format!("verify {proof} --key {old_key} --handover {handover}"), &with);
    }
    let without = ["proof", "later.json", "--key", old_key];
    leaving.both_refuse(&format!("verify later.json --key {old_key}"), &without, "not the one given");
    for key in [old_key, new_key] {
        let log = ["log", "log", "--key", key, "--since", "before/checkpoint"];
        leaving.both_good(&format!("verify --log log --key {key} --since before/checkpoint"), &log);
    }
    let since = ["consistency", "consistency", "--old", "before/checkpoint", "--key", old_key];
    let rust = format!("verify --consistency consistency --since before/checkpoint --key {old_key}");
    let with = [&since[..], &["--handover", &handover]].concat();
    leaving.both_good(&format!("{rust} --handover {handover}"), &with);
    leaving.both_refuse(&rust, &since, "no signature of the key");
}

/// What was taken over can leave again.
fn leave_again(leaving: &Leaving) {
    let (site, old_key) = (leaving.site(), &leaving.watched.log);
    site.good("export --data new --complete copy");
    leaving.complete("copy", old_key);
    for kind in ["Patient", "Observation"] {
        let history = |export: &str| site.text(&format!("{export}/history/{kind}.ndjson"));
        assert!(history("copy").starts_with(&history("leaving")), "{kind}: every version as it was");
    }
    let third = site.good(&format!("successor {} --data third", leaving.successor)).out.trim_end().to_owned();
    site.good(&format!("export --data new --complete on --to {third}"));
    site.good("import --data third --complete on");
    site.good("verify --data third");
    site.good("export --data third --log third-log");
    leaving.both_good(
        &format!("verify --log third-log --key {old_key} --since before/checkpoint"),
        &["log", "third-log", "--key", old_key, "--since", "before/checkpoint"],
    );
}

fn journal(site: &Site, data: &str) -> Journal {
    let master = seal::MasterKey::parse(&site.text(&format!("{data}/master.key"))).unwrap();
    Journal::read(&site.path(data), &base::FacilityId::parse("sakura").unwrap(), &master)
}

/// What an import does until the facility stands, and nothing that it does then.
fn take_in_and_stop(site: &Site, data: &str, export: &str) {
    let master = seal::MasterKey::parse(&site.text(&format!("{data}/master.key"))).unwrap();
    let world = store::World {
        clock: Arc::new(base::SystemClock),
        entropy: Arc::new(base::SystemEntropy),
        indexer: Arc::new(records::SearchIndex),
    };
    let terms = store::complete::Terms {
        unsigned: true,
        ends: identity::kept::ends_elsewhere,
        types: &identity::kept::ENDING,
        progress: &|_, _, _| (),
    };
    store::complete::take_in(&site.path(data), &site.path(export), &master, &world, &terms).unwrap();
}

#[test]
fn an_import_that_was_cut_off_once_the_facility_stood_is_completed_by_the_same_command_and_by_no_other() {
    let leaving = Leaving::new();
    let site = leaving.site();
    site.good("export --data data --complete copy");
    take_in_and_stop(site, "new", "copy");
    let stood = journal(site, "new");
    let again = "import --data new --complete copy --unsigned";
    let told = site.good(again);
    assert!(format!("{told:?}").contains("had been interrupted"), "{told:?}");
    let completed = journal(site, "new");
    assert!(completed.continues(&stood) && completed.changes() == stood.changes() + 1, "one authority");
    site.refused(again, "ST-0014", "sakura");
    assert_eq!(journal(site, "new"), completed, "nothing is left to be done");
    site.good("verify --data new");

    // What has gone on is nobody's import any more, even without an authority.
    site.good(&format!("successor {} --data third", leaving.watched.log));
    take_in_and_stop(site, "third", "copy");
    testkit::give_the_tester_a_key(&site.path("third"), "sakura");
    site.refused("import --data third --complete copy --unsigned", "ST-0014", "sakura");
}

#[test]
fn nobody_takes_over_what_is_there_or_was_not_handed_to_them() {
    let leaving = Leaving::new();
    let (site, old_key) = (leaving.site(), &leaving.watched.log);
    let told = site.good("export --data data --complete copy");
    assert!(told.err.contains("the journal goes on here"), "{told:?}");
    site.refused("import --data data --complete copy", "ST-0014", "sakura");
    site.refused("import --data new --complete copy", "ST-0061", "--unsigned");
    site.refused(&format!("successor {old_key} --data data"), "ST-0014", "sakura");
    let stranger = Site::sakura();
    stranger.good("export --data data --log log");
    let foreign = stranger.text("log/key").trim_end().to_owned();
    site.refused(&format!("export --data data --complete x --to {foreign}"), "ST-0062", &foreign);
    site.refused(&format!("export --data data --complete x --to {old_key}"), "ST-0062", old_key);
    let (process, _client) = site.serve();
    site.refused(&format!("export --data data --complete x --to {}", leaving.successor), "ST-0016", "lock");
    site.good("export --data data --complete beside");
    process.signal("TERM");
    good("serve", process.wait());
    assert!(!site.path("x").exists());

    // Without the signature of the key before it goes on only for whoever says so, and nobody is told otherwise.
    let taken = site.good("import --data new --complete copy --unsigned");
    assert!(taken.err.contains("did not sign"), "{taken:?}");
    site.good("verify --data new");
    site.good("export --data new --log log");
    assert!(!site.path("log/handover").exists());
    let new_key = site.text("log/key").trim_end().to_owned();
    assert_eq!(new_key, leaving.successor, "the key that was prepared");
    leaving.both_good(&format!("verify --log log --key {new_key}"), &["log", "log", "--key", &new_key]);
    leaving.both_refuse(
        &format!("verify --log log --key {old_key}"),
        &["log", "log", "--key", old_key],
        "not the one given",
    );
    // The old one goes on: two histories, which the witness does not both sign.
    site.good("export --data new --log face");
    site.good(&format!("witness trust w1 {new_key}"));
    leaving.watched.import("p9", "1990");
    site.good("export --data data --log other-face");

    // A key that is lost, and one that was never meant.
    site.good(&format!("export --data data --complete leaving --to {}", leaving.successor));
    site.good(&format!("successor {old_key} --data elsewhere"));
    site.refused("import --data elsewhere --complete leaving", "ST-0060", "akashi successor");
    site.good("import --data elsewhere --complete leaving --unsigned");
    site.good("verify --data elsewhere");
}

#[test]
fn a_facility_that_has_left_does_not_keep_others_from_being_served() {
    let site = Site::sakura();
    site.good("init --data data --facility ume");
    site.good("export --data data --facility sakura --log log");
    let successor = site.good("successor log/key --data new").out.trim_end().to_owned();
    site.good(&format!("export --data data --facility sakura --complete leaving --to {successor}"));
    let (process, _) = site.akashi("serve --data data --listen 127.0.0.1:0").serve();
    process.signal("TERM");
    let ended = good("serve", process.wait());
    assert!(ended.err.contains("ST-0058"), "{ended:?}");
}
