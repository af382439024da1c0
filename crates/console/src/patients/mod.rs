//! Finding a patient: by name in kanji, kana or romaji, by number or id, by birth date, western or of an era.

mod birth;
mod emergency;
mod romaji;

pub(crate) use emergency::Stand;

use crate::desk::{Ask, Desk, Refused, look_at, matches};
use crate::form::encoded;
use crate::frame::Frame;
use crate::pages::{PageRow, look};
use crate::shown::Shown;
use crate::visit::Visit;
use askama::Template;
use fhir::json::Node;
use fhir::readable::Identity;
use serde_json::Value;
use std::collections::BTreeSet;

/// The date that somebody typed, western or of an era, as FHIR writes it: a day, a month or a year.
pub(crate) fn date(text: &str) -> Option<String> {
    let plain = birth::plain(text);
    let year = plain.len() == 4 && plain.chars().all(|one| one.is_ascii_digit());
    birth::birth(&if year { format!("{plain}年") } else { plain })
}

/// Patients of one search on a page.
const PAGE: usize = 20;

/// The pages of this part.
pub(crate) static PAGES: &[PageRow] = &[
    look("patients", |visit, desk| Box::pin(page(visit, desk))),
    look("emergency/patients", |visit, desk| Box::pin(emergency::page(visit, desk))),
];

/// One patient, as lists show them.
pub(crate) struct Row {
    /// The id.
    pub(crate) id: String,
    /// Who it is, as everywhere.
    pub(crate) line: String,
}

/// Patients under a heading.
struct List {
    /// The key of the heading.
    title: &'static str,
    /// The key of what is said where there are none.
    none: &'static str,
    rows: Vec<Row>,
    more: bool,
}

#[derive(Template)]
#[template(path = "patients.html")]
struct Page<'a> {
    frame: Frame<'a>,
    wanted: &'a str,
    /// How many were found, in words; none where nothing was looked for.
    found: Option<String>,
    lists: Vec<List>,
    /// Whether a part of the search was refused: then that somebody is not among them says nothing.
    unseen: bool,
}

/// `GET /f/{facility}/console/patients`
async fn page(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let wanted = visit.query.get("q");
    let frame = Frame::of(visit, desk);
    let (lists, found, unseen) = if wanted.is_empty() {
        (own(visit, desk).await?, None, false)
    } else {
        let (list, unseen) = search(visit, desk, wanted).await?;
        let found = frame.words.count("patients-found", list.rows.len());
        (vec![list], Some(found), unseen)
    };
    let page = Page { frame, wanted, found, lists, unseen };
    Ok(Shown::page(page.render().unwrap_or_default()))
}

/// Everybody who may be meant, each once.
async fn search(visit: &Visit, desk: &dyn Desk, wanted: &str) -> Result<(List, bool), Refused> {
    let mut list = List { title: "patients-found", none: "patients-none", rows: Vec::new(), more: false };
    let mut unseen = false;
    for answer in look_at(desk, &searches(wanted)).await? {
        let Some(answer) = answer else {
            unseen = true;
            continue;
        };
        list.more |= goes_on(&answer);
        list.rows.extend(matches(&answer).map(|patient| row(patient, visit, desk)));
    }
    once(&mut list.rows);
    Ok((list, unseen))
}

/// Before anything is looked for: those this person looks after, those they saw last; else those changed last.
async fn own(visit: &Visit, desk: &dyn Desk) -> Result<Vec<List>, Refused> {
    let mut lists = Vec::new();
    let practitioner = visit.person.as_ref().and_then(|person| person.practitioner.as_deref());
    if let Some(id) = practitioner {
        let who = encoded(&format!("Practitioner/{id}"));
        let paths = [
            format!("CareTeam?participant={who}&status=active&_include=CareTeam:patient&_count={PAGE}"),
            format!("Patient?general-practitioner={who}&_count={PAGE}"),
            format!("Encounter?practitioner={who}&_sort=-date&_include=Encounter:patient&_count={PAGE}"),
        ];
        let mut answers = look_at(desk, &paths).await?.into_iter();
        let teams = [answers.next().flatten(), answers.next().flatten()];
        let visits = [answers.next().flatten()];
        for (title, answers) in
            [("patients-assigned", teams.as_slice()), ("patients-recent", visits.as_slice())]
        {
            let answers: Vec<&Value> = answers.iter().flatten().collect();
            let mut rows: Vec<Row> =
                answers.iter().flat_map(|answer| in_order(answer)).map(|one| row(one, visit, desk)).collect();
            once(&mut rows);
            let more = answers.iter().any(|answer| goes_on(answer));
            lists.push(List { title, none: "patients-none-own", rows, more });
        }
        lists.retain(|list| !list.rows.is_empty());
    }
    if lists.is_empty() {
        let path = format!("fhir/Patient?_sort=-_lastUpdated&_count={PAGE}");
        let answer = desk.call(Ask::get(path)).await?.json();
        let rows = matches(&answer).map(|patient| row(patient, visit, desk)).collect();
        lists.push(List { title: "patients-latest", none: "patients-none", rows, more: false });
    }
    Ok(lists)
}

