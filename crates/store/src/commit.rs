//! What one commit writes: for each batch the check of its conditions, then its entries, content and views; at the end
//! the tree's new subtrees and the signed checkpoint.

use crate::accesses;
use crate::belonging::{self, Proposed};
use crate::change::{Act, Batch, Change, Effect, Expected, Indexer, Note, Receipt, Term, Written};
use crate::codes;
use crate::database::problem as db;
use crate::emergency::Look;
use crate::entry::{Entry, EntryKind, Step, Subject, Succession};
use crate::facility::FacilityKeys;
use crate::merged;
use crate::search::{Guard, Judge, Links, Search};
use crate::snapshot::Snapshot;
use crate::state::rows::{self, Version};
use crate::state::{self, Asked, Before, Held};
use crate::ticket::{Noted, Owed};
use crate::views::{self, Current};
use crate::writer::Standing;
use base::limits::{ENTRY_BYTES_MAX, RESOURCE_BYTES_MAX};
use base::{Clock, Entropy, Position, Problem, RecordKey, Time, VersionNumber};
use merkle::Hash;
use merkle::checkpoint::Checkpoint;
use merkle::note::{Signature, SignedNote};
use rusqlite::{Connection, params};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A commit in the making, inside an open transaction.
pub(crate) struct Ledger<'a> {
    pub(crate) connection: &'a Connection,
    pub(crate) standing: &'a mut Standing,
    pub(crate) names: &'a mut BTreeMap<String, i64>,
    pub(crate) surroundings: &'a Surroundings,
    pub(crate) time: Time,
    /// The same, as entries say it.
    stamp: String,
    /// Salts drawn and not yet used.
    salts: Vec<[u8; 32]>,
}

impl<'a> Ledger<'a> {
    pub(crate) fn new(
        connection: &'a Connection,
        standing: &'a mut Standing,
        names: &'a mut BTreeMap<String, i64>,
        surroundings: &'a Surroundings,
        time: Time,
    ) -> Self {
        let (stamp, salts) = (time.to_string(), Vec::new());
        Self { connection, standing, names, surroundings, time, stamp, salts }
    }

    /// A salt. Those of a whole commit are drawn at once.
    fn salt(&mut self) -> Result<[u8; 32], Problem> {
        if let Some(salt) = self.salts.pop() {
            return Ok(salt);
        }
        self.draw_salts(1)?;
        self.salts.pop().ok_or_else(|| Problem::new(&codes::ENTROPY))
    }

    fn draw_salts(&mut self, count: usize) -> Result<(), Problem> {
        let mut bytes = vec![0; count.saturating_mul(32)];
        self.surroundings.entropy.fill(&mut bytes).map_err(|_| Problem::new(&codes::ENTROPY))?;
        self.salts.extend_from_slice(bytes.as_chunks().0);
        Ok(())
    }
}

/// What the writer needs of the world.
#[derive(Debug)]
pub(crate) struct Surroundings {
    pub(crate) keys: FacilityKeys,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    /// How the rows of a state are made, which only the writer decides on.
    pub(crate) indexer: Arc<dyn Indexer>,
}

/// Changes, and the access entry that is written with them.
pub(crate) struct Errand {
    /// The changes, until they are made.
    pub(crate) batch: Option<Box<Batch>>,
    /// What the entry says beside the changes; it goes back to the caller when they are refused.
    pub(crate) noted: Option<Box<Noted>>,
    /// An entry that is finished.
    pub(crate) owed: Option<Owed>,
    /// A note that is kept with it: its name and text.
    pub(crate) mark: Option<(String, String)>,
}

impl Errand {
    /// An access entry alone.
    pub(crate) fn access(owed: Owed) -> Self {
        Self { batch: None, noted: None, owed: Some(owed), mark: None }
    }

    /// That of a look which was noted while nothing could be written.
    pub(crate) fn of_emergency(look: Look) -> Self {
        Self { mark: Some(look.mark), ..Self::access(look.owed) }
    }

