//! What those who run a facility can ask for: one language for the command line, the console socket and the admin API.

use crate::app::AppId;
use crate::hidden::Hidden;
use crate::kept::{AccountKind, AppKind, Duty, Holding, Occupation, WorkOrder};
use crate::words::AccountId;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// How recent a factor must have been shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// The session is enough.
    Any,
    /// A factor within the policy's `fresh_seconds`.
    Fresh,
}

/// One row of [`COMMANDS`].
#[derive(Debug)]
pub struct CommandRow {
    /// Its name, as the command line and the admin API write it.
    pub name: &'static str,
    /// Whose duty it is.
    pub duties: &'static [Duty],
    /// Whether a fresh factor is needed.
    pub freshness: Freshness,
    /// What it does, in English.
    pub english: &'static str,
    /// What it does, in Japanese.
    pub japanese: &'static str,
}

const RUN: &[Duty] = &[Duty::Planner, Duty::Operator];
/// Whoever may be the second hand.
const APPROVE: &[Duty] = &[Duty::Executive, Duty::Planner, Duty::Operator];
const SEE: &[Duty] = &[Duty::Executive, Duty::Planner, Duty::Operator, Duty::Auditor];
/// Whoever oversees emergency access.
const OVERSEE: &[Duty] = &[Duty::Executive, Duty::Auditor];

const fn row(
    name: &'static str,
    duties: &'static [Duty],
    freshness: Freshness,
    english: &'static str,
    japanese: &'static str,
) -> CommandRow {
    CommandRow { name, duties, freshness, english, japanese }
}

use Freshness::{Any, Fresh};

/// Every command with who may give it over the network. On the server itself the operating system decides.
pub static COMMANDS: &[CommandRow] = &[
    row(
        "account-list",
        SEE,
        Any,
        "all accounts, or those unused for some days",
        "アカウントの一覧（未使用のものだけも可）",
    ),
    row(
        "account-show",
        SEE,
        Any,
        "one account with its factors and sessions",
        "アカウントの詳細、要素、セッション",
    ),
    row("account-create", RUN, Fresh, "make an account", "アカウントを作る"),
    row(
        "account-change",
        RUN,
        Fresh,
        "change name, occupation, duties or work order",
        "名前・職種・役割・作業指示を変更する",
    ),
    row(
        "account-disable",
        RUN,
        Any,
        "disable an account and end its sessions",
        "アカウントを無効にし、セッションを終了する",
    ),
    row("account-enable", RUN, Fresh, "enable an account again", "アカウントを再び有効にする"),
    row(
        "account-invite",
        RUN,
        Fresh,
        "make a one-time link to set factors",
        "要素を設定するための 1 回限りのリンクを作る",
    ),
    row("account-key", RUN, Fresh, "give a machine a new key", "機器に新しいキーを発行する"),
    row("account-unlock", RUN, Fresh, "forget failed attempts", "失敗の記録を消し、ログイン制限を解く"),
    row("factor-remove", RUN, Fresh, "take away a factor", "要素を取り除く"),
    row("session-end", RUN, Any, "end sessions of an account", "アカウントのセッションを終了する"),
    row("certificate-ca", RUN, Fresh, "make the facility's own authority", "施設の認証局を作る"),
    row("certificate-issue", RUN, Fresh, "issue a client certificate", "クライアント証明書を発行する"),
    row("certificate-revoke", RUN, Any, "revoke a client certificate", "クライアント証明書を失効させる"),
    row(
        "certificate-list",
        SEE,
        Any,
        "authorities and client certificates",
        "認証局とクライアント証明書の一覧",
    ),
    row(
        "certificate-trust",
        RUN,
        Fresh,
        "trust an outside authority, or take its new revocation list",
        "外部の認証局または新しい失効リストを取り込む",
    ),
    row("certificate-distrust", RUN, Fresh, "trust an authority no longer", "認証局の信頼を取り消す"),
    row(
        "certificate-admit",
        RUN,
        Fresh,
        "let an outside certificate stand for an account",
        "外部の証明書をアカウントに登録する",
    ),
    row(
        "certificate-crl",
        SEE,
        Any,
        "the revocation list of the facility's own authority",
        "施設の認証局の失効リスト",
    ),
    row("app-register", RUN, Fresh, "register an app or a service", "アプリまたはサービスを登録する"),
    row("app-list", SEE, Any, "all apps and services", "アプリとサービスの一覧"),
    row("app-show", SEE, Any, "one app with what people granted to it", "アプリの詳細と、利用者が与えた許可"),
    row(
        "app-change",
        RUN,
        Fresh,
        "change name, addresses, scopes or keys of an app",
        "アプリの名前・アドレス・スコープ・鍵を変更する",
    ),
    row(
        "app-disable",
        RUN,
        Any,
        "disable an app and end all that was granted to it",
        "アプリを無効にし、与えた許可をすべて終了する",
    ),
    row("policy-show", SEE, Any, "the policy", "方針"),
    row("policy-set", RUN, Fresh, "change the policy", "方針を変更する"),
    row("law-show", SEE, Any, "policies of the facility, and proposals", "施設の権限ルールと変更の提案"),
    row(
        "law-matrix",
        SEE,
        Any,
        "who may do what by the law in force, or as it would be by a proposal",
        "誰に何が許されているかの表（現在のルール、または提案が有効になった場合）",
    ),
    row("law-check", SEE, Any, "whether policies could be added", "権限ルールを追加できるか確かめる"),
    row(
        "law-propose",
        RUN,
        Fresh,
        "propose policies; another person must approve them",
        "権限ルールの変更を提案する（別の人の承認が必要）",
    ),
    row(
        "law-approve",
        APPROVE,
        Fresh,
        "put policies in force that another person proposed",
        "別の人が提案した権限ルールを承認し、有効にする",
    ),
    row("law-withdraw", APPROVE, Any, "take a proposal back", "権限ルールの提案を取り下げる"),
    row(
        "glass-list",
        &[Duty::Executive, Duty::Planner, Duty::Auditor],
        Any,
        "emergency access to restricted patients, unreviewed first",
        "閲覧制限のある患者への緊急アクセスの一覧（未確認が先）",
    ),
    row(
        "glass-review",
        OVERSEE,
        Fresh,
        "say what was found about an emergency access of another person",
        "別の人の緊急アクセスについて、確認結果を記録する",
    ),
    row("facts", SEE, Any, "what is known about how people come in", "認証に関する事実"),
];

