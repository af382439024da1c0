//! States on a real journal: thousands of random changes by people and machines. The writer takes what a small model takes,
//! and the verifiers agree with the writer.

#![expect(clippy::unwrap_used, reason = "a test ends at the first thing that is not as it should be")]

mod kit;

use access::{Action, Context, Permit, Resource, Who, WhoKind};
use base::{
    Clock, Entropy, FacilityId, ManualClock, Problem, RecordKey, ResourceId, SeededEntropy, Time,
    VersionNumber,
};
use kit::{Desk, LAW};
use seal::MasterKey;
use std::path::Path;
use std::sync::Arc;
use store::{
    Act, Actor, ActorKind, Batch, Change, Expected, Indexer, Is, Links, Mark, Says, State, Store, Term,
    VerifyOptions, World, verify_data,
};

/// Changes that are tried.
const TRIES: usize = 3_000;
/// Records that they meet on.
const RECORDS: usize = 4;

/// Rows of states alone.
#[derive(Debug)]
struct States;

const STATE: &str = "Observation.state";
const SINCE: &str = "Observation.since";

impl Indexer for States {
    fn edition(&self) -> &'static str {
        "states"
    }

    fn terms(&self, _: &[u8]) -> Result<Vec<Term>, Problem> {
        Ok(Vec::new())
    }

    fn state_terms(&self, kind: &str, state: &State) -> Vec<Term> {
        let term = || Term { param: STATE, value: state.is.word().into() };
        if kind == "Observation" { vec![term()] } else { Vec::new() }
    }

    fn since_term(&self, kind: &str, since: Time) -> Option<Term> {
        let value = || since.microseconds().to_be_bytes().to_vec();
        (kind == "Observation").then(|| Term { param: SINCE, value: value() })
    }
}

struct NoLinks;

impl Links for NoLinks {
    fn to(&self, _: &RecordKey) -> Vec<Vec<u8>> {
        Vec::new()
    }

    fn from(&self, _: &[u8]) -> Option<RecordKey> {
        None
    }
}

/// What the index says of a record: its state, and since when.
fn indexed(desk: &Desk, key: &RecordKey) -> (Vec<Vec<u8>>, Vec<Vec<u8>>) {
    desk.look(|snapshot| {
        let Some(hit) = snapshot.hit(key, &NoLinks)? else { return Ok((Vec::new(), Vec::new())) };
        let rows = |param| snapshot.values(hit.record, &[param], &NoLinks);
        Ok((rows(STATE)?, rows(SINCE)?))
    })
    .unwrap()
}

/// What a record is, as the model has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Model {
    Nothing,
    Unmarked,
    State(Is),
}

/// What is tried.
#[derive(Clone, Copy, Debug)]
enum Try {
    /// A write whose status says this, with or without the permit to finalise.
    Write(Option<Is>, bool),
    Import(Option<Is>),
    /// A write whose status says nothing of the state; with it, whether nothing but the progress of the thing changes.
    Unsaid(bool),
    /// The same, taken over.
    ImportUnsaid,
    Finalize(Is),
    Amend(Is),
    Withdraw(Is),
    /// Finalising by a deadline, by whoever acts.
    Lapse(Is),
    Delete,
    /// A write that says nothing of states at all.
    Plain,
}

impl Model {
    /// What becomes of it; none where it must be refused.
    fn after(self, tried: Try) -> Option<Self> {
        use Is::{Amended, Draft, Final, Withdrawn};
        let free = matches!(self, Self::Nothing | Self::Unmarked);
        match (self, tried) {
            (_, Try::Write(None, _) | Try::Import(None) | Try::Plain) => free.then_some(Self::Unmarked),
            (Self::Nothing | Self::Unmarked | Self::State(Draft), Try::Write(Some(Draft), _)) => {
                Some(Self::State(Draft))
            }
            (Self::Nothing | Self::Unmarked | Self::State(Draft), Try::Write(Some(Final), may)) => {
                may.then_some(Self::State(Final))
            }
            (Self::Unmarked, Try::Write(Some(is), _)) => Some(Self::State(is)),
            (Self::Nothing | Self::Unmarked | Self::State(Draft), Try::Import(Some(is)))
            | (Self::State(Final | Amended), Try::Import(Some(is @ (Amended | Withdrawn)))) => {
                Some(Self::State(is))
            }
            (Self::Nothing | Self::Unmarked | Self::State(Draft), Try::Unsaid(_)) => Some(Self::State(Draft)),
            (Self::State(Final | Amended), Try::Unsaid(true)) => Some(self),
            (Self::Nothing | Self::Unmarked, Try::ImportUnsaid) => Some(Self::Unmarked),
            (Self::State(Draft), Try::ImportUnsaid) => Some(self),
            (Self::Unmarked | Self::State(Draft), Try::Finalize(Final)) => Some(Self::State(Final)),
            (Self::State(Final | Amended), Try::Amend(Amended)) => Some(Self::State(Amended)),
            (Self::Unmarked | Self::State(Draft | Final | Amended), Try::Withdraw(Withdrawn)) => {
                Some(Self::State(Withdrawn))
            }
            (Self::Nothing | Self::Unmarked | Self::State(Draft), Try::Delete) => Some(Self::Nothing),
            _ => None,
        }
    }
}

