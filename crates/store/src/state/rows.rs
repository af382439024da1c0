//! The rows by which a record is found by its state, which stands in the entry of its current version: made by the writer
//! within the transaction that decides the state, and made anew from the journal by a rebuild and by a check.
//!
//! Since when a record is in its state is the time of the version that began it ([`super::begins`]). The writer takes it over
//! from the rows before, so that a draft which is edited a thousand times costs no more than one that is edited once.

use super::{State, StateAct};
use crate::belonging::number;
use crate::change::{Indexer, Term};
use crate::codes;
use crate::database::problem as db;
use crate::entry::Entry;
use crate::views;
use base::{Problem, Time};
use rusqlite::Connection;

/// A version whose state is decided.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Version<'a> {
    pub(crate) kind: &'a str,
    pub(crate) state: &'a State,
    pub(crate) time: Time,
}

/// The rows of the version that is written next. `goes_on` is the number of its record where it stays in the state that it
/// is in.
pub(crate) fn of_next(
    connection: &Connection,
    indexer: &dyn Indexer,
    version: &Version<'_>,
    goes_on: Option<i64>,
) -> Result<Vec<Term>, Problem> {
    let since = indexer.since_term(version.kind, version.time);
    let since = match (since, goes_on) {
        (Some(fresh), Some(record)) => match kept(connection, record, fresh.param)? {
            Some(kept) => Some(kept),
            None => indexer.since_term(version.kind, since_when(connection, record)?.unwrap_or(version.time)),
        },
        (since, _) => since,
    };
    Ok(indexer.state_terms(version.kind, version.state).into_iter().chain(since).collect())
}

/// The rows of a version that is current, from its entry and those before it.
pub(crate) fn of_current(
    connection: &Connection,
    indexer: &dyn Indexer,
    entry: &Entry<'_>,
    record: i64,
) -> Result<Vec<Term>, Problem> {
    let Some(state) = &entry.state else { return Ok(Vec::new()) };
    let mut rows = indexer.state_terms(&entry.subject.kind, state);
    let own = entry.moment().map_err(damaged)?;
    let Some(fresh) = indexer.since_term(&entry.subject.kind, own) else { return Ok(rows) };
    let since = if begins_anyway(state.act) { own } else { since_when(connection, record)?.unwrap_or(own) };
    rows.extend(if since == own { Some(fresh) } else { indexer.since_term(&entry.subject.kind, since) });
    Ok(rows)
}

/// Whether a version by this act begins its state, whatever was before ([`super::begins`]).
fn begins_anyway(act: StateAct) -> bool {
    matches!(act, StateAct::Enter | StateAct::Adopt | StateAct::Return)
}

/// The row of this name that a record has.
fn kept(connection: &Connection, record: i64, param: &'static str) -> Result<Option<Term>, Problem> {
    let Some(number) = number(connection, param)? else { return Ok(None) };
    let list = views::stored_terms(connection, record)?;
    for row in list.rows() {
        let (found, value) = row?;
        if found == number {
            return Ok(Some(Term { param, value: value.to_vec() }));
        }
    }
    Ok(None)
}

/// The time of the version that began the state of a record's newest version; none where that has no state.
fn since_when(connection: &Connection, record: i64) -> Result<Option<Time>, Problem> {
    let mut statement = connection
        .prepare_cached(
            "SELECT e.body FROM version v JOIN entry e ON e.position = v.position WHERE v.record = ?1 ORDER BY v.version DESC",
        )
        .map_err(|error| db(&error))?;
    let mut rows = statement.query([record]).map_err(|error| db(&error))?;
    let mut begun = None;
    while let Some(row) = rows.next().map_err(|error| db(&error))? {
        let body = row.get_ref(0).and_then(|body| Ok(body.as_blob()?)).map_err(|error| db(&error))?;
        let entry = Entry::parse(body).map_err(damaged)?;
        let Some(state) = &entry.state else { break };
        if begun.is_some_and(|(is, _)| is != state.is) {
            break;
        }
        begun = Some((state.is, entry.moment().map_err(damaged)?));
        if begins_anyway(state.act) {
            break;
        }
    }
    Ok(begun.map(|(_, time)| time))
}

