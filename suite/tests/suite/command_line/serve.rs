//! `akashi serve`: start, stop, what runs beside it and what does not, and the configuration.

use super::{Site, good};
use crate::canary::scrape;
use crate::durability::trace;
use crate::material::{born, patient};
use std::fs;
use testkit::Target;

/// The directory is genuine, and so many versions of records were written.
fn expect_written(site: &Site, versions: usize) {
    site.good("verify --data data");
    assert_eq!(site.journal().records(), versions);
}

#[test]
fn the_server_ends_cleanly_on_both_signals_and_leaves_no_write_ahead_log() {
    let site = Site::with_tester();
    for (signal, status, written) in [("INT", 201, 1), ("TERM", 200, 2)] {
        let (process, client) = site.serve();
        client.put("Patient/p1", born("p1", "1950")).expect(status);
        process.signal(signal);
        let ended = good("serve", process.wait());
        assert!(ended.err.contains("stopped"), "{signal}: {ended:?}");
        let wal = fs::metadata(site.path("data/facilities/sakura/journal.db-wal"));
        assert!(wal.map_or(0, |wal| wal.len()) == 0, "{signal}: the write-ahead log has been folded in");
        expect_written(&site, written);
    }
}

#[test]
fn signals_are_caught_before_the_server_says_that_it_listens() {
    let site = Site::empty();
    site.good("init --data data --facility demo");
    for (line, says) in [
        ("serve --data data --listen 127.0.0.1:0", "listening on"),
        ("demo --data data --patients 0 --listen 127.0.0.1:0", "Akashi is running"),
    ] {
        let Some(wrapper) = trace("trace=rt_sigaction,write") else { return };
        let (process, _) = site.akashi(line).under(wrapper).serve();
        process.signal("TERM");
        let traced = good(line, process.wait()).err;
        let told = traced.find(&format!("write(1, \"{says}")).unwrap_or_else(|| panic!("{traced}"));
        for signal in ["SIGINT", "SIGTERM"] {
            let caught = traced.find(&format!("rt_sigaction({signal}, {{"));
            assert!(
                caught.is_some_and(|caught| caught < told),
                "{line}: a {signal} in between kills the process"
            );
        }
    }
}

#[test]
fn what_was_acknowledged_is_there_after_a_kill() {
    let site = Site::with_tester();
    let (process, client) = site.serve();
    for number in 0..5 {
        client.put(&format!("Patient/p{number}"), born(&format!("p{number}"), "1950")).expect(201);
    }
    process.kill();
    expect_written(&site, 5);
    let (process, client) = site.serve();
    assert_eq!(client.get("Patient").get("total"), "5");
    process.signal("TERM");
    good("serve", process.wait());
}

