//! The record of a patient: what has to be found in seconds first (results, problems, allergies, medicines), then all visits;
//! as it is, or as it stood at a moment.

mod element;
mod emergency;
mod gather;
mod item;
mod plot;
mod reading;
mod results;
mod section;
mod sheet;
mod timeline;

use crate::banner::{self, Banner};
use crate::desk::{Desk, May, Refused};
use crate::fault::{Told, told};
use crate::form::encoded;
use crate::frame::Frame;
use crate::pages::{PageRow, look, pages};
use crate::patients::node;
use crate::shown::Shown;
use crate::spoken;
use crate::visit::Visit;
use crate::words::Words;
use askama::Template;
use base::{Class, Time};
use gather::{Gathered, WHOLE};
use section::{SECTIONS, Section};
use sheet::{Sheet, Sort, sheet};
use timeline::Timeline;

/// The pages of this part.
pub(crate) static PAGES: &[PageRow] = &[
    look("patients/{}", |visit, desk| Box::pin(page(visit, desk))),
    look("emergency/patients/{}", |visit, desk| Box::pin(emergency::page(visit, desk))),
    look("patients/{}/laboratory", |visit, desk| Box::pin(results::laboratory(visit, desk))),
    look("patients/{}/vital-signs", |visit, desk| Box::pin(results::vital_signs(visit, desk))),
];

/// The page on which people choose what to write.
const WRITE: &str = "patients/{}/write";

/// The parts of results: name and key of the heading.
const RESULTS: [(&str, &str); 2] = [("laboratory", "record-laboratory"), ("vital-signs", "record-vital")];

/// Days of results beside the latest values on this page.
const DAYS: usize = 5;

/// What of the record is asked for.
struct Asked<'a> {
    /// Which part; empty for all.
    part: &'a str,
    /// The first and the last day; empty for no bound.
    from: &'a str,
    until: &'a str,
    /// The tests that are looked for; empty for all.
    test: &'a str,
    /// The past moment as it was typed, in the time of Japan; empty for the present.
    at: &'a str,
    /// The same as the API takes it.
    moment: String,
    /// The keys of what is wrong with it.
    wrong: Vec<&'static str>,
}

impl<'a> Asked<'a> {
    fn of(visit: &'a Visit) -> Self {
        let query = &visit.query;
        let (from, until, at) = (query.get("from"), query.get("until"), query.get("at"));
        let mut wrong = Vec::new();
        if [from, until].iter().any(|day| !day.is_empty() && !is_day(day)) {
            wrong.push("record-wrong-day");
        }
        let moment = moment(at);
        if moment.is_none() {
            wrong.push("record-wrong-moment");
        }
        let moment = moment.unwrap_or_default();
        Self { part: query.get("part"), from, until, test: query.get("test"), at, moment, wrong }
    }

    /// Whether a part of the page is shown.
    fn shows(&self, part: &str) -> bool {
        self.part.is_empty() || self.part == part
    }

    /// Whether something lies within the days; what has no date does.
    fn takes(&self, item: &item::Item) -> bool {
        let Some(date) = item.date() else { return true };
        let day = element::day(&date);
        (self.from.is_empty() || day.as_str() >= self.from)
            && (self.until.is_empty() || day.as_str() <= self.until)
    }

    /// Whether anything narrows what is shown.
    fn narrows(&self) -> bool {
        !(self.part.is_empty() && self.from.is_empty() && self.until.is_empty())
    }

    /// The query that keeps the moment; empty for the present.
    fn keep_at(&self) -> String {
        if self.at.is_empty() { String::new() } else { format!("?at={}", encoded(self.at)) }
    }
}

fn is_day(text: &str) -> bool {
    text.len() == 10 && Time::parse(&format!("{text}T00:00:00Z")).is_some()
}

/// A moment of Japan (`2026-11-20T09:00`, with seconds or an offset where somebody gives them), empty for none; or nothing
/// where it is no moment.
fn moment(at: &str) -> Option<String> {
    if at.is_empty() {
        return Some(String::new());
    }
    let whole = match at.len() {
        10 => format!("{at}T23:59:59+09:00"),
        16 => format!("{at}:00+09:00"),
        19 => format!("{at}+09:00"),
        _ => at.to_owned(),
    };
    Time::parse(&whole).map(|_| whole)
}

