//! What the guideline engine and the check of a site know, in the forms of others: OSCAL, SARIF and JSON for programs, HTML,
//! pictures and a terminal for people. No disk, no network.
//!
//! Everything here is a function of what it is given, the moment included: the same input gives the same bytes.

pub mod form;
pub mod html;
pub mod oscal;
pub mod paper;
pub mod sheet;
pub mod site;
