//! `akashi witness …`: cosigns checkpoints of others, and asks others for the same.

use crate::arguments::{
    Language, Witness as Arguments, WitnessAsk, WitnessCosign, WitnessServe, WitnessTrust,
};
use crate::codes;
use crate::command::verify::log_key;
use crate::command::witnessing;
use crate::configuration::Configuration;
use crate::directory::{self, Directory};
use crate::new_file::NewFile;
use crate::runtime::{self, Stop};
use crate::table::Table;
use crate::terminal::Terminal;
use base::{Problem, Time};
use merkle::note::VerifierKey;
use records::Problems;
use server::{ServerCertificate, SmallListener, SmallReply, SmallRequest, load_chain, load_key};
use std::path::Path;
use std::sync::Arc;
use store::disk;
use witness::{REQUEST_BYTES_MAX, Reply, Signed, Succession, Witness};
use zeroize::Zeroizing;

pub(crate) fn run(terminal: &Terminal, arguments: &Arguments) -> Result<(), Problems> {
    match arguments {
        Arguments::Init(init) => {
            let key = witness::init(&init.folder, &init.name, &*directory::world().entropy)?;
            terminal.line(&key.to_string());
            terminal.note(terminal.choose(
                "Give this key to whoever lists the witness, and keep witness.key to yourself. A copy of this folder that is put back later could sign two histories.",
                "この鍵を、ウィットネスを登録する施設に渡してください。witness.key は渡さないでください。このフォルダーを後から複製で戻すと、2 つの履歴に署名するおそれがあります。",
            ));
        }
        Arguments::Trust(trust) => self::trust(terminal, trust)?,
        Arguments::List(list) => known(terminal, &open(&list.folder)?)?,
        Arguments::Serve(serve) => self::serve(terminal, serve)?,
        Arguments::Cosign(cosign) => self::cosign(terminal, cosign)?,
        Arguments::Ask(ask) => self::ask(terminal, ask)?,
    }
    Ok(())
}

fn trust(terminal: &Terminal, arguments: &WitnessTrust) -> Result<(), Problem> {
    if let Some(handover) = &arguments.handover {
        let Succession { origin, from, to } =
            witness::succeed(&arguments.folder, &disk::read_bytes(handover)?)?;
        terminal
            .line(&format!("{} {origin}", terminal.choose("cosigned from now on:", "連署の対象にしました:")));
        terminal.line(&format!("{} {to}", terminal.choose("signed by", "署名の鍵:")));
        terminal.line(&format!("{} {from}", terminal.choose("no longer by", "今後は使われない鍵:")));
        return Ok(());
    }
    // The arguments ask for a key where there is no handover.
    let key = log_key(arguments.key.as_deref().unwrap_or_default())?;
    let origin = witness::trust(&arguments.folder, &key, arguments.origin.as_deref(), arguments.only)?;
    terminal.line(&format!("{} {origin}", terminal.choose("cosigned from now on:", "連署の対象にしました:")));
    Ok(())
}

fn open(folder: &Path) -> Result<Witness, Problem> {
    Witness::open(folder, directory::world().clock)
}

fn known(terminal: &Terminal, witness: &Witness) -> Result<(), Problem> {
    let mut table = Table::new(&[
        terminal.choose("origin", "オリジン"),
        terminal.choose("keys", "鍵"),
        terminal.choose("entries", "件数"),
        terminal.choose("cosigned", "連署の日時"),
    ]);
    for known in witness.known()? {
        let (size, time) = known.last.map_or_else(
            || ("-".to_owned(), terminal.choose("never", "なし").to_owned()),
            |(size, seconds)| (size.to_string(), moment(seconds)),
        );
        table.row([known.origin, ids(&known.keys), size, time]);
    }
    terminal.line(&witness.key().to_string());
    terminal.table(&table);
    Ok(())
}

/// The ids of keys whose name is known, as they stand in the keys.
fn ids(keys: &[VerifierKey]) -> String {
    let ids: Vec<String> =
        keys.iter().filter_map(|key| key.to_string().split('+').nth(1).map(str::to_owned)).collect();
    ids.join(" ")
}

fn moment(seconds: u64) -> String {
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    Time::from_microseconds(seconds.saturating_mul(1_000_000)).to_string()
}

fn cosign(terminal: &Terminal, arguments: &WitnessCosign) -> Result<(), Problem> {
    let witness = open(&arguments.folder)?;
    let out = arguments.out.as_deref().map(NewFile::take).transpose()?;
    let signed = if arguments.log.is_dir() {
        witness.cosign_log(&arguments.log)
    } else {
        witness.add_checkpoint(&disk::read_bytes(&arguments.log)?)
    };
    let Signed { origin, size, note, .. } = signed.map_err(|refusal| refusal.problem)?;
    match out {
        Some(file) => {
            file.fill(note.as_bytes())?;
            terminal.line(&cosigned(terminal, &origin, size));
        }
        None => terminal.line(note.trim_end_matches('\n')),
    }
    Ok(())
}

