//! `akashi account …`: its options.

use super::{Asked, parse};
use base::Time;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use identity::AccountId;
use identity::kept::{AccountKind, Duty, Occupation};

#[derive(Debug, Subcommand)]
pub(crate) enum Account {
    /// List the accounts / アカウントの一覧
    #[command(after_help = "Examples / 例:\n  akashi account list\n  akashi account list --unused-days 90\n")]
    List(List),
    /// Show one account with its factors and sessions / アカウントの詳細、要素、セッションを示す
    #[command(after_help = "Example / 例:\n  akashi account show dr-sato\n")]
    Show(Named),
    /// Make an account / アカウントを作る
    #[command(
        after_help = "Examples / 例:\n  akashi account create dr-sato --name \"佐藤 花子\" --occupation doctor --duty operator --practitioner 17 --invite\n  akashi account create tablet-3 --kind device --name \"2階 タブレット 3\"\n  akashi account create verifier --kind service --name \"検証プログラム\" --duty auditor --scopes 'system/*.rs'\n  akashi account create suzuki-maint --kind maintenance --name \"鈴木 一郎\" \\\n      --work-order W-2026-07 --company \"株式会社 保守\" --from 2026-04-01T09:00 --until 2026-04-01T17:00\n  akashi account create emergency-1 --name \"当直医 非常時用\" --occupation doctor --emergency --invite\n"
    )]
    Create(Create),
    /// Change name, occupation, duties, telephone, work order, Practitioner or scopes / 名前・職種・役割・電話番号・作業指示・Practitioner・スコープを変更する
    #[command(
        after_help = "Examples / 例:\n  akashi account change dr-sato --duty operator --duty planner\n  akashi account change dr-sato --no-duty\n"
    )]
    Change(Change),
    /// Disable an account and end its sessions / アカウントを無効にし、セッションを終了する
    #[command(after_help = "Example / 例:\n  akashi account disable dr-sato --reason \"退職\"\n")]
    Disable(Disable),
    /// Enable an account again / アカウントを再び有効にする
    #[command(
        after_help = "Examples / 例:\n  akashi account enable dr-sato\n  akashi account enable emergency-1 --reason \"認証サーバーの障害\"\n"
    )]
    Enable(Enable),
    /// Make a one-time link to set factors / 要素を設定するための 1 回限りのリンクを作る
    #[command(after_help = "Example / 例:\n  akashi account invite dr-sato --hours 24\n")]
    Invite(Invite),
    /// Give a device or service a new key / 機器・サービスに新しいキーを発行する
    #[command(after_help = "Example / 例:\n  akashi account key analyser-1 --label night\n")]
    Key(Key),
    /// Forget failed attempts, so that the login opens again / 失敗の記録を消し、ログイン制限を解く
    #[command(after_help = "Example / 例:\n  akashi account unlock dr-sato\n")]
    Unlock(Named),
    /// End one or all sessions of an account / アカウントのセッションを終了する
    #[command(after_help = "Example / 例:\n  akashi account end-sessions dr-sato\n")]
    EndSessions(EndSessions),
    /// Take a factor away, for example of a lost telephone / 要素を取り除く（端末の紛失など）
    #[command(
        after_help = "Example / 例:\n  akashi account remove-factor dr-sato 0123456789abcdef0123456789abcdef\n\n`akashi account show` shows the factors. / 要素は `akashi account show` で確認できます。\n"
    )]
    RemoveFactor(RemoveFactor),
}

#[derive(Args, Debug)]
pub(crate) struct List {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// Only those that nobody used for so many days / この日数以上使われていないものだけ
    #[arg(long, value_name = "DAYS")]
    pub(crate) unused_days: Option<u32>,
}

#[derive(Args, Debug)]
pub(crate) struct Named {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// The account / アカウント
    #[arg(value_name = "ACCOUNT", value_parser = parse::account)]
    pub(crate) account: AccountId,
}

