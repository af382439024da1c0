//! `POST Patient/$match`: patients that may be the one who is described, each with what agrees and what does not
//! (FHIR R4, Patient-operation-match).

use super::gather::{Candidate, Desk, Wanted as Sought, likeness};
use super::of_patients;
use crate::audit::element::{object, text};
use crate::call::{Answer, Problems};
use crate::codes;
use crate::facility::{Caller, Facility};
use crate::links::Addresses;
use crate::page::Page;
use crate::parameters::{self, Value};
use crate::reply::quoted;
use crate::write;
use access::Action;
use base::limits::{MATCH_BLOCK_MAX, PAGE_ENTRIES_DEFAULT, PAGE_ENTRIES_MAX};
use base::{Language, Problem, RecordKey};
use fhir::Node;
use fhir::alike::{Features, Grade, Likeness};

/// How likely a match is (FHIR R4, extension match-grade).
const GRADE: &str = "http://hl7.org/fhir/StructureDefinition/match-grade";
/// What was found of a field.
const FIELD: &str = "urn:akashi:match-field";
/// Why the grade is lower than the fields add up to.
const RULE: &str = "urn:akashi:match-rule";

/// What is asked for.
struct Wish {
    features: Features,
    /// The record that is described, where it has one here: it is no match of itself.
    own: Option<RecordKey>,
    certain: bool,
    count: usize,
}

pub(crate) fn perform(
    facility: &Facility,
    caller: &Caller<'_>,
    kind: &str,
    body: &[u8],
) -> Result<Answer, Problems> {
    of_patients("match", kind)?;
    let wish = Wish::read(body)?;
    caller.may(Action::SEARCH, kind)?;
    let links = Addresses::of(caller.base_url);
    let (candidates, wide) = caller.trail.read(facility, |snapshot| {
        let desk = Desk { snapshot, caller, links: &links };
        let wanted = Sought { features: &wish.features, least: Grade::Possible };
        let gathered = desk.gather(&wanted, |key| wish.own.as_ref() == Some(key))?;
        Ok::<_, Problem>((gathered.candidates, gathered.wide))
    })?;
    let graded = candidates.into_values().map(|one| (likeness(&wish.features, &one), one));
    let mut found: Vec<(Likeness, Candidate)> =
        graded.filter(|(likeness, _)| likeness.grade != Grade::CertainlyNot).collect();
    found.sort_by(|(one, first), (other, second)| {
        let by = other.score().cmp(&one.score()).then(other.weight.cmp(&one.weight));
        by.then(first.opened.key.cmp(&second.opened.key))
    });
    let total = found.len();
    let shown = wish.shown(found);
    let entries = shown.iter().map(|(likeness, one)| entry(caller, likeness, one));
    let entries: Vec<Vec<u8>> = entries.chain(warning(caller, &wide)).collect();
    let total = if wish.certain { shown.len() } else { total };
    let total = u64::try_from(total).ok();
    let page = Page { kind: "searchset", address: "/Patient/$match", query: &[], next: None, total };
    Ok(Answer::found(page.write(caller.base_url, &entries)))
}

impl Wish {
    fn read(body: &[u8]) -> Result<Self, Problems> {
        let node = fhir::json::parse(body)?;
        let (mut resource, mut certain, mut count) = (None, None, None);
        for parameter in parameters::read(&node)? {
            let twice = match (parameter.name, parameter.value) {
                ("resource", Value::Resource(node)) => resource.replace(node.clone()).is_some(),
                ("onlyCertainMatches", Value::Simple(text)) => {
                    let truth = text.parse::<bool>().map_err(|_| wrong(parameter.name))?;
                    certain.replace(truth).is_some()
                }
                ("count", Value::Simple(text)) => {
                    let number = text.parse::<usize>().ok().filter(|count| *count > 0);
                    count.replace(number.ok_or_else(|| wrong(parameter.name))?).is_some()
                }
                _ => true,
            };
            if twice {
                return Err(wrong(parameter.name).into());
            }
        }
        let resource = resource.ok_or_else(|| wrong("resource"))?;
        let checked = write::of_type("Patient", write::check(resource)?)?;
        let features = Features::of(checked.node());
        if features.is_empty() {
            return Err(Problem::new(&codes::MATCH_NOTHING).at("Parameters.parameter").into());
        }
        Ok(Self {
            features,
            own: write::own_id(&checked).map(|id| RecordKey::new("Patient", id)),
            certain: certain.unwrap_or(false),
            count: count.unwrap_or(PAGE_ENTRIES_DEFAULT).min(PAGE_ENTRIES_MAX),
        })
    }

    /// Those who are shown. Where only certain ones are wanted, two of them are none: nobody knows which.
    fn shown(&self, mut found: Vec<(Likeness, Candidate)>) -> Vec<(Likeness, Candidate)> {
        if self.certain {
            found.retain(|(likeness, _)| likeness.grade == Grade::Certain);
            if found.len() > 1 {
                found.clear();
            }
        }
        found.truncate(self.count);
        found
    }
}

fn wrong(name: &str) -> Problem {
    let problem = Problem::new(&codes::MATCH_PARAMETER).with("operation", "match").with("name", name);
    problem.with("known", "resource, onlyCertainMatches, count").at("Parameters.parameter")
}

