//! The query of a request: what concerns the form of the answer, and the rest, which concerns its content.

use crate::codes;
use crate::decode;
use crate::route::Parameters;
use base::Problem;

/// A query, decoded.
#[derive(Debug, Default)]
pub(crate) struct Query {
    /// `_format`.
    pub(crate) format: Option<String>,
    /// `_pretty`.
    pub(crate) pretty: Option<bool>,
    /// All other parameters, in order.
    pub(crate) rest: Vec<(String, String)>,
}

impl Query {
    /// Reads the query of an address.
    pub(crate) fn read(text: Option<&str>) -> Result<Self, Problem> {
        let mut query = Self::default();
        text.map_or(Ok(()), |text| query.add(text))?;
        Ok(query)
    }

    /// Adds the parameters of a form, which count like those of the address.
    pub(crate) fn add_form(&mut self, body: &[u8]) -> Result<(), Problem> {
        let text = std::str::from_utf8(body).map_err(|_| Problem::new(&codes::ENCODING_WRONG))?;
        self.add(text)
    }

    /// Refuses parameters that a route does not take.
    pub(crate) fn check(&self, parameters: Parameters) -> Result<(), Problem> {
        let offered = |name: &str| match parameters {
            Parameters::None => false,
            Parameters::Shape => matches!(name, "_summary" | "_elements"),
            Parameters::Content => true,
        };
        match self.rest.iter().find(|(name, _)| !offered(name)) {
            Some((name, _)) => Err(Problem::new(&codes::PARAMETER_NOT_OFFERED).with("name", name)),
            None => Ok(()),
        }
    }

    fn add(&mut self, text: &str) -> Result<(), Problem> {
        for (name, value) in decode::pairs(text)? {
            match name.as_str() {
                "_format" if self.format.is_none() => self.format = Some(value),
                "_format" => return Err(wrong("_format", "json")),
                "_pretty" => self.pretty = Some(self.truth(&value)?),
                _ => self.rest.push((name, value)),
            }
        }
        Ok(())
    }

    fn truth(&self, value: &str) -> Result<bool, Problem> {
        match (self.pretty, value) {
            (None, "true") => Ok(true),
            (None, "false") => Ok(false),
            _ => Err(wrong("_pretty", "true, false")),
        }
    }
}

fn wrong(name: &'static str, allowed: &'static str) -> Problem {
    Problem::new(&codes::PARAMETER_VALUE_WRONG).with("name", name).with("allowed", allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn form_and_content_are_told_apart() {
        let mut query = Query::read(Some("a=1&_pretty=true&_format=json")).unwrap();
        query.add_form(b"a=2").unwrap();
        assert_eq!((query.pretty, query.format.as_deref()), (Some(true), Some("json")));
        assert_eq!(query.rest, [("a".to_owned(), "1".to_owned()), ("a".to_owned(), "2".to_owned())]);
        assert_eq!(query.check(Parameters::None).unwrap_err().code().id, "SV-0018");
        assert_eq!(query.check(Parameters::Shape).unwrap_err().code().id, "SV-0018");
        assert!(query.check(Parameters::Content).is_ok());
        assert!(Query::read(Some("_summary=x&_elements=y")).unwrap().check(Parameters::Shape).is_ok());
    }

    #[test]
    fn a_value_that_cannot_be_is_refused() {
        for text in ["_pretty=yes", "_pretty", "_pretty=true&_pretty=true", "_format=json&_format=json"] {
            assert_eq!(Query::read(Some(text)).unwrap_err().code().id, "SV-0019", "{text}");
        }
    }
}
