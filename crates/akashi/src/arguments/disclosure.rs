//! `akashi disclosure …`: its options.

use super::Asked;
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum Disclosure {
    /// Disclosures that were taken in, and those that are built in / 取り込んだ開示と組み込みの開示
    #[command(after_help = "Example / 例:\n  akashi disclosure list\n")]
    List(List),
    /// Take in the disclosure of a vendor, or one that is built in / 事業者の開示（または組み込みの開示）を取り込む
    #[command(
        after_help = "Examples / 例:\n  akashi disclosure import aws\n  akashi disclosure import vendor.yaml\n  akashi disclosure import vendor.oscal.json\n"
    )]
    Import(Import),
    /// Drop a disclosure that was taken in / 取り込んだ開示を外す
    #[command(after_help = "Example / 例:\n  akashi disclosure remove aws\n")]
    Remove(Remove),
    /// Write what this system answers for, as a file for others / このシステムが受け持つことを開示ファイルに書き出す
    #[command(
        after_help = "Example / 例:\n  akashi disclosure export --edition mhlw-6.0 --out akashi.disclosure.json\n"
    )]
    Export(Export),
    /// Who answers for each requirement, by the disclosures of all layers / 各要求事項を誰が受け持つか（責任分界表）
    #[command(
        after_help = "Examples / 例:\n  akashi disclosure matrix --edition mhlw-7.0\n  akashi disclosure matrix --edition meti-mic-2.0 --with aws\n"
    )]
    Matrix(Matrix),
}

#[derive(Args, Debug)]
pub(crate) struct List {
    #[command(flatten)]
    pub(crate) asked: Asked,
}

#[derive(Args, Debug)]
pub(crate) struct Import {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// A file, or aws, azure, google / ファイル、または aws、azure、google
    #[arg(value_name = "FILE|NAME")]
    pub(crate) from: String,
    /// Edition that the ids of an OSCAL component definition belong to / OSCAL の管理策 id が属する版
    #[arg(long, value_name = "EDITION")]
    pub(crate) edition: Option<String>,
}

/// Form of a disclosure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// Our own form / 独自の形式
    Akashi,
    /// OSCAL component definition / OSCAL コンポーネント定義
    Oscal,
}

#[derive(Args, Debug)]
pub(crate) struct Remove {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// The party / 事業者の id
    #[arg(value_name = "PARTY")]
    pub(crate) party: String,
}

#[derive(Args, Debug)]
pub(crate) struct Export {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// Edition of a guideline / ガイドラインの版
    #[arg(long, value_name = "EDITION", default_value = "mhlw-7.0")]
    pub(crate) edition: String,
    /// Form of the file / ファイルの形式
    #[arg(long, value_enum, default_value_t = Form::Akashi)]
    pub(crate) format: Form,
    /// File to write; it must not exist yet / 書き出すファイル（既存のファイルは上書きしない）
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
}

#[derive(Args, Debug)]
pub(crate) struct Matrix {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// Edition of a guideline / ガイドラインの版
    #[arg(long, value_name = "EDITION", default_value = "mhlw-7.0")]
    pub(crate) edition: String,
    /// Only this party beside this system, repeated for each; all that were taken in when absent / このシステムと組み合わせる事業者（繰り返し可、省略時は取り込んだすべて）
    #[arg(long = "with", value_name = "PARTY")]
    pub(crate) with: Vec<String>,
}

impl Disclosure {
    /// Where the facility is, and how the answer is wanted.
    pub(crate) fn asked(&self) -> &Asked {
        match self {
            Self::List(one) => &one.asked,
            Self::Import(one) => &one.asked,
            Self::Remove(one) => &one.asked,
            Self::Export(one) => &one.asked,
            Self::Matrix(one) => &one.asked,
        }
    }
}
