//! States of record versions: what may follow what (formats, section 15). Decided here and nowhere else: the writer asks
//! [`next`] within its transaction, and both it and the verifiers hold what an entry says against [`lawful`].
//!
//! Pure and total: every act on every state is either a step of the table in [`becomes`] or refused.

pub(crate) mod rows;

use crate::actor::{Actor, ActorKind};
use crate::codes;
use crate::entry::Step;
use access::{Action, Permit};
use base::{Problem, RecordKey, ResourceId};
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
    /// A correction or addition, with a reason.
    Amend,
    /// It is taken back, with a reason.
    Withdraw,
    /// The first state of a record that was written before there were states, or while its content named none.
    Adopt,
    /// Taken over from elsewhere, with the state it had there.
    Import,
    /// The system finalises a draft whose deadline is over, as the facility has laid down (自動確定). Who answers for it stays.
    Lapse,
}

impl StateAct {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Enter,
        Self::Edit,
        Self::Finalize,
        Self::Approve,
        Self::Return,
        Self::Amend,
        Self::Withdraw,
        Self::Adopt,
        Self::Import,
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
            Self::Amend => "amend",
            Self::Withdraw => "withdraw",
            Self::Adopt => "adopt",
            Self::Import => "import",
            Self::Lapse => "lapse",
        }
    }

    /// Whether the reason must be told, in a Provenance of the same batch.
    pub(crate) fn needs_reason(self) -> bool {
        matches!(self, Self::Return | Self::Amend | Self::Withdraw | Self::Lapse)
    }

    /// Whether a Provenance of the same batch may tell of it.
    pub(crate) fn may_be_told(self) -> bool {
        self.needs_reason() || matches!(self, Self::Finalize | Self::Approve)
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
    /// Id of the Provenance that is written directly after and tells the reason.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "not_null")]
    pub provenance: Option<String>,
}

/// A member that may be missing, but is never null.
fn not_null<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    String::deserialize(deserializer).map(Some)
}

/// What the status in a content says of the state of its version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Says {
    /// The code of the status.
    pub status: &'static str,
    /// The states that it fits, the first being what it means where nothing was before.
    pub fits: &'static [Is],
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
    Write { finalize: bool },
    /// An act by its name, and the Provenance that tells of it.
    Named { act: StateAct, provenance: Option<String> },
}

impl Mark {
    /// Of a plain write. `finalize` is the permit to finalise, without which nothing becomes final by it.
    pub fn write(key: &RecordKey, says: Option<Says>, finalize: Option<&Permit>) -> Self {
        let may = |permit: &Permit| permit.action() == Action::FINALIZE && permit.key() == key;
        Self { wish: Wish::Write { finalize: finalize.is_some_and(may) }, says }
    }

    /// Of something taken over from elsewhere.
    pub fn import(says: Option<Says>) -> Self {
        Self { wish: Wish::Named { act: StateAct::Import, provenance: None }, says }
    }

    /// Of what a permit names: to finalise, by a deadline too, to amend, to withdraw. `provenance` is the id of the record that tells of it.
    ///
    /// # Errors
    /// The permit is for something else: that is a fault of ours.
    pub fn settle(permit: &Permit, says: Option<Says>, provenance: &str) -> Result<Self, Problem> {
        let act = match permit.action() {
            Action::FINALIZE => StateAct::Finalize,
            Action::AMEND => StateAct::Amend,
            Action::WITHDRAW => StateAct::Withdraw,
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
        let says = Says { status: "", fits: &[Is::Final] };
        Self { wish: Wish::Write { finalize: true }, says: Some(says) }
    }

    /// Whether it is one of something taken over.
    pub(crate) fn imports(&self) -> bool {
        matches!(self.wish, Wish::Named { act: StateAct::Import, .. })
    }
}

/// What stands of a record before a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Before<I> {
    /// Nothing: it never was, or it is deleted.
    Nothing,
    /// A version without a state.
    Unmarked,
    /// A version with one.
    Held(Held<I>),
}

/// A state and its accounts, by their ids or what stands for those.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Held<I> {
    pub(crate) is: Is,
    pub(crate) responsible: Option<I>,
    pub(crate) entered: Option<I>,
}

