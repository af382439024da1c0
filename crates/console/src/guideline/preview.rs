//! A report as it stands, or with what changed since it was handed out: a part of it at a time, with what stands in the others.

use super::paper::{Section, drawing, sections};
use super::parts::{Parts, Place};
use super::pieces::weight;
use super::reports::spelled;
use super::{tell, when, word};
use crate::codes::PAGE_UNKNOWN;
use crate::desk::{Desk, May, Refused};
use crate::form::encoded;
use crate::frame::{Frame, address};
use crate::shown::Shown;
use crate::visit::Visit;
use askama::Template;
use base::Problem;
use serde_json::{Map, Value, json};

/// What names the paper; all links of a page keep it.
const NAMES: [&str; 4] = ["edition", "side", "language", "compare"];
/// What the section of the changes is called in addresses.
const CHANGES: &str = "changes";
/// Most bytes of the table of contents. Of more sections it lists those around the part that is shown.
const CONTENTS_BYTES: usize = 16_000;
/// What the tags of an entry add, in bytes.
const ENTRY_BYTES: usize = 120;

/// An entry of the table of contents.
struct Entry {
    to: String,
    /// What a link to the section finds where the section stands in another part.
    id: Option<String>,
    heading: String,
    deep: bool,
    here: bool,
    /// The parts that it stands in, where there are several.
    parts: Option<(usize, usize)>,
}

/// The ways to the other parts; empty where they lead nowhere new.
struct Leaf {
    number: usize,
    count: usize,
    first: String,
    before: String,
    after: String,
    last: String,
    /// What the form that leads to any part sends along.
    kept: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "guideline/preview.html")]
struct Page<'a> {
    frame: Frame<'a>,
    title: String,
    subtitle: String,
    as_of: String,
    /// The language of the paper.
    lang: String,
    compare: &'a str,
    leaf: Leaf,
    contents: Vec<Entry>,
    /// Whether only some sections are listed.
    cut: bool,
    /// Whether the contents are read first.
    open: bool,
    sections: Vec<Section>,
    /// Where it can be handed out; none for those who may not.
    out: Option<String>,
    /// Before the number of a picture, and behind it, in its address.
    pictures: (String, String),
}

/// `GET /f/{facility}/console/guideline/reports/{form}`: as it stands, with what changed since a version where one is named.
pub(super) async fn page(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let wanted = match visit.query.get("part") {
        "" => 1,
        part => part.parse().map_err(|_| Problem::new(&PAGE_UNKNOWN))?,
    };
    let paper = paper(visit, desk).await?;
    let mut sections = sections(&paper, visit.language);
    let compare = visit.query.get("compare");
    // Whoever asks for the changes wants to see them first.
    if !compare.is_empty()
        && let Some(changes) = sections.pop()
    {
        sections.insert(0, Section { id: CHANGES.to_owned(), ..changes });
    }
    let parts = Parts::of(sections);
    let (count, places) = (parts.count(), parts.contents());
    // A link may be older than a paper that has become shorter.
    let number = wanted.clamp(1, count);
    let sections = parts.part(number);
    let (contents, cut) = contents(visit, &places, &sections, number);
    let frame = Frame::of(visit, desk);
    let form = visit.path.get(2).map_or("", String::as_str);
    let page = Page {
        title: word(&paper, "title"),
        subtitle: word(&paper, "subtitle"),
        as_of: when(&paper, "as_of", visit.language),
        lang: word(&paper, "language"),
        compare,
        leaf: leaf(visit, number, count),
        contents,
        cut,
        open: count > 1 && !visit.query.has("part"),
        sections,
        out: desk.may(May::Command("report")).then(|| {
            let kept = kept(visit, &["edition", "side"]);
            format!("{}?form={}{kept}#out", frame.to("guideline/reports"), encoded(form))
        }),
        pictures: (
            format!("{}/pictures/", address(desk.facility(), &["guideline", "reports", form])),
            kept(visit, &["edition", "side", "language"]).replacen('&', "?", 1),
        ),
        frame,
    };
    Ok(Shown::page(page.render().unwrap_or_default()))
}

/// `GET /f/{facility}/console/guideline/reports/{form}/pictures/{number}`: a picture of a report, for its page to show.
pub(super) async fn picture(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let number = visit.path.get(4).and_then(|number| number.parse().ok());
    let number: usize = number.ok_or_else(|| Problem::new(&PAGE_UNKNOWN))?;
    let paper = paper(visit, desk).await?;
    let svg = drawing(&paper, number).ok_or_else(|| Problem::new(&PAGE_UNKNOWN))?;
    let name = format!("{}-{number}.svg", visit.path.get(2).map_or("", String::as_str));
    Ok(Shown::File { name, media: "image/svg+xml".to_owned(), bytes: svg.into_bytes() })
}

