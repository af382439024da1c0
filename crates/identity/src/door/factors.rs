//! One's own factors: set, confirmed and taken away. Whoever does this has just shown a factor.

use super::accounts::checked_label;
use super::live::of_lane;
use super::{Caller, Identity, Problems, Waiting, Writing};
use crate::codes;
use crate::factor::passkey::{Handle as PasskeyHandle, Person};
use crate::factor::password::{Rules, SecondFactor, Verdict, remembered};
use crate::factor::recovery::Sheet;
use crate::factor::totp::Totp;
use crate::hidden::Hidden;
use crate::kept::{Account, Factor, Material, PasswordHistory};
use crate::qr::qr_svg;
use crate::register::Step;
use crate::session::codes::STEP_OVER;
use crate::session::{Known, Owner};
use crate::words::{AccountId, FactorClass, FactorKind};
use base::{Problem, Secret};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use store::Actor;

/// How long a new secret of one-time codes may wait for its first code, in seconds.
const ENROLMENT_SECONDS: i64 = 900;

/// A new password, with the one before it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    /// The present password.
    pub old: Hidden,
    /// The new one.
    pub new: Hidden,
}

/// The first code of a new one-time-code secret.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewTotp {
    /// The handle that came with the secret.
    pub handle: String,
    /// What the app shows.
    pub code: Hidden,
}

/// A new passkey.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPasskey {
    /// The handle that came with the challenge.
    pub handle: String,
    /// The browser's `PublicKeyCredential` as JSON.
    pub response: Value,
    /// What the person calls it.
    #[serde(default)]
    pub label: Option<String>,
}

impl Identity {
    /// The factors of whoever asks.
    pub fn own_factors(&self, caller: &Caller) -> Value {
        let register = self.register();
        let factors: Vec<Value> = register.factors_of(&caller.account.id).map(super::show::factor).collect();
        json!({ "factors": factors })
    }

    /// Sets a new password and ends the person's other sessions.
    ///
    /// # Errors
    /// The present password is wrong, or the new one is easily guessed: each rule that it breaks is a problem.
    pub async fn set_password(&self, caller: &Caller, wanted: NewPassword) -> Result<(), Problems> {
        let wrong = || Problem::new(&codes::PASSWORD_OLD_WRONG);
        // Counted as a login is: whoever has stolen a session shall not guess here either.
        let devices: Vec<_> = caller.device.iter().cloned().map(Known::Device).collect();
        let lane = self.lane_of(caller, &devices).await?.ok_or_else(wrong)?;
        if self.password_of(caller, &wanted.old).await? != Verdict::Right {
            return Err(wrong().into());
        }
        let factor = self.new_password_factor(&caller.account, wanted.new.secret()).await?;
        let _changing = self.changing.lock().await;
        self.still_there(caller)?;
        let mut steps = self.ends_of(&caller.account.id, FactorKind::Password);
        steps.extend(self.setting(factor));
        let (changes, over) = self.ending(|session| {
            session.account == caller.account.id && Some(&session.id) != caller.session.as_ref()
        })?;
        let notes = vec![of_lane(&lane, &self.live().lanes.succeeded(&lane))];
        self.write(&caller.actor, Writing { steps, changes, notes, ..Writing::default() }).await?;
        self.end_in_memory(&over);
        Ok(())
    }

    /// Whether this is the present password of whoever asks.
    pub(super) async fn password_of(&self, caller: &Caller, password: &Hidden) -> Result<Verdict, Problem> {
        let hash = {
            let register = self.register();
            register.factor(&caller.account.id, FactorKind::Password).and_then(|factor| {
                match &factor.material {
                    Material::Password { hash } => Some(hash.clone()),
                    _ => None,
                }
            })
        };
        self.passwords.verify(password.secret().clone(), hash).await
    }

