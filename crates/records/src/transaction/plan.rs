//! A transaction thought through: records found, ids chosen, references resolved, and what entries do to each other.

use super::{Deed, Draft, at, not_imported};
use crate::bundle_entry::Look;
use crate::call::{Condition, Problems, Query, Target};
use crate::conditional::{self, Brought, Criteria, Sight};
use crate::facility::{Caller, Facility};
use crate::index::from_fhir;
use crate::write::Wish;
use crate::{codes, patch, write};
use access::{Action, Facts};
use base::{Problem, RecordKey};
use fhir::{Checked, Template};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use store::{Change, Expected, Guard, Term};

/// What is going to be written, and what becomes of each entry.
pub(super) struct Plan {
    pub(super) fates: Vec<Fate>,
    /// One for each [`Fate::Written`], in the order of the entries.
    pub(super) changes: Vec<Ranked>,
    pub(super) guards: Vec<Guard>,
    /// The patients whom the contents of an import name. Of a caller's contents the trail has heard by then.
    pub(super) imported: BTreeSet<String>,
}

/// What becomes of an entry.
pub(super) enum Fate {
    /// A change; with the means to show the new version.
    Written(Option<Arc<Template>>),
    Existing(RecordKey),
    Nothing,
    Look(Look),
}

/// A change, when it counts, and what is written directly after it.
pub(super) struct Ranked {
    rank: Rank,
    pub(super) change: Change,
    beside: Option<Change>,
}

/// When a change counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    Delete,
    Create,
    Update,
}

impl Rank {
    fn action(self) -> Action {
        match self {
            Self::Delete => Action::DELETE,
            Self::Create => Action::CREATE,
            Self::Update => Action::UPDATE,
        }
    }
}

/// The change that deletes a record, for a caller or for an import.
fn removal(
    facility: &Facility,
    caller: Option<&Caller<'_>>,
    key: &RecordKey,
    expected: Expected,
) -> Result<Change, Problems> {
    if let Some(caller) = caller {
        return Ok(write::plan(facility, caller, key, Wish::Delete, expected)?.change);
    }
    let permit = facility.import_permit(key, &Facts::default())?;
    Ok(Change::new(&permit, expected, store::Act::Delete)?)
}

/// Changes in the order in which they count, each with its number among the changes; what is written beside one has none.
pub(super) fn in_order(changes: Vec<Ranked>) -> impl Iterator<Item = (Option<usize>, Change)> {
    let mut numbered: Vec<(usize, Ranked)> = changes.into_iter().enumerate().collect();
    numbered.sort_by_key(|(_, ranked)| ranked.rank);
    numbered.into_iter().flat_map(|(number, Ranked { change, beside, .. })| {
        std::iter::once((Some(number), change)).chain(beside.map(|beside| (None, beside)))
    })
}

/// Whether a reference is one by criteria: `Patient?identifier=…`.
pub(super) fn is_conditional(reference: &str) -> bool {
    let kind = reference.split_once('?').map_or("", |(kind, _)| kind);
    !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// What an entry is going to do.
struct Aim {
    full_url: Option<String>,
    act: Act,
    /// By what the record of a creation, an update or a patch was looked for.
    criteria: Option<Criteria>,
}

enum Act {
    Put { rank: Rank, key: RecordKey, expected: Expected, content: Checked },
    Delete { key: RecordKey, expected: Expected },
    Existing(RecordKey),
    Nothing,
    Look(Look),
}

impl Aim {
    /// The record that the entry stands for.
    fn key(&self) -> Option<&RecordKey> {
        match &self.act {
            Act::Put { key, .. } | Act::Delete { key, .. } | Act::Existing(key) => Some(key),
            Act::Nothing | Act::Look(_) => None,
        }
    }

    fn content(&self) -> Option<&Checked> {
        if let Act::Put { content, .. } = &self.act { Some(content) } else { None }
    }
}

impl Plan {
    /// Thinks a transaction through. Without a caller nothing is looked for.
    pub(super) fn new(
        facility: &Facility,
        caller: Option<&Caller<'_>>,
        drafts: Vec<Draft>,
    ) -> Result<Self, Problems> {
        let refers = drafts.iter().any(Draft::may_refer_by_criteria);
        let mut search = Search { facility, caller, guards: Vec::new() };
        let aims = drafts.into_iter().enumerate().map(|(index, draft)| at(index, search.aim(draft)));
        let mut aims = aims.collect::<Result<Vec<Aim>, _>>()?;
        resolve_names(&mut aims)?;
        if refers {
            search.resolve_criteria(&mut aims)?;
        }
        refuse_entanglement(&aims)?;
        let Search { guards, .. } = search;
        let (mut fates, mut changes) = (Vec::with_capacity(aims.len()), Vec::new());
        let mut imported = BTreeSet::new();
        for aim in aims {
            fates.push(match aim.act {
                Act::Put { rank, key, expected, content } => {
                    let planned = if let Some(caller) = caller {
                        let wish = Wish::Put(rank.action(), &content);
                        write::plan(facility, caller, &key, wish, expected)?
                    } else {
                        let (planned, patients) = facility.imported(&content, &key, expected)?;
                        imported.extend(patients);
                        planned
                    };
                    changes.push(Ranked { rank, change: planned.change, beside: planned.beside });
                    Fate::Written(planned.template)
                }
                Act::Delete { key, expected } => {
                    let change = removal(facility, caller, &key, expected)?;
                    changes.push(Ranked { rank: Rank::Delete, change, beside: None });
                    Fate::Written(None)
                }
                Act::Existing(key) => Fate::Existing(key),
                Act::Nothing => Fate::Nothing,
                Act::Look(look) => Fate::Look(look),
            });
        }
        Ok(Self { fates, changes, guards, imported })
    }
}

/// What is looked for while a transaction is thought through.
struct Search<'a> {
    facility: &'a Facility,
    caller: Option<&'a Caller<'a>>,
    guards: Vec<Guard>,
}

