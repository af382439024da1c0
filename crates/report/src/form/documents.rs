//! The register of documents as a part of a report: what there is, what is overdue, what is missing.

use super::words::tell;
use super::{DocumentLine, Given};
use crate::paper::{Block, Cell, Column, Row, Section, Table, Tone, day};
use guideline::{Day, DocumentKind};
use std::collections::BTreeSet;

/// Two sections: the documents that there are, and the kinds of which there is none.
pub(super) fn sections(given: &Given<'_>) -> Vec<Section> {
    vec![there(given), missing(given)]
}

fn there(given: &Given<'_>) -> Section {
    let heading = given.say("登録されている文書", "Registered documents");
    if given.documents.is_empty() {
        let none =
            given.say("文書台帳には、文書がまだ一つも登録されていません。", "No document is registered yet.");
        return Section::new(heading, vec![Block::Text(none.to_owned())]);
    }
    let today = Day::of(given.as_of);
    let late = given.documents.iter().filter(|one| one.review_on < today).count();
    let unapproved = given.documents.iter().filter(|one| one.approved.is_none()).count();
    let (all, on) = (given.documents.len(), day(today, given.language));
    let told = tell(
        given,
        format!(
            "登録 {all} 件、うち見直しの期日を過ぎたもの {late} 件、承認されていないもの {unapproved} 件です（基準日：{on}）。"
        ),
        format!("{all} documents; {late} past their review day, {unapproved} not approved (as of {on})."),
    );
    let columns = vec![
        Column::new(given.say("種類", "Kind"), 14),
        Column::new(given.say("題名", "Title"), 14),
        Column::new(given.say("版", "Version"), 5),
        Column::new(given.say("担当", "Owner"), 8),
        Column::new(given.say("承認", "Approved"), 9),
        Column::new(given.say("見直し期日", "Review day"), 8),
        Column::new(given.say("ジャーナル位置", "Journal position"), 5),
    ];
    let mut lines: Vec<&DocumentLine> = given.documents.iter().collect();
    let place = |kind: &str| given.engine.registry.documents().position(|one| one.kind == kind);
    lines.sort_by_key(|one| (place(&one.kind).unwrap_or(usize::MAX), one.kind.as_str(), one.position));
    let rows = lines.into_iter().map(|one| row(given, one, today)).collect();
    let table = Table { name: given.say("文書台帳", "Documents").to_owned(), columns, rows };
    Section::new(heading, vec![Block::Text(told), Block::Table(table)]).wide()
}

fn row(given: &Given<'_>, one: &DocumentLine, today: Day) -> Row {
    let known = given.engine.registry.document(&one.kind);
    let kind = known.map_or(one.kind.as_str(), |known| known.name.of(given.language));
    let approved = match &one.approved {
        Some((by, on)) => Cell::plain(format!("{by}\n{on}")),
        None => Cell::of(Tone::Asked, given.say("未承認", "not approved")),
    };
    let review = if one.review_on < today {
        Cell::of(
            Tone::Bad,
            tell(given, format!("【期限超過】{}", one.review_on), format!("[overdue] {}", one.review_on)),
        )
    } else {
        Cell::plain(one.review_on.to_string())
    };
    let cells = vec![
        Cell::plain(kind),
        Cell::plain(&one.title),
        Cell::plain(&one.version),
        Cell::plain(&one.owner),
        approved,
        review,
        Cell::plain(one.position.to_string()),
    ];
    // The title tells apart what stands beside each other under one kind, in every version of the report.
    Row::Cells { key: Some(format!("{}/{}", one.kind, one.title)), cells }
}

fn missing(given: &Given<'_>) -> Section {
    let there: BTreeSet<&str> = given.documents.iter().map(|one| one.kind.as_str()).collect();
    let missing: Vec<&DocumentKind> =
        given.engine.registry.documents().filter(|kind| !there.contains(kind.kind.as_str())).collect();
    let heading = given.say("登録のない種類の文書", "Kinds of which none is registered");
    if missing.is_empty() {
        let none = given.say(
            "ガイドラインの求める種類の文書は、すべて一つ以上登録されています。",
            "Of every kind that the guidelines ask for at least one is registered.",
        );
        return Section::new(heading, vec![Block::Text(none.to_owned())]);
    }
    let note = given.say(
        "施設の状況によっては要らない種類もあります（事業者が用意するものを含みます）。",
        "Depending on the facility some kinds are not needed; some are for the provider to supply.",
    );
    let columns = vec![
        Column::new(given.say("種類", "Kind"), 24),
        Column::new(given.say("用意する人", "Owner"), 8),
        Column::new(given.say("ひな形", "Template"), 6),
    ];
    let row = |kind: &&DocumentKind| {
        let template =
            if kind.template { given.say("あり", "there is one") } else { given.say("なし", "none") };
        let cells = vec![
            Cell::plain(kind.name.of(given.language)),
            Cell::plain(kind.owner.name(given.language)),
            Cell::plain(template),
        ];
        Row::Cells { key: Some(format!("missing/{}", kind.kind)), cells }
    };
    let name = given.say("登録のない種類", "Missing kinds").to_owned();
    let table = Table { name, columns, rows: missing.iter().map(row).collect() };
    Section::new(heading, vec![Block::Note(note.to_owned()), Block::Table(table)])
}
