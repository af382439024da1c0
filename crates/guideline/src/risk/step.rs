//! The steps of the process, and every rule of it: from naming a risk to closing it.
//!
//! ```text
//! identified → assessed → planned → (approved) → in force → reviewed … → closed → reopened
//!      ↑ describe   ↑ assess again   ↑ plan again
//! ```
//!
//! What is decided rests on what was known: who assesses again drops the approval and that the treatment is in force; who
//! plans again drops the approval of the plan before; who describes another threat drops all. What was before stands in
//! the journal. Nobody decides alone: who approves, reviews what was accepted, or closes has neither assessed nor planned.

use super::form;
use super::model::{Approval, Assessed, Description, Done, Plan, Risk, Treatment};
use super::register::Register;
use super::scale::{Extent, Grade, LevelRule, NeedsApproval, Scale};
use super::words::{CountermeasureKind, Status, TreatmentKind};
use super::{Method, Rules};
use crate::catalogue::{Actor, Catalogue};
use crate::codes;
use crate::day::Day;
use crate::fact::Moment;
use base::{Code, Problem};
use serde::{Deserialize, Serialize};

/// Who does something, as what, and when.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct By {
    /// Their account.
    pub person: String,
    /// As what they act. The caller has made sure that they may.
    pub role: Actor,
    /// When.
    pub at: Moment,
}

impl By {
    fn today(&self) -> Day {
        Day::of(self.at.0)
    }

    fn done(&self, why: &str) -> Done {
        Done { by: self.person.clone(), role: self.role, at: self.at, why: why.to_owned() }
    }
}

/// What can be done with a risk.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Step {
    /// Says anew what it is about.
    Describe(Description),
    /// Rates it, for the first time or again.
    Assess {
        /// How likely.
        likelihood: Grade,
        /// How bad.
        impact: Grade,
        /// Why.
        why: String,
        /// When it is to be looked at again.
        review_by: Day,
    },
    /// Says what is to be done about it, for the first time or anew.
    Plan(Plan),
    /// Approves of the plan and of what it leaves.
    Approve {
        /// What the executive says to it.
        note: String,
        /// Which plan: the moment when it was made, so that nobody approves of another than they read.
        planned_at: Moment,
    },
    /// Says that the plan is carried out.
    PutInForce {
        /// By what that is seen.
        why: String,
    },
    /// Looks at it again and finds that everything still holds.
    Review {
        /// What was looked at.
        why: String,
        /// When it is to be looked at again.
        review_by: Day,
    },
    /// Says that it is gone, or does not apply.
    Close {
        /// Why.
        why: String,
    },
    /// Takes up again what was closed, from the beginning.
    Reopen {
        /// Why.
        why: String,
    },
}

/// The risk after a step. Nothing else changes a risk.
pub(super) fn take(
    register: &Register,
    risk: &Risk,
    step: &Step,
    by: &By,
    rules: Rules<'_>,
) -> Result<Risk, Problem> {
    form::person("by", &by.person)?;
    if !possible(step, risk.status()) {
        return Err(refused(&codes::RISK_ORDER, risk));
    }
    let Rules { catalogue, method: Method { scale, .. } } = rules;
    match step {
        Step::Describe(description) => described(risk, description, register, catalogue),
        Step::Assess { likelihood, impact, why, review_by } => {
            form::text("assessed.why", why)?;
            let extent = Extent { likelihood: *likelihood, impact: *impact };
            within("review_by", *review_by, by.today(), scale.rule(scale.level(extent)).review_days_max)?;
            Ok(assessed(risk, (extent, why), by, *review_by, scale))
        }
        Step::Plan(plan) => planned(risk, plan, by, rules),
        Step::Approve { note, planned_at } => {
            form::text("approval.note", note)?;
            approved(risk, note, *planned_at, by)
        }
        Step::PutInForce { why } => {
            form::text("in_force.why", why)?;
            put_in_force(risk, by.done(why), scale)
        }
        Step::Review { why, review_by } => {
            form::text("reviewed.why", why)?;
            reviewed(risk, by, why, *review_by, scale)
        }
        Step::Close { why } => {
            form::text("closed.why", why)?;
            closed(risk, by, why)
        }
        Step::Reopen { why } => {
            form::text("why", why)?;
            Ok(bare(risk))
        }
    }
}

/// Which step can be taken at which point.
fn possible(step: &Step, status: Status) -> bool {
    match step {
        Step::Describe(_) | Step::Assess { .. } | Step::Close { .. } => status != Status::Closed,
        Step::Plan(_) => {
            matches!(status, Status::Assessed | Status::Planned | Status::Approved | Status::InForce)
        }
        Step::Approve { .. } => status == Status::Planned,
        Step::PutInForce { .. } => matches!(status, Status::Planned | Status::Approved),
        Step::Review { .. } => status == Status::InForce,
        Step::Reopen { .. } => status == Status::Closed,
    }
}

/// The risk with nothing decided.
fn bare(risk: &Risk) -> Risk {
    Risk { suggested: risk.suggested.clone(), ..Risk::named(risk.id.clone(), risk.description()) }
}

