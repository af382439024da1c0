//! States of record versions: what may follow what (formats, section 15). Decided here and nowhere else: the writer asks
//! [`next`] within its transaction, and both it and the verifiers hold what an entry says against [`lawful`].
//!
//! Pure and total: every act on every state is either a step of the table in [`becomes`] or refused.

pub(crate) mod rows;
mod rules;

use crate::actor::{Actor, ActorKind};
use crate::codes;
use crate::entry::Step;
use access::{Action, Answerable, Permit};
use base::limits::COSIGNERS_MAX;
use base::{Problem, RecordKey, ResourceId};
use rules::becomes;
pub(crate) use rules::{Before, Held, Said, lawful};
use serde::{Deserialize, Deserializer, Serialize};

/// What a version of a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Is {
    /// Being written: it may be changed and deleted, and nobody answers for it yet.
    Draft,
    /// Finished, and somebody answers for it (確定).
    Final,
    /// Corrected or added to after it was final, with a reason (訂正、追記).
    Amended,
    /// Taken back because it is wrong, with a reason. Nothing follows it.
    Withdrawn,
}

impl Is {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Draft, Self::Final, Self::Amended, Self::Withdrawn];

    /// Its word in entries.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Final => "final",
            Self::Amended => "amended",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// By what a version came to its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StateAct {
    /// A first version: a draft, or final at once.
    Enter,
    /// A draft is written anew.
    Edit,
    /// Whoever wrote it answers for it from now on.
    Finalize,
    /// The responsible person answers for what another has entered for them.
    Approve,
    /// The responsible person gives it back to who entered it, with a reason.
    Return,
    /// What the record is about goes on, and nothing else in it changes: an order is filled, an illness heals.
    Progress,
    /// A correction or addition, with a reason.
    Amend,
    /// It is taken back, with a reason.
    Withdraw,
    /// The first state of a record that was written before there were states, or while its content named none.
    Adopt,
    /// Taken over from elsewhere, with the state it had there.
    Import,
    /// What was entered for somebody is handed to another responsible person, with a reason.
    Assign,
    /// Somebody else signs what stands, beside who answers for it (連名).
    Cosign,
    /// The system finalises a draft whose deadline is over, as the facility has laid down (自動確定). Who answers for it stays.
    Lapse,
}

impl StateAct {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Enter,
        Self::Edit,
        Self::Finalize,
        Self::Approve,
        Self::Return,
        Self::Progress,
        Self::Amend,
        Self::Withdraw,
        Self::Adopt,
        Self::Import,
        Self::Assign,
        Self::Cosign,
        Self::Lapse,
    ];

    /// Its word in entries.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Enter => "enter",
            Self::Edit => "edit",
            Self::Finalize => "finalize",
            Self::Approve => "approve",
            Self::Return => "return",
            Self::Progress => "progress",
            Self::Amend => "amend",
            Self::Withdraw => "withdraw",
            Self::Adopt => "adopt",
            Self::Import => "import",
            Self::Assign => "assign",
            Self::Cosign => "cosign",
            Self::Lapse => "lapse",
        }
    }

    /// Whether a Provenance of the same batch must tell of it.
    pub(super) fn must_be_told(self) -> bool {
        matches!(
            self,
            Self::Return | Self::Amend | Self::Withdraw | Self::Assign | Self::Cosign | Self::Lapse
        )
    }

    /// Whether one may tell of it; of a write where it was entered for another.
    pub(super) fn may_be_told(self, for_another: bool) -> bool {
        let write = matches!(self, Self::Enter | Self::Adopt | Self::Edit);
        self.must_be_told() || matches!(self, Self::Finalize | Self::Approve) || write && for_another
    }
}

