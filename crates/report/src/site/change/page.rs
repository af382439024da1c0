//! A comparison as a page of HTML.

use super::parts::{Line, Turn, head, parts};
use crate::site::html::STYLE;
use crate::site::words::{choose, tag};
use askama::Template;
use base::Language;
use site::compare::Change;

#[derive(Template)]
#[template(path = "change.html")]
struct Page {
    lang: &'static str,
    style: &'static str,
    title: &'static str,
    before_head: &'static str,
    after_head: &'static str,
    note: &'static str,
    nothing: &'static str,
    head: Vec<RowShown>,
    parts: Vec<PartShown>,
}

struct RowShown {
    name: &'static str,
    before: String,
    after: String,
    class: &'static str,
}

struct PartShown {
    title: &'static str,
    lists: Vec<ListShown>,
}

struct ListShown {
    class: &'static str,
    mark: &'static str,
    name: &'static str,
    lines: Vec<Line>,
}

/// What differs between two checks as one page in one language.
pub fn change_page(change: &Change, language: Language) -> String {
    let page = Page {
        lang: tag(language),
        style: STYLE,
        title: choose(language, "構成変更の影響", "What the change does"),
        before_head: choose(language, "変更前", "Before"),
        after_head: choose(language, "変更後", "After"),
        note: choose(
            language,
            "なくなったものが安全とは限りません。判定できなくなったものは、別に示します。",
            "What is gone is not always safe: what came to be undecided is shown by itself.",
        ),
        nothing: choose(language, "違いはありません。", "Nothing differs."),
        head: head(change, language)
            .into_iter()
            .map(|row| RowShown {
                name: row.name,
                before: row.before,
                after: row.after,
                class: row.turn.map_or("", class),
            })
            .collect(),
        parts: parts(change, language)
            .into_iter()
            .map(|part| PartShown {
                title: part.title,
                lists: part
                    .lists
                    .into_iter()
                    .map(|list| ListShown {
                        class: class(list.turn),
                        mark: list.turn.mark(),
                        name: list.name,
                        lines: list.lines,
                    })
                    .collect(),
            })
            .collect(),
    };
    // Writing into a string fails only when a value refuses to be written, and these are texts.
    page.render().unwrap_or_default()
}

/// What is gone has the one green of the style sheet: something bad is no more.
fn class(turn: Turn) -> &'static str {
    match turn {
        Turn::Better => "met",
        Turn::Worse => "not-met",
        Turn::Open => "unknown",
    }
}
