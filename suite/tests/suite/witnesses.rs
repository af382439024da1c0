//! Witnesses from end to end: a witness as a process, a facility that asks it over a real socket, and what both verifiers
//! say about what it cosigned. A journal that is put back from a copy is unmasked, whatever is written on it afterwards.

use crate::canary::scrape;
use crate::command_line::{Site, good};
use crate::material::born;
use base::Entropy as _;
use merkle::note::SignedNote;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use testkit::{Process, python};

/// A facility that lists a witness, and the witness, which trusts it and serves.
pub(crate) struct Watched {
    pub(crate) site: Site,
    witness: Process,
    pub(crate) address: SocketAddr,
    /// The key of the witness.
    pub(crate) key: String,
    /// The key of the facility.
    pub(crate) log: String,
}

/// The key that `akashi witness serve` says, and where it listens.
fn serve(site: &Site, folder: &str) -> (Process, SocketAddr) {
    let mut process = site.akashi(&format!("witness serve {folder} --address 127.0.0.1:0")).begin();
    let address = process.wait_for(|line| line.split_once("http://")?.1.parse().ok());
    (process, address)
}

fn list(site: &Site, address: SocketAddr, key: &str) {
    list_in(site, "data", address, key);
}

/// Lists a witness in a data directory.
pub(crate) fn list_in(site: &Site, data: &str, address: SocketAddr, key: &str) {
    let configuration = site.text(&format!("{data}/akashi.toml"));
    let (before, _) = configuration.split_once("\n[[witnesses.listed]]").unwrap_or((&configuration, ""));
    let listed = format!("{before}\n[[witnesses.listed]]\nurl = \"http://{address}\"\nkey = \"{key}\"\n");
    site.write(&format!("{data}/akashi.toml"), listed);
}

impl Watched {
    pub(crate) fn new() -> Self {
        let site = Site::with_tester();
        let key = site.good("witness init w1 --name witness.example.jp/w1").out.trim_end().to_owned();
        site.good("export --data data --log first");
        let log = site.text("first/key").trim_end().to_owned();
        site.good("witness trust w1 first/key");
        let (witness, address) = serve(&site, "w1");
        list(&site, address, &key);
        Self { site, witness, address, key, log }
    }

    /// Writes a record as somebody does while no server runs.
    pub(crate) fn import(&self, id: &str, born_in: &str) {
        self.site.write("one.json", born(id, born_in));
        self.site.good("import --data data one.json");
    }

    pub(crate) fn ask(&self) -> String {
        self.site.good("witness ask --data data").out
    }

    /// Keeps a copy of the data directory, to put it back later.
    pub(crate) fn copy(&self, from: &str, to: &str) {
        let (from, to) = (self.site.path(from), self.site.path(to));
        if to.exists() {
            fs::remove_dir_all(&to).unwrap();
        }
        copy(&from, &to);
    }

    /// What the facts say of the witness.
    fn told(&self) -> serde_json::Value {
        let facts = self.site.json("facts");
        let facts = facts["facts"].as_array().unwrap();
        facts.iter().find(|fact| fact["name"] == "journal.witnesses").unwrap()["value"][0].clone()
    }

    /// Sends bytes to the witness and gives its whole answer.
    fn send(&self, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.address).unwrap();
        // A witness that refuses early may close before all was sent.
        let sent = stream.write_all(bytes).is_ok();
        let mut answer = Vec::new();
        let read = stream.read_to_end(&mut answer);
        assert!(read.is_ok() || !sent || !answer.is_empty());
        String::from_utf8_lossy(&answer).into_owned()
    }
}

fn copy(from: &Path, to: &Path) {
    let ended = Command::new("cp").arg("-a").arg(from).arg(to).status().unwrap();
    assert!(ended.success());
}

