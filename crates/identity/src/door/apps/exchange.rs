//! A code is exchanged for tokens, and a grant begins; a refresh token makes room for the next.

use super::super::{Identity, Writing, identify};
use super::client::request_wrong;
use super::token::{AskedToken, Tokens};
use crate::app::codes::GRANT_OVER;
use crate::app::scope::{OFFLINE, ONLINE, has};
use crate::app::{Ready, RefreshToken, proves};
use crate::kept::{App, Family, Granted};
use crate::register::Step;
use crate::session::{AuthorizationCode, TokenHash};
use crate::words::AccountId;
use base::{Problem, Time};
use store::{Actor, ActorKind};

/// How long a grant lasts at most that outlasts its session, in seconds: 30 days.
const OFFLINE_SECONDS: i64 = 30 * 86_400;

/// Grants of one account to one app, at most; the oldest end.
const GRANTS_MAX: usize = 20;

impl Identity {
    /// Tokens for a code. It works once, whatever comes of it, and a second use ends what the first one was given
    /// (RFC 6749, section 4.1.2).
    pub(super) async fn for_code(
        &self,
        app: &App,
        asked: &AskedToken,
        device: Option<AccountId>,
    ) -> Result<Tokens, Problem> {
        let lacking = |(en, ja)| move || request_wrong((en, ja));
        let code = asked
            .code
            .as_ref()
            .ok_or_else(lacking(("`code` is missing or doubled", "`code` がないか、二重です")))?;
        let verifier = asked.verifier.as_ref().ok_or_else(lacking((
            "`code_verifier` is missing or doubled",
            "`code_verifier` がないか、二重です",
        )))?;
        let over = || Problem::new(&GRANT_OVER);
        let code = AuthorizationCode::parse(code.reveal()).ok_or_else(over)?.hash();
        let _changing = self.changing.lock().await;
        let taken = self.apps().take_code(code, self.clock.now());
        let Some(ready) = taken else {
            self.end_reused(code).await?;
            return Err(over());
        };
        let fits = ready.asking.app == app.id
            && asked.redirect.as_deref() == Some(ready.asking.redirect.as_str())
            && proves(verifier.reveal(), &ready.asking.challenge);
        if !fits {
            return Err(over());
        }
        let refreshes = has(&ready.asking.scopes, OFFLINE) || has(&ready.asking.scopes, ONLINE);
        let refresh = if refreshes { Some(RefreshToken::begin(&*self.entropy)?) } else { None };
        let grant = self.granted(ready, code, refresh.as_ref(), device)?;
        if !self.good(&self.register(), &grant) {
            return Err(over());
        }
        let held = self.held_of(&grant, grant.scopes.clone())?;
        let by = self.app_actor(&grant.account);
        let surplus = self.surplus(&grant);
        let writing = Writing { steps: vec![Step::Granted(grant)], ..Writing::default() };
        self.end_grants(&by, surplus, writing).await?;
        self.give(held, refresh)
    }

    /// The oldest grants of the same account to the same app that are too many beside a new one.
    fn surplus(&self, new: &Granted) -> Vec<String> {
        let register = self.register();
        let same = register.apps.all_granted().filter(|old| old.app == new.app && old.account == new.account);
        let mut ids: Vec<(Time, String)> = same.map(|old| (old.made, old.id.clone())).collect();
        ids.sort();
        let too_many = (ids.len() + 1).saturating_sub(GRANTS_MAX);
        ids.into_iter().take(too_many).map(|(_, id)| id).collect()
    }

    /// Ends what was given for a code that comes a second time. The caller holds `changing`.
    async fn end_reused(&self, code: TokenHash) -> Result<(), Problem> {
        let found = self.register().apps.of_code(code).cloned();
        match found {
            Some(grant) => {
                let by = self.app_actor(&grant.account);
                self.end_grants(&by, vec![grant.id.clone()], Writing::default()).await
            }
            None => Ok(()),
        }
    }

    fn granted(
        &self,
        ready: Ready,
        code: TokenHash,
        refresh: Option<&RefreshToken>,
        device: Option<AccountId>,
    ) -> Result<Granted, Problem> {
        let now = self.clock.now();
        let offline = has(&ready.asking.scopes, OFFLINE);
        Ok(Granted {
            id: self.new_id()?,
            app: ready.asking.app,
            account: ready.account,
            session: (!offline).then_some(ready.began),
            device,
            factors: ready.factors,
            scopes: ready.asking.scopes,
            patient: ready.patient,
            code,
            refresh: refresh.map(|token| Family { family: token.family(), token: token.hash() }),
            made: now,
            ends: if offline { now.plus_seconds(OFFLINE_SECONDS) } else { ready.ends },
        })
    }

    /// Writes that another refresh token of the family counts from now on. The caller holds `changing`.
    pub(super) async fn rotate(&self, grant: &Granted, next: &RefreshToken) -> Result<(), Problem> {
        let refresh = Some(Family { family: next.family(), token: next.hash() });
        let step = Step::Granted(Granted { refresh, ..grant.clone() });
        let by = self.app_actor(&grant.account);
        self.write(&by, Writing { steps: vec![step], ..Writing::default() }).await
    }

    /// The person for whom an app acts, as the journal names them.
    pub(super) fn app_actor(&self, account: &AccountId) -> Actor {
        let found = self.register().accounts.get(account).map(|account| identify::actor(account));
        found.unwrap_or_else(|| Actor::new(ActorKind::Person, account.as_str()))
    }
}
