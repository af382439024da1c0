//! Nodes: devices and systems.

use super::place::{Id, Placed};
use super::protection::Protection;
use super::scalar::{Address, Day, Ports};
use super::words::{DataClass, Factor, NodeKind, Phase, Protocol};
use schemars::JsonSchema;
use serde::Deserialize;

/// A device or a system, or several of one kind. / 機器・システム。同じ種類の複数台をまとめてもよい。
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// Its id: a-z, 0-9 and hyphens. / ID（a-z、0-9、ハイフン）。
    pub id: Id,
    /// Its name for people. / 表示名。
    pub name: Option<String>,
    /// What it is. / 種類。
    pub kind: NodeKind,
    /// The zones in which it stands. More than one: it has a foot in each. / 属するゾーン。複数なら、それぞれに接続している。
    pub zones: Vec<Id>,
    /// Its addresses. / アドレス。
    pub addresses: Option<Vec<Placed<Address>>>,
    /// How many there are. / 台数。
    pub count: Option<u32>,
    /// Who owns it: `facility` or the id of a party. / 所有者（`facility` または関係者の ID）。
    pub owner: Option<Id>,
    /// Who administers it. / 管理者権限を持つ者。
    pub administered_by: Option<Vec<Id>>,
    /// Whether it passes on what comes from one of its zones to another. / 属するゾーンの間で通信を中継するか。
    pub forwards: Option<bool>,
    /// Operating system, firmware and what else matters. / OS、ファームウェアなど。
    pub software: Option<Vec<Software>>,
    /// Whether malware is looked for and the patterns are current. / ウイルス対策が有効で最新か。
    pub malware_protection: Option<bool>,
    /// Whether it is watched by EDR. / EDRで監視しているか。
    pub edr: Option<bool>,
    /// When updates were last put in. / 最後に更新を適用した日。
    pub patched_on: Option<Day>,
    /// Whether its disks are encrypted. / ディスクを暗号化しているか。
    pub disk_encrypted: Option<bool>,
    /// After how many minutes the screen locks; 0 is never. / 画面ロックまでの分数。0 はロックしない。
    pub screen_lock_minutes: Option<u32>,
    /// Whether storage can be plugged in. / USBメモリーなどを使えるか。
    pub usb_storage: Option<bool>,
    /// Whether it still has the password it came with. / 初期パスワードのままか。
    pub default_password: Option<bool>,
    /// Whether it is carried out of the facility. / 施設外に持ち出すか。
    pub portable: Option<bool>,
    /// What patient data and other data it holds. / 保存している情報。
    pub holds: Option<Vec<DataClass>>,
    /// Whether contents go into its logs. / ログに内容（患者の情報など）が残るか。
    pub logs_hold_content: Option<bool>,
    /// The country where it stands, in two letters. / 設置国（2文字）。
    pub country: Option<String>,
    /// In how many independent buildings or availability zones it runs. / 独立した何か所で稼働しているか。
    pub places: Option<u32>,
    /// Everything that it offers to others. / 他に提供している接続口のすべて。
    pub listens: Option<Vec<Service>>,
    /// How people sign in. / 利用者の認証。
    pub sign_in: Option<SignIn>,
    /// When it stands (`in`); always where nothing is said. / いつ存在するか（`in`）。書かなければ常に存在する。
    #[serde(rename = "in")]
    pub phases: Option<Vec<Phase>>,
    /// Anything else. / 備考。
    pub note: Option<String>,
}

/// Software with its end of support. / ソフトウェアとサポート期限。
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Software {
    /// Its name. / 名称。
    pub name: String,
    /// Its version. / バージョン。
    pub version: Option<String>,
    /// The last day of support. / サポート終了日。
    pub end_of_support: Option<Day>,
    /// Whether it is supported, where the day is not known. / サポート中か（終了日が分からない場合）。
    pub supported: Option<bool>,
}

/// Something that a node offers to others. / 機器が提供する接続口。
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// What it is. / 名称。
    pub name: Option<String>,
    /// Its protocol. / プロトコル。
    pub protocol: Option<Protocol>,
    /// Its ports. / ポート。
    pub ports: Option<Vec<Placed<Ports>>>,
    /// Whether the device itself is administered there. / 機器の管理画面か。
    pub management: Option<bool>,
    /// How it is protected. / 通信の保護。
    pub protection: Option<Vec<Protection>>,
    /// The only zones and nodes from which it takes connections. / 接続を受け付ける相手（これ以外は拒否）。
    pub accepts_from: Option<Vec<Id>>,
    /// Whether there is a second entrance beside it that checks less. / 検証の弱い別の入口が残っているか。
    pub other_entrance: Option<bool>,
    /// Whether requests are counted and bounded. / 要求の頻度を制限しているか。
    pub rate_limited: Option<bool>,
    /// Whether a person accepts each new consumer. / 新しい接続元を人が承認するか。
    pub approval: Option<bool>,
    /// Whether it is known which tenant calls, by certificate or by the network. / どの施設からの接続かを証明書や経路で識別できるか。
    pub tenants_told_apart: Option<bool>,
}

/// How people sign in. / 利用者の認証。
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// Whether two kinds of factors are always needed. / 常に二要素が必要か。
    pub two_factors: Option<bool>,
    /// Which can be used. / 使える要素。
    pub factors: Option<Vec<Factor>>,
    /// Whether accounts are shared. / アカウントを共用しているか。
    pub shared_accounts: Option<bool>,
    /// Whether anybody can make an account. / 誰でもアカウントを作れるか。
    pub self_registration: Option<bool>,
    /// Whether failures lock an account. / 失敗が続くとロックするか。
    pub locks_out: Option<bool>,
    /// Whether recovery does not use the second factor’s phone or mail. / 復旧手段が第二要素と別の経路か。
    pub recovery_separate: Option<bool>,
    /// Whether there is a watched account for emergencies. / 監視された非常用アカウントがあるか。
    pub emergency_account: Option<bool>,
    /// Whether sessions and tokens can be ended at once. / セッションやトークンを直ちに無効にできるか。
    pub revocable: Option<bool>,
    /// Whether what stands behind checks for whom a token was issued. / 後段がトークンの宛先と施設を検証するか。
    pub checks_audience: Option<bool>,
}
