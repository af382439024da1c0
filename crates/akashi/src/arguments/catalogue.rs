//! `akashi catalogue …`: its options.

use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum Catalogue {
    /// The editions of the guidelines that are built in / 組み込みのガイドラインの版
    #[command(after_help = "Example / 例:\n  akashi catalogue list\n")]
    List,
    /// Write an edition, or all of them, as an OSCAL catalog / 版（省略時はすべて）を OSCAL カタログとして書き出す
    #[command(
        after_help = "Example / 例:\n  akashi catalogue export --edition mhlw-7.0 --out mhlw-7.0.json\n"
    )]
    Export(Export),
    /// Turn an OSCAL catalog into a folder of rules / OSCAL カタログをルールのフォルダーに変換する
    #[command(
        after_help = "Example / 例:\n  akashi catalogue import nist.json --edition nist-800-53 --out rules/\n\nName the folder in akashi.toml, section [guideline], to assess by it.\nakashi.toml の [guideline] でこのフォルダーを指定すると、判定に使えます。\n"
    )]
    Import(Import),
}

#[derive(Args, Debug)]
pub(crate) struct Export {
    /// Edition of a guideline / ガイドラインの版
    #[arg(long, value_name = "EDITION")]
    pub(crate) edition: Option<String>,
    /// File to write; it must not exist yet / 書き出すファイル（既存のファイルは上書きしない）
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
}

#[derive(Args, Debug)]
pub(crate) struct Import {
    /// The OSCAL catalog, as JSON / OSCAL カタログ（JSON）
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The edition that it becomes: letters, digits, - and . / 取り込み後の版の名前
    #[arg(long, value_name = "EDITION")]
    pub(crate) edition: String,
    /// Folder to write; it must not exist yet / 書き出すフォルダー（既存のフォルダーには書かない）
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: PathBuf,
}
