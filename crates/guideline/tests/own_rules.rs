//! A facility's own rules: they are added to what is compiled in, change nothing of it, and load whole or not at all.

#![expect(clippy::unwrap_used, reason = "a test ends at the first thing that is not as it should be")]

use base::{Language, Problem, Time};
use guideline::{
    Engine, Fact, Facts, Known, Origin, SourceFile, SourceFolder, Value, Verdict, codes, engine,
};
use std::fs;
use std::path::{Path, PathBuf};

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/recipes/own-rules")
}

fn now() -> Time {
    Time::parse("2026-04-01T00:00:00Z").unwrap()
}

fn facts(engine: &Engine, known: &[(&str, Value)]) -> Facts {
    let seen = known.iter().map(|(key, value)| Fact::seen(key, value.clone(), now(), ("試験", "a test")));
    Facts::gather(&engine.registry, seen, now()).unwrap()
}

/// The files of the example, in which something was changed.
fn changed(file: &str, from: &str, to: &str) -> Result<Engine, Problem> {
    let folder = SourceFolder::read(&example()).unwrap();
    let text = folder.files().iter().find(|one| one.name == file).unwrap().text.replace(from, to);
    let files: Vec<SourceFile<'_>> = folder
        .files()
        .into_iter()
        .map(|one| if one.name == file { SourceFile { name: file, text: &text } } else { one })
        .collect();
    Engine::with(&files)
}

#[test]
fn the_example_of_the_recipe_adds_an_edition_and_a_stricter_rule() {
    let folder = SourceFolder::read(&example()).unwrap();
    let names: Vec<&str> = folder.files().iter().map(|file| file.name).collect();
    assert_eq!(
        names,
        [
            "checks.yaml",
            "clinic-1/control.yaml",
            "clinic-1/house.yaml",
            "documents.yaml",
            "facts.yaml",
            "questions.yaml"
        ]
    );
    let engine = Engine::with(&folder.files()).unwrap();
    let edition = engine.catalogue.edition("clinic-1").unwrap();
    let theirs = engine.catalogue.edition("mhlw-7.0").unwrap();
    let control = theirs.parts.iter().find(|part| part.name == "control").unwrap();
    let inherited: usize = control.chapters.iter().map(|chapter| chapter.requirements.len()).sum();
    assert_eq!(edition.requirements().count(), inherited + 2);

    let seen = [
        ("runtime.session.idle_minutes", Value::Count(20)),
        ("site.devices.screen_lock", Value::YesNo(true)),
    ];
    let facts = facts(&engine, &seen);
    let verdict =
        |id: &str| engine.decide(engine.catalogue.requirement(id).unwrap(), &Known::of(&facts)).verdict;
    assert_eq!(verdict("mhlw-7.0/control/12-6"), Verdict::Met);
    assert_eq!(verdict("clinic-1/control/12-6"), Verdict::Partly);
    let replaced = engine.catalogue.requirement("clinic-1/control/12-6").unwrap().origin.clone().unwrap();
    assert!(matches!(replaced, Origin::Replaces(_, reported) if reported.sources == ["例示クリニック"]));
}

#[test]
fn own_keys_decide_own_requirements() {
    let engine = Engine::with(&SourceFolder::read(&example()).unwrap().files()).unwrap();
    let verdicts = |known: &[(&str, Value)]| {
        let all = engine.assess("clinic-1", None, &facts(&engine, known)).unwrap().verdicts;
        let own = all.into_iter().filter(|one| one.requirement.starts_with("clinic-1/house/"));
        own.map(|one| one.verdict).collect::<Vec<_>>()
    };
    assert_eq!(verdicts(&[]), [Verdict::NeedsAPerson, Verdict::Unknown]);
    let known =
        [("person.no_visitors_inside", Value::YesNo(true)), ("site.power.battery_minutes", Value::Count(15))];
    assert_eq!(verdicts(&known), [Verdict::NotApplicable, Verdict::Met]);
    let known = [
        ("document.visitor_record", Value::YesNo(true)),
        ("person.visitors_accompanied", Value::YesNo(true)),
    ];
    assert_eq!(verdicts(&known), [Verdict::Met, Verdict::Unknown]);
}

#[test]
fn what_is_compiled_in_decides_as_before() {
    let (before, after) =
        (engine().unwrap(), Engine::with(&SourceFolder::read(&example()).unwrap().files()).unwrap());
    let seen: Vec<_> = before.registry.keys().filter(|key| key.kind == guideline::Kind::YesNo).collect();
    let known: Vec<_> =
        seen.iter().map(|key| (key.key.as_str(), Value::YesNo(key.key.len() % 2 == 0))).collect();
    let facts = facts(&before, &known);
    for edition in before.catalogue.editions() {
        assert_eq!(after.catalogue.edition(&edition.id).unwrap(), edition);
        let assess = |engine: &Engine| engine.assess(&edition.id, None, &facts).unwrap();
        assert_eq!(assess(&after), assess(&before));
    }
    for one in before.catalogue.requirements() {
        assert_eq!(after.catalogue.requirement(&one.id).unwrap(), one);
    }
}

