//! Every rule of the catalogue, on resources made from the rule itself, on hostile ones, and on real plans.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test ends at the first thing that is not as it should be"
)]

mod hostile;
mod made;
mod meaning;
mod plan;
mod plans;
mod together;

use site::rules::Catalogue;
use std::sync::LazyLock;

/// The catalogue that is compiled in.
static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::builtin().unwrap());
