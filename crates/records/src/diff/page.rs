//! Differences for people: each step with who wrote it, when and why, and the elements before and after.

use super::{Diff, Step};
use crate::chart::{Changed, STYLE, against, changed, day, head, shade, state};
use crate::facility::{Caller, Facility};
use askama::Template;
use base::{Language, Problem};
use fhir::definitions;
use fhir::readable;

#[derive(Template)]
#[template(path = "diff.html")]
struct Page<'a> {
    words: &'static Words,
    style: &'static str,
    facility: &'a str,
    kind: &'static str,
    record: String,
    title: String,
    moment: String,
    steps: Vec<Shown>,
}

struct Shown {
    against: String,
    state: String,
    class: &'static str,
    head: String,
    proof: String,
    reason: String,
    deleted: bool,
    changes: Vec<Changed>,
}

struct Words {
    lang: &'static str,
    title: &'static str,
    facility: &'static str,
    record: &'static str,
    moment: &'static str,
    proof: &'static str,
    reason: &'static str,
    deleted: &'static str,
    same: &'static str,
    note: &'static str,
}

const JAPANESE: Words = Words {
    lang: "ja",
    title: "版の比較",
    facility: "施設",
    record: "記録",
    moment: "表示した日時",
    proof: "証明",
    reason: "理由",
    deleted: "この版で削除",
    same: "内容に変更はありません。",
    note: "取り消し線は変更前、下線は変更後の内容です。時刻は日本時間です。",
};

const ENGLISH: Words = Words {
    lang: "en",
    title: "Versions compared",
    facility: "Facility",
    record: "Record",
    moment: "Shown at",
    proof: "proof",
    reason: "Reason",
    deleted: "deleted by this version",
    same: "The content did not change.",
    note: "Struck out: before. Underlined: after. Times are those of Japan.",
};

pub(super) fn page(diff: &Diff<'_>, facility: &Facility, caller: &Caller<'_>) -> Result<String, Problem> {
    let language = caller.language;
    let newest = diff.steps.first();
    let content = newest.and_then(|step| step.after.content.as_deref().or(step.before.content.as_deref()));
    let heading = content.map(|content| readable::heading(content, language)).transpose()?;
    let kind = definitions::resource_kind(&diff.key.kind);
    let kind = kind.map(|kind| readable::kind_name(kind, language)).unwrap_or_default();
    let steps = diff.steps.iter().map(|step| shown(diff, step, caller)).collect::<Result<_, _>>()?;
    let page = Page {
        words: match language {
            Language::Japanese => &JAPANESE,
            Language::English => &ENGLISH,
        },
        style: STYLE,
        facility: facility.id().as_str(),
        kind,
        record: diff.key.to_string(),
        title: heading.and_then(|heading| heading.title).unwrap_or_else(|| kind.to_owned()),
        moment: day(&facility.now().to_string(), language),
        steps,
    };
    page.render().map_err(|_| Problem::new(&store::codes::DATABASE).log("a page was not written"))
}

fn shown(diff: &Diff<'_>, step: &Step, caller: &Caller<'_>) -> Result<Shown, Problem> {
    let (after, language) = (&step.after, caller.language);
    let changes = match (&step.before.content, &after.content) {
        (Some(before), Some(after)) => changed(before, after, language)?,
        _ => Vec::new(),
    };
    Ok(Shown {
        against: against(step.before.number, language),
        state: state(after.state.as_ref(), language).unwrap_or_default(),
        class: shade(after).class(),
        head: head(after, language),
        proof: format!("{}/{}/_history/{}/$proof", caller.base_url, diff.key, after.number),
        reason: after.reason.clone().unwrap_or_default(),
        deleted: after.content.is_none(),
        changes,
    })
}
