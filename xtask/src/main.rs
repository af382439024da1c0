//! The workshop: everything a developer or the build machine does with this repository, one sub-command each.

mod bench;
mod browser;
mod canary;
mod crash;
mod fhir_definitions;
mod fuzz;
mod options;
mod packages;
mod programs;
mod tamper;
mod test;
mod tidy;
mod trestle;

use programs::say;
use std::process::ExitCode;

/// One sub-command.
struct Command {
    /// What one types after `cargo xtask`.
    name: &'static str,
    /// What it does, in one line.
    summary: &'static str,
    /// The whole help text.
    help: &'static str,
    /// Does it; an error is a text for the terminal.
    run: fn(&[String]) -> Result<(), String>,
}

const COMMANDS: [Command; 11] = [
    Command {
        name: "test",
        summary: "install what the tests need and run all of them / 必要なものを入れ、全テストを実行する",
        help: test::HELP,
        run: test::run,
    },
    Command {
        name: "tidy",
        summary: "check the shape of the repository / リポジトリの形を検査する",
        help: tidy::HELP,
        run: tidy::run,
    },
    Command {
        name: "crash",
        summary: "kill the server under load, again and again / 負荷中のサーバーを繰り返し強制終了する",
        help: crash::HELP,
        run: crash::run,
    },
    Command {
        name: "tamper",
        summary: "damage stores and logs and expect to be told / データを改ざんし、検出されることを確かめる",
        help: tamper::HELP,
        run: tamper::run,
    },
    Command {
        name: "canary",
        summary: "look for patients and secrets in logs, metrics and traces / ログ等に患者情報や秘密が漏れないことを確かめる",
        help: canary::HELP,
        run: canary::run,
    },
    Command {
        name: "bench",
        summary: "measure speed and size / 速度と容量を測る",
        help: bench::HELP,
        run: bench::run,
    },
    Command {
        name: "fuzz",
        summary: "feed the parsers with what nobody would send / 解析部に予想外の入力を与える",
        help: fuzz::HELP,
        run: fuzz::run,
    },
    Command {
        name: "fhir-definitions",
        summary: "make the table of R4 definitions from the published package / 公開パッケージから R4 定義の表を作る",
        help: FHIR_DEFINITIONS_HELP,
        run: fhir_definitions::run,
    },
    Command {
        name: "trestle",
        summary: "install the tool that validates our OSCAL / OSCAL を検証するツールを入れる",
        help: trestle::HELP,
        run: trestle::run,
    },
    Command {
        name: "browser",
        summary: "install Chromium and what drives it / Chromium とその操作に使うものを入れる",
        help: browser::HELP,
        run: browser::run,
    },
    Command {
        name: "screenshots",
        summary: "take pictures of every page of the console / 画面の全ページの画像を作る",
        help: browser::screenshots::HELP,
        run: browser::screenshots::run,
    },
];

const FHIR_DEFINITIONS_HELP: &str = "\
Usage: cargo xtask fhir-definitions [--package FILE.tgz]

Writes crates/fhir/src/definitions/r4.table from the npm package of the R4 definitions, which it fetches with npm
unless it is given as a file. Running it again changes nothing.

R4 定義の npm パッケージから crates/fhir/src/definitions/r4.table を作ります。ファイルを指定しなければ npm で取得します。
何度実行しても結果は変わりません。
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(text) => {
            programs::note(&format!("xtask: {text}"));
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Result<(), String> {
    let Some((name, rest)) = arguments.split_first() else {
        say(&overview());
        return Ok(());
    };
    if is_help(name) || name == "help" {
        say(&overview());
        return Ok(());
    }
    let command = COMMANDS
        .iter()
        .find(|command| command.name == name)
        .ok_or_else(|| format!("there is no sub-command `{name}`\n\n{}", overview()))?;
    // A part of the benchmark has a help text of its own.
    let of_a_part = name == "bench" && rest.first().is_some_and(|word| bench::PARTS.contains(&word.as_str()));
    if !of_a_part && rest.iter().any(|argument| is_help(argument)) {
        say(command.help.trim_end());
        return Ok(());
    }
    (command.run)(rest)
}

fn is_help(argument: &str) -> bool {
    matches!(argument, "--help" | "-h")
}

fn overview() -> String {
    let commands = COMMANDS.map(|command| format!("  {:<17} {}", command.name, command.summary));
    format!(
        "Usage: cargo xtask COMMAND [OPTIONS]\n\n{}\n\ncargo xtask COMMAND --help says more. / 詳しくは cargo xtask COMMAND --help",
        commands.join("\n")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_help_with_its_usage_in_both_languages() {
        for command in COMMANDS {
            assert!(command.help.contains(&format!("cargo xtask {}", command.name)), "{}", command.name);
            assert!(command.help.contains('。') && command.summary.contains(" / "), "{}", command.name);
        }
    }

    #[test]
    fn the_overview_names_every_command() {
        let text = overview();
        assert!(COMMANDS.iter().all(|command| text.contains(command.summary)));
    }

    #[test]
    fn an_unknown_command_is_refused() {
        let refused = dispatch(&["tset".to_owned()]).unwrap_err();
        assert!(refused.starts_with("there is no sub-command `tset`"));
    }
}
