//! Sessions over a virtual day, with clocks that misbehave.

use super::*;
use base::{ManualClock, SeededEntropy};

const MINUTE: i64 = 60;
const HOUR: i64 = 3_600;

fn at(seconds: i64) -> Time {
    Time::parse("2026-04-01T00:00:00Z").unwrap().plus_seconds(seconds)
}

fn id(text: &str) -> AccountId {
    AccountId::parse(text).unwrap()
}

fn login(account: &str) -> Beginning {
    Beginning {
        account: id(account),
        device: Some(id("tablet.3")),
        factors: vec![FactorKind::Password, FactorKind::Totp],
        way: Carrier::Cookie,
        address: "192.0.2.1".parse().unwrap(),
        agent: Agent::new("Browser/1.0"),
    }
}

/// A table with its clock and its chance.
struct Room {
    sessions: Sessions,
    clock: ManualClock,
    entropy: SeededEntropy,
}

impl Room {
    fn new() -> Self {
        let clock = ManualClock::new(at(0), 0);
        Self { sessions: Sessions::default(), clock, entropy: SeededEntropy::new(1) }
    }

    fn begin(&mut self, account: &str) -> Begun {
        self.sessions.begin(login(account), Ends::USUAL, &self.clock, &self.entropy).unwrap()
    }

    fn set(&self, seconds: i64) {
        self.clock.set(at(seconds));
    }

    fn lives(&mut self, token: &SessionToken) -> bool {
        match self.sessions.find(token, Carrier::Cookie, &self.clock) {
            Ok(_) => true,
            Err(problem) => {
                assert_eq!(problem.code().id, "ID-0303");
                false
            }
        }
    }

    /// Finds and touches, as each request does.
    fn used(&mut self, begun: &Begun, ends: Ends) -> bool {
        self.lives(&begun.token) && self.sessions.touch(&begun.kept.session.id, ends, &self.clock).is_ok()
    }
}

#[test]
fn a_session_is_found_by_its_token_only() {
    let mut room = Room::new();
    let (first, second) = (room.begin("a"), room.begin("b"));
    assert!(first.token.reveal() != second.token.reveal());
    let found = room.sessions.find(&first.token, Carrier::Cookie, &room.clock).unwrap();
    assert_eq!(found, &first.kept.session);
    let other = SessionToken::generate(&room.entropy).unwrap();
    assert!(!room.lives(&other));
    let as_bearer = room.sessions.find(&first.token, Carrier::Bearer, &room.clock);
    assert_eq!(as_bearer.unwrap_err().code().id, "ID-0303", "a cookie's token is no bearer token");
}

#[test]
fn a_session_ends_after_half_an_hour_without_a_request() {
    let mut room = Room::new();
    let begun = room.begin("a");
    room.set(30 * MINUTE - 1);
    assert!(room.used(&begun, Ends::USUAL));
    room.set(60 * MINUTE - 2);
    assert!(room.lives(&begun.token), "the request before counts");
    room.set(60 * MINUTE - 1);
    assert!(!room.used(&begun, Ends::USUAL));
}

#[test]
fn looking_a_session_up_does_not_prolong_it() {
    let mut room = Room::new();
    let begun = room.begin("a");
    room.set(20 * MINUTE);
    assert!(room.lives(&begun.token));
    room.set(30 * MINUTE);
    assert!(!room.lives(&begun.token));
}

#[test]
fn a_session_ends_after_half_a_day_however_busy() {
    let mut room = Room::new();
    let begun = room.begin("a");
    let mut minutes = 0;
    while room.used(&begun, Ends::USUAL) {
        minutes += 1;
        room.set(minutes * MINUTE);
    }
    assert_eq!(minutes, 12 * 60);
}

#[test]
fn duties_that_need_more_care_count_at_once() {
    let mut room = Room::new();
    let begun = room.begin("a");
    room.set(16 * MINUTE);
    assert!(!room.used(&begun, Ends::PRIVILEGED), "idle for more than 15 minutes");
    let again = room.begin("a");
    assert!(room.used(&again, Ends { idle_seconds: 900, absolute_seconds: 60 }));
    room.set(17 * MINUTE);
    assert!(!room.lives(&again.token), "a shorter end in all");
    assert!(!room.used(&again, Ends::USUAL), "no longer one brings it back");
    assert_eq!(room.sessions.purge(&room.clock).len(), 2);
}

#[test]
fn duties_that_need_less_care_prolong_no_session() {
    let mut room = Room::new();
    let begun = room.sessions.begin(login("a"), Ends::PRIVILEGED, &room.clock, &room.entropy).unwrap();
    assert!(room.used(&begun, Ends { idle_seconds: 900, absolute_seconds: 60 }));
    assert!(room.used(&begun, Ends::USUAL));
    room.set(MINUTE);
    assert!(!room.lives(&begun.token));
}

