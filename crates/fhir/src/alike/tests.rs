//! Cases that people have judged, with invented names, and what must hold of all.

use super::*;
use crate::json::parse;
use proptest::prelude::*;

/// A patient in one line: kanji | kana | birth date | sex | insurance | telephone | postal code and address | number.
/// What is left empty is not known; `;` parts several names.
fn patient(line: &str) -> Features {
    let cells: Vec<&str> = line.split('|').map(str::trim).collect();
    let cell = |at: usize| cells.get(at).copied().filter(|text| !text.is_empty());
    let mut members: Vec<String> = vec![r#""resourceType":"Patient""#.to_owned()];
    let name = |code: &str, text: &str| {
        let (family, given) = text.split_once(' ').unwrap();
        format!(
            r#"{{"extension":[{{"url":"http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation","valueCode":"{code}"}}],"family":"{family}","given":["{given}"]}}"#
        )
    };
    let several = |code: &'static str, text: &str| -> Vec<String> {
        text.split(';').map(|text| name(code, text.trim())).collect()
    };
    let mut names: Vec<String> = cell(0).map(|text| several("IDE", text)).unwrap_or_default();
    names.extend(cell(1).map(|text| several("SYL", text)).unwrap_or_default());
    members.push(format!(r#""name":[{}]"#, names.join(",")));
    members.extend(cell(2).map(|birth| format!(r#""birthDate":"{birth}""#)));
    members.extend(cell(3).map(|sex| format!(r#""gender":"{sex}""#)));
    members.extend(cell(5).map(|phone| format!(r#""telecom":[{{"system":"phone","value":"{phone}"}}]"#)));
    members.extend(cell(6).map(|address| {
        let (code, text) = address.split_once(' ').unwrap();
        format!(r#""address":[{{"postalCode":"{code}","text":"{text}"}}]"#)
    }));
    let mut identifiers = Vec::new();
    identifiers.extend(cell(4).map(|card| {
        format!(
            r#"{{"system":"http://jpfhir.jp/fhir/clins/Idsystem/JP_Insurance_memberID","value":"{card}"}}"#
        )
    }));
    identifiers.extend(cell(7).map(|number| {
        format!(r#"{{"system":"urn:oid:1.2.392.100495.20.3.51.11319999999","type":{{"coding":[{{"code":"MR"}}]}},"value":"{number}"}}"#)
    }));
    members.push(format!(r#""identifier":[{}]"#, identifiers.join(",")));
    let text =
        format!("{{{}}}", members.join(",")).replace(r#""name":[],"#, "").replace(r#","identifier":[]"#, "");
    let node = parse(text.as_bytes()).unwrap();
    assert!(crate::check(node.clone()).is_ok(), "{text}");
    Features::of(&node)
}

const ONE: &str = "高橋 美咲 | タカハシ ミサキ | 1985-03-12 | female | 06139999:１２３:4567:01 | 03-0000-1234 | 100-0001 東京都架空区一番町1-2-3 | 00012345";

/// What is compared with [`ONE`], its grade, and the rule that decided beside the weights.
const CASES: &[(&str, &str, &str, &str)] = &[
    // One person.
    ("the same in all", ONE, "certain", "-"),
    (
        "another number only, as of two registrations",
        "高橋 美咲|タカハシ ミサキ|1985-03-12|female|06139999:123:4567:1|0300001234|1000001 東京都架空区一番町１丁目２番地３号|99999",
        "certain",
        "-",
    ),
    (
        "old form of a kanji, half-width kana",
        "髙橋 美咲|ﾀｶﾊｼ ﾐｻｷ|1985-03-12|female||03(0000)1234||",
        "certain",
        "-",
    ),
    (
        "kana only, and an address without its prefecture",
        "|たかはし みさき|1985-03-12|female|||100-0001 架空区一番町1-2-3|",
        "certain",
        "-",
    ),
    (
        "a card without its branch",
        "高橋 美咲|タカハシ ミサキ|1985-03-12|female|06139999:123:4567|||",
        "certain",
        "-",
    ),
    (
        "the number without its noughts, as a referral writes it",
        "高橋 美咲||1985-03-12|||||12345",
        "certain",
        "-",
    ),
    ("the number as it is written here", "高橋 美咲||1985-03-12|||||00012345", "certain", "-"),
    // Probably one person.
    ("name, birth date and sex alone", "高橋 美咲|タカハシ ミサキ|1985-03-12|female||||", "probable", "-"),
    (
        "moved, another telephone, another insurer",
        "高橋 美咲|タカハシ ミサキ|1985-03-12|female|01130012:9:8:02|045-000-0000|220-0001 神奈川県架空市2-2|",
        "probable",
        "-",
    ),
    (
        "married, with the telephone she had",
        "佐藤 美咲|サトウ ミサキ|1985-03-12|female||03-0000-1234||",
        "probable",
        "-",
    ),
    (
        "married, the former name told",
        "佐藤 美咲; 高橋 美咲|サトウ ミサキ; タカハシ ミサキ|1985-03-12|female||03-0000-1234||",
        "certain",
        "-",
    ),
    (
        "a kanji heard wrongly, the same telephone",
        "高橋 実咲|タカハシ ミサキ|1985-03-12|female||03-0000-1234||",
        "probable",
        "-",
    ),
    (
        "one digit of the birth date, the same telephone",
        "高橋 美咲|タカハシ ミサキ|1985-03-17|female||03-0000-1234||",
        "probable",
        "-",
    ),
    (
        "month and day exchanged, the same card",
        "高橋 美咲|タカハシ ミサキ|1985-12-03|female|06139999:123:4567:01|||",
        "probable",
        "not-all",
    ),
    (
        "the era mistaken, the same card",
        "高橋 美咲|タカハシ ミサキ|2015-03-12|female|06139999:123:4567:01|||",
        "probable",
        "not-all",
    ),
    // Possibly one person.
    (
        "married, and moved",
        "佐藤 美咲|サトウ ミサキ|1985-03-12|female||045-000-0000|220-0001 神奈川県架空市2-2|",
        "possible",
        "-",
    ),
    ("a kanji heard wrongly", "高橋 実咲|タカハシ ミサキ|1985-03-12|female||||", "possible", "-"),
    ("one digit of the birth date", "高橋 美咲|タカハシ ミサキ|1985-03-17|female||||", "possible", "-"),
    (
        "the card of one, the birth date of another",
        "高橋 美咲|タカハシ ミサキ|1990-07-30|female|06139999:123:4567:01|||",
        "possible",
        "-",
    ),
    (
        "the card of one, the sex of another",
        "高橋 美咲|タカハシ ミサキ|1985-03-12|male|06139999:123:4567:01|03-0000-1234||",
        "possible",
        "sex",
    ),
    (
        "a twin",
        "高橋 美優|タカハシ ミユ|1985-03-12|female|06139999:123:4567|03-0000-1234|100-0001 東京都架空区一番町1-2-3|",
        "possible",
        "given-name",
    ),
    (
        "a twin whose name is one letter away",
        "高橋 美佐子|タカハシ ミサコ|1985-03-12|female||03-0000-1234|100-0001 東京都架空区一番町1-2-3|",
        "possible",
        "given-name",
    ),
    (
        "all the same but the branch",
        "高橋 美咲|タカハシ ミサキ|1985-03-12|female|06139999:123:4567:02|03-0000-1234||",
        "possible",
        "branch",
    ),
    ("the birth date is not known", "高橋 美咲|タカハシ ミサキ||female||03-0000-1234||", "possible", "-"),
    (
        "the year alone, the same telephone",
        "高橋 美咲|タカハシ ミサキ|1985|female||03-0000-1234||",
        "probable",
        "-",
    ),
    // Two people.
    (
        "the same name, another birth date",
        "高橋 美咲|タカハシ ミサキ|1961-11-08|female||||",
        "certainly-not",
        "-",
    ),
    ("the same birth date", "鈴木 健|スズキ ケン|1985-03-12|male||||", "certainly-not", "-"),
    (
        "a relative on the same card",
        "高橋 修|タカハシ オサム|1955-01-20|male|06139999:123:4567:00|03-0000-1234||",
        "certainly-not",
        "-",
    ),
    (
        "the mother at the same telephone",
        "高橋 和子|タカハシ カズコ|1957-08-09|female|06139999:123:4567|03-0000-1234|100-0001 東京都架空区一番町1-2-3|",
        "certainly-not",
        "-",
    ),
    ("nothing in common", "鈴木 健|スズキ ケン|1970-01-01|male|||| 7", "certainly-not", "-"),
    ("nothing is known", "", "certainly-not", "-"),
];

#[test]
fn cases_are_graded_as_people_judge_them() {
    let mut wrong = Vec::new();
    for (what, other, grade, rule) in CASES {
        let (one, other) = (patient(ONE), patient(other));
        let likeness = compare(&one, &other);
        let found = (likeness.grade.code(), likeness.rule.map_or("-", Rule::word));
        if found != (*grade, *rule) {
            wrong.push(format!("{what}: {found:?} {} {:?}", likeness.weight, likeness.findings));
        }
        assert_eq!(compare(&other, &one), likeness, "{what}: the other way round");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_higher_grade_has_a_higher_score() {
    let likeness = |grade, weight| Likeness { grade, weight, findings: Vec::new(), rule: None };
    let score = |grade, weight| likeness(grade, weight).score();
    assert_eq!(score(Grade::CertainlyNot, 900), 0);
    assert_eq!((score(Grade::Possible, 80), score(Grade::Possible, 900)), (50, 79));
    assert_eq!((score(Grade::Probable, 220), score(Grade::Probable, 900)), (80, 94));
    assert_eq!((score(Grade::Certain, 300), score(Grade::Certain, 900)), (95, 100));
}

#[test]
fn one_person_shares_a_key_with_each_of_their_registrations() {
    let keys = |line: &str| patient(line).keys();
    let own = keys(ONE);
    for other in [
        "髙橋 美咲|||||||",
        "|ﾀｶﾊｼ ﾐｻｷ||||||",
        "佐藤 実優||1985-03-12|||||",
        "佐藤 実優|||||0300001234||",
        "佐藤 実優|||| :123:4567|||",
        "佐藤 実優|||||||00012345",
    ] {
        assert!(keys(other).iter().any(|key| own.contains(key)), "{other}");
    }
    assert!(
        !keys("佐藤 実優|サトウ ミユ|1985|female|||100-0001 東京都架空区一番町1-2-3|")
            .iter()
            .any(|key| own.contains(key))
    );
    assert!(patient("").is_empty());
}

#[test]
fn an_insurance_is_read_from_a_coverage_in_both_ways_of_writing_it() {
    let coverage = r#"{"resourceType":"Coverage","status":"active","beneficiary":{"reference":"Patient/p"},"payor":[{"display":"x"}],
      "extension":[
        {"url":"http://jpfhir.jp/fhir/core/Extension/StructureDefinition/JP_Coverage_InsuredPersonSymbol","valueString":"１２３"},
        {"url":"http://jpfhir.jp/fhir/core/Extension/StructureDefinition/JP_Coverage_InsuredPersonNumber","valueString":"4567"},
        {"url":"http://jpfhir.jp/fhir/core/Extension/StructureDefinition/JP_Coverage_InsuredPersonSubNumber","valueString":"01"}]}"#;
    let coverage = parse(coverage.as_bytes()).unwrap();
    let mut other = patient("高橋 美咲|タカハシ ミサキ|1985-03-12|female||||");
    other.add_coverage(&coverage);
    let likeness = compare(&patient(ONE), &other);
    assert!(likeness.findings.contains(&Finding::InsuredSame));
    let kind = crate::definitions::resource_kind("Coverage").unwrap();
    assert_eq!(blocks(kind, &coverage), other.insurance_keys());
}

proptest! {
    #[test]
    fn anything_is_compared_without_a_panic_and_both_ways_alike(one in "\\PC{0,40}", other in "\\PC{0,40}", birth in "[0-9-]{0,12}") {
        let node = |text: &str| {
            crate::Node::Object(vec![
                ("resourceType".to_owned(), crate::Node::String("Patient".to_owned())),
                ("birthDate".to_owned(), crate::Node::String(birth.clone())),
                ("name".to_owned(), crate::Node::Array(vec![crate::Node::Object(vec![
                    ("text".to_owned(), crate::Node::String(text.to_owned())),
                ])])),
                ("telecom".to_owned(), crate::Node::Array(vec![crate::Node::Object(vec![
                    ("system".to_owned(), crate::Node::String("phone".to_owned())),
                    ("value".to_owned(), crate::Node::String(text.to_owned())),
                ])])),
            ])
        };
        let (one, other) = (Features::of(&node(&one)), Features::of(&node(&other)));
        prop_assert_eq!(compare(&one, &other), compare(&other, &one));
        prop_assert!(one.keys().iter().all(|key| !key.is_empty()));
    }

    #[test]
    fn nobody_is_graded_higher_than_their_keys_allow(name in "[一二] [三四]", days in prop::array::uniform2("19[78][0-9](-0[13](-[0-2][1-9])?)?"), sex in "male|female|") {
        let [one, other] = days.map(|day| patient(&format!("{name}||{day}|{sex}||0300001234||123")));
        prop_assert!(compare(&one, &other).grade <= highest(&one, &other.keys()));
    }
}

#[test]
fn whoever_was_born_on_another_day_can_be_possible_at_most_and_needs_no_opening() {
    let highest_of =
        |day: &str| highest(&patient(ONE), &patient(&format!("高橋 美咲||{day}|female||||")).keys());
    assert_eq!(highest_of("1950-11-30"), Grade::Possible);
    for unknown_near_or_same in ["", "1985", "1985-03-21", "1985-03-12"] {
        assert_eq!(highest_of(unknown_near_or_same), Grade::Certain, "{unknown_near_or_same}");
    }
}
