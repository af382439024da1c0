//! Reports in parts: each weighs little enough, and together they are the report.

use crate::assets::asset;
use crate::desk::May;
use crate::trial::Trial;
use base::Language;
use serde_json::{Value, json};

/// What a page may weigh without pictures, with all that it loads.
const PAGE_BYTES_MAX: usize = 200_000;
/// Rows of each long table, words of a long cell, sections, characters of a text without a place to cut it.
const ROWS: usize = 700;
const WORDS: usize = 8_000;
const SECTIONS: usize = 400;
const ENDLESS: usize = 30_000;

/// The numbers that follow a word.
fn marks(text: &str, what: &str) -> Vec<String> {
    let begin = |part: &str| part.chars().take_while(char::is_ascii_digit).collect::<String>();
    text.split(what).skip(1).map(begin).collect()
}

fn numbered(numbers: std::ops::Range<usize>) -> Vec<String> {
    numbers.map(|number| format!("{number:06}")).collect()
}

fn cell(text: &str) -> Value {
    json!({ "text": text, "tone": "bad" })
}

fn table(rows: &[Value]) -> Value {
    json!({ "table": { "name": "対策", "columns": [{ "title": "番号" }, { "title": "内容" }, { "title": "<who>" }], "rows": rows } })
}

fn section(heading: &str, level: u64, blocks: &[Value]) -> Value {
    json!({ "heading": heading, "level": level, "blocks": blocks })
}

/// Rows with numbers of their own, of lengths that differ, with a heading across before each hundredth.
fn long_table(from: usize) -> Value {
    let mut rows = Vec::new();
    for number in from..from + ROWS {
        if number % 100 == 0 {
            rows.push(json!({ "heading": format!("群-{number:06}") }));
        }
        let text = "対策を <実施> & 記録する。\n".repeat(1 + number * 7 % 41);
        rows.push(json!({ "cells": { "key": number, "cells": [cell(&format!("行-{number:06}")), cell(&text), cell("\"誰\"")] } }));
    }
    table(&rows)
}

/// A paper of several million bytes with everything in it that is hard to cut.
fn big() -> Value {
    let words: String = (0..WORDS).map(|number| format!("語-{number:06} <&> ")).collect::<Vec<_>>().concat();
    let endless = "字".repeat(ENDLESS);
    let odd = [
        json!({ "cells": { "key": "a", "cells": [cell("長い行"), cell(&words), cell("―")] } }),
        json!({ "cells": { "key": "b", "cells": [cell("後の行"), cell("短い"), cell("―")] } }),
    ];
    let mut sections = vec![
        section(
            "表紙",
            1,
            &[
                json!({ "text": "はじめに" }),
                json!({ "picture": { "svg": "<svg>0</svg>".repeat(30_000), "caption": "図" } }),
            ],
        ),
        section("長い表", 1, &[]),
        section("一つ目", 2, &[json!({ "note": "注記" }), long_table(0)]),
        section(
            "二つ目",
            2,
            &[long_table(ROWS), json!({ "picture": { "svg": "<svg>1</svg>", "caption": "次の図" } })],
        ),
        section(
            "長い文",
            1,
            &[
                table(&odd),
                json!({ "text": endless }),
                json!({ "points": ["x", endless] }),
                json!({ "fields": [{ "label": "項目", "value": endless }] }),
                table(&[]),
            ],
        ),
    ];
    let small = |number: usize| {
        let points: Vec<String> = (0..4).map(|point| format!("点-{:06}", number * 4 + point)).collect();
        section(
            &format!("節-{number:06} {}", "長い見出し".repeat(60)),
            1 + number as u64 % 3,
            &[json!({ "points": points })],
        )
    };
    sections.extend((0..SECTIONS).map(small));
    sections.push(section("変更", 1, &[json!({ "text": "変わっていません。" })]));
    json!({ "paper": { "title": "報告書", "subtitle": "副題", "language": "ja", "as_of": "2026-11-20T00:00:00Z", "sections": sections } })
}

fn desk(paper: Value) -> Trial {
    Trial::new().on("POST", "admin/report-preview", paper)
}

fn assets() -> usize {
    ["style.css", "htmx.js", "console.js"].map(|name| asset(name).expect("a file").bytes.len()).iter().sum()
}

