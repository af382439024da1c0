//! The problems of factors; each has a page under `docs/errors/`.

use base::{Class, Code};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $id:literal $class:ident { $en:literal $ja:literal })+) => {
        $($(#[$doc])* pub static $name: Code = Code { id: $id, class: Class::$class, en: $en, ja: $ja };)+

        /// Every code of the factors.
        pub static CODES: &[&Code] = &[$(&$name),+];
    };
}

codes! {
    /// Password too short.
    PASSWORD_TOO_SHORT = "ID-0201" Unprocessable {
        "The password is too short; use at least {min} characters."
        "パスワードが短すぎます。{min} 文字以上にしてください。"
    }
    /// Password too long.
    PASSWORD_TOO_LONG = "ID-0202" Unprocessable {
        "The password is too long; use at most {max} characters."
        "パスワードが長すぎます。{max} 文字以内にしてください。"
    }
    /// Letters, digits and marks must be mixed.
    PASSWORD_NEEDS_MARKS = "ID-0203" Unprocessable {
        "The password must mix letters, digits and marks such as `!` or `-`; add what is missing."
        "パスワードには英字などの文字、数字、記号（`!` や `-` など）を混ぜてください。足りない種類を加えてください。"
    }
    /// Letters and digits must be mixed.
    PASSWORD_NEEDS_DIGITS = "ID-0204" Unprocessable {
        "The password must mix letters and digits; add what is missing."
        "パスワードには英字などの文字と数字を混ぜてください。足りない種類を加えてください。"
    }
    /// Password common or easily guessed.
    PASSWORD_GUESSABLE = "ID-0205" Unprocessable {
        "The password is common or easily guessed; use several words that do not belong together, or random characters."
        "よく使われるか、推測されやすいパスワードです。関連のない言葉をいくつか並べるか、無作為な文字列にしてください。"
    }
    /// Password contains a word about its owner.
    PASSWORD_OWN_WORD = "ID-0206" Unprocessable {
        "The password contains the account id, a name or the facility; leave these out."
        "パスワードにアカウント ID、氏名、または施設名が含まれています。含まないものにしてください。"
    }
    /// Password made of repetitions or sequences.
    PASSWORD_PATTERN = "ID-0207" Unprocessable {
        "The password consists mostly of repetitions, sequences or neighbouring keys; use others."
        "パスワードの大半が、同じ文字の繰り返し、連番、またはキーボードの並びです。別のものにしてください。"
    }
    /// No random bytes.
    NO_ENTROPY = "ID-0208" Fault {
        "The operating system gave no random bytes; nothing was changed, try again or restart the machine."
        "OS から乱数を取得できませんでした。何も変更していません。やり直すか、コンピューターを再起動してください。"
    }
    /// Cost of password hashing out of bounds.
    COST_WRONG = "ID-0209" Fault {
        "The cost of password hashing is out of bounds; set memory to 8 KiB to 1 GiB per lane, 1 to 64 passes and 1 to 16 lanes."
        "パスワードのハッシュ計算の設定が範囲外です。メモリーはレーンあたり 8 KiB から 1 GiB、反復は 1 から 64 回、レーンは 1 から 16 にしてください。"
    }
    /// Secret of a one-time password malformed.
    TOTP_SECRET_WRONG = "ID-0210" Fault {
        "The secret for one-time codes must have 20 to 64 bytes; set the authenticator app up anew."
        "ワンタイムコードの秘密鍵は 20 から 64 バイトでなければなりません。認証アプリを登録し直してください。"
    }
    /// Phone number malformed.
    PHONE_WRONG = "ID-0211" Unprocessable {
        "The phone number must be written with `+` and the country code, such as `+81 90 0000 0000`."
        "電話番号は `+` と国番号から書いてください（例: `+81 90 0000 0000`）。"
    }
    /// Settings of the SMS gateway wrong.
    GATEWAY_WRONG = "ID-0212" Invalid {
        "The settings of the SMS gateway cannot be used: {fault}."
        "SMS ゲートウェイの設定を使えません（{fault}）。設定を直してください。"
    }
    /// SMS not sent.
    GATEWAY_FAILED = "ID-0213" Busy {
        "The code could not be sent by SMS; try again later, or use another factor."
        "SMS でコードを送れませんでした。後でやり直すか、別の認証方法を使ってください。"
    }
    /// Settings for passkeys wrong.
    PASSKEY_SETTINGS_WRONG = "ID-0220" Fault {
        "Passkeys cannot be offered: the public address must be https with a host name, and the passkey domain must be that name or a parent of it."
        "パスキーを提供できません。公開アドレスはホスト名を含む https とし、パスキーのドメインはその名前か上位のドメインにしてください。"
    }
    /// Answer of the browser malformed.
    PASSKEY_MALFORMED = "ID-0221" Invalid {
        "The answer of the browser is not that of a passkey; begin again with a current browser."
        "ブラウザーの応答がパスキーのものではありません。新しいブラウザーで最初からやり直してください。"
    }
    /// Begun too long ago.
    PASSKEY_EXPIRED = "ID-0222" Stale {
        "This was begun more than {minutes} minutes ago; begin again."
        "開始から {minutes} 分が過ぎました。最初からやり直してください。"
    }
    /// Used at another address.
    PASSKEY_ORIGIN = "ID-0223" Refused {
        "The passkey was used at another address than this server's; check the address in the browser and begin again."
        "このサーバーとは異なるアドレスでパスキーが使われました。ブラウザーのアドレスを確かめ、最初からやり直してください。"
    }
    /// User not verified.
    PASSKEY_NOT_VERIFIED = "ID-0224" Refused {
        "The device did not check who you are; set a PIN, fingerprint or face on it and begin again."
        "機器で本人確認が行われていません。機器に PIN、指紋、または顔認証を設定し、最初からやり直してください。"
    }
    /// Counter did not go forward.
    PASSKEY_COPIED = "ID-0225" Refused {
        "The passkey shows signs of having been copied; remove it, register a new one and tell the administrator."
        "パスキーが複製されたおそれがあります。削除して新しいものを登録し、管理者に知らせてください。"
    }
    /// Passkey not known, or not of this account.
    PASSKEY_UNKNOWN = "ID-0226" Unauthenticated {
        "This passkey is not registered here; use another factor, or register it first."
        "このパスキーは登録されていません。別の認証方法を使うか、先に登録してください。"
    }
    /// Challenge, signature or domain wrong.
    PASSKEY_WRONG = "ID-0227" Unauthenticated {
        "The answer of the passkey does not fit this request; begin again."
        "パスキーの応答がこの要求に合いません。最初からやり直してください。"
    }
    /// Registered already.
    PASSKEY_HELD = "ID-0228" Conflict {
        "This passkey is registered already; use another device, or keep it as it is."
        "このパスキーはすでに登録されています。別の機器を使うか、そのままにしてください。"
    }
}