#[test]
fn a_further_factor_gives_a_new_token_and_kills_the_old_one() {
    let mut room = Room::new();
    let old = room.begin("a");
    room.set(MINUTE);
    let id = &old.kept.session.id;
    let new = room.sessions.renew(id, FactorKind::Passkey, &room.clock, &room.entropy).unwrap();
    assert!(!room.lives(&old.token) && room.lives(&new.token));
    let (before, after) = (&old.kept.session, &new.kept.session);
    assert!(before.id != after.id && old.token.reveal() != new.token.reveal());
    assert_eq!(new.ended, std::slice::from_ref(before));
    assert_eq!((after.began, after.ends), (before.began, before.ends), "it ends when it would have ended");
    assert_eq!((after.fresh_at, after.seen), (at(MINUTE), at(MINUTE)));
    assert_eq!(after.factors.last().unwrap(), &ShownFactor { kind: FactorKind::Passkey, at: at(MINUTE) });
    assert_eq!(after.factors.len(), 3);
    let dead = room.sessions.renew(id, FactorKind::Passkey, &room.clock, &room.entropy);
    assert_eq!(dead.unwrap_err().code().id, "ID-0303");
    room.set(HOUR);
    let idle = room.sessions.renew(&after.id, FactorKind::Passkey, &room.clock, &room.entropy);
    assert_eq!(idle.unwrap_err().code().id, "ID-0303", "what is over is not brought back");
}

#[test]
fn each_login_has_its_own_id() {
    let mut room = Room::new();
    let ids: BTreeSet<String> =
        (0..500).map(|n| room.begin(&format!("a{n}")).kept.session.id.into()).collect();
    assert_eq!(ids.len(), 500);
    assert!(ids.iter().all(|id| SessionId::parse(id).is_some()));
    for bad in ["", "0", &"0".repeat(31), &"A".repeat(32), &"/".repeat(32)] {
        assert!(SessionId::parse(bad).is_none(), "{bad}");
    }
}

#[test]
fn people_see_and_end_their_own_sessions_only() {
    let mut room = Room::new();
    let (mine, other) = (room.begin("a"), room.begin("b"));
    assert_eq!(room.sessions.list(&id("a")), [&mine.kept.session]);
    for (account, session) in [("a", &other), ("b", &mine), ("c", &mine)] {
        let refused = room.sessions.end(&id(account), &session.kept.session.id);
        assert_eq!(refused.unwrap_err().code().id, "ID-0304");
    }
    room.sessions.end(&id("a"), &mine.kept.session.id).unwrap();
    assert!(!room.lives(&mine.token) && room.lives(&other.token));
    assert!(room.sessions.list(&id("a")).is_empty());
}

#[test]
fn all_sessions_of_an_account_or_a_device_end_at_once() {
    let mut room = Room::new();
    let begun = ["a", "a", "a", "b"].map(|account| room.begin(account));
    assert_eq!(room.sessions.end_others(&id("a"), &begun[1].kept.session.id).len(), 2);
    assert_eq!([0, 1, 2, 3].map(|n| room.lives(&begun[n].token)), [false, true, false, true]);
    assert_eq!(room.sessions.end_all(&id("a")).len(), 1);
    assert_eq!([0, 1, 2, 3].map(|n| room.lives(&begun[n].token)), [false, false, false, true]);
    assert!(room.sessions.end_on_device(&id("tablet.4")).is_empty());
    assert_eq!(room.sessions.end_on_device(&id("tablet.3")).len(), 1);
    assert!(!room.lives(&begun[3].token));
}

#[test]
fn the_session_unused_for_longest_makes_room_for_a_new_one() {
    let mut room = Room::new();
    let first = room.begin("a");
    let mut rest = Vec::new();
    for second in 1..i64::try_from(SESSIONS_PER_ACCOUNT_MAX).unwrap() {
        room.set(second);
        rest.push(room.begin("a"));
    }
    room.set(100);
    assert!(room.used(&first, Ends::USUAL));
    let last = room.begin("a");
    assert_eq!(last.ended, [rest[0].kept.session.clone()]);
    assert!(room.lives(&first.token) && !room.lives(&rest[0].token) && room.lives(&last.token));
    assert_eq!(room.sessions.list(&id("a")).len(), SESSIONS_PER_ACCOUNT_MAX);
}

#[test]
fn what_is_over_is_purged_and_told_once() {
    let mut room = Room::new();
    let (_, second) = (room.begin("a"), room.begin("b"));
    room.set(20 * MINUTE);
    assert!(room.used(&second, Ends::USUAL));
    room.set(30 * MINUTE);
    let ended = room.sessions.purge(&room.clock);
    assert_eq!(ended.iter().map(|session| session.account.as_str()).collect::<Vec<_>>(), ["a"]);
    assert!(room.sessions.purge(&room.clock).is_empty());
    assert!(room.sessions.by_token.len() == 1 && room.sessions.tokens.len() == 1);
    assert_eq!(room.sessions.of_account.len(), 1);
}

