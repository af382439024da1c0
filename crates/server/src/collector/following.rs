//! The journal of a facility as a sender follows it.

use super::sender::{Entries, Keeping};
use base::{Position, Problem};
use records::audit::{Accessed, Following};

impl Entries for Following {
    fn after(&self, place: Option<Position>, count: usize) -> Result<Vec<Accessed>, Problem> {
        Self::after(self, place, count)
    }

    fn behind(&self, place: Option<Position>) -> Result<u64, Problem> {
        Self::behind(self, place)
    }

    fn mark(&self) -> Result<Option<Position>, Problem> {
        Self::mark(self)
    }

    fn keep(&self, mark: Position) -> Keeping<'_> {
        Box::pin(Self::keep(self, mark))
    }
}
