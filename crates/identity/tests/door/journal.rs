//! What the journal gets to know: every change, and no secret.

use crate::bench::{Bench, Nothing, Way, of, text};
use crate::people::{OTHER_PASSWORD, PASSWORD};
use access::{Access, Action, Decided};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use data_encoding::{BASE32_NOPAD, HEXLOWER};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use store::{Entry, Store, VerifyOptions, Witness, save_log, verify_data, verify_log};
use testkit::one_time_code;

/// A life with everything in it, and the secrets that were in play.
async fn life(bench: &Bench) -> Vec<Vec<u8>> {
    let (mut secrets, serial) = machines(bench).await;
    secrets.extend(people(bench).await);
    bench.run(json!({ "command": "certificate-revoke", "certificate": serial, "reason": "lost" })).await;
    bench.run(json!({ "command": "certificate-crl" })).await;
    bench.run(json!({ "command": "account-disable", "account": "sato", "reason": "退職" })).await;
    bench.run(json!({ "command": "account-enable", "account": "sato" })).await;
    bench.door().tidy_up().await.unwrap();
    secrets
}

/// Secret bytes in every spelling in which they could stand somewhere.
fn spelled(bytes: Vec<u8>) -> [Vec<u8>; 3] {
    [STANDARD.encode(&bytes).into_bytes(), HEXLOWER.encode(&bytes).into_bytes(), bytes]
}

/// A key, an authority, a certificate, a gateway; and the serial number of the certificate.
async fn machines(bench: &Bench) -> (Vec<Vec<u8>>, Value) {
    bench.device("tablet-1").await;
    let key = bench.run(json!({ "command": "account-key", "account": "tablet-1" })).await;
    bench.run(json!({ "command": "certificate-ca" })).await;
    let issued = bench.run(json!({ "command": "certificate-issue", "account": "tablet-1" })).await;
    let headers =
        json!({ "sms-url": "https://sms.example/", "sms-headers": "Authorization: Bearer gatewaykey" });
    bench.run(json!({ "command": "policy-set", "values": headers })).await;
    let body: String = text(&issued, "/key").lines().filter(|line| !line.starts_with("---")).collect();
    let handle = text(&issued, "/link").rsplit('/').next().unwrap();
    let mut secrets: Vec<Vec<u8>> = vec![text(&key, "/key").into(), handle.into(), "gatewaykey".into()];
    secrets.extend(["/key", "/passphrase", "/pkcs12", "/link"].map(|name| text(&issued, name).into()));
    secrets.extend(spelled(STANDARD.decode(&body).unwrap()));
    (secrets, issued["serial"].clone())
}