/// All pages of a report, by the links from each to the next.
fn pages(desk: &Trial, address: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut next = Some(address.to_owned());
    while let Some(address) = next {
        let (status, page) = desk.look(&address, Language::Japanese);
        assert_eq!(status, 200, "{address}");
        let link = page.split_once("rel=\"next\" href=\"?").and_then(|(_, rest)| rest.split_once('"'));
        next = link.map(|(query, _)| format!("guideline/reports/gaps?{}", query.replace("&#38;", "&")));
        found.push(page);
    }
    found
}

#[test]
fn each_part_of_a_report_of_millions_of_bytes_weighs_less_than_a_page_may_and_together_they_are_the_report() {
    let paper = big();
    assert!(paper.to_string().len() > 2_000_000);
    let pages =
        pages(&desk(paper), "guideline/reports/gaps?compare=3&edition=mhlw-7.0&side=facility&language=ja");
    let heaviest = pages.iter().map(String::len).max().expect("a page");
    assert!(heaviest + assets() < PAGE_BYTES_MAX, "{heaviest} bytes with {} beside", assets());
    // Parts are not made smaller than they need to be, either.
    let sum: usize = pages.iter().map(String::len).sum();
    assert!(sum / pages.len() > 60_000, "{} parts of {sum} bytes", pages.len());
    let papers = pages.iter().map(|page| page.split_once("<div class=\"paper\"").expect("a paper").1);
    every_row_and_every_word_stands_in_one_part_in_its_order(&papers.collect::<String>());
}

fn every_row_and_every_word_stands_in_one_part_in_its_order(paper: &str) {
    for (what, count) in [("行-", 2 * ROWS), ("語-", WORDS), ("点-", 4 * SECTIONS)] {
        assert!(marks(paper, what) == numbered(0..count), "{what}: {} of {count}", marks(paper, what).len());
    }
    assert_eq!(
        paper.matches('字').count(),
        3 * ENDLESS,
        "no character of a text without an end is lost or said twice"
    );
    // What is said again says so.
    let groups = marks(paper, "群-");
    let mut own = groups.clone();
    own.dedup();
    assert_eq!(own, numbered(0..2 * ROWS).into_iter().step_by(100).collect::<Vec<_>>());
    let says_so =
        |rest: &&str| rest.get(6..).is_some_and(|rest| rest.starts_with(" <span class=\"faint\">（続き）"));
    assert_eq!(paper.split("群-").skip(1).filter(says_so).count(), groups.len() - own.len());
    assert!(groups.len() > own.len(), "some part begins inside of a group");
}

#[test]
fn sections_that_fit_stay_together_and_a_table_is_cut_between_rows() {
    let text = |kilobytes: usize| json!({ "text": "x".repeat(kilobytes * 1_000) });
    let part = |blocks: &[Value], sections: &[&str]| {
        let mut all = vec![section("First", 1, blocks)];
        all.extend(sections.iter().map(|heading| section(heading, 2, &[text(15), text(15)])));
        json!({ "paper": { "title": "T", "language": "en", "sections": all } })
    };
    // 45 kB and 30 kB do not fit into one part; the second begins another, below the name of its chapter.
    let all =
        pages(&desk(part(&[text(15), text(15), text(15)], &["Second", "Third"])), "guideline/reports/gaps");
    assert_eq!(all.len(), 2);
    assert!(
        !all[0].contains("<h3")
            && all[1].contains("<h2 id=\"section-1\">First <span class=\"faint\">（続き）")
    );
    assert!(
        all[1].contains("<h3 id=\"section-2\">Second</h3>")
            && all[1].contains("<h3 id=\"section-3\">Third</h3>")
    );
    let rows: Vec<Value> = (0..180).map(|row| json!({ "cells": { "key": row, "cells": [cell(&format!("row {row}.")), cell(&"y".repeat(900)), cell("z")] } })).collect();
    let all = pages(&desk(part(&[table(&rows)], &[])), "guideline/reports/gaps");
    assert_eq!(all.len(), 3);
    for (page, said) in all.iter().zip(["全 180 行のうち 1–", "行のうち ", "–180 行目"]) {
        assert!(page.contains(said) && page.matches("<thead>").count() == 1, "{said}");
    }
}

