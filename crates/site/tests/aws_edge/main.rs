//! Gateways and services of AWS, from small states that are written here: what each of them lets through, and what nobody
//! knows.

#![expect(clippy::unwrap_used, reason = "a test ends at the first thing that is not as it should be")]
#![expect(clippy::panic, reason = "as above")]
#![expect(clippy::indexing_slicing, reason = "as above")]
#![expect(clippy::needless_pass_by_value, reason = "values are written where they are used")]

mod apis;
mod balancers;
mod endpoints;
mod firewalls;
mod lines;
mod stores;
mod transit;
mod world;
