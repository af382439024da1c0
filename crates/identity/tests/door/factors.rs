//! One's own factors: set, confirmed and taken away.

use crate::bench::{Bench, Way, id, ids, of, text};
use crate::people::{OTHER_PASSWORD, PASSWORD, wrong};
use identity::door::Caller;
use serde_json::{Value, json};
use testkit::one_time_code;

fn factor(bench: &Bench, caller: &Caller, kind: &str) -> String {
    let own = bench.door().own_factors(caller);
    let factors = own["factors"].as_array().unwrap();
    let found = factors.iter().find(|one| one["kind"] == kind).unwrap();
    text(found, "/factor").to_owned()
}

fn kinds(bench: &Bench, caller: &Caller) -> Vec<Value> {
    let own = bench.door().own_factors(caller);
    let mut kinds: Vec<String> =
        own["factors"].as_array().unwrap().iter().map(|one| text(one, "/kind").to_owned()).collect();
    kinds.sort();
    kinds.into_iter().map(Value::from).collect()
}

#[tokio::test]
async fn a_password_is_changed_by_whoever_knows_the_present_one() {
    let mut bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let (caller, _) = sato.session(&bench, &Way::bearer()).await;
    let change = |old: &str, new: &str| of(json!({ "old": old, "new": new }));
    let door = bench.door();
    assert_eq!(ids(door.set_password(&caller, change(OTHER_PASSWORD, OTHER_PASSWORD)).await), ["ID-0028"]);
    let faults = ids(door.set_password(&caller, change(PASSWORD, "sakura1")).await);
    assert!(faults.contains(&"ID-0201") && faults.contains(&"ID-0206"), "{faults:?}");
    assert_eq!(id(sato.login(&bench, &Way::bearer()).await), "none", "nothing changed");
    assert!(ids(door.set_password(&caller, change(PASSWORD, OTHER_PASSWORD)).await).is_empty());
    drop(door);
    for _ in 0..2 {
        assert_eq!(id(sato.login(&bench, &Way::bearer()).await), "ID-0302");
        let login = json!({ "account": "sato", "password": OTHER_PASSWORD, "totp": sato.code(&bench) });
        assert_eq!(id(bench.login(login, &Way::bearer()).await), "none");
        bench.reopen();
    }
}

#[tokio::test]
async fn a_new_secret_counts_only_once_its_first_code_is_right() {
    let mut bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let way = Way::bearer();
    let (caller, _) = sato.session(&bench, &way).await;
    let begun = bench.door().begin_totp(&caller.account).unwrap();
    let url = text(&begun, "/url").to_owned();
    assert_eq!(id(sato.login(&bench, &way).await), "none", "the present one counts until then");
    let bad = wrong(&one_time_code(&url, bench.now()));
    let wanted = of(json!({ "handle": begun["handle"], "code": bad }));
    assert_eq!(id(bench.door().set_totp(&caller, wanted).await), "ID-0016");
    assert_eq!(id(sato.login(&bench, &way).await), "none", "after a wrong code too");
    let begun = bench.door().begin_totp(&caller.account).unwrap();
    let url = text(&begun, "/url").to_owned();
    let code = one_time_code(&url, bench.now());
    let wanted = of(json!({ "handle": begun["handle"], "code": code }));
    assert_eq!(id(bench.door().set_totp(&caller, wanted).await), "none");
    for _ in 0..2 {
        assert_eq!(id(sato.login(&bench, &way).await), "ID-0302", "the one before");
        let login =
            json!({ "account": "sato", "password": PASSWORD, "totp": one_time_code(&url, bench.now()) });
        assert_eq!(id(bench.login(login.clone(), &way).await), "none");
        bench.reopen();
    }
    let replayed = json!({ "account": "sato", "password": PASSWORD, "totp": code });
    assert_eq!(id(bench.login(replayed, &way).await), "ID-0302");
}

#[tokio::test]
async fn the_code_that_confirmed_a_secret_does_not_log_in() {
    let mut bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let (caller, _) = sato.session(&bench, &Way::bearer()).await;
    let begun = bench.door().begin_totp(&caller.account).unwrap();
    let code = one_time_code(text(&begun, "/url"), bench.now());
    let wanted = of(json!({ "handle": begun["handle"], "code": code }));
    bench.door().set_totp(&caller, wanted).await.unwrap();
    let login = json!({ "account": "sato", "password": PASSWORD, "totp": code });
    for _ in 0..2 {
        assert_eq!(id(bench.login(login.clone(), &Way::bearer()).await), "ID-0302");
        bench.reopen();
    }
}

