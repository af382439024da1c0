//! Damaged copies of good proofs: both verifiers say the same of each, and almost always no.

use super::{Candidate, judge, on_one_line};
use crate::material::born;
use serde_json::{Map, Value, json};
use testkit::{Clinic, damage::flipped};

const MEMBERS: [&str; 9] =
    ["format", "facility", "record", "version", "key", "proof", "entry", "salt", "content"];

/// Good proofs: of a create, of an update, of a deletion; and the key that signed.
fn proofs() -> (Vec<Value>, String) {
    let clinic = Clinic::start();
    let client = clinic.client();
    for number in 0..5 {
        let id = format!("p{number}");
        client.put(&format!("Patient/{id}"), born(&id, "1950")).expect(201);
    }
    client.put("Patient/p1", born("p1", "1951")).expect(200);
    client.delete("Patient/p2").expect(204);
    let paths = ["Patient/p0", "Patient/p1", "Patient/p2", "Patient/p1/_history/1"];
    let proof = |path: &str| serde_json::from_slice(&client.get(&format!("{path}/$proof")).body).unwrap();
    (paths.map(proof).into(), client.get("/f/sakura/log/key").text().trim_end().to_owned())
}

fn line(proof: &Value) -> Vec<u8> {
    serde_json::to_vec(proof).unwrap()
}

#[test]
fn a_proof_with_any_byte_changed_is_judged_alike_and_refused() {
    let (proofs, key) = proofs();
    let mut candidates: Vec<Candidate> = Vec::new();
    for (number, proof) in proofs.iter().enumerate() {
        let bytes = line(proof);
        for place in (number..bytes.len()).step_by(7) {
            let bit = u8::try_from(place % 7).unwrap();
            let changed = flipped(&bytes, place, bit);
            if !changed.contains(&b'\n') {
                candidates.push((format!("proof {number}, byte {place}, bit {bit}"), changed));
            }
        }
        for length in (1..bytes.len()).step_by(61) {
            candidates.push((format!("proof {number} cut at {length}"), bytes[..length].to_vec()));
        }
    }
    assert!(candidates.len() > 600, "{}", candidates.len());
    let good = judge(&candidates, Some(&key));
    let taken: Vec<&str> =
        candidates.iter().zip(&good).filter(|(_, good)| **good).map(|((name, _), _)| name.as_str()).collect();
    assert!(taken.is_empty(), "{taken:?}");
}

/// Every member taken from another proof.
fn swapped(proofs: &[Value]) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    for (number, proof) in proofs.iter().enumerate() {
        for (other_number, other) in proofs.iter().enumerate() {
            for name in MEMBERS.iter().filter(|name| proof[**name] != other[**name]) {
                let mut mixed = proof.clone();
                mixed[*name] = other[*name].clone();
                candidates.push((format!("{name} of proof {other_number} in proof {number}"), line(&mixed)));
            }
        }
    }
    candidates
}

/// Members missing, null, doubled, added, of another type.
fn misshapen(proof: &Value) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    let text = String::from_utf8(line(proof)).unwrap();
    for name in MEMBERS {
        let mut object: Map<String, Value> = proof.as_object().unwrap().clone();
        object.remove(name);
        candidates.push((format!("without {name}"), line(&object.clone().into())));
        for value in
            [json!(null), json!(1), json!("x"), json!(""), json!([]), json!({}), json!(true), json!(1.0)]
        {
            if proof[name] != value {
                object.insert(name.to_owned(), value.clone());
                candidates.push((format!("{name} is {value}"), line(&object.clone().into())));
            }
        }
        let doubled = format!("{{\"{name}\":{},{}", proof[name], &text[1..]);
        candidates.push((format!("{name} twice"), doubled.into_bytes()));
        let renamed = text.replacen(&format!("\"{name}\":"), &format!("\"{}\":", name.to_uppercase()), 1);
        candidates.push((format!("{name} in capitals"), renamed.into_bytes()));
        let escaped = text.replacen(
            &format!("\"{name}\":"),
            &format!("\"\\u{:04x}{}\":", name.as_bytes()[0], &name[1..]),
            1,
        );
        candidates.push((
            format!("{name} escaped and beside it"),
            format!("{{\"{name}\":1,{}", &escaped[1..]).into_bytes(),
        ));
    }
    let version = proof["version"].as_u64().unwrap();
    let renumbered =
        |to: &str| text.replacen(&format!("\"version\":{version}"), &format!("\"version\":{to}"), 1);
    for (name, text) in [
        ("an unknown member", format!("{{\"colour\":\"red\",{}", &text[1..])),
        ("byte order mark", format!("\u{feff}{text}")),
        ("something behind", format!("{text} x")),
        ("twice", format!("{text}{text}")),
        ("in an array", format!("[{text}]")),
        ("a zero byte behind", format!("{text}\0")),
        ("version 1.0", renumbered(&format!("{version}.0"))),
        ("version 1e0", renumbered(&format!("{version}e0"))),
        ("version 01", renumbered(&format!("0{version}"))),
        ("version -1", renumbered("-1")),
        ("version 0", renumbered("0")),
        ("version beyond 64 bits", renumbered("18446744073709551617")),
        ("half a surrogate pair", text.replacen("akashi-proof", "\\ud800akashi-proof", 1)),
        (
            "salt in capitals",
            text.replacen(
                proof["salt"].as_str().unwrap_or("-"),
                &proof["salt"].as_str().unwrap_or("-").to_uppercase(),
                1,
            ),
        ),
    ] {
        candidates.push((name.to_owned(), text.into_bytes()));
    }
    candidates
}

