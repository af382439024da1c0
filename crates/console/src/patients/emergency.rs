//! Finding a patient while writing is stopped (非常時の読み取り専用), among those whose records are proven.

use super::{List, search};
use crate::desk::{Desk, Proven, Refused};
use crate::frame::Frame;
use crate::shown::Shown;
use crate::visit::Visit;
use crate::words::Words;
use askama::Template;
use fhir::readable::day;

/// How what is shown stands, at the head of each page while writing is stopped.
pub(crate) struct Stand {
    /// The moment of which it is, in words.
    pub(crate) moment: String,
    /// How many entries the checkpoint covers.
    pub(crate) entries: u64,
    /// How many records are missing because they could not be proven.
    unproven: usize,
}

impl Stand {
    pub(crate) fn of(proven: &Proven, words: Words) -> Self {
        let time = proven.time.to_string();
        let unproven = proven.unproven.values().fold(0_usize, |sum, one| sum.saturating_add(*one));
        Self { moment: day(&time, words.0).unwrap_or(time), entries: proven.entries, unproven }
    }

    pub(crate) fn unproven(&self) -> usize {
        self.unproven
    }
}

#[derive(Template)]
#[template(path = "emergency/patients.html")]
struct Page<'a> {
    frame: Frame<'a>,
    stand: Stand,
    wanted: &'a str,
    /// How many were found, in words; none where nothing was looked for.
    found: Option<String>,
    list: Option<List>,
    unseen: bool,
}

/// `GET /f/{facility}/console/emergency/patients`
pub(super) async fn page(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let wanted = visit.query.get("q");
    let mut frame = Frame::of(visit, desk);
    if desk.proven().is_none() {
        return Ok(Shown::on(frame.to("patients")));
    }
    frame.menu.clear();
    let (list, unseen) = if wanted.is_empty() {
        (None, false)
    } else {
        let (list, unseen) = search(visit, desk, wanted).await?;
        (Some(list), unseen)
    };
    let found = list.as_ref().map(|list| frame.words.count("patients-found", list.rows.len()));
    let Some(proven) = desk.proven() else { return Ok(Shown::on(frame.to("patients"))) };
    let stand = Stand::of(&proven, frame.words);
    let page = Page { frame, stand, wanted, found, list, unseen };
    Ok(Shown::page(page.render().unwrap_or_default()))
}
