//! From a caller to the principal of the law.

use super::{Caller, Identity};
use crate::kept::{Account, AccountKind, Duty, Holding, Occupation};
use crate::words::{AccountId, FactorKind};
use access::{Named, Staff, Who, WhoKind};
use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;

impl Identity {
    /// The duties of an account that can be used; none of any other.
    pub fn duties_of(&self, account: &AccountId) -> BTreeSet<Duty> {
        let now = self.clock.now();
        self.register().usable(account, now).map(|account| account.duties.clone()).unwrap_or_default()
    }

    /// The name of the network that an address lies in, by the policy; [`crate::zone::ELSEWHERE`] when it lies in none.
    pub fn zone(&self, address: IpAddr) -> String {
        self.register().zones.of(address).to_owned()
    }

    /// Whether there is such an account, usable or not.
    pub fn has_account(&self, account: &AccountId) -> bool {
        self.register().accounts.contains_key(account)
    }

    /// Name and occupation of the person behind an account, usable or not; none of machines and of accounts that there are not.
    pub fn called(&self, account: &AccountId) -> Option<(String, Option<Occupation>)> {
        let register = self.register();
        let account = register.accounts.get(account).filter(|account| account.kind == AccountKind::Person)?;
        Some((account.name.clone(), account.occupation))
    }

    /// The people whose accounts can be used now: account, name and occupation.
    pub fn people(&self) -> Vec<(AccountId, String, Option<Occupation>)> {
        let now = self.clock.now();
        let register = self.register();
        let all = register.accounts.values();
        all.filter(|account| account.kind == AccountKind::Person && account.usable(now))
            .map(|account| (account.id.clone(), account.name.clone(), account.occupation))
            .collect()
    }

    /// Who asks, as the law sees them. `address` is the client's, behind whatever load balancer.
    pub fn who(&self, caller: &Caller, address: IpAddr) -> Who {
        let account = &caller.account;
        Who {
            kind: kind(account.kind),
            account: account.id.to_string(),
            facility: self.facility.as_str().to_owned(),
            occupation: account.occupation.map(Occupation::word),
            duties: account.duties.iter().map(|duty| duty.word()).collect(),
            device: caller.device.as_ref().map(ToString::to_string),
            zone: self.zone(address),
            factors: caller.factors.iter().copied().map(FactorKind::word).collect(),
            fresh: caller.fresh,
            practitioner: account.practitioner.clone(),
            scopes: caller
                .grant
                .as_ref()
                .map(|grant| Arc::clone(&grant.scopes))
                .or_else(|| caller.scopes.clone()),
            app: caller.grant.as_ref().map(|grant| grant.app.clone()),
            broken: caller.broken.iter().map(|(patient, _)| patient.clone()).collect(),
        }
    }
}

impl Staff for Identity {
    fn person(&self, named: &Named) -> Option<Who> {
        let now = self.clock.now();
        let register = self.register();
        let fits = |account: &Account| match named {
            Named::Account(id) => account.id.as_str() == id,
            Named::Practitioner(id) => linked(account) == Some(id),
        };
        // A shared account is nobody's own: who would have answered?
        let own = |account: &Account| account.kind == AccountKind::Person && account.holding == Holding::Own;
        let mut fitting = register.accounts.values().filter(|one| fits(one) && own(one) && one.usable(now));
        let account = fitting.next().filter(|_| fitting.next().is_none())?;
        Some(Who {
            kind: WhoKind::Person,
            account: account.id.to_string(),
            occupation: account.occupation.map(Occupation::word),
            duties: account.duties.iter().map(|duty| duty.word()).collect(),
            practitioner: account.practitioner.clone(),
            ..Who::unknown(self.facility.as_str())
        })
    }

    fn practitioner(&self, account: &str) -> Option<String> {
        let id = AccountId::parse(account)?;
        self.register().accounts.get(&id).and_then(|account| linked(account).map(str::to_owned))
    }
}

/// The id of the `Practitioner` record that an account is linked to.
fn linked(account: &Account) -> Option<&str> {
    let id = account.practitioner.as_deref()?;
    Some(id.strip_prefix("Practitioner/").unwrap_or(id))
}

fn kind(kind: AccountKind) -> WhoKind {
    match kind {
        AccountKind::Person => WhoKind::Person,
        AccountKind::Device => WhoKind::Device,
        AccountKind::Service => WhoKind::Service,
        AccountKind::Maintenance => WhoKind::Maintenance,
    }
}
