//! SARIF 2.1.0 as the standard has it: documents of every template, of real plans and of odd checks are held against a
//! table of what the published schema says of each object that is written, and against what the text demands beyond it.
//! The schema itself is not here, for no small package carries it; whoever writes a further member takes its row from there.

use super::builder::{check, hostile_check, nothing, step};
use base::Language;
use report::site::sarif;
use serde_json::{Map, Value};
use site::check::{Check, Given};
use site::description::{Day, Phase, read, templates};
use site::plan::Plan;
use std::collections::BTreeSet;
use std::path::Path;

/// What a member holds.
enum Holds {
    /// A text, not empty.
    Text,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A whole number, at least this.
    Number(i64),
    /// A reference of a URI (RFC 3986).
    Uri,
    /// An object of the table.
    One(&'static str),
    /// A list of such objects.
    Many(&'static str),
    /// The same, in which nothing stands twice.
    Set(&'static str),
    /// Texts by name.
    Texts,
    /// What the standard leaves to the program; its tags are texts of which none stands twice.
    Bag,
}

/// What the schema calls an object, the members that must be there, and the others: it admits no more of those that
/// are written here.
type Object = (&'static str, &'static [(&'static str, Holds)], &'static [(&'static str, Holds)]);

const LEVELS: &[&str] = &["none", "note", "warning", "error"];
const KINDS: &[&str] = &["notApplicable", "pass", "fail", "review", "open", "informational"];

const OBJECTS: &[Object] = &[
    (
        "log",
        &[("version", Holds::Word(&["2.1.0"])), ("runs", Holds::Many("run"))],
        &[("$schema", Holds::Uri)],
    ),
    (
        "run",
        &[("tool", Holds::One("tool"))],
        &[
            ("language", Holds::Word(&["ja", "en"])),
            ("columnKind", Holds::Word(&["utf16CodeUnits", "unicodeCodePoints"])),
            ("artifacts", Holds::Set("artifact")),
            ("results", Holds::Many("result")),
        ],
    ),
    ("tool", &[("driver", Holds::One("toolComponent"))], &[]),
    ("toolComponent", &[("name", Holds::Text)], &[("version", Holds::Text), ("rules", Holds::Set("rule"))]),
    (
        "rule",
        &[("id", Holds::Text)],
        &[
            ("shortDescription", Holds::One("message")),
            ("help", Holds::One("message")),
            ("defaultConfiguration", Holds::One("configuration")),
            ("properties", Holds::Bag),
        ],
    ),
    ("configuration", &[], &[("level", Holds::Word(LEVELS))]),
    ("message", &[("text", Holds::Text)], &[("markdown", Holds::Text)]),
    ("artifact", &[], &[("location", Holds::One("artifactLocation"))]),
    ("artifactLocation", &[], &[("uri", Holds::Uri)]),
    (
        "result",
        &[("message", Holds::One("message"))],
        &[
            ("ruleId", Holds::Text),
            ("ruleIndex", Holds::Number(-1)),
            ("kind", Holds::Word(KINDS)),
            ("level", Holds::Word(LEVELS)),
            ("locations", Holds::Many("location")),
            ("codeFlows", Holds::Many("codeFlow")),
            ("partialFingerprints", Holds::Texts),
            ("properties", Holds::Bag),
        ],
    ),
    (
        "location",
        &[],
        &[
            ("physicalLocation", Holds::One("physicalLocation")),
            ("logicalLocations", Holds::Set("logicalLocation")),
            ("message", Holds::One("message")),
        ],
    ),
    (
        "physicalLocation",
        &[("artifactLocation", Holds::One("artifactLocation"))],
        &[("region", Holds::One("region"))],
    ),
    ("region", &[], &[("startLine", Holds::Number(1))]),
    (
        "logicalLocation",
        &[],
        &[("fullyQualifiedName", Holds::Text), ("name", Holds::Text), ("kind", Holds::Text)],
    ),
    ("codeFlow", &[("threadFlows", Holds::Many("threadFlow"))], &[]),
    ("threadFlow", &[("locations", Holds::Many("threadFlowLocation"))], &[]),
    ("threadFlowLocation", &[], &[("location", Holds::One("location"))]),
];

/// Whether a value is the object that the schema calls so.
fn object(name: &str, value: &Value, at: &str) {
    let (_, needed, others) = OBJECTS.iter().find(|(known, ..)| *known == name).unwrap();
    let members = value.as_object().unwrap_or_else(|| panic!("{at} is no object"));
    for (member, _) in *needed {
        assert!(members.contains_key(*member), "{at} has no {member}");
    }
    for (member, value) in members {
        let known = needed.iter().chain(*others).find(|(known, _)| known == member);
        let (_, holds) = known.unwrap_or_else(|| panic!("{at} has {member}"));
        holds.check(value, &format!("{at}.{member}"));
    }
}

impl Holds {
    fn check(&self, value: &Value, at: &str) {
        let good = match self {
            Self::Text => value.as_str().is_some_and(|text| !text.is_empty()),
            Self::Word(words) => value.as_str().is_some_and(|text| words.contains(&text)),
            Self::Number(least) => value.as_i64().is_some_and(|number| number >= *least),
            Self::Uri => value.as_str().is_some_and(is_reference),
            Self::Texts => value.as_object().is_some_and(|all| all.values().all(Value::is_string)),
            Self::Bag => value.as_object().is_some_and(has_good_tags),
            Self::One(name) => {
                object(name, value, at);
                true
            }
            Self::Many(name) | Self::Set(name) => {
                for (index, one) in value.as_array().into_iter().flatten().enumerate() {
                    object(name, one, &format!("{at}[{index}]"));
                }
                value.as_array().is_some_and(|all| matches!(self, Self::Many(_)) || are_apart(all))
            }
        };
        assert!(good, "{at}: {value}");
    }
}

fn are_apart(all: &[Value]) -> bool {
    all.iter().map(Value::to_string).collect::<BTreeSet<_>>().len() == all.len()
}

fn has_good_tags(bag: &Map<String, Value>) -> bool {
    let all =
        |tags: &Value| tags.as_array().is_some_and(|all| all.iter().all(Value::is_string) && are_apart(all));
    bag.get("tags").is_none_or(all)
}

/// A relative reference, or a URI of a file or of the schema.
fn is_reference(text: &str) -> bool {
    let rest = ["file://", "https://"].iter().find_map(|scheme| text.strip_prefix(scheme)).unwrap_or(text);
    let is_escape = |part: &str| part.len() >= 2 && part.bytes().take(2).all(|byte| byte.is_ascii_hexdigit());
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=@%".contains(&byte);
    !rest.is_empty() && rest.bytes().all(plain) && rest.split('%').skip(1).all(is_escape)
}

/// What the text of the standard demands beyond the schema.
fn meaning(document: &Value, name: &str, lines: usize) {
    let run = &document["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let ids: BTreeSet<&str> = rules.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), rules.len(), "{name}: one description for each rule (3.19.23)");
    for result in run["results"].as_array().unwrap() {
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"], "{name}: the rule at the index (3.27.6)");
        assert_eq!(result["kind"] == "fail", result["level"] != "none", "{name}: {result} (3.27.10)");
        for location in result["locations"].as_array().unwrap() {
            assert!(!location.as_object().unwrap().is_empty(), "{name}: {result} is nowhere");
            let Some(physical) = location.get("physicalLocation") else { continue };
            let is_listed = |one: &Value| one["location"] == physical["artifactLocation"];
            assert!(
                run["artifacts"].as_array().unwrap().iter().any(is_listed),
                "{name}: {physical} (3.14.15)"
            );
            let line = physical["region"]["startLine"].as_u64().unwrap_or(1);
            assert!(usize::try_from(line).unwrap() <= lines, "{name}: line {line} of {lines}");
        }
        for flow in result["codeFlows"].as_array().into_iter().flatten() {
            let hops = flow["threadFlows"][0]["locations"].as_array().unwrap();
            assert!(!hops.is_empty(), "{name}: a flow without a step (3.37.6)");
        }
    }
}

fn stands(check: &Check, name: &str, lines: usize) {
    for language in [Language::Japanese, Language::English] {
        let document: Value = serde_json::from_str(&sarif(check, "0.1.0", language)).unwrap();
        object("log", &document, name);
        meaning(&document, name, lines);
    }
}

fn given(sources: &[String]) -> Given<'_> {
    Given { site: None, phase: Phase::Now, plans: &[], sources, today: Day::parse("2026-10-01").unwrap() }
}

#[test]
fn every_template_is_a_document_of_the_standard() {
    let sources = ["病院 1/#site?.yaml".to_owned()];
    for template in templates() {
        let site = read(&sources[0], template.text).unwrap();
        let (check, _) = Given { site: Some(&site), ..given(&sources) }.check().unwrap();
        stands(&check, template.name, template.text.lines().count());
    }
}

#[test]
fn all_real_plans_together_are_a_document_of_the_standard() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/tfplans");
    let files =
        ["fixtures", "planned"].iter().filter_map(|folder| corpus.join(folder).read_dir().ok()).flatten();
    let (mut sources, mut plans) = (Vec::new(), Vec::new());
    for path in files.map(|entry| entry.unwrap().path()) {
        let (name, bytes) = (path.display().to_string(), std::fs::read(&path).unwrap());
        // What is no plan is refused; which those are, the tests of its reader know.
        if let Ok(plan) = Plan::read(&name, bytes.as_slice(), plans.len()) {
            sources.push(name);
            plans.push(plan);
        }
    }
    if plans.is_empty() {
        println!("the corpus of plans is not here: no plan was checked");
        return;
    }
    let (check, _) = Given { plans: &plans, ..given(&sources) }.check().unwrap();
    assert!(check.findings.len() > 1_000, "{} findings", check.findings.len());
    stands(&check, "all plans", 1);
}

#[test]
fn odd_checks_are_documents_of_the_standard() {
    let mut with_path = check();
    with_path.findings[0].path = vec![step("a", "a", "")];
    let mut doubled = check();
    doubled.sources.push("site.yaml".to_owned());
    for finding in &mut doubled.findings {
        let mut advice = site::rules::Advice::clone(&finding.advice);
        advice.requirements.push("mhlw-6.0/control/13-1".to_owned());
        finding.advice = std::sync::Arc::new(advice);
    }
    let mut nowhere = check();
    nowhere.findings[0].line = Some(0);
    for (name, check) in [
        ("path", with_path),
        ("doubled", doubled),
        ("nowhere", nowhere),
        ("nothing", nothing()),
        ("hostile", hostile_check()),
    ] {
        stands(&check, name, usize::MAX);
    }
}
