//! Prints generated patients as transaction Bundles, one a line; the first is what all others refer to.

use base::Time;
use clap::Parser;
use sample::{Clinic, Date};
use std::io::{BufWriter, Write};
use std::process::ExitCode;

/// The clinic's present: 2026-04-01. It is fixed, so that the same bytes are measured every day.
const TODAY_MICROSECONDS: i64 = 1_775_001_600_000_000;

/// Generated patients as transaction Bundles, one a line / 架空患者のトランザクション Bundle を 1 行に 1 件出力する
#[derive(Debug, Parser)]
#[command(after_help = "Example / 例:\n  bundles --patients 50 > bundles.ndjson\n")]
struct Arguments {
    /// Number of patients / 患者数
    #[arg(long, value_name = "N", default_value_t = 200)]
    patients: u32,
    /// The same seed makes the same patients / 同じシードなら同じ患者
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match print(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn print(arguments: &Arguments) -> std::io::Result<()> {
    let clinic = Clinic::new(arguments.seed, Date::in_japan(Time::from_microseconds(TODAY_MICROSECONDS)));
    let mut out = BufWriter::new(std::io::stdout().lock());
    writeln!(out, "{}", clinic.shared())?;
    for bundle in clinic.patients(arguments.patients) {
        writeln!(out, "{bundle}")?;
    }
    out.flush()
}
