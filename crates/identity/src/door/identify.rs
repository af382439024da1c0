//! Who is calling: from what a request shows to an account with known factors.

use super::{Approach, Certified, Identity};
use crate::codes;
use crate::kept::{Account, AccountKind, Duty};
use crate::register::Register;
use crate::session::codes::SESSION_OVER;
use crate::session::{Carrier, Ends, MachineKey, SessionId, SessionToken, Shown};
use crate::words::{AccountId, FactorKind};
use access::Scopes;
use base::Problem;
use std::sync::Arc;
use store::{Actor, ActorKind};

/// What a request shows beside its connection.
#[derive(Clone, Copy)]
pub enum Credential<'a> {
    /// Nothing.
    None,
    /// `Authorization: Bearer …`.
    Bearer(&'a str),
    /// The cookie of a browser's session.
    Cookie(&'a str),
}

impl std::fmt::Debug for Credential<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::None => "None",
            Self::Bearer(_) => "Bearer([hidden])",
            Self::Cookie(_) => "Cookie([hidden])",
        })
    }
}

/// Somebody who has shown who they are.
#[derive(Clone, Debug)]
pub struct Caller {
    /// As the journal names them.
    pub actor: Actor,
    /// The account.
    pub account: Arc<Account>,
    /// The factors that were shown.
    pub factors: Vec<FactorKind>,
    /// Whether one of them is fresh.
    pub fresh: bool,
    /// The session, of people.
    pub session: Option<SessionId>,
    /// The account of the certificate over whose connection they call.
    pub device: Option<AccountId>,
    /// What a service was granted.
    pub scopes: Option<Arc<Scopes>>,
    /// The patients for whom the glass is broken in this session, each with the id of the breaking.
    pub broken: Vec<(String, String)>,
    /// What the app or service in between was granted; none where a person or a machine calls by itself.
    pub grant: Option<Grant>,
}

/// What an app or service in between was granted.
#[derive(Clone, Debug)]
pub struct Grant {
    /// The app.
    pub app: String,
    /// The scopes.
    pub scopes: Arc<Scopes>,
    /// The patient who was chosen.
    pub patient: Option<String>,
}

impl Caller {
    /// Whether they have one of these duties.
    pub fn has_duty(&self, duties: &[Duty]) -> bool {
        duties.iter().any(|duty| self.account.duties.contains(duty))
    }
}

/// An account as the journal names it.
pub(crate) fn actor(account: &Account) -> Actor {
    let kind = match account.kind {
        AccountKind::Person | AccountKind::Maintenance => ActorKind::Person,
        AccountKind::Device => ActorKind::Device,
        AccountKind::Service => ActorKind::Service,
    };
    Actor::new(kind, account.id.as_str())
}

impl Identity {
    /// Who is calling; none when nothing is shown that says so.
    ///
    /// # Errors
    /// What is shown is not good: certificate, session or key; or a machine shows too few factors.
    pub fn identify(
        &self,
        approach: &Approach<'_>,
        credential: Credential<'_>,
    ) -> Result<Option<Caller>, Problem> {
        let certified = self.certified(approach)?;
        let over = || Problem::new(&SESSION_OVER);
        match credential {
            Credential::Bearer(text) => match Shown::parse(text).ok_or_else(over)? {
                Shown::Session(token) => {
                    self.by_session(&token, Carrier::Bearer, (approach, certified)).map(Some)
                }
                Shown::Machine(key) => self.by_key(&key, certified).map(Some),
                Shown::App(token) => self.by_app(&token, certified).map(Some),
            },
            Credential::Cookie(text) => {
                let token = SessionToken::parse(text).ok_or_else(over)?;
                self.by_session(&token, Carrier::Cookie, (approach, certified)).map(Some)
            }
            Credential::None => certified.map_or(Ok(None), |certified| self.by_certificate(certified)),
        }
    }

