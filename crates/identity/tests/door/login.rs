//! Logging in with password and second factor: who gets in, and that everybody else is answered alike.

use crate::bench::{Bench, Way, id};
use crate::people::{OTHER_PASSWORD, PASSWORD, Person, wrong};
use crate::work;
use base::Language;
use identity::FactorKind;
use serde_json::{Value, json};

#[tokio::test]
async fn password_and_one_time_code_give_a_session() {
    let bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let begun = sato.login(&bench, &Way::bearer()).await.unwrap();
    assert_eq!(begun.factors, [FactorKind::Password, FactorKind::Totp]);
    let caller = bench.caller(&Way::bearer(), begun.token.reveal()).unwrap();
    assert_eq!((caller.account.id.as_str(), caller.fresh), ("sato", true));
    assert_eq!(caller.session, Some(begun.session));
    assert_eq!((caller.actor.kind, caller.actor.id.as_str()), (store::ActorKind::Person, "sato"));
}

#[tokio::test]
async fn a_password_alone_is_enough_only_where_the_policy_says_one_factor() {
    let bench = Bench::new().await;
    bench.person("sato").await;
    let alone = json!({ "account": "sato", "password": PASSWORD });
    assert_eq!(id(bench.login(alone.clone(), &Way::bearer()).await), "ID-0302");
    bench.set("factors-needed", "1").await;
    assert_eq!(id(bench.login(alone, &Way::bearer()).await), "none");
}

#[tokio::test]
async fn a_code_alone_is_never_enough() {
    let bench = Bench::new().await;
    let sato = bench.person("sato").await;
    for needed in ["2", "1"] {
        bench.set("factors-needed", needed).await;
        let alone = json!({ "account": "sato", "totp": sato.code(&bench) });
        assert_eq!(id(bench.login(alone, &Way::bearer()).await), "ID-0302");
        let empty = json!({ "account": "sato", "password": "", "totp": sato.code(&bench) });
        assert_eq!(id(bench.login(empty, &Way::bearer()).await), "ID-0302");
    }
}

#[tokio::test]
async fn a_wrong_second_factor_refuses_a_login_that_would_do_without() {
    let bench = Bench::new().await;
    bench.set("factors-needed", "1").await;
    let sato = bench.person("sato").await;
    for (name, shown) in [("totp", wrong(&sato.code(&bench))), ("recovery", "0000-0000-0000-0000".into())] {
        let login = json!({ "account": "sato", "password": PASSWORD, name: shown });
        assert_eq!(id(bench.login(login, &Way::bearer()).await), "ID-0302", "{name}");
    }
}

/// Every way in which a login can be refused, each as its own account has it.
async fn refusals(bench: &Bench) -> Vec<(&'static str, Value)> {
    let both = |person: &Person, password: &str, code: String| {
        let account = &person.id;
        json!({ "account": account, "password": password, "totp": code })
    };
    let sato = bench.person("sato").await;
    let disabled = bench.person("disabled").await;
    bench.run(json!({ "command": "account-disable", "account": "disabled", "reason": "退職" })).await;
    let over = bench.technician("over", 60).await;
    bench.pass(120);
    let closed = bench.person("closed").await;
    for _ in 0..5 {
        let guess = json!({ "account": "closed", "password": OTHER_PASSWORD });
        assert_eq!(id(bench.login(guess, &Way::bearer()).await), "ID-0302");
    }
    bench.nurse("bare").await;
    bench.device("tablet-1").await;
    bench.pass(30);
    let nobody = json!({ "account": "nobody", "password": PASSWORD, "totp": "123456" });
    let malformed = json!({ "account": "no such/name", "password": PASSWORD, "totp": "123456" });
    vec![
        ("wrong password", both(&sato, OTHER_PASSWORD, sato.code_now(bench))),
        ("wrong code", both(&sato, PASSWORD, wrong(&sato.code_now(bench)))),
        ("no code", json!({ "account": "sato", "password": PASSWORD })),
        ("disabled", both(&disabled, PASSWORD, disabled.code_now(bench))),
        ("work order over", both(&over, PASSWORD, over.code_now(bench))),
        ("closed lane", both(&closed, PASSWORD, closed.code_now(bench))),
        ("unknown account", nobody),
        ("malformed account", malformed),
        ("no account", json!({ "password": PASSWORD })),
        ("no factors yet", json!({ "account": "bare", "password": PASSWORD })),
        ("a machine", json!({ "account": "tablet-1", "password": PASSWORD })),
        ("nothing", json!({})),
    ]
}