#[derive(Args, Debug)]
pub(crate) struct Create {
    #[command(flatten)]
    pub(crate) named: Named,
    /// Name of the person or machine / 人または機器の名前
    #[arg(long)]
    pub(crate) name: String,
    /// What it is for / 種類（人、機器、サービス、リモート保守）
    #[arg(long, default_value = "person", value_parser = kind())]
    pub(crate) kind: AccountKind,
    #[command(flatten)]
    pub(crate) traits: Traits,
    /// Several people use it: without occupation and duties, and counted by the guidelines / 複数人で使う（職種・役割なし。ガイドラインの判定に数えられる）
    #[arg(long, conflicts_with_all = ["emergency", "occupation", "duties"])]
    pub(crate) shared: bool,
    /// For emergencies: disabled until somebody enables it with a reason / 非常時用（理由を付けて有効にするまで無効）
    #[arg(long)]
    pub(crate) emergency: bool,
    /// Invite the person right away: prints link, code and QR code / 続けて招待し、リンク・コード・QR コードを示す
    #[arg(long)]
    pub(crate) invite: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Change {
    #[command(flatten)]
    pub(crate) named: Named,
    /// New name / 新しい名前
    #[arg(long)]
    pub(crate) name: Option<String>,
    #[command(flatten)]
    pub(crate) traits: Traits,
    /// No duties from now on / 役割をすべて外す
    #[arg(long, conflicts_with = "duties")]
    pub(crate) no_duty: bool,
    /// Several people use it from now on: takes occupation and duties away, for good / 今後は複数人で使う（職種・役割を外す。元に戻せない）
    #[arg(long, conflicts_with_all = ["occupation", "duties", "practitioner"])]
    pub(crate) shared: bool,
}

/// What an account may have by its kind.
#[derive(Args, Debug)]
pub(crate) struct Traits {
    /// Occupation, for people / 職種（人の場合）
    #[arg(long, value_parser = occupation())]
    pub(crate) occupation: Option<Occupation>,
    /// Duty beside the occupation; several times for several / 役割（複数指定可）
    #[arg(long = "duty", value_parser = duty())]
    pub(crate) duties: Vec<Duty>,
    /// Telephone number for codes by SMS / SMS でコードを受ける電話番号
    #[arg(long, value_name = "NUMBER")]
    pub(crate) phone: Option<String>,
    /// Work order of a remote maintenance / リモート保守の作業指示番号
    #[arg(long, value_name = "ORDER", requires_all = ["company", "from", "until"])]
    pub(crate) work_order: Option<String>,
    /// Company that does the maintenance / 保守会社
    #[arg(long, requires = "work_order")]
    pub(crate) company: Option<String>,
    /// From when the account may be used: 2026-04-01T09:00 is Japan time / 利用開始（時差がなければ日本時間）
    #[arg(long, value_name = "TIME", requires = "work_order", value_parser = parse::time)]
    pub(crate) from: Option<Time>,
    /// Until when, exclusively / 利用終了（この時刻の直前まで）
    #[arg(long, value_name = "TIME", requires = "work_order", value_parser = parse::time)]
    pub(crate) until: Option<Time>,
    /// Id of the person's Practitioner record, empty for none / 本人の Practitioner の id（空で解除）
    #[arg(long, value_name = "ID")]
    pub(crate) practitioner: Option<String>,
    /// SMART scopes of a service, separated by spaces, empty for none / サービスの SMART スコープ（空白区切り、空で解除）
    #[arg(long, value_name = "SCOPES")]
    pub(crate) scopes: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct Disable {
    #[command(flatten)]
    pub(crate) named: Named,
    /// Why; stays in the journal / 理由（ジャーナルに残ります）
    #[arg(long)]
    pub(crate) reason: String,
}

#[derive(Args, Debug)]
pub(crate) struct Enable {
    #[command(flatten)]
    pub(crate) named: Named,
    /// Why; stays in the journal. Emergency accounts need it / 理由（ジャーナルに残ります。非常時用アカウントでは必須）
    #[arg(long)]
    pub(crate) reason: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct Invite {
    #[command(flatten)]
    pub(crate) named: Named,
    /// Hours for which it can be used, 72 when absent / 有効な時間数（省略時は 72）
    #[arg(long)]
    pub(crate) hours: Option<u32>,
}

#[derive(Args, Debug)]
pub(crate) struct Key {
    #[command(flatten)]
    pub(crate) named: Named,
    /// What the key is called; an earlier one of the same label ends / キーの名称（同じ名称の以前のキーは失効）
    #[arg(long)]
    pub(crate) label: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct EndSessions {
    #[command(flatten)]
    pub(crate) named: Named,
    /// This session only / このセッションだけ
    #[arg(long, value_name = "ID")]
    pub(crate) session: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct RemoveFactor {
    #[command(flatten)]
    pub(crate) named: Named,
    /// The factor / 要素
    #[arg(value_name = "FACTOR")]
    pub(crate) factor: String,
}

impl Account {
    /// Where the account is, and how the answer is wanted.
    pub(crate) fn asked(&self) -> &Asked {
        match self {
            Self::List(list) => &list.asked,
            Self::Show(named) | Self::Unlock(named) => &named.asked,
            Self::Enable(enable) => &enable.named.asked,
            Self::Create(create) => &create.named.asked,
            Self::Change(change) => &change.named.asked,
            Self::Disable(disable) => &disable.named.asked,
            Self::Invite(invite) => &invite.named.asked,
            Self::Key(key) => &key.named.asked,
            Self::EndSessions(end) => &end.named.asked,
            Self::RemoveFactor(remove) => &remove.named.asked,
        }
    }
}

fn kind() -> impl TypedValueParser<Value = AccountKind> {
    PossibleValuesParser::new(["person", "device", "service", "maintenance"]).map(|word| {
        match word.as_str() {
            "device" => AccountKind::Device,
            "service" => AccountKind::Service,
            "maintenance" => AccountKind::Maintenance,
            _ => AccountKind::Person,
        }
    })
}

fn occupation() -> impl TypedValueParser<Value = Occupation> {
    PossibleValuesParser::new(Occupation::ALL.iter().map(|one| one.word()))
        .map(|word| Occupation::parse(&word).unwrap_or(Occupation::Other))
}

fn duty() -> impl TypedValueParser<Value = Duty> {
    PossibleValuesParser::new(Duty::ALL.iter().map(|one| one.word()))
        .try_map(|word| Duty::parse(&word).ok_or("unknown duty / 未知の役割"))
}
