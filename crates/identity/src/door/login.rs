//! Logging in: password and a second factor, or a passkey.
//!
//! An unknown account, a wrong password, a wrong code and a closed lane are answered alike and take the same time: each
//! try writes one note, checks one hash, and is refused with the same words.

use super::live::{began, of_lane, of_nobody};
use super::{Approach, Certified, Identity, Writing, identify};
use crate::codes;
use crate::factor::password::Verdict;
use crate::factor::totp::Totp;
use crate::hidden::Hidden;
use crate::kept::{Account, Factor, Material};
use crate::register::Step;
use crate::session::{
    Agent, Beginning, Carrier, DeviceToken, Gate, Known, LaneName, SessionId, SessionToken, TokenHash,
    refusal,
};
use crate::words::{AccountId, FactorClass, FactorKind};
use base::{Problem, Secret, Time};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::sync::Arc;
use store::{Actor, Note};

/// What somebody shows who logs in.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Login {
    /// The account; not with a passkey, which knows it.
    pub account: Option<String>,
    /// The password.
    pub password: Option<Hidden>,
    /// A one-time code of an app.
    pub totp: Option<Hidden>,
    /// A recovery code.
    pub recovery: Option<Hidden>,
    /// A code by SMS.
    pub sms: Option<Hidden>,
    /// A passkey's answer.
    pub passkey: Option<PasskeyAnswer>,
    /// How the token shall travel; as a bearer token when absent.
    pub carrier: Option<Carrier>,
}

/// What a passkey answers to a challenge.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasskeyAnswer {
    /// The handle that came with the challenge.
    pub handle: String,
    /// The browser's `PublicKeyCredential` as JSON (WebAuthn, section 5.1).
    pub response: serde_json::Value,
}

/// How somebody comes who logs in, beside the connection.
#[derive(Debug)]
pub struct Visit<'a> {
    /// How the token will travel.
    pub carrier: Carrier,
    /// What the client says it is.
    pub agent: &'a str,
    /// The cookie by which the browser may be known.
    pub device: Option<&'a str>,
    /// Whether it is noted beside the journal, because writing is stopped (docs/decisions/061). Only then is a session good
    /// that the journal does not know.
    pub noted: bool,
}

/// A session that has begun.
#[derive(Debug)]
pub struct LoggedIn {
    /// For the client, once.
    pub token: SessionToken,
    /// For the browser, so that it is known at the next login.
    pub device: Option<DeviceToken>,
    /// Its name.
    pub session: SessionId,
    /// Whose it is.
    pub account: Arc<Account>,
    /// When it ends at the latest.
    pub ends: Time,
    /// The factors that were shown.
    pub factors: Vec<FactorKind>,
}

impl LoggedIn {
    /// Who has logged in, as the journal names them.
    pub fn actor(&self) -> Actor {
        identify::actor(&self.account)
    }
}

/// Somebody who has shown enough.
pub(super) struct Proven {
    pub(super) account: Arc<Account>,
    pub(super) shown: Vec<Shown>,
    /// The lane they came by; none with a passkey.
    pub(super) lane: Option<LaneName>,
    pub(super) certified: Option<Certified>,
}

/// A factor that was found good, with what must be written so that it is not good again.
pub(super) struct Shown {
    pub(super) kind: FactorKind,
    pub(super) step: Option<Step>,
    pub(super) note: Option<Note>,
}

/// Somebody whose password has been looked at.
pub(super) struct Tried {
    pub(super) account: Option<AccountId>,
    lane: Option<LaneName>,
    /// The factor whose hash it was compared with.
    factor: Option<String>,
    verdict: Verdict,
}

