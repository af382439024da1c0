//! A failed fsync: the disk may hold the write or not, so nothing more is written until a restart has looked.

use super::{Patient, expect_halted, strace};
use crate::command_line::good;

/// Which of the writer's fsyncs fail (`strace` counts them for each thread), and how many writes are acknowledged before. The first two make the write-ahead log
/// durable: its head and its folder; then there is one for each commit. Without `+` the later ones succeed again, which
/// must not be believed: the kernel has told of the loss once and forgotten it.
const CASES: &[(&str, usize)] = &[("3+", 0), ("3", 0), ("4", 1), ("4+", 1), ("6+", 3), ("12+", 9)];

fn failing(when: &str) -> Option<Vec<String>> {
    strace(&format!("inject=fsync,fdatasync:error=EIO:when={when}"))
}

#[test]
fn a_failed_fsync_ends_all_writing_until_a_restart_and_loses_nothing() {
    for (when, before) in CASES {
        let Some(wrapper) = failing(when) else { return };
        let mut server = Patient::new();
        let (process, client) = server.serve_under(wrapper);
        let refused = server.write_until_refused(&client, 20, "");
        assert_eq!(refused.refusal(), (503, "ST-0001".to_owned()), "fsync {when}");
        assert_eq!(server.acknowledged.len(), *before, "fsync {when}");
        expect_halted(&mut server, &client);
        process.kill();
        server.expect_whole();
    }
}

#[test]
fn a_server_whose_folder_cannot_be_made_durable_does_not_start() {
    let Some(wrapper) = failing("1+") else { return };
    let site = Patient::new().site;
    let ended = site.akashi("serve --data data --listen 127.0.0.1:0").under(wrapper).run();
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.err.contains("ST-0013") && ended.out.is_empty(), "{ended:?}");
}

#[test]
fn a_server_that_halted_ends_cleanly_and_tells_the_operator_why() {
    for when in ["5+", "5"] {
        let Some(wrapper) = failing(when) else { return };
        let mut server = Patient::new();
        let (process, client) = server.serve_under(wrapper);
        server.write_until_refused(&client, 20, "");
        expect_halted(&mut server, &client);
        process.signal("TERM");
        let ended = good("serve", process.wait());
        assert!(ended.err.contains("ended in an unknown state"), "{ended:?}");
        assert!(ended.err.contains("sqlite"), "the reason stands beside it: {ended:?}");
        server.expect_whole();
    }
}

#[test]
fn a_failed_fsync_while_the_log_is_folded_in_at_the_end_loses_nothing() {
    // With three commits the writer has made five fsyncs; the next ones belong to the end.
    for when in ["6", "6+", "7", "7+"] {
        let Some(wrapper) = failing(when) else { return };
        let mut server = Patient::new();
        let (process, client) = server.serve_under(wrapper);
        for _ in 0..3 {
            server.write(&client).expect(201);
        }
        process.signal("TERM");
        good("serve", process.wait());
        server.expect_whole();
    }
}

#[test]
fn other_failures_of_the_disk_while_committing_end_writing_too_or_undo_the_write() {
    for (call, error) in [
        ("pwrite64", "EIO"),
        ("pwrite64", "EDQUOT"),
        ("fsync", "ENOSPC"),
        ("fsync", "EDQUOT"),
        ("fsync", "EINTR"),
    ] {
        let Some(wrapper) = strace(&format!("inject={call}:error={error}:when=50..52")) else { return };
        let mut server = Patient::new();
        let (process, client) = server.serve_under(wrapper);
        let refused = server.write_until_refused(&client, 60, "");
        let (status, code) = refused.refusal();
        let known = [(503, "ST-0001"), (507, "ST-0003")].contains(&(status, code.as_str()));
        assert!(known, "{call} {error}: {status} {code}");
        server.expect_acknowledged_or_refused(&client);
        process.kill();
        server.expect_whole();
    }
}

#[test]
fn an_import_that_meets_a_failed_fsync_stops_with_a_code_and_goes_on_later() {
    let Some(wrapper) = failing("4+") else { return };
    let server = Patient::new();
    let lines: String =
        (0..600).map(|number| crate::material::born(&format!("p{number}"), "1950") + "\n").collect();
    server.site.write("in.ndjson", lines);
    let line = "import --data data in.ndjson";
    let ended = server.site.akashi(line).under(wrapper).run();
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.err.contains("ST-0001"), "{ended:?}");
    server.site.good("verify --data data");
    server.site.good(line);
    let records = server.site.exported("out");
    assert_eq!(records.len(), 600);
    assert!(records.iter().all(|record| record.contains(r#""versionId":"1""#)));
    server.site.good("verify --data data");
}

#[test]
fn an_init_that_meets_a_failed_fsync_says_so_and_can_be_repeated() {
    for when in ["1+", "2+", "3+", "5+", "8+", "12+"] {
        let Some(wrapper) = failing(when) else { return };
        let site = crate::command_line::Site::empty();
        let line = "init --data data --facility sakura";
        let ended = site.akashi(line).under(wrapper).run();
        assert_eq!(ended.code, Some(1), "fsync {when}: {ended:?}");
        assert!(ended.err.starts_with("ST-"), "fsync {when}: {ended:?}");
        assert!(ended.out.is_empty(), "fsync {when}: {ended:?}");
        site.good(line);
        site.good("verify --data data");
    }
}
