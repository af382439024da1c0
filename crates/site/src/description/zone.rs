//! Zones: networks and their parts.

use super::place::{Id, Placed};
use super::scalar::Range;
use super::words::{Phase, ZoneKind};
use schemars::JsonSchema;
use serde::Deserialize;

/// A network, or a part of one, whose members reach each other unless something is said. / ネットワークまたはその一部。特に書かなければ、中の機器は互いに通信できる。
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Zone {
    /// Its id: a-z, 0-9 and hyphens. / ID（a-z、0-9、ハイフン）。
    pub id: Id,
    /// Its name for people. / 表示名。
    pub name: Option<String>,
    /// What it is for. / 種類。
    pub kind: ZoneKind,
    /// Its ranges of addresses. / アドレス範囲。
    pub ranges: Option<Vec<Placed<Range>>>,
    /// The zone of which it is a part, such as the VLAN of a site. / このゾーンを含むゾーンの ID。
    pub within: Option<Id>,
    /// Where other networks use the same addresses: a name for those that share one plan of addresses. / 他と同じアドレスを別々に使うネットワークの区別名。
    pub space: Option<String>,
    /// Who owns it: `facility` or the id of a party. / 所有者（`facility` または関係者の ID）。
    pub owner: Option<Id>,
    /// Who runs it. / 運用する者。
    pub run_by: Option<Id>,
    /// Whether its members reach only what names them in `accepts_from`. / 中の機器が、`accepts_from` で認めた相手からしか接続を受けないように遮断しているか。
    pub isolated: Option<bool>,
    /// The node through which everything else leaves. / 外への通信を出す機器の ID。
    pub default_route: Option<Id>,
    /// Whether intrusions are looked for. / 侵入検知をしているか。
    pub watched: Option<bool>,
    /// Whether its traffic is logged. / 通信の記録を残しているか。
    pub flow_log: Option<bool>,
    /// When it stands (`in`); always where nothing is said. / いつ存在するか（`in`）。書かなければ常に存在する。
    #[serde(rename = "in")]
    pub phases: Option<Vec<Phase>>,
    /// Anything else. / 備考。
    pub note: Option<String>,
}
