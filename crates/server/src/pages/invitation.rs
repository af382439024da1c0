//! The page behind an invitation's link: somebody sets a password and one-time codes, and gets recovery codes.

use crate::pages::STYLE;
use askama::Template;
use base::Language;
use serde_json::Value;

/// The page in one of its states.
#[derive(Template)]
#[template(path = "invitation.html")]
pub(crate) struct Page<'a> {
    lang: &'static str,
    style: &'static str,
    words: &'static Words,
    faults: Vec<String>,
    state: State<'a>,
}

/// What the page shows.
pub(crate) enum State<'a> {
    /// The invitation is of no use any more.
    Over,
    /// The form.
    Open(Form<'a>),
    /// All is set.
    Done(Done<'a>),
}

/// The form, filled.
pub(crate) struct Form<'a> {
    facility: &'a str,
    name: &'a str,
    account: &'a str,
    rule: &'static str,
    handle: &'a str,
    qr: &'a str,
    secret: &'a str,
}

/// What was set.
pub(crate) struct Done<'a> {
    account: &'a str,
    recovery_codes: Vec<&'a str>,
}

/// The texts of the page in one language.
struct Words {
    title: &'static str,
    faults: &'static str,
    greeting: &'static str,
    facility: &'static str,
    name: &'static str,
    account: &'static str,
    password_part: &'static str,
    password: &'static str,
    again: &'static str,
    code_part: &'static str,
    code_how: &'static str,
    by_hand: &'static str,
    code: &'static str,
    send: &'static str,
    done: &'static str,
    recovery: &'static str,
}

static JAPANESE: Words = Words {
    title: "アカウントの設定",
    faults: "次の点を確かめてください。",
    greeting: "このアカウントに招待されています。パスワードとワンタイムコードを設定してください。",
    facility: "施設",
    name: "お名前",
    account: "アカウント",
    password_part: "1. パスワード",
    password: "パスワード",
    again: "パスワード（確認のためもう一度）",
    code_part: "2. ワンタイムコード",
    code_how: "スマートフォンの認証アプリで QR コードを読み取り、表示された 6 桁の数字を入力してください。",
    by_hand: "読み取れない場合は、次の文字列をアプリに入力してください。",
    code: "6 桁の数字",
    send: "設定する",
    done: "設定が完了しました。次回からは、アカウント、パスワード、ワンタイムコードでログインしてください。",
    recovery: "次のリカバリーコードを印刷するか書き写し、他人の目に触れない場所に保管してください。スマートフォンを失くしたときに、1 つにつき 1 回だけ使えます。この画面は二度と表示されません。",
};

static ENGLISH: Words = Words {
    title: "Set up your account",
    faults: "Please look at this:",
    greeting: "You are invited to this account. Set a password and one-time codes.",
    facility: "Facility",
    name: "Name",
    account: "Account",
    password_part: "1. Password",
    password: "Password",
    again: "Password, once more",
    code_part: "2. One-time codes",
    code_how: "Read the QR code with an authenticator app on your phone, and type the six digits that it shows.",
    by_hand: "If it cannot be read, type this into the app:",
    code: "Six digits",
    send: "Set up",
    done: "All is set. From now on, log in with account, password and one-time code.",
    recovery: "Print these recovery codes, or write them down, and keep them where nobody else sees them. Each works once, when your phone is lost. This page is not shown again.",
};

fn words(language: Language) -> &'static Words {
    match language {
        Language::Japanese => &JAPANESE,
        Language::English => &ENGLISH,
    }
}

fn rendered(language: Language, faults: Vec<String>, state: State<'_>) -> String {
    let lang = match language {
        Language::Japanese => "ja",
        Language::English => "en",
    };
    let page = Page { lang, style: STYLE, words: words(language), faults, state };
    // Writing into a string fails only when a value refuses to be written, and these are texts.
    page.render().unwrap_or_default()
}

/// The page of an invitation that is of no use any more.
pub(crate) fn over(language: Language, fault: String) -> String {
    rendered(language, vec![fault], State::Over)
}

/// The form for an invitation as `Identity::open_invitation` shows it.
pub(crate) fn form(language: Language, opened: &Value, faults: Vec<String>) -> String {
    let text = |name: &str| opened.pointer(name).and_then(Value::as_str).unwrap_or("");
    let needed = opened.pointer("/factors_needed").and_then(Value::as_u64).unwrap_or(2);
    let form = Form {
        facility: text("/facility"),
        name: text("/name"),
        account: text("/account"),
        rule: rule(language, text("/password_edition"), needed),
        handle: text("/totp/handle"),
        qr: text("/totp/qr"),
        secret: text("/totp/secret"),
    };
    rendered(language, faults, State::Open(form))
}

/// What is said once all is set.
pub(crate) fn done(language: Language, accepted: &Value) -> String {
    let codes = accepted.pointer("/recovery_codes").and_then(Value::as_array);
    let done = Done {
        account: accepted.pointer("/account").and_then(Value::as_str).unwrap_or(""),
        recovery_codes: codes.into_iter().flatten().filter_map(Value::as_str).collect(),
    };
    rendered(language, Vec::new(), State::Done(done))
}

/// What a password must be, in short; the full judgement is given after it was sent.
fn rule(language: Language, edition: &str, factors_needed: u64) -> &'static str {
    match (language, edition, factors_needed >= 2) {
        (Language::Japanese, "6.0", true) => {
            "英字・数字・記号を組み合わせて 8 文字以上。推測されやすいものは使えません。"
        }
        (Language::Japanese, "6.0", false) => {
            "英字・数字・記号を組み合わせて 13 文字以上。推測されやすいものは使えません。"
        }
        (Language::Japanese, _, true) => {
            "英字と数字を組み合わせて 8 文字以上。長いほど安全です。推測されやすいものは使えません。"
        }
        (Language::Japanese, _, false) => "13 文字以上。推測されやすいものは使えません。",
        (Language::English, "6.0", true) => {
            "At least 8 characters with letters, digits and marks; nothing that is easily guessed."
        }
        (Language::English, "6.0", false) => {
            "At least 13 characters with letters, digits and marks; nothing that is easily guessed."
        }
        (Language::English, _, true) => {
            "At least 8 characters with letters and digits; the longer the better; nothing that is easily guessed."
        }
        (Language::English, _, false) => "At least 13 characters; nothing that is easily guessed.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_comes_from_outside_is_text_on_the_page() {
        let opened = json!({ "facility": "demo", "name": "<script>x</script>", "account": "a\"b", "totp": { "handle": "\"><b>", "secret": "A&B" } });
        let html = form(Language::Japanese, &opened, vec!["<i>".to_owned()]);
        assert!(!html.contains("<script>") && !html.contains("\"><b>") && !html.contains("<i>"));
        assert!(html.contains("A&#38;B") || html.contains("A&amp;B"));
    }

    #[test]
    fn every_state_is_a_whole_page_in_either_language() {
        for language in [Language::Japanese, Language::English] {
            let accepted = json!({ "account": "dr-a", "recovery_codes": ["AAAA-BBBB"] });
            for html in [
                over(language, "x".to_owned()),
                form(language, &json!({}), Vec::new()),
                done(language, &accepted),
            ] {
                assert!(html.starts_with("<!doctype html>") && html.trim_end().ends_with("</html>"));
                assert!(html.contains(words(language).title));
            }
            assert!(done(language, &accepted).contains("AAAA-BBBB"));
        }
    }
}
