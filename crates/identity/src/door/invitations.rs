//! Invitations: somebody sets their first factors, or new ones, by a link that works once.

use super::factors::{NewPasskey, NewTotp, can_log_in};
use super::{Approach, Identity, Problems, Writing, identify};
use crate::codes;
use crate::hidden::Hidden;
use crate::kept::{Account, Factor, Holding, Invitation};
use crate::register::Step;
use crate::session::InvitationCode;
use crate::words::FactorKind;
use base::Problem;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

/// What an invited person sets: password and one-time codes, or a passkey, or all of them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Acceptance {
    /// The code of the link.
    pub code: Hidden,
    /// A password.
    #[serde(default)]
    pub password: Option<Hidden>,
    /// The first code of the secret that was shown.
    #[serde(default)]
    pub totp: Option<NewTotp>,
    /// A passkey.
    #[serde(default)]
    pub passkey: Option<NewPasskey>,
}

impl Identity {
    /// Opens an invitation without using it up: who is invited, and what the factors can be made of. `begun` is the
    /// handle of a secret that was shown before.
    ///
    /// # Errors
    /// The invitation was used, has ended or never was.
    pub fn open_invitation(
        &self,
        code: &str,
        begun: Option<&str>,
        approach: &Approach<'_>,
    ) -> Result<Value, Problem> {
        self.certified(approach)?;
        let (invitation, account) = self.invited(code)?;
        let again = begun.and_then(|handle| Some((self.begun_totp(&account, handle).ok()?, handle)));
        let totp = match again {
            Some((totp, handle)) => self.shown_totp(&account, &totp, handle)?,
            None => self.begin_totp(&account)?,
        };
        let passkey = self.relying.is_some().then(|| self.begin_passkey(&account)).transpose()?;
        let policy = self.policy();
        Ok(json!({
            "account": account.id,
            "name": account.name,
            "facility": self.facility.as_str(),
            "ends": invitation.ends.to_string(),
            "factors_needed": policy.factors_needed,
            "password_edition": policy.password_edition,
            "totp": totp,
            "passkey": passkey,
        }))
    }

    /// Sets the factors and uses the invitation up. Factors that the person had before end, and so do their sessions.
    ///
    /// # Errors
    /// What was set is not enough, is easily guessed or does not fit; the invitation is still good then.
    pub async fn accept_invitation(
        &self,
        acceptance: Acceptance,
        approach: &Approach<'_>,
    ) -> Result<Value, Problems> {
        self.certified(approach)?;
        let (_, account) = self.invited(acceptance.code.reveal())?;
        self.enough_to_log_in(&acceptance)?;
        let mut factors: Vec<Factor> = Vec::new();
        let mut notes = Vec::new();
        if let Some(password) = &acceptance.password {
            factors.push(self.new_password_factor(&account, password.secret()).await?);
        }
        if let Some(totp) = &acceptance.totp {
            let (factor, note) = self.confirmed_totp(&account, totp)?;
            factors.push(factor);
            notes.push(note);
        }
        if let Some(passkey) = acceptance.passkey {
            factors.push(self.confirmed_passkey(&account, passkey)?);
        }
        let (recovery_codes, recovery) = self.recovery_factor(&account)?;
        factors.push(recovery);
        let _changing = self.changing.lock().await;
        // Meanwhile somebody else may have used it.
        let (invitation, account) = self.invited(acceptance.code.reveal())?;
        let mut steps = self.all_ends_of(&account);
        steps.extend(factors.into_iter().flat_map(|factor| self.setting(factor)));
        steps.push(Step::InvitationEnd(invitation.id));
        let (changes, ended) = self.ending_all(&account.id)?;
        notes.extend(self.live().forgetting(&account.id));
        let by = identify::actor(&account);
        self.write(&by, Writing { steps, changes, notes, reason: None }).await?;
        self.live().forget(&account.id);
        self.end_in_memory(&ended);
        Ok(json!({ "account": account.id, "recovery_codes": recovery_codes }))
    }

    fn invited(&self, code: &str) -> Result<(Invitation, Arc<Account>), Problem> {
        let over = || Problem::new(&codes::INVITATION_OVER);
        let digest = InvitationCode::parse(code).ok_or_else(over)?.hash().to_string();
        let now = self.clock.now();
        let register = self.register();
        // The digest of a code with 256 random bits is no secret by which time could tell anything.
        let invitation = register.invitations.values().find(|one| one.digest == digest && now < one.ends);
        let invitation = invitation.ok_or_else(over)?.clone();
        // Whoever is to use an account in an emergency sets its factors before.
        let ready = |account: &&Arc<Account>| account.usable(now) || account.holding == Holding::Emergency;
        let account = register.accounts.get(&invitation.account).filter(ready).ok_or_else(over)?;
        Ok((invitation, Arc::clone(account)))
    }

    fn enough_to_log_in(&self, acceptance: &Acceptance) -> Result<(), Problem> {
        let kinds = [
            acceptance.password.as_ref().map(|_| FactorKind::Password),
            acceptance.totp.as_ref().map(|_| FactorKind::Totp),
            acceptance.passkey.as_ref().map(|_| FactorKind::Passkey),
        ];
        let needed = self.register().policy.factors_needed;
        if can_log_in(kinds.into_iter().flatten(), needed) {
            return Ok(());
        }
        Err(Problem::new(&codes::FACTORS_INCOMPLETE).with("needed", needed))
    }

    fn all_ends_of(&self, account: &Account) -> Vec<Step> {
        let register = self.register();
        register.factors_of(&account.id).map(|factor| Step::FactorEnd(factor.id.clone())).collect()
    }
}