/// The member `state` of an entry. It names accounts and a record, never people, and no reason in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// What the version is.
    pub is: Is,
    /// By what it became that.
    pub act: StateAct,
    /// The account that answers for it, or is going to; none where nobody does: drafts of machines, imports.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "not_null")]
    pub responsible: Option<String>,
    /// The account that entered it on behalf of the responsible one.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "not_null")]
    pub entered: Option<String>,
    /// The accounts that have signed this content beside the responsible one, in their order; the last by this version.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "not_empty")]
    pub cosigned: Vec<String>,
    /// Id of the Provenance that is written directly after and tells the reason.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "not_null")]
    pub provenance: Option<String>,
}

/// A member that may be missing, but is never null.
fn not_null<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    String::deserialize(deserializer).map(Some)
}

/// A list that may be missing, but stands only with something in it.
fn not_empty<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let list = Vec::deserialize(deserializer)?;
    if list.is_empty() { Err(serde::de::Error::custom("an empty list")) } else { Ok(list) }
}

/// What a content says of the state of its version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Says {
    /// The code of the status.
    pub status: &'static str,
    /// The states that it fits, the first being what it means where nothing was before.
    pub fits: &'static [Is],
    /// Whether the status tells the state. Where it tells of something else, the state stands beside it, in the entries
    /// alone, and a plain write changes it by no status.
    pub named: bool,
}

/// What a change does to the state of its record.
#[derive(Clone, Debug)]
pub struct Mark {
    wish: Wish,
    says: Option<Says>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Wish {
    /// A write: the act follows from what was and what the content says.
    Write { finalize: bool, progress: bool },
    /// A write of what another answers for, and the Provenance that tells of it.
    Entered { responsible: String, provenance: String },
    /// An act by its name, and the Provenance that tells of it.
    Named { act: StateAct, provenance: Option<String> },
    /// A draft is handed to this account.
    Assign { responsible: String, provenance: String },
}

impl Mark {
    /// Of a plain write. `finalize` is the permit to finalise, without which nothing becomes final by it.
    pub fn write(key: &RecordKey, says: Option<Says>, finalize: Option<&Permit>) -> Self {
        let may = |permit: &Permit| permit.action() == Action::FINALIZE && permit.key() == key;
        Self { wish: Wish::Write { finalize: finalize.is_some_and(may), progress: false }, says }
    }

    /// The same of a write that changes nothing but how far the thing is that the record is about.
    #[must_use]
    pub fn progressing(mut self) -> Self {
        if let Wish::Write { progress, .. } = &mut self.wish {
            *progress = true;
        }
        self
    }

    /// Of something taken over from elsewhere.
    pub fn import(says: Option<Says>) -> Self {
        Self { wish: Wish::Named { act: StateAct::Import, provenance: None }, says }
    }

    /// Of a write of what another answers for: it stays a draft until they approve it. `provenance` is the id of the record
    /// that tells of it.
    ///
    /// # Errors
    /// They may answer for another record: that is a fault of ours.
    pub fn entered(
        key: &RecordKey,
        says: Option<Says>,
        responsible: &Answerable,
        provenance: &str,
    ) -> Result<Self, Problem> {
        if responsible.key() != key {
            return Err(Problem::new(&codes::NO_PERMIT).log("somebody was named for another record"));
        }
        let responsible = responsible.account().to_owned();
        Ok(Self { wish: Wish::Entered { responsible, provenance: provenance.to_owned() }, says })
    }

    /// Of handing a draft that was entered for somebody to another.
    ///
    /// # Errors
    /// The permit is for something else, or they may answer for another record: that is a fault of ours.
    pub fn assign(
        permit: &Permit,
        says: Option<Says>,
        responsible: &Answerable,
        provenance: &str,
    ) -> Result<Self, Problem> {
        if permit.action() != Action::ASSIGN || responsible.key() != permit.key() {
            return Err(Problem::new(&codes::NO_PERMIT).log("a draft was to be handed on by another permit"));
        }
        let responsible = responsible.account().to_owned();
        Ok(Self { wish: Wish::Assign { responsible, provenance: provenance.to_owned() }, says })
    }

