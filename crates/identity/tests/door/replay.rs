//! What was shown once is not taken twice: codes, challenges, invitations; also after a restart, and when the clock runs back.

use crate::bench::{Bench, Way, id, ids, of};
use crate::people::PASSWORD;
use serde_json::json;
use testkit::one_time_code;

#[tokio::test]
async fn a_one_time_code_is_never_taken_twice() {
    let mut bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let login = sato.both(&bench);
    let moment = bench.now();
    assert_eq!(id(bench.login(login.clone(), &Way::bearer()).await), "none");
    assert_eq!(id(bench.login(login.clone(), &Way::bearer()).await), "ID-0302", "at once");
    bench.reopen();
    assert_eq!(id(bench.login(login.clone(), &Way::bearer()).await), "ID-0302", "after a restart");
    bench.pass(120);
    sato.login(&bench, &Way::bearer()).await.unwrap();
    // Back to where the code was the present one.
    bench.clock.set(moment.plus_seconds(1));
    assert_eq!(id(bench.login(login.clone(), &Way::bearer()).await), "ID-0302", "the journal takes nothing");
    bench.reopen();
    assert_ne!(id(bench.login(login, &Way::bearer()).await), "none", "clock back and a restart");
}

#[tokio::test]
async fn a_code_of_a_step_that_was_passed_over_is_not_taken() {
    let bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let earlier = one_time_code(&sato.url, bench.now());
    assert_eq!(id(sato.login(&bench, &Way::bearer()).await), "none");
    let login = json!({ "account": "sato", "password": PASSWORD, "totp": earlier });
    assert_eq!(id(bench.login(login, &Way::bearer()).await), "ID-0302");
}

#[tokio::test]
async fn a_clock_that_runs_back_a_little_makes_no_code_good_again() {
    let bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let login = sato.both(&bench);
    let way = Way::bearer();
    let (caller, _) = {
        let begun = bench.login(login.clone(), &way).await.unwrap();
        (bench.caller(&way, begun.token.reveal()).unwrap(), begun)
    };
    bench.pass(-4);
    let code = json!({ "totp": login["totp"] });
    assert_ne!(id(bench.step_up(&way, &caller, code.clone()).await), "none");
    bench.pass(6);
    assert_eq!(id(bench.step_up(&way, &caller, code).await), "ID-0302");
}

#[tokio::test]
async fn a_recovery_code_is_spent_also_after_a_restart() {
    let mut bench = Bench::new().await;
    bench.nurse("sato").await;
    let (_, codes) = bench.join("sato").await;
    let login = |index: usize| json!({ "account": "sato", "password": PASSWORD, "recovery": codes[index] });
    assert_eq!(id(bench.login(login(0), &Way::bearer()).await), "none");
    bench.reopen();
    assert_eq!(id(bench.login(login(0), &Way::bearer()).await), "ID-0302");
    assert_eq!(id(bench.login(login(1), &Way::bearer()).await), "none");
}

/// Two step-ups at once, in sessions of their own, with these recovery codes.
async fn at_once(bench: &Bench, sato: &crate::people::Person, codes: [&str; 2]) -> [&'static str; 2] {
    let way = Way::bearer();
    bench.pass(3_600);
    let (one, _) = sato.session(bench, &way).await;
    let (other, _) = sato.session(bench, &way).await;
    let step = |code: &str| json!({ "recovery": code });
    let (first, second) =
        tokio::join!(bench.step_up(&way, &one, step(codes[0])), bench.step_up(&way, &other, step(codes[1])));
    [id(first), id(second)]
}

#[tokio::test]
async fn a_recovery_code_in_two_sessions_at_once_is_taken_once() {
    let bench = Bench::new().await;
    bench.nurse("sato").await;
    let (sato, codes) = bench.join("sato").await;
    for code in &codes[..4] {
        let mut taken = at_once(&bench, &sato, [code, code]).await;
        taken.sort_unstable();
        assert_eq!(taken, ["ID-0302", "none"]);
    }
}

#[tokio::test]
async fn two_recovery_codes_at_once_are_both_spent() {
    let bench = Bench::new().await;
    bench.nurse("sato").await;
    let (sato, codes) = bench.join("sato").await;
    for pair in codes[..8].chunks(2) {
        assert_eq!(at_once(&bench, &sato, [&pair[0], &pair[1]]).await, ["none", "none"]);
        bench.pass(3_600);
        for code in pair {
            let login = json!({ "account": "sato", "password": PASSWORD, "recovery": code });
            assert_eq!(id(bench.login(login, &Way::bearer()).await), "ID-0302");
        }
    }
}

#[tokio::test]
async fn a_code_that_stepped_up_is_not_taken_again() {
    let bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let way = Way::bearer();
    let (caller, _) = sato.session(&bench, &way).await;
    let code = sato.code(&bench);
    let begun = bench.step_up(&way, &caller, json!({ "totp": code })).await.unwrap();
    let caller = bench.caller(&way, begun.token.reveal()).unwrap();
    assert_eq!(id(bench.step_up(&way, &caller, json!({ "totp": code })).await), "ID-0302");
    let login = json!({ "account": "sato", "password": PASSWORD, "totp": code });
    assert_eq!(id(bench.login(login, &way).await), "ID-0302");
}