impl Identity {
    /// Begins a session for whoever shows enough.
    ///
    /// # Errors
    /// `ID-0302` for whatever is not right, in the same words; the certificate's own problems, where one is asked for.
    pub async fn login(
        &self,
        login: Login,
        approach: &Approach<'_>,
        visit: Visit<'_>,
    ) -> Result<LoggedIn, Problem> {
        let certified = self.certified(approach)?;
        if let Some(answer) = &login.passkey {
            return self.login_by_passkey(answer, certified, approach, &visit).await;
        }
        let devices = devices(certified.as_ref(), &visit);
        let password =
            login.password.as_ref().map_or_else(|| Secret::new(String::new()), |one| one.secret().clone());
        let name = login.account.clone().unwrap_or_default();
        let tried = self.try_password(&name, password.clone(), &devices).await?;
        let rehashed = self.rehashed(&tried, password).await?;
        let _changing = self.changing.lock().await;
        let (account, lane) = self.password_right(tried)?;
        let mut shown = self.second_factors(&account, &login, certified.as_ref())?;
        if let Some(first) = shown.first_mut() {
            first.step = rehashed.and_then(|hash| self.with_hash(&account, hash));
        }
        self.enough(&shown)?;
        self.begin(Proven { account, shown, lane: Some(lane), certified }, approach, &visit).await
    }

    /// Looks at a password, if the lane lets it. Whatever comes of it, the same is done: a note, and a hash.
    pub(super) async fn try_password(
        &self,
        name: &str,
        password: Secret<String>,
        devices: &[Known],
    ) -> Result<Tried, Problem> {
        let account = AccountId::parse(&name.trim().to_ascii_lowercase());
        let person = {
            let register = self.register();
            account.filter(|id| register.accounts.get(id).is_some_and(|account| account.kind.human()))
        };
        let (lane, note, open) = self.enter_lane(person.as_ref(), devices);
        // While writing is stopped the lock-out is kept in memory alone.
        self.keep(vec![note]).await.or_else(|problem| self.unless_stopped(problem))?;
        let (factor, hash) = person.as_ref().filter(|_| open).and_then(|id| self.password_hash(id)).unzip();
        let verdict = self.passwords.verify(password, hash).await?;
        Ok(Tried { account: person, lane, factor, verdict })
    }

    /// The hash of a right password at today's cost, when the one that is kept was made at another.
    async fn rehashed(&self, tried: &Tried, password: Secret<String>) -> Result<Option<String>, Problem> {
        let right = tried.account.as_ref().filter(|_| tried.verdict == Verdict::Right);
        let hash = right.and_then(|id| self.password_hash(id));
        if !hash.is_some_and(|(_, hash)| self.passwords.outdated(&hash)) {
            return Ok(None);
        }
        self.passwords.hash(password, Arc::clone(&self.entropy)).await.map(Some)
    }

    fn with_hash(&self, account: &Account, hash: String) -> Option<Step> {
        let register = self.register();
        let factor = register.factor(&account.id, FactorKind::Password)?;
        Some(Step::Factor(Factor { material: Material::Password { hash }, ..factor.clone() }))
    }

    fn enter_lane(&self, account: Option<&AccountId>, devices: &[Known]) -> (Option<LaneName>, Note, bool) {
        let Some(account) = account else {
            return (None, of_nobody(self.clock.now()), false);
        };
        let mut live = self.live();
        let name = LaneName { account: account.clone(), way: live.way(account, devices.to_vec()) };
        let (gate, lane) = live.lanes.attempt(&name, &*self.clock);
        let note = of_lane(&name, &lane);
        (Some(name), note, gate == Gate::Open)
    }

    /// The password of an account: the id of its factor, and its hash.
    fn password_hash(&self, account: &AccountId) -> Option<(String, String)> {
        let register = self.register();
        let factor = register.factor(account, FactorKind::Password)?;
        match &factor.material {
            Material::Password { hash } => Some((factor.id.clone(), hash.clone())),
            _ => None,
        }
    }

