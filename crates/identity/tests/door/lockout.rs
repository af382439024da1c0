//! The lock-out that grows: guessing does not pay, and nobody can shut out whoever works here.

use crate::bench::{Bench, Way, id};
use crate::people::{OTHER_PASSWORD, PASSWORD};
use serde_json::{Value, json};

const HOUR: i64 = 3_600_000_000;

fn guess(account: &str) -> Value {
    json!({ "account": account, "password": OTHER_PASSWORD, "totp": "000000" })
}

/// Tries in a row that were checked, as the journal keeps them.
fn checked(bench: &Bench, lane: &str) -> u64 {
    let notes = bench.notes(&format!("lane/{lane}"));
    notes.first().map_or(0, |(_, text)| text.split(' ').nth(2).unwrap().parse().unwrap())
}

/// Closes the lane of strangers.
async fn close(bench: &Bench, account: &str) {
    for _ in 0..60 {
        assert_eq!(id(bench.login(guess(account), &Way::bearer()).await), "ID-0302");
        bench.pass(60);
    }
}

#[tokio::test]
async fn of_ten_thousand_tries_few_are_checked_and_never_more_than_twenty_in_an_hour() {
    let bench = Bench::new().await;
    bench.person("sato").await;
    let mut moments: Vec<i64> = Vec::new();
    for _ in 0..10_000 {
        assert_eq!(id(bench.login(guess("sato"), &Way::bearer()).await), "ID-0302");
        let counted = checked(&bench, "sato/stranger");
        if counted > u64::try_from(moments.len()).unwrap() {
            moments.push(bench.now().microseconds());
        }
        bench.pass(30);
    }
    for (index, from) in moments.iter().enumerate() {
        let within = moments[index..].iter().take_while(|moment| **moment < from + HOUR).count();
        assert!(within <= 20, "{within} within an hour");
    }
    assert!((10..=60).contains(&moments.len()), "{} were checked", moments.len());
}

#[tokio::test]
async fn tries_with_successes_between_are_no_more_than_twenty_an_hour() {
    let bench = Bench::new().await;
    bench.set("factors-needed", "1").await;
    bench.person("sato").await;
    let right = || json!({ "account": "sato", "password": PASSWORD });
    let mut taken = 0;
    for _ in 0..30 {
        for _ in 0..3 {
            bench.login(guess("sato"), &Way::bearer()).await.unwrap_err();
        }
        taken += u64::from(bench.login(right(), &Way::bearer()).await.is_ok());
    }
    assert!(taken <= 10, "{taken} successes, with three wrong tries before each");
}

#[tokio::test]
async fn one_password_on_a_thousand_accounts_closes_none_of_them() {
    let bench = Bench::new().await;
    for number in 0..1_000 {
        bench.nurse(&format!("n{number}")).await;
    }
    let mut last = Vec::new();
    for number in 0..1_000 {
        let account = format!("n{number}");
        assert_eq!(id(bench.login(guess(&account), &Way::bearer()).await), "ID-0302");
        last.push(account);
    }
    for account in ["n0", "n499", "n999"] {
        assert_eq!(checked(&bench, &format!("{account}/")), 1, "each of them costs a try of its own");
        let person = bench.equip(account).await;
        assert_eq!(id(person.login(&bench, &Way::bearer()).await), "none");
    }
}

#[tokio::test]
async fn names_that_nobody_has_leave_nothing_behind() {
    let bench = Bench::new().await;
    for number in 0..50 {
        bench.login(guess(&format!("nobody-{number}")), &Way::bearer()).await.unwrap_err();
    }
    assert_eq!(bench.notes("").len(), 1, "{:?}", bench.notes(""));
}

#[tokio::test]
async fn a_closed_lane_stays_closed_after_a_restart() {
    // Names that are also the words of notes.
    for account in ["sato", "lane", "known", "used"] {
        let mut bench = Bench::new().await;
        let person = bench.person(account).await;
        close(&bench, account).await;
        assert_eq!(id(person.login(&bench, &Way::bearer()).await), "ID-0302", "{account}");
        bench.reopen();
        assert_eq!(id(person.login(&bench, &Way::bearer()).await), "ID-0302", "{account}");
        bench.pass(86_400);
        assert_eq!(id(person.login(&bench, &Way::bearer()).await), "none", "{account}: never for good");
    }
}

#[tokio::test]
async fn a_clock_set_back_opens_no_lane() {
    let bench = Bench::new().await;
    let sato = bench.person("sato").await;
    close(&bench, "sato").await;
    bench.pass(-2);
    assert_eq!(id(sato.login(&bench, &Way::bearer()).await), "ID-0302");
}

#[tokio::test]
async fn an_outsider_closes_the_lane_of_strangers_only() {
    let mut bench = Bench::new().await;
    let sato = bench.person("sato").await;
    bench.device("tablet-1").await;
    let tablet = bench.certificate("tablet-1").await;
    let browser = Way::cookie();
    let begun = sato.login(&bench, &browser).await.unwrap();
    let browser = browser.known(&begun);
    let caller = bench.caller(&browser, begun.token.reveal()).unwrap();
    let mut key = bench.passkey(&caller).await;
    bench.verifies().await;
    let tablet = Way::bearer().over(&tablet);
    sato.login(&bench, &tablet).await.unwrap();
    bench.set("client-certificates", "off").await;
    close(&bench, "sato").await;
    bench.reopen();
    assert_eq!(id(sato.login(&bench, &Way::bearer()).await), "ID-0302", "a stranger");
    assert_eq!(id(sato.login(&bench, &browser).await), "none", "a known browser");
    assert_eq!(id(bench.login_by_passkey(&Way::bearer(), &mut key).await), "none", "a passkey");
    bench.verifies().await;
    assert_eq!(id(sato.login(&bench, &tablet).await), "none", "a known device");
}

