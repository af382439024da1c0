//! The rules on a site as a whole: on the table of faults, on templates as they are, and on their own fixtures.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends at the first thing that is not as it should be"
)]

mod catalogue;
mod faults;
mod flat;
mod judged;