/// Changes of the example that are refused: file ¦ what stands there ¦ what shall stand there ¦ code ¦ what is said.
const REFUSED: &str = "
checks.yaml ¦ clinic-1/house/1-2 ¦ mhlw-7.0/control/12-6 ¦ GL-0032 ¦ checks.yaml, line 14
checks.yaml ¦ clinic-1/house/1-2 ¦ clinic-1/control/14-6 ¦ GL-0032 ¦ checks.yaml, line 14
clinic-1/house.yaml ¦ guideline: clinic-1 ¦ guideline: mhlw-7.0 ¦ GL-0032 ¦ house.yaml, line 2
facts.yaml ¦ site.power.battery_minutes ¦ runtime.power.battery_minutes ¦ GL-0033 ¦ facts.yaml, line 5
facts.yaml ¦ site.power.battery_minutes ¦ person.power ¦ GL-0033 ¦ facts.yaml, line 5
facts.yaml ¦ site.power.battery_minutes ¦ site.cloud.backup_separate ¦ GL-0001 ¦ named twice
facts.yaml ¦ site.power.battery_minutes ¦ site.cloud ¦ GL-0001 ¦ facts.yaml, line 5
questions.yaml ¦ visitors_accompanied ¦ training_held ¦ GL-0001 ¦ questions.yaml, line 3
documents.yaml ¦ owner: planner ¦ owner: planner, template: true ¦ GL-0001 ¦ documents.yaml, line 3
checks.yaml ¦ clinic-1/house/1-2 ¦ clinic-1/house/1-3 ¦ GL-0001 ¦ checks.yaml, line 14
checks.yaml ¦ clinic-1/house/1-2 ¦ clinic-1/house/1-1 ¦ GL-0001 ¦ decided twice
checks.yaml ¦ site.power ¦ site.powr ¦ GL-0002 ¦ checks.yaml, line 15
checks.yaml ¦ >= 10' ¦ >= 10.0' ¦ GL-0002 ¦ checks.yaml, line 15
checks.yaml ¦ 'person.no_visitors_inside' ¦ 'person.no_visitors' ¦ GL-0002 ¦ checks.yaml, line 9
clinic-1/house.yaml ¦ [mhlw-7.0/control/12-6] ¦ [mhlw-7.0/control/12-66] ¦ GL-0001 ¦ house.yaml, line 26
clinic-1/house.yaml ¦ clinic-1/house/1-2 ¦ clinic-1/house/1-9 ¦ GL-0001 ¦ no requirement clinic-1/house/1-2
clinic-1/house.yaml ¦ guideline: clinic-1 ¦ guideline: 当院 ¦ GL-0001 ¦ house.yaml, line 2
clinic-1/house.yaml ¦ guideline: clinic-1 ¦ edition: clinic-1 ¦ GL-0001 ¦ house.yaml, line 1
clinic-1/control.yaml ¦ mark: O ¦ mark: X ¦ GL-0005 ¦ control.yaml
clinic-1/control.yaml ¦ replaces: mhlw-7.0/control/12-6 ¦ replaces: mhlw-7.0/control/12-99 ¦ GL-0005 ¦ 12-99
clinic-1/control.yaml ¦ inherits: mhlw-7.0/control ¦ inherits: clinic-1/control ¦ GL-0005 ¦ control.yaml
clinic-1/control.yaml ¦ mark: O ¦ mark: A ¦ GL-0005 ¦ control.yaml
clinic-1/control.yaml ¦ based_on: The operating rules of the clinic, article 16. ¦ dropped: [{id: mhlw-7.0/control/99-9, ja: 無, en: none, mark: O}] ¦ GL-0005 ¦ drops mhlw-7.0/control/99-9
questions.yaml ¦ akashi-questions/1 ¦ akashi-questions/2 ¦ GL-0001 ¦ questions.yaml, line 1
facts.yaml ¦ kind: count ¦ kind: number of ¦ GL-0001 ¦ facts.yaml, line 5
documents.yaml ¦ review_months: 1, ¦ review_months: 1, place: hall, ¦ GL-0001 ¦ documents.yaml, line 3
";

