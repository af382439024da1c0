//! Accounts, factors and certificates as those who run a facility see them. Nothing by which anybody could come in.

use crate::kept::{Account, Authority, Certificate, Factor, Mark, Occupation, State};
use crate::register::Register;
use base::{Language, Time};
use serde_json::{Value, json};

pub(super) fn account(account: &Account) -> Value {
    let (state, why) = match &account.state {
        State::Active => ("active", None),
        State::Disabled { reason } => ("disabled", Some(reason)),
    };
    json!({
        "account": account.id,
        "kind": account.kind,
        "name": account.name,
        "occupation": account.occupation,
        "occupation_ja": account.occupation.map(|occupation| occupation.name(Language::Japanese)),
        "occupation_coding": account.occupation.and_then(Occupation::coding)
            .map(|(system, code)| json!({ "system": system, "code": code })),
        "duties": account.duties,
        "state": state,
        "disabled_because": why,
        "holding": account.holding,
        "work_order": account.work_order,
        "practitioner": account.practitioner,
        "scopes": account.scopes,
        "made": account.made.to_string(),
    })
}

/// An account in a list.
pub(super) fn row(register: &Register, of: &Account, seen: Option<Time>, unused: bool, now: Time) -> Value {
    let mut kinds: Vec<_> = register.factors_of(&of.id).map(Factor::kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let invited = register.invitations.values().any(|one| one.account == of.id && one.ends > now);
    let mut shown = account(of);
    if let Some(members) = shown.as_object_mut() {
        members.insert("factors".to_owned(), json!(kinds));
        members.insert("last_used".to_owned(), json!(seen.map(|seen| seen.to_string())));
        members.insert("unused".to_owned(), json!(unused));
        members.insert("usable".to_owned(), json!(of.usable(now)));
        members.insert("invited".to_owned(), json!(invited));
    }
    shown
}

pub(super) fn factor(factor: &Factor) -> Value {
    json!({ "factor": factor.id, "kind": factor.kind(), "label": factor.label, "made": factor.made.to_string() })
}

pub(super) fn authority(authority: &Authority) -> Value {
    json!({
        "authority": authority.id,
        "name": authority.name,
        "own": authority.key.is_some(),
        "stands_for": authority.account,
        "revocation": authority.revocation,
        "lists": authority.lists.len(),
    })
}

/// A certificate, and whether its authority is one that the facility trusts now.
pub(super) fn certificate(certificate: &Certificate, trusted: bool, now: Time) -> Value {
    let (state, why) = match &certificate.mark {
        Mark::Revoked { reason, .. } => ("revoked", Some(reason)),
        Mark::Good if certificate.not_after < now => ("expired", None),
        Mark::Good if !trusted => ("distrusted", None),
        Mark::Good => ("good", None),
    };
    json!({
        "fingerprint": certificate.fingerprint,
        "serial": certificate.serial,
        "account": certificate.account,
        "authority": certificate.authority,
        "subject": certificate.subject,
        "not_before": certificate.not_before.to_string(),
        "not_after": certificate.not_after.to_string(),
        "state": state,
        "revoked_because": why,
    })
}
