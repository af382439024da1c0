//! Accounts: how many, of whom, how protected, how used. And those of maintenance.

use super::Sight;
use guideline::{Fact, Value};

/// What the register of accounts tells, and which fact it is here.
const COUNTS: [(&str, &str); 10] = [
    ("accounts.people", "runtime.accounts.people"),
    ("accounts.unused", "runtime.accounts.stale"),
    ("accounts.people_without_occupation", "runtime.accounts.without_occupation"),
    ("accounts.operators", "runtime.accounts.administrators"),
    ("accounts.shared", "runtime.accounts.shared"),
    ("accounts.emergency", "runtime.accounts.emergency"),
    ("accounts.emergency_enabled", "runtime.accounts.emergency_enabled"),
    ("accounts.maintenance", "runtime.maintenance.accounts"),
    ("accounts.maintenance_without_order", "runtime.maintenance.open_without_approval"),
    ("authentication.tries_until_pause", "runtime.lockout.attempts"),
];

pub(super) fn look(sight: &Sight<'_>) -> Vec<Fact> {
    let told = sight.opened.identity.facts();
    let number = |name: &str| {
        let fact = told.iter().find(|fact| fact.name == name)?;
        fact.value.as_u64().and_then(|count| usize::try_from(count).ok())
    };
    let how = ("アカウント台帳", "register of accounts");
    let mut facts: Vec<Fact> = COUNTS
        .iter()
        .filter_map(|(name, key)| number(name).map(|count| sight.count(key, count, how)))
        .collect();
    if let (Some(people), Some(protected)) =
        (number("accounts.people"), number("accounts.people_with_two_factors"))
        && people > 0
    {
        let of = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        let percent = of(protected) * 100.0 / of(people);
        facts.push(sight.fact("runtime.accounts.with_two_factors_percent", Value::Number(percent), how));
    }
    let paused = sight.opened.identity.paused();
    facts.push(sight.count(
        "runtime.accounts.locked",
        paused,
        ("失敗した試行の状態", "lanes of wrong tries"),
    ));
    facts
}
