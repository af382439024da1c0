//! The catalogue that is compiled in: it reads, nothing in it is unreachable, and its links lead somewhere.

use guideline::{Basis, Catalogue, EvidenceKind, LinkKind, Origin, SourceFile, engine};
use std::collections::{BTreeMap, BTreeSet};

/// Links that lead to nothing, each with its reason.
const DANGLING: &str = include_str!("expected/dangling.txt");

#[test]
fn every_edition_has_the_requirements_that_its_files_hold() {
    let engine = engine().unwrap();
    let counted: BTreeMap<&str, usize> = engine
        .catalogue
        .editions()
        .map(|edition| (edition.id.as_str(), edition.requirements().count()))
        .collect();
    assert_eq!(
        counted,
        BTreeMap::from([
            ("jahis-sds-5.0", 111),
            ("meti-mic-2.0", 100),
            ("mhlw-6.0", 203),
            ("mhlw-7.0", 228),
            ("mhlw-checklist-2025", 31),
            ("mhlw-checklist-2026", 3),
        ])
    );
    assert_eq!(engine.catalogue.scenarios().count(), 19);
}

#[test]
fn nothing_in_the_catalogue_is_unreachable() {
    let engine = engine().unwrap();
    assert_eq!(engine.checks.unreachable(&engine.catalogue), Vec::<&str>::new());
    let runtime = engine.catalogue.requirements().filter(|one| one.evidence.contains(&EvidenceKind::Runtime));
    assert!(runtime.count() > 150);
}

#[test]
fn every_question_is_asked_for_some_requirement() {
    let engine = engine().unwrap();
    let used: BTreeSet<String> = engine
        .catalogue
        .requirements()
        .filter_map(|one| engine.checks.of(&engine.catalogue, &one.id))
        .flat_map(|check| check.keys().into_iter().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let idle: Vec<&str> = engine
        .registry
        .questions()
        .map(|question| question.id.as_str())
        .filter(|id| !used.contains(&format!("person.{id}")))
        .collect();
    assert_eq!(idle, Vec::<&str>::new());
}

#[test]
fn links_lead_to_requirements_except_where_the_list_says_why_not() {
    let engine = engine().unwrap();
    let found: BTreeSet<String> =
        engine.catalogue.dangling().into_iter().map(|one| format!("{} {}", one.from, one.to)).collect();
    let mut listed = BTreeSet::new();
    for line in DANGLING.lines().filter(|line| !line.starts_with('#')) {
        let (link, reason) = line.split_once(": ").unwrap();
        assert!(reason.len() > 10, "{line}");
        listed.insert(link.to_owned());
    }
    assert_eq!(found, listed);
    assert!(engine.catalogue.links().len() > 900);
}

#[test]
fn the_new_edition_says_of_each_requirement_where_it_comes_from() {
    let engine = engine().unwrap();
    let edition = engine.catalogue.edition("mhlw-7.0").unwrap();
    let mut counted = BTreeMap::new();
    for id in edition.requirements() {
        let one = engine.catalogue.requirement(id).unwrap();
        let kind = match one.origin.as_ref().unwrap() {
            Origin::Inherited(before) => {
                assert!(before.starts_with("mhlw-6.0/"), "{before}");
                "inherited"
            }
            Origin::Replaces(_, reported) | Origin::Added(reported) => {
                assert!(!reported.sources.is_empty() && one.basis == Basis::Secondary, "{id}");
                if matches!(one.origin, Some(Origin::Added(_))) { "added" } else { "replaces" }
            }
        };
        *counted.entry(kind).or_insert(0) += 1;
        assert!(engine.checks.of(&engine.catalogue, id).is_some(), "{id}");
    }
    assert_eq!(counted, BTreeMap::from([("added", 25), ("inherited", 197), ("replaces", 6)]));
    let replaced = engine.catalogue.links().iter().filter(|link| link.kind == LinkKind::Replaces);
    assert_eq!(replaced.count(), 6);
}

/// A part with one requirement, in which something was changed.
fn part(change: impl Fn(&str) -> String) -> String {
    change(
        "guideline: own-1\npart: rules\ntitle_ja: 規則\ntitle_en: Rules\npublisher_ja: 当院\npublished: \"2026\"\nurl: https://clinic.example/\nchapters:\n- number: \"1\"\n  title_ja: 一\n  title_en: One\n  requirements:\n  - id: own-1/rules/1-1\n    item: \"①\"\n    name_ja: 名\n    name_en: Name\n    summary_ja: 要求\n    summary_en: Requirement\n    actors: [operator]\n    topics: [backup]\n    evidence: [runtime]\n    locator: p.1\n    basis: full\n",
    )
}

#[test]
fn a_file_that_does_not_fit_is_refused_with_its_line_and_nothing_is_taken_over() {
    let read = |text: &str| Catalogue::read(&[SourceFile { name: "own.yaml", text }]);
    let catalogue = read(&part(str::to_owned)).unwrap();
    assert_eq!(catalogue.requirement("own-1/rules/1-1").unwrap().summary.ja, "要求");
    for (from, to, said) in [
        ("basis: full", "basis: certain", "own.yaml, line 23"),
        ("    locator", "    place: x\n    locator", "own.yaml, line 22"),
        ("    locator: p.1\n", "", "own.yaml"),
        ("[backup]", "[backups]", "backups"),
        ("own-1/rules/1-1", "other/rules/1-1", "other/rules/1-1"),
        ("[runtime]", "[]", "own-1/rules/1-1"),
        ("part: rules", "part: rules\ninherits: mhlw-6.0/none", "mark"),
        ("title_ja: 規則", "title_ja: [規則", "own.yaml, line"),
    ] {
        let text = part(|whole| whole.replacen(from, to, 1));
        let problem = read(&text).unwrap_err();
        let message = problem.text(base::Language::English);
        assert!(message.contains(said), "{from} → {to}: {message}");
    }
    let twice = part(str::to_owned);
    let both = [SourceFile { name: "a.yaml", text: &twice }, SourceFile { name: "b.yaml", text: &twice }];
    assert_eq!(Catalogue::read(&both).unwrap_err().code(), &guideline::codes::CATALOGUE);
}
