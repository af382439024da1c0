//! The scale as it is compiled in, and what is refused as one.

use super::clinic::{Clinic, grade};
use base::Language;
use guideline::SourceFile;
use guideline::risk::{Concerns, CountermeasureKind, Extent, Grade, Level, NeedsApproval, Scale};

const SCALE: &str = include_str!("../../catalogue/risk-scale.yaml");

fn read(text: &str) -> Result<Scale, base::Problem> {
    Scale::read(SourceFile { name: "risk-scale.yaml", text })
}

#[test]
fn every_grade_is_described_in_both_languages() {
    let scale = read(SCALE).unwrap();
    let mut texts = Vec::new();
    for grade in Grade::all() {
        let (likelihood, impact) = (scale.likelihood(grade).unwrap(), scale.impact(grade).unwrap());
        texts.extend([&likelihood.name, &likelihood.means, &impact.name, &impact.safety]);
        texts.extend([&impact.confidentiality, &impact.availability]);
    }
    for measure in scale.measures() {
        texts.extend([&measure.name, &measure.means]);
    }
    texts.extend(Level::ALL.iter().map(|level| &scale.rule(*level).rule));
    assert_eq!(texts.len(), 40);
    let unlike: std::collections::BTreeSet<&str> = texts.iter().map(|text| text.ja.as_str()).collect();
    assert!(unlike.len() >= 38, "no grade is a copy of another");
    for text in texts {
        assert!(!text.ja.is_ascii() && text.en.is_ascii(), "{text:?}");
    }
}

#[test]
fn one_noun_is_used_for_a_level_and_a_kind_of_countermeasure() {
    let scale = read(SCALE).unwrap();
    for level in Level::ALL {
        let name = &scale.rule(*level).name;
        assert_eq!(level.name(Language::Japanese), name.ja);
        assert_eq!(level.name(Language::English), name.en);
    }
    let kinds: Vec<_> = scale.measures().iter().map(|one| (one.kind, one.name.ja.as_str())).collect();
    let named = |kind: CountermeasureKind| (kind, kind.name(Language::Japanese));
    assert_eq!(kinds, CountermeasureKind::ALL.iter().copied().map(named).collect::<Vec<_>>());
}

#[test]
fn the_matrix_says_what_it_is_known_to_say() {
    let scale = read(SCALE).unwrap();
    let level =
        |likelihood, impact| scale.level(Extent { likelihood: grade(likelihood), impact: grade(impact) });
    assert_eq!(level(1, 1), Level::Low);
    assert_eq!(level(1, 5), Level::High, "what is rare but extreme is high");
    assert_eq!(level(5, 1), Level::Middle);
    assert_eq!(level(3, 3), Level::Middle);
    assert_eq!(level(3, 5), Level::Critical);
    assert_eq!(level(5, 5), Level::Critical);
}

#[test]
fn a_higher_level_never_allows_more() {
    let scale = read(SCALE).unwrap();
    for pair in Level::ALL.windows(2) {
        let (lower, higher) = (scale.rule(pair[0]), scale.rule(pair[1]));
        assert!(lower.due_days_max >= higher.due_days_max);
        assert!(lower.review_days_max >= higher.review_days_max && lower.review_days_max <= 366);
        assert!(lower.may_remain || !higher.may_remain);
        assert!(lower.approval == NeedsApproval::Accepting || higher.approval == NeedsApproval::Always);
    }
    assert!(!scale.rule(Level::Critical).may_remain);
}

#[test]
fn a_scale_that_is_not_whole_is_refused() {
    let wrong = [
        SCALE.replace("akashi-risk-scale/1", "akashi-risk-scale/2"),
        SCALE.replace("likelihood: 3, levels: [low, middle,", "likelihood: 3, levels: [high, middle,"),
        SCALE.replacen("- grade: 2", "- grade: 3", 1),
        SCALE.replace("level: high\n", "level: middle\n"),
        SCALE.replace("kind: detective", "kind: preventive"),
        SCALE.replace("may_remain: false", "may_remain: false\n  colour: red"),
        SCALE.replace("[middle, middle, high, critical, critical]", "[middle, middle, high, critical]"),
    ];
    for text in wrong {
        assert_ne!(text, SCALE);
        assert_eq!(read(&text).unwrap_err().code().id, "GL-0001");
    }
}

#[test]
fn a_table_of_concerns_that_names_what_is_not_there_is_refused() {
    const CONCERNS: &str = include_str!("../../catalogue/risk-concerns.yaml");
    let clinic = Clinic::open();
    let read = |text: &str| {
        Concerns::read(SourceFile { name: "risk-concerns.yaml", text }, &clinic.engine.catalogue)
    };
    assert_eq!(read(CONCERNS).unwrap(), clinic.method.concerns);
    let wrong = [
        CONCERNS.replace("risk/rs-01,", "risk/rs-99,"),
        CONCERNS.replace("risk/rs-01,", "risk/rs-02,"),
        CONCERNS.replace("A2.3.4-1-12,", "A2.3.4-1-99,"),
        CONCERNS.replace("A2.3.4-1-12,", "A2.3.4-1-13,"),
        CONCERNS.replace("flows: [medium, paper]", "flows: [pigeon]"),
        CONCERNS.replace("akashi-risk-concerns/1", "akashi-risk-concerns/0"),
    ];
    for text in wrong {
        assert_ne!(text, CONCERNS);
        assert_eq!(read(&text).unwrap_err().code().id, "GL-0001");
    }
}
