//! A transaction: all entries are thought through, then written together or not at all, then the readings are answered.
//!
//! Deletions count before creations, creations before updates and patches, readings come last (FHIR R4, RESTful API,
//! "Transaction Processing Rules"). What rests on a search is written with a guard; when others come in between, all
//! of it is thought through again.

mod plan;

use crate::bundle::{self, Wanted};
use crate::bundle_entry::{Look, Wish};
use crate::call::{Answer, Condition, Outcome, Problems, Query, Target};
use crate::conditional;
use crate::facility::{Caller, Facility};
use crate::trail::Trail;
use crate::write::TRIES_MAX;
use crate::{codes, read, reply, ties, write};
use access::Action;
use base::{Problem, RecordKey};
use fhir::{Checked, Patch, Template};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use store::{Batch, Change, Written};

use plan::{Fate, Plan};

/// An entry, understood and checked for itself.
#[derive(Clone)]
pub(crate) struct Draft {
    full_url: Option<String>,
    deed: Deed,
    /// Whether the resource holds references by criteria.
    refers: bool,
}

#[derive(Clone)]
enum Deed {
    Create { checked: Checked, none_exist: Option<Query> },
    Update { target: Target, checked: Checked, condition: Condition },
    Patch { target: Target, patch: Patch, condition: Condition },
    Delete { target: Target, condition: Condition },
    Look(Look),
}

pub(crate) async fn perform(
    facility: &Facility,
    caller: &Caller<'_>,
    entries: Vec<fhir::Entry>,
    wanted: Wanted,
) -> Result<Vec<Vec<u8>>, Problems> {
    let drafts = entries.into_iter().enumerate().map(|(index, entry)| at(index, Draft::read(entry)));
    let mut drafts = drafts.collect::<Result<Vec<Draft>, _>>()?;
    let tries = if drafts.iter().any(Draft::looks_first) { TRIES_MAX } else { 1 };
    let (mut parts, mut told) = (Parts::new(caller.trail), write::Stale::default());
    for left in (0..tries).rev() {
        let taken = if left == 0 { std::mem::take(&mut drafts) } else { drafts.clone() };
        let plan = match Plan::new(facility, Some(caller), taken) {
            Err(problems) if left > 0 && told.anew(&problems) => continue,
            plan => plan?,
        };
        // Whoever reads has a trail of their own, taken while this one is still to be handed in.
        parts.begin(&plan)?;
        match commit(facility, caller, plan).await {
            Ok(ended) => return answers(facility, caller, ended, wanted, parts).await,
            Err(problem) if write::came_between(&problem) => {}
            Err(problem) => return Err(problem.into()),
        }
    }
    Err(write::contended().into())
}

/// The changes of a transaction that is imported, and the patients whom its contents name. Nobody hears the answer, so readings are passed over; what rests on the
/// state of the facility is refused.
pub(crate) fn changes(
    facility: &Facility,
    entries: Vec<fhir::Entry>,
) -> Result<(Vec<Change>, BTreeSet<String>), Problems> {
    let drafts = entries.into_iter().enumerate().map(|(index, entry)| {
        let draft = Draft::read(entry);
        at(
            index,
            draft.and_then(|draft| if draft.is_conditional() { Err(not_imported()) } else { Ok(draft) }),
        )
    });
    let plan = Plan::new(facility, None, drafts.collect::<Result<_, _>>()?)?;
    Ok((plan::in_order(plan.changes).map(|(_, change)| change).collect(), plan.imported))
}

fn not_imported() -> Problems {
    Problem::new(&codes::CONDITIONAL).with("what", "import").at("request").into()
}

fn at<T>(index: usize, result: Result<T, Problems>) -> Result<T, Problems> {
    result.map_err(|problems| problems.below(&bundle::place(index)))
}

impl Draft {
    fn read(entry: fhir::Entry) -> Result<Self, Problems> {
        let full_url = entry.full_url.clone();
        let deed = match Wish::read(entry)? {
            Wish::Create { kind, resource, none_exist } => {
                let checked = write::of_type(&kind, write::check(resource)?)?;
                Deed::Create { checked, none_exist }
            }
            Wish::Update { target, resource, condition } => {
                let checked = write::of_type(target.kind(), write::check(resource)?)?;
                write::whole(&checked)?;
                if let Target::Record(key) = &target {
                    write::same_id(&checked, key)?;
                }
                Deed::Update { target, checked, condition }
            }
            Wish::Patch { target, patch, condition } => Deed::Patch { target, patch, condition },
            Wish::Delete { target, condition } => Deed::Delete { target, condition },
            Wish::Look(look) => Deed::Look(look),
        };
        let refers = match &deed {
            Deed::Create { checked, .. } | Deed::Update { checked, .. } => {
                checked.references().into_iter().any(plan::is_conditional)
            }
            Deed::Patch { .. } | Deed::Delete { .. } | Deed::Look(_) => false,
        };
        Ok(Self { full_url, deed, refers })
    }

    /// Whether the entry rests on what is found before it is written.
    fn looks_first(&self) -> bool {
        let writes_to_what_stands = matches!(self.deed, Deed::Update { .. } | Deed::Delete { .. });
        self.refers || writes_to_what_stands || self.is_conditional()
    }

    /// Whether references by criteria may stand in what is written. What a patch makes is known only when it is applied.
    fn may_refer_by_criteria(&self) -> bool {
        self.refers || matches!(self.deed, Deed::Patch { .. })
    }

    /// The same, references left aside.
    fn is_conditional(&self) -> bool {
        match &self.deed {
            Deed::Create { none_exist, .. } => none_exist.is_some(),
            Deed::Update { target, .. } | Deed::Delete { target, .. } => {
                matches!(target, Target::Only { .. })
            }
            Deed::Patch { .. } => true,
            Deed::Look(_) => false,
        }
    }
}

