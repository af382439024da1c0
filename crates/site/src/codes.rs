//! The problems of the site checker: one code each, with a page under `docs/errors/`.

use base::{Class, Code};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $id:literal, $class:ident, $en:literal, $ja:literal;)*) => {
        $($(#[$doc])* pub static $name: Code = Code { id: $id, class: Class::$class, en: $en, ja: $ja };)*
        /// All codes of this room.
        pub static CODES: &[&Code] = &[$(&$name),*];
    };
}

codes! {
    /// A plan cannot be read to its end.
    UNREADABLE = "SI-0001", Invalid,
        "{file} cannot be read to its end, line {line}, column {column}: {what}. Write it again with `terraform show -json` and see that it is copied whole; nothing of it was taken over.",
        "{file} を最後まで読み取れません（{line} 行目、{column} 文字目）：{what_ja}。`terraform show -json` で出力し直し、途中で切れていないことを確認してください。このファイルの内容は一切取り込んでいません。";
    /// A plan is of a format version that is not known.
    VERSION = "SI-0002", Unprocessable,
        "{file} is of the format version {version}, which is not known; known are {known}. Use a version of Akashi that knows it, or write the file with a version of Terraform or OpenTofu that writes a known one.",
        "{file} の形式の版 {version} には対応していません（対応している版：{known}）。この版に対応した Akashi を使うか、対応している版を出力する Terraform または OpenTofu で出力し直してください。";
    /// A file is neither a plan nor a state.
    NOT_A_PLAN = "SI-0003", Invalid,
        "{file} is not a plan: {what}. Give the output of `terraform show -json PLAN > plan.json`, or of `terraform show -json` for a state.",
        "{file} はプランではありません：{what_ja}。`terraform show -json プランファイル > plan.json` の出力か、状態については `terraform show -json` の出力を指定してください。";
    /// Modules or values lie deeper than is read.
    DEEP = "SI-0004", Unprocessable,
        "{file}, line {line}, column {column}: {what} lie deeper than {most} levels. Terraform writes nothing like it for a real configuration; check where the file comes from.",
        "{file} の {line} 行目、{column} 文字目：{what_ja}が {most} 段を超えて入れ子になっています。実際の構成から Terraform がこのように出力することはありません。ファイルの出どころを確認してください。";
    /// A plan is larger than is read.
    LARGE = "SI-0005", TooLarge,
        "{file} is larger than {most} bytes. Split the configuration into several plans and give each with `--plan`.",
        "{file} が {most} バイトを超えています。構成を複数のプランに分け、それぞれを `--plan` で指定してください。";
    /// Two resources of a plan have the same address.
    DUPLICATE = "SI-0006", Unprocessable,
        "{file} has the resource {address} twice. Terraform never writes that: the file was put together or changed. Write it again with `terraform show -json`.",
        "{file} にリソース {address} が 2 回現れます。Terraform がこのように出力することはなく、ファイルが結合または変更されています。`terraform show -json` で出力し直してください。";
    /// A plan is in a text encoding that is not read.
    ENCODING = "SI-0007", Invalid,
        "{file} is neither in UTF-8 nor in UTF-16. Write it again with `terraform show -json` without changing its encoding.",
        "{file} の文字コードが UTF-8 でも UTF-16 でもありません。文字コードを変えずに `terraform show -json` で出力し直してください。";
    /// The sources of a module cannot be read: what passes through its local values stays undecided.
    SOURCE = "SI-0008", Unprocessable,
        "The sources of {module} cannot be read ({what}); what passes through its local values stays undecided. Give with `--source` the folder in which `terraform init` was run.",
        "{module} のソースを読み取れません（{what_ja}）。そのローカル値を経由する内容は未判定のままです。`terraform init` を実行したフォルダーを `--source` で指定してください。";
    /// A plan does not tell of all that will stand.
    INCOMPLETE = "SI-0009", Unprocessable,
        "{file} does not tell of everything: {what}. What it leaves out is not judged, and may be open. Plan again without errors and without `-target`.",
        "{file} にはすべてが含まれていません：{what_ja}。含まれていないものは判定しておらず、外部に開いている可能性があります。エラーがなく、`-target` を使わない状態でプランを作り直してください。";
    /// Two nodes of a network have the same id.
    NODE_TWICE = "SI-0010", Unprocessable,
        "Two parts of the network are called {id}. Give each a name of its own, or leave one of the files out if both describe the same.",
        "ネットワークの中に {id} という名前のものが 2 つあります。それぞれに別の名前を付けるか、同じものを表しているならどちらかのファイルを外してください。";
    /// Something was added to a node of another kind, or names a node that is not there.
    NODE_KIND = "SI-0011", Fault,
        "The network cannot be put together at {id}: {kind} expected. This is a fault of the program; please report it with the file that you checked.",
        "{id} のところでネットワークを組み立てられません（必要な種類：{kind}）。プログラムの不具合です。検査したファイルとともに報告してください。";
    /// A description of a site is no YAML of the format that is read.
    DESCRIPTION = "SI-0020", Unprocessable,
        "{file}, line {line}, column {column}: this cannot be read as a site description: {what}. Correct the file; `akashi check --init` writes an example to start from. Nothing was judged.",
        "{file} の {line} 行 {column} 文字目：サイト記述として読めません：{what_ja}。ファイルを修正してください。`akashi check --init` で見本を作成できます。判定は行っていません。";
    /// A key is unknown or missing, or a value is of another kind.
    FORM = "SI-0021", Unprocessable,
        "{file}, line {line}, column {column}: {what}. Nothing was judged.",
        "{file} の {line} 行 {column} 文字目：{what_ja}。判定は行っていません。";
    /// An id stands twice, or names nothing.
    REFERENCE = "SI-0022", Unprocessable,
        "{file}, line {line}, column {column}: {what}. Nothing was judged.",
        "{file} の {line} 行 {column} 文字目：{what_ja}。判定は行っていません。";
    /// What is said in two places does not fit together.
    CONTRADICTION = "SI-0023", Unprocessable,
        "{file}, line {line}, column {column}: {what}. Nothing was judged.",
        "{file} の {line} 行 {column} 文字目：{what_ja}。判定は行っていません。";
    /// There is no such template.
    TEMPLATE = "SI-0024", Absent,
        "There is no template {name}. There are: {known}.",
        "{name} というひな型はありません。利用できるもの：{known}";
    /// A file of rules is not of the form it should have.
    RULES = "SI-0030", Unprocessable,
        "{file}, line {line}: {what}. Correct the file; no rule of it was taken over.",
        "{file} の {line} 行目：{what}。ファイルを修正してください。このファイルのルールは一切取り込んでいません。";
    /// A file of a rule on a site is not of the form it should have.
    SITE_RULES = "SI-0031", Unprocessable,
        "{file}, line {line}: {what}. Correct the file; the rule was not taken over, and nothing was judged.",
        "{file} の {line} 行目：{what}。ファイルを修正してください。このルールは取り込んでおらず、判定は行っていません。";
    /// A rule on a site has no file that says what it means.
    WITHOUT_FILE = "SI-0032", Fault,
        "The rule {rule} has no file that says what it means. This is a fault of the program; please report it.",
        "ルール {rule} の内容を記したファイルがありません。プログラムの不具合です。報告してください。";
}
