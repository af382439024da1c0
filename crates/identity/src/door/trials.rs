//! What the door shows to whoever probes it: its rules, tried on nobody, and what the journal holds. Nothing is changed by
//! that, and no secret leaves.

use super::Identity;
use super::law::second_hand;
use super::notices::hears_of;
use crate::factor::password::{Cost, hash, remembered, salt_of, was_used};
use crate::kept::{Account, AccountKind, Factor, Holding, Material, Occupation, State, load, maker};
use crate::words::{AccountId, FactorKind};
use access::{Action, Context, Resource, Who, WhoKind};
use base::{Position, Problem, Secret, Time};
use std::collections::BTreeSet;
use std::sync::Arc;
use store::Inside;

/// Those on whom rules are tried. They have no accounts.
const NOBODY: &str = "probe";
const NOBODY_ELSE: &str = "another-probe";

/// The passwords that the journal holds, as they lie there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StoredPasswords {
    /// How many there are.
    pub count: usize,
    /// Those that are whole argon2id hashes, each with a salt of its own.
    pub hashed: usize,
    /// Those that were set by the person whose they are.
    pub set_by_owner: usize,
    /// Where the newest of them was set.
    pub newest: Option<Position>,
}

impl Identity {
    /// Reads the passwords out of the journal.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn stored_passwords(&self) -> Result<StoredPasswords, Problem> {
        self.store.inspect(stored_passwords)
    }

    /// Whether somebody can set up one-time codes: a secret is made for nobody, and its code of this moment is held
    /// against it. Neither is kept.
    ///
    /// # Errors
    /// No random bytes.
    pub fn sets_up_one_time_codes(&self) -> Result<bool, Problem> {
        let Some(nobody) = nobody(self.clock.now()) else { return Ok(false) };
        let begun = self.begin_totp(&nobody)?;
        let handle = begun.get("handle").and_then(serde_json::Value::as_str).unwrap_or_default();
        let (totp, now) = (self.begun_totp(&nobody, handle)?, self.clock.now());
        Ok(totp.accept(totp.code_at(now).reveal(), now, None).is_ok())
    }

    /// Whether a former password is refused under the policy in force: two are set for nobody, one after the other, and
    /// both are tried again, and a third one. None of them is kept.
    ///
    /// # Errors
    /// No random bytes.
    pub fn refuses_former_passwords(&self) -> Result<bool, Problem> {
        let count = self.policy().passwords_remembered;
        let password = |number: u8| Secret::new(format!("password {number} of {NOBODY}"));
        // As many steps as a password of somebody takes, at the least cost: nobody guesses these.
        let cost = Cost { memory_kib: 8, passes: 1, lanes: 1 };
        let mut hashes = Vec::new();
        for number in [1, 2] {
            hashes = remembered(hash(&password(number), &cost, &*self.entropy)?, &hashes, count);
        }
        let refused = |number| was_used(&password(number), &hashes);
        Ok(refused(1) && refused(2) && !refused(3))
    }

    /// Whether a change of the law needs two people: the rule is asked about one hand and about two, and what is in force
    /// came by two.
    pub fn law_needs_two(&self) -> bool {
        let by_two = |law: &crate::kept::Law| law.proposed_by != law.approved_by;
        second_hand(NOBODY, NOBODY).is_err()
            && second_hand(NOBODY, NOBODY_ELSE).is_ok()
            && self.register().law.as_ref().is_none_or(by_two)
    }

    /// Whether the glass is broken for a reason only, and whoever breaks it is told of to somebody else: asked for each
    /// person whom the law lets break it. None when there is nobody.
    pub fn glass_is_told(&self) -> Option<bool> {
        let now = self.clock.now();
        let demanded = self.fitting(NOBODY, "", None).is_err();
        let register = self.register();
        let given = register.glasses.all().all(|glass| !glass.reason.trim().is_empty());
        let people =
            || register.accounts.values().filter(|one| one.kind == AccountKind::Person && one.usable(now));
        let mut breakers = people().filter(|one| self.may_break_by_law(one)).peekable();
        breakers.peek()?;
        let told = breakers.all(|breaker| people().any(|one| hears_of(one, &breaker.id)));
        Some(demanded && given && told)
    }

    /// Whether the law lets a person break the glass at all.
    fn may_break_by_law(&self, account: &Account) -> bool {
        let who = Who {
            kind: WhoKind::Person,
            account: account.id.as_str().to_owned(),
            occupation: account.occupation.map(Occupation::word),
            duties: account.duties.iter().map(|duty| duty.word()).collect(),
            factors: vec![FactorKind::Password.word(), FactorKind::Totp.word()],
            fresh: true,
            ..Who::unknown(self.facility.as_str())
        };
        let on = Resource::of_kind("Facility");
        self.law.law().decide(&who, Action::BREAK_GLASS, &on, &Context::default()).is_ok()
    }

    /// Accounts to which a way is closed at this moment, after too many wrong tries.
    pub fn paused(&self) -> usize {
        let register = self.register();
        let live = self.live();
        live.lanes
            .closed(self.clock.now())
            .into_iter()
            .filter(|id| register.accounts.contains_key(*id))
            .count()
    }

    /// All accounts, and when each was last used.
    pub fn uses(&self) -> Vec<(Arc<Account>, Option<Time>)> {
        let register = self.register();
        let live = self.live();
        let accounts = register.accounts.values();
        accounts.map(|account| (Arc::clone(account), live.seen.get(&account.id).copied())).collect()
    }
}

fn stored_passwords(inside: &Inside<'_>) -> Result<StoredPasswords, Problem> {
    let (mut told, mut salts) = (StoredPasswords::default(), BTreeSet::new());
    for factor in load::<Factor>(inside)? {
        let Material::Password { hash } = &factor.material else { continue };
        told.count = told.count.saturating_add(1);
        salts.extend(salt_of(hash));
        let Some((actor, place)) = maker::<Factor>(inside, &factor.id)? else { continue };
        let by_owner = usize::from(actor.id == factor.account.as_str());
        told.set_by_owner = told.set_by_owner.saturating_add(by_owner);
        told.newest = told.newest.max(Some(place));
    }
    told.hashed = salts.len();
    Ok(told)
}

fn nobody(now: Time) -> Option<Account> {
    Some(Account {
        id: AccountId::parse(NOBODY)?,
        kind: AccountKind::Person,
        name: NOBODY.to_owned(),
        occupation: None,
        duties: BTreeSet::new(),
        state: State::Active,
        holding: Holding::Own,
        work_order: None,
        phone: None,
        practitioner: None,
        scopes: None,
        made: now,
    })
}
