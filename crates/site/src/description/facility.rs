//! Who the description is about, who else takes part, and the steps from now to the target.

use super::place::{Id, Placed};
use super::scalar::Day;
use super::words::{FacilityKind, PartyKind, Phase};
use schemars::JsonSchema;
use serde::Deserialize;

/// The facility. In references it is called `facility`. / 施設。参照では `facility` と書く。
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Facility {
    /// Its name. / 名称。
    pub name: String,
    /// What it is. / 種類。
    pub kind: Option<FacilityKind>,
    /// Beds. / 病床数。
    pub beds: Option<u32>,
    /// The day on which this was true. / この内容を確かめた日。
    pub described_on: Option<Day>,
    /// Who says so. / 記載者。
    pub described_by: Option<String>,
    /// Whether it is written how care goes on without the systems. / システム停止時の診療手順書があるか。
    pub downtime_procedure: Option<bool>,
    /// Whether charts can be read without the line and the systems. / 回線やシステムが止まっても診療録を読めるか。
    pub downtime_copy: Option<bool>,
    /// Anything else. / 備考。
    pub note: Option<String>,
}

/// Somebody who owns, runs or answers for a part. / 所有・運用・責任分担に関わる者。
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Party {
    /// Its id: a-z, 0-9 and hyphens. / ID（a-z、0-9、ハイフン）。
    pub id: Id,
    /// Its name for people. / 表示名。
    pub name: Option<String>,
    /// What it is. / 種類。
    pub kind: PartyKind,
    /// Whether a contract says who answers for what. / 責任範囲を定めた契約があるか。
    pub agreement: Option<bool>,
    /// Whether its disclosure (SDS) is on file. / サービス仕様適合開示書（SDS）を受け取っているか。
    pub disclosure: Option<bool>,
    /// Anything else. / 備考。
    pub note: Option<String>,
}

/// A step on the way to the target. / 目標に向けた一段階。
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Which. / どの段階か。
    pub phase: Placed<Phase>,
    /// What it does. / 内容。
    pub name: Option<String>,
    /// When. / 実施日。
    pub date: Option<Day>,
    /// Whether the line that care then depends on is there twice. / 診療が依存する回線が二重か。
    pub line_is_redundant: Option<bool>,
    /// Whether terminals are protected before it goes live. / 稼働前に端末を保護するか。
    pub terminals_protected_before: Option<bool>,
    /// Whether the new provider's disclosure is on file. / 新しい事業者の開示書（SDS）があるか。
    pub disclosure_on_file: Option<bool>,
    /// Whether it is written how care goes on without line or provider. / 回線や事業者が止まった時の手順書があるか。
    pub downtime_procedure: Option<bool>,
    /// Whether a copy can be read then. / その時に読める写しがあるか。
    pub readable_copy: Option<bool>,
    /// Whether old servers are erased, with proof. / 旧サーバーを消去し証明を得るか。
    pub old_servers_erased: Option<bool>,
    /// Anything else. / 備考。
    pub note: Option<String>,
}
