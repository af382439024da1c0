//! What ends what was granted: the same as for whoever leaves the facility, and as soon.

use super::{Scene, command, error, good, over, refresh, refused};
use serde_json::json;
use std::time::Duration;

/// Grants that the journal still knows of.
fn grants(scene: &Scene) -> usize {
    let shown = command(&scene.clinic, "app-show", json!({"app": "viewer"}));
    shown["grants"].as_array().unwrap().len()
}

/// Waits until the server has tidied up, which it does about every second.
fn tidied(scene: &Scene, left: usize) {
    for _ in 0..200 {
        if grants(scene) == left {
            return;
        }
        let (_nobody, wait) = std::sync::mpsc::channel::<()>();
        assert!(wait.recv_timeout(Duration::from_millis(25)).is_err());
    }
    panic!("{} grants are left, not {left}", grants(scene));
}

#[test]
fn tokens_end_with_the_account_and_do_not_come_back_with_it() {
    let scene = Scene::new();
    let answer = scene.tokens(&scene.browser(), "offline_access user/*.rs");
    assert_eq!(scene.reads(&answer["access_token"]), good());
    command(&scene.clinic, "account-disable", json!({"account": "hana", "reason": "left"}));
    assert_eq!(scene.reads(&answer["access_token"]), over());
    let again = || refresh(&scene.clinic.stranger(), answer["refresh_token"].as_str().unwrap());
    assert_eq!(refused(&again()), error(400, "invalid_grant"));
    tidied(&scene, 0);
    command(&scene.clinic, "account-enable", json!({"account": "hana"}));
    assert_eq!(scene.reads(&answer["access_token"]), over());
    assert_eq!(refused(&again()), error(400, "invalid_grant"));
}

#[test]
fn tokens_end_with_the_app() {
    let scene = Scene::new();
    let answer = scene.tokens(&scene.browser(), "offline_access user/*.rs");
    assert_eq!(grants(&scene), 1);
    command(&scene.clinic, "app-disable", json!({"app": "viewer", "reason": "a hole in it"}));
    assert_eq!(scene.reads(&answer["access_token"]), over());
    assert_eq!(grants(&scene), 0);
    let again = refresh(&scene.clinic.stranger(), answer["refresh_token"].as_str().unwrap());
    assert_eq!(refused(&again), error(401, "invalid_client"));
}

#[test]
fn tokens_end_with_the_sessions_that_an_operator_ends() {
    let scene = Scene::new();
    let browser = scene.browser();
    let online = scene.tokens(&browser, "online_access user/*.rs");
    let offline = scene.tokens(&browser, "offline_access user/*.rs");
    command(&scene.clinic, "session-end", json!({"account": "hana"}));
    assert_eq!(scene.reads(&online["access_token"]), over());
    assert_eq!(scene.reads(&offline["access_token"]), over(), "all sessions: also what outlasts them");
    tidied(&scene, 0);
}

#[test]
fn tokens_end_with_a_session_that_nobody_uses() {
    let scene = Scene::new();
    let answer = scene.tokens(&scene.browser(), "online_access user/*.rs");
    // An app that goes on by itself keeps no session open.
    let mut token = answer["refresh_token"].as_str().unwrap().to_owned();
    for _ in 0..6 {
        scene.clinic.pass_seconds(299);
        let next = super::value(&refresh(&scene.clinic.stranger(), &token).expect(200));
        token = next["refresh_token"].as_str().unwrap().to_owned();
    }
    scene.clinic.pass_seconds(60);
    assert_eq!(refused(&refresh(&scene.clinic.stranger(), &token)), error(400, "invalid_grant"));
    tidied(&scene, 0);
}

#[test]
fn no_token_lies_on_the_disk() {
    let mut scene = Scene::new();
    let answer = scene.tokens(&scene.browser(), "online_access user/*.rs");
    scene.clinic.close();
    let database =
        testkit::open_database(scene.clinic.data(), scene.clinic.facility(), scene.clinic.master());
    let plain = scene.clinic.data().join("plain.db");
    let copy =
        format!("ATTACH DATABASE '{}' AS plain KEY ''; SELECT sqlcipher_export('plain')", plain.display());
    database.execute_batch(&copy).unwrap();
    drop(database);
    let image = std::fs::read(plain).unwrap();
    for name in ["access_token", "refresh_token"] {
        let token = answer[name].as_str().unwrap().as_bytes();
        assert!(!image.windows(token.len()).any(|bytes| bytes == token), "{name}");
        let random = &token[4..];
        assert!(!image.windows(random.len()).any(|bytes| bytes == random), "{name}");
    }
    let hana = image.windows(4).any(|bytes| bytes == b"hana");
    assert!(hana, "what is looked through is the database");
}
