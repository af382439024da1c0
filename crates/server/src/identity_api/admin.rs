//! `POST /f/{facility}/admin/{id}`: the commands of those who run the facility, by the tables `identity::COMMANDS` and
//! `evidence::COMMANDS`.

use super::{Asked, reports};
use crate::answer::Reply;
use crate::codes;
use access::Action;
use base::Problem;
use http::StatusCode;
use identity::codes::{BODY_WRONG, FRESH_NEEDED};
use identity::{Caller, CommandRow, Freshness};
use records::Problems;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

pub(super) async fn perform(asked: Asked<'_>) -> Result<Reply, Problems> {
    let unknown = || Problem::new(&codes::ADDRESS_UNKNOWN);
    let of_evidence = evidence::COMMANDS.iter().find(|row| row.name == asked.id);
    let of_identity = identity::COMMANDS.iter().find(|row| row.name == asked.id);
    let row = of_evidence.or(of_identity).ok_or_else(unknown)?;
    let caller = asked.caller()?;
    asked.law.decide(Action::command(row.name))?;
    check_fresh(row, caller, &asked)?;
    let done = if of_evidence.is_some() {
        let evidence = asked.evidence.ok_or_else(unknown)?;
        if row.name == reports::NAME {
            return reports::hand_out(evidence, caller, command(row, &asked)?, &asked).await;
        }
        evidence.perform(&caller.actor, command(row, &asked)?).await?
    } else {
        asked.identity.perform(&caller.actor, command(row, &asked)?).await?
    };
    Ok(asked.reply(StatusCode::OK, &done))
}

fn check_fresh(row: &CommandRow, caller: &Caller, asked: &Asked<'_>) -> Result<(), Problem> {
    if row.freshness == Freshness::Any || caller.fresh {
        return Ok(());
    }
    Err(Problem::new(&FRESH_NEEDED).with("seconds", asked.identity.policy().fresh_seconds))
}

/// The command of the address with the members of the body.
fn command<T: DeserializeOwned>(row: &CommandRow, asked: &Asked<'_>) -> Result<T, Problems> {
    let mut members: Map<String, Value> = asked.read_or_empty()?;
    if members.contains_key("command") {
        let what = "`command` stands in the address / `command` はアドレスで指定します";
        return Err(Problem::new(&BODY_WRONG).with("what", what).into());
    }
    members.insert("command".to_owned(), row.name.into());
    Ok(serde_json::from_value(Value::Object(members)).map_err(|error| super::malformed(&error))?)
}