/// A command with what it needs to know.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "kebab-case", deny_unknown_fields)]
#[expect(missing_docs, reason = "the members are those of the command line, which explains them")]
pub enum Command {
    AccountList {
        #[serde(default)]
        unused_days: Option<u32>,
    },
    AccountShow {
        account: AccountId,
    },
    AccountCreate(NewAccount),
    AccountChange(AccountChanges),
    AccountDisable {
        account: AccountId,
        reason: String,
    },
    AccountEnable {
        account: AccountId,
        #[serde(default)]
        reason: Option<String>,
    },
    AccountInvite {
        account: AccountId,
        #[serde(default)]
        hours: Option<u32>,
    },
    AccountKey {
        account: AccountId,
        #[serde(default)]
        label: Option<String>,
    },
    AccountUnlock {
        account: AccountId,
    },
    FactorRemove {
        account: AccountId,
        factor: String,
    },
    SessionEnd {
        account: AccountId,
        #[serde(default)]
        session: Option<String>,
    },
    CertificateCa {
        #[serde(default)]
        name: Option<String>,
        #[serde(default)]
        years: Option<u32>,
    },
    CertificateIssue(Order),
    CertificateRevoke {
        certificate: String,
        reason: String,
    },
    CertificateList {
        #[serde(default)]
        account: Option<AccountId>,
    },
    CertificateTrust(Trusted),
    CertificateDistrust {
        authority: String,
    },
    CertificateAdmit {
        account: AccountId,
        certificate: String,
    },
    CertificateCrl {},
    AppRegister(NewApp),
    AppList {},
    AppShow {
        app: AppId,
    },
    AppChange(AppChanges),
    AppDisable {
        app: AppId,
        reason: String,
    },
    PolicyShow {},
    PolicySet {
        values: BTreeMap<String, String>,
    },
    LawShow {},
    LawMatrix(Situated),
    LawCheck {
        text: String,
    },
    LawPropose {
        text: String,
        reason: String,
    },
    LawApprove {
        proposal: String,
    },
    LawWithdraw {
        proposal: String,
    },
    GlassList {},
    GlassReview {
        glass: String,
        note: String,
    },
    Facts {},
}

