//! What changes with every login: sessions, the lock-out, used codes, known devices. Notes keep what is no event.

use super::Identity;
use crate::factor::sms;
use crate::kept::{end, load, put};
use crate::register::Register;
use crate::session::{
    Begun, Capacity, Kept, Known, Lane, LaneName, Lanes, Pending, Session, SessionId, Sessions, TokenHash,
    Way,
};
use crate::words::AccountId;
use base::{Clock, Problem, Time};
use std::collections::{BTreeMap, BTreeSet};
use store::{Actor, ActorKind, Batch, Change, Expected, Inside, Note};

/// Devices by which an account is known, at most; the oldest are forgotten.
const KNOWN_DEVICES_MAX: usize = 20;
/// PKCS#12 files that wait at a time, and for how long, in seconds.
const FILES_MAX: usize = 64;
const FILE_SECONDS: u32 = 900;
/// How old the stored time of an account's last use may get, in seconds.
const SEEN_SECONDS: i64 = 3_600;
/// The same for the last use of a session: after a restart it may end so much too early.
const TOUCHED_SECONDS: i64 = 60;

const LANE: &str = "lane/";
const USED: &str = "used/";
const SEEN: &str = "seen/";
const KNOWN: &str = "known/";
const SESSION: &str = "session/";
/// The note that a try at an account that is not there writes, so that it takes as long as any other.
const NOBODY: &str = "nobody";

/// What changes with logins rather than with administration.
pub(crate) struct Live {
    pub(crate) sessions: Sessions,
    pub(crate) lanes: Lanes,
    pub(crate) waiting: Pending<super::Waiting>,
    /// PKCS#12 files that wait for their devices.
    pub(crate) files: Pending<Vec<u8>>,
    /// Codes that were sent by SMS and not used yet.
    pub(crate) sent: BTreeMap<AccountId, sms::Pending>,
    /// The newest step of each one-time-code secret that was used.
    pub(crate) used: BTreeMap<String, u64>,
    /// When each account was last used, and what of it is stored.
    pub(crate) seen: BTreeMap<AccountId, Time>,
    stored: BTreeMap<AccountId, Time>,
    /// When each session was last used, as far as that is stored.
    touched: BTreeMap<SessionId, Time>,
    /// Sessions that began while writing was stopped: the journal does not know them, and they end once it is written again.
    pub(crate) unwritten: BTreeSet<SessionId>,
    /// Sessions that are over, and whose end the journal has not taken yet.
    pub(super) owed: Vec<Session>,
    /// The devices by which accounts are known, with the time of the last login from each.
    known: BTreeMap<LaneName, Time>,
}

impl Live {
    /// As journal and notes have it.
    pub(crate) fn load(inside: &Inside<'_>, clock: &dyn Clock) -> Result<Self, Problem> {
        let touched: BTreeMap<SessionId, Time> = pairs(inside, SESSION, SessionId::parse, Time::parse)?;
        let kept: Vec<Kept> = load(inside)?;
        let kept = kept.into_iter().map(|kept| last_used(kept, &touched));
        let mut lanes = Vec::new();
        for (name, text) in inside.notes(LANE)? {
            if let Some(name) = name.strip_prefix(LANE).and_then(LaneName::parse) {
                lanes.push((name, Lane::parse(&text)?));
            }
        }
        let seen: BTreeMap<AccountId, Time> = pairs(inside, SEEN, AccountId::parse, Time::parse)?;
        Ok(Self {
            sessions: Sessions::load(kept, clock),
            lanes: Lanes::load(lanes),
            waiting: Pending::new(Capacity::default()),
            files: Pending::new(Capacity { per_owner: FILES_MAX, in_all: FILES_MAX, seconds: FILE_SECONDS }),
            sent: BTreeMap::new(),
            used: pairs(inside, USED, |name| Some(name.to_owned()), |text| text.parse().ok())?,
            stored: seen.clone(),
            touched,
            unwritten: BTreeSet::new(),
            owed: Vec::new(),
            seen,
            known: pairs(inside, KNOWN, LaneName::parse, Time::parse)?,
        })
    }

    /// How a try comes to an account: from a device that is known by certificate or cookie, or from anywhere.
    pub(crate) fn way(&self, account: &AccountId, devices: Vec<Known>) -> Way {
        let known = |device: &Known| {
            self.known.contains_key(&LaneName { account: account.clone(), way: Way::Known(device.clone()) })
        };
        devices.into_iter().find(known).map_or(Way::Stranger, Way::Known)
    }

