//! Assessment results: every verdict a finding, every fact an observation, and nothing unknown is satisfied.

use crate::material::{now, some_facts, the_engine};
use guideline::{Facts, Side, Verdict};
use report::oscal::write_results;
use serde_json::Value;
use std::collections::BTreeSet;

fn results(
    edition: &str,
    side: Option<Side>,
    facts: fn(&guideline::Engine) -> Facts,
) -> (guideline::Assessment, Value) {
    let engine = the_engine();
    let facts = facts(&engine);
    let assessment = engine.assess(edition, side, &facts).unwrap();
    let text = write_results(&engine, &assessment, &facts, now()).unwrap();
    assert_eq!(text, write_results(&engine, &assessment, &facts, now()).unwrap());
    (assessment, serde_json::from_str(&text).unwrap())
}

fn finding(document: &Value, place: usize) -> &Value {
    document.pointer(&format!("/assessment-results/results/0/findings/{place}")).unwrap()
}

#[test]
fn only_what_is_met_or_decided_not_to_apply_is_satisfied() {
    let (assessment, document) = results("mhlw-6.0", None, some_facts);
    let verdicts: BTreeSet<Verdict> = assessment.verdicts.iter().map(|one| one.verdict).collect();
    assert!(verdicts.len() >= 4, "{verdicts:?}");
    for (place, one) in assessment.verdicts.iter().enumerate() {
        let status = &finding(&document, place)["target"]["status"];
        let settled = matches!(one.verdict, Verdict::Met | Verdict::NotApplicable);
        assert_eq!(status["state"], if settled { "satisfied" } else { "not-satisfied" });
        let remarks = status["remarks"].as_str().unwrap();
        let unknown = matches!(one.verdict, Verdict::Unknown | Verdict::NeedsAPerson);
        assert_eq!(remarks.contains("不明") && remarks.contains("unknown"), unknown, "{remarks}");
    }
}

#[test]
fn where_nothing_is_known_nothing_is_satisfied() {
    let (_, document) = results("mhlw-7.0", Some(Side::Facility), |_| Facts::default());
    let result = &document["assessment-results"]["results"][0];
    assert!(result.get("observations").is_none());
    let findings = result["findings"].as_array().unwrap();
    assert!(findings.iter().all(|one| one["target"]["status"]["state"] == "not-satisfied"));
}

#[test]
fn every_observation_that_a_finding_rests_on_is_there_with_its_times() {
    let (_, document) = results("mhlw-7.0", None, some_facts);
    let result = &document["assessment-results"]["results"][0];
    let observations = result["observations"].as_array().unwrap();
    let known: BTreeSet<&str> = observations.iter().map(|one| one["uuid"].as_str().unwrap()).collect();
    let mut used = 0;
    for one in result["findings"].as_array().unwrap() {
        for related in one["related-observations"].as_array().into_iter().flatten() {
            assert!(known.contains(related["observation-uuid"].as_str().unwrap()));
            used += 1;
        }
    }
    assert!(used > 50);
    for one in observations {
        assert_eq!(one["collected"], "2026-11-22T08:30:00.000000Z");
        assert!(one["expires"].as_str().is_none_or(|until| until > "2026-11-22T08:30:00.000000Z"));
    }
}

#[test]
fn where_nothing_is_asked_of_a_side_no_control_counts_as_reviewed() {
    let (assessment, document) = results("jahis-sds-5.0", Some(Side::Facility), some_facts);
    assert!(assessment.verdicts.is_empty());
    let result = &document["assessment-results"]["results"][0];
    assert!(result.get("findings").is_none());
    let selection = &result["reviewed-controls"]["control-selections"][0];
    assert_eq!(selection["exclude-controls"].as_array().unwrap().len(), 111);
}
