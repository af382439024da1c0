//! Records that one person enters and another answers for (代行入力): who may be named, and what a draft says of it.

use crate::asking::Asking;
use crate::call::Problems;
use crate::codes;
use crate::facility::{Caller, Facility};
use crate::facts::facts;
use crate::index::from_fhir;
use crate::permits::Current;
use crate::provenance::{self, Agent, Told};
use crate::status::Governed;
use crate::write;
use access::{Answerable, Named, Who};
use base::{Problem, RecordKey, VersionNumber};
use fhir::Checked;
use std::sync::Arc;
use store::{Act, Change, Is, Mark, State, StateAct};

/// A content that is going to be written to a record.
#[derive(Clone, Copy)]
pub(crate) struct Draft<'a> {
    pub(crate) key: &'a RecordKey,
    pub(crate) checked: &'a Checked,
    /// Its bytes, as the law looks at them.
    pub(crate) content: &'a [u8],
    /// What stands of the record.
    pub(crate) current: Option<&'a Current>,
}

/// The mark of a draft that is entered for the one whom the caller names, and the Provenance that tells of it.
pub(crate) fn entered(
    facility: &Facility,
    caller: &Caller<'_>,
    governed: &Governed,
    draft: Draft<'_>,
) -> Result<Option<(Mark, Change)>, Problems> {
    let Some(behalf) = caller.behalf else { return Ok(None) };
    let key = draft.key;
    caller.expect_person("X-Provenance")?;
    let says = governed.said(draft.checked.node());
    let Some(says) = says.filter(|says| says.fits.contains(&Is::Draft)) else {
        let place = format!("{}.{}", key.kind, governed.element);
        let problem = Problem::new(&codes::ENTERED_STATUS).with("status", governed.draft);
        return Err(problem.with("element", governed.element).at(place).into());
    };
    if behalf.enterer.as_ref().is_some_and(|enterer| !caller.is(enterer)) {
        return Err(Problem::new(&codes::ENTERER).into());
    }
    if caller.is(&behalf.author) {
        return Err(Problem::new(&codes::ONESELF).into());
    }
    let answerable = caller.answerable(facility, key, draft.content, &behalf.author)?;
    if answerable.account() == caller.actor.id {
        return Err(Problem::new(&codes::ONESELF).into());
    }
    let id = facility.new_id()?;
    let alive = draft.current.filter(|current| !current.deleted);
    let told = Told {
        act: match (alive, begun(facility, caller, draft)?) {
            (None, _) => StateAct::Enter,
            (Some(_), None) => StateAct::Adopt,
            (Some(_), Some(_)) => StateAct::Edit,
        },
        key,
        version: draft.current.map_or(VersionNumber::FIRST, |current| current.version.next()),
        replaces: alive.map(|current| current.version),
        reason: None,
        content: draft.content,
        security: draft.checked.node().get("meta").and_then(|meta| meta.get("security")),
        agents: vec![
            Agent::of(caller, "author", answerable.account()),
            Agent::of(caller, "enterer", &caller.actor.id),
        ],
    };
    let mark = Mark::entered(key, Some(says), &answerable, id.as_str())?;
    let act = telling(facility, &told, &id)?;
    Ok(Some((mark, Change::provenance_entered(&answerable, id, act)?)))
}

/// Refuses a draft that whoever begins it could never finish, and has entered for nobody.
pub(crate) fn expect_to_finish(
    facility: &Facility,
    caller: &Caller<'_>,
    draft: Draft<'_>,
) -> Result<(), Problem> {
    if !caller.asking.is_person() {
        return Ok(());
    }
    if begun(facility, caller, draft)?.is_some()
        || caller.could_finalise(facility, draft.key, draft.content)?
    {
        return Ok(());
    }
    Err(Problem::new(&codes::NEEDS_RESPONSIBLE).with("type", &draft.key.kind))
}

