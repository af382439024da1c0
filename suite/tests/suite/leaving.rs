//! Leaving a vendor with everything: a facility is exported, taken in elsewhere and goes on there, and nothing that was ever
//! proven is lost. What was changed on the way is found.

use crate::command_line::{Site, good};
use crate::material::{born, observation};
use crate::witnesses::Watched;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use testkit::{Client, Target, archive, python};

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
    let (site, old_key, new_key) = (leaving.site(), &leaving.watched.log, &leaving.successor);
    let (process, client) = site.serve();
    let asked = answers(&client);
    process.signal("TERM");
    good("serve", process.wait());
    site.good("proof Patient/p1 --version-id 1 --data data --out before.json");
    site.good("export --data data --log before");

    let told = site.good(&format!("export --data data --complete leaving --to {new_key}"));
    assert!(told.err.contains("the journal has ended here"), "{told:?}");
    assert!(told.err.contains("1 registered documents are not included"), "{told:?}");
    for file in files(&site.path("leaving")) {
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600, "{}", file.display());
    }
    assert_eq!(fs::metadata(site.path("leaving")).unwrap().permissions().mode() & 0o777, 0o700);
    let secret = site.text("data/tester.key");
    for file in files(&site.path("leaving")) {
        let bytes = fs::read(&file).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains(secret.trim()) && !text.contains("argon2"), "{}", file.display());
    }
    let sums = std::process::Command::new("sha256sum")
        .args(["-c", "--quiet", "SHA256SUMS"])
        .current_dir(site.path("leaving"))
        .status()
        .unwrap();
    assert!(sums.success());
    let ended = python::verify(&leaving.placed(&["complete", "leaving", "--key", old_key]));
    assert_eq!(ended[0].good, Some(true), "{}", ended[0].reason);

    // It has ended where it was: nothing is written or shown there, and it can still be written out and checked.
    for line in
        ["export --data data --out x", "serve --data data", "import --data data in", "facts --data data"]
    {
        site.refused(line, "ST-0058", "handed over");
    }
    site.good("verify --data data");
    site.good("export --data data --complete again");
    assert_eq!(site.text("again/manifest.json"), site.text("leaving/manifest.json"), "the same once more");

    let taken = site.good("import --data new --complete leaving");
    assert!(taken.out.contains("AkashiFactor ended"), "{taken:?}");
    assert_eq!(facilities(&site.path("new")), ["sakura"]);
    let (old, new) = (site.journal(), journal(site, "new"));
    assert!(new.continues(&old), "entries byte for byte the same");
    site.good("verify --data new");
    site.good(&format!("verify --data new --since before/checkpoint --witness {}", leaving.watched.key));

    testkit::give_the_tester_a_key(&site.path("new"), "sakura");
    let (process, address) = site.akashi("serve --data new --listen 127.0.0.1:0").serve();
    let client = Target::on(&site.path("new"), address, "sakura");
    assert_eq!(answers(&client), asked, "searches and histories as before");
    client.put("Patient/p4", born("p4", "1980")).expect(201);
    let amended = client.get("Observation/o2").expect(200);
    assert_eq!(amended.get("status"), "final");
    client.put("Observation/o2", amended.body.clone()).refusal();
    let older = site.text("before/checkpoint");
    let size = older.lines().nth(1).unwrap();
    let consistent = client.get(&format!("/f/sakura/log/consistency/{size}")).expect(200);
    let position = old.size() - 1;
    let served = client.get(&format!("/f/sakura/log/handover/{position}")).expect(200);
    client.get(&format!("/f/sakura/log/handover/{}", position + 1)).expect(404);
    process.signal("TERM");
    good("serve", process.wait());
    site.good("verify --data new");

    site.write("consistency", consistent.body);
    site.good("export --data new --log log");
    site.good("proof Patient/p1 --data new --out after.json");
    site.good("proof Patient/p4 --data new --out later.json");
    let handover = format!("log/handover/{position}");
    assert_eq!(site.text(&handover), served.text());
    // Whoever knows the old key follows, whoever knows the new one need not.
    leaving.both_good(
        &format!("verify before.json --key {old_key}"),
        &["proof", "before.json", "--key", old_key],
    );
    for proof in ["later.json", "before.json"] {
        let with = ["proof", proof, "--key", old_key, "--handover", &handover];
        leaving.both_good(&format!("verify {proof} --key {old_key} --handover {handover}"), &with);
    }
    leaving
        .both_good(&format!("verify later.json --key {new_key}"), &["proof", "later.json", "--key", new_key]);
    let without = ["proof", "later.json", "--key", old_key];
    leaving.both_refuse(&format!("verify later.json --key {old_key}"), &without, "not the one given");
    for key in [old_key, new_key] {
        let log = ["log", "log", "--key", key, "--since", "before/checkpoint"];
        leaving.both_good(&format!("verify --log log --key {key} --since before/checkpoint"), &log);
    }
    let since = ["consistency", "consistency", "--old", "before/checkpoint", "--key", old_key];
    let rust = format!("verify --consistency consistency --since before/checkpoint --key {old_key}");
    leaving.both_good(
        &format!("{rust} --handover {handover}"),
        &[&since[..], &["--handover", &handover]].concat(),
    );
    leaving.both_refuse(&rust, &since, "no signature of the key");

    // And once more: what was taken over can leave again.
    site.good("export --data new --complete copy");
    let again = python::verify(&leaving.placed(&["complete", "copy", "--key", old_key]));
    assert_eq!(again[0].good, Some(true), "{}", again[0].reason);
    for kind in ["Patient", "Observation"] {
        let (before, after) =
            (format!("leaving/history/{kind}.ndjson"), format!("copy/history/{kind}.ndjson"));
        assert!(site.text(&after).starts_with(&site.text(&before)), "{kind}: every version as it was");
    }
    let third = site.good(&format!("successor {new_key} --data third")).out.trim_end().to_owned();
    site.good(&format!("export --data new --complete on --to {third}"));
    site.good("import --data third --complete on");
    site.good("verify --data third");
    site.good("export --data third --log third-log");
    leaving.both_good(
        &format!("verify --log third-log --key {old_key} --since before/checkpoint"),
        &["log", "third-log", "--key", old_key, "--since", "before/checkpoint"],
    );
}

