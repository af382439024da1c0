//! One run: the import, the requests made from what was imported, the measurement of each operation, the verification.

use super::chart::Chart;
use super::figures::{Figures, Imported, Row};
use super::machine::Machine;
use super::operations::{OPERATIONS, Operation};
use super::plan::Plan;
use super::request::Request;
use super::sample::{self, Sender};
use super::selection::Selection;
use super::server::{self, Server};
use crate::programs::{commit, headline, output, program, run, say};
use serde_json::Value;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

const IMPORT_CONNECTIONS_MAX: u32 = 16;
/// Charts whose values are asked for, evenly spread over all of them.
const CHARTS_MAX: u32 = 4_000;
/// Different requests of one operation.
const REQUESTS_MAX: usize = 50_000;

/// What is measured, and where.
#[derive(Debug)]
pub(crate) struct Bench {
    /// What was asked for.
    pub(crate) plan: Plan,
    /// The data directory.
    pub(crate) data: PathBuf,
    /// Where input and lists stand.
    pub(crate) place: PathBuf,
    /// Where akashi and the programs of the suite stand.
    pub(crate) binaries: PathBuf,
}

/// An operation with its requests.
struct Prepared {
    operation: Operation,
    requests: Selection<Request>,
}

/// An operation whose sample was answered well.
struct Checked {
    operation: Operation,
    /// Requests, one a line.
    file: PathBuf,
    /// Mean number of entries in an answer, if answers are Bundles.
    entries: Option<f64>,
}

impl Bench {
    /// Does all of it.
    pub(crate) fn measure(&self) -> Result<Figures, String> {
        let akashi = self.binaries.join("akashi");
        let bundles = self.bundles()?;
        Server::prepare(&akashi, &self.data)?;
        headline("import");
        let server = Server::start(&akashi, &self.data)?;
        let told = self.import(&server, &bundles)?;
        let import_memory = server.stop()?;
        let imported = Imported::of(&told, server::journal_bytes(&self.data)?, import_memory)?;
        let mut rows = vec![Row::of_import(&told)?];
        let prepared = self.prepare(&bundles)?;
        let server = Server::start(&akashi, &self.data)?;
        rows.extend(self.requests(&server, prepared)?);
        let requests_memory_kibibytes = server.stop()?;
        if self.plan.includes_verify() {
            rows.push(self.verify(&akashi)?);
        }
        let Plan { patients, seconds, connections, .. } = &self.plan;
        Ok(Figures {
            rows,
            imported,
            requests_memory_kibibytes,
            machine: Machine::here(),
            commit: commit(),
            setup: format!("{patients} patients, {seconds} s, {connections} connections"),
        })
    }

    /// The generated patients, in a file: making them is not measured.
    fn bundles(&self) -> Result<PathBuf, String> {
        let file = self.place.join("bundles.ndjson");
        let mut make = program(self.binaries.join("bundles"));
        make.args(["--patients", &self.plan.patients.to_string(), "--output"]).arg(&file);
        run(&mut make)?;
        Ok(file)
    }

    /// What the load generator says about the import.
    fn import(&self, server: &Server, bundles: &Path) -> Result<Value, String> {
        let connections = self.plan.connections.min(IMPORT_CONNECTIONS_MAX);
        let mut load = program(self.binaries.join("load"));
        load.args(["--address", server.address(), "--facility", server::FACILITY]);
        load.args(["--connections", &connections.to_string()]);
        load.arg("--data").arg(&self.data).arg(bundles);
        let text = output(&mut load)?;
        say(text.trim_end());
        serde_json::from_str(&text).map_err(|error| format!("load: {error}: {text}"))
    }

    /// Requests for the chosen operations, with values that occur in the imported charts.
    fn prepare(&self, bundles: &Path) -> Result<Vec<Prepared>, String> {
        let chosen = OPERATIONS.iter().filter(|operation| self.plan.includes(operation.name));
        let mut all: Vec<Prepared> = chosen
            .map(|operation| Prepared { operation: *operation, requests: Selection::new(REQUESTS_MAX) })
            .collect();
        if all.is_empty() {
            return Ok(all);
        }
        let stride = usize::try_from(self.plan.patients.div_ceil(CHARTS_MAX).max(1)).unwrap_or(usize::MAX);
        let file = File::open(bundles).map_err(|error| format!("{}: {error}", bundles.display()))?;
        for (number, line) in BufReader::new(file).lines().step_by(stride).enumerate() {
            let chart = Chart::read(&line.map_err(|error| error.to_string())?, number)?;
            for prepared in &mut all {
                for request in (prepared.operation.requests)(&chart) {
                    prepared.requests.offer(request);
                }
            }
        }
        Ok(all)
    }

    /// Checks a sample of every operation, and only then measures them.
    fn requests(&self, server: &Server, prepared: Vec<Prepared>) -> Result<Vec<Row>, String> {
        headline("a sample of each operation");
        let (mut checked, mut wrong) = (Vec::new(), Vec::new());
        for one in prepared {
            match self.check(server, one) {
                Ok(good) => checked.push(good),
                Err(why) => wrong.push(why),
            }
        }
        if !wrong.is_empty() {
            return Err(wrong.join("\n"));
        }
        checked.iter().map(|one| self.wrk(server, one)).collect()
    }

    fn check(&self, server: &Server, mut prepared: Prepared) -> Result<Checked, String> {
        let operation = prepared.operation;
        let list = self.place.join("sample");
        let sender = Sender { base_url: server.base_url(), data: &self.data, list: &list };
        let entries = sender.check(&operation, &prepared.requests.some(sample::REQUESTS))?;
        let found = entries.map_or_else(String::new, |mean| format!(", {mean:.1} entries each"));
        say(&format!("{}: {} requests{found}", operation.name, prepared.requests.kept.len()));
        let file = self.place.join(format!("{}.requests", operation.name));
        write_lines(&file, &prepared.requests.kept)
            .map_err(|error| format!("{}: {error}", file.display()))?;
        Ok(Checked { operation, file, entries })
    }

    fn wrk(&self, server: &Server, one: &Checked) -> Result<Row, String> {
        headline(one.operation.name);
        let mut wrk = program("wrk");
        wrk.args(["--threads", "2", "--connections", &self.plan.connections.to_string()]);
        wrk.arg("--duration").arg(format!("{}s", self.plan.seconds));
        wrk.args(["--timeout", "10s", "--script", "xtask/src/bench/requests.lua"]);
        wrk.arg(server.base_url()).arg("--").arg(self.data.join("token")).arg(&one.file);
        let text = output(&mut wrk)?;
        say(text.trim_end());
        let told = text.lines().find_map(|line| line.strip_prefix("result "));
        let told = told.ok_or_else(|| "wrk gave no result".to_owned())?;
        let told = serde_json::from_str(told).map_err(|error| format!("wrk: {error}"))?;
        Row::of_wrk((one.operation.name, one.operation.shape), one.entries, &told)
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

fn write_lines(file: &Path, requests: &[Request]) -> std::io::Result<()> {
    let mut out = BufWriter::new(File::create(file)?);
    for request in requests {
        writeln!(out, "{}", request.line())?;
    }
    out.flush()
}
