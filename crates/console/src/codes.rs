//! What can go wrong on a page and nowhere else.

use base::{Class, Code};

/// Nothing is shown at this address.
pub(crate) static PAGE_UNKNOWN: Code = Code {
    id: "CO-0001",
    class: Class::Absent,
    en: "There is no such page. Go back, or choose from the menu.",
    ja: "このページはありません。前のページに戻るか、メニューから選んでください。",
};

/// There is no such patient, or the law does not let this person see them: which of the two is not told.
pub(crate) static PATIENT_UNSEEN: Code = Code {
    id: "CO-0002",
    class: Class::Absent,
    en: "There is no such patient, or you may not see their record. Search again; where it is needed for treatment, ask those who run the facility.",
    ja: "患者が登録されていないか、閲覧する権限がありません。もう一度検索してください。診療に必要な場合は、施設の管理者に確認してください。",
};

/// A form with a file did not arrive as browsers send it.
pub static FORM_BROKEN: Code = Code {
    id: "CO-0005",
    class: Class::Invalid,
    en: "The form did not arrive whole, so nothing was saved. Go back and send it again; if it happens each time, look for something between the browser and the server that changes requests.",
    ja: "フォームの内容が途中で欠けたため、保存していません。前のページに戻って、もう一度送信してください。繰り返す場合は、ブラウザーとサーバーの間に、通信を書き換えるものがないか確かめてください。",
};

/// All of them.
pub static CODES: &[&Code] = &[&PAGE_UNKNOWN, &PATIENT_UNSEEN, &FORM_BROKEN];
