//! Sends transaction Bundles from a file over several connections and prints figures as one line of JSON.

use clap::Parser;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use suite::client::Target;
use suite::load;

/// Send Bundles and measure / Bundle を送信して速度を測る
#[derive(Debug, Parser)]
#[command(
    after_help = "Example / 例:\n  load --data akashi-data --address 127.0.0.1:8443 --facility demo bundles.ndjson\n"
)]
struct Arguments {
    /// Data directory that is served: its token and CA are used / 提供中のデータディレクトリ
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// The server / サーバーのアドレス
    #[arg(long, value_name = "ADDR:PORT")]
    address: SocketAddr,
    /// The facility / 施設
    #[arg(long, value_name = "ID")]
    facility: String,
    /// Connections at once / 同時接続数
    #[arg(long, value_name = "C", default_value_t = 16)]
    connections: usize,
    /// One Bundle a line; the first is sent before the others / 1 行に 1 件の Bundle。最初の行を先に送信する
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(line) if writeln!(std::io::stdout(), "{line}").is_ok() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(text) => {
            drop(writeln!(std::io::stderr(), "load: {text}"));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<String, String> {
    let Arguments { data, address, facility, connections, file } = arguments;
    let name = file.display().to_string();
    let lines = File::open(file).map_err(|error| format!("{name}: {error}"))?;
    let lines = BufReader::new(lines).lines();
    let bundles = lines.map(move |line| line.map_err(|error| format!("{name}: {error}")));
    let target = Target::new(data, *address, facility)?;
    let runtime = tokio::runtime::Runtime::new().map_err(|error| error.to_string())?;
    runtime.block_on(async {
        let loaded = load::run(&target, bundles, *connections).await?;
        Ok(loaded.json(load::journal_entries(&target).await?).to_string())
    })
}
