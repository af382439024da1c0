//! The workshop: test, tidy, crash, bench, fhir-definitions.

mod fhir_definitions;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.split_first() {
        Some((command, rest)) if command == "fhir-definitions" => fhir_definitions::run(rest),
        _ => Err("usage: cargo xtask fhir-definitions [--package FILE.tgz]".to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(text) => {
            report(&text);
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stderr, reason = "the workshop talks to a terminal")]
fn report(text: &str) {
    eprintln!("xtask: {text}");
}