/// Somebody who is invited, logs in, gets a passkey, changes the password, steps up and logs out.
async fn people(bench: &Bench) -> Vec<Vec<u8>> {
    let way = Way::cookie();
    bench.nurse("sato").await;
    let invitation = bench.invited("sato").await;
    let opened = bench.open_invitation(&invitation).unwrap();
    let url = text(&opened, "/totp/url").to_owned();
    let secret = text(&opened, "/totp/secret").replace(' ', "");
    let totp = json!({ "handle": opened["totp"]["handle"], "code": one_time_code(&url, bench.now()) });
    let acceptance = json!({ "code": invitation, "password": PASSWORD, "totp": totp });
    let accepted = bench.accept(acceptance).await.unwrap();
    let codes: Vec<String> = of(accepted["recovery_codes"].clone());
    bench.pass(60);
    let login = json!({ "account": "sato", "password": PASSWORD, "totp": one_time_code(&url, bench.now()) });
    let begun = bench.login(login, &way).await.unwrap();
    let caller = bench.caller(&way, begun.token.reveal()).unwrap();
    bench.passkey(&caller).await;
    let change = of(json!({ "old": PASSWORD, "new": OTHER_PASSWORD }));
    assert!(bench.door().set_password(&caller, change).await.is_ok());
    let stepped = bench.step_up(&way, &caller, json!({ "recovery": codes[3] })).await.unwrap();
    let caller = bench.caller(&way, stepped.token.reveal()).unwrap();
    let glass = bench.door().break_glass(&caller, "42", "救急搬送、意識なし", None).await.unwrap();
    bench.run(json!({ "command": "glass-review", "glass": glass.id, "note": "妥当" })).await;
    let propose = of(json!({ "command": "law-propose", "text": "", "reason": "見直し" }));
    let proposal = bench.door().perform(&caller.actor, propose).await.unwrap();
    bench.run(json!({ "command": "law-approve", "proposal": proposal["proposal"] })).await;
    bench.door().end_own_session(&caller, None).await.unwrap();
    let mut secrets: Vec<Vec<u8>> = vec![PASSWORD.into(), OTHER_PASSWORD.into(), invitation.into()];
    secrets.extend([text(&opened, "/totp/handle"), &secret, stepped.token.reveal()].map(Into::into));
    secrets.extend([begun.token.reveal(), begun.device.as_ref().unwrap().reveal()].map(Into::into));
    secrets.extend(spelled(BASE32_NOPAD.decode(secret.as_bytes()).unwrap()));
    secrets.extend(codes.iter().flat_map(|code| [code.clone().into(), code.replace('-', "").into()]));
    secrets
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[tokio::test]
async fn every_kind_of_change_has_its_entry_and_the_journal_verifies() {
    let mut bench = Bench::new().await;
    life(&bench).await;
    let entries = bench.journal("entry");
    let size = entries.len();
    let kind = |bytes: &Vec<u8>| Entry::parse(bytes).unwrap().subject.kind.into_owned();
    let kinds: BTreeSet<String> = entries.iter().map(kind).collect();
    for kind in [
        "Account",
        "Factor",
        "Certificate",
        "Authority",
        "Invitation",
        "Session",
        "Policy",
        "Law",
        "LawProposal",
        "BrokenGlass",
    ] {
        let written = kinds.iter().any(|one| one.strip_prefix("Akashi") == Some(kind));
        assert!(written, "{kind} is not in {kinds:?}");
    }
    let witness = exporting(&bench).await;
    bench.close();
    let options = VerifyOptions { since: None, progress: &|_, _| () };
    let report = verify_data(bench.data(), &bench.facility, &bench.master, &Nothing, &options).unwrap();
    assert_eq!(usize::try_from(report.entries).unwrap(), size + 1, "and that of the export");
    let log = tempfile::tempdir().unwrap();
    let store = Store::open_for_reading(bench.data(), &bench.facility, &bench.master).unwrap();
    save_log(&store, &witness, log.path()).unwrap();
    assert_eq!(
        usize::try_from(verify_log(log.path(), Some(store.verifier()), None).unwrap().entries).unwrap(),
        size + 1
    );
}

/// What the journal says before all of it is copied.
async fn exporting(bench: &Bench) -> Witness {
    let access = Access {
        v: 1,
        action: Action::EXPORT.name().to_owned(),
        decided: Decided::Permitted,
        status: 200,
        ..Access::default()
    };
    let store = bench.store();
    let ticket = store.ticket(crate::bench::console(), access).unwrap();
    let receipt = store.close(ticket).await.unwrap();
    store.witness(receipt.access.unwrap(), bench.now()).unwrap()
}

#[tokio::test]
async fn no_secret_stands_in_entries_contents_or_notes() {
    let bench = Bench::new().await;
    let secrets = life(&bench).await;
    assert!(secrets.len() >= 38 && secrets.iter().all(|secret| secret.len() >= 8));
    let contents = bench.journal("content");
    let count = contents.len();
    let mut all = bench.journal("entry");
    all.extend(contents);
    assert!(count >= 20, "{count}");
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
    let entries = bench.journal("entry");
    let entry = Entry::parse(entries.last().unwrap()).unwrap();
    assert_eq!((entry.actor.id.as_str(), &*entry.subject.kind), ("sato", "AkashiFactor"));
}

#[tokio::test]
async fn a_journal_that_holds_what_nobody_knows_opens_no_door() {
    use base::{RecordKey, Time, VersionNumber};
    use store::{Act, Batch, Change, Expected};
    let bench = Bench::new().await;
    let render = |_: VersionNumber, _: Time| br#"{"format":2,"body":{}}"#.to_vec();
    let key = RecordKey::parse("AkashiAccount/later").unwrap();
    let act = Act::Put { render: Box::new(render), terms: Vec::new() };
    let change = Change::of_identity(key, Expected::Anything, act).unwrap();
    bench.store().append_identities(Batch::new(crate::bench::console(), vec![change])).await.unwrap();
    let opened = identity::Identity::open(
        bench.store(),
        std::sync::Arc::<base::ManualClock>::clone(&bench.clock),
        std::sync::Arc::new(base::SystemEntropy),
        bench.settings.clone(),
    );
    assert_eq!(crate::bench::id(opened), "ID-0025");
}
