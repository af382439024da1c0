//! `akashi report …`: its options.

use super::{Asked, Language, Role, Which, parse};
use base::Time;
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum Report {
    /// The checklist of the ministry, filled in, with its evidence / 厚生労働省のサイバーセキュリティ対策チェックリスト（根拠付き）
    #[command(
        after_help = "Examples / 例:\n  akashi report checklist --out checklist.pdf\n  akashi report checklist --edition mhlw-checklist-2025 --role provider --out checklist.xlsx\n"
    )]
    Checklist(Wanted),
    /// The disclosure of makers and providers (MDS/SDS) / 製造業者・サービス事業者による開示書（MDS/SDS）
    #[command(
        after_help = "Example / 例:\n  akashi report sds --out sds.xlsx --to \"さくら診療所\" --compare sds-before.xlsx\n"
    )]
    Sds(Wanted),
    /// Who answers for each requirement / 責任分界表
    #[command(after_help = "Example / 例:\n  akashi report matrix --edition meti-mic-2.0 --out matrix.pdf\n")]
    Matrix(Wanted),
    /// What is missing, with what to do, the greatest effect first / 不足していることと対応（効果の大きい順）
    #[command(after_help = "Example / 例:\n  akashi report gaps --out gaps.pdf\n")]
    Gaps(Wanted),
    /// The risk register / リスク登録簿
    #[command(after_help = "Example / 例:\n  akashi report risk --out risk.xlsx\n")]
    Risk(Wanted),
    /// Everything for an inspection in one file / 立入検査に備える一式
    #[command(after_help = "Example / 例:\n  akashi report inspection --out inspection.pdf\n")]
    Inspection(Wanted),
    /// One page for the director / 院長向けの 1 ページの要約
    #[command(after_help = "Example / 例:\n  akashi report director --out director.pdf\n")]
    Director(Wanted),
    /// What the service provides against the guideline, with the draft of an agreement / サービス仕様適合開示書と SLA 案
    #[command(after_help = "Example / 例:\n  akashi report service-spec --out service-spec.pdf\n")]
    ServiceSpec(Wanted),
    /// Who got which version of which report / どの版の報告書を誰に渡したか
    #[command(after_help = "Example / 例:\n  akashi report list\n")]
    List(List),
}

/// What is wanted of a report.
#[derive(Args, Debug)]
pub(crate) struct Wanted {
    #[command(flatten)]
    pub(crate) which: Which,
    /// Edition of a guideline; that of the report when absent / ガイドラインの版（省略時は報告書ごとの既定）
    #[arg(long, value_name = "EDITION")]
    pub(crate) edition: Option<String>,
    /// For whom; a checklist is that of the facility when absent / 対象の立場（チェックリストは省略時に医療機関用）
    #[arg(long, value_enum)]
    pub(crate) role: Option<Role>,
    /// Language of the report, whatever that of the terminal / 報告書の言語（画面の言語とは別）
    #[arg(long, value_enum, default_value_t = Language::Ja)]
    pub(crate) lang: Language,
    /// New file to write: .pdf, .xlsx, .html, .json, or .zip for all of them with proofs / 書き出す新しいファイル（.zip は証明付きの一式）
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Show what changed since this version, or since this file that was handed out / この版（または交付したファイル）からの変更点を付ける
    #[arg(long, value_name = "FILE|VERSION")]
    pub(crate) compare: Option<String>,
    /// To whom it is handed, which the journal keeps / 交付先（ジャーナルに記録する）
    #[arg(long, value_name = "WHO")]
    pub(crate) to: Option<String>,
    /// What the facility is called on it; as configured when absent / 記載する施設名（省略時は設定の施設名）
    #[arg(long, value_name = "NAME")]
    pub(crate) facility_name: Option<String>,
    /// As it was assessed at this moment / この時点で保存された判定による
    #[arg(long, value_name = "MOMENT", value_parser = parse::time)]
    pub(crate) at: Option<Time>,
    /// Without --out: print the report as JSON / --out を付けないとき、報告書を JSON で出力する
    #[arg(long, conflicts_with = "out")]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct List {
    #[command(flatten)]
    pub(crate) asked: Asked,
}
