//! Who asks, and what the law says of each record that is touched for them.

use crate::codes;
use crate::facility::Facility;
use crate::facts::facts;
use crate::treating;
use access::{
    Action, Answerable, AuditPermit, Context, Facts, Law, Permit, Policies, Refusal, Resource, Who, WhoKind,
};
use base::{Problem, RecordKey, ResourceId, Time};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use store::{Actor, Found, Hit, Judge, Snapshot};

/// What decisions for one request rest on. It owns what it needs, since the writer asks it too.
#[derive(Debug)]
pub(crate) struct Asking {
    who: Arc<Who>,
    context: Context,
    /// The law when the request came: it does not change under way.
    law: Arc<Law>,
    base_url: String,
    /// Whether any record may carry a security label.
    labels: Arc<AtomicBool>,
    now: Time,
    patients: Mutex<BTreeMap<String, Patient>>,
    /// Patients for whom the glass is broken, by which records of the same person under another number were opened.
    rested: Mutex<BTreeSet<String>>,
}

/// What is known of a patient.
#[derive(Debug)]
struct Patient {
    /// Those of the patient and of all who are one person with them.
    labels: Vec<String>,
    /// The ids of all who are one person with the patient, who is among them.
    person: Vec<String>,
    /// None as long as nothing depended on it.
    treated: Option<bool>,
}

/// What a decision looks at beside the content.
#[derive(Default)]
pub(crate) struct Around {
    /// Labels of the patients.
    pub(crate) labels: Vec<String>,
    pub(crate) treating: bool,
    pub(crate) broken: bool,
    pub(crate) author: Option<String>,
}

/// Labels of patients whose records not everybody may see (HL7 v3 Confidentiality).
const RESTRICTED: [&str; 2] = ["R", "V"];

impl Asking {
    pub(crate) fn new(facility: &Facility, who: &Arc<Who>, context: &Context, base_url: &str) -> Self {
        Self {
            who: Arc::clone(who),
            context: context.clone(),
            law: facility.law(),
            base_url: base_url.to_owned(),
            labels: Arc::clone(facility.labels()),
            now: facility.now(),
            patients: Mutex::default(),
            rested: Mutex::default(),
        }
    }

    /// The same without what was looked up, for the search action at another moment of the store.
    pub(crate) fn judge_afresh(&self) -> SearchJudge<Arc<Self>> {
        SearchJudge(Arc::new(self.asked_by(Arc::clone(&self.who))))
    }

    /// The same questions, asked by another.
    pub(crate) fn asked_by(&self, who: Arc<Who>) -> Self {
        Self {
            who,
            context: self.context.clone(),
            law: Arc::clone(&self.law),
            base_url: self.base_url.clone(),
            labels: Arc::clone(&self.labels),
            now: self.now,
            patients: Mutex::default(),
            rested: Mutex::default(),
        }
    }

    /// Who asks.
    pub(crate) fn who(&self) -> &Who {
        &self.who
    }

    /// Whether a human being of the facility asks.
    pub(crate) fn is_person(&self) -> bool {
        self.who.kind == WhoKind::Person
    }

    /// Whether who asks could answer for a record.
    pub(crate) fn answerable(
        &self,
        key: &RecordKey,
        facts: &Facts,
        around: &Around,
    ) -> Result<Answerable, Refusal> {
        let on = resource(key, facts, around);
        self.law.answerable(&self.who, key, &on, &self.context)
    }

    /// What is looked at for that, of a content that `actor` writes.
    pub(crate) fn around_answering(
        &self,
        snapshot: &Snapshot<'_>,
        key: &RecordKey,
        facts: &Facts,
        actor: &Actor,
    ) -> Result<Around, Problem> {
        let by_treating = self.law.minds(Action::FINALIZE).treating;
        let action = if by_treating { Action::FINALIZE } else { Action::APPROVE };
        let around = self.around(snapshot, key, facts, action)?;
        Ok(Around { author: Some(actor.id.clone()), ..around })
    }

    /// The id of the Practitioner that the caller's account is linked to.
    pub(crate) fn practitioner(&self) -> Option<&str> {
        let id = self.who.practitioner.as_deref()?;
        Some(id.strip_prefix("Practitioner/").unwrap_or(id))
    }

    /// Whether no human being stands behind the caller.
    pub(crate) fn is_machine(&self) -> bool {
        matches!(self.who.kind, WhoKind::Device | WhoKind::Service)
    }

