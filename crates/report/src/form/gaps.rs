//! The report `gaps`.

use super::Given;
use crate::paper::Paper;
use base::Problem;

pub(super) fn paper(given: &Given<'_>) -> Result<Paper, Problem> {
    Ok(given.paper("gaps", "", "", Vec::new()))
}
