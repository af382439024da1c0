//! What runs here: the program, and the operating system below it, as far as that says itself until when it is supported.

use super::Sight;
use base::Time;
use guideline::{Fact, Value};

/// Where an operating system says what it is (os-release(5)).
const OS_RELEASE: [&str; 2] = ["/etc/os-release", "/usr/lib/os-release"];

pub(super) fn look(sight: &Sight<'_>) -> Vec<Fact> {
    let version = Value::Text(env!("CARGO_PKG_VERSION").to_owned());
    let mut facts =
        vec![sight.fact("runtime.software.version", version, ("動作中のプログラム", "the running program"))];
    let text = OS_RELEASE.iter().find_map(|path| std::fs::read_to_string(path).ok());
    if let Some(ends) = text.as_deref().and_then(support_end) {
        let how = ("OS が示す SUPPORT_END", "SUPPORT_END, as the operating system says it");
        facts.push(sight.yes_no("runtime.software.operating_system_supported", sight.now < ends, how));
    }
    facts
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