    /// Judges and hashes a password.
    pub(super) async fn new_password_factor(
        &self,
        account: &Account,
        password: &Secret<String>,
    ) -> Result<Factor, Problems> {
        let policy = self.policy();
        let second_factor =
            if policy.factors_needed >= 2 { SecondFactor::Always } else { SecondFactor::Never };
        let words = [account.id.as_str(), account.name.as_str(), self.facility.as_str()];
        Rules { edition: policy.password_edition, second_factor }.check(password, &words)?;
        let last = self.last_passwords(&account.id, policy.passwords_remembered);
        if self.passwords.was_used(password.clone(), last).await? {
            return Err(Problem::new(&codes::PASSWORD_FORMER)
                .with("count", policy.passwords_remembered)
                .into());
        }
        let hash = self.passwords.hash(password.clone(), std::sync::Arc::clone(&self.entropy)).await?;
        Ok(self.factor(&account.id, "password", Material::Password { hash })?)
    }

    fn last_passwords(&self, account: &AccountId, count: u32) -> Vec<String> {
        let mut last = self.register().last_passwords(account);
        last.truncate(usize::try_from(count).unwrap_or(usize::MAX));
        last
    }

    /// What setting a factor writes: a password is remembered beside it. The caller holds `changing`.
    pub(super) fn setting(&self, factor: Factor) -> Vec<Step> {
        let Material::Password { hash } = &factor.material else { return vec![Step::Factor(factor)] };
        let count = self.policy().passwords_remembered;
        let hashes = remembered(hash.clone(), &self.register().last_passwords(&factor.account), count);
        let history = PasswordHistory { account: factor.account.clone(), hashes };
        vec![Step::Factor(factor), Step::Passwords(history)]
    }

    pub(super) fn factor(
        &self,
        account: &AccountId,
        label: &str,
        material: Material,
    ) -> Result<Factor, Problem> {
        let (id, made) = (self.new_id()?, self.clock.now());
        Ok(Factor { id, account: account.clone(), label: checked_label(label)?, material, made })
    }

    /// The ends of an account's factors of one kind.
    pub(super) fn ends_of(&self, account: &AccountId, kind: FactorKind) -> Vec<Step> {
        let register = self.register();
        let theirs = register.factors_of(account).filter(|factor| factor.kind() == kind);
        theirs.map(|factor| Step::FactorEnd(factor.id.clone())).collect()
    }

    /// A new secret of one-time codes, which counts once its first code is confirmed.
    ///
    /// # Errors
    /// No random bytes.
    pub fn begin_totp(&self, account: &Account) -> Result<Value, Problem> {
        let totp = Totp::generate(&*self.entropy)?;
        let ends = self.clock.now().plus_seconds(ENROLMENT_SECONDS);
        let plain = [&ends.microseconds().to_be_bytes()[..], totp.secret().reveal()].concat();
        let handle = self.store.seal_secret(&enrolment(&account.id), Secret::new(plain).reveal())?;
        self.shown_totp(account, &totp, &handle)
    }

    /// What an app is set up with. The handle is the secret itself, sealed for this account and this quarter of an hour:
    /// whoever mistypes a code can try again with the same one.
    pub(super) fn shown_totp(&self, account: &Account, totp: &Totp, handle: &str) -> Result<Value, Problem> {
        let url = totp.url(&format!("Akashi {}", self.facility), account.id.as_str());
        Ok(json!({
            "handle": handle,
            "secret": totp.text().reveal(),
            "url": url.reveal(),
            "qr": qr_svg(url.reveal())?,
        }))
    }

    /// The secret that a handle carries, while it may still be confirmed.
    pub(super) fn begun_totp(&self, account: &Account, handle: &str) -> Result<Totp, Problem> {
        let over = || Problem::new(&STEP_OVER);
        let plain = self.store.open_secret(&enrolment(&account.id), handle).ok_or_else(over)?;
        let (ends, secret) = plain.reveal().split_first_chunk::<8>().ok_or_else(over)?;
        if self.clock.now().microseconds() >= i64::from_be_bytes(*ends) {
            return Err(over());
        }
        Totp::from_secret(Secret::new(secret.to_vec()))
    }

