//! The command line: sub-commands, their options, and an example for each.

mod account;
mod app;
mod assess;
mod at;
mod attest;
mod audit;
mod catalogue;
mod certificate;
mod check;
mod disclosure;
mod document;
mod glass;
mod law;
mod parse;
mod policy;
mod report;
mod risk;
mod witness;

pub(crate) use account::{Account, Create, Traits};
pub(crate) use app::{App, Traits as AppTraits};
pub(crate) use assess::{Assess, Format as AssessFormat, Role};
pub(crate) use at::At;
pub(crate) use attest::Attest;
pub(crate) use audit::{Audit, Within};
pub(crate) use catalogue::{Catalogue, Import as CatalogueImport};
pub(crate) use certificate::{Certificate, Issue, Trust};
pub(crate) use check::{Check, Format as CheckFormat, Phase as CheckPhase};
pub(crate) use disclosure::{Disclosure, Form as DisclosureFormat};
pub(crate) use document::{Add as DocumentAdd, Document};
pub(crate) use glass::Glass;
pub(crate) use law::Law;
pub(crate) use policy::Policy;
pub(crate) use report::{Report, Wanted as ReportWanted};
pub(crate) use risk::{
    Add as RiskAdd, Asset as RiskAsset, Flow as RiskFlow, Plan as RiskPlan, Risk, Sheet as RiskSheet,
};

pub(crate) use witness::{
    Ask as WitnessAsk, Cosign as WitnessCosign, Serve as WitnessServe, Trust as WitnessTrust, Witness,
};

