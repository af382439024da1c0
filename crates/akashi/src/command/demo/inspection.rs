//! The inspection of the demo: the guidelines assessed, the papers handed out, what was brought forward since, and the
//! guidelines assessed again. Everything goes through the commands that people give, under the accounts of the demo's staff.

use super::day::{Cut, Sent, Staff, refused};
use super::evidence::{ANSWERS, NAMED, Named, PAPERS, TARGETS, assets, disclosure, flows};
use crate::command::check;
use base::{Clock, SystemClock, Time};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What the operator assesses: the guideline, the checklists that an inspection asks for, the disclosure.
const EDITIONS: [&str; 4] = ["mhlw-7.0", "mhlw-checklist-2026", "mhlw-checklist-2025", "jahis-sds-5.0"];
/// Who gets the papers.
const RECIPIENT: &str = "架空県 保健所（立入検査）";
/// How the site of the clinic is described.
const SITE: &str = include_str!("site.yaml");
/// The name of that description.
const SITE_NAME: &str = "site.yaml";
const DAY_SECONDS: i64 = 86_400;

impl Staff<'_> {
    /// Does what was not done yet: an interrupted day goes on where it stopped.
    pub(super) async fn inspect(&mut self) -> Result<(), Cut> {
        let handed = self.tell("operator", "report-list", json!({})).await?;
        if !has_any(&handed, "reports") {
            self.assess().await?;
            let papers = json!({ "form": "inspection", "output": "json", "recipient": RECIPIENT });
            self.tell("operator", "report", papers).await?;
        }
        self.documents().await?;
        self.answers().await?;
        self.site().await?;
        self.register().await?;
        for named in &NAMED {
            self.risk(named).await?;
        }
        self.targets().await?;
        self.assess().await
    }

    async fn assess(&mut self) -> Result<(), Cut> {
        for edition in EDITIONS {
            self.tell("operator", "assess", json!({ "edition": edition })).await?;
        }
        Ok(())
    }

    async fn documents(&mut self) -> Result<(), Cut> {
        let listed = self.tell("operator", "document-list", json!({})).await?;
        let titles = texts(&listed, "documents", "/title");
        for one in PAPERS.iter().filter(|one| !titles.contains(one.title)) {
            let mut sent = json!({
                "kind": one.kind, "title": one.title, "version": one.version, "owner": one.owner,
                "place": { "shelf": one.shelf }, "review_on": day(i64::from(one.review)),
            });
            if let (Some((name, ago)), Some(members)) = (one.approved, sent.as_object_mut()) {
                members.insert("approved_by".to_owned(), json!(name));
                members.insert("approved_on".to_owned(), json!(day(-i64::from(ago))));
            }
            self.tell("operator", "document-add", sent).await?;
        }
        Ok(())
    }

    async fn answers(&mut self) -> Result<(), Cut> {
        let listed = self.tell("operator", "question-list", json!({})).await?;
        let answered: BTreeSet<&str> = list(&listed, "questions")
            .iter()
            .filter(|one| one.get("answer").is_some_and(|answer| !answer.is_null()))
            .filter_map(|one| one.get("question").and_then(Value::as_str))
            .collect();
        for (by, question, answer, name, note) in ANSWERS {
            if !answered.contains(format!("person.{question}").as_str()) {
                let said = json!({ "question": question, "answer": answer, "name": name, "note": note });
                self.tell(by, "attest", said).await?;
            }
        }
        Ok(())
    }

    async fn site(&mut self) -> Result<(), Cut> {
        let kept = self.tell("operator", "site-show", json!({})).await?;
        if kept.get("check").is_none_or(Value::is_null) {
            let made = check::of_description(SITE_NAME, SITE).map_err(|problems| {
                let code = problems.first().map_or("-", |problem| problem.code().id);
                refused(SITE_NAME, 0, &json!({ "code": code }))
            })?;
            self.tell("operator", "site-keep", json!(made)).await?;
        }
        Ok(())
    }

    /// The vendor's disclosure, assets, flows, and the risks that follow from them and from the check of the site.
    async fn register(&mut self) -> Result<(), Cut> {
        let listed = self.tell("operator", "disclosure-list", json!({})).await?;
        if !has_any(&listed, "disclosures") {
            let sent = json!({ "name": "imaging-vendor.json", "text": disclosure(&day(-170)) });
            self.tell("operator", "disclosure-import", sent).await?;
        }
        let listed = self.tell("operator", "risk-list", json!({})).await?;
        let (known_assets, known_flows) = (texts(&listed, "assets", "/id"), texts(&listed, "flows", "/id"));
        for asset in assets() {
            if !known_assets.contains(id_of(&asset)) {
                self.tell("operator", "risk-asset", json!({ "asset": asset })).await?;
            }
        }
        for flow in flows() {
            if !known_flows.contains(id_of(&flow)) {
                self.tell("operator", "risk-flow", json!({ "flow": flow })).await?;
            }
        }
        // What was proposed before is not proposed again.
        self.tell("operator", "risk-propose", json!({})).await.map(|_| ())
    }

    /// Names a risk and takes the steps that are left of those it came.
    async fn risk(&mut self, named: &Named) -> Result<(), Cut> {
        let listed = self.tell("operator", "risk-list", json!({})).await?;
        let mut row = list(&listed, "risks")
            .iter()
            .find(|one| one.pointer("/risk/id").and_then(Value::as_str) == Some(named.id))
            .cloned()
            .unwrap_or_default();
        if row.is_null() {
            let description = json!({
                "title": named.title, "threat": named.threat, "assets": named.assets, "flows": [],
            });
            let sent = json!({ "risk": named.id, "description": description });
            row = self.tell("operator", "risk-add", sent).await?;
        }
        while let Some((by, command, step)) = next_step(named, &row) {
            row = self.tell(by, command, json!({ "risk": named.id, "step": step })).await?;
        }
        Ok(())
    }

    async fn targets(&mut self) -> Result<(), Cut> {
        for (requirement, owner, days, note) in TARGETS {
            // Set again it stands as before.
            let sent = json!({
                "requirement": requirement, "owner": owner, "due": day(i64::from(days)), "note": note,
            });
            self.tell("operator", "requirement-target", sent).await?;
        }
        Ok(())
    }

    async fn tell(&mut self, by: &'static str, command: &str, body: Value) -> Result<Value, Cut> {
        self.expect(by, Sent::command(command, &body)).await
    }
}