#[tokio::test]
async fn every_refusal_has_the_same_words_and_costs_the_same() {
    let bench = Bench::new().await;
    let words = |problem: &base::Problem| {
        (problem.code().id, problem.text(Language::English), problem.text(Language::Japanese))
    };
    let mut said = Vec::new();
    for (name, login) in refusals(&bench).await {
        let entries = bench.store().size();
        let (answer, hashes, commits) = work::of(&bench, bench.login(login, &Way::bearer())).await;
        let problem = answer.unwrap_err();
        assert_eq!(problem.code().id, "ID-0302", "{name}");
        assert_eq!((hashes, commits), (1, 1), "{name}: one hash, one commit");
        assert_eq!(bench.store().size(), entries, "{name}: a note is no entry");
        said.push(words(&problem));
    }
    said.dedup();
    assert_eq!(said.len(), 1, "{said:?}");
}

#[tokio::test]
async fn the_name_of_an_account_is_read_however_it_is_typed() {
    let bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let login = json!({ "account": " SATO ", "password": PASSWORD, "totp": sato.code(&bench) });
    assert_eq!(id(bench.login(login, &Way::bearer()).await), "none");
}

#[tokio::test]
async fn ones_own_certificate_is_a_second_factor_and_that_of_a_device_only_by_policy() {
    let bench = Bench::new().await;
    bench.person("sato").await;
    bench.device("tablet-1").await;
    let own = Way::bearer().over(&bench.certificate("sato").await);
    let device = Way::bearer().over(&bench.certificate("tablet-1").await);
    bench.verifies().await;
    let alone = || json!({ "account": "sato", "password": PASSWORD });
    let begun = bench.login(alone(), &own).await.unwrap();
    assert_eq!(begun.factors, [FactorKind::Password, FactorKind::Certificate]);
    assert_eq!(id(bench.login(alone(), &device).await), "ID-0302");
    assert_eq!(id(bench.login(alone(), &Way::bearer()).await), "ID-0004");
    bench.set("device-certificate-counts", "true").await;
    assert_eq!(id(bench.login(alone(), &device).await), "none");
    // The certificate of the device and a code are two things that one has, and nothing that one knows.
    let wrong_password = json!({ "account": "sato", "password": OTHER_PASSWORD });
    assert_eq!(id(bench.login(wrong_password, &device).await), "ID-0302");
}

#[tokio::test]
async fn a_recovery_code_works_once() {
    let bench = Bench::new().await;
    bench.nurse("sato").await;
    let (_, codes) = bench.join("sato").await;
    assert_eq!(codes.len(), 10);
    for code in &codes {
        let login = || json!({ "account": "sato", "password": PASSWORD, "recovery": code });
        let begun = bench.login(login(), &Way::bearer()).await.unwrap();
        assert_eq!(begun.factors, [FactorKind::Password, FactorKind::Recovery]);
        assert_eq!(id(bench.login(login(), &Way::bearer()).await), "ID-0302");
    }
}

#[tokio::test]
async fn a_password_at_an_older_cost_is_hashed_anew_at_a_login_and_stays_right() {
    let mut bench = Bench::new().await;
    let sato = bench.person("sato").await;
    bench.settings.password_cost.memory_kib = 16;
    bench.reopen();
    for hashes_expected in [2, 1] {
        let (begun, hashes, _) = work::of(&bench, sato.login(&bench, &Way::bearer())).await;
        assert_eq!((id(begun), hashes), ("none", hashes_expected));
    }
    bench.reopen();
    assert_eq!(id(sato.login(&bench, &Way::bearer()).await), "none");
}

#[tokio::test]
async fn a_password_that_is_taken_away_while_it_is_checked_lets_nobody_in() {
    let mut bench = Bench::new().await;
    // Slow enough that the removal comes in between.
    bench.settings.password_cost =
        identity::factor::password::Cost { memory_kib: 65_536, passes: 6, lanes: 1 };
    bench.reopen();
    let sato = bench.person("sato").await;
    let shown = bench.run(json!({ "command": "account-show", "account": "sato" })).await;
    let factors = shown["factor_list"].as_array().unwrap();
    let password = factors.iter().find(|one| one["kind"] == "password").unwrap();
    let login = sato.both(&bench);
    let way = Way::bearer();
    let (begun, removed) = tokio::join!(bench.login(login, &way), async {
        let removal = json!({ "command": "factor-remove", "account": "sato", "factor": password["factor"] });
        // The try is counted first; then its hash begins.
        while bench.notes("lane/").is_empty() {
            tokio::task::yield_now().await;
        }
        bench.try_run(removal).await
    });
    assert!(removed.is_ok());
    assert_eq!(id(begun), "ID-0302");
}