struct Draw(SeededEntropy);

impl Draw {
    fn below(&self, bound: usize) -> usize {
        let mut bytes = [0; 2];
        self.0.fill(&mut bytes).unwrap();
        usize::from(u16::from_le_bytes(bytes)) % bound
    }

    fn is(&self) -> Is {
        *Is::ALL.get(self.below(4)).unwrap()
    }

    fn says(&self) -> Option<Is> {
        (self.below(6) > 0).then(|| self.is())
    }

    /// Mostly what can be done, so that records get far; also what cannot.
    fn tried(&self) -> Try {
        let fitting = self.below(3) > 0;
        let or = |is: Is| if fitting { is } else { self.is() };
        match self.below(16) {
            0 | 1 => Try::Write(Some(or(Is::Draft)), self.below(2) == 0),
            2 | 3 => Try::Write(self.says(), self.below(2) == 0),
            12 | 13 => Try::Unsaid(self.below(2) == 0),
            14 => Try::ImportUnsaid,
            15 => Try::Lapse(or(Is::Final)),
            4 => Try::Import(self.says()),
            5 | 6 => Try::Finalize(or(Is::Final)),
            7 | 8 => Try::Amend(or(Is::Amended)),
            9 => Try::Withdraw(or(Is::Withdrawn)),
            10 => Try::Delete,

            _ => Try::Plain,
        }
    }

    fn actor(&self) -> Actor {
        match self.below(4) {
            0 => Actor::new(ActorKind::Person, "hana"),
            1 => Actor::new(ActorKind::Person, "taro"),
            2 => Actor::new(ActorKind::System, "system"),
            _ => Actor::new(ActorKind::Service, "lab"),
        }
    }
}

fn says(is: Is) -> Says {
    let fits = match is {
        Is::Draft => &[Is::Draft],
        Is::Final => &[Is::Final],
        Is::Amended => &[Is::Amended],
        Is::Withdrawn => &[Is::Withdrawn],
    };
    Says { status: is.word(), fits, named: true }
}

/// What a content says whose state stands beside its status.
const UNSAID: Says = Says { status: "-", fits: &[Is::Draft, Is::Final, Is::Amended], named: false };

/// The permit of a doctor to settle; of the tester and the system for the rest.
fn permit(action: Action, key: &RecordKey) -> Permit {
    if action == Action::LAPSE {
        let system = Who::system("sakura", "test");
        return LAW.permit(&system, action, key, &Resource::of_kind(&key.kind), &Context::default()).unwrap();
    }
    if ![Action::FINALIZE, Action::AMEND, Action::WITHDRAW].contains(&action) {
        return kit::permit(action, key);
    }
    let doctor = Who {
        kind: WhoKind::Person,
        account: "hana".to_owned(),
        occupation: Some("doctor"),
        ..Who::unknown("sakura")
    };
    LAW.permit(&doctor, action, key, &Resource::of_kind(&key.kind), &Context::default()).unwrap()
}

fn content(key: &RecordKey) -> Act {
    let key = key.clone();
    let render = move |version: VersionNumber, time: Time| {
        format!(
            r#"{{"resourceType":"{}","id":"{}","meta":{{"versionId":"{version}","lastUpdated":"{time}"}}}}"#,
            key.kind, key.id
        )
        .into_bytes()
    };
    Act::Put { render: Box::new(render), terms: Vec::new() }
}