/// Who takes which step next with a risk that stands so; none where it came as far as it shall.
fn next_step(named: &Named, row: &Value) -> Option<(&'static str, &'static str, Value)> {
    let (likelihood, impact, why) = named.rated;
    match row.get("status").and_then(Value::as_str).unwrap_or_default() {
        "identified" => Some((
            "operator",
            "risk-step",
            json!({ "assess": {
                "likelihood": likelihood, "impact": impact, "why": why, "review_by": day(80),
            } }),
        )),
        "assessed" => named.plan.as_ref().map(|plan| {
            let (likelihood, impact, why) = plan.left;
            let step = json!({ "plan": {
                "kind": "reduce", "why": plan.why, "cost": plan.cost, "owner": "架空 直樹", "due": day(60),
                "countermeasures": [{ "what": plan.what, "kind": plan.kind }],
                "residual": { "likelihood": likelihood, "impact": impact, "why": why },
            } });
            ("operator", "risk-step", step)
        }),
        "planned" => named.approved.map(|note| {
            let planned_at = row.pointer("/risk/treatment/at").cloned().unwrap_or_default();
            let step = json!({ "approve": { "note": note, "planned_at": planned_at } });
            ("director", "risk-decide", step)
        }),
        "approved" => {
            named.in_force.map(|why| ("operator", "risk-step", json!({ "put-in-force": { "why": why } })))
        }
        _ => None,
    }
}

fn list<'a>(told: &'a Value, name: &str) -> &'a [Value] {
    told.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn has_any(told: &Value, name: &str) -> bool {
    !list(told, name).is_empty()
}

/// The texts at a place of each entry of a list.
fn texts<'a>(told: &'a Value, name: &str, place: &str) -> BTreeSet<&'a str> {
    list(told, name).iter().filter_map(|one| one.pointer(place).and_then(Value::as_str)).collect()
}

fn id_of(value: &Value) -> &str {
    value.get("id").and_then(Value::as_str).unwrap_or_default()
}

/// The day in Japan so many days from today.
fn day(days: i64) -> String {
    let then: Time = SystemClock.now().plus_seconds(days.saturating_mul(DAY_SECONDS));
    then.in_japan().chars().take(10).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_risk_goes_on_from_where_it_stands_and_no_further_than_it_shall() {
        let [treated, waiting, rated] = &NAMED;
        let step = |named: &Named, status: &str| {
            let row = json!({ "status": status, "risk": { "treatment": { "at": "2026-10-01T00:00:00Z" } } });
            next_step(named, &row).map(|(by, command, _)| (by, command))
        };
        assert_eq!(step(treated, "identified"), Some(("operator", "risk-step")));
        assert_eq!(step(treated, "planned"), Some(("director", "risk-decide")));
        assert_eq!(step(treated, "in-force"), None);
        assert_eq!(step(waiting, "planned"), None, "it waits for the director");
        assert_eq!(step(rated, "assessed"), None);
    }

    #[test]
    fn the_site_of_the_clinic_can_be_checked_and_shows_something() {
        let check = check::of_description(SITE_NAME, SITE).unwrap();
        assert!(check.violated > 0 && !check.threats.is_empty() && check.picture.is_some());
        assert!(check.open_paths.is_some_and(|paths| !paths.is_empty()));
        assert_eq!(check.sources.len(), 1);
    }
}
