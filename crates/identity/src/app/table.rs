//! What apps hold at this moment: requests that wait for a person, codes, access tokens, and the assertions that were
//! used. All of it is short-lived and in memory; of assertions, notes make sure that a restart forgets none.

use crate::app::AppId;
use crate::session::table::CLOCK_STEP_SECONDS;
use crate::session::{AccessToken, AuthorizationCode, Capacity, Pending, TokenHash};
use crate::words::{AccountId, FactorKind};
use access::Scopes;
use base::{Entropy, Problem, Time};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::Note;

/// How long an access token lasts, in seconds.
pub const ACCESS_SECONDS: u32 = 300;
/// How long a code can be exchanged, in seconds (RFC 6749, section 4.1.2, recommends ten minutes at most).
pub const CODE_SECONDS: u32 = 60;
/// Access tokens of one app at a time, at most; the oldest end.
const TOKENS_PER_APP_MAX: usize = 4_096;
/// How long somebody may take to log in and decide, in seconds.
const ASKED_SECONDS: u32 = 900;
/// Requests that wait at a time, in all; and of one sender, behind whose address a whole hospital may stand.
const ASKED_MAX: usize = 4_096;
const ASKED_PER_OWNER_MAX: usize = 1_024;

/// How notes about assertions begin.
pub(crate) const ASSERTION: &str = "assertion/";

/// A request that waits for a person.
#[derive(Clone, Debug)]
pub(crate) struct Asking {
    pub(crate) app: AppId,
    pub(crate) redirect: String,
    pub(crate) state: String,
    pub(crate) challenge: String,
    /// What may be granted.
    pub(crate) scopes: String,
}

/// What a code stands for.
#[derive(Clone, Debug)]
pub(crate) struct Ready {
    pub(crate) asking: Asking,
    pub(crate) account: AccountId,
    /// When the session began in which it was allowed.
    pub(crate) began: Time,
    /// When that session ends at the latest.
    pub(crate) ends: Time,
    pub(crate) factors: Vec<FactorKind>,
    pub(crate) patient: Option<String>,
}

/// What an access token stands for.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) app: AppId,
    pub(crate) account: AccountId,
    /// The grant it rests on; none for a service.
    pub(crate) grant: Option<String>,
    pub(crate) scopes: Arc<Scopes>,
    pub(crate) text: String,
    pub(crate) patient: Option<String>,
    pub(crate) factors: Vec<FactorKind>,
    /// The account of the certificate over whose connection it was given out.
    pub(crate) device: Option<AccountId>,
    pub(crate) made: Time,
}

impl Held {
    /// When it ends by itself.
    pub(crate) fn ends(&self) -> Time {
        self.made.plus_seconds(i64::from(ACCESS_SECONDS))
    }
}

/// What apps hold.
#[derive(Debug)]
pub(crate) struct Table {
    /// Requests whose person is not known yet.
    pub(crate) asked: Pending<Asking>,
    /// Requests that are shown to somebody who decides.
    pub(crate) consents: Pending<Asking>,
    codes: BTreeMap<TokenHash, (Time, Ready)>,
    tokens: BTreeMap<TokenHash, Held>,
    /// Assertions that were used, and until when that must be known.
    used: BTreeMap<String, Time>,
}

impl Table {
    /// An empty table, with the assertions of which notes tell.
    pub(crate) fn load(notes: impl IntoIterator<Item = (String, String)>) -> Self {
        let capacity = Capacity { per_owner: ASKED_PER_OWNER_MAX, in_all: ASKED_MAX, seconds: ASKED_SECONDS };
        let of_note = |(name, text): (String, String)| {
            Some((name.strip_prefix(ASSERTION)?.to_owned(), Time::parse(&text)?))
        };
        Self {
            asked: Pending::new(capacity),
            consents: Pending::new(capacity),
            codes: BTreeMap::new(),
            tokens: BTreeMap::new(),
            used: notes.into_iter().filter_map(of_note).collect(),
        }
    }

    /// Uses an assertion up; the note that keeps this, or none when it was used before.
    pub(crate) fn use_assertion(&mut self, id: TokenHash, until: Time) -> Option<Note> {
        let id = id.to_string();
        if self.used.contains_key(&id) {
            return None;
        }
        let note = Note { name: format!("{ASSERTION}{id}"), text: Some(until.to_string()) };
        self.used.insert(id, until);
        Some(note)
    }

    /// Forgets the assertions that are too old to be used again: the notes by which that is written.
    pub(crate) fn forget_assertions(&mut self, now: Time) -> Vec<Note> {
        let old: Vec<String> =
            self.used.iter().filter(|(_, until)| **until <= now).map(|(id, _)| id.clone()).collect();
        old.into_iter()
            .map(|id| {
                self.used.remove(&id);
                Note { name: format!("{ASSERTION}{id}"), text: None }
            })
            .collect()
    }