    /// Of what a permit names: to finalise, by a deadline too, approve, return, amend, withdraw, cosign. `provenance` is the id of the record
    /// that tells of it.
    ///
    /// # Errors
    /// The permit is for something else: that is a fault of ours.
    pub fn settle(permit: &Permit, says: Option<Says>, provenance: &str) -> Result<Self, Problem> {
        let act = match permit.action() {
            Action::FINALIZE => StateAct::Finalize,
            Action::AMEND => StateAct::Amend,
            Action::WITHDRAW => StateAct::Withdraw,
            Action::APPROVE => StateAct::Approve,
            Action::RETURN => StateAct::Return,
            Action::COSIGN => StateAct::Cosign,
            Action::LAPSE => StateAct::Lapse,
            other => {
                let log = format!("a permit to {} was shown for a change of state", other.name());
                return Err(Problem::new(&codes::NO_PERMIT).log(log));
            }
        };
        Ok(Self::named(act, says, provenance))
    }

    fn named(act: StateAct, says: Option<Says>, provenance: &str) -> Self {
        Self { wish: Wish::Named { act, provenance: Some(provenance.to_owned()) }, says }
    }

    /// Of a record that tells of a change of state: it is final from the beginning.
    pub(crate) fn attested() -> Self {
        let says = Says { status: "", fits: &[Is::Final], named: true };
        Self { wish: Wish::Write { finalize: true, progress: false }, says: Some(says) }
    }

    /// Whether it is one of something taken over.
    pub(crate) fn imports(&self) -> bool {
        self.named_act() == Some(StateAct::Import)
    }

    /// The act that it names; none of a write.
    fn named_act(&self) -> Option<StateAct> {
        match self.wish {
            Wish::Named { act, .. } => Some(act),
            Wish::Assign { .. } => Some(StateAct::Assign),
            Wish::Write { .. } | Wish::Entered { .. } => None,
        }
    }
}

/// Whether a version begins the time anew since when its record is in its state. What was returned waits from then on: with
/// its return the one round of work has ended.
pub(crate) fn begins(before: &Before<String>, state: &State) -> bool {
    match before {
        Before::Nothing | Before::Unmarked => true,
        Before::Held(held) => held.is != state.is || state.act == StateAct::Return,
    }
}

/// A change as its state is decided on.
pub(crate) struct Asked<'a> {
    pub(crate) key: &'a RecordKey,
    pub(crate) step: Step,
    pub(crate) mark: Option<&'a Mark>,
    pub(crate) actor: &'a Actor,
}

/// The state of the version that a change writes; none for records without states, and for a deletion.
///
/// # Errors
/// The change does not fit the state as it is, or the status in its content contradicts what it would become.
pub(crate) fn next(before: &Before<String>, asked: &Asked<'_>) -> Result<Option<State>, Problem> {
    let state = match (asked.step, asked.mark) {
        (Step::Delete, _) | (_, None) => None,
        (Step::Create | Step::Update, Some(mark)) => proposed(before, asked, mark)?,
    };
    let said = state.as_ref().map(|state| Said {
        act: state.act,
        held: Held::of(state),
        told: state.provenance.is_some(),
        by_system: asked.actor.kind == ActorKind::System,
    });
    if lawful(before, asked.step, said.as_ref(), &asked.actor.id).is_err() {
        return Err(refused(before, asked));
    }
    match &state {
        Some(state) if state.cosigned.len() > COSIGNERS_MAX => {
            Err(Problem::new(&codes::COSIGNERS).with("record", asked.key).with("limit", COSIGNERS_MAX))
        }
        _ => Ok(state),
    }
}

