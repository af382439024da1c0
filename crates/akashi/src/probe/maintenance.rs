//! Remote maintenance: its accounts, and whether their uses are in the trail.

use super::{DAY_MICROSECONDS, Sight};
use base::{Position, Time};
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
        let how =
            ("アカウント台帳（氏名と作業指示）", "register of accounts: a name and a work order of each");
        facts.push(sight.yes_no("runtime.maintenance.dedicated_accounts", own, how));
    }
    if let Some((recorded, newest)) = recorded(uses, trailed) {
        let how = (
            "各アカウントの最後の利用を監査証跡と照合",
            "held the last use of each account against the trail",
        );
        let fact = sight.yes_no("runtime.maintenance.recorded", recorded, how);
        facts.push(match newest {
            Some(newest) => fact.at(newest),
            None => fact,
        });
    }
    facts.extend(logins(sight, "runtime.maintenance.uses_90_days", uses, trailed));
    facts
}

/// Whether each account that was used has an entry in the trail that is not older than its last use, with the newest one;
/// none where no account was used. When accounts were used is kept apart from the trail.
fn recorded(uses: &[Use], trailed: &Trailed) -> Option<(bool, Option<Position>)> {
    let used: Vec<(Option<&Accessed>, Time)> = uses
        .iter()
        .filter_map(|(account, last)| Some((trailed.of_account(account.id.as_str()).0.first(), (*last)?)))
        .collect();
    let recorded = used.iter().all(|(entry, last)| entry.is_some_and(|one| one.time >= *last));
    let newest = used.iter().filter_map(|(entry, _)| Some(entry.as_ref()?.position)).max();
    (!used.is_empty()).then_some((recorded, newest))
}

/// Logins of the last days, unless there may be more than the trail was looked at for.
pub(super) fn logins(sight: &Sight<'_>, key: &str, uses: &[Use], trailed: &Trailed) -> Option<Fact> {
    let since = sight.now.plus_microseconds(DAYS.saturating_mul(DAY_MICROSECONDS).saturating_neg());
    let mut count = 0_usize;
    for (account, _) in uses {
        let (entries, cut_off) = trailed.of_account(account.id.as_str());
        let lately = entries.iter().take_while(|one| one.time >= since).count();
        if lately == entries.len() && cut_off {
            return None;
        }
        let logged_in = |one: &&Accessed| {
            one.time >= since && one.access.action == access::Action::LOGIN.name() && one.access.status < 300
        };
        count = count.saturating_add(entries.iter().filter(logged_in).count());
    }
    Some(sight.count(key, count, ("監査証跡のログイン記録", "logins in the trail")))
}

/// Of one named human being, for one order of one company.
fn is_own(account: &Account) -> bool {
    let said = |text: &str| !text.trim().is_empty();
    said(&account.name)
        && account.work_order.as_ref().is_some_and(|order| said(&order.order) && said(&order.company))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use access::{Access, Decided};
    use identity::AccountId;
    use identity::kept::{AccountKind, Holding, State, WorkOrder};
    use std::collections::BTreeSet;
    use store::{Actor, ActorKind};

    fn at(second: i64) -> Time {
        Time::parse("2026-04-01T00:00:00Z").unwrap().plus_seconds(second)
    }

    pub(in crate::probe) fn account(id: &str, kind: AccountKind) -> Account {
        Account {
            id: AccountId::parse(id).unwrap(),
            kind,
            name: "somebody".to_owned(),
            occupation: None,
            duties: BTreeSet::new(),
            state: State::Active,
            holding: Holding::Own,
            work_order: None,
            phone: None,
            practitioner: None,
            scopes: None,
            made: at(0),
        }
    }

    /// An entry of somebody who was let to something, so many seconds after the beginning.
    pub(in crate::probe) fn entry(kind: ActorKind, id: &str, second: i64, action: &str) -> Accessed {
        let access = Access {
            v: 1,
            action: action.to_owned(),
            decided: Decided::Permitted,
            status: 200,
            ..Access::default()
        };
        let position = Position(u64::try_from(second).unwrap());
        Accessed { position, time: at(second), actor: Actor::new(kind, id), access }
    }

    fn of(account: Account, last: Option<i64>, entries: &[i64]) -> Option<(bool, Option<Position>)> {
        let entries =
            entries.iter().map(|second| entry(ActorKind::Person, "m-1", *second, "login")).collect();
        let trailed = Trailed { of_accounts: [("m-1".to_owned(), entries)].into(), ..Trailed::default() };
        recorded(&[(Arc::new(account), last.map(at))], &trailed)
    }

    #[test]
    fn a_use_that_is_not_in_the_trail_is_seen_and_one_that_never_was_says_nothing() {
        let maintenance = || account("m-1", AccountKind::Maintenance);
        assert_eq!(of(maintenance(), None, &[]), None);
        assert_eq!(of(maintenance(), Some(10), &[10, 5]), Some((true, Some(Position(10)))));
        assert_eq!(of(maintenance(), Some(10), &[9, 5]), Some((false, Some(Position(9)))));
        assert_eq!(of(maintenance(), Some(10), &[]), Some((false, None)));
    }

    #[test]
    fn an_account_of_maintenance_is_somebody_s_own_by_its_work_order() {
        let mut one = account("m-1", AccountKind::Maintenance);
        assert!(!is_own(&one));
        let order = |company: &str| WorkOrder {
            order: "W-1".to_owned(),
            company: company.to_owned(),
            from: at(0),
            until: at(1),
        };
        one.work_order = Some(order("Example Ltd."));
        assert!(is_own(&one));
        one.work_order = Some(order(" "));
        assert!(!is_own(&one));
    }
}