    /// The account whose password was right, if it may be used, and is still the password. The caller holds `changing`.
    pub(super) fn password_right(&self, tried: Tried) -> Result<(Arc<Account>, LaneName), Problem> {
        let right = tried.verdict == Verdict::Right;
        let (Some(id), Some(lane), true) = (tried.account, tried.lane, right) else {
            return Err(refusal());
        };
        let register = self.register();
        let account = register.usable(&id, self.clock.now()).ok_or_else(refusal)?;
        let present = register.factor(&id, FactorKind::Password).map(|factor| &factor.id);
        if present == tried.factor.as_ref() { Ok((Arc::clone(account), lane)) } else { Err(refusal()) }
    }

    /// All factors that go with a right password. A factor that is shown and wrong refuses the login.
    fn second_factors(
        &self,
        account: &Account,
        login: &Login,
        certified: Option<&Certified>,
    ) -> Result<Vec<Shown>, Problem> {
        let mut shown = vec![Shown { kind: FactorKind::Password, step: None, note: None }];
        if let Some(code) = &login.totp {
            shown.push(self.totp(account, code.reveal())?);
        }
        if let Some(code) = &login.recovery {
            shown.push(self.recovery(account, code.reveal())?);
        }
        if let Some(code) = &login.sms {
            shown.push(self.sent_code(account, code.reveal())?);
        }
        shown.extend(self.certificate(account, certified));
        Ok(shown)
    }

    /// The certificate of the connection, where it is a factor of this account.
    pub(super) fn certificate(&self, account: &Account, certified: Option<&Certified>) -> Option<Shown> {
        let certified = certified?;
        let counts = certified.account == account.id || self.register().policy.device_certificate_counts;
        counts.then_some(Shown { kind: FactorKind::Certificate, step: None, note: None })
    }

    /// A one-time code. Its step is used up before anybody is let in.
    pub(super) fn totp(&self, account: &Account, code: &str) -> Result<Shown, Problem> {
        let (id, totp) = {
            let register = self.register();
            let factor = register.factor(&account.id, FactorKind::Totp).ok_or_else(refusal)?;
            (factor.id.clone(), self.totp_of(factor)?)
        };
        let now = self.clock.now();
        let mut live = self.live();
        let this_step = u64::try_from(now.microseconds() / 30_000_000).unwrap_or(0);
        if !live.lanes.attempt_code(&account.id, this_step) {
            return Err(refusal());
        }
        let last = live.used.get(&id).copied();
        let step = totp.accept(code, now, last).map_err(|_| refusal())?;
        let note = live.use_step(&id, step);
        Ok(Shown { kind: FactorKind::Totp, step: None, note: Some(note) })
    }

    pub(super) fn totp_of(&self, factor: &Factor) -> Result<Totp, Problem> {
        let unreadable =
            || Problem::new(&codes::UNREADABLE).with("type", "AkashiFactor").log("sealed secret");
        let Material::Totp { sealed } = &factor.material else { return Err(unreadable()) };
        let secret = self.store.open_secret(&factor.id, sealed).ok_or_else(unreadable)?;
        Totp::from_secret(secret)
    }

    /// A recovery code, struck off the sheet.
    pub(super) fn recovery(&self, account: &Account, code: &str) -> Result<Shown, Problem> {
        let register = self.register();
        let factor = register.factor(&account.id, FactorKind::Recovery).ok_or_else(refusal)?;
        let Material::Recovery { sheet } = &factor.material else { return Err(refusal()) };
        let mut sheet = sheet.clone();
        let index = sheet.accept(code).ok_or_else(refusal)?;
        sheet.spend(index);
        let left = Factor { material: Material::Recovery { sheet }, ..factor.clone() };
        Ok(Shown { kind: FactorKind::Recovery, step: Some(Step::Factor(left)), note: None })
    }

    /// Whether factors of enough classes were shown.
    pub(super) fn enough(&self, shown: &[Shown]) -> Result<(), Problem> {
        let classes: BTreeSet<FactorClass> =
            shown.iter().flat_map(|shown| shown.kind.classes()).copied().collect();
        let needed = usize::from(self.register().policy.factors_needed);
        if classes.len() >= needed { Ok(()) } else { Err(refusal()) }
    }