/// The changes of one try; settling ones with their Provenance.
fn changes(key: &RecordKey, tried: Try, number: usize) -> Vec<Change> {
    let put = |permit: &Permit| Change::new(permit, Expected::Anything, content(key)).unwrap();
    let settle = |action: Action, is: Is| {
        let permit = permit(action, key);
        let id = ResourceId::parse(&format!("p{number}")).unwrap();
        let mark = Mark::settle(&permit, Some(says(is)), id.as_str()).unwrap();
        let told = RecordKey::new("Provenance", id.clone());
        let beside = Change::provenance(&permit, id, content(&told)).unwrap();
        vec![put(&permit).marked(&permit, mark).unwrap(), beside]
    };
    match tried {
        Try::Write(is, finalize) => {
            let update = permit(Action::UPDATE, key);
            let finalize = finalize.then(|| permit(Action::FINALIZE, key));
            let mark = Mark::write(key, is.map(says), finalize.as_ref());
            vec![put(&update).marked(&update, mark).unwrap()]
        }
        Try::Import(is) => {
            let import = permit(Action::IMPORT, key);
            vec![put(&import).marked(&import, Mark::import(is.map(says))).unwrap()]
        }
        Try::Unsaid(progress) => {
            let update = permit(Action::UPDATE, key);
            let mark = Mark::write(key, Some(UNSAID), None);
            let mark = if progress { mark.progressing() } else { mark };
            vec![put(&update).marked(&update, mark).unwrap()]
        }
        Try::ImportUnsaid => {
            let import = permit(Action::IMPORT, key);
            vec![put(&import).marked(&import, Mark::import(Some(UNSAID))).unwrap()]
        }
        Try::Finalize(is) => settle(Action::FINALIZE, is),
        Try::Amend(is) => settle(Action::AMEND, is),
        Try::Withdraw(is) => settle(Action::WITHDRAW, is),
        Try::Lapse(is) => settle(Action::LAPSE, is),
        Try::Delete => {
            vec![Change::new(&permit(Action::DELETE, key), Expected::Anything, Act::Delete).unwrap()]
        }
        Try::Plain => vec![kit::change(key.clone(), Expected::Anything, content(key))],
    }
}

struct Bench {
    folder: tempfile::TempDir,
    master: MasterKey,
    world: World,
    facility: FacilityId,
}

impl Bench {
    fn new() -> Self {
        let entropy = Arc::new(SeededEntropy::new(1));
        let clock = Arc::new(ManualClock::new(Time::parse("2026-04-01T00:00:00Z").unwrap(), 1));
        let bench = Self {
            folder: tempfile::tempdir().unwrap(),
            master: MasterKey::generate(&*entropy).unwrap(),
            world: World { clock: clock as Arc<dyn Clock>, entropy, indexer: Arc::new(States) },
            facility: FacilityId::parse("sakura").unwrap(),
        };
        Store::create(bench.data(), &bench.facility, &bench.master, &bench.world).unwrap();
        bench
    }

    fn data(&self) -> &Path {
        self.folder.path()
    }

    fn open(&self) -> Desk {
        Desk::at(Store::open(self.data(), &self.facility, &self.master, &self.world).unwrap())
    }
}