    /// Whether it changes something, and so is one of those of which only so many may wait.
    pub(crate) fn changes(&self) -> bool {
        self.batch.as_ref().is_some_and(|batch| !batch.changes.is_empty())
    }

    /// What it adds to a commit.
    pub(crate) fn writes(&self) -> usize {
        let changes = self.batch.as_ref().map_or(0, |batch| batch.changes.len());
        changes.saturating_add(usize::from(self.noted.is_some() || self.owed.is_some()))
    }
}

/// Writes the batches that may be written. The inner results answer each batch; the outer error undoes the commit.
pub(crate) fn write_all(
    ledger: &mut Ledger<'_>,
    errands: &mut [Errand],
) -> Result<Vec<Result<Receipt, Problem>>, Problem> {
    let before = ledger.standing.edge.size();
    let mut results = Vec::with_capacity(errands.len());
    ledger.draw_salts(errands.iter().fold(0, |sum, errand| sum.saturating_add(errand.writes())))?;
    for errand in errands {
        results.push(write_errand(ledger, errand)?);
    }
    if ledger.standing.edge.size() > before {
        accesses::keep_up(ledger)?;
        seal_commit(ledger)?;
    }
    let size = ledger.standing.edge.size();
    let receipt = |(written, access)| Receipt { written, access, size };
    Ok(results.into_iter().map(|result| result.map(receipt)).collect())
}

fn write_errand(ledger: &mut Ledger<'_>, errand: &mut Errand) -> Attempt<Made> {
    let (mut written, mut status) = (Vec::new(), 200);
    if let Some(batch) = errand.batch.take() {
        let status_of = batch.status;
        written = match write_batch(ledger, *batch)? {
            Ok(written) => written,
            Err(problem) => return Ok(Err(problem)),
        };
        status = status_of(&written);
    }
    let owed = match (errand.owed.take(), &errand.noted) {
        (None, Some(noted)) => Some(noted.after(&written, status)?),
        (owed, _) => owed,
    };
    let access = owed.map(|owed| write_access(ledger, owed)).transpose()?;
    if let Some((name, text)) = errand.mark.take() {
        put_note(ledger.connection, &Note { name, text: Some(text) })?;
    }
    Ok(Ok((written, access)))
}

/// The access entry of a request, after what the request has written in the same commit.
pub(crate) fn write_access(ledger: &mut Ledger<'_>, owed: Owed) -> Result<Position, Problem> {
    let salt = ledger.salt()?;
    let bytes = entry_bytes(&Entry {
        v: 1,
        kind: EntryKind::Access,
        time: ledger.stamp.as_str().into(),
        actor: owed.actor,
        subject: Subject {
            kind: "Facility".into(),
            id: ledger.surroundings.keys.facility.as_str().into(),
            version: None,
        },
        reason: None,
        digest: Some(Hash(seal::content_digest(&salt, &owed.body)).to_hex().into()),
        state: None,
        succession: None,
    })?;
    let position = append_bytes(ledger, &bytes)?;
    put_content(ledger, position, &salt, &owed.body)?;
    ledger.standing.unindexed.add(number(position.0)?, owed.names);
    Ok(position)
}

fn put_content(ledger: &Ledger<'_>, position: Position, salt: &[u8; 32], body: &[u8]) -> Result<(), Problem> {
    insert_content(ledger.connection, position, salt, body)
}

/// The row of a content.
pub(crate) fn insert_content(
    connection: &Connection,
    position: Position,
    salt: &[u8; 32],
    body: &[u8],
) -> Result<(), Problem> {
    let place = number(position.0)?;
    connection
        .prepare_cached("INSERT INTO content (position, salt, body) VALUES (?1, ?2, ?3)")
        .and_then(|mut statement| statement.execute(params![place, salt, body]))
        .map_err(|error| db(&error))?;
    Ok(())
}

