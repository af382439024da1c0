//! `akashi verify`: data directories, logs, proof files and consistency proofs; what is wrong ends with status 1.

use super::{ENTRIES_WITH_TESTER, Site, good};
use crate::material::born;
use std::fs;
use testkit::damage;

/// Size of the checkpoint that is kept: after a record and the request that wrote it.
const KEPT: u64 = ENTRIES_WITH_TESTER + 2;

/// A site with two records, a checkpoint kept between them, the proofs of both, the log, and the key.
struct Evidence {
    site: Site,
    key: String,
}

fn evidence() -> Evidence {
    let site = Site::with_tester();
    let (process, client) = site.serve();
    client.put("Patient/p1", born("p1", "1950")).expect(201);
    site.write("checkpoint", client.get("/f/sakura/log/checkpoint").expect(200).body);
    client.put("Patient/p2", born("p2", "1950")).expect(201);
    site.write("consistency", client.get(&format!("/f/sakura/log/consistency/{KEPT}")).expect(200).body);
    site.write("key", client.get("/f/sakura/log/key").expect(200).body);
    process.signal("TERM");
    good("serve", process.wait());
    for id in ["p1", "p2"] {
        site.good(&format!("proof Patient/{id} --data data --out {id}.json"));
    }
    site.good("export --data data --log log");
    let key = site.text("key").trim_end().to_owned();
    Evidence { site, key }
}

#[test]
fn what_is_genuine_is_said_to_be_in_both_languages() {
    let Evidence { site, key } = evidence();
    for line in [
        "verify --data data",
        "verify --data data --facility sakura",
        "verify --data data --since checkpoint",
        "verify --log log --key key",
        "verify --log log --key key --since checkpoint",
        "verify --consistency consistency --since checkpoint --key key",
        "verify p1.json p2.json --key key",
    ] {
        let ended = site.good(line);
        assert!(ended.out.contains("genuine: ") && ended.err.is_empty(), "{line}: {ended:?}");
        let japanese = site.good(&format!("--language ja {line}")).out;
        assert!(japanese.contains("正当です。") && !japanese.contains("genuine"), "{japanese}");
        site.good(&line.replace("--key key", &format!("--key {key}")));
    }
    assert!(site.good("verify --data data").out.contains(&key), "the key is told, to be noted down");
}

#[test]
fn a_key_that_came_with_the_evidence_is_said_to_be_unproven() {
    let Evidence { site, key } = evidence();
    for line in ["verify p1.json", "verify --log log", "verify --log log --since checkpoint"] {
        let ended = site.good(line);
        assert!(ended.err.contains("--key") && ended.err.contains(&key), "{line}: {ended:?}");
    }
}

#[test]
fn everything_is_refused_under_another_key() {
    let Evidence { site, .. } = evidence();
    let other = evidence();
    for line in [
        "verify p1.json",
        "verify p2.json p1.json",
        "verify --log log",
        "verify --log log --since checkpoint",
        "verify --consistency consistency --since checkpoint",
    ] {
        let ended = site.refused(&format!("{line} --key {}", other.key), "ST-0017", "not genuine");
        assert!(
            !ended.out.contains("genuine: position") && !ended.out.contains("recomputed"),
            "{line}: {ended:?}"
        );
    }
    // Signed by the right name, but the wrong installation: a kept checkpoint tells them apart.
    let kept = other.site.path("checkpoint");
    site.refused(&format!("verify --data data --since {}", kept.display()), "ST-0017", "");
    site.refused(&format!("verify --log log --since {}", kept.display()), "ST-0017", "");
}

#[test]
fn one_wrong_proof_among_good_ones_is_told_by_its_file() {
    let Evidence { site, .. } = evidence();
    site.write("wrong.json", site.text("p1.json").replace("1950", "1951"));
    site.write("empty.json", "");
    let ended = site.refused(
        "verify p1.json wrong.json missing.json empty.json p2.json --key key",
        "ST-0017",
        "wrong.json",
    );
    let lines: Vec<&str> = ended.out.lines().collect();
    assert_eq!(lines.len(), 5, "{ended:?}");
    for (line, starts, holds) in [
        (lines[0], "p1.json: ", "genuine: "),
        (lines[1], "wrong.json: ", "ST-0017"),
        (lines[2], "missing.json: ", "ST-0013"),
        (lines[3], "empty.json: ", "ST-0017"),
        (lines[4], "p2.json: ", "genuine: "),
    ] {
        assert!(line.starts_with(starts) && line.contains(holds), "{line}");
    }
    for name in ["wrong.json", "missing.json", "empty.json"] {
        assert!(ended.err.lines().any(|line| line.contains(name)), "{name}: {ended:?}");
    }
}

