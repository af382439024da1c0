//! Resources of AWS drawn from plans, asked what reaches what.

#![expect(clippy::unwrap_used, reason = "a test ends at the first thing that is not as it should be")]
#![expect(clippy::indexing_slicing, reason = "as above")]
#![expect(clippy::needless_pass_by_value, reason = "values are written where they are used")]
#![expect(clippy::panic, reason = "as above")]

mod gateways;
mod groups;
mod hosts;
mod lists;
mod made;
mod open;
mod plans;
mod public;
mod state;