fn journal(site: &Site, data: &str) -> testkit::Journal {
    let master = seal::MasterKey::parse(&site.text(&format!("{data}/master.key"))).unwrap();
    testkit::Journal::read(&site.path(data), &base::FacilityId::parse("sakura").unwrap(), &master)
}

/// Writes the digests of a folder anew, as somebody would who forges it.
fn digest_anew(folder: &Path) {
    let path = folder.join("SHA256SUMS");
    let listed = fs::read_to_string(&path).unwrap();
    let digest =
        |path: &Path| merkle::Hash(seal::sha256_of(&mut fs::File::open(path).unwrap()).unwrap()).to_hex();
    let lines = listed.lines().map(|line| {
        let name = line.split_once("  ").unwrap().1;
        format!("{}  {name}\n", digest(&folder.join(name)))
    });
    fs::write(&path, lines.collect::<Vec<_>>().concat()).unwrap();
    let manifest = folder.join("manifest.json");
    let mut said: serde_json::Value = serde_json::from_slice(&fs::read(&manifest).unwrap()).unwrap();
    said["sums"] = digest(&path).into();
    fs::write(manifest, serde_json::to_vec(&said).unwrap()).unwrap();
}

/// A copy of an export with something done to it.
fn changed(site: &Site, change: impl FnOnce(&Path)) {
    let copy = site.path("changed");
    if copy.exists() {
        fs::remove_dir_all(&copy).unwrap();
    }
    let from = site.path("leaving");
    let done = std::process::Command::new("cp").arg("-a").arg(from).arg(&copy).status().unwrap();
    assert!(done.success());
    change(&copy);
}

/// Has import and the independent verifier refuse the changed copy, with nothing left behind.
fn refused_by_both(leaving: &Leaving, what: &str) {
    let site = leaving.site();
    let ended = site.akashi("import --data new --complete changed").run();
    let told = ended.err.lines().any(|line| line.starts_with("ST-0059") || line.starts_with("ST-0017"));
    assert!(ended.code == Some(1) && told, "{what}: {ended:?}");
    assert_eq!(facilities(&site.path("new")), [".successor-sakura"], "{what}");
    let key = &leaving.watched.log;
    let verdict = python::verify(&leaving.placed(&["complete", "changed", "--key", key]));
    assert_eq!(verdict[0].good, Some(false), "{what}: {}", verdict[0].reason);
}

/// Changes a byte of a file that stays what it is.
fn flip(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let place = bytes.iter().rposition(u8::is_ascii_alphanumeric).unwrap_or(0);
    bytes[place] = if bytes[place] == b'0' { b'1' } else { b'0' };
    fs::write(path, bytes).unwrap();
}

/// Files that nothing in the journal speaks of, and what only the key of the witness tells from a forgery.
const UNBOUND: [&str; 5] = ["README.md", "verify.py", "imports.ndjson", "witnesses.ndjson", "log/cosigned"];

#[test]
fn a_changed_byte_in_any_kind_of_file_is_found_also_under_fresh_digests() {
    let leaving = Leaving::new();
    let site = leaving.site();
    site.good(&format!("export --data data --complete leaving --to {}", leaving.successor));
    let mut tried = 0;
    for file in files(&site.path("leaving")) {
        let name = file.strip_prefix(site.path("leaving")).unwrap().to_str().unwrap().to_owned();
        let jp_core = name.starts_with("current/") || name.starts_with("history/");
        if jp_core && !name.ends_with("/Patient.ndjson") && !name.ends_with("/Observation.ndjson") {
            continue;
        }
        if fs::metadata(&file).unwrap().len() == 0 {
            continue;
        }
        tried += 1;
        changed(site, |copy| flip(&copy.join(&name)));
        refused_by_both(&leaving, &name);
        if name == "SHA256SUMS" || name == "manifest.json" || UNBOUND.contains(&name.as_str()) {
            continue;
        }
        changed(site, |copy| {
            flip(&copy.join(&name));
            digest_anew(copy);
        });
        refused_by_both(&leaving, &format!("{name} under fresh digests"));
    }
    assert!(tried > 15, "{tried}");
    site.good("import --data new --complete leaving");
}

