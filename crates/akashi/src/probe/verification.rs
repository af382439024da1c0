//! When the whole journal was verified last, and what came of it. `akashi verify` tells a running server, whose journal
//! then says so in an entry; where that stands is noted beside the journal.

use super::Sight;
use crate::console;
use crate::directory::Opened;
use base::{Position, Problem};
use guideline::{Fact, Text};
use serde::{Deserialize, Serialize};
use std::fmt;
use store::{Accessed, Batch, Note};

/// The note beside the journal: the position of the newest such entry.
const NOTE: &str = "verified/whole";
/// What stands before the number of entries in what the entry says, and all that it says where something was wrong.
const GOOD: &str = "verify good ";
const WRONG: &str = "verify wrong";

/// What came of a verification of a whole journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Verified {
    /// Nothing was wrong with so many entries.
    Good(u64),
    /// Something was.
    Wrong,
}

impl fmt::Display for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Good(entries) => write!(f, "{GOOD}{entries}"),
            Self::Wrong => f.write_str(WRONG),
        }
    }
}

impl Verified {
    /// Reads what an entry of somebody at the server says.
    fn read(entry: &Accessed) -> Option<Self> {
        if entry.actor != console::actor() {
            return None;
        }
        match entry.access.target.strip_prefix(GOOD) {
            Some(entries) => entries.parse().ok().map(Self::Good),
            None => (entry.access.target == WRONG).then_some(Self::Wrong),
        }
    }
}

/// Keeps where the entry stands that says what came of a verification.
pub(crate) async fn keep(opened: &Opened, place: Position) -> Result<(), Problem> {
    let note = Note { name: NOTE.to_owned(), text: Some(place.to_string()) };
    let batch = Batch { notes: vec![note], ..Batch::new(console::actor(), Vec::new()) };
    opened.store.append_identities(batch).await.map(|_| ())
}

/// Where the newest such entry stands; none where nobody ever told.
pub(super) fn place(sight: &Sight<'_>) -> Option<Position> {
    let notes = sight.opened.store.inspect(|inside| inside.notes(NOTE)).unwrap_or_default();
    let (_, text) = notes.into_iter().find(|(name, _)| name == NOTE)?;
    text.parse().ok().map(Position)
}

pub(super) fn look(sight: &Sight<'_>, entry: Option<&Accessed>) -> Vec<Fact> {
    let Some((entry, verified)) = entry.and_then(|entry| Some((entry, Verified::read(entry)?))) else {
        return Vec::new();
    };
    let how = match verified {
        Verified::Good(entries) => Text {
            ja: format!("ジャーナルの {entries} 件をすべて検証"),
            en: format!("all {entries} entries of the journal were verified"),
        },
        Verified::Wrong => {
            Text::from(("ジャーナルの検証で異常を検出", "a verification of the journal found a fault"))
        }
    };
    let (days, good) = (sight.days_since(entry.time), verified != Verified::Wrong);
    vec![
        sight.count("runtime.journal.verified_days", days, how.clone()).at(entry.position),
        sight.yes_no("runtime.journal.verification_passed", good, how).at(entry.position),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::maintenance::tests::entry;
    use store::ActorKind;

    #[test]
    fn open_pages_hear_of_a_verification_by_the_word_of_its_note() {
        assert_eq!(NOTE.split_once('/').map(|(word, _)| word), Some(server::VERIFIED_WORD));
    }

    #[test]
    fn what_an_entry_says_is_read_back_and_nobody_else_can_say_it() {
        let said = |kind, id: &str, target: &str| {
            let mut entry = entry(kind, id, 1, "facts");
            target.clone_into(&mut entry.access.target);
            Verified::read(&entry)
        };
        for verified in [Verified::Good(2_084), Verified::Wrong] {
            assert_eq!(said(ActorKind::System, "console", &verified.to_string()), Some(verified));
            assert_eq!(said(ActorKind::Person, "operator", &verified.to_string()), None);
        }
        for target in ["assess", "verify good ", "verify good many", "verify wrong 3"] {
            assert_eq!(said(ActorKind::System, "console", target), None, "{target}");
        }
    }
}
