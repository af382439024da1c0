//! The resource `Parameters` as the input of an operation (FHIR R4, operations).

use crate::call::{Problems, Query};
use crate::codes;
use base::Problem;
use fhir::Node;

/// One parameter.
pub(crate) struct Parameter<'n> {
    pub(crate) name: &'n str,
    pub(crate) value: Value<'n>,
}

/// What a parameter holds.
pub(crate) enum Value<'n> {
    /// A primitive value as text.
    Simple(String),
    Resource(&'n Node),
    /// A Reference.
    Complex(&'n Node),
}

/// Reads the parameters of an operation that takes simple values only, as if they stood in a query. An empty body has none.
///
/// # Errors
/// The body is not JSON, no `Parameters`, or holds a parameter that is not one simple value.
pub fn of_operation(body: &[u8]) -> Result<Query, Problems> {
    if body.is_empty() {
        return Ok(Query::new());
    }
    let node = fhir::json::parse(body)?;
    let simple = |parameter: Parameter<'_>| match parameter.value {
        Value::Simple(text) => Ok((parameter.name.to_owned(), text)),
        Value::Resource(_) | Value::Complex(_) => Err(wrong(parameter.name).into()),
    };
    read(&node)?.into_iter().map(simple).collect()
}

/// Reads all parameters.
pub(crate) fn read(node: &Node) -> Result<Vec<Parameter<'_>>, Problem> {
    let found = node.get("resourceType").and_then(Node::as_str).unwrap_or_default();
    if found != "Parameters" {
        let problem = Problem::new(&codes::OTHER_TYPE).with("found", found).with("expected", "Parameters");
        return Err(problem.at("Parameters"));
    }
    let mut parameters = Vec::new();
    for (name, value) in node.as_object().unwrap_or_default() {
        match (name.as_str(), value) {
            ("resourceType" | "id" | "meta" | "implicitRules" | "language", _) => {}
            ("parameter", Node::Array(items)) => {
                let items = items.iter().enumerate().map(|(index, item)| {
                    parameter(item).map_err(|problem| problem.at(format!("Parameters.parameter[{index}]")))
                });
                parameters = items.collect::<Result<_, _>>()?;
            }
            (other, _) => return Err(wrong(other).at(format!("Parameters.{other}"))),
        }
    }
    Ok(parameters)
}

fn parameter(node: &Node) -> Result<Parameter<'_>, Problem> {
    let name = node.get("name").and_then(Node::as_str).ok_or_else(|| wrong("?"))?;
    let mut others = node.as_object().unwrap_or_default().iter().filter(|(member, _)| member != "name");
    let (Some((member, found)), None) = (others.next(), others.next()) else {
        return Err(wrong(name));
    };
    let value = match found {
        Node::Object(_) if member == "resource" => Value::Resource(found),
        Node::Object(_) if member == "valueReference" => Value::Complex(found),
        Node::String(text) | Node::Number(text) if member.starts_with("value") => Value::Simple(text.clone()),
        Node::Bool(truth) if member.starts_with("value") => Value::Simple(truth.to_string()),
        _ => return Err(wrong(name)),
    };
    Ok(Parameter { name, value })
}

fn wrong(name: &str) -> Problem {
    Problem::new(&codes::OPERATION_PARAMETER).with("name", name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(parameters: &str) -> Result<Query, &'static str> {
        let body = format!(r#"{{"resourceType":"Parameters","parameter":[{parameters}]}}"#);
        of_operation(body.as_bytes()).map_err(|problems| problems.all()[0].code().id)
    }

    #[test]
    fn simple_values_count_like_a_query() {
        let found = asked(
            r#"{"name":"start","valueDate":"2026-04-01"},{"name":"_count","valueInteger":5},{"name":"x","valueBoolean":true}"#,
        );
        let expected = [("start", "2026-04-01"), ("_count", "5"), ("x", "true")];
        assert_eq!(found, Ok(expected.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()));
        assert_eq!(of_operation(b"").unwrap(), []);
        assert_eq!(of_operation(br#"{"resourceType":"Parameters"}"#).unwrap(), []);
    }

    #[test]
    fn anything_else_is_refused() {
        for parameters in [
            r#"{"valueDate":"2026"}"#,
            r#"{"name":"a"}"#,
            r#"{"name":"a","valuePeriod":{"start":"2026"}}"#,
            r#"{"name":"a","valueDate":"2026","valueCode":"x"}"#,
            r#"{"name":"a","part":[]}"#,
            r#"{"name":"a","resource":{"resourceType":"Patient"}}"#,
            "7",
        ] {
            assert_eq!(asked(parameters), Err("RC-0043"), "{parameters}");
        }
        let id = |body: &[u8]| of_operation(body).unwrap_err().all()[0].code().id;
        assert_eq!(id(br#"{"resourceType":"Patient"}"#), "RC-0005");
        assert_eq!(id(br#"{"resourceType":"Parameters","colour":1}"#), "RC-0043");
        assert_eq!(id(br#"{"resourceType":"Parameters","parameter":1}"#), "RC-0043");
        assert_eq!(id(b"{"), "FH-0001");
    }
}
