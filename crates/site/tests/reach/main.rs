//! Computed reach against an independent simulator, and what must hold of it whatever the network is.

#![expect(clippy::unwrap_used, reason = "a test ends at the first thing that is not as it should be")]
#![expect(clippy::panic, reason = "a test ends at the first thing that is not as it should be")]
#![expect(clippy::indexing_slicing, reason = "the nodes of a small world are numbers of its list")]

mod differences;
mod known;
mod large;
mod random;
mod simulator;
