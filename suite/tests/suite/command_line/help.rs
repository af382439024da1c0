//! What the program says of itself, and of a line that it does not understand.

use super::Site;

/// Every command.
const COMMANDS: &[&str] = &[
    "demo",
    "init",
    "serve",
    "import",
    "export",
    "successor",
    "verify",
    "proof",
    "at",
    "reindex",
    "account",
    "account list",
    "account show",
    "account create",
    "account change",
    "account disable",
    "account enable",
    "account invite",
    "account key",
    "account unlock",
    "account end-sessions",
    "account remove-factor",
    "certificate",
    "certificate ca",
    "certificate issue",
    "certificate revoke",
    "certificate list",
    "certificate trust",
    "certificate distrust",
    "certificate admit",
    "certificate crl",
    "policy",
    "policy show",
    "policy set",
    "law",
    "law show",
    "law check",
    "law propose",
    "law approve",
    "law withdraw",
    "glass",
    "glass list",
    "glass review",
    "witness",
    "witness init",
    "witness trust",
    "witness list",
    "witness serve",
    "witness cosign",
    "witness ask",
    "facts",
    "assess",
    "check",
    "catalogue",
    "catalogue list",
    "catalogue export",
    "catalogue import",
    "document",
    "document kinds",
    "document list",
    "document template",
    "document add",
    "document approve",
    "document withdraw",
    "attest",
    "attest list",
    "attest answer",
    "attest exclude",
    "attest include",
    "risk",
    "risk list",
    "risk show",
    "risk asset",
    "risk flow",
    "risk remove",
    "risk propose",
    "risk add",
    "risk describe",
    "risk assess",
    "risk plan",
    "risk approve",
    "risk in-force",
    "risk review",
    "risk close",
    "risk reopen",
    "risk export",
    "risk scale",
    "disclosure",
    "disclosure list",
    "disclosure import",
    "disclosure remove",
    "disclosure export",
    "disclosure matrix",
    "report",
    "report checklist",
    "report sds",
    "report matrix",
    "report gaps",
    "report risk",
    "report inspection",
    "report director",
    "report service-spec",
    "report list",
];

fn is_japanese(text: &str) -> bool {
    text.chars().any(|character| matches!(character, 'ぁ'..='ヿ' | '一'..='龠'))
}

/// The lines of a help text that explain an option or argument.
fn options(help: &str) -> Vec<String> {
    let lines = help.lines().map(str::trim_start);
    lines.filter(|line| line.starts_with('-') || line.starts_with('<')).map(str::to_owned).collect()
}

#[test]
fn every_option_is_explained_in_both_languages_whatever_the_language() {
    let site = Site::empty();
    for command in COMMANDS {
        for line in [format!("help {command}"), format!("--language ja {command} --help")] {
            let out = site.good(&line).out;
            let about = out.lines().next().unwrap();
            assert!(is_japanese(about) && about.contains(" / "), "{line}: {about}");
            assert!(out.contains("/ 例:") && out.contains(&format!("akashi {command}")), "{line}: {out}");
        }
        for option in options(&site.good(&format!("{command} -h")).out) {
            let of_clap = option.starts_with("-h") || option.starts_with("-V");
            assert!(of_clap || is_japanese(&option), "{command}: {option} is in one language only");
        }
    }
}

#[test]
fn the_version_is_told() {
    for line in ["--version", "-V", "import --version"] {
        let out = Site::empty().good(line).out;
        assert!(out.trim_end().ends_with(env!("CARGO_PKG_VERSION")), "{line}: {out}");
    }
}

#[test]
fn a_line_that_is_not_understood_says_which_word_and_makes_nothing() {
    let site = Site::empty();
    for (line, says) in [
        ("", "Usage: akashi"),
        ("nonsense", "nonsense"),
        ("--language fr demo", "fr"),
        ("init --data data", "--facility"),
        ("init --data data --facility -sakura", "-s"),
        ("init --data data --facility sakura-", "a-z"),
        ("serve --data data --listen nowhere", "nowhere"),
        ("import --data data", "PATH"),
        ("export --data data", "--out"),
        ("at 2026-04-01 Patient/42 --data data", "2026-04-01T09:00"),
        ("at 2026-04-01T09:00 Patient --data data", "Patient/42"),
        ("at 2026-04-01T09:00 Patient/1 --html --json --data data", "--json"),
        ("proof Patient --data data", "Patient/42"),
        ("proof Patient/a_b --data data", "Patient/42"),
        ("proof Patient/1 --data data --version-id 0", "1"),
        ("verify", "FILE"),
        ("verify --log log --data data", "--data"),
        ("verify --consistency proof --key key", "--since"),
        ("verify --consistency proof --since old", "--key"),
        ("verify a.json --since old", "--since"),
        ("account", "Usage: akashi account"),
        ("account create dr-sato", "--name"),
        ("account create Sato --name S", "a-z"),
        ("account create dr-sato --name S --occupation wizard", "doctor"),
        ("account create dr-sato --name S --duty king", "auditor"),
        ("account create m --name S --kind maintenance --work-order W", "--company"),
        (
            "account create m --name S --work-order W --company C --from soon --until 2026-04-01",
            "2026-04-01T09:00",
        ),
        ("account disable dr-sato", "--reason"),
        ("certificate issue --account tablet", "--out"),
        ("certificate issue --account tablet --out t.p12 --request t.csr", "--request"),
        ("certificate revoke 12345678 --reason bored", "lost"),
        ("certificate trust", "FILE"),
        ("policy set unused-days", "unused-days=60"),
    ] {
        site.not_understood(line, says);
    }
    assert!(!site.path("data").exists());
}

#[test]
fn without_the_option_the_first_locale_that_is_set_decides_the_language() {
    let site = Site::empty();
    for (variables, japanese) in [
        (&[("LC_ALL", "en_US.UTF-8"), ("LANG", "ja_JP.UTF-8")][..], false),
        (&[("LC_ALL", ""), ("LC_MESSAGES", "ja_JP.UTF-8"), ("LANG", "C")], true),
        (&[("LC_ALL", ""), ("LC_MESSAGES", ""), ("LANG", "ja_JP.UTF-8")], true),
        (&[("LC_ALL", ""), ("LC_MESSAGES", ""), ("LANG", "")], false),
    ] {
        let akashi = site.akashi("export --data data --out out");
        let ended = variables.iter().fold(akashi, |akashi, (name, value)| akashi.env(name, value)).run();
        assert_eq!(ended.code, Some(1), "{ended:?}");
        assert_eq!(is_japanese(&ended.err), japanese, "{variables:?}: {ended:?}");
    }
}
