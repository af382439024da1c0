//! From an operator's command to a person's first login, all of it over HTTP.

use super::{admin, command, person, post, refused, text, value};
use serde_json::{Value, json};
use testkit::{Client, Clinic, Person};

fn invited(clinic: &Clinic, account: &str) -> String {
    text(&command(clinic, "account-invite", json!({"account": account})), "code")
}

/// Opens an invitation, and answers it with this password.
fn answer(clinic: &Clinic, client: &Client, code: &str, password: &str) -> Value {
    let opened = value(&post(client, "invitation", &json!({"code": code})).expect(200));
    let url = text(&opened["totp"], "url");
    let app = testkit::one_time_code(&url, clinic.clock_now());
    json!({"code": code, "password": password, "totp": {"handle": opened["totp"]["handle"], "code": app}})
}

const GOOD: &str = "kumo-tansu 5 hayashi!";

#[test]
fn an_operator_makes_an_account_and_its_person_logs_in() {
    let clinic = Clinic::start();
    let boss = Person::join(&clinic, "boss", &["operator"]);
    let operator = boss.session(&clinic, &clinic.stranger());
    let members =
        json!({"account": "dr-sato", "kind": "person", "name": "佐藤 一郎", "occupation": "doctor"});
    admin(&operator, "account-create", &members).expect(200);
    let invited = value(&admin(&operator, "account-invite", &json!({"account": "dr-sato"})).expect(200));
    let link = text(&invited, "link");
    assert!(link.starts_with("https://localhost:8443/f/sakura/invitation/"), "{link}");
    let code = link.rsplit('/').next().unwrap();
    let sato = Person::accept_code(&clinic, &clinic.stranger(), code);
    assert_eq!((sato.account.as_str(), sato.recovery_codes.len()), ("dr-sato", 10));
    let session = sato.session(&clinic, &clinic.stranger());
    session.get("Patient").expect(200);
    assert_eq!(admin(&session, "account-list", &json!({})).refusal(), refused(403, "AC-0001"));
    let shown = value(&admin(&operator, "account-show", &json!({"account": "dr-sato"})).expect(200));
    assert_eq!((&shown["invited"], &shown["name"]), (&json!(false), &json!("佐藤 一郎")));
}

#[test]
fn an_invitation_is_used_once() {
    let clinic = Clinic::start();
    person(&clinic, "hana");
    let code = invited(&clinic, "hana");
    let stranger = clinic.stranger();
    let (first, second) = (answer(&clinic, &stranger, &code, GOOD), answer(&clinic, &stranger, &code, GOOD));
    post(&stranger, "invitation/accept", &first).expect(201);
    for body in [&first, &second] {
        assert_eq!(post(&stranger, "invitation/accept", body).refusal(), refused(401, "ID-0014"));
    }
    let opened = post(&stranger, "invitation", &json!({"code": code}));
    assert_eq!(opened.refusal(), refused(401, "ID-0014"));
}

#[test]
fn an_invitation_ends_by_time_by_a_newer_one_and_with_the_account() {
    let clinic = Clinic::start();
    person(&clinic, "hana");
    let stranger = clinic.stranger();
    let open = |code: &str| post(&stranger, "invitation", &json!({"code": code})).refusal();
    let (older, newer) = (invited(&clinic, "hana"), invited(&clinic, "hana"));
    assert_eq!(open(&older), refused(401, "ID-0014"), "replaced");
    post(&stranger, "invitation", &json!({"code": newer})).expect(200);
    clinic.pass_seconds(73 * 3_600);
    assert_eq!(open(&newer), refused(401, "ID-0014"), "three days are over");
    let last = invited(&clinic, "hana");
    command(&clinic, "account-disable", json!({"account": "hana", "reason": "left"}));
    command(&clinic, "account-enable", json!({"account": "hana"}));
    assert_eq!(open(&last), refused(401, "ID-0014"), "it ended with the account");
    for never in ["", "x", &format!("{}x", &last[..last.len() - 1])] {
        assert_eq!(open(never), refused(401, "ID-0014"), "{never}");
    }
}

