//! When the whole journal was verified last, and what came of it: kept by the server whenever `akashi verify` tells it.

use super::Sight;
use crate::console;
use crate::directory::Opened;
use base::{Clock, Position, Problem, SystemClock, Time};
use guideline::Fact;
use serde::{Deserialize, Serialize};
use store::{Batch, Note};

/// The note beside the journal.
const NOTE: &str = "verified/whole";

/// What came of a verification of a whole journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Verified {
    /// How many entries there were; 0 where something was wrong.
    pub(crate) entries: u64,
    /// Whether nothing was wrong.
    pub(crate) good: bool,
}

/// The same as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    time: String,
    entries: u64,
    good: bool,
    /// The entry that says that it was told.
    position: u64,
}

impl Verified {
    /// Keeps it beside the journal, with the entry that says that it was told.
    pub(crate) async fn keep(self, opened: &Opened, place: Position) -> Result<(), Problem> {
        let Self { entries, good } = self;
        let kept = Kept { time: SystemClock.now().to_string(), entries, good, position: place.0 };
        let text = serde_json::to_string(&kept).map_err(|error| {
            Problem::new(&store::codes::DATABASE).log(format!("a note not written: {error}"))
        })?;
        let note = Note { name: NOTE.to_owned(), text: Some(text) };
        let batch = Batch { notes: vec![note], ..Batch::new(console::actor(), Vec::new()) };
        opened.store.append_identities(batch).await.map(|_| ())
    }
}

pub(super) fn look(sight: &Sight<'_>) -> Vec<Fact> {
    let notes = sight.opened.store.inspect(|inside| inside.notes(NOTE)).unwrap_or_default();
    let kept = notes.iter().find(|(name, _)| name == NOTE);
    let Some(kept) = kept.and_then(|(_, text)| serde_json::from_str::<Kept>(text).ok()) else {
        return Vec::new();
    };
    let Some(time) = Time::parse(&kept.time) else { return Vec::new() };
    let how = match kept.good {
        true => format!("`akashi verify` went through {} entries", kept.entries),
        false => "`akashi verify` found a fault".to_owned(),
    };
    let place = Position(kept.position);
    vec![
        sight.count("runtime.journal.verified_days", sight.days_since(time), &how).at(place),
        sight.yes_no("runtime.journal.verification_passed", kept.good, &how).at(place),
    ]
}
