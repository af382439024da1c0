//! `akashi app …`: its options.

use super::{Asked, parse};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use identity::AccountId;
use identity::app::AppId;
use identity::kept::AppKind;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum App {
    /// Register an app or a service / アプリまたはサービスを登録する
    #[command(
        after_help = "Examples / 例:\n  akashi app register viewer --name \"検査ビューアー\" --redirect https://viewer.example/back --scopes \"launch/patient online_access patient/*.rs\"\n  akashi app register batch --kind service --name \"夜間集計\" --account batch --keys batch.jwks.json --scopes \"system/*.rs\"\n"
    )]
    Register(Register),
    /// List the apps and services / アプリとサービスの一覧
    #[command(after_help = "Example / 例:\n  akashi app list\n")]
    List(List),
    /// Show one with what people granted to it / アプリの詳細と、利用者が与えた許可
    #[command(after_help = "Example / 例:\n  akashi app show viewer\n")]
    Show(Named),
    /// Change name, addresses, scopes or keys / 名前・アドレス・スコープ・鍵を変更する
    #[command(after_help = "Example / 例:\n  akashi app change batch --keys batch-2027.jwks.json\n")]
    Change(Change),
    /// Disable an app and end all that was granted to it / アプリを無効にし、与えた許可をすべて終了する
    #[command(after_help = "Example / 例:\n  akashi app disable viewer --reason \"契約終了\"\n")]
    Disable(Disable),
}

#[derive(Args, Debug)]
pub(crate) struct List {
    #[command(flatten)]
    pub(crate) asked: Asked,
}

#[derive(Args, Debug)]
pub(crate) struct Named {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// The app: its `client_id` / アプリ（`client_id`）
    #[arg(value_name = "APP", value_parser = parse::app)]
    pub(crate) app: AppId,
}

/// What can be changed later too.
#[derive(Args, Debug)]
pub(crate) struct Traits {
    /// Address to go back to; several times for several / 戻り先アドレス（複数指定可）
    #[arg(long = "redirect", value_name = "URL")]
    pub(crate) redirects: Vec<String>,
    /// Address where it is opened / 起動アドレス
    #[arg(long, value_name = "URL")]
    pub(crate) launch: Option<String>,
    /// File with its public keys (JSON Web Key Set) / 公開鍵のファイル（JSON Web Key Set）
    #[arg(long, value_name = "FILE")]
    pub(crate) keys: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct Register {
    #[command(flatten)]
    pub(crate) named: Named,
    /// What people call it / 名称
    #[arg(long)]
    pub(crate) name: String,
    /// What it is / 種類（端末上のアプリ、鍵を持つアプリ、サービス）
    #[arg(long, default_value = "public", value_parser = kind())]
    pub(crate) kind: AppKind,
    /// What it may be granted at most / 許可できる最大のスコープ
    #[arg(long)]
    pub(crate) scopes: String,
    #[command(flatten)]
    pub(crate) traits: Traits,
    /// The account it acts for, for services / サービスが使うアカウント
    #[arg(long, value_name = "ACCOUNT", value_parser = parse::account)]
    pub(crate) account: Option<AccountId>,
}

#[derive(Args, Debug)]
pub(crate) struct Change {
    #[command(flatten)]
    pub(crate) named: Named,
    /// New name / 新しい名称
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// All scopes from now on / 今後のすべてのスコープ
    #[arg(long)]
    pub(crate) scopes: Option<String>,
    #[command(flatten)]
    pub(crate) traits: Traits,
}

#[derive(Args, Debug)]
pub(crate) struct Disable {
    #[command(flatten)]
    pub(crate) named: Named,
    /// Why; stays in the journal / 理由（ジャーナルに残ります）
    #[arg(long)]
    pub(crate) reason: String,
}

impl App {
    /// Where the app is, and how the answer is wanted.
    pub(crate) fn asked(&self) -> &Asked {
        match self {
            Self::Register(register) => &register.named.asked,
            Self::List(list) => &list.asked,
            Self::Show(named) => &named.asked,
            Self::Change(change) => &change.named.asked,
            Self::Disable(disable) => &disable.named.asked,
        }
    }
}

fn kind() -> impl TypedValueParser<Value = AppKind> {
    PossibleValuesParser::new(["public", "confidential", "service"])
        .map(|word| AppKind::parse(&word).unwrap_or(AppKind::Public))
}
