//! The problems of the law: one code each, with a page under `docs/errors/`.

use base::{Class, Code};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $id:literal, $class:ident, $en:literal, $ja:literal;)*) => {
        $($(#[$doc])* pub static $name: Code = Code { id: $id, class: Class::$class, en: $en, ja: $ja };)*
        /// All codes of this room.
        pub static CODES: &[&Code] = &[$(&$name),*];
    };
}

codes! {
    /// No policy permits it, or one forbids it.
    REFUSED = "AC-0001", Refused,
        "You may not do this ({action} on {type}): {reason} Ask whoever manages the accounts of your facility if your work needs it.",
        "この操作（{type} に対する {action}）は許可されていません。{reason} 業務で必要な場合は、施設のアカウント管理者に相談してください。";
}
