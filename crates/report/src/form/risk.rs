//! The report `risk`.

use super::Given;
use crate::paper::Paper;
use base::Problem;

pub(super) fn paper(given: &Given<'_>) -> Result<Paper, Problem> {
    Ok(given.paper("risk", "", "", Vec::new()))
}
