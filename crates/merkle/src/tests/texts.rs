//! Hashes, checkpoints and proofs as text: one spelling each, printed back byte for byte.

use crate::checkpoint::Checkpoint;
use crate::note::SignedNote;
use crate::proof::{ConsistencyProof, InclusionProof, PROOF_HASHES_MAX};
use crate::{Hash, fuzz_checkpoint, fuzz_proof, leaf_hash};

const HASH: &str = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
/// The example of the specification.
const CHECKPOINT: &str = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\
    — example.com/behind-the-sofa \
    Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n";

fn inclusion() -> String {
    format!("c2sp.org/tlog-proof@v1\nindex 73894\n{HASH}\n{HASH}\n\n{CHECKPOINT}")
}

fn consistency() -> String {
    format!("old 20852163\n{HASH}\n\n{CHECKPOINT}")
}

#[test]
fn a_hash_comes_back_from_both_its_texts() {
    let hash = leaf_hash(b"entry");
    assert_eq!(Hash::from_hex(&hash.to_hex()), Some(hash));
    assert_eq!(Hash::from_base64(&hash.to_base64()), Some(hash));
    assert_eq!(format!("{hash} {hash:?}"), format!("{0} {0}", hash.to_hex()));
    assert_eq!(Hash([0xab; 32]).to_hex(), "ab".repeat(32));
}

#[test]
fn a_hash_has_one_spelling() {
    let hex = Hash([0xab; 32]).to_hex();
    let (short, shorter) = (hex.strip_prefix('a').unwrap(), hex.strip_prefix("ab").unwrap());
    for bad in ["", short, shorter, &format!("{hex}00"), &hex.to_uppercase(), &hex.replacen('a', "g", 1)] {
        assert_eq!(Hash::from_hex(bad), None, "{bad}");
    }
    let stray_bits = HASH.replace("I=", "J=");
    let url_alphabet = HASH.replace('/', "_");
    for bad in [
        "",
        HASH.trim_end_matches('='),
        &format!("{HASH}="),
        &format!("{HASH}\n"),
        &stray_bits,
        &url_alphabet,
        "AAAA",
    ] {
        assert_eq!(Hash::from_base64(bad), None, "{bad}");
    }
}

#[test]
fn the_checkpoint_of_the_specification_is_read_and_printed_back() {
    let note = SignedNote::parse(CHECKPOINT).unwrap();
    let checkpoint = Checkpoint::parse(&note.text).unwrap();
    assert_eq!((checkpoint.origin.as_str(), checkpoint.size), ("example.com/behind-the-sofa", 20_852_163));
    assert_eq!(checkpoint.root.to_base64(), HASH);
    assert_eq!(checkpoint.text(), note.text);
}

#[test]
fn a_checkpoint_in_another_form_is_refused() {
    let written = |size: &str| format!("o\n{size}\n{HASH}\n");
    for good in ["0", "1", "18446744073709551615"] {
        assert!(Checkpoint::parse(&written(good)).is_some(), "{good}");
    }
    for bad in ["", "00", "01", "+1", "-1", " 1", "1 ", "1.0", "0x1", "１", "18446744073709551616"] {
        assert_eq!(Checkpoint::parse(&written(bad)), None, "{bad}");
    }
    let bad = [
        format!("o\n1\n{HASH}"),
        format!("o\n1\n{HASH}\n\n"),
        format!("o\n1\n{HASH}\nextension\n"),
        format!("\n1\n{HASH}\n"),
        format!("o o\n1\n{HASH}\n"),
        format!("o\r\n1\r\n{HASH}\r\n"),
        "o\n1\n".into(),
        "o\n1\nAAAA\n".into(),
        String::new(),
    ];
    for text in bad {
        assert_eq!(Checkpoint::parse(&text), None, "{text:?}");
    }
}

