//! A disk without space: the write is undone as a whole, and when there is space again the next one is made.

use super::{Patient, expect_halted, strace};
use crate::command_line::{Site, good};
use testkit::Ended;

#[test]
fn on_a_full_disk_writes_are_answered_507_and_go_on_when_there_is_space_again() {
    // A refused commit meets the failure once: with its first page, in the middle, with its last. Of a refused write
    // there are one or two: its own, and that of the entry which says that it was refused.
    // The first eight writes of any thread may be those that make the shared memory at the start.
    for (first, last) in [(9, 11), (40, 42), (41, 44), (60, 60)] {
        let Some(wrapper) = strace(&format!("inject=pwrite64:error=ENOSPC:when={first}..{last}")) else {
            return;
        };
        let mut server = Patient::new();
        let (process, client) = server.serve_under(wrapper);
        server.write_until_refused(&client, 20, "");
        let mut refused = 1;
        let back = loop {
            let reply = server.write(&client);
            if reply.status() == 201 {
                break reply;
            }
            assert_eq!(reply.refusal(), (507, "ST-0003".to_owned()), "{first}..{last}");
            assert!(reply.message().contains("保存されていません"), "{}", reply.message());
            assert_eq!(client.get("/health").status(), 200);
            refused += 1;
            assert!(refused <= last - first + 1, "{first}..{last}: it never goes on");
        };
        assert_eq!(back.get("meta.versionId"), "1");
        server.expect_acknowledged(&client);
        let total = client.get("Patient").get("total");
        assert_eq!(total, server.acknowledged.len().to_string(), "what was refused is not there");
        process.signal("TERM");
        let ended = good("serve", process.wait());
        assert!(ended.err.contains("a commit was undone"), "{ended:?}");
        server.expect_whole();
    }
}

#[test]
fn a_transaction_that_meets_a_full_disk_leaves_nothing() {
    // The first commit has about 24 writes; a failing one ends it.
    let Some(wrapper) = strace("inject=pwrite64:error=ENOSPC:when=20") else { return };
    let mut server = Patient::new();
    let (process, client) = server.serve_under(wrapper);
    let entries: Vec<String> = (0..30)
        .map(|number| {
            crate::material::writes(
                "PUT",
                &format!("Patient/t{number}"),
                &crate::material::born(&format!("t{number}"), "1950"),
            )
        })
        .collect();
    let bundle = crate::material::bundle("transaction", &entries);
    assert_eq!(client.post("", &bundle).refusal(), (507, "ST-0003".to_owned()));
    assert_eq!(client.get("Patient").get("total"), "0");
    assert_eq!(client.get("Patient/t0").status(), 404);
    client.post("", &bundle).expect(200);
    assert_eq!(client.get("Patient").get("total"), "30");
    assert_eq!(client.get("Patient/t29").get("meta.versionId"), "1");
    process.kill();
    server.tried = 30;
    server.expect_whole();
}

/// Runs a program that may write no file beyond this size; a write beyond it fails, as with a disk that is full.
fn files_of_at_most(bytes: usize) -> Vec<String> {
    // `ulimit -f` counts blocks of 512 bytes (POSIX). Without the trap the first such write would end the process.
    let script = format!("ulimit -f {}; trap '' XFSZ; exec \"$@\"", bytes / 512);
    ["sh", "-c", &script, "sh"].map(str::to_owned).to_vec()
}

#[test]
fn at_the_limit_of_a_file_nothing_is_half_done_and_without_the_limit_all_is_well() {
    for bytes in [100_000, 130_048, 200_192] {
        let mut server = Patient::new();
        let (process, client) = server.serve_under(files_of_at_most(bytes));
        let refused = server.write_until_refused(&client, 50, "");
        assert!(server.tried > 1, "there was room for something");
        match refused.refusal() {
            (503, code) if code == "ST-0001" => expect_halted(&mut server, &client),
            (507, code) if code == "ST-0003" => server.expect_acknowledged_or_refused(&client),
            other => panic!("{bytes}: {other:?}"),
        }
        process.kill();
        server.expect_whole();
    }
}

#[test]
fn a_record_that_does_not_fit_leaves_room_for_nothing_half_done() {
    let mut server = Patient::new();
    let (process, client) = server.serve_under(files_of_at_most(300_032));
    server.write(&client).expect(201);
    let refused = server.write_with(&client, &"x".repeat(400_000));
    assert!([503, 507].contains(&refused.status()), "{:?}", refused.refusal());
    server.expect_acknowledged_or_refused(&client);
    process.kill();
    server.expect_whole();
}

#[test]
fn an_import_on_a_full_disk_stops_with_a_code_and_goes_on_where_it_stopped() {
    let site = Site::sakura();
    let lines: String =
        (0..1_000).map(|number| crate::material::born(&format!("p{number}"), "1950") + "\n").collect();
    site.write("in.ndjson", lines);
    let line = "import --data data in.ndjson";
    let ended = site.akashi(line).under(files_of_at_most(300_032)).run();
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.err.contains("ST-0001") || ended.err.contains("ST-0003"), "{ended:?}");
    site.good("verify --data data");
    site.good(line);
    let records = site.exported("out");
    assert_eq!(records.len(), 1_000);
    assert!(records.iter().all(|record| record.contains(r#""versionId":"1""#)));
    site.good("verify --data data");
}

#[test]
fn an_export_or_proof_that_does_not_fit_is_refused_and_not_left_cut_off() {
    let site = Site::sakura();
    let lines: String =
        (0..500).map(|number| crate::material::born(&format!("p{number}"), "1950") + "\n").collect();
    let long =
        crate::material::patient(&format!(r#""id":"long","name":[{{"text":"{}"}}]"#, "x".repeat(60_000)));
    site.write("in.ndjson", lines + &long);
    site.good("import --data data in.ndjson");
    // It may be that not even the entry fits which says what is asked for.
    let told =
        |ended: &Ended| ["ST-0013", "ST-0001", "ST-0003"].iter().any(|code| ended.err.starts_with(code));
    for line in ["export --data data --out out", "export --data data --log log"] {
        let ended = site.akashi(line).under(files_of_at_most(40_960)).run();
        assert_eq!(ended.code, Some(1), "{line}: {ended:?}");
        assert!(told(&ended), "{line}: {ended:?}");
    }
    let ended =
        site.akashi("proof Patient/long --data data --out long.json").under(files_of_at_most(40_960)).run();
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(told(&ended), "{ended:?}");
    assert!(!site.path("long.json").exists(), "a file that is there is whole");
}
