//! The problems with client certificates; each has a page under `docs/errors/`.

use base::{Class, Code};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $id:literal $class:ident { $en:literal $ja:literal })+) => {
        $($(#[$doc])* pub static $name: Code = Code { id: $id, class: Class::$class, en: $en, ja: $ja };)+

        /// Every code of this room.
        pub static CODES: &[&Code] = &[$(&$name),+];
    };
}

codes! {
    /// No certificate shown.
    MISSING = "ID-0101" Unauthenticated {
        "No client certificate was shown; install the one issued for this device or organisation and choose it when connecting."
        "クライアント証明書が提示されていません。この端末または組織に発行された証明書をインストールし、接続時に選んでください。"
    }
    /// Certificate unreadable.
    UNREADABLE = "ID-0102" Unauthenticated {
        "The client certificate cannot be read as X.509; install it again from the file that was issued."
        "クライアント証明書を X.509 として読み取れません。発行されたファイルからインストールし直してください。"
    }
    /// Authority not trusted here.
    UNKNOWN_AUTHORITY = "ID-0103" Unauthenticated {
        "The client certificate was not issued by an authority that this facility trusts; use the certificate issued for this facility, or have its authority imported."
        "クライアント証明書の発行元は、この施設が信頼する認証局ではありません。この施設用に発行された証明書を使うか、発行元の認証局を取り込んでください。"
    }
    /// Intermediate certificate missing.
    INCOMPLETE_CHAIN = "ID-0104" Unauthenticated {
        "An intermediate certificate between the client certificate and the trusted authority is missing; install the whole chain on the device, or import the intermediate certificate with its authority."
        "クライアント証明書と信頼する認証局の間の中間証明書がありません。端末に証明書チェーン全体をインストールするか、中間証明書を認証局とともに取り込んでください。"
    }
    /// Certificate expired.
    EXPIRED = "ID-0105" Unauthenticated {
        "The client certificate, or one above it, has expired; have a new one issued and install it."
        "クライアント証明書またはその上位の証明書の有効期限が切れています。新しい証明書の発行を受け、インストールしてください。"
    }
    /// Certificate not valid yet.
    NOT_YET_VALID = "ID-0106" Unauthenticated {
        "The client certificate, or one above it, is not valid yet; check the server's clock, or wait until it begins to be valid."
        "クライアント証明書またはその上位の証明書の有効期間がまだ始まっていません。サーバーの時計を確かめるか、開始を待ってください。"
    }
    /// Certificate revoked.
    REVOKED = "ID-0107" Unauthenticated {
        "The client certificate, or one above it, has been revoked; have a new one issued, and find out why this one is still in use."
        "クライアント証明書またはその上位の証明書は失効しています。新しい証明書の発行を受け、失効した証明書が使われている理由を調べてください。"
    }
    /// Certificate for another use.
    WRONG_USAGE = "ID-0108" Unauthenticated {
        "The certificate is not made for logging on as a client; have one issued with the extended key usage clientAuth and the key usage digitalSignature, not for an authority."
        "この証明書はクライアント認証用ではありません。拡張鍵用途 clientAuth と鍵用途 digitalSignature を持ち、認証局用でない証明書の発行を受けてください。"
    }
    /// Key too weak.
    WEAK_KEY = "ID-0109" Unauthenticated {
        "A key in the certificate chain is too weak, or a signature in it outdated (SHA-1); have the certificate issued anew with RSA of at least 2048 bits, P-256, P-384, P-521 or Ed25519, signed with SHA-256 or better."
        "証明書チェーンの中に弱い鍵または古い方式 (SHA-1) の署名があります。RSA 2048 ビット以上、P-256、P-384、P-521、Ed25519 のいずれかの鍵と、SHA-256 以上の署名で発行し直してください。"
    }
    /// Revocation list out of date or missing.
    LIST_STALE = "ID-0110" Unauthenticated {
        "Whether the certificate is revoked cannot be told, because the revocation list of its authority is missing or out of date; import the current list."
        "発行元の認証局の失効リスト (CRL) がないか期限を過ぎているため、証明書が失効していないことを確認できません。最新の失効リストを取り込んでください。"
    }
    /// File empty.
    FILE_EMPTY = "ID-0111" Invalid {
        "There is nothing in the file; choose the file with the certificate or the revocation list."
        "ファイルが空です。証明書または失効リストのファイルを選んでください。"
    }
    /// Private key where a certificate belongs.
    PRIVATE_KEY_FOUND = "ID-0112" Invalid {
        "The file holds a private key, which belongs nowhere but with its owner; nothing was taken from it. Give the certificate alone, and have the key replaced if others may have seen this file."
        "ファイルに秘密鍵が含まれています。秘密鍵は所有者以外に渡してはならないため、何も取り込みませんでした。証明書だけを指定し、他人に見られた可能性があれば鍵を作り直してください。"
    }
    /// PKCS#7 or PKCS#12 given.
    CONTAINER_FOUND = "ID-0113" Invalid {
        "The file is a container ({kind}), not certificates by themselves; export the certificates as PEM or DER and give those."
        "ファイルは証明書そのものではなく、入れ物の形式 ({kind}) です。証明書を PEM または DER で書き出して指定してください。"
    }
    /// Neither certificate nor revocation list.
    FILE_UNREADABLE = "ID-0114" Invalid {
        "The file holds neither certificates nor revocation lists in PEM or DER, or is damaged; export it again."
        "ファイルに PEM または DER の証明書や失効リストがないか、ファイルが壊れています。もう一度書き出してください。"
    }
    /// File too large.
    FILE_TOO_LARGE = "ID-0115" TooLarge {
        "The file is longer than {limit} bytes or holds more than {count} certificates and lists; give the authority's own files only."
        "ファイルが {limit} バイトを超えるか、証明書と失効リストが {count} 個を超えています。認証局のファイルだけを指定してください。"
    }
    /// Not an authority's certificate.
    NOT_AN_AUTHORITY = "ID-0116" Invalid {
        "The certificate is not that of an authority that may sign certificates; import the authority's own certificate (CA:TRUE, keyCertSign) with a strong key."
        "この証明書は、証明書に署名できる認証局のものではありません。十分な強さの鍵を持つ、認証局自身の証明書 (CA:TRUE、keyCertSign) を取り込んでください。"
    }
    /// Revocation list unreadable.
    LIST_UNREADABLE = "ID-0117" Invalid {
        "The revocation list cannot be used: it must be a complete X.509 version 2 list with nextUpdate and a number, and not a delta or an indirect list."
        "失効リストを使えません。nextUpdate と番号を持つ X.509 第 2 版の完全なリストが必要です。差分リストや間接リストは使えません。"
    }
    /// Revocation list of another authority.
    LIST_FOREIGN = "ID-0118" Invalid {
        "The revocation list is not signed by this authority or one of its intermediates; take the list from the authority that issued the certificates."
        "失効リストは、この認証局またはその中間認証局の署名ではありません。証明書を発行した認証局から失効リストを入手してください。"
    }
    /// Revocation list older than the one held.
    LIST_OLDER = "ID-0119" Conflict {
        "The revocation list is not newer than the one already held; download the current one. The list held stays in use."
        "失効リストが、取り込み済みのものより新しくありません。最新のものをダウンロードしてください。取り込み済みのリストを引き続き使います。"
    }
    /// Revocation list not current.
    LIST_NOT_CURRENT = "ID-0120" Invalid {
        "The revocation list has passed its nextUpdate, or begins in the future; download the current one, and check the server's clock."
        "失効リストの nextUpdate を過ぎているか、開始時刻が未来です。最新のものをダウンロードし、サーバーの時計を確かめてください。"
    }
    /// Certificate not made.
    NOT_MADE = "ID-0121" Fault {
        "The certificate, list or file could not be made by the cryptographic library; nothing was issued. Report this with the server's log."
        "暗号ライブラリーが証明書、失効リスト、またはファイルを作成できませんでした。何も発行していません。サーバーのログを添えて報告してください。"
    }
    /// No random bytes.
    NO_CHANCE = "ID-0122" Fault {
        "The operating system gave no random bytes; nothing was issued. Try again."
        "OS から乱数を取得できませんでした。何も発行していません。もう一度試してください。"
    }
    /// Validity out of bounds.
    VALIDITY_OUT_OF_BOUNDS = "ID-0123" Invalid {
        "The validity must be between 1 and {most} {unit}; choose a value within that."
        "有効期間は 1 から {most} {unit} の間で指定してください。"
    }
    /// Authority ends sooner.
    AUTHORITY_ENDS_SOONER = "ID-0124" Invalid {
        "The authority is not valid for the whole time asked for (it ends {until}); ask for fewer days, or make a new authority first."
        "認証局の有効期間が、指定された期間を満たしません (終了 {until})。日数を減らすか、先に新しい認証局を作成してください。"
    }
    /// Key of another authority.
    KEY_OF_ANOTHER = "ID-0125" Fault {
        "The key does not belong to the authority's certificate; nothing was issued. Restore both from the same backup."
        "鍵が認証局の証明書と対応していません。何も発行していません。両方を同じバックアップから復元してください。"
    }
    /// Text not fit for a certificate.
    TEXT_UNFIT = "ID-0126" Invalid {
        "A name or label in a certificate has 1 to {most} characters and no control characters; choose another."
        "証明書の名前やラベルは 1 から {most} 文字で、制御文字を含められません。別のものを指定してください。"
    }
    /// Request unreadable.
    REQUEST_UNREADABLE = "ID-0127" Invalid {
        "The certificate request cannot be read; give one PKCS#10 request as PEM (`CERTIFICATE REQUEST`) or DER."
        "証明書署名要求を読み取れません。PKCS#10 の要求 1 つを PEM (`CERTIFICATE REQUEST`) または DER で指定してください。"
    }
    /// Request not signed by its key.
    REQUEST_NOT_PROVED = "ID-0128" Invalid {
        "The certificate request is not signed with the key it names, or with an outdated algorithm such as SHA-1; make the request anew on the device."
        "証明書署名要求が、その鍵で署名されていないか、SHA-1 などの古い方式で署名されています。端末で要求を作り直してください。"
    }
    /// Key of the request too weak.
    REQUEST_KEY_WEAK = "ID-0129" Invalid {
        "The key in the certificate request is too weak or of a kind not taken; make one with RSA of at least 2048 bits, P-256, P-384, P-521 or Ed25519."
        "証明書署名要求の鍵が弱いか、使えない種類です。RSA 2048 ビット以上、P-256、P-384、P-521、Ed25519 のいずれかで作成してください。"
    }
    /// Passphrase unfit.
    PASSPHRASE_UNFIT = "ID-0130" Invalid {
        "The passphrase must have {least} to {most} letters, digits and signs of ASCII, so that every device can take it; choose another."
        "パスフレーズは、どの端末でも入力できるように {least} から {most} 文字の半角英数字と記号で指定してください。"
    }
    /// No key to hand out.
    NO_KEY = "ID-0131" Invalid {
        "The certificate was issued for a request, so its key is on the device and cannot be put in a PKCS#12 file; hand out the certificate as PEM."
        "証明書署名要求に対して発行した証明書のため、鍵は端末にあり、PKCS#12 ファイルに入れられません。証明書を PEM で渡してください。"
    }
    /// Too long for a QR code.
    QR_TOO_LONG = "ID-0132" TooLarge {
        "This is longer than a QR code can hold ({limit} bytes); hand it over as a file."
        "QR コードに入る長さ ({limit} バイト) を超えています。ファイルで渡してください。"
    }
    /// Revocation list with too many or doubled entries.
    LIST_NOT_MADE = "ID-0133" Invalid {
        "A revocation list needs a nextUpdate after its thisUpdate, and each serial number once; correct the entries."
        "失効リストの nextUpdate は thisUpdate より後でなければならず、シリアル番号の重複もできません。内容を修正してください。"
    }
}
