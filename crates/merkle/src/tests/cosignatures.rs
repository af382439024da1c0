//! Cosignatures, the keys of witnesses, and what witnesses are asked with (C2SP `tlog-cosignature`, `tlog-witness`).

use crate::checkpoint::{Checkpoint, Head};
use crate::cosignature::{Cosignature, CosignerKey, message};
use crate::note::{KeyName, SignedNote, VerifierKey};
use crate::proof::{AddCheckpoint, ConsistencyProof};

/// The example of `tlog-cosignature`.
const COSIGNED: &str = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\
    — example.com/behind-the-sofa \
    Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n\
    — witness.example.com/w1 \
    jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";

/// The example of `tlog-witness`.
const REQUEST: &str = "old 20852014\n\
    PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n\
    jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n\
    5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=\n\
    /6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=\n\
    \n\
    example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\
    — example.com/behind-the-sofa \
    Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n\
    — example.com/behind-the-sofa \
    opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=\n";

fn name(text: &str) -> KeyName {
    KeyName::parse(text).unwrap()
}

#[test]
fn the_cosignature_of_the_specification_is_taken_apart() {
    let note = SignedNote::parse(COSIGNED).unwrap();
    let cosignature = Cosignature::of(&note.signatures[1]).unwrap();
    assert_eq!(cosignature.seconds, 1_679_315_147, "the time in the specification's message");
    assert_eq!(Cosignature::of(&note.signatures[0]), None, "the log's own signature has no time");
    assert_eq!(
        message(cosignature.seconds, &note.text),
        "cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\n\
         CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    );
}

#[test]
fn a_cosignature_is_written_as_it_was_read() {
    let note = SignedNote::parse(COSIGNED).unwrap();
    let key = CosignerKey::new(name("witness.example.com/w1"), [7; 32]);
    let mut line = Cosignature::of(&note.signatures[1]).unwrap().line(&key);
    assert_eq!((&line.name, line.key_id), (&key.name, key.key_id));
    assert!(key.is_of(&line) && !key.is_of(&note.signatures[1]), "another key id");
    line.key_id = note.signatures[1].key_id;
    assert_eq!(line, note.signatures[1]);
}

#[test]
fn a_time_beyond_what_the_specification_allows_and_another_length_are_refused() {
    let line =
        |bytes: Vec<u8>| Cosignature::of(&crate::note::Signature { name: name("w"), key_id: [0; 4], bytes });
    let timed = |seconds: u64| [seconds.to_be_bytes().as_slice(), &[1; 64]].concat();
    assert!(line(timed(u64::MAX / 2)).is_some());
    assert_eq!(line(timed(u64::MAX / 2 + 1)), None);
    for length in [0, 7, 8, 64, 71, 73] {
        assert_eq!(line(vec![0; length]), None, "{length}");
    }
}

#[test]
fn the_key_of_a_witness_is_no_key_of_a_log_and_the_other_way_round() {
    let (witness, log) = (CosignerKey::new(name("w"), [9; 32]), VerifierKey::new(name("w"), [9; 32]));
    assert_ne!(witness.key_id, log.key_id);
    assert_eq!(CosignerKey::parse(&witness.to_string()), Some(witness.clone()));
    assert_eq!(VerifierKey::parse(&witness.to_string()), None);
    assert_eq!(CosignerKey::parse(&log.to_string()), None);
    assert_eq!(witness.id(), format!("w+{:08x}", u32::from_be_bytes(witness.key_id)));
    let other = witness.to_string().replace("w+", "v+");
    assert_eq!(CosignerKey::parse(&other), None, "the key id is of another name");
}

#[test]
fn the_request_of_the_specification_is_taken_apart() {
    let request = AddCheckpoint::parse(REQUEST).unwrap();
    assert_eq!((request.old, request.hashes.len(), request.note.signatures.len()), (20_852_014, 4, 2));
    assert_eq!(
        (request.head.origin.as_str(), request.head.size),
        ("example.com/behind-the-sofa", 20_852_163)
    );
    assert!(ConsistencyProof::parse(REQUEST).is_some(), "the same form as that of a consistency proof");
}

#[test]
fn a_request_in_another_form_is_refused() {
    let hash = "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n";
    let bad = [
        String::new(),
        REQUEST.replace("old ", "new "),
        REQUEST.replace("old 20852014", "old 020852014"),
        REQUEST.replace("old 20852014", "old -1"),
        REQUEST.replace("old 20852014", "old 99999999999999999999"),
        REQUEST.replace(hash, "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw\n"),
        REQUEST.replace(hash, &hash.repeat(61)),
        REQUEST.replace('\n', "\r\n"),
        REQUEST.replace("\n20852163\n", "\n020852163\n"),
        REQUEST.trim_end().to_owned(),
        format!("{REQUEST}\n"),
        REQUEST.replace("\n\n", "\n"),
    ];
    for request in bad {
        assert_eq!(AddCheckpoint::parse(&request), None, "{request:?}");
    }
    assert_eq!(AddCheckpoint::parse(&REQUEST.replace(hash, &hash.repeat(60))).unwrap().hashes.len(), 63);
}

#[test]
fn a_witness_reads_extension_lines_and_any_origin_where_our_own_checkpoints_have_neither() {
    let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
    let text = format!("go sum database\n7\n{root}\nextension one\nextension two\n");
    let head = Head::parse(&text).unwrap();
    assert_eq!((head.origin.as_str(), head.size), ("go sum database", 7));
    assert_eq!(Checkpoint::parse(&text), None);
    for bad in [
        format!("\n7\n{root}\n"),
        format!("a\n07\n{root}\n"),
        format!("a\n7\n{root}"),
        format!("a\n7\n{root}\n\n"),
        "a\n7\n".to_owned(),
    ] {
        assert_eq!(Head::parse(&bad), None, "{bad:?}");
    }
}
