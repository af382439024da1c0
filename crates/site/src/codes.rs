//! The problems of the site: one code each, with a page under `docs/errors/`.

use base::{Class, Code};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $id:literal, $class:ident, $en:literal, $ja:literal;)*) => {
        $($(#[$doc])* pub static $name: Code = Code { id: $id, class: Class::$class, en: $en, ja: $ja };)*
        /// All codes of this room.
        pub static CODES: &[&Code] = &[$(&$name),*];
    };
}

codes! {
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
}
