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
    /// Two nodes of a network have the same id.
    NODE_TWICE = "SI-0010", Unprocessable,
        "Two parts of the network are called {id}. Give each a name of its own, or leave one of the files out if both describe the same.",
        "ネットワークの中に {id} という名前のものが 2 つあります。それぞれに別の名前を付けるか、同じものを表しているならどちらかのファイルを外してください。";
    /// Something was added to a node of another kind, or names a node that is not there.
    NODE_KIND = "SI-0011", Fault,
        "The network cannot be put together at {id}: {kind} expected. This is a fault of the program; please report it with the file that you checked.",
        "{id} のところでネットワークを組み立てられません（必要な種類：{kind}）。プログラムの不具合です。検査したファイルとともに報告してください。";
}