/// The patients of an answer in the order of what was found: those it found itself, or those that its finds are about.
fn in_order(answer: &Value) -> Vec<&Value> {
    let is_patient = |one: &&Value| one.get("resourceType").and_then(Value::as_str) == Some("Patient");
    let entries = answer.get("entry").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let patients: Vec<&Value> =
        entries.iter().filter_map(|entry| entry.get("resource")).filter(is_patient).collect();
    let about = |one: &Value| {
        let reference = one.pointer("/subject/reference").and_then(Value::as_str)?;
        reference.rsplit('/').next().map(str::to_owned)
    };
    let mut ordered = Vec::new();
    for found in matches(answer) {
        if is_patient(&found) {
            ordered.push(found);
        } else if let Some(id) = about(found) {
            let of_id = |one: &&&Value| one.get("id").and_then(Value::as_str) == Some(id.as_str());
            ordered.extend(patients.iter().find(of_id));
        }
    }
    ordered
}

fn once(rows: &mut Vec<Row>) {
    let mut seen = BTreeSet::new();
    rows.retain(|row| seen.insert(row.id.clone()));
}

/// Whether a search found more than it answered.
pub(crate) fn goes_on(answer: &Value) -> bool {
    let links = answer.get("link").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    links.iter().any(|link| link.get("relation").and_then(Value::as_str) == Some("next"))
}

/// What a text that somebody typed may mean, as searches: a birth date, a number, an id, a name; or a name and a birth date
/// with a blank between.
fn searches(wanted: &str) -> Vec<String> {
    let mut paths = Vec::new();
    if let Some(date) = birth::birth(wanted) {
        paths.push(format!("Patient?birthdate={}&_count={PAGE}", encoded(&date)));
    }
    let words: Vec<&str> = wanted.split_whitespace().collect();
    if let [word] = words.as_slice() {
        let plain = birth::plain(word);
        paths.push(format!("Patient?identifier={}&_count={PAGE}", token(&plain)));
        if plain != *word {
            paths.push(format!("Patient?identifier={}&_count={PAGE}", token(word)));
        }
        let is_id = |one: char| one.is_ascii_alphanumeric() || one == '-' || one == '.';
        if word.len() <= 64 && word.chars().all(is_id) {
            paths.push(format!("Patient?_id={}&_count={PAGE}", encoded(word)));
        }
    }
    let (dates, names): (Vec<&str>, Vec<&str>) =
        words.iter().copied().partition(|word| birth::birth(word).is_some());
    if names.is_empty() || names.iter().all(|name| name.chars().all(|one| one.is_ascii_digit())) {
        return paths;
    }
    let dates: Vec<String> =
        dates.iter().filter_map(|date| birth::birth(date)).map(|date| format!("&birthdate={date}")).collect();
    let dates = dates.concat();
    let named = |readings: &[String]| {
        format!("name={}", readings.iter().map(|one| token(one)).collect::<Vec<_>>().join(","))
    };
    let whole = names.join(" ");
    paths.push(format!("Patient?{}{dates}&_count={PAGE}", named(&[whole])));
    let single: Vec<String> = names.iter().map(|name| named(&[(*name).to_owned()])).collect();
    if names.len() > 1 {
        paths.push(format!("Patient?{}{dates}&_count={PAGE}", single.join("&")));
    }
    let read: Vec<Vec<String>> = names.iter().map(|name| romaji::kana(name)).collect();
    if read.iter().all(|readings| !readings.is_empty()) {
        let read: Vec<String> = read.iter().map(|readings| named(readings)).collect();
        paths.push(format!("Patient?{}{dates}&_count={PAGE}", read.join("&")));
    }
    paths
}

/// A value whose marks of FHIR (R4, section 3.1.1.3.1: `\`, `|`, `,`, `$`) stand for themselves.
fn token(text: &str) -> String {
    let mut escaped = String::new();
    for one in text.chars() {
        if "\\|,$".contains(one) {
            escaped.push('\\');
        }
        escaped.push(one);
    }
    encoded(&escaped)
}

fn row(patient: &Value, visit: &Visit, desk: &dyn Desk) -> Row {
    let id = patient.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    let line = node(patient).map(|node| Identity::of(&node).line_at(desk.now(), visit.language));
    Row { line: line.unwrap_or_else(|| id.clone()), id }
}

/// A resource as the rooms of FHIR read it.
pub(crate) fn node(resource: &Value) -> Option<Node> {
    fhir::json::parse(resource.to_string().as_bytes()).ok()
}

#[cfg(test)]
mod tests;
