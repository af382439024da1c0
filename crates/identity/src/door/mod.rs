//! The door of a facility: everything that is asked of its accounts, factors, certificates and sessions goes through here.
//!
//! A change is decided upon, written to the journal and only then taken over in memory, one at a time. What is asked at
//! every request is answered from memory.

mod accounts;
mod apps;
mod certificates;
mod certified;
mod factors;
mod facts;
mod glass;
mod identify;
mod invitations;
mod law;
mod live;
mod login;
mod matrix;
mod notices;
mod passkeys;
mod passwords;
mod perform;
mod policy;
mod sessions;
mod show;
mod sms;
mod step_up;
mod trials;
mod who;

pub use apps::{
    AskedAuthorization, AskedToken, Back, ClientShown, Consent, Introspected, Requested, Tokens, Turned,
};
pub use certified::{Approach, Certified};
pub use factors::{NewPasskey, NewPassword, NewTotp};
pub use facts::Fact;
pub use identify::{Caller, Credential, Grant};
pub use invitations::Acceptance;
pub use login::{LoggedIn, Login, PasskeyAnswer, Visit};
pub use notices::{NOTICED, Notice};
pub use policy::VALUES as POLICY_VALUES;
pub use sms::WantCode;
pub use step_up::StepUp;
pub use trials::StoredPasswords;

use crate::app::{ASSERTION, Table};
use crate::factor::passkey::Relying;
use crate::factor::password::Cost;
use crate::kept::Policy;
use crate::register::{Register, Step};
use access::InForce;
use base::{Clock, Entropy, FacilityId, Problem};
use live::Live;
pub(crate) use passkeys::Waiting;
use passwords::Passwords;
use serde_json::Value;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use store::{Actor, Batch, Change, Note, Store};

/// What a facility's door is told at its start.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What checking a password costs.
    pub password_cost: Cost,
    /// The address by which people reach the server, `https://records.example.jp`; without it passkeys are not offered.
    pub base_url: Option<String>,
    /// What whoever runs the door knows beside it, such as how the server speaks TLS: facts by their names.
    pub facts: Vec<(&'static str, Value)>,
}

/// The door of one facility.
pub struct Identity {
    facility: FacilityId,
    store: Arc<Store>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    base_url: Option<String>,
    relying: Option<Relying>,
    passwords: Passwords,
    register: RwLock<Register>,
    live: Mutex<Live>,
    law: InForce,
    /// Tables of who may do what, made when they were asked for.
    tables: matrix::Tables,
    /// What apps hold. Taken after `register` and `live`, where more than one is held.
    apps: Mutex<Table>,
    /// Counts changes after which certificates are judged anew.
    generation: AtomicU64,
    certified: Mutex<certified::Known>,
    /// Held from the decision about a change until it is taken over.
    changing: tokio::sync::Mutex<()>,
    /// Facts from beside the door.
    beside: Vec<(&'static str, Value)>,
    /// Facts from beside the door that change while it is open.
    changing_beside: RwLock<Vec<Telling>>,
}

/// Tells facts as they are at the moment.
type Telling = Box<dyn Fn() -> Vec<(&'static str, Value)> + Send + Sync>;

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("facility", &self.facility).finish_non_exhaustive()
    }
}

/// One or more things that are wrong with what was sent.
#[derive(Debug)]
pub struct Problems(pub Vec<Problem>);

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

impl From<Vec<Problem>> for Problems {
    fn from(problems: Vec<Problem>) -> Self {
        Self(problems)
    }
}

/// A change on its way: what is written together.
#[derive(Default)]
pub(crate) struct Writing {
    pub(crate) steps: Vec<Step>,
    pub(crate) changes: Vec<Change>,
    pub(crate) notes: Vec<Note>,
    pub(crate) reason: Option<String>,
}

impl Identity {
    /// Opens the door: reads from the journal who may come in.
    ///
    /// # Errors
    /// The journal cannot be read, or holds something about identities that this program does not know; or it does not
    /// understand what the facility has added to the law.
    pub fn open(
        store: Arc<Store>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        settings: Settings,
    ) -> Result<Self, Problem> {
        let (register, live, apps) = store.inspect(|inside| {
            let apps = Table::load(inside.notes(ASSERTION)?);
            Ok::<_, Problem>((Register::load(inside)?, Live::load(inside, &*clock)?, apps))
        })?;
        let relying = settings.base_url.as_deref().and_then(passkeys::relying);
        Ok(Self {
            law: law::load(&register, store.facility())?,
            tables: matrix::Tables::default(),
            facility: store.facility().clone(),
            passwords: Passwords::new(settings.password_cost, &*entropy)?,
            base_url: settings.base_url,
            relying,
            store,
            clock,
            entropy,
            register: RwLock::new(register),
            live: Mutex::new(live),
            apps: Mutex::new(apps),
            generation: AtomicU64::new(0),
            certified: Mutex::default(),
            changing: tokio::sync::Mutex::new(()),
            beside: settings.facts,
            changing_beside: RwLock::default(),
        })
    }

    /// From now on `told` is asked too whenever somebody asks for the facts. For what changes while the door is open.
    pub fn ask_beside(&self, told: impl Fn() -> Vec<(&'static str, Value)> + Send + Sync + 'static) {
        self.changing_beside.write().unwrap_or_else(PoisonError::into_inner).push(Box::new(told));
    }

    /// The facility.
    pub fn facility(&self) -> &FacilityId {
        &self.facility
    }

    /// The policy in force.
    pub fn policy(&self) -> Policy {
        self.register().policy.clone()
    }

    /// Changes whenever certificates must be judged anew.
    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::SeqCst)
    }

    pub(crate) fn register(&self) -> RwLockReadGuard<'_, Register> {
        self.register.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn register_mut(&self) -> RwLockWriteGuard<'_, Register> {
        self.register.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn live(&self) -> MutexGuard<'_, Live> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn apps(&self) -> MutexGuard<'_, Table> {
        self.apps.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes to the journal, then takes over. The caller holds `changing`.
    pub(crate) async fn write(&self, by: &Actor, writing: Writing) -> Result<(), Problem> {
        let mut changes = writing.changes;
        for step in &writing.steps {
            changes.push(step.change()?);
        }
        let batch = Batch { reason: writing.reason, notes: writing.notes, ..Batch::new(by.clone(), changes) };
        self.store.append_identities(batch).await?;
        let judged_anew = writing.steps.iter().any(|step| {
            matches!(
                step,
                Step::Account(_)
                    | Step::Authority(_)
                    | Step::AuthorityEnd(_)
                    | Step::Certificate(_)
                    | Step::Policy(_)
            )
        });
        let mut register = self.register_mut();
        for step in writing.steps {
            register.apply(step);
        }
        drop(register);
        if judged_anew {
            self.generation.fetch_add(1, Ordering::SeqCst);
            self.forget_certified();
        }
        Ok(())
    }
}
