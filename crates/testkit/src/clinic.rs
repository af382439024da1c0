//! A data directory of its own with the real server on it, in this process: made, stopped, started again, verified.

use crate::client::{Client, Target};
use crate::journal::Journal;
use crate::process::TESTER_KEY;
use base::{
    Clock, Entropy, FacilityId, ManualClock, Problem, SeededEntropy, SystemClock, SystemEntropy, Time,
};
use evidence::{Around, Duties, Evidence, Look, Rules};
use identity::factor::password::Cost;
use identity::session::Quotas;
use identity::{Command, Identity, Settings};
use records::SearchIndex;
use seal::MasterKey;
use server::{
    Bounds, DevelopmentCertificates, House, Server, ServerCertificate, Transport, development_certificates,
    load_chain, load_key, trust_of,
};
use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::{Actor, ActorKind, Report, Store, VerifyOptions, World, verify_data};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// Where the clinic's time comes from.
#[derive(Clone, Copy, Debug)]
pub enum Times {
    /// From a clock that starts on 2026-04-01 and moves on by this many microseconds with every reading.
    Manual(i64),
    /// From a clock that starts at this moment and moves on by this many microseconds with every reading.
    From(Time, i64),
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
    /// How many requests there may be.
    pub quotas: Quotas,
    /// Networks whose connections begin with a PROXY header.
    pub proxies: &'static [&'static str],
    /// Whether the facility lets the tester, a service, finalise, amend and withdraw, and merge patients.
    pub settles: bool,
}

/// Whoever sits at the server itself.
pub fn console() -> Actor {
    Actor::new(ActorKind::System, "console")
}

/// What checking a password costs in tests: as little as the method allows.
pub const CHEAP: Cost = Cost { memory_kib: 8, passes: 1, lanes: 1 };

/// The address under which passkeys know the server in tests.
pub const BASE_URL: &str = "https://localhost:8443";

impl Default for Plan {
    fn default() -> Self {
        Self {
            facilities: &["sakura"],
            times: Times::Manual(1_000),
            chance: Chance::Seeded(1),
            bounds: Bounds::default(),
            quotas: plenty(),
            proxies: &[],
            settles: false,
        }
    }
}

/// Rates that no test reaches by mistake: all of them call from one address.
pub fn plenty() -> Quotas {
    let rate = identity::session::Rate::new(60_000_000, 1_000_000);
    Quotas { facility: rate, account: rate, address: rate, logins: rate }
}

/// The tester answers for what it sends.
const SETTLING: &str =
    r#"permit (principal == Account::"tester", action in [Action::"settle", Action::"identify"], resource);"#;

/// A data directory and the server on it.
#[derive(Debug)]
pub struct Clinic {
    folder: TempDir,
    facilities: Vec<FacilityId>,
    master: MasterKey,
    keys: BTreeMap<String, String>,
    certificates: DevelopmentCertificates,
    clock: Arc<ManualClock>,
    world: World,
    bounds: Bounds,
    quotas: Quotas,
    proxies: &'static [&'static str],
    running: Option<Running>,
}

#[derive(Debug)]
struct Running {
    runtime: Runtime,
    stores: Vec<Arc<Store>>,
    identities: Vec<Arc<Identity>>,
    certificate: ServerCertificate,
    address: SocketAddr,
    stop: Arc<Notify>,
    ended: JoinHandle<()>,
}

impl Clinic {
    /// Entries at the start of each facility's journal: its opening, and policy, account and key of the tester.
    pub const ENTRIES_AT_START: u64 = 4;
    /// Contents that come with the policy of [`Plan::settles`]: the proposal and the law.
    pub const CONTENTS_OF_POLICY: usize = 2;

    /// A clinic with one facility, `sakura`, a clock of its own and repeatable chance.
    pub fn start() -> Self {
        Self::with(Plan::default())
    }

