//! `akashi document …`: its options.

use super::{Asked, parse};
use clap::{Args, Subcommand};
use guideline::Day;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum Document {
    /// Kinds of documents, and which of them the facility lacks / 文書の種類と、施設に足りないもの
    #[command(after_help = "Example / 例:\n  akashi document kinds --missing\n")]
    Kinds(Kinds),
    /// The register of documents / 文書台帳
    #[command(after_help = "Example / 例:\n  akashi document list\n")]
    List(List),
    /// Write a document to begin with, filled in as far as the system knows / ひな形を書き出す（システムが分かることは記入済み）
    #[command(
        after_help = "Example / 例:\n  akashi document template operating_rules --out 運用管理規程.md\n"
    )]
    Template(Template),
    /// Register a document / 文書を台帳に登録する
    #[command(
        after_help = "Examples / 例:\n  akashi document add --kind network_diagram --title \"ネットワーク構成図\" --document-version 3 --file /srv/docs/network.pdf --owner 情報管理室 --approved-by \"院長 山田 太郎\"\n  akashi document add --kind provider_contract --title \"保守契約書\" --document-version 2026 --shelf \"事務室 書庫 2\" --owner 事務長\n"
    )]
    Add(Add),
    /// Enter who approved a document / 文書の承認を記録する
    #[command(
        after_help = "Example / 例:\n  akashi document approve 0123456789abcdef --by \"院長 山田 太郎\" --on 2026-04-01\n"
    )]
    Approve(Approve),
    /// Withdraw a document / 文書を取り下げる
    #[command(
        after_help = "Example / 例:\n  akashi document withdraw 0123456789abcdef --reason \"契約終了\"\n"
    )]
    Withdraw(Withdraw),
}

#[derive(Args, Debug)]
pub(crate) struct Kinds {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// Only kinds of which no document counts / 有効な文書がない種類だけ
    #[arg(long)]
    pub(crate) missing: bool,
}

#[derive(Args, Debug)]
pub(crate) struct List {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// Also those that were withdrawn / 取り下げたものも示す
    #[arg(long)]
    pub(crate) all: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Template {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// Kind of document, as `akashi document kinds` names it / 文書の種類
    #[arg(value_name = "KIND")]
    pub(crate) kind: String,
    /// Name of the facility, as it shall stand in the document / 文書に記載する施設名
    #[arg(long, value_name = "NAME")]
    pub(crate) facility_name: Option<String>,
    /// File to write; standard output when absent / 出力ファイル
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// Where a document lies.
#[derive(Args, Debug)]
#[group(required = true, multiple = false, id = "place")]
pub(crate) struct Where {
    /// A file at this server; its content is compared at every assessment / このサーバー上のファイル（判定のたびに内容を照合）
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// An address / リンク
    #[arg(long, value_name = "URL")]
    pub(crate) link: Option<String>,
    /// Where it is kept / 保管場所
    #[arg(long, value_name = "PLACE")]
    pub(crate) shelf: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct Add {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// Kind of document, as `akashi document kinds` names it / 文書の種類
    #[arg(long, value_name = "KIND")]
    pub(crate) kind: String,
    /// Its title / 題名
    #[arg(long)]
    pub(crate) title: String,
    /// Its version, as it says itself / 文書の版
    #[arg(long, value_name = "VERSION")]
    pub(crate) document_version: String,
    #[command(flatten)]
    pub(crate) place: Where,
    /// SHA-256 of its content, for a link or a place / SHA-256 ダイジェスト（リンクや保管場所のとき）
    #[arg(long, value_name = "DIGITS")]
    pub(crate) sha256: Option<String>,
    /// Who keeps it up to date / 管理者
    #[arg(long)]
    pub(crate) owner: String,
    /// Who approved it / 承認者
    #[arg(long, value_name = "NAME")]
    pub(crate) approved_by: Option<String>,
    /// When they did; today when absent / 承認日（省略時は今日）
    #[arg(long, value_name = "DAY", value_parser = parse::day, requires = "approved_by")]
    pub(crate) approved_on: Option<Day>,
    /// When it must be looked at again; as its kind says when absent / 次の見直し日（省略時は種類ごとの標準）
    #[arg(long, value_name = "DAY", value_parser = parse::day)]
    pub(crate) review_on: Option<Day>,
    /// The document in whose place it comes / 差し替える文書の id
    #[arg(long, value_name = "DOCUMENT")]
    pub(crate) replaces: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct Approve {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// The document's id / 文書の id
    #[arg(value_name = "DOCUMENT")]
    pub(crate) document: String,
    /// Who approved it / 承認者
    #[arg(long, value_name = "NAME")]
    pub(crate) by: String,
    /// When they did; today when absent / 承認日（省略時は今日）
    #[arg(long, value_name = "DAY", value_parser = parse::day)]
    pub(crate) on: Option<Day>,
}

#[derive(Args, Debug)]
pub(crate) struct Withdraw {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// The document's id / 文書の id
    #[arg(value_name = "DOCUMENT")]
    pub(crate) document: String,
    /// Why / 理由
    #[arg(long)]
    pub(crate) reason: String,
}

impl Document {
    /// Where the facility is, and how the answer is wanted.
    pub(crate) fn asked(&self) -> &Asked {
        match self {
            Self::Kinds(one) => &one.asked,
            Self::List(one) => &one.asked,
            Self::Template(one) => &one.asked,
            Self::Add(one) => &one.asked,
            Self::Approve(one) => &one.asked,
            Self::Withdraw(one) => &one.asked,
        }
    }
}
