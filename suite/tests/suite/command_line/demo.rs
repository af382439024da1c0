//! `akashi demo`: what it shows works as it stands there, and it is the same clinic each time.

use super::assess::{assess, fact};
use super::unseen::OF_THE_MACHINE;
use super::{Site, column, good, lines, mode};
use crate::law::expect;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::process::Command;
use testkit::{Ended, Process};

/// A demo that runs, and what it has shown.
pub(super) struct Demo {
    process: Process,
    shown: Vec<String>,
}

/// Starts the demo and reads what it shows.
pub(super) fn start(site: &Site, options: &str) -> Demo {
    let mut process = site.akashi(&format!("demo --data data --listen 127.0.0.1:0 {options}")).begin();
    let shown = RefCell::new(Vec::new());
    process.wait_for(|line| {
        shown.borrow_mut().push(line.to_owned());
        line.starts_with("Ctrl-C").then_some(())
    });
    Demo { process, shown: shown.into_inner() }
}

impl Demo {
    pub(super) fn stop(self) -> Ended {
        self.process.signal("INT");
        good("demo", self.process.wait())
    }

    /// The lines of a shell that it shows, those that go on joined.
    pub(super) fn requests(&self) -> Vec<String> {
        let text = self.shown.join("\n").replace("\\\n", " ");
        let of_shell = |line: &&str| line.starts_with("  TOKEN=") || line.starts_with("  curl ");
        text.lines().filter(of_shell).map(|line| line.trim().to_owned()).collect()
    }

    /// What stands in the row of an account: password and secret of one-time codes.
    fn secrets(&self, account: &str) -> (String, String) {
        let row = self.shown.iter().find(|line| line.starts_with(&format!("{account} "))).unwrap();
        let cells: Vec<&str> = row.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect();
        (cells[3].to_owned(), cells[5].to_owned())
    }
}

