//! A door with its journal in a folder of its own, on a clock that the test moves; and ways to come to it.

use base::{Clock, FacilityId, ManualClock, Problem, SystemEntropy, Time};
use identity::door::{Acceptance, Approach, Caller, Credential, LoggedIn, Problems, StepUp, Visit, WantCode};
use identity::factor::password::Cost;
use identity::session::Carrier;
use identity::{AccountId, Command, Identity, Settings};
use rustls_pki_types::CertificateDer;
use seal::MasterKey;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use store::{Actor, ActorKind, Indexer, Store, Term, World};

/// The public address of every bench.
pub(crate) const ORIGIN: &str = "https://localhost:8443";

/// Identities are not searched for.
#[derive(Debug)]
pub(crate) struct Nothing;

impl Indexer for Nothing {
    fn edition(&self) -> &'static str {
        "nothing-1"
    }

    fn terms(&self, _: &[u8]) -> Result<Vec<Term>, Problem> {
        Ok(Vec::new())
    }
}

/// The clock of the journal: it is read once for every commit, and can be made to stand behind.
#[derive(Debug)]
pub(crate) struct JournalClock {
    clock: Arc<ManualClock>,
    behind: AtomicBool,
    commits: AtomicU64,
}

impl Clock for JournalClock {
    fn now(&self) -> Time {
        self.commits.fetch_add(1, Ordering::SeqCst);
        let now = self.clock.now();
        if self.behind.load(Ordering::SeqCst) { Time::from_microseconds(1) } else { now }
    }
}

pub(crate) struct Bench {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) facility: FacilityId,
    pub(crate) master: MasterKey,
    pub(crate) clock: Arc<ManualClock>,
    journal_clock: Arc<JournalClock>,
    pub(crate) settings: Settings,
    open: Option<(Arc<Store>, Arc<Identity>)>,
}

/// A cost that makes ten thousand tries cheap.
pub(crate) const CHEAP: Cost = Cost { memory_kib: 8, passes: 1, lanes: 1 };

pub(crate) fn start() -> Time {
    Time::parse("2026-04-01T00:00:00Z").unwrap()
}

impl Bench {
    /// A facility that asks for no client certificates.
    pub(crate) async fn new() -> Self {
        let bench = Self::as_made("sakura");
        bench.set("client-certificates", "off").await;
        bench
    }

    /// A facility as it is made.
    pub(crate) fn as_made(facility: &str) -> Self {
        crate::work::listen();
        let clock = Arc::new(ManualClock::new(start(), 1));
        let journal_clock = Arc::new(JournalClock {
            clock: Arc::clone(&clock),
            behind: AtomicBool::new(false),
            commits: AtomicU64::new(0),
        });
        let mut bench = Self {
            folder: tempfile::tempdir().unwrap(),
            facility: FacilityId::parse(facility).unwrap(),
            master: MasterKey::generate(&SystemEntropy).unwrap(),
            clock,
            journal_clock,
            settings: Settings { password_cost: CHEAP, base_url: Some(ORIGIN.to_owned()), facts: Vec::new() },
            open: None,
        };
        Store::create(bench.data(), &bench.facility, &bench.master, &bench.world()).unwrap();
        bench.reopen();
        bench
    }

    pub(crate) fn data(&self) -> &Path {
        self.folder.path()
    }

    fn world(&self) -> World {
        let clock: Arc<dyn Clock> = Arc::<JournalClock>::clone(&self.journal_clock);
        World { clock, entropy: Arc::new(SystemEntropy), indexer: Arc::new(Nothing) }
    }

    /// As after a restart of the server.
    pub(crate) fn reopen(&mut self) {
        self.open = None;
        let store = Store::open(self.data(), &self.facility, &self.master, &self.world()).unwrap();
        let store = Arc::new(store);
        let clock: Arc<dyn Clock> = Arc::<ManualClock>::clone(&self.clock);
        let door = Identity::open(Arc::clone(&store), clock, Arc::new(SystemEntropy), self.settings.clone());
        self.open = Some((store, Arc::new(door.unwrap())));
    }

    /// Shuts the journal, so that its folder can be looked at.
    pub(crate) fn close(&mut self) {
        self.open = None;
    }

