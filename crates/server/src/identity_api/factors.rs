//! One's own factors.

use super::{Asked, done, several};
use crate::answer::Reply;
use crate::codes;
use base::Problem;
use http::StatusCode;
use identity::door::{NewPasskey, NewPassword, NewTotp};
use records::Problems;

/// `GET /f/{facility}/factors`
pub(super) fn list(asked: &Asked<'_>) -> Result<Reply, Problems> {
    let factors = asked.identity.own_factors(asked.caller()?);
    Ok(asked.reply(StatusCode::OK, &factors))
}

/// `POST /f/{facility}/factors/{id}`: a new password or sheet of recovery codes; the beginning of a new one-time-code
/// secret or passkey.
pub(super) async fn begin(asked: Asked<'_>) -> Result<Reply, Problems> {
    let caller = asked.person()?;
    match asked.id.as_str() {
        "password" => {
            let wanted: NewPassword = asked.read()?;
            asked.identity.set_password(caller, wanted).await.map_err(several)?;
            Ok(done())
        }
        "recovery" => Ok(asked.reply(StatusCode::OK, &asked.identity.set_recovery(caller).await?)),
        "totp" => Ok(asked.reply(StatusCode::OK, &asked.identity.begin_totp(&caller.account)?)),
        "passkey" => Ok(asked.reply(StatusCode::OK, &asked.identity.begin_passkey(&caller.account)?)),
        _ => Err(unknown().into()),
    }
}

/// `POST /f/{facility}/factors/{id}/confirm`
pub(super) async fn confirm(asked: Asked<'_>) -> Result<Reply, Problems> {
    let caller = asked.person()?;
    match asked.id.as_str() {
        "totp" => {
            let wanted: NewTotp = asked.read()?;
            asked.identity.set_totp(caller, wanted).await?;
            Ok(done())
        }
        "passkey" => {
            let wanted: NewPasskey = asked.read()?;
            Ok(asked.reply(StatusCode::CREATED, &asked.identity.set_passkey(caller, wanted).await?))
        }
        _ => Err(unknown().into()),
    }
}

/// `DELETE /f/{facility}/factors/{id}`
pub(super) async fn remove(asked: Asked<'_>) -> Result<Reply, Problems> {
    asked.identity.remove_own_factor(asked.person()?, &asked.id).await?;
    Ok(done())
}

impl Asked<'_> {
    /// Machines have no factors to set by themselves.
    fn person(&self) -> Result<&identity::Caller, Problem> {
        let caller = self.caller()?;
        if caller.account.kind.human() {
            return Ok(caller);
        }
        Err(Problem::new(&identity::codes::PEOPLE_ONLY).with("account", &caller.account.id))
    }
}

fn unknown() -> Problem {
    Problem::new(&codes::ADDRESS_UNKNOWN)
}
