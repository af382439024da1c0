//! `akashi attest …`: its options.

use super::{Asked, parse};
use clap::{Args, Subcommand};
use guideline::Day;

#[derive(Debug, Subcommand)]
pub(crate) enum Attest {
    /// Questions to people, those first that decide most / 人への質問の一覧（影響の大きい順）
    #[command(after_help = "Example / 例:\n  akashi attest list --open\n")]
    List(List),
    /// Answer a question / 質問に回答する
    #[command(
        after_help = "Examples / 例:\n  akashi attest answer training_held yes --name \"事務長 佐藤 花子\"\n  akashi attest answer site.network.zones_separated yes --name \"情報管理室 鈴木 一郎\" --note \"2026-03 の工事後に確認\"\n"
    )]
    Answer(Answer),
    /// Decide that a requirement does not apply / 要求事項を対象外とする
    #[command(
        after_help = "Example / 例:\n  akashi attest exclude mhlw-6.0/control/16-1 --reason \"紙の記録をスキャンして保存しない\" --name \"院長 山田 太郎\"\n"
    )]
    Exclude(Exclude),
    /// Take back that a requirement does not apply / 対象外とした要求事項を対象に戻す
    #[command(after_help = "Example / 例:\n  akashi attest include mhlw-6.0/control/16-1\n")]
    Include(Include),
}

#[derive(Args, Debug)]
pub(crate) struct List {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// Only those that nobody has answered, or whose answer is over / 未回答か期限切れの質問だけ
    #[arg(long)]
    pub(crate) open: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Answer {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// The question / 質問
    #[arg(value_name = "QUESTION")]
    pub(crate) question: String,
    /// yes, no, a number or a text, as the question asks / yes、no、数値、または文字列（質問による）
    #[arg(value_name = "ANSWER", value_parser = parse::answer)]
    pub(crate) value: guideline::Value,
    /// Who answers for it / 回答者
    #[arg(long)]
    pub(crate) name: String,
    /// What is to be said besides / 補足
    #[arg(long)]
    pub(crate) note: Option<String>,
    /// Last day on which the answer counts; as the question says when absent / 有効期限（省略時は質問ごとの標準）
    #[arg(long, value_name = "DAY", value_parser = parse::day)]
    pub(crate) until: Option<Day>,
}

#[derive(Args, Debug)]
pub(crate) struct Exclude {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// The requirement / 要求事項
    #[arg(value_name = "REQUIREMENT")]
    pub(crate) requirement: String,
    /// Why it does not apply / 対象外とする理由
    #[arg(long)]
    pub(crate) reason: String,
    /// Who decides it / 決定者
    #[arg(long)]
    pub(crate) name: String,
    /// Last day on which the decision counts; 12 months when absent / 有効期限（省略時は 12 か月）
    #[arg(long, value_name = "DAY", value_parser = parse::day)]
    pub(crate) until: Option<Day>,
}

#[derive(Args, Debug)]
pub(crate) struct Include {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// The requirement / 要求事項
    #[arg(value_name = "REQUIREMENT")]
    pub(crate) requirement: String,
}

impl Attest {
    /// Where the facility is, and how the answer is wanted.
    pub(crate) fn asked(&self) -> &Asked {
        match self {
            Self::List(one) => &one.asked,
            Self::Answer(one) => &one.asked,
            Self::Exclude(one) => &one.asked,
            Self::Include(one) => &one.asked,
        }
    }
}
