//! Why a chain is not taken.

use crate::certificate::codes;
use base::{Code, Problem};
use std::fmt;

/// Why a chain is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// No certificate was shown.
    Missing,
    /// What was shown is no certificate, or too much.
    Unreadable,
    /// No authority of the facility stands above it.
    UnknownAuthority,
    /// It seems to stand below an authority of the facility, with a link missing.
    IncompleteChain,
    /// It, or one above it, has expired.
    Expired,
    /// It, or one above it, is not valid yet.
    NotYetValid,
    /// It, or one above it, was revoked.
    Revoked,
    /// It is for something else than logging on as a client, or one above it may not sign it.
    WrongUsage,
    /// A key is too weak, or a signature is made with an outdated algorithm.
    WeakKey,
    /// Whether it was revoked cannot be told: the list is missing, out of date or not to be used.
    ListStale,
}

impl Fault {
    /// Every fault.
    pub const ALL: [Self; 10] = [
        Self::Missing,
        Self::Unreadable,
        Self::UnknownAuthority,
        Self::IncompleteChain,
        Self::Expired,
        Self::NotYetValid,
        Self::Revoked,
        Self::WrongUsage,
        Self::WeakKey,
        Self::ListStale,
    ];

    /// Its code.
    pub fn code(self) -> &'static Code {
        match self {
            Self::Missing => &codes::MISSING,
            Self::Unreadable => &codes::UNREADABLE,
            Self::UnknownAuthority => &codes::UNKNOWN_AUTHORITY,
            Self::IncompleteChain => &codes::INCOMPLETE_CHAIN,
            Self::Expired => &codes::EXPIRED,
            Self::NotYetValid => &codes::NOT_YET_VALID,
            Self::Revoked => &codes::REVOKED,
            Self::WrongUsage => &codes::WRONG_USAGE,
            Self::WeakKey => &codes::WEAK_KEY,
            Self::ListStale => &codes::LIST_STALE,
        }
    }

    /// The problem to answer with.
    pub fn problem(self) -> Problem {
        Problem::new(self.code())
    }

    /// What the library found, in the words of this room.
    pub(super) fn of(error: &webpki::Error) -> Self {
        use webpki::Error as E;
        match error {
            E::CertExpired { .. } => Self::Expired,
            E::CertNotValidYet { .. } => Self::NotYetValid,
            E::CertRevoked => Self::Revoked,
            E::CaUsedAsEndEntity
            | E::EndEntityUsedAsCa
            | E::EmptyEkuExtension
            | E::RequiredEkuNotFoundContext(_)
            | E::PathLenConstraintViolated
            | E::NameConstraintViolation => Self::WrongUsage,
            E::UnknownIssuer
            | E::InvalidSignatureForPublicKey
            | E::UnsupportedSignatureAlgorithmForPublicKeyContext(_) => Self::UnknownAuthority,
            E::UnsupportedSignatureAlgorithmContext(_) => Self::WeakKey,
            E::CrlExpired { .. }
            | E::UnknownRevocationStatus
            | E::IssuerNotCrlSigner
            | E::InvalidCrlSignatureForPublicKey
            | E::UnsupportedCrlSignatureAlgorithmContext(_)
            | E::UnsupportedCrlSignatureAlgorithmForPublicKeyContext(_) => Self::ListStale,
            _ => Self::Unreadable,
        }
    }

    /// How much is known of the chain where this is found. Of several authorities the one that knows most says the fault.
    pub(super) fn nearness(self) -> u8 {
        match self {
            Self::Missing | Self::Unreadable => 0,
            Self::UnknownAuthority => 1,
            Self::IncompleteChain => 2,
            _ => 3,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code().id)
    }
}

impl std::error::Error for Fault {}
