//! The sessions of a facility, in memory. The journal holds their beginnings and ends, so that a restart ends none.
//!
//! **Looking a token up tells nothing of it.** The map is ordered by the SHA-256 of the tokens. How long a search takes
//! depends on how far two hashes agree, not on how far two tokens do. Whoever measured it could at best learn the
//! beginning of a hash, from which nobody finds a token of 256 random bits. So no comparison in constant time is needed.
//!
//! **The clock.** A session lives no longer because a clock was set back. The table remembers the latest reading. A step
//! back of up to [`CLOCK_STEP_SECONDS`] (a time server correcting) is made up for: for the table, time goes on from
//! where it was, and what is gained is no more than the time between two readings (a second). After a longer step nobody can say how old a session is: all end, and people log in again. The clock
//! is read in here and not by the caller, because only readings under the caller's lock are in order: a reading that a
//! thread carried about for a while would look like a clock set back.

mod record;
#[cfg(test)]
mod tests;

pub use record::{Carrier, Kept, Session, SessionId, ShownFactor};

use crate::session::codes::{SESSION_OVER, SESSION_UNKNOWN};
use crate::session::{Agent, SessionToken, TokenHash};
use crate::{AccountId, FactorKind};
use base::limits::SESSIONS_PER_ACCOUNT_MAX;
use base::{Clock, Entropy, Problem, Time};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// The longest step back of the clock that ends no session, in seconds.
pub const CLOCK_STEP_SECONDS: i64 = 5;

/// When a session ends. NIST SP 800-63B (draft of rev. 4, AAL2): 30 minutes and 12 hours; 15 minutes for duties that
/// need more care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ends {
    /// After so long without a request, in seconds.
    pub idle_seconds: u32,
    /// After so long in all, in seconds.
    pub absolute_seconds: u32,
}

impl Ends {
    /// For daily work.
    pub const USUAL: Self = Self { idle_seconds: 1_800, absolute_seconds: 43_200 };
    /// For duties that need more care.
    pub const PRIVILEGED: Self = Self { idle_seconds: 900, absolute_seconds: 43_200 };
}

/// A login that was accepted.
#[derive(Clone, Debug)]
pub struct Beginning {
    /// Whose.
    pub account: AccountId,
    /// The device's account, when its certificate was shown.
    pub device: Option<AccountId>,
    /// The factors shown.
    pub factors: Vec<FactorKind>,
    /// How the token will travel.
    pub way: Carrier,
    /// The client's address.
    pub address: IpAddr,
    /// What the client says it is.
    pub agent: Agent,
}

/// A session that just began, or began anew under another name.
#[derive(Debug)]
pub struct Begun {
    /// For the client, once.
    pub token: SessionToken,
    /// For the journal.
    pub kept: Kept,
    /// What ended because of it: the one renewed, or those beyond the most an account may have.
    pub ended: Vec<Session>,
    /// The same with the hashes of their tokens, for [`Sessions::take_back`].
    before: Vec<Kept>,
}

/// All sessions.
#[derive(Debug, Default)]
pub struct Sessions {
    by_token: BTreeMap<TokenHash, Session>,
    tokens: BTreeMap<SessionId, TokenHash>,
    of_account: BTreeMap<AccountId, BTreeSet<SessionId>>,
    /// Ended because the clock was set back, and not yet returned by [`Sessions::purge`].
    fallen: Vec<Session>,
    /// The present of this table, and how much that is ahead of the clock, in microseconds.
    present: Option<Time>,
    ahead: i64,
}

impl Sessions {
    /// The sessions written down before a restart. Those that are over by now are left out, and those that were used in
    /// what now is the future: the clock was set back in between.
    pub fn load(kept: impl IntoIterator<Item = Kept>, clock: &dyn Clock) -> Self {
        let now = clock.now();
        let mut sessions = Self { present: Some(now), ..Self::default() };
        let latest = now.plus_seconds(CLOCK_STEP_SECONDS);
        for kept in kept {
            if kept.session.seen.max(kept.session.began) <= latest && now < kept.session.over_at() {
                sessions.insert(kept);
            }
        }
        sessions
    }

