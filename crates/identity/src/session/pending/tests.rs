//! One-time things: taken once, in time, by their owner; never too many.

use super::*;
use base::SeededEntropy;

fn at(seconds: i64) -> Time {
    Time::parse("2026-04-01T00:00:00Z").unwrap().plus_seconds(seconds)
}

fn account(text: &str) -> Owner {
    Owner::Account(AccountId::parse(text).unwrap())
}

fn sender(number: u32) -> Owner {
    Owner::Sender(Net::V4(number.into()))
}

#[test]
fn a_thing_is_taken_once_by_its_owner() {
    let (mut pending, entropy) = (Pending::new(Capacity::default()), SeededEntropy::new(1));
    let first = pending.put(account("a"), 1, at(0), &entropy).unwrap();
    let second = pending.put(account("a"), 2, at(0), &entropy).unwrap();
    assert_eq!(pending.take(second.reveal(), &account("a"), at(1)).unwrap(), 2);
    let again = pending.take(second.reveal(), &account("a"), at(1));
    assert_eq!(again.unwrap_err().code().id, "ID-0305");
    let foreign = pending.take(first.reveal(), &account("b"), at(1));
    assert_eq!(foreign.unwrap_err().code().id, "ID-0305");
    for handle in ["", "ah1_", &format!("ah1_{}", "A".repeat(43))] {
        assert!(pending.take(handle, &account("a"), at(1)).is_err(), "{handle}");
    }
    assert!(pending.is_empty() && pending.places.is_empty() && pending.of_owner.is_empty());
}

/// When a thing kept at 0 is asked for, and whether it is still valid.
const MOMENTS: [(i64, bool); 8] = [
    (0, true),
    (299, true),
    (300, false),
    (86_400, false),
    (-1, true),
    (-5, true),
    (-6, false),
    (-3_600, false),
];

#[test]
fn a_thing_is_valid_for_five_minutes_by_any_clock() {
    for (moment, valid) in MOMENTS {
        let (mut pending, entropy) = (Pending::new(Capacity::default()), SeededEntropy::new(1));
        let handle = pending.put(sender(1), (), at(0), &entropy).unwrap();
        assert_eq!(pending.take(handle.reveal(), &sender(1), at(moment)).is_ok(), valid, "{moment}");
    }
}

#[test]
fn a_further_thing_of_one_owner_replaces_its_oldest() {
    let (mut pending, entropy) = (Pending::new(Capacity::default()), SeededEntropy::new(1));
    let other = pending.put(account("b"), 0, at(0), &entropy).unwrap();
    let handles: Vec<Handle> =
        (0..=PENDING_PER_OWNER_MAX).map(|n| pending.put(account("a"), n, at(0), &entropy).unwrap()).collect();
    assert_eq!(pending.len(), PENDING_PER_OWNER_MAX + 1);
    assert!(pending.take(handles[0].reveal(), &account("a"), at(1)).is_err());
    assert_eq!(pending.take(handles[1].reveal(), &account("a"), at(1)).unwrap(), 1);
    assert!(pending.take(other.reveal(), &account("b"), at(1)).is_ok());
    pending.forget(&account("a"));
    assert!(pending.is_empty());
}

#[test]
fn an_outsider_fills_no_memory_and_pushes_out_the_greedy_first() {
    let (mut pending, entropy) = (Pending::new(Capacity::default()), SeededEntropy::new(1));
    let honest = pending.put(account("a"), 0, at(0), &entropy).unwrap();
    for number in 0..1_000_000_u32 / 50 {
        pending.put(sender(number % 3_000), 0, at(1), &entropy).unwrap();
        assert!(pending.len() <= PENDING_MAX);
    }
    assert_eq!(pending.len(), PENDING_MAX);
    assert!(pending.take(honest.reveal(), &account("a"), at(2)).is_ok());
}

#[test]
fn when_all_have_the_same_the_oldest_goes() {
    let capacity = Capacity { per_owner: 8, in_all: 3, seconds: 300 };
    let (mut pending, entropy) = (Pending::new(capacity), SeededEntropy::new(1));
    let handles = [9, 1, 5, 3].map(|number| pending.put(sender(number), (), at(0), &entropy).unwrap());
    assert!(pending.take(handles[0].reveal(), &sender(9), at(1)).is_err());
    assert_eq!(pending.len(), 3);
}

#[test]
fn what_is_too_old_makes_room_by_itself() {
    let (mut pending, entropy) = (Pending::new(Capacity::default()), SeededEntropy::new(1));
    for number in 0..100 {
        pending.put(sender(number), (), at(0), &entropy).unwrap();
    }
    pending.put(sender(0), (), at(300), &entropy).unwrap();
    assert_eq!(pending.len(), 1);
    assert_eq!(format!("{pending:?}"), "Pending { held: 1, .. }");
}

#[test]
fn a_look_leaves_a_thing_where_it_is_and_is_for_its_owner_in_time() {
    let (mut pending, entropy) = (Pending::new(Capacity::default()), SeededEntropy::new(1));
    let handle = pending.put(account("a"), 1, at(0), &entropy).unwrap();
    for (owner, moment, good) in [("a", 0, true), ("a", 299, true), ("a", 300, false), ("b", 0, false)] {
        assert_eq!(
            pending.look(handle.reveal(), &account(owner), at(moment)).is_ok(),
            good,
            "{owner} {moment}"
        );
    }
    assert_eq!(pending.take(handle.reveal(), &account("a"), at(1)).unwrap(), 1);
    assert!(pending.look(handle.reveal(), &account("a"), at(1)).is_err());
}