#[tokio::test]
async fn no_sequence_of_changes_reaches_a_forbidden_state_and_the_verifiers_agree_with_the_writer() {
    let bench = Bench::new();
    let desk = bench.open();
    let draw = Draw(SeededEntropy::new(7));
    let (mut taken, mut refused) = (0, 0);
    let mut records = [Model::Nothing; RECORDS];
    let mut since = [None; RECORDS];
    // Whether somebody answers for a draft: whoever began it, if a person did.
    let mut answered = [false; RECORDS];
    let mut lapsed = 0;
    // A withdrawn record ends: another takes its place.
    let mut generation = [0; RECORDS];
    for number in 0..TRIES {
        let place = draw.below(RECORDS);
        let key = RecordKey::parse(&format!("Observation/r{place}-{}", generation[place])).unwrap();
        let (tried, mut actor) = (draw.tried(), draw.actor());
        // Mostly by whom it can be done.
        if matches!(tried, Try::Lapse(_)) && draw.below(4) > 0 {
            actor = Actor::new(ActorKind::System, "system");
        }
        let before = records[place];
        let expected = match tried {
            Try::Lapse(is) => {
                let fits = before == Model::State(Is::Draft) && is == Is::Final && answered[place];
                let fits = fits && actor.kind == ActorKind::System;
                lapsed += usize::from(fits);
                fits.then_some(Model::State(Is::Final))
            }
            _ => before.after(tried),
        };
        let by_person = actor.kind == ActorKind::Person;
        let written = desk.append(Batch::new(actor, changes(&key, tried, number))).await;
        assert_eq!(written.is_ok(), expected.is_some(), "{number}: {before:?}, {tried:?}: {written:?}");
        match expected {
            Some(after) => {
                if before != Model::State(Is::Draft) || matches!(tried, Try::Import(_) | Try::ImportUnsaid) {
                    answered[place] = by_person && !matches!(tried, Try::Import(_) | Try::ImportUnsaid);
                }
                // A version that leaves the record in its state does not begin the time anew.
                if after != before || matches!(after, Model::Nothing | Model::Unmarked) {
                    let time = written.unwrap().written[0].time;
                    since[place] = matches!(after, Model::State(_)).then_some(time);
                }
                let word = match after {
                    Model::State(is) => vec![is.word().as_bytes().to_vec()],
                    Model::Nothing | Model::Unmarked => Vec::new(),
                };
                let moment = since[place].map(|time: Time| time.microseconds().to_be_bytes().to_vec());
                let told = (word, moment.into_iter().collect());
                assert_eq!(indexed(&desk, &key), told, "{number}: {before:?}, {tried:?}");
                records[place] = after;
                taken += 1;
            }
            None => refused += 1,
        }
        if before == Model::State(Is::Withdrawn) && draw.below(2) == 0 {
            generation[place] += 1;
            records[place] = Model::Nothing;
            since[place] = None;
        }
    }
    assert!(taken > TRIES / 4 && refused > TRIES / 4, "{taken} taken, {refused} refused");
    assert!(lapsed > 5, "{lapsed} by a deadline");
    drop(desk);
    let options = VerifyOptions { since: None, progress: &|_, _| () };
    let verify = || verify_data(bench.data(), &bench.facility, &bench.master, &States, &options);
    verify().unwrap();
    Store::reindex(bench.data(), &bench.facility, &bench.master, &States, &|_, _| ()).unwrap();
    verify().unwrap();
    let desk = bench.open();
    for (place, time) in since.iter().enumerate() {
        let key = RecordKey::parse(&format!("Observation/r{place}-{}", generation[place])).unwrap();
        let time = time.map(|time: Time| time.microseconds().to_be_bytes().to_vec());
        assert_eq!(indexed(&desk, &key).1, Vec::from_iter(time), "{key}: derived from the journal alone");
    }
}

#[tokio::test]
async fn a_batch_of_which_one_change_is_refused_leaves_nothing() {
    let bench = Bench::new();
    let desk = bench.open();
    let by = |changes| Batch::new(Actor::new(ActorKind::Person, "hana"), changes);
    let key = |id: &str| RecordKey::parse(&format!("Observation/{id}")).unwrap();
    desk.append(by(changes(&key("a"), Try::Write(Some(Is::Final), true), 0))).await.unwrap();
    let both = [
        changes(&key("b"), Try::Write(Some(Is::Draft), false), 1),
        changes(&key("a"), Try::Write(Some(Is::Draft), false), 2),
    ];
    assert_eq!(desk.append(by(both.into_iter().flatten().collect())).await.unwrap_err().code().id, "ST-0028");
    assert!(desk.look(|snapshot| snapshot.current(&key("b"))).unwrap().is_none());
    let half = changes(&key("a"), Try::Withdraw(Is::Amended), 3);
    assert_eq!(desk.append(by(half)).await.unwrap_err().code().id, "ST-0030");
    assert!(
        desk.look(|snapshot| snapshot.current(&RecordKey::parse("Provenance/p3").unwrap()))
            .unwrap()
            .is_none()
    );
}

#[test]
fn a_permit_for_one_act_is_none_for_another() {
    let (a, b) = (RecordKey::parse("Observation/a").unwrap(), RecordKey::parse("Observation/b").unwrap());
    let update = permit(Action::UPDATE, &a);
    assert!(Mark::settle(&update, Some(says(Is::Final)), "p").is_err());
    assert!(Change::provenance(&update, ResourceId::parse("p").unwrap(), content(&a)).is_err());
    let put = |permit: &Permit| Change::new(permit, Expected::Anything, content(permit.key())).unwrap();
    assert!(put(&update).marked(&update, Mark::import(Some(says(Is::Final)))).is_err());
    assert!(put(&update).marked(&permit(Action::UPDATE, &b), Mark::write(&b, None, None)).is_err());
    let import = permit(Action::IMPORT, &a);
    assert!(put(&import).marked(&import, Mark::write(&a, None, None)).is_err());
}
