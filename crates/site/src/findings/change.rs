//! Small changes to a template: what fixtures of rules and the table of faults are written in.

use crate::description::template;
use base::Language;
use serde::Deserialize;
use serde_json::Value;

/// One step. A path is made of keys, ids (in a list, `phase` for steps) and positions, with points between them.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The key that is set, with `to`.
    pub set: Option<String>,
    /// The list to which something is added, with `to`.
    pub add: Option<String>,
    /// What is taken out.
    pub remove: Option<String>,
    /// What it becomes.
    pub to: Option<Value>,
}

impl Change {
    /// Changes a description.
    ///
    /// # Errors
    ///
    /// What does not fit, in English: a path that is not there, or a change that changes nothing.
    pub fn apply(&self, site: &mut Value) -> Result<(), String> {
        match (&self.set, &self.add, &self.remove, &self.to) {
            (Some(path), None, None, Some(to)) => set(site, path, to.clone()),
            (None, Some(path), None, Some(to)) => {
                found(site, path)?.as_array_mut().ok_or(format!("{path} is no list"))?.push(to.clone());
                Ok(())
            }
            (None, None, Some(path), None) => remove(site, path),
            _ => Err("a change is `set` with `to`, `add` with `to`, or `remove`".to_owned()),
        }
    }
}

/// A template with changes, as a tree; its text is JSON, which is YAML.
///
/// # Errors
///
/// What does not fit, in English.
pub fn changed(name: &str, changes: &[Change]) -> Result<Value, String> {
    let template = template(name).map_err(|problem| problem.text(Language::English))?;
    let mut site: Value = serde_saphyr::from_str(template.text).map_err(|error| error.to_string())?;
    changes.iter().try_for_each(|change| change.apply(&mut site))?;
    Ok(site)
}

fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('.').unwrap_or(("", path))
}

fn found<'a>(site: &'a mut Value, path: &str) -> Result<&'a mut Value, String> {
    let mut at = site;
    for part in path.split('.').filter(|part| !part.is_empty()) {
        at = match at {
            Value::Object(map) => map.get_mut(part),
            Value::Array(list) => match position(list, part) {
                Some(position) => list.get_mut(position),
                None => None,
            },
            _ => None,
        }
        .ok_or(format!("{path}: there is no {part}"))?;
    }
    Ok(at)
}

fn position(list: &[Value], part: &str) -> Option<usize> {
    let is = |item: &Value, key: &str| item.get(key).is_some_and(|id| id == part);
    let named = |item: &Value| is(item, "id") || is(item, "phase");
    list.iter().position(named).or_else(|| part.parse().ok().filter(|position| *position < list.len()))
}

fn set(site: &mut Value, path: &str, to: Value) -> Result<(), String> {
    let (parent, key) = split(path);
    let map = found(site, parent)?.as_object_mut().ok_or(format!("{parent} has no keys"))?;
    if map.insert(key.to_owned(), to.clone()) == Some(to) {
        Err(format!("{path} says this already"))
    } else {
        Ok(())
    }
}

fn remove(site: &mut Value, path: &str) -> Result<(), String> {
    let (parent, key) = split(path);
    let gone = match found(site, parent)? {
        Value::Object(map) => map.shift_remove(key),
        Value::Array(list) => position(list, key).map(|position| list.remove(position)),
        _ => None,
    };
    gone.map(|_gone| ()).ok_or(format!("{path} is not there"))
}
