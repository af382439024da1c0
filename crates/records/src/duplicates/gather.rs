//! Candidates: the patients who share a key with one, each opened as far as the caller may see it, and their insurance.

use crate::asking::SearchJudge;
use crate::facility::Caller;
use crate::permits::Opened;
use access::Action;
use base::limits::{MATCH_BLOCK_MAX, PAGE_ENTRIES_DEFAULT};
use base::{Problem, RecordKey};
use fhir::alike::{Features, Grade, Likeness, compare, highest};
use std::collections::{BTreeMap, BTreeSet};
use store::{Alternative, Hit, Links, Matching, Search, Snapshot, Span};

/// A patient, opened, with what is compared of them.
pub(super) struct Candidate {
    pub(super) opened: Opened,
    pub(super) features: Features,
}

/// Who shares a key with a patient.
#[derive(Default)]
pub(super) struct Gathered {
    /// By record.
    pub(super) candidates: BTreeMap<RecordKey, Candidate>,
    /// Keys that so many share that not all were looked at, by their letters.
    pub(super) wide: Vec<char>,
}

/// For whom candidates are wanted.
pub(super) struct Wanted<'a> {
    pub(super) features: &'a Features,
    /// Whoever cannot have this grade is passed over, unopened.
    pub(super) least: Grade,
}

/// The search for candidates at one moment of the store.
pub(super) struct Desk<'a> {
    pub(super) snapshot: &'a Snapshot<'a>,
    pub(super) caller: &'a Caller<'a>,
    pub(super) links: &'a dyn Links,
}

impl Desk<'_> {
    /// Who shares a key with a patient, without these records.
    pub(super) fn gather(
        &self,
        wanted: &Wanted<'_>,
        without: impl Fn(&RecordKey) -> bool,
    ) -> Result<Gathered, Problem> {
        let mut found = Gathered::default();
        // Who shares one key often shares another: each is looked at once.
        let mut seen = BTreeSet::new();
        for key in wanted.features.keys() {
            let sharing = self.sharing("Patient", &key)?;
            if sharing.len() > MATCH_BLOCK_MAX {
                found.wide.push(char::from(key.first().copied().unwrap_or(b'?')));
            }
            for (key, record) in sharing.into_iter().take(MATCH_BLOCK_MAX) {
                if !without(&key) && seen.insert(key.clone()) {
                    self.take((&key, record), wanted, &mut found)?;
                }
            }
        }
        for key in wanted.features.insurance_keys() {
            for (_, coverage) in self.sharing("Coverage", &key)?.into_iter().take(MATCH_BLOCK_MAX) {
                if let Some(hit) = self.insured(coverage)?
                    && !without(&hit.key)
                    && seen.insert(hit.key.clone())
                {
                    self.take((&hit.key, hit.record), wanted, &mut found)?;
                }
            }
        }
        found.wide.sort_unstable();
        found.wide.dedup();
        Ok(found)
    }

    fn take(
        &self,
        (key, record): (&RecordKey, i64),
        wanted: &Wanted<'_>,
        found: &mut Gathered,
    ) -> Result<(), Problem> {
        if wanted.least > Grade::Possible {
            let keys = self.snapshot.values(record, &[fhir::BLOCK], self.links)?;
            if highest(wanted.features, &keys) < wanted.least {
                return Ok(());
            }
        }
        let Some(hit) = self.snapshot.hit(key, self.links)? else { return Ok(()) };
        if let Some(candidate) = self.open(hit, wanted.features.is_insured())? {
            found.candidates.insert(candidate.opened.key.clone(), candidate);
        }
        Ok(())
    }

    /// Opens a patient. `insured`: their insurance is wanted too.
    pub(super) fn open(&self, hit: Hit, insured: bool) -> Result<Option<Candidate>, Problem> {
        let Some(opened) = self.caller.open(self.snapshot, Action::SEARCH, hit)? else { return Ok(None) };
        let mut features = Features::of(&fhir::json::parse(&opened.content)?);
        if insured {
            for coverage in self.coverages(&opened.key)? {
                features.add_coverage(&coverage);
            }
        }
        Ok(Some(Candidate { opened, features }))
    }

    /// The insurances of a patient that may be seen.
    fn coverages(&self, patient: &RecordKey) -> Result<Vec<fhir::Node>, Problem> {
        let values = self.links.to(patient);
        let any = values.into_iter().map(|value| exact(store::PATIENT, value)).collect();
        let hits = |search: &Search<'_>| self.snapshot.search(search).map(|found| found.hits);
        let hits = self.search("Coverage", any, PAGE_ENTRIES_DEFAULT, hits)?;
        let mut found = Vec::new();
        for hit in hits {
            if let Some(opened) = self.caller.open(self.snapshot, Action::SEARCH, hit)? {
                self.caller.show(&opened.permit, &opened.facts, None);
                found.push(fhir::json::parse(&opened.content)?);
            }
        }
        Ok(found)
    }

    /// The patient of an insurance that may be seen.
    fn insured(&self, coverage: i64) -> Result<Option<Hit>, Problem> {
        let values = self.snapshot.values(coverage, &[store::PATIENT], self.links)?;
        let patient = values.iter().find_map(|value| self.links.from(value));
        match patient.filter(|key| *key.kind == *"Patient") {
            Some(key) => self.snapshot.hit(&key, self.links),
            None => Ok(None),
        }
    }

    /// The records that share a key, without their contents.
    fn sharing(&self, kind: &str, key: &[u8]) -> Result<Vec<(RecordKey, i64)>, Problem> {
        let any = vec![exact(fhir::BLOCK, key.to_vec())];
        self.search(kind, any, MATCH_BLOCK_MAX.saturating_add(1), |search| self.snapshot.found(search))
    }

    fn search<T>(
        &self,
        kind: &str,
        any: Vec<Alternative>,
        count: usize,
        ask: impl FnOnce(&Search<'_>) -> Result<Vec<T>, Problem>,
    ) -> Result<Vec<T>, Problem> {
        if self.caller.asking.on_kind(Action::SEARCH, kind).is_err() {
            return Ok(Vec::new());
        }
        let judge = SearchJudge(&**self.caller.asking);
        let all = [Matching::Terms { any, negated: false }];
        let search = Search {
            kinds: &[kind],
            all: &all,
            sort: &[],
            links: self.links,
            after: None,
            count,
            judge: Some(&judge),
        };
        ask(&search)
    }
}

fn exact(param: &'static str, value: Vec<u8>) -> Alternative {
    Alternative { param, span: Span::Exact(value), test: None }
}

/// How two patients compare.
pub(super) fn likeness(one: &Features, other: &Candidate) -> Likeness {
    compare(one, &other.features)
}
