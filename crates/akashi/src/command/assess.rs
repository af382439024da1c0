//! `akashi assess`: whether the requirements of a guideline are met, by what the running system shows.

use crate::arguments::{Assess, AssessFormat, Role, Which};
use crate::console::{self, Failure};
use crate::directory::Directory;
use crate::report::assess as report;
use crate::terminal::Terminal;
use base::{Clock, Problem, SystemClock};
use guideline::{Engine, Fact, Facts, Side};
use std::process::ExitCode;

pub(crate) fn run(terminal: &Terminal, assess: &Assess) -> Result<ExitCode, Failure> {
    let engine = guideline::engine()?;
    // A wrong name is told before anybody is asked.
    engine.catalogue.edition(&assess.edition)?;
    if let Some(id) = &assess.explain {
        engine.catalogue.requirement(id)?;
    }
    let facts = seen(terminal, &assess.which, &engine)?;
    if assess.facts {
        report::facts(terminal, &engine, &facts, assess.format == AssessFormat::Json);
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(id) = &assess.explain {
        let verdict = report::explained(terminal, &engine, &facts, id, assess.format == AssessFormat::Json)?;
        return Ok(code(verdict.is_settled()));
    }
    let side = assess.role.map(|role| match role {
        Role::Facility => Side::Facility,
        Role::Provider => Side::Provider,
    });
    let assessment = engine.assess(&assess.edition, side, &facts)?;
    match assess.format {
        AssessFormat::Json => report::json(terminal, &engine, &assessment)?,
        AssessFormat::Table if assess.open => report::open(terminal, &engine, &assessment)?,
        AssessFormat::Table => report::table(terminal, &engine, &assessment)?,
    }
    Ok(code(assessment.is_settled()))
}

/// What the running system shows about itself now.
///
/// # Errors
/// What the facility says against it.
pub(crate) fn seen(terminal: &Terminal, which: &Which, engine: &Engine) -> Result<Facts, Failure> {
    let directory = Directory::at(&which.folder.data);
    let done = console::probe(&directory, which.facility.as_ref(), terminal.language())?;
    let seen: Vec<Fact> = serde_json::from_value(done.reply).map_err(|error| {
        Problem::new(&crate::codes::CONSOLE_SILENT).log(format!("facts that are not understood: {error}"))
    })?;
    Ok(Facts::gather(&engine.registry, seen, SystemClock.now())?)
}

/// A script sees at once whether anything is left to do.
fn code(settled: bool) -> ExitCode {
    if settled { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
