//! `akashi law …`: its options.

use super::Asked;
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum Law {
    /// Show the facility's policies and the proposals that wait / 施設の権限ルールと承認待ちの提案を示す
    #[command(after_help = "Example / 例:\n  akashi law show\n  akashi law show --full\n")]
    Show(Show),
    /// Show who may do what, and what the facility's policies change / 誰に何が許されているか、施設のルールで何が変わるかを示す
    #[command(
        after_help = "Example / 例:\n  akashi law matrix --role nurse\n  akashi law matrix --proposal 0123456789abcdef0123456789abcdef\n"
    )]
    Matrix(Matrix),
    /// Check whether policies could be added; nothing changes / 権限ルールを追加できるか確かめる（何も変更しない）
    #[command(after_help = "Example / 例:\n  akashi law check ward.cedar\n")]
    Check(Check),
    /// Propose policies in place of those that the facility has added / 施設の権限ルール全体を置き換える提案をする
    #[command(
        after_help = "Example / 例:\n  akashi law propose ward.cedar --reason \"病棟ごとの閲覧制限\"\n\nAn empty file takes back all that was added. / 空のファイルを指定すると、追加したルールをすべて取り消す提案になります。\n"
    )]
    Propose(Propose),
    /// Put in force what another person proposed / 別の人の提案を承認し、有効にする
    #[command(
        after_help = "Example / 例:\n  akashi law approve 0123456789abcdef0123456789abcdef\n\nThe console counts as one person, whoever sits at it. / コンソールは、誰が操作しても 1 人と数えます。\n"
    )]
    Approve(Named),
    /// Take a proposal back / 提案を取り下げる
    #[command(after_help = "Example / 例:\n  akashi law withdraw 0123456789abcdef0123456789abcdef\n")]
    Withdraw(Named),
}

#[derive(Args, Debug)]
pub(crate) struct Show {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// Also the default policies, and the words that policies can use / 標準のルールと、ルールで使える語も示す
    #[arg(long)]
    pub(crate) full: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Matrix {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// One occupation or duty (`nurse`, `auditor`); all when absent / 職種または役割（省略するとすべて）
    #[arg(long, value_name = "WORD")]
    pub(crate) role: Option<String>,
    /// As it would be by a proposal, against the law in force / 提案が有効になった場合（現在のルールとの差を示す）
    #[arg(long, value_name = "PROPOSAL")]
    pub(crate) proposal: Option<String>,
    /// At a restricted patient / 閲覧を制限した患者の場合
    #[arg(long)]
    pub(crate) restricted: bool,
    /// By somebody who treats the patient / 患者の担当者の場合
    #[arg(long)]
    pub(crate) treating: bool,
    /// From a network zone / ネットワークの区域
    #[arg(long, value_name = "ZONE")]
    pub(crate) zone: Option<String>,
    /// At an hour, 0 to 23 / 時刻（0〜23 時）
    #[arg(long, value_name = "HOUR")]
    pub(crate) hour: Option<u8>,
    /// On a day of the week, 1 (Monday) to 7 / 曜日（1 = 月曜日〜7）
    #[arg(long, value_name = "DAY")]
    pub(crate) weekday: Option<u8>,
}

#[derive(Args, Debug)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// File with policies / 権限ルールのファイル
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
}

#[derive(Args, Debug)]
pub(crate) struct Propose {
    #[command(flatten)]
    pub(crate) check: Check,
    /// Why; the approver reads it / 理由（承認する人に示されます）
    #[arg(long)]
    pub(crate) reason: String,
}

#[derive(Args, Debug)]
pub(crate) struct Named {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// The proposal, as `akashi law show` names it / 提案の id（`akashi law show` で確認できます）
    #[arg(value_name = "PROPOSAL")]
    pub(crate) proposal: String,
}

impl Law {
    /// Where the facility is, and how the answer is wanted.
    pub(crate) fn asked(&self) -> &Asked {
        match self {
            Self::Show(show) => &show.asked,
            Self::Matrix(matrix) => &matrix.asked,
            Self::Check(check) => &check.asked,
            Self::Propose(propose) => &propose.check.asked,
            Self::Approve(named) | Self::Withdraw(named) => &named.asked,
        }
    }
}
