//! States on a real journal: thousands of random changes by people and machines. The writer takes what a small model takes,
//! and the verifiers agree with the writer.

#![expect(clippy::unwrap_used, reason = "a test ends at the first thing that is not as it should be")]

mod kit;

use access::{Action, Answerable, Context, Permit, Resource, Who, WhoKind};
use base::limits::COSIGNERS_MAX;
use base::{
    Clock, Entropy, FacilityId, ManualClock, Problem, RecordKey, ResourceId, SeededEntropy, Time,
    VersionNumber,
};
use kit::{Desk, LAW};
use seal::MasterKey;
use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;
use store::{
    Act, Actor, ActorKind, Batch, Change, Entry, Expected, Indexer, Is, Links, Mark, Says, State, Store,
    Term, VerifyOptions, World, verify_data,
};

/// Changes that are tried.
const TRIES: usize = 3_000;
/// Records that they meet on.
const RECORDS: usize = 4;

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
#[derive(Clone, Debug, PartialEq, Eq)]
enum Model {
    Nothing,
    Unmarked,
    State(Stands),
}

/// A state with its accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Stands {
    is: Is,
    responsible: Option<&'static str>,
    entered: Option<&'static str>,
    cosigned: Vec<&'static str>,
}

/// What is tried.
#[derive(Clone, Copy, Debug)]
enum Try {
    /// A write whose status says this, with or without the permit to finalise.
    Write(Option<Is>, bool),
    /// A write for somebody.
    Entered(Is, &'static str),
    Import(Option<Is>),
    /// A write whose status says nothing of the state; with it, whether nothing but the progress of the thing changes.
    Unsaid(bool),
    /// The same, taken over.
    ImportUnsaid,
    /// Finalising by a deadline, by whoever acts.
    Lapse(Is),
    Finalize(Is),
    Approve(Is),
    Return,
    Assign(&'static str),
    Amend(Is),
    Withdraw(Is),
    Cosign(Is),
    Delete,
    /// A write that says nothing of states at all.
    Plain,
}

/// Who acts: two people, who can be named, a machine, and the system itself.
const WHO: [&str; 4] = ["hana", "taro", "lab", "system"];

fn is_person(who: &str) -> bool {
    !["lab", "system"].contains(&who)
}

impl Stands {
    fn by(is: Is, responsible: Option<&'static str>) -> Self {
        Self { is, responsible, entered: None, cosigned: Vec::new() }
    }

    fn is_proxy(&self) -> bool {
        self.is == Is::Draft && self.entered.is_some()
    }

    /// Whether somebody may settle it by their own name.
    fn is_free_for(&self, who: &str) -> bool {
        !self.is_proxy() || self.responsible == Some(who)
    }

    /// What becomes of a state by an act of its own name.
    fn settled(&self, tried: Try, who: &'static str) -> Option<Self> {
        use Is::{Amended, Draft, Final, Withdrawn};
        let (proxy, stands) = (self.is_proxy(), [Final, Amended].contains(&self.is));
        let mine = proxy && self.responsible == Some(who) && is_person(who);
        match tried {
            Try::Unsaid(true) if stands => Some(Self { cosigned: Vec::new(), ..self.clone() }),
            Try::Lapse(Final) if self.is == Draft && !proxy => {
                let may = who == "system" && self.responsible.is_some();
                may.then(|| Self { is: Final, ..self.clone() })
            }
            Try::Finalize(Final) if self.is == Draft && !proxy => Some(Self::by(Final, Some(who))),
            Try::Approve(Final) if mine => Some(Self { is: Final, ..self.clone() }),
            Try::Return if mine => Some(self.clone()),
            Try::Assign(to) if proxy && is_person(who) => {
                let another = self.responsible != Some(to) && self.entered != Some(to);
                another.then(|| Self { responsible: Some(to), ..self.clone() })
            }
            Try::Amend(Amended) if stands => Some(Self::by(Amended, Some(who))),
            Try::Withdraw(Withdrawn) if stands || self.is == Draft && self.is_free_for(who) => {
                Some(Self::by(Withdrawn, Some(who)))
            }
            Try::Cosign(is) if stands && is == self.is && is_person(who) => {
                let once = self.responsible != Some(who) && !self.cosigned.contains(&who);
                once.then(|| {
                    let cosigned = self.cosigned.iter().copied().chain([who]).collect();
                    Self { cosigned, ..self.clone() }
                })
            }
            _ => None,
        }
    }
}

impl Model {
    /// What becomes of it; none where it must be refused.
    fn after(&self, tried: Try, who: &'static str) -> Option<Self> {
        use Is::{Amended, Draft, Final, Withdrawn};
        let own = || is_person(who).then_some(who);
        let state = |is, responsible| Some(Self::State(Stands::by(is, responsible)));
        match (self, tried) {
            (_, Try::Write(None, _) | Try::Import(None) | Try::Plain)
            | (Self::Nothing | Self::Unmarked, Try::ImportUnsaid) => {
                (!matches!(self, Self::State(_))).then_some(Self::Unmarked)
            }
            (Self::Nothing | Self::Unmarked, Try::Write(Some(Draft), _) | Try::Unsaid(_)) => {
                state(Draft, own())
            }
            (Self::Nothing | Self::Unmarked, Try::Write(Some(Final), may)) => {
                if may {
                    state(Final, Some(who))
                } else {
                    None
                }
            }
            (Self::Unmarked, Try::Write(Some(is), _)) => state(is, Some(who)),
            (Self::Nothing | Self::Unmarked, Try::Import(Some(is))) => state(is, None),
            (Self::Nothing | Self::Unmarked, Try::Entered(Draft, to)) => {
                let two = is_person(who) && who != to;
                let stands = Stands { entered: Some(who), ..Stands::by(Draft, Some(to)) };
                two.then_some(Self::State(stands))
            }
            (Self::Nothing | Self::Unmarked, Try::Delete) => Some(Self::Nothing),
            (Self::Unmarked, Try::Finalize(Final)) => state(Final, Some(who)),
            (Self::Unmarked, Try::Withdraw(Withdrawn)) => state(Withdrawn, Some(who)),
            (Self::Nothing | Self::Unmarked, _) => None,
            (Self::State(held), tried) => match tried {
                Try::Write(Some(Draft), _) | Try::Unsaid(_) if held.is == Draft => Some(self.clone()),
                Try::ImportUnsaid if held.is == Draft && !held.is_proxy() => state(Draft, None),
                Try::Write(Some(Final), true) if held.is == Draft && !held.is_proxy() => {
                    state(Final, Some(who))
                }
                Try::Entered(Draft, to) if held.is_proxy() => {
                    let same = held.responsible == Some(to) && held.entered == Some(who);
                    same.then(|| self.clone())
                }
                Try::Import(Some(is)) if held.is == Draft && !held.is_proxy() => state(is, None),
                Try::Import(Some(is @ (Amended | Withdrawn))) if [Final, Amended].contains(&held.is) => {
                    state(is, None)
                }
                Try::Delete if held.is == Draft && held.is_free_for(who) => Some(Self::Nothing),
                tried => held.settled(tried, who).map(Self::State),
            },
        }
    }
}

impl Model {
    fn is(&self) -> Option<Is> {
        match self {
            Self::State(stands) => Some(stands.is),
            Self::Nothing | Self::Unmarked => None,
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
        match self.below(36) {
            24..=26 => Try::Unsaid(self.below(2) == 0),
            27 => Try::ImportUnsaid,
            28..=30 => Try::Lapse(or(Is::Final)),
            0..=3 => Try::Write(self.says(), self.below(2) == 0),
            4 => Try::Import(self.says()),
            5 | 6 => Try::Finalize(or(Is::Final)),
            7 | 8 => Try::Amend(or(Is::Amended)),
            9 => Try::Withdraw(or(Is::Withdrawn)),
            10 => Try::Delete,
            11..=14 => Try::Entered(or(Is::Draft), self.named()),
            15..=17 => Try::Approve(or(Is::Final)),
            18 => Try::Return,
            19 => Try::Assign(self.named()),
            20..=22 | 31..=34 => Try::Cosign(or(self.one_of(&[Is::Final, Is::Amended]))),
            _ => Try::Plain,
        }
    }

    /// Something and who does it, mostly what the record as it is allows.
    fn tried_on(&self, before: &Model) -> (Try, &'static str) {
        let any = || match self.tried() {
            // Mostly by whom it can be done.
            tried @ Try::Lapse(_) if self.below(4) > 0 => (tried, "system"),
            tried => (tried, self.actor()),
        };
        let fits = |(tried, who): &(Try, &'static str)| before.after(*tried, who).is_some();
        let fitting = (self.below(2) == 0).then(|| (0..20).map(|_| any()).find(fits)).flatten();
        fitting.unwrap_or_else(any)
    }

    fn one_of<T: Copy>(&self, all: &[T]) -> T {
        *all.get(self.below(all.len())).unwrap()
    }

    fn named(&self) -> &'static str {
        self.one_of(&["hana", "taro"])
    }

    fn actor(&self) -> &'static str {
        self.one_of(&WHO)
    }
}

fn actor(who: &str) -> Actor {
    let kind = match who {
        "lab" => ActorKind::Service,
        "system" => ActorKind::System,
        _ => ActorKind::Person,
    };
    Actor::new(kind, who)
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
    if [Action::CREATE, Action::UPDATE, Action::DELETE, Action::IMPORT].contains(&action) {
        return kit::permit(action, key);
    }
    if action == Action::LAPSE {
        let system = Who::system("sakura", "test");
        return LAW.permit(&system, action, key, &Resource::of_kind(&key.kind), &Context::default()).unwrap();
    }
    LAW.permit(&doctor("hana"), action, key, &Resource::of_kind(&key.kind), &Context::default()).unwrap()
}

fn doctor(account: &str) -> Who {
    let account = account.to_owned();
    Who { kind: WhoKind::Person, account, occupation: Some("doctor"), ..Who::unknown("sakura") }
}

/// The proof that a doctor may answer for a record.
fn answerable(account: &str, key: &RecordKey) -> Answerable {
    LAW.answerable(&doctor(account), key, &Resource::of_kind(&key.kind), &Context::default()).unwrap()
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
        Try::Entered(is, to) => {
            let (update, to) = (permit(Action::UPDATE, key), answerable(to, key));
            let id = ResourceId::parse(&format!("p{number}")).unwrap();
            let mark = Mark::entered(key, Some(says(is)), &to, id.as_str()).unwrap();
            let told = RecordKey::new("Provenance", id.clone());
            let beside = Change::provenance_entered(&to, id, content(&told)).unwrap();
            vec![put(&update).marked(&update, mark).unwrap(), beside]
        }
        Try::Assign(to) => {
            let (assign, to) = (permit(Action::ASSIGN, key), answerable(to, key));
            let id = ResourceId::parse(&format!("p{number}")).unwrap();
            let mark = Mark::assign(&assign, Some(says(Is::Draft)), &to, id.as_str()).unwrap();
            let told = RecordKey::new("Provenance", id.clone());
            let beside = Change::provenance(&assign, id, content(&told)).unwrap();
            vec![put(&assign).marked(&assign, mark).unwrap(), beside]
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
        Try::Lapse(is) => settle(Action::LAPSE, is),
        Try::Approve(is) => settle(Action::APPROVE, is),
        Try::Return => settle(Action::RETURN, Is::Draft),
        Try::Cosign(is) => settle(Action::COSIGN, is),
        Try::Finalize(is) => settle(Action::FINALIZE, is),
        Try::Amend(is) => settle(Action::AMEND, is),
        Try::Withdraw(is) => settle(Action::WITHDRAW, is),
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
    let (mut taken, mut refused, mut reached) = (0, 0, HashSet::new());
    let mut records = [const { Model::Nothing }; RECORDS];
    let mut since = [None; RECORDS];
    let mut lapsed = 0;
    // A withdrawn record ends: another takes its place.
    let mut generation = [0; RECORDS];
    for number in 0..TRIES {
        let place = draw.below(RECORDS);
        let key = RecordKey::parse(&format!("Observation/r{place}-{}", generation[place])).unwrap();
        let before = records[place].clone();
        let (tried, who) = draw.tried_on(&before);
        let expected = before.after(tried, who);
        let written = desk.append(Batch::new(actor(who), changes(&key, tried, number))).await;
        let what = format!("{number}: {before:?}, {tried:?} by {who}: {written:?}");
        assert_eq!(written.is_ok(), expected.is_some(), "{what}");
        match expected {
            Some(after) => {
                assert_eq!(found(&desk, &key), after, "{what}");
                lapsed += usize::from(matches!(tried, Try::Lapse(_)));
                // A version that leaves the record in its state does not begin the time anew, but what is given back does.
                if after.is() != before.is() || after.is().is_none() || matches!(tried, Try::Return) {
                    let time = written.unwrap().written[0].time;
                    since[place] = after.is().map(|_| time);
                }
                let word = Vec::from_iter(after.is().map(|is| is.word().as_bytes().to_vec()));
                let moment = since[place].map(|time: Time| time.microseconds().to_be_bytes().to_vec());
                assert_eq!(indexed(&desk, &key), (word, Vec::from_iter(moment)), "{what}");
                reached.extend(match &after {
                    Model::State(stands) => Some((stands.is, stands.is_proxy(), stands.cosigned.len())),
                    Model::Nothing | Model::Unmarked => None,
                });
                records[place] = after;
                taken += 1;
            }
            None => refused += 1,
        }
        let ended = matches!(&before, Model::State(stands) if stands.is == Is::Withdrawn);
        if ended && draw.below(4) == 0 {
            generation[place] += 1;
            records[place] = Model::Nothing;
            since[place] = None;
        }
    }
    for one in [(Is::Draft, true, 0), (Is::Final, false, 1), (Is::Amended, false, 2)] {
        assert!(reached.contains(&one), "{one:?} of {reached:?}");
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

/// What the journal says of a record.
fn found(desk: &Desk, key: &RecordKey) -> Model {
    let account = |id: &Option<String>| id.as_ref().map(|id| *WHO.iter().find(|one| *one == id).unwrap());
    desk.look(|snapshot| {
        let found = snapshot.current(key)?.filter(|found| found.content.is_some());
        let Some(found) = found else { return Ok(Model::Nothing) };
        let entry = snapshot.entry(found.position)?;
        Ok(Entry::parse(&entry).unwrap().state.map_or(Model::Unmarked, |state| {
            Model::State(Stands {
                is: state.is,
                responsible: account(&state.responsible),
                entered: account(&state.entered),
                cosigned: state.cosigned.iter().map(|id| account(&Some(id.clone())).unwrap()).collect(),
            })
        }))
    })
    .unwrap()
}

#[tokio::test]
async fn as_many_sign_as_the_limit_allows_and_no_more() {
    let bench = Bench::new();
    let desk = bench.open();
    let key = RecordKey::parse("Observation/o").unwrap();
    let mut number = 0;
    let mut by = |who: &str, tried| {
        number += 1;
        Batch::new(Actor::new(ActorKind::Person, who), changes(&key, tried, number))
    };
    desk.append(by("hana", Try::Write(Some(Is::Final), true))).await.unwrap();
    for signer in 0..COSIGNERS_MAX {
        desk.append(by(&format!("s{signer}"), Try::Cosign(Is::Final))).await.unwrap();
    }
    let refused = desk.append(by("one-more", Try::Cosign(Is::Final))).await.unwrap_err();
    assert_eq!(refused.code().id, "ST-0036");
    desk.append(by("taro", Try::Amend(Is::Amended))).await.unwrap();
    desk.append(by("one-more", Try::Cosign(Is::Amended))).await.unwrap();
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
    let of_another = answerable("hana", &b);
    assert!(Mark::entered(&a, Some(says(Is::Draft)), &of_another, "p").is_err());
    let assign = permit(Action::ASSIGN, &a);
    assert!(Mark::assign(&assign, Some(says(Is::Draft)), &of_another, "p").is_err());
    assert!(Mark::assign(&update, Some(says(Is::Draft)), &answerable("hana", &a), "p").is_err());
    assert!(Change::provenance_entered(&of_another, ResourceId::parse("p").unwrap(), Act::Delete).is_err());
}
