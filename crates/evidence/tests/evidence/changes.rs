//! What changes in a facility changes exactly the verdicts that rest on it.

use crate::bench::Bench;
use guideline::Value;
use serde_json::json;
use std::collections::BTreeMap;

const EDITIONS: [&str; 6] =
    ["jahis-sds-5.0", "meti-mic-2.0", "mhlw-6.0", "mhlw-7.0", "mhlw-checklist-2025", "mhlw-checklist-2026"];

type Verdicts = BTreeMap<String, String>;

async fn all(bench: &Bench) -> Verdicts {
    let mut all = Verdicts::new();
    for edition in EDITIONS {
        all.extend(bench.verdicts(edition).await);
    }
    all
}

/// What became of the verdicts that are not as they were, a line each.
fn changed(before: &Verdicts, after: &Verdicts) -> String {
    let lines = before.iter().filter_map(|(id, verdict)| {
        let now = &after[id];
        (now != verdict).then(|| format!("{id}: {verdict} -> {now}\n"))
    });
    lines.collect()
}

#[tokio::test]
async fn a_facility_where_everything_is_in_order_meets_every_requirement() {
    let bench = Bench::exemplary().await;
    let unmet: Vec<(String, String)> =
        all(&bench).await.into_iter().filter(|(_, verdict)| verdict != "met").collect();
    assert!(unmet.is_empty(), "{unmet:#?}");
}

#[tokio::test]
async fn stopped_backups_change_exactly_the_verdicts_that_rest_on_them() {
    let bench = Bench::exemplary().await;
    let before = all(&bench).await;
    bench.shows("runtime.backup.last_hours", Value::Count(100));
    let after = all(&bench).await;
    assert_eq!(changed(&before, &after), include_str!("expected/backups-stopped.txt"));
    bench.shows("runtime.backup.last_hours", Value::Count(1));
    assert_eq!(changed(&before, &all(&bench).await), "");
}

#[tokio::test]
async fn a_document_that_was_not_reviewed_in_time_changes_exactly_the_verdicts_that_rest_on_it() {
    let bench = Bench::exemplary().await;
    let before = all(&bench).await;
    let listed = bench.does(json!({ "command": "document-list" })).await;
    let old = listed["documents"].as_array().unwrap().iter().find(|one| one["kind"] == "bcp").unwrap();
    bench.adds("bcp", json!({ "replaces": old["id"], "review_on": "2026-04-10" })).await;
    assert_eq!(changed(&before, &all(&bench).await), "", "the new version counts as the one before");
    bench.passes(9);
    assert_eq!(changed(&before, &all(&bench).await), "", "it counts until the end of that day");
    bench.passes(1);
    assert_eq!(changed(&before, &all(&bench).await), include_str!("expected/bcp-expired.txt"));
    bench.adds("bcp", json!({})).await;
    assert_eq!(changed(&before, &all(&bench).await), "");
}

#[tokio::test]
async fn an_answer_that_is_over_is_asked_again() {
    let bench = Bench::exemplary().await;
    let before = all(&bench).await;
    let command = json!({
        "command": "attest", "question": "training_held", "answer": true, "name": "事務長", "until": "2026-04-05",
    });
    bench.does(command).await;
    assert_eq!(changed(&before, &all(&bench).await), "");
    bench.passes(10);
    let after = all(&bench).await;
    let changed = changed(&before, &after);
    assert!(
        !changed.is_empty() && changed.lines().all(|line| line.ends_with("met -> needs-a-person")),
        "{changed}"
    );
    bench.attests("training_held", json!(false)).await;
    let no = all(&bench).await;
    for (id, verdict) in &after {
        if verdict == "needs-a-person" {
            assert!(no[id] == "not-met" || no[id] == "partly", "{id}: {}", no[id]);
        } else {
            assert_eq!(&no[id], verdict);
        }
    }
}
