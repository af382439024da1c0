//! The rules for passwords, fault by fault.

use super::*;

const OLD: Rules = Rules { edition: Edition::V6_0, second_factor: SecondFactor::Never };
const OLD_WITH_FACTOR: Rules = Rules { edition: Edition::V6_0, second_factor: SecondFactor::Always };
const NEW: Rules = Rules { edition: Edition::V7_0, second_factor: SecondFactor::Never };
const NEW_WITH_FACTOR: Rules = Rules { edition: Edition::V7_0, second_factor: SecondFactor::Always };

fn faults(rules: Rules, password: &str, words: &[&str]) -> Vec<&'static str> {
    match rules.check(&Secret::new(password.to_owned()), words) {
        Ok(()) => Vec::new(),
        Err(problems) => problems.iter().map(|problem| problem.code().id).collect(),
    }
}

#[test]
fn good_passwords_pass_under_every_rule() {
    for password in [
        "kT7#mQ2x!vB9zL",
        "Lamp-giraffe-9-mortar",
        "青いカバンと3本の赤鉛筆!",
        "ｋＴ７＃ｍＱ２ｘ！ｖＢ９ｚＬ",
    ] {
        for rules in [OLD, OLD_WITH_FACTOR, NEW, NEW_WITH_FACTOR] {
            assert_eq!(faults(rules, password, &["dr-sato", "さくら医院"]), [""; 0], "{password} {rules:?}");
        }
    }
}

#[test]
fn with_a_second_factor_eight_characters_are_enough_and_without_thirteen() {
    for (rules, password, expected) in [
        (OLD_WITH_FACTOR, "kT7#mQ2x", &[][..]),
        (NEW_WITH_FACTOR, "kt7hmq2x", &[]),
        (OLD_WITH_FACTOR, "kT7#mQ2", &["ID-0201"]),
        (OLD, "kT7#mQ2x!vB9", &["ID-0201"]),
        (NEW, "kT7#mQ2x!vB9", &["ID-0201"]),
        (OLD, "kT7#mQ2x!vB9z", &[]),
        (NEW, "ktrhmqwxjvbgz", &[]),
    ] {
        assert_eq!(faults(rules, password, &[]), expected, "{password}");
    }
}

#[test]
fn length_is_counted_in_characters_up_to_128() {
    let long: String = "kT7#mQ2x!vB9zLp4"
        .chars()
        .cycle()
        .take(100)
        .chain("のみものをかいにいく途中の坂道で".chars())
        .collect();
    let exact: String = long.chars().take(116).chain("Wq8$".chars().chain("rN3%yU6&".chars())).collect();
    assert_eq!(exact.chars().count(), 128);
    assert_eq!(faults(NEW, &exact, &[]), [""; 0]);
    assert_eq!(faults(NEW, &format!("{exact}x"), &[]), ["ID-0202"]);
    assert!(faults(NEW, &"kT7#".repeat(1_000_000), &[]).contains(&"ID-0202"));
}

#[test]
fn the_editions_want_different_kinds_of_characters() {
    for (rules, password, expected) in [
        (OLD, "ktrhmqwxjvbgz", &["ID-0203"][..]),
        (OLD, "ktrhmq2xjvbgz", &["ID-0203"]),
        (OLD, "ktrhmq#xjvbgz", &["ID-0203"]),
        (OLD, "8164#0927!5380", &["ID-0203"]),
        (OLD_WITH_FACTOR, "kt7hmq2x", &["ID-0203"]),
        (NEW_WITH_FACTOR, "ktrhmqwx", &["ID-0204"]),
        (NEW_WITH_FACTOR, "81640927", &["ID-0204"]),
        (NEW, "ktrhmqwxjvbgz", &[]),
    ] {
        assert_eq!(faults(rules, password, &[]), expected, "{password}");
    }
}

#[test]
fn common_passwords_are_refused_in_english_and_japanese() {
    for password in [
        "Password123!!",
        "P@ssw0rd2026!",
        "hospital-2026!",
        "Sakura1234567!",
        "sakura-byouin1!",
        "Kangoshi2026!!",
        "nurse-nurse12!",
        "さくら病院2026!!",
        "パスワード2026!!!",
        "yamada-taro-1!",
        "letmein-2026!!",
        "iloveyou12345!",
    ] {
        assert!(faults(OLD, password, &[]).contains(&"ID-0205"), "{password}");
    }
}

#[test]
fn own_words_are_refused_in_any_case_width_and_part() {
    let words = ["dr-sato", "山田 花子", "さくら医院", "Kita Clinic", "a"];
    for password in [
        "xx-dr-sato-7#mQ2",
        "7#mQ2-SATO-kT!vB",
        "ＳＡＴＯ7#mQ2kT!vB",
        "花子7#mQ2kT!vB9zL",
        "7#mQ2さくら医院kT!",
        "7#mQ2kT!kita-vB9",
    ] {
        assert_eq!(faults(OLD, password, &words), ["ID-0206"], "{password}");
    }
    assert_eq!(faults(OLD, "kT7#mQ2x!vB9zLa", &words), [""; 0], "a single letter is no word");
}

#[test]
fn patterns_are_refused() {
    for password in
        ["aaaaaaaaaaaaaa1!", "1234567890-^1!a", "qwertyuiop@[1!", "Kaze7!Kaze7!Kaze7!", "abcdefghijkl1!"]
    {
        assert!(faults(OLD, password, &[]).contains(&"ID-0207"), "{password}");
    }
}

#[test]
fn all_faults_come_at_once() {
    assert_eq!(faults(OLD, "aaaa", &["aaaa"]), ["ID-0201", "ID-0203", "ID-0206", "ID-0207", "ID-0205"]);
    assert_eq!(faults(OLD, "", &[]), ["ID-0201", "ID-0203", "ID-0205"]);
}

#[test]
fn an_edition_is_written_by_its_number() {
    assert_eq!(serde_json::to_string(&Edition::V6_0).unwrap(), "\"6.0\"");
    assert_eq!(serde_json::from_str::<Edition>("\"7.0\"").unwrap(), Edition::V7_0);
    assert!(serde_json::from_str::<Edition>("\"5.2\"").is_err());
}

#[test]
fn a_problem_never_holds_the_password() {
    let problems = NEW.check(&Secret::new("hushhushhush".to_owned()), &[]).unwrap_err();
    let texts: Vec<String> = problems.iter().map(|problem| problem.text(base::Language::English)).collect();
    assert!(!format!("{problems:?} {texts:?}").contains("hush"), "{texts:?}");
}
