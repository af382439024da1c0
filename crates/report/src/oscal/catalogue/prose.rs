//! What a control asks, as text: its statement with all items, with its parameters put in.

use super::super::read::Node;
use super::super::{NAMESPACE, Said};
use base::Problem;
use std::collections::BTreeMap;

/// Longest text of one control, in bytes, with its parameters put in.
const TEXT_BYTES_MAX: usize = 256 * 1024;

/// How deep the items of a statement may stand within each other.
const DEPTH_MAX: usize = 16;

/// The parameters of a document, as a reader sees them.
pub(super) struct Prose<'a>(BTreeMap<&'a str, String>);

/// What one control asks.
pub(super) struct Statement {
    /// In the language of the document; of ours Japanese.
    pub(super) first: String,
    /// In English, as far as the document says which text that is; else the same.
    pub(super) english: String,
    /// Whether there is a heading only.
    pub(super) is_missing: bool,
}

impl<'a> Prose<'a> {
    /// With the parameters of these groups and controls.
    pub(super) fn of(holders: &[Node<'a>]) -> Result<Self, Problem> {
        let mut parameters = BTreeMap::new();
        for holder in holders {
            for parameter in holder.list("params")? {
                let id = parameter.needed_text("id")?;
                parameters.insert(id, shown(id, &parameter)?);
            }
        }
        Ok(Self(parameters))
    }

    /// What a control asks.
    pub(super) fn of_control(&self, control: &Node<'_>) -> Result<Statement, Problem> {
        let (mut first, mut english) = (String::new(), None);
        for part in control.list("parts")? {
            let own = part.text_of("ns")? == Some(NAMESPACE);
            match part.needed_text("name")? {
                "statement" if !own => self.gather(&part, &mut first)?,
                "statement-en" if own => self.gather(&part, english.get_or_insert_default())?,
                _ => {}
            }
        }
        let is_missing = first.is_empty();
        if is_missing {
            control.needed_text("title")?.clone_into(&mut first);
        }
        let english = english.unwrap_or_else(|| first.clone());
        Ok(Statement { first, english, is_missing })
    }

    fn gather(&self, part: &Node<'_>, text: &mut String) -> Result<(), Problem> {
        let mut waiting = vec![(0_usize, part.clone())];
        while let Some((depth, part)) = waiting.pop() {
            let what = Said {
                en: "items stand too deep within each other", ja: "項目の入れ子が深すぎます"
            };
            if depth > DEPTH_MAX {
                return Err(part.wrong(what, ""));
            }
            if let Some(prose) = part.text_of("prose")? {
                let label = part.props()?.into_iter().find(|prop| prop.is_known("label", &[]));
                let label = label.map(|prop| format!("{} ", prop.value)).unwrap_or_default();
                if !text.is_empty() {
                    text.push('\n');
                }
                text.push_str(&label);
                self.put_in(&part, prose, text)?;
            }
            let below = part.list("parts")?.into_iter().rev();
            waiting.extend(below.map(|one| (depth.saturating_add(1), one)));
        }
        Ok(())
    }

    /// Appends a text, `{{ insert: param, ac-1_prm_1 }}` replaced by what that parameter shows.
    fn put_in(&self, part: &Node<'_>, prose: &str, text: &mut String) -> Result<(), Problem> {
        let what =
            Said { en: "this text is longer than 256 KiB", ja: "本文が 256 KiB を超えています" };
        let mut rest = prose;
        while let Some((before, insert, after)) = next_insert(rest) {
            text.push_str(before);
            text.push_str(self.0.get(insert).map_or(insert, String::as_str));
            rest = after;
            if text.len() > TEXT_BYTES_MAX {
                return Err(part.wrong(what, ""));
            }
        }
        text.push_str(rest);
        if text.len() > TEXT_BYTES_MAX { Err(part.wrong(what, "")) } else { Ok(()) }
    }
}

/// What stands before the next insertion, the id of its parameter, and what stands after it.
fn next_insert(text: &str) -> Option<(&str, &str, &str)> {
    let (before, from) = text.split_once("{{")?;
    let (inside, after) = from.split_once("}}")?;
    let id = inside.rsplit([',', ' ']).find(|word| !word.is_empty())?;
    Some((before, id, after))
}

/// What a parameter shows: its values, its choices, or what it is called. Choices may hold insertions of their own,
/// which show their ids only.
fn shown(id: &str, parameter: &Node<'_>) -> Result<String, Problem> {
    let texts = |node: &Node<'_>, name: &str| {
        node.list(name)?.iter().map(|one| one.text().map(without_inserts)).collect::<Result<Vec<_>, _>>()
    };
    let values = texts(parameter, "values")?;
    if !values.is_empty() {
        return Ok(values.join(", "));
    }
    let choices = parameter.member("select").map(|select| texts(&select, "choice")).transpose()?;
    let label = parameter.text_of("label")?.unwrap_or(id).to_owned();
    Ok(format!(
        "[{}]",
        choices.filter(|choices| !choices.is_empty()).map_or(label, |choices| choices.join(" | "))
    ))
}

fn without_inserts(text: &str) -> String {
    let mut made = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, id, after)) = next_insert(rest) {
        made.push_str(before);
        made.push_str(id);
        rest = after;
    }
    made.push_str(rest);
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_insertion_is_found_in_both_spellings() {
        assert_eq!(next_insert("at {{ insert: param, ac-1_prm_1 }}."), Some(("at ", "ac-1_prm_1", ".")));
        assert_eq!(next_insert("at {{ ac-1_prm_1 }}."), Some(("at ", "ac-1_prm_1", ".")));
        assert_eq!(next_insert("{{ }} and {{"), None);
        assert_eq!(without_inserts("a {{ insert: param, b }} c {{"), "a b c {{");
    }
}