impl Held<String> {
    /// What an entry says.
    pub(crate) fn of(state: &State) -> Self {
        Self { is: state.is, responsible: state.responsible.clone(), entered: state.entered.clone() }
    }
}

/// The table: what an act may make of what was. Empty where the act does not fit.
pub(crate) fn becomes<I>(before: &Before<I>, act: StateAct) -> &'static [Is] {
    use Is::{Amended, Draft, Final, Withdrawn};
    let held = match before {
        Before::Nothing if act == StateAct::Enter => return &[Draft, Final],
        Before::Unmarked if act == StateAct::Adopt => return &Is::ALL,
        Before::Nothing | Before::Unmarked if act == StateAct::Import => return &Is::ALL,
        Before::Nothing | Before::Unmarked => return &[],
        Before::Held(held) => held.is,
    };
    match (held, act) {
        (Draft, StateAct::Edit | StateAct::Return) => &[Draft],
        (Draft, StateAct::Finalize | StateAct::Approve | StateAct::Lapse) => &[Final],
        (Draft, StateAct::Import) => &Is::ALL,
        (Final | Amended, StateAct::Amend) => &[Amended],
        // The source has corrected it; the reason of the entry names the source.
        (Final | Amended, StateAct::Import) => &[Amended, Withdrawn],
        (Draft | Final | Amended, StateAct::Withdraw) => &[Withdrawn],
        (Draft | Final | Amended | Withdrawn, _) => &[],
    }
}

/// What an entry says of a state.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Said<I> {
    pub(crate) act: StateAct,
    pub(crate) held: Held<I>,
    pub(crate) told: bool,
    /// Whether the system itself acts.
    pub(crate) by_system: bool,
}

/// Whether an entry may follow what was. The error says which rule it breaks.
pub(crate) fn lawful<I: PartialEq>(
    before: &Before<I>,
    step: Step,
    said: Option<&Said<I>>,
    actor: &I,
) -> Result<(), &'static str> {
    let proxy = match before {
        Before::Held(held) if held.entered.is_some() && held.is == Is::Draft => held.responsible.as_ref(),
        _ => None,
    };
    let Some(said) = said else {
        return match before {
            Before::Held(_) if step != Step::Delete => Err("the version has lost its state"),
            Before::Held(held) if held.is != Is::Draft => Err("a deletion of what is not a draft"),
            Before::Held(_) if proxy.is_some_and(|responsible| responsible != actor) => {
                Err("a draft that was entered for another is deleted by somebody else")
            }
            Before::Nothing | Before::Unmarked | Before::Held(_) => Ok(()),
        };
    };
    if step == Step::Delete {
        return Err("a deletion with a state");
    }
    if !becomes(before, said.act).contains(&said.held.is) {
        return Err("the state does not follow from the one before by this act");
    }
    if said.act.needs_reason() && !said.told || said.told && !said.act.may_be_told() {
        return Err("the act and its Provenance do not belong together");
    }
    answered_for(before, proxy, said, actor)
}

/// The rules on who answers for a version.
fn answered_for<I: PartialEq>(
    before: &Before<I>,
    proxy: Option<&I>,
    said: &Said<I>,
    actor: &I,
) -> Result<(), &'static str> {
    let held = &said.held;
    let by_responsible = held.responsible.as_ref() == Some(actor);
    if let Some(responsible) = proxy {
        let others = matches!(said.act, StateAct::Finalize | StateAct::Import | StateAct::Lapse);
        let own = matches!(said.act, StateAct::Approve | StateAct::Return | StateAct::Withdraw);
        if others || own && responsible != actor {
            return Err("a draft that was entered for another is settled by somebody else");
        }
    } else if matches!(said.act, StateAct::Approve | StateAct::Return) {
        return Err("nobody has entered it for another");
    }
    let stays = match before {
        Before::Held(before) => before.responsible == held.responsible && before.entered == held.entered,
        Before::Nothing | Before::Unmarked => false,
    };
    let fits = match (said.act, held.is) {
        // Nobody is made to answer by the passing of time: whoever does has written the draft.
        (StateAct::Lapse, _) => {
            stays && held.responsible.is_some() && held.entered.is_none() && said.by_system
        }
        (StateAct::Edit | StateAct::Approve | StateAct::Return, _) => stays,
        (StateAct::Enter | StateAct::Adopt, Is::Draft) => match (&held.responsible, &held.entered) {
            (None, None) => true,
            (Some(_), None) => by_responsible,
            (Some(responsible), Some(entered)) => entered == actor && responsible != actor,
            (None, Some(_)) => false,
        },
        (StateAct::Import, _) => held.responsible.is_none() && held.entered.is_none(),
        (
            StateAct::Enter | StateAct::Adopt | StateAct::Finalize | StateAct::Amend | StateAct::Withdraw,
            _,
        ) => by_responsible && held.entered.is_none(),
    };
    if fits { Ok(()) } else { Err("it names others as responsible than those who are") }
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
    match lawful(before, asked.step, said.as_ref(), &asked.actor.id) {
        Ok(()) => Ok(state),
        Err(_) => Err(refused(before, asked)),
    }
}

