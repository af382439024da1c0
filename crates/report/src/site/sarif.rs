//! A check as SARIF 2.1.0 (OASIS), for code review and for whatever else reads findings.
//!
//! What is undecided is a result of kind `open`, of which the standard demands the level `none` (3.27.10). The main texts
//! are in one language; the help of each rule has both.

use super::json::written;
use super::text;
use super::words::{said, severity, tag};
use base::Language;
use serde_json::{Map, Value, json};
use site::check::Check;
use site::rules::rule::Severity;
use site::rules::{Finding, Verdict};
use site::step::Step;
use std::collections::{BTreeMap, BTreeSet};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json";

/// A check as SARIF, indented, with a line feed at its end. `version` is that of the program.
pub fn sarif(check: &Check, version: &str, language: Language) -> String {
    let mut rules: BTreeMap<&str, usize> = BTreeMap::new();
    let mut described = Vec::new();
    let mut results = Vec::new();
    for finding in &check.findings {
        let index = *rules.entry(&finding.rule).or_insert_with(|| {
            described.push(rule(finding, language));
            described.len().saturating_sub(1)
        });
        results.push(result(check, finding, index, language));
    }
    // Of both lists the schema asks that nothing stands in them twice.
    let sources: BTreeSet<&String> = check.sources.iter().collect();
    let artifacts: Vec<Value> =
        sources.iter().map(|one| json!({ "location": { "uri": uri(one) } })).collect();
    let run = json!({
        "tool": { "driver": { "name": "Akashi", "version": version, "rules": described } },
        "language": tag(language),
        "columnKind": "unicodeCodePoints",
        "artifacts": artifacts,
        "results": results,
    });
    written(&json!({ "$schema": SCHEMA, "version": "2.1.0", "runs": [run] }))
}

fn rule(finding: &Finding, language: Language) -> Value {
    let advice = &finding.advice;
    let mut text =
        format!("{}\n{}\n\n{}\n{}", advice.text.ja, advice.remedy.ja, advice.text.en, advice.remedy.en);
    let mut markdown = format!(
        "{}\n\n**対応** {}\n\n{}\n\n**What to do** {}",
        marked(&advice.text.ja),
        marked(&advice.remedy.ja),
        marked(&advice.text.en),
        marked(&advice.remedy.en)
    );
    if let Some(doubt) = &advice.doubt {
        text.push_str(&["\n\n", &doubt.ja, "\n", &doubt.en].concat());
        markdown.push_str(&["\n\n", &marked(&doubt.ja), "\n\n", &marked(&doubt.en)].concat());
    }
    if !advice.terraform.is_empty() {
        text.push_str(&["\n\n", &advice.terraform].concat());
        markdown.push_str(&["\n\n", &fenced(&advice.terraform)].concat());
    }
    let tags: BTreeSet<&String> = advice.requirements.iter().collect();
    json!({
        "id": finding.rule,
        "shortDescription": { "text": said(&advice.text, language) },
        "help": { "text": text, "markdown": markdown },
        "defaultConfiguration": { "level": level(finding.severity) },
        "properties": { "tags": tags, "topic": finding.topic },
    })
}

/// Without what Markdown would take for a tag.
fn marked(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// In a fence longer than any run of backticks in it.
fn fenced(code: &str) -> String {
    let longest = code.split(|one| one != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.saturating_add(1).max(3));
    format!("{fence}hcl\n{}\n{fence}", code.trim_end())
}

fn result(check: &Check, finding: &Finding, index: usize, language: Language) -> Value {
    let (kind, level) = match finding.verdict {
        Verdict::Violated if finding.severity == Severity::Context => ("informational", "none"),
        Verdict::Violated => ("fail", level(finding.severity)),
        Verdict::Undecided => ("open", "none"),
        Verdict::Holds => ("pass", "none"),
    };
    let mut result = json!({
        "ruleId": finding.rule,
        "ruleIndex": index,
        "kind": kind,
        "level": level,
        "message": { "text": message(finding, language) },
        "locations": [location(check, finding)],
        "partialFingerprints": { "akashiFinding/v1": finding.id },
        "properties": { "severity": severity(Language::English, finding.severity) },
    });
    if !finding.path.is_empty() {
        let steps: Vec<Value> = finding.path.iter().map(|step| hop(step, language)).collect();
        let flow = json!([{ "threadFlows": [{ "locations": steps }] }]);
        if let Some(members) = result.as_object_mut() {
            members.insert("codeFlows".to_owned(), flow);
        }
    }
    result
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Required => "error",
        Severity::AcceptedWithReason | Severity::Recommended => "warning",
        Severity::Context => "note",
    }
}

