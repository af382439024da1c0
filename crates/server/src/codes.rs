//! The problems the edge can report; each has a page under `docs/errors/`.

use base::{Class, Code};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $id:literal $class:ident { $en:literal $ja:literal })+) => {
        $($(#[$doc])* pub static $name: Code = Code { id: $id, class: Class::$class, en: $en, ja: $ja };)+

        /// Every code of this crate.
        pub static CODES: &[&Code] = &[$(&$name),+];
    };
}

codes! {
    /// Address not known.
    ADDRESS_UNKNOWN = "SV-0001" Absent {
        "Nothing is served at this address; check the facility, the resource type and the spelling."
        "このアドレスでは何も提供していません。施設名、リソース型、綴りを確かめてください。"
    }
    /// Method not served here.
    METHOD_NOT_SERVED = "SV-0002" Method {
        "This address does not take the method; use one of: {allowed}."
        "このアドレスではそのメソッドを使えません。使えるもの: {allowed}。"
    }
    /// Login needed.
    TOKEN_NEEDED = "SV-0003" Unauthenticated {
        "Nobody has logged in here; log in at `POST /f/{facility}/session` and send `Authorization: Bearer …`, or the key of a machine."
        "ログインしていません。`POST /f/{facility}/session` でログインして `Authorization: Bearer …` を付けるか、機器のキーを送ってください。"
    }
    /// Body too large.
    BODY_TOO_LARGE = "SV-0004" TooLarge {
        "The body is longer than {limit} bytes; send less at a time."
        "本文が {limit} バイトを超えています。分けて送ってください。"
    }
    /// Header section too large.
    HEADERS_TOO_LARGE = "SV-0005" TooLarge {
        "The header section is larger than {bytes} bytes or {fields} fields; send fewer or shorter fields."
        "ヘッダーが {bytes} バイトまたは {fields} 項目を超えています。減らしてください。"
    }
    /// Target too long.
    TARGET_TOO_LONG = "SV-0006" TooLarge {
        "Path and query are longer than {limit} bytes; search with `POST [type]/_search` instead."
        "パスとクエリが {limit} バイトを超えています。`POST [type]/_search` で検索してください。"
    }
    /// Request too slow.
    REQUEST_TOO_SLOW = "SV-0007" Slow {
        "The request took longer than {seconds} seconds; if it was a write, read the record before sending it again."
        "処理が {seconds} 秒を超えました。書き込みの場合は、再送の前に記録を読んで確かめてください。"
    }
    /// Host missing, doubled or malformed.
    HOST_WRONG = "SV-0008" Invalid {
        "The request must carry exactly one well-formed `Host`."
        "正しい形の `Host` がちょうど一つ必要です。"
    }
    /// Target of another host.
    TARGET_FOREIGN = "SV-0009" Invalid {
        "The request target names another host than `Host`, or another scheme than https; this server is no proxy."
        "リクエスト先が `Host` と異なるか https ではありません。このサーバーはプロキシではありません。"
    }
    /// Body not expected.
    BODY_UNEXPECTED = "SV-0010" Invalid {
        "This interaction takes no body; send none."
        "このやり取りには本文がありません。本文を付けずに送ってください。"
    }
    /// Body incomplete.
    BODY_BROKEN = "SV-0011" Invalid {
        "The body ended before it was complete; send the request again."
        "本文が途中で途切れました。もう一度送ってください。"
    }
    /// Encoding malformed.
    ENCODING_WRONG = "SV-0012" Invalid {
        "Path, query or form is not well-formed: use UTF-8, `%` followed by two hexadecimal digits, and no control characters."
        "パス、クエリまたはフォームの形が誤っています。UTF-8 と、`%` に続く 16 進数 2 桁を使い、制御文字は除いてください。"
    }
    /// Format not offered.
    FORMAT_NOT_OFFERED = "SV-0013" Unsupported {
        "Only JSON is offered; ask for `application/fhir+json`."
        "提供できるのは JSON だけです。`application/fhir+json` を指定してください。"
    }
    /// Content type not taken.
    CONTENT_TYPE_WRONG = "SV-0014" Unsupported {
        "The body must be `{expected}` in UTF-8; set `Content-Type`."
        "本文は UTF-8 の `{expected}` でなければなりません。`Content-Type` を設定してください。"
    }
    /// Condition malformed.
    CONDITION_WRONG = "SV-0015" Invalid {
        "`{header}` is malformed; give one version such as `W/\"3\"`."
        "`{header}` の形が誤っています。`W/\"3\"` のように版を一つ書いてください。"
    }
    /// Condition not offered.
    CONDITION_NOT_OFFERED = "SV-0016" Invalid {
        "The condition `{header}` is not offered here; leave it out."
        "条件 `{header}` はここでは使えません。取り除いてください。"
    }
    /// Id malformed.
    ID_WRONG = "SV-0017" Invalid {
        "The id in the address is malformed; an id has 1 to 64 of the characters A-Z a-z 0-9 - .."
        "アドレスの id の形が誤っています。id は A-Z a-z 0-9 - . の 1〜64 文字です。"
    }
    /// Parameter not offered.
    PARAMETER_NOT_OFFERED = "SV-0018" Invalid {
        "The parameter `{name}` is not offered at this address; leave it out."
        "パラメーター `{name}` はこのアドレスでは使えません。取り除いてください。"
    }
    /// Value of a parameter not taken.
    PARAMETER_VALUE_WRONG = "SV-0019" Invalid {
        "The parameter `{name}` must stand once and be one of: {allowed}."
        "パラメーター `{name}` は一つだけ、次のいずれかで指定してください: {allowed}。"
    }
    /// Certificate not readable.
    CERTIFICATE_UNREADABLE = "SV-0020" Fault {
        "The certificate file holds no readable PEM certificate; check the file."
        "証明書ファイルに読める PEM 証明書がありません。ファイルを確かめてください。"
    }
    /// Private key not readable.
    KEY_UNREADABLE = "SV-0021" Fault {
        "The key file holds no readable PEM private key; check the file."
        "鍵ファイルに読める PEM 秘密鍵がありません。ファイルを確かめてください。"
    }
    /// Certificate and key do not agree.
    KEY_MISMATCH = "SV-0022" Fault {
        "Certificate and private key do not belong together; check both files."
        "証明書と秘密鍵が対応していません。両方のファイルを確かめてください。"
    }
    /// Cannot listen.
    LISTEN_FAILED = "SV-0023" Fault {
        "The server cannot listen on {address}; choose another address or end the program that uses it."
        "{address} で待ち受けできません。別のアドレスにするか、使用中のプログラムを終了してください。"
    }
    /// Development certificates not made.
    CERTIFICATES_NOT_MADE = "SV-0024" Fault {
        "The development certificates could not be made; check the names given."
        "開発用証明書を作成できませんでした。指定した名前を確かめてください。"
    }
    /// Start failed.
    START_FAILED = "SV-0025" Fault {
        "The server could not start; see its log."
        "サーバーを起動できませんでした。ログを確かめてください。"
    }
    /// Facility given twice.
    FACILITY_TWICE = "SV-0026" Fault {
        "The facility {facility} is given twice; give each facility once."
        "施設 {facility} が二度指定されています。一度だけ指定してください。"
    }
    /// Date malformed.
    DATE_WRONG = "SV-0027" Invalid {
        "`{header}` is not a date of HTTP; write it like `Wed, 01 Apr 2026 00:00:00 GMT`, once."
        "`{header}` が HTTP の日付ではありません。`Wed, 01 Apr 2026 00:00:00 GMT` の形で一つだけ書いてください。"
    }
    /// Not a JSON Patch.
    PATCH_WRONG = "SV-0028" Unsupported {
        "A patch must be a JSON Patch: send `Content-Type: application/json-patch+json`. FHIRPath Patch and XML Patch are not offered."
        "パッチは JSON Patch だけを受け付けます。`Content-Type: application/json-patch+json` で送ってください。FHIRPath Patch と XML Patch は使えません。"
    }
    /// Operation not offered.
    OPERATION_NOT_OFFERED = "SV-0029" Absent {
        "This operation is not offered at this address. The operations are {offered}; `/metadata` says where each is offered."
        "この操作はこのアドレスでは使えません。操作は {offered} で、使える場所は `/metadata` に載っています。"
    }
    /// `_search` in the place of a type.
    SEARCH_EVERYWHERE = "SV-0030" Absent {
        "`_search` takes the parameters as a form: `POST [base]/_search`. With an address only, search several types (`GET [base]?_type=Condition,Observation&…`), one type (`Patient?…`) or the compartment of a record (`Patient/42/*`)."
        "`_search` は条件を本文のフォームで受け付けます（`POST [base]/_search`）。アドレスだけで検索するには、複数の型（`GET [base]?_type=Condition,Observation&…`）、一つの型（`Patient?…`）、または記録のコンパートメント（`Patient/42/*`）を指定してください。"
    }
    /// If-None-Exist malformed.
    CRITERIA_WRONG = "SV-0031" Invalid {
        "`If-None-Exist` must stand once and hold search parameters such as `identifier=system|value`."
        "`If-None-Exist` は一つだけ、`identifier=system|value` のような検索条件で書いてください。"
    }
    /// From another site.
    CROSS_SITE = "SV-0032" Refused {
        "A request that changes something with a browser's cookie must come from a page of this server; programs use a bearer token."
        "ブラウザーの Cookie による変更は、このサーバーのページからだけ行えます。プログラムはベアラートークンを使ってください。"
    }
    /// Length of the body not certain.
    LENGTH_DOUBTFUL = "SV-0040" Invalid {
        "The length of the body is not certain; send either one plain `Content-Length` or one `Transfer-Encoding: chunked` over HTTP/1.1."
        "本文の長さを一通りに決められません。`Content-Length` を一つ、または HTTP/1.1 で `Transfer-Encoding: chunked` を一つだけ送ってください。"
    }
    /// Head malformed.
    HEAD_MALFORMED = "SV-0041" Invalid {
        "The request line or a header field is malformed; end each line with CR LF, put no space before the colon, and use no control characters."
        "リクエスト行またはヘッダーの形が誤っています。各行を CR LF で終え、コロンの前に空白を置かず、制御文字を使わないでください。"
    }
    /// Chunks malformed.
    CHUNKS_MALFORMED = "SV-0042" Invalid {
        "The chunked body is malformed; check sizes, line ends and trailer fields."
        "チャンク形式の本文に誤りがあります。サイズ、改行、トレーラーを確かめてください。"
    }
    /// Transfer coding not taken.
    CODING_NOT_TAKEN = "SV-0043" Unsupported {
        "The only transfer coding taken is `chunked`; send the body without another."
        "使える転送符号化は `chunked` だけです。ほかの符号化をせずに送ってください。"
    }
    /// Version of HTTP not spoken.
    VERSION_NOT_SPOKEN = "SV-0044" Unsupported {
        "This version of HTTP is not spoken here; use HTTP/1.1, or HTTP/2 by ALPN."
        "この HTTP のバージョンには対応していません。HTTP/1.1、または ALPN による HTTP/2 を使ってください。"
    }
    /// Body too slow.
    BODY_TOO_SLOW = "SV-0045" Slow {
        "The body arrived more slowly than {rate} bytes a second; nothing was stored; send it again over a better connection."
        "本文の受信が毎秒 {rate} バイトを下回りました。何も保存していません。接続を確かめて送り直してください。"
    }
    /// The purpose of use is not one that is known.
    PURPOSE = "SV-0046" Invalid {
        "`Akashi-Purpose` must be given once at most, as one of {known}. Leave it out for treatment."
        "`Akashi-Purpose` は 1 回だけ、次のいずれかで指定してください: {known}。診療の場合は不要です。"
    }
    /// The collector of the audit trail cannot be reached.
    COLLECTOR_AWAY = "SV-0050" Busy {
        "The collector of the audit trail cannot be reached. Check `collector.address`, the network and the collector; what waits is sent later."
        "監査証跡の収集サーバーに接続できません。`collector.address`、ネットワーク、収集サーバーを確認してください。未送信の記録は後で送信します。"
    }
    /// The collector of the audit trail is not trusted, or does not trust us.
    COLLECTOR_UNTRUSTED = "SV-0051" Busy {
        "TLS with the collector of the audit trail fails. Check its certificate against `collector.ca`, and `collector.certificate` if it asks for one."
        "監査証跡の収集サーバーとの TLS 接続に失敗しました。収集サーバーの証明書と `collector.ca`、求められる場合は `collector.certificate` を確認してください。"
    }
    /// The connection to the collector broke.
    COLLECTOR_LOST = "SV-0052" Busy {
        "The connection to the collector of the audit trail broke. It is made again by itself; check the collector if this comes back."
        "監査証跡の収集サーバーとの接続が切れました。自動的に再接続します。繰り返す場合は収集サーバーを確認してください。"
    }
    /// The settings of the collector cannot be used.
    COLLECTOR_SETTINGS = "SV-0053" Fault {
        "The settings of the collector of the audit trail cannot be used (`{address}`). Give host and port, and certificates and a key in PEM that belong together."
        "監査証跡の収集サーバーの設定が使えません（`{address}`）。ホスト名とポート、対応する証明書と秘密鍵（PEM）を指定してください。"
    }
}

/// The HTTP status of a problem: that of its class, except where HTTP has a narrower one.
pub fn status(code: &Code) -> u16 {
    match code.id {
        "SV-0005" => 431,
        "SV-0006" => 414,
        "SV-0013" => 406,
        "ID-0301" | "CO-0003" => 429,
        "SV-0043" => 501,
        "SV-0044" => 505,
        "SV-0045" => 408,
        _ => fhir::outcome::status(code.class),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn every_code_has_a_page_and_its_own_number() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/errors");
        assert!(CODES.is_sorted_by(|one, next| one.id < next.id));
        for code in CODES {
            let page = std::fs::read_to_string(folder.join(format!("{}.md", code.id))).unwrap();
            assert!(page.starts_with(&format!("# {} ", code.id)), "{}", code.id);
        }
    }

    #[test]
    fn http_has_narrower_statuses_for_some_of_them() {
        assert_eq!(status(&HEADERS_TOO_LARGE), 431);
        assert_eq!(status(&TARGET_TOO_LONG), 414);
        assert_eq!(status(&FORMAT_NOT_OFFERED), 406);
        assert_eq!(status(&CODING_NOT_TAKEN), 501);
        assert_eq!(status(&VERSION_NOT_SPOKEN), 505);
        assert_eq!(status(&BODY_TOO_SLOW), 408);
        assert_eq!(status(&BODY_TOO_LARGE), 413);
    }
}
