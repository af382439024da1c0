//! `akashi check`.

use super::{DataFolder, parse};
use base::FacilityId;
use clap::{ArgGroup, Args, ValueEnum};
use std::path::PathBuf;

#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
#[command(group = ArgGroup::new("instead").args(["init", "template", "templates", "schema", "modelled"]))]
pub(crate) struct Check {
    /// Description of the site, site.yaml / サイト記述（site.yaml）
    #[arg(value_name = "SITE", conflicts_with = "instead")]
    pub(crate) site: Option<PathBuf>,
    /// Plan or state, as `terraform show -json` writes it; repeated for each / Terraform のプランまたはステートの JSON（繰り返し可）
    #[arg(long = "plan", value_name = "FILE", conflicts_with = "instead")]
    pub(crate) plans: Vec<PathBuf>,
    /// Folder with the Terraform sources of the plan before it, or of all plans / プランの元の Terraform ソースのフォルダー
    #[arg(long = "source", value_name = "DIR", requires = "plans")]
    pub(crate) sources: Vec<PathBuf>,
    /// Which of the described phases / 判定する段階
    #[arg(long, value_enum, default_value_t = Phase::Now)]
    pub(crate) phase: Phase,
    /// Form of the answer / 出力形式
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,
    /// File to write in place of the standard output; it must not exist yet / 出力ファイル（既存のファイルは上書きしない）
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Everything, not only what comes first / 省略せずにすべて表示する
    #[arg(long)]
    pub(crate) all: bool,
    /// One finding with everything that shows it / 指摘 1 件の詳細
    #[arg(long, value_name = "FINDING", conflicts_with_all = ["path", "compare"])]
    pub(crate) explain: Option<String>,
    /// Whether one place reaches another, and by which hops / 2 点間の通信の可否と経路
    #[arg(long, num_args = 2, value_names = ["FROM", "TO"], conflicts_with = "compare")]
    pub(crate) path: Option<Vec<String>>,
    /// What changes between two descriptions, or two phases of SITE / 2 つのサイト記述、または SITE の 2 つの段階（now、next、target）の違い
    #[arg(long, num_args = 2, value_names = ["BEFORE", "AFTER"])]
    pub(crate) compare: Option<Vec<PathBuf>>,
    /// The day that counts for ends of support and reviews; today when absent / 期限の判定に使う日付（省略時は今日）
    #[arg(long, value_name = "DAY", value_parser = parse::day)]
    pub(crate) day: Option<guideline::Day>,
    /// Keep the result for `akashi assess` in the data directory / 結果を保存し、akashi assess の判定に使う
    #[arg(long, conflicts_with_all = ["compare", "path", "explain", "instead", "day"])]
    pub(crate) keep: bool,
    #[command(flatten)]
    pub(crate) folder: DataFolder,
    /// Facility whose result is kept; needed when there are several / 結果を保存する施設（複数ある場合に必要）
    #[arg(long, value_name = "ID", value_parser = parse::facility)]
    pub(crate) facility: Option<FacilityId>,
    /// Write an example to start from / 見本を書き出す
    #[arg(long)]
    pub(crate) init: bool,
    /// Write a reference architecture as a start / 参照構成をひな型として書き出す
    #[arg(long, value_name = "NAME")]
    pub(crate) template: Option<String>,
    /// List the reference architectures / 参照構成の一覧
    #[arg(long)]
    pub(crate) templates: bool,
    /// Write the JSON Schema of the description / サイト記述の JSON Schema を書き出す
    #[arg(long)]
    pub(crate) schema: bool,
    /// List the resource types that are modelled, ignored, or make an answer undecided / 対応するリソースの種類の一覧
    #[arg(long)]
    pub(crate) modelled: bool,
}

/// A phase of a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Phase {
    /// 現在
    Now,
    /// 次の段階
    Next,
    /// 目標
    Target,
}

/// Form of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people / 人が読む形
    Table,
    /// For programs / プログラム用
    Json,
    /// For code review / コードレビュー用
    Sarif,
    /// A page for a browser, with a picture of the network / ネットワーク図付きのページ
    Html,
}