use crate::configuration::LogFormat;
use base::{FacilityId, RecordKey, VersionNumber};
use clap::{Args, Parser, Subcommand, ValueEnum};
use identity::AccountId;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Akashi: clinical records whose every change can be verified / 検証できる診療記録
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, after_help = "Example / 例:\n  akashi demo\n")]
pub(crate) struct Arguments {
    /// Language of the output; from LC_ALL or LANG when absent / 表示言語（省略時は LC_ALL、LANG に従う）
    #[arg(long, global = true, value_enum)]
    pub(crate) language: Option<Language>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Language of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    /// 日本語
    Ja,
    /// English
    En,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Try it out: a clinic with synthetic patients, served over HTTPS / 架空の診療所で試す
    #[command(after_help = "Example / 例:\n  akashi demo --patients 50 --listen 127.0.0.1:9443\n")]
    Demo(Demo),
    /// Make a data directory and a facility in it / データディレクトリと施設を作る
    #[command(
        after_help = "Example / 例:\n  akashi init --data /var/lib/akashi --facility sakura-clinic --host records.example.jp\n"
    )]
    Init(Init),
    /// Serve the records of a data directory over HTTPS / 記録を HTTPS で提供する
    #[command(after_help = "Example / 例:\n  akashi serve --data /var/lib/akashi\n")]
    Serve(Serve),
    /// Take in resources: JSON, NDJSON, Bundles, folders, .tgz / リソースを取り込む
    #[command(
        after_help = "Example / 例:\n  akashi import --data /var/lib/akashi patients.ndjson bundles.tgz\n\nAn interrupted import goes on where it stopped when it is started again.\n中断した取り込みは、同じコマンドで続きから再開します。\n\nA whole facility from another installation / 別の環境の施設全体を引き継ぐ:\n  akashi import --data /var/lib/akashi --complete leaving/\n"
    )]
    Import(Import),
    /// Write all current resources as NDJSON, or the journal as files / リソースを NDJSON で、またはジャーナルをファイルとして書き出す
    #[command(
        after_help = "Examples / 例:\n  akashi export --data /var/lib/akashi --out export/\n  akashi export --data /var/lib/akashi --log log/\n\nEverything of a facility, to read, keep or take elsewhere / 施設のすべてを、閲覧・保存・移行のために:\n  akashi export --data /var/lib/akashi --complete leaving/\n  akashi export --data /var/lib/akashi --complete leaving/ --to successor.key\n"
    )]
    Export(Export),
    /// Make the key by which a facility from another installation is continued here / 別の環境の施設を引き継ぐための鍵を作る
    #[command(
        after_help = "Example / 例:\n  akashi successor sakura.key --data /var/lib/akashi > successor.key\n\nThe installation before hands the journal over to this key: akashi export --complete FOLDER --to successor.key.\nHere the folder is then taken in: akashi import --complete FOLDER.\n前の環境で akashi export --complete フォルダー --to successor.key を実行し、ここで akashi import --complete フォルダー を実行します。\n"
    )]
    Successor(Successor),
    /// Check proof files, a downloaded log, or a whole data directory / 証明ファイル・ログ・データ全体を検証する
    #[command(
        after_help = "Examples / 例:\n  akashi verify patient-42.akashi-proof.json --key sakura.key\n  akashi verify --data /var/lib/akashi\n  akashi verify --log log/ --since checkpoint-of-last-month\n"
    )]
    Verify(Verify),
    /// Write the proof of a record into a file / 記録の証明ファイルを作る
    #[command(
        after_help = "Example / 例:\n  akashi proof Patient/42 --data /var/lib/akashi --out patient-42.akashi-proof.json\n"
    )]
    Proof(Proof),
    /// The record of a patient, or another record, as it stood at a moment / 過去のある時点の記録を示す
    #[command(
        after_help = "Examples / 例:\n  akashi at 2026-04-01T09:00+09:00 Patient/42 --data /var/lib/akashi\n  akashi at 2026-04-01T09:00 Patient/42 --html --out chart.html\n\nThe server may run meanwhile. / サーバーの稼働中も使えます。\n"
    )]
    At(At),
    /// Delete the views and build them again from the journal / 索引をジャーナルから作り直す
    #[command(after_help = "Example / 例:\n  akashi reindex --data /var/lib/akashi\n")]
    Reindex(Reindex),
    /// Accounts of people and machines / 人と機器のアカウント
    #[command(
        subcommand,
        after_help = "Example / 例:\n  akashi account create dr-sato --name \"佐藤 花子\" --occupation doctor --duty operator --invite\n\nThe server may run meanwhile. / サーバーの稼働中も使えます。\n"
    )]
    Account(Account),
    /// Client certificates and those who issue them / クライアント証明書と認証局
    #[command(
        subcommand,
        after_help = "Example / 例:\n  akashi certificate issue --account tablet-3 --out tablet-3.p12\n\nThe server may run meanwhile. / サーバーの稼働中も使えます。\n"
    )]
    Certificate(Certificate),
    /// Apps and services that come by OAuth 2.0 (SMART) / OAuth 2.0（SMART）で接続するアプリとサービス
    #[command(
        subcommand,
        after_help = "Example / 例:\n  akashi app register viewer --name \"検査ビューアー\" --redirect https://viewer.example/back --scopes \"launch/patient patient/*.rs\"\n\nThe server may run meanwhile. / サーバーの稼働中も使えます。\n"
    )]
    App(App),
    /// What the facility asks of everybody who comes in / 施設の認証方針
    #[command(subcommand, after_help = "Example / 例:\n  akashi policy show\n")]
    Policy(Policy),
    /// Who may do what: the facility's own policies, changed by two people / 施設の権限ルール（変更には 2 人が必要）
    #[command(
        subcommand,
        after_help = "Example / 例:\n  akashi law propose ward.cedar --reason \"病棟ごとの閲覧制限\"\n\nAnother person approves it, here or over the network. / 別の人がここかネットワーク経由で承認します。\n"
    )]
    Law(Law),
    /// Emergency access to restricted patients / 閲覧制限のある患者への緊急アクセス
    #[command(subcommand, after_help = "Example / 例:\n  akashi glass list\n")]
    Glass(Glass),
    /// Who did what, and who looked at a patient / 監査証跡：誰が何をしたか、患者の記録を誰が見たか
    #[command(
        subcommand,
        after_help = "Example / 例:\n  akashi audit lookers --patient 42\n\nThe server may run meanwhile. / サーバーの稼働中も使えます。\n"
    )]
    Audit(Audit),
    /// Facts about accounts, factors and certificates, for audits / 認証に関する事実（監査用）
    #[command(after_help = "Example / 例:\n  akashi facts --json\n")]
    Facts(Asked),
    /// Whether the requirements of the guidelines are met, by what the running system shows / ガイドラインの要求事項への適合状況
    #[command(
        after_help = "Examples / 例:\n  akashi assess --edition mhlw-7.0 --role facility\n  akashi assess --explain mhlw-6.0/control/13-6\n\nEnds with 0 only when everything is met or does not apply.\nすべて適合または対象外のときだけ終了コード 0 になります。\n"
    )]
    Assess(Assess),
    /// Whether an open road leads to the records: network and cloud against the guidelines / 記録に至る開いた経路がないか、ネットワークとクラウドを検査する
    #[command(
        after_help = "Examples / 例:\n  akashi check --template small-hospital > site.yaml\n  akashi check site.yaml --plan plan.json\n  akashi check site.yaml --path internet ehr-db\n  akashi check --compare now.yaml target.yaml\n\nEnds with 0 when nothing required is violated or undecided, with 3 when something required is violated, with 4 when\nsomething required is undecided, and with 1 when the input cannot be read.\n終了コード：必須の項目に違反も判断できないものもなければ 0、違反があれば 3、判断できないものだけなら 4、入力を読めなければ 1。\n"
    )]
    Check(Check),
    /// The guidelines themselves, from and to OSCAL / ガイドラインの一覧と OSCAL での入出力
    #[command(subcommand, after_help = "Example / 例:\n  akashi catalogue list\n")]
    Catalogue(Catalogue),
    /// Documents that the guidelines ask for: what is there, whether it still counts / 文書台帳（規程、図、契約など）
    #[command(subcommand, after_help = "Example / 例:\n  akashi document kinds --missing\n")]
    Document(Document),
    /// What only people can say: answers to questions, and what does not apply / 人が答えること（質問への回答、対象外の決定）
    #[command(subcommand, after_help = "Example / 例:\n  akashi attest list --open\n")]
    Attest(Attest),
    /// Risks: what can happen, how bad, what is done about it, who approved / リスクの特定・評価・対応・承認
    #[command(subcommand, after_help = "Example / 例:\n  akashi risk list\n")]
    Risk(Risk),
    /// What each layer below the facility answers for / 各層の事業者が受け持つこと（責任分界）
    #[command(
        subcommand,
        after_help = "Example / 例:\n  akashi disclosure matrix --edition mhlw-7.0 --with aws\n"
    )]
    Disclosure(Disclosure),
    /// Reports to hand out: PDF, spreadsheets, pages, and bundles with proofs / 報告書（PDF、表計算、ページ、証明付きの一式）
    #[command(
        subcommand,
        after_help = "Examples / 例:\n  akashi report checklist --out checklist.pdf --to \"保健所\"\n  akashi report checklist --out checklist.zip\n  akashi report list\n\nEach report that leaves is an entry of the journal: who got which version.\n出した報告書は、版と交付先がジャーナルに残ります。\n"
    )]
    Report(Report),
    /// Cosign checkpoints of others, and have one's own cosigned / 他のログのチェックポイントに連署する、自分のものへの連署を求める
    #[command(
        subcommand,
        after_help = "Example / 例:\n  akashi witness init /var/lib/witness --name witness.example.jp/w1\n"
    )]
    Witness(Witness),
}