#[tokio::test]
async fn an_invitation_is_taken_once() {
    let mut bench = Bench::new().await;
    bench.nurse("sato").await;
    let code = bench.invited("sato").await;
    let opened = bench.open_invitation(&code).unwrap();
    let again = bench.open_invitation(&code).unwrap();
    let with = |opened: &serde_json::Value, now| {
        let url = opened["totp"]["url"].as_str().unwrap();
        let totp = json!({ "handle": opened["totp"]["handle"], "code": one_time_code(url, now) });
        json!({ "code": code, "password": PASSWORD, "totp": totp })
    };
    let now = bench.now();
    assert!(ids(bench.accept(with(&opened, now)).await).is_empty());
    assert_eq!(ids(bench.accept(with(&again, now)).await), ["ID-0014"]);
    assert_eq!(id(bench.open_invitation(&code)), "ID-0014");
    bench.reopen();
    assert_eq!(id(bench.open_invitation(&code)), "ID-0014", "after a restart");
}

#[tokio::test]
async fn of_two_who_accept_an_invitation_at_once_one_wins() {
    let bench = Bench::new().await;
    bench.nurse("sato").await;
    let code = bench.invited("sato").await;
    let mut acceptances = Vec::new();
    for password in [PASSWORD, crate::people::OTHER_PASSWORD] {
        let opened = bench.open_invitation(&code).unwrap();
        let url = opened["totp"]["url"].as_str().unwrap().to_owned();
        let totp = json!({ "handle": opened["totp"]["handle"], "code": one_time_code(&url, bench.now()) });
        acceptances.push((json!({ "code": code, "password": password, "totp": totp }), url, password));
    }
    let (first, second) =
        tokio::join!(bench.accept(acceptances[0].0.clone()), bench.accept(acceptances[1].0.clone()));
    let outcomes = [ids(first), ids(second)];
    let won: Vec<usize> = (0..2).filter(|index| outcomes[*index].is_empty()).collect();
    assert_eq!(won.len(), 1, "{outcomes:?}");
    assert!(outcomes.contains(&vec!["ID-0014"]), "{outcomes:?}");
    let factors = bench.run(json!({ "command": "account-show", "account": "sato" })).await;
    assert_eq!(factors["factor_list"].as_array().unwrap().len(), 3, "the winner's, and nobody else's");
    for (index, (_, url, password)) in acceptances.iter().enumerate() {
        bench.pass(60);
        let code = one_time_code(url, bench.now());
        let login = json!({ "account": "sato", "password": password, "totp": code });
        let expected = if won.contains(&index) { "none" } else { "ID-0302" };
        assert_eq!(id(bench.login(login, &Way::bearer()).await), expected);
    }
}

#[tokio::test]
async fn a_handle_of_one_step_is_good_for_no_other() {
    let bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let (caller, _) = sato.session(&bench, &Way::bearer()).await;
    let totp = bench.door().begin_totp(&caller.account).unwrap();
    let wanted = of(json!({ "handle": totp["handle"], "response": {} }));
    assert_eq!(id(bench.door().set_passkey(&caller, wanted).await), "ID-0305");
    let wanted = of(json!({ "handle": totp["handle"], "code": "123456" }));
    assert_eq!(id(bench.door().set_totp(&caller, wanted).await), "ID-0016");
    let passkey = bench.door().begin_passkey(&caller.account).unwrap();
    let wanted = of(json!({ "handle": passkey["handle"], "code": "123456" }));
    assert_eq!(id(bench.door().set_totp(&caller, wanted).await), "ID-0305");
}

#[tokio::test]
async fn a_secret_that_was_confirmed_is_not_set_again_to_use_its_codes_twice() {
    let bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let way = Way::bearer();
    let (caller, _) = sato.session(&bench, &way).await;
    let begun = bench.door().begin_totp(&caller.account).unwrap();
    let url = begun["url"].as_str().unwrap();
    let first = one_time_code(url, bench.now());
    let confirm = || of(json!({ "handle": begun["handle"], "code": first }));
    bench.door().set_totp(&caller, confirm()).await.unwrap();
    bench.pass(30);
    let login = json!({ "account": "sato", "password": PASSWORD, "totp": one_time_code(url, bench.now()) });
    assert_eq!(id(bench.login(login.clone(), &way).await), "none");
    assert_eq!(id(bench.door().set_totp(&caller, confirm()).await), "ID-0305");
    assert_eq!(id(bench.login(login, &way).await), "ID-0302");
}

#[tokio::test]
async fn a_secret_waits_a_quarter_of_an_hour_for_its_first_code_and_for_its_owner_only() {
    let mut bench = Bench::new().await;
    let (sato, mori) = (bench.person("sato").await, bench.person("mori").await);
    let (of_sato, _) = sato.session(&bench, &Way::bearer()).await;
    let (of_mori, _) = mori.session(&bench, &Way::bearer()).await;
    let begun = bench.door().begin_totp(&of_sato.account).unwrap();
    let url = begun["url"].as_str().unwrap();
    let confirm =
        |bench: &Bench| of(json!({ "handle": begun["handle"], "code": one_time_code(url, bench.now()) }));
    assert_eq!(id(bench.door().set_totp(&of_mori, confirm(&bench)).await), "ID-0305");
    bench.reopen();
    bench.pass(890);
    assert_eq!(id(bench.door().set_totp(&of_sato, confirm(&bench)).await), "none", "after a restart as well");
    let begun_again = bench.door().begin_totp(&of_sato.account).unwrap();
    bench.pass(901);
    let url = begun_again["url"].as_str().unwrap();
    let late = of(json!({ "handle": begun_again["handle"], "code": one_time_code(url, bench.now()) }));
    assert_eq!(id(bench.door().set_totp(&of_sato, late).await), "ID-0305");
}
