//! Candidates: the patients who share a key with one, each opened as far as the caller may see it, and their insurance.

use crate::asking::SearchJudge;
use crate::facility::Caller;
use crate::permits::Opened;
use access::Action;
use base::limits::{MATCH_BLOCK_MAX, PAGE_ENTRIES_DEFAULT};
use base::{Problem, RecordKey};
use fhir::alike::{Features, Likeness, compare};
use std::collections::BTreeMap;
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
        features: &Features,
        without: impl Fn(&RecordKey) -> bool,
    ) -> Result<Gathered, Problem> {
        let mut found = Gathered::default();
        let insured = features.is_insured();
        for key in features.keys() {
            let hits = self.sharing("Patient", &key)?;
            if hits.len() > MATCH_BLOCK_MAX {
                found.wide.push(char::from(key.first().copied().unwrap_or(b'?')));
            }
            for hit in hits.into_iter().take(MATCH_BLOCK_MAX) {
                self.take(hit, insured, &without, &mut found)?;
            }
        }
        for key in features.insurance_keys() {
            for coverage in self.sharing("Coverage", &key)?.into_iter().take(MATCH_BLOCK_MAX) {
                if let Some(hit) = self.insured(&coverage)? {
                    self.take(hit, insured, &without, &mut found)?;
                }
            }
        }
        found.wide.sort_unstable();
        found.wide.dedup();
        Ok(found)
    }

    fn take(
        &self,
        hit: Hit,
        insured: bool,
        without: &impl Fn(&RecordKey) -> bool,
        found: &mut Gathered,
    ) -> Result<(), Problem> {
        if found.candidates.contains_key(&hit.key) || without(&hit.key) {
            return Ok(());
        }
        if let Some(candidate) = self.open(hit, insured)? {
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
        let hits = self.search("Coverage", any, PAGE_ENTRIES_DEFAULT)?;
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
    fn insured(&self, coverage: &Hit) -> Result<Option<Hit>, Problem> {
        let values = self.snapshot.values(coverage.record, &[store::PATIENT], self.links)?;
        let patient = values.iter().find_map(|value| self.links.from(value));
        match patient.filter(|key| *key.kind == *"Patient") {
            Some(key) => self.snapshot.hit(&key, self.links),
            None => Ok(None),
        }
    }

    fn sharing(&self, kind: &str, key: &[u8]) -> Result<Vec<Hit>, Problem> {
        let any = vec![exact(fhir::BLOCK, key.to_vec())];
        self.search(kind, any, MATCH_BLOCK_MAX.saturating_add(1))
    }

    fn search(&self, kind: &str, any: Vec<Alternative>, count: usize) -> Result<Vec<Hit>, Problem> {
        if self.caller.asking.on_kind(Action::SEARCH, kind).is_err() {
            return Ok(Vec::new());
        }
        let judge = SearchJudge(&**self.caller.asking);
        let all = [Matching::Terms { any, negated: false }];
        let search = Search {
            kind: Some(kind),
            all: &all,
            sort: &[],
            links: self.links,
            after: None,
            count,
            judge: Some(&judge),
        };
        Ok(self.snapshot.search(&search)?.hits)
    }
}

fn exact(param: &'static str, value: Vec<u8>) -> Alternative {
    Alternative { param, span: Span::Exact(value), test: None }
}

/// How two patients compare.
pub(super) fn likeness(one: &Features, other: &Candidate) -> Likeness {
    compare(one, &other.features)
}
