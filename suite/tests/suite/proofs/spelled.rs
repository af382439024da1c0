//! Entries and contents of every spelling, properly signed: both verifiers read the formats alike.

use super::forge::{Claims, Forge, SALT, TIME, account, content, entry, identity};
use super::{Candidate, judge, judge_by_both};
use merkle::Hash;

/// What is said of an entry: whether a proof of it is good.
type Row = (&'static str, String, Option<String>, bool);

fn good_entry() -> String {
    entry("create", "a", 1, Some(&content("a", 1)))
}

/// A name, an entry whose content is the usual one, and whether it is good.
type Spelling = (&'static str, String, bool);

/// The usual entry with one part written in another way.
fn with(from: &str, to: &str) -> String {
    let base = good_entry();
    assert!(base.contains(from), "{from}");
    base.replacen(from, to, 1)
}

/// Entries that are good, however unusual.
fn unusual() -> Vec<Spelling> {
    let base = good_entry();
    vec![
        ("as it is written", base.clone(), true),
        ("with blanks", with(r#""v":1"#, "\t\"v\" : 1 "), true),
        ("blanks around it", format!(" {base}\n"), true),
        ("an unknown member", with(r#""v":1"#, r#""v":1,"colour":"red""#), true),
        ("an unknown member in the actor", with(r#""id":"t""#, r#""id":"t","colour":"red""#), true),
        ("an unknown member in the subject", with(r#""version":1"#, r#""version":1,"colour":"red""#), true),
        ("an unknown member that is null", with(r#""v":1"#, r#""v":1,"colour":null"#), true),
        (
            "members in another order",
            with(r#"{"v":1,"kind":"record.create","#, r#"{"kind":"record.create","v":1,"#),
            true,
        ),
        ("an escaped letter", with("record.create", r"record.creat\u0065"), true),
        ("a reason", with(r#""v":1"#, r#""v":1,"reason":"import x""#), true),
        ("an empty reason", with(r#""v":1"#, r#""v":1,"reason":"""#), true),
    ]
}

/// Entries whose format, kind or time is not that of the formats.
fn misdated() -> Vec<Spelling> {
    vec![
        ("a member twice", with(r#""v":1"#, r#""v":1,"v":1"#), false),
        ("an unknown member twice", with(r#""v":1"#, r#""v":1,"x":1,"x":1"#), false),
        ("an unknown member twice in the actor", with(r#""id":"t""#, r#""id":"t","x":1,"x":1"#), false),
        ("a member twice deep in an unknown one", with(r#""v":1"#, r#""v":1,"x":{"y":1,"y":1}"#), false),
        ("a member twice, once escaped", with(r#""v":1"#, r#""v":1,"\u0076":1"#), false),
        ("the version of the subject twice", with(r#""version":1"#, r#""version":1,"version":1"#), false),
        ("v is 2", with(r#""v":1"#, r#""v":2"#), false),
        ("v is a text", with(r#""v":1"#, r#""v":"1""#), false),
        ("v is 1.0", with(r#""v":1"#, r#""v":1.0"#), false),
        ("v is 1e0", with(r#""v":1"#, r#""v":1e0"#), false),
        ("v is missing", with(r#""v":1,"#, ""), false),
        ("v is null", with(r#""v":1"#, r#""v":null"#), false),
        ("an unknown kind", with("record.create", "record.burn"), false),
        ("a kind in capitals", with("record.create", "Record.Create"), false),
        ("an update as version 1", with("record.create", "record.update"), false),
        ("a deletion with a digest", with("record.create", "record.delete"), false),
        ("opening in the middle", with("record.create", "journal.open"), false),
        ("a time of five decimals", with(TIME, "2026-04-01T00:00:00.00000Z"), false),
        ("a time with an offset", with(TIME, "2026-04-01T00:00:00.000000+00:00"), false),
        ("a time in small letters", with(TIME, "2026-04-01t00:00:00.000000z"), false),
        ("a time with a blank", with(TIME, "2026-04-01 00:00:00.000000Z"), false),
        ("another time than the content", with(TIME, "2026-04-01T00:00:00.000001Z"), false),
        ("a leap second", with(TIME, "2026-06-30T23:59:60.000000Z"), false),
        ("hour 24", with(TIME, "2026-04-01T24:00:00.000000Z"), false),
        ("30 February", with(TIME, "2026-02-30T00:00:00.000000Z"), false),
        ("the year 0", with(TIME, "0000-04-01T00:00:00.000000Z"), false),
        ("before 1970", with(TIME, "1969-04-01T00:00:00.000000Z"), false),
        ("a comma in the time", with(TIME, "2026-04-01T00:00:00,000000Z"), false),
        ("other digits", with(TIME, "２026-04-01T00:00:00.000000Z"), false),
        ("time is a number", with(&format!("\"{TIME}\""), "1775001600"), false),
    ]
}

/// Entries whose actor, subject, reason or digest is not that of the formats.
fn misnamed() -> Vec<Spelling> {
    let base = good_entry();
    vec![
        ("no actor", with(r#""actor":{"kind":"service","id":"t"},"#, ""), false),
        ("an unknown kind of actor", with("service", "robot"), false),
        ("an actor without id", with(r#","id":"t""#, ""), false),
        ("an actor with an empty id", with(r#""id":"t""#, r#""id":"""#), false),
        ("an actor that is a text", with(r#"{"kind":"service","id":"t"}"#, "\"t\""), false),
        ("no subject", with(r#""subject":{"type":"Patient","id":"a","version":1},"#, ""), false),
        ("a subject without type", with(r#""type":"Patient","#, ""), false),
        ("another type", with(r#""type":"Patient""#, r#""type":"Group""#), false),
        ("a type with a digit", with(r#""type":"Patient""#, r#""type":"Patient1""#), false),
        ("another id", with(r#""id":"a""#, r#""id":"b""#), false),
        ("an id with a slash", with(r#""id":"a""#, r#""id":"a/b""#), false),
        ("an empty id", with(r#""id":"a""#, r#""id":"""#), false),
        ("version 0", with(r#""version":1"#, r#""version":0"#), false),
        ("version 2", with(r#""version":1"#, r#""version":2"#), false),
        ("version 1.0", with(r#""version":1"#, r#""version":1.0"#), false),
        ("version as a text", with(r#""version":1"#, r#""version":"1""#), false),
        ("version null", with(r#""version":1"#, r#""version":null"#), false),
        ("no version", with(r#","version":1"#, ""), false),
        ("a reason that is null", with(r#""v":1"#, r#""v":1,"reason":null"#), false),
        ("a reason that is a number", with(r#""v":1"#, r#""v":1,"reason":1"#), false),
        ("a digest in capitals", base.replace(&digest(), &digest().to_uppercase()), false),
        ("a short digest", base.replace(&digest(), &digest()[2..]), false),
        ("a digest that is null", base.replace(&format!("\"{}\"", digest()), "null"), false),
        ("no digest", base.replace(&format!(r#","digest":"{}""#, digest()), ""), false),
    ]
}

/// Entries that are no JSON of one reading, or too deep or too long.
fn misshapen() -> Vec<Spelling> {
    let base = good_entry();
    let nested = |levels: usize| {
        with(r#""v":1"#, &format!(r#""v":1,"x":{}{}"#, "[".repeat(levels), "]".repeat(levels)))
    };
    vec![
        ("something behind", format!("{base}x"), false),
        ("a comma at the end", with(r#""version":1}"#, r#""version":1,}"#), false),
        ("byte order mark", format!("\u{feff}{base}"), false),
        ("an array", format!("[{base}]"), false),
        ("NaN", with(r#""v":1"#, r#""v":1,"x":NaN"#), false),
        ("half a surrogate pair", with(r#""v":1"#, r#""v":1,"x":"\ud800""#), false),
        ("half a surrogate pair in the reason", with(r#""v":1"#, r#""v":1,"reason":"\ud800""#), false),
        ("a surrogate pair", with(r#""v":1"#, r#""v":1,"x":"\ud842\udfb7""#), true),
        ("a bare control character", with(r#""v":1"#, "\"v\":1,\"x\":\"\u{1}\""), false),
        ("a huge number", with(r#""v":1"#, r#""v":1,"x":1e999"#), true),
        ("a number of many digits", with(r#""v":1"#, &format!(r#""v":1,"x":{}"#, "1".repeat(65))), false),
        ("63 levels below the entry", nested(63), true),
        ("64 levels below the entry", nested(64), false),
        ("200 levels below the entry", nested(200), false),
        ("as long as may be", padded(&base, 65_535), true),
        ("one byte too long", padded(&base, 65_536), false),
    ]
}

fn padded(base: &str, bytes: usize) -> String {
    let member = r#","reason":"""#.len();
    let filling = "x".repeat(bytes - base.len() - member);
    base.replacen(r#""v":1"#, &format!(r#""v":1,"reason":"{filling}""#), 1)
}

fn digest() -> String {
    Hash(seal::content_digest(&SALT, content("a", 1).as_bytes())).to_hex()
}

/// Spellings of a content whose digest is right.
fn contents() -> Vec<Row> {
    let base = content("a", 1);
    let with = |from: &str, to: &str| {
        assert!(base.contains(from), "{from}");
        base.replacen(from, to, 1)
    };
    let nested = |levels: usize| {
        with(r#""id":"a""#, &format!(r#""id":"a","x":{}{}"#, "[".repeat(levels), "]".repeat(levels)))
    };
    let rows = vec![
        ("with blanks", with(r#""id":"a""#, "\n \"id\"\t: \"a\""), true),
        ("more members", with(r#""id":"a""#, r#""id":"a","active":true"#), true),
        ("more in meta", with(r#""versionId":"1""#, r#""versionId":"1","source":"x""#), true),
        ("a long number", with(r#""id":"a""#, &format!(r#""id":"a","x":{}.5e-3"#, "7".repeat(59))), true),
        ("another type", with("Patient", "Group"), false),
        ("another id", with(r#""id":"a""#, r#""id":"b""#), false),
        ("another version", with(r#""versionId":"1""#, r#""versionId":"2""#), false),
        ("a version with a zero", with(r#""versionId":"1""#, r#""versionId":"01""#), false),
        ("a version as a number", with(r#""versionId":"1""#, r#""versionId":1"#), false),
        ("another spelling of the time", with(TIME, "2026-04-01T00:00:00Z"), false),
        ("another time", with(TIME, "2026-04-01T00:00:00.000001Z"), false),
        ("no meta", with(&format!(r#","meta":{{"versionId":"1","lastUpdated":"{TIME}"}}"#), ""), false),
        ("meta is null", with(&format!(r#"{{"versionId":"1","lastUpdated":"{TIME}"}}"#), "null"), false),
        ("no id", with(r#""id":"a","#, ""), false),
        ("id twice", with(r#""id":"a""#, r#""id":"a","id":"a""#), false),
        ("meta twice", with(r#""id":"a""#, r#""id":"a","meta":{}"#), false),
        ("an unknown member twice", with(r#""id":"a""#, r#""id":"a","x":1,"x":1"#), false),
        ("a member twice, deep", with(r#""id":"a""#, r#""id":"a","x":[{"y":1,"y":2}]"#), false),
        ("an array", format!("[{base}]"), false),
        ("no JSON", "x".to_owned(), false),
        ("nothing", String::new(), false),
        ("something behind", format!("{base}{base}"), false),
        ("byte order mark", format!("\u{feff}{base}"), false),
        ("a zero byte behind", format!("{base}\0"), false),
        ("NaN", with(r#""id":"a""#, r#""id":"a","x":NaN"#), false),
        ("half a surrogate pair", with(r#""id":"a""#, r#""id":"a","x":"\udc00""#), false),
        ("60 levels", nested(60), true),
        ("a huge number", with(r#""id":"a""#, r#""id":"a","x":1e999"#), true),
        (
            "an integer of many digits",
            with(r#""id":"a""#, &format!(r#""id":"a","x":{}"#, "9".repeat(5_000))),
            false,
        ),
    ];
    let entry_of = |content: &str| entry("create", "a", 1, Some(content));
    rows.into_iter().map(|(name, content, good)| (name, entry_of(&content), Some(content), good)).collect()
}

/// Kinds of entries and what belongs to them.
fn kinds() -> Vec<Row> {
    let two = content("a", 2);
    let deletion = entry("delete", "a", 2, None);
    vec![
        ("an update", entry("update", "a", 2, Some(&two)), Some(two.clone()), true),
        ("a deletion", deletion.clone(), None, true),
        ("a creation after a deletion", entry("create", "a", 2, Some(&two)), Some(two.clone()), true),
        ("a deletion with content beside it", deletion.clone(), Some(two.clone()), false),
        ("an update without content", entry("update", "a", 2, None), None, false),
        ("an update whose content is missing", entry("update", "a", 2, Some(&two)), None, false),
        ("a deletion as version 1", entry("delete", "a", 1, None), None, false),
        (
            "a deletion with a null digest",
            deletion.replacen(r#""v":1"#, r#""v":1,"digest":null"#, 1),
            None,
            false,
        ),
    ]
}

/// Entries of identities, and of records that pretend to be.
fn identities() -> Vec<Row> {
    let (one, two) = (account("a", 1), account("a", 2));
    let creation = identity("create", "a", 1, Some(&one));
    vec![
        ("an account", creation.clone(), Some(one.clone()), true),
        ("an account's update", identity("update", "a", 2, Some(&two)), Some(two.clone()), true),
        ("an account's end", identity("delete", "a", 2, None), None, true),
        ("an account again after its end", identity("create", "a", 2, Some(&two)), Some(two.clone()), true),
        ("an account's end with content beside it", identity("delete", "a", 2, None), Some(two), false),
        (
            "an account's update as version 1",
            identity("update", "a", 1, Some(&one)),
            Some(one.clone()),
            false,
        ),
        ("an account whose content is missing", creation.clone(), None, false),
        ("an account with another content", creation.clone(), Some(account("b", 1)), false),
        ("an account as a record", creation.replace("identity.", "record."), Some(one.clone()), false),
        (
            "a record as an identity",
            good_entry().replace("record.", "identity."),
            Some(content("a", 1)),
            false,
        ),
        ("an unknown step of an account", creation.replace("create", "burn"), Some(one), false),
    ]
}

fn check(rows: Vec<Row>) {
    let mut candidates: Vec<Candidate> = Vec::new();
    let mut expected = Vec::new();
    let mut key = String::new();
    for (name, entry, content, good) in rows {
        let mut forge = Forge::new();
        forge.entries.push(entry.clone().into_bytes());
        let version = if entry.contains(r#""version":2"#) && name != "version 2" { 2 } else { 1 };
        let kind = if entry.contains("AkashiAccount") { "AkashiAccount" } else { "Patient" };
        let claims = Claims { record: format!("{kind}/a"), version, content };
        key = forge.verifier.to_string();
        candidates.push((name.to_owned(), serde_json::to_vec(&forge.proof(1, 2, &claims)).unwrap()));
        expected.push(good);
    }
    let judged = judge_by_both(&candidates, Some(&key));
    let other = judged.iter().zip(&expected).filter(|(one, good)| !one.both_say(**good));
    let other: Vec<String> = other
        .map(|(one, good)| {
            format!("{} (by the formats it is {})", one.told(), if *good { "good" } else { "wrong" })
        })
        .collect();
    assert!(other.is_empty(), "{other:#?}");
}

#[test]
fn entries_of_every_spelling_are_judged_by_the_formats() {
    let all = [unusual(), misdated(), misnamed(), misshapen()].concat();
    check(all.into_iter().map(|(name, entry, good)| (name, entry, Some(content("a", 1)), good)).collect());
}

#[test]
fn contents_of_every_spelling_are_judged_by_the_formats() {
    check(contents());
}

#[test]
fn every_kind_of_entry_needs_what_belongs_to_it() {
    check([kinds(), identities()].concat());
}

#[test]
fn claims_beside_the_entry_must_be_those_of_the_entry() {
    let mut forge = Forge::new();
    forge.entries.push(good_entry().into_bytes());
    let claims =
        |record: &str, version| Claims { record: record.to_owned(), version, content: Some(content("a", 1)) };
    let mut candidates: Vec<Candidate> = Vec::new();
    for (record, version) in [
        ("Patient/a", 1),
        ("Patient/b", 1),
        ("Group/a", 1),
        ("Patient/a", 2),
        ("Patient/a/", 1),
        ("", 1),
        ("patient/a", 1),
    ] {
        let proof = forge.proof(1, 2, &claims(record, version));
        candidates.push((format!("{record} version {version}"), serde_json::to_vec(&proof).unwrap()));
    }
    for facility in ["fuji", "", "Sakura", "sakura "] {
        let mut proof = forge.proof(1, 2, &claims("Patient/a", 1));
        proof["facility"] = facility.into();
        candidates.push((format!("facility `{facility}`"), serde_json::to_vec(&proof).unwrap()));
    }
    let found = judge(&candidates, Some(&forge.verifier.to_string()));
    assert_eq!(found.iter().filter(|good| **good).count(), 1, "{found:?}");
    assert!(found[0]);
}

#[test]
fn a_record_at_the_first_position_is_refused() {
    let mut forge = Forge::empty("akashi.local/f/sakura/00000001");
    forge.entries.push(good_entry().into_bytes());
    let claims = Claims { record: "Patient/a".to_owned(), version: 1, content: Some(content("a", 1)) };
    let proof = serde_json::to_vec(&forge.proof(0, 1, &claims)).unwrap();
    assert_eq!(judge(&[("position 0".to_owned(), proof)], None), [false]);
}

#[test]
fn an_origin_must_name_the_facility() {
    let mut candidates = Vec::new();
    let origins = [
        "h/f/sakura/t",
        "h/f/fuji/t",
        "sakura",
        "h/f/sakura",
        "f/sakura/t",
        "h/f/sakura/t/u",
        "h/x/f/sakura/t",
        "h//f/sakura/t",
        "/f/sakura/t",
        "h/f/sakura/",
        "h/F/sakura/t",
    ];
    for origin in origins {
        let mut forge = Forge::empty(origin);
        forge.entries = vec![super::forge::opening("sakura").into_bytes(), good_entry().into_bytes()];
        let claims = Claims { record: "Patient/a".to_owned(), version: 1, content: Some(content("a", 1)) };
        candidates.push((origin.to_owned(), serde_json::to_vec(&forge.proof(1, 2, &claims)).unwrap()));
    }
    let found = judge(&candidates, None);
    assert!(found[0] && !found[1], "{found:?}");
}
