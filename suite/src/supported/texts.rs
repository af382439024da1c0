//! What header fields and parameters of results mean, in both languages.

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
        "update, patch, delete, $finalize, $approve, $return, $assign, $amend, $withdraw, $cosign",
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
        "create, update, patch, batch, transaction, $finalize, $approve, $return, $assign, $amend, $withdraw, $cosign",
        "`representation` (default), `minimal` or `OperationOutcome`",
        "`representation`（既定）、`minimal`、`OperationOutcome`",
    ),
    row(
        "X-Provenance",
        "create, update, patch, batch, transaction",
        "for whom a draft is entered: a Provenance with an agent `author` (who answers for it) and, if given, `enterer` (who sends it); nothing else in it is taken",
        "下書きを誰のために入力するか。agent として `author`（責任者）と、必要なら `enterer`（送信した本人）を持つ Provenance。ほかの内容は受け付けない",
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
        "read, vread, search, history",
        "`true`, `text`, `data`, `false`; on searches and histories also `count`",
        "`true`、`text`、`data`、`false`。検索と履歴では `count` も",
    ),
    row(
        "_elements",
        "read, vread, search, history",
        "these elements only, with the mandatory and the meaning-changing ones; not together with `_summary`",
        "指定した要素だけ（必須の要素と意味を変える要素は常に含む）。`_summary` とは併用できない",
    ),
    row(
        "_count",
        "search, history, `$everything`",
        "entries on a page; on searches and histories 0 counts only",
        "1 ページの件数。検索と履歴では 0 で件数のみ",
    ),
    row(
        "_cursor",
        "search, history, `$everything`",
        "where to go on; comes from the server, in the `next` link",
        "続きの位置。サーバーが `next` リンクに入れて返す",
    ),
    row(
        "_total",
        "search",
        "`accurate` and `estimate` count all results exactly, `none` shows no number; when not said, the number is shown if one page holds all",
        "`accurate` と `estimate` は全件数を正確に数え、`none` は示さない。指定がなければ、1 ページに収まるときだけ示す",
    ),
    row(
        "_sort",
        "search",
        "parameters with commas between, a `-` before one for descending order; records without the value stand last",
        "コンマ区切りのパラメーター。`-` を付けると降順。値のない記録は最後",
    ),
    row(
        "_include",
        "search",
        "what the results refer to: `Type:parameter`, `Type:parameter:Target`, `Type:*`, `*`",
        "結果が参照する記録も返す：`型:パラメーター`、`型:パラメーター:参照先の型`、`型:*`、`*`",
    ),
    row(
        "_revinclude",
        "search",
        "what refers to the results: `Type:parameter`, `Type:parameter:Target`, `Type:*`",
        "結果を参照する記録も返す：`型:パラメーター`、`型:パラメーター:参照先の型`、`型:*`",
    ),
    row(
        "_since",
        "history, `$everything`",
        "what was written from this moment on",
        "この時点以降に書かれたもの",
    ),
    row(
        "_at",
        "history",
        "versions that were current at or during this time",
        "この時点または期間に有効だった版",
    ),
    row("_type", "`$everything`", "records of these types only", "この型の記録だけ"),
    row(
        "start, end",
        "`$everything` of a patient",
        "care within this time only; what has no date stays",
        "この期間の診療だけ。日付のないものは含む",
    ),
];
