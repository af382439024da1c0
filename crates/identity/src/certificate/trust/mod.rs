//! The authorities that a facility trusts, and the judgement on a chain.
//!
//! Paths, signatures, times, lists and constraints are checked by webpki, with our time. What it leaves open is checked
//! in `path.rs`: that clientAuth is said, that keys are strong, and what the trusted authority itself allows.

mod authority;
mod fault;
mod path;

pub use authority::{Authority, Revocation};
pub use fault::Fault;

use super::{Seen, look};
use authority::Known;
use base::{Problem, Time};
use rustls_pki_types::CertificateDer;
use std::collections::BTreeSet;

/// Most certificates that a client may show.
pub const CHAIN_CERTIFICATES_MAX: usize = 10;

/// The authorities of one facility, ready to judge.
#[derive(Debug)]
pub struct Trust {
    authorities: Vec<Known>,
    revoked: BTreeSet<[u8; 32]>,
}

/// What is known of a chain that is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The authority it stands below.
    pub authority_id: String,
    /// SHA-256 over the client's certificate.
    pub fingerprint: [u8; 32],
    /// Its serial number, hexadecimal.
    pub serial: String,
    /// Its subject, RFC 4514.
    pub subject: String,
    /// How long this holds at the most: the earliest end of a certificate of the chain or of a revocation list.
    pub good_until: Time,
}

/// A chain as shown: the client's own certificate, and those it says are above it.
struct Shown<'a> {
    leaf: &'a CertificateDer<'a>,
    own: &'a Seen,
    above: &'a [Seen],
    above_der: &'a [CertificateDer<'a>],
}

impl Trust {
    /// Makes the judge. `revoked` are the SHA-256 fingerprints of revoked certificates of the built-in CA; a certificate
    /// of an outside authority that the facility no longer wants may stand there too.
    pub fn new(authorities: &[Authority], revoked: BTreeSet<[u8; 32]>) -> Result<Self, Problem> {
        let authorities = authorities.iter().map(Known::of).collect::<Result<_, _>>()?;
        Ok(Self { authorities, revoked })
    }

    /// The subjects of the authorities, in DER, as hints for clients that choose among several certificates.
    pub fn names(&self) -> Vec<Vec<u8>> {
        self.authorities.iter().map(|authority| authority.seen.raw_subject.clone()).collect()
    }

    /// Judges a chain, the client's own certificate first, at a moment. Of several authorities one that takes it is enough.
    pub fn judge(&self, chain: &[CertificateDer<'_>], now: Time) -> Result<Judged, Fault> {
        let [leaf, above_der @ ..] = chain else { return Err(Fault::Missing) };
        if chain.len() > CHAIN_CERTIFICATES_MAX {
            return Err(Fault::Unreadable);
        }
        let seen: Vec<Seen> =
            chain.iter().map(|der| look(der)).collect::<Result<_, _>>().map_err(|_| Fault::Unreadable)?;
        let [own, above @ ..] = seen.as_slice() else { return Err(Fault::Missing) };
        if seen.iter().any(|one| self.revoked.contains(&one.fingerprint)) {
            return Err(Fault::Revoked);
        }
        let shown = Shown { leaf, own, above, above_der };
        let mut nearest = Fault::UnknownAuthority;
        for authority in &self.authorities {
            match authority.judge(&shown, &self.revoked, now) {
                Ok(judged) => return Ok(judged),
                Err(fault) if fault.nearness() > nearest.nearness() => nearest = fault,
                Err(_) => {}
            }
        }
        Err(nearest)
    }
}