#[test]
fn a_cosigned_checkpoint_is_served_exported_proved_and_good_to_both_verifiers() {
    let watched = Watched::new();
    let (site, key, log) = (&watched.site, &watched.key, &watched.log);
    watched.import("p1", "1950");
    let said = watched.ask();
    assert!(said.contains("witness.example.jp/w1: cosigned "), "{said}");
    watched.import("p2", "1951");
    site.good("export --data data --log log");
    let cosigned = site.text("log/cosigned");
    assert_eq!(SignedNote::parse(&cosigned).unwrap().signatures.len(), 2, "{cosigned}");
    assert_eq!(SignedNote::parse(&site.text("log/checkpoint")).unwrap().signatures.len(), 1);
    site.good("proof Patient/p1 --data data --out p1.json");
    site.good("proof Patient/p2 --data data --out p2.json");
    let good_ones = [
        format!("verify p1.json --key {log} --witness {key}"),
        format!("verify --log log --key {log} --witness w1/key --witness-hours-max 1"),
        format!("verify --data data --witness {key}"),
        format!("verify --data data --witnessed log/cosigned --witness {key}"),
        "verify --log log --witnessed log/cosigned first/checkpoint".to_owned(),
    ];
    for line in good_ones {
        let out = site.good(&line).out;
        assert!(
            !line.contains("--witness ") || out.contains("cosigned by witness.example.jp/w1: "),
            "{line}: {out}"
        );
    }
    site.refused(&format!("verify p2.json --witness {key}"), "WI-0014", "no line of this witness");
    site.good("witness init w2 --name witness.example.jp/w2");
    site.refused("verify --data data --witness w2/key", "WI-0014", "w2");
    site.refused("verify --log log --witness w2/key", "WI-0014", "w2");
    let path = |name: &str| site.path(name).display().to_string();
    let python = |arguments: &[&str]| {
        let mut all: Vec<String> = arguments.iter().map(|one| (*one).to_owned()).collect();
        all.extend(["--key".to_owned(), log.clone()]);
        python::verify(&all).pop().unwrap()
    };
    for arguments in [
        vec!["proof", &path("p1.json"), "--witness", key],
        vec!["log", &path("log"), "--witness", key, "--witness-hours-max", "1"],
        vec!["checkpoint", &path("log/cosigned"), "--witness", key],
    ] {
        let verdict = python(&arguments);
        assert_eq!(verdict.good, Some(true), "{arguments:?}: {}", verdict.reason);
    }
    let without = python(&["proof", &path("p2.json"), "--witness", key]);
    assert!(without.good == Some(false) && without.reason.contains("has not cosigned"), "{without:?}");
    let changed = cosigned.replace("— witness.example.jp/w1 ", "— witness.example.jp/w1 A");
    site.write("changed", changed);
    assert_eq!(python(&["checkpoint", &path("changed"), "--witness", key]).good, Some(false));
}

#[test]
fn a_copy_that_was_put_back_is_unmasked_and_what_was_seen_is_never_forgotten() {
    let watched = Watched::new();
    let site = &watched.site;
    watched.import("p1", "1950");
    watched.ask();
    watched.copy("data", "copy");
    watched.import("p2", "1951");
    watched.ask();
    site.good("export --data data --log seen");
    watched.copy("copy", "data");
    // It has fewer entries than the witness has seen: rolled back.
    let ended = site.refused("witness ask --data data", "AK-0024", "more than there are");
    assert!(ended.err.contains("It is proven"), "{ended:?}");
    // Written on differently, with as much and more than was lost.
    for number in 0..9 {
        watched.import(&format!("q{number}"), "1960");
    }
    site.refused("witness ask --data data", "AK-0024", "not the beginning of what there is");
    let told = watched.told();
    let against = &told["contradicted"];
    assert_eq!((&against["says"], &against["proven"]), (&"not-continued".into(), &true.into()), "{told}");
    assert!(against["cosigned_since"].is_null());
    let (own, theirs) = (against["own"].as_str().unwrap(), against["theirs"].as_str().unwrap());
    for note in [own, theirs] {
        store::verify_checkpoint(note, &merkle::note::VerifierKey::parse(&watched.log).unwrap()).unwrap();
    }
    // The witness is gone, or not listed any more: what it said stays.
    drop(watched.witness);
    let ended = site.refused("verify --data data", "AK-0024", "witness.example.jp/w1");
    assert!(
        ended.out.contains(own.lines().nth(2).unwrap()) && ended.out.contains(theirs.lines().nth(2).unwrap())
    );
    let (process, client) =
        site.serve_by(&site.akashi("serve --data data --listen 127.0.0.1:0 --metrics 127.0.0.1:0"));
    client.get("Patient").expect(200);
    process.signal("TERM");
    let ended = good("serve", process.wait());
    assert!(ended.err.contains("!!! AK-0024"), "{}", ended.err);
    let entries = site.json("audit list");
    assert!(entries.to_string().contains("witness contradicts witness.example.jp/w1"), "{entries}");
    // Both histories, held against each other by who has them.
    let key = &watched.key;
    site.refused(
        &format!("verify --data data --witnessed seen/cosigned --witness {key}"),
        "WI-0015",
        "another root",
    );
    site.good("export --data data --log now");
    site.refused("verify --log now --witnessed seen/cosigned", "WI-0015", "do not fit together");
    site.refused(
        &format!("verify --witnessed now/checkpoint seen/checkpoint --key {}", watched.log),
        "AK-0026",
        "different sizes",
    );
}

