//! Authorities that a facility trusts, and the client certificates that stand for its accounts.

use super::{CODES, Kept, KeptCodes};
use crate::certificate::Revocation;
use crate::words::AccountId;
use base::Time;
use serde::{Deserialize, Serialize};

/// A certificate authority whose client certificates are taken.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Authority {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Its certificate: DER in base64.
    pub certificate: String,
    /// Certificates between it and those of clients: DER in base64.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub intermediates: Vec<String>,
    /// Its revocation lists: DER in base64.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lists: Vec<String>,
    /// How it is known that one of its certificates was revoked.
    pub revocation: Revocation,
    /// The account that all its certificates stand for, when it was imported for one organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// Its private key, sealed for this facility, when it is the facility's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Number of the newest revocation list that was made with that key.
    #[serde(default)]
    pub list_number: u64,
}

impl Kept for Authority {
    const KIND: &'static str = "AkashiAuthority";
    const CODES: &'static KeptCodes = &CODES;

    fn id(&self) -> &str {
        &self.id
    }
}

/// Whether a certificate is good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    /// Nothing is known against it.
    Good,
    /// It was revoked.
    Revoked {
        /// When.
        #[serde(with = "crate::moment")]
        time: Time,
        /// Why.
        reason: String,
    },
}

/// A client certificate that stands for an account. Its id is its SHA-256 fingerprint in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// SHA-256 of its DER, in hexadecimal.
    pub fingerprint: String,
    /// Whose it is.
    pub account: AccountId,
    /// By which authority it was issued.
    pub authority: String,
    /// Serial number in hexadecimal.
    pub serial: String,
    /// Its subject (RFC 4514).
    pub subject: String,
    /// First moment of its validity.
    #[serde(with = "crate::moment")]
    pub not_before: Time,
    /// Last moment of its validity.
    #[serde(with = "crate::moment")]
    pub not_after: Time,
    /// Whether it is good.
    pub mark: Mark,
}

impl Kept for Certificate {
    const KIND: &'static str = "AkashiCertificate";
    const CODES: &'static KeptCodes = &CODES;

    fn id(&self) -> &str {
        &self.fingerprint
    }
}