/// Where the data is.
#[derive(Args, Debug)]
pub(crate) struct DataFolder {
    /// Data directory / データディレクトリ
    #[arg(long, value_name = "DIR", default_value = "./akashi-data")]
    pub(crate) data: PathBuf,
}

/// Which facility is meant.
#[derive(Args, Debug)]
pub(crate) struct Which {
    #[command(flatten)]
    pub(crate) folder: DataFolder,
    /// Facility; needed when there are several / 施設（複数ある場合に必要）
    #[arg(long, value_name = "ID", value_parser = parse::facility)]
    pub(crate) facility: Option<FacilityId>,
}

/// Where a command is done, and how its answer is wanted.
#[derive(Args, Debug)]
pub(crate) struct Asked {
    #[command(flatten)]
    pub(crate) which: Which,
    /// Print the answer as JSON / 結果を JSON で出力する
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Demo {
    #[command(flatten)]
    pub(crate) folder: DataFolder,
    /// Address and port to listen on / 待ち受けるアドレスとポート
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:8443")]
    pub(crate) listen: SocketAddr,
    /// Number of synthetic patients / 架空患者の人数
    #[arg(long, value_name = "N", default_value_t = 200)]
    pub(crate) patients: u32,
    /// Seed: the same seed makes the same patients / シード（同じ値なら同じ患者）
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Whether devices must show a certificate / 端末にクライアント証明書を求めるか
    #[arg(long, value_enum, value_name = "MODE", default_value_t = DemoCertificates::Verify)]
    pub(crate) client_certificates: DemoCertificates,
    /// Whose one-time code secret is shown as a QR code / ワンタイムコードの QR コードを示すアカウント
    #[arg(long, value_enum, value_name = "WHO", default_value_t = DemoQr::Doctor)]
    pub(crate) qr: DemoQr,
    /// Print the present one-time code of an account of the demo, and end / アカウントの現在のワンタイムコードだけを示して終わる
    #[arg(long, value_name = "ACCOUNT", value_parser = parse::account)]
    pub(crate) code: Option<AccountId>,
}

/// Whether the demo asks for client certificates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DemoCertificates {
    /// asked for, as in a real facility / 求める（実際の施設と同じ）
    Verify,
    /// not asked for, which is for development only / 求めない（開発用のみ）
    Off,
}

