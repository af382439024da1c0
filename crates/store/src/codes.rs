//! The problems of the store: one code each, with a page under `docs/errors/`.

use base::{Class, Code};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $id:literal, $class:ident, $en:literal, $ja:literal;)*) => {
        $($(#[$doc])* pub static $name: Code = Code { id: $id, class: Class::$class, en: $en, ja: $ja };)*
        /// All codes of this room.
        pub static CODES: &[&Code] = &[$(&$name),*];
    };
}

codes! {
    /// The writer does not know what is on the disk and has stopped.
    HALTED = "ST-0001", Busy,
        "Nothing can be written: an earlier write ended in an unknown state (until the server has been restarted), or those who run the system have stopped writing. Nor can records be read here, since accesses could not be journaled; what is proven is shown on the emergency page. Your change was not acknowledged: once writing goes on, read the record and send the change again if it is not there.",
        "以前の書き込みの結果が確認できないため（サーバーを再起動するまで）、または運用担当者が書き込みを停止しているため、書き込みはできません。アクセスを記録できないため、ここでは読み取りもできません。検証できた記録は非常時の画面で閲覧できます。今回の変更は受け付けられていません。書き込みの再開後に記録を読み直し、反映されていなければもう一度送信してください。";
    /// The clock stands still or runs back.
    CLOCK = "ST-0002", Busy,
        "The server's clock stands still or is behind the journal (by {seconds} s), so nothing can be signed. Your change was not stored. The operator must set the clock right.",
        "サーバーの時計が止まっているか、記録の時刻より遅れている（{seconds} 秒）ため、署名できません。変更は保存されていません。運用担当者が時計を合わせる必要があります。";
    /// The disk is full.
    FULL = "ST-0003", Full,
        "The disk of the server is full. Your change was not stored. The operator must free space; then send it again.",
        "サーバーのディスクに空きがありません。変更は保存されていません。空き容量を確保したうえで、もう一度送信してください。";
    /// Too many writes wait already.
    BUSY = "ST-0004", Busy,
        "Too many writes are waiting. Your change was not stored; send it again in a moment.",
        "書き込みが混み合っています。変更は保存されていません。少し待ってからもう一度送信してください。";
    /// The version named by the caller is not the current one.
    STALE = "ST-0005", Stale,
        "{record} is now at version {current}, not {expected}. Read it again, repeat your change on it and send it with If-Match: W/\"{current}\".",
        "{record} の現在の版は {expected} ではなく {current} です。最新の版を読み直して変更をやり直し、If-Match: W/\"{current}\" を付けて送信してください。";
    /// The record exists although the caller demands that it does not.
    EXISTS = "ST-0006", Stale,
        "{record} exists already (version {current}), although the request demands that it does not (If-None-Match: *).",
        "{record} はすでに存在します（版 {current}）。リクエストは存在しないことを条件としています（If-None-Match: *）。";
    /// The caller names a version of a record that does not exist.
    MISSING = "ST-0007", Stale,
        "{record} does not exist, although the request names version {expected} of it (If-Match).",
        "{record} は存在しません。リクエストは版 {expected} を条件としています（If-Match）。";
    /// Two changes of one batch meet on one record.
    TWICE = "ST-0008", Invalid,
        "{record} is changed twice in one transaction. Put both changes into one entry or send them one after the other.",
        "1 つのトランザクションの中で {record} が 2 回変更されています。1 つのエントリーにまとめるか、順に分けて送信してください。";
    /// The database failed.
    DATABASE = "ST-0009", Fault,
        "The database failed. The operator finds the reason in the server's log.",
        "データベースでエラーが起きました。運用担当者がサーバーのログで原因を確認できます。";
    /// The journal on the disk contradicts itself.
    CORRUPT = "ST-0010", Fault,
        "The journal is damaged: {what}. Keep the folder as it is, restore a backup elsewhere, and run `akashi verify --data` on both.",
        "ジャーナルが破損しています（{what}）。フォルダーはそのまま保管し、別の場所にバックアップを復元して、両方に `akashi verify --data` を実行してください。";
    /// The key does not open the database.
    WRONG_KEY = "ST-0011", Fault,
        "The facility's key does not open {file}. Either `master.key` or `facility.json` belongs to another installation, or the file is damaged.",
        "施設の鍵で {file} を開けません。`master.key` か `facility.json` が別の環境のものか、ファイルが破損しています。";
    /// The format is newer than this program.
    FORMAT = "ST-0012", Fault,
        "{file} has format {found}; this program reads formats up to {known}. Use the newer program that wrote it.",
        "{file} の形式は {found} ですが、このプログラムが読める形式は {known} までです。書き込んだ新しい版のプログラムを使ってください。";
    /// A file could not be read or written.
    FILE = "ST-0013", Fault,
        "{file}: {reason}.",
        "{file}：{reason}";
    /// The facility exists already.
    FACILITY_EXISTS = "ST-0014", Conflict,
        "The facility {facility} exists already in this data directory.",
        "施設 {facility} はこのデータディレクトリにすでに存在します。";
    /// There is no such facility.
    FACILITY_ABSENT = "ST-0015", Absent,
        "There is no facility {facility} in this data directory.",
        "このデータディレクトリに施設 {facility} はありません。";
    /// Several facilities, none named.
    FACILITY_UNNAMED = "ST-0022", Invalid,
        "There are several facilities in this data directory; name one with --facility: {facilities}.",
        "このデータディレクトリには施設が複数あります。--facility で指定してください：{facilities}";
    /// Another process has the directory open.
    LOCKED = "ST-0016", Conflict,
        "{file} is held by another process: the server (or another command) has the data directory open. Stop it first.",
        "{file} は別のプロセスが使用中です。サーバー（または別のコマンド）がデータディレクトリを開いています。先に停止してください。";
    /// A proof, a log or a journal is not what it claims to be.
    WRONG = "ST-0017", Invalid,
        "not genuine: {what}",
        "検証に失敗しました：{what}";
    /// A view does not agree with the journal.
    VIEW = "ST-0018", Fault,
        "the journal is good, but a view disagrees with it: {what}. `akashi reindex` builds the views again.",
        "ジャーナルは正常ですが、索引と一致しません（{what}）。`akashi reindex` で索引を作り直してください。";
    /// Random bytes are missing.
    ENTROPY = "ST-0019", Busy,
        "The operating system gave no random bytes. Nothing was stored.",
        "OS から乱数を取得できませんでした。変更は保存されていません。";
    /// The reason or the ids of a change are longer than an entry can hold.
    ENTRY_LONG = "ST-0020", TooLarge,
        "The entry of this change would be {bytes} bytes long; an entry holds at most {limit}. Shorten the reason.",
        "この変更のエントリーは {bytes} バイトになりますが、上限は {limit} バイトです。理由を短くしてください。";
    /// The resource is longer than one may be.
    CONTENT_LONG = "ST-0021", TooLarge,
        "{record} would be {bytes} bytes long; a resource may have at most {limit}. Split it, or keep large attachments elsewhere and refer to them by url.",
        "{record} は {bytes} バイトになりますが、上限は {limit} バイトです。分割するか、大きな添付は別の場所に置いて url で参照してください。";
    /// A search now finds otherwise than when the caller looked.
    OUTDATED = "ST-0023", Conflict,
        "While the request was carried out, other {type} records that its condition names were written. Nothing was stored; send it again.",
        "処理中に、条件に当てはまる {type} の記録が別の操作で変わりました。何も保存されていません。もう一度送信してください。";
    /// A search looks at more rows than one search may.
    TOO_BROAD = "ST-0024", Invalid,
        "The search would have to look at more than {limit} index entries. Narrow it, for example to a patient, a code or a span of dates.",
        "検索で調べる索引の項目が上限（{limit} 件）を超えます。患者、コード、期間などで絞り込んでください。";
    /// A search would sort more records than one search may.
    SORTED_TOO_MANY = "ST-0025", Invalid,
        "More than {limit} records would have to be sorted. Narrow the search, or sort by one parameter only.",
        "並べ替える記録が上限（{limit} 件）を超えます。検索を絞り込むか、並べ替えの条件を 1 つにしてください。";
    /// A permit or a ticket is missing or for something else.
    NO_PERMIT = "ST-0026", Fault,
        "The server has refused to do something for which it had no permit. Nothing was stored. This is a fault of the server: please report it with the request id.",
        "許可のない処理をサーバーが拒否しました。何も保存されていません。サーバーの不具合ですので、リクエスト id を添えてご連絡ください。";
    /// An export has no entry in the journal.
    NO_WITNESS = "ST-0027", Refused,
        "The journal has no fresh entry of this export at position {position}. Nothing was exported. Start the export again; the server must be running, so that it can write the entry.",
        "ジャーナルの位置 {position} に、このエクスポートの新しいエントリーがありません。何も出力されていません。サーバーが動いている状態で、エクスポートをもう一度始めてください。";
    /// What is final was to be changed or deleted.
    SETTLED = "ST-0028", Conflict,
        "{record} is {state}: it is never changed in place and never deleted. Nothing was stored. To correct or add to it, send the new content and the reason to $amend; to take it back, send the reason to $withdraw.",
        "{record} は確定しています（{state}）。確定した記録は上書きも削除もできません。何も保存されていません。訂正や追記は新しい内容と理由を $amend に、取り消しは理由を $withdraw に送信してください。";
    /// What is withdrawn was to be changed or deleted.
    WITHDRAWN = "ST-0029", Conflict,
        "{record} is {state}: nothing follows that, and it is not deleted. Nothing was stored. Write what is right as a new record.",
        "{record} は取り消されています（{state}）。取り消した記録の変更や削除はできません。何も保存されていません。正しい内容は新しい記録として書いてください。";
    /// The status says another thing than what the record would become.
    CONTRADICTION = "ST-0030", Unprocessable,
        "By this request {record} can become {state} only, but the status in the content is `{status}`. Nothing was stored. Send a status that fits, or use $finalize, $amend or $withdraw.",
        "このリクエストで {record} がなり得る状態は {state} ですが、内容の status は `{status}` です。何も保存されていません。合う status を送信するか、$finalize・$amend・$withdraw を使ってください。";
    /// An act on a state to which it does not fit.
    UNFIT = "ST-0031", Conflict,
        "This does not fit {record}, whose state is {state} (`-`: none): drafts are finalised, what is final or amended is amended, and only what has a state is withdrawn. Nothing was stored. A draft is changed by PUT or PATCH.",
        "{record} の状態（{state}。`-` は状態なし）では、この操作はできません。確定は下書き（draft）に、訂正は確定済み（final・amended）に、取り消しは状態を持つ記録に対して行います。何も保存されていません。下書きの変更は PUT か PATCH で行ってください。";
    /// A draft that was entered for another is settled by somebody else.
    OF_ANOTHER = "ST-0032", Refused,
        "{record} is a draft ({state}) that was entered for another account to answer for. Only that account finishes it, by $approve and in no other way; gives it back ($return), withdraws or deletes it. Nothing was stored. Where that person has left, hand it to another with $assign.",
        "{record} は代行入力された下書き（{state}）です。確定は、責任者として指定されたアカウントが $approve で行う方法だけです。差し戻し（$return）、取り消し、削除もそのアカウントだけができます。何も保存されていません。責任者が不在になった場合は、$assign で別の責任者に引き継いでください。";
    /// A draft that nobody has entered for another was to be approved, given back or handed on.
    NOT_PROXY = "ST-0033", Conflict,
        "{record} is a draft ({state}) that nobody has entered for another, so there is nothing to approve, give back or hand on. Nothing was stored. Who answers for it finalises it with $finalize.",
        "{record} は代行入力された下書きではない（{state}）ため、承認・差し戻し・責任者の変更はできません。何も保存されていません。内容に責任を持つ人が $finalize で確定してください。";
    /// Signed twice, or by who answers for it.
    COSIGNED = "ST-0034", Conflict,
        "You answer for {record} ({state}) or have signed it already: each account signs once, beside who answers for it. Nothing was stored. After an amendment it can be signed anew.",
        "{record}（{state}）は、あなたが責任者であるか、すでに署名しています。連名の署名は責任者以外が 1 回だけ行えます。何も保存されていません。訂正の後は、改めて署名できます。";
    /// A write names somebody else as responsible than who is.
    OTHERWISE = "ST-0035", Conflict,
        "{record} is a draft already, and X-Provenance names another responsible person or enterer than it has. Nothing was stored. To edit it, leave X-Provenance out; to hand what was entered for somebody to another responsible person, use $assign.",
        "{record} はすでに下書きがあり、X-Provenance の責任者または入力者がその下書きと異なります。何も保存されていません。内容を直すだけなら X-Provenance を付けずに送信してください。代行入力の責任者を変えるには $assign を使ってください。";
    /// More signatures than a record takes.
    COSIGNERS = "ST-0036", Invalid,
        "{record} has {limit} signatures beside who answers for it, and takes no more. Nothing was stored.",
        "{record} には、責任者以外の署名が上限の {limit} 件あります。これ以上は署名できません。何も保存されていません。";
    /// A draft was to be handed to who answers for it already, or to who entered it.
    SAME_RESPONSIBLE = "ST-0037", Conflict,
        "The person named answers for {record} ({state}) already, or has entered it. Nothing was stored. Name another one who may finalise it.",
        "指定された人は、{record}（{state}）のすでに責任者であるか、入力者本人です。何も保存されていません。確定の権限を持つ別の人を指定してください。";
    /// A change would tie records of two patients together.
    MIXED = "ST-0040", Unprocessable,
        "{record} would join the records of two patients: {one} is of {patient}, but {other} is of {other_patient}. Nothing was stored. Check whose record it is and what it refers to (encounter, order, result, specimen), and send it again with references of one patient.",
        "{record} を保存すると、2 人の患者の記録がつながってしまいます。{one} は {patient} の記録ですが、{other} は {other_patient} の記録です。何も保存されていません。どの患者の記録かと、参照先（受診、オーダー、結果、検体など）を確認し、1 人の患者の参照だけにして送信し直してください。";
    /// A change would give a record to another patient than the records that refer to it.
    MOVED = "ST-0041", Conflict,
        "{record} cannot become a record of {patient}: {other}, which is tied to it, is of {other_patient}. Nothing was stored. If it was filed under the wrong patient, move it together with what is tied to it, in one transaction.",
        "{record} を {patient} の記録に変えることはできません。これにつながる {other} は {other_patient} の記録です。何も保存されていません。患者を間違えて登録した場合は、つながる記録と一緒に 1 つのトランザクションで変更してください。";
    /// Too many records would have to be looked at to see whose they are.
    TANGLED = "ST-0042", Invalid,
        "{record} is tied to more than {limit} records that do not say which patient they belong to, so it cannot be made sure that it joins no two patients. Nothing was stored. Give the patient in those records, beginning with the encounter or the order.",
        "{record} につながる記録のうち、患者が書かれていないものが {limit} 件を超えるため、2 人の患者の記録がつながらないことを確認できません。何も保存されていません。受診やオーダーの記録から順に、患者を記入してください。";
    /// The journal was handed over to another installation.
    HANDED_OVER = "ST-0058", Conflict,
        "The journal of {facility} was handed over to another installation, whose key is {key}: it has ended here, and nothing is written or shown here any more. Use the system that took it in. `akashi export --complete` still writes it out, and `akashi verify --data` checks it.",
        "施設 {facility} のジャーナルは、鍵 {key} の別の環境に引き渡されました。ここでのジャーナルは終わっており、書き込みも閲覧もできません。引き継ぎ先のシステムを使ってください。`akashi export --complete` での書き出しと `akashi verify --data` での検証は、引き続きできます。";
    /// A complete export is not what it claims to be.
    EXPORT_WRONG = "ST-0059", Invalid,
        "The export is not genuine, or not whole: {file}: {what}. Nothing was taken in. Copy the folder again from where it was written; if that does not help, have it exported again.",
        "書き出されたフォルダーが完全でないか、本物ではありません：{file}：{what}。何も取り込まれていません。書き出した場所からコピーし直し、それでも解決しない場合は、もう一度書き出してもらってください。";
    /// A complete export was handed over to another key than that of this installation.
    HANDED_TO_ANOTHER = "ST-0060", Conflict,
        "The journal of {facility} was handed over to the key {key}, which is not one that this data directory has prepared. Nothing was taken in. Take it in where that key was made (`akashi successor`). If that key is lost, --unsigned continues the journal without the signature of the key before, and the journal says so.",
        "施設 {facility} のジャーナルは鍵 {key} に引き渡されていますが、このデータディレクトリで用意した鍵ではありません。何も取り込まれていません。その鍵を作ったデータディレクトリ（`akashi successor`）で取り込んでください。その鍵を失った場合は、--unsigned を付けると前の鍵の署名なしで引き継ぎ、そのことがジャーナルに残ります。";
    /// A complete export was not handed over to anybody.
    NOT_HANDED_OVER = "ST-0061", Conflict,
        "The journal of {facility} goes on where it was exported: it was not handed over to this installation. Nothing was taken in. Make a key here with `akashi successor`, and have it exported again with --to KEY. If the installation before is gone, --unsigned continues the journal without its signature, and the journal says so.",
        "施設 {facility} のジャーナルは、書き出した側でまだ続いており、この環境に引き渡されていません。何も取り込まれていません。`akashi successor` でここの鍵を作り、--to でその鍵を指定して書き出し直してもらってください。前の環境がもう使えない場合は、--unsigned を付けると前の鍵の署名なしで引き継ぎ、そのことがジャーナルに残ります。";
    /// A key of another journal.
    OTHER_ORIGIN = "ST-0062", Invalid,
        "{key} cannot take the place of this journal's key: it must be another key with the name {origin}. `akashi successor`, run where the journal goes, makes one. Nothing was written.",
        "{key} はこのジャーナルの鍵を引き継げません。名前が {origin} の、別の鍵でなければなりません。引き継ぎ先で `akashi successor` を実行すると作れます。何も書き込まれていません。";
    /// A plain write changes who is merged into whom.
    MERGE_BY_HAND = "ST-0050", Conflict,
        "Which patients are one person is changed by $merge and $unmerge only, but this write of {record} would change its links `replaced-by` or `replaces`, or delete a patient who has such. Nothing was stored. Leave those links as they are; to merge or part patients, use the operations.",
        "患者の統合（link の `replaced-by` と `replaces`）を変えられるのは $merge と $unmerge だけです。この書き込みは {record} のこれらの link を変えるか、link のある患者を削除します。何も保存されていません。link はそのままにし、統合や取り消しにはこれらの操作を使ってください。";
    /// A patient who was merged into another is written.
    MERGED_AWAY = "ST-0051", Conflict,
        "{record} was merged into {into}: they are one person, and what is known of the person stands there. Nothing was stored. Write {into} instead; if the merge was wrong, undo it with $unmerge.",
        "{record} は {into} に統合済みです（同じ人です）。患者の情報は {into} に書きます。何も保存されていません。{into} を更新してください。統合が誤りなら $unmerge で取り消してください。";
    /// A merge would follow itself or join too many.
    MERGED_FAR = "ST-0052", Unprocessable,
        "{record} would follow itself, or be one of more than {limit} patients who are one person. Nothing was stored. Check which patients are meant.",
        "{record} の統合が循環するか、同じ人とされる患者が上限（{limit} 件）を超えます。何も保存されていません。どの患者を統合するのか確認してください。";
    /// Too many records would have to be looked through to part two patients.
    UNMERGED_MANY = "ST-0053", TooLarge,
        "{patient} has more than {limit} records, too many to make sure that none ties the two patients together. Nothing was stored. Please report this with the request id.",
        "{patient} の記録が {limit} 件を超えるため、2 人の患者をつなぐ記録がないことを確認できません。何も保存されていません。リクエスト id を添えてご連絡ください。";
    /// Records tie two patients together that are to be parted.
    ENTWINED = "ST-0054", Conflict,
        "The merge of {patient} into {other_patient} cannot be undone yet: records of both are tied together: {found}. Nothing was stored. Decide for each pair whose it is, correct the patient or the reference, and send it again.",
        "{patient} の {other_patient} への統合は、まだ取り消せません。両方の患者の記録がつながっています：{found}。何も保存されていません。それぞれがどちらの患者のものかを判断し、患者または参照を直してから送信し直してください。";
    /// A look while writing is stopped cannot be noted.
    NOT_NOTED = "ST-0063", Busy,
        "Nothing is shown: writing is stopped, and the emergency log, in which looks are noted meanwhile, cannot be written either. Use exports and documents that were made before, or ask those who run the system; they make room or mend the folder of the emergency log.",
        "書き込みが停止しており、その間の閲覧を記録する非常時ログにも書き込めないため、何も表示しません。事前に保存した書き出しや文書を使うか、運用担当者に連絡してください。運用担当者は、非常時ログのフォルダーの空き容量と書き込み権限を確認してください。";
    /// A version cannot be proven against the newest checkpoint, and is not shown while writing is stopped.
    UNPROVEN = "ST-0064", Busy,
        "{record} is not shown: while writing is stopped, only what is proven against the newest signed checkpoint is, and this version cannot be. Use exports that were made before, and tell those who run the system.",
        "{record} は表示できません。書き込みの停止中は、署名された最新のチェックポイントで検証できた記録だけを表示しますが、この版は検証できませんでした。事前に保存した書き出しを使い、運用担当者に知らせてください。";
}
