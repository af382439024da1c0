//! What references in a record are called, and who may answer for what is entered.

use crate::desk::{Desk, Refused, look_at, look_at_as_written, matches};
use crate::record::result_in_words;
use crate::spoken::in_words;
use crate::visit::Visit;
use crate::words::Words;
use fhir::Node;
use fhir::readable::{Names, day, heading_of, name_of, references};
use serde_json::Value;
use std::collections::BTreeSet;

/// References that are looked up for one page.
const LOOKED_UP: usize = 30;

/// The names of what contents refer to; of what cannot be seen there is none.
pub(crate) async fn names(visit: &Visit, desk: &dyn Desk, contents: &[&Node]) -> Result<Names, Refused> {
    let all: BTreeSet<String> = contents.iter().flat_map(|content| references(content)).collect();
    let is_one = |path: &String| {
        let mut parts = path.split('/');
        let plain = |part: &str| {
            !part.is_empty() && part.chars().all(|one| one.is_ascii_alphanumeric() || "-.".contains(one))
        };
        parts.next().is_some_and(plain) && parts.next().is_some_and(plain) && parts.next().is_none()
    };
    let paths: Vec<String> = all.into_iter().filter(is_one).take(LOOKED_UP).collect();
    if paths.is_empty() {
        return Ok(Names::new());
    }
    let answers = look_at_as_written(desk, &paths).await?;
    let pairs = paths.into_iter().zip(answers).filter_map(|(path, answer)| {
        let node = in_words(&answer?, Words(visit.language));
        Some((path, called(&node, visit)?))
    });
    Ok(pairs.collect())
}

/// What a record is called; of a result what was found, for whoever reads a report wants that.
fn called(node: &Node, visit: &Visit) -> Option<String> {
    let Some(value) = result_in_words(node, Words(visit.language)) else {
        return name_of(node, visit.language).ok()?;
    };
    let heading = heading_of(node, visit.language).ok()?;
    let when = heading.date.and_then(|date| day(&date, visit.language));
    let all = [heading.title, Some(value), when];
    Some(all.into_iter().flatten().collect::<Vec<_>>().join("  "))
}

/// Somebody or something to choose: id and name.
pub(super) type Choice = (String, String);

/// Who may be named as the one who answers: the staff that is active.
///
/// # Errors
/// Nothing can be looked at any more.
pub(super) async fn staff(visit: &Visit, desk: &dyn Desk) -> Result<Vec<Choice>, Refused> {
    let paths = ["Practitioner?active=true&_sort=name&_count=200".to_owned()];
    let found = look_at(desk, &paths).await?.into_iter().next().flatten();
    Ok(found.map(|list| choices(visit, &list)).unwrap_or_default())
}

/// The entries of a search as choices.
pub(super) fn choices(visit: &Visit, bundle: &Value) -> Vec<Choice> {
    let choice = |resource: &Value| {
        let id = resource.get("id").and_then(Value::as_str)?.to_owned();
        let node = in_words(&crate::patients::node(resource)?, Words(visit.language));
        let name = name_of(&node, visit.language).ok().flatten().unwrap_or_else(|| id.clone());
        Some((id, name))
    };
    matches(bundle).filter_map(choice).collect()
}
