//! The problems of apps and services; each has a page under `docs/errors/`. In the answers of the OAuth endpoints each is
//! also said by a word of RFC 6749 ([`word`]).

use base::{Class, Code};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $id:literal $class:ident { $en:literal $ja:literal })+) => {
        $($(#[$doc])* pub static $name: Code = Code { id: $id, class: Class::$class, en: $en, ja: $ja };)+

        /// Every code of this folder.
        pub static CODES: &[&Code] = &[$(&$name),+];
    };
}

codes! {
    /// App exists.
    APP_EXISTS = "ID-0050" Conflict {
        "The app {app} exists or existed; choose another id. Ids are never used again."
        "アプリ {app} はすでにあるか、過去にありました。別の id にしてください。id は再利用しません。"
    }
    /// App unknown.
    APP_UNKNOWN = "ID-0051" Absent {
        "There is no app {app} in this facility; `akashi app list` shows them."
        "この施設にアプリ {app} はありません。`akashi app list` で確認してください。"
    }
    /// App cannot be so.
    APP_WRONG = "ID-0052" Invalid {
        "The app cannot be written: {what_en}."
        "アプリを登録できません: {what_ja}。"
    }
    /// Client or redirect address not registered.
    CLIENT_UNKNOWN = "ID-0053" Invalid {
        "This app is not registered here with this address, so nothing is sent back to it; tell whoever makes the app: `client_id` and `redirect_uri` must be those of the registration, letter by letter."
        "このアプリまたは戻り先アドレスは登録されていないため、アプリには戻りません。アプリの提供元に、`client_id` と `redirect_uri` を登録と一字一句同じにするよう伝えてください。"
    }
    /// Client not authenticated.
    CLIENT_REFUSED = "ID-0054" Unauthenticated {
        "The client was not recognised: {what_en}."
        "クライアントを確認できません: {what_ja}。"
    }
    /// Code or refresh token of no use.
    GRANT_OVER = "ID-0055" Invalid {
        "The code or refresh token is unknown, used, too old, or not for this client, address or verifier; ask the person to authorize again."
        "コードまたはリフレッシュトークンが無効です（使用済み、期限切れ、または別のクライアント・戻り先・検証値のもの）。利用者の許可からやり直してください。"
    }
    /// Request of OAuth malformed.
    REQUEST_WRONG = "ID-0056" Invalid {
        "The request cannot be taken: {what_en}."
        "リクエストを受け付けられません: {what_ja}。"
    }
    /// Grant type not offered.
    GRANT_NOT_OFFERED = "ID-0057" Invalid {
        "This grant type is not offered; use `authorization_code`, `refresh_token` or `client_credentials`."
        "この grant_type は使えません。`authorization_code`、`refresh_token`、`client_credentials` のいずれかにしてください。"
    }
    /// Response type not offered.
    RESPONSE_NOT_OFFERED = "ID-0058" Invalid {
        "The only response type is `code`, returned in the query."
        "response_type は `code` だけで、クエリで返します。"
    }
    /// Scopes not granted.
    SCOPE_WRONG = "ID-0059" Invalid {
        "None of these scopes may be granted to this app, or one is malformed; ask for scopes of its registration."
        "このアプリに許可できるスコープがないか、形の誤ったスコープがあります。登録されたスコープを求めてください。"
    }
    /// Client may not do this.
    CLIENT_MAY_NOT = "ID-0060" Invalid {
        "This app is registered for another way of coming in; services use `client_credentials`, apps of people `authorization_code`."
        "このアプリの登録ではこの方法を使えません。サービスは `client_credentials`、人が使うアプリは `authorization_code` です。"
    }
    /// The person said no.
    DENIED = "ID-0061" Refused {
        "The person did not allow it."
        "利用者が許可しませんでした。"
    }
    /// Token of an app elsewhere.
    FHIR_ONLY = "ID-0062" Refused {
        "The token of an app or service opens the FHIR API and nothing else; log in for this."
        "アプリやサービスのトークンで使えるのは FHIR API だけです。この操作にはログインが必要です。"
    }
    /// Patient to choose unknown.
    PATIENT_UNKNOWN = "ID-0063" Unprocessable {
        "There is no patient with this id whom you may see; check the id."
        "この id の患者がいないか、閲覧が許可されていません。id を確かめてください。"
    }
}

/// The words of OAuth 2.0 for problems that have one of their own.
static WORDS: [(&Code, &str); 6] = [
    (&CLIENT_REFUSED, "invalid_client"),
    (&GRANT_OVER, "invalid_grant"),
    (&GRANT_NOT_OFFERED, "unsupported_grant_type"),
    (&RESPONSE_NOT_OFFERED, "unsupported_response_type"),
    (&SCOPE_WRONG, "invalid_scope"),
    (&CLIENT_MAY_NOT, "unauthorized_client"),
];

/// The word of OAuth 2.0 for a problem: RFC 6749, sections 4.1.2.1 and 5.2.
pub fn word(code: &Code) -> &'static str {
    let own = WORDS.iter().find(|(one, _)| *one == code);
    own.map_or_else(|| word_of_class(code.class), |(_, word)| word)
}

fn word_of_class(class: Class) -> &'static str {
    match class {
        Class::Busy => "temporarily_unavailable",
        Class::Fault | Class::Full | Class::Slow => "server_error",
        Class::Refused | Class::Unauthenticated => "access_denied",
        _ => "invalid_request",
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
            assert_eq!(code.id, format!("ID-{:04}", index + 50));
            let page = std::fs::read_to_string(folder.join(format!("{}.md", code.id))).unwrap();
            assert!(page.starts_with(&format!("# {} ", code.id)), "{}", code.id);
        }
    }

    #[test]
    fn what_is_no_problem_of_apps_has_a_word_of_oauth_too() {
        assert_eq!((word(&GRANT_OVER), word(&REQUEST_WRONG)), ("invalid_grant", "invalid_request"));
        assert_eq!(word(&crate::session::codes::NO_ENTROPY), "server_error");
        assert_eq!(word(&crate::session::codes::TOO_MANY_REQUESTS), "temporarily_unavailable");
        assert_eq!(word(&crate::codes::CERTIFICATE_FOREIGN), "access_denied");
    }
}