    /// Sets the secret, in place of an earlier one.
    ///
    /// # Errors
    /// The code is wrong, or the secret has waited for too long.
    pub async fn set_totp(&self, caller: &Caller, wanted: NewTotp) -> Result<(), Problem> {
        let (factor, note) = self.confirmed_totp(&caller.account, &wanted)?;
        let _changing = self.changing.lock().await;
        self.still_there(caller)?;
        let mut steps = self.ends_of(&caller.account.id, FactorKind::Totp);
        steps.push(Step::Factor(factor));
        self.write(&caller.actor, Writing { steps, notes: vec![note], ..Writing::default() }).await
    }

    /// A secret whose app has shown a right code; that code is used up.
    pub(super) fn confirmed_totp(
        &self,
        account: &Account,
        wanted: &NewTotp,
    ) -> Result<(Factor, store::Note), Problem> {
        let now = self.clock.now();
        let totp = self.begun_totp(account, &wanted.handle)?;
        // A handle is good for a quarter of an hour, but the codes of its secret are used once: a secret that is set
        // already is not set anew.
        let set = self.register().factor(&account.id, FactorKind::Totp).map(|factor| self.totp_of(factor));
        if set.transpose()?.is_some_and(|set| set.secret().reveal() == totp.secret().reveal()) {
            return Err(Problem::new(&STEP_OVER));
        }
        match totp.accept(wanted.code.reveal(), now, None) {
            Ok(step) => {
                let factor = self.totp_factor(account, &totp)?;
                let note = self.live().use_step(&factor.id, step);
                Ok((factor, note))
            }
            Err(_) => Err(Problem::new(&codes::CODE_WRONG)),
        }
    }

    fn totp_factor(&self, account: &Account, totp: &Totp) -> Result<Factor, Problem> {
        let mut factor =
            self.factor(&account.id, "one-time codes", Material::Totp { sealed: String::new() })?;
        let sealed = self.store.seal_secret(&factor.id, totp.secret().reveal())?;
        factor.material = Material::Totp { sealed };
        Ok(factor)
    }

    /// A challenge for a new passkey.
    ///
    /// # Errors
    /// Passkeys are not offered here.
    pub fn begin_passkey(&self, account: &Account) -> Result<Value, Problem> {
        let existing: Vec<_> =
            self.register().passkeys_of(&account.id).into_iter().map(|(_, passkey)| passkey).collect();
        let handle = match existing.first() {
            Some(passkey) => passkey.handle(),
            None => PasskeyHandle::generate(&*self.entropy)?,
        };
        let person = Person { handle, account: account.id.as_str(), display_name: &account.name };
        let now = self.clock.now();
        let (options, state) = self.relying()?.begin_registration(person, &existing, now)?;
        let owner = Owner::Account(account.id.clone());
        let waiting = Waiting::Registration(Box::new(state));
        let handle = self.live().waiting.put(owner, waiting, now, &*self.entropy)?;
        Ok(json!({ "handle": handle.reveal(), "options": options }))
    }

    /// Sets a passkey beside those that are there.
    ///
    /// # Errors
    /// The answer is not one to the challenge, or the device did not verify its user.
    pub async fn set_passkey(&self, caller: &Caller, wanted: NewPasskey) -> Result<Value, Problem> {
        let factor = self.confirmed_passkey(&caller.account, wanted)?;
        let shown = super::show::factor(&factor);
        let _changing = self.changing.lock().await;
        self.still_there(caller)?;
        self.write(&caller.actor, Writing { steps: vec![Step::Factor(factor)], ..Writing::default() })
            .await?;
        Ok(shown)
    }

    pub(super) fn confirmed_passkey(&self, account: &Account, wanted: NewPasskey) -> Result<Factor, Problem> {
        let now = self.clock.now();
        let owner = Owner::Account(account.id.clone());
        let Waiting::Registration(state) = self.live().waiting.take(&wanted.handle, &owner, now)? else {
            return Err(Problem::new(&STEP_OVER));
        };
        let passkey = self.relying()?.finish_registration(*state, wanted.response, now)?;
        let label = wanted.label.as_deref().unwrap_or("passkey");
        self.factor(&account.id, label, Material::Passkey { credential: Box::new(passkey) })
    }

