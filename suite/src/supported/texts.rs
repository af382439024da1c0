//! What header fields, parameters and modifiers mean, in both languages.

/// One row.
#[derive(Debug)]
pub struct Meaning {
    /// The name as it is sent.
    pub name: &'static str,
    /// With which interactions.
    pub place: &'static str,
    /// What it does, in English.
    pub english: &'static str,
    /// What it does, in Japanese.
    pub japanese: &'static str,
}

const fn row(
    name: &'static str,
    place: &'static str,
    english: &'static str,
    japanese: &'static str,
) -> Meaning {
    Meaning { name, place, english, japanese }
}

/// Header fields that change what happens.
pub static HEADERS: &[Meaning] = &[
    row(
        "If-Match",
        "update, patch, delete",
        "only when this is the current version",
        "現在の版がこの版である場合だけ",
    ),
    row("If-None-Match: *", "update", "only when the record does not exist", "記録が存在しない場合だけ"),
    row("If-None-Match", "read", "304 when the caller has this version", "この版を持っていれば 304"),
    row(
        "If-Modified-Since",
        "read",
        "304 when nothing was written since",
        "それ以降に書き込みがなければ 304",
    ),
    row(
        "If-None-Exist",
        "create",
        "only when no record fulfils these criteria",
        "条件に合う記録がない場合だけ",
    ),
    row(
        "Prefer: return=",
        "create, update, patch, batch, transaction",
        "`representation` (default), `minimal` or `OperationOutcome`",
        "`representation`（既定）、`minimal`、`OperationOutcome`",
    ),
    row(
        "Prefer: handling=",
        "search, batch, transaction",
        "`strict` (default) refuses unknown parameters, `lenient` passes them over and says so",
        "`strict`（既定）は未知のパラメーターを拒否し、`lenient` は無視してその旨を返す",
    ),
    row("Accept", "all", "JSON only", "JSON のみ"),
    row(
        "Accept-Language",
        "all",
        "language of texts: `ja` (default) or `en`",
        "文言の言語：`ja`（既定）または `en`",
    ),
];

/// Parameters that say what is shown of a result.
pub static PARAMETERS: &[Meaning] = &[
    row("_format", "all", "JSON only", "JSON のみ"),
    row("_pretty", "all", "`true` lays the JSON out for people", "`true` で JSON を読みやすく整形する"),
    row(
        "_summary",
        "read, vread, history",
        "`true`, `text`, `data`, `false`; on histories also `count`",
        "`true`、`text`、`data`、`false`。履歴では `count` も",
    ),
    row(
        "_elements",
        "read, vread, history",
        "these elements only, with the mandatory and the meaning-changing ones",
        "指定した要素だけ（必須の要素と意味を変える要素は常に含む）",
    ),
    row(
        "_count",
        "search, history",
        "entries on a page; on histories 0 counts only",
        "1 ページの件数。履歴では 0 で件数のみ",
    ),
    row("_since", "history", "versions written from this moment on", "この時点以降に書かれた版"),
    row(
        "_at",
        "history",
        "versions that were current at or during this time",
        "この時点または期間に有効だった版",
    ),
];

/// Modifiers of search parameters.
pub static MODIFIERS: &[Meaning] =
    &[row(":[type]", "reference", "the reference leads to this type", "参照先がこの型である")];