#[test]
fn proofs_are_read_and_printed_back() {
    let proof = InclusionProof::parse(&inclusion()).unwrap();
    assert_eq!((proof.index, proof.hashes.len(), proof.checkpoint.as_str()), (73_894, 2, CHECKPOINT));
    assert_eq!(proof.to_string(), inclusion());
    let proof = ConsistencyProof::parse(&consistency()).unwrap();
    assert_eq!((proof.old, proof.hashes.len(), proof.checkpoint.as_str()), (20_852_163, 1, CHECKPOINT));
    assert_eq!(proof.to_string(), consistency());
}

#[test]
fn a_proof_without_hashes_is_read() {
    let text = format!("c2sp.org/tlog-proof@v1\nindex 0\n\n{CHECKPOINT}");
    let proof = InclusionProof::parse(&text).unwrap();
    assert_eq!((proof.hashes.len(), proof.to_string()), (0, text));
}

#[test]
fn a_proof_in_another_form_is_refused() {
    let good = inclusion();
    let bad = [
        good.replace("@v1", "@v2"),
        good.replace("@v1\n", "@v1\nextra AAAA\n"),
        good.replace("@v1\n", "@v1\n\n"),
        good.replace("index 73894", "index 073894"),
        good.replace("index 73894", "index  73894"),
        good.replace("index 73894", "index"),
        good.replace("index 73894", "old 73894"),
        good.replacen(HASH, "", 1),
        good.replacen(HASH, "AAAA", 1),
        good.replacen(HASH, &HASH.replace("I=", "J="), 1),
        good.replace(&format!("{HASH}\n\nexample"), &format!("{HASH}\nexample")),
        good.replace(&format!("{HASH}\n\n—"), &format!("{HASH}\nextension\n\n—")),
        good.replace("20852163", "020852163"),
        good.replace('\n', "\r\n"),
        format!("{good}\n"),
        good.trim_end().to_owned(),
        format!("c2sp.org/tlog-proof@v1\nindex 73894\n{HASH}\n\n"),
    ];
    for text in bad {
        assert_eq!(InclusionProof::parse(&text), None, "{text}");
    }
    assert_eq!(InclusionProof::parse(&consistency()), None);
    assert_eq!(ConsistencyProof::parse(&good), None);
    assert_eq!(ConsistencyProof::parse(&consistency().replace("old 2", "old 02")), None);
}

#[test]
fn a_proof_may_have_as_many_hashes_as_the_limit_says() {
    let text = |count: usize| format!("old 1\n{}\n{CHECKPOINT}", format!("{HASH}\n").repeat(count));
    let proof = ConsistencyProof::parse(&text(PROOF_HASHES_MAX)).unwrap();
    assert_eq!((proof.hashes.len(), proof.to_string()), (PROOF_HASHES_MAX, text(PROOF_HASHES_MAX)));
    assert_eq!(ConsistencyProof::parse(&text(PROOF_HASHES_MAX + 1)), None);
}

/// Calls `fuzz` with every text that differs from `text` in one byte or lacks one: whatever is still accepted must be
/// printed back, or `fuzz` panics.
fn try_all_changes(text: &str, fuzz: fn(&[u8])) {
    let bytes = text.as_bytes();
    fuzz(bytes);
    for place in 0..bytes.len() {
        fuzz(&bytes[..place]);
        fuzz(&[&bytes[..place], &bytes[place + 1..]].concat());
        for other in [b'\n', b' ', b'0', b'1', b'A', b'=', b'+', b'/', b'\r', 0x00, 0x7f, 0xc2] {
            let mut changed = bytes.to_vec();
            changed[place] = other;
            fuzz(&changed);
            changed.insert(place, other);
            fuzz(&changed);
        }
    }
}

#[test]
fn whatever_is_accepted_is_printed_back() {
    try_all_changes(CHECKPOINT, fuzz_checkpoint);
    try_all_changes(&format!("o\n0\n{HASH}\n"), fuzz_checkpoint);
    try_all_changes("tile/0/x001/x234/067.p/17", fuzz_checkpoint);
    try_all_changes("tile/entries/x001/067", fuzz_checkpoint);
    try_all_changes("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", fuzz_checkpoint);
    try_all_changes(&inclusion(), fuzz_proof);
    try_all_changes(&consistency(), fuzz_proof);
}
