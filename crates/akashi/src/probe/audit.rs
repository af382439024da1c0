//! The audit trail, tried: the probe makes itself an entry, looks whether it is found again, and has the journal prove
//! that it grew by it.

use super::Sight;
use access::Action;
use base::Position;
use guideline::Fact;
use serde_json::Value as Json;

pub(super) async fn look(sight: &Sight<'_>) -> Vec<Fact> {
    let (store, records) = (&sight.opened.store, &sight.opened.records);
    let mut facts = Vec::new();
    let Ok(before) = store.checkpoint() else { return facts };
    let old = before.lines().nth(1).and_then(|size| size.parse().ok());
    let entered = records.at_the_console(Action::command("facts"), "assess", async { Ok(()) }).await;
    let Ok(((), place)) = entered else { return facts };
    if let Some(found) = found_again(sight, place).await {
        let how = ("実際に操作し、その記録を検索して確認", "entered a look and searched for it");
        facts.push(sight.yes_no("runtime.audit.every_access", found, how).at(place));
    }
    let proven = old.and_then(|old| store.consistency(old).ok().flatten()).map(|proof| {
        store::verify_consistency(proof.to_string().as_bytes(), &before, store.verifier()).is_ok()
    });
    if let Some(proven) = proven {
        let how = (
            "ジャーナルが以前のチェックポイントの続きであることを検証",
            "verified that the journal continues its checkpoint",
        );
        facts.push(sight.yes_no("runtime.audit.tamper_evident", proven, how).at(place));
    }
    let told = sight.opened.identity.facts();
    let forwarded = told.iter().find(|fact| fact.name == "audit.collector.configured");
    if let Some(forwarded) = forwarded.and_then(|fact| fact.value.as_bool()) {
        facts.push(sight.yes_no(
            "runtime.audit.forwarded",
            forwarded,
            ("転送処理の状態", "state of the sender"),
        ));
    }
    facts
}

/// Whether the entry stands in the trail with who, when and what; none when the trail cannot be read.
async fn found_again(sight: &Sight<'_>, place: Position) -> Option<bool> {
    let query = vec![("_count".to_owned(), "20".to_owned())];
    let base_url = format!("https://localhost/f/{}/fhir", sight.opened.identity.facility());
    let told = sight.opened.records.accesses_at_the_console(&query, &base_url).await.ok()?;
    let entries = told.get("entries").and_then(Json::as_array)?;
    let own = entries.iter().find(|entry| entry.get("entry").and_then(Json::as_u64) == Some(place.0));
    let said = |entry: &Json, name: &str| {
        entry.get(name).and_then(Json::as_str).is_some_and(|text| !text.is_empty())
    };
    Some(own.is_some_and(|entry| said(entry, "time") && said(entry, "account") && said(entry, "target")))
}
