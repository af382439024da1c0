//! A facility with its journal in a folder of its own, on a clock that the test moves, and with what its system shows.

use base::{Clock, Entropy, FacilityId, ManualClock, Problem, SystemEntropy, Time};
use evidence::{Around, Command, Duties, Evidence, Look, Rules};
use guideline::{Engine, Fact, FactKey, Kind, Value as FactValue};
use identity::kept::Duty;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex};
use store::{Actor, ActorKind, Indexer, Store, Term, World};
use testkit::MasterKey;

/// Evidence is not searched for.
#[derive(Debug)]
struct Nothing;

impl Indexer for Nothing {
    fn edition(&self) -> &'static str {
        "nothing-1"
    }

    fn terms(&self, _: &[u8]) -> Result<Vec<Term>, Problem> {
        Ok(Vec::new())
    }
}

/// What the running system shows, by key.
type Shown = Arc<Mutex<BTreeMap<String, FactValue>>>;

pub(crate) struct Bench {
    folder: tempfile::TempDir,
    master: MasterKey,
    facility: FacilityId,
    pub(crate) clock: Arc<ManualClock>,
    shown: Shown,
    rules: Arc<Rules>,
    open: Option<(Arc<Store>, Evidence)>,
}

pub(crate) fn start() -> Time {
    Time::parse("2026-04-01T00:00:00Z").unwrap()
}

pub(crate) fn planner() -> Actor {
    Actor::new(ActorKind::Person, "sato")
}

pub(crate) fn console() -> Actor {
    Actor::new(ActorKind::System, "console")
}

impl Bench {
    pub(crate) fn new() -> Self {
        let mut bench = Self {
            folder: tempfile::tempdir().unwrap(),
            master: MasterKey::generate(&SystemEntropy).unwrap(),
            facility: FacilityId::parse("sakura").unwrap(),
            clock: Arc::new(ManualClock::new(start(), 1)),
            shown: Shown::default(),
            rules: Arc::default(),
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
        let clock: Arc<dyn Clock> = Arc::<ManualClock>::clone(&self.clock);
        World { clock, entropy: Arc::new(SystemEntropy), indexer: Arc::new(Nothing) }
    }

    /// As after a restart of the server.
    pub(crate) fn reopen(&mut self) {
        self.open = None;
        let store = Store::open(self.data(), &self.facility, &self.master, &self.world()).unwrap();
        let store = Arc::new(store);
        let (shown, clock) = (Arc::clone(&self.shown), Arc::clone(&self.clock));
        let look: Look = Box::new(move || {
            let now = clock.now();
            let all = shown.lock().unwrap().clone();
            let seen =
                move |(key, value): (String, FactValue)| Fact::seen(&key, value, now, ("試験", "a test"));
            Box::pin(async move { all.into_iter().map(seen).collect() })
        });
        let duties: Duties = Box::new(|account| match account.as_str() {
            "inchou" => [Duty::Executive].into(),
            "sato" | "suzuki" => [Duty::Planner].into(),
            _ => BTreeSet::new(),
        });
        let around = Around {
            look,
            duties,
            press: Arc::new(|paper| {
                Ok(format!("%PDF stands for {} {}", paper.kind, paper.version).into_bytes())
            }),
            name: None,
        };
        let (clock, entropy): (Arc<dyn Clock>, Arc<dyn Entropy>) =
            (Arc::<ManualClock>::clone(&self.clock), Arc::new(SystemEntropy));
        let evidence =
            Evidence::open(Arc::clone(&store), clock, entropy, Arc::clone(&self.rules), around).unwrap();
        self.open = Some((store, evidence));
    }

    fn evidence(&self) -> &Evidence {
        &self.open.as_ref().unwrap().1
    }

    pub(crate) fn engine(&self) -> &Engine {
        self.rules.engine().unwrap()
    }

    /// From now on the system shows this.
    pub(crate) fn shows(&self, key: &str, value: FactValue) {
        self.shown.lock().unwrap().insert(key.to_owned(), value);
    }

    pub(crate) fn passes(&self, days: i64) {
        self.clock.set(self.clock.now().plus_seconds(days * 86_400));
    }

    /// How many entries the journal has.
    pub(crate) fn entries(&self) -> u64 {
        self.open.as_ref().unwrap().0.size()
    }

    /// A command as it comes over the network or the console.
    pub(crate) async fn told(&self, by: &Actor, command: Value) -> Result<Value, Problem> {
        let command: Command = serde_json::from_value(command).unwrap();
        self.evidence().perform(by, command).await
    }

    /// A command of the planner that succeeds.
    pub(crate) async fn does(&self, command: Value) -> Value {
        self.told(&planner(), command).await.unwrap()
    }

    /// The code with which a command is refused.
    pub(crate) async fn refused(&self, by: &Actor, command: Value) -> &'static str {
        let before = self.entries();
        let problem = self.told(by, command).await.unwrap_err();
        assert_eq!(self.entries(), before, "a refused command writes nothing");
        problem.code().id
    }

