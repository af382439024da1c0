//! `akashi export --complete` and `akashi import --complete`: everything of a facility as a folder, to read, keep or take
//! elsewhere.

use super::export::refuse_filled;
use super::init::make_authority;
use super::verify::log_key;
use crate::arguments::{Export, Import};
use crate::console::{self, COMPLETE, Failure};
use crate::directory::{Directory, world};
use crate::new_file::NewFile;
use crate::terminal::{self, Terminal, Unit};
use base::{FacilityId, Problem};
use merkle::note::VerifierKey;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs::{File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use store::complete::{DocumentFile, Manifest, Saved, Stage, Taken, Terms};
use store::{Store, Witness, disk};

/// The program by which a stranger checks the folder, as it is published beside this one.
const VERIFIER: &str = include_str!("../../../../verifier/verify.py");
/// What a stranger reads first.
const README: &str = include_str!("complete.md");
/// How it goes on elsewhere, in English and Japanese: from a journal that was handed over, and from a copy.
const ONWARD: &str = include_str!("onward.md");

pub(crate) fn export(terminal: &Terminal, arguments: &Export, folder: &Path) -> Result<(), Failure> {
    let directory = Directory::at(&arguments.which.folder.data);
    let facility = directory.facility(arguments.which.facility.as_ref())?;
    let to = arguments.to.as_deref().map(log_key).transpose()?;
    refuse_filled(folder)?;
    let (store, witness, successor) = begin(terminal, &directory, &facility, to.as_ref())?;
    disk::make_folder(folder)?;
    let for_owner = std::fs::set_permissions(folder, Permissions::from_mode(0o700));
    for_owner.map_err(|error| disk::file_problem(folder, &error))?;
    let bar = terminal::progress(0, Unit::Things);
    let permit = |key: &_| records::export_permit(&facility, key);
    let saved = store::complete::save(&store, &witness, folder, &permit, &|done, of| {
        bar.set_length(of);
        bar.set_position(done);
    });
    bar.finish_and_clear();
    let saved = saved?;
    let documents = copy_documents(&store, folder)?;
    write_beside(folder, &store, &saved, successor.as_ref())?;
    let missing = documents.iter().filter(|one| !one.included).count();
    let manifest = Manifest {
        format: String::new(),
        facility: facility.to_string(),
        key: store.verifier().to_string(),
        entries: saved.entries,
        checkpoint: saved.checkpoint.clone(),
        successor: successor.as_ref().map(ToString::to_string),
        program: env!("CARGO_PKG_VERSION").to_owned(),
        documents,
        sums: String::new(),
    };
    store::complete::finish(folder, manifest)?;
    told(terminal, &saved, missing, successor.as_ref());
    Ok(())
}

/// Has the journal say what is being done, and end where it is handed over.
fn begin(
    terminal: &Terminal,
    directory: &Directory,
    facility: &FacilityId,
    to: Option<&VerifierKey>,
) -> Result<(Store, Witness, Option<VerifierKey>), Failure> {
    let ended = |store: &Store| store::complete::handed_over(store);
    let store = directory.open_for_reading(facility)?;
    if let Some((key, witness)) = ended(&store)? {
        if to.is_some_and(|to| *to != key) {
            let problem = Problem::new(&store::codes::HANDED_OVER).with("facility", facility);
            return Err(problem.with("key", key).into());
        }
        return Ok((store, witness, Some(key)));
    }
    let Some(to) = to else {
        let (store, witness) = console::export(directory, facility, terminal.language(), COMPLETE)?;
        return Ok((store, witness, None));
    };
    store::complete::check_successor(store.verifier(), to)?;
    drop(store);
    console::hand_over(directory, facility, to)?;
    let store = directory.open_for_reading(facility)?;
    let (key, witness) = ended(&store)?
        .ok_or_else(|| Problem::new(&store::codes::HALTED).log("a journal that was handed over goes on"))?;
    Ok((store, witness, Some(key)))
}

/// Copies the files of the register of documents, each as it was registered or not at all.
fn copy_documents(store: &Store, folder: &Path) -> Result<Vec<DocumentFile>, Problem> {
    let standing = store.inspect(|inside| inside.identities("AkashiDocument"))?;
    let mut documents = Vec::new();
    for one in standing {
        let content: Value = serde_json::from_slice(&one.content).unwrap_or_default();
        let text = |path: &str| content.pointer(path).and_then(Value::as_str);
        let Some(place) = text("/body/place/file") else { continue };
        let included = match text("/body/sha256") {
            Some(digest) => copy(Path::new(place), digest, &folder.join("documents").join(&one.id))?,
            None => false,
        };
        documents.push(DocumentFile { id: one.id, included });
    }
    Ok(documents)
}

/// Copies a file if it is still what was registered, and says whether it was.
fn copy(from: &Path, digest: &str, to: &Path) -> Result<bool, Problem> {
    let Ok(mut file) = File::open(from) else { return Ok(false) };
    let Ok(found) = seal::sha256_of(&mut file) else { return Ok(false) };
    if merkle::Hash(found).to_hex() != digest {
        return Ok(false);
    }
    disk::make_folder(to.parent().unwrap_or(to))?;
    std::fs::copy(from, to).map_err(|error| disk::file_problem(to, &error))?;
    // It may have changed meanwhile.
    let copied = seal::sha256_of(&mut File::open(to).map_err(|error| disk::file_problem(to, &error))?);
    if copied.is_ok_and(|copied| copied == found) {
        return Ok(true);
    }
    std::fs::remove_file(to).map_err(|error| disk::file_problem(to, &error))?;
    Ok(false)
}

fn write_beside(
    folder: &Path,
    store: &Store,
    saved: &Saved,
    successor: Option<&VerifierKey>,
) -> Result<(), Problem> {
    let mut onward = ONWARD.split("---\n").map(str::trim_end).skip(if successor.is_some() { 0 } else { 2 });
    let mut next = || onward.next().unwrap_or_default();
    let counts: Vec<String> =
        saved.current.iter().map(|(kind, count)| format!("{count:>10}  {kind}\n")).collect();
    let readme = README
        .replace("{onward_en}", next())
        .replace("{onward_ja}", next())
        .replace("{successor}", &successor.map(ToString::to_string).unwrap_or_default())
        .replace("{facility}", store.facility().as_str())
        .replace("{origin}", store.verifier().name.as_str())
        .replace("{key}", &store.verifier().to_string())
        .replace("{entries}", &saved.entries.to_string())
        .replace("{program}", env!("CARGO_PKG_VERSION"))
        .replace("{counts}", &counts.concat());
    NewFile::take(&folder.join("README.md"))?.fill(readme.as_bytes())?;
    NewFile::take(&folder.join("verify.py"))?.fill(VERIFIER.as_bytes())
}

fn told(terminal: &Terminal, saved: &Saved, missing: usize, successor: Option<&VerifierKey>) {
    for (kind, count) in &saved.current {
        terminal.line(&format!("{count:>10}  {kind}"));
    }
    let entries = terminal.choose("entries written:", "書き出したエントリー数:");
    terminal.line(&format!("{entries} {}", saved.entries));
    if missing > 0 {
        terminal.warn(
            &format!("{missing} registered documents are not included: their files are gone, have changed, or were registered without a digest"),
            &format!("登録された文書のうち {missing} 件は含まれていません（ファイルがない、変更されている、またはダイジェストなしで登録されている）"),
        );
    }
    terminal.warn(
        "the folder holds the whole record of every patient in readable form: keep it encrypted, hand it over in person or encrypted, and delete copies that are no longer needed",
        "このフォルダーには、全患者の記録全体が読める形で入っています。暗号化して保管し、受け渡しも暗号化するか対面で行い、不要になった写しは消去してください",
    );
    match successor {
        Some(key) => terminal.warn(
            &format!("the journal has ended here: it was handed over to the key {key}"),
            &format!("ジャーナルはここでは終わり、鍵 {key} に引き渡されました"),
        ),
        None => terminal.warn(
            "the journal goes on here: whatever is written from now on is not in the folder. To move for good, stop the server and export with --to KEY",
            "ジャーナルはここで続きます。これから書かれる内容は、このフォルダーに含まれません。移行する場合は、サーバーを停止し、--to で引き継ぎ先の鍵を指定して書き出してください",
        ),
    }
}

pub(crate) fn import(
    terminal: &Terminal,
    arguments: &Import,
    folder: &Path,
) -> Result<(), records::Problems> {
    let directory = Directory::at(&arguments.which.folder.data);
    let _lock = directory.make_and_lock()?;
    directory.make(&[])?;
    let bar = terminal::progress(0, Unit::Things);
    let progress = |_: Stage, done: u64, of: u64| {
        bar.set_length(of);
        bar.set_position(done);
    };
    let terms = Terms {
        unsigned: arguments.unsigned,
        ends: identity::kept::ends_elsewhere,
        types: &identity::kept::ENDING,
        progress: &progress,
    };
    check_documents(folder)?;
    let (master, world) = (directory.master_key()?, world());
    let taken = store::complete::take_in(directory.path(), folder, &master, &world, &terms);
    bar.finish_and_clear();
    let taken = match taken {
        Err(problem) if problem.code() == &store::codes::FACILITY_EXISTS => {
            let there = store::complete::interrupted(directory.path(), folder, &master, &world)?;
            return complete_interrupted(terminal, &directory, there, problem);
        }
        taken => taken?,
    };
    let authority = make_authority(&directory, &taken.facility, None)?;
    taken_over(terminal, &directory, &taken, &authority);
    Ok(())
}

/// Makes what an import that was interrupted has not come to: the facility stands, but has no authority of its own. Any other
/// facility that is here already is refused.
fn complete_interrupted(
    terminal: &Terminal,
    directory: &Directory,
    there: Option<FacilityId>,
    existing: Problem,
) -> Result<(), records::Problems> {
    let Some(facility) = there else { return Err(existing.into()) };
    let authority = make_authority(directory, &facility, Some(existing))?;
    terminal.line(&format!("{}: {facility}", terminal.choose("facility", "施設")));
    terminal.line(&format!("{}: {authority}", terminal.choose("certificate authority", "認証局")));
    terminal.note(terminal.choose(
        "An earlier import had been interrupted after it took everything over. It is complete now.",
        "前回の取り込みは、すべてを引き継いだ後に中断されていました。残りの処理を行い、取り込みは完了しました。",
    ));
    next_steps(terminal, directory, &facility);
    Ok(())
}

/// That the files of registered documents are those that the register names. Whether the register in the export is that of
/// the journal shows when it is taken in.
fn check_documents(folder: &Path) -> Result<(), Problem> {
    let wrong = |name: &str, what: &str| {
        let file = format!("documents/{name}");
        Problem::new(&store::codes::EXPORT_WRONG).with("file", file).with("what", what)
    };
    let below = folder.join("documents");
    let Ok(names) = std::fs::read_dir(&below) else { return Ok(()) };
    let register = folder.join("administration/AkashiDocument.ndjson");
    let mut digests = BTreeMap::new();
    for line in disk::read_text(&register)?.lines() {
        let content: Value = serde_json::from_str(line).unwrap_or_default();
        let text = |path: &str| content.pointer(path).and_then(Value::as_str).map(str::to_owned);
        digests.insert(text("/id"), text("/body/sha256"));
    }
    for name in names {
        let name = name.map_err(|error| disk::file_problem(&below, &error))?;
        let (path, name) = (name.path(), name.file_name().to_string_lossy().into_owned());
        if !path.symlink_metadata().is_ok_and(|file| file.is_file()) {
            return Err(wrong(&name, "not a file"));
        }
        let failed = |error: std::io::Error| disk::file_problem(&path, &error);
        let digest = seal::sha256_of(&mut File::open(&path).map_err(failed)?).map_err(failed)?;
        let registered = digests.get(&Some(name.clone())).cloned().flatten();
        if registered != Some(merkle::Hash(digest).to_hex()) {
            return Err(wrong(&name, "not the file that was registered"));
        }
    }
    Ok(())
}

fn taken_over(terminal: &Terminal, directory: &Directory, taken: &Taken, authority: &str) {
    let Taken { facility, entries, contents, key, signed, .. } = taken;
    terminal.line(&format!("{}: {facility}", terminal.choose("facility", "施設")));
    terminal.line(&format!(
        "{} {entries} / {contents}",
        terminal.choose("entries and contents taken over:", "引き継いだエントリーと内容の件数:")
    ));
    terminal.line(&format!("{} {key}", terminal.choose("signed from now on by", "以後の署名の鍵:")));
    terminal.line(&format!("{}: {authority}", terminal.choose("certificate authority", "認証局")));
    for (kind, count) in &taken.ended {
        terminal.line(&format!("{count:>10}  {kind} {}", terminal.choose("ended", "終了")));
    }
    if !signed {
        terminal.warn(
            "the installation before did not sign that this key takes the place of its own, and the journal says so. Whoever verifies must get the new key from you, and two histories are possible if the journal also goes on there",
            "前の環境は、この鍵への引き継ぎに署名していません。ジャーナルにもその旨が残ります。検証する人には新しい鍵を直接渡してください。前の環境でもジャーナルが続いている場合は、2 つの履歴が生じます",
        );
    }
    let included = taken.documents.iter().filter(|one| one.included).count();
    if included > 0 {
        terminal.warn(
            &format!("{included} files of registered documents lie under documents/ in the export, by their ids in the register: put them where this installation keeps its documents, and register them at their new place (akashi document add --replaces ID)"),
            &format!("登録文書のファイル {included} 件は、書き出したフォルダーの documents/ に登録簿の ID の名前で入っています。この環境の保管場所に移し、新しい場所で登録し直してください（akashi document add --replaces ID）"),
        );
    }
    next_steps(terminal, directory, facility);
}

fn next_steps(terminal: &Terminal, directory: &Directory, facility: &FacilityId) {
    let place = format!("--data {} --facility {facility}", directory.path().display());
    terminal.note(terminal.choose(
        "\nAccounts, occupations, duties and rules stand, but nobody can log in yet: passwords, second factors, keys and device certificates of the installation before are not valid here. Write the configuration first, it was not part of the export (server.base_url, so that invitations carry a link; addresses, TLS, witnesses, collector, deadlines). Next:",
        "\nアカウント、職種、役割、規則は引き継がれましたが、まだ誰もログインできません。前の環境のパスワード、2 要素目の手段、キー、端末の証明書は、ここでは使えません。最初に、書き出しに含まれない設定ファイルを書いてください（招待にリンクを付けるための server.base_url のほか、アドレス、TLS、ウィットネス、監査証跡の送信先、期限）。次の手順：",
    ));
    terminal.note(&format!("   akashi certificate issue --account DEVICE --out DEVICE.p12 {place}\n   akashi account invite PERSON {place}\n   akashi account key MACHINE {place}"));
    terminal.note(terminal.choose(
        "Give the new key to those who verify, with the handover (log/handover/ in the export) where there is one. Whoever runs a witness takes the new key by it, once this installation has asked: akashi witness trust FOLDER --handover FILE (without a handover: KEY --only).",
        "検証する人には、新しい鍵と、引き渡しの証明（書き出しの log/handover/。ある場合）を渡してください。ウィットネスの運用者は、この環境が最初に問い合わせた後で、akashi witness trust フォルダー --handover ファイル により新しい鍵を登録できます（引き渡しの証明がない場合は、鍵 --only）。",
    ));
}