fn cosigned(terminal: &Terminal, origin: &str, size: u64) -> String {
    match terminal.choose("en", "ja") {
        "ja" => format!("連署しました: {origin}（{size} 件）"),
        _ => format!("cosigned: {origin}, {size} entries"),
    }
}

fn serve(terminal: &Terminal, arguments: &WitnessServe) -> Result<(), Problem> {
    let certificate = certificate(arguments)?;
    if certificate.is_none() && !arguments.address.ip().to_canonical().is_loopback() {
        return Err(Problem::new(&codes::WITNESS_OPEN).with("address", arguments.address));
    }
    let witness = open(&arguments.folder)?;
    terminal.line(&witness.key().to_string());
    let scheme = if certificate.is_some() { "https" } else { "http" };
    // What is told while it serves is told by whichever thread answers.
    let language = match terminal.language() {
        base::Language::Japanese => Language::Ja,
        base::Language::English => Language::En,
    };
    let told = Terminal::new(Some(language));
    let answering = Arc::new(move |asked: &SmallRequest| answer(&told, &witness, asked));
    runtime::start()?.block_on(async {
        let listener =
            SmallListener::bind(arguments.address, certificate.as_ref(), REQUEST_BYTES_MAX, answering)
                .await?;
        let mut stop = Stop::catch()?;
        let listening = terminal.choose("listening on", "待ち受け中:");
        terminal.line(&format!("{listening} {scheme}://{}", listener.local_addr()));
        listener.run(stop.asked()).await;
        Ok(())
    })
}

fn answer(terminal: &Terminal, witness: &Witness, asked: &SmallRequest) -> SmallReply {
    let Reply { status, media, body, told } =
        witness::reply_to(witness, &asked.method, &asked.path, &asked.body);
    match told {
        Some(Ok((origin, size))) => terminal.line(&cosigned(terminal, &origin, size)),
        Some(Err(problem)) => {
            let refused = terminal.choose("refused:", "拒否:");
            terminal.line(&format!("{refused} {}", terminal.text_of(&problem)));
        }
        None => {}
    }
    SmallReply { status, media, body: body.into_bytes() }
}

fn certificate(arguments: &WitnessServe) -> Result<Option<ServerCertificate>, Problem> {
    let (Some(certificate), Some(key)) = (&arguments.certificate, &arguments.private_key) else {
        return Ok(None);
    };
    let chain = load_chain(&disk::read_bytes(certificate)?)?;
    let key = load_key(&Zeroizing::new(disk::read_bytes(key)?))?;
    ServerCertificate::new(chain, key).map(Some)
}

/// Asks the witnesses of a facility. It ends well only when all cosigned.
fn ask(terminal: &Terminal, arguments: &WitnessAsk) -> Result<(), Problems> {
    let directory = Directory::at(&arguments.which.folder.data);
    let facility = directory.facility(arguments.which.facility.as_ref())?;
    let _lock = directory.lock()?;
    let configuration = Configuration::read(directory.path())?;
    let opened = directory.open_facility(
        &facility,
        configuration.identity(),
        (&configuration.rules(), configuration.name_of(&facility)),
    )?;
    let (listed, asker) = (configuration.witnesses.listed()?, Arc::new(configuration.witnesses.asker()?));
    if listed.is_empty() {
        terminal.note(terminal.choose(
            "No witness is listed: add one under [witnesses] in akashi.toml.",
            "ウィットネスが登録されていません。akashi.toml の [witnesses] に追加してください。",
        ));
    }
    let told = runtime::start()?.block_on(witnessing::round(&opened, &asker, &listed));
    let mut refused = Vec::new();
    for (one, said) in listed.iter().zip(told) {
        match said {
            Ok(cosigned) => {
                let time = cosigned.time();
                terminal.line(&format!(
                    "{}: {} {time}",
                    one.key.name,
                    cosigned_size(terminal, cosigned.head.size)
                ));
            }
            Err(problem) => refused.push(problem.at(one.url.clone())),
        }
    }
    let mut refused = refused.into_iter();
    match refused.next() {
        None => Ok(()),
        Some(first) => Err(Problems::new(first, refused.collect())),
    }
}

fn cosigned_size(terminal: &Terminal, size: u64) -> String {
    match terminal.choose("en", "ja") {
        "ja" => format!("{size} 件に連署"),
        _ => format!("cosigned {size} entries"),
    }
}