/// Whether the rule does what it promises, tried on what it would decide; nothing is written. A draft becomes final under
/// the name of who finalises it, and what is final is neither written over nor finalised again nor deleted.
pub fn finals_stand() -> bool {
    let Some(id) = ResourceId::parse("tried") else { return false };
    let (key, actor) = (RecordKey::new("Observation", id), Actor::new(ActorKind::Person, "tried"));
    let says = Some(Says { status: "final", fits: &[Is::Final], named: true });
    let tried = |is, step, mark: Option<&Mark>| {
        let responsible = Some("another".to_owned());
        let before = Before::Held(Held { is, responsible, entered: None, cosigned: Box::default() });
        next(&before, &Asked { key: &key, step, mark, actor: &actor })
    };
    let finalize = Mark::named(StateAct::Finalize, says, "told");
    let write = Mark { wish: Wish::Write { finalize: true, progress: false }, says };
    let named = tried(Is::Draft, Step::Update, Some(&finalize)).is_ok_and(|state| {
        state.is_some_and(|state| state.is == Is::Final && state.responsible.as_deref() == Some("tried"))
    });
    let stands = |is| {
        [(Step::Update, Some(&write)), (Step::Update, Some(&finalize)), (Step::Delete, None)]
            .into_iter()
            .all(|(step, mark)| tried(is, step, mark).is_err())
    };
    named && [Is::Final, Is::Amended, Is::Withdrawn].into_iter().all(stands)
}

/// What the change would make of the record, by its wish and its status.
fn proposed(before: &Before<String>, asked: &Asked<'_>, mark: &Mark) -> Result<Option<State>, Problem> {
    let Some(says) = mark.says else {
        // A content that names no state has none, as long as there was none.
        return match before {
            Before::Nothing | Before::Unmarked => Ok(None),
            Before::Held(held) if held.is == Is::Draft => {
                let silent = Says { status: "-", fits: &[], named: false };
                Err(contradiction(asked.key, silent, &[Is::Draft]))
            }
            Before::Held(_) => Err(refused(before, asked)),
        };
    };
    if mark.imports() && !says.named {
        // The source said nothing of its state either: it begins none, and stands over nothing that somebody answers for.
        match before {
            Before::Nothing | Before::Unmarked => return Ok(None),
            Before::Held(held) if held.is != Is::Draft => return Err(refused(before, asked)),
            Before::Held(_) => {}
        }
    }
    let (act, provenance) = match &mark.wish {
        Wish::Named { act, provenance } => (*act, provenance.clone()),
        Wish::Assign { provenance, .. } => (StateAct::Assign, Some(provenance.clone())),
        Wish::Entered { provenance, .. } => (act_of_entering(before), Some(provenance.clone())),
        Wish::Write { progress, .. } => (act_of_write(before, says, *progress), None),
    };
    let mut possible = becomes(before, act);
    if possible.is_empty() {
        return Err(refused(before, asked));
    }
    if matches!(mark.wish, Wish::Entered { .. }) {
        // What another answers for is finished by them alone.
        possible = &[Is::Draft];
    }
    let Some(is) = says.fits.iter().copied().find(|is| possible.contains(is)) else {
        return Err(contradiction(asked.key, says, possible));
    };
    if by_people_alone(act, &mark.wish) && asked.actor.kind != ActorKind::Person {
        let log = "a machine was to answer or to sign for somebody";
        return Err(Problem::new(&codes::NO_PERMIT).log(log));
    }
    let without = matches!(mark.wish, Wish::Write { finalize: false, .. });
    if is == Is::Final && act != StateAct::Progress && without {
        let log = "something was to become final without a permit to finalise";
        return Err(Problem::new(&codes::NO_PERMIT).log(log));
    }
    let (responsible, entered) = accounts(before, (act, is), &mark.wish, asked.actor);
    let cosigned = match before {
        Before::Held(held) if act == StateAct::Cosign => {
            held.cosigned.iter().chain([&asked.actor.id]).cloned().collect()
        }
        Before::Held(_) | Before::Nothing | Before::Unmarked => Vec::new(),
    };
    if !names_who_answers(before, &mark.wish, asked.actor) {
        return Err(Problem::new(&codes::OTHERWISE).with("record", asked.key));
    }
    Ok(Some(State { is, act, responsible, entered, cosigned, provenance }))
}

/// Whether only a human being does it.
fn by_people_alone(act: StateAct, wish: &Wish) -> bool {
    let acts = [StateAct::Approve, StateAct::Return, StateAct::Assign, StateAct::Cosign];
    acts.contains(&act) || matches!(wish, Wish::Entered { .. })
}

