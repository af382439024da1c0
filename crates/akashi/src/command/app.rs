//! `akashi app`: apps and services that come by OAuth 2.0.

use crate::arguments::{App, AppTraits};
use crate::console::{self, Failure};
use crate::directory::Directory;
use crate::report;
use crate::terminal::Terminal;
use base::Problem;
use identity::Command;
use identity::command::{AppChanges, NewApp};
use serde_json::Value;
use std::path::Path;
use store::disk;

pub(crate) fn run(terminal: &Terminal, app: &App) -> Result<(), Failure> {
    let asked = app.asked();
    let command = command(app)?;
    let directory = Directory::at(&asked.which.folder.data);
    let done = console::perform(&directory, asked.which.facility.as_ref(), terminal.language(), command)?;
    match app {
        _ if asked.json => report::json(terminal, &done.reply),
        App::List(_) => report::apps(terminal, &done.reply),
        App::Register(_) | App::Show(_) | App::Change(_) | App::Disable(_) => {
            report::app(terminal, &done.reply);
        }
    }
    Ok(())
}

fn command(app: &App) -> Result<Command, Problem> {
    Ok(match app {
        App::List(_) => Command::AppList {},
        App::Show(named) => Command::AppShow { app: named.app.clone() },
        App::Disable(disable) => {
            Command::AppDisable { app: disable.named.app.clone(), reason: disable.reason.clone() }
        }
        App::Register(register) => Command::AppRegister(NewApp {
            app: register.named.app.clone(),
            kind: register.kind,
            name: register.name.clone(),
            redirects: register.traits.redirects.clone(),
            launch: register.traits.launch.clone(),
            scopes: register.scopes.clone(),
            keys: keys(&register.traits)?,
            account: register.account.clone(),
        }),
        App::Change(change) => Command::AppChange(AppChanges {
            app: change.named.app.clone(),
            name: change.name.clone(),
            redirects: Some(change.traits.redirects.clone()).filter(|all| !all.is_empty()),
            launch: change.traits.launch.clone(),
            scopes: change.scopes.clone(),
            keys: keys(&change.traits)?,
        }),
    })
}

fn keys(traits: &AppTraits) -> Result<Option<Value>, Problem> {
    traits.keys.as_deref().map(read).transpose()
}

/// What is no JSON is sent on as a text: the facility says what it takes.
fn read(path: &Path) -> Result<Value, Problem> {
    let text = disk::read_text(path)?;
    Ok(serde_json::from_str(&text).unwrap_or(Value::String(text)))
}
