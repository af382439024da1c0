//! An authority that a facility trusts: as kept and imported, and as made ready to judge.

use crate::certificate::crl::{self, List, look_at_list};
use crate::certificate::{Bundle, Seen, ca, codes};
use base::{Problem, Time};
use rustls_pki_types::{CertificateDer, TrustAnchor};
use serde::{Deserialize, Serialize};
use webpki::CertRevocationList;

/// How it is known that a certificate of an authority was revoked. Chosen when the authority is taken in, and recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Revocation {
    /// By the facility's own register: the built-in CA.
    Register,
    /// By revocation lists, for every certificate below the authority. Without a current one nothing is taken.
    Required,
    /// The authority offers no lists, and the facility accepts that. A list that is imported all the same counts.
    NotOffered,
}

/// An authority that a facility trusts. Plain data, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    /// Its name within the facility.
    pub id: String,
    /// Its certificate, in DER: the root, or the authority below which trust begins.
    pub certificate: Vec<u8>,
    /// Authorities between it and the clients, in DER, for clients that do not send them.
    pub intermediates: Vec<Vec<u8>>,
    /// Revocation lists, in DER.
    pub lists: Vec<Vec<u8>>,
    /// How revocation is known.
    pub revocation: Revocation,
}

impl Authority {
    /// Takes in an outside authority from a file: its certificate, and with it intermediates and lists if there are any.
    /// The certificate that none of the others stands above is the one where trust begins; there must be just one.
    pub fn import(id: &str, bundle: &Bundle, revocation: Revocation, now: Time) -> Result<Self, Problem> {
        let seen: Vec<Seen> =
            bundle.certificates.iter().map(|der| ca::authority(der)).collect::<Result<_, _>>()?;
        let is_top = |one: &Seen| {
            let is_above = |other: &Seen| other.raw_subject == one.raw_issuer;
            one.raw_subject == one.raw_issuer || !seen.iter().any(is_above)
        };
        let (top, below): (Vec<_>, Vec<_>) =
            seen.iter().zip(&bundle.certificates).partition(|(one, _)| is_top(one));
        let [(_, certificate)] = top.as_slice() else { return Err(Problem::new(&codes::NOT_AN_AUTHORITY)) };
        let authority = Self {
            id: id.to_owned(),
            certificate: (*certificate).clone(),
            intermediates: below.into_iter().map(|(_, der)| der.clone()).collect(),
            lists: Vec::new(),
            revocation,
        };
        bundle.lists.iter().try_fold(authority, |authority, list| authority.with_list(list, now))
    }

    /// Takes in a revocation list, in DER; see [`crl::accept`].
    pub fn with_list(mut self, list: &[u8], now: Time) -> Result<Self, Problem> {
        let signers: Vec<Vec<u8>> =
            std::iter::once(&self.certificate).chain(&self.intermediates).cloned().collect();
        self.lists = crl::accept(&signers, &self.lists, list, now)?;
        Ok(self)
    }
}

/// An authority made ready.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) id: String,
    pub(super) seen: Seen,
    pub(super) anchor: TrustAnchor<'static>,
    pub(super) intermediates: Vec<Seen>,
    pub(super) intermediates_der: Vec<CertificateDer<'static>>,
    /// The newest first, because the first that covers a certificate is asked.
    pub(super) lists: Vec<(List, CertRevocationList<'static>)>,
    pub(super) revocation: Revocation,
}

impl Known {
    pub(super) fn of(authority: &Authority) -> Result<Self, Problem> {
        let der = CertificateDer::from(authority.certificate.as_slice());
        let anchor = webpki::anchor_from_trusted_cert(&der)
            .map_err(|error| Problem::new(&codes::NOT_AN_AUTHORITY).log(format!("{error:?}")))?
            .to_owned();
        let seen = ca::authority(&authority.certificate)?;
        let intermediates =
            authority.intermediates.iter().map(|der| ca::authority(der)).collect::<Result<_, _>>()?;
        let mut lists = authority.lists.iter().map(|der| list(der)).collect::<Result<Vec<_>, _>>()?;
        lists.sort_by(|(one, _), (other, _)| crl::age(other).cmp(&crl::age(one)));
        Ok(Self {
            id: authority.id.clone(),
            seen,
            anchor,
            intermediates,
            intermediates_der: authority.intermediates.iter().cloned().map(CertificateDer::from).collect(),
            lists,
            revocation: authority.revocation,
        })
    }
}

fn list(der: &[u8]) -> Result<(List, CertRevocationList<'static>), Problem> {
    Ok((look_at_list(der)?, crl::checked(der)?.into()))
}
