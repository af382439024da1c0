//! Kills the server under load and checks what is left; `cargo xtask crash` builds and calls it.

use base::{Clock, Entropy, SystemClock, SystemEntropy};
use clap::Parser;
use serde_json::json;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use suite::crash::{self, Plan, Summary};

/// Violations shown on the terminal; the file of evidence holds all of them.
const VIOLATIONS_SHOWN_MAX: usize = 20;

/// Kill the server under load, restart it and check / 負荷中のサーバーを強制終了し、再起動して検査する
#[derive(Debug, Parser)]
#[command(after_help = "Example / 例:\n  cargo xtask crash --kills 50\n")]
struct Arguments {
    /// The server's binary / サーバーの実行ファイル
    #[arg(long, value_name = "FILE")]
    akashi: PathBuf,
    /// verifier/verify.py / 検証プログラム
    #[arg(long, value_name = "FILE")]
    verifier: PathBuf,
    /// Folder for data directories, which is made and removed / 作業フォルダー
    #[arg(long, value_name = "FOLDER")]
    work: PathBuf,
    /// Folder for evidence / 証跡を書き出すフォルダー
    #[arg(long, value_name = "FOLDER")]
    evidence: PathBuf,
    /// How often the server is killed / 強制終了の回数
    #[arg(long, value_name = "N", default_value_t = 20)]
    kills: u32,
    /// Choices of an earlier run / 以前の実行と同じ選択を繰り返す
    #[arg(long, value_name = "S")]
    seed: Option<u64>,
    /// How the binary was built / ビルドの種類
    #[arg(long, value_name = "P")]
    profile: String,
    /// What it was built from / コミット
    #[arg(long, value_name = "TEXT")]
    commit: String,
    /// Keep the data directories when all is well, too / 問題がなくてもデータを残す
    #[arg(long)]
    keep: bool,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(summary) if summary.violations.is_empty() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(text) => {
            say(&format!("crash: {text}"));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<Summary, String> {
    let seed = arguments.seed.map_or_else(new_seed, Ok)?;
    say(&format!("seed {seed}"));
    let folder = arguments.work.join(format!("seed-{seed}-{}", std::process::id()));
    let plan = Plan {
        kills: arguments.kills,
        seed,
        akashi: arguments.akashi.clone(),
        verifier: arguments.verifier.clone(),
        folder: folder.clone(),
        progress: say,
    };
    let runtime = tokio::runtime::Runtime::new().map_err(|error| error.to_string())?;
    let ended = runtime.block_on(crash::run(&plan));
    let summary = ended.map_err(|error| format!("{error}\nseed {seed}, data in {}", folder.display()))?;
    write_evidence(arguments, &summary)?;
    if summary.violations.is_empty() && !arguments.keep {
        fs::remove_dir_all(&folder).map_err(|error| error.to_string())?;
    } else {
        say(&format!("data in {} / データの場所", folder.display()));
    }
    for violation in summary.violations.iter().take(VIOLATIONS_SHOWN_MAX) {
        say(&format!("VIOLATION / 違反: {violation}"));
    }
    say(&format!("crash: {summary}"));
    Ok(summary)
}

fn new_seed() -> Result<u64, String> {
    let mut bytes = [0; 4];
    SystemEntropy.fill(&mut bytes).map_err(|error| error.to_string())?;
    Ok(u64::from(u32::from_le_bytes(bytes)))
}

fn write_evidence(arguments: &Arguments, summary: &Summary) -> Result<(), String> {
    let time = SystemClock.now().to_string();
    let about = json!({ "time": time, "commit": arguments.commit, "profile": arguments.profile });
    let date = time.split('T').next().unwrap_or_default();
    let file = arguments.evidence.join(format!("{date}-crash.json"));
    let text = format!("{:#}\n", summary.json(&about));
    write(&file, &text).map_err(|error| format!("{}: {error}", file.display()))
}

fn write(file: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(file, text)
}

fn say(text: &str) {
    drop(writeln!(std::io::stdout(), "{text}"));
}
