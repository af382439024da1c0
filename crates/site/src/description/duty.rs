//! What is wanted and agreed: maintenance by vendors, flows, backups.

use super::place::{Id, Placed};
use super::protection::Protection;
use super::scalar::{Day, Ports};
use super::words::{DataClass, Identifiers, Medium, Opening, Phase, Protocol};
use schemars::JsonSchema;
use serde::Deserialize;

/// A way in for a vendor. / 事業者による遠隔保守。
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Maintenance {
    /// Its id: a-z, 0-9 and hyphens. / ID（a-z、0-9、ハイフン）。
    pub id: Id,
    /// Its name for people. / 表示名。
    pub name: Option<String>,
    /// The vendor. / 事業者。
    pub vendor: Option<Id>,
    /// The zone or node from which it works. / 作業元のゾーンまたは機器。
    pub from: Option<Id>,
    /// The only nodes that it may reach. / 作業対象の機器（これ以外は不可）。
    pub into: Option<Vec<Id>>,
    /// The links it takes. / 使う回線。
    pub by: Option<Vec<Id>>,
    /// When it is open. / いつ開いているか。
    pub opened: Option<Opening>,
    /// Whether the network lets it reach nothing else. / 対象以外に届かないよう通信を制限しているか。
    pub restricted: Option<bool>,
    /// Whether each person has an account. / 作業者ごとのアカウントか。
    pub account_per_person: Option<bool>,
    /// Whether two factors are needed. / 二要素認証か。
    pub two_factors: Option<bool>,
    /// Whether what is done is recorded. / 作業の記録を残すか。
    pub logged: Option<bool>,
    /// Whether the facility compares it with the plan of work. / 施設が記録を作業計画と照合するか。
    pub log_reviewed: Option<bool>,
    /// Whether the facility approves each piece of work before. / 作業ごとに施設が事前承認するか。
    pub approval: Option<bool>,
    /// Whether a contract covers it, with confidentiality. / 守秘を含む契約があるか。
    pub contract: Option<bool>,
    /// Whether it is known how the vendor protects its own network. / 事業者側の対策を確かめているか。
    pub vendor_protects: Option<bool>,
    /// When it stands (`in`); always where nothing is said. / いつ存在するか（`in`）。書かなければ常に存在する。
    #[serde(rename = "in")]
    pub phases: Option<Vec<Phase>>,
    /// Anything else. / 備考。
    pub note: Option<String>,
}

/// A flow of data that is wanted. What no flow names is not wanted. / 必要な通信。ここにないものは不要な通信とみなす。
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Flow {
    /// Its id: a-z, 0-9 and hyphens. / ID（a-z、0-9、ハイフン）。
    pub id: Id,
    /// What for. / 目的。
    pub purpose: String,
    /// Who opens the connection. / 接続を開始する側。
    pub from: Id,
    /// To whom. / 相手。
    pub to: Id,
    /// The links it takes, where it is to take these. / 通る回線（決まっている場合）。
    pub via: Option<Vec<Id>>,
    /// Its protocol. / プロトコル。
    pub protocol: Option<Protocol>,
    /// Its ports. / ポート。
    pub ports: Option<Vec<Placed<Ports>>>,
    /// What data it carries. / 運ぶ情報。
    pub data: Option<Vec<DataClass>>,
    /// How it is protected from end to end, beside what its links do. / 端から端までの保護（回線の保護とは別に）。
    pub protection: Option<Vec<Protection>>,
    /// Who approved it. / 承認者。
    pub approved_by: Option<String>,
    /// What becomes of identifiers before. / 識別子の扱い。
    pub identifiers: Option<Identifiers>,
    /// Where the key or the table of identifiers lies. / 識別子の鍵や対応表の保管場所。
    pub key_kept_at: Option<Id>,
    /// Whether free text is searched for names before. / 自由記載に氏名などがないか検査するか。
    pub free_text_checked: Option<bool>,
    /// Whether only listed fields leave. / 外に出す項目を一覧で限定しているか。
    pub fields_listed: Option<bool>,
    /// Whether a person confirms the result before it counts. / 結果を人が確認してから使うか。
    pub confirmed_by_person: Option<bool>,
    /// Whether purpose and legal basis are recorded, for secondary use. / 利用目的と法的根拠を記録しているか（二次利用）。
    pub basis_recorded: Option<bool>,
    /// When it stands (`in`); always where nothing is said. / いつ存在するか（`in`）。書かなければ常に存在する。
    #[serde(rename = "in")]
    pub phases: Option<Vec<Phase>>,
    /// Anything else. / 備考。
    pub note: Option<String>,
}

/// A copy of data for the time after a loss. / バックアップ。
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Backup {
    /// Its id: a-z, 0-9 and hyphens. / ID（a-z、0-9、ハイフン）。
    pub id: Id,
    /// Its name for people. / 表示名。
    pub name: Option<String>,
    /// The nodes whose data it holds. / 対象の機器。
    pub of: Vec<Id>,
    /// The node on which it lies; none where it lies on a shelf. / 保存先の機器。棚に置く媒体なら書かない。
    pub at: Option<Id>,
    /// On what. / 媒体。
    pub medium: Option<Medium>,
    /// Whether it is detached from every network. / ネットワークから切り離しているか。
    pub offline: Option<bool>,
    /// Whether nobody can change or delete it before its time. / 期限まで誰も変更・削除できないか。
    pub immutable: Option<bool>,
    /// How many generations are kept. / 世代数。
    pub generations: Option<u32>,
    /// How often it is made, in hours. / 取得間隔（時間）。
    pub interval_hours: Option<u32>,
    /// Who can delete it. / 削除できる者。
    pub administered_by: Option<Vec<Id>>,
    /// Whether these accounts are others than those of the source. / 管理アカウントが対象の機器とは別か。
    pub separate_administrators: Option<bool>,
    /// Whether it is encrypted. / 暗号化しているか。
    pub encrypted: Option<bool>,
    /// The country where it lies, in two letters. / 保管国（2文字）。
    pub country: Option<String>,
    /// When a restore was last tried. / 復元試験の日。
    pub restored_on: Option<Day>,
    /// When it stands (`in`); always where nothing is said. / いつ存在するか（`in`）。書かなければ常に存在する。
    #[serde(rename = "in")]
    pub phases: Option<Vec<Phase>>,
    /// Anything else. / 備考。
    pub note: Option<String>,
}
