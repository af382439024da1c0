//! The audit trail at one moment of the store, seen by whoever the law permits it.

use super::search::Accesses;
use super::treating::{RELATED, Relation, relations};
use super::{AccessFilter, Accessed, Charts};
use crate::links::Addresses;
use crate::matching;
use access::AuditPermit;
use base::limits::PAGE_ENTRIES_MAX;
use base::{Position, Problem, RecordKey, ResourceId, Time};
use fhir::definitions;
use fhir::search::Asking;
use store::{Hit, Newest, Search};

/// One moment, with the permit to see it.
pub(crate) struct Seen<'a> {
    pub(crate) snapshot: &'a Newest<'a>,
    pub(crate) permit: &'a AuditPermit,
    pub(crate) base_url: &'a str,
    pub(crate) now: Time,
}

impl Accesses for Seen<'_> {
    fn newest(&self, filter: &AccessFilter<'_>, count: usize) -> Result<Vec<Accessed>, Problem> {
        self.snapshot.accesses(self.permit, filter, count)
    }

    fn at(&self, position: Position) -> Result<Option<Accessed>, Problem> {
        self.snapshot.access(self.permit, position)
    }
}

impl Charts for Seen<'_> {
    fn relations(&self, patient: &ResourceId) -> Result<Vec<Relation>, Problem> {
        let own = self.snapshot.hit(&RecordKey::new("Patient", patient.clone()), &self.links())?;
        let mut found: Vec<Relation> = own.iter().flat_map(|hit| self.said(hit)).collect();
        for kind in RELATED {
            found.extend(self.related(kind, patient)?);
        }
        Ok(found)
    }

    fn with_merged(&self, patient: &ResourceId) -> Result<Vec<ResourceId>, Problem> {
        let all = self.snapshot.with_merged(&RecordKey::new("Patient", patient.clone()))?;
        Ok(all.into_iter().map(|key| key.id).collect())
    }
}

impl Seen<'_> {
    fn links(&self) -> Addresses {
        Addresses::of(self.base_url)
    }

    /// What the records of a type that belong to the patient say, however many they are.
    fn related(&self, kind: &str, patient: &ResourceId) -> Result<Vec<Relation>, Problem> {
        let Some(known) = definitions::resource_kind(kind) else { return Ok(Vec::new()) };
        let asking = Asking { base_url: self.base_url, now: self.now, lenient: false };
        let pair = [("patient".to_owned(), format!("Patient/{patient}"))];
        let all = matching::all(fhir::search::query(known, &pair, &asking)?.all);
        let (links, mut after, mut found) = (self.links(), None, Vec::new());
        loop {
            let search = Search {
                kinds: &[kind],
                all: &all,
                sort: &[],
                links: &links,
                after: after.as_ref(),
                count: PAGE_ENTRIES_MAX,
                judge: None,
            };
            let hits = self.snapshot.search(&search)?;
            found.extend(hits.hits.iter().flat_map(|hit| self.said(hit)));
            after = hits.next;
            if after.is_none() {
                return Ok(found);
            }
        }
    }

    fn said(&self, hit: &Hit) -> Vec<Relation> {
        hit.content.treating(self.permit, |content| {
            let parsed = fhir::json::parse(content);
            parsed.map(|node| relations(&[node], self.base_url)).unwrap_or_default()
        })
    }
}
