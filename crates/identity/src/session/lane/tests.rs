//! The lock-out under attack, with a virtual clock.

use super::*;
use crate::AccountId;
use base::ManualClock;

const MINUTE: i64 = 60;
const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;

fn at(seconds: i64) -> Time {
    Time::parse("2026-04-01T00:00:00Z").unwrap().plus_seconds(seconds)
}

fn stands(seconds: i64) -> ManualClock {
    ManualClock::new(at(seconds), 0)
}

/// Seconds after the start at which tries of somebody who tries every `every` seconds are checked.
fn checked(lane: &mut Lane, every: i64, until: i64) -> Vec<i64> {
    (0..until / every).map(|n| n * every).filter(|&second| lane.attempt(at(second)) == Gate::Open).collect()
}

/// Tries as soon as the lane opens, after a rest of `rest` seconds whenever there are `pause_from` failures or more.
fn patient(tries: usize, pause_from: u32, rest: i64) -> i64 {
    let (mut lane, mut now) = (Lane::default(), at(0));
    for _ in 0..tries {
        now = now.max(lane.free_at());
        if lane.failures >= pause_from {
            now = now.plus_seconds(rest);
        }
        assert_eq!(lane.attempt(now), Gate::Open);
    }
    (now.microseconds() - at(0).microseconds()) / 1_000_000
}

#[test]
fn the_pauses_are_those_of_the_table() {
    let mut lane = Lane::default();
    let mut now = at(0);
    let mut pauses = Vec::new();
    for _ in 0..60 {
        assert_eq!(lane.attempt(now), Gate::Open);
        let until = lane.free_at();
        pauses.push((until.microseconds() - now.microseconds()) / 1_000_000);
        now = until;
    }
    assert_eq!(pauses[..9], [0, 0, 0, 0, 60, 120, 240, 480, 900]);
    assert!(pauses[8..50].iter().all(|&pause| pause == 900));
    assert_eq!(pauses[50..57], [1_800, 3_600, 7_200, 14_400, 28_800, 57_600, 86_400]);
    assert!(pauses[56..].iter().all(|&pause| pause == DAY));
}

#[test]
fn ten_thousand_tries_on_one_account_are_few_that_count() {
    let mut lane = Lane::default();
    let open = checked(&mut lane, 1, 10_000);
    assert_eq!(open[..9], [0, 1, 2, 3, 4, 64, 184, 424, 904]);
    assert_eq!(open.len(), 19, "in 2 hours and 46 minutes: {open:?}");
    assert_eq!(lane.in_a_row(), 19);
}

#[test]
fn ten_thousand_tries_at_one_moment_are_five() {
    let mut lane = Lane::default();
    assert_eq!((0..10_000).filter(|_| lane.attempt(at(0)) == Gate::Open).count(), 5);
    assert_eq!(lane.gate(at(MINUTE - 1)), Gate::Closed { until: at(MINUTE) });
    assert_eq!(lane.gate(at(MINUTE)), Gate::Open);
}

#[test]
fn in_no_hour_are_more_than_twenty_tries_checked() {
    let mut lane = Lane::default();
    let open = checked(&mut lane, 1, 2 * DAY);
    let most = |open: &[i64]| {
        open.iter()
            .map(|from| open.iter().filter(|&at| (*from..=from + HOUR).contains(at)).count())
            .max()
            .unwrap()
    };
    assert_eq!(most(&open), 11);
    // The owner gets in from strange devices all the time, and takes the pauses away each time.
    let (mut lane, mut open) = (Lane::default(), Vec::new());
    for second in 0..DAY {
        if lane.attempt(at(second)) == Gate::Open {
            if second % 2 == 0 { lane.succeeded() } else { open.push(second) }
        }
    }
    assert!((15..=20).contains(&most(&open)), "{}", most(&open));
}

#[test]
fn a_hundred_tries_take_many_days_whatever_the_plan() {
    assert_eq!(patient(50, u32::MAX, 0), 10 * HOUR + 30 * MINUTE);
    assert_eq!(patient(100, u32::MAX, 0) / DAY, 44);
    let plans =
        (0..100).flat_map(|from| [1, HOUR, DAY, 2 * DAY, 5 * DAY].map(|rest| patient(100, from, rest)));
    let fastest = plans.min().unwrap();
    assert_eq!(fastest / DAY, 10, "{fastest} s");
}

