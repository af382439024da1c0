//! Who looked at a patient, and who looked while not treating them.
//!
//! A report never calls a look good without a reason: an account that is linked to no `Practitioner`, and has written
//! nothing itself, is "unknown".

mod answer;

pub use answer::{Charts, Span, json, lookers};

use super::outcome;
use super::treating::{Basis, Relation};
use super::{Accessed, agents};
use access::{Action, Decided};
use base::Time;
use std::collections::{BTreeMap, BTreeSet};
use store::ActorKind;

/// For how long somebody who wrote in the records of a patient counts as treating them.
pub(super) const OWN_RECORD_DAYS: i64 = 30;

/// Whether somebody treated the patient when they looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Treating {
    /// At least once they did not, as far as the records say.
    No,
    /// At least once nobody can tell: the account names no practitioner.
    Unknown,
    /// Each time.
    Yes,
    /// It is no human being whom one could ask.
    NotAPerson,
}

impl Treating {
    /// Its word in answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Unknown => "unknown",
            Self::Yes => "yes",
            Self::NotAPerson => "not-a-person",
        }
    }
}

/// One account that looked, or tried to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Looker {
    /// The account's id.
    pub account: String,
    /// What kind of actor it is.
    pub kind: &'static str,
    /// The occupation that was told last.
    pub occupation: Option<String>,
    /// The first time.
    pub first: Time,
    /// The last time.
    pub last: Time,
    /// How often, by action.
    pub actions: BTreeMap<String, u64>,
    /// How often something was shown or written.
    pub shown: u64,
    /// How often it was refused.
    pub refused: u64,
    /// How often it failed otherwise.
    pub failed: u64,
    /// How often it rested on a broken glass.
    pub broken_glass: u64,
    /// How often it happened while nothing could be written, and was entered later.
    pub emergency: u64,
    /// Whether they treated the patient.
    pub treating: Treating,
    /// How often they did not.
    pub not_treating: u64,
    /// How often nobody can tell.
    pub not_known: u64,
    /// On what it rests where they did.
    pub because: BTreeSet<Basis>,
}

/// Who looked: first those who did not treat the patient, then those of whom nobody knows, then the others; of equals
/// whoever looked last.
pub type Report = Vec<Looker>;

/// Makes the report from accesses that name the patient, in the order of the journal, and from what the records say.
/// Who read this trail is not among them. Those before `from` are not reported; what was written in them counts as a reason to look later.
pub fn report(accesses: &[Accessed], relations: &[Relation], from: Option<Time>) -> Report {
    let mut lookers: BTreeMap<(&'static str, &str), Looker> = BTreeMap::new();
    let mut written: BTreeMap<&str, Time> = BTreeMap::new();
    for accessed in accesses.iter().filter(|accessed| accessed.access.action != Action::AUDIT.name()) {
        let account = accessed.actor.id.as_str();
        if from.is_none_or(|from| from <= accessed.happened()) {
            let looked = judge(accessed, relations, written.get(account).copied());
            let key = (kind(accessed.actor.kind), account);
            let looker = lookers.entry(key).or_insert_with(|| Looker::new(accessed));
            looker.add(accessed, looked);
        }
        if writes(accessed) {
            written.insert(account, accessed.happened());
        }
    }
    let mut report: Report = lookers.into_values().collect();
    report.sort_by(|one, other| one.treating.cmp(&other.treating).then(other.last.cmp(&one.last)));
    report
}

/// What is known of one look.
enum Looked {
    Treating(BTreeSet<Basis>),
    NotTreating,
    Unknown,
    NoPerson,
}

fn judge(accessed: &Accessed, relations: &[Relation], written: Option<Time>) -> Looked {
    if !agents::is_person(accessed) {
        return Looked::NoPerson;
    }
    let practitioner = accessed.access.who.practitioner.as_deref();
    let practitioner = practitioner.map(|id| id.strip_prefix("Practitioner/").unwrap_or(id));
    let own = relations.iter().filter(|one| Some(one.practitioner.as_str()) == practitioner);
    let mut because: BTreeSet<Basis> =
        own.filter(|one| one.holds(accessed.happened())).map(|one| one.basis).collect();
    let lately = |then: Time| accessed.happened() < then.plus_seconds(OWN_RECORD_DAYS * 86_400);
    because.extend(written.filter(|then| lately(*then)).map(|_| Basis::OwnRecord));
    match (because.is_empty(), practitioner) {
        (false, _) => Looked::Treating(because),
        (true, Some(_)) => Looked::NotTreating,
        (true, None) => Looked::Unknown,
    }
}

/// Whether a record of the patient was written by it.
fn writes(accessed: &Accessed) -> bool {
    let access = &accessed.access;
    let writes = matches!(access.action.as_str(), "create" | "update" | "patch" | "delete");
    writes && outcome::code(access) == "0" && !access.touched.is_empty()
}

/// The word of a kind of actor.
fn kind(kind: ActorKind) -> &'static str {
    match kind {
        ActorKind::Person => "person",
        ActorKind::Device => "device",
        ActorKind::Service => "service",
        ActorKind::System => "system",
        ActorKind::Unknown => "unknown",
    }
}

impl Looker {
    fn new(accessed: &Accessed) -> Self {
        Self {
            account: accessed.actor.id.clone(),
            kind: kind(accessed.actor.kind),
            occupation: None,
            first: accessed.happened(),
            last: accessed.happened(),
            actions: BTreeMap::new(),
            shown: 0,
            refused: 0,
            failed: 0,
            broken_glass: 0,
            emergency: 0,
            treating: Treating::NotAPerson,
            not_treating: 0,
            not_known: 0,
            because: BTreeSet::new(),
        }
    }

    fn add(&mut self, accessed: &Accessed, looked: Looked) {
        let access = &accessed.access;
        self.first = self.first.min(accessed.happened());
        self.last = self.last.max(accessed.happened());
        self.occupation = access.who.occupation.clone().or_else(|| self.occupation.take());
        let action = if access.action.is_empty() { "unknown" } else { &access.action };
        more(self.actions.entry(action.to_owned()).or_default());
        match (access.decided, outcome::code(access)) {
            (Decided::Refused, _) => more(&mut self.refused),
            (_, "0") => more(&mut self.shown),
            _ => more(&mut self.failed),
        }
        if access.break_glass.is_some() {
            more(&mut self.broken_glass);
        }
        if access.emergency.is_some() {
            more(&mut self.emergency);
        }
        let treating = match looked {
            Looked::NoPerson => Treating::NotAPerson,
            Looked::NotTreating => {
                more(&mut self.not_treating);
                Treating::No
            }
            Looked::Unknown => {
                more(&mut self.not_known);
                Treating::Unknown
            }
            Looked::Treating(because) => {
                self.because.extend(because);
                Treating::Yes
            }
        };
        self.treating = self.treating.min(treating);
    }
}

fn more(count: &mut u64) {
    *count = count.saturating_add(1);
}

#[cfg(test)]
mod tests;
