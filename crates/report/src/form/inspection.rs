//! The report `inspection`.

use super::Given;
use crate::paper::Paper;
use base::Problem;

pub(super) fn paper(given: &Given<'_>) -> Result<Paper, Problem> {
    Ok(given.paper("inspection", "", "", Vec::new()))
}
