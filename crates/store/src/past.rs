//! The record of a patient over time: every version of everything that ever belonged to it, be it deleted since, taken back,
//! or moved to another patient.

use crate::commit::number;
use crate::database::problem as db;
use crate::search::{Links, TimeRange};
use crate::snapshot::{FOUND, Snapshot, Step, damaged};
use base::{Position, Problem, RecordKey, Time};
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Row, params_from_iter};

/// The name of the rows that say to which patients' records a content belongs: a reference, `01 Type/id` or what else
/// [`Links`] read. They are kept for every version, in `version_by_patient`.
pub const MEMBER: &str = "~member";

/// A version of something that belongs, or once belonged, to the record of a patient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    /// The version.
    pub step: Step,
    /// Its entry, as hashed.
    pub entry: Vec<u8>,
    /// Whether this version is the patient's own record or belongs to it. A deletion does not, for it has no content.
    pub member: bool,
}

impl Snapshot<'_> {
    /// Every version of a patient's own record and of everything that ever belonged to it, in the order of creation, the
    /// oldest version of each first; of those who were merged into the patient too. None when there are more than `most`
    /// records.
    ///
    /// # Errors
    /// The database fails.
    pub fn whole(
        &self,
        patient: &RecordKey,
        links: &dyn Links,
        most: usize,
    ) -> Result<Option<Vec<Past>>, Problem> {
        let patients = self.with_merged(patient)?;
        let mut given: Vec<Value> = vec![Value::Text(patient.kind.to_string())];
        given.extend(patients.iter().map(|one| Value::Text(one.id.as_str().to_owned())));
        let own = places(2, given.len());
        given.extend(patients.iter().flat_map(|one| links.to(one)).map(Value::Blob));
        let places = places(patients.len().saturating_add(2), given.len());
        // The versions of the patients' own records, and of all records of which any version belongs to them.
        let records = format!(
            "SELECT key FROM record WHERE kind = (SELECT id FROM name WHERE text = ?1) AND id IN ({own})
             UNION SELECT v.record FROM version_by_patient b JOIN version v ON v.position = b.position WHERE b.patient IN ({places})"
        );
        let count: i64 = self
            .connection
            .prepare_cached(&format!("SELECT count(*) FROM ({records})"))
            .and_then(|mut statement| statement.query_row(params_from_iter(given.iter()), |row| row.get(0)))
            .map_err(|error| db(&error))?;
        if usize::try_from(count).map_or(true, |count| count > most) {
            return Ok(None);
        }
        let sql = format!(
            "SELECT {FOUND}, n.text, r.id, r.key, e.body,
             n.text = ?1 AND r.id IN ({own}) OR EXISTS (SELECT 1 FROM version_by_patient m WHERE m.position = v.position AND m.patient IN ({places}))
             FROM record r JOIN version v ON v.record = r.key JOIN name n ON n.id = r.kind JOIN entry e ON e.position = v.position
             LEFT JOIN content c ON c.position = v.position WHERE r.key IN ({records}) ORDER BY r.key, v.version"
        );
        let mut statement = self.connection.prepare_cached(&sql).map_err(|error| db(&error))?;
        let rows = statement
            .query_map(params_from_iter(given.iter()), |row| Ok(self.past(row)))
            .map_err(|error| db(&error))?;
        rows.map(|row| row.map_err(|error| db(&error))?).collect::<Result<_, _>>().map(Some)
    }

    /// The position from which on entries were written after a moment.
    ///
    /// # Errors
    /// The database fails.
    pub fn after(&self, moment: Time) -> Result<Position, Problem> {
        let until = TimeRange { from: None, until: Some(moment.plus_microseconds(1)) };
        let (_, until) = self.positions(until)?;
        u64::try_from(until).map(Position).map_err(|_| damaged("a negative position"))
    }

    /// The newest signed checkpoint that covers nothing from a position on, and its time in microseconds; none where every
    /// one does.
    ///
    /// # Errors
    /// The database fails.
    pub fn checkpoint_before(&self, end: Position) -> Result<Option<(String, i64)>, Problem> {
        let end = number(end.0.min(i64::MAX.unsigned_abs()))?;
        let row: Option<(Vec<u8>, i64)> = self
            .connection
            .prepare_cached("SELECT note, time FROM checkpoint WHERE size <= ?1 ORDER BY size DESC LIMIT 1")
            .and_then(|mut statement| {
                statement.query_row([end], |row| Ok((row.get(0)?, row.get(1)?))).optional()
            })
            .map_err(|error| db(&error))?;
        let text = |(note, time)| match String::from_utf8(note) {
            Ok(note) => Ok((note, time)),
            Err(_) => Err(damaged("a checkpoint that is not text")),
        };
        row.map(text).transpose()
    }
}

/// The names of the values from one to another.
fn places(first: usize, last: usize) -> String {
    (first..=last).map(|place| format!("?{place}")).collect::<Vec<_>>().join(", ")
}

impl Snapshot<'_> {
    fn past(&self, row: &Row<'_>) -> Result<Past, Problem> {
        let step = self.step(row)?;
        let (entry, member) =
            row.get(8).and_then(|entry| Ok((entry, row.get(9)?))).map_err(|error| db(&error))?;
        let member = member && step.found.content.is_some();
        Ok(Past { step, entry, member })
    }
}
