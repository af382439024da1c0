//! What each limit means, in Japanese: the page of limits shows it beside the English text of the source.

/// Name of the constant, and its meaning.
pub(crate) const MEANINGS: [(&str, &str); 47] = [
    ("BODY_BYTES_MAX", "リクエスト本文の最大の長さ"),
    ("RESOURCE_BYTES_MAX", "保存する 1 リソースの最大の長さ"),
    ("JSON_DEPTH_MAX", "JSON の配列とオブジェクトの入れ子の最大の深さ"),
    (
        "JSON_VALUES_MAX",
        "1 つの JSON 文書に含められる値（数値、文字列、リテラル、配列、オブジェクト）の最大数",
    ),
    (
        "JSON_NUMBER_CHARS_MAX",
        "JSON の数値の最大文字数（FHIR の decimal は 18 桁までだが、それより長いファイルもある）",
    ),
    ("BUNDLE_ENTRIES_MAX", "1 つのバッチまたはトランザクションの最大エントリー数"),
    ("PATCH_OPERATIONS_MAX", "1 つの JSON Patch の最大操作数"),
    ("CHART_RECORDS_MAX", "1 つの診療記録ページ（`$chart`）に載せる記録の最大数"),
    ("COSIGNERS_MAX", "1 つの内容に、責任者のほかに署名できるアカウントの最大数（`$cosign`）"),
    ("PAGE_ENTRIES_MAX", "検索または履歴の 1 ページに載せるリソースの最大数"),
    ("PAGE_ENTRIES_DEFAULT", "`_count` の指定がないときに 1 ページに載せるリソースの数"),
    ("SEARCH_TERMS_MAX", "1 回の検索で使えるパラメーターの最大数（コンマ区切りの候補は 1 つずつ数える）"),
    ("INCLUDED_MAX", "`_include` と `_revinclude` で 1 ページに追加されるリソースの最大数"),
    ("SEARCH_ROWS_MAX", "1 回の検索で調べる索引の項目の最大数（1 ページを得るのに必要なものをすべて数える）"),
    ("SORTED_RECORDS_MAX", "求められた順の索引がないときに、1 回の検索で並べ替える記録の最大数"),
    (
        "TIED_RECORDS_MAX",
        "患者が書かれていない記録を、つながりから誰のものか調べるために、1 回の書き込みでたどる最大数",
    ),
    ("MERGED_PATIENTS_MAX", "統合によって同じ人とされる患者の最大数"),
    (
        "UNMERGED_RECORDS_MAX",
        "患者の統合を取り消す前に、両方の患者をつなぐ記録がないことを確かめるために調べる記録の最大数",
    ),
    ("MATCH_BLOCK_MAX", "二重登録の照合で、氏名・生年月日・電話番号などの値 1 つにつき比べる患者の最大数"),
    ("DUPLICATES_PAGE_MAX", "二重登録の候補の一覧（`$duplicates`）の 1 ページで調べる患者の数"),
    (
        "SEARCH_CHAIN_DEPTH_MAX",
        "検索の 1 つのパラメーターでたどれる参照の最大の段数（`subject.organization.name` は 2 段）",
    ),
    (
        "SEARCH_CHAIN_TYPES_MAX",
        "1 回の検索の連鎖がたどりうる型の最大数（参照ごとに数え、どの型も指せる参照は 146）",
    ),
    ("TARGET_BYTES_MAX", "リクエストの宛先（パスとクエリ）の最大の長さ"),
    ("HEADER_BYTES_MAX", "リクエストヘッダー全体の最大の長さ"),
    ("HEADER_FIELDS_MAX", "1 リクエストのヘッダー項目の最大数"),
    ("REQUEST_SECONDS_MAX", "本文の受信を含め、1 リクエストにかけられる時間"),
    ("HANDSHAKE_SECONDS_MAX", "TLS ハンドシェイクにかけられる時間"),
    (
        "HEADER_SECONDS_MAX",
        "リクエストヘッダーの受信にかけられる時間。維持している接続が何も送らずにいられる時間でもある",
    ),
    ("CONNECTIONS_MAX", "同時に開いておける接続の最大数"),
    (
        "CONNECTIONS_PER_ADDRESS_MAX",
        "1 つのクライアント（IPv4 アドレス、または IPv6 の /64 ネットワーク）が同時に開ける接続の最大数（病院全体が 1 つのアドレスのこともある）",
    ),
    ("NEWS_LISTENERS_PER_ACCOUNT_MAX", "1 つのアカウントで同時に自動更新できる画面の最大数"),
    ("NEWS_LISTENERS_MAX", "1 つの施設で同時に自動更新できる画面の最大数"),
    ("NEWS_SECONDS_MIN", "1 つの画面に変更を知らせる最短の間隔"),
    ("BODY_BYTES_PER_SECOND_MIN", "リクエスト本文の受信と応答の送信で、1 秒間に進むべき最小のバイト数"),
    (
        "BODY_PAUSE_SECONDS_MAX",
        "本文または応答が止まっていられる最長の時間。最小速度を求めるまでの猶予でもある",
    ),
    (
        "ENTRY_BYTES_MAX",
        "ジャーナルの 1 エントリーの最大の長さ（エントリーバンドルは長さを 16 ビットで表す。C2SP tlog-tiles）",
    ),
    ("COMMIT_WRITES_MAX", "ジャーナルの 1 回のコミットにまとめる書き込みの最大数"),
    ("WRITES_WAITING_MAX", "書き込み待ちの最大数。これを超えると 503 と再試行までの秒数を返す"),
    ("FACILITY_REQUESTS_PER_MINUTE_MAX", "1 施設が 1 分間に送れるリクエストの最大数（設定の既定値）"),
    ("ACCOUNT_REQUESTS_PER_MINUTE_MAX", "1 アカウントが 1 分間に送れるリクエストの最大数（設定の既定値）"),
    (
        "ADDRESS_REQUESTS_PER_MINUTE_MAX",
        "1 つの IP アドレス（IPv6 は /64 単位）が 1 分間に送れるリクエストの最大数。病院全体が 1 つのアドレスを使うこともある（設定の既定値）",
    ),
    (
        "ADDRESS_LOGINS_PER_MINUTE_MAX",
        "1 つの IP アドレス（IPv6 は /64 単位）から 1 分間に試せるログインの最大数。アカウントは問わない（設定の既定値）",
    ),
    (
        "SESSIONS_PER_ACCOUNT_MAX",
        "1 アカウントのセッションの最大数。これを超えてログインすると、最も長く使われていないものが終わる",
    ),
    (
        "PENDING_PER_OWNER_MAX",
        "1 つのアカウントまたはアドレスについて同時に進められる一回限りの手続き（パスキーの認証、SMS コード、登録）の最大数。これを超えると最も古いものが無効になる",
    ),
    ("PENDING_MAX", "全体で同時に進められる一回限りの手続きの最大数。これを超えると最も古いものが無効になる"),
    ("PASSWORDS_WAITING_MAX", "確認を待てるパスワードの最大数。これを超えると 503 で断る"),
    ("CERTIFICATES_REMEMBERED_MAX", "判定結果を覚えておく、1 施設の有効なクライアント証明書の最大数"),
];
