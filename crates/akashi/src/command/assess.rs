//! `akashi assess`: whether the requirements of a guideline are met, by what the running system shows.

use super::check::{self, Files};
use crate::arguments::{Assess, AssessFormat, Role, Which};
use crate::configuration::Configuration;
use crate::console::{self, Failure};
use crate::directory::Directory;
use crate::new_file::NewFile;
use crate::report::assess as report;
use crate::terminal::Terminal;
use base::{Clock, Language, Problem, SystemClock};
use evidence::{Command, Page};
use guideline::{Assessment, Engine, Exclusion, Exclusions, Fact, Facts, Moment, Side};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::process::ExitCode;
use std::sync::Arc;

pub(crate) fn run(terminal: &Terminal, assess: &Assess) -> Result<ExitCode, Failure> {
    // Without a data directory, what is built in still knows a wrong name.
    let data = &assess.which.folder.data;
    let rules = if data.is_dir() { Configuration::read(data)?.rules() } else { Arc::default() };
    let engine = rules.engine()?;
    // A wrong name is told before anybody is asked.
    engine.catalogue.edition(&assess.edition)?;
    if let Some(id) = &assess.explain {
        engine.catalogue.requirement(id)?;
    }
    // Before anything is done: nothing is assessed that could not be written.
    let out = match &assess.out {
        Some(_) if assess.format == AssessFormat::Table => {
            return Err(Problem::new(&crate::codes::OUT_WITHOUT_FORM).into());
        }
        Some(out) => Some(NewFile::take(out)?),
        None => None,
    };
    if assess.facts || assess.explain.is_some() {
        return known(terminal, assess, engine);
    }
    if assess.site.is_some() || !assess.plans.is_empty() {
        let files = Files { site: assess.site.as_deref(), plans: &assess.plans, sources: &assess.sources };
        check::keep_first(terminal, files, &assess.which)?;
    }
    let side = assess.role.map(|role| match role {
        Role::Facility => Side::Facility,
        Role::Provider => Side::Provider,
    });
    let at = assess.at.map(Moment);
    let reply = asked(
        terminal,
        &assess.which,
        Command::Assess { edition: assess.edition.clone(), side, at, page: page(terminal, assess) },
    )?;
    let assessment: Assessment = understood(reply.clone())?;
    match assess.format {
        AssessFormat::Json => write(terminal, out, &format!("{reply:#}\n"))?,
        AssessFormat::Oscal | AssessFormat::Html => {
            write(terminal, out, crate::report::text(&reply, "text"))?;
        }
        AssessFormat::Table if assess.open => report::open(terminal, engine, &assessment)?,
        AssessFormat::Table => report::table(terminal, engine, &assessment, &reply)?,
    }
    Ok(code(assessment.is_settled()))
}

/// The document that is wanted.
fn page(terminal: &Terminal, assess: &Assess) -> Option<Page> {
    match (assess.format, terminal.language()) {
        (AssessFormat::Oscal, _) => Some(Page::Oscal),
        (AssessFormat::Html, Language::Japanese) => Some(Page::HtmlJa),
        (AssessFormat::Html, Language::English) => Some(Page::HtmlEn),
        (AssessFormat::Table | AssessFormat::Json, _) => None,
    }
}

fn write(terminal: &Terminal, out: Option<NewFile>, text: &str) -> Result<(), Problem> {
    if let Some(out) = out {
        return out.fill(text.as_bytes());
    }
    terminal.line(text.trim_end());
    Ok(())
}

/// What is known, or the grounds of one requirement: nothing is kept of it.
fn known(terminal: &Terminal, assess: &Assess, engine: &Engine) -> Result<ExitCode, Failure> {
    let reply = asked(terminal, &assess.which, Command::FactList { recent: false })?;
    let seen: Vec<Fact> = understood(reply.get("facts").cloned().unwrap_or_default())?;
    let excluded: Vec<Exclusion> = understood(reply.get("exclusions").cloned().unwrap_or_default())?;
    let now = SystemClock.now();
    let excluded = Exclusions::gather(&engine.catalogue, excluded, now)?;
    let facts = Facts::gather(&engine.registry, seen, now)?.excluding(excluded);
    if assess.facts {
        report::facts(terminal, engine, &facts, assess.format == AssessFormat::Json);
        return Ok(ExitCode::SUCCESS);
    }
    let id = assess.explain.as_deref().unwrap_or_default();
    let verdict = report::explained(terminal, engine, &facts, id, assess.format == AssessFormat::Json)?;
    Ok(code(verdict.is_settled()))
}

fn asked(terminal: &Terminal, which: &Which, command: Command) -> Result<Value, Failure> {
    let directory = Directory::at(&which.folder.data);
    Ok(console::evidence(&directory, which.facility.as_ref(), terminal.language(), command)?.reply)
}

/// A server of another version may answer otherwise.
fn understood<T: DeserializeOwned>(reply: Value) -> Result<T, Problem> {
    serde_json::from_value(reply).map_err(|error| {
        Problem::new(&crate::codes::CONSOLE_SILENT).log(format!("an answer that is not understood: {error}"))
    })
}

/// A script sees at once whether anything is left to do.
fn code(settled: bool) -> ExitCode {
    if settled { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
