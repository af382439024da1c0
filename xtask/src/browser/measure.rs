//! `cargo xtask bench console`: how long pages take, and when the first of them is seen.

use super::demo::Demo;
use super::screenshots::remove;
use crate::options::{Known, Options};
use crate::programs::{Profile, build, target};

/// Help text.
pub(crate) const HELP: &str = "\
Usage: cargo xtask bench console [--patients N] [--times N] [--profile dev|release]

Starts the demo with N patients (some 70 resources each) and asks, as the doctor, for each kind of page that links lead
to, again and again over one connection: median and 95th percentile of the time to the last byte. Then each page once in
Chromium with the processor slowed down four times: when something is first painted, and what the page weighs.
  --patients N   patients of the demo (default 200)
  --times N      requests for each page (default 50)
  --profile P    dev or release (default release)

N 人分（1 人あたり約 70 リソース）のデモを起動し、医師としてリンクでたどり着く各種のページを繰り返し取得して、応答時間の中央値と
95 パーセンタイルを測ります。さらに Chromium で CPU を 4 倍遅くして各ページを開き、最初の描画までの時間とページの容量を測ります。
  --patients N   デモの患者数（既定は 200）
  --times N      ページごとの取得回数（既定は 50）
  --profile P    dev または release（既定は release）
";

/// Runs the command.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    let known = Known { values: &["patients", "times", "profile"], flags: &[], free: false };
    let options = Options::parse(arguments, known)?;
    let patients: u32 = options.value("patients", 200)?;
    let times: u32 = options.value("times", 50)?;
    let profile = Profile::parse(options.text("profile").unwrap_or("release"))?;
    super::install()?;
    let binaries = build(profile, &[("akashi", "akashi")])?;
    let data = target()?.join("bench-console");
    remove(&data)?;
    let akashi = binaries.join("akashi");
    let demo = Demo::start(&akashi, &data, &patients.to_string())?;
    let measured = demo.look("measure.mjs", &[("TIMES", &times.to_string())]);
    drop(demo);
    remove(&data)?;
    measured
}