#[tokio::test]
async fn a_cookie_that_was_never_given_out_or_is_of_another_account_is_a_strangers() {
    let bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let mori = bench.person("mori").await;
    let of_mori = Way::cookie().known(&mori.login(&bench, &Way::cookie()).await.unwrap());
    let made_up = Way { device: Some(format!("ad1_{}", "A".repeat(43))), ..Way::cookie() };
    close(&bench, "sato").await;
    for way in [&of_mori, &made_up] {
        assert_eq!(id(sato.login(&bench, way).await), "ID-0302");
    }
}

#[tokio::test]
async fn a_cookie_that_the_client_made_up_never_becomes_known() {
    let bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let planted = format!("ad1_{}", "A".repeat(43));
    let victim = Way { device: Some(planted.clone()), ..Way::cookie() };
    let begun = sato.login(&bench, &victim).await.unwrap();
    assert_ne!(begun.device.unwrap().reveal(), planted);
    close(&bench, "sato").await;
    assert_eq!(id(sato.login(&bench, &victim).await), "ID-0302");
}

#[tokio::test]
async fn a_ward_computer_stays_known_to_everybody_who_works_on_it() {
    let bench = Bench::new().await;
    let (sato, mori) = (bench.person("sato").await, bench.person("mori").await);
    let mut ward = Way::cookie();
    for person in [&sato, &mori, &sato, &mori] {
        let begun = person.login(&bench, &ward).await.unwrap();
        ward = ward.known(&begun);
    }
    close(&bench, "sato").await;
    assert_eq!(id(sato.login(&bench, &ward).await), "none");
}

#[tokio::test]
async fn many_logins_from_one_browser_push_no_other_device_out() {
    let bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let home = Way::cookie().known(&sato.login(&bench, &Way::cookie()).await.unwrap());
    let mut ward = Way::cookie();
    for _ in 0..25 {
        bench.pass(600);
        ward = ward.clone().known(&sato.login(&bench, &ward).await.unwrap());
    }
    close(&bench, "sato").await;
    assert_eq!(id(sato.login(&bench, &home).await), "none");
}

#[tokio::test]
async fn unlocking_opens_the_lane_also_after_a_restart() {
    let mut bench = Bench::new().await;
    let sato = bench.person("sato").await;
    close(&bench, "sato").await;
    bench.run(json!({ "command": "account-unlock", "account": "sato" })).await;
    bench.reopen();
    assert_eq!(id(sato.login(&bench, &Way::bearer()).await), "none");
    assert_eq!(bench.refused(json!({ "command": "account-unlock", "account": "nobody" })).await, "ID-0010");
}

#[tokio::test]
async fn a_success_clears_the_failures_before_it() {
    let mut bench = Bench::new().await;
    let sato = bench.person("sato").await;
    for _ in 0..4 {
        bench.login(guess("sato"), &Way::bearer()).await.unwrap_err();
    }
    sato.login(&bench, &Way::bearer()).await.unwrap();
    assert_eq!(checked(&bench, "sato/stranger"), 0);
    bench.reopen();
    for _ in 0..4 {
        bench.login(guess("sato"), &Way::bearer()).await.unwrap_err();
    }
    assert_eq!(id(sato.login(&bench, &Way::bearer()).await), "none", "four are free again");
}

#[tokio::test]
async fn within_a_step_three_codes_are_compared() {
    let bench = Bench::new().await;
    let sato = bench.person("sato").await;
    bench.pass(30);
    let code = sato.code_now(&bench);
    let login = |code: &str| json!({ "account": "sato", "password": PASSWORD, "totp": code });
    for _ in 0..3 {
        bench.login(login(&crate::people::wrong(&code)), &Way::bearer()).await.unwrap_err();
    }
    assert_eq!(id(bench.login(login(&code), &Way::bearer()).await), "ID-0302");
}

#[tokio::test]
async fn whoever_has_stolen_a_session_cannot_guess_in_it() {
    let bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let way = Way::bearer();
    let (caller, _) = sato.session(&bench, &way).await;
    for _ in 0..30 {
        let guess = json!({ "password": OTHER_PASSWORD });
        assert_eq!(id(bench.step_up(&way, &caller, guess).await), "ID-0302");
    }
    let right = json!({ "password": PASSWORD });
    assert_eq!(id(bench.step_up(&way, &caller, right).await), "ID-0302", "the lane is closed");
}

#[tokio::test]
async fn the_present_password_cannot_be_guessed_by_changing_it() {
    let bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let (caller, _) = sato.session(&bench, &Way::bearer()).await;
    for _ in 0..30 {
        let wanted = crate::bench::of(json!({ "old": "not this one", "new": OTHER_PASSWORD }));
        assert_eq!(crate::bench::ids(bench.door().set_password(&caller, wanted).await), ["ID-0028"]);
    }
    let wanted = crate::bench::of(json!({ "old": PASSWORD, "new": OTHER_PASSWORD }));
    assert_eq!(crate::bench::ids(bench.door().set_password(&caller, wanted).await), ["ID-0028"]);
    assert_eq!(id(sato.login(&bench, &Way::bearer()).await), "ID-0302", "the lane is closed");
}
