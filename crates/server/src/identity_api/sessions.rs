//! Sessions: begun by a login, renewed by a step-up, listed and ended.

use super::{Asked, done, set_cookie};
use crate::answer::Reply;
use crate::caller;
use base::Problem;
use http::{HeaderValue, StatusCode};
use identity::door::{LoggedIn, Login, StepUp, WantCode};
use identity::session::Carrier;
use identity::session::cookie;
use identity::{AccountId, Credential};
use records::Problems;
use serde_json::{Value, json};

/// `POST /f/{facility}/session`
pub(super) async fn login(asked: Asked<'_>) -> Result<Reply, Problems> {
    let login: Login = asked.read()?;
    let carrier = login.carrier.unwrap_or(Carrier::Bearer);
    if carrier == Carrier::Cookie {
        asked.check_same_site()?;
    }
    let visit = asked.visit(carrier);
    tried(&asked, login.account.as_deref());
    let begun = asked.identity.login(login, &asked.approach, visit).await?;
    asked.law.trail.name_actor(&begun.actor());
    Ok(shown(&asked, &begun, carrier, StatusCode::CREATED))
}

/// The entry names the account that somebody tries to log in to. What names none may be anything, a password too.
fn tried(asked: &Asked<'_>, account: Option<&str>) {
    let known = account.and_then(AccountId::parse).filter(|account| asked.identity.has_account(account));
    asked.law.trail.note(|access| {
        access.target = known.map_or_else(|| "account".to_owned(), |account| format!("account/{account}"));
    });
}

/// `POST /f/{facility}/session/step-up`
pub(super) async fn step_up(asked: Asked<'_>) -> Result<Reply, Problems> {
    let step_up: StepUp = asked.read()?;
    let carrier = match caller::credential(asked.headers()) {
        Credential::Cookie(_) => Carrier::Cookie,
        Credential::Bearer(_) | Credential::None => Carrier::Bearer,
    };
    let visit = asked.visit(carrier);
    let renewed = asked.identity.step_up(asked.caller()?, step_up, &asked.approach, visit).await?;
    Ok(shown(&asked, &renewed, carrier, StatusCode::OK))
}

fn shown(asked: &Asked<'_>, session: &LoggedIn, carrier: Carrier, status: StatusCode) -> Reply {
    let token = (carrier == Carrier::Bearer).then(|| session.token.reveal());
    let body = json!({
        "token": token,
        "session": session.session,
        "account": session.account.id,
        "name": session.account.name,
        "ends": session.ends.to_string(),
        "factors": session.factors,
    });
    let mut reply = asked.reply(status, &body);
    if carrier == Carrier::Cookie {
        set_cookie(&mut reply, &cookie::set_session(&session.token));
    }
    if let Some(device) = &session.device {
        set_cookie(&mut reply, &cookie::set_device(device));
    }
    reply
}

/// `GET /f/{facility}/session`
pub(super) fn show(asked: &Asked<'_>) -> Result<Reply, Problems> {
    let caller = asked.caller()?;
    let account = &caller.account;
    let body = json!({
        "account": account.id,
        "kind": account.kind,
        "name": account.name,
        "occupation": account.occupation,
        "duties": account.duties,
        "factors": caller.factors,
        "fresh": caller.fresh,
        "session": caller.session,
        "device": caller.device,
        "notices": asked.identity.notices(caller),
        "deadlines": deadlines(|name| asked.identity.configured(name)),
    });
    Ok(asked.reply(StatusCode::OK, &body))
}

/// The days after which drafts are late (`[records]` of the configuration); null where the facility does not say.
fn deadlines<'f>(configured: impl Fn(&str) -> Option<&'f Value>) -> Value {
    json!({
        "final_within_days": configured("records.final_within_days"),
        "approved_within_days": configured("records.approved_within_days"),
    })
}

/// `DELETE /f/{facility}/session`
pub(super) async fn logout(asked: Asked<'_>) -> Result<Reply, Problems> {
    let noted = asked.law.trail.proven().is_some();
    asked.identity.sign_out(asked.caller()?, noted).await?;
    let mut reply = done();
    set_cookie(&mut reply, &cookie::clear_session());
    // Not the cookies: the device stays known to whoever comes next.
    let leftovers = HeaderValue::from_static("\"cache\", \"storage\"");
    reply.headers_mut().insert("clear-site-data", leftovers);
    Ok(reply)
}

/// `POST /f/{facility}/session/passkey`
pub(super) fn passkey_challenge(asked: &Asked<'_>) -> Result<Reply, Problems> {
    let challenge = asked.identity.passkey_challenge(&asked.approach)?;
    Ok(asked.reply(StatusCode::OK, &challenge))
}

/// `POST /f/{facility}/session/code`
pub(super) async fn send_code(asked: Asked<'_>) -> Result<Reply, Problems> {
    let wanted: WantCode = asked.read()?;
    let visit = asked.visit(Carrier::Bearer);
    asked.identity.send_code(wanted, &asked.approach, visit, asked.style.language).await?;
    // The same for everybody: nobody learns whether there is such an account, or whether the password was right.
    let body: Value = json!({ "sent": "if account and password are right / アカウントとパスワードが正しい場合に送信しました" });
    Ok(asked.reply(StatusCode::ACCEPTED, &body))
}

/// `GET /f/{facility}/sessions`
pub(super) fn list(asked: &Asked<'_>) -> Result<Reply, Problems> {
    let sessions = asked.identity.own_sessions(asked.caller()?);
    Ok(asked.reply(StatusCode::OK, &sessions))
}

/// `DELETE /f/{facility}/sessions/{id}`
pub(super) async fn end(asked: Asked<'_>) -> Result<Reply, Problems> {
    asked.identity.end_own_session(asked.caller()?, Some(&asked.id)).await?;
    Ok(done())
}

impl Asked<'_> {
    fn check_same_site(&self) -> Result<(), Problem> {
        caller::check_same_site(self.parts, self.host)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deadlines_are_those_that_were_configured_and_nothing_else() {
        let (seven, three) = (json!(7), json!(3));
        let told = deadlines(|name| match name {
            "records.final_within_days" => Some(&seven),
            "records.approved_within_days" => Some(&three),
            _ => None,
        });
        assert_eq!(told, json!({ "final_within_days": 7, "approved_within_days": 3 }));
        assert_eq!(deadlines(|_| None), json!({ "final_within_days": null, "approved_within_days": null }));
    }
}
