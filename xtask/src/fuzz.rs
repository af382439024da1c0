//! `cargo xtask fuzz`: the fuzz targets, for a while each.

use crate::options::{Known, Options};
use crate::programs::{cargo, headline, is_installed, root, run as run_program, say};
use std::path::Path;

/// Help text.
pub(crate) const HELP: &str = "\
Usage: cargo xtask fuzz [--seconds N] [TARGET...]

Runs the fuzz targets of fuzz/fuzz_targets (all of them when none is named) for N seconds each (default 60), with the
nightly toolchain. Installs cargo-fuzz when it is missing. A finding stays in fuzz/artifacts and ends the run.

fuzz/fuzz_targets のファズ対象を、それぞれ N 秒（既定は 60 秒）、nightly で実行します。対象を指定しなければすべて実行します。
cargo-fuzz がなければインストールします。問題が見つかると fuzz/artifacts に入力を残して終了します。
";

/// Runs the command.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    let options = Options::parse(arguments, Known { values: &["seconds"], flags: &[], free: true })?;
    let seconds: u64 = options.value("seconds", 60)?;
    let targets = chosen(&root().join("fuzz/fuzz_targets"), &options.free)?;
    if !is_installed("cargo-fuzz") {
        say("installing cargo-fuzz / cargo-fuzz をインストールします");
        run_program(&mut cargo(&["install", "--locked", "cargo-fuzz"]))?;
    }
    let limit = format!("-max_total_time={seconds}");
    for target in &targets {
        headline(&format!("{target}, {seconds} s"));
        run_program(&mut cargo(&["+nightly", "fuzz", "run", target, "--", &limit]))?;
    }
    say(&format!("{} targets, {seconds} s each, no finding", targets.len()));
    Ok(())
}

/// The targets that were named, or all there are, in the order of their names.
fn chosen(folder: &Path, named: &[String]) -> Result<Vec<String>, String> {
    let listed = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut all: Vec<String> = listed
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.strip_suffix(".rs").map(str::to_owned))
        .collect();
    all.sort();
    if let Some(unknown) = named.iter().find(|name| !all.contains(name)) {
        return Err(format!("there is no target `{unknown}`; there are: {}", all.join(" ")));
    }
    Ok(if named.is_empty() { all } else { named.to_vec() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_targets_are_run_unless_some_are_named_and_unknown_ones_are_refused() {
        let folder = crate::tidy::scratch::Scratch::new(&[("b.rs", ""), ("a.rs", ""), ("notes.md", "")]);
        assert_eq!(chosen(folder.path(), &[]).unwrap(), ["a", "b"]);
        assert_eq!(chosen(folder.path(), &["b".to_owned()]).unwrap(), ["b"]);
        assert!(chosen(folder.path(), &["c".to_owned()]).is_err());
    }
}
