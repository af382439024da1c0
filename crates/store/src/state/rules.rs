//! The rules themselves: what an act makes of what was, who may do it, and who is named (formats, section 15). Accounts stand
//! by their ids here, or by what a verifier keeps in their place.

use super::{Is, State, StateAct};
use crate::entry::Step;

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
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Held<I> {
    pub(crate) is: Is,
    pub(crate) responsible: Option<I>,
    pub(crate) entered: Option<I>,
    pub(crate) cosigned: Box<[I]>,
}

impl Held<String> {
    /// What an entry says.
    pub(crate) fn of(state: &State) -> Self {
        Self {
            is: state.is,
            responsible: state.responsible.clone(),
            entered: state.entered.clone(),
            cosigned: state.cosigned.clone().into(),
        }
    }
}

impl<I: PartialEq> Held<I> {
    /// Who answers for it, and for whom it was entered, are those of another.
    fn same_accounts(&self, other: &Self) -> bool {
        self.responsible == other.responsible && self.entered == other.entered
    }
}

/// The table: what an act may make of what was. Empty where the act does not fit.
pub(super) fn becomes<I>(before: &Before<I>, act: StateAct) -> &'static [Is] {
    use Is::{Amended, Draft, Final, Withdrawn};
    let held = match before {
        Before::Nothing if act == StateAct::Enter => return &[Draft, Final],
        Before::Unmarked if act == StateAct::Adopt => return &Is::ALL,
        Before::Nothing | Before::Unmarked if act == StateAct::Import => return &Is::ALL,
        // From before there were states, or named by none: whoever settles it answers for it from then on.
        Before::Unmarked if act == StateAct::Finalize => return &[Final],
        Before::Unmarked if act == StateAct::Withdraw => return &[Withdrawn],
        Before::Nothing | Before::Unmarked => return &[],
        Before::Held(held) => held.is,
    };
    match (held, act) {
        (Draft, StateAct::Edit | StateAct::Return | StateAct::Assign) => &[Draft],
        (Draft, StateAct::Finalize | StateAct::Approve | StateAct::Lapse)
        | (Final, StateAct::Progress | StateAct::Cosign) => &[Final],
        (Draft, StateAct::Import) => &Is::ALL,
        (Final | Amended, StateAct::Amend) | (Amended, StateAct::Progress | StateAct::Cosign) => &[Amended],
        // The source has corrected it; the reason of the entry names the source.
        (Final | Amended, StateAct::Import) => &[Amended, Withdrawn],
        (Draft | Final | Amended, StateAct::Withdraw) => &[Withdrawn],
        (Draft | Final | Amended | Withdrawn, _) => &[],
    }
}

/// What an entry says of a state.
#[derive(Clone, Debug)]
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
    let for_another = said.held.entered.is_some();
    if said.act.must_be_told() && !said.told || said.told && !said.act.may_be_told(for_another) {
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
    } else if matches!(said.act, StateAct::Approve | StateAct::Return | StateAct::Assign) {
        return Err("nobody has entered it for another");
    }
    let before = match before {
        Before::Held(before) => Some(before),
        Before::Nothing | Before::Unmarked => None,
    };
    if !signed(before, said, actor) {
        return Err("it names others as having signed than those who have");
    }
    let stays = before.is_some_and(|before| before.same_accounts(held));
    let fits = match (said.act, held.is) {
        // Nobody is made to answer by the passing of time: whoever does has written the draft.
        (StateAct::Lapse, _) => {
            stays && held.responsible.is_some() && held.entered.is_none() && said.by_system
        }
        (
            StateAct::Edit | StateAct::Approve | StateAct::Return | StateAct::Progress | StateAct::Cosign,
            _,
        ) => stays,
        (StateAct::Assign, _) => before.is_some_and(|before| handed_on(before, held)),
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

/// Whether those who have signed are those before and, of a signature, who signs: another than who answers for it, once.
/// A new content is signed by nobody yet.
fn signed<I: PartialEq>(before: Option<&Held<I>>, said: &Said<I>, actor: &I) -> bool {
    let (StateAct::Cosign, Some(before)) = (said.act, before) else { return said.held.cosigned.is_empty() };
    let Some((last, earlier)) = said.held.cosigned.split_last() else { return false };
    let once = !earlier.contains(actor) && before.responsible.as_ref() != Some(actor);
    last == actor && *earlier == *before.cosigned && once
}

/// Whether another than before, and than who entered it, is to answer for it.
fn handed_on<I: PartialEq>(before: &Held<I>, held: &Held<I>) -> bool {
    let another = held.responsible.is_some() && held.responsible != before.responsible;
    another && held.responsible != held.entered && held.entered == before.entered
}
