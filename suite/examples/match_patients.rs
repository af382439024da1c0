//! What `$match` and `$duplicates` cost: `cargo run --release -p suite --example match_patients [PATIENTS] [MATCHES]`.
//!
//! Fills a new store with invented patients, every twentieth registered twice with a slip, and prints the time of the wall for
//! each question. Names are drawn from 1,600: each is borne by more people than anywhere, which is the harder case.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement ends at the first fault and prints"
)]

use access::{Access, Context, InForce, Law, Who, WhoKind};
use base::{Clock, FacilityId, Language, SystemClock, SystemEntropy};
use records::{Answer, Call, Facility, Intent, SearchIndex, Trail};
use seal::MasterKey;
use serde_json::{Value, json};
use std::sync::Arc;
use store::{Actor, ActorKind, Store, World};

const FAMILIES: [(&str, &str); 40] = [
    ("佐藤", "サトウ"),
    ("鈴木", "スズキ"),
    ("高橋", "タカハシ"),
    ("田中", "タナカ"),
    ("伊藤", "イトウ"),
    ("渡辺", "ワタナベ"),
    ("山本", "ヤマモト"),
    ("中村", "ナカムラ"),
    ("小林", "コバヤシ"),
    ("加藤", "カトウ"),
    ("吉田", "ヨシダ"),
    ("山田", "ヤマダ"),
    ("斎藤", "サイトウ"),
    ("松本", "マツモト"),
    ("井上", "イノウエ"),
    ("木村", "キムラ"),
    ("林", "ハヤシ"),
    ("清水", "シミズ"),
    ("山崎", "ヤマザキ"),
    ("森", "モリ"),
    ("池田", "イケダ"),
    ("橋本", "ハシモト"),
    ("阿部", "アベ"),
    ("石川", "イシカワ"),
    ("山下", "ヤマシタ"),
    ("中島", "ナカジマ"),
    ("石井", "イシイ"),
    ("小川", "オガワ"),
    ("前田", "マエダ"),
    ("岡田", "オカダ"),
    ("長谷川", "ハセガワ"),
    ("藤田", "フジタ"),
    ("後藤", "ゴトウ"),
    ("近藤", "コンドウ"),
    ("村上", "ムラカミ"),
    ("遠藤", "エンドウ"),
    ("青木", "アオキ"),
    ("坂本", "サカモト"),
    ("福田", "フクダ"),
    ("太田", "オオタ"),
];
const GIVEN: [(&str, &str); 40] = [
    ("翔太", "ショウタ"),
    ("美咲", "ミサキ"),
    ("健一", "ケンイチ"),
    ("陽子", "ヨウコ"),
    ("大輔", "ダイスケ"),
    ("恵子", "ケイコ"),
    ("誠", "マコト"),
    ("由美子", "ユミコ"),
    ("浩", "ヒロシ"),
    ("久美子", "クミコ"),
    ("隆", "タカシ"),
    ("明美", "アケミ"),
    ("和夫", "カズオ"),
    ("直美", "ナオミ"),
    ("茂", "シゲル"),
    ("真由美", "マユミ"),
    ("勇", "イサム"),
    ("幸子", "サチコ"),
    ("蓮", "レン"),
    ("陽菜", "ヒナ"),
    ("大翔", "ヒロト"),
    ("結衣", "ユイ"),
    ("拓也", "タクヤ"),
    ("愛", "アイ"),
    ("達也", "タツヤ"),
    ("彩", "アヤ"),
    ("正", "タダシ"),
    ("和子", "カズコ"),
    ("清", "キヨシ"),
    ("洋子", "ヨウコ"),
    ("進", "ススム"),
    ("節子", "セツコ"),
    ("博", "ヒロシ"),
    ("文子", "フミコ"),
    ("実", "ミノル"),
    ("千代", "チヨ"),
    ("修", "オサム"),
    ("春子", "ハルコ"),
    ("昇", "ノボル"),
    ("光子", "ミツコ"),
];

/// A number that follows from another (the mixing of `SplitMix64`).
fn mixed(seed: u64) -> u64 {
    let mut z = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z ^ (z >> 31)
}

fn choose<T: Copy>(all: &[T], by: u64) -> T {
    let at = usize::try_from(by % u64::try_from(all.len()).unwrap()).unwrap();
    *all.get(at).unwrap()
}

