//! Sends transaction Bundles from a file over several connections, or the requests of a file for some time, and prints
//! figures as one line of JSON.

use clap::Parser;
use serde_json::Value;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use suite::client::{Entrance, Target};
use suite::{load, requests, tester};
use tokio::runtime::Runtime;

/// Send Bundles or requests and measure / Bundle またはリクエストを送信して速度を測る
#[derive(Debug, Parser)]
#[command(
    after_help = "Examples / 例:\n  load --data akashi-data --address 127.0.0.1:8443 --facility demo bundles.ndjson\n  load --data akashi-data --address 127.0.0.1:8443 --facility demo --seconds 10 \\\n      --client-certificate tablet.pem --client-key tablet.key --session session.token read.requests\n"
)]
struct Arguments {
    /// Data directory that is served: its CA and the tester's key (tester.key) are used / 提供中のデータディレクトリ
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
    connections: u32,
    /// Client certificate in PEM / クライアント証明書（PEM）
    #[arg(long, value_name = "FILE", requires = "client_key")]
    client_certificate: Option<PathBuf>,
    /// Its private key in PEM / その秘密鍵（PEM）
    #[arg(long, value_name = "FILE", requires = "client_certificate")]
    client_key: Option<PathBuf>,
    /// File with the token of a session, which is sent in place of the tester's key / セッショントークンのファイル
    #[arg(long, value_name = "FILE")]
    session: Option<PathBuf>,
    /// The file holds requests, which are sent for so long / ファイルのリクエストをこの秒数だけ送信する
    #[arg(long, value_name = "S")]
    seconds: Option<u32>,
    /// One Bundle a line, the first of which is sent before the others; or one request a line: method, path, body and
    /// header fields, with tabs between them / 1 行に 1 件の Bundle（最初の行を先に送信）またはリクエスト
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

fn run(arguments: &Arguments) -> Result<Value, String> {
    let Arguments { data, address, facility, connections, file, .. } = arguments;
    let name = file.display().to_string();
    let lines = File::open(file).map_err(|error| format!("{name}: {error}"))?;
    let lines = BufReader::new(lines).lines();
    let mut lines = lines.map(move |line| line.map_err(|error| format!("{name}: {error}")));
    let target = Target::new(data, *address, facility, &entrance(arguments))?;
    let runtime = Runtime::new().map_err(|error| error.to_string())?;
    if let Some(seconds) = arguments.seconds {
        let lines = lines.by_ref().collect::<Result<Vec<_>, _>>()?;
        return Ok(runtime.block_on(requests::run(&target, &lines, seconds, *connections))?.json());
    }
    let connections = usize::try_from(*connections).map_err(|error| error.to_string())?;
    runtime.block_on(async {
        let loaded = load::run(&target, lines, connections).await?;
        Ok(loaded.json(load::journal_entries(&target).await?))
    })
}

fn entrance(arguments: &Arguments) -> Entrance {
    let Arguments { data, client_certificate, client_key, session, .. } = arguments;
    Entrance {
        bearer: session.clone().unwrap_or_else(|| data.join(tester::KEY)),
        certificate: client_certificate.clone().zip(client_key.clone()),
    }
}
