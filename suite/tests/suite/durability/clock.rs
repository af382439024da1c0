//! A clock that runs back: nothing is signed with a time that was, so nothing is written and, since every look is written
//! down, nothing is shown. All goes on when the clock has caught up.

use crate::material::{born, versions};
use base::{Clock, Time};
use testkit::Clinic;

#[test]
fn while_the_clock_is_behind_the_journal_nothing_is_written_and_nothing_is_shown() {
    let clinic = Clinic::start();
    let client = clinic.client();
    client.put("Patient/p1", born("p1", "1950")).expect(201);
    let before = clinic.clock().now();
    for back_seconds in [1, 3_600, 86_400 * 400] {
        clinic.clock().set(before.plus_seconds(-back_seconds));
        for reply in [
            client.put("Patient/p1", born("p1", "1951")),
            client.post("Patient", born("x", "1951")),
            client.delete("Patient/p1"),
            client.get("Patient/p1"),
            client.get("Patient"),
        ] {
            assert_eq!(reply.refusal(), (503, "ST-0002".to_owned()));
            assert!(reply.message().contains("遅れている"), "{}", reply.message());
        }
        clinic.verify().unwrap();
    }
    clinic.clock().set(before.plus_seconds(1));
    assert_eq!(client.get("Patient/p1").expect(200).get("birthDate"), "1950");
    assert_eq!(versions(&client), 1);
    client.put("Patient/p1", born("p1", "1952")).expect(200);
    assert_eq!(versions(&client), 2);
    clinic.verify().unwrap();
    assert_eq!(clinic.journal().records(), 2);
}

#[test]
fn the_clock_is_held_against_the_journal_after_a_restart_too() {
    let mut clinic = Clinic::start();
    clinic.client().put("Patient/p1", born("p1", "1950")).expect(201);
    clinic.close();
    clinic.clock().set(Time::parse("2020-01-01T00:00:00Z").unwrap());
    clinic.open();
    let client = clinic.client();
    assert_eq!(client.put("Patient/p2", born("p2", "1950")).refusal(), (503, "ST-0002".to_owned()));
    assert_eq!(client.get("Patient/p1").refusal(), (503, "ST-0002".to_owned()));
    clinic.clock().set(Time::parse("2027-01-01T00:00:00Z").unwrap());
    client.get("Patient/p1").expect(200);
    client.put("Patient/p2", born("p2", "1950")).expect(201);
    clinic.verify().unwrap();
}

#[test]
fn a_clock_that_stands_still_signs_no_two_commits_with_one_time() {
    let clinic = Clinic::start();
    let client = clinic.client();
    clinic.clock().set_step(0);
    let statuses: Vec<u16> = (0..5)
        .map(|number| client.put(&format!("Patient/p{number}"), born(&format!("p{number}"), "1950")).status())
        .collect();
    assert!(statuses.iter().filter(|status| **status == 201).count() <= 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| [201, 503].contains(status)), "{statuses:?}");
    clinic.clock().set(clinic.clock().now().plus_seconds(1));
    client.put("Patient/late", born("late", "1950")).expect(201);
    clinic.verify().unwrap();
}
