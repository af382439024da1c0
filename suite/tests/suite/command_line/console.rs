//! The socket by which commands reach the running server.

use super::{Site, good, mode};
use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use testkit::Process;

const SOCKET: &str = "data/console.sock";

fn serve(site: &Site) -> Process {
    site.akashi("serve --data data --listen 127.0.0.1:0").serve().0
}

fn stop(process: Process) {
    process.signal("TERM");
    good("serve", process.wait());
}

fn said(site: &Site, line: &[u8]) -> String {
    let mut stream = UnixStream::connect(site.path(SOCKET)).unwrap();
    stream.write_all(line).unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn the_socket_is_for_its_owner_only_and_goes_with_the_server() {
    let site = Site::sakura();
    let process = serve(&site);
    assert_eq!(mode(&site.path(SOCKET)), 0o600);
    stop(process);
    assert!(!site.path(SOCKET).exists());
}

#[test]
fn a_socket_that_a_crash_left_hinders_nobody() {
    let site = Site::sakura();
    serve(&site).kill();
    assert!(site.path(SOCKET).exists());
    site.good("account list --data data");
    let process = serve(&site);
    site.good("account list --data data");
    stop(process);
}

#[test]
fn one_line_of_json_is_answered_with_one_line_of_json() {
    let site = Site::sakura();
    let process = serve(&site);
    let line = r#"{"facility":"sakura","language":"ja","command":{"command":"account-list"}}"#;
    assert_eq!(said(&site, format!("{line}\n").as_bytes()), "{\"done\":{\"accounts\":[]}}\n");
    let elsewhere = said(&site, format!("{}\n", line.replace("sakura", "ume")).as_bytes());
    assert!(elsewhere.contains(r#""code":"ST-0015""#) && elsewhere.contains("施設 ume"), "{elsewhere}");
    let long = vec![b'x'; 2 * 1024 * 1024];
    let mut stream = UnixStream::connect(site.path(SOCKET)).unwrap();
    // The server answers before it has read more than it takes.
    stream.write_all(&long).unwrap_err();
    for wrong in [&b"\n"[..], b"nonsense\n", line.as_bytes()] {
        assert!(said(&site, wrong).contains("AK-0009"));
    }
    stop(process);
}

#[test]
fn a_command_does_what_it_does_at_once_for_the_running_server() {
    let site = Site::sakura();
    let process = serve(&site);
    site.good("account create dr-sato --name S --occupation doctor --data data");
    let line =
        r#"{"facility":"sakura","language":"en","command":{"command":"account-show","account":"dr-sato"}}"#;
    assert!(said(&site, format!("{line}\n").as_bytes()).contains("dr-sato"));
    stop(process);
    assert_eq!(site.json("account show dr-sato")["state"], "active");
}

#[test]
fn a_directory_that_another_command_holds_is_left_alone() {
    let site = Site::sakura();
    let held = File::options().write(true).open(site.path("data/lock")).unwrap();
    held.lock().unwrap();
    site.refused("account list --data data", "ST-0016", "lock");
    drop(held);
    site.good("account list --data data");
}

#[test]
fn a_path_too_long_for_a_socket_keeps_nobody_from_the_records_and_is_told() {
    let site = Site::empty();
    let deep = format!("{}/data", "x".repeat(120));
    fs::create_dir_all(site.path(&deep)).unwrap();
    site.good(&format!("init --data {deep} --facility sakura"));
    site.good(&format!("account list --data {deep}"));
    let (process, _) = site.akashi(&format!("serve --data {deep} --listen 127.0.0.1:0")).serve();
    site.refused(&format!("account list --data {deep}"), "AK-0007", "too long");
    process.signal("TERM");
    let ended = good("serve", process.wait());
    assert!(ended.err.contains("AK-0007"), "{ended:?}");
}
