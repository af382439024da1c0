//! Problems as an OperationOutcome, and the HTTP status of each class of problem: the one place that says so.

use crate::json::Node;
use base::{Class, Language, Problem};

/// The code system of problem ids (`details.coding.system`).
const SYSTEM: &str = "urn:akashi:error";

/// The JSON of an OperationOutcome with one issue per problem. Without any problem it says that all is well.
///
/// `code` follows from the class, `details.coding` carries the problem's id, `details.text` its text in `language`. A place
/// that is a FHIRPath becomes `expression`; a line and column become `diagnostics`, and the path beside them `expression`.
pub fn operation_outcome(problems: &[Problem], language: Language) -> Vec<u8> {
    findings(problems, &[], language)
}

/// The same for problems that stopped nothing.
pub fn warning(warnings: &[Problem], language: Language) -> Vec<u8> {
    findings(&[], warnings, language)
}

/// The same with warnings behind the problems.
pub fn findings(problems: &[Problem], warnings: &[Problem], language: Language) -> Vec<u8> {
    let mut issues: Vec<Node> = problems.iter().map(|problem| issue("error", problem, language)).collect();
    issues.extend(warnings.iter().map(|warning| issue("warning", warning, language)));
    if issues.is_empty() {
        let well = match language {
            Language::English => "No problems were found.",
            Language::Japanese => "問題は見つかりませんでした。",
        };
        let details = object([("text", text(well))]);
        let (severity, code) = (text("information"), text("informational"));
        issues.push(object([("severity", severity), ("code", code), ("details", details)]));
    }
    let outcome = object([("resourceType", text("OperationOutcome")), ("issue", Node::Array(issues))]);
    let mut out = Vec::new();
    outcome.write(&mut out);
    out
}

/// The HTTP status of a class of problems.
pub fn status(class: Class) -> u16 {
    match class {
        Class::Invalid => 400,
        Class::Unauthenticated => 401,
        Class::Refused => 403,
        Class::Absent => 404,
        Class::Method => 405,
        Class::Conflict => 409,
        Class::Gone => 410,
        Class::Stale => 412,
        Class::TooLarge => 413,
        Class::Unsupported => 415,
        Class::Unprocessable => 422,
        Class::Fault => 500,
        Class::Slow | Class::Busy => 503,
        Class::Full => 507,
    }
}

/// The code of an issue (FHIR R4, value set issue-type).
fn issue_type(class: Class) -> &'static str {
    match class {
        Class::Invalid => "invalid",
        Class::Unprocessable => "processing",
        Class::Unauthenticated => "login",
        Class::Refused => "forbidden",
        Class::Absent => "not-found",
        Class::Gone => "deleted",
        Class::Method | Class::Unsupported => "not-supported",
        Class::Stale | Class::Conflict => "conflict",
        Class::TooLarge => "too-long",
        Class::Slow => "timeout",
        Class::Busy => "transient",
        Class::Full => "no-store",
        Class::Fault => "exception",
    }
}

fn issue(severity: &str, problem: &Problem, language: Language) -> Node {
    let coding = object([("system", text(SYSTEM)), ("code", text(problem.code().id))]);
    let details = object([("coding", Node::Array(vec![coding])), ("text", text(&problem.text(language)))]);
    let code = text(issue_type(problem.class()));
    let mut members = vec![("severity", text(severity)), ("code", code), ("details", details)];
    let (diagnostics, expression) = problem.place().map(split_place).unwrap_or_default();
    members.extend(diagnostics.map(|place| ("diagnostics", text(place))));
    members.extend(expression.map(|path| ("expression", Node::Array(vec![text(path)]))));
    object(members)
}

/// Line and column, and path, of a place: `line 3, column 7 (Patient.name[0])` has both. A JSON pointer (`/2/path`) stands
/// where line and column do.
fn split_place(place: &str) -> (Option<&str>, Option<&str>) {
    if !place.starts_with("line ") && !place.starts_with('/') {
        return (None, Some(place).filter(|path| !path.is_empty()));
    }
    match place.split_once(" (") {
        Some((line, path)) => (Some(line), path.strip_suffix(')')),
        None => (Some(place), None),
    }
}

fn text(text: &str) -> Node {
    Node::String(text.to_owned())
}

fn object<'n>(members: impl IntoIterator<Item = (&'n str, Node)>) -> Node {
    Node::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    const CLASSES: [Class; 15] = [
        Class::Invalid,
        Class::Unprocessable,
        Class::Unauthenticated,
        Class::Refused,
        Class::Absent,
        Class::Gone,
        Class::Method,
        Class::Stale,
        Class::Conflict,
        Class::Unsupported,
        Class::TooLarge,
        Class::Slow,
        Class::Busy,
        Class::Full,
        Class::Fault,
    ];

    fn written(problems: &[Problem], language: Language) -> String {
        String::from_utf8(operation_outcome(problems, language)).unwrap()
    }

    #[test]
    fn an_outcome_says_what_and_where_in_the_language_asked_for() {
        let problems =
            crate::check(parse(br#"{"resourceType":"Patient","birthdate":"1950"}"#).unwrap()).unwrap_err();
        let english = written(&problems, Language::English);
        let expected = "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"error\",\"code\":\"processing\",\
            \"details\":{\"coding\":[{\"system\":\"urn:akashi:error\",\"code\":\"FH-0012\"}],\
            \"text\":\"`birthdate` is not an element of Patient. Did you mean `birthDate`? Remove it, or carry it in an extension.\"},\
            \"expression\":[\"Patient.birthdate\"]}]}";
        assert_eq!(english, expected);
        assert!(written(&problems, Language::Japanese).contains("`birthDate` のことですか。"));
    }

    #[test]
    fn line_and_path_go_to_their_own_elements() {
        let problem = parse(br#"{"resourceType":"Patient","active":tru}"#).unwrap_err();
        let outcome = written(&[problem], Language::English);
        assert!(
            outcome.contains("\"diagnostics\":\"line 1, column 39\",\"expression\":[\"Patient.active\"]"),
            "{outcome}"
        );
        let outcome =
            written(&[Problem::new(crate::CODES[0]).at("/2/path (Bundle.entry[0])")], Language::English);
        assert!(
            outcome.contains("\"diagnostics\":\"/2/path\",\"expression\":[\"Bundle.entry[0]\"]"),
            "{outcome}"
        );
        let outcome = written(&[parse(b"x").unwrap_err()], Language::English);
        assert!(outcome.ends_with("\"diagnostics\":\"line 1, column 1\"}]}"), "{outcome}");
    }

    #[test]
    fn every_outcome_is_a_resource_that_passes_the_check() {
        let problems: Vec<Problem> =
            crate::CODES.iter().map(|code| Problem::new(code).at("line 1, column 2 (Patient.a)")).collect();
        for problems in [&problems[..], &[]] {
            for language in [Language::English, Language::Japanese] {
                let outcome = parse(&operation_outcome(problems, language)).unwrap();
                assert_eq!(crate::check(outcome).map(|_| ()), Ok(()));
            }
        }
    }

    #[test]
    fn every_class_has_a_status_of_an_error() {
        for class in CLASSES {
            assert!((400..600).contains(&status(class)), "{class:?}");
            assert!(!issue_type(class).is_empty());
        }
        assert_eq!(
            (status(Class::Invalid), status(Class::Unprocessable), status(Class::Full)),
            (400, 422, 507)
        );
    }
}
