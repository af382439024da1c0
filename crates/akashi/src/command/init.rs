//! `akashi init`: a data directory, a facility in it, and the facility's own certificate authority.

use crate::arguments::Init;
use crate::configuration::{self, Configuration};
use crate::console;
use crate::directory::Directory;
use crate::runtime;
use crate::terminal::Terminal;
use base::{FacilityId, Problem};
use identity::Command;
use records::Problems;
use serde_json::Value;
use std::sync::Arc;

pub(crate) fn run(terminal: &Terminal, arguments: &Init) -> Result<(), Problems> {
    let directory = Directory::at(&arguments.folder.data);
    let _lock = directory.make_and_lock()?;
    directory.make(&arguments.hosts)?;
    let existing = create(&directory, &arguments.facility)?;
    let authority = make_authority(&directory, &arguments.facility, existing)?;
    let path = directory.path().display();
    terminal.line(&format!("{}: {}", terminal.choose("facility", "施設"), arguments.facility));
    terminal.line(&format!("{}: {path}/{}", terminal.choose("configuration", "設定"), configuration::FILE));
    terminal.line(&format!("{}: {path}/master.key", terminal.choose("master key", "マスターキー")));
    terminal.line(&format!("{}: {authority}", terminal.choose("certificate authority", "認証局")));
    terminal.note(terminal.choose(
        "Keep a copy of master.key in a safe place: without it nothing in this directory can be read again.",
        "master.key の写しを安全な場所に保管してください。失うと、このディレクトリの内容は二度と読めません。",
    ));
    next_steps(terminal, arguments);
    Ok(())
}

/// Creates the facility. Gives the problem if it was there before.
fn create(directory: &Directory, facility: &FacilityId) -> Result<Option<Problem>, Problem> {
    match directory.create_facility(facility) {
        Ok(()) => Ok(None),
        Err(problem) if problem.code() == &store::codes::FACILITY_EXISTS => Ok(Some(problem)),
        Err(problem) => Err(problem),
    }
}

/// Makes the facility's own authority, and gives its name. A facility that was there before is refused, unless it has
/// none: then an earlier `init` was interrupted, and is completed.
pub(super) fn make_authority(
    directory: &Directory,
    facility: &FacilityId,
    existing: Option<Problem>,
) -> Result<String, Problem> {
    let settings = Configuration::read(directory.path())?.identity();
    let identity = directory.open_facility(facility, settings, (&Arc::default(), None))?.identity;
    runtime::start()?.block_on(async {
        let listed = identity.perform(&console::actor(), Command::CertificateList { account: None }).await?;
        if let Some(problem) = existing.filter(|_| has_own_authority(&listed)) {
            return Err(problem);
        }
        let command = Command::CertificateCa { name: None, years: None };
        let made = identity.perform(&console::actor(), command).await?;
        Ok(made.get("name").and_then(Value::as_str).unwrap_or_default().to_owned())
    })
}

/// Whether the answer to `certificate-list` names an authority of the facility's own.
pub(crate) fn has_own_authority(listed: &Value) -> bool {
    let all = listed.get("authorities").and_then(Value::as_array);
    all.is_some_and(|all| all.iter().any(|one| one.get("own") == Some(&true.into())))
}

fn next_steps(terminal: &Terminal, arguments: &Init) {
    let place = format!("--data {} --facility {}", arguments.folder.data.display(), arguments.facility);
    let say = |en: &str, ja: &str| terminal.note(terminal.choose(en, ja));
    say(
        "\nNobody can log in yet, and only devices with a certificate of this facility can connect. Next:",
        "\nまだ誰もログインできません。また、この施設の証明書を持つ端末だけが接続できます。次の手順：",
    );
    say(
        "1. Set server.base_url in the configuration, and start the server: akashi serve",
        "1. 設定ファイルの server.base_url を設定し、サーバーを起動する：akashi serve",
    );
    say("2. Issue a certificate for the operator's device:", "2. 運用担当者の端末に証明書を発行する：");
    terminal.note(&format!(
        "   akashi account create pc-1 --kind device --name \"{}\" {place}\n   akashi certificate issue --account pc-1 --out pc-1.p12 {place}",
        terminal.choose("Operator's PC", "運用担当者の PC")
    ));
    say("3. Make the operator's account and invite them:", "3. 運用担当者のアカウントを作り、招待する：");
    terminal.note(&format!(
        "   akashi account create operator-1 --name \"{}\" --occupation clerk --duty operator --invite {place}",
        terminal.choose("NAME", "氏名")
    ));
}
