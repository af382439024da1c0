//! The terminal: on a screen what is wrong and what to do first, in columns that hold, whatever names say.

use super::builder::{check, finding, hostile_check, nothing};
use base::Language;
use report::site::{Detail, check_table, explain};
use site::check::{Check, Given};
use site::description::{Day, Phase};
use site::rules::Verdict;
use site::rules::rule::Severity;
use unicode_width::UnicodeWidthStr;

const LANGUAGES: [Language; 2] = [Language::Japanese, Language::English];

#[test]
fn a_newcomer_reads_what_is_wrong_and_what_to_do_first() {
    let shown = check_table(&check(), Language::Japanese, Detail::Screen);
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(lines[0], "架空第一病院 (現在, 2026-11-22)");
    assert_eq!(lines[3], "必須の違反 6  推奨の違反 1  判定できない 2  攻撃経路 4（うち未確定 1）");
    assert_eq!(lines[5], "まず行うこと");
    assert!(
        lines[6].starts_with(" 1. 電子カルテサーバーのリモートデスクトップに二要素認証を求め"),
        "{}",
        lines[6]
    );
    let place =
        |text: &str| lines.iter().position(|line| line.contains(text)).unwrap_or_else(|| panic!("{text}"));
    assert!(place("まず行うこと") < place("攻撃経路（入口の種類ごと）"));
    assert!(place("攻撃経路（入口の種類ごと）") < place("違反（規則ごと）"));
    assert!(place("違反（規則ごと）") < place("判定できないもの：2 件（1 個の規則）"));
    assert!(lines.len() <= 45, "{} lines", lines.len());
}

#[test]
fn one_rule_is_one_entry_with_its_number_of_places() {
    let shown = check_table(&check(), Language::English, Detail::Screen);
    assert_eq!(shown.matches("The medical network is divided").count(), 1);
    assert!(shown.contains("  5 places: medical, information, guest and 2 more\n"), "{shown}");
    let full = check_table(&check(), Language::English, Detail::Full);
    assert!(
        full.contains("  5 places: medical, information, guest, pacs-vendor-site, eligibility\n"),
        "{full}"
    );
}

/// The check of a template, as somebody sees it who tries it.
fn template(name: &str) -> Check {
    let site = super::builder::site(name);
    let today = Day::parse("2026-11-22").unwrap();
    let sources = [format!("{name}.yaml")];
    Given { site: Some(&site), phase: Phase::Now, plans: &[], sources: &sources, today }.check().unwrap().0
}

#[test]
fn the_first_screen_of_a_hospital_with_faults_begins_with_what_attackers_use_first() {
    let check = template("small-hospital");
    for language in LANGUAGES {
        let shown = check_table(&check, language, Detail::Screen);
        assert!(shown.lines().count() <= 50, "{} lines\n{shown}", shown.lines().count());
    }
    let shown = check_table(&check, Language::English, Detail::Screen);
    let order = [
        " 1. Open vendors' lines only while they work",
        "administration pages",
        "past its support",
        "passwords that are shared",
        "Divide 診療系 into segments",
        "Keep a backup that is off the network",
        " 1. somebody on the internet: PACS 保守用 VPN 装置（所有者不明）",
        " 2. a vendor's network that was broken into: ehr-vendor-site, meal-vendor-site,",
        "Also violated, by rule",
    ];
    let places = order.map(|text| shown.find(text).unwrap_or_else(|| panic!("{text} in {shown}")));
    assert!(places.is_sorted(), "{shown}");
    // That who sits at a PC has what lies on it is no path that anybody need be shown first.
    assert!(!shown.contains("→ 事務・地域連携の端末"), "{shown}");
}