    fn by_session(
        &self,
        token: &SessionToken,
        carrier: Carrier,
        (approach, certified): (&Approach<'_>, Option<Certified>),
    ) -> Result<Caller, Problem> {
        let register = self.register();
        let mut live = self.live();
        let session = live.sessions.find(token, carrier, &*self.clock)?;
        let device = certified.map(|certified| certified.account);
        if session.device != device {
            return Err(Problem::new(&codes::SESSION_ELSEWHERE));
        }
        let (id, account) = (session.id.clone(), session.account.clone());
        if live.unwritten.contains(&id) && !self.store.stopped() {
            live.unwritten.remove(&id);
            drop(live.sessions.end(&account, &id));
            return Err(Problem::new(&SESSION_OVER));
        }
        let now = self.clock.now();
        let account = Arc::clone(register.usable(&account, now).ok_or_else(|| Problem::new(&SESSION_OVER))?);
        let ends = ends(&register, &account);
        let (session, seen) = if approach.unattended {
            live.sessions.look(&id, ends, &*self.clock)?
        } else {
            let session = live.sessions.touch(&id, ends, &*self.clock)?;
            (session, session.seen)
        };
        let fresh_until = session.fresh_at.plus_seconds(i64::from(register.policy.fresh_seconds));
        Ok(Caller {
            actor: actor(&account),
            factors: session.factors.iter().map(|shown| shown.kind).collect(),
            // Both bounds: a clock that was set back makes nothing fresh again.
            fresh: session.fresh_at <= seen && seen < fresh_until,
            broken: register.glasses.patients(&id, now),
            session: Some(id),
            device,
            scopes: None,
            account,
            grant: None,
        })
    }

    fn by_key(&self, key: &MachineKey, certified: Option<Certified>) -> Result<Caller, Problem> {
        let register = self.register();
        let over = || Problem::new(&SESSION_OVER);
        let (id, _) = register.of_key(&key.hash().to_string()).ok_or_else(over)?;
        let now = self.clock.now();
        let account = Arc::clone(register.usable(id, now).ok_or_else(over)?);
        let mut factors = vec![FactorKind::Key];
        let device = certified.map(|certified| certified.account);
        if device.as_ref() == Some(id) {
            factors.push(FactorKind::Certificate);
        }
        self.machine(&register, account, factors, device)
    }

    /// A machine that shows nothing but its certificate. A person's certificate is no login: that takes a factor more.
    fn by_certificate(&self, certified: Certified) -> Result<Option<Caller>, Problem> {
        let register = self.register();
        let now = self.clock.now();
        let account = register.usable(&certified.account, now).filter(|account| !account.kind.human());
        let Some(account) = account.filter(|_| register.policy.machine_factors_needed < 2) else {
            return Ok(None);
        };
        let account = Arc::clone(account);
        self.machine(&register, account, vec![FactorKind::Certificate], Some(certified.account)).map(Some)
    }

    pub(super) fn machine(
        &self,
        register: &Register,
        account: Arc<Account>,
        factors: Vec<FactorKind>,
        device: Option<AccountId>,
    ) -> Result<Caller, Problem> {
        let needed = usize::from(register.policy.machine_factors_needed);
        if factors.len() < needed {
            return Err(Problem::new(&codes::FACTORS_LACKING)
                .with("needed", needed)
                .with("missing", "the client certificate of the account / アカウントのクライアント証明書"));
        }
        let now = self.clock.now();
        self.live().seen.insert(account.id.clone(), now);
        Ok(Caller {
            actor: actor(&account),
            scopes: register.scopes_of(&account.id),
            account,
            factors,
            fresh: true,
            session: None,
            device,
            broken: Vec::new(),
            grant: None,
        })
    }
}

/// When sessions of an account end, by the policy in force.
pub(super) fn ends(register: &Register, account: &Account) -> Ends {
    let policy = &register.policy;
    let idle_seconds = if account.privileged() {
        policy.session_idle_seconds_privileged.min(policy.session_idle_seconds)
    } else {
        policy.session_idle_seconds
    };
    Ends { idle_seconds, absolute_seconds: policy.session_seconds_max }
}