/// The records that are asked for.
///
/// # Errors
/// They are refused.
async fn gathered(
    desk: &dyn Desk,
    patient: &str,
    kinds: &[(&'static str, &str)],
    asked: &Asked<'_>,
) -> Result<Gathered, Refused> {
    let mut gathered = if asked.moment.is_empty() {
        gather::present(desk, patient, kinds).await?
    } else {
        gather::past(desk, patient, kinds, &asked.moment).await?
    };
    for kept in gathered.0.values_mut() {
        kept.items.retain(|item| asked.takes(item));
    }
    Ok(gathered)
}

/// What a refusal for what was typed says beside the form; other refusals are those of the page.
fn mendable(refused: Refused, visit: &Visit) -> Result<Vec<Told>, Refused> {
    let class = refused.0.first().map(|problem| problem.code().class);
    match class {
        Some(Class::Invalid | Class::Unprocessable | Class::TooLarge) => Ok(told(&refused.0, visit.language)),
        _ => Err(refused),
    }
}

#[expect(clippy::struct_excessive_bools, reason = "what a page shows or leaves out")]
#[derive(Template)]
#[template(path = "record/page.html")]
struct Page<'a> {
    frame: Frame<'a>,
    banner: Banner,
    asked: Asked<'a>,
    faults: Vec<Told>,
    /// The address of this record, below the patients.
    own: String,
    chart: String,
    /// Whether this person may write something, on pages that are there.
    writes: bool,
    /// What else the patient's own record says.
    person: Vec<fhir::readable::Line>,
    sheet: Sheet,
    vital: Sheet,
    unseen_results: bool,
    /// The keys of the parts of which nothing could be looked at.
    hidden: Vec<&'static str>,
    cut_results: bool,
    sections: Vec<Section>,
    parts: Vec<(&'static str, &'static str)>,
    timeline: Timeline,
    /// Whether something was brought in from another system.
    taken_over: bool,
}

/// `GET /f/{facility}/console/patients/{id}`
async fn page(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let patient = visit.path.get(1).map_or("", String::as_str);
    let banner = banner::of(visit, desk, patient).await?;
    let asked = Asked::of(visit);
    let frame = Frame::of(visit, desk);
    let words = frame.words;
    let (gathered, faults) = if asked.wrong.is_empty() {
        match gathered(desk, patient, WHOLE, &asked).await {
            Ok(gathered) => (gathered, Vec::new()),
            Err(refused) => (Gathered::default(), mendable(refused, visit)?),
        }
    } else {
        (Gathered::default(), Vec::new())
    };
    let good = asked.wrong.is_empty() && faults.is_empty();
    let results = |kind, wanted| sheet(gathered.items("Observation"), (kind, wanted), DAYS, words);
    let section = |(name, title, kinds): &(&'static str, &'static str, &[&str])| {
        let mut items: Vec<&item::Item> = kinds.iter().flat_map(|kind| gathered.items(kind)).collect();
        items.sort_by_key(|item| (item.gone(), std::cmp::Reverse(item.sorted_by())));
        Section {
            name,
            title,
            rows: items.into_iter().map(|item| section::row(item, words)).collect(),
            cut: gathered.cut(kinds),
            unseen: gathered.unseen(kinds),
        }
    };
    let shown = |(name, ..): &&(&str, &str, &[&str])| good && asked.shows(name);
    let chart = format!("/f/{}/fhir/Patient/{}/$chart", encoded(desk.facility()), encoded(patient));
    let sections: Vec<Section> = SECTIONS.iter().filter(shown).map(section).collect();
    let unseen_results = good && gathered.unseen(&["Observation"]);
    let results_hidden = RESULTS.iter().filter(|(part, _)| unseen_results && asked.shows(part));
    let hidden = results_hidden.map(|(_, title)| *title);
    let hidden = hidden.chain(sections.iter().filter(|one| one.is_hidden()).map(|one| one.title)).collect();
    let page = Page {
        hidden,
        own: format!("{}/{}", frame.to("patients"), encoded(patient)),
        chart: if asked.moment.is_empty() {
            chart
        } else {
            format!("{chart}?_at={}", encoded(&asked.moment))
        },
        writes: writes(desk),
        person: person(&banner, visit),
        sheet: results(Sort::Laboratory, asked.test),
        vital: results(Sort::Vital, ""),
        unseen_results,
        cut_results: gathered.cut(&["Observation"]),
        sections,
        parts: parts(),
        timeline: timeline::of(&gathered, words),
        taken_over: gathered
            .0
            .values()
            .flat_map(|kept| &kept.items)
            .any(|item| item.state == item::State::TakenOver),
        frame,
        banner,
        asked,
        faults,
    };
    let status = if good { 200 } else { 422 };
    Ok(Shown::Page { status, html: page.render().unwrap_or_default(), cookies: Vec::new() })
}

/// What an Observation found, with unit, mark and reference range; none for what is no Observation.
pub(crate) fn result_in_words(node: &fhir::Node, words: Words) -> Option<String> {
    let entry = fhir::Node::Object(vec![("resource".to_owned(), node.clone())]);
    let item = item::Item::of(&entry).filter(|item| item.kind == "Observation")?;
    let told = |one: &reading::Reading| {
        let part = one.part.clone().unwrap_or_default();
        let range = if one.range.is_empty() {
            String::new()
        } else {
            words.with("record-range-of", "range", &one.range)
        };
        // A value does not part from its unit at the end of a line.
        let value = format!("{}\u{a0}{}", one.value, one.unit);
        let all = [part.as_str(), value.trim_end(), one.flag.letters(), &range];
        all.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
    };
    let mut all: Vec<String> = reading::readings(&item, words).iter().map(told).collect();
    all.extend(item.gone().then(|| words.say(item::State::Withdrawn.key())));
    Some(all.join(" / "))
}

/// Whether this person may write something of a patient, and there is a page for it.
fn writes(desk: &dyn Desk) -> bool {
    let kinds = [
        "Composition",
        "Observation",
        "Condition",
        "AllergyIntolerance",
        "MedicationRequest",
        "DocumentReference",
        "Flag",
        "Encounter",
    ];
    pages().any(|row| row.path == WRITE) && kinds.into_iter().any(|kind| desk.may(May::Create(kind)))
}

/// What the patient's own record says, in lines.
fn person(banner: &Banner, visit: &Visit) -> Vec<fhir::readable::Line> {
    let words = Words(visit.language);
    let spoken = |node| spoken::plain(&spoken::in_words(&node, words), words);
    let lines = node(&banner.patient).map(spoken);
    let lines = lines.and_then(|node| fhir::readable::lines_of(&node, visit.language).ok());
    lines.unwrap_or_default()
}

/// The parts that can be chosen: name and key.
fn parts() -> Vec<(&'static str, &'static str)> {
    let lists = SECTIONS.iter().map(|(name, title, _)| (*name, *title));
    RESULTS.into_iter().chain(lists).chain([("visits", "record-visits")]).collect()
}

#[cfg(test)]
mod tests;
