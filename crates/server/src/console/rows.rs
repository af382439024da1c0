//! The addresses of the console, as rows of the route table. Which pages there are stands in `console::PAGES`.

use crate::interactions::{ConsoleCall, Interaction};
use crate::route::{BodyKind, Caller, Parameters, Route, Work};
use http::Method;

const ROW: Route = Route {
    method: Method::GET,
    path: "",
    interaction: Interaction::Console(ConsoleCall::Page),
    caller: Caller::Required,
    work: Work::Long,
    body: BodyKind::None,
    parameters: Parameters::Content,
    english: "",
    japanese: "",
};

/// What the console is served under, beside [`crate::ROUTES`].
pub static CONSOLE: &[Route] = &[
    Route {
        path: "/console/{*path}",
        interaction: Interaction::Console(ConsoleCall::Asset),
        caller: Caller::Open,
        english: "style sheet, scripts and picture of the console",
        japanese: "画面のスタイルシート、スクリプト、アイコン",
        ..ROW
    },
    Route {
        path: "/f/{facility}/console",
        english: "first page of the console",
        japanese: "画面のホーム",
        ..ROW
    },
    Route {
        path: "/f/{facility}/console/",
        english: "the same, with a slash at the end",
        japanese: "同上（末尾に / を付けた場合）",
        ..ROW
    },
    Route {
        path: "/f/{facility}/console/{*path}",
        english: "a page of the console",
        japanese: "画面のページ",
        ..ROW
    },
    Route {
        method: Method::POST,
        path: "/f/{facility}/console/{*path}",
        body: BodyKind::Upload,
        english: "what a form of the console sends",
        japanese: "画面のフォームの送信",
        ..ROW
    },
    Route {
        path: "/f/{facility}/console/sign-in",
        interaction: Interaction::Console(ConsoleCall::Arrive),
        caller: Caller::Arriving,
        english: "the page on which people sign in",
        japanese: "ログインの画面",
        ..ROW
    },
    Route {
        method: Method::POST,
        path: "/f/{facility}/console/sign-in",
        interaction: Interaction::Console(ConsoleCall::Arrive),
        caller: Caller::Arriving,
        body: BodyKind::Form,
        english: "sign in",
        japanese: "ログインする",
        ..ROW
    },
    Route {
        method: Method::POST,
        path: "/f/{facility}/console/language",
        interaction: Interaction::Console(ConsoleCall::Language),
        caller: Caller::Arriving,
        body: BodyKind::Form,
        english: "choose the language of the pages in this browser",
        japanese: "このブラウザーの画面の言語を選ぶ",
        ..ROW
    },
    Route {
        method: Method::POST,
        path: "/f/{facility}/console/sign-out",
        interaction: Interaction::Console(ConsoleCall::Leave),
        body: BodyKind::Upload,
        english: "sign out",
        japanese: "ログアウトする",
        ..ROW
    },
    Route {
        path: "/f/{facility}/console/emergency",
        interaction: Interaction::Console(ConsoleCall::Emergency),
        caller: Caller::Arriving,
        english: "whether writing is stopped, until when the journal is whole, and what to do meanwhile",
        japanese: "非常時の画面（記録の停止の有無、確認済みの時点、対応）",
        ..ROW
    },
    Route {
        path: "/f/{facility}/console/events",
        interaction: Interaction::Console(ConsoleCall::News),
        english: "that something has changed, told to an open page (server-sent events)",
        japanese: "変更があったことを開いている画面に知らせる（server-sent events）",
        ..ROW
    },
    Route {
        path: "/f/{facility}/console/emergency/{*path}",
        interaction: Interaction::Console(ConsoleCall::EmergencyLook),
        english: "while writing is stopped: patients and what is most needed of their records, as far as it is proven",
        japanese: "書き込みの停止中に、患者と診療に必要な記録を、検証できた範囲で見る画面",
        ..ROW
    },
];