    /// Begins the session. The caller holds `changing`.
    pub(super) async fn begin(
        &self,
        proven: Proven,
        approach: &Approach<'_>,
        visit: &Visit<'_>,
    ) -> Result<LoggedIn, Problem> {
        let Proven { account, shown, lane, certified } = proven;
        let ends = identify::ends(&self.register(), &account);
        let kinds: Vec<FactorKind> = shown.iter().map(|shown| shown.kind).collect();
        // What is struck off for good must be written first.
        let spends = kinds.contains(&FactorKind::Recovery);
        let beginning = Beginning {
            account: account.id.clone(),
            device: certified.as_ref().map(|certified| certified.account.clone()),
            factors: kinds.clone(),
            way: visit.carrier,
            address: self.address(approach),
            agent: Agent::new(visit.agent),
        };
        let device = match visit.carrier {
            Carrier::Cookie => Some(self.device_token(visit)?),
            Carrier::Bearer => None,
        };
        let now = self.clock.now();
        let (mut begun, mut writing) = {
            let mut live = self.live();
            let begun = live.sessions.begin(beginning, ends, &*self.clock, &*self.entropy)?;
            let by_certificate = certified.as_ref().map(|certified| Known::Device(certified.account.clone()));
            let by_cookie = device.as_ref().map(|token| Known::Cookie(token.hash()));
            let known = by_certificate.into_iter().chain(by_cookie).collect();
            let mut notes = live.remember(&account.id, known, now);
            if let Some(name) = lane {
                let lane = live.lanes.succeeded(&name);
                notes.push(of_lane(&name, &lane));
            }
            live.sent.remove(&account.id);
            live.seen.insert(account.id.clone(), now);
            (begun, Writing { notes, ..Writing::default() })
        };
        for one in shown {
            writing.steps.extend(one.step);
            writing.notes.extend(one.note);
        }
        writing.changes = began(&begun)?;
        if let Err(problem) = self.write(&identify::actor(&account), writing).await {
            let mut live = self.live();
            if spends || !visit.noted || self.unless_stopped(problem.clone()).is_err() {
                // Nobody hears of a session of which nothing tells.
                live.sessions.take_back(begun);
                return Err(problem);
            }
            live.sessions.spare(&mut begun);
            live.unwritten.insert(begun.kept.session.id.clone());
        }
        let (session, ends) = (begun.kept.session.id.clone(), begun.kept.session.ends);
        Ok(LoggedIn { token: begun.token, device, session, account, ends, factors: kinds })
    }

    /// While writing is stopped people come in all the same, to look at what is proven (docs/decisions/061): what would be
    /// written is kept in memory.
    fn unless_stopped(&self, problem: Problem) -> Result<(), Problem> {
        if self.store.stopped() { Ok(()) } else { Err(problem) }
    }

    /// The cookie that a browser is to keep: the one it has, when it was given out here, or a new one. One that
    /// somebody made up never becomes known.
    fn device_token(&self, visit: &Visit<'_>) -> Result<DeviceToken, Problem> {
        let shown = visit.device.and_then(DeviceToken::parse);
        match shown.filter(|token| self.live().given_out(&token.hash())) {
            Some(token) => Ok(token),
            None => DeviceToken::generate(&*self.entropy),
        }
    }
}

/// The devices by which a try may be known.
pub(super) fn devices(certified: Option<&Certified>, visit: &Visit<'_>) -> Vec<Known> {
    let by_certificate = certified.map(|certified| Known::Device(certified.account.clone()));
    let by_cookie = visit.device.and_then(cookie_hash).map(Known::Cookie);
    by_certificate.into_iter().chain(by_cookie).collect()
}

fn cookie_hash(text: &str) -> Option<TokenHash> {
    DeviceToken::parse(text).map(|token| token.hash())
}
