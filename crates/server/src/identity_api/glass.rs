//! Breaking the glass: access to a restricted patient for a while, for a reason.

use super::Asked;
use crate::answer::Reply;
use http::StatusCode;
use identity::kept::BrokenGlass;
use records::Problems;
use serde::Deserialize;
use serde_json::{Value, json};

/// The patient, and why.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    patient: String,
    reason: String,
    #[serde(default)]
    minutes: Option<u32>,
}

/// `POST /f/{facility}/break-glass`
pub(super) async fn break_glass(asked: Asked<'_>) -> Result<Reply, Problems> {
    let Wanted { patient, reason, minutes } = asked.read()?;
    let broken = asked.identity.break_glass(asked.caller()?, &patient, &reason, minutes).await;
    let broken = broken.map_err(super::several)?;
    Ok(asked.reply(StatusCode::CREATED, &shown(&broken)))
}

/// `GET /f/{facility}/break-glass`
pub(super) fn list(asked: &Asked<'_>) -> Result<Reply, Problems> {
    let own = asked.identity.own_glass(asked.caller()?);
    Ok(asked.reply(StatusCode::OK, &own))
}

fn shown(glass: &BrokenGlass) -> Value {
    json!({
        "glass": glass.id,
        "patient": glass.patient,
        "from": glass.from.to_string(),
        "until": glass.until.to_string(),
    })
}