    /// Makes a code.
    pub(crate) fn make_code(
        &mut self,
        ready: Ready,
        now: Time,
        entropy: &dyn Entropy,
    ) -> Result<AuthorizationCode, Problem> {
        self.codes.retain(|_, (made, _)| in_time(*made, CODE_SECONDS, now));
        let code = AuthorizationCode::generate(entropy)?;
        self.codes.insert(code.hash(), (now, ready));
        Ok(code)
    }

    /// Takes what a code stands for; it works once, whatever comes of it.
    pub(crate) fn take_code(&mut self, code: TokenHash, now: Time) -> Option<Ready> {
        let (made, ready) = self.codes.remove(&code)?;
        in_time(made, CODE_SECONDS, now).then_some(ready)
    }

    /// Gives out an access token.
    pub(crate) fn give(&mut self, held: Held, entropy: &dyn Entropy) -> Result<AccessToken, Problem> {
        let now = held.made;
        self.tokens.retain(|_, other| in_time(other.made, ACCESS_SECONDS, now));
        let of_app = || self.tokens.iter().filter(|(_, other)| other.app == held.app);
        if of_app().count() >= TOKENS_PER_APP_MAX
            && let Some(oldest) = of_app().min_by_key(|(_, other)| other.made).map(|(hash, _)| *hash)
        {
            self.tokens.remove(&oldest);
        }
        let token = AccessToken::generate(entropy)?;
        self.tokens.insert(token.hash(), held);
        Ok(token)
    }

    /// What an access token stands for, if its time is not over.
    pub(crate) fn find(&self, token: TokenHash, now: Time) -> Option<&Held> {
        self.tokens.get(&token).filter(|held| in_time(held.made, ACCESS_SECONDS, now))
    }

    /// Ends an access token.
    pub(crate) fn end(&mut self, token: TokenHash) {
        self.tokens.remove(&token);
    }

    /// Ends all access tokens that rest on a grant.
    pub(crate) fn end_grant(&mut self, grant: &str) {
        self.tokens.retain(|_, held| held.grant.as_deref() != Some(grant));
    }
}

/// Whether something made at one moment is good at another: a clock that was set back by more than a correction makes
/// all that was made before no good.
fn in_time(made: Time, seconds: u32, now: Time) -> bool {
    made <= now.plus_seconds(CLOCK_STEP_SECONDS) && now < made.plus_seconds(i64::from(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::SeededEntropy;

    fn at(seconds: i64) -> Time {
        Time::parse("2026-04-01T00:00:00Z").unwrap().plus_seconds(seconds)
    }

    fn held(app: &str, seconds: i64) -> Held {
        Held {
            app: AppId::parse(app).unwrap(),
            account: AccountId::parse("hana").unwrap(),
            grant: Some("g".to_owned()),
            scopes: Arc::new(Scopes::default()),
            text: String::new(),
            patient: None,
            factors: Vec::new(),
            device: None,
            made: at(seconds),
        }
    }

    fn table() -> Table {
        Table::load(Vec::new())
    }

    #[test]
    fn an_assertion_is_used_once_also_by_what_notes_tell() {
        let id = TokenHash::of("x");
        let mut table = table();
        let note = table.use_assertion(id, at(60)).unwrap();
        assert_eq!(table.use_assertion(id, at(60)), None);
        let mut after = Table::load([(note.name.clone(), note.text.unwrap())]);
        assert_eq!(after.use_assertion(id, at(60)), None);
        assert_eq!(after.forget_assertions(at(59)), []);
        assert_eq!(after.forget_assertions(at(60)), [Note { name: note.name, text: None }]);
        assert!(after.use_assertion(id, at(120)).is_some());
    }

    #[test]
    fn a_token_is_good_for_its_time_and_not_before_a_clock_that_was_set_back() {
        let mut table = table();
        let token = table.give(held("viewer", 0), &SeededEntropy::new(1)).unwrap().hash();
        for (seconds, good) in [(-6, false), (-5, true), (0, true), (299, true), (300, false)] {
            assert_eq!(table.find(token, at(seconds)).is_some(), good, "{seconds}");
        }
    }

    #[test]
    fn an_app_has_so_many_tokens_and_no_more() {
        let (mut table, entropy) = (table(), SeededEntropy::new(1));
        let other = table.give(held("other", 0), &entropy).unwrap().hash();
        let first = table.give(held("viewer", 0), &entropy).unwrap().hash();
        for _ in 0..TOKENS_PER_APP_MAX {
            table.give(held("viewer", 1), &entropy).unwrap();
        }
        assert!(table.find(first, at(1)).is_none() && table.find(other, at(1)).is_some());
        assert_eq!(table.tokens.len(), TOKENS_PER_APP_MAX + 1);
        table.end_grant("g");
        assert!(table.tokens.is_empty());
    }
}