    pub(crate) fn door(&self) -> Arc<Identity> {
        Arc::clone(&self.open.as_ref().unwrap().1)
    }

    pub(crate) fn store(&self) -> Arc<Store> {
        Arc::clone(&self.open.as_ref().unwrap().0)
    }

    pub(crate) fn now(&self) -> Time {
        self.clock.now()
    }

    /// Moves the clock, forwards or back.
    pub(crate) fn pass(&self, seconds: i64) {
        self.clock.set(self.now().plus_seconds(seconds));
    }

    /// From now on the journal takes nothing, or takes everything again.
    pub(crate) fn journal_refuses(&self, refuses: bool) {
        self.journal_clock.behind.store(refuses, Ordering::SeqCst);
    }

    /// How often the journal has been written to.
    pub(crate) fn commits(&self) -> u64 {
        self.journal_clock.commits.load(Ordering::SeqCst)
    }

    /// All notes under a prefix.
    pub(crate) fn notes(&self, prefix: &str) -> Vec<(String, String)> {
        self.store().inspect(|inside| inside.notes(prefix)).unwrap()
    }

    /// Every entry (`entry`) or content (`content`) of the journal, as it lies on the disk.
    pub(crate) fn journal(&self, table: &str) -> Vec<Vec<u8>> {
        let database = testkit::open_database(self.data(), &self.facility, &self.master);
        let mut rows = database.prepare(&format!("SELECT body FROM {table} ORDER BY position")).unwrap();
        let bodies = rows.query_map([], |row| row.get(0)).unwrap();
        bodies.collect::<Result<_, _>>().unwrap()
    }

    /// Gives a command on the server itself.
    pub(crate) async fn run(&self, command: Value) -> Value {
        let said = command.to_string();
        self.try_run(command).await.unwrap_or_else(|problem| panic!("{said}: {problem}"))
    }

    pub(crate) async fn try_run(&self, command: Value) -> Result<Value, Problem> {
        self.door().perform(&console(), of(command)).await
    }

    /// The code with which a command is refused.
    pub(crate) async fn refused(&self, command: Value) -> &'static str {
        id(self.try_run(command).await)
    }

    /// Sets one value of the policy.
    pub(crate) async fn set(&self, name: &str, value: &str) {
        self.run(serde_json::json!({ "command": "policy-set", "values": { name: value } })).await;
    }

    pub(crate) async fn login(&self, login: Value, way: &Way) -> Result<LoggedIn, Problem> {
        let header = |name: &str| way.values(name);
        self.door().login(of(login), &way.approach(&header), way.visit()).await
    }

    pub(crate) fn identify(&self, way: &Way, credential: Credential<'_>) -> Result<Option<Caller>, Problem> {
        let header = |name: &str| way.values(name);
        self.door().identify(&way.approach(&header), credential)
    }

    /// Who calls with this token, over the way on which it was given out.
    pub(crate) fn caller(&self, way: &Way, token: &str) -> Result<Caller, Problem> {
        let credential = match way.carrier {
            Carrier::Bearer => Credential::Bearer(token),
            Carrier::Cookie => Credential::Cookie(token),
        };
        self.identify(way, credential).map(Option::unwrap)
    }

    pub(crate) async fn step_up(
        &self,
        way: &Way,
        caller: &Caller,
        step_up: Value,
    ) -> Result<LoggedIn, Problem> {
        let header = |name: &str| way.values(name);
        let step_up: StepUp = of(step_up);
        self.door().step_up(caller, step_up, &way.approach(&header), way.visit()).await
    }

    pub(crate) async fn send_code(&self, way: &Way, wanted: Value) -> Result<(), Problem> {
        let header = |name: &str| way.values(name);
        let wanted: WantCode = of(wanted);
        let language = base::Language::Japanese;
        self.door().send_code(wanted, &way.approach(&header), way.visit(), language).await
    }

    pub(crate) fn challenge(&self, way: &Way) -> Result<Value, Problem> {
        let header = |name: &str| way.values(name);
        self.door().passkey_challenge(&way.approach(&header))
    }

    pub(crate) fn open_invitation(&self, code: &str) -> Result<Value, Problem> {
        let way = Way::bearer();
        let header = |name: &str| way.values(name);
        self.door().open_invitation(code, None, &way.approach(&header))
    }

    pub(crate) async fn accept(&self, acceptance: Value) -> Result<Value, Problems> {
        let way = Way::bearer();
        let header = |name: &str| way.values(name);
        let acceptance: Acceptance = of(acceptance);
        self.door().accept_invitation(acceptance, &way.approach(&header)).await
    }
}

