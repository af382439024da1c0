//! The pages on which a person lets an app in: on the way, logging in, deciding, and the end where there is no way back.

use crate::pages::STYLE;
use access::{Reach, ResourceScope, Rights};
use askama::Template;
use base::Language;
use identity::app::scope::{OFFLINE, ONLINE, has, parts};
use identity::door::Requested;
use identity::kept::Account;

/// What the page shows.
pub(crate) enum State<'a> {
    /// On to the page that knows the person.
    On {
        /// Its address.
        next: &'a str,
    },
    /// Somebody has to log in.
    Login {
        /// What for.
        requested: &'a Requested,
    },
    /// Somebody decides.
    Consent {
        /// Upon what.
        requested: &'a Requested,
        /// By which the decision is sent.
        handle: &'a str,
        /// Who decides.
        account: &'a Account,
    },
    /// The end.
    Over,
}

impl State<'_> {
    /// To whose addresses the form of this page may lead, beside our own (Content Security Policy, `form-action`).
    pub(crate) fn sends_to(&self) -> Option<String> {
        match self {
            Self::Consent { requested, .. } => Some(source(&requested.redirect)),
            Self::Login { .. } | Self::On { .. } | Self::Over => None,
        }
    }
}

/// The source expression of an address: scheme, host and port; of what has no host, or one in brackets, the scheme.
fn source(address: &str) -> String {
    let (scheme, rest) = address.split_once(':').unwrap_or((address, ""));
    match rest.strip_prefix("//").map(|rest| rest.split(['/', '?']).next().unwrap_or("")) {
        Some(host) if !host.is_empty() && !host.contains('[') => format!("{scheme}://{host}"),
        _ => format!("{scheme}:"),
    }
}

#[derive(Template)]
#[template(path = "authorize.html")]
struct Page<'a> {
    lang: &'static str,
    style: &'static str,
    words: &'static Words,
    facility: &'a str,
    /// What stands before the fault.
    lead: &'static str,
    fault: Option<String>,
    state: &'a State<'a>,
    grants: Vec<String>,
}

/// The texts of the page in one language.
struct Words {
    title: &'static str,
    fault_mark: &'static str,
    faults: &'static str,
    over: &'static str,
    facility: &'static str,
    app: &'static str,
    on: &'static str,
    on_link: &'static str,
    login: &'static str,
    account: &'static str,
    password: &'static str,
    code: &'static str,
    log_in: &'static str,
    asks: &'static str,
    you: &'static str,
    may: &'static str,
    patient_part: &'static str,
    patient: &'static str,
    patient_how: &'static str,
    back_to: &'static str,
    allow: &'static str,
    deny: &'static str,
}

static JAPANESE: Words = Words {
    title: "アプリの利用の許可",
    fault_mark: "エラー: ",
    faults: "次の点を確かめてください。",
    over: "手続きを続けられません。",
    facility: "施設",
    app: "アプリ",
    on: "続きのページに移動します。",
    on_link: "移動しない場合はこちらを押してください",
    login: "アプリの利用を許可するには、ログインしてください。",
    account: "アカウント",
    password: "パスワード",
    code: "ワンタイムコード（6\u{a0}桁の数字）",
    log_in: "ログインする",
    asks: "このアプリが、あなたの権限の範囲で次のことを求めています。心当たりがない場合は許可しないでください。",
    you: "お名前",
    may: "許可する内容",
    patient_part: "患者の指定",
    patient: "患者の id",
    patient_how: "アプリに見せる患者を 1\u{a0}人指定してください。",
    back_to: "戻り先",
    allow: "許可する",
    deny: "許可しない",
};

static ENGLISH: Words = Words {
    title: "Let an app in",
    fault_mark: "Error: ",
    faults: "Please look at this:",
    over: "This cannot go on:",
    facility: "Facility",
    app: "App",
    on: "You are led on to the next page.",
    on_link: "If nothing happens, press here",
    login: "Log in to decide whether this app is let in.",
    account: "Account",
    password: "Password",
    code: "One-time code (six digits)",
    log_in: "Log in",
    asks: "This app asks for the following, within what you may do yourself. If you did not expect this, do not allow it.",
    you: "Name",
    may: "What it may do",
    patient_part: "Patient",
    patient: "Id of the patient",
    patient_how: "Name the one patient whom the app is shown.",
    back_to: "Leads back to",
    allow: "Allow",
    deny: "Do not allow",
};

fn words(language: Language) -> &'static Words {
    match language {
        Language::Japanese => &JAPANESE,
        Language::English => &ENGLISH,
    }
}

