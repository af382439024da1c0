//! Finalising by a deadline (自動確定), where the facility has laid it down: drafts that somebody answers for and has not
//! finished in time become final as they are. The system acts, who answers stays, and the Provenance of the same batch says
//! that it was automatic. Never a draft for which nobody answers, and never one that was entered for another.

use crate::asking::refused;
use crate::call::Problems;
use crate::facility::Facility;
use crate::facts::facts;
use crate::index::from_fhir;
use crate::links::Addresses;
use crate::matching;
use crate::provenance::{self, Agent, Told};
use crate::status::{self, Governed};
use crate::trail::Trail;
use crate::write;
use access::{Access, Action, Context, Facts, Permit, Resource, Who};
use base::{Class, Problem, RecordKey, Time, VersionNumber};
use fhir::definitions;
use fhir::search::Asking;
use std::sync::Arc;
use store::{Act, Actor, ActorKind, Batch, Change, Expected, Guard, Mark, Matching, Search, StateAct};

/// As whom the system acts.
const ACTOR: &str = "deadline";
/// Drafts of one type that are looked for at a time; what is left is met the next time.
const ROUND: usize = 500;

/// What came of one round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lapsed {
    /// Drafts that are final now.
    pub finalised: usize,
    /// Drafts that could not be finalised: they stay drafts, and overdue.
    pub left: usize,
}

/// A draft, ready to be finalised.
struct Ready {
    permit: Permit,
    facts: Facts,
    changes: Vec<Change>,
}

impl Facility {
    /// Finalises drafts that have been drafts since before a moment.
    ///
    /// # Errors
    /// They cannot be looked for, or nothing can be written.
    pub async fn lapse(&self, since: Time) -> Result<Lapsed, Problem> {
        let mut done = Lapsed::default();
        for key in self.overdue(since).await? {
            if self.lapse_one(&key, since).await? {
                done.finalised = done.finalised.saturating_add(1);
            } else {
                done.left = done.left.saturating_add(1);
            }
        }
        Ok(done)
    }

    /// The drafts, by the search that anybody can make.
    async fn overdue(&self, since: Time) -> Result<Vec<RecordKey>, Problem> {
        let trail = self.deadline_trail()?;
        trail.asked(Action::LAPSE, "", None);
        let decided = self.law().decide(
            &self.system(),
            Action::LAPSE,
            &Resource::of_kind("Facility"),
            &Context::default(),
        );
        trail.decided(Action::LAPSE, &decided);
        let found = decided.map_err(|refusal| refused(Action::LAPSE, "Facility", &refusal)).and_then(|_| {
            trail.read(self, |snapshot| {
                let (mut found, links) = (Vec::new(), Addresses::of(""));
                for kind in definitions::STATED_TYPES {
                    let all = overdue_since(kind, since)?;
                    let search = Search {
                        kinds: &[kind],
                        all: &all,
                        sort: &[],
                        links: &links,
                        judge: None,
                        after: None,
                        count: ROUND,
                    };
                    found.extend(snapshot.found(&search)?.into_iter().map(|(key, _)| key));
                }
                Ok(found)
            })
        });
        trail.note(|access| access.status = status_of(&found));
        trail.close(self).await?;
        found
    }

    /// Finalises one draft, if it still is one that is overdue and can be.
    async fn lapse_one(&self, key: &RecordKey, since: Time) -> Result<bool, Problem> {
        let trail = self.deadline_trail()?;
        trail.asked(Action::LAPSE, &key.to_string(), None);
        let done = match self.ready(&trail, key) {
            Ok(Some(Ready { permit, facts, changes })) => {
                trail.permitted(permit.policies());
                trail.patients(&facts.patients);
                let actor = Actor::new(ActorKind::System, ACTOR);
                let batch = Batch { guards: vec![still_overdue(key, since)?], ..Batch::new(actor, changes) };
                match trail.append(self, batch).await {
                    // Its entry went with the write.
                    Ok(_) => return Ok(true),
                    Err(problem) => Err(problem),
                }
            }
            Ok(None) => Ok(false),
            Err(problem) => Err(problem),
        };
        trail.note(|access| access.status = status_of(&done));
        trail.close(self).await?;
        match done {
            // Somebody came between, or what was once taken is refused by a rule of today: it stays as it is.
            Err(problem) if !matches!(problem.class(), Class::Fault | Class::Full | Class::Busy) => Ok(false),
            done => done,
        }
    }

