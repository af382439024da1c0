//! `akashi disclosure …`: its options.

use super::{AssessFormat, Which};
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum Disclosure {
    /// Who answers for each requirement, by the disclosures of all layers / 各要求事項を誰が受け持つか（責任分界表）
    #[command(
        after_help = "Example / 例:\n  akashi disclosure matrix --edition meti-mic-2.0 --with aws --with vendor.yaml\n"
    )]
    Matrix(MatrixOptions),
    /// Write what this system answers for, as a file for others / このシステムが受け持つことを開示ファイルに書き出す
    #[command(
        after_help = "Example / 例:\n  akashi disclosure export --edition mhlw-6.0 --out akashi.disclosure.json\n"
    )]
    Export(ExportOptions),
}

#[derive(Args, Debug)]
pub(crate) struct MatrixOptions {
    /// Edition of a guideline / ガイドラインの版
    #[arg(long, value_name = "EDITION", default_value = "mhlw-7.0")]
    pub(crate) edition: String,
    /// A disclosure: aws, azure, google, or a file; repeated for each layer / 開示：aws、azure、google、またはファイル（層ごとに繰り返す）
    #[arg(long = "with", value_name = "NAME|FILE", required = true)]
    pub(crate) with: Vec<String>,
    /// Form of the answer / 出力形式
    #[arg(long, value_enum, default_value_t = AssessFormat::Table)]
    pub(crate) format: AssessFormat,
}

#[derive(Args, Debug)]
pub(crate) struct ExportOptions {
    #[command(flatten)]
    pub(crate) which: Which,
    /// Edition of a guideline / ガイドラインの版
    #[arg(long, value_name = "EDITION", default_value = "mhlw-6.0")]
    pub(crate) edition: String,
    /// File to write; it must not exist yet / 書き出すファイル（既存のファイルは上書きしない）
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
}
