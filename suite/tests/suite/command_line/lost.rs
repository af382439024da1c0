//! A result that cannot be written is never lost silently; a reader that wants no more is none.

use super::Site;

/// Standard output on a device where every write meets a full disk.
const FULL: &str = r#"exec "$0" "$@" > /dev/full"#;
/// Standard output into a pipe that nobody reads any more, for certain.
const CLOSED: &str = r#"mkfifo pipe && exec 3<>pipe 4>pipe 3<&- && rm pipe && exec "$0" "$@" >&4"#;

/// One of each way to answer, and the exit status when somebody reads it.
const ANSWERS: &[(&str, i32)] = &[
    ("--help", 0),
    ("check --help", 0),
    ("--version", 0),
    ("check --template small-hospital", 0),
    ("check site.yaml", 3),
    ("check site.yaml --format json", 3),
    ("check site.yaml --format sarif", 3),
    ("check site.yaml --format html", 3),
    ("catalogue list", 0),
    ("document template operating_rules --data data", 0),
    ("policy show --data data", 0),
    ("policy show --data data --json", 0),
    ("account list --data data", 0),
    ("assess --data data", 1),
    ("verify --data data", 0),
];

fn site() -> Site {
    let site = Site::sakura();
    let text = site.good("check --template small-hospital").out;
    site.write("site.yaml", text);
    site
}

#[test]
fn a_result_that_meets_a_full_disk_is_a_failure_that_is_told() {
    let site = site();
    for (line, _) in ANSWERS {
        let ended = site.akashi(line).under(["sh", "-c", FULL]).run();
        assert_eq!(ended.code, Some(1), "{line}: {ended:?}");
        let told: Vec<&str> = ended.err.lines().filter(|line| line.starts_with("AK-0023 ")).collect();
        assert!(matches!(told[..], [one] if one.contains("No space left")), "{line}: {ended:?}");
    }
}

#[test]
fn a_result_that_nobody_reads_any_more_changes_nothing_and_is_not_told() {
    let site = site();
    for (line, code) in ANSWERS {
        let ended = site.akashi(line).under(["sh", "-c", CLOSED]).run();
        assert_eq!(ended.code, Some(*code), "{line}: {ended:?}");
        assert!(!ended.err.contains("AK-0023"), "{line}: {ended:?}");
    }
}

#[test]
fn what_a_command_changed_stands_when_its_result_is_lost() {
    let site = Site::sakura();
    let line = "account create dr-sato --name Sato --occupation doctor --data data";
    let ended = site.akashi(line).under(["sh", "-c", FULL]).run();
    assert!(ended.code == Some(1) && ended.err.contains("AK-0023 "), "{ended:?}");
    assert!(site.good("account list --data data").out.contains("dr-sato"));
}
