//! `akashi certificate`: the facility's own authority, what it issues, and the outside authorities that are trusted.

use crate::arguments::{Asked, Certificate, Trust};
use crate::command::issue;
use crate::console::{self, Done, Failure};
use crate::directory::Directory;
use crate::report;
use crate::terminal::Terminal;
use base::Problem;
use data_encoding::BASE64;
use identity::Command;
use identity::command::Trusted;
use std::path::Path;
use store::disk::{self, Readable};

pub(crate) fn run(terminal: &Terminal, certificate: &Certificate) -> Result<(), Failure> {
    if let Certificate::Issue(issue) = certificate {
        return issue::run(terminal, issue);
    }
    let asked = certificate.asked();
    let Some(command) = command(certificate)? else { return Ok(()) };
    let done = perform(terminal, asked, command)?;
    if asked.json {
        report::json(terminal, &done.reply);
        return Ok(());
    }
    match certificate {
        Certificate::Ca(_) => {
            report::authority(terminal, &done.reply);
            terminal.line(report::text(&done.reply, "certificate").trim_end());
        }
        Certificate::Trust(_) => report::authority(terminal, &done.reply),
        Certificate::List(_) => report::certificates(terminal, &done.reply),
        Certificate::Crl(crl) => list(terminal, crl.out.as_deref(), report::text(&done.reply, "list"))?,
        Certificate::Distrust(distrust) => terminal.line(&format!(
            "{}: {}",
            distrust.authority,
            terminal.choose("trusted no longer", "信頼を取り消しました")
        )),
        Certificate::Revoke(_) | Certificate::Admit(_) | Certificate::Issue(_) => {
            report::certificate(terminal, &done.reply);
        }
    }
    Ok(())
}

/// Does a command that the options ask for.
pub(super) fn perform(terminal: &Terminal, asked: &Asked, command: Command) -> Result<Done, Failure> {
    let directory = Directory::at(&asked.which.folder.data);
    console::perform(&directory, asked.which.facility.as_ref(), terminal.language(), command)
}

fn list(terminal: &Terminal, out: Option<&Path>, list: &str) -> Result<(), Problem> {
    if let Some(path) = out {
        // It is fetched again and again under the same name.
        return disk::write_whole(path, list.as_bytes(), Readable::Everyone);
    }
    terminal.line(list.trim_end());
    Ok(())
}

fn command(certificate: &Certificate) -> Result<Option<Command>, Problem> {
    Ok(Some(match certificate {
        Certificate::Ca(ca) => Command::CertificateCa { name: ca.name.clone(), years: ca.years },
        Certificate::Issue(_) => return Ok(None),
        Certificate::Revoke(revoke) => Command::CertificateRevoke {
            certificate: revoke.certificate.clone(),
            reason: revoke.reason.clone(),
        },
        Certificate::List(list) => Command::CertificateList { account: list.account.clone() },
        Certificate::Trust(trust) => Command::CertificateTrust(trusted(trust)?),
        Certificate::Distrust(distrust) => {
            Command::CertificateDistrust { authority: distrust.authority.clone() }
        }
        Certificate::Admit(admit) => {
            Command::CertificateAdmit { account: admit.account.clone(), certificate: bundle(&admit.file)? }
        }
        Certificate::Crl(_) => Command::CertificateCrl {},
    }))
}

fn trusted(trust: &Trust) -> Result<Trusted, Problem> {
    Ok(Trusted {
        name: trust.name.clone(),
        certificates: trust.file.as_deref().map(bundle).transpose()?,
        list: trust.list.as_deref().map(bundle).transpose()?,
        account: trust.account.clone(),
        without_list: trust.without_list,
    })
}

/// A file as commands carry it: PEM as it is, anything else in base64.
fn bundle(path: &Path) -> Result<String, Problem> {
    let bytes = disk::read_bytes(path)?;
    let pem = String::from_utf8(bytes).map_err(|error| BASE64.encode(error.as_bytes()));
    Ok(match pem {
        Ok(text) if text.contains("-----BEGIN ") => text,
        Ok(text) => BASE64.encode(text.as_bytes()),
        Err(encoded) => encoded,
    })
}
