//! `akashi risk …`: its options.

use super::{Asked, parse};
use clap::{Args, Subcommand, ValueEnum};
use guideline::Day;
use guideline::risk::{AssetKind, Carrier, Countermeasure, Grade, Information, Place, TreatmentKind};
use identity::AccountId;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum Risk {
    /// The risk register: what wants to be looked at first / リスク登録簿（先に対応すべき順）
    #[command(after_help = "Example / 例:\n  akashi risk list\n")]
    List(List),
    /// One risk with everything about it / リスク 1 件の詳細
    #[command(after_help = "Example / 例:\n  akashi risk show rs-09\n")]
    Show(Named),
    /// Enter an asset: a server, a terminal, a service … / 資産を登録する（サーバー、端末、サービスなど）
    #[command(
        after_help = "Example / 例:\n  akashi risk asset emr-server --name \"電子カルテサーバー\" --kind server --holds clinical-record --where facility --owner 情報管理室\n"
    )]
    Asset(Asset),
    /// Enter a flow of information / 情報の流れを登録する
    #[command(
        after_help = "Example / 例:\n  akashi risk flow lab-order --name \"検査依頼\" --from emr-server --to-outside \"検査会社\" --carries clinical-record --by internet --crosses-boundary\n"
    )]
    Flow(Flow),
    /// Remove an asset or a flow / 資産または情報の流れを外す
    #[command(after_help = "Example / 例:\n  akashi risk remove --asset old-server\n")]
    Remove(Remove),
    /// Name the risks of what is entered, by the scenarios of the guideline / 登録内容に対するリスクを挙げる（ガイドラインの想定に基づく）
    #[command(after_help = "Example / 例:\n  akashi risk propose\n")]
    Propose(List),
    /// Name a risk in your own words / リスクを追加する
    #[command(
        after_help = "Example / 例:\n  akashi risk add own-1 --title \"停電\" --threat \"無停電電源装置の電池が古い\" --asset emr-server\n"
    )]
    Add(Add),
    /// Say anew what it is about; what was decided about another threat is dropped / リスクの内容を書き直す（脅威が変わると判断は取り消し）
    #[command(
        after_help = "Example / 例:\n  akashi risk describe own-1 --title \"停電\" --threat \"電池を替えた後も 1 台しかない\" --asset emr-server\n"
    )]
    Describe(Add),
    /// Say how likely and how bad it is / リスクを評価する
    #[command(
        after_help = "Example / 例:\n  akashi risk assess rs-09 --likelihood 3 --impact 4 --why \"過去に例がある\" --review-by 2027-01-31\n"
    )]
    Assess(Assess),
    /// Say what is to be done about it / 対応を計画する
    #[command(
        after_help = "Example / 例:\n  akashi risk plan rs-09 --kind reduce --why \"費用が見合う\" --measure \"preventive:二要素認証\" --measure \"detective:ログの点検\" --cost \"年 10 万円\" --owner 情報管理室 --due 2027-01-31 --left-likelihood 1 --left-impact 4 --left-why \"侵入しにくくなる\"\n"
    )]
    Plan(Plan),
    /// An executive approves the plan / 経営層が対応計画を承認する
    #[command(after_help = "Example / 例:\n  akashi risk approve rs-09 --why \"妥当\" --by inchou\n")]
    Approve(Decide),
    /// Say that the plan is carried out / 対応を実施したことを記録する
    #[command(after_help = "Example / 例:\n  akashi risk in-force rs-09 --why \"設定を確認した\"\n")]
    InForce(Decide),
    /// Look at it again: everything still holds / 見直す（内容に変わりがない）
    #[command(
        after_help = "Example / 例:\n  akashi risk review rs-09 --why \"年次見直し\" --review-by 2027-09-30\n"
    )]
    Review(Review),
    /// Say that it is gone / 終結する
    #[command(after_help = "Example / 例:\n  akashi risk close rs-09 --why \"機器を廃止した\" --by inchou\n")]
    Close(Decide),
    /// Take up again what was closed / 終結したリスクを再び扱う
    #[command(after_help = "Example / 例:\n  akashi risk reopen rs-09 --why \"再び導入した\"\n")]
    Reopen(Decide),
    /// Write the register as a file / リスク登録簿をファイルに書き出す
    #[command(after_help = "Example / 例:\n  akashi risk export --format csv --out risks.csv\n")]
    Export(Export),
    /// The scale: what each grade means / 評価の尺度
    #[command(after_help = "Example / 例:\n  akashi risk scale\n")]
    Scale,
}

