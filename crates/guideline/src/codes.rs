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
    /// A document of OSCAL cannot be read.
    OSCAL = "GL-0007", Unprocessable,
        "{file}, at {place}: {what}. Correct the document, or ask whoever wrote it for a corrected one; nothing of it was taken over.",
        "{file} の {place}：{what_ja}。文書を修正するか、作成元に修正版を求めてください。この文書の内容は一切取り込んでいません。";
}
