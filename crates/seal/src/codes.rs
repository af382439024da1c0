//! The problems of this room; a page for each stands under `docs/errors/`.

use base::{Class, Code};

/// Every code of this crate.
pub static CODES: &[&Code] = &[
    &NO_ENTROPY,
    &MASTER_KEY_MALFORMED,
    &NOT_UNSEALED,
    &KEY_MALFORMED,
    &SIGNATURE_WRONG,
    &TOKEN_MALFORMED,
    &NOT_SEALED,
];

pub(crate) static NO_ENTROPY: Code = Code {
    id: "SE-0001",
    class: Class::Fault,
    en: "the operating system gave no random bytes; nothing was written, try again or restart the machine",
    ja: "OS から乱数を取得できませんでした。何も書き込んでいません。やり直すか、コンピューターを再起動してください",
};

pub(crate) static MASTER_KEY_MALFORMED: Code = Code {
    id: "SE-0002",
    class: Class::Fault,
    en: "the master key is malformed; restore the file `master.key` from its backup",
    ja: "マスターキーの形式が正しくありません。ファイル `master.key` をバックアップから戻してください",
};

pub(crate) static NOT_UNSEALED: Code = Code {
    id: "SE-0003",
    class: Class::Fault,
    en: "a sealed key cannot be opened: it was altered or belongs to another master key; \
         restore the matching `master.key` and `facility.json` from one backup",
    ja: "封印された鍵を開けません。改変されたか、別のマスターキーのものです。\
         対になる `master.key` と `facility.json` を同じバックアップから戻してください",
};

pub(crate) static KEY_MALFORMED: Code = Code {
    id: "SE-0004",
    class: Class::Fault,
    en: "a key does not have its 32 bytes; restore `facility.json` from its backup",
    ja: "鍵の長さが 32 バイトではありません。`facility.json` をバックアップから戻してください",
};

pub(crate) static SIGNATURE_WRONG: Code = Code {
    id: "SE-0005",
    class: Class::Invalid,
    en: "the signature does not belong to this text and this key; do not trust the text",
    ja: "署名がこの本文とこの鍵のものではありません。本文を信頼しないでください",
};

pub(crate) static TOKEN_MALFORMED: Code = Code {
    id: "SE-0006",
    class: Class::Fault,
    en: "the bearer token is malformed; restore the file `token` from its backup or make a new one",
    ja: "ベアラートークンの形式が正しくありません。ファイル `token` をバックアップから戻すか、新しく作ってください",
};

pub(crate) static NOT_SEALED: Code = Code {
    id: "SE-0007",
    class: Class::Fault,
    en: "a key could not be sealed; nothing was written, try again",
    ja: "鍵を封印できませんでした。何も書き込んでいません。やり直してください",
};

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn every_code_has_its_own_id_and_a_page_with_that_title() {
        let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/errors");
        let mut seen = std::collections::BTreeSet::new();
        for code in CODES {
            assert!(seen.insert(code.id), "{} stands twice", code.id);
            let page = std::fs::read_to_string(pages.join(format!("{}.md", code.id))).unwrap();
            assert!(page.starts_with(&format!("# {} ", code.id)), "{}", code.id);
        }
    }
}
