//! Apps and grants as those who run a facility see them.

use crate::kept::{App, Granted, State};
use serde_json::{Value, json};

pub(super) fn app(app: &App) -> Value {
    let (state, why) = match &app.state {
        State::Active => ("active", None),
        State::Disabled { reason } => ("disabled", Some(reason)),
    };
    json!({
        "app": app.id,
        "kind": app.kind,
        "name": app.name,
        "redirects": app.redirects,
        "launch": app.launch,
        "scopes": app.scopes,
        "keys": app.keys,
        "account": app.account,
        "state": state,
        "disabled_because": why,
        "made": app.made.to_string(),
    })
}

pub(super) fn grant(grant: &Granted) -> Value {
    json!({
        "grant": grant.id,
        "account": grant.account,
        "scopes": grant.scopes,
        "lasts": if grant.session.is_some() { "session" } else { "offline" },
        "device": grant.device,
        "made": grant.made.to_string(),
        "ends": grant.ends.to_string(),
    })
}
