//! The problems of the command line: one code each, with a page under `docs/errors/`.

use base::{Class, Code};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $id:literal, $class:ident, $en:literal, $ja:literal;)*) => {
        $($(#[$doc])* pub(crate) static $name: Code = Code { id: $id, class: Class::$class, en: $en, ja: $ja };)*

        /// Every code of the command line.
        #[cfg(test)]
        static CODES: &[&Code] = &[$(&$name),*];
    };
}

codes! {
    /// Nobody made a data directory here.
    NOT_MADE = "AK-0001", Absent,
        "{folder} is no data directory with a facility. Make one with `akashi init`, or try `akashi demo`.",
        "{folder} は施設のあるデータディレクトリではありません。`akashi init` で作成するか、`akashi demo` で試してください。";
    /// Another seed would make other patients under the same ids.
    OTHER_SEED = "AK-0002", Conflict,
        "This directory was made with --seed {there}, not {asked}. Use that seed, or another --data.",
        "このディレクトリは --seed {there} で作られています（指定は {asked}）。同じ値を使うか、別の --data を指定してください。";
    /// An export never mixes with what is there already.
    NOT_EMPTY = "AK-0003", Conflict,
        "{folder} is not empty. Name a new folder, so that nothing is mixed or overwritten.",
        "{folder} は空ではありません。混在や上書きを避けるため、新しいフォルダーを指定してください。";
    /// A file of a kind that cannot be imported.
    NOT_IMPORTABLE = "AK-0004", Invalid,
        "{file} is not .json, .ndjson, .ndjson.gz or .tgz (an archive inside an archive is not read).",
        "{file} は .json、.ndjson、.ndjson.gz、.tgz のいずれでもありません（アーカイブの中のアーカイブは読めません）。";
    /// Neither a verifier key nor a file with one.
    NOT_A_KEY = "AK-0005", Invalid,
        "{file} holds no verifier key. A facility's key is served under /f/<facility>/log/key.",
        "{file} に検証用の公開鍵がありません。施設の公開鍵は /f/<施設>/log/key で配布されています。";
    /// A password hash that costs an attacker too little.
    PASSWORD_COST_LOW = "AK-0006", Invalid,
        "[password] asks for {memory_kib} KiB and {passes} passes: at least {memory_min} KiB and {passes_min} passes are needed.",
        "[password] の指定（{memory_kib} KiB、{passes} 回）では不足です。{memory_min} KiB 以上、{passes_min} 回以上にしてください。";
    /// The path of the console's socket does not fit into the address of a socket.
    CONSOLE_PATH_LONG = "AK-0007", Invalid,
        "{path} is too long for a socket, so commands cannot reach the running server. Move the data directory to a shorter path, or change into the folder above it and give --data relatively.",
        "{path} はソケットのパスとして長すぎるため、稼働中のサーバーにコマンドを送れません。データディレクトリを短いパスに移すか、その上のフォルダーに移動して --data を相対パスで指定してください。";
    /// The connection to the server broke before the answer.
    CONSOLE_SILENT = "AK-0008", Fault,
        "The server gave no answer. The command may have been done: look before you repeat it.",
        "サーバーから応答がありません。コマンドは実行された可能性があります。繰り返す前に状態を確認してください。";
    /// What came over the console's socket is no request.
    REQUEST_WRONG = "AK-0009", Invalid,
        "The server did not understand the command: it is one line of JSON of at most {limit} bytes. Use the program of the version that is running.",
        "サーバーがコマンドを理解できませんでした。{limit} バイト以内の 1 行の JSON が必要です。稼働中のサーバーと同じ版のプログラムを使ってください。";
    /// A file that is handed out never takes the place of another.
    FILE_THERE = "AK-0010", Conflict,
        "{file} exists already. Name a new file, so that nothing is overwritten.",
        "{file} はすでにあります。上書きを避けるため、新しいファイル名を指定してください。";
    /// More than goes over the console's socket.
    REQUEST_LONG = "AK-0011", TooLarge,
        "The command is longer than the {limit} bytes that a running server takes (a large revocation list?). Stop the server and repeat it: then this limit does not hold.",
        "コマンドが、稼働中のサーバーが受け付ける {limit} バイトを超えています（大きな失効リストなど）。サーバーを停止してやり直してください。停止中はこの制限がありません。";
    /// The demo's own accounts cannot be read back.
    DEMO_UNREADABLE = "AK-0012", Invalid,
        "{file} is not as the demo wrote it, so nobody could log in. Put it back, or delete that file: the next start makes new secrets.",
        "{file} がデモの作成した内容と異なるため、ログインできません。元に戻すか、このファイルを削除してください（次の起動で作り直します）。";
    /// No such account in the demo.
    DEMO_ACCOUNT_ABSENT = "AK-0013", Absent,
        "The demo has no account {account} with one-time codes. Its accounts: {accounts}.",
        "デモにワンタイムコードを持つアカウント {account} はありません。アカウント: {accounts}。";
    /// Figures that everybody in the network could read.
    METRICS_EXPOSED = "AK-0014", Invalid,
        "{address} can be reached from other machines, and whoever reaches it reads the metrics. Take an address of this machine such as 127.0.0.1:9464, or say `beyond_loopback = true` in [metrics] if a firewall protects it.",
        "{address} には他の端末からも接続でき、接続できる人は誰でもメトリクスを読めます。127.0.0.1:9464 のようなこの端末だけのアドレスにするか、ファイアウォールで保護している場合は [metrics] に `beyond_loopback = true` を指定してください。";
    /// A collector to which spans would travel openly.
    OTLP_ENDPOINT = "AK-0015", Invalid,
        "[otlp] endpoint must be https://HOST[:PORT], or http:// to this machine, without a name and password. Traces are sent to /v1/traces there.",
        "[otlp] の endpoint には https://ホスト[:ポート]（この端末宛てなら http:// も可）を、ユーザー名とパスワードを含めずに指定してください。トレースは /v1/traces に送信されます。";
    /// A table is for the terminal.
    OUT_WITHOUT_FORM = "AK-0016", Invalid,
        "A table is shown on the terminal. Name the form of the file too: --format html, --format oscal or --format json.",
        "表は端末に表示します。ファイルに書き出す場合は --format html、--format oscal、--format json のいずれかも指定してください。";
    /// As many folders of sources as plans, or one for all.
    SOURCES_AND_PLANS = "AK-0017", Invalid,
        "There are more or fewer folders of sources than plans. Give one --source for all plans, or one for each in the same order.",
        "--source と --plan の数が合いません。--source は、すべてのプランに共通で 1 つか、プランと同じ順に 1 つずつ指定してください。";
    /// A description is text.
    NOT_UTF8 = "AK-0018", Unprocessable,
        "{file} is not text in UTF-8. Save it as UTF-8. Nothing was judged.",
        "{file} は UTF-8 のテキストではありません。UTF-8 で保存し直してください。判定は行っていません。";
    /// Neither a description nor a plan.
    NOTHING_TO_CHECK = "AK-0019", Invalid,
        "There is nothing to check. Name a description or a plan: akashi check site.yaml --plan plan.json. `akashi check --init` writes a description to start from.",
        "検査するものが指定されていません。サイト記述かプランを指定してください：akashi check site.yaml --plan plan.json。`akashi check --init` で見本を作成できます。";
    /// No such place in the network.
    PLACE_ABSENT = "AK-0020", Absent,
        "There is no {name} in this network. Names are the ids of zones and nodes, and the addresses of resources: {near}.",
        "このネットワークに {name} はありません。ゾーンと機器の ID、またはリソースのアドレスで指定してください：{near}";
    /// No such finding.
    FINDING_ABSENT = "AK-0021", Absent,
        "This check has no finding {name}. Its findings: {near}. `akashi check … --all` lists them with their ids.",
        "この検査に {name} という指摘はありません。ある指摘：{near}。`akashi check … --all` で ID とともに一覧できます。";
    /// Options of a check that contradict each other.
    ARGUMENTS_OF_CHECK = "AK-0022", Invalid,
        "These options do not go together. {what}",
        "指定の組み合わせが正しくありません。{what_ja}";
    /// A result that ends in the middle, or is not there at all.
    RESULT_LOST = "AK-0023", Fault,
        "The result could not be written to standard output ({what}): what is there is not whole. Free space or name another place, and run the command again. What the command has changed stands: look before you repeat a change.",
        "結果を標準出力に書き込めませんでした（{what}）。出力は途中で切れています。空き容量を確保するか別の出力先を指定して、もう一度実行してください。コマンドによる変更は済んでいます。変更を伴うコマンドは、状態を確認してから繰り返してください。";
    /// A witness has seen another history of the journal.
    WITNESS_CONTRADICTS = "AK-0024", Conflict,
        "The witness {witness} contradicts the journal of {facility}: {says} {proven} Keep this data directory as it is, and find out who put it back or copied it.",
        "ウィットネス {witness} が施設 {facility} のジャーナルと矛盾する状態を確認しています。{says_ja}{proven_ja}このデータディレクトリをそのまま保全し、誰が復元または複製したのかを調べてください。";
    /// A witness that everybody in the network could speak to openly.
    WITNESS_OPEN = "AK-0025", Invalid,
        "{address} can be reached from other machines: give --certificate and --private-key, so that nobody in between can answer for the witness. Without them take an address of this machine, such as 127.0.0.1:8470.",
        "{address} には他の端末からも接続できます。途中の第三者が代わりに応答できないように、--certificate と --private-key を指定してください。指定しない場合は、127.0.0.1:8470 のようなこの端末だけのアドレスにしてください。";
    /// Checkpoints of different sizes, and no log to hold them against.
    NOT_COMPARABLE = "AK-0026", Invalid,
        "These checkpoints are of different sizes ({sizes}): whether they fit is not decided by them alone. Give the log with --log, or the data directory with --data.",
        "チェックポイントの件数が異なるため（{sizes}）、これだけでは両立するかを判断できません。--log でログを、または --data でデータディレクトリを指定してください。";
    /// A deadline that is none.
    DEADLINE = "AK-0027", Invalid,
        "{key} = {days} in section [records] of akashi.toml is no deadline. Give whole days from {min} to {max}, or leave the key out for the default.",
        "akashi.toml の [records] にある {key} = {days} は期限として使えません。{min} から {max} までの日数を指定するか、キーを省いて既定値を使ってください。";
    /// Drafts would become final before they should be.
    LAPSE_EARLY = "AK-0028", Invalid,
        "lapse_after_days = {days} in section [records] of akashi.toml would finalise drafts before their deadline of {within} days is over. Give at least {within}, or a shorter final_within_days.",
        "akashi.toml の [records] にある lapse_after_days = {days} では、確定の期限（{within} 日）より前に自動で確定してしまいます。{within} 以上にするか、final_within_days を短くしてください。";
    /// A past record that is too long for the console's answer.
    PAST_LONG = "AK-0030", TooLarge,
        "The record is longer than {limit} bytes in this form. Fetch it from the running server with `Patient/…/$chart?_at=…`, or ask for single records.",
        "記録がこの形式で {limit} バイトを超えます。稼働中のサーバーから `Patient/…/$chart?_at=…` で取得するか、記録を 1 件ずつ指定してください。";
    /// A file whose name does not say what it is to be.
    REPORT_ENDING = "AK-0033", Invalid,
        "{file} does not say by its ending which form is wanted. Name a file that ends in .pdf, .xlsx, .html, .json, or .zip for all of them with proofs.",
        "{file} の拡張子から形式を判断できません。.pdf、.xlsx、.html、.json、または証明付きの一式なら .zip で終わるファイル名を指定してください。";
    /// A new file that cannot be made where it is wanted.
    FILE_NOT_MADE = "AK-0034", Invalid,
        "{file} cannot be made: its folder is not there, or this account may not write in it. Name a file in a folder that is there and can be written.",
        "{file} を作成できません。フォルダーがないか、書き込む権限がありません。既存の、書き込めるフォルダーのファイル名を指定してください。";
    /// What a report is to be compared with is nothing that can be read.
    COMPARE_UNREADABLE = "AK-0035", Invalid,
        "{named} is neither the number of a version nor a file that can be read. `akashi report list` shows what was handed out; name a version of it, or its file.",
        "{named} は版の番号でも、読み取れるファイルでもありません。`akashi report list` で交付記録を確認し、版の番号か、交付したファイルを指定してください。";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn every_code_has_its_own_number_and_a_page() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/errors");
        assert!(CODES.is_sorted_by(|one, next| one.id < next.id));
        for code in CODES {
            assert!(code.id.starts_with("AK-"));
            let page = std::fs::read_to_string(folder.join(format!("{}.md", code.id))).unwrap();
            assert!(page.starts_with(&format!("# {} ", code.id)), "{}", code.id);
        }
    }
}