#[test]
fn contents_lead_to_every_section_and_links_keep_what_names_the_paper() {
    let address = "guideline/reports/gaps?compare=3&edition=mhlw-7.0&side=facility&language=ja";
    let desk = desk(big());
    let (_, first) = desk.look(address, Language::Japanese);
    let kept = "&#38;edition=mhlw-7.0&#38;side=facility&#38;language=ja&#38;compare=3";
    assert!(first.contains(&format!("href=\"?part=2{kept}\"")));
    // What changed stands first; a section of another part is named with where it begins, and found by its name here too.
    assert!(first.find("<h2 id=\"changes\">") < first.find("<h2 id=\"section-1\">"));
    assert!(first.contains("<a href=\"#section-1\" aria-current=\"true\">表紙</a>"));
    let there = first
        .split_once("<li id=\"section-4\" class=\"deep\"><a href=\"?part=")
        .expect("a section elsewhere")
        .1;
    let part = there.split('&').next().expect("a number");
    assert!(
        there.starts_with(&format!("{part}{kept}#section-4\">二つ目</a>")),
        "{}",
        there.get(..200).unwrap_or_default()
    );
    let (_, there) = desk.look(&format!("{address}&part={part}"), Language::Japanese);
    assert!(there.contains("<h3 id=\"section-4\">二つ目</h3>"));
    assert_eq!(there.matches("id=\"section-4\"").count(), 1);
    // Of 400 sections not all are listed on each page, and each page says so.
    assert!(first.contains("節が多いため") && !first.contains("節-000399") && there.contains("節が多いため"));
}

#[test]
fn a_part_that_is_no_more_is_the_last_and_one_that_is_none_is_unknown() {
    let small =
        json!({ "paper": { "title": "T", "sections": [section("First", 1, &[json!({ "text": "All" })])] } });
    let desk = desk(small);
    let (status, page) = desk.look("guideline/reports/gaps?part=9", Language::English);
    assert!(status == 200 && page.contains("All") && !page.contains("class=\"leaves\""));
    assert_eq!(desk.look("guideline/reports/gaps?part=0", Language::English).0, 200);
    assert_eq!(desk.look("guideline/reports/gaps?part=x", Language::English).0, 404);
    let empty =
        Trial::new().on("POST", "admin/report-preview", json!({ "paper": { "title": "T", "sections": [] } }));
    assert_eq!(empty.look("guideline/reports/gaps", Language::English).0, 200);
}

#[test]
fn a_picture_is_no_part_of_the_page_but_has_an_address() {
    let desk = desk(big());
    let (_, page) = desk.look("guideline/reports/gaps?edition=mhlw-7.0&language=ja", Language::Japanese);
    assert!(!page.contains("data:image"));
    let address = "guideline/reports/gaps/pictures/0?edition=mhlw-7.0&#38;language=ja";
    assert!(page.contains(&format!("<img src=\"/f/clinic/console/{address}\"")));
    assert_eq!(
        desk.look("guideline/reports/gaps/pictures/1?language=ja", Language::Japanese),
        (200, "<svg>1</svg>".to_owned())
    );
    assert_eq!(desk.look("guideline/reports/gaps/pictures/2", Language::Japanese).0, 404);
    assert_eq!(desk.look("guideline/reports/gaps/pictures/x", Language::Japanese).0, 404);
}

#[test]
fn handing_out_is_offered_to_those_who_may() {
    let (_, page) = desk(big()).look("guideline/reports/gaps?side=facility", Language::Japanese);
    assert!(page.contains("guideline/reports?form=gaps&#38;side=facility#out"));
    // The form there is about the same paper.
    let reports = Trial::new().on("POST", "admin/report-list", json!({ "reports": [] })).on(
        "POST",
        "admin/report",
        json!({}),
    );
    let address = "guideline/reports?form=gaps&edition=mhlw-6.0&side=facility";
    let (_, page) = reports.look(address, Language::English);
    assert!(page.contains("name=\"edition\"><option value=\"mhlw-6.0\">Safety of"));
    assert!(page.contains("<option value=\"facility\">For the facility"));
    assert!(!reports.look("guideline/reports", Language::English).1.contains("name=\"edition\""));
    let form = [("form", "gaps"), ("output", "pdf"), ("edition", "mhlw-6.0"), ("side", "facility")];
    assert_eq!(reports.send("guideline/reports", &form, Language::English).0, 200);
    let sent = json!({
        "form": "gaps", "output": "pdf", "edition": "mhlw-6.0", "side": "facility", "language": "en",
    });
    assert_eq!(reports.sent("POST", "admin/report"), Some(sent));
    let (_, page) =
        desk(big()).without(May::Command("report")).look("guideline/reports/gaps", Language::Japanese);
    assert!(!page.contains("#out") && page.contains("交付の権限を持つ担当者"));
}
