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

/// Too many pages listen to news.
pub static NEWS_FULL: Code = Code {
    id: "CO-0003",
    class: Class::Busy,
    en: "At most {limit} pages at a time are told when something changes. This page works on as it is: load it again to see what is new. Close pages that are not needed; it is tried again in {seconds} seconds.",
    ja: "自動更新ができる画面は同時に {limit} 枚までです。この画面はこのまま使えます。新しい内容は再読み込みすると表示されます。不要な画面を閉じてください。{seconds} 秒後に再び接続できます。",
};

/// While writing is stopped only what is proven is shown, and this patient's own record is not.
pub(crate) static PATIENT_UNPROVEN: Code = Code {
    id: "CO-0004",
    class: Class::Busy,
    en: "This patient's own record could not be proven against the newest signed checkpoint, so nothing of the patient is shown while writing is stopped. Use exports and documents that were made before, and tell those who run the system.",
    ja: "この患者の基本情報を、署名された最新のチェックポイントで検証できないため、書き込みの停止中はこの患者の記録を表示しません。事前に保存した書き出しや文書を使い、運用担当者に知らせてください。",
};

/// A form with a file did not arrive as browsers send it.
pub static FORM_BROKEN: Code = Code {
    id: "CO-0005",
    class: Class::Invalid,
    en: "The form did not arrive whole, so nothing was saved. Go back and send it again; if it happens each time, look for something between the browser and the server that changes requests.",
    ja: "フォームの内容が途中で欠けたため、保存していません。前のページに戻って、もう一度送信してください。繰り返す場合は、ブラウザーとサーバーの間に、通信を書き換えるものがないか確かめてください。",
};

/// All of them.
pub static CODES: &[&Code] = &[&PAGE_UNKNOWN, &PATIENT_UNSEEN, &NEWS_FULL, &PATIENT_UNPROVEN, &FORM_BROKEN];
