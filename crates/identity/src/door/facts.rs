//! What is known about how people come in: facts for whoever has to show that the guideline is met.

use super::Identity;
use super::factors::can_log_in;
use crate::kept::{Account, AccountKind, ClientCertificates, Duty, Holding, State};
use crate::register::Register;
use crate::session::{Gate, Lane};
use crate::words::{FactorClass, FactorKind};
use base::Time;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::PoisonError;

/// Days before the end of a certificate from which on it is told.
const EXPIRING_DAYS: i64 = 30;

/// One fact, as it is at this moment.
#[derive(Clone, Debug, Serialize)]
pub struct Fact {
    /// Its name: `authentication.factors_needed`.
    pub name: &'static str,
    /// Its value.
    pub value: Value,
    /// When it was looked at.
    #[serde(with = "crate::moment")]
    pub time: Time,
}

impl Identity {
    /// A fact that whoever runs the door told when it was opened; none that is not among them.
    pub fn configured(&self, name: &str) -> Option<&Value> {
        self.beside.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// All facts about accounts, factors, certificates and sessions of the facility.
    pub fn facts(&self) -> Vec<Fact> {
        let time = self.clock.now();
        let register = self.register();
        let policy = &register.policy;
        let usable = || register.accounts.values().filter(|account| account.usable(time));
        let lacking = usable().filter(|account| !Self::two_classes(&register, account)).count();
        let live = self.live();
        let unused = usable()
            .filter(|account| {
                let since = live.seen.get(&account.id).unwrap_or(&account.made).microseconds();
                time.microseconds().saturating_sub(since) >= i64::from(policy.unused_days) * 86_400_000_000
            })
            .count();
        let soon = time.plus_seconds(EXPIRING_DAYS * 86_400);
        let good =
            || register.certificates.values().filter(|one| register.is_good(one) && one.not_after > time);
        let of_kind = |kind: AccountKind| usable().filter(|account| account.kind == kind).count();
        let people = || usable().filter(|account| account.kind == AccountKind::Person);
        let two = |account: &Account| Self::two_classes(&register, account);
        let of_maintenance = usable().filter(|account| account.kind == AccountKind::Maintenance);
        let unordered = of_maintenance.filter(|account| account.work_order.is_none()).count();
        let fact = |name, value| Fact { name, value, time };
        let telling = self.changing_beside.read().unwrap_or_else(PoisonError::into_inner);
        let changing = telling.iter().flat_map(|told| told());
        let beside = self.beside.iter().cloned().chain(changing);
        let mut facts: Vec<Fact> = beside.map(|(name, value)| fact(name, value)).collect();
        facts.extend([
            fact("transport.client_certificates", json!(policy.client_certificates)),
            fact(
                "transport.client_certificates_asked",
                json!(policy.client_certificates != ClientCertificates::Off),
            ),
            fact("authentication.factors_needed", json!(policy.factors_needed)),
            fact("authentication.machine_factors_needed", json!(policy.machine_factors_needed)),
            fact("authentication.password_edition", json!(policy.password_edition)),
            fact("authentication.passwords_remembered", json!(policy.passwords_remembered)),
            fact("authentication.password_hash", json!("argon2id")),
            fact("authentication.sms_offered", json!(policy.sms.is_some())),
            fact("authentication.passkeys_offered", json!(self.relying.is_some())),
            fact("authentication.lockout", json!("grows, per account and device")),
            fact("session.idle_seconds", json!(policy.session_idle_seconds)),
            fact("session.idle_seconds_privileged", json!(policy.session_idle_seconds_privileged)),
            fact("session.seconds_max", json!(policy.session_seconds_max)),
            fact("session.fresh_seconds", json!(policy.fresh_seconds)),
            fact("accounts.people", json!(of_kind(AccountKind::Person))),
            fact("accounts.devices", json!(of_kind(AccountKind::Device))),
            fact("accounts.services", json!(of_kind(AccountKind::Service))),
            fact("accounts.maintenance", json!(of_kind(AccountKind::Maintenance))),
            fact("accounts.disabled", json!(register.accounts.len().saturating_sub(usable().count()))),
            fact("accounts.without_two_factors", json!(lacking)),
            fact("accounts.unused", json!(unused)),
            fact("accounts.people_with_two_factors", json!(people().filter(|one| two(one)).count())),
            fact(
                "accounts.operators",
                json!(people().filter(|one| one.duties.contains(&Duty::Operator)).count()),
            ),
            fact("accounts.maintenance_without_order", json!(unordered)),
            fact("authentication.tries_until_pause", json!(tries_until_pause(time))),
            fact("law.extended", json!(register.law.as_ref().is_some_and(|law| !law.text.is_empty()))),
            fact("law.changes_need_two_people", json!(true)),
            fact("emergency_access.minutes_max", json!(policy.glass_minutes_max)),
            fact("emergency_access.unreviewed", json!(register.glasses.open().count())),
            fact("certificates.good", json!(good().count())),
            fact("certificates.expiring", json!(good().filter(|one| one.not_after < soon).count())),
            fact("certificates.authorities", json!(register.authorities.len())),
        ]);
        facts.extend(held(&register, time).map(|(name, count)| fact(name, json!(count))));
        facts
    }

    /// Whether an account has set factors of two classes; a machine its key and a certificate.
    fn two_classes(register: &Register, account: &Account) -> bool {
        let kinds: Vec<FactorKind> =
            register.factors_of(&account.id).map(crate::kept::Factor::kind).collect();
        let certificate =
            register.certificates.values().any(|one| one.account == account.id && register.is_good(one));
        if account.kind.human() {
            let mut classes: BTreeSet<FactorClass> =
                kinds.iter().flat_map(|kind| kind.classes()).copied().collect();
            if certificate {
                classes.insert(FactorClass::Possession);
            }
            return classes.len() >= 2;
        }
        certificate && kinds.contains(&FactorKind::Key)
    }
}

/// The accounts of people by how people stand to them.
fn held(register: &Register, now: Time) -> [(&'static str, usize); 4] {
    let count =
        |wanted: &dyn Fn(&Account) -> bool| register.accounts.values().filter(|one| wanted(one)).count();
    let of_emergency = |one: &Account| one.holding == Holding::Emergency;
    let nobody_knows_as_what = |one: &Account| {
        let own = one.kind == AccountKind::Person && one.holding != Holding::Shared;
        own && one.occupation.is_none() && one.usable(now)
    };
    [
        ("accounts.people_without_occupation", count(&nobody_knows_as_what)),
        ("accounts.shared", count(&|one| one.holding == Holding::Shared && one.usable(now))),
        ("accounts.emergency", count(&|one| of_emergency(one) && can_be_used(register, one))),
        ("accounts.emergency_enabled", count(&|one| of_emergency(one) && one.state == State::Active)),
    ]
}

/// Whether somebody could log in to an account, once it is enabled. Recovery codes run out: they are no way in for long.
fn can_be_used(register: &Register, account: &Account) -> bool {
    let kinds = register.factors_of(&account.id).map(crate::kept::Factor::kind);
    can_log_in(kinds.filter(|kind| *kind != FactorKind::Recovery), register.policy.factors_needed)
}

/// How many wrong tries in a row are checked before a way to an account is closed for a while: tried with a new one.
fn tries_until_pause(now: Time) -> u32 {
    let (mut lane, mut tries) = (Lane::default(), 0_u32);
    while tries < 100 && matches!(lane.attempt(now), Gate::Open) {
        tries = tries.saturating_add(1);
    }
    tries
}