#[test]
fn a_rule_set_that_does_not_fit_is_refused_with_its_file_and_line() {
    for line in REFUSED.lines().skip(1) {
        let [file, from, to, code, said] = line.split(" ¦ ").collect::<Vec<_>>().try_into().unwrap();
        let problem = changed(file, from, to).expect_err(line);
        let text = problem.text(Language::English);
        assert_eq!(problem.code().id, code, "{line}: {text}");
        assert!(text.contains(said), "{line}: {text}");
    }
}

#[test]
fn a_requirement_that_nothing_decides_is_named_with_its_line() {
    let folder = SourceFolder::read(&example()).unwrap();
    let files: Vec<_> = folder.files().into_iter().filter(|file| file.name != "checks.yaml").collect();
    let text = Engine::with(&files).unwrap_err().text(Language::English);
    assert!(text.contains("control.yaml, line 17") && text.contains("akashi-checks/1"), "{text}");
}

#[test]
fn an_overlay_may_inherit_from_an_own_overlay_in_any_order() {
    let folder = SourceFolder::read(&example()).unwrap();
    let next = "guideline: clinic-2\npart: control\ninherits: clinic-1/control\ntitle_ja: 次\ntitle_en: Next\npublisher_ja: 例示クリニック\npublished: \"2027\"\nurl: https://clinic.example/\n";
    for first in [true, false] {
        let mut files = folder.files();
        let place = if first { 0 } else { files.len() };
        files.insert(place, SourceFile { name: "next.yaml", text: next });
        let engine = Engine::with(&files).unwrap();
        let one = engine.catalogue.requirement("clinic-2/control/12-6").unwrap();
        assert_eq!(engine.catalogue.root(one), "clinic-1/control/12-6");
        assert!(
            engine.checks.of(&engine.catalogue, &one.id).unwrap().satisfied_when.text().contains("<= 10")
        );
    }
}

/// A folder of its own for a test.
fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let made = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = made.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    made
}

#[test]
fn a_folder_is_read_in_bounds_and_in_the_order_of_names() {
    let good = folder(&[
        ("b.yaml", b"b"),
        ("a/z.yml", "\u{feff}z".as_bytes()),
        ("a/README.md", b"notes"),
        (".hidden/x.yaml", b"x"),
        (".DS_Store", b"x"),
    ]);
    let read = SourceFolder::read(good.path()).unwrap();
    let files: Vec<_> = read.files().iter().map(|file| (file.name, file.text)).collect();
    assert_eq!(files, [("a/z.yml", "z"), ("b.yaml", "b")]);

    let many: Vec<String> = (0..201).map(|number| format!("{number}.yaml")).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), b"x".as_slice())).collect();
    let large = vec![b' '; 4 * 1024 * 1024 + 1];
    assert!(SourceFolder::read(folder(&many[..200]).path()).is_ok());
    assert!(SourceFolder::read(folder(&[("a.yaml", &large[1..])]).path()).is_ok());
    for (files, said) in [
        (many.as_slice(), "one file too many"),
        (&[("a.yaml", large.as_slice())], "larger than 4194304 bytes"),
        (&[("a.yaml", b"\xff\xfe")], "no UTF-8"),
        (&[("a/b/c.yaml", b"x")], "only one level"),
        (&[("a.yaml", b"x"), ("b.yaml.bak", b"x")], "neither rules"),
        (&[("a.md", b"x")], "no .yaml file"),
    ] {
        let problem = SourceFolder::read(folder(files).path()).unwrap_err();
        assert_eq!(problem.code(), &codes::FOLDER);
        let english = problem.text(Language::English);
        assert!(english.contains(said), "{said}: {english}");
        let japanese = problem.text(Language::Japanese);
        assert!(!japanese.contains(said), "{japanese}");
    }
    assert_eq!(SourceFolder::read(Path::new("/no/such/folder")).unwrap_err().code(), &codes::FOLDER);
}

#[cfg(unix)]
#[test]
fn links_are_followed_within_the_folder_and_never_out_of_it() {
    let outside = folder(&[("secret.yaml", b"x"), ("rules/one.yaml", b"x")]);
    let inside = folder(&[("..data/one.yaml", b"one"), ("two.yaml", b"two")]);
    std::os::unix::fs::symlink("..data/one.yaml", inside.path().join("one.yaml")).unwrap();
    let read = SourceFolder::read(inside.path()).unwrap();
    assert_eq!(read.files().iter().map(|file| file.text).collect::<Vec<_>>(), ["one", "two"]);
    fs::create_dir(outside.path().join("empty")).unwrap();
    for target in ["secret.yaml", "rules", "empty"] {
        let inside = folder(&[("one.yaml", b"one")]);
        std::os::unix::fs::symlink(outside.path().join(target), inside.path().join("link.yaml")).unwrap();
        let problem = SourceFolder::read(inside.path()).unwrap_err();
        assert!(problem.text(Language::English).contains("out of the folder"), "{problem}");
    }
}
