//! Certificate, key and chain in one file for a device (PKCS#12, RFC 7292).

use super::codes;
use base::{Problem, Secret};
use p12_keystore::{Certificate, EncryptionAlgorithm, KeyStore, KeyStoreEntry, MacAlgorithm, PrivateKey};
use p12_keystore::{PrivateKeyChain, error::Error};

/// Shortest passphrase, in characters. Guessing at a file that is stolen meets no lock-out.
pub const PASSPHRASE_CHARS_MIN: usize = 12;
/// Longest passphrase, in characters.
pub const PASSPHRASE_CHARS_MAX: usize = 64;
/// Rounds by which a key is derived from the passphrase (OWASP for PBKDF2 with SHA-256; Windows takes no more).
const MODERN_ROUNDS: u32 = 600_000;
/// The same in the old form, whose derivation old devices do slowly.
const COMPATIBLE_ROUNDS: u32 = 100_000;

/// How the file is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// PBES2 with AES-256 and HMAC-SHA-256.
    Modern,
    /// 3DES and HMAC-SHA-1, for tablets too old for the other. Hand it over like the key itself.
    Compatible,
}

/// What goes into the file.
#[derive(Clone, Copy, Debug)]
pub struct Contents<'a> {
    /// The certificate as issued.
    pub issued: &'a super::Issued,
    /// The certificates above it, in DER, the nearest first.
    pub chain: &'a [Vec<u8>],
    /// The name under which a device shows it.
    pub friendly_name: &'a str,
}

/// Writes the file. Salts and initialisation vectors come from the system's randomness, by the library.
pub fn pkcs12(contents: Contents<'_>, passphrase: &Secret<String>, form: Form) -> Result<Vec<u8>, Problem> {
    fit(passphrase)?;
    let key = contents.issued.key.as_ref().ok_or_else(|| Problem::new(&codes::NO_KEY))?;
    let (encryption, mac, rounds) = match form {
        Form::Modern => {
            (EncryptionAlgorithm::PbeWithHmacSha256AndAes256, MacAlgorithm::HmacSha256, MODERN_ROUNDS)
        }
        Form::Compatible => {
            (EncryptionAlgorithm::PbeWithShaAnd3KeyTripleDesCbc, MacAlgorithm::HmacSha1, COMPATIBLE_ROUNDS)
        }
    };
    let store = filled(contents, key).map_err(|error| not_made(&error))?;
    let writer = store.writer(passphrase.reveal()).encryption_algorithm(encryption).mac_algorithm(mac);
    writer.encryption_iterations(rounds).mac_iterations(rounds).write().map_err(|error| not_made(&error))
}

fn filled(contents: Contents<'_>, key: &Secret<Vec<u8>>) -> Result<KeyStore, Error> {
    let own = std::iter::once(&contents.issued.certificate_der);
    let chain =
        own.chain(contents.chain).map(|der| Certificate::from_der(der)).collect::<Result<Vec<_>, _>>()?;
    let id = super::seen::look(&contents.issued.certificate_der).map_err(|_| Error::InvalidData)?.fingerprint;
    let entry = PrivateKeyChain::new(&id[..], PrivateKey::from_der(key.reveal())?, chain);
    let mut store = KeyStore::new();
    // Names in the file are UTF-16 without pairs (BMPString); a rare character must not hinder the whole file.
    let name: String = contents.friendly_name.chars().filter(|one| u32::from(*one) <= 0xFFFF).collect();
    store.add_entry(&name, KeyStoreEntry::PrivateKeyChain(entry));
    Ok(store)
}

fn not_made(error: &Error) -> Problem {
    Problem::new(&codes::NOT_MADE).log(error.to_string())
}

/// Printable ASCII only: devices disagree about how other characters are derived from.
fn fit(passphrase: &Secret<String>) -> Result<(), Problem> {
    let text = passphrase.reveal();
    let within = (PASSPHRASE_CHARS_MIN..=PASSPHRASE_CHARS_MAX).contains(&text.len());
    if within && text.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ') {
        return Ok(());
    }
    let problem = Problem::new(&codes::PASSPHRASE_UNFIT);
    Err(problem.with("least", PASSPHRASE_CHARS_MIN).with("most", PASSPHRASE_CHARS_MAX))
}