/// The `proof` member spoilt line by line.
fn spoilt(proof: &Value) -> Vec<Candidate> {
    let text = proof["proof"].as_str().unwrap();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let mut texts: Vec<(String, String)> = Vec::new();
    for index in 0..lines.len() {
        let mut without = lines.clone();
        without.remove(index);
        texts.push((format!("line {index} missing"), without.concat()));
        // The last line is the signature, which may stand twice; that case has a name of its own below.
        if index + 1 < lines.len() {
            let mut doubled = lines.clone();
            doubled.insert(index, lines[index]);
            texts.push((format!("line {index} twice"), doubled.concat()));
        }
        let mut changed = lines.clone();
        if index + 1 < lines.len() {
            changed.swap(index, index + 1);
            texts.push((format!("lines {index} and {} swapped", index + 1), changed.concat()));
        }
        let spaced = [&lines[..index], &[" "], &lines[index..]].concat().concat();
        texts.push((format!("a blank before line {index}"), spaced));
    }
    let index_line = lines[1].to_owned();
    for (name, from, to) in [
        ("another index", index_line.clone(), "index 2\n".to_owned()),
        ("index 0", index_line.clone(), "index 0\n".to_owned()),
        ("index with a zero before it", index_line.clone(), index_line.replace("index ", "index 0")),
        ("index with a sign", index_line.clone(), index_line.replace("index ", "index +")),
        ("a huge index", index_line.clone(), "index 99999999999999999999\n".to_owned()),
        ("an extra line", index_line.clone(), format!("extra AAAA\n{index_line}")),
        ("line ends of another system", "\n".to_owned(), "\r\n".to_owned()),
        ("another version", "tlog-proof@v1".to_owned(), "tlog-proof@v2".to_owned()),
        ("another dash", "\u{2014}".to_owned(), "-".to_owned()),
    ] {
        texts.push((
            name.to_owned(),
            text.replacen(&from, &to, if name.starts_with("line ends") { 99 } else { 1 }),
        ));
    }
    let foreign = "\u{2014} other.example AAAAAAAA\n";
    texts.push(("a foreign signature behind".to_owned(), format!("{text}{foreign}")));
    let own = lines[lines.len() - 1];
    texts.push(("the signature twice".to_owned(), format!("{text}{own}")));
    texts.push(("a broken signature of the key behind".to_owned(), format!("{text}{}", broken(own))));
    texts.push(("an empty line behind".to_owned(), format!("{text}\n")));
    texts.push(("without the last line end".to_owned(), text.trim_end().to_owned()));
    texts.push(("sixty-four foreign signatures".to_owned(), format!("{text}{}", foreign.repeat(64))));
    texts.push(("sixty-three foreign signatures".to_owned(), format!("{text}{}", foreign.repeat(63))));
    let put = |text: String| {
        let mut changed = proof.clone();
        changed["proof"] = text.into();
        line(&changed)
    };
    texts.into_iter().map(|(name, text)| (name, put(text))).collect()
}

/// A signature line whose signature is another one.
fn broken(line: &str) -> String {
    let end = line.trim_end().len() - 6;
    let other = if &line[end..=end] == "A" { "B" } else { "A" };
    format!("{}{other}{}", &line[..end], &line[end + 1..])
}

#[test]
fn every_kind_of_damage_is_judged_alike() {
    let (proofs, key) = proofs();
    let mut candidates: Vec<Candidate> =
        proofs.iter().map(|proof| ("untouched".to_owned(), line(proof))).collect();
    candidates.extend(swapped(&proofs));
    for proof in [&proofs[0], &proofs[2]] {
        candidates.extend(misshapen(proof));
        candidates.extend(spoilt(proof));
    }
    for given in [Some(key.as_str()), None] {
        let good = judge(&candidates, given);
        let taken: Vec<&str> = candidates
            .iter()
            .zip(&good)
            .filter(|(_, good)| **good)
            .map(|((name, _), _)| name.as_str())
            .filter(|name| {
                !matches!(
                    *name,
                    "untouched"
                        | "a foreign signature behind"
                        | "the signature twice"
                        | "sixty-three foreign signatures"
                        | "salt in capitals"
                )
            })
            .collect();
        assert!(taken.is_empty(), "{taken:?}");
        assert!(good[..4].iter().all(|good| *good));
    }
}

#[test]
fn a_proof_by_another_key_is_refused_when_the_key_is_known() {
    let (proofs, key) = proofs();
    let forge = super::forge::Forge::new();
    let other = forge.verifier.to_string();
    let candidates: Vec<Candidate> =
        proofs.iter().map(|proof| ("by another".to_owned(), line(proof))).collect();
    assert!(judge(&candidates, Some(&other)).into_iter().all(|good| !good));
    // The other key put into the file does not help: it has not signed.
    let mut renamed = proofs.clone();
    for proof in &mut renamed {
        proof["key"] = other.clone().into();
    }
    let candidates: Vec<Candidate> =
        renamed.iter().map(|proof| ("renamed".to_owned(), line(proof))).collect();
    for given in [Some(other.as_str()), Some(key.as_str()), None] {
        assert!(judge(&candidates, given).into_iter().all(|good| !good));
    }
}

#[test]
fn white_space_and_the_order_of_members_mean_nothing() {
    let (proofs, key) = proofs();
    let object = proofs[0].as_object().unwrap();
    let backwards: Vec<String> =
        MEMBERS.iter().rev().map(|name| format!(" \"{name}\" :\t{}", object[*name])).collect();
    let text = format!("  {{{}\t}} \r", backwards.join(" ,"));
    assert_eq!(judge(&[("backwards".to_owned(), text.clone().into_bytes())], Some(&key)), [true]);
    assert_eq!(on_one_line(text.as_bytes()).len(), line(&proofs[0]).len());
}
