//! Reports as they are handed out: versions, bytes, what the journal keeps, and what is refused.

use crate::bench::{Bench, console, planner};
use base::Clock as _;
use data_encoding::BASE64;
use guideline::Value as FactValue;
use serde_json::{Value, json};

fn wanted(form: &str, more: &Value) -> Value {
    let mut command = json!({ "command": "report", "form": form });
    command.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    command
}

async fn report(bench: &Bench, form: &str, more: Value) -> Value {
    bench.does(wanted(form, &more)).await
}

fn bytes(told: &Value) -> Vec<u8> {
    BASE64.decode(told["files"][0]["base64"].as_str().unwrap().as_bytes()).unwrap()
}

fn paper(told: &Value) -> Value {
    serde_json::from_slice(&bytes(told)).unwrap()
}

/// Somebody decides that a requirement does not apply: nothing is missing of it any more.
async fn excludes(bench: &Bench) {
    let exclude = json!({
        "command": "requirement-exclude", "requirement": "mhlw-7.0/control/13-1", "reason": "使わない", "name": "院長",
    });
    bench.does(exclude).await;
}

const FORMS: [&str; 8] =
    ["checklist", "sds", "matrix", "gaps", "risk", "inspection", "director", "service-spec"];

#[tokio::test]
async fn the_same_evidence_gives_the_same_bytes_on_one_day() {
    let bench = Bench::new();
    bench.shows("runtime.tls.plain_http", FactValue::YesNo(false));
    for form in FORMS {
        for output in ["json", "xlsx", "html"] {
            let first = report(&bench, form, json!({ "output": output })).await;
            bench.clock.set(bench.clock.now().plus_seconds(600));
            let again = report(&bench, form, json!({ "output": output, "recipient": "監査法人" })).await;
            assert!(bytes(&first) == bytes(&again), "{form} as {output}");
            assert_eq!(first["version"], again["version"], "{form}");
            assert_ne!(first["position"], again["position"], "each handing out is an entry");
        }
    }
}

#[tokio::test]
async fn another_day_is_another_paper_but_no_new_version_and_a_new_answer_is_one() {
    let bench = Bench::new();
    bench.shows("runtime.tls.plain_http", FactValue::YesNo(false));
    let first = report(&bench, "gaps", json!({})).await;
    bench.passes(1);
    let next_day = report(&bench, "gaps", json!({})).await;
    assert_eq!((&first["version"], &next_day["version"]), (&json!(1), &json!(1)));
    assert_ne!(first["as_of"], next_day["as_of"]);
    assert_ne!(first["positions"], next_day["positions"], "what is told of today was looked at today");
    excludes(&bench).await;
    let mut changed = report(&bench, "gaps", json!({})).await;
    assert_eq!(changed["version"], 2, "something does not apply any more");
    assert_eq!(paper(&changed)["version"], 2);
    changed = report(&bench, "gaps", json!({ "side": "provider" })).await;
    assert_eq!(changed["version"], 1, "that of providers is another report");
}

#[tokio::test]
async fn the_journal_says_who_got_which_version() {
    let mut bench = Bench::new();
    report(&bench, "gaps", json!({ "recipient": "保健所", "output": "pdf" })).await;
    let second = bench.told(&console(), wanted("gaps", &json!({ "language": "en" }))).await.unwrap();
    bench.reopen();
    let listed = bench.does(json!({ "command": "report-list" })).await;
    let all = listed["reports"].as_array().unwrap();
    assert_eq!(all.len(), 2);
    assert_eq!((&all[0]["by"], &all[0]["language"]), (&json!("console"), &json!("en")));
    assert_eq!((&all[1]["by"], &all[1]["recipient"]), (&json!("sato"), &json!("保健所")));
    assert_eq!(all[1]["output"], "pdf");
    assert_eq!(all[0]["files"][0]["sha256"], second["files"][0]["sha256"]);
    assert_eq!(second["target"], "gaps mhlw-7.0 all en 1");
    assert!(all.iter().all(|one| one["paper"].is_null()), "papers are not listed");
}

#[tokio::test]
async fn a_report_shows_what_changed_since_an_earlier_one() {
    let bench = Bench::new();
    bench.shows("runtime.tls.plain_http", FactValue::YesNo(false));
    let first = report(&bench, "gaps", json!({ "output": "pdf" })).await;
    let pdf = first["files"][0]["sha256"].clone();
    excludes(&bench).await;
    let plain = report(&bench, "gaps", json!({})).await;
    for compare in [json!({ "version": 1 }), json!({ "sha256": pdf })] {
        let compared = report(&bench, "gaps", json!({ "compare": compare })).await;
        assert_eq!((&compared["version"], &compared["compared_with"]), (&json!(2), &json!(1)));
        let (with, without) = (paper(&compared), paper(&plain));
        let sections = |one: &Value| one["sections"].as_array().unwrap().len();
        assert_eq!(sections(&with), sections(&without) + 1);
    }
    for unknown in [json!({ "version": 7 }), json!({ "sha256": "00".repeat(32) })] {
        let command = wanted("gaps", &json!({ "compare": unknown }));
        assert_eq!(bench.refused(&planner(), command).await, "EV-0017");
    }
    let other = wanted("gaps", &json!({ "compare": { "version": 1 }, "language": "en" }));
    assert_eq!(bench.told(&planner(), other).await.unwrap_err().code().id, "EV-0017", "another language");
}

