//! The page that is there when nothing can be written (非常時): how the facility stands, and what to do meanwhile.
//!
//! It shows no record itself, and so is there without a session. It leads to the pages that show, to whoever is signed in,
//! what is proven of a patient's record (docs/decisions/061).

use crate::shown::Shown;
use crate::words::Words;
use askama::Template;
use base::{Language, Time};
use fhir::readable::day;

/// How a facility stands.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// Whether nothing can be written until somebody acts.
    pub halted: bool,
    /// How many entries the newest signed checkpoint covers, and the time of the last of them, its signature verified; none
    /// where it cannot be read.
    pub signed: Option<(u64, Time)>,
}

#[derive(Template)]
#[template(path = "emergency.html")]
struct Page<'a> {
    words: Words,
    style: String,
    icon: String,
    facility: &'a str,
    home: String,
    halted: bool,
    /// The entries, and the moment in words.
    signed: Option<(u64, String)>,
}

/// The page, for a facility that stands like this.
pub fn emergency(facility: &str, standing: &Standing, language: Language) -> Shown {
    let moment = |time: Time| day(&time.to_string(), language).unwrap_or_else(|| time.to_string());
    let file = |name: &str| format!("/console/{name}?v={:016x}", crate::assets::version());
    let page = Page {
        words: Words(language),
        style: file("style.css"),
        icon: file("icon.svg"),
        facility,
        home: crate::frame::address(facility, &[]),
        halted: standing.halted,
        signed: standing.signed.map(|(entries, time)| (entries, moment(time))),
    };
    let status = if standing.halted { 503 } else { 200 };
    Shown::Page { status, html: page.render().unwrap_or_default(), cookies: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trial::shown;

    fn page(halted: bool, known: bool) -> (u16, String) {
        let time = Time::parse("2026-04-01T00:00:00Z").expect("a moment");
        let standing = Standing { halted, signed: known.then_some((4_202, time)) };
        shown(emergency("clinic", &standing, Language::Japanese))
    }

    #[test]
    fn a_stopped_facility_says_until_when_its_journal_is_whole() {
        let (status, page) = page(true, true);
        assert_eq!(status, 503);
        for text in ["記録を停止しています", "2026年4月1日 9:00", "4202"] {
            assert!(page.contains(text), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_not_called_whole() {
        let (status, page) = page(true, false);
        assert_eq!(status, 503);
        assert!(page.contains("確認できません") && !page.contains("2026"));
    }

    #[test]
    fn a_facility_that_writes_says_so() {
        let (status, page) = page(false, true);
        assert_eq!(status, 200);
        assert!(page.contains("通常どおり") && !page.contains("記録を停止しています"));
    }
}
