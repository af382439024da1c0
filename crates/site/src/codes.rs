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
    /// A file of rules is not of the form it should have.
    RULES = "SI-0030", Unprocessable,
        "{file}, line {line}: {what}. Correct the file; no rule of it was taken over.",
        "{file} の {line} 行目：{what}。ファイルを修正してください。このファイルのルールは一切取り込んでいません。";
}
