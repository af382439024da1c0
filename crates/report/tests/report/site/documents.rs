//! JSON and SARIF: in one order, of one version, valid, and with nothing in them that a terminal obeys.

use super::builder::{check, hostile_check, step};
use base::Language;
use report::site::{CHECK_FORMAT, check_json, sarif};
use serde_json::Value;
use site::rules::Verdict;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn a_check_is_told_with_its_format_first_and_all_its_parts() {
    let text = check_json(&check());
    assert!(text.starts_with(&format!("{{\n  \"format\": \"{CHECK_FORMAT}\",\n")), "{text}");
    assert!(text.ends_with("}\n"));
    let document = json(&text);
    assert_eq!(document["counts"]["required"], 6);
    assert_eq!(document["counts"]["undecided"], 2);
    assert_eq!(document["counts"]["missing"], 1);
    assert_eq!(document["counts"]["attack_paths_undecided"], 1);
    assert_eq!(document["findings"][0]["id"], "net.flat-medical@medical");
    assert_eq!(document["findings"][0]["line"], 57);
    assert_eq!(document["attacks"]["chains"][0]["stance"], "internet");
    assert_eq!(document["connections"][0]["kind"], "open");
    assert_eq!(document["facts"][0]["value"], false);
    assert_eq!(document["facts"][2]["value"], Value::Null);
    assert_eq!(document["coverage"]["undecided"]["aws_networkfirewall_rule_group"], 1);
    assert_eq!(document["warnings"][0]["code"], "SI-0008");
    assert_eq!(text, check_json(&check()));
}

#[test]
fn documents_print_harmlessly_and_say_the_same_when_read() {
    for text in [check_json(&hostile_check()), sarif(&hostile_check(), "0.1.0", Language::Japanese)] {
        assert!(!text.chars().any(|one| one != '\n' && (one.is_control() || one == '\u{202e}')));
        json(&text);
    }
    let facility = json(&check_json(&hostile_check()))["facility"].as_str().unwrap().to_owned();
    assert_eq!(facility, super::builder::hostile());
}

#[test]
fn each_result_points_to_its_rule_and_its_place() {
    let document = json(&sarif(&check(), "0.1.0", Language::English));
    assert_eq!(document["version"], "2.1.0");
    let run = &document["runs"][0];
    assert_eq!(run["tool"]["driver"]["name"], "Akashi");
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), check().findings.len());
    for (result, finding) in results.iter().zip(check().findings) {
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
        assert_eq!(result["partialFingerprints"]["akashiFinding/v1"], finding.id.as_str());
    }
    let first = &results[0];
    assert_eq!(first["level"], "error");
    assert_eq!(first["kind"], "fail");
    let physical = &first["locations"][0]["physicalLocation"];
    assert_eq!(physical["artifactLocation"]["uri"], "site.yaml");
    assert_eq!(physical["region"]["startLine"], 57);
    assert_eq!(first["locations"][0]["logicalLocations"][0]["fullyQualifiedName"], "medical");
    for rule in rules {
        let (text, markdown) =
            (rule["help"]["text"].as_str().unwrap(), rule["help"]["markdown"].as_str().unwrap());
        assert!(text.contains("First let only") && text.contains("まず、通信を"), "{text}");
        assert!(
            markdown.contains("**対応**")
                && markdown.contains("**What to do**")
                && markdown.contains("```hcl")
        );
    }
}

#[test]
fn what_is_undecided_is_open_and_what_is_recommended_warns() {
    let document = json(&sarif(&check(), "0.1.0", Language::English));
    let results = document["runs"][0]["results"].as_array().unwrap();
    for (result, finding) in results.iter().zip(check().findings) {
        let (kind, level) = (result["kind"].as_str().unwrap(), result["level"].as_str().unwrap());
        // The standard: whatever does not fail has no level (3.27.10).
        assert_eq!(kind == "fail", level != "none", "{}", finding.id);
        assert_eq!(kind == "open", finding.verdict == Verdict::Undecided, "{}", finding.id);
    }
    assert!(results.iter().any(|one| one["level"] == "warning"));
}

#[test]
fn a_resource_of_a_plan_is_placed_by_its_address_and_a_path_is_a_flow() {
    let mut check = check();
    check.findings[0].line = None;
    check.findings[0].resource = "module.net.aws_vpc.main".to_owned();
    check.findings[0].path = vec![step("internet", "internet", ""), step("ehr", "電子カルテ", "medical")];
    let document = json(&sarif(&check, "0.1.0", Language::English));
    let result = &document["runs"][0]["results"][0];
    let location = &result["locations"][0];
    assert_eq!(location["physicalLocation"]["artifactLocation"]["uri"], "plan.json");
    assert_eq!(location["physicalLocation"]["region"], Value::Null);
    assert_eq!(location["logicalLocations"][0]["fullyQualifiedName"], "module.net.aws_vpc.main");
    let hops = result["codeFlows"][0]["threadFlows"][0]["locations"].as_array().unwrap();
    assert_eq!(hops.len(), 2);
    assert_eq!(hops[1]["location"]["message"]["text"], "電子カルテ: routed");
}
