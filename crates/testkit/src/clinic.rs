//! A data directory of its own with the real server on it, in this process: made, stopped, started again, verified.

use crate::client::{Client, Target};
use base::{
    Clock, Entropy, FacilityId, ManualClock, Problem, SeededEntropy, SystemClock, SystemEntropy, Time,
};
use records::SearchIndex;
use seal::{MasterKey, Token};
use server::{
    Bounds, DevelopmentCertificates, Server, ServerCertificate, Transport, development_certificates,
    load_chain, load_key,
};
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::{Report, Store, VerifyOptions, World, verify_data};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// Where the clinic's time comes from.
#[derive(Clone, Copy, Debug)]
pub enum Times {
    /// From a clock that starts on 2026-04-01 and moves on by this many microseconds with every reading.
    Manual(i64),
    /// From the operating system.
    System,
}

/// Where the clinic's randomness comes from.
#[derive(Clone, Copy, Debug)]
pub enum Chance {
    /// From a seed: the same keys, salts and ids each time.
    Seeded(u64),
    /// From the operating system.
    System,
}

/// What kind of clinic is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Its facilities.
    pub facilities: &'static [&'static str],
    /// Its clock.
    pub times: Times,
    /// Its chance.
    pub chance: Chance,
    /// The server's deadlines and sizes.
    pub bounds: Bounds,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            facilities: &["sakura"],
            times: Times::Manual(1_000),
            chance: Chance::Seeded(1),
            bounds: Bounds::default(),
        }
    }
}

/// A data directory and the server on it.
#[derive(Debug)]
pub struct Clinic {
    folder: TempDir,
    facilities: Vec<FacilityId>,
    master: MasterKey,
    token: Token,
    certificates: DevelopmentCertificates,
    clock: Arc<ManualClock>,
    world: World,
    bounds: Bounds,
    running: Option<Running>,
}

#[derive(Debug)]
struct Running {
    runtime: Runtime,
    address: SocketAddr,
    stop: Arc<Notify>,
    ended: JoinHandle<()>,
}

impl Clinic {
    /// A clinic with one facility, `sakura`, a clock of its own and repeatable chance.
    pub fn start() -> Self {
        Self::with(Plan::default())
    }

    /// A clinic of this kind.
    pub fn with(plan: Plan) -> Self {
        let mut clinic = Self::closed(plan);
        clinic.open();
        clinic
    }

    /// A clinic whose server has not been started yet.
    pub fn closed(plan: Plan) -> Self {
        let start = Time::parse("2026-04-01T00:00:00Z").unwrap();
        let (clock, step) = match plan.times {
            Times::Manual(step) => (None, step),
            Times::System => (Some(Arc::new(SystemClock) as Arc<dyn Clock>), 0),
        };
        let manual = Arc::new(ManualClock::new(start, step));
        let entropy: Arc<dyn Entropy> = match plan.chance {
            Chance::Seeded(seed) => Arc::new(SeededEntropy::new(seed)),
            Chance::System => Arc::new(SystemEntropy),
        };
        let clinic = Self {
            folder: tempfile::tempdir().unwrap(),
            facilities: plan.facilities.iter().map(|id| FacilityId::parse(id).unwrap()).collect(),
            master: MasterKey::generate(&*entropy).unwrap(),
            token: Token::generate(&*entropy).unwrap(),
            certificates: development_certificates(&[], SystemClock.now()).unwrap(),
            world: World {
                clock: clock.unwrap_or_else(|| Arc::clone(&manual) as Arc<dyn Clock>),
                entropy,
                indexer: Arc::new(SearchIndex),
            },
            clock: manual,
            bounds: plan.bounds,
            running: None,
        };
        clinic.write_files();
        for facility in &clinic.facilities {
            Store::create(clinic.data(), facility, &clinic.master, &clinic.world).unwrap();
        }
        clinic
    }

    /// The files beside the facilities, so that commands and other programs can work on the directory too.
    fn write_files(&self) {
        let write = |name: &str, text: &str| fs::write(self.data().join(name), text).unwrap();
        fs::create_dir(self.data().join("tls")).unwrap();
        write("master.key", self.master.to_text().reveal());
        write("token", &format!("{}\n", self.token.reveal()));
        write("tls/ca.pem", &self.certificates.ca_certificate);
        write("tls/server.pem", &self.certificates.certificate_chain);
        write("tls/server.key", self.certificates.private_key.reveal());
        write(
            "akashi.toml",
            "[server]\nlisten = \"127.0.0.1:0\"\n[tls]\ncertificate = \"tls/server.pem\"\n\
             private_key = \"tls/server.key\"\n[log]\nlevel = \"warn\"\n",
        );
    }

