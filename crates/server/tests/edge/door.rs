//! A facility that notes every call and answers as it was told.

use access::{Access, Law};
use base::{Code, FacilityId, Problem, RecordKey, Time, VersionNumber};
use identity::kept::{Account, AccountKind, Holding, State};
use identity::session::codes::SESSION_OVER;
use identity::{AccountId, Approach, Caller, Credential, Identity};
use records::{Answer, Call, Intent, Media, Outcome, Problems, Stamp, Trail};
use server::{Changes, Door};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use store::{Actor, ActorKind};
use tokio::sync::Notify;

/// What the door does with a call.
#[derive(Clone)]
pub(crate) enum Script {
    Answer(Answer),
    Problem(&'static Code),
    /// Waits until [`Fake::release`].
    Wait,
}

/// A call as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) actor: String,
    pub(crate) base_url: String,
    pub(crate) language: base::Language,
    pub(crate) intent: String,
}

#[derive(Clone)]
pub(crate) struct Fake(Arc<Inner>);

struct Inner {
    id: FacilityId,
    law: Arc<Law>,
    script: Mutex<Script>,
    seen: Mutex<Vec<Seen>>,
    halted: AtomicBool,
    /// Whether the one whom it knows is known no more.
    over: AtomicBool,
    /// Of each look at a caller, whether it was without the person.
    unattended: Mutex<Vec<bool>>,
    changes: Mutex<Changes>,
    arrived: Notify,
    released: Notify,
}

impl Fake {
    pub(crate) fn new(id: &str) -> Self {
        Self(Arc::new(Inner {
            id: FacilityId::parse(id).unwrap(),
            law: Arc::new(Law::builtin()),
            script: Mutex::new(Script::Answer(found())),
            seen: Mutex::new(Vec::new()),
            halted: AtomicBool::new(false),
            over: AtomicBool::new(false),
            unattended: Mutex::default(),
            changes: Mutex::default(),
            arrived: Notify::new(),
            released: Notify::new(),
        }))
    }

    pub(crate) fn play(&self, script: Script) {
        *self.0.script.lock().unwrap() = script;
    }

    pub(crate) fn halt(&self) {
        self.0.halted.store(true, Ordering::SeqCst);
    }

    /// Knows nobody any more.
    pub(crate) fn forget(&self) {
        self.0.over.store(true, Ordering::SeqCst);
    }

    /// Lets something change.
    pub(crate) fn change(&self, how: impl FnOnce(&mut Changes)) {
        how(&mut self.0.changes.lock().unwrap());
    }

    /// Of each look at a caller so far, whether it was without the person.
    pub(crate) fn unattended(&self) -> Vec<bool> {
        std::mem::take(&mut *self.0.unattended.lock().unwrap())
    }

    /// The calls since the last look.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        std::mem::take(&mut *self.0.seen.lock().unwrap())
    }

    pub(crate) async fn arrival(&self) {
        self.0.arrived.notified().await;
    }

    pub(crate) fn release(&self) {
        self.0.released.notify_one();
    }
}

/// The one whom the fake facility knows.
fn tester() -> Caller {
    let id = AccountId::parse("tester").unwrap();
    let account = Account {
        id: id.clone(),
        kind: AccountKind::Service,
        name: "tester".to_owned(),
        occupation: None,
        duties: BTreeSet::default(),
        state: State::Active,
        holding: Holding::Own,
        work_order: None,
        practitioner: None,
        scopes: None,
        phone: None,
        made: Time::from_microseconds(0),
    };
    Caller {
        actor: Actor::new(ActorKind::Service, id.as_str()),
        account: Arc::new(account),
        factors: Vec::new(),
        fresh: true,
        session: None,
        device: None,
        scopes: None,
        broken: Vec::new(),
        grant: None,
    }
}

impl Door for Fake {
    fn identify(
        &self,
        approach: &Approach<'_>,
        credential: Credential<'_>,
    ) -> Result<Option<Caller>, Problem> {
        self.0.unattended.lock().unwrap().push(approach.unattended);
        match credential {
            _ if self.0.over.load(Ordering::SeqCst) => Err(Problem::new(&SESSION_OVER)),
            Credential::Bearer(crate::site::TOKEN) => Ok(Some(tester())),
            Credential::Bearer(_) | Credential::Cookie(_) => Err(Problem::new(&SESSION_OVER)),
            Credential::None => Ok(None),
        }
    }

    fn identity(&self) -> Option<&Identity> {
        None
    }

    fn id(&self) -> &FacilityId {
        &self.0.id
    }

    fn trail(&self, _: Access) -> Result<Trail, Problem> {
        if self.halted() {
            return Err(Problem::new(&store::codes::HALTED));
        }
        Ok(Trail::nowhere())
    }

    async fn close(&self, _: &Trail) -> Result<(), Problem> {
        Ok(())
    }

    fn law(&self) -> Arc<Law> {
        Arc::clone(&self.0.law)
    }

    fn now(&self) -> Time {
        Time::from_microseconds(0)
    }

    async fn perform(&self, call: Call<'_>) -> Result<Answer, Problems> {
        self.0.seen.lock().unwrap().push(Seen {
            actor: call.actor.id.clone(),
            base_url: call.base_url.to_owned(),
            language: call.language,
            intent: format!("{:?}", call.intent),
        });
        if let Intent::Log { path } = &call.intent {
            return log_file(path);
        }
        let script = self.0.script.lock().unwrap().clone();
        match script {
            Script::Answer(answer) => Ok(answer),
            Script::Problem(code) => Err(Problem::new(code).into()),
            Script::Wait => {
                self.0.arrived.notify_one();
                self.0.released.notified().await;
                Ok(found())
            }
        }
    }

    fn halted(&self) -> bool {
        self.0.halted.load(Ordering::SeqCst)
    }

    fn changes(&self) -> Changes {
        *self.0.changes.lock().unwrap()
    }

    fn signed_until(&self) -> Result<(u64, Time), Problem> {
        Ok((7, stamp().time))
    }
}

/// Two files, and no other.
fn log_file(path: &str) -> Result<Answer, Problems> {
    let (text, body) = match path {
        "checkpoint" => (true, b"demo\n1\n".to_vec()),
        "tile/0/000" => (false, vec![0xFF; 32]),
        _ => return Err(Problem::new(&records::codes::NO_LOG_FILE).into()),
    };
    let media = Media::Log { text, immutable: !text };
    Ok(Answer { outcome: Outcome::Found, stamp: None, media, body })
}

pub(crate) fn stamp() -> Stamp {
    Stamp {
        key: RecordKey::parse("Patient/42").unwrap(),
        version: VersionNumber::new(3).unwrap(),
        time: Time::parse("2026-04-01T09:05:03.5Z").unwrap(),
    }
}

pub(crate) fn answer(outcome: Outcome, body: &str) -> Answer {
    Answer { outcome, stamp: Some(stamp()), media: Media::FhirJson, body: body.into() }
}

pub(crate) fn found() -> Answer {
    answer(Outcome::Found, r#"{"resourceType":"Patient","id":"42","multipleBirthInteger":1.10}"#)
}
