//! Permits for what one caller does, and what their access entry says of each decision.

use crate::asking::{Asking, refused};
use crate::facility::{Caller, Facility};
use crate::facts::facts;
use access::{Action, Facts, Permit, Refusal};
use base::{Position, Problem, RecordKey, VersionNumber};
use store::{Found, Hit, Snapshot};

impl Caller<'_> {
    /// Whether an action on a type is permitted, whatever the record.
    pub(crate) fn may(&self, action: Action, kind: &str) -> Result<(), Problem> {
        match self.asking.on_kind(action, kind) {
            Ok(policies) => {
                self.trail.permitted(&policies);
                Ok(())
            }
            Err(refusal) => Err(self.refuse(action, kind, &refusal)),
        }
    }

    /// The permit for an action on a version that was found. The error is the answer: that it is refused, that the glass
    /// can be broken for it, or `absent` where whoever asks must not learn that there is something.
    pub(crate) fn permit(
        &self,
        snapshot: &Snapshot<'_>,
        action: Action,
        (key, found): (&RecordKey, &Found),
        absent: impl FnOnce() -> Problem,
    ) -> Result<Permit, Problem> {
        let facts = Asking::facts_of(snapshot, key, found)?;
        let mut around = self.asking.around(snapshot, key, &facts, action)?;
        around.author = self.asking.author(snapshot, action, found)?;
        self.trail.patients(&facts.patients);
        self.trail.patients(&self.asking.rested());
        let refusal = match self.asking.decide(action, key, &facts, &around) {
            Ok(permit) => {
                self.trail.permitted(permit.policies());
                return Ok(permit);
            }
            Err(refusal) => refusal,
        };
        // It would be refused whatever there is: nothing is told by saying so.
        if self.asking.on_kind(action, &key.kind).is_err() {
            return Err(self.refuse(action, &key.kind, &refusal));
        }
        self.trail.refused(&refusal);
        around.broken = true;
        let glass = self.asking.on_kind(Action::BREAK_GLASS, "Facility");
        if glass.is_ok() && self.asking.decide(action, key, &facts, &around).is_ok() {
            return Err(Problem::new(&access::codes::RESTRICTED).with("record", key));
        }
        Err(absent())
    }

    /// The permit to show a version of a history, be it a deletion, and what it says; none where it must not be shown.
    pub(crate) fn version(
        &self,
        snapshot: &Snapshot<'_>,
        action: Action,
        key: &RecordKey,
        found: &Found,
    ) -> Result<Option<(Permit, Facts)>, Problem> {
        let facts = Asking::facts_of(snapshot, key, found)?;
        let mut around = self.asking.around(snapshot, key, &facts, action)?;
        around.author = self.asking.author(snapshot, action, found)?;
        Ok(self.asking.decide(action, key, &facts, &around).ok().map(|permit| (permit, facts)))
    }

    /// Opens a record that was found, for the answer; none where it must not be shown.
    pub(crate) fn open(
        &self,
        snapshot: &Snapshot<'_>,
        action: Action,
        hit: Hit,
    ) -> Result<Option<Opened>, Problem> {
        let facts = hit.content.facts(facts);
        let Ok(permit) = self.asking.on_hit(snapshot, action, &hit, &facts)? else { return Ok(None) };
        let content = hit.content.open(&permit)?;
        Ok(Some(Opened { key: hit.key, content, facts, permit }))
    }

    /// Notes that a record is shown.
    pub(crate) fn show(&self, permit: &Permit, facts: &Facts, version: Option<u64>) {
        self.trail.permitted(permit.policies());
        self.trail.patients(&facts.patients);
        self.trail.patients(&self.asking.rested());
        self.trail.touched(permit.key(), version);
    }

    /// The permit to write a content.
    pub(crate) fn permit_content(
        &self,
        facility: &Facility,
        action: Action,
        key: &RecordKey,
        content: &[u8],
    ) -> Result<Permit, Problem> {
        let facts = facts(&key.kind, content);
        facility.labels_seen(&facts.labels);
        let mut around =
            self.trail.read(facility, |snapshot| self.asking.around(snapshot, key, &facts, action))?;
        around.author = Some(self.actor.id.clone());
        self.trail.patients(&facts.patients);
        self.trail.patients(&self.asking.rested());
        match self.asking.decide(action, key, &facts, &around) {
            Ok(permit) => {
                self.trail.permitted(permit.policies());
                Ok(permit)
            }
            Err(refusal) => Err(self.refuse(action, &key.kind, &refusal)),
        }
    }

    /// The permit to do something to a record as it stands; where there is none yet, none is needed.
    pub(crate) fn permit_current(
        &self,
        facility: &Facility,
        action: Action,
        key: &RecordKey,
    ) -> Result<Option<Current>, Problem> {
        self.trail.read(facility, |snapshot| {
            let Some(found) = snapshot.current(key)? else { return Ok(None) };
            let absent = || Self::hidden(action, key);
            let permit = self.permit(snapshot, action, (key, &found), absent)?;
            let (version, position, deleted) = (found.version, found.position, found.content.is_none());
            Ok(Some(Current { permit, version, position, deleted }))
        })
    }

    /// What cannot be written and must not be known of is refused like any other write.
    fn hidden(action: Action, key: &RecordKey) -> Problem {
        let none = Refusal { policies: [].into(), english: String::new(), japanese: String::new() };
        refused(action, &key.kind, &none)
    }

    fn refuse(&self, action: Action, kind: &str, refusal: &Refusal) -> Problem {
        self.trail.refused(refusal);
        refused(action, kind, refusal)
    }
}

/// The current version of a record, be it a deletion, and the permit to do something to it.
pub(crate) struct Current {
    pub(crate) permit: Permit,
    pub(crate) version: VersionNumber,
    /// Where its entry stands.
    pub(crate) position: Position,
    pub(crate) deleted: bool,
}

/// A record, opened to be shown.
pub(crate) struct Opened {
    pub(crate) key: RecordKey,
    pub(crate) content: Vec<u8>,
    pub(crate) facts: Facts,
    pub(crate) permit: Permit,
}
