//! Asks for a patient, and leads to who looked at them: the page that stands with the patient.

use super::tabs;
use crate::desk::Desk;
use crate::frame::{Frame, Way, address};
use crate::shown::Shown;
use crate::visit::Visit;
use askama::Template;

#[derive(Template)]
#[template(path = "operations/lookers.html")]
struct Page<'a> {
    frame: Frame<'a>,
    tabs: Vec<Way>,
}

/// `GET /f/{facility}/console/operations/lookers`
pub(super) fn page(visit: &Visit, desk: &dyn Desk) -> Shown {
    let wanted = visit.query.get("patient");
    let id = wanted.strip_prefix("Patient/").unwrap_or(wanted);
    if !id.is_empty() {
        return Shown::on(address(desk.facility(), &["patients", id, "lookers"]));
    }
    let page = Page { frame: Frame::of(visit, desk), tabs: tabs(visit, desk) };
    Shown::page(page.render().unwrap_or_default())
}