/// What has become of an entry.
enum Ended {
    Written(Written, Option<Arc<Template>>),
    Existing(RecordKey),
    Nothing,
    Look(Look),
}

async fn commit(facility: &Facility, caller: &Caller<'_>, plan: Plan) -> Result<Vec<Ended>, Problem> {
    let Plan { fates, changes, guards, .. } = plan;
    let entries = Entries::of(&fates, &changes);
    let (mut slots, mut ordered) = (Vec::new(), Vec::new());
    for (slot, change) in plan::in_order(changes) {
        slots.push(slot);
        ordered.push(change);
    }
    let mut written: Vec<Option<Written>> = vec![None; slots.len()];
    if !ordered.is_empty() || !guards.is_empty() {
        let batch = Batch { guards, ..ties::batch(caller, ordered) };
        let receipt = caller.trail.append(facility, batch).await;
        let receipt = receipt.map_err(|problem| entries.place(ties::told(facility, caller, problem)))?;
        for (slot, one) in slots.into_iter().zip(receipt.written) {
            if let Some(place) = slot.and_then(|slot| written.get_mut(slot)) {
                *place = Some(one);
            }
        }
    }
    let mut written = written.into_iter();
    let ended = fates.into_iter().map(|fate| match fate {
        Fate::Written(template) => {
            let one = written.next().flatten();
            let one =
                one.ok_or_else(|| Problem::new(&store::codes::HALTED).log("a write without an answer"))?;
            Ok(Ended::Written(one, template))
        }
        Fate::Existing(key) => Ok(Ended::Existing(key)),
        Fate::Nothing => Ok(Ended::Nothing),
        Fate::Look(look) => Ok(Ended::Look(look)),
    });
    ended.collect()
}

/// By which entry a record is written.
struct Entries(BTreeMap<String, usize>);

impl Entries {
    fn of(fates: &[Fate], changes: &[plan::Ranked]) -> Self {
        let written = fates.iter().enumerate().filter(|(_, fate)| matches!(fate, Fate::Written(_)));
        let keys = changes.iter().map(|ranked| ranked.change.key().to_string());
        Self(keys.zip(written.map(|(index, _)| index)).collect())
    }

    /// Says at which entry records of two patients would be joined: a new record has an id that its sender does not know.
    fn place(&self, problem: Problem) -> Problem {
        let concerned = store::is_of_two_patients(&problem) || problem.code() == &codes::MIXED_UNSEEN;
        let index = problem.value("record").and_then(|record| self.0.get(record)).copied();
        match index.filter(|_| concerned) {
            Some(index) => problem.at(bundle::place(index)),
            None => problem,
        }
    }
}

/// The trails of entries that read, by their number.
struct Parts<'a> {
    whole: &'a Trail,
    trails: BTreeMap<usize, Trail>,
}

impl<'a> Parts<'a> {
    fn new(whole: &'a Trail) -> Self {
        Self { whole, trails: BTreeMap::new() }
    }

    fn begin(&mut self, plan: &Plan) -> Result<(), Problem> {
        let reads = |fate: &Fate| matches!(fate, Fate::Look(_) | Fate::Existing(_));
        for (index, _) in plan.fates.iter().enumerate().filter(|(_, fate)| reads(fate)) {
            if let Entry::Vacant(vacant) = self.trails.entry(index) {
                vacant.insert(self.whole.part(index)?);
            }
        }
        Ok(())
    }

    fn take(&mut self, index: usize) -> Result<Trail, Problem> {
        let lost = || Problem::new(&store::codes::NO_PERMIT).log("a reading without a trail");
        self.trails.remove(&index).ok_or_else(lost)
    }
}

async fn answers(
    facility: &Facility,
    caller: &Caller<'_>,
    ended: Vec<Ended>,
    wanted: Wanted,
    mut parts: Parts<'_>,
) -> Result<Vec<Vec<u8>>, Problems> {
    let mut answers = Vec::with_capacity(ended.len());
    for (index, ended) in ended.into_iter().enumerate() {
        let answer = match ended {
            Ended::Written(written, template) => reply::from_written(Some(&written), template.as_deref())?,
            Ended::Nothing => conditional::nothing_deleted(),
            // Readings come after the writes, so that they see them (FHIR R4, transaction processing rules). By then the
            // writes are durable: one that fails is answered for itself, since the whole can no longer be refused.
            Ended::Existing(_) | Ended::Look(_) => {
                let trail = parts.take(index)?;
                let caller = Caller { trail: &trail, ..*caller };
                let answer = match ended {
                    Ended::Existing(key) => existing(facility, &caller, key),
                    Ended::Look(look) => bundle::looked(facility, &caller, look, wanted.lenient),
                    Ended::Written(..) | Ended::Nothing => continue,
                };
                match bundle::ended(facility, &trail, answer).await {
                    Ok(answer) => answer,
                    Err(problems) => {
                        answers.push(bundle::failure(&caller, &problems.below(&bundle::place(index))));
                        continue;
                    }
                }
            }
        };
        answers.push(bundle::response(caller, &answer, wanted.returned));
    }
    Ok(answers)
}

/// The record that a creation found. It was there when the others were written; by now it may be deleted again.
fn existing(facility: &Facility, caller: &Caller<'_>, key: RecordKey) -> Result<Answer, Problems> {
    caller.trail.asked(Action::READ, &key.to_string(), None);
    let (found, permit) = read::current(facility, caller, Action::READ, &key)?;
    caller.trail.touched(&key, Some(found.version.number()));
    Ok(Answer { outcome: Outcome::Existing, ..reply::from_found(key, found, &permit)? })
}
