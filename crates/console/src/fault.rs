//! What is shown in place of a page that was refused: what happened, what to do, and the code to look up.

use crate::desk::{Desk, Refused};
use crate::frame::{Frame, address};
use crate::shown::Shown;
use crate::visit::Visit;
use crate::words::Words;
use askama::Template;
use base::{Class, Language, Problem};

/// A factor has to be shown once more.
pub(crate) const FRESH_NEEDED: &str = "ID-0002";

/// Nothing can be written, and so nothing is shown here: an unknown state of the disk, a clock behind the journal, no space.
const HALTED: [&str; 3] = ["ST-0001", "ST-0002", "ST-0003"];

/// One problem, as a page shows it.
pub(crate) struct Told {
    /// Its code.
    pub(crate) code: &'static str,
    /// What happened and what to do.
    pub(crate) text: String,
}

/// Problems as pages show them.
pub(crate) fn told(problems: &[Problem], language: Language) -> Vec<Told> {
    problems.iter().map(|one| Told { code: one.code().id, text: one.text(language) }).collect()
}

#[derive(Template)]
#[template(path = "fault.html")]
struct Page<'a> {
    frame: Frame<'a>,
    faults: Vec<Told>,
}

#[derive(Template)]
#[template(path = "fault-alone.html")]
struct Alone<'a> {
    words: Words,
    style: String,
    icon: String,
    facility: &'a str,
    faults: Vec<Told>,
    /// Where it says what to do while nothing can be written.
    emergency: Option<String>,
}

/// The page of a refused request, within the frame.
pub(crate) fn page(visit: &Visit, desk: &dyn Desk, refused: &Refused) -> Shown {
    if refused.is(FRESH_NEEDED) {
        return crate::sign_in::confirm_first(visit, desk);
    }
    let status = refused.0.first().map_or(500, |problem| status(problem.code().class));
    let page = Page { frame: Frame::of(visit, desk), faults: told(&refused.0, visit.language) };
    Shown::Page { status, html: page.render().unwrap_or_default(), cookies: Vec::new() }
}

/// The page of a request that was refused before it came to a page: nothing is known of whoever asked. `status` is the one
/// of the API.
pub fn refusal(facility: &str, problems: &[Problem], status: u16, language: Language) -> Shown {
    let file = |name: &str| format!("/console/{name}?v={:016x}", crate::assets::version());
    let (style, icon) = (file("style.css"), file("icon.svg"));
    let halted = problems.first().is_some_and(|one| HALTED.contains(&one.code().id));
    let emergency = halted.then(|| address(facility, &["emergency"]));
    let (words, faults) = (Words(language), told(problems, language));
    let page = Alone { words, style, icon, facility, faults, emergency };
    Shown::Page { status, html: page.render().unwrap_or_default(), cookies: Vec::new() }
}

/// On to the page on which people sign in, to come back to this address.
pub fn sign_in(facility: &str, next: &str) -> Shown {
    Shown::on(format!("{}?next={}", address(facility, &["sign-in"]), crate::form::encoded(next)))
}

#[derive(Template)]
#[template(path = "session-over.html")]
struct Over<'a> {
    words: Words,
    style: String,
    icon: String,
    facility: &'a str,
    sign_in: String,
}

/// The page in answer to a form of somebody whose session is over. It leads nowhere by itself: as long as the browser shows
/// it, the browser still has what was typed, and sends it once more when the page is loaded again.
pub fn session_over(facility: &str, language: Language) -> Shown {
    let file = |name: &str| format!("/console/{name}?v={:016x}", crate::assets::version());
    let page = Over {
        words: Words(language),
        style: file("style.css"),
        icon: file("icon.svg"),
        facility,
        sign_in: address(facility, &["sign-in"]),
    };
    Shown::Page { status: 401, html: page.render().unwrap_or_default(), cookies: Vec::new() }
}

fn status(class: Class) -> u16 {
    match class {
        Class::Invalid | Class::Unprocessable => 422,
        Class::Unauthenticated => 401,
        Class::Refused => 403,
        Class::Absent => 404,
        Class::Gone => 410,
        Class::Method => 405,
        Class::Stale => 412,
        Class::Conflict => 409,
        Class::Unsupported => 415,
        Class::TooLarge => 413,
        Class::Slow => 408,
        Class::Busy => 503,
        Class::Full => 507,
        Class::Fault => 500,
    }
}
