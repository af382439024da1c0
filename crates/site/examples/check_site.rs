//! How long the parts of a check take. `cargo run --release -p site --example check_site -- site.yaml`
//!
//! `cargo xtask bench site --machines 4000` writes descriptions of many machines, and measures the check as a whole.
#![expect(clippy::print_stdout, reason = "its figures are for people")]
#![expect(clippy::disallowed_methods, reason = "it measures")]

use site::attack;
use site::check::Given;
use site::connection;
use site::description::{self, Day, Phase};
use site::findings::{Scene, judge};
use site::model::Model;
use site::threat;
use std::time::Instant;

fn main() -> Result<(), String> {
    let mut files: Vec<String> = std::env::args().skip(1).collect();
    let [parts, tell] = ["--parts", "--tell"].map(|option| files.iter().any(|file| file == option));
    files.retain(|file| !file.starts_with("--"));
    for file in files {
        measure(&file, parts, tell)?;
    }
    Ok(())
}

fn measure(file: &str, parts: bool, tell: bool) -> Result<(), String> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
    let site = timed("reading", || description::read(file, &text)).map_err(|all| format!("{all:?}"))?;
    let today = Day(jiff::civil::date(2026, 11, 22));
    if parts {
        let now = site.at(Phase::Now);
        let model = timed("drawing", || Model::draw(Some(&now), &[])).map_err(|one| format!("{one:?}"))?;
        let scene = Scene { site: &now, model: &model, today: today.0 };
        println!("{} connections", timed("connections", || connection::classify(&model, &now)).len());
        println!("{} judgements", timed("judgements", || judge(&scene)).len());
        println!("{} threats", timed("threats", || threat::find(&model, &now)).len());
        println!("{} chains", timed("attacks", || attack::find(&model, Some(&now), today.0)).chains.len());
    }
    let sources = [file.to_owned()];
    let given = Given { site: Some(&site), phase: Phase::Now, plans: &[], sources: &sources, today };
    let (check, _) = timed("the whole check", || given.check()).map_err(|one| format!("{one:?}"))?;
    if tell {
        println!("{:#?}\n{:#?}\n{:#?}", check.findings, check.connections, check.threats);
        println!("{:#?}\n{:#?}\n{:#?}", check.held, check.facts, check.attacks);
    }
    println!("{file}: {} findings, {} attack paths", check.findings.len(), check.attacks.chains.len());
    Ok(())
}

fn timed<T>(what: &str, run: impl FnOnce() -> T) -> T {
    let begun = Instant::now();
    let result = run();
    println!("{what}: {:.2?}", begun.elapsed());
    result
}
