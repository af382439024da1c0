//! The first page after signing in: what waits for this person.

use crate::desk::{Desk, May, Refused};
use crate::frame::{Frame, address, next};
use crate::pages::{PageRow, look, send};
use crate::shown::Shown;
use crate::visit::{LANGUAGE_COOKIE, Visit};
use crate::words::language_of;
use askama::Template;
use serde_json::Value;

/// The pages of this part.
pub(crate) static PAGES: &[PageRow] = &[
    look("", |visit, desk| Box::pin(page(visit, desk))),
    send("language", |visit, desk| Box::pin(async { Ok(language(visit, desk)) })),
];

#[derive(Template)]
#[template(path = "home.html")]
struct Page<'a> {
    frame: Frame<'a>,
    notices: Vec<String>,
    /// Whether patients may be searched from here.
    finds: bool,
    /// Whether worklists are of use to this person.
    works: bool,
    /// Where somebody begins who writes no records: address, key of the text, key of what it is for.
    begin: Vec<(String, &'static str, &'static str)>,
}

/// Where those begin who run the facility, oversee it or answer for it, and what the law must allow.
const BEGIN: [(&[&str], &str, &str, May); 5] = [
    (&["guideline", "work"], "guideline-work", "home-guideline-work", May::Command("question-list")),
    (&["guideline"], "guideline-overview", "home-guideline", May::Command("guideline-list")),
    (&["operations", "audit"], "ops-audit", "ops-audit-what", May::Audit),
    (&["operations", "alerts"], "ops-alerts", "ops-alerts-what", May::Command("glass-list")),
    (&["operations", "system"], "ops-system", "ops-system-what", May::Command("facts")),
];

/// `GET /f/{facility}/console`
async fn page(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let session = desk.call(crate::desk::Ask::get("session")).await?.json();
    let lang = if visit.language == base::Language::Japanese { "ja" } else { "en" };
    let notices = session.get("notices").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let notices = notices
        .iter()
        .filter_map(|notice| notice.get(lang).and_then(Value::as_str).map(str::to_owned))
        .collect();
    let finds = desk.may(May::Search("Patient"));
    let works = desk.may(May::Create("Composition"));
    let open = BEGIN.iter().filter(|(.., may)| !works && desk.may(*may));
    let begin = open.map(|(path, key, what, _)| (address(desk.facility(), path), *key, *what)).collect();
    let page = Page { frame: Frame::of(visit, desk), notices, finds, works, begin };
    Ok(Shown::page(page.render().unwrap_or_default()))
}

/// `POST /f/{facility}/console/language`: the language of this browser from now on.
fn language(visit: &Visit, desk: &dyn Desk) -> Shown {
    let to = next(desk.facility(), visit.form.get("from"));
    let chosen = visit.form.get("language");
    let cookies = match language_of(chosen) {
        Some(_) => {
            vec![format!(
                "{LANGUAGE_COOKIE}={chosen}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=31536000"
            )]
        }
        None => Vec::new(),
    };
    Shown::On { to, cookies, forget: false }
}

#[cfg(test)]
mod tests {
    use super::May;
    use crate::trial::Trial;
    use base::Language;
    use serde_json::json;

    fn home(desk: Trial, language: Language) -> String {
        let (status, page) = desk.told("session", json!({ "notices": [] })).look("", language);
        assert_eq!(status, 200);
        page
    }

    #[test]
    fn a_page_says_from_where_its_news_begin_and_which_part_waits_for_them() {
        for (language, lost) in [
            (Language::Japanese, "表示は {time} のものです"),
            (Language::English, "What is shown is of {time}"),
        ] {
            let page = home(Trial::new().hearing("0f_alerts-3"), language);
            for wanted in [
                "data-events=\"/f/clinic/console/events\"",
                "data-since=\"0f_alerts-3\"",
                "role=\"status\"",
                "id=\"notices-part\"",
                "data-live=\"alerts\"",
                lost,
            ] {
                assert!(page.contains(wanted), "{wanted}: {page}");
            }
        }
    }

    #[test]
    fn whoever_writes_no_records_is_led_to_what_they_are_there_for() {
        let writes = home(Trial::new(), Language::Japanese);
        assert!(writes.contains("console/work\"") && !writes.contains("operations/audit\"><strong>"));
        let oversees = Trial::new().without(May::Create("Composition")).without(May::Command("facts"));
        let page = home(oversees, Language::Japanese);
        assert!(page.contains("operations/audit\"><strong>監査証跡</strong>"), "{page}");
        assert!(page.contains("guideline/work\"><strong>") && !page.contains("operations/system\"><strong>"));
    }

    #[test]
    fn a_page_without_news_listens_to_none() {
        assert!(!home(Trial::new(), Language::Japanese).contains("data-events"));
    }
}
