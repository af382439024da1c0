//! Links between zones and nodes, and what filters them.

use super::place::{Id, Placed};
use super::protection::Protection;
use super::scalar::{Day, Peer, Ports, Range};
use super::words::{Action, Carrier, CloudKind, Direction, Phase, Protocol};
use schemars::JsonSchema;
use serde::Deserialize;

/// A connection between two ends: zones, nodes or resources of a cloud. / 二つの端（ゾーン、機器、クラウド接続点）を結ぶ回線。
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// Its id: a-z, 0-9 and hyphens. / ID（a-z、0-9、ハイフン）。
    pub id: Id,
    /// Its name for people. / 表示名。
    pub name: Option<String>,
    /// One end. / 一端。
    pub from: Id,
    /// The other end. / 他端。
    pub to: Id,
    /// Over what it runs. / 回線の種類。
    pub carrier: Option<Carrier>,
    /// Who can open connections; both where nothing is said. / 接続を開始できる側。書かなければ両方。
    pub direction: Option<Direction>,
    /// The carrier or vendor who provides it. / 提供する通信事業者など。
    pub carried_by: Option<Id>,
    /// Who answers for it. / 責任を負う者。
    pub answered_for_by: Option<Vec<Id>>,
    /// Whether it is written where responsibility changes. / 責任分界点を文書にしているか。
    pub boundary_documented: Option<bool>,
    /// How it is protected; `none` where it is not. / 通信の保護。していなければ `none`。
    pub protection: Option<Vec<Protection>>,
    /// The only addresses of the far side (`to`) that are announced over it. / この回線で相手側（`to`）として経路広告するアドレス（これ以外は通さない）。
    pub prefixes: Option<Vec<Placed<Range>>>,
    /// The link whose place it takes when that one fails. / 代替先となる回線の ID。
    pub redundant_to: Option<Id>,
    /// Where it enters: lines by one place fail together. / 収容場所。同じ場所の回線は同時に止まりうる。
    pub location: Option<String>,
    /// When the change-over was last tried. / 切り替え試験の日。
    pub failover_tested_on: Option<Day>,
    /// Whether it reaches public addresses of the cloud (a public virtual interface). / クラウドの公開アドレスに届くか（パブリック仮想インターフェース）。
    pub public_addresses: Option<bool>,
    /// When it stands (`in`); always where nothing is said. / いつ存在するか（`in`）。書かなければ常に存在する。
    #[serde(rename = "in")]
    pub phases: Option<Vec<Phase>>,
    /// Anything else. / 備考。
    pub note: Option<String>,
}

/// A list of rules on a node. The first that fits decides. / 機器上の通信制御。上から順に、最初に当てはまる規則で決まる。
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// Its id: a-z, 0-9 and hyphens. / ID（a-z、0-9、ハイフン）。
    pub id: Id,
    /// The node that enforces it. / 適用する機器の ID。
    pub at: Id,
    /// Whether answers pass by themselves. / 応答を自動で通すか（ステートフル）。
    pub stateful: Option<bool>,
    /// What happens where no rule fits. / どの規則にも当てはまらない場合。
    pub default: Option<Action>,
    /// Its rules. / 規則。
    pub rules: Option<Vec<Placed<Rule>>>,
    /// When its rules were last reviewed. / 規則を見直した日。
    pub reviewed_on: Option<Day>,
    /// When it stands (`in`); always where nothing is said. / いつ存在するか（`in`）。書かなければ常に存在する。
    #[serde(rename = "in")]
    pub phases: Option<Vec<Phase>>,
    /// Anything else. / 備考。
    pub note: Option<String>,
}

/// A rule. / 規則。
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// What it does. / 動作。
    pub action: Action,
    /// Who opens; anybody where nothing is said. / 開始側。書かなければすべて。
    pub from: Option<Vec<Placed<Peer>>>,
    /// To whom; anybody where nothing is said. / 相手側。書かなければすべて。
    pub to: Option<Vec<Placed<Peer>>>,
    /// Its protocol; all of them where nothing is said. / プロトコル。書かなければすべて。
    pub protocol: Option<Protocol>,
    /// Ports of the other side; all where nothing is said. / 相手側のポート。書かなければすべて。
    pub ports: Option<Vec<Placed<Ports>>>,
    /// What for. / 理由。
    pub reason: Option<String>,
}

/// A resource of a Terraform plan that can be an end of a link. / 回線の端になる Terraform のリソース。
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cloud {
    /// Its id: a-z, 0-9 and hyphens. / ID（a-z、0-9、ハイフン）。
    pub id: Id,
    /// Its name for people. / 表示名。
    pub name: Option<String>,
    /// Its address in the plan: module.network.aws_dx_gateway.main. / プラン内のアドレス。
    pub address: Placed<String>,
    /// The name of the plan, where several are read. / プランの名前（複数読み込む場合）。
    pub plan: Option<String>,
    /// What it is. / 種類。
    pub kind: Option<CloudKind>,
    /// The zone that describes the same without a plan; with the plan the plan counts. / プランなしで同じものを表すゾーンの ID。プランがあればプランを優先する。
    pub stands_for: Option<Id>,
    /// When it stands (`in`); always where nothing is said. / いつ存在するか（`in`）。書かなければ常に存在する。
    #[serde(rename = "in")]
    pub phases: Option<Vec<Phase>>,
    /// Anything else. / 備考。
    pub note: Option<String>,
}