/// The state that a record stands in; none where it has none, or does not stand.
fn begun(facility: &Facility, caller: &Caller<'_>, draft: Draft<'_>) -> Result<Option<State>, Problem> {
    match draft.current.filter(|current| !current.deleted) {
        Some(current) => caller.trail.read(facility, |snapshot| state_at(snapshot, current.position)),
        None => Ok(None),
    }
}

/// The state that the entry of a version says.
pub(crate) fn state_at(
    snapshot: &store::Snapshot<'_>,
    position: base::Position,
) -> Result<Option<State>, Problem> {
    let entry = snapshot.entry(position)?;
    let entry = store::Entry::parse(&entry)
        .map_err(|what| Problem::new(&store::codes::CORRUPT).with("what", what))?;
    Ok(entry.state)
}

/// The new content of the Provenance that tells.
pub(crate) fn telling(facility: &Facility, told: &Told<'_>, id: &base::ResourceId) -> Result<Act, Problems> {
    let checked = write::check(provenance::of(facility.now(), told))?;
    let template = checked.template(id);
    let terms = checked.terms().into_iter().map(from_fhir).collect();
    Ok(Act::Put { render: Box::new(move |version, time| template.render(version, time)), terms })
}

impl Caller<'_> {
    /// Refuses what only a human being does.
    pub(crate) fn expect_person(&self, operation: &str) -> Result<(), Problem> {
        if self.asking.is_person() {
            return Ok(());
        }
        Err(Problem::new(&codes::PEOPLE_ONLY).with("operation", operation))
    }

    /// Whether somebody whom the caller names is the caller.
    fn is(&self, named: &Named) -> bool {
        match named {
            Named::Account(id) => *id == self.actor.id,
            Named::Practitioner(id) => self.asking.practitioner() == Some(id.as_str()),
        }
    }

    /// The proof that a person whom the caller names may answer for a content. Whatever is missing, the error is the same:
    /// nothing is told of accounts.
    pub(crate) fn answerable(
        &self,
        facility: &Facility,
        key: &RecordKey,
        content: &[u8],
        named: &Named,
    ) -> Result<Answerable, Problem> {
        let unknown = || Problem::new(&codes::NOT_ANSWERABLE).with("type", &key.kind).with("name", named);
        let who = self.staff.and_then(|staff| staff.person(named)).ok_or_else(unknown)?;
        let facts = facts(&key.kind, content);
        let asked = self.trail.read(facility, |snapshot| {
            let other = self.asking.instead(who);
            let around = other.around_answering(snapshot, key, &facts, self.actor)?;
            Ok::<_, Problem>(other.answerable(key, &facts, &around))
        })?;
        asked.map_err(|_| unknown())
    }

    /// Whether the caller could finalise a content at another time: with a fresh factor, and without the app in between.
    pub(crate) fn could_finalise(
        &self,
        facility: &Facility,
        key: &RecordKey,
        content: &[u8],
    ) -> Result<bool, Problem> {
        let facts = facts(&key.kind, content);
        self.trail.read(facility, |snapshot| {
            let asking: Asking = self.asking.instead(self.asking.without_app());
            let around = asking.around_answering(snapshot, key, &facts, self.actor)?;
            Ok(asking.decide(access::Action::FINALIZE, key, &facts, &around).is_ok())
        })
    }
}

impl Asking {
    /// The caller's own account without what stands in between.
    fn without_app(&self) -> Who {
        Who { scopes: None, app: None, ..self.who().clone() }
    }

    /// Somebody else as if they stood where the caller stands and had just logged in: what the law would say to them. When
    /// they act themselves, it is asked again.
    fn instead(&self, who: Who) -> Self {
        let here = self.who();
        self.asked_by(Arc::new(Who {
            zone: here.zone.clone(),
            device: here.device.clone(),
            factors: here.factors.clone(),
            fresh: true,
            ..who
        }))
    }
}
