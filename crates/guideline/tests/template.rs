//! Drafts of documents: nothing is guessed, nothing unknown is overlooked, and the head says where the rest comes from.

#![expect(clippy::unwrap_used, reason = "a test ends at the first thing that is not as it should be")]

use base::{Language, Time};
use guideline::{Engine, Fact, Facts, Heading, Kind, Template, Value, engine};
use std::collections::BTreeSet;

const HEADING: Heading<'static> =
    Heading { facility: "青葉クリニック", date: "2026年4月1日", version: "第1版（案）" };

fn seen_at() -> Time {
    Time::parse("2026-03-31T15:05:00Z").unwrap()
}

/// Every key with a value, as a small clinic might have it.
fn all_known(engine: &Engine) -> Facts {
    let value = |key: &guideline::FactKey| match key.kind {
        Kind::YesNo => Value::YesNo(!key.key.ends_with("plain_http")),
        Kind::Count => Value::Count(12),
        Kind::Number => Value::Number(87.5),
        Kind::Text => Value::Text(if key.key.ends_with("version") { "1.4.2" } else { "required" }.to_owned()),
        Kind::Texts => Value::Texts(vec!["TLS 1.2".to_owned(), "TLS 1.3".to_owned()]),
    };
    let seen =
        engine.registry.keys().map(|key| Fact::seen(&key.key, value(key), seen_at(), ("試験", "a test")));
    Facts::gather(&engine.registry, seen, seen_at()).unwrap()
}

fn drafts(engine: &Engine, facts: &Facts) -> Vec<(&'static str, String)> {
    let render = |one: &Template| (one.kind(), one.render(facts, &engine.registry, &HEADING));
    Template::all().iter().map(render).collect()
}

#[test]
fn every_kind_that_promises_a_template_has_one_and_no_other() {
    let engine = engine().unwrap();
    let promised: BTreeSet<&str> =
        engine.registry.documents().filter(|kind| kind.template).map(|kind| kind.kind.as_str()).collect();
    let there: BTreeSet<&str> = Template::all().iter().map(Template::kind).collect();
    assert_eq!(there, promised);
    assert!(Template::of("sla").is_none());
    for (kind, draft) in drafts(&engine, &Facts::default()) {
        let document = engine.registry.document(kind).unwrap();
        assert_eq!(draft.lines().next().unwrap(), format!("# {}", document.name.of(Language::Japanese)));
        assert!(draft.contains(&format!("{}か月以内", document.review_months)), "{kind}");
    }
}

#[test]
fn what_is_not_known_is_a_blank_that_nobody_overlooks() {
    let engine = engine().unwrap();
    for (kind, draft) in drafts(&engine, &Facts::default()) {
        let keys = Template::of(kind).unwrap().keys();
        assert!(
            draft.matches("【未確認：").count() > keys.len(),
            "one for each, and one in the head: {kind}"
        );
        assert!(draft.contains("**これは案です。**") && !draft.contains("{{"), "{kind}");
        assert_eq!(draft.contains(&format!("**{} 項目は未確認です。**", keys.len())), !keys.is_empty());
        assert!(!draft.contains("次の値は Akashi が記入しました"), "{kind}");
    }
    let rules = Template::of("account_rules").unwrap().render(&Facts::default(), &engine.registry, &HEADING);
    for line in [
        "| 第7条 | 記録の閲覧に二要素が必要 | 【未確認：「はい」か「いいえ」を記入してください】 |",
        "| 第7条 | 二要素を登録した個人アカウントの割合 | 【未確認：割合（％）を記入してください】 |",
        "| 第8条 | パスワードの最短の長さ | 【未確認：文字数を記入してください】 |",
    ] {
        assert!(rules.contains(line), "{rules}");
    }
}