/// Whose QR code the demo shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DemoQr {
    /// the doctor / 医師
    Doctor,
    /// everybody / 全員
    All,
    /// nobody / なし
    None,
}

#[derive(Args, Debug)]
pub(crate) struct Init {
    #[command(flatten)]
    pub(crate) folder: DataFolder,
    /// The facility's id, as it stands in URLs: a-z, 0-9 and - / 施設の id（URL に使う）
    #[arg(long, value_name = "ID", value_parser = parse::facility)]
    pub(crate) facility: FacilityId,
    /// Names for the development certificate, beside localhost / 開発用証明書に入れるホスト名
    #[arg(long = "host", value_name = "NAME")]
    pub(crate) hosts: Vec<String>,
}

#[derive(Args, Debug)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) folder: DataFolder,
    /// Address and port, in place of the configured one / 設定より優先する待ち受けアドレス
    #[arg(long, value_name = "ADDR:PORT")]
    pub(crate) listen: Option<SocketAddr>,
    /// Address and port for GET /metrics, in place of the configured one / GET /metrics の待ち受けアドレス（設定より優先）
    #[arg(long, value_name = "ADDR:PORT")]
    pub(crate) metrics: Option<SocketAddr>,
    /// How the log is written, in place of the configured form / ログの形式（設定より優先）
    #[arg(long, value_enum, value_name = "FORM")]
    pub(crate) log_format: Option<LogFormat>,
    /// Syslog collector for the audit trail, in place of the configured one / 設定より優先する監査証跡の送信先
    #[arg(long, value_name = "HOST:PORT")]
    pub(crate) collector: Option<String>,
    /// Authority of the collector's certificate, in PEM / 収集サーバーの認証局（PEM）
    #[arg(long, value_name = "FILE")]
    pub(crate) collector_ca: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct Import {
    #[command(flatten)]
    pub(crate) which: Which,
    /// Go on after a document that is refused, and list it at the end / 拒否された文書があっても続け、最後に一覧を示す
    #[arg(long)]
    pub(crate) keep_going: bool,
    /// A whole facility from another installation, as `export --complete` writes it / 別の環境の `export --complete` で書き出した施設全体
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["paths", "keep_going", "facility"])]
    pub(crate) complete: Option<PathBuf>,
    /// Go on without the signature of the installation before, which the journal then says / 前の環境の署名なしで引き継ぐ（ジャーナルに残る）
    #[arg(long, requires = "complete")]
    pub(crate) unsigned: bool,
    /// Files and folders: .json, .ndjson (also .gz), .tgz / ファイルとフォルダー
    #[arg(required_unless_present = "complete", value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
}

