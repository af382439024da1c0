//! What the tables of the page do not show: how Japanese texts are searched, what searches do not look at, and what a
//! resource must be to be stored.

/// A statement in both languages.
#[derive(Debug)]
pub struct Point {
    /// In English.
    pub english: &'static str,
    /// In Japanese.
    pub japanese: &'static str,
}

const fn point(english: &'static str, japanese: &'static str) -> Point {
    Point { english, japanese }
}

/// How texts are compared by string parameters and by `:text`.
pub static JAPANESE_TEXTS: &[Point] = &[
    point(
        "Width makes no difference (NFKC): `ｳｴﾉ` is `ウエノ`, `ＡＢＣ` is `ABC`, `㈱` is `(株)`.",
        "全角と半角は区別しません（NFKC）。`ｳｴﾉ` と `ウエノ`、`ＡＢＣ` と `ABC`、`㈱` と `(株)` は同じです。",
    ),
    point(
        "Katakana and hiragana are the same: `うえの` finds `ウエノ`. So are upper and lower case, and letters with and without accents.",
        "カタカナとひらがなは区別しません（`うえの` で `ウエノ` が見つかります）。大文字と小文字、アクセント記号の有無も区別しません。",
    ),
    point(
        "Dakuten and handakuten count: `かき` does not find `がき`. Characters that Unicode keeps apart stay apart: `高` and `髙`, `ー` and `－`.",
        "濁点と半濁点は区別します（`かき` で `がき` は見つかりません）。Unicode で別の文字は別のままです（`高` と `髙`、`ー` と `－`）。",
    ),
    point(
        "Family and given name are found as one word, with a space (of either width) and without: `上野里奈`, `上野 里奈`, `うえのりな`.",
        "姓名は、空白（全角でも半角でも）を入れても入れなくても見つかります：`上野里奈`、`上野 里奈`、`うえのりな`。",
    ),
    point(
        "A reading is found when the record holds it as a name of its own, as JP Core has it (`SYL`). No reading is made out of kanji.",
        "読みは、JP Core のように別の name（`SYL`）として入っていれば見つかります。漢字から読みを作ることはしません。",
    ),
    point(
        "Each part of a name or an address, and its `text`, is compared from its beginning: `文京区` finds the city, `:contains` looks anywhere.",
        "氏名と住所は、部分ごと、そして `text` を、それぞれ先頭から比べます（`文京区` は city に一致）。途中を探すには `:contains` を使います。",
    ),
    point(
        "`:exact` makes none of these equal: it compares what is written.",
        "`:exact` ではこれらを同じと見なさず、書かれたとおりに比べます。",
    ),
    point(
        "Codes, identifiers, references and addresses (uri) are never changed before they are compared.",
        "コード、識別子、参照、アドレス（uri）は、変換せずにそのまま比べます。",
    ),
];

/// What a search does not look at.
pub static NOT_LOOKED_AT: &[Point] = &[
    point(
        "Contained resources: they are neither found nor looked into, and a chain does not lead through them.",
        "contained のリソース。検索結果にはならず、中も見ません。連鎖（チェーン）でもたどりません。",
    ),
    point(
        "The comparator of a quantity: a result `<5` counts as 5.",
        "Quantity の comparator。`<5` という結果は 5 として扱います。",
    ),
    point(
        "Conversion of units: 0.005 g is not found by 5 mg.",
        "単位の換算。5 mg で 0.005 g は見つかりません。",
    ),
    point(
        "The meaning of codes: upper and lower case are apart, nothing is known of broader and narrower codes, and no code is translated to another system.",
        "コードの意味。大文字と小文字は区別し、コードの上位と下位、別の体系への変換は扱いません。",
    ),
    point("Sound: `phonetic` is compared as `name` is.", "発音。`phonetic` は `name` と同じ比べ方をします。"),
    point(
        "Earlier versions of records. A reference to a version counts as a reference to the record.",
        "記録の過去の版。版を指す参照は、その記録への参照と見なします。",
    ),
    point(
        "The gaps of a Timing: it counts from its first moment to its last.",
        "Timing の合間。最初から最後までの期間として扱います。",
    ),
    point(
        "What is longer than 1,024 bytes: of a text its beginning is kept, a token, reference or address is not found.",
        "1,024 バイトを超える部分。文字列は先頭だけを索引に入れ、トークン、参照、アドレスは見つかりません。",
    ),
];