/// Runs lines of a shell in the site's folder.
pub(super) fn shell(site: &Site, script: &str) {
    let output = Command::new("sh")
        .args(["-e", "-c", script])
        .current_dir(site.path(""))
        .env("NO_PROXY", "localhost")
        .output()
        .unwrap();
    assert!(output.status.success(), "{script}: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_requests_that_the_demo_shows_are_answered() {
    for options in ["--patients 3", "--patients 1 --client-certificates off"] {
        let site = Site::empty();
        let demo = start(&site, options);
        let requests = demo.requests();
        let [login, read, search, proof, note, others @ ..] = requests.as_slice() else {
            panic!("{requests:#?}")
        };
        assert_eq!(options.contains("off"), !login.contains("--cert "), "{login}");
        shell(
            &site,
            &format!("{login}\n{read} > read.json\n{search} > search.json\n{proof}\n{note} > note.json"),
        );
        assert!(site.text("read.json").contains("\"Patient\""), "{}", site.text("read.json"));
        assert!(site.text("search.json").contains("\"searchset\""), "{}", site.text("search.json"));
        assert!(site.text("note.json").contains("\"total\": 5"), "{}", site.text("note.json"));
        site.good("verify patient.akashi-proof.json");
        assert_eq!(others.len(), 12, "{others:#?}");
        for one in others.chunks(3) {
            let [login, may, may_not] = one else { panic!("{one:?}") };
            let status = |name: &str| format!("-o {name}.json -w '%{{http_code}}' > {name}.status");
            shell(&site, &format!("{login}\n{may} {}\n{may_not} {}", status("may"), status("not")));
            assert_eq!(site.text("may.status"), "200", "{may}: {}", site.text("may.json"));
            assert_eq!(site.text("not.status"), "403", "{may_not}: {}", site.text("not.json"));
            assert!(site.text("not.json").contains("AC-0001"), "{}", site.text("not.json"));
        }
        let lookers = site.text("may.json").replace([' ', '\n'], "");
        for told in [r#""value":"doctor""#, r#""value":"clerk""#, r#""treating","valueCode":"yes""#] {
            assert!(lookers.contains(told), "{told}: {lookers}");
        }
        demo.stop();
        site.good("verify --data data");
    }
}

#[test]
fn the_secrets_are_for_the_owner_only_and_the_same_at_every_start() {
    let site = Site::empty();
    let first = start(&site, "--patients 1");
    for name in ["accounts.txt", "tablet.p12", "tablet.pem", "tablet.key"] {
        assert_eq!(mode(&site.path("data/demo").join(name)), 0o600, "{name}");
    }
    let (before, files) = (first.secrets("doctor"), site.text("data/demo/tablet.pem"));
    first.stop();
    let written = site.good("verify --data data").out;
    let second = start(&site, "--patients 1");
    assert_eq!((second.secrets("doctor"), site.text("data/demo/tablet.pem")), (before.clone(), files));
    second.stop();
    assert_eq!(site.good("verify --data data").out, written, "nothing was written");
    std::fs::remove_file(site.path("data/demo/accounts.txt")).unwrap();
    let third = start(&site, "--patients 1");
    assert_ne!(third.secrets("doctor"), before);
    third.stop();
}

#[test]
fn the_people_and_the_tablet_are_accounts_with_factors() {
    let site = Site::empty();
    let demo = start(&site, "--patients 1");
    let all = site.json("account list")["accounts"].as_array().unwrap().clone();
    let two = |one: &Value| one["factors"] == json!(["password", "totp"]);
    assert_eq!(all.iter().filter(|one| one["kind"] == "person" && two(one)).count(), 7);
    let tablet = all.iter().find(|one| one["kind"] == "device").unwrap();
    assert_eq!(tablet["account"], "tablet");
    assert_eq!(site.json("certificate list")["certificates"][0]["account"], "tablet");
    assert_eq!(site.json("policy show")["policy"]["client_certificates"], "verify");
    demo.stop();
}

#[test]
fn the_present_code_of_an_account_is_told_alone() {
    let site = Site::empty();
    let demo = start(&site, "--patients 1");
    let code = site.good("demo --data data --code nurse").out;
    assert!(
        code.trim_end().len() == 6 && code.trim_end().bytes().all(|byte| byte.is_ascii_digit()),
        "{code}"
    );
    site.refused("demo --data data --code tablet", "AK-0013", "doctor");
    demo.stop();
    site.write("data/demo/accounts.txt", "doctor\n");
    site.refused("demo --data data --listen 127.0.0.1:0", "AK-0012", "accounts.txt");
}

#[test]
fn qr_codes_are_shown_for_whom_they_are_wanted() {
    let site = Site::empty();
    for (option, count) in [("none", 0), ("doctor", 1), ("all", 7)] {
        let demo = start(&site, &format!("--patients 1 --qr {option}"));
        // A code begins with the upper edges of two finder patterns and their middles below; its
        // other lines hold what chance put there, which may well look like one pattern.
        let edge = |line: &str, pattern: &str| {
            line.contains(&format!("m    {pattern}")) && line.contains(&format!("{pattern}    \u{1b}"))
        };
        let codes =
            (demo.shown.windows(2)).filter(|pair| edge(&pair[0], "█▀▀▀▀▀█") && edge(&pair[1], "█ ███ █"));
        assert_eq!(codes.count(), count, "{option}");
        demo.stop();
    }
}

#[test]
fn a_demo_filled_in_steps_holds_the_same_records_as_one_filled_at_once() {
    let ids = |steps: &[&str]| {
        let site = Site::empty();
        for patients in steps {
            start(&site, &format!("--patients {patients}")).stop();
        }
        site.good("export --data data --facility demo --out out");
        let all = lines(&site.path("out"));
        // What tells of the staff's work has ids by chance, as at any facility.
        let told = |line: &String| line.contains(r#""resourceType":"Provenance""#);
        let (told, all): (Vec<String>, Vec<String>) = all.into_iter().partition(told);
        let mut ids = column(&all, "id");
        ids.push(format!("and {} that tell of acts", told.len()));
        ids.sort();
        ids
    };
    assert_eq!(ids(&["1", "3"]), ids(&["3"]));
}

#[test]
fn the_address_of_the_console_is_told_first_and_opens_it() {
    for (options, told) in [
        ("--patients 0", "In a browser: install the file"),
        ("--patients 0 --client-certificates off", "In a browser: trust"),
    ] {
        let site = Site::empty();
        let demo = start(&site, options);
        let address = demo.shown.iter().find_map(|line| line.strip_prefix("console"));
        let address = address.unwrap_or_else(|| panic!("{:#?}", demo.shown)).trim();
        assert!(
            address.starts_with("https://localhost:") && address.ends_with("/f/demo/console"),
            "{address}"
        );
        let first = demo.shown.iter().find(|line| line.contains("https://")).unwrap();
        assert!(first.starts_with("console"), "{first}");
        let how = demo.shown.iter().find(|line| line.starts_with(told)).unwrap();
        assert!(how.contains(address) && how.contains("tls/ca.pem"), "{how}");
        let cert = if options.contains("off") {
            ""
        } else {
            "--cert data/demo/tablet.pem --key data/demo/tablet.key"
        };
        shell(&site, &format!("curl -sS --cacert data/tls/ca.pem {cert} {address}/sign-in > page.html"));
        assert!(site.text("page.html").contains("<input id=\"account\""), "{}", site.text("page.html"));
        demo.stop();
    }
}

#[test]
fn another_seed_needs_another_directory() {
    let site = Site::empty();
    start(&site, "--patients 1 --seed 5").stop();
    let before = site.good("verify --data data").out;
    site.refused("demo --data data --listen 127.0.0.1:0 --patients 1 --seed 6", "AK-0002", "5");
    assert_eq!(site.good("verify --data data").out, before);
}

#[test]
fn the_demo_speaks_japanese() {
    let site = Site::empty();
    let ended = start(&site, "--language ja --patients 1").stop();
    for part in ["Akashi が起動しました", "画面  ", "システム運用担当者、企画管理者", "Ctrl-C で終了します"]
    {
        assert!(ended.out.contains(part), "{ended:?}");
    }
    assert!(ended.err.contains("停止しました"), "{ended:?}");
}

/// What the staff of a demo did with its records, the first act first: who did what.
fn done(site: &Site) -> String {
    let entries = site.json("audit list --count 500")["entries"].as_array().unwrap().clone();
    let text = |entry: &Value, name: &str| entry[name].as_str().unwrap_or_default().to_owned();
    let of_the_day =
        |entry: &&Value| text(entry, "target").contains("/demo-") && text(entry, "action") != "history";
    let line = |entry: &Value| {
        assert!(entry["status"].as_u64().unwrap() < 300, "{entry}");
        format!("{} {} {}\n", text(entry, "account"), text(entry, "action"), text(entry, "target"))
    };
    entries.iter().filter(of_the_day).map(line).rev().collect()
}

/// All that a record can go through, by three people, each under an account of their own.
const DAY: &str = "\
scribe create Composition/demo-note
doctor return Composition/demo-note
scribe update Composition/demo-note
doctor approve Composition/demo-note
doctor amend Composition/demo-note
doctor create Observation/demo-temperature
doctor finalize Observation/demo-temperature
doctor withdraw Observation/demo-temperature
nurse create Observation/demo-weight
nurse update Observation/demo-weight
nurse finalize Observation/demo-weight
nurse create Observation/demo-mistaken
nurse delete Observation/demo-mistaken
scribe create Composition/demo-waiting
scribe create Composition/demo-returned
doctor return Composition/demo-returned
doctor create Composition/demo-begun
";

#[test]
fn the_staff_work_on_the_first_day_and_never_again() {
    let site = Site::empty();
    start(&site, "--patients 1").stop();
    assert_eq!(done(&site), DAY);
    let before = site.good("verify --data data").out;
    start(&site, "--patients 1").stop();
    assert_eq!(site.good("verify --data data").out, before);
}

#[test]
fn a_day_that_was_cut_off_is_told_and_goes_on_where_it_stopped() {
    let site = Site::empty();
    start(&site, "--patients 0").stop();
    site.good("account disable nurse --reason ill --data data");
    let cut = start(&site, "--patients 1").stop();
    assert!(cut.err.contains("POST session nurse: answered with 401"), "{cut:?}");
    assert_eq!(fact(&site, "runtime.journal.verification_passed"), None, "the day is not over");
    site.good("account enable nurse --reason well --data data");
    let whole = start(&site, "--patients 1").stop();
    assert!(!whole.err.contains("!!!"), "{whole:?}");
    assert_eq!(done(&site), DAY, "nothing was done twice");
    assert_eq!(fact(&site, "runtime.journal.verification_passed"), Some(json!(true)));
}

/// What is said of a requirement: its verdict, and what is missing for it.
fn said(one: &Value) -> String {
    let text = |name: &str| one[name].as_str().unwrap();
    let rests = |key: &&str| text("satisfied_when").contains(*key);
    let verdict = if OF_THE_MACHINE.iter().any(rests) { "(as the machine is)" } else { text("verdict") };
    let missing = |key: &&str| !OF_THE_MACHINE.contains(key);
    let open: Vec<&str> =
        one["open"].as_array().unwrap().iter().filter_map(Value::as_str).filter(missing).collect();
    let id = text("requirement").trim_start_matches("mhlw-6.0/three-principles/");
    format!("{id:<16}{verdict:<20}{}", open.join(" ")).trim_end().to_owned() + "\n"
}

#[test]
fn the_demo_shows_of_the_three_principles_what_a_facility_at_work_shows() {
    let site = Site::empty();
    let demo = start(&site, "--patients 3");
    let told = assess(&site, "--edition mhlw-6.0");
    demo.stop();
    let verdicts = told["verdicts"].as_array().unwrap().iter();
    let of_them = |one: &&Value| one["requirement"].as_str().unwrap().contains("/three-principles/");
    let all: Vec<String> = verdicts.filter(of_them).map(said).collect();
    assert_eq!(all.len(), 17, "{all:#?}");
    expect("three-principles.txt", &all.concat());
}