fn damaged(what: String) -> Problem {
    Problem::new(&codes::CORRUPT).with("what", what)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actor::{Actor, ActorKind};
    use crate::database;
    use crate::entry::{EntryKind, Subject};
    use crate::state::{Before, Held, Is, begins};
    use rusqlite::params;

    #[derive(Debug)]
    struct Since;

    impl Indexer for Since {
        fn edition(&self) -> &'static str {
            "since"
        }

        fn terms(&self, _: &[u8]) -> Result<Vec<Term>, Problem> {
            Ok(Vec::new())
        }

        fn since_term(&self, _: &str, since: Time) -> Option<Term> {
            Some(Term { param: "Note.since", value: since.to_string().into_bytes() })
        }
    }

    /// Acts on one record, one a minute, with what each makes of it; a deletion makes nothing.
    type Acts<'a> = &'a [(StateAct, Option<Is>)];

    /// Since when the record is in its state after these acts, told by going back through its entries.
    fn since_after(acts: Acts<'_>) -> String {
        let connection = Connection::open_in_memory().unwrap();
        database::create_tables(&connection).unwrap();
        let mut bytes = Vec::new();
        for (minute, (act, is)) in acts.iter().enumerate() {
            let (kind, digest) = match is {
                None => (EntryKind::RecordDelete, None),
                Some(_) if minute == 0 => (EntryKind::RecordCreate, Some("00".repeat(32).into())),
                Some(_) => (EntryKind::RecordUpdate, Some("00".repeat(32).into())),
            };
            let version = u64::try_from(minute).unwrap() + 1;
            let entry = Entry {
                v: 1,
                kind,
                time: format!("2026-04-01T00:{minute:02}:00.000000Z").into(),
                actor: Actor::new(ActorKind::Person, "hana"),
                subject: Subject { kind: "Note".into(), id: "n".into(), version: Some(version) },
                reason: None,
                digest,
                state: is.map(|is| state(*act, is)),
                succession: None,
            };
            bytes = serde_json::to_vec(&entry).unwrap();
            let place = i64::try_from(minute).unwrap();
            connection
                .execute("INSERT INTO entry (position, body) VALUES (?1, ?2)", params![place, bytes])
                .unwrap();
            let sql = "INSERT INTO version (position, record, kind, version, act) VALUES (?1, 7, 1, ?2, 2)";
            connection.execute(sql, params![place, place + 1]).unwrap();
        }
        let rows = of_current(&connection, &Since, &Entry::parse(&bytes).unwrap(), 7).unwrap();
        let time = String::from_utf8(rows.into_iter().next().unwrap().value).unwrap();
        time.get(14..16).unwrap().to_owned()
    }

    fn state(act: StateAct, is: Is) -> State {
        State { is, act, responsible: None, entered: None, cosigned: Vec::new(), provenance: None }
    }

    #[test]
    fn a_state_lasts_since_the_version_that_began_it() {
        use Is::{Amended, Draft, Final};
        use StateAct::{Amend, Approve, Edit, Enter, Finalize, Import, Return};
        let draft = |act| (act, Some(Draft));
        for (acts, minute) in [
            (&[draft(Enter)][..], "00"),
            (&[draft(Enter), draft(Edit), draft(Edit)], "00"),
            (&[draft(Enter), draft(Edit), (Finalize, Some(Final))], "02"),
            (&[draft(Enter), (Approve, Some(Final)), (Amend, Some(Amended)), (Amend, Some(Amended))], "02"),
            // What was returned waits from then on, and working on it again does not put that off.
            (&[draft(Enter), draft(Edit), draft(Return), draft(Edit), draft(Edit)], "02"),
            (&[draft(Enter), (Edit, None), draft(Enter), draft(Edit)], "02"),
            (&[draft(Enter), draft(Import)], "00"),
        ] {
            assert_eq!(since_after(acts), minute, "{acts:?}");
        }
    }

    #[test]
    fn the_writer_begins_anew_where_the_journal_says_so() {
        let held = |is| Before::Held(Held { is, responsible: None, entered: None, cosigned: Box::default() });
        for (before, act, is, anew) in [
            (Before::Nothing, StateAct::Enter, Is::Draft, true),
            (Before::Unmarked, StateAct::Adopt, Is::Draft, true),
            (held(Is::Draft), StateAct::Edit, Is::Draft, false),
            (held(Is::Draft), StateAct::Return, Is::Draft, true),
            (held(Is::Draft), StateAct::Import, Is::Draft, false),
            (held(Is::Draft), StateAct::Finalize, Is::Final, true),
            (held(Is::Amended), StateAct::Amend, Is::Amended, false),
        ] {
            assert_eq!(begins(&before, &state(act, is)), anew, "{act:?}");
        }
    }
}
