//! Rates by a virtual clock.

use super::*;
use base::{ManualClock, Time};

fn at(seconds: i64) -> Time {
    Time::parse("2026-04-01T00:00:00Z").unwrap().plus_seconds(seconds)
}

fn rates(quotas: &Quotas) -> (Rates, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::new(at(0), 0));
    (Rates::new(quotas, Arc::clone(&clock) as Arc<dyn Clock>), clock)
}

fn small() -> Quotas {
    let rate = |per_minute| Rate::new(per_minute, 10);
    Quotas { facility: rate(600), account: rate(60), address: rate(120), logins: rate(30) }
}

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn facility(text: &str) -> FacilityId {
    FacilityId::parse(text).unwrap()
}

fn account(text: &str) -> AccountId {
    AccountId::parse(text).unwrap()
}

/// How many of a thousand are taken.
fn taken(rates: &Rates, key: Key<'_>) -> usize {
    (0..1_000).filter(|_| rates.check(key).is_ok()).count()
}

#[test]
fn a_burst_is_taken_then_an_even_rate() {
    let (rates, clock) = rates(&small());
    let key = Key::Address(ip("192.0.2.1"));
    assert_eq!(taken(&rates, key), 10);
    assert_eq!(rates.check(key), Err(RetryAfter { seconds: 1 }));
    clock.set(at(1));
    assert_eq!(taken(&rates, key), 2);
    clock.set(at(61));
    assert_eq!(taken(&rates, key), 10, "no more than the burst is saved up");
}

#[test]
fn who_comes_back_when_told_is_let_in() {
    let (rates, clock) = rates(&Quotas { logins: Rate::new(1, 1), ..small() });
    let key = Key::Login(ip("192.0.2.1"));
    assert!(rates.check(key).is_ok());
    let RetryAfter { seconds } = rates.check(key).unwrap_err();
    assert_eq!(seconds, 60);
    clock.set(at(59));
    assert_eq!(rates.check(key), Err(RetryAfter { seconds: 1 }));
    clock.set(at(60));
    assert!(rates.check(key).is_ok());
    let problem = RetryAfter { seconds }.problem();
    assert_eq!(problem.code().id, "ID-0301");
    assert!(problem.text(base::Language::English).contains("60 seconds"));
}

#[test]
fn each_is_counted_for_itself() {
    let (rates, _) = rates(&small());
    let (sakura, ume) = (facility("sakura"), facility("ume"));
    let (a, b) = (account("a"), account("b"));
    for key in [
        Key::Facility(&sakura),
        Key::Facility(&ume),
        Key::Account(&sakura, &a),
        Key::Account(&sakura, &b),
        Key::Account(&ume, &a),
        Key::Address(ip("192.0.2.1")),
        Key::Address(ip("192.0.2.2")),
        Key::Login(ip("192.0.2.1")),
        Key::Address(ip("2001:db8:0:1::1")),
        Key::Address(ip("2001:db8:0:2::1")),
    ] {
        assert_eq!(taken(&rates, key), 10, "{key:?}");
    }
    assert_eq!(taken(&rates, Key::Address(ip("2001:db8:0:1::2"))), 0, "the same /64");
    assert_eq!(taken(&rates, Key::Address(ip("::ffff:192.0.2.1"))), 0, "the same IPv4 address");
}

#[test]
fn one_password_on_ten_thousand_accounts_takes_more_than_an_hour() {
    let (rates, clock) = rates(&Quotas::default());
    let mut tried = 0;
    let mut second = 0;
    while tried < 10_000 {
        clock.set(at(second));
        while rates.check(Key::Login(ip("192.0.2.1"))).is_ok() {
            tried += 1;
        }
        second += 1;
    }
    assert!((80..=84).contains(&(second / 60)), "{second} s");
}

#[test]
fn the_settings_by_default_are_those_of_the_limits() {
    let quotas = Quotas::default();
    assert_eq!(quotas.facility, Rate::new(600_000, 100_000));
    assert_eq!(quotas.logins, Rate::new(120, 60));
    let text = r#"{"logins":{"per_minute":5,"burst":2}}"#;
    let read: Quotas = serde_json::from_str(text).unwrap();
    assert_eq!(read, Quotas { logins: Rate::new(5, 2), ..quotas });
    for bad in
        [r#"{"logins":{"per_minute":0,"burst":2}}"#, r#"{"login":{}}"#, r#"{"logins":{"per_minute":5}}"#]
    {
        assert!(serde_json::from_str::<Quotas>(bad).is_err(), "{bad}");
    }
}

/// Steps of the clock in seconds after a burst, and how many requests of the rate 2/s are then taken: by a clock set
/// back never more than before, and never fewer for long.
const STEPS: [(i64, usize); 7] =
    [(0, 0), (1, 2), (-1, 0), (-3_600, 0), (-10 * 365 * 86_400, 0), (3_600, 10), (10 * 365 * 86_400, 10)];

#[test]
fn no_step_of_the_clock_shuts_anybody_out() {
    for (step, at_once) in STEPS {
        let (rates, clock) = rates(&small());
        let key = Key::Address(ip("192.0.2.1"));
        assert_eq!(taken(&rates, key), 10);
        clock.set(at(step));
        assert_eq!(taken(&rates, key), at_once, "{step}");
        clock.set(at(step + 2));
        assert_eq!(taken(&rates, key), 4, "{step}");
    }
}

#[test]
fn the_largest_rates_do_not_overflow() {
    for (per_minute, burst) in [(1, u32::MAX), (u32::MAX, u32::MAX), (u32::MAX, 1), (0, 0)] {
        let rate = Rate::new(per_minute, burst);
        let (rates, clock) = rates(&Quotas { facility: rate, account: rate, address: rate, logins: rate });
        for seconds in [0, 60, 10 * 365 * 86_400, 7_900 * 365 * 86_400] {
            clock.set(at(seconds));
            assert!(rates.check(Key::Address(ip("192.0.2.1"))).is_ok(), "{per_minute} {burst}");
        }
    }
}

#[test]
fn very_many_addresses_fill_no_memory_and_free_nobody_who_asks_too_much() {
    let (rates, clock) = rates(&small());
    let greedy = Key::Address(ip("192.0.2.1"));
    for number in 0..3 * u32::try_from(bucket::BUCKETS_MAX).unwrap() {
        if number % 1_000 == 0 {
            clock.set(at(i64::from(number / 1_000)));
            taken(&rates, greedy);
        }
        assert!(rates.check(Key::Address(IpAddr::V4((0x0a00_0000 + number).into()))).is_ok());
    }
    assert!(rates.addresses.into_state_store().len() <= bucket::BUCKETS_MAX);
    let (rates, _) = self::rates(&small());
    assert_eq!(taken(&rates, greedy), 10);
    for number in 0..2 * u32::try_from(bucket::BUCKETS_MAX).unwrap() {
        assert!(rates.check(Key::Address(IpAddr::V4((0x0a00_0000 + number).into()))).is_ok());
    }
    assert_eq!(taken(&rates, greedy), 0);
}
