//! Findings on a site as a whole: what its description says, and what its paths show.
//!
//! What a finding means and what to do about it is data, one file for each rule (`catalogue/findings`); whether it holds is
//! worked out here, topic by topic.

mod scene;

pub use scene::{Judgement, Scene};