#[derive(Args, Debug)]
pub(crate) struct List {
    #[command(flatten)]
    pub(crate) asked: Asked,
}

#[derive(Args, Debug)]
pub(crate) struct Named {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// The risk / リスクの id
    #[arg(value_name = "RISK")]
    pub(crate) risk: String,
}

#[derive(Args, Debug)]
pub(crate) struct Asset {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// An id of your own: a-z, 0-9 and - / 資産の id
    #[arg(value_name = "ASSET")]
    pub(crate) id: String,
    /// What people call it / 名称
    #[arg(long)]
    pub(crate) name: String,
    /// What it is / 種類
    #[arg(long, value_parser = parse::word::<AssetKind>)]
    pub(crate) kind: AssetKind,
    /// What information it holds; none while that is not known / 扱う情報（不明なら省略）
    #[arg(long, value_delimiter = ',', value_parser = parse::word::<Information>)]
    pub(crate) holds: Vec<Information>,
    /// Where it is / 所在
    #[arg(long = "where", value_name = "PLACE", value_parser = parse::word::<Place>)]
    pub(crate) place: Place,
    /// Who answers for it / 管理者
    #[arg(long)]
    pub(crate) owner: String,
}

#[derive(Args, Debug)]
pub(crate) struct Flow {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// An id of your own: a-z, 0-9 and - / 流れの id
    #[arg(value_name = "FLOW")]
    pub(crate) id: String,
    /// What people call it / 名称
    #[arg(long)]
    pub(crate) name: String,
    /// The asset where it begins / 始まりの資産
    #[arg(long, value_name = "ASSET", required_unless_present = "from_outside")]
    pub(crate) from: Option<String>,
    /// Who else sends it / 始まりが外部の場合の名称
    #[arg(long, value_name = "NAME", conflicts_with = "from")]
    pub(crate) from_outside: Option<String>,
    /// The asset where it ends / 終わりの資産
    #[arg(long, value_name = "ASSET", required_unless_present = "to_outside")]
    pub(crate) to: Option<String>,
    /// Who else receives it / 終わりが外部の場合の名称
    #[arg(long, value_name = "NAME", conflicts_with = "to")]
    pub(crate) to_outside: Option<String>,
    /// What information it carries / 運ぶ情報（不明なら省略）
    #[arg(long, value_delimiter = ',', value_parser = parse::word::<Information>)]
    pub(crate) carries: Vec<Information>,
    /// By what it goes / 手段
    #[arg(long, value_name = "CARRIER", value_parser = parse::word::<Carrier>)]
    pub(crate) by: Carrier,
    /// It leaves the facility, or comes in / 施設の内外をまたぐ
    #[arg(long)]
    pub(crate) crosses_boundary: bool,
}