#[test]
fn a_restart_ends_no_session_and_keeps_no_token() {
    let mut room = Room::new();
    let (begun, other) = (room.begin("a"), room.begin("b"));
    room.set(10 * MINUTE);
    assert!(room.used(&other, Ends::USUAL));
    let text = serde_json::to_string(&begun.kept).unwrap();
    assert!(!text.contains(begun.token.reveal()) && !text.contains("as1_"), "{text}");
    let kept: Kept = serde_json::from_str(&text).unwrap();
    assert_eq!(kept, begun.kept);
    room.sessions = Sessions::load([kept.clone()], &room.clock);
    assert!(room.lives(&begun.token) && !room.lives(&other.token));
    room.set(30 * MINUTE);
    room.sessions = Sessions::load([kept], &room.clock);
    assert!(!room.lives(&begun.token), "over in the meantime");
}

#[test]
fn a_record_that_was_changed_into_nonsense_is_refused() {
    let kept = serde_json::to_value(Room::new().begin("a").kept).unwrap();
    for (name, value) in [("began", "yesterday"), ("id", "../x"), ("account", "A B"), ("address", "here")] {
        let mut broken = kept.clone();
        broken["session"][name] = value.into();
        assert!(serde_json::from_value::<Kept>(broken).is_err(), "{name}");
    }
}

/// Steps of the clock, in seconds, one minute after a login, and after how many real seconds the session then ends when
/// nothing is asked any more: 0 for at once.
const STEPS: [(i64, i64); 12] = [
    (0, 1_740),
    (1, 1_739),
    (-1, 1_740),
    (-5, 1_740),
    (-6, 0),
    (-HOUR, 0),
    (-86_400, 0),
    (-10 * 365 * 86_400, 0),
    (HOUR, 0),
    (1_739, 1),
    (1_740, 0),
    (10 * 365 * 86_400, 0),
];

#[test]
fn no_step_of_the_clock_lets_a_session_live_longer() {
    for (step, rest) in STEPS {
        let mut room = Room::new();
        let begun = room.begin("a");
        room.set(MINUTE);
        assert!(room.lives(&begun.token));
        let mut lived = 0;
        for second in 0..2 * HOUR {
            room.set(MINUTE + step + second);
            lived += i64::from(room.lives(&begun.token));
        }
        assert_eq!(lived, rest, "{step}");
        assert_eq!(room.sessions.purge(&room.clock).len(), 1, "{step}");
    }
}

#[test]
fn a_clock_that_steps_back_again_and_again_keeps_no_session_alive() {
    let mut room = Room::new();
    let begun = room.begin("a");
    let (mut real, mut steps, mut reading) = (0, 0, 0);
    while room.lives(&begun.token) {
        real += 1;
        steps += i64::from(real % 5 == 0);
        reading += if real % 5 == 0 { -4 } else { 1 };
        room.set(reading);
    }
    assert!(real <= 30 * MINUTE + steps, "{real}: more than the second between two readings, each time");
}

#[test]
fn a_session_of_the_future_is_not_loaded() {
    let mut room = Room::new();
    room.set(HOUR);
    let begun = room.begin("a");
    for (now, kept) in [(HOUR - 5, true), (HOUR - 6, false), (0, false)] {
        room.set(now);
        room.sessions = Sessions::load([begun.kept.clone()], &room.clock);
        assert_eq!(room.lives(&begun.token), kept, "{now}");
    }
}

#[test]
fn without_random_bytes_no_session_begins_and_none_ends() {
    #[derive(Debug)]
    struct Dry;
    impl Entropy for Dry {
        fn fill(&self, _: &mut [u8]) -> Result<(), base::entropy::EntropyFailed> {
            Err(base::entropy::EntropyFailed)
        }
    }
    let mut room = Room::new();
    let begun = room.begin("a");
    let none = room.sessions.begin(login("a"), Ends::USUAL, &room.clock, &Dry);
    assert_eq!(none.unwrap_err().code().id, "ID-0306");
    let none = room.sessions.renew(&begun.kept.session.id, FactorKind::Totp, &room.clock, &Dry);
    assert_eq!(none.unwrap_err().code().id, "ID-0306");
    assert!(room.lives(&begun.token));
}

#[test]
fn a_session_goes_on_under_another_id_and_is_not_used_by_a_look() {
    let mut room = Room::new();
    let begun = room.begin("a");
    let began = begun.kept.session.began;
    room.set(20 * MINUTE);
    let renewed =
        room.sessions.renew(&begun.kept.session.id, FactorKind::Totp, &room.clock, &room.entropy).unwrap();
    assert!(renewed.kept.session.id != begun.kept.session.id);
    assert!(room.sessions.goes_on(&id("a"), began, &room.clock));
    assert!(!room.sessions.goes_on(&id("b"), began, &room.clock));
    assert!(!room.sessions.goes_on(&id("a"), at(1), &room.clock));
    room.set(50 * MINUTE - 1);
    assert!(room.sessions.goes_on(&id("a"), began, &room.clock));
    room.set(50 * MINUTE);
    assert!(!room.sessions.goes_on(&id("a"), began, &room.clock), "a look is no use");
}