#[test]
fn a_journal_with_two_faces_is_proven_by_two_checkpoints() {
    let watched = Watched::new();
    let (site, log) = (&watched.site, &watched.log);
    watched.copy("data", "other");
    watched.import("p1", "1950");
    watched.ask();
    site.good("export --data data --log one");
    site.write("one.json", born("p1", "1999"));
    site.good("import --data other one.json");
    // A witness of its own cosigns the other face, for each knows one.
    site.good("witness init w2 --name witness.example.jp/w2");
    site.good(&format!("witness trust w2 {log}"));
    site.good("export --data other --log two");
    site.good("witness cosign w2 two --out two/cosigned");
    let (one, two) = ("one/checkpoint", "two/checkpoint");
    let line = format!("verify --witnessed {one} {two} --key {log}");
    let ended = site.refused(&line, "WI-0015", "another root for the same");
    for note in [one, two] {
        let root = site.text(note).lines().nth(2).unwrap().to_owned();
        assert!(ended.out.contains(&root), "{ended:?}");
    }
    let japanese = site.akashi(&format!("--language ja {line}")).run();
    assert!(japanese.err.contains("2 つの履歴"), "{japanese:?}");
    site.good(&format!("verify --witnessed {one} {one} --key {log}"));
    let path = |name: &str| site.path(name).display().to_string();
    let arguments = ["checkpoint", &path(one), &path(two), "--key", log];
    let verdicts = python::verify(&arguments);
    assert_eq!((verdicts[0].good, verdicts[1].good), (Some(true), Some(false)));
    assert!(verdicts[1].reason.contains("two histories"), "{verdicts:?}");
    // The first witness does not sign the other face either.
    drop(watched.witness);
    site.refused("witness cosign w1 two", "WI-0005", "does not continue");
}

#[test]
fn the_server_asks_by_itself_and_tells_by_figures_and_facts() {
    let Watched { site, mut witness, address: _, key, log: _ } = Watched::new();
    let line = "serve --data data --listen 127.0.0.1:0 --metrics 127.0.0.1:0";
    let (mut process, client) = site.serve_by(&site.akashi(line));
    let metrics: SocketAddr =
        process.wait_for(|line| line.split_once("http://")?.1.strip_suffix("/metrics")?.parse().ok());
    witness.wait_for(|line| line.starts_with("cosigned: ").then_some(()));
    let told = |text: &String| {
        text.contains("\nakashi_witness_cosignature_age_seconds{facility=\"sakura\"} ")
            && text.contains("\nakashi_witness_contradictions{facility=\"sakura\"} 0\n")
    };
    (0..100_000).map(|_| scrape(metrics)).find(told).expect("the figures tell of the cosignature");
    process.signal("TERM");
    good("serve", process.wait());
    drop(client);
    let (process, client) = site.serve();
    let cosigned = client.get("/f/sakura/log/cosigned").expect(200);
    let note = String::from_utf8(cosigned.body).unwrap();
    let witness_key = merkle::cosignature::CosignerKey::parse(&key).unwrap();
    assert_eq!(witness_key.lines_in(&SignedNote::parse(&note).unwrap()).count(), 1, "{note}");
    process.signal("TERM");
    good("serve", process.wait());
    let facts = site.json("facts").to_string();
    assert!(facts.contains("\"journal.witnesses.contradicting\"") && facts.contains(&key), "{facts}");
    let known = site.good("assess --data data --facts --format json").out;
    assert!(witnessed(&known).contains("true"), "{known}");
}

