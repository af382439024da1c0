//! One run: the import, the requests made from what was imported, the measurement of each operation, the verification.

use super::chart::Chart;
use super::figures::{Figures, Imported, Row};
use super::machine::Machine;
use super::operations::{OPERATIONS, Operation};
use super::person::Person;
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
use std::process::Command;
use std::time::Instant;

const IMPORT_CONNECTIONS_MAX: u32 = 16;
/// Charts whose values are asked for, evenly spread over all of them.
const CHARTS_MAX: u32 = 4_000;
/// Operations that are also measured as a person over mTLS.
const BY_BOTH_WAYS: [&str; 2] = ["read", "create"];
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
        let checked = self.check_all(&server, prepared)?;
        for one in &checked {
            rows.push(self.wrk(&server, one)?);
        }
        let twice: Vec<&Checked> =
            checked.iter().filter(|one| BY_BOTH_WAYS.contains(&one.operation.name)).collect();
        for one in &twice {
            rows.push(self.load(&server, one, None)?);
        }
        let requests_memory_kibibytes = server.stop()?;
        rows.extend(self.as_a_person(&akashi, &twice)?);
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
        told(self.load_at(server, connections).arg(bundles))
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

    /// Checks a sample of every operation: only then something is measured.
    fn check_all(&self, server: &Server, prepared: Vec<Prepared>) -> Result<Vec<Checked>, String> {
        headline("a sample of each operation");
        let (mut checked, mut wrong) = (Vec::new(), Vec::new());
        for one in prepared {
            match self.check(server, one) {
                Ok(good) => checked.push(good),
                Err(why) => wrong.push(why),
            }
        }
        if wrong.is_empty() { Ok(checked) } else { Err(wrong.join("\n")) }
    }

    /// The same requests over mTLS, with the session of a person.
    fn as_a_person(&self, akashi: &Path, operations: &[&Checked]) -> Result<Vec<Row>, String> {
        if operations.is_empty() {
            return Ok(Vec::new());
        }
        Server::ask_for_certificates(akashi, &self.data)?;
        let server = Server::start(akashi, &self.data)?;
        let person = Person::log_in(akashi, &self.data, &self.place, server.address())?;
        let rows = operations.iter().map(|one| self.load(&server, one, Some(&person))).collect();
        server.stop()?;
        rows
    }

    /// The requests of an operation by `load`: as this person, else by the tester's key.
    fn load(&self, server: &Server, one: &Checked, person: Option<&Person>) -> Result<Row, String> {
        let (way, shape) = match person {
            Some(_) => ("mtls", "by load: session of a person over mTLS"),
            None => ("key", "by load: key of a machine, no certificate"),
        };
        let name = format!("{}-{way}", one.operation.name);
        headline(&name);
        let mut load = self.load_at(server, self.plan.connections);
        load.args(["--seconds", &self.plan.seconds.to_string()]);
        if let Some(Person { certificate, key, session }) = person {
            load.arg("--client-certificate").arg(certificate).arg("--client-key").arg(key);
            load.arg("--session").arg(session);
        }
        let told = told(load.arg(&one.file))?;
        Row::of_load((&name, shape), one.entries, &told)
    }

    fn load_at(&self, server: &Server, connections: u32) -> Command {
        let mut load = program(self.binaries.join("load"));
        load.args(["--address", server.address(), "--facility", server::FACILITY]);
        load.args(["--connections", &connections.to_string(), "--data"]).arg(&self.data);
        load
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
        wrk.arg(server.base_url()).arg("--").arg(self.data.join(server::KEY)).arg(&one.file);
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

/// What `load` says, as it says it.
fn told(load: &mut Command) -> Result<Value, String> {
    let text = output(load)?;
    say(text.trim_end());
    serde_json::from_str(&text).map_err(|error| format!("load: {error}: {text}"))
}

fn write_lines(file: &Path, requests: &[Request]) -> std::io::Result<()> {
    let mut out = BufWriter::new(File::create(file)?);
    for request in requests {
        writeln!(out, "{}", request.line())?;
    }
    out.flush()
}
