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
    /// What the page is about, now.
    heading: &'static str,
    /// What stands before the faults.
    lead: &'static str,
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
    /// The same for an app on the device that shows the page.
    url: &'a str,
}

/// What was set.
pub(crate) struct Done<'a> {
    account: &'a str,
    recovery_codes: Vec<&'a str>,
}

/// The texts of the page in one language.
struct Words {
    title: &'static str,
    done_title: &'static str,
    fault_mark: &'static str,
    faults: &'static str,
    over: &'static str,
    greeting: &'static str,
    facility: &'static str,
    name: &'static str,
    account: &'static str,
    password_part: &'static str,
    password: &'static str,
    again: &'static str,
    code_part: &'static str,
    code_how: &'static str,
    qr: &'static str,
    by_hand: &'static str,
    by_link: &'static str,
    code: &'static str,
    send: &'static str,
    done: &'static str,
    recovery_part: &'static str,
    recovery: &'static str,
    once: &'static str,
}

static JAPANESE: Words = Words {
    title: "アカウントの設定",
    done_title: "設定が完了しました",
    fault_mark: "エラー: ",
    faults: "次の点を確かめてください。",
    over: "この招待では設定できません。",
    greeting: "このアカウントに招待されています。パスワードとワンタイムコードを設定してください。",
    facility: "施設",
    name: "お名前",
    account: "アカウント",
    password_part: "1. パスワード",
    password: "パスワード",
    again: "パスワード（確認のためもう一度）",
    code_part: "2. ワンタイムコード",
    code_how: "スマートフォンの認証アプリで QR コードを読み取り、表示された 6\u{a0}桁の数字を入力してください。",
    qr: "QR コード",
    by_hand: "読み取れない場合は、次の文字列をアプリに入力してください。",
    by_link: "この端末の認証アプリで開く",
    code: "6\u{a0}桁の数字",
    send: "設定する",
    done: "次回からは、アカウント、パスワード、ワンタイムコードでログインしてください。",
    recovery_part: "リカバリーコード",
    recovery: "次のコードを印刷するか書き写し、他人の目に触れない場所に保管してください。スマートフォンをなくしたときに、1\u{a0}つにつき 1\u{a0}回だけ使えます。",
    once: "この画面は二度と表示されません。",
};

static ENGLISH: Words = Words {
    title: "Set up your account",
    done_title: "Your account is set up",
    fault_mark: "Error: ",
    faults: "Please look at this:",
    over: "Nothing can be set up here:",
    greeting: "You are invited to this account. Set a password and one-time codes.",
    facility: "Facility",
    name: "Name",
    account: "Account",
    password_part: "1. Password",
    password: "Password",
    again: "Password, once more",
    code_part: "2. One-time codes",
    code_how: "Read the QR code with an authenticator app on your phone, and type the six digits that it shows.",
    qr: "QR code",
    by_hand: "If it cannot be read, type this into the app:",
    by_link: "Open it in the authenticator app of this device",
    code: "Six digits",
    send: "Set up",
    done: "From now on, log in with account, password and one-time code.",
    recovery_part: "Recovery codes",
    recovery: "Print these codes, or write them down, and keep them where nobody else sees them. Each works once, when your phone is lost.",
    once: "This page is not shown again.",
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
    let words = words(language);
    let (heading, lead) = match &state {
        State::Over => (words.title, words.over),
        State::Open(_) => (words.title, words.faults),
        State::Done(_) => (words.done_title, words.faults),
    };
    let page = Page { lang, style: STYLE, words, heading, lead, faults, state };
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
        url: text("/totp/url"),
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
            "英字・数字・記号を組み合わせて 8\u{a0}文字以上。推測されやすいものは使えません。"
        }
        (Language::Japanese, "6.0", false) => {
            "英字・数字・記号を組み合わせて 13\u{a0}文字以上。推測されやすいものは使えません。"
        }
        (Language::Japanese, _, true) => {
            "英字と数字を組み合わせて 8\u{a0}文字以上。長いほど安全です。推測されやすいものは使えません。"
        }
        (Language::Japanese, _, false) => "13\u{a0}文字以上。推測されやすいものは使えません。",
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
            let words = words(language);
            for (html, title) in [
                (over(language, "x".to_owned()), format!("{}{}", words.fault_mark, words.title)),
                (form(language, &json!({}), Vec::new()), words.title.to_owned()),
                (done(language, &accepted), words.done_title.to_owned()),
            ] {
                assert!(html.starts_with("<!doctype html>") && html.trim_end().ends_with("</html>"));
                assert!(html.contains(&format!("<title>{title} – Akashi</title>")), "{html}");
            }
            assert!(done(language, &accepted).contains("AAAA-BBBB"));
        }
    }
}
