//! What the guideline engine knows, in the forms of others: OSCAL for programs, HTML for people. No disk, no network.
//!
//! Everything here is a function of what it is given, the moment included: the same input gives the same bytes.

pub mod html;
pub mod oscal;
