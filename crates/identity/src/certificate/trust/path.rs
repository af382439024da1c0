//! One authority's judgement: does a path lead from the client's certificate to it, and is all on the path in order?

use super::authority::{Known, Revocation};
use super::{Fault, Judged, Shown};
use crate::certificate::seen::Leave;
use crate::certificate::{Seen, look, signature, since_1970};
use base::Time;
use rustls_pki_types::{CertificateDer, UnixTime};
use std::collections::BTreeSet;
use webpki::{
    CertRevocationList, EndEntityCert, ExpirationPolicy, KeyUsage, RevocationCheckDepth, RevocationOptions,
    RevocationOptionsBuilder, UnknownStatusPolicy,
};

impl Known {
    pub(super) fn judge(
        &self,
        shown: &Shown<'_>,
        revoked: &BTreeSet<[u8; 32]>,
        now: Time,
    ) -> Result<Judged, Fault> {
        self.names_lead_here(shown)?;
        // Before the signatures, which a weak key makes fail in a way that says less.
        if !shown.own.is_strong() || !shown.above.iter().all(Seen::is_strong) {
            return Err(Fault::WeakKey);
        }
        if !is_for_clients(shown.own) {
            return Err(Fault::WrongUsage);
        }
        let path = self.verified(shown, now)?;
        self.allows(&path, revoked, now)?;
        Ok(Judged {
            authority_id: self.id.clone(),
            fingerprint: shown.own.fingerprint,
            serial: shown.own.serial.clone(),
            subject: shown.own.subject.clone(),
            good_until: self.good_until(shown.own, &path),
        })
    }

    /// Follows the names of the issuers upwards. Where they end elsewhere, an issuer that shares its organisation with
    /// this authority is most likely one below it that was not sent; nothing more can be told without its certificate.
    fn names_lead_here(&self, shown: &Shown<'_>) -> Result<(), Fault> {
        let mut reached: Vec<&Seen> = vec![shown.own];
        let mut waiting = vec![shown.own];
        let mut ends_near = false;
        while let Some(one) = waiting.pop() {
            if one.raw_issuer == self.seen.raw_subject {
                return Ok(());
            }
            let above = shown.above.iter().chain(&self.intermediates);
            let issuers: Vec<&Seen> = above.filter(|other| other.raw_subject == one.raw_issuer).collect();
            let ends = issuers.is_empty() && one.raw_issuer != one.raw_subject;
            ends_near |= ends && self.is_kin(&one.issuer_organisations);
            let new: Vec<&Seen> = issuers.into_iter().filter(|issuer| !reached.contains(issuer)).collect();
            reached.extend(&new);
            waiting.extend(new);
        }
        Err(if ends_near { Fault::IncompleteChain } else { Fault::UnknownAuthority })
    }

    /// An authority that may have none below it (such as the built-in CA) has no kin.
    fn is_kin(&self, organisations: &[String]) -> bool {
        let mut family = std::iter::once(&self.seen).chain(&self.intermediates);
        self.seen.path_length != Some(0)
            && family.any(|one| one.subject_organisations.iter().any(|own| organisations.contains(own)))
    }

    /// The authorities between the client's certificate and this one, once webpki has found the way.
    fn verified(&self, shown: &Shown<'_>, now: Time) -> Result<Vec<Seen>, Fault> {
        let end = EndEntityCert::try_from(shown.leaf).map_err(|_| Fault::Unreadable)?;
        let between: Vec<CertificateDer<'_>> =
            shown.above_der.iter().chain(&self.intermediates_der).map(|der| der.as_ref().into()).collect();
        let lists: Vec<&CertRevocationList<'_>> = self.lists.iter().map(|(_, list)| list).collect();
        let revocation = self.revocation_options(&lists)?;
        let anchors = std::slice::from_ref(&self.anchor);
        let time = UnixTime::since_unix_epoch(since_1970(now));
        let path = end
            .verify_for_usage(
                signature::ALGORITHMS,
                anchors,
                &between,
                time,
                KeyUsage::client_auth(),
                revocation,
                None,
            )
            .map_err(|error| Fault::of(&error))?;
        let middle = path.intermediate_certificates().map(|one| look(&one.der()));
        middle.collect::<Result<_, _>>().map_err(|_| Fault::Unreadable)
    }

    fn revocation_options<'a>(
        &self,
        lists: &'a [&'a CertRevocationList<'a>],
    ) -> Result<Option<RevocationOptions<'a>>, Fault> {
        let unknown = match self.revocation {
            Revocation::Required => UnknownStatusPolicy::Deny,
            Revocation::Register | Revocation::NotOffered => UnknownStatusPolicy::Allow,
        };
        match (RevocationOptionsBuilder::new(lists), self.revocation) {
            (Ok(builder), _) => Ok(Some(
                builder
                    .with_depth(RevocationCheckDepth::Chain)
                    .with_status_policy(unknown)
                    .with_expiration_policy(ExpirationPolicy::Enforce)
                    .build(),
            )),
            (Err(_), Revocation::Required) => Err(Fault::ListStale),
            (Err(_), _) => Ok(None),
        }
    }

    /// What webpki does not ask: the strength of every key, the usage that authorities have, what the trusted authority
    /// says of its own validity and of the depth below it, and the facility's own register.
    fn allows(&self, path: &[Seen], revoked: &BTreeSet<[u8; 32]>, now: Time) -> Result<(), Fault> {
        let depth = self.seen.path_length.map(usize::try_from);
        if depth.is_some_and(|depth| depth.is_ok_and(|depth| path.len() > depth)) {
            return Err(Fault::WrongUsage);
        }
        for one in path.iter().chain(std::iter::once(&self.seen)) {
            if !one.is_strong() {
                return Err(Fault::WeakKey);
            }
            if one.signs_certificates == Leave::Withheld {
                return Err(Fault::WrongUsage);
            }
            if revoked.contains(&one.fingerprint) {
                return Err(Fault::Revoked);
            }
        }
        // In whole seconds, as webpki does: a certificate is valid until the end of its last second.
        match since_1970(now) {
            second if second < since_1970(self.seen.not_before) => Err(Fault::NotYetValid),
            second if second > since_1970(self.seen.not_after) => Err(Fault::Expired),
            _ => Ok(()),
        }
    }

    fn good_until(&self, own: &Seen, path: &[Seen]) -> Time {
        let chain = || std::iter::once(own).chain(path);
        let covers = |issuer: &[u8]| chain().any(|one| one.raw_issuer == issuer);
        let lists = self.lists.iter().filter(|(list, _)| covers(&list.raw_issuer));
        let ends = chain().map(|one| one.not_after).chain(lists.map(|(list, _)| list.next_update));
        ends.fold(self.seen.not_after, Time::min)
    }
}

/// clientAuth must be said, not only not denied: many certificates of an outside authority are for servers or mail.
fn is_for_clients(own: &Seen) -> bool {
    !own.is_authority && own.client == Leave::Given && own.signs != Leave::Withheld
}
