//! `akashi witness …`: its options.

use super::Which;
use clap::{Args, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum Witness {
    /// Make the folder of a witness with its key / ウィットネスのフォルダーと鍵を作る
    #[command(
        after_help = "Example / 例:\n  akashi witness init /var/lib/witness --name witness.example.jp/w1\n"
    )]
    Init(Init),
    /// Let it cosign a log, by the log's key / 連署するログを、その鍵で登録する
    #[command(
        after_help = "Example / 例:\n  akashi witness trust /var/lib/witness \"$(cat sakura.key)\"\n  akashi witness trust /var/lib/witness --handover handover\n\nThe key is served under /f/<facility>/log/key. The witness may serve meanwhile.\n鍵は /f/<施設>/log/key で配布されています。サーバーの稼働中も使えます。\n\nAfter a move the handover lies under log/handover/ of the complete export, and under /f/<facility>/log/handover/<position>. It counts once its checkpoint was cosigned.\n移行後の引き渡しの証明は、完全な書き出しの log/handover/ と /f/<施設>/log/handover/<位置> にあります。そのチェックポイントへの連署の後に登録できます。\n"
    )]
    Trust(Trust),
    /// The logs it trusts, with what it cosigned last / 登録済みのログと、最後に連署した内容
    #[command(after_help = "Example / 例:\n  akashi witness list /var/lib/witness\n")]
    List(List),
    /// Answer requests for cosignatures (C2SP tlog-witness) / 連署の要求に応える（C2SP tlog-witness）
    #[command(
        after_help = "Example / 例:\n  akashi witness serve /var/lib/witness --address 0.0.0.0:8470 --certificate witness.pem --private-key witness-tls.key\n"
    )]
    Serve(Serve),
    /// Cosign the log of a folder, or a request in a file: for those without a network between them / フォルダーのログ、またはファイルの要求に連署する（ネットワークを使わない場合）
    #[command(
        after_help = "Example / 例:\n  akashi witness cosign /var/lib/witness /media/usb/log --out /media/usb/cosigned\n\nThe folder is what `akashi export --log` writes; a file is a request as /f/<facility>/log/consistency/<size> serves it.\nフォルダーは `akashi export --log` の出力、ファイルは /f/<施設>/log/consistency/<件数> が返す形です。\n"
    )]
    Cosign(Cosign),
    /// Ask the listed witnesses now, while no server runs / 登録したウィットネスに今すぐ問い合わせる（サーバーの停止中）
    #[command(after_help = "Example / 例:\n  akashi witness ask --data /var/lib/akashi\n")]
    Ask(Ask),
}

#[derive(Args, Debug)]
pub(crate) struct Init {
    /// Folder of the witness / ウィットネスのフォルダー
    #[arg(value_name = "FOLDER")]
    pub(crate) folder: PathBuf,
    /// Its name towards the world, such as witness.example.jp/w1 / 外から見た名
    #[arg(long, value_name = "NAME")]
    pub(crate) name: String,
}

#[derive(Args, Debug)]
pub(crate) struct Trust {
    /// Folder of the witness / ウィットネスのフォルダー
    #[arg(value_name = "FOLDER")]
    pub(crate) folder: PathBuf,
    /// The log's key: a file, or the key itself / ログの公開鍵（ファイルまたは文字列）
    #[arg(value_name = "KEY", required_unless_present = "handover")]
    pub(crate) key: Option<String>,
    /// Origin of the log, where it is not the name of the key / ログのオリジン（鍵の名と異なる場合）
    #[arg(long, value_name = "ORIGIN")]
    pub(crate) origin: Option<String>,
    /// This key alone signs the log from now on / 以後、このログの署名はこの鍵だけとする
    #[arg(long)]
    pub(crate) only: bool,
    /// The facility has moved: a handover, which names the new key and is signed by the one before / 施設が移行した場合：前の鍵で署名された、新しい鍵への引き渡しの証明
    #[arg(long, value_name = "FILE", conflicts_with_all = ["key", "origin", "only"])]
    pub(crate) handover: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct List {
    /// Folder of the witness / ウィットネスのフォルダー
    #[arg(value_name = "FOLDER")]
    pub(crate) folder: PathBuf,
}

#[derive(Args, Debug)]
pub(crate) struct Serve {
    /// Folder of the witness / ウィットネスのフォルダー
    #[arg(value_name = "FOLDER")]
    pub(crate) folder: PathBuf,
    /// Address and port to listen on / 待ち受けるアドレスとポート
    #[arg(long, value_name = "ADDR:PORT")]
    pub(crate) address: SocketAddr,
    /// Certificate chain in PEM; needed beyond this machine / 証明書（PEM。他の端末から接続させる場合に必要）
    #[arg(long, value_name = "FILE", requires = "private_key")]
    pub(crate) certificate: Option<PathBuf>,
    /// Its private key in PEM / 証明書の秘密鍵（PEM）
    #[arg(long, value_name = "FILE", requires = "certificate")]
    pub(crate) private_key: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct Cosign {
    /// Folder of the witness / ウィットネスのフォルダー
    #[arg(value_name = "FOLDER")]
    pub(crate) folder: PathBuf,
    /// Folder of a whole log, or file with a request / ログ全体のフォルダー、または要求のファイル
    #[arg(value_name = "LOG")]
    pub(crate) log: PathBuf,
    /// New file for the cosigned checkpoint; standard output when absent / 連署済みチェックポイントの出力ファイル
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct Ask {
    #[command(flatten)]
    pub(crate) which: Which,
}
