//! `akashi risk`: the risk register and its process.

use crate::arguments::{Risk, RiskAdd, RiskAsset, RiskFlow, RiskPlan, RiskSheet};
use crate::console::{self, Failure};
use crate::directory::Directory;
use crate::new_file::NewFile;
use crate::report::risk as report;
use crate::terminal::Terminal;
use base::{Language, Problem};
use evidence::{Command, SheetForm};
use guideline::Moment;
use guideline::codes::{RISK_ABSENT, RISK_ORDER};
use guideline::risk::{Asset, Description, End, Flow, Plan, Residual, Step};
use serde_json::Value;

pub(crate) fn run(terminal: &Terminal, risk: &Risk) -> Result<(), Failure> {
    let Some(asked) = risk.asked() else { return Ok(report::scale(terminal)?) };
    let directory = Directory::at(&asked.which.folder.data);
    let perform = |command| -> Result<Value, Failure> {
        let facility = asked.which.facility.as_ref();
        Ok(console::evidence(&directory, facility, terminal.language(), command)?.reply)
    };
    let reply = match risk {
        // Who approves has read the plan as it stands now.
        Risk::Approve(decide) => {
            let shown = one(&perform(Command::RiskList {})?, &decide.on.risk)?;
            let step = Step::Approve { note: decide.on.why.clone(), planned_at: planned_at(&shown)? };
            let (risk, by) = (decide.on.risk.clone(), decide.on.by.clone());
            perform(Command::RiskDecide { risk, step, by })?
        }
        Risk::Show(named) => one(&perform(Command::RiskList {})?, &named.risk)?,
        _ => perform(command(terminal, risk))?,
    };
    match risk {
        Risk::Export(export) => {
            NewFile::take(&export.out)?.fill(crate::report::text(&reply, "text").as_bytes())?;
            terminal.line(&export.out.display().to_string());
        }
        _ if asked.json => crate::report::json(terminal, &reply),
        Risk::List(_) => report::risks(terminal, &reply),
        Risk::Propose(_) => report::proposed(terminal, &reply),
        Risk::Asset(_) | Risk::Flow(_) | Risk::Remove(_) => report::entered(terminal, &reply),
        Risk::Show(_)
        | Risk::Add(_)
        | Risk::Describe(_)
        | Risk::Assess(_)
        | Risk::Plan(_)
        | Risk::Approve(_)
        | Risk::InForce(_)
        | Risk::Review(_)
        | Risk::Close(_)
        | Risk::Reopen(_)
        | Risk::Scale => report::risk(terminal, &reply),
    }
    Ok(())
}

fn one(reply: &Value, id: &str) -> Result<Value, Problem> {
    let all = reply.get("risks").and_then(Value::as_array);
    let named = |row: &&Value| row.pointer("/risk/id").and_then(Value::as_str) == Some(id);
    let found = all.into_iter().flatten().find(named);
    found.cloned().ok_or_else(|| Problem::new(&RISK_ABSENT).with("id", id))
}

fn planned_at(row: &Value) -> Result<Moment, Problem> {
    let at = row.pointer("/risk/treatment/at").cloned();
    at.and_then(|at| serde_json::from_value(at).ok()).ok_or_else(|| {
        let id = row.pointer("/risk/id").and_then(Value::as_str).unwrap_or_default();
        Problem::new(&RISK_ORDER).with("id", id)
    })
}

fn command(terminal: &Terminal, risk: &Risk) -> Command {
    let english = terminal.language() == Language::English;
    let step = |risk: &str, step, by| Command::RiskStep { risk: risk.to_owned(), step, by };
    match risk {
        Risk::Asset(one) => Command::RiskAsset { asset: asset(one) },
        Risk::Flow(one) => Command::RiskFlow { flow: flow(one) },
        Risk::Remove(one) => match (&one.what.asset, &one.what.flow) {
            (Some(asset), _) => Command::RiskAssetRemove { asset: asset.clone() },
            (None, flow) => Command::RiskFlowRemove { flow: flow.clone().unwrap_or_default() },
        },
        Risk::Propose(_) => Command::RiskPropose { english },
        Risk::Add(add) => Command::RiskAdd { risk: add.risk.clone(), description: description(add) },
        Risk::Describe(one) => step(&one.risk, Step::Describe(description(one)), None),
        Risk::Assess(one) => {
            let (likelihood, impact, why) = (one.likelihood, one.impact, one.on.why.clone());
            let assess = Step::Assess { likelihood, impact, why, review_by: one.review_by };
            step(&one.on.risk, assess, one.on.by.clone())
        }
        Risk::Plan(one) => step(&one.on.risk, Step::Plan(plan(one)), one.on.by.clone()),
        Risk::InForce(one) => {
            step(&one.on.risk, Step::PutInForce { why: one.on.why.clone() }, one.on.by.clone())
        }
        Risk::Reopen(one) => step(&one.on.risk, Step::Reopen { why: one.on.why.clone() }, one.on.by.clone()),
        Risk::Review(one) => {
            let review = Step::Review { why: one.on.why.clone(), review_by: one.review_by };
            decided(&one.on.risk, review, one.on.by.clone())
        }
        Risk::Close(one) => decided(&one.on.risk, Step::Close { why: one.on.why.clone() }, one.on.by.clone()),
        Risk::Export(export) => {
            let form = match export.format {
                RiskSheet::Csv => SheetForm::Csv,
                RiskSheet::Json => SheetForm::Json,
            };
            Command::RiskExport { form, english }
        }
        // The last three are asked for above, by what the list says.
        Risk::List(_) | Risk::Show(_) | Risk::Approve(_) | Risk::Scale => Command::RiskList {},
    }
}

/// What an executive may have to decide: with their name as theirs, without one as that of whoever runs the facility.
fn decided(risk: &str, step: Step, by: Option<identity::AccountId>) -> Command {
    let risk = risk.to_owned();
    if by.is_some() { Command::RiskDecide { risk, step, by } } else { Command::RiskStep { risk, step, by } }
}

fn description(one: &RiskAdd) -> Description {
    Description {
        title: one.title.clone(),
        scenario: one.scenario.clone(),
        assets: one.assets.iter().cloned().collect(),
        flows: one.flows.iter().cloned().collect(),
        threat: one.threat.clone(),
    }
}

fn asset(one: &RiskAsset) -> Asset {
    Asset {
        id: one.id.clone(),
        name: one.name.clone(),
        kind: one.kind,
        holds: one.holds.iter().copied().collect(),
        place: one.place,
        owner: one.owner.clone(),
    }
}

fn flow(one: &RiskFlow) -> Flow {
    let end = |asset: &Option<String>, outside: &Option<String>| match (asset, outside) {
        (Some(asset), _) => End::Asset(asset.clone()),
        (None, outside) => End::Outside(outside.clone().unwrap_or_default()),
    };
    Flow {
        id: one.id.clone(),
        name: one.name.clone(),
        from: end(&one.from, &one.from_outside),
        to: end(&one.to, &one.to_outside),
        carries: one.carries.iter().copied().collect(),
        by: one.by,
        crosses_boundary: one.crosses_boundary,
    }
}

fn plan(one: &RiskPlan) -> Plan {
    let residual =
        Residual { likelihood: one.left_likelihood, impact: one.left_impact, why: one.left_why.clone() };
    Plan {
        kind: one.kind,
        why: one.on.why.clone(),
        countermeasures: one.measures.clone(),
        cost: one.cost.clone(),
        owner: one.owner.clone(),
        due: one.due,
        residual,
    }
}