fn entry(caller: &Caller<'_>, likeness: &Likeness, one: &Candidate) -> Vec<u8> {
    let opened = &one.opened;
    caller.show(&opened.permit, &opened.facts, None);
    let mut search = Vec::new();
    let grade = object([("url", Some(text(GRADE))), ("valueCode", Some(text(likeness.grade.code())))]);
    let mut extensions = vec![grade];
    extensions.extend(described(likeness));
    let score = Node::Number(format!("{}.{:02}", likeness.score() / 100, likeness.score() % 100));
    object([
        ("extension", Some(Node::Array(extensions))),
        ("mode", Some(text("match"))),
        ("score", Some(score)),
    ])
    .write(&mut search);
    let full_url = quoted(&format!("{}/{}", caller.base_url, opened.key));
    let mut out = format!(r#"{{"fullUrl":{full_url},"resource":"#).into_bytes();
    out.extend_from_slice(&opened.content);
    out.extend(br#","search":"#);
    out.extend(search);
    out.push(b'}');
    out
}

/// What was found of each field, as extensions: the field, how it compares, what it adds to the sum in bits, and the same
/// for people in both languages.
pub(super) fn described(likeness: &Likeness) -> Vec<Node> {
    let part = |url: &str, name: &str, value: Node| object([("url", Some(text(url))), (name, Some(value))]);
    let said = |english: &str, japanese: &str| {
        [part("ja", "valueString", text(japanese)), part("en", "valueString", text(english))]
    };
    let field = |(finding, weight): (fhir::alike::Finding, i32)| {
        let mut parts = vec![
            part("field", "valueCode", text(finding.field().word())),
            part("outcome", "valueCode", text(finding.outcome().word())),
            part("weight", "valueDecimal", Node::Number(bits(weight))),
        ];
        parts.extend(said(finding.text(Language::English), finding.text(Language::Japanese)));
        object([("url", Some(text(FIELD))), ("extension", Some(Node::Array(parts)))])
    };
    let mut all: Vec<Node> = likeness.counted().into_iter().map(field).collect();
    all.extend(likeness.rule.map(|rule| {
        let mut parts = vec![part("rule", "valueCode", text(rule.word()))];
        parts.extend(said(rule.text(Language::English), rule.text(Language::Japanese)));
        object([("url", Some(text(RULE))), ("extension", Some(Node::Array(parts)))])
    }));
    all
}

/// Tenths as a decimal.
fn bits(tenths: i32) -> String {
    let sign = if tenths < 0 { "-" } else { "" };
    let tenths = tenths.unsigned_abs();
    format!("{sign}{}.{}", tenths / 10, tenths % 10)
}

/// The entry that says that not all were looked at.
fn warning(caller: &Caller<'_>, wide: &[char]) -> Option<Vec<u8>> {
    if wide.is_empty() {
        return None;
    }
    let mut out = br#"{"resource":"#.to_vec();
    out.extend(fhir::outcome::warning(&[too_wide(wide)], caller.language));
    out.extend(br#","search":{"mode":"outcome"}}"#);
    Some(out)
}

/// That more patients share a field than are looked at.
pub(super) fn too_wide(wide: &[char]) -> Problem {
    let name = |letter: &char| match letter {
        'b' => "birthDate",
        'i' => "insurance",
        'm' => "identifier",
        'p' => "telecom",
        _ => "name",
    };
    let mut fields: Vec<&str> = wide.iter().map(name).collect();
    fields.dedup();
    Problem::new(&codes::MATCH_WIDE).with("fields", fields.join(", ")).with("limit", MATCH_BLOCK_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_written_in_bits() {
        assert_eq!([115, -7, 0, -166].map(bits), ["11.5", "-0.7", "0.0", "-16.6"]);
    }

    fn read(parameters: &str) -> Result<(), &'static str> {
        let body = format!(r#"{{"resourceType":"Parameters","parameter":[{parameters}]}}"#);
        Wish::read(body.as_bytes()).map(|_| ()).map_err(|problems| problems.all()[0].code().id)
    }

    #[test]
    fn a_description_is_needed_and_nothing_is_passed_over() {
        let patient = r#"{"name":"resource","resource":{"resourceType":"Patient","birthDate":"1985-03-12"}}"#;
        let nothing = r#"{"name":"resource","resource":{"resourceType":"Patient","gender":"female"}}"#;
        let wrong = r#"{"name":"resource","resource":{"resourceType":"Patient","birthDate":"1985-13-12"}}"#;
        let other = r#"{"name":"resource","resource":{"resourceType":"Organization","name":"x"}}"#;
        for (parameters, expected) in [
            (patient.to_owned(), Ok(())),
            (format!(r#"{patient},{{"name":"count","valueInteger":3}}"#), Ok(())),
            (format!(r#"{patient},{{"name":"onlyCertainMatches","valueBoolean":true}}"#), Ok(())),
            (format!(r#"{patient},{{"name":"count","valueInteger":0}}"#), Err("RC-0090")),
            (format!(r#"{patient},{{"name":"colour","valueInteger":3}}"#), Err("RC-0090")),
            (format!("{patient},{patient}"), Err("RC-0090")),
            (String::new(), Err("RC-0090")),
            (nothing.to_owned(), Err("RC-0091")),
            (other.to_owned(), Err("RC-0005")),
        ] {
            assert_eq!(read(&parameters), expected, "{parameters}");
        }
        assert!(read(wrong).is_err());
    }
}
