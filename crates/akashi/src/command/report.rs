//! `akashi report`: reports that leave the system, each an entry of the journal.

use crate::arguments::{Language as Lang, Report, ReportWanted, Role};
use crate::bundle::{self, Member};
use crate::codes;
use crate::console::{self, Failure};
use crate::directory::Directory;
use crate::new_file::NewFile;
use crate::report::papers as shown;
use crate::terminal::Terminal;
use base::{Problem, RecordKey, Time, VersionNumber};
use data_encoding::{BASE64, HEXLOWER};
use evidence::{Command, Earlier, NewReport, Output, ReportLanguage};
use guideline::{Moment, Side};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::path::Path;
use store::disk;

pub(crate) fn run(terminal: &Terminal, report: &Report) -> Result<(), Failure> {
    let (form, wanted) = match report {
        Report::Checklist(wanted) => ("checklist", wanted),
        Report::Sds(wanted) => ("sds", wanted),
        Report::Matrix(wanted) => ("matrix", wanted),
        Report::Gaps(wanted) => ("gaps", wanted),
        Report::Risk(wanted) => ("risk", wanted),
        Report::Inspection(wanted) => ("inspection", wanted),
        Report::Director(wanted) => ("director", wanted),
        Report::ServiceSpec(wanted) => ("service-spec", wanted),
        Report::List(list) => {
            let directory = Directory::at(&list.asked.which.folder.data);
            let facility = list.asked.which.facility.as_ref();
            let asked = Command::ReportList {};
            let done = console::evidence(&directory, facility, terminal.language(), asked)?;
            if list.asked.json {
                crate::report::json(terminal, &done.reply);
            } else {
                shown::handed_out(terminal, &done.reply);
            }
            return Ok(());
        }
    };
    hand_out(terminal, form, wanted)
}

fn hand_out(terminal: &Terminal, form: &str, wanted: &ReportWanted) -> Result<(), Failure> {
    let output = wanted.out.as_deref().map(output).transpose()?;
    let compare = wanted.compare.as_deref().map(earlier).transpose()?;
    // The name is taken first: nothing is handed out that cannot be written.
    let file = wanted.out.as_deref().map(NewFile::take).transpose()?;
    let asked = NewReport {
        form: form.to_owned(),
        edition: wanted.edition.clone(),
        side: wanted.role.map(|role| match role {
            Role::Facility => Side::Facility,
            Role::Provider => Side::Provider,
        }),
        language: match wanted.lang {
            Lang::Ja => ReportLanguage::Ja,
            Lang::En => ReportLanguage::En,
        },
        output,
        facility_name: wanted.facility_name.clone(),
        recipient: wanted.to.clone(),
        compare,
        at: wanted.at.map(Moment),
    };
    let directory = Directory::at(&wanted.which.folder.data);
    let facility = wanted.which.facility.as_ref();
    let reply = console::evidence(&directory, facility, terminal.language(), Command::Report(asked))?.reply;
    let files = files(&reply)?;
    let Some(file) = file else {
        let first = files.first().ok_or_else(not_understood)?;
        if wanted.json {
            terminal.line(String::from_utf8_lossy(&first.bytes).trim_end());
        } else {
            shown::summary(terminal, &reply, &first.bytes);
        }
        return Ok(());
    };
    let bytes = match output {
        Some(Output::Bundle) => bundled(terminal, (&directory, wanted), &reply, files)?,
        _ => files.into_iter().next().ok_or_else(not_understood)?.bytes,
    };
    file.fill(&bytes)?;
    if let Some(path) = &wanted.out {
        shown::written(terminal, &reply, (path, &HEXLOWER.encode(&Sha256::digest(&bytes))));
    }
    Ok(())
}

/// The files with the proofs of the entries, checked before they leave.
fn bundled(
    terminal: &Terminal,
    (directory, wanted): (&Directory, &ReportWanted),
    reply: &Value,
    files: Vec<Member>,
) -> Result<Vec<u8>, Failure> {
    let facility = directory.facility(wanted.which.facility.as_ref())?;
    let rests_on = reply.get("rests_on").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut named = Vec::new();
    for one in reply.get("entry").into_iter().chain(&rests_on) {
        let key = RecordKey::parse(crate::report::text(one, "record"));
        let version = one.get("version").and_then(Value::as_u64).and_then(VersionNumber::new);
        named.push(key.zip(version).ok_or_else(not_understood)?);
    }
    let (own, _) = named.first().ok_or_else(not_understood)?;
    let (store, witness) = console::export(directory, &facility, terminal.language(), &own.to_string())?;
    let mut proofs = Vec::new();
    for (key, version) in &named {
        let permit = records::export_permit(&facility, key)?;
        let proof = store.proof_witnessed(&witness, &permit, Some(*version))?;
        proofs.push(proof.ok_or_else(not_understood)?.to_bytes()?);
    }
    let as_of = Time::parse(crate::report::text(reply, "as_of")).ok_or_else(not_understood)?;
    let bytes = bundle::write(files, proofs, as_of)?;
    bundle::check(&bytes, Some(store.lineage()))?;
    Ok(bytes)
}

/// The files of an answer, with their bytes.
fn files(reply: &Value) -> Result<Vec<Member>, Problem> {
    let files = reply.get("files").and_then(Value::as_array).ok_or_else(not_understood)?;
    let member = |file: &Value| {
        let bytes = BASE64.decode(crate::report::text(file, "base64").as_bytes()).ok()?;
        Some(Member { name: crate::report::text(file, "name").to_owned(), bytes })
    };
    files.iter().map(|file| member(file).ok_or_else(not_understood)).collect()
}

/// A server of another version may answer otherwise.
fn not_understood() -> Problem {
    Problem::new(&codes::CONSOLE_SILENT).log("an answer that is not understood")
}

/// What a file is to be, by its ending.
fn output(path: &Path) -> Result<Output, Problem> {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    Output::of_ending(ending).ok_or_else(|| Problem::new(&codes::REPORT_ENDING).with("file", path.display()))
}

/// A version by its number, or a file by its digest.
fn earlier(named: &str) -> Result<Earlier, Problem> {
    if let Ok(version) = named.parse::<u64>() {
        return Ok(Earlier::Version(version));
    }
    let bytes = disk::read_bytes(Path::new(named)).map_err(|problem| {
        Problem::new(&codes::COMPARE_UNREADABLE).with("named", named).log(problem.log_line().to_owned())
    })?;
    Ok(Earlier::Sha256(HEXLOWER.encode(&Sha256::digest(bytes))))
}
