//! Remote maintenance: its accounts, and whether their uses are in the trail.

use super::{DAY_MICROSECONDS, Sight};
use base::Time;
use guideline::Fact;
use identity::kept::Account;
use records::observed::Trailed;
use std::sync::Arc;
use store::Accessed;

/// Days over which uses are counted.
const DAYS: i64 = 90;

/// An account of maintenance, and when it was last used.
pub(super) type Use = (Arc<Account>, Option<Time>);

pub(super) fn look(sight: &Sight<'_>, uses: &[Use], trailed: &Trailed) -> Vec<Fact> {
    let mut facts = Vec::new();
    if !uses.is_empty() {
        let own = uses.iter().all(|(account, _)| is_own(account));
        let how = "register of accounts: a name and a work order of each";
        facts.push(sight.yes_no("runtime.maintenance.dedicated_accounts", own, how));
    }
    let used: Vec<(&[Accessed], Time)> =
        uses.iter().filter_map(|(account, last)| Some((entries(trailed, account), (*last)?))).collect();
    if let Some(newest) =
        used.iter().filter_map(|(entries, _)| entries.first()).max_by_key(|one| one.position)
    {
        let recorded =
            used.iter().all(|(entries, last)| entries.first().is_some_and(|one| one.time >= *last));
        let how = "held the last use of each account against the trail";
        facts.push(sight.yes_no("runtime.maintenance.recorded", recorded, how).at(newest.position));
    } else if !used.is_empty() {
        facts.push(sight.yes_no("runtime.maintenance.recorded", false, "no use is in the trail"));
    }
    facts.extend(logins(sight, uses, trailed));
    facts
}

/// Logins of the last days, unless there may be more than the trail was looked at for.
fn logins(sight: &Sight<'_>, uses: &[Use], trailed: &Trailed) -> Option<Fact> {
    let since = sight.now.plus_microseconds(DAYS.saturating_mul(DAY_MICROSECONDS).saturating_neg());
    let mut count = 0_usize;
    for (account, _) in uses {
        let entries = entries(trailed, account);
        let lately = entries.iter().take_while(|one| one.time >= since).count();
        if lately == entries.len() && trailed.is_cut_off(entries) {
            return None;
        }
        let logged_in = |one: &&Accessed| {
            one.time >= since && one.access.action == access::Action::LOGIN.name() && one.access.status < 300
        };
        count = count.saturating_add(entries.iter().filter(logged_in).count());
    }
    Some(sight.count("runtime.maintenance.uses_90_days", count, "logins in the trail"))
}

fn entries<'a>(trailed: &'a Trailed, account: &Account) -> &'a [Accessed] {
    trailed.of_accounts.get(account.id.as_str()).map(Vec::as_slice).unwrap_or_default()
}

/// Of one named human being, for one order of one company.
fn is_own(account: &Account) -> bool {
    let said = |text: &str| !text.trim().is_empty();
    said(&account.name)
        && account.work_order.as_ref().is_some_and(|order| said(&order.order) && said(&order.company))
}
