//! What the journal gets to know: every change, and no secret.

use crate::bench::{Bench, Nothing, Way, of, text};
use crate::people::{OTHER_PASSWORD, PASSWORD};
use base::{Position, Problem};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use data_encoding::{BASE32_NOPAD, HEXLOWER};
use serde_json::json;
use std::collections::BTreeSet;
use store::{Entry, Store, VerifyOptions, save_log, verify_data, verify_log};
use testkit::one_time_code;

/// A life with everything in it, and the secrets that were in play.
async fn life(bench: &Bench) -> Vec<Vec<u8>> {
    let mut secrets: Vec<Vec<u8>> = vec![PASSWORD.into(), OTHER_PASSWORD.into()];
    let mut keep = |text: &str| secrets.push(text.as_bytes().to_vec());
    let way = Way::cookie();
    bench.device("tablet-1").await;
    let key = bench.run(json!({ "command": "account-key", "account": "tablet-1" })).await;
    keep(text(&key, "/key"));
    bench.run(json!({ "command": "certificate-ca" })).await;
    let issued = bench.run(json!({ "command": "certificate-issue", "account": "tablet-1" })).await;
    for name in ["/key", "/passphrase", "/pkcs12", "/link"] {
        keep(text(&issued, name));
    }
    let body: String = text(&issued, "/key").lines().filter(|line| !line.starts_with("---")).collect();
    keep(&body);
    keep(text(&issued, "/link").rsplit('/').next().unwrap());
    let headers =
        json!({ "sms-url": "https://sms.example/", "sms-headers": "Authorization: Bearer gatewaykey" });
    bench.run(json!({ "command": "policy-set", "values": headers })).await;
    keep("gatewaykey");
    bench.nurse("sato").await;
    let invitation = bench.invited("sato").await;
    keep(&invitation);
    let opened = bench.open_invitation(&invitation).unwrap();
    let url = text(&opened, "/totp/url").to_owned();
    keep(text(&opened, "/totp/handle"));
    let secret = text(&opened, "/totp/secret").replace(' ', "");
    keep(&secret);
    let totp = json!({ "handle": opened["totp"]["handle"], "code": one_time_code(&url, bench.now()) });
    let accepted =
        bench.accept(json!({ "code": invitation, "password": PASSWORD, "totp": totp })).await.unwrap();
    let codes: Vec<String> = of(accepted["recovery_codes"].clone());
    codes.iter().for_each(|code| keep(code));
    bench.pass(60);
    let login = json!({ "account": "sato", "password": PASSWORD, "totp": one_time_code(&url, bench.now()) });
    let begun = bench.login(login, &way).await.unwrap();
    keep(begun.token.reveal());
    keep(begun.device.as_ref().unwrap().reveal());
    let caller = bench.caller(&way, begun.token.reveal()).unwrap();
    bench.passkey(&caller).await;
    let change = of(json!({ "old": PASSWORD, "new": OTHER_PASSWORD }));
    assert!(bench.door().set_password(&caller, change).await.is_ok());
    let stepped = bench.step_up(&way, &caller, json!({ "recovery": codes[3] })).await.unwrap();
    keep(stepped.token.reveal());
    let caller = bench.caller(&way, stepped.token.reveal()).unwrap();
    bench.door().end_own_session(&caller, None).await.unwrap();
    let revoke =
        json!({ "command": "certificate-revoke", "certificate": issued["serial"], "reason": "lost" });
    bench.run(revoke).await;
    bench.run(json!({ "command": "certificate-crl" })).await;
    bench.run(json!({ "command": "account-disable", "account": "sato", "reason": "退職" })).await;
    bench.run(json!({ "command": "account-enable", "account": "sato" })).await;
    bench.door().tidy_up().await.unwrap();
    let raw = BASE32_NOPAD.decode(secret.as_bytes()).unwrap();
    let key_der = STANDARD.decode(&body).unwrap();
    for bytes in [raw, key_der] {
        secrets.push(STANDARD.encode(&bytes).into_bytes());
        secrets.push(HEXLOWER.encode(&bytes).into_bytes());
        secrets.push(bytes);
    }
    let ungrouped: Vec<Vec<u8>> = codes.iter().map(|code| code.replace('-', "").into_bytes()).collect();
    secrets.extend(ungrouped);
    secrets
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[tokio::test]
async fn every_kind_of_change_has_its_entry_and_the_journal_verifies() {
    let mut bench = Bench::new().await;
    life(&bench).await;
    let store = bench.store();
    let (size, kinds) = store
        .read(|snapshot| {
            let size = usize::try_from(store.size()).unwrap();
            let entries = snapshot.entries_from(Position(0), size)?;
            let kind = |bytes: &Vec<u8>| Entry::parse(bytes).unwrap().subject.kind.into_owned();
            Ok::<_, Problem>((entries.len(), entries.iter().map(kind).collect::<BTreeSet<_>>()))
        })
        .unwrap();
    for kind in ["Account", "Factor", "Certificate", "Authority", "Invitation", "Session", "Policy"] {
        let written = kinds.iter().any(|one| one.strip_prefix("Akashi") == Some(kind));
        assert!(written, "{kind} is not in {kinds:?}");
    }
    drop(store);
    bench.close();
    let options = VerifyOptions { since: None, progress: &|_, _| () };
    let report = verify_data(bench.data(), &bench.facility, &bench.master, &Nothing, &options).unwrap();
    assert_eq!(usize::try_from(report.entries).unwrap(), size);
    let log = tempfile::tempdir().unwrap();
    let store = Store::open_for_reading(bench.data(), &bench.facility, &bench.master).unwrap();
    save_log(&store, log.path()).unwrap();
    assert_eq!(
        usize::try_from(verify_log(log.path(), Some(store.verifier()), None).unwrap().entries).unwrap(),
        size
    );
}

#[tokio::test]
async fn no_secret_stands_in_entries_contents_or_notes() {
    let bench = Bench::new().await;
    let secrets = life(&bench).await;
    assert!(secrets.len() > 40 && secrets.iter().all(|secret| secret.len() >= 8));
    let store = bench.store();
    let (mut all, mut contents) = (Vec::new(), 0);
    store
        .read(|snapshot| {
            let size = store.size();
            for entry in snapshot.entries_from(Position(0), usize::try_from(size).unwrap())? {
                all.push(entry);
            }
            for position in 0..size {
                if let Some((_, body)) = snapshot.content(Position(position))? {
                    contents += 1;
                    all.push(body);
                }
            }
            Ok::<_, Problem>(())
        })
        .unwrap();
    assert!(contents >= 20, "{contents}");
    all.extend(bench.notes("").into_iter().map(|(name, text)| format!("{name} {text}").into_bytes()));
    for bytes in &all {
        for secret in &secrets {
            let place = String::from_utf8_lossy(bytes);
            assert!(!holds(bytes, secret), "a secret stands in {place}");
        }
    }
    // What is searched for would be found: the account's id stands everywhere.
    assert!(all.iter().any(|bytes| holds(bytes, b"AkashiFactor")));
}

#[tokio::test]
async fn an_entry_names_who_did_it() {
    let bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let (caller, _) = sato.session(&bench, &Way::bearer()).await;
    bench.door().set_recovery(&caller).await.unwrap();
    let store = bench.store();
    let last = store.read(|snapshot| snapshot.entry(Position(store.size() - 1))).unwrap();
    let entry = Entry::parse(&last).unwrap();
    assert_eq!((entry.actor.id.as_str(), &*entry.subject.kind), ("sato", "AkashiFactor"));
}

#[tokio::test]
async fn a_journal_that_holds_what_nobody_knows_opens_no_door() {
    use base::{RecordKey, Time, VersionNumber};
    use store::{Act, Batch, Change, Expected};
    let bench = Bench::new().await;
    let render = |_: VersionNumber, _: Time| br#"{"format":2,"body":{}}"#.to_vec();
    let change = Change {
        key: RecordKey::parse("AkashiAccount/later").unwrap(),
        expected: Expected::Anything,
        act: Act::Put { render: Box::new(render), terms: Vec::new() },
    };
    bench.store().append(Batch::new(crate::bench::console(), vec![change])).await.unwrap();
    let opened = identity::Identity::open(
        bench.store(),
        std::sync::Arc::<base::ManualClock>::clone(&bench.clock),
        std::sync::Arc::new(base::SystemEntropy),
        bench.settings.clone(),
    );
    assert_eq!(crate::bench::id(opened), "ID-0025");
}