    /// Begins a session with a new id and a new token. When the account has more than
    /// [`SESSIONS_PER_ACCOUNT_MAX`], those unused for longest end.
    ///
    /// # Errors
    /// `ID-0306` when `entropy` fails.
    pub fn begin(
        &mut self,
        beginning: Beginning,
        ends: Ends,
        clock: &dyn Clock,
        entropy: &dyn Entropy,
    ) -> Result<Begun, Problem> {
        let now = self.now(clock);
        let Beginning { account, device, factors, way, address, agent } = beginning;
        let factors = factors.into_iter().map(|kind| ShownFactor { kind, at: now }).collect();
        let session = Session {
            id: SessionId::generate(entropy)?,
            account,
            device,
            factors,
            began: now,
            seen: now,
            ends: now.plus_seconds(i64::from(ends.absolute_seconds)),
            idle_seconds: ends.idle_seconds,
            fresh_at: now,
            way,
            address,
            agent,
        };
        let token = SessionToken::generate(entropy)?;
        let ended = self.make_room(&session.account);
        Ok(self.enter(token, session, ended))
    }

    fn enter(&mut self, token: SessionToken, session: Session, before: Vec<Kept>) -> Begun {
        let kept = Kept { token: token.hash(), session };
        self.insert(kept.clone());
        let ended = before.iter().map(|kept| kept.session.clone()).collect();
        Begun { token, kept, ended, before }
    }

    /// Undoes a beginning that could not be written down: the session is over, and what ended because of it goes on.
    pub fn take_back(&mut self, begun: Begun) {
        self.remove(&begun.kept.session.id);
        for kept in begun.before {
            self.insert(kept);
        }
    }

    /// What ended because of a beginning goes on beside it, where nobody could write down that it ended.
    pub fn spare(&mut self, begun: &mut Begun) {
        for kept in std::mem::take(&mut begun.before) {
            self.insert(kept);
        }
    }

    /// Ends what an account has too much of when one more begins.
    fn make_room(&mut self, account: &AccountId) -> Vec<Kept> {
        let mut ids: Vec<(Time, SessionId)> =
            self.list(account).into_iter().map(|session| (session.seen, session.id.clone())).collect();
        ids.sort();
        let surplus = ids.len().saturating_sub(SESSIONS_PER_ACCOUNT_MAX - 1);
        ids.iter().take(surplus).filter_map(|(_, id)| self.remove(id)).collect()
    }

    /// The session whose token a caller shows, when it is not over. It is not yet a use of it: see [`Sessions::touch`].
    ///
    /// # Errors
    /// `ID-0303`: no such session, or it is over, or the token came another way than it was given out for.
    pub fn find(
        &mut self,
        token: &SessionToken,
        way: Carrier,
        clock: &dyn Clock,
    ) -> Result<&Session, Problem> {
        let now = self.now(clock);
        let live = |session: &&Session| session.way == way && now < session.over_at();
        self.by_token.get(&token.hash()).filter(live).ok_or_else(over)
    }

    /// Uses a session, by the rules that hold now: when its account got duties with shorter ends since, those count.
    /// A session that is over by them ends.
    ///
    /// # Errors
    /// `ID-0303`: no such session, or it is over.
    pub fn touch(&mut self, id: &SessionId, ends: Ends, clock: &dyn Clock) -> Result<&Session, Problem> {
        let now = self.now(clock);
        let session = self.tokens.get(id).and_then(|token| self.by_token.get_mut(token)).ok_or_else(over)?;
        session.idle_seconds = ends.idle_seconds;
        session.ends = session.ends.min(session.began.plus_seconds(i64::from(ends.absolute_seconds)));
        if now >= session.over_at() {
            return Err(over());
        }
        session.seen = now;
        Ok(session)
    }

    /// The same without using it: what a page does by itself keeps no session alive. With it comes the present moment.
    ///
    /// # Errors
    /// `ID-0303`: no such session, or it is over.
    pub fn look(
        &mut self,
        id: &SessionId,
        ends: Ends,
        clock: &dyn Clock,
    ) -> Result<(&Session, Time), Problem> {
        let now = self.now(clock);
        let session = self.get(id).ok_or_else(over)?;
        let idle = session.seen.plus_seconds(i64::from(ends.idle_seconds));
        let end = session.began.plus_seconds(i64::from(ends.absolute_seconds));
        if now >= session.over_at().min(idle).min(end) {
            return Err(over());
        }
        Ok((session, now))
    }

    /// Whether the session of this account that began at this moment goes on, under whichever id: what an app was granted
    /// in it lasts no longer. It is no use of the session.
    pub fn goes_on(&mut self, account: &AccountId, began: Time, clock: &dyn Clock) -> bool {
        let now = self.now(clock);
        self.list(account).iter().any(|session| session.began == began && now < session.over_at())
    }