impl Search<'_> {
    fn aim(&mut self, draft: Draft) -> Result<Aim, Problems> {
        let Draft { full_url, deed, .. } = draft;
        let (act, criteria) = match deed {
            Deed::Create { checked, none_exist: None } => (self.created(checked)?, None),
            Deed::Create { checked, none_exist: Some(query) } => {
                let (criteria, sight) = self.look(checked.kind().as_str(), &query)?;
                let act = match sight.found {
                    Some(key) => Act::Existing(key),
                    None => self.created(checked)?,
                };
                (act, Some(criteria))
            }
            Deed::Update { target, checked, condition } => self.updated(target, checked, condition)?,
            Deed::Patch { target, patch, condition } => {
                let (key, criteria) = match target {
                    Target::Record(key) => (key, None),
                    Target::Only { kind, criteria } => {
                        let (criteria, sight) = self.look(&kind, &criteria)?;
                        (conditional::patched(&criteria, &sight, condition)?, Some(criteria))
                    }
                };
                let caller = self.caller.ok_or_else(not_imported)?;
                let (content, version) = patch::applied(self.facility, caller, &key, &patch, condition)?;
                let expected = Expected::Version(version);
                (Act::Put { rank: Rank::Update, key, expected, content }, criteria)
            }
            Deed::Delete { target, condition } => (self.deleted(target, condition)?, None),
            Deed::Look(look) => (Act::Look(look), None),
        };
        Ok(Aim { full_url, act, criteria })
    }

    fn created(&self, content: Checked) -> Result<Act, Problem> {
        let key = RecordKey::new(content.kind().as_str(), self.facility.new_id()?);
        Ok(Act::Put { rank: Rank::Create, key, expected: Expected::Absent, content })
    }

    fn updated(
        &mut self,
        target: Target,
        content: Checked,
        condition: Condition,
    ) -> Result<(Act, Option<Criteria>), Problems> {
        let (key, expected, criteria) = match target {
            Target::Record(key) => (key, write::expected(condition), None),
            Target::Only { kind, criteria } => {
                let (criteria, sight) = self.look(&kind, &criteria)?;
                let caller = self.caller.ok_or_else(not_imported)?;
                let brought = Brought { checked: &content, condition };
                let (key, expected) =
                    conditional::updated(self.facility, caller, &criteria, &sight, brought)?;
                (key, expected, Some(criteria))
            }
        };
        Ok((Act::Put { rank: Rank::Update, key, expected, content }, criteria))
    }

    fn deleted(&mut self, target: Target, condition: Condition) -> Result<Act, Problems> {
        let found = match target {
            Target::Record(key) => Some((key, write::expected(condition))),
            Target::Only { kind, criteria } => {
                let (criteria, sight) = self.look(&kind, &criteria)?;
                conditional::deleted(&criteria, sight.found.as_ref(), condition)?
            }
        };
        Ok(found.map_or(Act::Nothing, |(key, expected)| Act::Delete { key, expected }))
    }

    fn look(&mut self, kind: &str, query: &Query) -> Result<(Criteria, Sight), Problems> {
        let caller = self.caller.ok_or_else(not_imported)?;
        let criteria = Criteria::read(self.facility, caller, kind, query)?;
        let sight = criteria.look(self.facility, caller)?;
        self.guards.push(sight.guard.clone());
        Ok((criteria, sight))
    }

    /// References by criteria are replaced by references to the one record that fulfils them when all is written.
    fn resolve_criteria(&mut self, aims: &mut [Aim]) -> Result<(), Problems> {
        let Some(caller) = self.caller else { return Ok(()) };
        let mut known: BTreeMap<String, String> = BTreeMap::new();
        let mut rows = None;
        for (index, aim) in aims.iter().enumerate() {
            for reference in aim.content().map(Checked::references).unwrap_or_default() {
                if is_conditional(reference) && !known.contains_key(reference) {
                    let rows = rows.get_or_insert_with(|| rows_of(aims));
                    let key = at(index, self.meant(caller, reference, aims, rows))?;
                    known.insert(reference.to_owned(), key.to_string());
                }
            }
        }
        if !known.is_empty() {
            rewrite(aims, &known);
        }
        Ok(())
    }

    fn meant(
        &mut self,
        caller: &Caller<'_>,
        reference: &str,
        aims: &[Aim],
        rows: &[Vec<Term>],
    ) -> Result<RecordKey, Problems> {
        let (kind, query) = reference.split_once('?').unwrap_or((reference, ""));
        let query: Query = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let criteria = Criteria::read(self.facility, caller, kind, &query)?;
        let (found, guard) = criteria.look_for_two(self.facility, caller)?;
        self.guards.push(guard);
        let mut keys: BTreeSet<RecordKey> = found.into_iter().collect();
        for (index, (aim, rows)) in aims.iter().zip(rows).enumerate() {
            match &aim.act {
                Act::Delete { key, .. } => drop(keys.remove(key)),
                Act::Put { key, .. } if *key.kind == *kind => match criteria.accepts(rows) {
                    Some(true) => drop(keys.insert(key.clone())),
                    Some(false) => drop(keys.remove(key)),
                    None => return Err(meets_other(kind, index).into()),
                },
                _ => {}
            }
        }
        match (keys.pop_first(), keys.len()) {
            (Some(key), 0) => Ok(key),
            (first, _) => {
                let count = if first.is_some() { "2+" } else { "0" };
                Err(Problem::new(&codes::REFERENCE).with("kind", kind).with("count", count).into())
            }
        }
    }
}

