//! `akashi assess`: its options.

use super::{Which, parse};
use base::Time;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

#[derive(Args, Debug)]
pub(crate) struct Assess {
    #[command(flatten)]
    pub(crate) which: Which,
    /// Edition of a guideline / ガイドラインの版
    #[arg(long, value_name = "EDITION", default_value = "mhlw-7.0")]
    pub(crate) edition: String,
    /// Only what this side has to do / この立場に求められるものだけ
    #[arg(long, value_enum)]
    pub(crate) role: Option<Role>,
    /// Form of the answer / 出力形式
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,
    /// File to write in place of the standard output; it must not exist yet / 出力ファイル（既存のファイルは上書きしない）
    #[arg(long, value_name = "FILE", conflicts_with_all = ["explain", "facts", "open"])]
    pub(crate) out: Option<PathBuf>,
    /// Show one requirement with all that decided it / 要求事項 1 件の判定の根拠を示す
    #[arg(long, value_name = "REQUIREMENT", conflicts_with_all = ["facts", "open"])]
    pub(crate) explain: Option<String>,
    /// List what is known, key by key / 判明している事実の一覧を示す
    #[arg(long, conflicts_with = "open")]
    pub(crate) facts: bool,
    /// As it was assessed at this moment / この時点で保存された判定を示す
    #[arg(long, value_name = "MOMENT", value_parser = parse::time, conflicts_with_all = ["explain", "facts"])]
    pub(crate) at: Option<Time>,
    /// Check this description of the site first, and keep what it shows / 先にこのサイト記述を検査し、結果を保存して判定に使う
    #[arg(long, value_name = "FILE", conflicts_with_all = ["explain", "facts", "at"])]
    pub(crate) site: Option<PathBuf>,
    /// Check this Terraform plan with it; repeated for each / 併せて検査する Terraform のプラン（繰り返し可）
    #[arg(long = "plan", value_name = "FILE", conflicts_with_all = ["explain", "facts", "at"])]
    pub(crate) plans: Vec<PathBuf>,
    /// Folder with the Terraform sources of the plans / プランの元の Terraform ソースのフォルダー
    #[arg(long = "source", value_name = "DIR", requires = "plans")]
    pub(crate) sources: Vec<PathBuf>,
    /// List the requirements that are not settled, with what to do / 未解決の要求事項と対応の一覧を示す
    #[arg(long)]
    pub(crate) open: bool,
}

/// For whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Role {
    /// 医療機関
    Facility,
    /// 事業者
    Provider,
}

/// Form of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people / 人が読む形
    Table,
    /// For programs / プログラム用
    Json,
    /// OSCAL assessment results / OSCAL 評価結果
    Oscal,
    /// A page for a browser / ブラウザー用のページ
    Html,
}
