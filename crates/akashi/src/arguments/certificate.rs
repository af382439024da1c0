//! `akashi certificate …`: its options.

use super::{Asked, parse};
use clap::{Args, Subcommand};
use identity::AccountId;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum Certificate {
    /// Make the facility's own authority / 施設の認証局を作る
    #[command(
        after_help = "Example / 例:\n  akashi certificate ca --name \"さくら医院 CA\"\n\n`akashi init` makes one already. / `akashi init` で作成済みです。\n"
    )]
    Ca(Ca),
    /// Issue a client certificate for an account / アカウントにクライアント証明書を発行する
    #[command(
        after_help = "Examples / 例:\n  akashi certificate issue --account tablet-3 --out tablet-3.p12 --qr\n  akashi certificate issue --account analyser-1 --pem certificates/\n  akashi certificate issue --account analyser-1 --request analyser-1.csr > analyser-1.pem\n"
    )]
    Issue(Issue),
    /// Revoke a client certificate / クライアント証明書を失効させる
    #[command(
        after_help = "Example / 例:\n  akashi certificate revoke 3f9a0c12 --reason lost\n\n`akashi certificate list` shows serial numbers and fingerprints. / シリアル番号とフィンガープリントは `akashi certificate list` で確認できます。\n"
    )]
    Revoke(Revoke),
    /// List authorities and client certificates / 認証局とクライアント証明書の一覧
    #[command(after_help = "Example / 例:\n  akashi certificate list --account tablet-3\n")]
    List(List),
    /// Trust an outside authority, or take in its newer revocation list / 外部の認証局を信頼する、または新しい失効リストを取り込む
    #[command(
        after_help = "Examples / 例:\n  akashi certificate trust hpki-ca.pem --list hpki.crl --name HPKI\n  akashi certificate trust --list hpki.crl\n"
    )]
    Trust(Trust),
    /// Trust an authority no longer / 認証局の信頼を取り消す
    #[command(after_help = "Example / 例:\n  akashi certificate distrust 3f9a0c1200112233\n")]
    Distrust(Distrust),
    /// Let an outside certificate stand for an account / 外部の証明書をアカウントに登録する
    #[command(after_help = "Example / 例:\n  akashi certificate admit dr-sato.pem --account dr-sato\n")]
    Admit(Admit),
    /// Write the revocation list of the facility's own authority / 施設の認証局の失効リストを出力する
    #[command(after_help = "Example / 例:\n  akashi certificate crl > sakura.crl\n")]
    Crl(Crl),
}

#[derive(Args, Debug)]
pub(crate) struct Ca {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// Its name / 認証局の名称
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// Years of validity, 10 when absent / 有効年数（省略時は 10）
    #[arg(long)]
    pub(crate) years: Option<u32>,
}

#[derive(Args, Debug)]
#[command(group = clap::ArgGroup::new("target").required(true).multiple(true).args(["out", "pem", "request", "json"]))]
pub(crate) struct Issue {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// Whose it shall be / 発行先のアカウント
    #[arg(long, value_name = "ACCOUNT", value_parser = parse::account)]
    pub(crate) account: AccountId,
    /// File for certificate and key (PKCS#12) / 証明書と鍵のファイル（PKCS#12）
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Folder for certificate and key in PEM: ACCOUNT.pem, ACCOUNT.key / PEM を書き出すフォルダー
    #[arg(long, value_name = "FOLDER")]
    pub(crate) pem: Option<PathBuf>,
    /// Show the QR code of the one-time download link / 1 回限りのダウンロードリンクを QR コードで示す
    #[arg(long)]
    pub(crate) qr: bool,
    /// Days of validity / 有効日数
    #[arg(long)]
    pub(crate) days: Option<u32>,
    /// Signing request of a key made elsewhere; then no key is handed out / 署名要求（CSR）。鍵は渡しません
    #[arg(long, value_name = "FILE", conflicts_with_all = ["out", "qr", "for_old_devices", "passphrase_file"])]
    pub(crate) request: Option<PathBuf>,
    /// A PKCS#12 file that old devices can open too / 古い端末でも開ける形式にする
    #[arg(long)]
    pub(crate) for_old_devices: bool,
    /// File with the passphrase; made up and printed when absent / パスフレーズのファイル（省略時は生成して表示）
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct Revoke {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// Serial number, or the first 8 or more digits of the fingerprint / シリアル番号、またはフィンガープリントの先頭 8 桁以上
    #[arg(value_name = "CERTIFICATE")]
    pub(crate) certificate: String,
    /// Why / 理由（紛失、盗難、離職、交換、不使用、その他）
    #[arg(long, default_value = "unspecified", value_parser = ["lost", "stolen", "left", "replaced", "unused", "unspecified"])]
    pub(crate) reason: String,
}

#[derive(Args, Debug)]
pub(crate) struct List {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// Those of one account / このアカウントのものだけ
    #[arg(long, value_name = "ACCOUNT", value_parser = parse::account)]
    pub(crate) account: Option<AccountId>,
}

#[derive(Args, Debug)]
pub(crate) struct Trust {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// Its certificate and intermediate ones, PEM or DER / 認証局と中間の証明書（PEM または DER）
    #[arg(value_name = "FILE", required_unless_present = "list")]
    pub(crate) file: Option<PathBuf>,
    /// Its revocation list, PEM or DER / 失効リスト（PEM または DER）
    #[arg(long, value_name = "FILE")]
    pub(crate) list: Option<PathBuf>,
    /// The account that all its certificates stand for / この認証局の証明書すべてに対応するアカウント
    #[arg(long, value_name = "ACCOUNT", requires = "file", value_parser = parse::account)]
    pub(crate) account: Option<AccountId>,
    /// It offers no revocation list; its certificates are taken without one / 失効リストを提供しない認証局として扱う
    #[arg(long, requires = "file", conflicts_with = "list")]
    pub(crate) without_list: bool,
    /// What people call it / 名称
    #[arg(long, requires = "file")]
    pub(crate) name: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct Distrust {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// The authority, as the list shows it / 認証局（一覧に示される id）
    #[arg(value_name = "AUTHORITY")]
    pub(crate) authority: String,
}

#[derive(Args, Debug)]
pub(crate) struct Admit {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// The certificate and intermediate ones, PEM or DER / 証明書と中間の証明書（PEM または DER）
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// For which account / 登録先のアカウント
    #[arg(long, value_name = "ACCOUNT", value_parser = parse::account)]
    pub(crate) account: AccountId,
}

#[derive(Args, Debug)]
pub(crate) struct Crl {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// File to write; standard output when absent / 出力ファイル（省略時は標準出力）
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

impl Certificate {
    /// Where the facility is, and how the answer is wanted.
    pub(crate) fn asked(&self) -> &Asked {
        match self {
            Self::Ca(ca) => &ca.asked,
            Self::Issue(issue) => &issue.asked,
            Self::Revoke(revoke) => &revoke.asked,
            Self::List(list) => &list.asked,
            Self::Trust(trust) => &trust.asked,
            Self::Distrust(distrust) => &distrust.asked,
            Self::Admit(admit) => &admit.asked,
            Self::Crl(crl) => &crl.asked,
        }
    }
}
