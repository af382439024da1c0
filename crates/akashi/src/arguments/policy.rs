//! `akashi policy …`: its options.

use super::{Asked, parse};
use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum Policy {
    /// Show the policy and what each value means / 方針と各値の意味を示す
    #[command(after_help = "Example / 例:\n  akashi policy show\n")]
    Show(Show),
    /// Change values of the policy, all or none / 方針の値を変更する（すべて変更するか、何も変更しないか）
    #[command(after_help = "Example / 例:\n  akashi policy set session-idle-seconds=900 unused-days=60\n")]
    Set(Set),
}

#[derive(Args, Debug)]
pub(crate) struct Show {
    #[command(flatten)]
    pub(crate) asked: Asked,
}

#[derive(Args, Debug)]
pub(crate) struct Set {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// Values; their names stand in `akashi policy show` / 値（名前は `akashi policy show` で確認できます）
    #[arg(required = true, value_name = "NAME=VALUE", value_parser = parse::named_value)]
    pub(crate) values: Vec<(String, String)>,
}

impl Policy {
    /// Where the facility is, and how the answer is wanted.
    pub(crate) fn asked(&self) -> &Asked {
        match self {
            Self::Show(show) => &show.asked,
            Self::Set(set) => &set.asked,
        }
    }
}
