//! Results over time: a table of all values and a picture of each course.

use super::gather::{Gathered, RESULTS};
use super::plot::{Plot, plots};
use super::sheet::{Sheet, Sort, sheet};
use super::{Asked, gathered, mendable};
use crate::banner::{self, Banner};
use crate::desk::{Desk, Refused};
use crate::fault::Told;
use crate::form::encoded;
use crate::frame::Frame;
use crate::shown::Shown;
use crate::visit::Visit;
use askama::Template;

/// Days of results on the page.
const DAYS: usize = 12;

#[derive(Template)]
#[template(path = "record/results.html")]
struct Page<'a> {
    frame: Frame<'a>,
    banner: Banner,
    asked: Asked<'a>,
    faults: Vec<Told>,
    /// The key of the title.
    title: &'static str,
    /// The key of the label of the search.
    find: &'static str,
    /// The address of the record, below the patients.
    own: String,
    here: String,
    sheet: Sheet,
    plots: Vec<Plot>,
    unseen: bool,
    cut: bool,
    /// How many were saved a moment ago.
    saved: Option<u8>,
}

/// `GET /f/{facility}/console/patients/{id}/laboratory`
pub(super) async fn laboratory(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    page(visit, desk, Sort::Laboratory, "record-laboratory").await
}

/// `GET /f/{facility}/console/patients/{id}/vital-signs`
pub(super) async fn vital_signs(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    page(visit, desk, Sort::Vital, "record-vital").await
}

async fn page(visit: &Visit, desk: &dyn Desk, kind: Sort, title: &'static str) -> Result<Shown, Refused> {
    let patient = visit.path.get(1).map_or("", String::as_str);
    let banner = banner::of(visit, desk, patient).await?;
    let asked = Asked::of(visit);
    let (gathered, faults) = if asked.wrong.is_empty() {
        match gathered(desk, patient, RESULTS, &asked).await {
            Ok(gathered) => (gathered, Vec::new()),
            Err(refused) => (Gathered::default(), mendable(refused, visit)?),
        }
    } else {
        (Gathered::default(), Vec::new())
    };
    let frame = Frame::of(visit, desk);
    let sheet = sheet(gathered.items("Observation"), (kind, asked.test), DAYS, frame.words);
    let own = format!("{}/{}", frame.to("patients"), encoded(patient));
    let status = if asked.wrong.is_empty() && faults.is_empty() { 200 } else { 422 };
    let page = Page {
        here: format!("{own}/{}", visit.path.get(2).map_or("", String::as_str)),
        own,
        plots: plots(&sheet),
        saved: visit.query.get("saved").parse().ok(),
        unseen: gathered.unseen(&["Observation"]),
        cut: gathered.cut(&["Observation"]),
        title,
        find: if kind == Sort::Vital { "record-find-sign" } else { "record-find-test" },
        sheet,
        frame,
        banner,
        asked,
        faults,
    };
    Ok(Shown::Page { status, html: page.render().unwrap_or_default(), cookies: Vec::new() })
}
