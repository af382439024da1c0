//! `cargo xtask bench console`: how long pages take, when the first of them is seen, what they weigh.

use super::demo::Demo;
use super::screenshots::remove;
use crate::bench::patients_of;
use crate::options::{Known, Options};
use crate::programs::{Profile, build, say, target};

/// Help text.
pub(crate) const HELP: &str = "\
Usage: cargo xtask bench console [--resources N | --patients N] [--times N] [--role ROLE] [--profile dev|release]

Starts the demo with N resources, signs in as each role and asks for each kind of page that links lead to, again and again over
one connection: median and 95th percentile of the time to the last byte. Then each page once in Chromium with the processor
slowed down four times: when something is first painted, and what the page weighs without pictures. At the end stands which
pages are over the bounds (150 ms at the 95th percentile, 1 s to the first paint, 200 kB); that ends no build.
  --resources N  about so many resources (default 100000)
  --patients N   the same by the number of patients, of some 70 resources each
  --times N      requests for each page (default 30)
  --role ROLE    the pages of one role only: doctor, nurse, clerk, operator, auditor or director
  --profile P    dev or release (default release)

約 N 件のリソースのデモを起動し、各役割でログインして、リンクでたどり着く各種のページを繰り返し取得し、応答時間の中央値と
95 パーセンタイルを測ります。さらに Chromium で CPU を 4 倍遅くして各ページを開き、最初の描画までの時間とページの容量（画像を除く）を
測ります。最後に、上限（95 パーセンタイル 150 ms、最初の描画 1 秒、200 kB）を超えたページを示します（失敗にはしません）。
  --resources N  リソース数（概数、既定は 100000）
  --patients N   患者数で指定（1 人あたり約 70 リソース）
  --times N      ページごとの取得回数（既定は 30）
  --role ROLE    1 つの役割のページだけにする：doctor、nurse、clerk、operator、auditor、director
  --profile P    dev または release（既定は release）
";

const RESOURCES: &str = "100000";

/// Runs the command.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    let known =
        Known { values: &["resources", "patients", "times", "role", "profile"], flags: &[], free: false };
    let options = Options::parse(arguments, known)?;
    let patients = match (options.text("resources"), options.text("patients")) {
        (Some(_), Some(_)) => return Err("`--resources` and `--patients` say the same: give one".to_owned()),
        (None, Some(_)) => options.value("patients", 1)?,
        (resources, None) => patients_of(resources.unwrap_or(RESOURCES))?,
    };
    let times: u32 = options.value("times", 30)?;
    let profile = Profile::parse(options.text("profile").unwrap_or("release"))?;
    super::install()?;
    let binaries = build(profile, &[("akashi", "akashi")])?;
    let data = target()?.join("bench-console");
    remove(&data)?;
    let akashi = binaries.join("akashi");
    say(&format!("making a demo of {patients} patients"));
    let demo = Demo::start(&akashi, &data, &patients.to_string())?;
    let role = options.text("role").unwrap_or_default();
    let measured = demo.look("measure.mjs", &[("TIMES", &times.to_string()), ("ROLE", role)]);
    drop(demo);
    remove(&data)?;
    measured
}
