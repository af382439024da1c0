//! `akashi audit …`: its options.

use super::{Asked, parse};
use base::ResourceId;
use clap::{Args, Subcommand};
use identity::AccountId;

#[derive(Debug, Subcommand)]
pub(crate) enum Audit {
    /// The newest accesses: who did what / アクセス記録を新しい順に示す
    #[command(
        after_help = "Examples / 例:\n  akashi audit list --patient 42 --from 2026-04-01\n  akashi audit list --account dr-sato --refused\n"
    )]
    List(List),
    /// Who looked at a patient, and who looked while not treating them / 患者の記録を誰が見たか（診療に関わらない閲覧を含む）
    #[command(after_help = "Example / 例:\n  akashi audit lookers --patient 42 --from 2026-04-01\n")]
    Lookers(Lookers),
}

#[derive(Args, Debug)]
pub(crate) struct List {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// Only those that name this patient / この患者に関するものだけ
    #[arg(long, value_name = "ID", value_parser = parse::resource_id)]
    pub(crate) patient: Option<ResourceId>,
    /// Only those of this account / このアカウントによるものだけ
    #[arg(long, value_name = "ACCOUNT", value_parser = parse::account)]
    pub(crate) account: Option<AccountId>,
    /// Only what was refused / 拒否されたものだけ
    #[arg(long)]
    pub(crate) refused: bool,
    #[command(flatten)]
    pub(crate) time: Within,
    /// How many, at most / 最大件数
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) count: u16,
}

#[derive(Args, Debug)]
pub(crate) struct Lookers {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// The patient's id / 患者の id
    #[arg(long, value_name = "ID", value_parser = parse::resource_id)]
    pub(crate) patient: ResourceId,
    #[command(flatten)]
    pub(crate) time: Within,
}

/// A span of time.
#[derive(Args, Debug)]
pub(crate) struct Within {
    /// From this day or moment on / この日（日時）から
    #[arg(long, value_name = "TIME", value_parser = parse::date)]
    pub(crate) from: Option<String>,
    /// Until this day or moment, which is included / この日（日時）まで。当日を含む
    #[arg(long, value_name = "TIME", value_parser = parse::date)]
    pub(crate) until: Option<String>,
}

impl Audit {
    /// Where the facility is, and how the answer is wanted.
    pub(crate) fn asked(&self) -> &Asked {
        match self {
            Self::List(list) => &list.asked,
            Self::Lookers(lookers) => &lookers.asked,
        }
    }
}