/// Whose registration a number is: every twentieth is that of the patient before.
fn patient(number: u64) -> Value {
    let twice = number % 20 == 19;
    let who = if twice { number - 1 } else { number };
    let (family, family_kana) = choose(&FAMILIES, mixed(who));
    let (given, given_kana) = choose(&GIVEN, mixed(who + 1_000_000));
    let days = mixed(who + 2_000_000);
    let day = 1 + (days >> 20) % 28;
    let slip = if twice && number % 40 == 39 { day % 28 + 1 } else { day };
    let birth = format!("{}-{:02}-{slip:02}", 1935 + days % 85, 1 + (days >> 10) % 12);
    let representation = |code: &str, family: &str, given: &str| json!({ "extension": [{ "url": "http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation", "valueCode": code }], "family": family, "given": [given] });
    json!({
        "resourceType": "Patient", "id": format!("p{number}"), "active": true, "birthDate": birth,
        "gender": if who % 2 == 0 { "female" } else { "male" },
        "name": [representation("IDE", family, given), representation("SYL", family_kana, given_kana)],
        "telecom": [{ "system": "phone", "value": format!("03-{:04}-{:04}", mixed(who) % 10_000, mixed(who + 3) % 10_000) }],
        "identifier": [{ "system": "urn:oid:1.2.392.100495.20.3.51.11319999999", "type": { "coding": [{ "code": "MR" }] }, "value": format!("{number:08}") }],
    })
}

fn main() {
    let mut arguments = std::env::args().skip(1).map(|text| text.parse::<u64>().unwrap());
    let (patients, matches) = (arguments.next().unwrap_or(100_000), arguments.next().unwrap_or(500));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let folder = std::env::temp_dir().join(format!("match-patients-{}", std::process::id()));
    runtime.block_on(measure(&folder, patients, matches));
    std::fs::remove_dir_all(folder).unwrap();
}

async fn measure(folder: &std::path::Path, patients: u64, matches: u64) {
    let (clock, entropy) = (Arc::new(SystemClock), Arc::new(SystemEntropy));
    let id = FacilityId::parse("sakura").unwrap();
    let master = MasterKey::generate(&*entropy).unwrap();
    let world = World { clock: clock.clone(), entropy: entropy.clone(), indexer: Arc::new(SearchIndex) };
    Store::create(folder, &id, &master, &world).unwrap();
    let store = Arc::new(Store::open(folder, &id, &master, &world).unwrap());
    let facility = Facility::new(store, clock.clone(), entropy, InForce::new(Law::builtin())).unwrap();
    let importer = Actor::new(ActorKind::System, "import");
    let before = clock.now();
    for first in (0..patients).step_by(500) {
        let mut items = Vec::new();
        for number in first..patients.min(first + 500) {
            items.extend(facility.prepare(patient(number).to_string().as_bytes()).unwrap());
        }
        facility.import(&importer, "measurement", items, None).await.unwrap();
    }
    println!(
        "{patients} patients written in {} s",
        (clock.now().microseconds() - before.microseconds()) / 1_000_000
    );

    let mut times = Vec::new();
    let mut found = 0_usize;
    for number in 0..matches {
        let mut asked = patient((mixed(number) % (patients / 20)) * 20 + 18);
        asked.as_object_mut().unwrap().remove("id");
        let body =
            json!({ "resourceType": "Parameters", "parameter": [{ "name": "resource", "resource": asked }] });
        let intent = Intent::Match { kind: "Patient".to_owned(), body: body.to_string().into_bytes() };
        let before = clock.now();
        let answer = perform(&facility, intent).await;
        times.push(clock.now().microseconds() - before.microseconds());
        let answer: Value = serde_json::from_slice(&answer.body).unwrap();
        found += usize::from(answer.get("total").and_then(Value::as_u64).unwrap() >= 2);
    }
    times.sort_unstable();
    let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or_default();
    println!("$match: median {} µs, 95 % within {} µs, longest {} µs", at(50), at(95), times.last().unwrap());
    println!("{found} of {matches} asked found both registrations");

    let before = clock.now();
    let query = vec![("grade".to_owned(), "probable".to_owned())];
    let answer = perform(&facility, Intent::Duplicates { kind: "Patient".to_owned(), query }).await;
    let answer: Value = serde_json::from_slice(&answer.body).unwrap();
    let pairs = answer
        .get("parameter")
        .and_then(Value::as_array)
        .unwrap()
        .iter()
        .filter(|one| one.get("name").is_some_and(|name| name == "pair"))
        .count();
    println!(
        "$duplicates: a page with {pairs} pairs in {} ms",
        (clock.now().microseconds() - before.microseconds()) / 1_000
    );
}

async fn perform(facility: &Facility, intent: Intent) -> Answer {
    let actor = Actor::new(ActorKind::Person, "clerk");
    let who = Arc::new(Who {
        kind: WhoKind::Person,
        account: "clerk".to_owned(),
        occupation: Some("clerk"),
        ..Who::unknown("sakura")
    });
    let access = Access {
        v: 1,
        request: "measurement".to_owned(),
        route: "POST /test".to_owned(),
        ..Access::default()
    };
    let trail = Trail::open(facility, actor.clone(), access).unwrap();
    let call = Call {
        actor: &actor,
        who: &who,
        context: &Context::default(),
        trail: &trail,
        language: Language::Japanese,
        base_url: "https://127.0.0.1/f/sakura/fhir",
        intent,
        provenance: None,
        staff: None,
    };
    let answer = facility.perform(call).await;
    trail.close(facility).await.unwrap();
    answer.unwrap()
}