#[derive(Args, Debug)]
#[group(required = true, multiple = false, id = "what")]
pub(crate) struct What {
    /// An asset / 資産
    #[arg(long, value_name = "ASSET")]
    pub(crate) asset: Option<String>,
    /// A flow / 情報の流れ
    #[arg(long, value_name = "FLOW")]
    pub(crate) flow: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct Remove {
    #[command(flatten)]
    pub(crate) asked: Asked,
    #[command(flatten)]
    pub(crate) what: What,
}

#[derive(Args, Debug)]
pub(crate) struct Add {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// An id of your own: a-z, 0-9 and - / リスクの id
    #[arg(value_name = "RISK")]
    pub(crate) risk: String,
    /// A heading / 見出し
    #[arg(long)]
    pub(crate) title: String,
    /// What may happen, and through which weakness / 何が、どの弱点から起こりうるか
    #[arg(long)]
    pub(crate) threat: String,
    /// The scenario of the guideline that it follows / 対応するガイドラインの想定
    #[arg(long)]
    pub(crate) scenario: Option<String>,
    /// An asset that it concerns; repeated for each / 関係する資産（繰り返し可）
    #[arg(long = "asset", value_name = "ASSET")]
    pub(crate) assets: Vec<String>,
    /// A flow that it concerns; repeated for each / 関係する情報の流れ（繰り返し可）
    #[arg(long = "flow", value_name = "FLOW")]
    pub(crate) flows: Vec<String>,
}

/// On which risk, by whom.
#[derive(Args, Debug)]
pub(crate) struct On {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// The risk / リスクの id
    #[arg(value_name = "RISK")]
    pub(crate) risk: String,
    /// The account of whoever decided; needed for what executives decide / 判断した人のアカウント（経営層の決定では必須）
    #[arg(long, value_name = "ACCOUNT", value_parser = parse::account)]
    pub(crate) by: Option<AccountId>,
    /// Why, or what was seen / 理由、確認したこと
    #[arg(long)]
    pub(crate) why: String,
}

#[derive(Args, Debug)]
pub(crate) struct Decide {
    #[command(flatten)]
    pub(crate) on: On,
}

#[derive(Args, Debug)]
pub(crate) struct Assess {
    #[command(flatten)]
    pub(crate) on: On,
    /// How likely, 1 to 5 / 起こりやすさ（1〜5）
    #[arg(long, value_name = "1-5", value_parser = parse::grade)]
    pub(crate) likelihood: Grade,
    /// How bad, 1 to 5 / 影響（1〜5）
    #[arg(long, value_name = "1-5", value_parser = parse::grade)]
    pub(crate) impact: Grade,
    /// When it is to be looked at again / 次に見直す日
    #[arg(long, value_name = "DAY", value_parser = parse::day)]
    pub(crate) review_by: Day,
}

#[derive(Args, Debug)]
pub(crate) struct Plan {
    #[command(flatten)]
    pub(crate) on: On,
    /// avoid, reduce, transfer, accept / 回避 avoid、低減 reduce、移転 transfer、受容 accept
    #[arg(long, value_parser = parse::word::<TreatmentKind>)]
    pub(crate) kind: TreatmentKind,
    /// A countermeasure, as KIND:TEXT or KIND:TEXT@REQUIREMENT; KIND is preventive, detective or corrective; repeated / 対策（種類:内容、または 種類:内容@要求事項。種類は予防 preventive、発見 detective、是正 corrective。繰り返し可）
    #[arg(long = "measure", value_name = "KIND:TEXT", required = true, value_parser = parse::measure)]
    pub(crate) measures: Vec<Countermeasure>,
    /// What it costs in money and work / 費用と手間
    #[arg(long)]
    pub(crate) cost: String,
    /// Who sees to it / 担当
    #[arg(long)]
    pub(crate) owner: String,
    /// By which day it is in force / 実施期限
    #[arg(long, value_name = "DAY", value_parser = parse::day)]
    pub(crate) due: Day,
    /// How likely it is then / 対応後の起こりやすさ
    #[arg(long, value_name = "1-5", value_parser = parse::grade)]
    pub(crate) left_likelihood: Grade,
    /// How bad it is then / 対応後の影響
    #[arg(long, value_name = "1-5", value_parser = parse::grade)]
    pub(crate) left_impact: Grade,
    /// Why that is left / 対応後の見積もりの理由
    #[arg(long)]
    pub(crate) left_why: String,
}

#[derive(Args, Debug)]
pub(crate) struct Review {
    #[command(flatten)]
    pub(crate) on: On,
    /// When it is to be looked at again / 次に見直す日
    #[arg(long, value_name = "DAY", value_parser = parse::day)]
    pub(crate) review_by: Day,
}

/// Form of the register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Sheet {
    /// For spreadsheets / 表計算ソフト用
    Csv,
    /// For programs / プログラム用
    Json,
}

#[derive(Args, Debug)]
pub(crate) struct Export {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// Form of the file / ファイルの形式
    #[arg(long, value_enum, default_value_t = Sheet::Csv)]
    pub(crate) format: Sheet,
    /// File to write; it must not exist yet / 書き出すファイル（既存のファイルは上書きしない）
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
}

impl Risk {
    /// Where the facility is, and how the answer is wanted; none for what needs no facility.
    pub(crate) fn asked(&self) -> Option<&Asked> {
        Some(match self {
            Self::List(one) | Self::Propose(one) => &one.asked,
            Self::Show(one) => &one.asked,
            Self::Asset(one) => &one.asked,
            Self::Flow(one) => &one.asked,
            Self::Remove(one) => &one.asked,
            Self::Add(one) | Self::Describe(one) => &one.asked,
            Self::Assess(one) => &one.on.asked,
            Self::Plan(one) => &one.on.asked,
            Self::Approve(one) | Self::InForce(one) | Self::Close(one) | Self::Reopen(one) => &one.on.asked,
            Self::Review(one) => &one.on.asked,
            Self::Export(one) => &one.asked,
            Self::Scale => return None,
        })
    }
}
