//! The account by which drivers come in: a machine with a key, in a facility that asks for no certificates.

use base::{FacilityId, SystemClock, SystemEntropy};
use identity::factor::password::Cost;
use identity::{Identity, Settings};
use records::SearchIndex;
use seal::MasterKey;
use serde_json::{Value, json};
use std::ffi::OsStr;
use std::fmt::Display;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use store::{Actor, ActorKind, Store, World};

/// File with the tester's key in a data directory.
pub const KEY: &str = "tester.key";

/// Variables for a server that is to answer as much as it can: no rate is reached on a single machine.
pub const NO_RATES: [(&str, &str); 3] = [
    ("AKASHI_RATES_FACILITY", "600000000"),
    ("AKASHI_RATES_ACCOUNT", "600000000"),
    ("AKASHI_RATES_ADDRESS", "600000000"),
];

/// Lets machines in by a key alone, makes the tester's account and leaves its key in the data directory.
///
/// # Errors
/// A text when one of the commands is refused.
pub fn let_in(akashi: &Path, data: &Path, facility: &str) -> Result<(), String> {
    let run = |words: &[&str]| command(akashi, data, facility, words);
    run(&["policy", "set", "client-certificates=off", "machine-factors-needed=1"])?;
    let rights = ["--scopes", "system/*.cruds", "--duty", "auditor"];
    run(&[&["account", "create", "tester", "--kind", "service", "--name", "tester"][..], &rights].concat())?;
    let given = run(&["account", "key", "tester"])?;
    let key = given.get("key").and_then(Value::as_str).ok_or("the tester was given no key")?;
    std::fs::write(data.join(KEY), key).map_err(|error| error.to_string())
}

/// What lets the tester answer for what it sends, as a facility permits a system in which results are validated.
const SETTLING: &str = r#"permit (principal == Account::"tester", action in Action::"settle", resource);"#;

/// Puts the policy in force by which the tester may finalise, amend and withdraw, by two hands. No server may run.
///
/// # Errors
/// A text when the facility cannot be opened, or the policy is refused.
pub async fn let_settle(data: &Path, facility: &str) -> Result<(), String> {
    let store = Arc::new(open(data, facility)?);
    let (clock, entropy) = (Arc::new(SystemClock), Arc::new(SystemEntropy));
    let settings = Settings { password_cost: Cost::default(), base_url: None, facts: Vec::new() };
    let identity = Identity::open(store, clock, entropy, settings).map_err(text)?;
    let perform = async |by: &Actor, told: Value| {
        let command: identity::Command = serde_json::from_value(told).map_err(text)?;
        identity.perform(by, command).await.map_err(text)
    };
    let proposal = json!({ "command": "law-propose", "text": SETTLING, "reason": "test" });
    let proposed = perform(&Actor::new(ActorKind::Person, "planner"), proposal).await?;
    let proposal = proposed.get("proposal").and_then(Value::as_str).ok_or("nothing was proposed")?;
    let approval = json!({ "command": "law-approve", "proposal": proposal });
    perform(&Actor::new(ActorKind::System, "console"), approval).await.map(drop)
}

/// The store of a facility, opened by this process.
///
/// # Errors
/// A text when it cannot be opened.
pub fn open(data: &Path, facility: &str) -> Result<Store, String> {
    let key = std::fs::read_to_string(data.join("master.key")).map_err(text)?;
    let master = MasterKey::parse(&key).map_err(text)?;
    let facility = FacilityId::parse(facility).ok_or("no facility id")?;
    let world = World {
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        indexer: Arc::new(SearchIndex),
    };
    Store::open(data, &facility, &master, &world).map_err(text)
}

fn text(error: impl Display) -> String {
    error.to_string()
}

/// Runs a command on a facility and gives its answer.
fn command(akashi: &Path, data: &Path, facility: &str, words: &[&str]) -> Result<Value, String> {
    let place = ["--json", "--facility", facility, "--data"].map(OsStr::new);
    let mut command = Command::new(akashi);
    command.args(words).args(place).arg(data).stdin(Stdio::null());
    let output = command.output().map_err(|error| format!("{}: {error}", akashi.display()))?;
    if !output.status.success() {
        return Err(format!("akashi {}: {}", words.join(" "), String::from_utf8_lossy(&output.stderr)));
    }
    serde_json::from_slice(&output.stdout).map_err(|error| format!("akashi {}: {error}", words.join(" ")))
}