#[tokio::test]
async fn a_passkey_is_added_beside_the_others_and_not_twice() {
    let bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let (caller, _) = sato.session(&bench, &Way::bearer()).await;
    let mut one = bench.passkey(&caller).await;
    let mut other = bench.passkey(&caller).await;
    assert_eq!(kinds(&bench, &caller), ["passkey", "passkey", "password", "totp"]);
    for key in [&mut one, &mut other] {
        assert_eq!(id(bench.login_by_passkey(&Way::bearer(), key).await), "none");
    }
    let begun = bench.door().begin_passkey(&caller.account).unwrap();
    assert_eq!(begun["options"]["publicKey"]["excludeCredentials"].as_array().unwrap().len(), 2);
    let label =
        json!({ "handle": begun["handle"], "response": one.create(&begun["options"]), "label": "a\nb" });
    assert_eq!(id(bench.door().set_passkey(&caller, of(label)).await), "ID-0011");
}

#[tokio::test]
async fn new_recovery_codes_end_the_older_ones() {
    let mut bench = Bench::new().await;
    bench.nurse("sato").await;
    let (sato, old) = bench.join("sato").await;
    let (caller, _) = sato.session(&bench, &Way::bearer()).await;
    let set = bench.door().set_recovery(&caller).await.unwrap();
    let new: Vec<String> = of(set["recovery_codes"].clone());
    assert!(new.len() == 10 && new.iter().all(|code| !old.contains(code)));
    bench.reopen();
    let login = |code: &str| json!({ "account": "sato", "password": PASSWORD, "recovery": code });
    assert_eq!(id(bench.login(login(&old[0]), &Way::bearer()).await), "ID-0302");
    assert_eq!(id(bench.login(login(&new[0]), &Way::bearer()).await), "none");
}

#[tokio::test]
async fn enough_factors_to_log_in_are_kept() {
    let bench = Bench::new().await;
    bench.nurse("sato").await;
    let (sato, _) = bench.join("sato").await;
    let (caller, _) = sato.session(&bench, &Way::bearer()).await;
    let door = bench.door();
    let (password, totp) = (factor(&bench, &caller, "password"), factor(&bench, &caller, "totp"));
    assert_eq!(id(door.remove_own_factor(&caller, &password).await), "ID-0013");
    assert_eq!(id(door.remove_own_factor(&caller, &totp).await), "ID-0013", "recovery codes run out");
    bench.set("factors-needed", "1").await;
    assert_eq!(
        id(door.remove_own_factor(&caller, &password).await),
        "ID-0013",
        "nobody logs in by code alone"
    );
    assert_eq!(id(door.remove_own_factor(&caller, &totp).await), "none");
    bench.set("factors-needed", "2").await;
    let key = bench.passkey(&caller).await;
    assert_eq!(key.held(), 1);
    assert_eq!(id(door.remove_own_factor(&caller, &password).await), "none", "a passkey is enough");
    let passkey = factor(&bench, &caller, "passkey");
    assert_eq!(id(door.remove_own_factor(&caller, &passkey).await), "ID-0013");
    let recovery = factor(&bench, &caller, "recovery");
    assert_eq!(id(door.remove_own_factor(&caller, &recovery).await), "none");
}

#[tokio::test]
async fn nobody_takes_away_the_factors_of_another() {
    let bench = Bench::new().await;
    let (sato, mori) = (bench.person("sato").await, bench.person("mori").await);
    let (of_sato, _) = sato.session(&bench, &Way::bearer()).await;
    let (of_mori, _) = mori.session(&bench, &Way::bearer()).await;
    let foreign = factor(&bench, &of_mori, "totp");
    assert_eq!(id(bench.door().remove_own_factor(&of_sato, &foreign).await), "ID-0012");
    let removal = json!({ "command": "factor-remove", "account": "sato", "factor": foreign });
    assert_eq!(bench.refused(removal).await, "ID-0012");
    assert_eq!(kinds(&bench, &of_mori), ["password", "totp"]);
}

#[tokio::test]
async fn a_step_up_takes_exactly_one_factor() {
    let bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let way = Way::bearer();
    let (caller, _) = sato.session(&bench, &way).await;
    assert_eq!(id(bench.step_up(&way, &caller, json!({})).await), "ID-0302");
    let two = json!({ "password": PASSWORD, "totp": sato.code(&bench) });
    assert_eq!(id(bench.step_up(&way, &caller, two).await), "ID-0302");
    let mut key = bench.passkey(&caller).await;
    let answer = bench.answer(&way, &mut key);
    let begun = bench.step_up(&way, &caller, json!({ "passkey": answer })).await.unwrap();
    assert_eq!(begun.factors.last(), Some(&identity::FactorKind::Passkey));
}

