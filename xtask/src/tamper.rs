//! `cargo xtask tamper`: the tests that damage stores, logs and proofs.

use crate::options::{Known, Options};
use crate::packages::{self, PYTHON};
use crate::programs::{self, cargo, is_installed};

/// Help text.
pub(crate) const HELP: &str = "\
Usage: cargo xtask tamper [--full]

Runs the tests that flip, remove, reorder and roll back what is stored, and expect it to be found each time.
  --full   also those that take long: every byte of a small store in turn

保存データの書き換え・削除・並べ替え・巻き戻しを行い、毎回検出されることを確かめるテストを実行します。
  --full   時間のかかるテスト（小さなデータの全バイトを順に壊す）も実行します
";

/// Runs the command.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    let options = Options::parse(arguments, Known { values: &[], flags: &["full"], free: false })?;
    packages::install_missing(&[PYTHON])?;
    programs::run(&mut cargo(&words(options.flag("full"), is_installed("cargo-nextest"))))
}

fn words(full: bool, nextest: bool) -> Vec<&'static str> {
    match (nextest, full) {
        (true, false) => vec!["nextest", "run", "--package", "suite", "tamper"],
        (true, true) => vec!["nextest", "run", "--package", "suite", "tamper", "--run-ignored", "all"],
        (false, false) => vec!["test", "--package", "suite", "tamper"],
        (false, true) => vec!["test", "--package", "suite", "tamper", "--", "--include-ignored"],
    }
}