    /// A further factor was shown: the session goes on under a new id and a new token, and the old ones are dead. Its
    /// absolute end stays.
    ///
    /// # Errors
    /// `ID-0303`: no such session, or it is over; `ID-0306` when `entropy` fails, and nothing changes.
    pub fn renew(
        &mut self,
        id: &SessionId,
        factor: FactorKind,
        clock: &dyn Clock,
        entropy: &dyn Entropy,
    ) -> Result<Begun, Problem> {
        let now = self.now(clock);
        let old = self.get(id).filter(|session| now < session.over_at()).ok_or_else(over)?;
        let mut session = Session { id: SessionId::generate(entropy)?, ..old.clone() };
        let token = SessionToken::generate(entropy)?;
        session.factors.push(ShownFactor { kind: factor, at: now });
        session.seen = now;
        session.fresh_at = now;
        let ended = self.remove(id).into_iter().collect();
        Ok(self.enter(token, session, ended))
    }

    /// Ends one session of this account.
    ///
    /// # Errors
    /// `ID-0304` when the account has no such session, also when another account has.
    pub fn end(&mut self, account: &AccountId, id: &SessionId) -> Result<Session, Problem> {
        let own = self.get(id).is_some_and(|session| session.account == *account);
        let ended = own.then(|| self.remove(id)).flatten().map(|kept| kept.session);
        ended.ok_or_else(|| Problem::new(&SESSION_UNKNOWN))
    }

    /// Ends all sessions of an account: it was disabled, or its duties changed.
    pub fn end_all(&mut self, account: &AccountId) -> Vec<Session> {
        self.end_where(|session| session.account == *account)
    }

    /// Ends all sessions of an account but this one: its password was changed in it.
    pub fn end_others(&mut self, account: &AccountId, but: &SessionId) -> Vec<Session> {
        self.end_where(|session| session.account == *account && session.id != *but)
    }

    /// Ends all sessions that began on this device: it was lost or disabled.
    pub fn end_on_device(&mut self, device: &AccountId) -> Vec<Session> {
        self.end_where(|session| session.device.as_ref() == Some(device))
    }

    /// The sessions of an account, those included that are over but not yet purged.
    pub fn list(&self, account: &AccountId) -> Vec<&Session> {
        let ids = self.of_account.get(account).into_iter().flatten();
        ids.filter_map(|id| self.get(id)).collect()
    }

    /// All sessions, those included that are over but not yet purged.
    pub fn all(&self) -> impl Iterator<Item = &Session> {
        self.by_token.values()
    }

    /// Ends what is over, and returns it for the journal. Called about every second: a session that is over is refused
    /// in any case.
    pub fn purge(&mut self, clock: &dyn Clock) -> Vec<Session> {
        let now = self.now(clock);
        let mut ended = std::mem::take(&mut self.fallen);
        ended.extend(self.end_where(|session| now >= session.over_at()));
        ended
    }

    /// The present of this table: it never runs back while a session is alive.
    fn now(&mut self, clock: &dyn Clock) -> Time {
        let reading = clock.now();
        let told = reading.plus_microseconds(self.ahead);
        let present = self.present.unwrap_or(told);
        let back = present.microseconds().saturating_sub(told.microseconds());
        let now = if back > CLOCK_STEP_SECONDS * 1_000_000 {
            let all = self.end_where(|_| true);
            self.fallen.extend(all);
            self.ahead = 0;
            reading
        } else {
            self.ahead = self.ahead.saturating_add(back.max(0));
            present.max(told)
        };
        self.present = Some(now);
        now
    }

    fn get(&self, id: &SessionId) -> Option<&Session> {
        self.tokens.get(id).and_then(|token| self.by_token.get(token))
    }

    fn insert(&mut self, Kept { token, session }: Kept) {
        self.tokens.insert(session.id.clone(), token);
        self.of_account.entry(session.account.clone()).or_default().insert(session.id.clone());
        self.by_token.insert(token, session);
    }

    fn remove(&mut self, id: &SessionId) -> Option<Kept> {
        let token = self.tokens.remove(id)?;
        let session = self.by_token.remove(&token)?;
        if let Some(ids) = self.of_account.get_mut(&session.account) {
            ids.remove(id);
            if ids.is_empty() {
                self.of_account.remove(&session.account);
            }
        }
        Some(Kept { token, session })
    }

    fn end_where(&mut self, which: impl Fn(&Session) -> bool) -> Vec<Session> {
        let ids: Vec<SessionId> = self
            .by_token
            .values()
            .filter(|session| which(session))
            .map(|session| session.id.clone())
            .collect();
        ids.iter().filter_map(|id| self.remove(id)).map(|kept| kept.session).collect()
    }
}

fn over() -> Problem {
    Problem::new(&SESSION_OVER)
}
