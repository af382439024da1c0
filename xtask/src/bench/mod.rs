//! `cargo xtask bench`: what the release server does in a second on this machine, over TLS on loopback.

mod figures;
mod machine;
mod server;

use crate::options::{Known, Options};
use crate::packages::{self, KILL, Needed};
use crate::programs::{Profile, build, commit, headline, output, program, say, target};
use figures::{Figures, Row};
use machine::Machine;
use serde_json::Value;
use server::Server;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Help text.
pub(crate) const HELP: &str = "\
Usage: cargo xtask bench [--patients N] [--seconds S] [--connections C] [--data DIR] [--json FILE]

Starts the release server on loopback with TLS, loads N generated patients through the public API as transactions, and
measures with wrk (installed with apt-get when missing): read by id, read of a version, create; then `akashi verify
--data` on all of it. Server and load generator share the machine's cores.
  --patients N     patients to load (default 200, some 70 resources each)
  --seconds S      time for each operation (default 10)
  --connections C  connections at once (default 64; the import uses at most 16)
  --data DIR       where to make the data directory, which then stays (default: below target, removed at the end)
  --json FILE      write the figures there too

リリース版サーバーを TLS 付きで起動し、N 人分の架空患者を公開 API のトランザクションで登録したうえで、wrk（なければ apt-get で
インストール）により、id での読み取り、版の読み取り、作成の速度を測ります。最後に `akashi verify --data` の速度を測ります。
サーバーと負荷生成は同じコアを共有します。
  --patients N     登録する患者数（既定は 200、1 人あたり約 70 リソース）
  --seconds S      各操作の測定時間（秒、既定は 10）
  --connections C  同時接続数（既定は 64。登録では最大 16）
  --data DIR       データディレクトリの作成先（指定すると残る。既定では target の下に作り、最後に削除）
  --json FILE      結果を JSON でも書き出す
";

const KNOWN: Known =
    Known { values: &["patients", "seconds", "connections", "data", "json"], flags: &[], free: false };
const WRK: Needed = Needed { program: "wrk", package: "wrk", reason: "load / 負荷の生成" };
const IMPORT_CONNECTIONS_MAX: u32 = 16;

/// Runs the command.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    let options = Options::parse(arguments, KNOWN)?;
    let kept = options.text("data").map(PathBuf::from);
    let place = target()?.join("bench");
    let bench = Bench {
        patients: options.value("patients", 200)?,
        seconds: options.value("seconds", 10)?,
        connections: options.value("connections", 64)?,
        data: kept.clone().unwrap_or_else(|| place.join("data")),
        place,
        binaries: build_all()?,
    };
    bench.clear(kept.is_some())?;
    let figures = bench.measure()?;
    say(&format!("\n{figures}"));
    if let Some(file) = options.text("json") {
        std::fs::write(file, format!("{:#}\n", figures.json()))
            .map_err(|error| format!("{file}: {error}"))?;
    }
    if kept.is_none() { remove(&bench.data) } else { Ok(()) }
}

fn build_all() -> Result<PathBuf, String> {
    packages::install_missing(&[KILL, WRK])?;
    build(Profile::Release, &[("akashi", "akashi"), ("suite", "bundles"), ("suite", "load")])
}

struct Bench {
    patients: u32,
    seconds: u32,
    connections: u32,
    /// The data directory.
    data: PathBuf,
    /// Where input and lists stand.
    place: PathBuf,
    binaries: PathBuf,
}

impl Bench {
    /// Makes room: a data directory of the user's is never removed.
    fn clear(&self, users: bool) -> Result<(), String> {
        if users && self.data.exists() {
            return Err(format!("{} exists already: name a new directory", self.data.display()));
        }
        remove(&self.data)?;
        std::fs::create_dir_all(&self.place).map_err(|error| error.to_string())
    }

    fn measure(&self) -> Result<Figures, String> {
        let akashi = self.binaries.join("akashi");
        let bundles = self.bundles()?;
        Server::prepare(&akashi, &self.data)?;
        headline("import");
        let server = Server::start(&akashi, &self.data)?;
        let (import, entries) = self.import(&server, &bundles)?;
        let import_memory = server.stop()?;
        let journal_bytes = server::journal_bytes(&self.data)?;
        let server = Server::start(&akashi, &self.data)?;
        let mut rows = self.requests(&server, &bundles)?;
        let memory = server.stop()?.max(import_memory);
        rows.push(import);
        rows.push(self.verify(&akashi)?);
        Ok(Figures {
            rows,
            entries,
            journal_bytes,
            peak_memory_kibibytes: memory,
            machine: Machine::here(),
            commit: commit(),
            setup: format!(
                "{} patients, {} s, {} connections",
                self.patients, self.seconds, self.connections
            ),
        })
    }

