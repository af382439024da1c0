//! The report `director`.

use super::Given;
use crate::paper::Paper;
use base::Problem;

pub(super) fn paper(given: &Given<'_>) -> Result<Paper, Problem> {
    Ok(given.paper("director", "", "", Vec::new()))
}
