//! `akashi certificate issue`: a client certificate, with its files for the device. The key is handed out this once.

use crate::arguments::Issue;
use crate::codes;
use crate::command::certificate::perform;
use crate::console::{By, Done, Failure};
use crate::new_file::NewFile;
use crate::report;
use crate::terminal::Terminal;
use base::Problem;
use data_encoding::BASE64;
use identity::command::Order;
use identity::{Command, Hidden, qr};
use serde_json::Value;
use store::disk;

/// The files that were asked for; their names are taken before anything is issued.
struct Files {
    pkcs12: Option<NewFile>,
    certificate: Option<NewFile>,
    key: Option<NewFile>,
}

pub(super) fn run(terminal: &Terminal, issue: &Issue) -> Result<(), Failure> {
    let order = order(issue)?;
    let files = Files::take(issue)?;
    let mut done = perform(terminal, &issue.asked, Command::CertificateIssue(order))?;
    forget_dead_link(&mut done);
    files.fill(&done.reply)?;
    if issue.asked.json {
        report::json(terminal, &done.reply);
        return Ok(());
    }
    report::certificate(terminal, &done.reply);
    handed_out(terminal, issue, &done.reply);
    if issue.qr {
        show_link(terminal, &done)?;
    }
    Ok(())
}

fn order(issue: &Issue) -> Result<Order, Problem> {
    let passphrase = issue.passphrase_file.as_deref().map(disk::read_text).transpose()?;
    Ok(Order {
        account: issue.account.clone(),
        days: issue.days,
        request: issue.request.as_deref().map(disk::read_text).transpose()?,
        passphrase: passphrase.map(|text| Hidden::new(text.trim_end_matches(['\r', '\n']).to_owned())),
        for_old_devices: issue.for_old_devices,
    })
}

impl Files {
    fn take(issue: &Issue) -> Result<Self, Problem> {
        let (mut certificate, mut key) = (None, None);
        if let Some(folder) = &issue.pem {
            disk::make_folder(folder)?;
            certificate = Some(NewFile::take(&folder.join(format!("{}.pem", issue.account)))?);
            // The key of a request never leaves the machine on which it was made.
            if issue.request.is_none() {
                key = Some(NewFile::take(&folder.join(format!("{}.key", issue.account)))?);
            }
        }
        Ok(Self { pkcs12: issue.out.as_deref().map(NewFile::take).transpose()?, certificate, key })
    }

    fn fill(self, reply: &Value) -> Result<(), Problem> {
        let of = |name| report::text(reply, name).as_bytes();
        if let Some(file) = self.pkcs12 {
            let decoded = BASE64.decode(of("pkcs12"));
            let whole =
                decoded.map_err(|_| Problem::new(&codes::CONSOLE_SILENT).log("no PKCS#12 file came"))?;
            file.fill(&whole)?;
        }
        if let Some(file) = self.certificate {
            file.fill(of("certificate"))?;
        }
        self.key.map_or(Ok(()), |file| file.fill(of("key")))
    }
}

/// A link is known to the server that made it, and to nobody when no server runs.
fn forget_dead_link(done: &mut Done) {
    if done.by == By::Itself
        && let Some(link) = done.reply.get_mut("link")
    {
        *link = Value::Null;
    }
}

/// Says where certificate, key and passphrase are.
fn handed_out(terminal: &Terminal, issue: &Issue, reply: &Value) {
    if issue.request.is_some() && issue.pem.is_none() {
        terminal.line(report::text(reply, "certificate").trim_end());
    }
    let key = terminal.choose("certificate and key", "証明書と鍵");
    if let Some(path) = &issue.out {
        terminal.line(&format!("{key}: {}", path.display()));
        if issue.passphrase_file.is_none() {
            let passphrase =
                terminal.choose("passphrase (shown this once)", "パスフレーズ（表示は今回だけ）");
            terminal.line(&format!("{passphrase}: {}", report::text(reply, "passphrase")));
        }
    }
    if let Some(folder) = &issue.pem {
        let file = |ending| folder.join(format!("{}.{ending}", issue.account)).display().to_string();
        let files =
            if issue.request.is_some() { file("pem") } else { format!("{}, {}", file("pem"), file("key")) };
        terminal.line(&format!("PEM: {files}"));
    }
}

fn show_link(terminal: &Terminal, done: &Done) -> Result<(), Problem> {
    let link = report::text(&done.reply, "link");
    if !link.is_empty() {
        terminal.line(terminal.choose(
            "Download link, good once and for 15 minutes:",
            "ダウンロードリンク（1 回限り、15 分間有効）：",
        ));
        terminal.line(&format!("  {link}"));
        terminal.line(qr::qr_text(link)?.trim_end());
        return Ok(());
    }
    terminal.note(match done.by {
        By::Itself => terminal.choose(
            "No QR code: a download link needs the running server. Carry the file to the device, or start the server and issue another certificate.",
            "QR コードは表示できません。ダウンロードリンクには稼働中のサーバーが必要です。ファイルを端末に移すか、サーバーを起動してもう一度発行してください。",
        ),
        By::Server => terminal.choose(
            "No QR code: the server does not know its public address. Set server.base_url, restart it, and issue another certificate; or carry the file to the device.",
            "QR コードは表示できません。サーバーの公開アドレスが設定されていません。server.base_url を設定して再起動し、もう一度発行するか、ファイルを端末に移してください。",
        ),
    });
    Ok(())
}