    /// A clinic of this kind.
    #[expect(
        clippy::large_types_passed_by_value,
        reason = "a test writes its plan where it starts the clinic"
    )]
    pub fn with(plan: Plan) -> Self {
        let mut clinic = Self::closed(plan);
        clinic.open();
        clinic
    }

    /// A clinic whose server has not been started yet.
    #[expect(
        clippy::large_types_passed_by_value,
        reason = "a test writes its plan where it starts the clinic"
    )]
    pub fn closed(plan: Plan) -> Self {
        let start = Time::parse("2026-04-01T00:00:00Z").unwrap();
        let (clock, start, step) = match plan.times {
            Times::Manual(step) => (None, start, step),
            Times::From(start, step) => (None, start, step),
            Times::System => (Some(Arc::new(SystemClock) as Arc<dyn Clock>), start, 0),
        };
        let manual = Arc::new(ManualClock::new(start, step));
        let entropy: Arc<dyn Entropy> = match plan.chance {
            Chance::Seeded(seed) => Arc::new(SeededEntropy::new(seed)),
            Chance::System => Arc::new(SystemEntropy),
        };
        let mut clinic = Self {
            folder: tempfile::tempdir().unwrap(),
            facilities: plan.facilities.iter().map(|id| FacilityId::parse(id).unwrap()).collect(),
            master: MasterKey::generate(&*entropy).unwrap(),
            keys: BTreeMap::new(),
            certificates: development_certificates(&[], SystemClock.now()).unwrap(),
            world: World {
                clock: clock.unwrap_or_else(|| Arc::clone(&manual) as Arc<dyn Clock>),
                entropy,
                indexer: Arc::new(SearchIndex),
            },
            clock: manual,
            bounds: plan.bounds,
            quotas: plan.quotas,
            proxies: plan.proxies,
            running: None,
        };
        for facility in clinic.facilities.clone() {
            Store::create(clinic.data(), &facility, &clinic.master, &clinic.world).unwrap();
            let key = clinic.let_in_the_tester(&facility);
            clinic.keys.insert(facility.to_string(), key);
            assert_eq!(clinic.store(&facility).size(), Self::ENTRIES_AT_START);
            if plan.settles {
                clinic.let_the_tester_settle(&facility);
            }
        }
        clinic.write_files();
        clinic
    }

    /// Lets a machine come in by its key alone, and gives one to the tester.
    fn let_in_the_tester(&self, facility: &FacilityId) -> String {
        let identity = self.identity_on(&self.store(facility));
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let commands = [
            r#"{"command":"policy-set","values":{"client-certificates":"off","machine-factors-needed":"1"}}"#,
            r#"{"command":"account-create","account":"tester","kind":"service","name":"tester","scopes":"system/*.cruds","duties":["auditor"]}"#,
            r#"{"command":"account-key","account":"tester"}"#,
        ];
        let mut last = serde_json::Value::Null;
        for command in commands {
            last = runtime
                .block_on(identity.perform(&console(), serde_json::from_str(command).unwrap()))
                .unwrap();
        }
        last.get("key").and_then(serde_json::Value::as_str).unwrap().to_owned()
    }

    /// Adds the policy that a facility adds for a system in which results are validated, by two hands.
    fn let_the_tester_settle(&self, facility: &FacilityId) {
        let identity = self.identity_on(&self.store(facility));
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let perform = |by: &Actor, command: serde_json::Value| {
            runtime.block_on(identity.perform(by, serde_json::from_value(command).unwrap())).unwrap()
        };
        let proposal = serde_json::json!({ "command": "law-propose", "text": SETTLING, "reason": "test" });
        let proposed = perform(&Actor::new(ActorKind::Person, "planner"), proposal);
        let proposal = proposed.get("proposal").and_then(serde_json::Value::as_str).unwrap();
        perform(&console(), serde_json::json!({ "command": "law-approve", "proposal": proposal }));
    }

    /// The files beside the facilities, so that commands and other programs can work on the directory too.
    fn write_files(&self) {
        let write = |name: &str, text: &str| fs::write(self.data().join(name), text).unwrap();
        fs::create_dir(self.data().join("tls")).unwrap();
        write("master.key", self.master.to_text().reveal());
        write(TESTER_KEY, self.key_of(self.facility().as_str()).unwrap_or_default());
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
        let stores: Vec<Arc<Store>> = self.facilities.iter().map(|id| self.store(id)).collect();
        let houses: Vec<(Arc<Identity>, House)> = stores.iter().map(|store| self.house(store)).collect();
        let (identities, houses): (Vec<_>, Vec<_>) = houses.into_iter().unzip();
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let certificate = self.server_certificate();
        let configuration = server::Configuration {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            certificate: certificate.clone(),
            client_certificates: Some(trust_of(&identities)),
            transport: Transport {
                proxy_protocol_from: self.proxies.iter().map(|net| net.parse().unwrap()).collect(),
                ..Transport::default()
            },
            quotas: self.quotas,
            base_url: None,
            bounds: self.bounds,
        };
        let server = runtime.block_on(Server::bind(configuration, houses)).unwrap();
        let address = server.local_addr();
        let stop = Arc::new(Notify::new());
        let stopped = Arc::clone(&stop);
        let ended = runtime.spawn(server.run(async move { stopped.notified().await }));
        self.running = Some(Running { runtime, stores, identities, certificate, address, stop, ended });
    }

    fn server_certificate(&self) -> ServerCertificate {
        let chain = load_chain(self.certificates.certificate_chain.as_bytes()).unwrap();
        ServerCertificate::new(chain, load_key(self.certificates.private_key.reveal().as_bytes()).unwrap())
            .unwrap()
    }

    fn store(&self, facility: &FacilityId) -> Arc<Store> {
        Arc::new(Store::open(self.data(), facility, &self.master, &self.world).unwrap())
    }

    fn identity_on(&self, store: &Arc<Store>) -> Arc<Identity> {
        let (clock, entropy) = (Arc::clone(&self.world.clock), Arc::clone(&self.world.entropy));
        let settings =
            Settings { password_cost: CHEAP, base_url: Some(BASE_URL.to_owned()), facts: Vec::new() };
        Arc::new(Identity::open(Arc::clone(store), clock, entropy, settings).unwrap())
    }

    /// With nothing that a running system shows: tests of the interface bring documents and answers.
    fn evidence_on(&self, store: &Arc<Store>, identity: &Arc<Identity>) -> Arc<Evidence> {
        let (clock, entropy) = (Arc::clone(&self.world.clock), Arc::clone(&self.world.entropy));
        let look: Look = Box::new(|| Box::pin(async { Vec::new() }));
        let rules = Arc::new(Rules::default());
        let identity = Arc::clone(identity);
        let duties: Duties = Box::new(move |account| identity.duties_of(account));
        let around = Around {
            look,
            duties,
            press: Arc::new(|paper| Ok(format!("%PDF stands for version {}", paper.version).into_bytes())),
            name: None,
        };
        Arc::new(Evidence::open(Arc::clone(store), clock, entropy, rules, around).unwrap())
    }

    fn house(&self, store: &Arc<Store>) -> (Arc<Identity>, House) {
        let identity = self.identity_on(store);
        let (clock, entropy) = (Arc::clone(&self.world.clock), Arc::clone(&self.world.entropy));
        let records = records::Facility::new(Arc::clone(store), clock, entropy, identity.law()).unwrap();
        let evidence = self.evidence_on(store, &identity);
        (Arc::clone(&identity), House::new(records, identity, evidence))
    }

    /// The door of the first facility's identities, while the server runs.
    pub fn identity(&self) -> Arc<Identity> {
        self.identity_of(self.facility().as_str())
    }

    /// The door of a facility's identities, while the server runs.
    pub fn identity_of(&self, facility: &str) -> Arc<Identity> {
        let running = self.running.as_ref().expect("the clinic is closed");
        let found = running.identities.iter().find(|identity| identity.facility().as_str() == facility);
        Arc::clone(found.expect("there is such a facility"))
    }

    /// Works on the store of a facility while the server runs.
    pub(crate) fn with_store<T>(&self, facility: &str, work: impl AsyncFnOnce(&Store) -> T) -> T {
        let running = self.running.as_ref().expect("the clinic is closed");
        let found = running.stores.iter().find(|store| store.facility().as_str() == facility);
        running.runtime.block_on(work(found.expect("there is such a facility")))
    }

    /// Finalises what has been a draft since before a moment, as the server does by itself where a facility wants it.
    pub fn lapse(&self, since: Time) -> records::Lapsed {
        let running = self.running.as_ref().expect("the clinic is closed");
        let store = Arc::clone(running.stores.first().expect("a clinic has a facility"));
        let (clock, entropy) = (Arc::clone(&self.world.clock), Arc::clone(&self.world.entropy));
        let facility = records::Facility::new(store, clock, entropy, self.identity().law()).unwrap();
        running.runtime.block_on(facility.lapse(since)).unwrap()
    }

    /// Gives a command to the first facility as its console does, in JSON.
    pub fn command(&self, command: &serde_json::Value) -> Result<serde_json::Value, Problem> {
        self.command_to(self.facility().as_str(), command)
    }

    /// Gives a command to a facility as its console does, in JSON.
    pub fn command_to(
        &self,
        facility: &str,
        command: &serde_json::Value,
    ) -> Result<serde_json::Value, Problem> {
        let command: Command = serde_json::from_value(command.clone()).unwrap();
        let running = self.running.as_ref().expect("the clinic is closed");
        running.runtime.block_on(self.identity_of(facility).perform(&console(), command))
    }

    /// The handle by which the server's certificate is exchanged while it runs.
    pub fn certificate(&self) -> ServerCertificate {
        self.running.as_ref().expect("the clinic is closed").certificate.clone()
    }

    /// The key of the tester in a facility.
    pub fn key_of(&self, facility: &str) -> Option<&str> {
        self.keys.get(facility).map(String::as_str)
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

    /// A client with the tester's key of the first facility.
    pub fn client(&self) -> Client {
        self.client_of(self.facility().as_str())
    }

    /// A client with the tester's key of a facility, be there such a facility or not.
    pub fn client_of(&self, facility: &str) -> Client {
        Client::new(self.target(facility))
    }

    /// A client without a key.
    pub fn stranger(&self) -> Client {
        Client::new(Target { token: None, ..self.target(self.facility().as_str()) })
    }

    fn target(&self, facility: &str) -> Target {
        let running = self.running.as_ref().expect("the clinic is closed");
        Target {
            address: running.address,
            ca: self.certificates.ca_certificate.clone(),
            token: self.key_of(facility).or_else(|| self.key_of(self.facility().as_str())).map(str::to_owned),
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

    /// What the clinic's own clock says.
    pub fn clock_now(&self) -> Time {
        self.clock.now()
    }

    /// Moves the clinic's own clock on.
    pub fn pass_seconds(&self, seconds: i64) {
        self.clock.set(self.clock.now().plus_seconds(seconds));
    }

    /// What the stores take from the world.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// The entries of the first facility's journal at this moment.
    pub fn journal(&self) -> Journal {
        Journal::read(self.data(), self.facility(), &self.master)
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