#[derive(Args, Debug)]
#[group(required = true, multiple = false, id = "target")]
pub(crate) struct Target {
    /// Folder for one NDJSON file per resource type / NDJSON を書き出すフォルダー
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: Option<PathBuf>,
    /// Folder for the journal in the tlog-tiles layout / ジャーナルを書き出すフォルダー
    #[arg(long, value_name = "FOLDER")]
    pub(crate) log: Option<PathBuf>,
    /// Folder for everything of the facility, with all proofs / 施設のすべてを証明とともに書き出すフォルダー
    #[arg(long, value_name = "FOLDER")]
    pub(crate) complete: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct Export {
    #[command(flatten)]
    pub(crate) which: Which,
    #[command(flatten)]
    pub(crate) target: Target,
    /// The key of the installation that continues the journal, which ends here: a file, or the key itself / ジャーナルを引き継ぐ環境の鍵（ファイルまたは文字列）。ここでのジャーナルは終わる
    #[arg(long, value_name = "KEY", requires = "complete")]
    pub(crate) to: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct Successor {
    #[command(flatten)]
    pub(crate) folder: DataFolder,
    /// The key of the journal that is going to be continued: a file, or the key itself / 引き継ぐジャーナルの鍵（ファイルまたは文字列）
    #[arg(value_name = "KEY")]
    pub(crate) key: String,
    /// Names for the development certificate, beside localhost / 開発用証明書に入れるホスト名
    #[arg(long = "host", value_name = "NAME")]
    pub(crate) hosts: Vec<String>,
}

#[derive(Args, Debug)]
pub(crate) struct Verify {
    /// Proof files / 証明ファイル
    #[arg(value_name = "FILE", required_unless_present_any = ["data", "log", "consistency", "witnessed"])]
    pub(crate) files: Vec<PathBuf>,
    /// A whole data directory: everything is recomputed / データディレクトリ全体を再計算して検証する
    #[arg(long, value_name = "DIR", conflicts_with_all = ["files", "log"])]
    pub(crate) data: Option<PathBuf>,
    /// Facility, when the data directory has several / 施設
    #[arg(long, value_name = "ID", value_parser = parse::facility, requires = "data")]
    pub(crate) facility: Option<FacilityId>,
    /// A downloaded log / ダウンロードしたログ
    #[arg(long, value_name = "FOLDER", conflicts_with = "files")]
    pub(crate) log: Option<PathBuf>,
    /// A consistency proof: that its checkpoint continues the one given by --since / 一貫性証明
    #[arg(long, value_name = "FILE", conflicts_with_all = ["files", "data", "log"], requires_all = ["since", "key"])]
    pub(crate) consistency: Option<PathBuf>,
    /// The key that must have signed: a file, or the key itself / 署名したはずの公開鍵（ファイルまたは文字列）
    #[arg(long, value_name = "KEY", conflicts_with = "data")]
    pub(crate) key: Option<String>,
    /// A handover: it leads from the key given to the one that has taken its place / 鍵の引き継ぎの証明（指定した鍵から次の鍵をたどる）
    #[arg(long, value_name = "FILE", requires = "key")]
    pub(crate) handover: Vec<PathBuf>,
    /// A checkpoint kept from an earlier day: it must be a prefix / 以前に保存したチェックポイント
    #[arg(long, value_name = "FILE", conflicts_with = "files")]
    pub(crate) since: Option<PathBuf>,
    /// A witness that must have cosigned: a file with its key, or the key itself / 連署したはずのウィットネスの鍵（ファイルまたは文字列）
    #[arg(long, value_name = "KEY")]
    pub(crate) witness: Vec<String>,
    /// How old the newest cosignature of each may be / 各ウィットネスの最新の連署に許す経過時間
    #[arg(long, value_name = "HOURS", requires = "witness")]
    pub(crate) witness_hours_max: Option<u64>,
    /// Checkpoints of this log that were seen elsewhere: they must fit it, or each other / 別の場所で得た、このログのチェックポイント（ログまたは互いに両立するはずのもの）
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with_all = ["files", "consistency"])]
    pub(crate) witnessed: Vec<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct Proof {
    #[command(flatten)]
    pub(crate) which: Which,
    /// The record, for example Patient/42 / 記録
    #[arg(value_name = "TYPE/ID", value_parser = parse::record)]
    pub(crate) record: RecordKey,
    /// Version; the current one when absent / 版（省略時は現在の版）
    #[arg(long, value_name = "N", value_parser = parse::version)]
    pub(crate) version_id: Option<VersionNumber>,
    /// File to write; standard output when absent / 出力ファイル
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct Reindex {
    #[command(flatten)]
    pub(crate) which: Which,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed_and_every_command_shows_an_example() {
        let command = Arguments::command();
        command.clone().debug_assert();
        examples(&command, "akashi");
    }

    fn examples(command: &clap::Command, line: &str) {
        for sub in command.get_subcommands() {
            let line = format!("{line} {}", sub.get_name());
            let help = sub.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.contains(&line), "{line}");
            examples(sub, &line);
        }
    }

    #[test]
    fn a_duty_may_stand_several_times_and_a_work_order_is_whole_or_not_there() {
        let parse = |line: &str| Arguments::try_parse_from(line.split(' '));
        assert!(parse("akashi account create a --name b --duty operator --duty planner").is_ok());
        assert!(parse("akashi account create a --name b --work-order W").is_err());
        assert!(parse("akashi account create a --name b --company C").is_err());
        assert!(parse("akashi account change a --duty operator --no-duty").is_err());
    }

    #[test]
    fn a_new_key_needs_somewhere_to_go_and_a_request_brings_its_own() {
        let parse = |line: &str| Arguments::try_parse_from(line.split(' '));
        assert!(parse("akashi certificate issue --account a").is_err());
        assert!(parse("akashi certificate issue --account a --qr").is_err());
        assert!(parse("akashi certificate issue --account a --out a.p12 --qr").is_ok());
        assert!(parse("akashi certificate issue --account a --request a.csr").is_ok());
        assert!(parse("akashi certificate issue --account a --request a.csr --out a.p12").is_err());
    }
}