    /// Opens the facilities and starts the server.
    pub fn open(&mut self) {
        assert!(self.running.is_none(), "the clinic is open already");
        let doors: Vec<records::Facility> = self.facilities.iter().map(|id| self.door(id)).collect();
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let configuration = server::Configuration {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            certificate: ServerCertificate::new(
                load_chain(self.certificates.certificate_chain.as_bytes()).unwrap(),
                load_key(self.certificates.private_key.reveal().as_bytes()).unwrap(),
            )
            .unwrap(),
            client_certificates: None,
            transport: Transport::default(),
            quotas: identity::session::Quotas::default(),
            base_url: None,
            bounds: self.bounds,
        };
        let server = runtime.block_on(Server::bind(configuration, doors)).unwrap();
        let address = server.local_addr();
        let stop = Arc::new(Notify::new());
        let stopped = Arc::clone(&stop);
        let ended = runtime.spawn(server.run(async move { stopped.notified().await }));
        self.running = Some(Running { runtime, address, stop, ended });
    }

    fn door(&self, facility: &FacilityId) -> records::Facility {
        let store = Store::open(self.data(), facility, &self.master, &self.world).unwrap();
        records::Facility::new(
            Arc::new(store),
            Arc::clone(&self.world.clock),
            Arc::clone(&self.world.entropy),
        )
    }

    /// Ends the server in good order and closes the stores.
    pub fn close(&mut self) {
        if let Some(Running { runtime, stop, ended, .. }) = self.running.take() {
            stop.notify_one();
            runtime.block_on(ended).unwrap();
        }
    }

    /// Ends the server and starts it again, on another port. Clients made before lead nowhere then.
    pub fn restart(&mut self) {
        self.close();
        self.open();
    }

    /// A client with a valid token for the first facility.
    pub fn client(&self) -> Client {
        self.client_of(self.facility().as_str())
    }

    /// A client with a valid token for a facility, be there such a facility or not.
    pub fn client_of(&self, facility: &str) -> Client {
        Client::new(self.target(facility))
    }

    /// A client without a token.
    pub fn stranger(&self) -> Client {
        Client::new(Target { token: None, ..self.target(self.facility().as_str()) })
    }

    fn target(&self, facility: &str) -> Target {
        let running = self.running.as_ref().expect("the clinic is closed");
        Target {
            address: running.address,
            ca: self.certificates.ca_certificate.clone(),
            token: Some(self.token.reveal().to_owned()),
            facility: facility.to_owned(),
        }
    }

    /// The data directory.
    pub fn data(&self) -> &Path {
        self.folder.path()
    }

    /// The folder of the first facility.
    pub fn facility_folder(&self) -> PathBuf {
        store::folder(self.data(), self.facility())
    }

    /// The first facility.
    pub fn facility(&self) -> &FacilityId {
        self.facilities.first().expect("a clinic has a facility")
    }

    /// The master key.
    pub fn master(&self) -> &MasterKey {
        &self.master
    }

    /// The clinic's own clock.
    pub fn clock(&self) -> &ManualClock {
        &self.clock
    }

    /// What the stores take from the world.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// Checks the first facility as `akashi verify --data` does.
    pub fn verify(&self) -> Result<Report, Problem> {
        self.verify_since(None)
    }

    /// The same, with a checkpoint kept from before.
    pub fn verify_since(&self, since: Option<&str>) -> Result<Report, Problem> {
        let options = VerifyOptions { since, progress: &|_, _| () };
        verify_data(self.data(), self.facility(), &self.master, &SearchIndex, &options)
    }
}

impl Drop for Clinic {
    /// Also after a failed test: threads that still write when the process ends would hide why it failed.
    fn drop(&mut self) {
        if let Some(Running { runtime, stop, ended, .. }) = self.running.take() {
            stop.notify_one();
            let in_order = runtime.block_on(ended).is_ok();
            assert!(in_order || std::thread::panicking(), "the server did not end in good order");
        }
    }
}
