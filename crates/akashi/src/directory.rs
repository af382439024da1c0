//! A data directory: made once, then opened by one process at a time.

use crate::codes;
use crate::command::witnessing;
use crate::configuration::{self, Configuration};
use crate::probe::{self, Seen, Serving};
use base::{Clock, Entropy, FacilityId, Problem, SystemClock, SystemEntropy};
use evidence::{Around, Duties, Evidence, Rules};
use identity::Identity;
use records::SearchIndex;
use seal::MasterKey;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use store::disk::{self, Lock, Readable};
use store::{Store, World};

/// A data directory.
#[derive(Debug)]
pub(crate) struct Directory {
    path: PathBuf,
}

impl Directory {
    /// At this path, made or not.
    pub(crate) fn at(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    /// Its path.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Takes it for this process.
    pub(crate) fn lock(&self) -> Result<Lock, Problem> {
        if self.path.is_dir() { disk::lock(&self.path) } else { Err(self.not_made()) }
    }

    /// Makes the folder if it is not there, and takes it for this process.
    pub(crate) fn make_and_lock(&self) -> Result<Lock, Problem> {
        disk::make_folder(&self.path)?;
        disk::lock(&self.path)
    }

    /// Nobody made a data directory here.
    pub(crate) fn not_made(&self) -> Problem {
        Problem::new(&codes::NOT_MADE).with("folder", self.path.display())
    }

    /// Makes what is missing: keys, development certificates, and last the configuration, which says that all
    /// is there. What is there stays as it is.
    pub(crate) fn make(&self, hosts: &[String]) -> Result<(), Problem> {
        let world = world();
        let entropy: &dyn Entropy = &*world.entropy;
        self.write_missing("master.key", Readable::OwnerOnly, || {
            Ok(MasterKey::generate(entropy)?.to_text().reveal().clone())
        })?;
        if !self.path.join("tls/server.key").exists() {
            disk::make_folder(&self.path.join("tls"))?;
            let made = server::development_certificates(hosts, world.clock.now())?;
            self.write("tls/ca.pem", Readable::Everyone, &made.ca_certificate)?;
            self.write("tls/ca.key", Readable::OwnerOnly, made.ca_key.reveal())?;
            self.write("tls/server.pem", Readable::Everyone, &made.certificate_chain)?;
            self.write("tls/server.key", Readable::OwnerOnly, made.private_key.reveal())?;
        }
        self.write_missing(configuration::FILE, Readable::Everyone, || Ok(configuration::DEFAULT.to_owned()))
    }

    fn write_missing(
        &self,
        name: &str,
        readable: Readable,
        text: impl FnOnce() -> Result<String, Problem>,
    ) -> Result<(), Problem> {
        if self.path.join(name).exists() { Ok(()) } else { self.write(name, readable, &text()?) }
    }

    fn write(&self, name: &str, readable: Readable, text: &str) -> Result<(), Problem> {
        disk::write_whole(&self.path.join(name), text.as_bytes(), readable)
    }

    /// The key that seals the facilities' keys.
    pub(crate) fn master_key(&self) -> Result<MasterKey, Problem> {
        MasterKey::parse(&disk::read_text(&self.path.join("master.key"))?)
    }

    /// Its facilities.
    pub(crate) fn facilities(&self) -> Result<Vec<FacilityId>, Problem> {
        store::list(&self.path)
    }

    /// The facility asked for, or the only one there is.
    pub(crate) fn facility(&self, asked: Option<&FacilityId>) -> Result<FacilityId, Problem> {
        if !self.path.is_dir() {
            return Err(self.not_made());
        }
        if let Some(asked) = asked {
            return Ok(asked.clone());
        }
        match self.facilities()?.as_slice() {
            [only] => Ok(only.clone()),
            [] => Err(self.not_made()),
            several => {
                let names: Vec<&str> = several.iter().map(FacilityId::as_str).collect();
                Err(Problem::new(&store::codes::FACILITY_UNNAMED).with("facilities", names.join(", ")))
            }
        }
    }

    /// Makes a facility.
    pub(crate) fn create_facility(&self, facility: &FacilityId) -> Result<(), Problem> {
        Store::create(&self.path, facility, &self.master_key()?, &world())
    }

    /// Opens a facility for reading only; no lock is needed.
    pub(crate) fn open_for_reading(&self, facility: &FacilityId) -> Result<Store, Problem> {
        Store::open_for_reading(&self.path, facility, &self.master_key()?)
    }

    /// The folder for emergency logs, where one is configured.
    fn beside(&self) -> Result<Option<PathBuf>, Problem> {
        if !self.path.join(configuration::FILE).exists() {
            return Ok(None);
        }
        Ok(Configuration::read(&self.path)?.emergency.folder)
    }

    /// Checks the emergency logs of a facility, and says how many looks were noted in them.
    pub(crate) fn verify_emergency_logs(&self, facility: &FacilityId) -> Result<u64, Problem> {
        store::verify_emergency_logs(&self.path, facility, &self.master_key()?, self.beside()?.as_deref())
    }

    /// Opens a facility. The caller holds the lock.
    pub(crate) fn open_facility(
        &self,
        facility: &FacilityId,
        settings: identity::Settings,
        (rules, name): (&Arc<Rules>, Option<String>),
    ) -> Result<Opened, Problem> {
        let World { clock, entropy, .. } = world();
        let (master, beside) = (self.master_key()?, self.beside()?);
        let store = Store::open_beside(&self.path, facility, &master, &world(), beside.as_deref())?;
        let store = Arc::new(store);
        let witnesses = witnessing::listed_keys(&settings.facts);
        let identity =
            Identity::open(Arc::clone(&store), Arc::clone(&clock), Arc::clone(&entropy), settings)?;
        let identity = Arc::new(identity);
        let witnessed = Arc::clone(&store);
        identity.ask_beside(move || witnessing::facts(&witnessed, &witnesses));
        let records = records::Facility::new(
            Arc::clone(&store),
            Arc::clone(&clock),
            Arc::clone(&entropy),
            identity.law(),
        )?;
        let serving = Arc::default();
        let seen = Seen {
            store: Arc::clone(&store),
            records: records.clone(),
            identity: Arc::clone(&identity),
            data: self.path.clone(),
            serving: Arc::downgrade(&serving),
        };
        let look = probe::looking(Arc::new(seen));
        let door = Arc::clone(&identity);
        let duties: Duties = Box::new(move |account| door.duties_of(account));
        let rules = Arc::clone(rules);
        let around = Around { look, duties, press: Arc::new(press::pdf), name };
        let evidence = Evidence::open(Arc::clone(&store), clock, entropy, rules, around)?;
        Ok(Opened { store, records, identity, evidence: Arc::new(evidence), serving })
    }
}

/// A facility that is open.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    /// Its journal.
    pub(crate) store: Arc<Store>,
    /// Its records.
    pub(crate) records: records::Facility,
    /// Its accounts, factors, certificates and sessions.
    pub(crate) identity: Arc<Identity>,
    /// What it brings forward for the guideline.
    pub(crate) evidence: Arc<Evidence>,
    /// The server that serves it, once one does. It can be looked at as long as somebody holds this.
    pub(crate) serving: Arc<OnceLock<Serving>>,
}

/// The real world.
pub(crate) fn world() -> World {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    World { clock, entropy: Arc::new(SystemEntropy), indexer: Arc::new(SearchIndex) }
}
