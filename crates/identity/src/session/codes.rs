//! The problems of sessions, of the lock-out and of request rates; each has a page under `docs/errors/`.

use base::{Class, Code};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $id:literal $class:ident { $en:literal $ja:literal })+) => {
        $($(#[$doc])* pub static $name: Code = Code { id: $id, class: Class::$class, en: $en, ja: $ja };)+

        /// Every code of this folder.
        pub static CODES: &[&Code] = &[$(&$name),+];
    };
}

codes! {
    /// More requests than the rate allows; in HTTP 429 with `Retry-After`.
    TOO_MANY_REQUESTS = "ID-0301" Busy {
        "Too many requests; nothing was done. Come back in {seconds} seconds and send fewer at a time."
        "リクエストが多すぎます。何も行っていません。{seconds} 秒後に、間隔を空けて送り直してください。"
    }
    /// A login that was not accepted, whatever the reason.
    LOGIN_REFUSED = "ID-0302" Unauthenticated {
        "The login was not accepted. Check account, password and code; after several wrong tries wait at least 15 minutes, or use a passkey or a device you have used before."
        "ログインできませんでした。アカウント、パスワード、コードを確かめてください。何度か間違えた場合は、15 分以上待つか、パスキーまたは以前使った端末でログインしてください。"
    }
    /// The token shown is not, or no longer, that of a session.
    SESSION_OVER = "ID-0303" Unauthenticated {
        "There is no such session, or it has ended; log in again."
        "セッションがないか、すでに終了しています。もう一度ログインしてください。"
    }
    /// No such session in the account's list.
    SESSION_UNKNOWN = "ID-0304" Absent {
        "The account has no session of this id; read the list of sessions again."
        "このアカウントに、その id のセッションはありません。セッションの一覧を読み直してください。"
    }
    /// The handle of a one-time step is unknown, used or too old.
    STEP_OVER = "ID-0305" Unauthenticated {
        "This step was used already or has taken too long; begin again."
        "この手続きはすでに使われたか、時間切れです。最初からやり直してください。"
    }
    /// The operating system gave no random bytes.
    NO_ENTROPY = "ID-0306" Fault {
        "The operating system gave no random bytes, so that no token could be made; try again, and tell the operator."
        "OS から乱数を取得できず、トークンを作れませんでした。やり直し、運用担当者に知らせてください。"
    }
    /// The stored state of a lock-out cannot be read.
    LANE_UNREADABLE = "ID-0307" Fault {
        "The stored state of a lock-out cannot be read; operator: verify the data directory and restore it from the backup."
        "保存されたログイン制限の状態を読めません。運用担当者は、データディレクトリを検証し、バックアップから戻してください。"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn every_code_has_its_own_number_and_a_page() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/errors");
        for (index, code) in CODES.iter().enumerate() {
            assert_eq!(code.id, format!("ID-{:04}", 301 + index));
            let page = std::fs::read_to_string(folder.join(format!("{}.md", code.id))).unwrap();
            assert!(page.starts_with(&format!("# {} ", code.id)), "{}", code.id);
        }
    }
}