#[test]
fn an_export_that_is_cut_mixed_or_hostile_leaves_nothing_behind() {
    let leaving = Leaving::new();
    let site = leaving.site();
    site.good("export --data data --complete other");
    site.good(&format!("export --data data --complete leaving --to {}", leaving.successor));
    let shorten = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        fs::write(path, lines[..lines.len() - 1].iter().map(|line| format!("{line}\n")).collect::<String>())
            .unwrap();
    };
    let cases: Vec<(&str, Box<dyn Fn(&Path)>)> = vec![
        (
            "a file that is missing",
            Box::new(|copy| fs::remove_file(copy.join("history/Patient.ndjson")).unwrap()),
        ),
        ("a file too many", Box::new(|copy| fs::write(copy.join("history/Extra.ndjson"), "{}\n").unwrap())),
        (
            "a link out of the folder",
            Box::new(|copy| {
                fs::remove_file(copy.join("imports.ndjson")).unwrap();
                symlink("/etc/hostname", copy.join("imports.ndjson")).unwrap();
            }),
        ),
        (
            "a linked folder",
            Box::new(|copy| {
                fs::rename(copy.join("log"), copy.with_extension("log")).unwrap();
                symlink(copy.with_extension("log"), copy.join("log")).unwrap();
            }),
        ),
        (
            "a path that climbs out",
            Box::new(|copy| {
                let sums = fs::read_to_string(copy.join("SHA256SUMS")).unwrap();
                fs::write(copy.join("SHA256SUMS"), sums.replace("accesses.ndjson", "../accesses.ndjson"))
                    .unwrap();
                let digest = seal::sha256_of(&mut fs::File::open(copy.join("SHA256SUMS")).unwrap()).unwrap();
                let manifest = fs::read_to_string(copy.join("manifest.json")).unwrap();
                let (before, _) = manifest.split_once("\"sums\": \"").unwrap();
                fs::write(
                    copy.join("manifest.json"),
                    format!("{before}\"sums\": \"{}\"}}", merkle::Hash(digest).to_hex()),
                )
                .unwrap();
            }),
        ),
        (
            "a history that ends too early",
            Box::new(move |copy| {
                shorten(copy.join("history/Patient.ndjson"));
                digest_anew(copy);
            }),
        ),
        (
            "salts that end too early",
            Box::new(move |copy| {
                shorten(copy.join("salts.ndjson"));
                digest_anew(copy);
            }),
        ),
        (
            "the newest checkpoint is missing",
            Box::new(move |copy| {
                shorten(copy.join("checkpoints.ndjson"));
                digest_anew(copy);
            }),
        ),
        (
            "a current record that is missing",
            Box::new(move |copy| {
                shorten(copy.join("current/Patient.ndjson"));
                digest_anew(copy);
            }),
        ),
        (
            "accesses of another export",
            Box::new(|copy| {
                fs::copy(copy.with_file_name("other").join("accesses.ndjson"), copy.join("accesses.ndjson"))
                    .unwrap();
                digest_anew(copy);
            }),
        ),
        (
            "a line that never ends",
            Box::new(|copy| {
                fs::write(copy.join("accesses.ndjson"), vec![b' '; 17 * 1024 * 1024]).unwrap();
                digest_anew(copy);
            }),
        ),
        (
            "a password hash that was put in",
            Box::new(|copy| {
                let salts = fs::read_to_string(copy.join("salts.ndjson")).unwrap();
                let with = salts.replacen("\"salt\":null", &format!("\"salt\":\"{}\"", "00".repeat(32)), 1);
                assert_ne!(salts, with);
                fs::write(copy.join("salts.ndjson"), with).unwrap();
                digest_anew(copy);
            }),
        ),
        (
            "another successor",
            Box::new(|copy| {
                let manifest = fs::read_to_string(copy.join("manifest.json")).unwrap();
                fs::write(
                    copy.join("manifest.json"),
                    manifest.replace("akashi-complete/1", "akashi-complete/9"),
                )
                .unwrap();
            }),
        ),
    ];
    for (what, change) in cases {
        changed(site, |copy| change(copy));
        if what == "another successor" {
            site.refused("import --data new --complete changed", "ST-0012", "akashi-complete/9");
            continue;
        }
        refused_by_both(&leaving, what);
    }
    changed(site, |copy| fs::remove_file(copy.join("manifest.json")).unwrap());
    site.refused("import --data new --complete changed", "ST-0059", "manifest.json");
    // What an earlier attempt left when it was killed is no facility, and in nobody's way.
    site.write("new/facilities/.new-sakura/journal.db", "half");
    site.refused("verify --data new", "AK-0001", "new");
    site.good("import --data new --complete leaving");
    site.good("verify --data new");
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
