//! Who is calling with the token of an app or a service.

use super::super::{Caller, Certified, Grant, Identity, identify};
use crate::app::Held;
use crate::codes;
use crate::register::Register;
use crate::session::AccessToken;
use crate::session::codes::SESSION_OVER;
use access::Scopes;
use base::Problem;
use std::sync::Arc;

impl Identity {
    /// The caller behind an access token. App, account, grant and session are looked at anew at every use, so that a
    /// token is dead as soon as one of them is.
    pub(in crate::door) fn by_app(
        &self,
        token: &AccessToken,
        certified: Option<Certified>,
    ) -> Result<Caller, Problem> {
        let over = || Problem::new(&SESSION_OVER);
        let register = self.register();
        let held = self.held(&register, token).ok_or_else(over)?;
        let device = certified.map(|certified| certified.account);
        if held.device != device {
            return Err(Problem::new(&codes::SESSION_ELSEWHERE));
        }
        let now = self.clock.now();
        let account = Arc::clone(register.usable(&held.account, now).ok_or_else(over)?);
        let caller = if account.kind.human() {
            self.live().seen.insert(account.id.clone(), now);
            Caller {
                actor: identify::actor(&account),
                factors: held.factors,
                // An app shows no factor: what needs a fresh one needs the person.
                fresh: false,
                session: None,
                device,
                account,
                scopes: None,
                broken: Vec::new(),
                grant: None,
            }
        } else {
            Caller { fresh: false, ..self.machine(&register, account, held.factors, device)? }
        };
        let scopes = match &held.patient {
            Some(patient) => Arc::new(Scopes::clone(&held.scopes).about(Some(patient.clone()))),
            None => held.scopes,
        };
        let grant = Grant { app: held.app.into(), scopes, patient: held.patient };
        Ok(Caller { grant: Some(grant), ..caller })
    }

    /// What a token stands for, if all that it rests on still stands.
    pub(super) fn held(&self, register: &Register, token: &AccessToken) -> Option<Held> {
        let held = self.apps().find(token.hash(), self.clock.now()).cloned()?;
        let stands = match &held.grant {
            Some(id) => register.apps.granted(id).is_some_and(|grant| self.good(register, grant)),
            None => {
                register.apps.active(&held.app).is_some()
                    && register.usable(&held.account, self.clock.now()).is_some()
            }
        };
        stands.then_some(held)
    }
}
