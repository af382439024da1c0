//! What changes with every login: sessions, the lock-out, used codes, known devices. Notes keep what is no event.

use super::Identity;
use crate::factor::sms;
use crate::kept::{end, load, put};
use crate::register::Register;
use crate::session::{Begun, Capacity, Kept, Known, Lane, LaneName, Lanes, Pending, Session, Sessions, Way};
use crate::words::AccountId;
use base::{Clock, Problem, Time};
use std::collections::{BTreeMap, BTreeSet};
use store::{Actor, ActorKind, Batch, Change, Expected, Note, Snapshot};

/// Devices by which an account is known, at most; the oldest are forgotten.
const KNOWN_DEVICES_MAX: usize = 20;
/// PKCS#12 files that wait at a time, and for how long, in seconds.
const FILES_MAX: usize = 64;
const FILE_SECONDS: u32 = 900;
/// How old the stored time of an account's last use may get, in seconds.
const SEEN_SECONDS: i64 = 3_600;

const LANE: &str = "lane/";
const USED: &str = "used/";
const SEEN: &str = "seen/";
const KNOWN: &str = "known/";
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
    /// The devices by which accounts are known, with the time of the last login from each.
    known: BTreeMap<LaneName, Time>,
}

impl Live {
    /// As journal and notes have it.
    pub(crate) fn load(snapshot: &Snapshot<'_>, clock: &dyn Clock) -> Result<Self, Problem> {
        let kept: Vec<Kept> = load(snapshot)?;
        let mut lanes = Vec::new();
        for (name, text) in snapshot.notes(LANE)? {
            if let Some(name) = LaneName::parse(name.strip_prefix(LANE).unwrap_or_default()) {
                lanes.push((name, Lane::parse(&text)?));
            }
        }
        let seen: BTreeMap<AccountId, Time> = pairs(snapshot, SEEN, AccountId::parse, Time::parse)?;
        Ok(Self {
            sessions: Sessions::load(kept, clock),
            lanes: Lanes::load(lanes),
            waiting: Pending::new(Capacity::default()),
            files: Pending::new(Capacity { per_owner: FILES_MAX, in_all: FILES_MAX, seconds: FILE_SECONDS }),
            sent: BTreeMap::new(),
            used: pairs(snapshot, USED, |name| Some(name.to_owned()), |text| text.parse().ok())?,
            stored: seen.clone(),
            seen,
            known: pairs(snapshot, KNOWN, LaneName::parse, Time::parse)?,
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

    /// Forgets failed attempts and known devices of an account.
    pub(crate) fn forget(&mut self, account: &AccountId) -> Vec<Note> {
        self.lanes.forget_account(account);
        self.sent.remove(account);
        let theirs: Vec<LaneName> =
            self.known.keys().filter(|name| name.account == *account).cloned().collect();
        let stranger = LaneName { account: account.clone(), way: Way::Stranger };
        let mut notes = vec![note(LANE, &stranger, None)];
        for name in theirs {
            notes.push(note(LANE, &name, None));
        }
        notes
    }

    /// A one-time-code secret was used at this step: never again at it or at one before.
    pub(crate) fn use_step(&mut self, factor: &str, step: u64) -> Note {
        self.used.insert(factor.to_owned(), step);
        note(USED, &factor, Some(step.to_string()))
    }

    /// Notes for the accounts that were used since they were stored.
    fn store_seen(&mut self) -> Vec<Note> {
        let mut notes = Vec::new();
        for (account, seen) in &self.seen {
            let stored = self.stored.get(account);
            if stored
                .is_none_or(|stored| seen.microseconds() - stored.microseconds() >= SEEN_SECONDS * 1_000_000)
            {
                notes.push(note(SEEN, account, Some(seen.to_string())));
                self.stored.insert(account.clone(), *seen);
            }
        }
        notes
    }
}

fn pairs<K: Ord, V>(
    snapshot: &Snapshot<'_>,
    prefix: &str,
    key: impl Fn(&str) -> Option<K>,
    value: impl Fn(&str) -> Option<V>,
) -> Result<BTreeMap<K, V>, Problem> {
    let rows = snapshot.notes(prefix)?;
    Ok(rows
        .iter()
        .filter_map(|(name, text)| Some((key(name.strip_prefix(prefix)?)?, value(text)?)))
        .collect())
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
        self.store.append(Batch { notes, ..Batch::new(by, Vec::new()) }).await.map(|_| ())
    }

    /// Ends what is over, and stores when accounts were last used. Called about every second.
    ///
    /// # Errors
    /// The journal takes nothing at this moment; what is over is refused in any case.
    pub async fn tidy_up(&self) -> Result<(), Problem> {
        let (over, notes) = {
            let register = self.register();
            let mut live = self.live();
            let mut over = live.sessions.purge(&*self.clock);
            over.extend(useless(&register, &mut live, self.clock.now()));
            (over, live.store_seen())
        };
        if over.is_empty() && notes.is_empty() {
            return Ok(());
        }
        let by = Actor::new(ActorKind::System, "akashi");
        let batch = Batch { notes, ..Batch::new(by, ended(&over)?) };
        self.store.append(batch).await.map(|_| ())
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