    /// Ten new recovery codes, shown this once, in place of earlier ones.
    ///
    /// # Errors
    /// No random bytes.
    pub async fn set_recovery(&self, caller: &Caller) -> Result<Value, Problem> {
        let (codes, factor) = self.recovery_factor(&caller.account)?;
        let _changing = self.changing.lock().await;
        self.still_there(caller)?;
        let mut steps = self.ends_of(&caller.account.id, FactorKind::Recovery);
        steps.push(Step::Factor(factor));
        self.write(&caller.actor, Writing { steps, ..Writing::default() }).await?;
        Ok(json!({ "recovery_codes": codes }))
    }

    pub(super) fn recovery_factor(&self, account: &Account) -> Result<(Vec<String>, Factor), Problem> {
        let (codes, sheet) = Sheet::generate(&*self.entropy)?;
        let factor = self.factor(&account.id, "recovery codes", Material::Recovery { sheet })?;
        Ok((codes.iter().map(|code| code.reveal().clone()).collect(), factor))
    }

    /// Takes one's own factor away, as long as enough others stay.
    ///
    /// # Errors
    /// There is no such factor, or without it nobody could log in any more.
    pub async fn remove_own_factor(&self, caller: &Caller, id: &str) -> Result<(), Problem> {
        let _changing = self.changing.lock().await;
        self.still_there(caller)?;
        let account = &caller.account.id;
        {
            let register = self.register();
            let theirs = register.factors.get(id).is_some_and(|factor| factor.account == *account);
            if !theirs {
                return Err(Problem::new(&codes::FACTOR_UNKNOWN).with("factor", id));
            }
            // Recovery codes run out: they are no way to log in for long.
            let left = register
                .factors_of(account)
                .map(|factor| (factor.id.as_str(), factor.kind()))
                .filter(|(other, kind)| *other != id && *kind != FactorKind::Recovery)
                .map(|(_, kind)| kind);
            if caller.account.kind.human() && !can_log_in(left, register.policy.factors_needed) {
                return Err(Problem::new(&codes::FACTOR_LAST));
            }
        }
        let steps = vec![Step::FactorEnd(id.to_owned())];
        self.write(&caller.actor, Writing { steps, ..Writing::default() }).await
    }

    /// Gives a person password and one-time codes at once, without an invitation: for whoever sets up a facility on the
    /// server itself, such as the demo.
    ///
    /// # Errors
    /// There is no such account, it is a machine's, or the password is easily guessed.
    pub async fn equip(
        &self,
        by: &Actor,
        account: &AccountId,
        password: &Secret<String>,
        totp: &Totp,
    ) -> Result<(), Problems> {
        let account = self.account(account)?;
        if !account.kind.human() {
            return Err(Problem::new(&codes::PEOPLE_ONLY).with("account", &account.id).into());
        }
        let password = self.new_password_factor(&account, password).await?;
        let totp = self.totp_factor(&account, totp)?;
        let _changing = self.changing.lock().await;
        let mut steps = self.ends_of(&account.id, FactorKind::Password);
        steps.extend(self.ends_of(&account.id, FactorKind::Totp));
        steps.extend(self.setting(password));
        steps.push(Step::Factor(totp));
        Ok(self.write(by, Writing { steps, ..Writing::default() }).await?)
    }
}

/// Whether somebody with these kinds of factors can log in: they need a password or a passkey to begin with, for a code
/// alone says of nobody who they are.
pub(super) fn can_log_in(kinds: impl Iterator<Item = FactorKind>, needed: u8) -> bool {
    let classes: BTreeSet<FactorClass> = kinds.flat_map(FactorKind::classes).copied().collect();
    let begins = [FactorClass::Knowledge, FactorClass::Verification].iter().any(|one| classes.contains(one));
    begins && classes.len() >= usize::from(needed)
}

/// What the sealed secret of an enrolment belongs to.
fn enrolment(account: &AccountId) -> String {
    format!("enrolment/{account}")
}
