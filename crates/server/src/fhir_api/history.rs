//! `_history` of a record, a type or the facility (FHIR R4, RESTful API, "history").

use super::Asked;
use crate::interactions::Interaction;
use base::Problem;
use records::{HistoryScope, Intent};

pub(super) fn intent(interaction: Interaction, asked: Asked<'_>) -> Result<Intent, Problem> {
    let scope = match interaction {
        Interaction::HistoryRecord => HistoryScope::Record(asked.key()?),
        Interaction::HistoryKind => HistoryScope::Kind(asked.kind()?),
        _ => HistoryScope::Facility,
    };
    Ok(Intent::History { scope, query: asked.query })
}