#[test]
fn a_witness_that_is_killed_after_it_wrote_signs_no_other_root() {
    let watched = Watched::new();
    let site = &watched.site;
    watched.copy("data", "other");
    watched.import("p1", "1950");
    watched.ask();
    watched.witness.kill();
    site.write("one.json", born("p1", "1999"));
    site.good("import --data other one.json");
    site.good("export --data other --log two");
    site.refused("witness cosign w1 two", "WI-0005", "does not continue");
    let (witness, address) = serve(site, "w1");
    list(site, address, &watched.key);
    watched_again(site);
    drop(witness);
}

fn watched_again(site: &Site) {
    site.write("one.json", born("p3", "1950"));
    site.good("import --data data one.json");
    site.good("witness ask --data data");
}

/// Somebody who answers every request with the same: so many connections, each for one request.
fn liar(connections: usize, answer: &'static str) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().take(connections) {
            let mut from = BufReader::new(stream.unwrap());
            let mut length = 0;
            loop {
                let mut line = String::new();
                from.read_line(&mut line).unwrap();
                if let Some(told) = line.to_lowercase().strip_prefix("content-length:") {
                    length = told.trim().parse().unwrap();
                }
                if line == "\r\n" {
                    break;
                }
            }
            from.read_exact(&mut vec![0; length]).unwrap();
            from.into_inner().write_all(answer.as_bytes()).unwrap();
        }
    });
    address
}

#[test]
fn what_a_witness_only_says_is_its_word_and_is_refuted_by_its_next_cosignature() {
    let watched = Watched::new();
    let site = &watched.site;
    watched.ask();
    let lie = "HTTP/1.1 409 Conflict\r\ncontent-length: 7\r\nconnection: close\r\n\r\n999999\n";
    list(site, liar(2, lie), &watched.key);
    let ended = site.refused("witness ask --data data", "AK-0024", "999999");
    assert!(ended.err.contains("no checkpoint that proves it"), "{ended:?}");
    let told = watched.told();
    assert_eq!(told["contradicted"]["proven"], false, "{told}");
    site.refused("verify --data data", "AK-0024", "rolled back");
    let known = site.good("assess --data data --facts --format json").out;
    assert!(witnessed(&known).contains("false"), "{known}");
    list(site, watched.address, &watched.key);
    watched.ask();
    let told = watched.told();
    assert!(told["contradicted"]["cosigned_since"].is_string(), "it is still there: {told}");
    site.good("verify --data data");
    let known = site.good("assess --data data --facts --format json").out;
    assert!(witnessed(&known).contains("true"), "{known}");
}

/// The fact, as it is printed.
fn witnessed(facts: &str) -> String {
    let facts: serde_json::Value = serde_json::from_str(facts).unwrap();
    let found = facts.as_array().unwrap().iter().find(|fact| fact["key"] == "runtime.journal.witnessed");
    found.unwrap()["value"].to_string()
}

#[test]
fn answers_that_are_none_count_for_nothing() {
    let watched = Watched::new();
    let site = &watched.site;
    for (answer, code) in [
        ("HTTP/1.1 200 OK\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhello", "WI-0013"),
        ("HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n", "WI-0013"),
        ("HTTP/1.1 409 Conflict\r\ncontent-length: 4\r\nconnection: close\r\n\r\n007\n", "WI-0011"),
        (
            "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
            "WI-0011",
        ),
        ("HTTP/1.1 500 Sorry\r\ncontent-length: 0\r\nconnection: close\r\n\r\n", "WI-0011"),
        ("nonsense\r\n\r\n", "WI-0011"),
    ] {
        list(site, liar(1, answer), &watched.key);
        site.refused("witness ask --data data", code, "witness.example.jp/w1");
    }
    list(site, watched.address, &watched.key);
    assert_eq!(watched.told(), serde_json::Value::Null, "nothing was kept");
    watched.ask();
}

