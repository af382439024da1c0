//! `akashi demo`: what it shows works as it stands there, and it is the same clinic each time.

use super::{Site, column, good, lines};
use crate::material::versions;
use testkit::{Client, Ended, Process, Target};

/// Starts the demo and reads what it shows: a client with the address and token shown.
fn start(site: &Site, options: &str) -> (Process, Client) {
    let line = format!("demo --data data --listen 127.0.0.1:0 {options}");
    let mut process = site.akashi(&line).begin();
    let address =
        process.wait_for(|line| line.trim().strip_prefix("https://")?.split('/').next()?.parse().ok());
    let token = process.wait_for(|line| Some(line.trim().to_owned()));
    let ca = site.text("data/tls/ca.pem");
    let client = Client::new(Target { address, ca, token: Some(token), facility: "demo".to_owned() });
    (process, client)
}

/// Ends the demo, which has answered by then.
fn stop(process: Process, client: &Client) -> Ended {
    client.get("/health").expect(200);
    process.signal("INT");
    good("demo", process.wait())
}

#[test]
fn the_requests_that_the_demo_shows_are_answered() {
    let site = Site::empty();
    let (mut process, client) = start(&site, "--patients 3");
    for part in ["Patient/p000000?", "Observation?patient=", "$proof"] {
        let shown = process.wait_for(|line| {
            let (_, rest) = line.split_once('\'')?;
            rest.split_once('\'').map(|(url, _)| url.to_owned())
        });
        assert!(shown.contains(part), "{shown}");
        let reply = client.get(&shown).expect(200);
        assert!(reply.body.len() > 100, "{shown}");
        if part == "$proof" {
            site.write("proof.json", &reply.body);
        }
    }
    assert_eq!(client.get("Patient").get("total"), "3");
    assert_eq!(client.get("Patient/p000003").status(), 404);
    site.good("verify proof.json");
    stop(process, &client);
    site.good("verify --data data");
}

#[test]
fn a_demo_filled_in_steps_holds_the_same_records_as_one_filled_at_once() {
    let ids = |steps: &[&str]| {
        let site = Site::empty();
        for patients in steps {
            let (process, client) = start(&site, &format!("--patients {patients}"));
            stop(process, &client);
        }
        site.good("export --data data --facility demo --out out");
        let mut ids = column(&lines(&site.path("out")), "id");
        ids.sort();
        ids
    };
    assert_eq!(ids(&["1", "3"]), ids(&["3"]));
}

#[test]
fn the_same_number_of_patients_again_writes_nothing() {
    let site = Site::empty();
    let (process, client) = start(&site, "--patients 2");
    let (first, token) = (versions(&client), site.text("data/token"));
    stop(process, &client);
    let (process, client) = start(&site, "--patients 2");
    assert_eq!((versions(&client), site.text("data/token")), (first, token));
    stop(process, &client);
}

#[test]
fn another_seed_needs_another_directory() {
    let site = Site::empty();
    let (process, client) = start(&site, "--patients 1 --seed 5");
    stop(process, &client);
    let before = site.good("verify --data data").out;
    site.refused("demo --data data --listen 127.0.0.1:0 --patients 1 --seed 6", "AK-0002", "5");
    assert_eq!(site.good("verify --data data").out, before);
}

#[test]
fn the_demo_speaks_japanese() {
    let site = Site::empty();
    let (process, client) = start(&site, "--language ja --patients 1");
    let ended = stop(process, &client);
    for part in ["Akashi が起動しました", "Ctrl-C で終了します"] {
        assert!(ended.out.contains(part), "{ended:?}");
    }
    assert!(ended.err.contains("停止しました"), "{ended:?}");
}
