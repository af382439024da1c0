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
        "{file} の {line} 行目：{what_ja}。ファイルを修正してください。このファイルの内容は一切取り込んでいません。";
    /// An expression cannot be read, names an unknown key, or compares what cannot be compared.
    EXPRESSION = "GL-0002", Unprocessable,
        "{file}, line {line}: the expression of {requirement} does not fit: {what}. Correct the expression; `akashi assess --facts` lists the known keys.",
        "{file} の {line} 行目：{requirement} の式が正しくありません（原文：{what}）。式を修正してください。使えるキーの一覧は `akashi assess --facts` で表示できます。";
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
        "カタログに矛盾があります（原文：{what}）。ファイルを修正してください。何も取り込んでいません。";
    /// A fact is not one of the known ones, or its value is of another kind.
    FACT = "GL-0006", Unprocessable,
        "The fact {key} cannot be taken: {what_en}.",
        "事実 {key} を受け付けられません：{what_ja}。";
    /// A document of OSCAL cannot be read.
    OSCAL = "GL-0007", Unprocessable,
        "{file}, at {place}: {what}. Correct the document, or ask whoever wrote it for a corrected one; nothing of it was taken over.",
        "{file} の {place}：{what_ja}。文書を修正するか、作成元に修正版を求めてください。この文書の内容は一切取り込んでいません。";
    /// The register has no such risk, asset or flow.
    RISK_ABSENT = "GL-0020", Absent,
        "There is no {id} in the risk register. Check the id.",
        "リスク登録簿に {id} はありません。ID を確認してください。";
    /// Something names what does not exist, or something is to go that is still named.
    RISK_REFERENCE = "GL-0021", Unprocessable,
        "{from} names {to}. What is named must exist, and must stay while it is named. Check the id, or first change what names it.",
        "{from} は {to} を参照しています。参照先は存在している必要があり、参照されている間は消せません。ID を確認するか、先に参照元を変えてください。";
    /// The risk is not at the point where this can be done.
    RISK_ORDER = "GL-0022", Conflict,
        "This cannot be done with the risk {id} now, or somebody changed it meanwhile. Look at it again. The order is: assess, plan a treatment, approve it, put it in force, review, close.",
        "リスク {id} は、いまこの操作ができる段階にないか、その間に変更されています。内容を確かめてください。順序は、評価、対応の計画、承認、実施、見直し、終結です。";
    /// A treatment lacks a countermeasure; an acceptance lacks a detective one.
    RISK_MEASURE = "GL-0023", Unprocessable,
        "A countermeasure is missing for the risk {id}. Every treatment names what is done; whoever accepts a risk names a detective countermeasure by which it is noticed when it comes true.",
        "リスク {id} の対策が足りません。どの対応にも、実施する対策を書いてください。受容する場合は、現実になったときに気付くための発見的対策が必要です。";
    /// Only an executive may do this.
    RISK_EXECUTIVE = "GL-0024", Refused,
        "Only an executive may decide this for the risk {id}. Let an executive of the facility do it.",
        "リスク {id} についてこれを決められるのは経営層だけです。施設の経営層が行ってください。";
    /// Who assessed a risk or planned its treatment may not decide on it too.
    RISK_TWO_PEOPLE = "GL-0025", Refused,
        "Whoever assessed the risk {id} or planned its treatment may not decide on it as well. Let somebody else do it.",
        "リスク {id} を評価した人、対応を計画した人は、その決定を兼ねられません。別の人が行ってください。";
    /// What is left after a treatment is higher than the risk, or not lower.
    RISK_RESIDUAL = "GL-0026", Unprocessable,
        "What is left of the risk {id} does not fit: neither its likelihood nor its impact may be higher than assessed, and unless it is accepted one of them must be lower. Rate it again, or add countermeasures.",
        "リスク {id} の対応後の見積もりが合いません。起こりやすさも影響も評価より高くはできず、受容以外ではどちらかが下がる必要があります。見積もり直すか、対策を加えてください。";
    /// A day is in the past, or later than the level allows.
    RISK_DAY = "GL-0027", Unprocessable,
        "{day} does not fit as `{place}`. Choose a day from {first} to {last}; the level of the risk sets the last one.",
        "`{place}` に {day} は指定できません。{first} から {last} までの日を選んでください。最後の日はリスクの水準で決まります。";
    /// A text, an id, or how many there are of something is not of its form.
    RISK_FORM = "GL-0028", Invalid,
        "`{place}` is not of its form. Texts have 1 to 2000 characters without control characters or line breaks, ids 1 to 64 of a-z, 0-9 and -, each used once; people are named by their account; nothing may be empty or too many.",
        "`{place}` の形式が正しくありません。文は 1～2000 文字で制御文字や改行を含まないこと、ID は a-z、0-9、- の 1～64 文字で重複しないこと、人はアカウントで示すこと、空や多すぎる一覧がないことを確認してください。";
    /// A risk of this level may neither be accepted nor be left.
    RISK_REMAINS = "GL-0029", Unprocessable,
        "A risk of this level may neither be accepted nor be left after a treatment ({id}). Add countermeasures that bring it down, or avoid it.",
        "この水準のリスク（{id}）は、受容することも、対応の後に残すこともできません。水準を下げる対策を加えるか、回避してください。";
    /// A decision that a requirement does not apply cannot be taken.
    EXCLUSION = "GL-0030", Unprocessable,
        "The decision that {requirement} does not apply cannot be taken. Give a reason, who decided, and until when it counts, which must lie after the decision.",
        "要求事項 {requirement} を対象外とする決定を受け付けられません。理由、決定した人、有効期限（決定の日時より後）をすべて指定してください。";
    /// A folder of rules cannot be read.
    FOLDER = "GL-0031", Unprocessable,
        "{path} cannot be read as rules: {what}. Rules are YAML files in UTF-8, at most 200 of at most 4 MiB each, in one folder and the folders directly in it; notes may stand beside them as .md or .txt. Nothing was taken over.",
        "{path} をルールとして読み込めません：{what_ja}。ルールは UTF-8 の YAML ファイルで、1つのフォルダーとその直下のフォルダーに、1件 4 MiB 以下、合計 200 件まで置けます。説明は .md または .txt で一緒に置けます。何も取り込んでいません。";
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
    /// A report in JSON cannot be read.
    REPORT = "GL-0040", Unprocessable,
        "This is no report as `akashi report … --out FILE.json` writes it: {what}. Use the file as it was written.",
        "「akashi report … --out FILE.json」が書き出した報告書として読み込めません：{what_ja}。書き出したままのファイルを使ってください。";
    /// A report in JSON is of another format.
    REPORT_FORMAT = "GL-0041", Unprocessable,
        "The report is of format {found}; this release of Akashi reads format {known}. Use the release that wrote the report, or a later one.",
        "報告書の形式番号は {found} ですが、この版の Akashi が読み込める形式番号は {known} です。報告書を書き出した版か、それより新しい版の Akashi を使ってください。";
    /// Two reports cannot be compared.
    REPORT_KIND = "GL-0042", Unprocessable,
        "A report of {old} cannot be compared with one of {new}. Compare two reports of the same kind in the same language.",
        "{old} と {new} の報告書は比較できません。同じ種類で、同じ言語の報告書どうしを比較してください。";
    /// A spreadsheet cannot be written.
    SHEET = "GL-0043", Fault,
        "The spreadsheet of this report cannot be written: {what}. Ask for the report as .pdf, .html or .json.",
        "この報告書の表計算ファイルを作成できません：{what}。PDF、HTML、JSON のいずれかで作成してください。";
}