/// What is checked before a resource is stored, and by `$validate`.
pub static CHECKED: &[Point] = &[
    point(
        "JSON: UTF-8, no name twice, the [limits](limits.md) of size and nesting. Numbers are kept as written.",
        "JSON：UTF-8、同じ名前の重複なし、大きさと入れ子の[上限値](limits.md)。数は書かれたとおりに保存します。",
    ),
    point(
        "Structure: names, cardinalities, types and choices of elements, contained resources and extensions included.",
        "構造：要素の名前、個数、型、選択。contained のリソースと拡張も含みます。",
    ),
    point(
        "The form of values: dates that exist, times with a zone, ids, addresses, base64 and the rest of R4's primitive types.",
        "値の形：暦にある日付、タイムゾーンのある時刻、id、アドレス、base64 など、R4 の基本型すべて。",
    ),
    point(
        "Narratives: the elements and attributes R4 allows, and nothing that can be executed.",
        "説明文 (narrative)：R4 が許す要素と属性だけで、動作する内容を含まないこと。",
    ),
    point(
        "Codes: every value set that R4 binds as required. Of currencies, media types, UCUM units and LOINC answers the form is checked, because the lists are not part of R4.",
        "コード：R4 が必須 (required) とするすべての値セット。通貨、メディアタイプ、UCUM の単位、LOINC の回答は、一覧が R4 に含まれないため、形だけを検査します。",
    ),
    point(
        "Invariants: all those of R4 that are errors refuse a resource. Those that are warnings are told by `$validate` only.",
        "不変条件 (invariant)：R4 のエラーの規則はすべて検査し、反するものは拒否します。警告の規則は `$validate` だけが知らせます。",
    ),
    point(
        "Not checked: profiles (JP Core), value sets bound less strictly than required, and whether a reference leads to a record.",
        "検査しないもの：プロファイル（JP Core）、required より緩い値セット、参照先の記録があるかどうか。",
    ),
    point(
        "Merged patients: `replaced-by` and `replaces` of `Patient.link` change by `$merge`, `$unmerge` and an import alone. Searches by the patient who stays (`patient=`, `subject=`, `_has`, compartments), `$everything`, `$chart` and `$lookers` find what stands under those who were merged into them; conditional criteria, chains by other parameters, includes and histories do not.",
        "統合された患者：`Patient.link` の `replaced-by` と `replaces` は、`$merge`、`$unmerge`、インポートだけが変えます。統合先の患者による検索（`patient=`、`subject=`、`_has`、コンパートメント）と `$everything`、`$chart`、`$lookers` は、統合元の記録も対象にします。条件付きの操作の条件、その他のパラメーターによる連鎖、include、履歴は対象にしません。",
    ),
    point(
        "States: clinical records are drafts until they are finalised, by `$finalize` or, where the status tells how far the documentation is (ClinicalImpression, Composition, DiagnosticReport, DocumentReference, Observation, QuestionnaireResponse, RiskAssessment), by a status that says so. What is final is changed by `$amend` and `$withdraw` alone, and never deleted; of orders, conditions, procedures and the like the status may go on. Devices and services write drafts. What one person enters for another (`X-Provenance`) is final by the `$approve` of the one named alone, who may also `$return` it; `$assign` hands it to another. Others sign with `$cosign`. Records of administration (patients, visits, appointments, tasks …) have no states.",
        "状態：診療の記録は、確定するまで下書きです。確定は `$finalize`、または status が記載の進み具合を示す型（ClinicalImpression、Composition、DiagnosticReport、DocumentReference、Observation、QuestionnaireResponse、RiskAssessment）では確定を意味する status で行います。確定後の変更は `$amend` と `$withdraw` だけで、削除はできません。指示、病名、処置などの status は確定後も書き続けられます。機器とサービスが書くのは下書きです。代行入力（`X-Provenance`）した記録は、指定された責任者の `$approve` だけで確定します。責任者は `$return` で差し戻せ、責任者の変更は `$assign`、連名の署名は `$cosign` です。管理の記録（患者、受診、予約、業務など）に状態はありません。",
    ),
];