#[test]
fn a_weak_password_is_told_all_its_faults_in_the_readers_language() {
    let clinic = Clinic::start();
    person(&clinic, "hana");
    let code = invited(&clinic, "hana");
    let stranger = clinic.stranger();
    let good = answer(&clinic, &stranger, &code, GOOD);
    let mut weak = good.clone();
    weak["password"] = "hana".into();
    let faults = |language: &str| -> Vec<(String, String)> {
        let ask = stranger.call(http::Method::POST, "invitation/accept").json(&weak);
        let reply = ask.field("accept-language", language).send().expect(422);
        assert_eq!(reply.field("content-language"), language);
        let outcome = value(&reply);
        assert_eq!(outcome["resourceType"], json!("OperationOutcome"));
        let issues = outcome["issue"].as_array().unwrap();
        let of = |issue: &Value| {
            let details = &issue["details"];
            (text(&details["coding"][0], "code"), text(details, "text"))
        };
        issues.iter().map(of).collect()
    };
    let (english, japanese) = (faults("en"), faults("ja"));
    let codes = |faults: &[(String, String)]| faults.iter().map(|(code, _)| code.clone()).collect::<Vec<_>>();
    assert_eq!(codes(&english), codes(&japanese));
    assert!(codes(&english).contains(&"ID-0201".to_owned()), "too short: {english:?}");
    assert!(codes(&english).contains(&"ID-0206".to_owned()), "one's own name: {english:?}");
    assert!(english.iter().all(|(_, text)| text.is_ascii() && text.contains("password")), "{english:?}");
    assert!(japanese.iter().all(|(_, text)| text.contains("パスワード")), "{japanese:?}");
    post(&stranger, "invitation/accept", &good).expect(201);
}

#[test]
fn one_factor_is_not_enough_and_the_invitation_stays() {
    let clinic = Clinic::start();
    person(&clinic, "hana");
    let code = invited(&clinic, "hana");
    let stranger = clinic.stranger();
    let good = answer(&clinic, &stranger, &code, GOOD);
    for lacking in [json!({"code": code}), json!({"code": code, "password": GOOD})] {
        let reply = post(&stranger, "invitation/accept", &lacking);
        assert_eq!(reply.refusal(), refused(422, "ID-0015"));
    }
    let wrong = answer(&clinic, &stranger, &code, GOOD);
    let mut wrong_code = wrong.clone();
    wrong_code["totp"]["code"] = "000000".into();
    let reply = post(&stranger, "invitation/accept", &wrong_code);
    assert_eq!(reply.refusal(), refused(422, "ID-0016"));
    post(&stranger, "invitation/accept", &good).expect(201);
}

#[test]
fn a_second_invitation_ends_what_was_set_by_the_first() {
    let clinic = Clinic::start();
    let hana = Person::join(&clinic, "hana", &[]);
    let session = hana.session(&clinic, &clinic.stranger());
    let again = Person::accept(&clinic, &clinic.stranger(), "hana");
    assert_eq!(session.get("Patient").refusal(), refused(401, "ID-0303"));
    assert_eq!(hana.log_in(&clinic, &clinic.stranger()).refusal(), refused(401, "ID-0302"));
    again.log_in(&clinic, &clinic.stranger()).expect(201);
    let members = json!({"account": "hana", "password": hana.password, "recovery": hana.recovery_codes[0]});
    assert_eq!(post(&clinic.stranger(), "session", &members).refusal(), refused(401, "ID-0302"));
    let members = json!({"account": "hana", "password": again.password, "recovery": again.recovery_codes[0]});
    post(&clinic.stranger(), "session", &members).expect(201);
    assert_eq!(
        post(&clinic.stranger(), "session", &members).refusal(),
        refused(401, "ID-0302"),
        "struck off"
    );
}

#[test]
fn machines_are_not_invited() {
    let clinic = Clinic::start();
    let boss = Person::join(&clinic, "boss", &["operator"]);
    let operator = boss.session(&clinic, &clinic.stranger());
    let reply = admin(&operator, "account-invite", &json!({"account": "tester"}));
    assert_eq!(reply.refusal(), refused(403, "ID-0029"));
    for path in ["factors/password", "factors/totp", "factors/passkey", "factors/recovery"] {
        assert_eq!(post(&clinic.client(), path, &json!({})).refusal(), refused(403, "ID-0029"), "{path}");
    }
}
