//! The report `service_spec`.

use super::Given;
use crate::paper::Paper;
use base::Problem;

pub(super) fn paper(given: &Given<'_>) -> Result<Paper, Problem> {
    Ok(given.paper("service_spec", "", "", Vec::new()))
}
