//! The database as somebody sees it who has the master key: for tests that play an attacker with every right on the disk.

use base::FacilityId;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rusqlite::Connection;
use seal::{DataKey, MasterKey};
use std::path::Path;

/// Opens a facility's database for reading and writing.
pub fn open_database(data: &Path, facility: &FacilityId, master: &MasterKey) -> Connection {
    let path = store::folder(data, facility).join("journal.db");
    assert!(path.is_file(), "{} is not there", path.display());
    let connection = Connection::open(path).unwrap();
    let key = data_key(data, facility, master).sqlcipher_key();
    connection.pragma_update(None, "key", key.reveal()).unwrap();
    connection.pragma_update(None, "cipher_hmac_algorithm", "HMAC_SHA256").unwrap();
    connection
}

/// The facility's data key, unsealed from `facility.json` (formats, section 7).
pub fn data_key(data: &Path, facility: &FacilityId, master: &MasterKey) -> DataKey {
    let text = std::fs::read(store::folder(data, facility).join("facility.json")).unwrap();
    let file: serde_json::Value = serde_json::from_slice(&text).unwrap();
    let sealed = file.get("data_key").and_then(serde_json::Value::as_str).unwrap();
    let sealed = STANDARD.decode(sealed).unwrap();
    let key = master.unseal(&format!("facility/{facility}/data-key"), &sealed).unwrap();
    DataKey::from_bytes(key.reveal()).unwrap()
}