    /// The generated patients, in a file: making them is not measured.
    fn bundles(&self) -> Result<PathBuf, String> {
        let made =
            output(program(self.binaries.join("bundles")).args(["--patients", &self.patients.to_string()]))?;
        let file = self.place.join("bundles.ndjson");
        std::fs::write(&file, made).map_err(|error| error.to_string())?;
        Ok(file)
    }

    /// The import and the number of entries after it.
    fn import(&self, server: &Server, bundles: &Path) -> Result<(Row, u64), String> {
        let connections = self.connections.min(IMPORT_CONNECTIONS_MAX);
        let mut load = program(self.binaries.join("load"));
        load.args(["--address", server.address(), "--facility", server::FACILITY]);
        load.args(["--connections", &connections.to_string()]);
        load.arg("--data").arg(&self.data).arg(bundles);
        let text = output(&mut load)?;
        let told: Value = serde_json::from_str(&text).map_err(|error| format!("load: {error}: {text}"))?;
        let entries = told.get("entries").and_then(Value::as_u64).unwrap_or(0);
        Ok((Row::of_import(&told)?, entries))
    }

    fn requests(&self, server: &Server, bundles: &Path) -> Result<Vec<Row>, String> {
        let list = self.list(bundles)?;
        let list = list.to_string_lossy();
        Ok(vec![
            self.wrk("read", server, "read.lua", &[&list])?,
            self.wrk("read of a version", server, "read.lua", &[&list, "/_history/1"])?,
            self.wrk("create", server, "create.lua", &[])?,
        ])
    }

    /// Where the loaded records are, one a line.
    fn list(&self, bundles: &Path) -> Result<PathBuf, String> {
        let text = std::fs::read_to_string(bundles).map_err(|error| error.to_string())?;
        let mut list = String::new();
        for line in text.lines() {
            let bundle: Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
            let entries = bundle.get("entry").and_then(Value::as_array).cloned().unwrap_or_default();
            for url in entries.iter().filter_map(|entry| entry.pointer("/request/url")?.as_str()) {
                writeln!(list, "{url}").map_err(|error| error.to_string())?;
            }
        }
        let file = self.place.join("records");
        std::fs::write(&file, list).map_err(|error| error.to_string())?;
        Ok(file)
    }

    fn wrk(&self, title: &str, server: &Server, script: &str, rest: &[&str]) -> Result<Row, String> {
        headline(title);
        let mut wrk = program("wrk");
        wrk.args(["--threads", "2", "--connections", &self.connections.to_string()]);
        wrk.arg("--duration").arg(format!("{}s", self.seconds));
        wrk.args(["--timeout", "10s", "--script"]).arg(format!("xtask/src/bench/{script}"));
        wrk.arg(server.base_url()).arg("--").arg(self.data.join("token")).args(rest);
        let text = output(&mut wrk)?;
        say(text.trim_end());
        let told = text.lines().find_map(|line| line.strip_prefix("result "));
        let told = told.ok_or_else(|| "wrk gave no result".to_owned())?;
        Row::of_wrk(title, &serde_json::from_str(told).map_err(|error| format!("wrk: {error}"))?)
    }

    #[expect(clippy::disallowed_methods, reason = "measuring is what this command does")]
    fn verify(&self, akashi: &Path) -> Result<Row, String> {
        headline("verify");
        let started = Instant::now();
        let text = output(program(akashi).args(["--language", "en", "verify", "--data"]).arg(&self.data))?;
        let seconds = started.elapsed().as_secs_f64();
        say(text.trim_end());
        let entries = text.split_once("genuine: ").and_then(|(_, rest)| rest.split(' ').next()?.parse().ok());
        Ok(Row::of_verify(entries.ok_or("verify named no number of entries")?, seconds))
    }
}

fn remove(folder: &Path) -> Result<(), String> {
    if !folder.exists() {
        return Ok(());
    }
    std::fs::remove_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))
}
