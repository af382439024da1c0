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
        "You may not do this ({action} on {type}): {reason_en} Ask whoever manages the accounts of your facility if your work needs it.",
        "この操作（{type} に対する {action}）は許可されていません。{reason_ja}業務で必要な場合は、施設のアカウント管理者に相談してください。";
    /// The record is restricted, and the glass may be broken for it.
    RESTRICTED = "AC-0002", Refused,
        "{record} belongs to a restricted patient. In an emergency, break the glass for this patient with a reason (POST …/break-glass); it lasts for a while only, and a second person is informed.",
        "{record} は閲覧制限のある患者の記録です。緊急の場合は理由を付けて緊急アクセス（POST …/break-glass）を行ってください。一定時間だけ有効で、第二者に通知されます。";
}