fn message(finding: &Finding, language: Language) -> String {
    let why = finding.why.as_ref().map(|why| said(why, language)).unwrap_or_default();
    let parts = [said(&finding.advice.text, language), why, &finding.seen];
    let parts: Vec<String> =
        parts.iter().filter(|part| !part.is_empty()).map(|part| text::harmless(part)).collect();
    parts.join(" ")
}

/// The line of the description, or the address of the resource in its plan.
fn location(check: &Check, finding: &Finding) -> Value {
    let mut location = Map::new();
    let file = match finding.line {
        Some(_) => description_of(check),
        None => plan_of(check, finding.plan).or_else(|| description_of(check)),
    };
    if let Some(file) = file {
        let mut physical = json!({ "artifactLocation": { "uri": uri(file) } });
        if let (Some(line), Some(members)) = (finding.line, physical.as_object_mut()) {
            members.insert("region".to_owned(), json!({ "startLine": line.max(1) }));
        }
        location.insert("physicalLocation".to_owned(), physical);
    }
    if !finding.resource.is_empty() {
        let kind = if finding.line.is_some() { "element" } else { "resource" };
        let logical = json!([{ "fullyQualifiedName": finding.resource, "kind": kind }]);
        location.insert("logicalLocations".to_owned(), logical);
    }
    Value::Object(location)
}

fn hop(step: &Step, language: Language) -> Value {
    let rule = step.rule.as_deref().map(|rule| format!(" [{}]", text::name(rule))).unwrap_or_default();
    let told = format!("{}: {}{rule}", text::name(&step.name), said(&step.what, language));
    json!({
        "location": {
            "logicalLocations": [{ "fullyQualifiedName": step.node, "name": step.name, "kind": "node" }],
            "message": { "text": told },
        },
    })
}

/// Which of the files is the description.
pub(super) fn description_of(check: &Check) -> Option<&str> {
    check.sources.first().filter(|_| check.described).map(String::as_str)
}

/// The file of a plan.
fn plan_of(check: &Check, plan: usize) -> Option<&str> {
    check.sources.iter().skip(usize::from(check.described)).nth(plan).map(String::as_str)
}

/// The name of a file as a reference of a URI (RFC 3986): an absolute path becomes a `file` URI.
fn uri(file: &str) -> String {
    let path = file.replace('\\', "/");
    let is_drive = path.get(1..3) == Some(":/");
    let start = match (path.starts_with('/'), is_drive) {
        (true, _) => "file://",
        (false, true) => "file:///",
        (false, false) => "",
    };
    let written = |byte: u8| {
        let plain = byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) || (is_drive && byte == b':');
        if plain { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    };
    format!("{start}{}", path.bytes().map(written).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_become_references() {
        assert_eq!(uri("site.yaml"), "site.yaml");
        assert_eq!(uri("a b/病院.yaml"), "a%20b/%E7%97%85%E9%99%A2.yaml");
        assert_eq!(uri("/srv/site.yaml"), "file:///srv/site.yaml");
        assert_eq!(uri("C:\\x\\s.yaml"), "file:///C:/x/s.yaml");
        assert_eq!(uri("plan:1.json"), "plan%3A1.json");
    }

    #[test]
    fn an_example_never_ends_its_own_fence() {
        assert!(fenced("a ```` b").starts_with("`````hcl\n"));
        assert!(fenced("resource").starts_with("```hcl\n"));
    }
}