#[tokio::test]
async fn only_people_are_equipped_with_passwords() {
    let bench = Bench::new().await;
    bench.device("tablet-1").await;
    let totp = identity::factor::totp::Totp::generate(&base::SystemEntropy).unwrap();
    let password = base::Secret::new(PASSWORD.to_owned());
    let door = bench.door();
    let by = crate::bench::console();
    let equipped = door.equip(&by, &crate::bench::account("tablet-1"), &password, &totp).await;
    assert_eq!(ids(equipped), ["ID-0029"]);
    bench.nurse("sato").await;
    let weak = base::Secret::new("sato".to_owned());
    let equipped = door.equip(&by, &crate::bench::account("sato"), &weak, &totp).await;
    assert!(ids(equipped).contains(&"ID-0206"));
}

/// A third password, neither of those of the others.
const THIRD_PASSWORD: &str = "kumo-Ga3-nagareru-Yoru";

async fn changed(bench: &Bench, caller: &Caller, old: &str, new: &str) -> Vec<&'static str> {
    ids(bench.door().set_password(caller, of(json!({ "old": old, "new": new }))).await)
}

#[tokio::test]
async fn a_password_that_was_used_lately_is_not_taken_again() {
    let mut bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let (caller, _) = sato.session(&bench, &Way::bearer()).await;
    assert_eq!(changed(&bench, &caller, PASSWORD, PASSWORD).await, ["ID-0045"], "the present one");
    assert!(changed(&bench, &caller, PASSWORD, OTHER_PASSWORD).await.is_empty());
    bench.reopen();
    for former in [PASSWORD, OTHER_PASSWORD] {
        assert_eq!(changed(&bench, &caller, OTHER_PASSWORD, former).await, ["ID-0045"], "{former}");
    }
    assert!(changed(&bench, &caller, OTHER_PASSWORD, THIRD_PASSWORD).await.is_empty());
    bench.set("passwords-remembered", "2").await;
    assert_eq!(changed(&bench, &caller, THIRD_PASSWORD, OTHER_PASSWORD).await, ["ID-0045"]);
    assert!(changed(&bench, &caller, THIRD_PASSWORD, PASSWORD).await.is_empty(), "it is older than that");
}

#[tokio::test]
async fn a_password_of_somebody_else_is_nobodys_former_one() {
    let bench = Bench::new().await;
    bench.person("sato").await;
    let mori = bench.person("mori").await;
    let (caller, _) = mori.session(&bench, &Way::bearer()).await;
    assert!(changed(&bench, &caller, PASSWORD, OTHER_PASSWORD).await.is_empty());
}

#[tokio::test]
async fn taking_a_factor_away_brings_no_former_password_back() {
    let bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let (caller, _) = sato.session(&bench, &Way::bearer()).await;
    let password = factor(&bench, &caller, "password");
    bench.run(json!({ "command": "factor-remove", "account": "sato", "factor": password })).await;
    let code = bench.invited("sato").await;
    let opened = bench.open_invitation(&code).unwrap();
    let acceptance = |password: &str| {
        let shown = one_time_code(text(&opened, "/totp/url"), bench.now());
        let totp = json!({ "handle": opened["totp"]["handle"], "code": shown });
        json!({ "code": code, "password": password, "totp": totp })
    };
    assert_eq!(ids(bench.accept(acceptance(PASSWORD)).await), ["ID-0045"]);
    assert!(ids(bench.accept(acceptance(OTHER_PASSWORD)).await).is_empty(), "the invitation is still good");
}

#[tokio::test]
async fn where_nothing_was_remembered_the_present_password_is_known_all_the_same() {
    let bench = Bench::new().await;
    bench.set("passwords-remembered", "0").await;
    let sato = bench.person("sato").await;
    let (caller, _) = sato.session(&bench, &Way::bearer()).await;
    assert!(changed(&bench, &caller, PASSWORD, PASSWORD).await.is_empty(), "nothing is refused");
    assert!(changed(&bench, &caller, PASSWORD, OTHER_PASSWORD).await.is_empty());
    bench.set("passwords-remembered", "5").await;
    assert_eq!(changed(&bench, &caller, OTHER_PASSWORD, OTHER_PASSWORD).await, ["ID-0045"]);
    assert!(changed(&bench, &caller, OTHER_PASSWORD, THIRD_PASSWORD).await.is_empty());
    assert_eq!(changed(&bench, &caller, THIRD_PASSWORD, OTHER_PASSWORD).await, ["ID-0045"]);
}
