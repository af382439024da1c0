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
        "`_count={value}` is not a number from 0 upward.",
        "`_count={value}` は 0 以上の数ではありません。";
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
        "The method `{method}` is not supported in a Bundle. Use GET, HEAD, POST, PUT, PATCH or DELETE.",
        "Bundle の中で `{method}` は使えません。GET、HEAD、POST、PUT、PATCH、DELETE のいずれかを使ってください。";
    /// An entry's url cannot be understood.
    URL = "RC-0012", Invalid,
        "The url `{url}` does not fit the method {method}. Write it relative to the base, for example `Patient/42`.",
        "url `{url}` はメソッド {method} に合いません。`Patient/42` のようにベースからの相対で書いてください。";
    /// A condition that means nothing where it stands.
    CONDITIONAL = "RC-0013", Invalid,
        "The condition `{what}` does not fit here, and is never passed over. Leave it out, or use it where it is offered: ifMatch on PUT, PATCH and DELETE, ifNoneMatch on GET or (as `*`) on PUT, ifNoneExist on POST, ifModifiedSince on GET.",
        "条件 `{what}` はここでは使えません（無視もしません）。条件を外すか、使える場所で使ってください。ifMatch は PUT・PATCH・DELETE、ifNoneMatch は GET と PUT（`*` のみ）、ifNoneExist は POST、ifModifiedSince は GET で使えます。";
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
        "A history does not know the parameter `{name}`. It knows `_since`, `_at`, `_count`, `_summary` and `_elements`; it is always sorted newest first.",
        "履歴では `{name}` は使えません。使えるのは `_since`、`_at`、`_count`、`_summary`、`_elements` です。順序は常に新しい順です。";
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
    /// More than one record fulfils the criteria.
    MANY = "RC-0021", Stale,
        "More than one {kind} fulfils the criteria, so it is not clear which one is meant. Nothing was written. Use criteria that fit one record only, such as a unique identifier.",
        "条件に合う {kind} が 2 件以上あり、どれを指すか決められません。何も書き込んでいません。一意の識別子など、1 件だけに合う条件を使ってください。";
    /// No record fulfils the criteria of a patch.
    NONE = "RC-0022", Absent,
        "No {kind} fulfils the criteria, so there is nothing to patch. Correct the criteria, or create the record first.",
        "条件に合う {kind} がないため、パッチの対象がありません。条件を直すか、先に記録を作成してください。";
    /// A version is demanded of a record that criteria do not find.
    NONE_OF_VERSION = "RC-0023", Stale,
        "No {kind} fulfils the criteria, although the request names version {version} of it (If-Match). Nothing was written. Correct the criteria, or leave If-Match out.",
        "条件に合う {kind} がありません。リクエストは版 {version} を条件としています（If-Match）。何も書き込んでいません。条件を直すか、If-Match を外してください。";
    /// The criteria find another record than the one whose id the resource carries.
    FOUND_OTHER = "RC-0024", Invalid,
        "The criteria find {record}, but the resource carries the id `{id}`. Leave the id out, or correct the criteria.",
        "条件に合うのは {record} ですが、リソースの id は `{id}` です。id を外すか、条件を直してください。";
    /// The id that a resource carries is that of a record which the criteria do not find.
    ID_TAKEN = "RC-0025", Conflict,
        "No {kind} fulfils the criteria, and the id `{id}` of the resource belongs to a record that does not fulfil them. Leave the id out to create a new record, or update {kind}/{id} by its address.",
        "条件に合う {kind} はなく、リソースの id `{id}` は条件に合わない別の記録のものです。新しい記録を作るなら id を外し、更新するなら {kind}/{id} のアドレスに送信してください。";
    /// Others were faster, again and again.
    CONTENDED = "RC-0026", Conflict,
        "Others changed the same records {tries} times while this change was being made. Nothing was written; send it again.",
        "この変更の間に、同じ記録が {tries} 回にわたり他から変更されました。何も書き込んでいません。もう一度送信してください。";
    /// Two entries of a transaction have the same criteria.
    SAME_CRITERIA = "RC-0027", Invalid,
        "Two entries of the transaction have the same criteria for {kind}; both would mean the same record. Put them into one entry.",
        "トランザクションの 2 つのエントリーが {kind} について同じ条件を持ち、同じ記録を指しています。1 つのエントリーにまとめてください。";
    /// An entry writes what the criteria of another look for.
    MEETS_OTHER = "RC-0028", Invalid,
        "The criteria of this entry for {kind} fit, or may fit, the resource of entry {other} of the same transaction. Use references by fullUrl between the two, or send them one after the other.",
        "このエントリーの {kind} の条件に、同じトランザクションのエントリー {other} のリソースが合うか、合う可能性があります。両者は fullUrl で参照し合うか、順に分けて送信してください。";
    /// The record found is deleted by the same transaction.
    FOUND_DELETED = "RC-0029", Invalid,
        "The criteria find {record}, which another entry of the same transaction deletes. Send the deletion on its own first.",
        "条件に合う {record} は、同じトランザクションの別のエントリーが削除します。先に削除だけを送信してください。";
    /// A conditional reference does not lead to exactly one record.
    REFERENCE = "RC-0030", Stale,
        "The reference by criteria to {kind} fits {count} records; it must fit exactly one. Correct the criteria, or refer to the record by its id.",
        "条件による {kind} への参照に合う記録は {count} 件です。ちょうど 1 件に合う必要があります。条件を直すか、id で参照してください。";
    /// A PATCH entry without a JSON Patch.
    PATCH_RESOURCE = "RC-0031", Unsupported,
        "A PATCH entry carries its JSON Patch as a Binary: contentType `application/json-patch+json`, the patch in base64 as data. FHIRPath Patch and XML Patch are not offered.",
        "PATCH のエントリーは JSON Patch を Binary に入れて送ります（contentType は `application/json-patch+json`、data はパッチの base64）。FHIRPath Patch と XML Patch は使えません。";
    /// A patch changes what a record is.
    PATCH_IDENTITY = "RC-0032", Unprocessable,
        "The patch changes `{element}`, which no patch may. Leave it as it is; for another record, send another request.",
        "パッチが `{element}` を変更していますが、これは変更できません。そのままにし、別の記録には別のリクエストを送信してください。";
    /// What was cut down would replace the whole.
    SUBSETTED = "RC-0033", Unprocessable,
        "The resource is tagged SUBSETTED: parts of it were left out when it was read, and an update would lose them. Read it again without `_summary` and `_elements`, or use PATCH.",
        "リソースに SUBSETTED のタグがあります。読み出しのときに一部が省かれており、更新すると失われます。`_summary` や `_elements` を付けずに読み直すか、PATCH を使ってください。";
    /// `_summary` with another value than those offered here.
    SUMMARY = "RC-0034", Invalid,
        "`_summary={value}` is not offered here. Use one of: {allowed}.",
        "`_summary={value}` はここでは使えません。使えるのは {allowed} です。";
    /// `_summary` and `_elements` at once.
    SHAPE_TWICE = "RC-0035", Invalid,
        "`_summary` and `_elements` both say what is left of a resource. Give one of them.",
        "`_summary` と `_elements` はどちらも出力する部分の指定です。どちらか一方にしてください。";
    /// A parameter that a reading does not know.
    READ_PARAMETER = "RC-0036", Invalid,
        "A read does not know the parameter `{name}`. It knows `_summary` and `_elements`.",
        "読み出しでは `{name}` は使えません。使えるのは `_summary` と `_elements` です。";
    /// `_at` is no date.
    AT = "RC-0037", Invalid,
        "`_at={value}` is not a date or a date with time such as 2026-04-01 or 2026-04-01T09:00:00+09:00.",
        "`_at={value}` は 2026-04-01 や 2026-04-01T09:00:00+09:00 のような日付または日時ではありません。";
    /// `_at` and `_since` at once.
    AT_AND_SINCE = "RC-0038", Invalid,
        "`_at` and `_since` ask for different things: what was current then, and what was written since. Give one of them.",
        "`_at`（その時点で有効だった版）と `_since`（それ以降に書かれた版）は別のものです。どちらか一方にしてください。";
    /// A profile that is not validated against.
    PROFILE = "RC-0039", Unprocessable,
        "Validation against the profile `{profile}` is not offered. Leave `profile` out to validate against FHIR R4 itself ({base}).",
        "プロファイル `{profile}` による検証はできません。FHIR R4 の定義（{base}）で検証するには、`profile` を外してください。";
    /// A mode of validation that is not offered.
    MODE = "RC-0040", Invalid,
        "The mode `{mode}` is not offered. Use create, update or delete, or leave it out.",
        "モード `{mode}` は使えません。create、update、delete のいずれかにするか、外してください。";
    /// A parameter that validation does not know.
    VALIDATE_PARAMETER = "RC-0041", Invalid,
        "`$validate` does not take the parameter `{name}` like this. It takes `resource` (a resource), `mode` (a code) and `profile` (a uri), each at most once.",
        "`$validate` に `{name}` をこの形で渡すことはできません。使えるのは `resource`（リソース）、`mode`（code）、`profile`（uri）で、それぞれ 1 回までです。";
    /// Nothing to validate.
    VALIDATE_NOTHING = "RC-0042", Invalid,
        "There is no resource to validate. Send one as the body, or as the parameter `resource`, or name a record in the address.",
        "検証するリソースがありません。本文またはパラメーター `resource` として送信するか、アドレスで記録を指定してください。";
    /// A parameter of an operation that is no simple value.
    OPERATION_PARAMETER = "RC-0043", Invalid,
        "The parameter `{name}` of the operation must have a name and one simple value such as valueDate or valueCode.",
        "操作のパラメーター `{name}` には、名前と、valueDate や valueCode のような単純な値が 1 つ必要です。";
    /// A record of which everything cannot be asked.
    EVERYTHING = "RC-0044", Absent,
        "`$everything` is not offered for {type}. It is offered for: {allowed}.",
        "`$everything` は {type} では使えません。使えるのは {allowed} です。";
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
    /// A parameter that only records of one type have.
    NOT_OF_ALL = "RC-0056", Invalid,
        "`{name}` cannot be asked of records of all types at once. Possible are: {known}. To use other parameters, search one type of the compartment.",
        "`{name}` はすべてのタイプをまとめた検索では使えません。使えるのは {known} です。ほかの条件を使うには、コンパートメントの中の 1 つのタイプを検索してください。";
    /// The tree has no such file.
    NO_LOG_FILE = "RC-0057", Absent,
        "The journal has no such file. Fetch `checkpoint` for its size, and tiles and entries within it.",
        "ジャーナルにこのファイルはありません。`checkpoint` で大きさを確かめ、その範囲のタイルとエントリを取得してください。";
    /// Access entries in another order.
    AUDIT_SORT = "RC-0060", Invalid,
        "`_sort={value}` is not offered for AuditEvent. Events always stand newest first (`_sort=-date`); leave it out.",
        "AuditEvent では `_sort={value}` は使えません。順序は常に新しい順（`_sort=-date`）です。`_sort` を外してください。";
    /// A parameter that a search of access entries does not offer.
    AUDIT_PARAMETER = "RC-0061", Invalid,
        "`{name}` is not offered for AuditEvent: events are searched by their own parameters only, without chains, `_has`, `_include` and `_revinclude`. Search the other type by itself.",
        "AuditEvent では `{name}` は使えません。検索できるのは AuditEvent 自身のパラメーターだけです（連鎖、`_has`、`_include`、`_revinclude` は使えません）。他のタイプは別に検索してください。";
    /// Too many access entries to count.
    AUDIT_FAR = "RC-0062", TooLarge,
        "More than {limit} access entries would have to be looked through. Narrow the search by `date`, `patient` or `agent:identifier`.",
        "{limit} 件を超えるアクセス記録を調べる必要があります。`date`、`patient`、`agent:identifier` で絞り込んでください。";
    /// Somebody wants to write what only the journal says.
    AUDIT_WRITTEN_BY_NOBODY = "RC-0063", Refused,
        "AuditEvents cannot be written: each is a view of an access entry of the journal. Leave it out; every request is recorded by itself.",
        "AuditEvent は書き込めません。ジャーナルのアクセス記録をそのまま示すものだからです。送信しないでください。リクエストはすべて自動的に記録されます。";
    /// A parameter that `$lookers` does not know.
    LOOKERS_PARAMETER = "RC-0064", Invalid,
        "`$lookers` does not take `{name}={value}`. It takes `from` and `until`, each a date or a date with time, each once.",
        "`$lookers` に `{name}={value}` は渡せません。使えるのは `from` と `until`（日付または日時、それぞれ 1 回まで）です。";
    /// Looks are told of patients.
    LOOKERS_OF = "RC-0065", Invalid,
        "`$lookers` is asked of a Patient, not of a {type}.",
        "`$lookers` は Patient に対してのみ使えます（{type} には使えません）。";
    /// A machine sends something as finished.
    MACHINE_FINAL = "RC-0066", Refused,
        "What devices and services write is a draft, but the status of this {type} is `{status}`. Nothing was stored. Send it as `{draft}`: somebody who answers for it finalises it ($finalize). For a system in which results are validated, the facility can add a policy that permits its account the action `finalize`.",
        "機器とサービスが書く記録は下書きですが、この {type} の status は `{status}` です。何も保存されていません。`{draft}` として送信してください。内容に責任を持つ人が確定します（$finalize）。結果の検証を済ませて送るシステムには、施設のポリシーでそのアカウントに操作 `finalize` を許可できます。";
    /// A parameter that an act on a state cannot do without.
    SETTLE_NEEDS = "RC-0067", Invalid,
        "`${operation}` needs the parameter `{name}`. Send Parameters with it (a reason is a valueString that is not empty).",
        "`${operation}` にはパラメーター `{name}` が必要です。Parameters に入れて送信してください（理由は空でない valueString）。";
    /// A parameter that an act on a state does not know.
    SETTLE_PARAMETER = "RC-0068", Invalid,
        "`${operation}` does not take the parameter `{name}` like this. It takes, each once: {known} (`-`: nothing).",
        "`${operation}` に `{name}` をこの形で渡すことはできません。使えるのは {known}（`-` はなし）で、それぞれ 1 回までです。";
    /// A type without states.
    NOT_GOVERNED = "RC-0069", Absent,
        "`${operation}` is not offered for {type}. It is offered for the types that have states: {allowed}.",
        "`${operation}` は {type} では使えません。使えるのは状態を持つリソースタイプ（{allowed}）です。";
    /// `X-Provenance` is not what is taken.
    PROVENANCE_WRONG = "RC-0070", Invalid,
        "X-Provenance cannot be taken; `{place}` is missing or wrong, or holds something else than told here. Nothing was stored. Send it once, with a Provenance that holds resourceType, agent and, if you like, recorded: one agent of type `author` (who answers for the content) and at most one of type `enterer` (you), each with type.coding and who.identifier (system urn:akashi:account) or who.reference (Practitioner/…).",
        "X-Provenance を受け付けられません。`{place}` がないか、正しくないか、ここに示す以外のものを含んでいます。何も保存されていません。resourceType と agent（と、必要なら recorded）だけの Provenance を 1 つ送信してください。agent は、type が `author` のもの（内容の責任者）を 1 つと、`enterer` のもの（入力者本人）を 1 つまで。それぞれ type.coding と、who.identifier（system は urn:akashi:account）または who.reference（Practitioner/…）を書きます。";
    /// A machine does what only a human being does.
    PEOPLE_ONLY = "RC-0071", Refused,
        "`{operation}` is for people: nobody but a human being answers for a record, or enters it for somebody. Nothing was stored. What devices and services write is a draft; send it without.",
        "`{operation}` は人だけが使えます。記録に責任を持つこと、代行入力をすることは、人にしかできません。何も保存されていません。機器とサービスが書く記録は下書きになります。これを付けずに送信してください。";
    /// Somebody is named as responsible who is not known, or cannot be.
    NOT_ANSWERABLE = "RC-0072", Unprocessable,
        "Nobody who may answer for this {type} is known by the name `{name}`. Nothing was stored. Name the account id, or the Practitioner, of one person whose own account is active and who may finalise such a record; whoever manages accounts can tell which that is.",
        "`{name}` という名では、この {type} の責任者になれる人が見つかりません。何も保存されていません。有効な本人のアカウントを持ち、このような記録を確定できる人を、アカウント id か Practitioner で 1 人指定してください。分からないときは、アカウントの管理者に確認してください。";
    /// Somebody names themself.
    ONESELF = "RC-0073", Unprocessable,
        "X-Provenance names yourself as who answers for it. Nothing was stored. For what you answer for yourself, leave it out.",
        "X-Provenance の責任者が、あなた自身です。何も保存されていません。自分が責任を持つ記録は、X-Provenance を付けずに送信してください。";
    /// A draft that its author could never finish.
    NEEDS_RESPONSIBLE = "RC-0074", Refused,
        "You may not finalise a {type}, so somebody else must answer for what you write. Nothing was stored. Send it with X-Provenance, which names that person as `author`: they approve it with $approve.",
        "あなたは {type} を確定できないため、書いた内容にほかの人が責任を持つ必要があります。何も保存されていません。責任者（`author`）を指定した X-Provenance を付けて送信してください。その人が $approve で承認します。";
    /// `X-Provenance` where it means nothing.
    PROVENANCE_UNWANTED = "RC-0075", Invalid,
        "X-Provenance is taken when a record of these types is created, updated or patched, by itself or in a Bundle: {allowed}. Nothing was done. Leave it out here.",
        "X-Provenance を付けられるのは、次のリソースタイプの作成・更新・パッチ（Bundle の中を含む）だけです：{allowed}。何も実行されていません。ここでは外してください。";
    /// What is entered for another is not a draft.
    ENTERED_STATUS = "RC-0076", Unprocessable,
        "What you enter for another person is a draft until they approve it. Nothing was stored. Send it with `{element}` `{status}`.",
        "代行入力した記録は、責任者が承認するまで下書きです。何も保存されていません。`{element}` を `{status}` にして送信してください。";
    /// The enterer is not the caller.
    ENTERER = "RC-0077", Unprocessable,
        "X-Provenance names somebody else as who enters it than who sends it. Nothing was stored. Name yourself as `enterer`, or leave that agent out.",
        "X-Provenance の入力者（`enterer`）が、送信した本人ではありません。何も保存されていません。自分を指定するか、この agent を外してください。";
    /// A chart is of a patient.
    CHART_OF = "RC-0080", Invalid,
        "`$chart` is asked of a Patient, not of a {type}.",
        "`$chart` は Patient に対してのみ使えます（{type} には使えません）。";
    /// A parameter that `$chart` does not know.
    CHART_PARAMETER = "RC-0081", Invalid,
        "`$chart` takes no parameter `{name}`, only `_at` (a past moment). It shows the whole record; to narrow it, use `$everything`.",
        "`$chart` に `{name}` は渡せません。使えるのは `_at`（過去の時点）だけです。記録の全体を表示します。絞り込むには `$everything` を使ってください。";
    /// More records than one page can hold.
    CHART_LARGE = "RC-0082", TooLarge,
        "The record has more than {limit} entries, too many for one page. Fetch it with `$everything`, page by page.",
        "記録が {limit} 件を超えるため、1 ページに表示できません。`$everything` でページごとに取得してください。";
    /// A write would join the records of two patients, one of which the caller may not see.
    MIXED_UNSEEN = "RC-0083", Unprocessable,
        "{record} would be tied to a record of another patient, which you may not see. Nothing was stored. Check whose record it is and what it refers to (encounter, order, result, specimen).",
        "{record} を保存すると、別の患者の記録とつながってしまいます（その記録を見る権限はありません）。何も保存されていません。どの患者の記録かと、参照先（受診、オーダー、結果、検体など）を確認してください。";
    /// A parameter that a search for duplicates does not know.
    MATCH_PARAMETER = "RC-0090", Invalid,
        "`${operation}` does not take the parameter `{name}` like this, or lacks it. It takes, each once: {known}.",
        "`${operation}` に `{name}` をこの形で渡すことはできないか、必要な `{name}` がありません。使えるのは {known} で、それぞれ 1 回までです。";
    /// Nothing by which a patient could be found.
    MATCH_NOTHING = "RC-0091", Unprocessable,
        "Nothing in the resource says who is looked for. Give a name, a whole birth date, a telephone, a patient number (identifier of type MR) or an insurance number.",
        "だれを探すのかが分かりません。氏名、生年月日（年月日すべて）、電話番号、患者番号（type が MR の identifier）、被保険者の記号・番号のいずれかを指定してください。";
    /// A parameter that a decision on two patients does not know.
    MERGE_PARAMETER = "RC-0092", Invalid,
        "`${operation}` does not take the parameter `{name}` like this. It takes, each once: {known} (patients as valueReference `Patient/id` of this facility).",
        "`${operation}` に `{name}` をこの形で渡すことはできません。使えるのは {known} で、それぞれ 1 回までです（患者は valueReference で、この施設の `Patient/id` を指定します）。";
    /// A parameter that a decision on two patients cannot do without.
    MERGE_NEEDS = "RC-0093", Invalid,
        "`${operation}` needs the parameter `{name}` (a reason is a valueString that is not empty).",
        "`${operation}` にはパラメーター `{name}` が必要です（理由は空でない valueString）。";
    /// Two patients are one person already.
    MERGED_ALREADY = "RC-0094", Conflict,
        "{record} and {other} are one person already. Nothing was stored.",
        "{record} と {other} はすでに同じ人です。何も保存されていません。";
    /// A patient was merged into another one.
    MERGED_ELSEWHERE = "RC-0095", Conflict,
        "{record} was merged into {into}. Nothing was stored. Name {into} instead, or undo that merge first.",
        "{record} は {into} に統合済みです。何も保存されていません。{into} を指定するか、先にその統合を取り消してください。";
    /// A merge that is not there is to be undone.
    NOT_MERGED = "RC-0096", Conflict,
        "{record} was not merged into {other}, so there is nothing to undo. Nothing was stored. The link `replaced-by` of the patient says into whom they were merged.",
        "{record} は {other} に統合されていないため、取り消すものがありません。何も保存されていません。統合先は患者の link（`replaced-by`）で確認できます。";
    /// What is to become of the patient who stays is of another, or changes links.
    RESULT_PATIENT = "RC-0097", Unprocessable,
        "`result-patient` must be {record} itself, with its id and the links that it has; the new link is added here. Nothing was stored.",
        "`result-patient` は {record} 自身（同じ id、いまある link のまま）でなければなりません。新しい link は自動で加わります。何も保存されていません。";
    /// Duplicates are of patients.
    OF_PATIENTS = "RC-0098", Absent,
        "`${operation}` is not offered for {type}. It is offered for Patient.",
        "`${operation}` は {type} では使えません。使えるのは Patient だけです。";
    /// More patients share something than are looked at.
    MATCH_WIDE = "RC-0099", TooLarge,
        "More than {limit} patients share one value of {fields}, so not all of them were compared. Say more of the patient: birth date, telephone, insurance number.",
        "{fields} の値が同じ患者が {limit} 件を超えるため、すべてとは比べていません。生年月日、電話番号、被保険者の記号・番号なども指定してください。";
    /// A parameter that `$history-diff` does not know, or a value it cannot have.
    DIFF_PARAMETER = "RC-0100", Invalid,
        "`$history-diff` does not take `{name}={value}`. It takes `from` and `to`, each the number of a version, and `chain=true` for every step between them.",
        "`$history-diff` に `{name}={value}` は渡せません。使えるのは `from` と `to`（版の番号）、およびその間のすべての変更を示す `chain=true` です。";
    /// There are no two versions to compare.
    DIFF_VERSIONS = "RC-0101", Invalid,
        "There is nothing to compare: `from` must be a version before `to`, and {record} has the versions up to {newest}.",
        "比較する版がありません。`from` には `to` より前の版を指定してください。{record} の版は {newest} までです。";
    /// `_at` is not one moment.
    AT_WRONG = "RC-0102", Invalid,
        "`{value}` is not a moment. Give a date with a time of day, such as 2026-04-01T09:00:00+09:00 (in an address, write the + as %2B).",
        "`{value}` は日時ではありません。2026-04-01T09:00:00+09:00 のように日付と時刻を指定してください（URL の中では + を %2B と書きます）。";
    /// `_at` has not come yet.
    AT_FUTURE = "RC-0103", Invalid,
        "{moment} has not come yet (it is {now}). The record can be shown as it stands now or stood at an earlier moment.",
        "{moment} はまだ来ていません（現在は {now} です）。示せるのは、現在またはそれ以前の記録です。";
    /// There was no such record yet.
    AT_BEFORE = "RC-0104", Absent,
        "{record} did not exist yet at {moment}, or you may not see what it was.",
        "{record} は {moment} の時点では存在していませんでした。または、見る権限がありません。";
    /// `$document` is of a Composition or a Patient.
    DOCUMENT_OF = "RC-0105", Invalid,
        "`$document` is asked of a Composition (that document) or a Patient (the whole record), not of a {type}.",
        "`$document` は Composition（その文書）または Patient（記録の全体）に対して使えます（{type} には使えません）。";
    /// A parameter that `$document` does not take.
    DOCUMENT_PARAMETER = "RC-0106", Invalid,
        "`$document` does not take `{name}={value}`. The document is made when it is asked for and not kept; leave `persist` out, or keep the answer yourself.",
        "`$document` に `{name}={value}` は渡せません。文書は要求のたびに作成し、保存しません。`persist` を外し、必要なら応答を保管してください。";
    /// A document would carry what nobody answers for.
    DOCUMENT_UNFINISHED = "RC-0107", Conflict,
        "The document cannot go out: {records}. Finalise, approve or amend these first.",
        "文書を出せません：{records}。先にこれらを確定、承認または訂正してください。";
    /// A document refers to what cannot be in it.
    DOCUMENT_INCOMPLETE = "RC-0108", Conflict,
        "The document would be incomplete: {records} is deleted, not there, or not for you to see. Amend the Composition, or ask somebody who may see it.",
        "文書が不完全になります：{records} は削除されているか、存在しないか、見る権限がありません。Composition を訂正するか、権限のある人に依頼してください。";
    /// More versions than one answer can compare.
    DIFF_LONG = "RC-0109", TooLarge,
        "{record} has more than {limit} versions between the two. Ask for a part of them with `from` and `to`.",
        "{record} の指定範囲の版が {limit} を超えます。`from` と `to` で範囲を区切ってください。";
    /// A search of the facility that does not say which types.
    TYPES_UNNAMED = "RC-0116", Invalid,
        "Say once with `_type` which types are searched, with commas between them: `?_type=Condition,Observation&…`. `AuditEvent` is searched by itself (`AuditEvent?…`).",
        "検索する型を `_type` に一度だけ、コンマ区切りで指定してください（例：`?_type=Condition,Observation&…`）。`AuditEvent` は単独で検索してください（`AuditEvent?…`）。";
    /// What leads from one record to another, in a search of several types.
    NOT_OF_SEVERAL = "RC-0117", Invalid,
        "`{name}` cannot be asked of several types at once: it leads to other records, in ways of its own for each type. Search one type (`Observation?…`), or several in one batch.",
        "`{name}` は複数の型をまとめた検索では使えません。ほかの記録をたどる条件は型ごとに異なるためです。一つの型を検索するか（`Observation?…`）、複数の検索を 1 つのバッチで送ってください。";
}