#[tokio::test]
async fn a_report_of_a_past_moment_is_the_one_of_then() {
    let bench = Bench::new();
    bench.shows("runtime.tls.plain_http", FactValue::YesNo(false));
    let first = report(&bench, "gaps", json!({})).await;
    let then = bench.clock.now();
    bench.passes(3);
    excludes(&bench).await;
    let later = report(&bench, "gaps", json!({})).await;
    assert_eq!(later["version"], 2);
    let again = report(&bench, "gaps", json!({ "at": then.to_string() })).await;
    assert_eq!((&again["version"], &again["positions"]), (&json!(1), &first["positions"]));
    let before = wanted("gaps", &json!({ "at": "2020-01-01T00:00:00Z" }));
    assert_eq!(bench.refused(&planner(), before).await, "EV-0008");
    for form in ["risk", "matrix"] {
        let command = wanted(form, &json!({ "at": then.to_string() }));
        assert_eq!(bench.refused(&planner(), command).await, "EV-0019", "{form}");
    }
    let future = wanted("gaps", &json!({ "at": "2099-01-01T00:00:00Z" }));
    assert_eq!(bench.refused(&planner(), future).await, "EV-0003");
}

#[tokio::test]
async fn what_cannot_be_handed_out_is_refused_and_nothing_is_entered() {
    let bench = Bench::new();
    for (command, code) in [
        (wanted("poem", &json!({})), "EV-0016"),
        (wanted("gaps", &json!({ "edition": "mhlw-5.0" })), "GL-0004"),
        (wanted("gaps", &json!({ "output": "bundle" })), "EV-0020"),
        (wanted("gaps", &json!({ "recipient": "a\nb" })), "EV-0003"),
        (wanted("gaps", &json!({ "facility_name": "長".repeat(201) })), "EV-0003"),
    ] {
        assert_eq!(bench.refused(&planner(), command).await, code);
    }
}