fn described(
    risk: &Risk,
    description: &Description,
    register: &Register,
    catalogue: &Catalogue,
) -> Result<Risk, Problem> {
    form::description(description)?;
    register.knows(&risk.id, description, catalogue)?;
    // A heading may be put better. What the risk is about was assessed and approved as it was.
    let heading = Description { title: risk.title.clone(), ..description.clone() };
    let next = Risk { title: description.title.clone(), ..risk.clone() };
    if heading == risk.description() {
        return Ok(next);
    }
    let same_scenario = description.scenario == risk.scenario;
    let suggested = if same_scenario { risk.suggested.clone() } else { Vec::new() };
    Ok(Risk { suggested, ..Risk::named(risk.id.clone(), description.clone()) })
}

fn assessed(risk: &Risk, (extent, why): (Extent, &str), by: &By, review_by: Day, scale: &Scale) -> Risk {
    let Extent { likelihood, impact } = extent;
    let (why, person) = (why.to_owned(), by.person.clone());
    let still_fits =
        |plan: &Treatment| fits(plan.kind, extent, plan.residual.extent(), scale, &risk.id).is_ok();
    Risk {
        assessed: Some(Assessed { likelihood, impact, why, by: person, at: by.at }),
        treatment: risk.treatment.clone().filter(still_fits),
        review_by: Some(review_by),
        approval: None,
        in_force: None,
        reviewed: None,
        ..risk.clone()
    }
}

fn planned(risk: &Risk, plan: &Plan, by: &By, rules: Rules<'_>) -> Result<Risk, Problem> {
    form::plan(plan)?;
    let Some(assessed) = &risk.assessed else { return Err(refused(&codes::RISK_ORDER, risk)) };
    for requirement in plan.countermeasures.iter().filter_map(|one| one.requirement.as_ref()) {
        rules.catalogue.requirement(requirement).map_err(|_| reference(&risk.id, requirement))?;
    }
    enough_measures(risk, plan)?;
    let (scale, extent) = (&rules.method.scale, assessed.extent());
    fits(plan.kind, extent, plan.residual.extent(), scale, &risk.id)?;
    within("treatment.due", plan.due, by.today(), scale.rule(scale.level(extent)).due_days_max)?;
    Ok(Risk {
        treatment: Some(made(plan.clone(), by)),
        approval: None,
        in_force: None,
        reviewed: None,
        ..risk.clone()
    })
}

fn made(plan: Plan, by: &By) -> Treatment {
    let Plan { kind, why, countermeasures, cost, owner, due, residual } = plan;
    let (person, at) = (by.person.clone(), by.at);
    Treatment { kind, why, countermeasures, cost, owner, due, residual, by: person, at }
}

/// Every treatment does something; what is accepted is at least noticed.
fn enough_measures(risk: &Risk, plan: &Plan) -> Result<(), Problem> {
    let detects = plan.countermeasures.iter().any(|one| one.kind == CountermeasureKind::Detective);
    let enough = !plan.countermeasures.is_empty() && (plan.kind != TreatmentKind::Accept || detects);
    if enough { Ok(()) } else { Err(refused(&codes::RISK_MEASURE, risk)) }
}

/// What a treatment leaves is not more than there was, and may be left. Whatever lowers nothing is acceptance, and may not
/// pass under another name. An acceptance is judged by the risk as it was assessed, not by hopes.
fn fits(kind: TreatmentKind, was: Extent, left: Extent, scale: &Scale, id: &str) -> Result<(), Problem> {
    let problem = |code| Problem::new(code).with("id", id).log(id.to_owned());
    if !lowers(kind, was, left) {
        return Err(problem(&codes::RISK_RESIDUAL));
    }
    let judged = if kind == TreatmentKind::Accept { was } else { left };
    if scale.rule(scale.level(judged)).may_remain { Ok(()) } else { Err(problem(&codes::RISK_REMAINS)) }
}

fn lowers(kind: TreatmentKind, was: Extent, left: Extent) -> bool {
    left.within(was) && (left != was || kind == TreatmentKind::Accept || was.is_least())
}

fn approved(risk: &Risk, note: &str, planned_at: Moment, by: &By) -> Result<Risk, Problem> {
    if risk.treatment.as_ref().map(|treatment| treatment.at) != Some(planned_at) {
        return Err(refused(&codes::RISK_ORDER, risk));
    }
    executive(risk, by)?;
    second_person(risk, by)?;
    let (person, note) = (by.person.clone(), note.to_owned());
    let approval = Approval { by: person, role: by.role, at: by.at, note };
    Ok(Risk { approval: Some(approval), ..risk.clone() })
}

fn put_in_force(risk: &Risk, done: Done, scale: &Scale) -> Result<Risk, Problem> {
    let ready = risk.approval.is_some() || !needs_approval(risk, scale);
    if !ready {
        return Err(refused(&codes::RISK_ORDER, risk));
    }
    Ok(Risk { in_force: Some(done), ..risk.clone() })
}

