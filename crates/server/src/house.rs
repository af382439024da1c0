//! A facility as it is served: its records, the door of those who come to them, and its evidence.

use crate::client_certificates::{CertificateFault, ClientCertificates};
use crate::door::{Changes, Door};
use access::{Access, Law};
use base::{FacilityId, Problem, Time};
use evidence::Evidence;
use identity::certificate::Fault;
use identity::kept::ClientCertificates as Mode;
use identity::{Approach, Caller, Credential, Identity};
use records::{Answer, Call, Problems, Trail};
use rustls_pki_types::CertificateDer;
use std::sync::Arc;
use store::{Actor, Part};

/// The word before the slash in the names of the notes that say what came of verifications.
pub const VERIFIED_WORD: &str = "verified";

/// One facility.
#[derive(Clone, Debug)]
pub struct House {
    records: Arc<records::Facility>,
    identity: Arc<Identity>,
    evidence: Arc<Evidence>,
}

impl House {
    /// Puts the records of a facility, the door to them and its evidence together.
    pub fn new(records: records::Facility, identity: Arc<Identity>, evidence: Arc<Evidence>) -> Self {
        Self { records: Arc::new(records), identity, evidence }
    }
}

impl Door for House {
    fn id(&self) -> &FacilityId {
        self.records.id()
    }

    fn trail(&self, access: Access) -> Result<Trail, Problem> {
        Trail::open(&self.records, Actor::unknown(), access)
    }

    fn trail_in_emergency(&self, access: Access) -> Result<Trail, Problem> {
        Trail::open_in_emergency(&self.records, Actor::unknown(), access)
    }

    async fn close(&self, trail: &Trail) -> Result<(), Problem> {
        trail.close(&self.records).await.map(|_| ())
    }

    fn law(&self) -> Arc<Law> {
        self.records.law()
    }

    fn now(&self) -> Time {
        self.records.now()
    }

    fn perform(&self, call: Call<'_>) -> impl Future<Output = Result<Answer, Problems>> + Send {
        self.records.perform(call)
    }

    fn halted(&self) -> bool {
        self.records.halted() || self.records.clock_behind()
    }

    fn stopped(&self) -> bool {
        self.records.stopped()
    }

    fn signed_until(&self) -> Result<(u64, Time), Problem> {
        self.records.signed_until()
    }

    fn changes(&self) -> Changes {
        let of = |part: &Part| self.records.changed(part);
        let alerts = identity::NOTICED.map(|kind| of(&Part::Kept(kind.into())));
        Changes {
            work: of(&Part::States),
            alerts: alerts.into_iter().fold(0, u64::saturating_add),
            verification: of(&Part::Noted(VERIFIED_WORD.into())),
        }
    }

    fn verify(&self, file: &[u8]) -> Result<store::Report, Problem> {
        self.records.verify_proof(file)
    }

    fn identify(
        &self,
        approach: &Approach<'_>,
        credential: Credential<'_>,
    ) -> Result<Option<Caller>, Problem> {
        self.identity.identify(approach, credential)
    }

    fn identity(&self) -> Option<&Identity> {
        Some(&self.identity)
    }

    fn evidence(&self) -> Option<&Evidence> {
        Some(&self.evidence)
    }
}

/// Whose client certificates are taken in handshakes: those that any of these facilities trusts.
pub fn trust_of(facilities: &[Arc<Identity>]) -> Arc<dyn ClientCertificates> {
    Arc::new(Trusts(facilities.to_vec()))
}

#[derive(Debug)]
struct Trusts(Vec<Arc<Identity>>);

impl ClientCertificates for Trusts {
    fn roots(&self) -> Vec<Vec<u8>> {
        // Authorities come and go while the server runs: clients choose by themselves.
        Vec::new()
    }

    fn judge(&self, chain: &[CertificateDer<'_>]) -> Result<(), CertificateFault> {
        let verifying = || self.0.iter().filter(|one| one.policy().client_certificates == Mode::Verify);
        // Where no facility asks for certificates, whatever a client shows is not looked at.
        if verifying().next().is_none() {
            return Ok(());
        }
        let mut worst = CertificateFault::UnknownIssuer;
        for facility in verifying() {
            match facility.judge(chain) {
                Ok(_) => return Ok(()),
                // What one facility knows of the certificate says more than that another does not know it.
                Err(Fault::UnknownAuthority) => {}
                Err(fault) => worst = of(fault),
            }
        }
        Err(worst)
    }
}

fn of(fault: Fault) -> CertificateFault {
    match fault {
        Fault::Expired => CertificateFault::Expired,
        Fault::NotYetValid => CertificateFault::NotYetValid,
        // What cannot be known to be good counts as taken back.
        Fault::Revoked | Fault::ListStale => CertificateFault::Revoked,
        Fault::WrongUsage => CertificateFault::WrongUsage,
        Fault::WeakKey => CertificateFault::Weak,
        Fault::Missing | Fault::Unreadable => CertificateFault::Unreadable,
        Fault::UnknownAuthority | Fault::IncompleteChain => CertificateFault::UnknownIssuer,
    }
}
