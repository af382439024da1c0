//! `cargo xtask screenshots`: every page of the console as people see it.

use super::demo::Demo;
use crate::options::{Known, Options};
use crate::programs::{Profile, build, say, target};
use std::path::{Path, PathBuf};

/// Help text.
pub(crate) const HELP: &str = "\
Usage: cargo xtask screenshots [--to DIR] [--patients N] [--role ROLE]

Starts the demo on a data directory of its own and writes a picture of every page of the console, as each role reaches
it by links, and of those that suite/browser/pages.mjs names: in Japanese and English, 1280 and 390 pixels wide, light
and dark. Chromium and what drives it are installed when missing.
  --to DIR      where the pictures go (default: target/screenshots)
  --patients N  patients of the demo (default 20)
  --role ROLE   the pages of one role only: doctor, nurse, clerk, operator, auditor or director

専用のデータディレクトリでデモを起動し、画面の全ページ（各職種・役割がリンクでたどり着くページと
suite/browser/pages.mjs に挙げたページ）の画像を書き出します。日本語と英語、幅 1280 と 390 ピクセル、ライトとダークの
組み合わせです。Chromium 等がなければインストールします。
  --to DIR      画像の出力先（既定は target/screenshots）
  --patients N  デモの患者数（既定は 20）
  --role ROLE   1 つの役割のページだけにする：doctor、nurse、clerk、operator、auditor、director
";

/// Runs the command.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    let known = Known { values: &["to", "patients", "role"], flags: &[], free: false };
    let options = Options::parse(arguments, known)?;
    let patients: u32 = options.value("patients", 20)?;
    super::install()?;
    let binaries = build(Profile::Dev, &[("akashi", "akashi")])?;
    let to = options.text("to").map_or(target()?.join("screenshots"), PathBuf::from);
    std::fs::create_dir_all(&to).map_err(|error| format!("{}: {error}", to.display()))?;
    let data = target()?.join("screenshots-data");
    remove(&data)?;
    let akashi = binaries.join("akashi");
    let demo = Demo::start(&akashi, &data, &patients.to_string())?;
    let folder = std::fs::canonicalize(&to).map_err(|error| format!("{}: {error}", to.display()))?;
    let role = options.text("role").unwrap_or_default();
    let shot = demo.look("shoot.mjs", &[("SHOTS", &folder.display().to_string()), ("ROLE", role)]);
    drop(demo);
    remove(&data)?;
    shot?;
    say(&format!("the pictures stand in {}", to.display()));
    Ok(())
}

/// Takes away a data directory that this program has made.
pub(super) fn remove(folder: &Path) -> Result<(), String> {
    if !folder.exists() {
        return Ok(());
    }
    std::fs::remove_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))
}
