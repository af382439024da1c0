//! `cargo xtask bench`: what the release server does in a second on this machine, over TLS on loopback.

mod chart;
mod figures;
mod machine;
mod measure;
mod operations;
mod person;
mod plan;
mod request;
mod sample;
mod selection;
mod server;
mod site;

use crate::packages::{self, KILL, Needed};
use crate::programs::{Profile, build, say, target};
use measure::Bench;
use plan::Plan;
pub(crate) use plan::patients_of;
use std::path::{Path, PathBuf};

/// Help text.
pub(crate) const HELP: &str = "\
Usage: cargo xtask bench [--patients N | --resources N] [--only LIST] [--seconds S] [--connections C] [--data DIR]
                         [--json FILE]
       cargo xtask bench site [--help]        a check of a site / サイト検査の測定
       cargo xtask bench console [--help]     pages of the console / 画面の測定

Starts the release server on loopback with TLS, loads N generated patients through the public API as transactions, and
measures with wrk, let in by a machine's key; then reads and creates a second time by `load`: by that key, and as a person
who logged in with password and one-time code on a device with a certificate (mTLS), which wrk cannot show; then `akashi
verify --data` on all of it. Requests are made from the loaded records. Before anything
is measured, some requests of each operation are sent with curl: a refusal, or a search that finds nothing, ends the
run. Searches ask for 10 entries. Server and load generator share the machine's cores. wrk and curl are installed with
apt-get when missing.
  --patients N     patients to load (default 200, some 70 resources each)
  --resources N    the same by the number of resources, about
  --only LIST      names of operations with commas between them (default: all; the import is always measured):
                   read, vread, identifier, code, date, birthdate, subject, name, sort, chain, has, include,
                   revinclude, quantity, composite, total, everything, chart, validate, create, conditional-create, update,
                   import, verify
  --seconds S      time for each operation (default 10)
  --connections C  connections at once (default 64; the import uses at most 16)
  --data DIR       where to make the data directory, which then stays (default: below target, removed at the end)
  --json FILE      write the figures there too

リリース版サーバーを TLS 付きで起動し、N 人分の架空患者を公開 API のトランザクションで登録したうえで、wrk により各操作の速度を
測ります（機器のキーで接続）。read と create は、wrk が扱えないクライアント証明書（mTLS）とログイン済みの人のセッションでも、同じ `load` で
キーの場合と並べて測ります。最後に `akashi verify --data` の速度を測ります。要求は登録した記録から作ります。測定の前に各操作の要求をいくつか curl で
送信し、拒否された場合や検索結果が空の場合は中止します。検索は 10 件ずつ取得します。サーバーと負荷生成は同じコアを共有します。
wrk と curl がなければ apt-get でインストールします。
  --patients N     登録する患者数（既定は 200、1 人あたり約 70 リソース）
  --resources N    登録する量をリソース数（概数）で指定
  --only LIST      測定する操作の名前（上記の英語名）をコンマ区切りで指定（既定はすべて。登録 import は必ず測定する）
  --seconds S      各操作の測定時間（秒、既定は 10）
  --connections C  同時接続数（既定は 64。登録では最大 16）
  --data DIR       データディレクトリの作成先（指定すると残る。既定では target の下に作り、最後に削除）
  --json FILE      結果を JSON でも書き出す
";

/// What is measured by itself.
pub(crate) const PARTS: [&str; 2] = ["site", "console"];

const WRK: Needed = Needed { program: "wrk", package: "wrk", reason: "load / 負荷の生成" };
const CURL: Needed =
    Needed {
        program: "curl", package: "curl", reason: "requests before the measurement / 測定前の要求"
    };

/// Runs the command.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    if let Some((word, rest)) = arguments.split_first()
        && word == "site"
    {
        return if rest.iter().any(|one| one == "--help") {
            say(site::HELP);
            Ok(())
        } else {
            site::run(rest)
        };
    }
    if let Some((word, rest)) = arguments.split_first()
        && word == "console"
    {
        return if rest.iter().any(|one| one == "--help") {
            say(crate::browser::measure::HELP);
            Ok(())
        } else {
            crate::browser::measure::run(rest)
        };
    }
    let plan = Plan::parse(arguments)?;
    let place = target()?.join("bench");
    let data = plan.data.clone().unwrap_or_else(|| place.join("data"));
    let bench = Bench { plan, data, place, binaries: build_all()? };
    make_room(&bench)?;
    let figures = bench.measure()?;
    say(&format!("\n{figures}"));
    if let Some(file) = &bench.plan.json {
        std::fs::write(file, format!("{:#}\n", figures.json()))
            .map_err(|error| format!("{file}: {error}"))?;
    }
    if bench.plan.data.is_none() {
        remove(&bench.data)?;
    }
    figures.without_errors()
}

fn build_all() -> Result<PathBuf, String> {
    packages::install_missing(&[KILL, WRK, CURL])?;
    build(Profile::Release, &[("akashi", "akashi"), ("suite", "bundles"), ("suite", "load")])
}

/// A data directory of the user's is never removed.
fn make_room(bench: &Bench) -> Result<(), String> {
    if bench.plan.data.is_some() && bench.data.exists() {
        return Err(format!("{} exists already: name a new directory", bench.data.display()));
    }
    remove(&bench.data)?;
    std::fs::create_dir_all(&bench.place).map_err(|error| error.to_string())
}

fn remove(folder: &Path) -> Result<(), String> {
    if !folder.exists() {
        return Ok(());
    }
    std::fs::remove_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::HELP;
    use super::operations::OPERATIONS;

    #[test]
    fn the_help_text_names_every_operation_in_order() {
        let text = HELP.replace('\n', " ");
        let words: Vec<&str> = text.split([' ', ',']).filter(|word| !word.is_empty()).collect();
        let names: Vec<&str> = OPERATIONS.iter().map(|operation| operation.name).collect();
        assert!(words.windows(names.len()).any(|part| part == names), "{words:?}");
    }
}