#[test]
fn a_hospital_without_faults_is_not_alarmed() {
    for name in ["two-networks-hospital", "direct-connect", "alb-mtls"] {
        let shown = check_table(&template(name), Language::English, Detail::Screen);
        assert!(shown.contains("required violated: 0  recommended: 0"), "{shown}");
        assert!(!shown.contains("Do these first") && !shown.contains("Violated"), "{shown}");
        let is_calm = shown.contains("each needs a flaw that nobody knows yet");
        assert!(is_calm || shown.contains("No attack path was found."), "{shown}");
    }
}

#[test]
fn paths_that_differ_only_in_their_ends_are_one_with_all_ends() {
    let mut check = check();
    let Some(first) = check.attacks.chains.get(1).cloned() else { panic!() };
    for (from, to) in [("carrier-site", "ehr-server"), ("meal-vendor-site", "nas"), ("carrier-site", "nas")] {
        let mut chain = first.clone();
        (chain.from, chain.to) = (from.to_owned(), to.to_owned());
        (chain.legs[0].from, chain.legs[0].to) = (from.to_owned(), to.to_owned());
        check.attacks.chains.push(chain);
    }
    let shown = check_table(&check, Language::English, Detail::Screen);
    let whole: String = shown.split_whitespace().collect();
    assert!(whole.contains("meal-vendor-site,carrier-site→電子カルテサーバー,nas"), "{shown}");
    // Where one of them is not there, they are not told as if it were.
    check.attacks.chains.pop();
    let shown = check_table(&check, Language::English, Detail::Full);
    assert_eq!(shown.matches("carrier-site → ").count(), 2, "{shown}");
    let shown = check_table(&check, Language::English, Detail::Screen);
    assert!(!shown.contains("carrier-site → 電子カルテサーバー, nas"), "{shown}");
}

#[test]
fn attack_paths_come_the_shortest_first_and_the_certain_before_the_uncertain() {
    let shown = check_table(&check(), Language::English, Detail::Full);
    let place = |text: &str| shown.find(text).unwrap_or_else(|| panic!("{text} in {shown}"));
    assert!(place("a vendor's network that was broken into") < place("somebody on the internet"));
    assert!(
        place("a PC whose user opened a bad mail") < place("a place within reach of the wireless network")
    );
    assert!(shown.contains("    ? not certain: `forwards` of wireless-ap is not known.\n"));
}

#[test]
fn what_was_left_open_says_what_to_write() {
    let mut check = check();
    let words = ("a", "What is asked.");
    for element in ["x", "y"] {
        let mut one = finding("net.other", element, Severity::Recommended, Verdict::Undecided, words);
        one.why = Some(super::builder::text("`flow_log` を書きます。", "Say `flow_log` of the zones."));
        check.findings.push(one);
    }
    let shown = check_table(&check, Language::English, Detail::Screen);
    assert!(shown.contains("Undecided: 4 (2 rules)."), "{shown}");
    // What decides most comes first, and equal reasons are one.
    let after = shown.split("Say these to decide them:\n").nth(1).unwrap();
    assert!(after.starts_with("? (2) Say `flow_log` of the zones.\n? (1) Say `watched` of "), "{after}");
}

#[test]
fn what_no_plan_has_and_what_is_only_information_is_folded() {
    let shown = check_table(&check(), Language::Japanese, Detail::Screen);
    assert!(shown.contains("プランに見当たらないもの：1 種類（aws_config_rule）\n"));
    assert!(shown.contains("参考（良し悪しではなく、確認のため）：1 件\n"));
    assert!(!shown.contains("患者情報を置く国を確かめます。"));
    assert!(
        check_table(&check(), Language::Japanese, Detail::Full).contains("患者情報を置く国を確かめます。")
    );
}

#[test]
fn a_missing_type_that_violates_a_rule_is_not_folded_away() {
    let mut check = check();
    for finding in check.findings.iter_mut().filter(|one| one.rule.ends_with("!exists")) {
        finding.verdict = Verdict::Violated;
    }
    let shown = check_table(&check, Language::English, Detail::Screen);
    assert!(shown.contains("required violated: 7 "), "{shown}");
    assert!(shown.contains("There must be an `aws_config_rule`."), "{shown}");
}

