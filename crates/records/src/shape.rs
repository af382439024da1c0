//! `_summary` and `_elements`: which part of a resource an answer shows.

use crate::call::Problems;
use crate::codes;
use base::Problem;
use fhir::{ResourceKind, Shape, subset};

/// What was asked for so far.
#[derive(Debug, Default)]
pub(crate) struct Shaping {
    summary: Option<String>,
    elements: Option<Vec<String>>,
}

/// Values of `_summary` where a number of results can be the answer, and where not.
const COUNTABLE: &str = "true, false, text, data, count";
const SINGLE: &str = "true, false, text, data";

impl Shaping {
    /// Takes a parameter if it is about the shape of results; says whether it was.
    pub(crate) fn take(&mut self, name: &str, value: &str) -> Result<bool, Problem> {
        let twice = match name {
            "_summary" => self.summary.replace(value.to_owned()).is_some(),
            "_elements" => {
                let names = value.split(',').map(str::to_owned).collect();
                self.elements.replace(names).is_some()
            }
            _ => return Ok(false),
        };
        if twice { Err(Problem::new(&codes::REPEATED).with("name", name)) } else { Ok(true) }
    }

    /// Whether only the number of results is asked for (`_summary=count`).
    pub(crate) fn counts(&self) -> bool {
        self.summary.as_deref() == Some("count")
    }

    /// The shape of each result. `kind`: the type that all results are of, `many`: whether there can be many.
    pub(crate) fn finish(self, kind: Option<ResourceKind>, many: bool) -> Result<Option<Shape>, Problem> {
        let wrong = |value: &str| {
            let allowed = if many { COUNTABLE } else { SINGLE };
            Problem::new(&codes::SUMMARY).with("value", value).with("allowed", allowed)
        };
        match (self.summary.as_deref(), self.elements) {
            (Some(_), Some(_)) => Err(Problem::new(&codes::SHAPE_TWICE)),
            (None | Some("false"), None) => Ok(None),
            (Some("true"), None) => Ok(Some(Shape::Summary)),
            (Some("text"), None) => Ok(Some(Shape::Text)),
            (Some("data"), None) => Ok(Some(Shape::Data)),
            (Some("count"), None) if many => Ok(None),
            (Some(other), None) => Err(wrong(other)),
            (None, Some(names)) => {
                if let Some(kind) = kind {
                    subset::known_elements(kind, &names)?;
                }
                Ok(Some(Shape::Elements(names)))
            }
        }
    }
}

/// The shape that the query of a reading asks for; it knows no other parameters.
pub(crate) fn of_reading(kind: &str, query: &[(String, String)]) -> Result<Option<Shape>, Problem> {
    let mut shaping = Shaping::default();
    for (name, value) in query {
        let elsewhere = crate::page::SHOWN_ELSEWHERE.contains(&name.as_str());
        if !elsewhere && !shaping.take(name, value)? {
            return Err(Problem::new(&codes::READ_PARAMETER).with("name", name));
        }
    }
    shaping.finish(fhir::definitions::resource_kind(kind), false)
}

/// The content in this shape.
pub(crate) fn shaped(content: Vec<u8>, shape: Option<&Shape>) -> Result<Vec<u8>, Problems> {
    match shape {
        Some(shape) => Ok(subset::subset(&content, shape)?),
        None => Ok(content),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(pairs: &[(&str, &str)]) -> Result<Option<Shape>, &'static str> {
        let query: Vec<_> =
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        of_reading("Patient", &query).map_err(|problem| problem.code().id)
    }

    #[test]
    fn each_value_has_its_shape() {
        assert_eq!(asked(&[]), Ok(None));
        assert_eq!(asked(&[("_summary", "false"), ("_pretty", "true")]), Ok(None));
        assert_eq!(asked(&[("_summary", "true")]), Ok(Some(Shape::Summary)));
        assert_eq!(asked(&[("_summary", "text")]), Ok(Some(Shape::Text)));
        assert_eq!(asked(&[("_summary", "data")]), Ok(Some(Shape::Data)));
        let names = ["name", "birthDate"].map(str::to_owned).to_vec();
        assert_eq!(asked(&[("_elements", "name,birthDate")]), Ok(Some(Shape::Elements(names))));
    }

    #[test]
    fn what_means_nothing_is_refused() {
        for (pairs, code) in [
            (&[("_summary", "yes")][..], "RC-0034"),
            (&[("_summary", "count")], "RC-0034"),
            (&[("_summary", "true"), ("_elements", "name")], "RC-0035"),
            (&[("_summary", "true"), ("_summary", "true")], "RC-0020"),
            (&[("_elements", "name"), ("_elements", "name")], "RC-0020"),
            (&[("_elements", "colour")], "FH-0098"),
            (&[("_elements", "")], "FH-0098"),
            (&[("_count", "1")], "RC-0036"),
        ] {
            assert_eq!(asked(pairs), Err(code), "{pairs:?}");
        }
    }
}
