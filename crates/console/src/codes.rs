//! What can go wrong on a page and nowhere else.

use base::{Class, Code};

/// Nothing is shown at this address.
pub(crate) static PAGE_UNKNOWN: Code = Code {
    id: "CO-0001",
    class: Class::Absent,
    en: "There is no such page. Go back, or choose from the menu.",
    ja: "このページはありません。前のページに戻るか、メニューから選んでください。",
};

/// All of them.
pub static CODES: &[&Code] = &[&PAGE_UNKNOWN];