    /// As which action a look at a record counts: whoever is at the server exports.
    pub(crate) fn looking(&self, action: Action) -> Action {
        if self.who.kind == WhoKind::System { Action::EXPORT } else { action }
    }

    /// Decides whether access entries may be read.
    pub(crate) fn audit(&self) -> Result<AuditPermit, Refusal> {
        self.law.audit(&self.who, &self.context)
    }

    /// Decides about an action on a type, whatever the record.
    pub(crate) fn on_kind(&self, action: Action, kind: &str) -> Result<Policies, Refusal> {
        self.law.decide(&self.who, action, &Resource::of_kind(kind), &self.context)
    }

    /// Decides about an action on a record.
    pub(crate) fn decide(
        &self,
        action: Action,
        key: &RecordKey,
        facts: &Facts,
        around: &Around,
    ) -> Result<Permit, Refusal> {
        let on = resource(key, facts, around);
        self.law.permit(&self.who, action, key, &on, &self.context)
    }

    /// Decides whether a record that was found may be shown.
    pub(crate) fn on_hit(
        &self,
        snapshot: &Snapshot<'_>,
        action: Action,
        hit: &Hit,
        facts: &Facts,
    ) -> Result<Result<Permit, Refusal>, Problem> {
        let mut around = self.around(snapshot, &hit.key, facts, action)?;
        if self.law.minds(action).author
            && let Some(found) = snapshot.current(&hit.key)?
        {
            around.author = self.author(snapshot, action, &found)?;
        }
        Ok(self.decide(action, &hit.key, facts, &around))
    }

    /// Whether every record of a type is permitted, so that none needs to be looked at.
    pub(crate) fn sees_all(&self, action: Action, kind: &str) -> bool {
        let minds = self.law.minds(action);
        let by_patient = self.who.scopes.as_ref().is_some_and(|scopes| scopes.needs_patient());
        let differ = minds.state
            || minds.author
            || minds.treating
            || by_patient
            || (self.has_labels() && (minds.labels || minds.patient_labels));
        !differ && self.on_kind(action, kind).is_ok()
    }

    /// What a version says; of a deletion, what the version before said.
    pub(crate) fn facts_of(
        snapshot: &Snapshot<'_>,
        key: &RecordKey,
        found: &Found,
    ) -> Result<Facts, Problem> {
        if let Some(content) = &found.content {
            return Ok(content.facts(facts));
        }
        let before = found.version.previous().map(|version| snapshot.version(key, version)).transpose()?;
        let content = before.flatten().and_then(|before| before.content);
        Ok(content.map(|content| content.facts(facts)).unwrap_or_default())
    }

    /// Who wrote a version, where the law asks for it.
    pub(crate) fn author(
        &self,
        snapshot: &Snapshot<'_>,
        action: Action,
        found: &Found,
    ) -> Result<Option<String>, Problem> {
        if !self.law.minds(action).author {
            return Ok(None);
        }
        let entry = snapshot.entry(found.position)?;
        let entry = store::Entry::parse(&entry)
            .map_err(|what| Problem::new(&store::codes::CORRUPT).with("what", what))?;
        Ok(Some(entry.actor.id))
    }

    /// What is known of the patients of a record. Without any label at the facility there is nothing to look up.
    pub(crate) fn around(
        &self,
        snapshot: &Snapshot<'_>,
        key: &RecordKey,
        facts: &Facts,
        action: Action,
    ) -> Result<Around, Problem> {
        let mut around = Around::default();
        let minds_treating = self.law.minds(action).treating;
        if facts.patients.is_empty() || (!self.has_labels() && !minds_treating) {
            return Ok(around);
        }
        (around.treating, around.broken) = (true, true);
        for id in &facts.patients {
            let (labels, person) = self.known(snapshot, id)?;
            // Of several patients, those who are restricted count. A label of a record restricts all whom it names; that
            // of a patient restricts this patient, not those whom the record refers to.
            let by_record =
                !facts.labels.is_empty() && (*key.kind != *"Patient" || key.id.as_str() == id.as_str());
            let restricted = by_record || labels.iter().any(|label| RESTRICTED.contains(&label.as_str()));
            if restricted || minds_treating {
                around.treating &= self.treats(snapshot, id)?;
            }
            if restricted || facts.patients.iter().all(|other| person.contains(other)) {
                around.broken &= self.is_broken(id, &person);
            }
            around.labels.extend(labels);
        }
        around.labels.sort_unstable();
        around.labels.dedup();
        Ok(around)
    }

