//! Apps and services at the door: registered, recognised, allowed by people, and given tokens.

mod authorize;
mod by_token;
mod client;
mod exchange;
mod registry;
mod revoke;
mod show;
mod token;

pub use authorize::{AskedAuthorization, Back, Consent, Requested, Turned};
pub use client::ClientShown;
pub use revoke::Introspected;
pub use token::{AskedToken, Tokens};

use super::{Identity, Writing};
use crate::kept::Granted;
use crate::register::{Register, Step};
use crate::words::AccountId;
use base::Problem;
use store::{Actor, ActorKind};

impl Identity {
    /// Ends what was granted by somebody, to an app or in a session that is no more, and forgets old assertions. What is
    /// over is refused in any case.
    pub(super) async fn tidy_up_apps(&self) -> Result<(), Problem> {
        let notes = self.apps().forget_assertions(self.clock.now());
        let any_over = {
            let register = self.register();
            register.apps.all_granted().any(|grant| !self.good(&register, grant))
        };
        if notes.is_empty() && !any_over {
            return Ok(());
        }
        let _changing = self.changing.lock().await;
        let over = self.grants_where(|register, grant| !self.good(register, grant));
        let by = Actor::new(ActorKind::System, "akashi");
        self.end_grants(&by, over, Writing { notes, ..Writing::default() }).await
    }

    /// Whether a grant stands: app and account may be used, its time is not over, and its session goes on.
    fn good(&self, register: &Register, grant: &Granted) -> bool {
        let now = self.clock.now();
        let known =
            register.apps.active(&grant.app).is_some() && register.usable(&grant.account, now).is_some();
        known
            && now < grant.ends
            && grant
                .session
                .is_none_or(|began| self.live().sessions.goes_on(&grant.account, began, &*self.clock))
    }

    fn grants_where(&self, which: impl Fn(&Register, &Granted) -> bool) -> Vec<String> {
        let register = self.register();
        let grants = register.apps.all_granted().filter(|grant| which(&register, grant));
        grants.map(|grant| grant.id.clone()).collect()
    }

    /// What an account granted.
    pub(super) fn grants_of(&self, account: &AccountId) -> Vec<String> {
        self.grants_where(|_, grant| grant.account == *account)
    }

    /// Ends grants beside what else is written. The caller holds `changing`.
    pub(super) async fn end_grants(
        &self,
        by: &Actor,
        grants: Vec<String>,
        mut writing: Writing,
    ) -> Result<(), Problem> {
        writing.steps.extend(grants.iter().cloned().map(Step::GrantedEnd));
        self.write(by, writing).await?;
        let mut apps = self.apps();
        for grant in &grants {
            apps.end_grant(grant);
        }
        Ok(())
    }
}