/// The first entry of a new journal.
pub(crate) fn open_journal(ledger: &mut Ledger<'_>, actor: crate::Actor) -> Result<(), Problem> {
    write_plain(ledger, EntryKind::JournalOpen, actor, None)?;
    seal_commit(ledger)
}

/// The entry by which another key signs from here on.
pub(crate) fn write_succession(
    ledger: &mut Ledger<'_>,
    actor: crate::Actor,
    succession: Succession,
) -> Result<(), Problem> {
    write_plain(ledger, EntryKind::JournalSuccession, actor, Some(succession))
}

/// An entry about the journal itself, without content.
fn write_plain(
    ledger: &mut Ledger<'_>,
    kind: EntryKind,
    actor: crate::Actor,
    succession: Option<Succession>,
) -> Result<(), Problem> {
    let facility = ledger.surroundings.keys.facility.to_string();
    let subject = Subject { kind: "Facility".into(), id: facility.into(), version: None };
    let time = ledger.stamp.as_str().into();
    let (reason, digest, state) = (None, None, None);
    let entry = entry_bytes(&Entry { v: 1, kind, time, actor, subject, reason, digest, state, succession })?;
    append_bytes(ledger, &entry).map(|_| ())
}

pub(crate) type Attempt<T> = Result<Result<T, Problem>, Problem>;
/// What was written, and where the access entry stands.
type Made = (Vec<Written>, Option<Position>);

/// All conditions are looked at before the first row is written, so that a refused batch leaves nothing.
pub(crate) fn write_batch(ledger: &mut Ledger<'_>, batch: Batch) -> Attempt<Vec<Written>> {
    for guard in &batch.guards {
        // Nothing of this batch is written yet: a search that fails concerns nobody else in the commit.
        match still_so(ledger.connection, guard) {
            Ok(true) => {}
            Ok(false) => return Ok(Err(Problem::new(&codes::OUTDATED).with("type", &guard.kind))),
            Err(problem) => return Ok(Err(problem)),
        }
    }
    let mut plans = Vec::with_capacity(batch.changes.len());
    let mut touched = BTreeSet::new();
    for change in batch.changes {
        if !touched.insert(change.key.clone()) {
            return Ok(Err(Problem::new(&codes::TWICE).with("record", &change.key)));
        }
        let current = views::current(ledger.connection, &change.key)?;
        if let Err(problem) = check(&change, current) {
            return Ok(Err(problem));
        }
        match Plan::new(ledger, change, current, &batch.actor, batch.reason.as_deref()) {
            Ok(plan) => plans.push(plan),
            Err(problem) => return Ok(Err(problem)),
        }
    }
    // What stays as it is agrees with what it is tied to, or did so before there was this rule.
    let changing = plans.iter().filter(|plan| !plan.nothing);
    let links = batch.links.as_deref().map(|links| links as &dyn Links);
    let agreed = merged::agree(ledger.connection, changing.clone().map(Plan::proposed))
        .and_then(|merges| belonging::agree(ledger.connection, links, changing.map(Plan::proposed), &merges));
    if let Err(problem) = agreed {
        return Ok(Err(problem));
    }
    let mut written = Vec::with_capacity(plans.len());
    for plan in plans {
        written.push(apply(ledger, plan)?);
    }
    for note in batch.notes {
        put_note(ledger.connection, &note)?;
    }
    if let Some(mark) = batch.mark {
        let done = number(mark.done)?;
        ledger
            .connection
            .prepare_cached("INSERT INTO import_mark (source, done) VALUES (?1, ?2) ON CONFLICT (source) DO UPDATE SET done = excluded.done")
            .and_then(|mut statement| statement.execute(params![mark.source, done]))
            .map_err(|error| db(&error))?;
    }
    Ok(Ok(written))
}