impl Command {
    /// Its name in [`COMMANDS`].
    pub fn name(&self) -> &'static str {
        match self {
            Self::AccountList { .. } => "account-list",
            Self::AccountShow { .. } => "account-show",
            Self::AccountCreate(_) => "account-create",
            Self::AccountChange(_) => "account-change",
            Self::AccountDisable { .. } => "account-disable",
            Self::AccountEnable { .. } => "account-enable",
            Self::AccountInvite { .. } => "account-invite",
            Self::AccountKey { .. } => "account-key",
            Self::AccountUnlock { .. } => "account-unlock",
            Self::FactorRemove { .. } => "factor-remove",
            Self::SessionEnd { .. } => "session-end",
            Self::CertificateCa { .. } => "certificate-ca",
            Self::CertificateIssue(_) => "certificate-issue",
            Self::CertificateRevoke { .. } => "certificate-revoke",
            Self::CertificateList { .. } => "certificate-list",
            Self::CertificateTrust(_) => "certificate-trust",
            Self::CertificateDistrust { .. } => "certificate-distrust",
            Self::CertificateAdmit { .. } => "certificate-admit",
            Self::CertificateCrl {} => "certificate-crl",
            Self::AppRegister(_) => "app-register",
            Self::AppList {} => "app-list",
            Self::AppShow { .. } => "app-show",
            Self::AppChange(_) => "app-change",
            Self::AppDisable { .. } => "app-disable",
            Self::PolicyShow {} => "policy-show",
            Self::PolicySet { .. } => "policy-set",
            Self::LawShow {} => "law-show",
            Self::LawMatrix(_) => "law-matrix",
            Self::LawCheck { .. } => "law-check",
            Self::LawPropose { .. } => "law-propose",
            Self::LawApprove { .. } => "law-approve",
            Self::LawWithdraw { .. } => "law-withdraw",
            Self::GlassList {} => "glass-list",
            Self::GlassReview { .. } => "glass-review",
            Self::Facts {} => "facts",
        }
    }
}

/// What a new account is.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewAccount {
    /// Its id.
    pub account: AccountId,
    /// What it is for.
    pub kind: AccountKind,
    /// The person's or machine's name.
    pub name: String,
    /// For people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occupation: Option<Occupation>,
    /// For people and services.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub duties: BTreeSet<Duty>,
    /// For people: whether it is one person's own.
    #[serde(default)]
    pub holding: Holding,
    /// For people who get codes by SMS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// For remote maintenance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub work_order: Option<WorkOrder>,
    /// For people: the id of their `Practitioner` record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub practitioner: Option<String>,
    /// For services: SMART scopes, separated by spaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<String>,
}

/// What changes of an account; what is absent stays.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountChanges {
    /// Which one.
    pub account: AccountId,
    /// New name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// New occupation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occupation: Option<Occupation>,
    /// All duties from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duties: Option<BTreeSet<Duty>>,
    /// `shared`: several people use it from now on, without occupation and duties. There is no way back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holding: Option<Holding>,
    /// New telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// New work order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub work_order: Option<WorkOrder>,
    /// New `Practitioner` record; empty for none from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub practitioner: Option<String>,
    /// New scopes; empty for none from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<String>,
}

/// What a new app is.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewApp {
    /// Its id: the `client_id`.
    pub app: AppId,
    /// What it is.
    pub kind: AppKind,
    /// What people call it.
    pub name: String,
    /// Where people may be sent back to; not for services.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub redirects: Vec<String>,
    /// Where it is opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub launch: Option<String>,
    /// What it may be granted at most: SMART scopes, separated by spaces.
    pub scopes: String,
    /// Its public keys, as a JSON Web Key Set; for confidential apps and services.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keys: Option<Value>,
    /// The account of a service, for services.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
}

/// What changes of an app; what is absent stays.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppChanges {
    /// Which one.
    pub app: AppId,
    /// New name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// All addresses to be sent back to, from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redirects: Option<Vec<String>>,
    /// New address where it is opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub launch: Option<String>,
    /// All scopes from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<String>,
    /// All keys from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keys: Option<Value>,
}

/// By which law, and in which circumstances, it is asked who may do what.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Situated {
    /// A proposal, in place of the law in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposal: Option<String>,
    /// That the patient is restricted.
    #[serde(default)]
    pub restricted: bool,
    /// That who asks treats the patient.
    #[serde(default)]
    pub treating: bool,
    /// The network zone that is asked from; `elsewhere` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// The hour of the day, 0 to 23; noon when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hour: Option<u8>,
    /// The day of the week, 1 (Monday) to 7; Monday when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weekday: Option<u8>,
}

/// What certificate is wanted.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// Whose it shall be.
    pub account: AccountId,
    /// Days of validity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
    /// A signing request in PEM, when the key was made elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// Passphrase of the PKCS#12 file; made up when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passphrase: Option<Hidden>,
    /// Whether the PKCS#12 file must open on old tablets.
    #[serde(default)]
    pub for_old_devices: bool,
}

/// What is to be trusted.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trusted {
    /// What people call it; from the certificate when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The authority's certificate and intermediate ones, PEM; absent when only a new list is brought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificates: Option<String>,
    /// Its revocation list, PEM or DER in base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<String>,
    /// The account that all its certificates stand for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// That the authority offers no revocation list, and its certificates are taken without one.
    #[serde(default)]
    pub without_list: bool,
}