#[test]
fn a_lane_is_never_closed_for_more_than_a_day() {
    let mut lane = Lane::default();
    let mut now = at(0);
    for _ in 0..10_000 {
        now = lane.free_at().max(now);
        assert_eq!(lane.attempt(now), Gate::Open);
        assert!(lane.free_at() <= now.plus_seconds(DAY));
    }
}

#[test]
fn tries_at_a_closed_lane_do_not_prolong_it() {
    let mut lane = Lane::default();
    assert_eq!(checked(&mut lane, 1, 5).len(), 5);
    let before = lane;
    for second in 5..64 {
        assert!(matches!(lane.attempt(at(second)), Gate::Closed { until } if until == at(64)));
    }
    assert_eq!(lane, before);
    assert_eq!(lane.attempt(at(64)), Gate::Open);
}

#[test]
fn a_success_takes_the_pauses_away() {
    let mut lane = Lane::default();
    for second in [0, 1, 2, 3, 4, 64] {
        assert_eq!(lane.attempt(at(second)), Gate::Open);
    }
    lane.succeeded();
    assert_eq!(lane.in_a_row(), 0);
    assert_eq!(checked_from(&mut lane, 65), 5, "as at the very beginning");
}

fn checked_from(lane: &mut Lane, second: i64) -> usize {
    (0..100).filter(|_| lane.attempt(at(second)) == Gate::Open).count()
}

#[test]
fn logging_in_all_day_long_costs_nothing() {
    let mut lane = Lane::default();
    for second in 0..DAY {
        assert_eq!(lane.attempt(at(second)), Gate::Open, "{second}");
        lane.succeeded();
    }
    assert_eq!(checked_from(&mut lane, DAY), 5);
}

#[test]
fn five_failures_fade_each_day_of_quiet() {
    let mut lane = Lane::default();
    let mut now = at(0);
    for _ in 0..12 {
        now = lane.free_at().max(now);
        lane.attempt(now);
    }
    let open = lane.free_at();
    assert_eq!(lane.faded(open.plus_seconds(DAY - 1)), 12);
    assert_eq!(lane.faded(open.plus_seconds(DAY)), 7);
    assert_eq!(lane.faded(open.plus_seconds(3 * DAY)), 0);
    assert_eq!(lane.attempt(open.plus_seconds(3 * DAY)), Gate::Open);
    assert_eq!((lane.failures, lane.in_a_row()), (1, 13));
}

#[test]
fn one_password_on_ten_thousand_accounts_closes_nobody_out() {
    let mut lanes = Lanes::default();
    for number in 0..10_000 {
        let name = LaneName { account: AccountId::parse(&format!("a{number}")).unwrap(), way: Way::Stranger };
        assert_eq!(lanes.attempt(&name, &stands(0)).0, Gate::Open);
        assert_eq!(lanes.get(&name).unwrap().free_at(), at(0), "its owner does not notice");
    }
}

#[test]
fn an_outsider_never_closes_the_lane_of_a_known_device() {
    let account = AccountId::parse("dr-sato").unwrap();
    let stranger = LaneName { account: account.clone(), way: Way::Stranger };
    let tablet = Known::Device(AccountId::parse("tablet.3").unwrap());
    let known = LaneName { account: account.clone(), way: Way::Known(tablet) };
    let mut lanes = Lanes::default();
    let mut outsider = 0;
    for second in 0..3 * DAY {
        outsider += usize::from(lanes.attempt(&stranger, &stands(second)).0 == Gate::Open);
        if second % HOUR == 0 {
            assert_eq!(lanes.attempt(&known, &stands(second)).0, Gate::Open, "{second}");
            lanes.succeeded(&known);
        }
    }
    assert_eq!(outsider, 58);
    lanes.forget_account(&account);
    assert_eq!(lanes.attempt(&stranger, &stands(3 * DAY)).0, Gate::Open, "new factors, new lanes");
}

