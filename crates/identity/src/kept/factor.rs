//! Factors of accounts: what is needed to check them, and nothing by which they could be used.

use super::{CODES, Kept, KeptCodes};
use crate::factor::passkey::Passkey;
use crate::factor::recovery::Sheet;
use crate::words::{AccountId, FactorKind};
use base::Time;
use serde::{Deserialize, Serialize};

/// By what a factor is checked.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Material {
    /// A password, hashed with argon2id (PHC string).
    Password {
        /// The hash.
        hash: String,
    },
    /// A secret of one-time codes, sealed for this facility.
    Totp {
        /// The sealed secret.
        sealed: String,
    },
    /// A passkey: public key and what belongs to it.
    Passkey {
        /// With the counter of its last use.
        credential: Box<Passkey>,
    },
    /// The recovery codes that have not been used, as digests.
    Recovery {
        /// The digests.
        sheet: Sheet,
    },
    /// The key of a machine, as SHA-256 in hexadecimal.
    Key {
        /// The digest.
        digest: String,
    },
}

/// One factor of one account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Factor {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub account: AccountId,
    /// What people call it: the passkey's device, the machine.
    pub label: String,
    /// By what it is checked.
    pub material: Material,
    /// When it was set.
    #[serde(with = "crate::moment")]
    pub made: Time,
}

impl Factor {
    /// What kind of factor it is.
    pub fn kind(&self) -> FactorKind {
        match self.material {
            Material::Password { .. } => FactorKind::Password,
            Material::Totp { .. } => FactorKind::Totp,
            Material::Passkey { .. } => FactorKind::Passkey,
            Material::Recovery { .. } => FactorKind::Recovery,
            Material::Key { .. } => FactorKind::Key,
        }
    }
}

impl Kept for Factor {
    const KIND: &'static str = "AkashiFactor";
    const CODES: &'static KeptCodes = &CODES;

    fn id(&self) -> &str {
        &self.id
    }
}
