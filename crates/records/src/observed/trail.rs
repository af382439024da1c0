//! The trail as it stands: its newest entries, those of single accounts, its oldest one, and whether entries name the
//! patients whom the records name that they are about.

use super::{CONSOLE, noted};
use crate::asking::refused;
use crate::call::{Call, Intent};
use crate::facility::Facility;
use crate::facts::facts;
use access::{Action, AuditPermit, Context, Decided, Touched, Who};
use base::{Language, Position, Problem, RecordKey, Time, VersionNumber};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::{AccessFilter, Accessed, Actor, ActorKind, Entry, Newest};

/// A patient whom nobody is: their records are asked for, and the trail must name them.
const NOBODY: &str = "akashi-probe";
/// Newest entries that are looked at, and newest ones of each account.
const NEWEST: usize = 1_000;
/// Entries at the beginning of the journal among which the first access is looked for.
const OLDEST: u64 = 256;
/// Entries that are held against the records they touched, and how many records of each.
const HELD: usize = 20;
const HELD_RECORDS: usize = 10;

/// What the trail shows.
#[derive(Clone, Debug, Default)]
pub struct Trailed {
    /// The newest entries, newest first: at most a thousand.
    pub newest: Vec<Accessed>,
    /// The newest entries of each account that was asked for, as many.
    pub of_accounts: BTreeMap<String, Vec<Accessed>>,
    /// When the journal began.
    pub begun: Option<Time>,
    /// The entry at the place that was asked for.
    pub at: Option<Accessed>,
    /// The oldest entry, where it stands near the beginning of the journal.
    pub oldest: Option<(Position, Time)>,
    /// Whether a search for a patient's records, asked just now and refused, is found with who, when, what and whom.
    pub asked: Option<(bool, Position)>,
    /// Whether the newest entries that touched records of patients name these patients, as the records do; none where
    /// there is no such entry.
    pub named: Option<(bool, Position)>,
}

impl Trailed {
    /// The newest entries of an account, and whether there may be more.
    pub fn of_account(&self, account: &str) -> (&[Accessed], bool) {
        let entries = self.of_accounts.get(account).map(Vec::as_slice).unwrap_or_default();
        (entries, entries.len() >= NEWEST)
    }
}

impl Facility {
    /// Looks at the trail for whoever is at the server: at its newest entries, at those of some accounts, and at one place.
    ///
    /// # Errors
    /// The law does not permit it, or nothing can be written.
    pub async fn trail_at_the_console(
        &self,
        accounts: &[&str],
        at: Option<Position>,
    ) -> Result<Trailed, Problem> {
        let asked = self.ask_for_nobody().await?;
        let trail = self.console_trail()?;
        trail.asked(Action::AUDIT, "assess", None);
        let decided = self.law().audit(&Who::system(self.id().as_str(), CONSOLE), &Context::default());
        let done = match decided {
            Ok(permit) => {
                trail.permitted(permit.policies());
                trail.read_newest(self, |snapshot| {
                    let seen = seen(snapshot, &permit, accounts, asked)?;
                    let at = at.map(|place| snapshot.access(&permit, place)).transpose()?.flatten();
                    Ok(Trailed { at, ..seen })
                })
            }
            Err(refusal) => {
                trail.refused(&refusal);
                Err(refused(Action::AUDIT, "AuditEvent", &refusal))
            }
        };
        noted(&trail, &done);
        trail.close(self).await?;
        done
    }

    /// Asks for the records of nobody, through the door that every request comes through. Whoever is at the server may
    /// not search: what counts is the entry that is left, of which this tells the place.
    async fn ask_for_nobody(&self) -> Result<Option<Position>, Problem> {
        let (trail, actor) = (self.console_trail()?, Actor::new(ActorKind::System, CONSOLE));
        let call = Call {
            actor: &actor,
            who: &Arc::new(Who::system(self.id().as_str(), CONSOLE)),
            context: &Context::default(),
            trail: &trail,
            language: Language::English,
            base_url: "https://localhost",
            intent: Intent::Search {
                kind: "Observation".to_owned(),
                query: vec![("patient".to_owned(), NOBODY.to_owned())],
                compartment: None,
                lenient: false,
            },
            provenance: None,
            staff: None,
        };
        match self.perform(call).await {
            Ok(_) => noted(&trail, &Ok(())),
            Err(problems) => problems.all().first().into_iter().for_each(|problem| {
                noted::<()>(&trail, &Err(problem.clone()));
            }),
        }
        trail.close(self).await
    }
}

fn seen(
    snapshot: &Newest<'_>,
    permit: &AuditPermit,
    accounts: &[&str],
    asked: Option<Position>,
) -> Result<Trailed, Problem> {
    let newest = snapshot.accesses(permit, &AccessFilter::default(), NEWEST)?;
    let mut of_accounts = BTreeMap::new();
    for account in accounts {
        let filter = AccessFilter { account: Some(account), ..AccessFilter::default() };
        of_accounts.insert((*account).to_owned(), snapshot.accesses(permit, &filter, NEWEST)?);
    }
    let left = asked.map(|place| snapshot.access(permit, place)).transpose()?.flatten();
    let asked = asked.map(|place| (left.as_ref().is_some_and(says_who_and_whom), place));
    let (oldest, named) = (oldest(snapshot, permit)?, named(snapshot, &newest)?);
    let first = snapshot.entry(Position(0))?;
    let begun = Entry::parse(&first).and_then(|entry| entry.moment()).ok();
    Ok(Trailed { newest, of_accounts, begun, at: None, oldest, asked, named })
}

/// Whether an entry says all of what was asked for nobody.
fn says_who_and_whom(one: &Accessed) -> bool {
    one.actor == Actor::new(ActorKind::System, CONSOLE)
        && one.access.action == Action::SEARCH.name()
        && one.access.target == "Observation"
        && one.access.patients == [NOBODY]
}

fn oldest(snapshot: &Newest<'_>, permit: &AuditPermit) -> Result<Option<(Position, Time)>, Problem> {
    for place in 0..OLDEST {
        if let Some(one) = snapshot.access(permit, Position(place))? {
            return Ok(Some((one.position, one.time)));
        }
    }
    Ok(None)
}

/// Holds the newest entries that touched something against what the records say of whom they are.
fn named(snapshot: &Newest<'_>, newest: &[Accessed]) -> Result<Option<(bool, Position)>, Problem> {
    let shown = newest.iter().filter(|one| {
        one.access.decided == Decided::Permitted && one.access.status < 300 && !one.access.touched.is_empty()
    });
    let mut told = None;
    for one in shown.take(HELD) {
        let mut patients = Vec::new();
        for touched in one.access.touched.iter().take(HELD_RECORDS) {
            patients.extend(patients_of(snapshot, touched)?);
        }
        if patients.is_empty() {
            continue;
        }
        let whole = !one.actor.id.is_empty()
            && !one.access.action.is_empty()
            && patients.iter().all(|patient| one.access.patients.contains(patient));
        let (so_far, place) = told.unwrap_or((true, one.position));
        told = Some((so_far && whole, place));
    }
    Ok(told)
}

/// The patients whom a version names; its content stays under seal.
fn patients_of(snapshot: &Newest<'_>, touched: &Touched) -> Result<Vec<String>, Problem> {
    let Some(key) = RecordKey::parse(&touched.record) else { return Ok(Vec::new()) };
    let found = match touched.version.and_then(VersionNumber::new) {
        Some(version) => snapshot.version(&key, version)?,
        None => snapshot.current(&key)?,
    };
    let content = found.and_then(|found| found.content);
    Ok(content.map(|content| content.facts(facts).patients).unwrap_or_default())
}