#[test]
fn a_restart_opens_nothing() {
    let name = LaneName { account: AccountId::parse("a").unwrap(), way: Way::Stranger };
    let (mut with, mut without) = (Lanes::default(), Lanes::default());
    for second in 0..2 * HOUR {
        let (gate, lane) = with.attempt(&name, &stands(second));
        assert_eq!(without.attempt(&name, &stands(second)).0, gate, "{second}");
        let text = (name.to_string(), lane.to_text());
        with = Lanes::load([(LaneName::parse(&text.0).unwrap(), Lane::parse(&text.1).unwrap())]);
    }
}

#[test]
fn a_text_that_no_lane_has_is_refused() {
    let mut lane = Lane::default();
    lane.attempt(at(0));
    assert_eq!(Lane::parse(&lane.to_text()).unwrap(), lane);
    assert_eq!(lane.to_text(), "1 1 1 1775001600000000 1775001960000000");
    for bad in [
        "",
        "1",
        "2 1 1 1775001600000000 1775001960000000",
        "1 2 1 1775001600000000 1775001960000000",
        "1 1 1 1775001600000000 1775005200000001",
        "1 1 1 1775001600000000",
        "1 1 1 1775001600000000 1775001960000000 0",
        "1 1 1 1775001600000000 1775001960000000 ",
        "1 01 1 1775001600000000 1775001960000000",
        "1 +1 1 1775001600000000 1775001960000000",
        "1 -1 1 1775001600000000 1775001960000000",
        "1 4294967296 4294967296 1775001600000000 1775001960000000",
        "1 1 1 9999999999999999999 1775001960000000",
        "1 1 1 999999999999999999 999999999999999999",
        "1 1  1775001600000000 1775001960000000",
    ] {
        assert_eq!(Lane::parse(bad).unwrap_err().code().id, "ID-0307", "{bad:?}");
    }
}

/// Where the clock jumps to after the fifth failure, in seconds, and how long the lane is closed from there on.
const JUMPS: [(i64, i64); 9] = [
    (0, 60),
    (1, 59),
    (-1, 60),
    (59, 1),
    (60, 0),
    (-HOUR, 60),
    (-10 * 365 * DAY, 60),
    (10 * 365 * DAY, 0),
    (DAY, 0),
];

#[test]
fn a_clock_set_back_opens_no_lane_earlier_and_closes_none_for_longer_than_its_pause() {
    for (jump, closed) in JUMPS {
        let mut lane = Lane::default();
        assert_eq!(checked_from(&mut lane, 0), 5);
        let waited = (0..2 * HOUR).take_while(|second| lane.gate(at(jump + second)) != Gate::Open).count();
        assert_eq!(i64::try_from(waited).unwrap(), closed, "{jump}");
    }
}

#[test]
fn a_clock_that_stands_still_or_swings_gives_no_further_tries() {
    let mut lane = Lane::default();
    assert_eq!(checked_from(&mut lane, 0), 5);
    let swings = [0, -1, 0, 1, -30, 0, -HOUR, -HOUR + 30, -2 * HOUR, -2 * HOUR + 59];
    assert!(swings.iter().all(|&second| lane.attempt(at(second)) != Gate::Open));
    assert_eq!(lane.attempt(at(-2 * HOUR + 60)), Gate::Open);
}

#[test]
fn a_restart_with_the_clock_set_back_opens_nothing() {
    let mut lane = Lane::default();
    for second in 0..30 * DAY / HOUR {
        lane.attempt(at(second * HOUR));
    }
    let mut lane = Lane::parse(&lane.to_text()).unwrap();
    let early = at(-DAY);
    let Gate::Closed { until } = lane.gate(early) else { panic!("opened early") };
    assert!(until <= early.plus_seconds(DAY));
}

#[test]
fn a_closed_way_is_told_and_asking_for_it_is_no_try() {
    let account = AccountId::parse("dr-sato").unwrap();
    let name = LaneName { account: account.clone(), way: Way::Stranger };
    let mut lanes = Lanes::load([]);
    for _ in 0..FREE - 1 {
        lanes.attempt(&name, &stands(0));
        assert!(lanes.closed(at(0)).is_empty());
    }
    lanes.attempt(&name, &stands(0));
    let before = lanes.get(&name);
    assert_eq!(lanes.closed(at(1)), [&account].into());
    assert_eq!(lanes.get(&name), before);
    assert!(lanes.closed(at(DAY)).is_empty(), "it opens by itself");
}