/// Whether the treatment needs an executive's approval; not while none is planned.
pub(super) fn needs_approval(risk: &Risk, scale: &Scale) -> bool {
    risk.treatment.as_ref().is_some_and(|treatment| {
        let left = scale.rule(scale.level(treatment.residual.extent()));
        treatment.kind == TreatmentKind::Accept || left.approval == NeedsApproval::Always
    })
}

/// Reviewing what needed an approval prolongs it, and is decided by the same people.
fn reviewed(risk: &Risk, by: &By, why: &str, review_by: Day, scale: &Scale) -> Result<Risk, Problem> {
    if needs_approval(risk, scale) {
        executive(risk, by)?;
        second_person(risk, by)?;
    }
    let days = remaining_rule(risk, scale).map_or(0, |rule| rule.review_days_max);
    within("review_by", review_by, by.today(), days)?;
    Ok(Risk { reviewed: Some(by.done(why)), review_by: Some(review_by), ..risk.clone() })
}

/// The rule of the level that remains; of what was accepted, the level as it was assessed.
fn remaining_rule<'a>(risk: &Risk, scale: &'a Scale) -> Option<&'a LevelRule> {
    let accepts = risk.treatment.as_ref().is_some_and(|one| one.kind == TreatmentKind::Accept);
    let assessed = risk.assessed.as_ref().map(Assessed::extent);
    let extent = if accepts { assessed } else { risk.extent() };
    extent.map(|extent| scale.rule(scale.level(extent)))
}

/// What was avoided is closed by a second person; anything else by an executive, for it would be acceptance otherwise.
fn closed(risk: &Risk, by: &By, why: &str) -> Result<Risk, Problem> {
    if !is_avoided(risk) {
        executive(risk, by)?;
    }
    second_person(risk, by)?;
    Ok(Risk { closed: Some(by.done(why)), ..risk.clone() })
}

fn is_avoided(risk: &Risk) -> bool {
    let avoids = risk.treatment.as_ref().is_some_and(|one| one.kind == TreatmentKind::Avoid);
    avoids && risk.in_force.is_some()
}

fn executive(risk: &Risk, by: &By) -> Result<(), Problem> {
    if by.role == Actor::Executive { Ok(()) } else { Err(refused(&codes::RISK_EXECUTIVE, risk)) }
}

fn second_person(risk: &Risk, by: &By) -> Result<(), Problem> {
    let own = involved(risk).any(|person| person == by.person);
    if own { Err(refused(&codes::RISK_TWO_PEOPLE, risk)) } else { Ok(()) }
}

/// Who assessed it and who planned its treatment.
fn involved(risk: &Risk) -> impl Iterator<Item = &str> {
    let assessed = risk.assessed.as_ref().map(|assessed| assessed.by.as_str());
    assessed.into_iter().chain(risk.treatment.as_ref().map(|treatment| treatment.by.as_str()))
}

/// What holds for every risk that came about by these steps, under any scale; what comes from storage is held against it.
pub(super) fn sound(risk: &Risk) -> Result<(), Problem> {
    form::risk(risk)?;
    let needs = |there: bool, first: bool| !there || first;
    let in_order = needs(risk.treatment.is_some(), risk.assessed.is_some())
        && needs(risk.assessed.is_some(), risk.review_by.is_some())
        && needs(risk.approval.is_some() || risk.in_force.is_some(), risk.treatment.is_some())
        && needs(risk.reviewed.is_some(), risk.in_force.is_some());
    if !in_order {
        return Err(refused(&codes::RISK_ORDER, risk));
    }
    if let (Some(assessed), Some(treatment)) = (&risk.assessed, &risk.treatment) {
        enough_measures(risk, &treatment.plan())?;
        if !lowers(treatment.kind, assessed.extent(), treatment.residual.extent()) {
            return Err(refused(&codes::RISK_RESIDUAL, risk));
        }
        let accepted = treatment.kind == TreatmentKind::Accept && risk.in_force.is_some();
        if accepted && risk.approval.is_none() {
            return Err(refused(&codes::RISK_ORDER, risk));
        }
    }
    if let Some(Approval { by, role, at, .. }) = &risk.approval {
        let by = By { person: by.clone(), role: *role, at: *at };
        executive(risk, &by)?;
        second_person(risk, &by)?;
    }
    match &risk.closed {
        Some(Done { by, role, at, why }) => {
            let by = By { person: by.clone(), role: *role, at: *at };
            closed(risk, &by, why).map(|_| ())
        }
        None => Ok(()),
    }
}

/// A day from today to the last that is allowed.
fn within(place: &'static str, day: Day, today: Day, days_max: u32) -> Result<(), Problem> {
    let last = today.plus_days(days_max);
    if (today..=last).contains(&day) {
        return Ok(());
    }
    let problem = Problem::new(&codes::RISK_DAY).with("day", day).with("place", place);
    Err(problem.with("first", today).with("last", last).at(place).log(place))
}

pub(super) fn reference(from: &str, to: &str) -> Problem {
    Problem::new(&codes::RISK_REFERENCE)
        .with("from", from)
        .with("to", to)
        .log(format!("the reference of {from}"))
}

fn refused(code: &'static Code, risk: &Risk) -> Problem {
    Problem::new(code).with("id", &risk.id).log(risk.id.clone())
}