/// Whether a write that names who answers for a draft which stands already names who does, and comes from who entered it.
fn names_who_answers(before: &Before<String>, wish: &Wish, actor: &Actor) -> bool {
    match (before, wish) {
        (Before::Held(held), Wish::Entered { responsible, .. }) => {
            held.responsible.as_ref() == Some(responsible) && held.entered.as_ref() == Some(&actor.id)
        }
        _ => true,
    }
}

/// The act that a write for another is.
fn act_of_entering(before: &Before<String>) -> StateAct {
    match before {
        Before::Nothing => StateAct::Enter,
        Before::Unmarked => StateAct::Adopt,
        Before::Held(_) => StateAct::Edit,
    }
}

/// The act that a plain write is.
fn act_of_write(before: &Before<String>, says: Says, progress: bool) -> StateAct {
    match before {
        Before::Nothing => StateAct::Enter,
        Before::Unmarked => StateAct::Adopt,
        Before::Held(held) if !says.named && progress && held.is != Is::Draft => StateAct::Progress,
        Before::Held(_) if says.named && says.fits.contains(&Is::Final) => StateAct::Finalize,
        Before::Held(_) => StateAct::Edit,
    }
}

/// Who answers for the version, and who entered it for them.
fn accounts(
    before: &Before<String>,
    (act, is): (StateAct, Is),
    wish: &Wish,
    actor: &Actor,
) -> (Option<String>, Option<String>) {
    match (before, act, wish) {
        (Before::Held(held), _, Wish::Assign { responsible, .. }) => {
            (Some(responsible.clone()), held.entered.clone())
        }
        (
            Before::Held(held),
            StateAct::Edit | StateAct::Approve | StateAct::Return | StateAct::Progress | StateAct::Cosign,
            _,
        ) => (held.responsible.clone(), held.entered.clone()),
        (_, _, Wish::Entered { responsible, .. }) => (Some(responsible.clone()), Some(actor.id.clone())),
        (Before::Held(held), StateAct::Lapse, _) => (held.responsible.clone(), None),
        (_, StateAct::Import, _) => (None, None),
        // A machine answers for a version only where it was permitted to finish it.
        _ if is == Is::Draft && actor.kind != ActorKind::Person => (None, None),
        _ => (Some(actor.id.clone()), None),
    }
}

fn contradiction(key: &RecordKey, says: Says, possible: &[Is]) -> Problem {
    let state = possible.iter().map(|is| is.word()).collect::<Vec<_>>().join(", ");
    Problem::new(&codes::CONTRADICTION).with("record", key).with("status", says.status).with("state", state)
}

/// Why a change does not fit what was.
fn refused(before: &Before<String>, asked: &Asked<'_>) -> Problem {
    let Before::Held(held) = before else {
        return Problem::new(&codes::UNFIT).with("record", asked.key).with("state", "-");
    };
    let act = asked.mark.and_then(Mark::named_act).filter(|act| *act != StateAct::Import);
    let code = match (held.is, act) {
        (Is::Withdrawn, _) => &codes::WITHDRAWN,
        (Is::Draft, Some(StateAct::Cosign)) => &codes::UNFIT,
        (Is::Draft, Some(StateAct::Approve | StateAct::Return | StateAct::Assign))
            if held.entered.is_none() =>
        {
            &codes::NOT_PROXY
        }
        (Is::Draft, Some(StateAct::Assign)) => &codes::SAME_RESPONSIBLE,
        (Is::Draft, _) if held.entered.is_some() => &codes::OF_ANOTHER,
        (Is::Final | Is::Amended, Some(StateAct::Cosign)) => &codes::COSIGNED,
        (Is::Final | Is::Amended, None) => &codes::SETTLED,
        (Is::Draft | Is::Final | Is::Amended, _) => &codes::UNFIT,
    };
    Problem::new(code).with("record", asked.key).with("state", held.is.word())
}
