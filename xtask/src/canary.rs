//! `cargo xtask canary`: the tests that put words everywhere and look for them in all that the server tells of itself.

use crate::options::{Known, Options};
use crate::programs::{cargo, headline, say, watch};

/// Help text.
pub(crate) const HELP: &str = "\
Usage: cargo xtask canary

Puts words that stand nowhere else into names, diagnoses, search values, reasons, passwords, tokens, keys and header
fields, sends them over every route of a real server, well-formed and not, and looks for them in the log at its most
talkative (text and JSON), on standard output, in the metrics, in the traces that a collector gets, and for secrets in
every refusal. One test leaks on purpose and must be found out. Ends with a line of figures for each form of the log.

患者の氏名、診断、検索値、理由、パスワード、トークン、鍵、ヘッダーに、他のどこにも現れない語を入れて、実際のサーバーの全経路に
正しい要求と誤った要求を送ります。最も詳しいログ（テキストと JSON）、標準出力、メトリクス、収集先に届くトレース、さらに拒否の応答
（秘密情報のみ）にそれらの語が現れないことを確かめます。わざと漏らしたものが検出されることも確かめます。
";

/// What the tests print, one line for each of them.
const MARK: &str = "canary: ";
/// How many such lines there are when all of them ran.
const LINES: usize = 3;

/// Runs the command.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    Options::parse(arguments, Known { values: &[], flags: &[], free: false })?;
    let words = ["test", "--package", "suite", "--test", "suite", "canary::", "--", "--nocapture"];
    let watched = watch(&mut cargo(&words))?;
    if !watched.good {
        return Err("canary: something got out, see above".to_owned());
    }
    let told = figures(&watched.text)?;
    headline("canary");
    for line in &told {
        say(line);
    }
    Ok(())
}

/// The lines of the tests; fewer than there should be mean that not all of them ran.
fn figures(text: &str) -> Result<Vec<&str>, String> {
    let told: Vec<&str> = text.lines().filter_map(|line| Some(line.split_once(MARK)?.1)).collect();
    if told.len() == LINES {
        return Ok(told);
    }
    Err(format!("canary: {} of {LINES} tests told their figures", told.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_of_all_tests_are_told_or_it_is_an_error() {
        let all = "x\ncanary: a\ntest y ... canary: b\ncanary: c\n";
        assert_eq!(figures(all), Ok(vec!["a", "b", "c"]));
        assert!(figures("canary: a\n").is_err());
    }
}
