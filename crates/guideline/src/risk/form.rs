//! The forms of texts, ids and lists: bounded, visible, and named by their place when they do not fit.

use super::model::{
    Approval, Assessed, Asset, Countermeasure, Description, Done, End, Flow, Plan, Risk, Treatment,
};
use super::words::Information;
use crate::codes;
use base::Problem;
use std::collections::BTreeSet;

/// Longest text in characters.
pub const TEXT_CHARS_MAX: usize = 2_000;
/// Longest id of an asset, a flow or a risk in characters.
pub const ID_CHARS_MAX: usize = 64;
/// Longest name of an account in characters.
pub const PERSON_CHARS_MAX: usize = 200;
/// Most assets, flows or risks of a register, each; also most that one risk names.
pub const REGISTER_MAX: usize = 1_000;
/// Most countermeasures of a treatment.
pub const COUNTERMEASURES_MAX: usize = 50;

/// That something at a place is not of its form.
pub(super) fn wrong(place: &str) -> Problem {
    Problem::new(&codes::RISK_FORM).with("place", place).at(place).log(place.to_owned())
}

fn demand(fits: bool, place: &str) -> Result<(), Problem> {
    if fits { Ok(()) } else { Err(wrong(place)) }
}

pub(super) fn text(place: &str, text: &str) -> Result<(), Problem> {
    let visible = !text.trim().is_empty() && !text.chars().any(char::is_control);
    demand(visible && text.chars().count() <= TEXT_CHARS_MAX, place)
}

pub(super) fn id(place: &str, id: &str) -> Result<(), Problem> {
    let plain = id.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    demand(plain && !id.is_empty() && id.len() <= ID_CHARS_MAX, place)
}

/// Accounts are compared to tell two people apart: nothing invisible may make one person two.
pub(super) fn person(place: &str, person: &str) -> Result<(), Problem> {
    let plain = person.chars().all(|letter| letter.is_ascii_graphic());
    demand(plain && !person.is_empty() && person.len() <= PERSON_CHARS_MAX, place)
}

pub(super) fn asset(asset: &Asset) -> Result<(), Problem> {
    id("asset.id", &asset.id)?;
    text("asset.name", &asset.name)?;
    information("asset.holds", &asset.holds)?;
    text("asset.owner", &asset.owner)
}

pub(super) fn flow(flow: &Flow) -> Result<(), Problem> {
    id("flow.id", &flow.id)?;
    text("flow.name", &flow.name)?;
    end("flow.from", &flow.from)?;
    end("flow.to", &flow.to)?;
    information("flow.carries", &flow.carries)
}

fn end(place: &str, end: &End) -> Result<(), Problem> {
    match end {
        End::Asset(asset) => id(place, asset),
        End::Outside(name) => text(place, name),
    }
}

/// Who says that there is nothing to protect cannot name something as well.
fn information(place: &str, all: &BTreeSet<Information>) -> Result<(), Problem> {
    demand(all.len() <= 1 || !all.contains(&Information::Nothing), place)
}

pub(super) fn description(description: &Description) -> Result<(), Problem> {
    let Description { title, scenario, assets, flows, threat } = description;
    text("title", title)?;
    if let Some(scenario) = scenario {
        text("scenario", scenario)?;
    }
    ids("assets", assets)?;
    ids("flows", flows)?;
    text("threat", threat)
}

fn ids(place: &str, all: &BTreeSet<String>) -> Result<(), Problem> {
    demand(all.len() <= REGISTER_MAX, place)?;
    all.iter().try_for_each(|one| id(place, one))
}

pub(super) fn plan(plan: &Plan) -> Result<(), Problem> {
    text("treatment.why", &plan.why)?;
    countermeasures(&plan.countermeasures)?;
    text("treatment.cost", &plan.cost)?;
    text("treatment.owner", &plan.owner)?;
    text("treatment.residual.why", &plan.residual.why)
}

fn countermeasures(all: &[Countermeasure]) -> Result<(), Problem> {
    demand(all.len() <= COUNTERMEASURES_MAX, "treatment.countermeasures")?;
    for (number, one) in all.iter().enumerate() {
        let place = format!("treatment.countermeasures[{number}]");
        text(&format!("{place}.what"), &one.what)?;
        if let Some(requirement) = &one.requirement {
            text(&format!("{place}.requirement"), requirement)?;
        }
    }
    Ok(())
}

/// A whole risk, as it comes from storage.
pub(super) fn risk(risk: &Risk) -> Result<(), Problem> {
    id("risk.id", &risk.id)?;
    description(&risk.description())?;
    demand(risk.suggested.len() <= REGISTER_MAX, "suggested")?;
    risk.suggested.iter().try_for_each(|one| text("suggested.requirement", &one.requirement))?;
    if let Some(Assessed { why, by, .. }) = &risk.assessed {
        text("assessed.why", why)?;
        person("assessed.by", by)?;
    }
    if let Some(treatment) = &risk.treatment {
        plan(&treatment.plan())?;
        person("treatment.by", &treatment.by)?;
    }
    if let Some(Approval { by, note, .. }) = &risk.approval {
        person("approval.by", by)?;
        text("approval.note", note)?;
    }
    done("in_force", risk.in_force.as_ref())?;
    done("reviewed", risk.reviewed.as_ref())?;
    done("closed", risk.closed.as_ref())
}

fn done(place: &str, done: Option<&Done>) -> Result<(), Problem> {
    let Some(Done { by, why, .. }) = done else { return Ok(()) };
    person(&format!("{place}.by"), by)?;
    text(&format!("{place}.why"), why)
}

impl Risk {
    /// What it is about.
    pub fn description(&self) -> Description {
        Description {
            title: self.title.clone(),
            scenario: self.scenario.clone(),
            assets: self.assets.clone(),
            flows: self.flows.clone(),
            threat: self.threat.clone(),
        }
    }
}

impl Treatment {
    /// What is planned, without who planned it.
    pub fn plan(&self) -> Plan {
        Plan {
            kind: self.kind,
            why: self.why.clone(),
            countermeasures: self.countermeasures.clone(),
            cost: self.cost.clone(),
            owner: self.owner.clone(),
            due: self.due,
            residual: self.residual.clone(),
        }
    }
}