#[test]
fn what_is_known_stands_in_plain_japanese_with_its_source_at_the_head() {
    let engine = engine().unwrap();
    let facts = all_known(&engine);
    for (kind, draft) in drafts(&engine, &facts) {
        assert!(!draft.contains("未確認：") && !draft.contains("true") && !draft.contains("days"), "{kind}");
        let head = draft.split("\n\n| 版").next().unwrap();
        for key in Template::of(kind).unwrap().keys() {
            let about = engine.registry.key(key).unwrap().text.of(Language::Japanese);
            let about = about.trim_end_matches("（秒）");
            let line = head.lines().find(|line| line.contains(&format!("> - {about}："))).unwrap();
            assert!(line.ends_with("、2026年4月1日 0時05分）"), "{line}");
        }
    }
    let of = |kind: &str| Template::of(kind).unwrap().render(&facts, &engine.registry, &HEADING);
    for (kind, line) in [
        ("account_rules", "| 第8条 | パスワードの最短の長さ | 12文字 |"),
        ("account_rules", "| 二要素を登録した個人アカウントの割合 | 87.5％ |"),
        ("network_diagram", "| 受け入れる TLS の版 | TLS 1.2、TLS 1.3 |"),
        ("network_diagram", "| 暗号化されない HTTP に応答する | いいえ |"),
        ("network_diagram", "| クライアント証明書の扱い | 必須 |"),
        ("backup_rules", "| 最後のバックアップからの時間 | 12時間 |"),
        ("bcp", "> - 最後のバックアップからの時間：12時間（稼働中の Akashi が確認、2026年4月1日 0時05分）"),
        ("bcp", "（施設のネットワーク・クラウドの構成による、"),
    ] {
        assert!(of(kind).contains(line), "{kind}: {line}");
    }
}

#[test]
fn a_fact_that_no_longer_counts_is_a_blank_again() {
    let engine = engine().unwrap();
    let old = Fact::seen("runtime.backup.last_hours", Value::Count(3), seen_at(), ("試験", "a test"));
    let draft = |days: i64| {
        let now = seen_at().plus_seconds(days * 86_400);
        let facts = Facts::gather(&engine.registry, [old.clone()], now).unwrap();
        Template::of("bcp").unwrap().render(&facts, &engine.registry, &HEADING)
    };
    assert!(draft(0).contains("| 最後のバックアップからの時間 | 3時間 |"));
    assert!(draft(2).contains("| 最後のバックアップからの時間 | 【未確認：時間数を記入してください】 |"));
}

#[test]
fn what_comes_from_outside_breaks_no_table_and_is_not_filled_in_again() {
    let engine = engine().unwrap();
    let value = Value::Text("1 | 2\n# <b>{{facility}}".to_owned());
    let fact = Fact::seen("runtime.software.version", value, seen_at(), ("試験", "a test"));
    let facts = Facts::gather(&engine.registry, [fact], seen_at()).unwrap();
    let heading = Heading { facility: "A|B\n<script> {{date}}", ..HEADING };
    let draft = Template::of("asset_inventory").unwrap().render(&facts, &engine.registry, &heading);
    assert!(draft.contains("A｜B ＜script＞ {{date}}"), "{draft}");
    assert!(draft.contains("| Akashi の版 | 1 ｜ 2 # ＜b＞{{facility}} |"), "{draft}");
}

#[test]
fn tables_have_as_many_cells_in_every_line_after_they_are_filled_in() {
    let engine = engine().unwrap();
    for (kind, draft) in
        drafts(&engine, &all_known(&engine)).into_iter().chain(drafts(&engine, &Facts::default()))
    {
        let mut cells = None;
        for line in draft.lines() {
            let here = line.starts_with('|').then(|| line.matches('|').count());
            assert!(here.is_none() || cells.is_none() || here == cells, "{kind}: {line}");
            cells = here;
        }
    }
}

#[test]
fn the_comments_of_templates_name_requirements_that_there_are() {
    let engine = engine().unwrap();
    for (kind, draft) in drafts(&engine, &Facts::default()) {
        for comment in draft.split("<!--").skip(1).map(|rest| rest.split("-->").next().unwrap()) {
            for id in comment.split_whitespace() {
                assert!(engine.catalogue.requirement(id).is_ok(), "{kind}: {id}");
            }
        }
    }
}