    /// Remembers devices of an account after a login, and forgets its oldest.
    pub(crate) fn remember(&mut self, account: &AccountId, devices: Vec<Known>, now: Time) -> Vec<Note> {
        let mut notes = Vec::new();
        for device in devices {
            let name = LaneName { account: account.clone(), way: Way::Known(device) };
            notes.push(note(KNOWN, &name, Some(now.to_string())));
            self.known.insert(name, now);
        }
        let mut theirs: Vec<(Time, LaneName)> = self
            .known
            .iter()
            .filter(|(name, _)| name.account == *account)
            .map(|(name, time)| (*time, name.clone()))
            .collect();
        theirs.sort();
        for (_, name) in theirs.iter().take(theirs.len().saturating_sub(KNOWN_DEVICES_MAX)) {
            self.known.remove(name);
            self.lanes.forget(name);
            notes.push(note(KNOWN, name, None));
            notes.push(note(LANE, name, None));
        }
        notes
    }

    /// What is written before the failed attempts of an account are forgotten.
    pub(crate) fn forgetting(&self, account: &AccountId) -> Vec<Note> {
        let theirs = self.known.keys().filter(|name| name.account == *account);
        let stranger = LaneName { account: account.clone(), way: Way::Stranger };
        theirs.chain([&stranger]).map(|name| note(LANE, name, None)).collect()
    }

    /// Forgets failed attempts, and a code that was sent. Devices stay known.
    pub(crate) fn forget(&mut self, account: &AccountId) {
        self.lanes.forget_account(account);
        self.sent.remove(account);
    }

    /// Whether this cookie was given out here: a browser keeps its one for everybody who works on it.
    pub(crate) fn given_out(&self, cookie: &TokenHash) -> bool {
        let is_it = |way: &Way| matches!(way, Way::Known(Known::Cookie(hash)) if hash == cookie);
        self.known.keys().any(|name| is_it(&name.way))
    }

    /// A one-time-code secret was used at this step: never again at it or at one before.
    pub(crate) fn use_step(&mut self, factor: &str, step: u64) -> Note {
        self.used.insert(factor.to_owned(), step);
        note(USED, &factor, Some(step.to_string()))
    }

    /// Ends the sessions that were good while writing was stopped.
    fn end_unwritten(&mut self) {
        let unwritten = std::mem::take(&mut self.unwritten);
        let accounts: Vec<(AccountId, SessionId)> = self
            .sessions
            .all()
            .filter(|session| unwritten.contains(&session.id))
            .map(|session| (session.account.clone(), session.id.clone()))
            .collect();
        for (account, id) in accounts {
            drop(self.sessions.end(&account, &id));
        }
    }

    /// The accounts that were used since that was stored.
    fn newly_seen(&self) -> Vec<(AccountId, Time)> {
        let stored = |id: &AccountId| self.stored.get(id).copied();
        let new = self.seen.iter().filter(|(id, seen)| later(**seen, stored(id), SEEN_SECONDS));
        new.map(|(id, seen)| (id.clone(), *seen)).collect()
    }

    /// The sessions whose last use is to be stored, or to be forgotten because they ended.
    fn newly_touched(&self) -> Vec<(SessionId, Option<Time>)> {
        let stored = |id: &SessionId| self.touched.get(id).copied();
        let used: BTreeMap<&SessionId, (Time, Time)> =
            self.sessions.all().map(|session| (&session.id, (session.began, session.seen))).collect();
        let new = used.iter().filter_map(|(id, (began, seen))| {
            let before = stored(id).unwrap_or(*began);
            later(*seen, Some(before), TOUCHED_SECONDS).then(|| ((*id).clone(), Some(*seen)))
        });
        let gone = self.touched.keys().filter(|id| !used.contains_key(id)).map(|id| (id.clone(), None));
        new.chain(gone).collect()
    }
}

/// Whether a moment is so much later than the one that is stored.
fn later(moment: Time, stored: Option<Time>, seconds: i64) -> bool {
    stored.is_none_or(|stored| {
        moment.microseconds().saturating_sub(stored.microseconds()) >= seconds.saturating_mul(1_000_000)
    })
}

/// What is to be written by [`Identity::tidy_up`].
struct Tidying {
    over: Vec<Session>,
    seen: Vec<(AccountId, Time)>,
    touched: Vec<(SessionId, Option<Time>)>,
}

impl Tidying {
    fn is_empty(&self) -> bool {
        self.over.is_empty() && self.seen.is_empty() && self.touched.is_empty()
    }

