//! Signed notes, key names and verifier keys (C2SP `signed-note`).

use crate::note::{KeyName, NOTE_BYTES_MAX, NOTE_SIGNATURES_MAX, SignedNote, VerifierKey};

/// The example of the specification.
const POEM: &str = "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n\
    — quasimodo.example/salvatore \
    NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n";

/// The example key of the Go implementation, whose key id was computed elsewhere.
const KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

fn name(text: &str) -> KeyName {
    KeyName::parse(text).unwrap()
}

#[test]
fn the_note_of_the_specification_is_taken_apart_and_printed_back() {
    let note = SignedNote::parse(POEM).unwrap();
    assert!(note.text.starts_with("Ognuno") && note.text.ends_with("\n\ned è subito sera.\n"));
    let [signature] = &note.signatures[..] else { panic!("one signature") };
    assert_eq!(signature.name.as_str(), "quasimodo.example/salvatore");
    assert_eq!((signature.key_id, signature.bytes.len()), ([0x36, 0x7b, 0xa0, 0x4b], 64));
    assert_eq!(note.to_string(), POEM);
}

#[test]
fn a_note_in_another_form_is_refused() {
    let signature = "— a AAAAAQI=\n";
    let good = format!("text\n\n{signature}");
    assert!(SignedNote::parse(&good).is_some());
    let bad = [
        String::new(),
        "\n".into(),
        "text\n".into(),
        "text\n\n".into(),
        "text\n\n\n".into(),
        format!("text\n{signature}"),
        format!("text\r\n\r\n{signature}"),
        format!("te\txt\n\n{signature}"),
        format!("te\0xt\n\n{signature}"),
        format!("{good}\n"),
        format!("{good}more\n"),
        good.trim_end().to_owned(),
        good.replace('—', "-"),
        good.replace("— a", "—a"),
        good.replace(" a ", "  "),
        good.replace(" a ", " a+b "),
        good.replace(" a ", " a\u{3000}b "),
        good.replace(" a ", " a b "),
        good.replace("AAAAAQI=", ""),
        good.replace("AAAAAQI=", "AAAAAQI"),
        good.replace("AAAAAQI=", "AAAAAQJ="),
        good.replace("AAAAAQI=", "AAAAAQI=="),
        good.replace("AAAAAQI=", "AAAA"),
        good.replace("AAAAAQI=", "AAAAAA=="),
        good.replace("AAAAAQI=", "AAAA AQI="),
        good.replace("AAAAAQI=", "____AQI="),
    ];
    for note in bad {
        assert_eq!(SignedNote::parse(&note), None, "{note:?}");
    }
}

#[test]
fn the_last_empty_line_divides_text_from_signatures() {
    for text in ["\n", "\n\n", "a\n\n\n", "— a AAAAAQI=\n"] {
        let note = SignedNote::parse(&format!("{text}\n— a AAAAAQI=\n")).unwrap();
        assert_eq!((note.text.as_str(), note.signatures.len()), (text, 1));
    }
}

#[test]
fn a_note_may_have_as_many_bytes_and_signatures_as_the_limits_say() {
    let signed = |count: usize| format!("text\n\n{}", "— a AAAAAQI=\n".repeat(count));
    const { assert!(NOTE_SIGNATURES_MAX >= 16) };
    assert_eq!(
        SignedNote::parse(&signed(NOTE_SIGNATURES_MAX)).unwrap().signatures.len(),
        NOTE_SIGNATURES_MAX
    );
    assert_eq!(SignedNote::parse(&signed(NOTE_SIGNATURES_MAX + 1)), None);
    let rest = "\n\n— a AAAAAQI=\n";
    let long = |bytes: usize| format!("{}{rest}", "x".repeat(bytes - rest.len()));
    assert!(SignedNote::parse(&long(NOTE_BYTES_MAX)).is_some());
    assert_eq!(SignedNote::parse(&long(NOTE_BYTES_MAX + 1)), None);
}

#[test]
fn only_signatures_of_both_name_and_key_id_are_those_of_a_key() {
    let key = VerifierKey::parse(KEY).unwrap();
    let note = "text\n\n— PeterNeumann x08goAE=\n— PeterNeumann x08goQI=\n— Peter x08gowM=\n— PeterNeumann x08gowQ=\n";
    let note = SignedNote::parse(note).unwrap();
    let bytes: Vec<_> = note.signatures_of(&key).map(|signature| signature.bytes.as_slice()).collect();
    assert_eq!(bytes, [[4]]);
}

#[test]
fn a_key_name_has_no_space_no_plus_and_no_control_character() {
    for good in ["a", "example.com/log", "明石.example", "a-b_c/d:1"] {
        assert_eq!(name(good).as_str(), good);
    }
    for bad in ["", " ", "a b", "a+b", "a\nb", "a\tb", "a\u{a0}b", "a\u{2003}", "a\u{3000}b", "a\u{1}b"] {
        assert_eq!(KeyName::parse(bad), None, "{bad:?}");
    }
}

#[test]
fn a_verifier_key_has_the_key_id_of_the_specification() {
    let key = VerifierKey::parse(KEY).unwrap();
    assert_eq!((key.name.as_str(), key.key_id), ("PeterNeumann", [0xc7, 0x4f, 0x20, 0xa3]));
    assert_eq!(VerifierKey::new(name("PeterNeumann"), key.public), key);
    assert_eq!(key.to_string(), KEY);
}

#[test]
fn a_verifier_key_with_a_plus_in_its_base64_comes_back() {
    let key = (0..=255).map(|byte| VerifierKey::new(name("log"), [byte; 32]));
    let key = key.into_iter().find(|key| key.to_string().matches('+').count() > 2).unwrap();
    assert_eq!(VerifierKey::parse(&key.to_string()), Some(key));
}

#[test]
fn a_verifier_key_changed_in_any_character_is_refused() {
    let mut bytes = KEY.as_bytes().to_vec();
    for place in 0..bytes.len() {
        let good = bytes[place];
        for other in (0x20..0x7f).filter(|other| *other != good) {
            bytes[place] = other;
            let text = std::str::from_utf8(&bytes).unwrap();
            assert_eq!(VerifierKey::parse(text), None, "{text}");
        }
        bytes[place] = good;
    }
    let other_type = "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    for bad in ["", "PeterNeumann", "PeterNeumann+c74f20a3", KEY.trim_end_matches("10TW"), other_type] {
        assert_eq!(VerifierKey::parse(bad), None, "{bad}");
    }
    assert_eq!(VerifierKey::parse(&format!("{KEY}\n")), None);
}
