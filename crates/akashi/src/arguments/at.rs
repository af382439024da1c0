//! `akashi at …`: its options.

use super::{Which, parse};
use base::{RecordKey, Time};
use clap::Args;
use std::path::PathBuf;

#[derive(Args, Debug)]
pub(crate) struct At {
    #[command(flatten)]
    pub(crate) which: Which,
    /// The moment; without an offset in Japan time / 日時（時差を書かなければ日本時間）
    #[arg(value_name = "TIME", value_parser = parse::moment)]
    pub(crate) time: Time,
    /// A patient with the whole record, or another record by itself, for example Patient/42 / 患者（記録の全体）または 1 件の記録
    #[arg(value_name = "TYPE/ID", value_parser = parse::record)]
    pub(crate) record: RecordKey,
    /// As a page to read and print / 読み、印刷するためのページ
    #[arg(long)]
    pub(crate) html: bool,
    /// As a FHIR Bundle with the state of each version / 各版の状態を付けた FHIR Bundle
    #[arg(long, conflicts_with = "html")]
    pub(crate) json: bool,
    /// File to write, which must not exist yet; standard output when absent / 出力ファイル（新しいファイル名）
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}
