//! Passkeys: challenges that wait for their answers, and logins by them.
//!
//! A login by passkey passes by no lane: there is nothing to guess, and whoever has one gets in while strangers knock.

use super::login::{Proven, Shown};
use super::{Approach, Certified, Identity, LoggedIn, PasskeyAnswer, Visit};
use crate::codes;
use crate::factor::passkey::{LoginState, Passkey, RegistrationState, Relying, claim_of};
use crate::kept::{Account, Factor, Material};
use crate::register::Step;
use crate::session::{Net, Owner, refusal};
use crate::words::FactorKind;
use base::Problem;
use serde_json::{Value, json};
use std::net::IpAddr;
use std::sync::Arc;

/// What waits for its second request.
pub(crate) enum Waiting {
    /// The answer of a passkey.
    Login(LoginState),
    /// A new passkey.
    Registration(Box<RegistrationState>),
}

impl std::fmt::Debug for Waiting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Waiting")
    }
}

/// This server as passkeys know it; none when its address has no host name.
pub(super) fn relying(base_url: &str) -> Option<Relying> {
    let host = base_url.split_once("://")?.1.split(['/', ':']).next()?;
    Relying::new(host, base_url.trim_end_matches('/'), "Akashi").ok()
}

impl Identity {
    pub(super) fn relying(&self) -> Result<&Relying, Problem> {
        self.relying.as_ref().ok_or_else(|| Problem::new(&codes::PASSKEYS_NOT_OFFERED))
    }

    /// A challenge for whoever has a passkey: the handle to answer with, and what the browser is asked.
    ///
    /// # Errors
    /// Passkeys are not offered here, or the client certificate is not good.
    pub fn passkey_challenge(&self, approach: &Approach<'_>) -> Result<Value, Problem> {
        self.certified(approach)?;
        let now = self.clock.now();
        let (options, state) = self.relying()?.begin_login(now)?;
        let owner = Owner::Sender(Net::from(self.address(approach)));
        let handle = self.live().waiting.put(owner, Waiting::Login(state), now, &*self.entropy)?;
        Ok(json!({ "handle": handle.reveal(), "options": options }))
    }

    pub(super) async fn login_by_passkey(
        &self,
        answer: &PasskeyAnswer,
        certified: Option<Certified>,
        approach: &Approach<'_>,
        visit: &Visit<'_>,
    ) -> Result<LoggedIn, Problem> {
        let _changing = self.changing.lock().await;
        let (account, shown) = self.passkey_shown(answer, self.address(approach))?;
        let mut shown = vec![shown];
        shown.extend(self.certificate(&account, certified.as_ref()));
        self.enough(&shown)?;
        self.begin(Proven { account, shown, lane: None, certified }, approach, visit).await
    }

    /// Whose passkey has answered. A challenge is answered once, whatever comes of it.
    pub(super) fn passkey_shown(
        &self,
        answer: &PasskeyAnswer,
        address: IpAddr,
    ) -> Result<(Arc<Account>, Shown), Problem> {
        let now = self.clock.now();
        let owner = Owner::Sender(Net::from(address));
        let waiting = self.live().waiting.take(&answer.handle, &owner, now)?;
        let Waiting::Login(state) = waiting else { return Err(refusal()) };
        let handle = claim_of(&answer.response).and_then(|claim| claim.handle).ok_or_else(refusal)?;
        let (account, passkeys) = {
            let register = self.register();
            let id = register.of_handle(handle).ok_or_else(refusal)?;
            let account = register.usable(id, now).ok_or_else(refusal)?;
            (Arc::clone(account), register.passkeys_of(id))
        };
        let only: Vec<Passkey> = passkeys.iter().map(|(_, passkey)| passkey.clone()).collect();
        let used = self.relying()?.finish_login(state, answer.response.clone(), &only, now)?;
        let id = passkeys.iter().find(|(_, passkey)| passkey.id() == used.credential).map(|(id, _)| id);
        let step = id.and_then(|id| self.used_passkey(id, used.passkey));
        Ok((account, Shown { kind: FactorKind::Passkey, step, note: None }))
    }

    /// The factor with the counter of its newest use; none when the device does not count.
    fn used_passkey(&self, id: &str, passkey: Passkey) -> Option<Step> {
        let register = self.register();
        let factor = register.factors.get(id)?;
        let Material::Passkey { credential } = &factor.material else { return None };
        let same = serde_json::to_value(&**credential).ok() == serde_json::to_value(&passkey).ok();
        let material = Material::Passkey { credential: Box::new(passkey) };
        (!same).then(|| Step::Factor(Factor { material, ..factor.clone() }))
    }
}
