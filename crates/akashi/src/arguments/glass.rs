//! `akashi glass …`: its options.

use super::Asked;
use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum Glass {
    /// List emergency accesses, unreviewed ones first / 緊急アクセスの一覧（未確認が先）
    #[command(after_help = "Example / 例:\n  akashi glass list\n")]
    List(List),
    /// Say what was found about one / 緊急アクセスの確認結果を記録する
    #[command(
        after_help = "Example / 例:\n  akashi glass review 0123456789abcdef0123456789abcdef --note \"救急搬送時の閲覧。妥当\"\n"
    )]
    Review(Review),
}

#[derive(Args, Debug)]
pub(crate) struct List {
    #[command(flatten)]
    pub(crate) asked: Asked,
}

#[derive(Args, Debug)]
pub(crate) struct Review {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// The emergency access, as `akashi glass list` names it / 緊急アクセスの id（`akashi glass list` で確認できます）
    #[arg(value_name = "GLASS")]
    pub(crate) glass: String,
    /// What was found; stays as it is / 確認結果（後から変更できません）
    #[arg(long)]
    pub(crate) note: String,
}

impl Glass {
    /// Where the facility is, and how the answer is wanted.
    pub(crate) fn asked(&self) -> &Asked {
        match self {
            Self::List(list) => &list.asked,
            Self::Review(review) => &review.asked,
        }
    }
}