/// Whether the rule does what it promises, tried on what it would decide; nothing is written. A draft becomes final under
/// the name of who finalises it, and what is final is neither written over nor finalised again nor deleted.
pub fn finals_stand() -> bool {
    let Some(id) = ResourceId::parse("tried") else { return false };
    let (key, actor) = (RecordKey::new("Observation", id), Actor::new(ActorKind::Person, "tried"));
    let says = Some(Says { status: "final", fits: &[Is::Final] });
    let tried = |is, step, mark: Option<&Mark>| {
        let before = Before::Held(Held { is, responsible: Some("another".to_owned()), entered: None });
        next(&before, &Asked { key: &key, step, mark, actor: &actor })
    };
    let finalize = Mark::named(StateAct::Finalize, says, "told");
    let write = Mark { wish: Wish::Write { finalize: true }, says };
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
                let silent = Says { status: "-", fits: &[] };
                Err(contradiction(asked.key, silent, &[Is::Draft]))
            }
            Before::Held(_) => Err(refused(before, asked)),
        };
    };
    let (act, provenance) = match &mark.wish {
        Wish::Named { act, provenance } => (*act, provenance.clone()),
        Wish::Write { .. } => (act_of_write(before, says), None),
    };
    let possible = becomes(before, act);
    if possible.is_empty() {
        return Err(refused(before, asked));
    }
    let Some(is) = says.fits.iter().copied().find(|is| possible.contains(is)) else {
        return Err(contradiction(asked.key, says, possible));
    };
    if is == Is::Final && mark.wish == (Wish::Write { finalize: false }) {
        let log = "something was to become final without a permit to finalise";
        return Err(Problem::new(&codes::NO_PERMIT).log(log));
    }
    let (responsible, entered) = accounts(before, (act, is), asked.actor);
    Ok(Some(State { is, act, responsible, entered, provenance }))
}

/// The act that a plain write is.
fn act_of_write(before: &Before<String>, says: Says) -> StateAct {
    match before {
        Before::Nothing => StateAct::Enter,
        Before::Unmarked => StateAct::Adopt,
        Before::Held(_) if says.fits.contains(&Is::Final) => StateAct::Finalize,
        Before::Held(_) => StateAct::Edit,
    }
}

/// Who answers for the version, and who entered it for them.
fn accounts(
    before: &Before<String>,
    (act, is): (StateAct, Is),
    actor: &Actor,
) -> (Option<String>, Option<String>) {
    match (before, act) {
        (Before::Held(held), StateAct::Edit | StateAct::Approve | StateAct::Return) => {
            (held.responsible.clone(), held.entered.clone())
        }
        (Before::Held(held), StateAct::Lapse) => (held.responsible.clone(), None),
        (_, StateAct::Import) => (None, None),
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
    let named = asked.mark.is_some_and(|mark| matches!(mark.wish, Wish::Named { .. }) && !mark.imports());
    let code = match held.is {
        Is::Withdrawn => &codes::WITHDRAWN,
        Is::Draft if held.entered.is_some() => &codes::OF_ANOTHER,
        Is::Final | Is::Amended if !named => &codes::SETTLED,
        Is::Draft | Is::Final | Is::Amended => &codes::UNFIT,
    };
    Problem::new(code).with("record", asked.key).with("state", held.is.word())
}
