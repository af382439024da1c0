//! The problems of the records: one code each, with a page under `docs/errors/`.

use base::{Class, Code};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $id:literal, $class:ident, $en:literal, $ja:literal;)*) => {
        $($(#[$doc])* pub static $name: Code = Code { id: $id, class: Class::$class, en: $en, ja: $ja };)*
        /// All codes of this room.
        pub static CODES: &[&Code] = &[$(&$name),*];
    };
}

codes! {
    /// R4 has no such resource type.
    UNKNOWN_TYPE = "RC-0001", Absent,
        "`{type}` is not a resource type of FHIR R4. Check the spelling; types are written like `Patient`.",
        "`{type}` は FHIR R4 のリソースタイプではありません。`Patient` のように正しく書かれているか確認してください。";
    /// There is no such record.
    ABSENT = "RC-0002", Absent,
        "There is no {record} in this facility.",
        "この施設に {record} はありません。";
    /// The record was deleted.
    DELETED = "RC-0003", Gone,
        "{record} was deleted by its version {version}. Earlier versions can be read under {record}/_history.",
        "{record} は版 {version} で削除されました。以前の版は {record}/_history で参照できます。";
    /// There is no such version.
    VERSION_ABSENT = "RC-0004", Absent,
        "{record} has no version {version}.",
        "{record} に版 {version} はありません。";
    /// The resource is of another type than the address.
    OTHER_TYPE = "RC-0005", Invalid,
        "The resource is of type {found}, but was sent to {expected}. Send it to the address of its own type.",
        "リソースのタイプは {found} ですが、{expected} のアドレスに送信されました。リソースのタイプに合ったアドレスへ送信してください。";
    /// The id in the resource is not that of the address.
    OTHER_ID = "RC-0006", Invalid,
        "An update to {record} must carry `\"id\": \"{id}\"` in the resource.",
        "{record} を更新するリソースには `\"id\": \"{id}\"` が必要です。";
    /// `_count` is no number.
    COUNT = "RC-0007", Invalid,
        "`_count={value}` is not a number from 1 upward.",
        "`_count={value}` は 1 以上の数ではありません。";
    /// `_cursor` was not made by this server.
    CURSOR = "RC-0008", Invalid,
        "`_cursor` is not one that this server gave out. Follow the `next` link of the page before, unchanged.",
        "`_cursor` の値が正しくありません。前のページの `next` リンクをそのまま使ってください。";
    /// The Bundle is neither a batch nor a transaction.
    BUNDLE_TYPE = "RC-0009", Invalid,
        "A Bundle sent to the base address must have type `batch` or `transaction`, not `{found}`.",
        "ベースアドレスに送信する Bundle の type は `batch` か `transaction` です（`{found}` は使えません）。";
    /// An entry lacks its request.
    NO_REQUEST = "RC-0010", Invalid,
        "This entry has no `request`. State method and url of what is to be done.",
        "このエントリーに `request` がありません。method と url を指定してください。";
    /// An entry's method is not supported.
    METHOD = "RC-0011", Invalid,
        "The method `{method}` is not supported in a Bundle. Use GET, POST, PUT or DELETE.",
        "Bundle の中で `{method}` は使えません。GET、POST、PUT、DELETE のいずれかを使ってください。";
    /// An entry's url cannot be understood.
    URL = "RC-0012", Invalid,
        "The url `{url}` does not fit the method {method}. Write it relative to the base, for example `Patient/42`.",
        "url `{url}` はメソッド {method} に合いません。`Patient/42` のようにベースからの相対で書いてください。";
    /// Conditional operations are refused rather than ignored.
    CONDITIONAL = "RC-0013", Invalid,
        "The condition `{what}` is not supported here, and is never passed over. Leave it out; to write only when a record is unchanged, use PUT or DELETE with ifMatch.",
        "条件 `{what}` はここでは使えません（無視もしません）。条件を外してください。変更がない場合だけ書き込むには、PUT または DELETE で ifMatch を使ってください。";
    /// A reference leads nowhere.
    UNRESOLVED = "RC-0014", Unprocessable,
        "The reference `{reference}` names no entry of this transaction. Add the entry or correct the reference.",
        "参照 `{reference}` に当たるエントリーがこのトランザクションにありません。エントリーを加えるか、参照を直してください。";
    /// Too many search terms.
    TERMS = "RC-0015", Invalid,
        "The search has {found} terms; at most {limit} are answered. Split it.",
        "検索条件が {found} 個あります。上限は {limit} 個です。分けて検索してください。";
    /// A parameter that a history does not know.
    HISTORY_PARAMETER = "RC-0016", Invalid,
        "A history does not know the parameter `{name}`. It knows `_since` and `_count`.",
        "履歴では `{name}` は使えません。使えるのは `_since` と `_count` です。";
    /// Two entries have the same fullUrl.
    SAME_FULL_URL = "RC-0017", Invalid,
        "Two entries have the fullUrl `{url}`; references to it would be ambiguous.",
        "fullUrl `{url}` のエントリーが 2 つあり、参照先を決められません。";
    /// An entry that writes has no resource.
    NO_RESOURCE = "RC-0018", Invalid,
        "This entry has no `resource`, which {method} needs.",
        "このエントリーには {method} に必要な `resource` がありません。";
    /// A moment that cannot be read.
    MOMENT = "RC-0019", Invalid,
        "`{name}={value}` is not an instant such as 2026-04-01T09:00:00+09:00.",
        "`{name}={value}` は 2026-04-01T09:00:00+09:00 のような日時ではありません。";
    /// A parameter is given twice where once is meant.
    REPEATED = "RC-0020", Invalid,
        "`{name}` stands more than once; give it once.",
        "`{name}` が複数あります。1 回だけ指定してください。";
    /// The type has no compartment.
    NO_COMPARTMENT = "RC-0050", Absent,
        "{type} has no compartment. Compartments are searched under Patient, Encounter, Practitioner, RelatedPerson and Device.",
        "{type} にはコンパートメントがありません。コンパートメント検索は Patient、Encounter、Practitioner、RelatedPerson、Device で行えます。";
    /// More records would be shown beside the results than a page may hold.
    TOO_MANY_INCLUDED = "RC-0051", TooLarge,
        "`_include` and `_revinclude` would add more than {limit} records to this page. Ask for smaller pages with `_count`.",
        "`_include` と `_revinclude` で追加される記録が 1 ページの上限（{limit} 件）を超えます。`_count` でページを小さくしてください。";
    /// A condition names how results are shown.
    RESULT_PARAMETER = "RC-0052", Invalid,
        "`{name}` says how results are shown and cannot be a condition of a write. Leave it out.",
        "`{name}` は結果の表示方法の指定で、書き込みの条件には使えません。取り除いてください。";
    /// A conditional operation without criteria.
    NO_CRITERIA = "RC-0053", Invalid,
        "A conditional request needs at least one search parameter, for example `identifier=system|value`.",
        "条件付きの操作には、`identifier=system|value` のような検索条件が 1 つ以上必要です。";
    /// A type that does not belong to the answer.
    TYPE_NOT_THERE = "RC-0054", Invalid,
        "`_type={value}` names a type that R4 does not have or that is not part of this answer.",
        "`_type={value}` は R4 にないリソースタイプか、この操作の結果に含まれないリソースタイプです。";
    /// A parameter that `$everything` does not know.
    EVERYTHING_PARAMETER = "RC-0055", Invalid,
        "`$everything` does not know the parameter `{name}` here. It knows {known}.",
        "`$everything` では `{name}` は使えません。使えるのは {known} です。";
}
