//! A facility as the edge serves it: its records and its identities.

use crate::client_certificates::{CertificateFault, ClientCertificates};
use crate::door::Door;
use base::{FacilityId, Problem};
use identity::Identity;
use records::{Answer, Call, Problems};
use rustls_pki_types::CertificateDer;
use std::sync::Arc;
use store::LogFile;

/// A facility.
#[derive(Debug)]
pub struct House {
    records: records::Facility,
    identity: Arc<Identity>,
}

impl House {
    /// Its records and its identities.
    pub fn new(records: records::Facility, identity: Arc<Identity>) -> Self {
        Self { records, identity }
    }
}

impl Door for House {
    fn id(&self) -> &FacilityId {
        self.identity.facility()
    }

    fn perform(&self, call: Call<'_>) -> impl Future<Output = Result<Answer, Problems>> + Send {
        self.records.perform(call)
    }

    fn log_file(&self, path: &str) -> Result<Option<LogFile>, Problem> {
        self.records.log_file(path)
    }

    fn halted(&self) -> bool {
        Door::halted(&self.records)
    }
}

#[derive(Debug)]
struct All(Vec<Arc<Identity>>);

/// Takes what one of them takes.
pub fn trust_of(identities: &[Arc<Identity>]) -> Arc<dyn ClientCertificates> {
    Arc::new(All(identities.to_vec()))
}

impl ClientCertificates for All {
    fn roots(&self) -> Vec<Vec<u8>> {
        Vec::new()
    }

    fn judge(&self, chain: &[CertificateDer<'_>]) -> Result<(), CertificateFault> {
        let good = self.0.iter().any(|identity| identity.judge(chain).is_ok());
        if good { Ok(()) } else { Err(CertificateFault::UnknownIssuer) }
    }
}
