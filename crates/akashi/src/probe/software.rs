//! What runs here: the program, and the operating system below it, as far as that says itself until when it is supported.

use super::Sight;
use base::Time;
use guideline::{Fact, Text, Value};

/// Until when releases are supported: the page that says it to people, as it was when this program was built.
const PAGE: &str = include_str!("../../../../SECURITY.md");

/// Where an operating system says what it is (os-release(5)).
const OS_RELEASE: [&str; 2] = ["/etc/os-release", "/usr/lib/os-release"];

pub(super) fn look(sight: &Sight<'_>) -> Vec<Fact> {
    let version = env!("CARGO_PKG_VERSION");
    let running = ("動作中のプログラム", "the running program");
    let mut facts = vec![sight.fact("runtime.software.version", Value::Text(version.to_owned()), running)];
    facts.extend(release_end(PAGE, version).map(|(day, ends)| {
        let how = Text {
            ja: format!("この版の SECURITY.md：{version} のサポートは {day} まで"),
            en: format!("SECURITY.md of this release: {version} is supported until {day}"),
        };
        sight.yes_no("runtime.software.supported", sight.now < ends, how)
    }));
    let text = OS_RELEASE.iter().find_map(|path| std::fs::read_to_string(path).ok());
    if let Some(ends) = text.as_deref().and_then(support_end) {
        let how = ("OS が示す SUPPORT_END", "SUPPORT_END, as the operating system says it");
        facts.push(sight.yes_no("runtime.software.operating_system_supported", sight.now < ends, how));
    }
    facts
}

/// The last day of support of a release, and its end in Japan; none where the table does not say it.
fn release_end<'a>(page: &'a str, version: &str) -> Option<(&'a str, Time)> {
    let day = page.lines().find_map(|line| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        match cells.as_slice() {
            ["", release, _, until, ""] if *release == version => Some(*until),
            _ => None,
        }
    })?;
    Some((day, Time::parse(&format!("{day}T23:59:59+09:00"))?))
}

/// The end of the last day of support; none where the distribution does not say it.
fn support_end(text: &str) -> Option<Time> {
    let day = text.lines().find_map(|line| line.strip_prefix("SUPPORT_END="))?;
    Time::parse(&format!("{}T23:59:59Z", day.trim().trim_matches(['"', '\''])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_says_until_when_it_is_supported_and_any_other_is_unknown() {
        let page = "| release | from | supported until |\n|---|---|---|\n| 1.2.3 | 2026-04-01 | 2027-04-30 |\n\
                    | 1.2.4 | 2026-05-01 | later |\n| 1.2.5 | 2027-04-30 |\n";
        let ends = Time::parse("2027-04-30T14:59:59Z").unwrap();
        assert_eq!(release_end(page, "1.2.3"), Some(("2027-04-30", ends)));
        for other in ["1.2.4", "1.2.5", "1.2", "2.0.0", "release", ""] {
            assert_eq!(release_end(page, other), None, "{other}");
        }
    }

    #[test]
    fn the_page_knows_this_release() {
        let known = release_end(PAGE, env!("CARGO_PKG_VERSION"));
        assert!(known.is_some(), "add the release to the table of SECURITY.md");
    }

    #[test]
    fn a_system_that_does_not_say_until_when_it_is_supported_says_nothing() {
        let ends = Time::parse("2027-05-12T23:59:59Z");
        assert!(ends.is_some());
        assert_eq!(support_end("ID=fedora\nSUPPORT_END=2027-05-12\n"), ends);
        assert_eq!(support_end("SUPPORT_END=\"2027-05-12\""), ends);
        for other in ["ID=debian\nVERSION_ID=\"12\"\n", "SUPPORT_END=soon", "#SUPPORT_END=2027-05-12"] {
            assert_eq!(support_end(other), None, "{other}");
        }
    }
}