/// Keeps a note, or forgets it.
fn put_note(connection: &Connection, note: &Note) -> Result<(), Problem> {
    let sql = if note.text.is_some() {
        "INSERT INTO note (name, text) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET text = excluded.text"
    } else {
        "DELETE FROM note WHERE name = ?1 AND ?2 IS NULL"
    };
    connection
        .prepare_cached(sql)
        .and_then(|mut statement| statement.execute(params![note.name, note.text]))
        .map(|_| ())
        .map_err(|error| db(&error))
}

/// Whether a search still finds what the caller found. Nothing can come between this and the writing.
fn still_so(connection: &Connection, guard: &Guard) -> Result<bool, Problem> {
    let search = Search {
        kinds: &[&guard.kind],
        all: &guard.all,
        sort: &[],
        links: &*guard.links,
        judge: guard.judge.as_deref().map(|judge| judge as &dyn Judge),
        after: None,
        count: 2,
    };
    let found = Snapshot::over(connection).found(&search)?;
    let keys: BTreeSet<&RecordKey> = found.iter().map(|(key, _)| key).collect();
    Ok(keys == guard.found.iter().collect())
}

fn check(change: &Change, current: Option<Current>) -> Result<(), Problem> {
    let alive = current.filter(|current| !current.deleted);
    match (change.expected, alive) {
        (Expected::Anything, _) | (Expected::Absent, None) => Ok(()),
        (Expected::Version(version), Some(current)) if current.version == version => Ok(()),
        (Expected::Version(version), Some(current)) => Err(Problem::new(&codes::STALE)
            .with("record", &change.key)
            .with("current", current.version)
            .with("expected", version)),
        (Expected::Version(version), None) => {
            Err(Problem::new(&codes::MISSING).with("record", &change.key).with("expected", version))
        }
        (Expected::Absent, Some(current)) => {
            Err(Problem::new(&codes::EXISTS).with("record", &change.key).with("current", current.version))
        }
    }
}

/// One change, thought through: everything that can be refused has been refused.
struct Plan {
    key: RecordKey,
    current: Option<Current>,
    version: VersionNumber,
    kind: EntryKind,
    entry: Vec<u8>,
    content: Option<Content>,
    nothing: bool,
    /// Whether it may change who is merged into whom.
    merges: bool,
}

struct Content {
    salt: [u8; 32],
    body: Vec<u8>,
    terms: Vec<Term>,
}

impl Plan {
    fn new(
        ledger: &mut Ledger<'_>,
        change: Change,
        current: Option<Current>,
        actor: &crate::Actor,
        reason: Option<&str>,
    ) -> Result<Self, Problem> {
        let alive = current.filter(|current| !current.deleted);
        let version = current.map_or(VersionNumber::FIRST, |current| current.version.next());
        let step = match (&change.act, alive) {
            (Act::Put { .. }, None) => Step::Create,
            (Act::Put { .. }, Some(_)) => Step::Update,
            (Act::Delete, _) => Step::Delete,
        };
        let kind = EntryKind::of(step, &change.key.kind);
        let nothing = step == Step::Delete && alive.is_none();
        let (before, time) = standing(ledger.connection, alive)?;
        let settled = change.mark.is_none() || matches!(before, Before::Held(_));
        if let (true, true, Some(current), Act::Put { render, .. }) =
            (change.unless_same, settled, alive, &change.act)
            && stands(ledger.connection, current, &render(current.version, time))?
        {
            let (entry, content, nothing) = (Vec::new(), None, true);
            let (key, current) = (change.key, Some(current));
            return Ok(Self { key, current, version, kind, entry, content, nothing, merges: change.merges });
        }
        let merges = change.merges;
        let state =
            state::next(&before, &Asked { key: &change.key, step, mark: change.mark.as_ref(), actor })?;
        let content = match change.act {
            Act::Put { render, mut terms } => {
                if let Some(state) = &state {
                    terms.extend(state_rows(ledger, &change.key, (&before, alive), state)?);
                }
                Some(content(ledger, &change.key, render(version, ledger.time), terms)?)
            }
            Act::Delete => None,
        };
        let digest = content.as_ref().map(|content| seal::content_digest(&content.salt, &content.body));
        let entry = Entry {
            v: 1,
            kind,
            time: ledger.stamp.as_str().into(),
            actor: actor.clone(),
            subject: Subject {
                kind: change.key.kind.to_string().into(),
                id: change.key.id.as_str().to_owned().into(),
                version: Some(version.number()),
            },
            reason: reason.map(Into::into),
            digest: digest.map(|digest| Hash(digest).to_hex().into()),
            state,
            succession: None,
        };
        let entry = entry_bytes(&entry)?;
        Ok(Self { key: change.key, current, version, kind, entry, content, nothing, merges })
    }