/// The paper that is asked for.
async fn paper(visit: &Visit, desk: &dyn Desk) -> Result<Value, Refused> {
    // A version is one of a report of an edition, for a side, in a language: the link from its entry names them.
    let mut sent = Map::new();
    for name in ["edition", "side", "language"] {
        let value = visit.query.get(name);
        if !value.is_empty() {
            sent.insert(name.to_owned(), json!(value));
        }
    }
    sent.insert("form".to_owned(), json!(visit.path.get(2)));
    sent.entry("language").or_insert_with(|| json!(spelled(visit.language)));
    let compare = visit.query.get("compare");
    if !compare.is_empty() {
        let version: u64 = compare.parse().map_err(|_| Problem::new(&PAGE_UNKNOWN))?;
        sent.insert("compare".to_owned(), json!({ "version": version }));
    }
    let mut told = tell(desk, "report-preview", Value::Object(sent)).await?;
    Ok(told.get_mut("paper").map(Value::take).unwrap_or_default())
}

/// What the query says under these names, to be put behind another name.
fn kept(visit: &Visit, names: &[&str]) -> String {
    let given =
        names.iter().map(|name| (*name, visit.query.get(name))).filter(|(_, value)| !value.is_empty());
    given.map(|(name, value)| format!("&{name}={}", encoded(value))).collect::<Vec<_>>().concat()
}

fn to(visit: &Visit, part: usize) -> String {
    format!("?part={part}{}", kept(visit, &NAMES))
}

fn leaf(visit: &Visit, number: usize, count: usize) -> Leaf {
    let way = |part: usize, leads: bool| if leads { to(visit, part) } else { String::new() };
    let (before, after) = (number.saturating_sub(1), number.saturating_add(1));
    Leaf {
        number,
        count,
        first: way(1, number > 2),
        before: way(before, number > 1),
        after: way(after, number < count),
        last: way(count, after < count),
        kept: NAMES
            .iter()
            .map(|name| (*name, visit.query.get(name).to_owned()))
            .filter(|(_, value)| !value.is_empty())
            .collect(),
    }
}

/// The table of contents, and whether it leaves sections out.
fn contents(visit: &Visit, places: &[Place], shown: &[Section], number: usize) -> (Vec<Entry>, bool) {
    let entry = |place: &Place| {
        let here = (place.first..=place.last).contains(&number);
        let page = if here { String::new() } else { to(visit, place.first) };
        Entry {
            to: format!("{page}#{}", place.id),
            id: shown.iter().all(|section| section.id != place.id).then(|| place.id.clone()),
            heading: place.heading.clone(),
            deep: place.deep,
            here,
            parts: (place.first < place.last).then_some((place.first, place.last)),
        }
    };
    let all: Vec<Entry> = places.iter().map(entry).collect();
    let from = places.iter().position(|place| place.last >= number).unwrap_or(0);
    let (begin, end) = around(&all.iter().map(bytes).collect::<Vec<_>>(), from);
    let cut = end.saturating_sub(begin) < all.len();
    (all.into_iter().skip(begin).take(end.saturating_sub(begin)).collect(), cut)
}

fn bytes(entry: &Entry) -> usize {
    let id = entry.id.as_ref().map_or(0, String::len);
    [entry.heading.as_str(), &entry.to]
        .map(weight)
        .iter()
        .fold(ENTRY_BYTES, |sum, one| sum.saturating_add(*one))
        .saturating_add(id)
}

/// The entries that fit into the table of contents, from the one of this place to both sides: where they begin, and where they
/// end.
fn around(bytes: &[usize], from: usize) -> (usize, usize) {
    let (mut begin, mut end, mut sum) = (from, from, 0_usize);
    loop {
        let mut grown = false;
        let after = bytes.get(end).map(|more| sum.saturating_add(*more)).filter(|sum| *sum <= CONTENTS_BYTES);
        if let Some(more) = after {
            (sum, end, grown) = (more, end.saturating_add(1), true);
        }
        let place = begin.checked_sub(1);
        let before = place.and_then(|place| bytes.get(place)).map(|more| sum.saturating_add(*more));
        if let (Some(more), Some(place)) = (before.filter(|sum| *sum <= CONTENTS_BYTES), place) {
            (sum, begin, grown) = (more, place, true);
        }
        if !grown {
            return (begin, end);
        }
    }
}