    /// The labels of a patient and of all who are one person with them, and the ids of those: what is restricted of one
    /// number is restricted of the person.
    fn known(&self, snapshot: &Snapshot<'_>, id: &str) -> Result<(Vec<String>, Vec<String>), Problem> {
        if let Some(known) = self.patients().get(id) {
            return Ok((known.labels.clone(), known.person.clone()));
        }
        let (mut labels, mut person) = (Vec::new(), vec![id.to_owned()]);
        if let Some(key) = ResourceId::parse(id).map(|id| RecordKey::new("Patient", id)) {
            let all = snapshot.person(&key)?;
            for one in &all {
                let content = snapshot.current(one)?.and_then(|found| found.content);
                labels.extend(content.map(|content| content.facts(facts).labels).unwrap_or_default());
            }
            person = all.into_iter().map(|key| key.id.as_str().to_owned()).collect();
        }
        let known = Patient { labels: labels.clone(), person: person.clone(), treated: None };
        self.patients().insert(id.to_owned(), known);
        Ok((labels, person))
    }

    /// Whether the glass is broken for a patient, under whichever of their numbers.
    fn is_broken(&self, id: &str, person: &[String]) -> bool {
        let by = person.iter().find(|one| self.who.broken.contains(*one));
        if let Some(by) = by.filter(|by| *by != id) {
            self.rested.lock().unwrap_or_else(PoisonError::into_inner).insert(by.clone());
        }
        by.is_some()
    }

    /// Patients for whom the glass is broken, by which records under another number of the same person were opened.
    pub(crate) fn rested(&self) -> Vec<String> {
        self.rested.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// Whether whoever asks treats the patient, under whichever of their numbers; looked up once in a request.
    fn treats(&self, snapshot: &Snapshot<'_>, id: &str) -> Result<bool, Problem> {
        let Some(practitioner) = &self.who.practitioner else { return Ok(false) };
        if let Some(treated) = self.patients().get(id).and_then(|patient| patient.treated) {
            return Ok(treated);
        }
        let person = self.patients().get(id).map(|patient| patient.person.clone()).unwrap_or_default();
        let mut treated = false;
        for one in &person {
            treated = treated || treating::treats(&self.base_url, self.now, snapshot, practitioner, one)?;
        }
        if let Some(patient) = self.patients().get_mut(id) {
            patient.treated = Some(treated);
        }
        Ok(treated)
    }

    fn has_labels(&self) -> bool {
        self.labels.load(Ordering::SeqCst)
    }

    fn patients(&self) -> MutexGuard<'_, BTreeMap<String, Patient>> {
        self.patients.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A record as the law sees it.
fn resource<'a>(key: &'a RecordKey, facts: &'a Facts, around: &'a Around) -> Resource<'a> {
    Resource {
        kind: &key.kind,
        facts: Some(facts),
        patient_labels: &around.labels,
        author: around.author.as_deref(),
        treating: around.treating,
        broken: around.broken,
    }
}

/// The law as a search asks it: what may not be found is not there.
pub(crate) struct SearchJudge<A>(pub(crate) A);

impl<A: std::ops::Deref<Target = Asking>> Judge for SearchJudge<A> {
    fn admits(&self, snapshot: &Snapshot<'_>, hit: &Hit) -> Result<bool, Problem> {
        let facts = hit.content.facts(facts);
        Ok(self.0.on_hit(snapshot, Action::SEARCH, hit, &facts)?.is_ok())
    }

    fn all(&self, kind: &str) -> bool {
        self.0.sees_all(Action::SEARCH, kind)
    }
}

/// The answer to what the law does not permit.
pub fn refused(action: Action, kind: &str, refusal: &Refusal) -> Problem {
    let problem = Problem::new(&access::codes::REFUSED).with("action", action.name()).with("type", kind);
    problem.with("reason_en", &refusal.english).with("reason_ja", &refusal.japanese)
}

/// The answer where there is nothing, which is the same where there is something that must not be known.
pub(crate) fn absent(key: &RecordKey) -> Problem {
    Problem::new(&codes::ABSENT).with("record", key)
}
