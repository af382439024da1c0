//! The account by which drivers come in: a machine with a key, in a facility that asks for no certificates.

use base::{FacilityId, SystemClock, SystemEntropy};
use records::SearchIndex;
use seal::MasterKey;
use std::fmt::Display;
use std::path::Path;
use std::sync::Arc;
use store::{Store, World};

/// File with the tester's key in a data directory.
pub const KEY: &str = "tester.key";

/// Variables for a server that is to answer as much as it can: no rate is reached on a single machine.
pub const NO_RATES: [(&str, &str); 3] = [
    ("AKASHI_RATES_FACILITY", "600000000"),
    ("AKASHI_RATES_ACCOUNT", "600000000"),
    ("AKASHI_RATES_ADDRESS", "600000000"),
];

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