#[test]
fn reading_commands_work_beside_the_server_and_writing_ones_are_refused() {
    let site = Site::with_tester();
    let (process, client) = site.serve();
    client.put("Patient/p1", born("p1", "1950")).expect(201);
    site.write("more.ndjson", patient(r#""id":"p2""#));
    for line in [
        "import --data data more.ndjson",
        "reindex --data data",
        "init --data data --facility ume",
        "serve --data data --listen 127.0.0.1:0",
        "demo --data data --listen 127.0.0.1:0",
    ] {
        site.refused(line, "ST-0016", "lock");
    }
    expect_written(&site, 1);
    site.good("proof Patient/p1 --data data --out p1.json");
    site.good("verify p1.json");
    assert_eq!(site.exported("out").len(), 1);
    site.good("export --data data --log log");
    site.good("verify --log log");
    client.put("Patient/p1", born("p1", "1951")).expect(200);
    process.signal("TERM");
    good("serve", process.wait());
    expect_written(&site, 2);
}

#[test]
fn the_environment_overrides_the_file_and_the_option_overrides_both() {
    let site = Site::with_tester();
    // The port of the file may be taken on this machine; it must not matter.
    site.write("data/akashi.toml", site.text("data/akashi.toml").replace("8443", "1"));
    let akashi = site.akashi("serve --data data").env("AKASHI_SERVER_LISTEN", "127.0.0.1:0");
    let akashi =
        akashi.env("AKASHI_SERVER_BASE_URL", "https://records.example.jp").env("AKASHI_LOG_LEVEL", "error");
    let (process, client) = site.serve_by(&akashi);
    let reply = client.put("Patient/p1", born("p1", "1950")).expect(201);
    let location = "https://records.example.jp/f/sakura/fhir/Patient/p1/_history/1";
    assert_eq!(reply.field("location"), location);
    process.signal("TERM");
    let ended = good("serve", process.wait());
    assert!(!ended.err.contains("request"), "only errors are logged: {ended:?}");
    let listening =
        site.akashi("serve --data data --listen 127.0.0.1:0").env("AKASHI_SERVER_LISTEN", "127.0.0.1:1");
    let (process, client) = site.serve_by(&listening);
    client.get("/health").expect(200);
    process.signal("TERM");
    good("serve", process.wait());
}

#[test]
fn a_certificate_and_key_from_elsewhere_are_taken_by_their_paths() {
    let site = Site::with_tester();
    let other = Site::sakura();
    let akashi = site
        .akashi("serve --data data --listen 127.0.0.1:0")
        .env("AKASHI_TLS_CERTIFICATE", other.path("data/tls/server.pem").to_str().unwrap())
        .env("AKASHI_TLS_PRIVATE_KEY", other.path("data/tls/server.key").to_str().unwrap());
    let (process, address) = akashi.serve();
    fs::copy(other.path("data/tls/ca.pem"), site.path("data/tls/ca.pem")).unwrap();
    Target::on(&site.path("data"), address, "sakura").get("metadata").expect(200);
    process.signal("TERM");
    good("serve", process.wait());
}

#[test]
fn a_wrong_configuration_is_refused_by_name() {
    let site = Site::sakura();
    let file = site.text("data/akashi.toml");
    for (name, value, code, says) in [
        ("AKASHI_SERVER_LISTEN", "nowhere", "ST-0013", "akashi.toml"),
        ("AKASHI_LOG_LEVEL", "loud", "ST-0013", "loud"),
        ("AKASHI_TLS_CERTIFICATE", "nowhere.pem", "ST-0013", "nowhere.pem"),
        ("AKASHI_TLS_CERTIFICATE", "akashi.toml", "SV-0020", ""),
        ("AKASHI_TLS_PRIVATE_KEY", "tls/server.pem", "SV-0021", ""),
        ("AKASHI_TLS_PRIVATE_KEY", "tls/ca.key", "SV-0022", ""),
        ("AKASHI_SERVER_LISTEN", "192.0.2.1:0", "SV-0023", "192.0.2.1"),
    ] {
        let ended = site
            .akashi("serve --data data")
            .env("AKASHI_SERVER_LISTEN", "127.0.0.1:0")
            .env(name, value)
            .run();
        assert_eq!(ended.code, Some(1), "{name}={value}: {ended:?}");
        let told = ended.err.lines().any(|line| line.starts_with(code) && line.contains(says));
        assert!(told, "{name}={value} should say {code} … {says}: {ended:?}");
    }
    for (from, to, says) in [
        ("level =", "lvel =", "lvel"),
        ("[log]", "[logs]", "logs"),
        ("listen =", "listen", "akashi.toml"),
        ("[server]", "[server", "akashi.toml"),
    ] {
        site.write("data/akashi.toml", file.replace(from, to));
        site.refused("serve --data data --listen 127.0.0.1:0", "ST-0013", says);
    }
    fs::remove_file(site.path("data/akashi.toml")).unwrap();
    site.refused("serve --data data", "ST-0013", "akashi.toml");
}

#[test]
fn a_key_that_does_not_fit_is_refused_before_anything_is_served() {
    let site = Site::sakura();
    let other = Site::sakura();
    let own = site.text("data/master.key");
    for (text, code) in [
        (other.text("data/master.key"), "ST-0011"),
        (own.replace("v1", "v2"), "SE-0002"),
        (own.lines().next().unwrap().to_owned(), "SE-0002"),
        (String::new(), "SE-0002"),
    ] {
        site.write("data/master.key", &text);
        for line in
            ["serve --data data --listen 127.0.0.1:0", "verify --data data", "export --data data --out out"]
        {
            let ended = site.refused(line, code, "");
            let secret = text.lines().nth(1).unwrap_or("no secret");
            assert!(!ended.err.contains(secret) && !ended.out.contains("listening"), "{ended:?}");
        }
    }
    site.write("data/master.key", own);
    site.good("verify --data data");
}

#[test]
fn the_most_detailed_log_holds_no_key_and_nothing_of_a_patient() {
    let site = Site::with_tester();
    let akashi = site.akashi("serve --data data --listen 127.0.0.1:0").env("AKASHI_LOG_LEVEL", "trace");
    let (process, client) = site.serve_by(&akashi);
    let named = patient(
        r#""id":"p1","name":[{"family":"Tokugawa"}],"identifier":[{"system":"urn:x","value":"4711-0815"}]"#,
    );
    client.put("Patient/p1", &named).expect(201);
    client.put("Patient/p2", named.replace("urn:x", "")).refusal();
    client.get("Patient?identifier=4711-0815").expect(200);
    client.get("Patient?nonsense=Tokugawa").expect(400);
    client.post("Patient", r#"{"resourceType":"Patient","Tokugawa":1}"#).expect(422);
    process.signal("TERM");
    let ended = good("serve", process.wait());
    assert!(ended.err.contains("PUT"), "{ended:?}");
    let key = site.text("data/tester.key");
    for hidden in [key.as_str(), "Tokugawa", "4711-0815"] {
        let shown = ended.err.lines().find(|line| line.contains(hidden));
        assert!(shown.is_none() && !ended.out.contains(hidden), "{hidden} stands in {shown:?}");
    }
}

#[test]
fn metrics_are_told_on_this_machine_only_and_say_how_the_journal_is() {
    let site = Site::with_tester();
    for address in ["0.0.0.0:0", "[::]:0"] {
        let line = format!("serve --data data --listen 127.0.0.1:0 --metrics {address}");
        site.refused(&line, "AK-0014", "beyond_loopback");
    }
    let akashi = site.akashi("serve --data data --listen 127.0.0.1:0 --metrics 127.0.0.1:0");
    let (mut process, client) = site.serve_by(&akashi);
    let address =
        process.wait_for(|line| line.split_once("http://")?.1.strip_suffix("/metrics")?.parse().ok());
    client.put("Patient/p1", born("p1", "1950")).expect(201);
    let metrics = scrape(address);
    for line in [
        "akashi_halted{facility=\"sakura\"} 0",
        "akashi_clock_behind{facility=\"sakura\"} 0",
        "akashi_broken_glasses_open{facility=\"sakura\"} 0",
        "akashi_writes_waiting{facility=\"sakura\"} 0",
        "akashi_commits_undone_total{facility=\"sakura\"} 0",
    ] {
        assert!(metrics.lines().any(|one| one == line), "{line}: {metrics}");
    }
    for figure in ["journal_entries", "commits_total", "commit_entries_sum", "commit_duration_seconds_count"]
    {
        let start = format!("akashi_{figure}{{facility=\"sakura\"}} ");
        let value = metrics.lines().find_map(|line| line.strip_prefix(&start));
        assert!(value.is_some_and(|value| value.parse::<f64>().unwrap() > 0.0), "{figure}: {metrics}");
    }
    process.signal("TERM");
    good("serve", process.wait());
}

#[test]
fn traces_are_sent_by_tls_or_not_at_all() {
    let site = Site::sakura();
    let akashi = site.akashi("serve --data data --listen 127.0.0.1:0");
    let ended = akashi.env("AKASHI_OTLP_ENDPOINT", "http://192.0.2.1:4318").run();
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.err.starts_with("AK-0015"), "{ended:?}");
}