/// How somebody comes.
#[derive(Clone)]
pub(crate) struct Way {
    pub(crate) address: IpAddr,
    pub(crate) socket: IpAddr,
    pub(crate) chain: Vec<CertificateDer<'static>>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) carrier: Carrier,
    /// The cookie by which the browser is known.
    pub(crate) device: Option<String>,
    /// Whether a page comes by itself, without its person.
    pub(crate) unattended: bool,
    /// Whether it is noted beside the journal, because writing is stopped.
    pub(crate) noted: bool,
}

impl Way {
    /// A program.
    pub(crate) fn bearer() -> Self {
        Self {
            address: address("192.0.2.1"),
            socket: address("192.0.2.1"),
            chain: Vec::new(),
            headers: Vec::new(),
            carrier: Carrier::Bearer,
            device: None,
            unattended: false,
            noted: false,
        }
    }

    /// To look at what is proven while writing is stopped.
    pub(crate) fn in_emergency(self) -> Self {
        Self { noted: true, ..self }
    }

    /// A browser.
    pub(crate) fn cookie() -> Self {
        Self { carrier: Carrier::Cookie, ..Self::bearer() }
    }

    /// Without the person.
    pub(crate) fn unattended(self) -> Self {
        Self { unattended: true, ..self }
    }

    /// Over a connection with this chain, PEM.
    pub(crate) fn over(mut self, chain: &str) -> Self {
        self.chain = ders(chain);
        self
    }

    /// From a browser that keeps this cookie.
    pub(crate) fn known(mut self, login: &LoggedIn) -> Self {
        self.device = Some(login.device.as_ref().unwrap().reveal().to_owned());
        self
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn values(&self, name: &str) -> Vec<&str> {
        let same = |(given, _): &&(String, String)| given == name;
        self.headers.iter().filter(same).map(|(_, value)| value.as_str()).collect()
    }

    pub(crate) fn approach<'a>(
        &'a self,
        header: &'a (dyn Fn(&str) -> Vec<&'a str> + Send + Sync),
    ) -> Approach<'a> {
        let unattended = self.unattended;
        Approach { address: self.address, socket: self.socket, chain: &self.chain, header, unattended }
    }

    fn visit(&self) -> Visit<'_> {
        let (carrier, device, noted) = (self.carrier, self.device.as_deref(), self.noted);
        Visit { carrier, agent: "Browser/1.0", device, noted }
    }
}

/// Whoever sits at the server.
pub(crate) fn console() -> Actor {
    Actor::new(ActorKind::System, "console")
}

pub(crate) fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

pub(crate) fn account(text: &str) -> AccountId {
    AccountId::parse(text).unwrap()
}

/// Certificates of a PEM text, in DER.
pub(crate) fn ders(pem: &str) -> Vec<CertificateDer<'static>> {
    use rustls_pki_types::pem::PemObject as _;
    CertificateDer::pem_slice_iter(pem.as_bytes()).map(Result::unwrap).collect()
}

/// What JSON says.
pub(crate) fn of<T: DeserializeOwned>(json: Value) -> T {
    serde_json::from_value(json).unwrap()
}

/// A command of JSON, or why it is none.
pub(crate) fn command(json: Value) -> Result<Command, serde_json::Error> {
    serde_json::from_value(json)
}

/// The code of a refusal.
pub(crate) fn id<T>(result: Result<T, Problem>) -> &'static str {
    match result {
        Ok(_) => "none",
        Err(problem) => problem.code().id,
    }
}

/// The codes of all that was wrong.
pub(crate) fn ids<T>(result: Result<T, Problems>) -> Vec<&'static str> {
    match result {
        Ok(_) => Vec::new(),
        Err(Problems(problems)) => problems.iter().map(|problem| problem.code().id).collect(),
    }
}

/// A text of an answer.
pub(crate) fn text<'a>(json: &'a Value, pointer: &str) -> &'a str {
    json.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("{pointer} is not in {json}"))
}
