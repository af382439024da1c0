//! Writing: one record with what may be done with it, new records and their drafts, and what waits for whom.

mod content;
mod edit;
#[cfg(test)]
mod faithful_tests;
mod further;
mod kinds;
mod measured;
mod node;
mod people;
mod record;
mod state;
mod surface;
#[cfg(test)]
mod tests;
mod treatment;
mod upload;
mod vital;
mod whose;
mod work;

pub(crate) use people::names;

use crate::pages::{PageRow, both, look, send};

/// The pages of this part.
pub(crate) static PAGES: &[PageRow] = &[
    look("records/{}/{}", |visit, desk| Box::pin(record::page(visit, desk))),
    look("records/{}/{}/file", |visit, desk| Box::pin(upload::page(visit, desk))),
    both("records/{}/{}/edit", |visit, desk| Box::pin(edit::existing(visit, desk))),
    send("records/{}/{}/do/{}", |visit, desk| Box::pin(record::act(visit, desk))),
    look("patients/{}/write", |visit, desk| Box::pin(edit::choose(visit, desk))),
    both("patients/{}/write/vital", |visit, desk| Box::pin(vital::page(visit, desk))),
    both("patients/{}/write/{}", |visit, desk| Box::pin(edit::fresh(visit, desk))),
    look("work", |visit, desk| Box::pin(work::page(visit, desk))),
];