    /// What finalises a draft; none where it is no longer one.
    fn ready(&self, trail: &Trail, key: &RecordKey) -> Result<Option<Ready>, Problem> {
        let Some(governed) = status::governed(&key.kind) else { return Ok(None) };
        let Some(found) = trail.read(self, |snapshot| snapshot.current(key))? else { return Ok(None) };
        let (version, Some(content)) = (found.version, found.content) else { return Ok(None) };
        let facts = content.facts(facts);
        let on = Resource { facts: Some(&facts), ..Resource::of_kind(&key.kind) };
        let permit = self
            .law()
            .permit(&self.system(), Action::LAPSE, key, &on, &Context::default())
            .map_err(|refusal| refused(Action::LAPSE, &key.kind, &refusal))?;
        let changes = self.changes(&permit, governed, (version, &content.open(&permit)?))?;
        Ok(Some(Ready { permit, facts, changes }))
    }

    /// The version that is final, and the Provenance that tells of it.
    fn changes(
        &self,
        permit: &Permit,
        governed: &Governed,
        (version, content): (VersionNumber, &[u8]),
    ) -> Result<Vec<Change>, Problem> {
        let key = permit.key();
        let node = governed.finish(fhir::json::parse(content)?);
        let checked = write::check(node).map_err(|problems| first(&problems))?;
        let template = Arc::new(checked.template(&key.id));
        let written = template.render(VersionNumber::FIRST, self.now());
        let id = self.new_id()?;
        let told = Told {
            act: StateAct::Lapse,
            key,
            version: version.next(),
            replaces: Some(version),
            reason: Some(REASON),
            content: &written,
            security: checked.node().get("meta").and_then(|meta| meta.get("security")),
            agents: vec![Agent::system(ACTOR)],
        };
        let telling = write::check(provenance::of(self.now(), &told)).map_err(|problems| first(&problems))?;
        let telling_template = telling.template(&id);
        let telling_terms = telling.terms().into_iter().map(from_fhir).collect();
        let render = Box::new(move |version, time| telling_template.render(version, time));
        let beside = Change::provenance(permit, id.clone(), Act::Put { render, terms: telling_terms })?;
        let terms = checked.terms().into_iter().map(from_fhir).collect();
        let render = Box::new(move |version, time| template.render(version, time));
        let mark = Mark::settle(permit, governed.said(checked.node()), id.as_str())?;
        let change = Change::new(permit, Expected::Version(version), Act::Put { render, terms })?;
        Ok(vec![change.marked(permit, mark)?, beside])
    }

    fn system(&self) -> Who {
        Who::system(self.id().as_str(), ACTOR)
    }

    fn deadline_trail(&self) -> Result<Trail, Problem> {
        let access = Access {
            v: 1,
            request: self.new_id()?.as_str().to_owned(),
            route: ACTOR.to_owned(),
            purpose: Some("SYSADMIN".to_owned()),
            ..Access::default()
        };
        Trail::open(self, Actor::new(ActorKind::System, ACTOR), access)
    }
}

/// What is said of each: the rule is the facility's, and stands in its rules.
const REASON: &str = "確定の期限を過ぎたため、施設の定めにより自動で確定 / finalised automatically after the deadline, as the facility has laid down";

/// Drafts that somebody answers for and entered themselves, since before a moment.
fn overdue_since(kind: &str, since: Time) -> Result<Vec<Matching>, Problem> {
    let conditions = [
        ("record-state", "draft".to_owned()),
        ("record-responsible:missing", "false".to_owned()),
        ("record-enterer:missing", "true".to_owned()),
        ("record-state-since", format!("lt{since}")),
    ];
    let pairs = conditions.map(|(name, value)| (name.to_owned(), value));
    let kind = definitions::resource_kind(kind)
        .ok_or_else(|| Problem::new(&store::codes::DATABASE).log("a governed type that R4 does not have"))?;
    // Neither a reference nor a date that depends on the present is among the conditions.
    let asking = Asking { base_url: "", now: since, lenient: false };
    Ok(matching::all(fhir::search::query(kind, &pairs, &asking)?.all))
}

/// Asked of the writer: what was deleted and begun anew meanwhile is young again.
fn still_overdue(key: &RecordKey, since: Time) -> Result<Guard, Problem> {
    let mut all = overdue_since(&key.kind, since)?;
    all.push(Matching::Ids(vec![key.id.as_str().to_owned()]));
    let links = Arc::new(Addresses::of(""));
    Ok(Guard { kind: key.kind.to_string(), all, found: vec![key.clone()], links, judge: None })
}

/// The first of the problems.
fn first(problems: &Problems) -> Problem {
    let fault = || Problem::new(&store::codes::DATABASE).log("a check failed without a problem");
    problems.all().first().cloned().unwrap_or_else(fault)
}

fn status_of<T>(done: &Result<T, Problem>) -> u16 {
    done.as_ref().map_or_else(|problem| fhir::outcome::status(problem.class()), |_| 200)
}
