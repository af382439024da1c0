//! Breaking the glass: access to a restricted patient for a while, for a reason.

use super::Asked;
use crate::answer::Reply;
use access::Action;
use base::ResourceId;
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

/// `POST /f/{facility}/break-glass`. Whether there is such a patient is not told: it is nobody's business who may not
/// see them, and breaking the glass for nobody opens nothing.
pub(super) async fn break_glass(asked: Asked<'_>) -> Result<Reply, Problems> {
    asked.law.decide(Action::BREAK_GLASS)?;
    let Wanted { patient, reason, minutes } = asked.read()?;
    if let Some(id) = ResourceId::parse(&patient) {
        asked.law.trail.note(|access| {
            access.target = format!("Patient/{id}");
            access.patients = vec![patient.clone()];
        });
    }
    let broken = asked.identity.break_glass(asked.caller()?, &patient, &reason, minutes).await;
    let broken = broken.map_err(super::several)?;
    asked.law.trail.broken(&[(patient, broken.id.clone())]);
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
