//! The problems of the guideline engine: one code each, with a page under `docs/errors/`.

use base::{Class, Code};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $id:literal, $class:ident, $en:literal, $ja:literal;)*) => {
        $($(#[$doc])* pub static $name: Code = Code { id: $id, class: Class::$class, en: $en, ja: $ja };)*
        /// All codes of this room.
        pub static CODES: &[&Code] = &[$(&$name),*];
    };
}

codes! {
    /// A file of the catalogue, of facts, checks or questions is not of the form it should have.
    FILE = "GL-0001", Unprocessable,
        "{file}, line {line}: {what}. Correct the file; nothing of it was taken over.",
        "{file} の {line} 行目：{what}。ファイルを修正してください。このファイルの内容は一切取り込んでいません。";
    /// An expression cannot be read, names an unknown key, or compares what cannot be compared.
    EXPRESSION = "GL-0002", Unprocessable,
        "{file}, line {line}: the expression of {requirement} does not fit: {what}. Correct the expression; `akashi assess --facts` lists the known keys.",
        "{file} の {line} 行目：{requirement} の式が正しくありません：{what}。式を修正してください。使えるキーの一覧は `akashi assess --facts` で表示できます。";
    /// A catalogue has no such requirement.
    REQUIREMENT = "GL-0003", Absent,
        "There is no requirement {requirement}. `akashi assess --edition …` lists those of an edition.",
        "要求事項 {requirement} はありません。`akashi assess --edition …` で各版の一覧を表示できます。";
    /// A catalogue has no such edition.
    EDITION = "GL-0004", Absent,
        "There is no edition {edition}. Known are: {known}.",
        "{edition} という版はありません。利用できる版：{known}";
    /// Files of one catalogue contradict each other.
    CATALOGUE = "GL-0005", Unprocessable,
        "The catalogue contradicts itself: {what}. Correct the files; nothing was taken over.",
        "カタログに矛盾があります：{what}。ファイルを修正してください。何も取り込んでいません。";
    /// A fact is not one of the known ones, or its value is of another kind.
    FACT = "GL-0006", Unprocessable,
        "The fact {key} cannot be taken: {what}.",
        "事実 {key} を受け付けられません：{what}。";
    /// A decision that a requirement does not apply cannot be taken.
    EXCLUSION = "GL-0030", Unprocessable,
        "The decision that {requirement} does not apply cannot be taken. Give a reason, who decided, and until when it counts, which must lie after the decision.",
        "要求事項 {requirement} を対象外とする決定を受け付けられません。理由、決定した人、有効期限（決定の日時より後）をすべて指定してください。";
    /// A folder of rules cannot be read.
    FOLDER = "GL-0031", Unprocessable,
        "{path} cannot be read as rules: {what}. Rules are YAML files in UTF-8, at most 200 of at most 4 MiB each, in one folder and the folders directly in it; notes may stand beside them as .md or .txt. Nothing was taken over.",
        "{path} をルールとして読み込めません：{what}。ルールは UTF-8 の YAML ファイルで、1つのフォルダーとその直下のフォルダーに、1件 4 MiB 以下、合計 200 件まで置けます。説明は .md または .txt で一緒に置けます。何も取り込んでいません。";
    /// A rule set would change what is compiled in.
    COMPILED_IN = "GL-0032", Conflict,
        "{file}, line {line}: {what} is compiled in, or stands unchanged as it is compiled in, and cannot be changed from outside. Write an edition of your own that inherits the part (`inherits`) and a requirement in it that takes its place (`replaces`), with a check of its own. Nothing was taken over.",
        "{file} の {line} 行目：{what} は組み込みの内容か、それをそのまま引き継いだもののため、外から変更できません。その部を引き継ぐ（`inherits`）独自の版を作り、置き換える（`replaces`）要求事項とその判定式を書いてください。何も取り込んでいません。";
    /// A rule set names a key that only the system itself can observe.
    FOREIGN_KEY = "GL-0033", Unprocessable,
        "{file}, line {line}: a rule set cannot add the key {key} in a list of facts. Facts that it may add begin with `site.`; documents and questions have files of their own, and what begins with `runtime.` only the running system observes. Nothing was taken over.",
        "{file} の {line} 行目：キー {key} は、ルールの事実一覧では追加できません。追加できる事実は `site.` で始まるものだけです。文書と質問は専用のファイルに書いてください。`runtime.` で始まる事実は、稼働中のシステムだけが確認します。何も取り込んでいません。";
    /// A template of a document names what there is not.
    TEMPLATE = "GL-0034", Fault,
        "The template of {kind} cannot be filled in: {what}.",
        "文書 {kind} のひな型に記入できません：{what}。";
}