/// References to entries of the transaction are replaced; one to a `urn:` that is no entry is refused.
fn resolve_names(aims: &mut [Aim]) -> Result<(), Problems> {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for (index, aim) in aims.iter().enumerate() {
        if let (Some(url), Some(key)) = (&aim.full_url, aim.key())
            && names.insert(url.clone(), key.to_string()).is_some()
        {
            return at(index, Err(Problem::new(&codes::SAME_FULL_URL).with("url", url).into()));
        }
    }
    rewrite(aims, &names);
    for (index, aim) in aims.iter().enumerate() {
        let references = aim.content().map(Checked::references).unwrap_or_default();
        if let Some(reference) = references.into_iter().find(|reference| reference.starts_with("urn:")) {
            let problem = Problem::new(&codes::UNRESOLVED).with("reference", reference);
            return at(index, Err(problem.into()));
        }
    }
    Ok(())
}

fn rewrite(aims: &mut [Aim], names: &BTreeMap<String, String>) {
    for aim in aims {
        if let Act::Put { content, .. } = &mut aim.act {
            content.rewrite_references(&|old| names.get(old).cloned());
        }
    }
}

/// The search rows that each entry is going to write.
fn rows_of(aims: &[Aim]) -> Vec<Vec<Term>> {
    let rows = |aim: &Aim| {
        let terms = aim.content().map(Checked::terms).unwrap_or_default();
        terms.into_iter().map(from_fhir).collect()
    };
    aims.iter().map(rows).collect()
}

/// Entries by criteria rest on the state before the transaction, so no other entry may change what they look for.
fn refuse_entanglement(aims: &[Aim]) -> Result<(), Problems> {
    let judged: Vec<(usize, &Aim, &Criteria)> = aims
        .iter()
        .enumerate()
        .filter_map(|(index, aim)| aim.criteria.as_ref().map(|criteria| (index, aim, criteria)))
        .collect();
    if judged.is_empty() {
        return Ok(());
    }
    for (place, (index, _, criteria)) in judged.iter().enumerate() {
        if judged.iter().take(place).any(|(_, _, other)| other.same(criteria)) {
            let problem = Problem::new(&codes::SAME_CRITERIA).with("kind", &criteria.kind);
            return at(*index, Err(problem.into()));
        }
    }
    let rows = rows_of(aims);
    let deleted = |key: &RecordKey| {
        aims.iter().any(|aim| matches!(&aim.act, Act::Delete { key: deleted, .. } if deleted == key))
    };
    for (index, aim, criteria) in judged {
        let refuse = |problem: Problem| at(index, Err(problem.into()));
        if let Some(key) = aim.key().filter(|key| deleted(key)) {
            return refuse(Problem::new(&codes::FOUND_DELETED).with("record", key));
        }
        let meets = aims.iter().zip(&rows).position(|(other, rows)| match &other.act {
            Act::Put { key, .. } => {
                *key.kind == *criteria.kind && aim.key() != Some(key) && criteria.accepts(rows) != Some(false)
            }
            _ => false,
        });
        if let Some(other) = meets {
            return refuse(meets_other(&criteria.kind, other));
        }
    }
    Ok(())
}

fn meets_other(kind: &str, other: usize) -> Problem {
    Problem::new(&codes::MEETS_OTHER).with("kind", kind).with("other", other)
}
