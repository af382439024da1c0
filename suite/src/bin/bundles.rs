//! Writes generated patients as transaction Bundles, one a line; the first is what all others refer to. One patient is
//! in memory at a time.

use base::Time;
use clap::Parser;
use sample::{Clinic, Date};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// The clinic's present: 2026-04-01. It is fixed, so that the same bytes are measured every day.
const TODAY_MICROSECONDS: i64 = 1_775_001_600_000_000;
/// Written at once: a patient is about this long.
const OUTPUT_BYTES: usize = 128 * 1024;

/// Generated patients as transaction Bundles, one a line / 架空患者のトランザクション Bundle を 1 行に 1 件出力する
#[derive(Debug, Parser)]
#[command(after_help = "Example / 例:\n  bundles --patients 50 --output bundles.ndjson\n")]
struct Arguments {
    /// Number of patients / 患者数
    #[arg(long, value_name = "N", default_value_t = 200)]
    patients: u32,
    /// The same seed makes the same patients / 同じシードなら同じ患者
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Where to write; standard output otherwise / 出力先のファイル（省略時は標準出力）
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            drop(writeln!(std::io::stderr(), "bundles: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> std::io::Result<()> {
    match &arguments.output {
        Some(file) => write(arguments, File::create(file)?),
        None => write(arguments, std::io::stdout().lock()),
    }
}

/// The same as drafts: a service sends them, and what a service writes is not final.
fn drafted(bundle: &str) -> String {
    ["status", "docStatus"].iter().fold(bundle.to_owned(), |bundle, name| {
        bundle.replace(&format!(r#""{name}":"final""#), &format!(r#""{name}":"preliminary""#))
    })
}

fn write(arguments: &Arguments, to: impl Write) -> std::io::Result<()> {
    let clinic = Clinic::new(arguments.seed, Date::in_japan(Time::from_microseconds(TODAY_MICROSECONDS)));
    let mut out = BufWriter::with_capacity(OUTPUT_BYTES, to);
    writeln!(out, "{}", clinic.shared())?;
    for bundle in clinic.patients(arguments.patients) {
        writeln!(out, "{}", drafted(&bundle))?;
    }
    out.flush()
}
