//! `cargo xtask test`: everything that must pass before a change is taken, and one closing line that counts it.

mod tally;

use crate::browser::{self, CHROMIUM, NODE};
use crate::crash::{BINARIES, Drive};
use crate::fhir_definitions;
use crate::options::{Known, Options};
use crate::packages::{
    self, AUTHLIB, KILL, MAKE, NPM, Needed, PERL, POPPLER, PYTHON, REQUESTS, RSYSLOG, RSYSLOG_TLS,
};
use crate::programs::{Profile, build, cargo, headline, is_installed, program, say, watch};
use crate::tidy;
use crate::trestle::{self, VENV};
use std::process::Command;
use tally::Tally;

/// Help text.
pub(crate) const HELP: &str = "\
Usage: cargo xtask test

Installs the Debian packages that the tests need (apt-get, with sudo when not root), fetches the published examples of
FHIR R4, Playwright and axe-core with npm and compliance-trestle with pip, and runs, stopping at the first
failure: tidy; the Rust tests of the workspace (cargo-nextest when it is installed, else cargo test); the examples in
the documentation; the tests of the Python verifier; and a short crash test. The last line is `N passed, N failed`.

テストに必要な Debian パッケージを apt-get で入れ（root でなければ sudo を使用）、FHIR R4 の公開実例・Playwright・axe-core を npm で、compliance-trestle を pip で取得し、次を順に実行します。最初の失敗で止まります。
整頓の検査、Rust のテスト（cargo-nextest があればそれを、なければ cargo test を使用）、文書中の例、Python 検証プログラムの
テスト、短い強制終了テスト。最後の行は「N passed, N failed」です。
";

/// What the tests run beside cargo.
const NEEDED: [Needed; 14] = [
    MAKE,
    PERL,
    PYTHON,
    VENV,
    KILL,
    NPM,
    NODE,
    CHROMIUM,
    AUTHLIB,
    REQUESTS,
    RSYSLOG,
    RSYSLOG_TLS,
    POPPLER,
    Needed {
        program: "strace",
        package: "strace",
        reason: "tests of single system calls / システムコールのテスト",
    },
];

/// Each is followed by another while drafts lapse, and three imports are killed beside.
const KILLS: u32 = 8;

/// Runs the command.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    Options::parse(arguments, Known { values: &[], flags: &[], free: false })?;
    packages::install_missing(&NEEDED)?;
    fhir_definitions::ensure_package()?;
    trestle::ensure()?;
    browser::ensure()?;
    headline("tidy");
    tidy::check()?;
    headline("build");
    build(Profile::Dev, &BINARIES)?;
    let mut sum = Tally::default();
    for runner in runners() {
        headline(runner.title);
        let watched = watch(&mut { runner.command })?;
        let tally = (runner.read)(&watched.text);
        sum = sum.plus(tally);
        if !watched.good || tally.failed > 0 {
            return Err(format!("FAILED: {}\n{}", runner.title, sum.at_least_one_failed()));
        }
    }
    headline("crash test");
    let drive = Drive { kills: KILLS, profile: Profile::Dev, seed: None, keep: false };
    drive.run().map_err(|error| format!("FAILED: crash test: {error}\n{}", sum.at_least_one_failed()))?;
    say(&format!("\n{sum}"));
    Ok(())
}

struct Runner {
    title: &'static str,
    command: Command,
    /// Reads the runner's own summary.
    read: fn(&str) -> Tally,
}

fn runners() -> Vec<Runner> {
    let (rust, read): (_, fn(&str) -> Tally) = if is_installed("cargo-nextest") {
        (cargo(&["nextest", "run", "--workspace"]), Tally::of_nextest)
    } else {
        (cargo(&["test", "--workspace", "--bins", "--lib", "--tests"]), Tally::of_cargo_test)
    };
    let mut python = program("python3");
    python.args(["-m", "unittest", "discover", "--start-directory", "verifier", "--pattern", "test_*.py"]);
    vec![
        Runner { title: "Rust tests", command: rust, read },
        Runner {
            title: "examples in the documentation",
            command: cargo(&["test", "--workspace", "--doc", "--quiet"]),
            read: Tally::of_cargo_test,
        },
        Runner { title: "tests of the Python verifier", command: python, read: Tally::of_unittest },
    ]
}
