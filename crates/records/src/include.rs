//! `_include` and `_revinclude`: what results refer to, and what refers to them, shown beside them.

use crate::codes;
use base::limits::INCLUDED_MAX;
use base::{Problem, RecordKey};
use fhir::ResourceKind;
use fhir::definitions::{self, SearchKind};
use fhir::search::Include;
use std::collections::{BTreeMap, BTreeSet};
use store::{Alternative, Hit, Judge, Links, Matching, Search, Snapshot, Span};

/// The records to be shown beside the results of a page, each once, without the results themselves.
pub(crate) struct Beside<'a> {
    snapshot: &'a Snapshot<'a>,
    links: &'a dyn Links,
    judge: &'a dyn Judge,
    seen: BTreeSet<RecordKey>,
    found: Vec<Hit>,
}

impl<'a> Beside<'a> {
    pub(crate) fn new(
        snapshot: &'a Snapshot<'a>,
        links: &'a dyn Links,
        judge: &'a dyn Judge,
        hits: &[Hit],
    ) -> Self {
        let seen = hits.iter().map(|hit| hit.key.clone()).collect();
        Self { snapshot, links, judge, seen, found: Vec::new() }
    }

    /// Follows the includes from the results, those that iterate also from what they found.
    pub(crate) fn follow(
        mut self,
        hits: &[Hit],
        forward: &[Include],
        backward: &[Include],
    ) -> Result<Vec<Hit>, Problem> {
        let mut edge: Vec<(RecordKey, i64)> = hits.iter().map(place).collect();
        let mut first = true;
        while !edge.is_empty() {
            let before = self.found.len();
            for (key, record) in &edge {
                for include in forward.iter().filter(|include| first || include.iterate) {
                    self.forward(key, *record, include)?;
                }
                for include in backward.iter().filter(|include| first || include.iterate) {
                    self.backward(key, include)?;
                }
            }
            edge = self.found.get(before..).unwrap_or_default().iter().map(place).collect();
            first = false;
        }
        Ok(self.found)
    }

    /// What the results refer to by any of their reference parameters, as far as it is of these types.
    pub(crate) fn referred(mut self, hits: &[Hit], kinds: &[ResourceKind]) -> Result<Vec<Hit>, Problem> {
        let mut params: BTreeMap<&str, Vec<&'static str>> = BTreeMap::new();
        for hit in hits {
            let params = params.entry(&hit.key.kind).or_insert_with(|| references_of(&hit.key.kind));
            for value in self.snapshot.values(hit.record, params, self.links)? {
                let Some(other) = self.links.from(&value) else { continue };
                if kinds.iter().any(|kind| *other.kind == *kind.as_str())
                    && !self.seen.contains(&other)
                    && let Some(hit) = self.snapshot.hit(&other, self.links)?
                {
                    self.add(hit)?;
                }
            }
        }
        Ok(self.found)
    }

    fn forward(&mut self, key: &RecordKey, record: i64, include: &Include) -> Result<(), Problem> {
        if *key.kind != *include.source.as_str() {
            return Ok(());
        }
        for value in self.snapshot.values(record, &include.params, self.links)? {
            let Some(other) = self.links.from(&value) else { continue };
            let wanted = include.target.is_none_or(|target| *other.kind == *target.as_str());
            if wanted
                && !self.seen.contains(&other)
                && let Some(hit) = self.snapshot.hit(&other, self.links)?
            {
                self.add(hit)?;
            }
        }
        Ok(())
    }

    fn backward(&mut self, key: &RecordKey, include: &Include) -> Result<(), Problem> {
        if include.target.is_some_and(|target| *key.kind != *target.as_str()) {
            return Ok(());
        }
        let values = self.links.to(key);
        let alternatives = include.params.iter().flat_map(|param| {
            values.iter().map(|value| Alternative { param, span: Span::Exact(value.clone()), test: None })
        });
        let all = [Matching::Terms { any: alternatives.collect(), negated: false }];
        let search = Search {
            kinds: &[include.source.as_str()],
            all: &all,
            sort: &[],
            links: self.links,
            after: None,
            count: INCLUDED_MAX.saturating_add(1),
            judge: Some(self.judge),
        };
        for hit in self.snapshot.search(&search)?.hits {
            self.add(hit)?;
        }
        Ok(())
    }

    /// What may not be shown is not there, and nothing is followed from it.
    fn add(&mut self, hit: Hit) -> Result<(), Problem> {
        if !self.seen.contains(&hit.key) && !self.judge.admits(self.snapshot, &hit)? {
            return Ok(());
        }
        if self.seen.insert(hit.key.clone()) {
            self.found.push(hit);
        }
        if self.found.len() > INCLUDED_MAX {
            return Err(Problem::new(&codes::TOO_MANY_INCLUDED).with("limit", INCLUDED_MAX));
        }
        Ok(())
    }
}

/// Under which names the references of a type are kept.
fn references_of(kind: &str) -> Vec<&'static str> {
    let Some(kind) = definitions::resource_kind(kind) else { return Vec::new() };
    let references = definitions::search_params(kind).filter(|param| param.kind == SearchKind::Reference);
    let mut names: Vec<&'static str> = references.flat_map(|param| param.kept.iter().copied()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn place(hit: &Hit) -> (RecordKey, i64) {
    (hit.key.clone(), hit.record)
}
