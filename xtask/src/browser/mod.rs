//! `cargo xtask browser`: Chromium, and what drives it, for the tests of the console; and a demo for it to look at.
//!
//! npm brings the packages at the versions of `suite/browser/package-lock.json` into a folder under `target/packages/`;
//! afterwards nothing goes to the network.

mod demo;
pub(crate) mod measure;
pub(crate) mod screenshots;

use crate::options::{Known, Options};
use crate::packages::{self, NPM, Needed, POPPLER};
use crate::programs::{program, root, run as run_program, say};
use std::fs;
use std::path::PathBuf;

/// Help text.
pub(crate) const HELP: &str = "\
Usage: cargo xtask browser

Installs Chromium and Node.js with apt-get (sudo when not root), and Playwright and axe-core with npm into
target/packages/, unless they are there: the tests of the console look at its pages with them. `cargo xtask test` does
the same.

Chromium と Node.js を apt-get で、Playwright と axe-core を npm で target/packages/ に入れます（既にあれば何もしません）。
画面のテストで使います。`cargo xtask test` でも同じように入ります。
";

/// What looks at the pages.
pub(crate) const CHROMIUM: Needed = Needed {
    program: "/usr/bin/chromium",
    package: "chromium",
    reason: "pages in a real browser / 実際のブラウザーでの画面の検査",
};

/// What runs the scripts that drive it.
pub(crate) const NODE: Needed =
    Needed { program: "node", package: "nodejs", reason: "what drives it / ブラウザーの操作" };

/// Where the scripts stand, with the versions of what they use.
const SCRIPTS: &str = "suite/browser";
/// Where they look for it (suite/tests/suite/console/browser.rs).
const FOLDER: &str = "target/packages/console-browser";
const LOCK: &str = include_str!("../../../suite/browser/package-lock.json");
const PACKAGE: &str = include_str!("../../../suite/browser/package.json");

/// Runs the command.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    Options::parse(arguments, Known { values: &[], flags: &[], free: false })?;
    install()
}

/// Installs all of it.
fn install() -> Result<(), String> {
    packages::install_missing(&[NODE, NPM, CHROMIUM, POPPLER])?;
    ensure()
}

/// Makes sure that the packages are there, at the versions asked for.
///
/// # Errors
/// A text for the terminal when npm does not bring a package.
pub(crate) fn ensure() -> Result<(), String> {
    let folder = folder();
    let stamp = folder.join("installed");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == LOCK) {
        return Ok(());
    }
    say("installing Playwright and axe-core with npm for tests of the console / 画面のテスト用");
    let cannot = |error: std::io::Error| format!("cannot write into {FOLDER}: {error}");
    fs::create_dir_all(&folder).map_err(cannot)?;
    fs::write(folder.join("package.json"), PACKAGE).map_err(cannot)?;
    fs::write(folder.join("package-lock.json"), LOCK).map_err(cannot)?;
    let mut npm = program("npm");
    npm.current_dir(&folder).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]);
    run_program(&mut npm)?;
    // Only now is it whole: a run that was cut off begins anew.
    fs::write(stamp, LOCK).map_err(cannot)
}

fn folder() -> PathBuf {
    root().join(FOLDER)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn every_package_has_one_version_and_a_digest_and_names_no_host() {
        let lock: Value = serde_json::from_str(LOCK).unwrap();
        let packages = lock.get("packages").and_then(Value::as_object).unwrap();
        let brought = packages.iter().filter(|(name, _)| !name.is_empty());
        assert!(brought.clone().count() >= 2);
        for (name, one) in brought {
            assert!(one.get("integrity").is_some() && one.get("resolved").is_none(), "{name}");
        }
        let asked: Value = serde_json::from_str(PACKAGE).unwrap();
        let versions = asked.get("dependencies").and_then(Value::as_object).unwrap();
        for (name, version) in versions {
            let locked = packages.get(&format!("node_modules/{name}")).and_then(|one| one.get("version"));
            assert_eq!(locked, Some(version), "{name}");
        }
    }
}
