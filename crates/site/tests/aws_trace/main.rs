//! What is computed of resources of AWS against what happens to single packets.
//!
//! [`trace`] decides for one packet, hop by hop, whether AWS lets it through. It is written after Amazon's documentation and
//! shares nothing with the product but the resources of a plan as they were read. [`agree`] asks both about many packets, and
//! [`changed`] asks the product alone about plans that are changed in ways of which the effect is known.

#![expect(clippy::unwrap_used, reason = "a test ends at the first thing that is not as it should be")]
#![expect(clippy::indexing_slicing, reason = "as above")]
#![expect(clippy::panic, reason = "as above")]
#![expect(clippy::string_slice, reason = "texts are cut where a sign was found")]
#![expect(clippy::wrong_self_convention, reason = "packets come from somewhere and go to somewhere")]
#![expect(clippy::excessive_nesting, reason = "plans are nested")]
#![expect(clippy::print_stdout, reason = "what was not compared is said")]

mod agree;
mod blocks;
mod changed;
mod claims;
mod corpus;
mod fact;
mod hubs;
mod named;
mod random;
mod trace;
mod world;
mod written;
