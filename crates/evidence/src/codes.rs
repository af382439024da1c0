//! The problems of this room; each has a page under `docs/errors/`.

use base::{Class, Code};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $id:literal $class:ident { $en:literal $ja:literal })+) => {
        $($(#[$doc])* pub static $name: Code = Code { id: $id, class: Class::$class, en: $en, ja: $ja };)+

        /// Every code of the room.
        pub static CODES: &[&Code] = &[$(&$name),+];
    };
}

codes! {
    /// It cannot be written.
    NOT_KEPT = "EV-0001" Fault {
        "The evidence could not be written; nothing was changed. Try again, and tell the operator."
        "根拠を書き込めませんでした。何も変更していません。やり直し、運用担当者に知らせてください。"
    }
    /// It cannot be read back.
    UNREADABLE = "EV-0002" Fault {
        "What the journal keeps as evidence ({type}) cannot be read. Verify the data directory and restore it from the backup."
        "ジャーナルに保存した根拠（{type}）を読めません。データディレクトリを検証し、バックアップから戻してください。"
    }
    /// A text or a date that does not fit.
    WRONG = "EV-0003" Invalid {
        "This does not fit: {what_en}. Correct it; nothing was changed."
        "指定が正しくありません：{what_ja}。直してから、もう一度実行してください。何も変更していません。"
    }
    /// No such kind of document.
    KIND_UNKNOWN = "EV-0004" Absent {
        "There is no kind of document {kind}. `akashi document kinds` lists them."
        "文書の種類 {kind} はありません。`akashi document kinds` で一覧を表示できます。"
    }
    /// No such document.
    DOCUMENT_UNKNOWN = "EV-0005" Absent {
        "There is no document {document} in the register, or it was withdrawn. `akashi document list` lists those that stand."
        "文書 {document} は台帳にないか、取り下げられています。`akashi document list` で一覧を表示できます。"
    }
    /// The file of a document is not what was registered.
    DOCUMENT_CHANGED = "EV-0006" Conflict {
        "{path} is not the file that was registered as document {document}: its digest is {found}, registered is {registered}. Put the registered file back, or register this one as a new version with `akashi document add --replaces {document}`."
        "{path} は、文書 {document} として登録したファイルと異なります（現在のダイジェスト {found}、登録時 {registered}）。登録時のファイルに戻すか、`akashi document add --replaces {document}` で新しい版として登録してください。"
    }
    /// Nothing that can be answered.
    QUESTION_UNKNOWN = "EV-0007" Absent {
        "There is no question {question}. `akashi attest list` lists them; facts that the running system shows are not answered by people."
        "質問 {question} はありません。`akashi attest list` で一覧を表示できます。稼働中のシステムが示す事実には、人は回答できません。"
    }
    /// No assessment was kept at that moment.
    ASSESSMENT_ABSENT = "EV-0008" Absent {
        "No assessment of {edition} was kept at {at}. Leave `--at` out to assess now."
        "{at} の時点で保存された {edition} の判定はありません。現在の判定は `--at` を付けずに実行してください。"
    }
    /// No such disclosure.
    DISCLOSURE_UNKNOWN = "EV-0009" Absent {
        "There is no disclosure of {party}. `akashi disclosure list` lists those that are kept and those that are built in."
        "{party} の開示はありません。`akashi disclosure list` で、取り込んだものと組み込みのものを表示できます。"
    }
    /// Nothing excludes it.
    NOT_EXCLUDED = "EV-0010" Absent {
        "Nobody has decided that {requirement} does not apply."
        "{requirement} を対象外とした記録はありません。"
    }
    /// A path was given over the network.
    FILE_ELSEWHERE = "EV-0011" Refused {
        "A file of the server can be named at the server itself only. Name a link or where the document is kept, with its SHA-256 digest."
        "サーバー上のファイルは、サーバーのコンソールからだけ指定できます。リンクまたは保管場所と、SHA-256 ダイジェストを指定してください。"
    }
    /// There is no template of this kind.
    NO_TEMPLATE = "EV-0012" Absent {
        "There is no template for {kind}. `akashi document kinds` shows for which kinds there is one."
        "{kind} のひな形はありません。ひな形のある種類は `akashi document kinds` で確認できます。"
    }
    /// Only people answer.
    PEOPLE_ONLY = "EV-0013" Refused {
        "{account} is a machine; a person has to say this."
        "{account} は機器のアカウントです。この操作は人が行ってください。"
    }
    /// Somebody who does not have the duty.
    NOT_THEIR_DUTY = "EV-0014" Refused {
        "{account} may not do this: there is no such account, it cannot be used, it lacks the duty that this takes, or somebody else asks in its name. Name an account of an executive for a decision, of a planner or operator for all else."
        "{account} はこの操作を行えません。アカウントがない、使えない、必要な役割がない、または本人以外が指定しています。決定には経営層、それ以外には企画管理者かシステム運用担当者のアカウントを指定してください。"
    }
    /// The console decides nothing for itself.
    WHO_DECIDES = "EV-0015" Invalid {
        "Say which executive decided, with `--by ACCOUNT`; the entry in the journal says that it came from the console."
        "どの経営層が決めたかを `--by アカウント` で指定してください。コンソールから入力したことはジャーナルに残ります。"
    }
    /// No such report.
    REPORT_UNKNOWN = "EV-0016" Absent {
        "There is no report {form}. Reports: {known}."
        "報告書 {form} はありません。出せる報告書：{known}。"
    }
    /// Nothing to compare with.
    NOTHING_EARLIER = "EV-0017" Absent {
        "{earlier} was not handed out here as this report ({report}), so there is nothing to compare with. `akashi report list` shows what was handed out; name a version of it, or a file that is unchanged since."
        "{earlier} は、この報告書（{report}）として交付した記録がないため、比較できません。`akashi report list` で交付記録を確認し、版の番号か、交付時のままのファイルを指定してください。"
    }
    /// The paper of an earlier version was not kept, or by a later program.
    NOT_COMPARABLE = "EV-0018" Conflict {
        "Version {version} of this report cannot be compared: its paper was too large to be kept, or a later program wrote it. Name another version."
        "この報告書の第 {version} 版は比較できません。内容が大きく保存されなかったか、より新しいプログラムで作成されています。別の版を指定してください。"
    }
    /// A past moment of something that is only known as it is.
    NOT_OF_THEN = "EV-0019" Invalid {
        "The report {form} can be made as of now only, since it shows the registers as they stand. Leave `--at` out, or take the version that was handed out then."
        "報告書 {form} は、現在の登録内容を示すため、過去の時点を指定できません。`--at` を付けずに実行するか、当時交付した版を使ってください。"
    }
    /// A bundle needs proofs, which are made at the server.
    BUNDLE_ELSEWHERE = "EV-0020" Refused {
        "A bundle with proofs is made at the server itself: `akashi report {form} --out FILE.zip`. Over the network ask for pdf, xlsx, html or json."
        "証明付きの一式は、サーバー上で `akashi report {form} --out ファイル.zip` により作成します。ネットワーク経由では pdf、xlsx、html、json を指定してください。"
    }
    /// Nobody set a target.
    NO_TARGET = "EV-0021" Absent {
        "No target date is set for {requirement}."
        "{requirement} に目標日は設定されていません。"
    }
    /// No such kept assessment.
    ASSESSMENT_UNKNOWN = "EV-0022" Absent {
        "There is no kept assessment {version} of {edition}. Leave the number out to compare with that of the last inspection, or name one of those that are listed."
        "{edition} の判定 {version} は保存されていません。番号を省くと直近の立入検査時の判定と比較します。一覧にある番号を指定することもできます。"
    }
}