#[test]
fn the_types_of_resources_of_the_run_are_told() {
    let full = check_table(&check(), Language::English, Detail::Full);
    for kind in ["aws_vpc (1)", "aws_iam_role (1)", "aws_networkfirewall_rule_group (1)"] {
        assert!(full.contains(kind), "{kind}");
    }
    let screen = check_table(&check(), Language::English, Detail::Screen);
    assert!(screen.contains("aws_networkfirewall_rule_group") && !screen.contains("aws_iam_role"));
}

#[test]
fn nothing_found_is_said_and_not_praised() {
    let shown = check_table(&nothing(), Language::English, Detail::Screen);
    assert!(shown.contains("No attack path was found."));
    assert!(!shown.contains("safe") && !shown.contains("Do these first"));
    assert!(
        check_table(&nothing(), Language::Japanese, Detail::Screen)
            .contains("攻撃経路は見つかりませんでした。")
    );
}

#[test]
fn paths_that_were_not_all_worked_out_are_not_a_number_to_rely_on() {
    let mut check = check();
    check.attacks.more = true;
    let shown = check_table(&check, Language::English, Detail::Screen);
    assert!(shown.contains("attack paths: 4+"), "{shown}");
    assert!(shown.contains("There are more that were not worked out."));
}

#[test]
fn lines_hold_their_columns_and_begin_and_end_as_they_should() {
    for check in [check(), nothing(), hostile_check()] {
        for language in LANGUAGES {
            for detail in [Detail::Screen, Detail::Full] {
                for line in check_table(&check, language, detail).lines() {
                    assert!(line.width() <= 80, "{} columns: {line}", line.width());
                    assert!(!line.trim_start().starts_with(['、', '。', '）', '」']), "{line}");
                    assert_eq!(line.trim_end(), line);
                }
            }
        }
    }
}

#[test]
fn no_name_moves_the_cursor_or_turns_a_line() {
    for language in LANGUAGES {
        let all = [
            check_table(&hostile_check(), language, Detail::Screen),
            check_table(&hostile_check(), language, Detail::Full),
            explain(&hostile_check(), &hostile_check().findings[0].id, language).unwrap(),
        ];
        for shown in all {
            let bad = shown
                .chars()
                .find(|one| (one.is_control() && *one != '\n') || ('\u{202a}'..='\u{202e}').contains(one));
            assert_eq!(bad, None);
        }
    }
}

#[test]
fn each_language_is_told_without_the_other() {
    let english = check_table(&nothing(), Language::English, Detail::Full);
    assert!(!english.chars().any(|one| matches!(one, 'ぁ'..='ヿ' | '一'..='龠')), "{english}");
}

#[test]
fn a_finding_is_explained_in_full() {
    let mut check = check();
    check.findings[0].path = vec![super::builder::step("medical", "診療系", "medical")];
    let told = explain(&check, "net.flat-medical@medical", Language::English).unwrap();
    let expected = "\
The medical network is divided, and what needs no other part does not reach it.
net.flat-medical

* 診療系 [medical]: violated
  weight: required
  stands at: site.yaml:57
  seen: default: allow
  id: net.flat-medical@medical
  path:
    1. 診療系 (medical): routed

What to do
  First let only what is needed pass. Then ask the vendor to show the setting.

Example
  resource \"aws_security_group\" \"ehr\" {
    ingress = []
  }

Requirements of guidelines
  mhlw-6.0/control/13-1
";
    assert_eq!(told, expected);
}

#[test]
fn a_rule_is_explained_with_all_its_places_and_an_unknown_id_is_none() {
    let told = explain(&check(), "net.flat-medical", Language::Japanese).unwrap();
    assert_eq!(told.matches("\n■ ").count(), 5, "{told}");
    assert!(told.contains("\n対応\n"));
    assert_eq!(explain(&check(), "net.flat", Language::Japanese), None);
}