    fn notes(&self) -> Vec<Note> {
        let seen = self.seen.iter().map(|(id, time)| note(SEEN, id, Some(time.to_string())));
        let touched = self.touched.iter();
        let touched = touched.map(|(id, time)| note(SESSION, id, time.map(|time| time.to_string())));
        seen.chain(touched).collect()
    }
}

fn pairs<K: Ord, V>(
    inside: &Inside<'_>,
    prefix: &str,
    key: impl Fn(&str) -> Option<K>,
    value: impl Fn(&str) -> Option<V>,
) -> Result<BTreeMap<K, V>, Problem> {
    let rows = inside.notes(prefix)?;
    Ok(rows
        .iter()
        .filter_map(|(name, text)| Some((key(name.strip_prefix(prefix)?)?, value(text)?)))
        .collect())
}

/// A session as it was when it was last used, not as it was when it began.
fn last_used(mut kept: Kept, touched: &BTreeMap<SessionId, Time>) -> Kept {
    if let Some(seen) = touched.get(&kept.session.id) {
        kept.session.seen = kept.session.seen.max(*seen);
    }
    kept
}

fn note(prefix: &str, name: &dyn std::fmt::Display, text: Option<String>) -> Note {
    Note { name: format!("{prefix}{name}"), text }
}

/// The note that keeps a lane.
pub(crate) fn of_lane(name: &LaneName, lane: &Lane) -> Note {
    note(LANE, name, Some(lane.to_text()))
}

/// The note of a try at nobody.
pub(crate) fn of_nobody(now: Time) -> Note {
    Note { name: NOBODY.to_owned(), text: Some(now.to_string()) }
}

/// What the journal gets to know of a session that began.
pub(crate) fn began(begun: &Begun) -> Result<Vec<Change>, Problem> {
    let mut changes = vec![put(&begun.kept, Expected::Absent)?];
    changes.extend(ended(&begun.ended)?);
    Ok(changes)
}

/// What the journal gets to know of sessions that ended.
pub(crate) fn ended(sessions: &[Session]) -> Result<Vec<Change>, Problem> {
    sessions.iter().map(|session| end::<Kept>(session.id.as_str())).collect()
}

impl Identity {
    /// Keeps notes, and waits until they are on the disk.
    pub(super) async fn keep(&self, notes: Vec<Note>) -> Result<(), Problem> {
        let by = Actor::new(ActorKind::System, "akashi");
        self.store.append_identities(Batch { notes, ..Batch::new(by, Vec::new()) }).await.map(|_| ())
    }

    /// Ends what is over, and stores when accounts were last used. Called about every second.
    ///
    /// # Errors
    /// The journal takes nothing at this moment; what is over is refused in any case.
    pub async fn tidy_up(&self) -> Result<(), Problem> {
        self.tidy_up_apps().await?;
        let tidying = {
            let register = self.register();
            let mut live = self.live();
            let mut over = std::mem::take(&mut live.owed);
            over.extend(live.sessions.purge(&*self.clock));
            over.extend(useless(&register, &mut live, self.clock.now()));
            // What the journal does not know does not end there either.
            over.retain(|session| !live.unwritten.remove(&session.id));
            if !self.store.stopped() {
                live.end_unwritten();
            }
            Tidying { over, seen: live.newly_seen(), touched: live.newly_touched() }
        };
        if tidying.is_empty() {
            return Ok(());
        }
        let by = Actor::new(ActorKind::System, "akashi");
        let batch = Batch { notes: tidying.notes(), ..Batch::new(by, ended(&tidying.over)?) };
        let written = self.store.append_identities(batch).await.map(|_| ());
        self.tidied(tidying, written.is_ok());
        written
    }

    /// What was written is known to be stored; the ends that were not are owed to the journal, or a restart would
    /// bring these sessions back.
    fn tidied(&self, tidying: Tidying, written: bool) {
        let mut live = self.live();
        if !written {
            live.owed.extend(tidying.over);
            return;
        }
        live.stored.extend(tidying.seen);
        for (id, time) in tidying.touched {
            match time {
                Some(time) => live.touched.insert(id, time),
                None => live.touched.remove(&id),
            };
        }
    }
}

/// Sessions of accounts that may not be used any more: a work order has ended.
fn useless(register: &Register, live: &mut Live, now: Time) -> Vec<Session> {
    let of_nobody: BTreeSet<AccountId> = register
        .accounts
        .values()
        .filter(|account| !account.usable(now) && !live.sessions.list(&account.id).is_empty())
        .map(|account| account.id.clone())
        .collect();
    of_nobody.iter().flat_map(|account| live.sessions.end_all(account)).collect()
}