    /// What it is going to make of the record, to be held against what that is tied to.
    fn proposed(&self) -> Proposed<'_> {
        let terms = self.content.as_ref().map(|content| content.terms.as_slice());
        Proposed { key: &self.key, current: self.current, terms, merges: self.merges }
    }
}

/// Whether the content of a current version is this one.
fn stands(connection: &Connection, current: Current, content: &[u8]) -> Result<bool, Problem> {
    connection
        .prepare_cached("SELECT 1 FROM content WHERE position = ?1 AND body = ?2")
        .and_then(|mut statement| statement.exists(params![current.position, content]))
        .map_err(|error| db(&error))
}

/// The state that a record stands in, and since when: what the entry of its current version says. No view is asked.
fn standing(connection: &Connection, alive: Option<Current>) -> Result<(Before<String>, Time), Problem> {
    let Some(current) = alive else { return Ok((Before::Nothing, Time::from_microseconds(0))) };
    let bytes: Vec<u8> = connection
        .prepare_cached("SELECT body FROM entry WHERE position = ?1")
        .and_then(|mut statement| statement.query_row([current.position], |row| row.get(0)))
        .map_err(|error| db(&error))?;
    let damaged = |what| Problem::new(&codes::CORRUPT).with("what", what);
    let entry = Entry::parse(&bytes).map_err(damaged)?;
    let before = entry.state.as_ref().map_or(Before::Unmarked, |state| Before::Held(Held::of(state)));
    Ok((before, entry.moment().map_err(damaged)?))
}

/// The rows by which the version is going to be found by its state.
fn state_rows(
    ledger: &Ledger<'_>,
    key: &RecordKey,
    (before, alive): (&Before<String>, Option<Current>),
    state: &state::State,
) -> Result<Vec<Term>, Problem> {
    let indexer = &*ledger.surroundings.indexer;
    let version = Version { kind: &key.kind, state, time: ledger.time };
    let goes_on = alive.filter(|_| !state::begins(before, state)).map(|current| current.record);
    rows::of_next(ledger.connection, indexer, &version, goes_on)
}

fn content(
    ledger: &mut Ledger<'_>,
    key: &RecordKey,
    body: Vec<u8>,
    terms: Vec<Term>,
) -> Result<Content, Problem> {
    if body.len() > RESOURCE_BYTES_MAX {
        return Err(Problem::new(&codes::CONTENT_LONG)
            .with("record", key)
            .with("bytes", body.len())
            .with("limit", RESOURCE_BYTES_MAX));
    }
    let salt = ledger.salt()?;
    Ok(Content { salt, body, terms })
}

fn entry_bytes(entry: &Entry<'_>) -> Result<Vec<u8>, Problem> {
    let bytes =
        serde_json::to_vec(entry).map_err(|_| Problem::new(&codes::DATABASE).log("entry not written"))?;
    if bytes.len() > ENTRY_BYTES_MAX {
        return Err(Problem::new(&codes::ENTRY_LONG)
            .with("bytes", bytes.len())
            .with("limit", ENTRY_BYTES_MAX));
    }
    Ok(bytes)
}