#[test]
fn a_witness_is_reached_over_tls_below_the_authority_that_is_named() {
    let watched = Watched::new();
    let site = &watched.site;
    site.good("witness init w4 --name w4");
    site.good("witness trust w4 first/key");
    let line = "witness serve w4 --address 127.0.0.1:0 --certificate data/tls/server.pem --private-key data/tls/server.key";
    let (_w4, address) = site.akashi(line).serve();
    let configuration = |ca: &str| {
        let text = site.text("data/akashi.toml");
        let (before, _) = text.split_once("\n[[witnesses.listed]]").unwrap();
        let (before, port) = (before.replace("\nca = \"tls/ca.pem\" # tried\n", "\n"), address.port());
        let before = before
            .replace("\n# ca = \"tls/witness-ca.pem\"\n", &format!("\n{ca}# ca = \"tls/witness-ca.pem\"\n"));
        let key = site.text("w4/key");
        let listed = format!("url = \"https://localhost:{port}\"\nkey = \"{}\"\n", key.trim_end());
        site.write("data/akashi.toml", format!("{before}\n[[witnesses.listed]]\n{listed}"));
    };
    configuration("");
    site.refused("witness ask --data data", "WI-0011", "not trusted");
    configuration("ca = \"tls/ca.pem\" # tried\n");
    let said = site.good("witness ask --data data").out;
    assert!(said.contains("w4: cosigned "), "{said}");
}

#[test]
fn hostile_input_to_a_witness_is_refused_and_it_goes_on() {
    let watched = Watched::new();
    let post = |body: &str, length: usize| {
        format!(
            "POST /add-checkpoint HTTP/1.1\r\nhost: w\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
        )
    };
    let long = "x".repeat(witness::REQUEST_BYTES_MAX + 1);
    let mut noise = vec![0; 4096];
    base::SeededEntropy::new(5).fill(&mut noise).unwrap();
    for (what, status, bytes) in [
        ("nothing", " 400 ", post("", 0).into_bytes()),
        ("words", " 400 ", post("give me a cosignature", 21).into_bytes()),
        ("too long", " 413 ", post(&long, long.len()).into_bytes()),
        ("another path", " 404 ", b"GET / HTTP/1.1\r\nhost: w\r\nconnection: close\r\n\r\n".to_vec()),
        ("its key", " 404 ", b"GET /witness.key HTTP/1.1\r\nhost: w\r\nconnection: close\r\n\r\n".to_vec()),
        ("noise", "", noise),
    ] {
        let answer = watched.send(&bytes);
        assert!(answer.contains(status) && !answer.contains(" 200 "), "{what}: {answer}");
        assert!(!answer.contains("akashi-witness-key"), "{what}");
    }
    watched.ask();
}

#[test]
fn whoever_is_not_trusted_or_not_protected_is_told_what_to_do() {
    let watched = Watched::new();
    let site = &watched.site;
    site.refused("witness serve w1 --address 0.0.0.0:0", "AK-0025", "--certificate");
    site.refused("witness init w1 --name again", "WI-0006", "a key already");
    site.refused("witness list nowhere", "WI-0006", "nowhere");
    site.refused("witness trust w1 nowhere", "ST-", "nowhere");
    site.good("witness init w3 --name w3");
    let (w3, address) = serve(site, "w3");
    let key = site.text("w3/key");
    list(site, address, key.trim_end());
    site.refused("witness ask --data data", "WI-0012", "w3");
    drop(w3);
    site.refused("witness ask --data data", "WI-0011", "w3");
    list(site, watched.address, key.trim_end());
    let ended = site.refused("witness ask --data data", "WI-0013", "w3");
    assert!(ended.out.is_empty(), "nothing counts as cosigned");
    list(site, watched.address, &watched.log);
    site.refused("witness ask --data data", "WI-0010", "type 4");
    let told = site.good("witness list w3").out;
    assert!(told.contains("w3+"), "{told}");
}