#[tokio::test]
async fn a_bundle_names_every_file_and_what_it_rests_on() {
    let bench = Bench::new();
    bench.shows("runtime.tls.plain_http", FactValue::YesNo(false));
    let told = bench.told(&console(), wanted("inspection", &json!({ "output": "bundle" }))).await.unwrap();
    let names: Vec<&str> =
        told["files"].as_array().unwrap().iter().map(|file| file["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["report.pdf", "report.xlsx", "report.html", "report.json", "facts.json", "README.md"]);
    assert_eq!(told["entry"], json!({ "record": told["entry"]["record"], "version": 1 }));
    let rests_on = told["rests_on"].as_array().unwrap();
    assert_eq!(rests_on.len(), 2, "checklist and guideline");
    let positions: Vec<&Value> = rests_on.iter().map(|one| &one["position"]).collect();
    assert_eq!(json!(positions), told["positions"]);
}

#[tokio::test]
async fn a_facility_without_any_fact_gets_every_report_and_no_yes() {
    let bench = Bench::new();
    for form in FORMS {
        let told = report(&bench, form, json!({})).await;
        let paper = paper(&told);
        let cells = texts(&paper);
        assert!(!cells.is_empty() || form == "risk", "{form}");
        assert!(cells.iter().all(|cell| !cell.trim().is_empty()), "{form}: no blank cell");
        assert!(cells.iter().all(|cell| cell != "はい"), "{form}");
    }
}

/// The texts of all cells.
#[tokio::test]
async fn a_report_that_is_only_shown_leaves_nothing_in_the_journal() {
    let bench = Bench::new();
    bench.shows("runtime.tls.plain_http", FactValue::YesNo(false));
    for form in FORMS {
        let before = bench.entries();
        let shown = preview(&bench, form).await;
        assert_eq!(bench.entries(), before, "{form}");
        assert_eq!(shown["positions"], json!([]), "{form} rests on nothing that is kept");
        if ["checklist", "sds", "inspection"].contains(&form) {
            assert!(shown.to_string().contains("未保存"), "{form}");
        }
    }
    let handed = report(&bench, "checklist", json!({ "output": "json" })).await;
    let shown = preview(&bench, "checklist").await;
    assert_eq!(shown["positions"], paper(&handed)["positions"], "what is kept and still so is shown as kept");
    assert!(!shown.to_string().contains("未保存"));
}

async fn preview(bench: &Bench, form: &str) -> Value {
    let told = bench.does(json!({ "command": "report-preview", "form": form })).await;
    told["paper"].clone()
}

#[tokio::test]
async fn a_change_of_what_people_bring_is_shown_at_once_and_one_of_the_system_within_a_minute() {
    let bench = Bench::new();
    let seen = |told: &Value| {
        let facts = told["facts"].as_array().unwrap();
        let one = facts.iter().find(|one| one["key"] == "runtime.tls.plain_http");
        one.map(|one| (one["value"].clone(), one["observed"].clone()))
    };
    bench.shows("runtime.tls.plain_http", FactValue::YesNo(true));
    let recent = json!({ "command": "fact-list", "recent": true });
    let first = seen(&bench.does(recent.clone()).await).unwrap();
    assert_eq!(first.0, json!(true));
    bench.shows("runtime.tls.plain_http", FactValue::YesNo(false));
    assert_eq!(
        seen(&bench.does(recent.clone()).await),
        Some(first.clone()),
        "with the moment at which it was seen"
    );
    let now = seen(&bench.does(json!({ "command": "fact-list" })).await).unwrap();
    assert_eq!(now.0, json!(false), "whoever does not ask for less gets a look of now");
    assert_eq!(seen(&bench.does(recent.clone()).await), Some(now), "and all others the newest one");
    bench.shows("runtime.tls.plain_http", FactValue::YesNo(true));
    bench.clock.set(bench.clock.now().plus_seconds(61));
    assert_eq!(seen(&bench.does(recent.clone()).await).unwrap().0, json!(true), "a minute is over");
    let before = preview(&bench, "gaps").await;
    excludes(&bench).await;
    assert_ne!(before["sections"], preview(&bench, "gaps").await["sections"]);
    bench.clock.set(bench.clock.now().plus_seconds(-600));
    bench.shows("runtime.tls.plain_http", FactValue::YesNo(false));
    assert_eq!(seen(&bench.does(recent).await).unwrap().0, json!(false), "a look of the future is none");
}

#[tokio::test]
async fn an_assessment_is_shown_as_the_last_one_as_soon_as_it_is_kept() {
    let bench = Bench::new();
    let last = async |bench: &Bench| {
        let listed = bench.does(json!({ "command": "guideline-list" })).await;
        let editions = listed["editions"].as_array().unwrap().clone();
        editions.into_iter().find(|one| one["edition"] == "mhlw-7.0").unwrap()["last"].clone()
    };
    let shown =
        async |bench: &Bench| bench.does(json!({ "command": "guideline-show", "edition": "mhlw-7.0" })).await;
    assert_eq!((last(&bench).await, shown(&bench).await["trend"].clone()), (json!(null), json!([])));
    bench.assess("mhlw-7.0").await;
    let first = last(&bench).await;
    assert!(first["position"].is_u64());
    excludes(&bench).await;
    bench.passes(1);
    bench.assess("mhlw-7.0").await;
    let second = last(&bench).await;
    assert_ne!(first["position"], second["position"]);
    assert_eq!(shown(&bench).await["trend"].as_array().map(Vec::len), Some(2));
    let one =
        bench.does(json!({ "command": "requirement-show", "requirement": "mhlw-7.0/control/13-1" })).await;
    assert_eq!(one["assessed"]["verdict"], "not-applicable");
}

fn texts(paper: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let tables = paper["sections"].as_array().unwrap().iter().flat_map(|section| {
        section["blocks"].as_array().unwrap().iter().filter_map(|block| block.get("table"))
    });
    for row in tables.flat_map(|table| table["rows"].as_array().unwrap()) {
        let cells = row["cells"]["cells"].as_array().into_iter().flatten();
        found.extend(cells.map(|cell| cell["text"].as_str().unwrap().to_owned()));
    }
    found
}

#[tokio::test]
async fn the_pack_of_a_past_moment_says_that_it_leaves_out_responsibilities_and_risks() {
    let bench = Bench::new();
    report(&bench, "inspection", json!({})).await;
    let then = bench.clock.now().to_string();
    bench.passes(1);
    let said = |told: &Value| paper(told)["sections"].to_string();
    let past = said(&report(&bench, "inspection", json!({ "at": then })).await);
    let now = said(&report(&bench, "inspection", json!({})).await);
    for left_out in ["責任分界表は、その時点のものを", "リスク登録簿は、その時点のものを"]
    {
        assert!(past.contains(left_out) && !now.contains(left_out), "{left_out}");
    }
}

#[tokio::test]
async fn a_check_that_an_earlier_program_kept_shows_neither_a_picture_nor_that_there_are_no_paths() {
    let mut bench = Bench::new();
    let earlier = json!({
        "command": "site-keep", "program": "0.1.0", "phase": "now",
        "sources": [{ "name": "site.yaml", "sha256": "0".repeat(64) }],
        "facts": [], "threats": [], "violated": 0, "undecided": 0,
    });
    bench.does(earlier).await;
    bench.reopen();
    let said = paper(&report(&bench, "inspection", json!({})).await)["sections"].to_string();
    assert!(
        said.contains("構成図は残っていません") && said.contains("経路がないという意味ではなく、不明です")
    );
    assert!(!said.contains("経路は見つかりませんでした"), "{said}");
}
