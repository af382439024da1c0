//! `akashi demo`: what it shows works as it stands there, and it is the same clinic each time.

use super::{Site, column, good, lines, mode};
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
        let [login, read, search, proof, others @ ..] = requests.as_slice() else { panic!("{requests:#?}") };
        assert_eq!(options.contains("off"), !login.contains("--cert "), "{login}");
        shell(&site, &format!("{login}\n{read} > read.json\n{search} > search.json\n{proof}"));
        assert!(site.text("read.json").contains("\"Patient\""), "{}", site.text("read.json"));
        assert!(site.text("search.json").contains("\"searchset\""), "{}", site.text("search.json"));
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
    let two = |one: &serde_json::Value| one["factors"] == serde_json::json!(["password", "totp"]);
    assert_eq!(all.iter().filter(|one| one["kind"] == "person" && two(one)).count(), 5);
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
    for (option, count) in [("none", 0), ("doctor", 1), ("all", 5)] {
        let demo = start(&site, &format!("--patients 1 --qr {option}"));
        // Two lines of a code hold the upper edges of its finder patterns.
        let codes =
            demo.shown.iter().filter(|line| line.contains("    █▀▀▀▀▀█") && line.contains("█▀▀▀▀▀█    "));
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
        let mut ids = column(&lines(&site.path("out")), "id");
        ids.sort();
        ids
    };
    assert_eq!(ids(&["1", "3"]), ids(&["3"]));
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
    for part in ["Akashi が起動しました", "システム運用担当者、企画管理者", "Ctrl-C で終了します"]
    {
        assert!(ended.out.contains(part), "{ended:?}");
    }
    assert!(ended.err.contains("停止しました"), "{ended:?}");
}