/// The page.
pub(crate) fn rendered(
    language: Language,
    facility: &str,
    state: &State<'_>,
    fault: Option<String>,
) -> String {
    let lang = match language {
        Language::Japanese => "ja",
        Language::English => "en",
    };
    let grants = match state {
        State::Consent { requested, .. } => in_words(language, &requested.scopes),
        State::On { .. } | State::Login { .. } | State::Over => Vec::new(),
    };
    let words = words(language);
    let lead = match state {
        State::Over => words.over,
        State::On { .. } | State::Login { .. } | State::Consent { .. } => words.faults,
    };
    let page = Page { lang, style: STYLE, words, facility, lead, fault, state, grants };
    // Writing into a string fails only when a value refuses to be written, and these are texts.
    page.render().unwrap_or_default()
}

/// Scopes as people read them.
pub(crate) fn in_words(language: Language, scopes: &str) -> Vec<String> {
    let mut lines: Vec<String> = parts(scopes).iter().map(|part| line(language, part)).collect();
    let lasting = [
        (ONLINE, "go on until you log out", "あなたがログアウトするまで使い続ける"),
        (
            OFFLINE,
            "go on for up to 30 days, also while you are logged out",
            "ログアウトした後も、最長 30 日間使い続ける",
        ),
    ];
    for (scope, en, ja) in lasting {
        if has(scopes, scope) {
            lines.push(choose(language, en, ja).to_owned());
        }
    }
    lines
}

fn line(language: Language, part: &ResourceScope) -> String {
    let deeds: Vec<&str> = DEEDS
        .iter()
        .filter(|(right, _, _)| part.rights.has(*right))
        .map(|(_, en, ja)| choose(language, en, ja))
        .collect();
    let whose = match part.reach {
        Reach::Patient => choose(language, "the patient whom you choose", "指定した患者"),
        Reach::User => choose(language, "all patients whom you may see", "あなたが閲覧できるすべての患者"),
        Reach::System => choose(language, "the whole facility", "施設全体"),
    };
    let all = choose(language, "all records", "すべての記録");
    let what = part.kind.as_deref().unwrap_or(all);
    match language {
        Language::Japanese => format!("{whose}の「{what}」を{}", deeds.join("・")),
        Language::English => format!("{} – {what} of {whose}", deeds.join(", ")),
    }
}

/// What the rights of a scope allow.
const DEEDS: [(Rights, &str, &str); 5] = [
    (Rights::READ, "read", "読む"),
    (Rights::SEARCH, "search", "検索する"),
    (Rights::CREATE, "create", "作成する"),
    (Rights::UPDATE, "change", "変更する"),
    (Rights::DELETE, "delete", "削除する"),
];

fn choose(language: Language, en: &'static str, ja: &'static str) -> &'static str {
    match language {
        Language::Japanese => ja,
        Language::English => en,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn requested(app: &str) -> Requested {
        Requested {
            app: app.to_owned(),
            redirect: "https://app.example/cb".to_owned(),
            scopes: "patient/*.rs offline_access".to_owned(),
            patient_needed: true,
        }
    }

    #[test]
    fn scopes_are_said_in_words() {
        let scopes = "launch/patient offline_access patient/Observation.rs user/*.cud";
        assert_eq!(
            in_words(Language::Japanese, scopes),
            [
                "指定した患者の「Observation」を読む・検索する",
                "あなたが閲覧できるすべての患者の「すべての記録」を作成する・変更する・削除する",
                "ログアウトした後も、最長 30 日間使い続ける",
            ]
        );
        assert_eq!(
            in_words(Language::English, "online_access user/*.r"),
            ["read – all records of all patients whom you may see", "go on until you log out"]
        );
    }

    #[test]
    fn what_comes_from_outside_is_text_on_the_page() {
        let requested = requested("<script>x</script>");
        let html = rendered(
            Language::Japanese,
            "demo",
            &State::Login { requested: &requested },
            Some("<i>".to_owned()),
        );
        assert!(!html.contains("<script>") && !html.contains("<i>"), "{html}");
        assert!(html.starts_with("<!doctype html>") && html.trim_end().ends_with("</html>"));
    }

    #[test]
    fn a_form_leads_to_the_app_and_nowhere_else() {
        for (address, expected) in [
            ("https://app.example:8443/cb?x=1", "https://app.example:8443"),
            ("https://app.example?x", "https://app.example"),
            ("http://127.0.0.1:5000/cb", "http://127.0.0.1:5000"),
            ("http://[::1]:5000/cb", "http:"),
            ("jp.example.app:/cb", "jp.example.app:"),
        ] {
            assert_eq!(source(address), expected);
        }
    }
}
