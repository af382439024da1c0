//! The guidelines: how the facility stands, what is to do, and what is handed out.

mod answers;
mod assets;
mod atoms;
mod changes;
mod disclosures;
mod documents;
mod edition;
mod forms;
#[cfg(test)]
mod forms_tests;
mod overview;
mod paper;
mod parts;
mod pieces;
mod preview;
#[cfg(test)]
mod preview_tests;
mod questions;
mod reports;
mod requirement;
mod risk;
mod risks;
mod site;
mod start;
#[cfg(test)]
mod tests;
mod verdict;
mod work;

use crate::desk::{Ask, Desk, Refused};
use crate::form::encoded;
use crate::pages::{PageRow, both, look};
use crate::shown::Shown;
use crate::visit::Visit;
use crate::words::Words;
use base::{Class, Language};
use fhir::readable;
use serde_json::{Map, Value, json};

/// The pages of this part; those with a name of their own stand before those of any edition.
pub(crate) static PAGES: &[PageRow] = &[
    look("start", |visit, desk| Box::pin(start::page(visit, desk))),
    look("guideline", |visit, desk| Box::pin(overview::page(visit, desk))),
    look("guideline/work", |visit, desk| Box::pin(work::page(visit, desk))),
    both("guideline/reports", |visit, desk| Box::pin(reports::page(visit, desk))),
    look("guideline/reports/{}", |visit, desk| Box::pin(preview::page(visit, desk))),
    look("guideline/reports/{}/pictures/{}", |visit, desk| Box::pin(preview::picture(visit, desk))),
    look("guideline/site", |visit, desk| Box::pin(site::page(visit, desk))),
    both("guideline/risks", |visit, desk| Box::pin(risks::page(visit, desk))),
    both("guideline/risks/assets", |visit, desk| Box::pin(assets::page(visit, desk))),
    both("guideline/risks/{}", |visit, desk| Box::pin(risk::page(visit, desk))),
    both("guideline/disclosures", |visit, desk| Box::pin(disclosures::page(visit, desk))),
    look("guideline/forms", |visit, desk| Box::pin(forms::page(visit, desk))),
    both("guideline/forms/{}", |visit, desk| Box::pin(answers::page(visit, desk))),
    look("guideline/changes", |visit, desk| Box::pin(changes::page(visit, desk))),
    both("guideline/questions/{}", |visit, desk| Box::pin(questions::page(visit, desk))),
    both("guideline/documents/{}", |visit, desk| Box::pin(documents::page(visit, desk))),
    both("guideline/{}", |visit, desk| Box::pin(edition::page(visit, desk))),
    both("guideline/{}/{}", |visit, desk| Box::pin(requirement::page(visit, desk))),
    both("guideline/{}/{}/{}", |visit, desk| Box::pin(requirement::page(visit, desk))),
];

/// Gives a command and reads its answer.
async fn tell(desk: &dyn Desk, command: &str, body: Value) -> Result<Value, Refused> {
    Ok(desk.call(Ask::post(format!("admin/{command}"), body)).await?.json())
}

/// Whether the person may mend what they sent and try again on the same page.
fn mendable(refused: &Refused) -> bool {
    let class = refused.0.first().map(|problem| problem.code().class);
    matches!(class, Some(Class::Invalid | Class::Unprocessable | Class::Conflict | Class::Absent))
}

/// A page, with the status of one whose form could not be taken where there are faults.
fn shown(html: String, faulty: bool) -> Shown {
    Shown::Page { status: if faulty { 422 } else { 200 }, html, cookies: Vec::new() }
}

/// The list at a name; none where there is none.
fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// The text at a name; empty where there is none.
fn word(value: &Value, name: &str) -> String {
    value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The text at a name that stands in both languages.
fn text(value: &Value, name: &str, language: Language) -> String {
    value.get(name).map(|both| of(both, language)).unwrap_or_default()
}

/// A text of both languages in one.
fn of(both: &Value, language: Language) -> String {
    word(both, if language == Language::Japanese { "ja" } else { "en" })
}

/// A whole number.
fn number(value: &Value, name: &str) -> usize {
    value.get(name).and_then(Value::as_u64).and_then(|one| usize::try_from(one).ok()).unwrap_or(0)
}

/// A place in the journal.
fn position(value: &Value) -> Option<u64> {
    value.get("position").and_then(Value::as_u64)
}

/// A day or a moment as people write it; as it is where it is none.
fn when(value: &Value, name: &str, language: Language) -> String {
    let text = word(value, name);
    readable::day(&text, language).unwrap_or(text)
}

/// The day of a moment, in Japan, as people write it.
fn day_of(value: &Value, name: &str, language: Language) -> String {
    let text = word(value, name);
    base::Time::parse(&text)
        .and_then(|time| readable::day(&japanese_day(time), language))
        .unwrap_or_else(|| when(value, name, language))
}

/// The day in Japan at a moment, as `2026-11-23`.
fn japanese_day(time: base::Time) -> String {
    time.in_japan().chars().take(10).collect()
}

/// A requirement as people cite it: the short name of its edition, the part where there are several, the item.
fn cited(id: &str, words: Words) -> String {
    let (edition, rest) = id.split_once('/').unwrap_or((id, ""));
    let short = words.or(&format!("short-{}", edition.replace('.', "-")), edition);
    match rest.split_once('/') {
        Some((part, item)) => format!("{short} {} {item}", words.or(&format!("part-{part}"), part)),
        None => format!("{short} {rest}"),
    }
}

/// The body of a command: the fields of the form that were filled in.
fn body(visit: &Visit, names: &[&str]) -> Map<String, Value> {
    let filled = names.iter().filter(|name| !visit.form.get(name).is_empty());
    filled.map(|name| ((*name).to_owned(), json!(visit.form.get(name)))).collect()
}

/// Who is signed in, to be named where a name is asked.
fn own_name(visit: &Visit) -> String {
    visit.person.as_ref().map(|person| person.name.clone()).unwrap_or_default()
}

/// What was typed before, or what stands there at first.
fn typed(visit: &Visit, name: &str, first: &str) -> String {
    if visit.sends { visit.form.raw(name).to_owned() } else { first.to_owned() }
}