    pub(crate) async fn assess(&self, edition: &str) -> Value {
        self.does(json!({ "command": "assess", "edition": edition })).await
    }

    /// The verdicts of an edition by requirement.
    pub(crate) async fn verdicts(&self, edition: &str) -> BTreeMap<String, String> {
        let told = self.assess(edition).await;
        let text = |one: &Value, name: &str| one[name].as_str().unwrap().to_owned();
        let all = told["verdicts"].as_array().unwrap();
        all.iter().map(|one| (text(one, "requirement"), text(one, "verdict"))).collect()
    }

    pub(crate) async fn adds(&self, kind: &str, more: Value) -> Value {
        let mut command = json!({
            "command": "document-add",
            "kind": kind,
            "title": format!("文書 {kind}"),
            "version": "1",
            "place": { "shelf": "事務室" },
            "owner": "情報管理室",
            "approved_by": "院長",
        });
        command.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.does(command).await
    }

    pub(crate) async fn attests(&self, question: &str, answer: Value) -> Value {
        let command =
            json!({ "command": "attest", "question": question, "answer": answer, "name": "事務長" });
        self.does(command).await
    }

    /// A facility where everything is in order: what its system shows, its documents, the answers of its people.
    pub(crate) async fn exemplary() -> Self {
        let bench = Self::new();
        let keys: Vec<FactKey> = bench.engine().registry.keys().cloned().collect();
        for key in keys {
            let good = good(&key);
            match key.key.split_once('.').unwrap() {
                ("runtime", _) => bench.shows(&key.key, good),
                ("document", kind) => drop(bench.adds(kind, json!({})).await),
                _ => drop(bench.attests(&key.key, json!(good)).await),
            }
        }
        bench
    }
}

/// A value that nobody has anything against.
fn good(key: &FactKey) -> FactValue {
    /// True is bad, or says that something asked for does not exist here.
    const BAD: [&str; 3] =
        ["runtime.tls.plain_http", "runtime.tls.certificate_self_signed", "runtime.journal.halted"];
    /// That nothing of the kind is done, which is asked for.
    const DENIALS_ASKED_FOR: [&str; 2] =
        ["person.no_other_use_agreed", "person.no_analysis_without_contract"];
    const COUNTS: [(&str, i64); 12] = [
        ("runtime.password.minimum_length", 13),
        ("runtime.password.character_classes", 3),
        ("runtime.tls.certificate_days_left", 90),
        ("runtime.backup.generations", 5),
        ("runtime.session.idle_minutes", 15),
        ("runtime.session.longest_hours", 12),
        ("runtime.lockout.attempts", 5),
        ("runtime.accounts.people", 12),
        ("runtime.accounts.administrators", 2),
        ("runtime.audit.retained_days", 4_000),
        ("runtime.journal.entries", 1_000),
        ("runtime.audit.last_review_days", 5),
    ];
    match key.kind {
        Kind::YesNo => {
            let name = key.key.as_str();
            let denies = name.starts_with("person.no_") && !DENIALS_ASKED_FOR.contains(&name);
            FactValue::YesNo(!denies && !BAD.contains(&name))
        }
        Kind::Count => {
            let found = COUNTS.iter().find(|(name, _)| *name == key.key);
            FactValue::Count(found.map_or(0, |(_, count)| *count))
        }
        Kind::Number if key.key.ends_with("_percent") => FactValue::Number(100.0),
        Kind::Number => FactValue::Number(0.0),
        Kind::Text => FactValue::Text("required".to_owned()),
        Kind::Texts => FactValue::Texts(vec!["TLS 1.3".to_owned()]),
    }
}