fn apply(ledger: &mut Ledger<'_>, plan: Plan) -> Result<Written, Problem> {
    let time = ledger.time;
    if plan.nothing {
        return Ok(Written { key: plan.key, effect: Effect::Nothing, version: None, position: None, time });
    }
    let position = append_bytes(ledger, &plan.entry)?;
    let place = number(position.0)?;
    if let Some(content) = &plan.content {
        put_content(ledger, position, &content.salt, &content.body)?;
    }
    let terms = plan.content.map(|content| content.terms).unwrap_or_default();
    let step = views::Step { key: &plan.key, version: plan.version, position: place, kind: plan.kind };
    views::record_step(
        ledger.connection,
        ledger.names,
        &step,
        plan.current.map(|current| current.record),
        terms,
    )?;
    let effect = match plan.kind.step() {
        Some(Step::Create) => Effect::Created,
        Some(Step::Delete) => Effect::Deleted,
        Some(Step::Update) | None => Effect::Updated,
    };
    Ok(Written { key: plan.key, effect, version: Some(plan.version), position: Some(position), time })
}

fn append_bytes(ledger: &mut Ledger<'_>, bytes: &[u8]) -> Result<Position, Problem> {
    let position = Position(ledger.standing.edge.size());
    insert_entry(ledger.connection, position.0, bytes)?;
    ledger.standing.edge.push(merkle::leaf_hash(bytes));
    Ok(position)
}

/// Keeps the subtrees that entries have completed.
pub(crate) fn put_completed(connection: &Connection, edge: &mut merkle::Edge) -> Result<(), Problem> {
    for completed in edge.take_completed() {
        let index = number(completed.index)?;
        connection
            .prepare_cached("INSERT INTO subtree (level, idx, hash) VALUES (?1, ?2, ?3)")
            .and_then(|mut statement| statement.execute(params![completed.level, index, completed.hash.0]))
            .map_err(|error| db(&error))?;
    }
    Ok(())
}

/// The row of a checkpoint.
pub(crate) fn insert_checkpoint(
    connection: &Connection,
    size: u64,
    time: i64,
    note: &str,
) -> Result<(), Problem> {
    let place = number(size)?;
    connection
        .prepare_cached("INSERT INTO checkpoint (size, time, note) VALUES (?1, ?2, ?3)")
        .and_then(|mut statement| statement.execute(params![place, time, note.as_bytes()]))
        .map_err(|error| db(&error))?;
    Ok(())
}

/// The row of an entry.
pub(crate) fn insert_entry(connection: &Connection, position: u64, bytes: &[u8]) -> Result<(), Problem> {
    let place = number(position)?;
    connection
        .prepare_cached("INSERT INTO entry (position, body) VALUES (?1, ?2)")
        .and_then(|mut statement| statement.execute(params![place, bytes]))
        .map_err(|error| db(&error))?;
    Ok(())
}

/// Writes the subtrees that this commit completed, and signs the tree.
pub(crate) fn seal_commit(ledger: &mut Ledger<'_>) -> Result<(), Problem> {
    put_completed(ledger.connection, &mut ledger.standing.edge)?;
    let keys = &ledger.surroundings.keys;
    let size = ledger.standing.edge.size();
    let checkpoint =
        Checkpoint { origin: keys.verifier.name.clone(), size, root: ledger.standing.edge.root() };
    let text = checkpoint.text();
    let signature = Signature {
        name: keys.verifier.name.clone(),
        key_id: keys.verifier.key_id,
        bytes: keys.signing_key.sign(text.as_bytes()).to_vec(),
    };
    let note = SignedNote { text, signatures: vec![signature] }.to_string();
    insert_checkpoint(ledger.connection, size, ledger.time.microseconds(), &note)
}

/// A count as SQLite keeps it.
pub(crate) fn number(count: u64) -> Result<i64, Problem> {
    i64::try_from(count).map_err(|_| Problem::new(&codes::CORRUPT).with("what", "a number beyond 63 bits"))
}
