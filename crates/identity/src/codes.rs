//! The problems of the door; each has a page under `docs/errors/`. Those of certificates, factors and sessions stand in their folders.

use base::{Class, Code};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $id:literal $class:ident { $en:literal $ja:literal })+) => {
        $($(#[$doc])* pub static $name: Code = Code { id: $id, class: Class::$class, en: $en, ja: $ja };)+

        /// Every code of the door.
        pub static CODES: &[&Code] = &[$(&$name),+];
    };
}

codes! {
    /// Factors lacking.
    FACTORS_LACKING = "ID-0001" Unauthenticated {
        "What was shown is right, but not enough: {needed} factors of different kinds are needed. Show {missing} as well."
        "確認できましたが、要素が足りません。種類の違う要素が {needed} つ必要です。{missing} も示してください。"
    }
    /// Fresh factor needed.
    FRESH_NEEDED = "ID-0002" Refused {
        "This needs a factor shown within the last {seconds} seconds; show one at `POST …/session/step-up`, then repeat the request with the new token."
        "この操作には {seconds} 秒以内に示した要素が必要です。`POST …/session/step-up` で要素を示し、新しいトークンでもう一度送ってください。"
    }
    /// Client certificate needed.
    CERTIFICATE_NEEDED = "ID-0004" Refused {
        "This facility is reached with a client certificate only; install the one that the operator gave out for this device and connect again."
        "この施設にはクライアント証明書がないと接続できません。この端末用に運用担当者が発行した証明書を入れて、接続し直してください。"
    }
    /// Certificate of another facility.
    CERTIFICATE_FOREIGN = "ID-0005" Refused {
        "The client certificate does not stand for any account of this facility; use the certificate that this facility gave out."
        "このクライアント証明書は、この施設のどのアカウントのものでもありません。この施設が発行した証明書を使ってください。"
    }
    /// Session of another certificate.
    SESSION_ELSEWHERE = "ID-0006" Refused {
        "The session was begun with another client certificate; log in from this device."
        "このセッションは別のクライアント証明書で開始されました。この端末からログインし直してください。"
    }
    /// Proxy header from elsewhere.
    PROXY_FOREIGN = "ID-0007" Invalid {
        "The header `{header}` is taken from the facility's load balancers only; leave it out."
        "ヘッダー `{header}` は施設のロードバランサーからだけ受け付けます。取り除いてください。"
    }
    /// Not verified by the proxy.
    PROXY_UNVERIFIED = "ID-0008" Refused {
        "The load balancer has not verified a client certificate for this request; check its configuration."
        "ロードバランサーがこのリクエストのクライアント証明書を確認していません。ロードバランサーの設定を確かめてください。"
    }
    /// Account exists.
    ACCOUNT_EXISTS = "ID-0009" Conflict {
        "The account {account} exists or existed; choose another id. Ids are never used again."
        "アカウント {account} はすでにあるか、過去にありました。別の id にしてください。id は再利用しません。"
    }
    /// Account unknown.
    ACCOUNT_UNKNOWN = "ID-0010" Absent {
        "There is no account {account} in this facility."
        "この施設にアカウント {account} はありません。"
    }
    /// Account cannot be so.
    ACCOUNT_WRONG = "ID-0011" Invalid {
        "The account cannot be written: {what_en}."
        "アカウントを登録できません: {what_ja}。"
    }
    /// Factor unknown.
    FACTOR_UNKNOWN = "ID-0012" Absent {
        "The account has no factor {factor}; read its factors again."
        "アカウントに要素 {factor} はありません。一覧を読み直してください。"
    }
    /// Last factors.
    FACTOR_LAST = "ID-0013" Refused {
        "Without this factor the account could not be used any more; set another one first."
        "この要素を取り除くとアカウントが使えなくなります。先に別の要素を設定してください。"
    }
    /// Invitation over.
    INVITATION_OVER = "ID-0014" Unauthenticated {
        "The invitation was used, has ended or never was; ask the operator for a new one."
        "招待は使用済みか、期限切れか、存在しません。運用担当者に新しい招待を依頼してください。"
    }
    /// Factors incomplete.
    FACTORS_INCOMPLETE = "ID-0015" Unprocessable {
        "{needed} factors of different kinds are needed: a password and a one-time code, or a passkey."
        "種類の違う要素が {needed} つ必要です。パスワードとワンタイムコード、またはパスキーを設定してください。"
    }
    /// Code wrong.
    CODE_WRONG = "ID-0016" Unprocessable {
        "The one-time code is not right; check the clock of the device and send the newest code."
        "ワンタイムコードが違います。端末の時計を確かめ、最新のコードを送ってください。"
    }
    /// Passkeys not offered.
    PASSKEYS_NOT_OFFERED = "ID-0017" Unprocessable {
        "Passkeys need the server's public address; operator: set `server.base_url` to an https address with a host name."
        "パスキーには公開アドレスが必要です。運用担当者は `server.base_url` にホスト名を含む https のアドレスを設定してください。"
    }
    /// SMS not offered.
    SMS_NOT_OFFERED = "ID-0018" Unprocessable {
        "Codes by SMS are switched off in this facility; use another factor."
        "この施設では SMS によるコードを使っていません。別の要素を使ってください。"
    }
    /// Request malformed.
    BODY_WRONG = "ID-0019" Invalid {
        "The body is not what this address takes: {what}."
        "本文がこのアドレスの形式に合いません: {what}。"
    }
    /// Policy cannot be so.
    POLICY_WRONG = "ID-0020" Unprocessable {
        "The policy cannot be written: {what_en}."
        "方針を変更できません: {what_ja}。"
    }
    /// Authority unknown.
    AUTHORITY_UNKNOWN = "ID-0021" Absent {
        "The facility trusts no authority {authority}; `akashi certificate list` shows those it trusts."
        "この施設が信頼する認証局に {authority} はありません。`akashi certificate list` で確認してください。"
    }
    /// Authority exists.
    AUTHORITY_EXISTS = "ID-0022" Conflict {
        "The facility has an authority {authority} already."
        "施設にはすでに認証局 {authority} があります。"
    }
    /// Certificate unknown.
    CERTIFICATE_UNKNOWN = "ID-0023" Absent {
        "The facility has no client certificate {certificate}; `akashi certificate list` shows them."
        "この施設にクライアント証明書 {certificate} はありません。`akashi certificate list` で確認してください。"
    }
    /// Identity not written.
    NOT_KEPT = "ID-0024" Fault {
        "The change could not be written; nothing was changed. Try again, and tell the operator."
        "変更を書き込めませんでした。何も変更していません。やり直し、運用担当者に知らせてください。"
    }
    /// Identity unreadable.
    UNREADABLE = "ID-0025" Fault {
        "What the journal keeps of identities ({type}) cannot be read; nobody is let in. Verify the data directory and restore it from the backup."
        "ジャーナルのアカウント情報（{type}）を読めません。誰もログインできません。データディレクトリを検証し、バックアップから戻してください。"
    }
    /// Last operator.
    OPERATOR_LAST = "ID-0026" Refused {
        "This is the last account that can run the facility over the network; give another account the duty `operator` first."
        "ネットワーク経由で施設を運用できる最後のアカウントです。先に別のアカウントへ `operator` の役割を付けてください。"
    }
    /// Too many logins at a time.
    HASHING_BUSY = "ID-0027" Busy {
        "Too many logins are being checked; nothing was done. Try again in a few seconds."
        "ログインの確認が集中しています。何も行っていません。数秒後にやり直してください。"
    }
    /// Password not confirmed.
    PASSWORD_OLD_WRONG = "ID-0028" Refused {
        "The present password is not right; the password was not changed."
        "現在のパスワードが違います。パスワードは変更していません。"
    }
    /// For people only.
    PEOPLE_ONLY = "ID-0029" Refused {
        "This is for accounts of people; {account} is an account of a machine."
        "この操作は人のアカウントが対象です。{account} は機器のアカウントです。"
    }
    /// For machines only.
    MACHINES_ONLY = "ID-0030" Refused {
        "This is for accounts of devices and services; {account} is an account of a person."
        "この操作は機器・サービスのアカウントが対象です。{account} は人のアカウントです。"
    }
    /// Passwords differ.
    PASSWORDS_DIFFER = "ID-0031" Unprocessable {
        "The two passwords are not the same; type the new password twice."
        "2 つのパスワードが一致しません。新しいパスワードを 2 回入力してください。"
    }
    /// Certificate stands for another account.
    CERTIFICATE_TAKEN = "ID-0032" Conflict {
        "This certificate stands for the account {account} already; revoke it there, and admit another one here."
        "この証明書はすでにアカウント {account} のものです。そちらで失効させ、こちらには別の証明書を登録してください。"
    }
    /// Scope unknown.
    SCOPE_WRONG = "ID-0033" Invalid {
        "The scope `{scope}` is none that a service can be granted; write scopes like `system/Observation.rs`, separated by spaces."
        "スコープ `{scope}` はサービスに付けられません。`system/Observation.rs` の形で、空白で区切って指定してください。"
    }
    /// Policies cannot be added.
    LAW_WRONG = "ID-0034" Unprocessable {
        "The policies cannot be added to the law. {faults_en} Correct them, and try them with `akashi law check` first."
        "権限ルールを追加できません。{faults_ja} 修正し、まず `akashi law check` で確かめてください。"
    }
    /// Kept law not understood.
    LAW_UNREADABLE = "ID-0035" Fault {
        "This version of the program does not understand the policies of the facility; nobody is let in. {faults_en} Start the version that they were approved with, replace these policies there, then start this version."
        "施設の権限ルールをこのバージョンのプログラムで解釈できず、誰もログインできません。{faults_ja} 承認時のバージョンで起動してルールを変更し、その後でこのバージョンを起動してください。"
    }
    /// Proposal unknown.
    LAW_PROPOSAL_UNKNOWN = "ID-0036" Absent {
        "There is no proposal {proposal}: it ended after seven days, was withdrawn, or another one was approved. `akashi law show` shows those that wait."
        "提案 {proposal} はありません。7 日を過ぎたか、取り下げられたか、別の提案が承認されました。`akashi law show` で承認待ちの提案を確認してください。"
    }
    /// Second person needed.
    SECOND_PERSON_NEEDED = "ID-0037" Refused {
        "This takes two people, and {account} was the first; somebody else must do it."
        "この操作には 2 人が必要です。{account} は 1 人目のため、別の人が行ってください。"
    }
    /// Nobody could change the law again.
    LAW_SHUTS_OUT = "ID-0038" Unprocessable {
        "With these policies nobody could propose or approve policies any more; leave `law-propose` and `law-approve` to somebody."
        "この権限ルールでは、以後だれも権限ルールを提案・承認できなくなります。`law-propose` と `law-approve` を行える人を残してください。"
    }
    /// Too many proposals.
    LAW_PROPOSALS_MANY = "ID-0039" Conflict {
        "{limit} proposals wait already; approve or withdraw some of them first."
        "すでに {limit} 件の提案が承認を待っています。先に承認するか取り下げてください。"
    }
    /// Emergency access is for staff.
    GLASS_STAFF_ONLY = "ID-0040" Refused {
        "Only people who work at the facility break the glass; {account} is not an account of such a person."
        "緊急アクセスができるのは施設の職員だけです。{account} は職員のアカウントではありません。"
    }
    /// Emergency access malformed.
    GLASS_WRONG = "ID-0041" Invalid {
        "This cannot be taken for an emergency access: {what_en}."
        "緊急アクセスの内容が正しくありません: {what_ja}。"
    }
    /// Too many emergency accesses.
    GLASS_MANY = "ID-0042" Refused {
        "The glass is broken {limit} times in this session already; wait until one of them ends, or log in anew."
        "このセッションではすでに {limit} 件の緊急アクセスが有効です。いずれかの終了を待つか、ログインし直してください。"
    }
    /// Emergency access unknown.
    GLASS_UNKNOWN = "ID-0043" Absent {
        "There is no emergency access {glass}; `glass-list` shows them."
        "緊急アクセス {glass} はありません。`glass-list` で一覧を確認してください。"
    }
    /// Emergency access reviewed already.
    GLASS_REVIEWED = "ID-0044" Conflict {
        "{account} has looked into this emergency access already; what was found stays as it is."
        "この緊急アクセスはすでに {account} が確認しました。確認結果は変更できません。"
    }
    /// Former password.
    PASSWORD_FORMER = "ID-0045" Unprocessable {
        "This is one of the last {count} passwords of the account; choose one that was not used here before."
        "このアカウントの直近 {count} 個のパスワードのいずれかと同じです。使ったことのないパスワードにしてください。"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn every_code_has_its_own_number_and_a_page() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/errors");
        // In order; the number of a problem that there is no more is not given to another one.
        assert!(CODES.is_sorted_by(|one, other| one.id < other.id));
        for code in CODES {
            let page = std::fs::read_to_string(folder.join(format!("{}.md", code.id))).unwrap();
            assert!(page.starts_with(&format!("# {} ", code.id)), "{}", code.id);
        }
    }
}