#[test]
fn a_damaged_log_and_a_rolled_back_directory_are_refused() {
    let Evidence { site, .. } = evidence();
    let old = Site::sakura();
    let size = site.journal().size();
    for (file, place) in [
        (format!("log/tile/entries/000.p/{size}"), 200),
        (format!("log/tile/0/000.p/{size}"), 40),
        ("log/checkpoint".to_owned(), 60),
    ] {
        let good = fs::read(site.path(&file)).unwrap();
        site.write(&file, damage::flipped(&good, place, 0));
        site.refused("verify --log log --key key", "ST-0017", "not genuine");
        site.write(&file, good);
    }
    site.good("verify --log log --key key");
    fs::remove_file(site.path("log/key")).unwrap();
    site.good("verify --log log --key key");
    site.refused("verify --log log", "ST-0017", "key");
    // A directory that lost its newest entries is genuine in itself; only the kept checkpoint shows it.
    damage::copy(&site.path("data"), &site.path("copy"));
    old.good("verify --data data");
    site.good("verify --data copy --since checkpoint");
    let (process, client) = site.serve();
    client.put("Patient/p3", born("p3", "1950")).expect(201);
    site.write("newer", client.get("/f/sakura/log/checkpoint").expect(200).body);
    process.signal("TERM");
    good("serve", process.wait());
    site.good("verify --data data --since newer");
    site.good("verify --data copy");
    site.refused("verify --data copy --since newer", "ST-0017", "");
}

#[test]
fn damage_to_the_data_directory_ends_with_status_1_and_names_the_facility() {
    let Evidence { site, .. } = evidence();
    site.good("init --data data --facility ume");
    let file = "data/facilities/ume/journal.db";
    let good = fs::read(site.path(file)).unwrap();
    site.write(file, damage::flipped(&good, good.len() / 2, 0));
    let ended = site.refused("verify --data data", "ST-00", "");
    assert!(
        ended.err.contains("(ume)") && ended.out.contains("sakura: genuine") && !ended.out.contains("ume:"),
        "{ended:?}"
    );
    site.good("verify --data data --facility sakura");
    site.refused("verify --data data --since checkpoint", "ST-0022", "sakura, ume");
    site.good("verify --data data --facility sakura --since checkpoint");
}

#[test]
fn a_consistency_proof_that_does_not_fit_is_refused() {
    let Evidence { site, .. } = evidence();
    let proof = site.text("consistency");
    assert!(proof.contains(&format!("old {KEPT}\n")), "{proof}");
    let line = "verify --consistency wrong --since checkpoint --key key";
    let other = Site::sakura();
    let lines: Vec<&str> = proof.lines().collect();
    for wrong in [
        proof.replace(&format!("old {KEPT}"), &format!("old {}", KEPT - 1)),
        proof.replace(&format!("old {KEPT}"), &format!("old {}", KEPT + 1)),
        proof.replacen(&format!("{}\n", lines[1]), "", 1),
        proof.split("\n\n").next().unwrap().to_owned(),
        String::new(),
        other.text("data/tls/ca.pem"),
    ] {
        site.write("wrong", &wrong);
        site.refused(line, "ST-0017", "not genuine");
    }
    site.refused("verify --consistency missing --since checkpoint --key key", "ST-0013", "missing");
    site.refused("verify --consistency consistency --since missing --key key", "ST-0013", "missing");
    site.refused("verify --consistency consistency --since checkpoint --key missing", "ST-0013", "missing");
    site.refused(
        "verify --consistency consistency --since checkpoint --key checkpoint",
        "AK-0005",
        "checkpoint",
    );
}
