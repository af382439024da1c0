//! A facility of which nothing is known, forms of which little is known, texts that are missing or hostile.

use super::sheet::{cells as written, no_formula, read, sheet};
use super::{given, judged, known, paper, prose, row, table};
use crate::material::{now, the_engine};
use base::Language;
use guideline::{Exclusion, Exclusions, Facts, Moment, Side};
use report::form::Form;
use report::paper::{Row, Tone};

const BOTH: [(Form, &str, Side); 2] =
    [(Form::Checklist, "mhlw-checklist-2025", Side::Facility), (Form::Sds, "jahis-sds-5.0", Side::Provider)];

#[test]
fn a_facility_without_any_fact_is_told_so_and_no_cell_is_blank() {
    let engine = the_engine();
    for (form, edition, side) in BOTH {
        let paper = paper(&engine, form, (edition, Some(side)), &Facts::default(), Language::Japanese);
        assert!(prose(&paper).contains("判明している事実は、まだ一つもありません"));
        assert!(prose(&paper).contains("根拠となる事実は、まだ一つもありません"));
        for (_, table) in paper.tables() {
            for one in &table.rows {
                let Row::Cells { cells, .. } = one else { continue };
                assert_eq!(cells.len(), table.columns.len());
                assert!(cells.iter().all(|cell| !cell.text.trim().is_empty() && cell.tone != Tone::Good));
            }
        }
    }
}

#[test]
fn what_is_open_says_who_has_to_answer_and_what_is_left_to_do() {
    let engine = the_engine();
    let facts = known(&engine, now());
    let of = ("mhlw-checklist-2025", Some(Side::Facility));
    let paper = paper(&engine, Form::Checklist, of, &facts, Language::Japanese);
    let items = table(&paper, "確認項目");
    let disclosure = row(items, "mhlw-checklist-2025/facility/2-3");
    assert_eq!((disclosure[3].text.as_str(), disclosure[3].tone), ("未確認", Tone::Asked));
    assert!(disclosure[6].text.contains("要登録：文書「") && disclosure[6].text.contains("対応："));
    assert_eq!(disclosure[4].text, "（記入）");
    assert_eq!(disclosure[5].text, "（記入）\n期限：令和7年度中");
    let partly = row(items, "mhlw-checklist-2025/facility/2-1");
    assert_eq!((partly[3].text.as_str(), partly[3].tone), ("いいえ", Tone::Partly));
    assert!(partly[6].text.starts_with("一部適合"), "{}", partly[6].text);
    let excluded = row(items, "mhlw-checklist-2025/facility/2-13");
    assert_eq!(excluded[3].text, "対象外");
    assert!(excluded[6].text.contains("決定者：院長"));
    let met = row(items, "mhlw-checklist-2025/facility/1-1");
    assert_eq!(
        (met[3].text.as_str(), met[4].text.as_str(), met[5].text.as_str()),
        ("はい", "2026-11-22", "―")
    );
    assert!(met[6].text.starts_with("根拠：E-"), "{}", met[6].text);
}

#[test]
fn a_form_that_nobody_could_read_is_not_filled_in() {
    let engine = the_engine();
    let of = ("mhlw-checklist-2026", Some(Side::Provider));
    let japanese = paper(&engine, Form::Checklist, of, &known(&engine, now()), Language::Japanese);
    assert!(japanese.title.contains("事業者確認用"));
    assert!(prose(&japanese).contains("一つも内容を確認できていません"));
    assert!(japanese.tables().all(|(name, _)| !name.starts_with("確認項目")));
}

#[test]
fn a_report_without_its_assessment_says_so_and_answers_nothing() {
    let engine = the_engine();
    let judged = [judged(&engine, "mhlw-6.0", None, &Facts::default())];
    for form in Form::ALL.into_iter().filter(|form| !form.assessed("", None).is_empty()) {
        for (language, said) in
            [(Language::Japanese, "判定がまだ記録されていない"), (Language::English, "No assessment of")]
        {
            let given = report::form::Given {
                edition: form.edition(),
                judged: if form == Form::Inspection { &[] } else { &judged },
                ..given(&engine, &judged, language)
            };
            let paper = form.paper(&given).unwrap();
            assert!(prose(&paper).contains(said), "{form:?}: {}", prose(&paper));
            assert!(!paper.title.is_empty() && paper.kind == form.name());
            let rows = paper.tables().flat_map(|(_, table)| &table.rows);
            let cells =
                rows.flat_map(|row| if let Row::Cells { cells, .. } = row { &cells[..] } else { &[] });
            assert!(cells.into_iter().all(|cell| cell.tone != Tone::Good), "{form:?}");
            let nowhere = report::form::Given { edition: "mhlw-99", ..given };
            assert_eq!(form.paper(&nowhere).unwrap_err().code().id, "GL-0004");
        }
    }
}

#[test]
fn a_hostile_and_very_long_decision_stands_whole_in_paper_json_and_spreadsheet() {
    let engine = the_engine();
    let reason = format!("=cmd|' /C calc'!A0 <script>\u{1b}[2J\u{202e}{}", "とても長い理由。".repeat(2_000));
    let id = "mhlw-checklist-2025/facility/2-9";
    let excluded = Exclusion {
        requirement: id.to_owned(),
        reason: reason.clone(),
        decided_by: "+院長".to_owned(),
        at: Moment(now()),
        valid_until: Moment(now().plus_seconds(86_400)),
    };
    let exclusions = Exclusions::gather(&engine.catalogue, [excluded], now()).unwrap();
    let facts = Facts::default().excluding(exclusions);
    let of = ("mhlw-checklist-2025", Some(Side::Facility));
    let paper = paper(&engine, Form::Checklist, of, &facts, Language::Japanese);
    let cells = row(table(&paper, "確認項目"), id);
    assert_eq!(cells[3].text, "対象外");
    assert!(cells[6].text.contains(&reason));
    assert_eq!(report::paper::from_json(&report::paper::to_json(&paper)).unwrap(), paper);
    let book = read(&report::sheet::write(&paper).unwrap());
    no_formula(&book);
    let rows = written(sheet(&book, "確認項目（医療機関・薬局確認用）"));
    let begins = rows.iter().position(|row| row[0] == "2-⑨").unwrap();
    let own = rows[begins..].iter().take_while(|row| row[0] == "2-⑨" || row[0].starts_with('〃'));
    let pieces = own.map(|row| row[6].trim_end_matches("\n（次の行に続く）")).collect::<String>();
    let shown = reason.replace('\u{1b}', "⟨U+001B⟩").replace('\u{202e}', "⟨U+202E⟩");
    assert!(pieces.contains(&shown));
}

#[test]
fn every_word_of_certification_is_absent() {
    let engine = the_engine();
    for (form, edition, side) in BOTH {
        for language in [Language::Japanese, Language::English] {
            let paper = paper(&engine, form, (edition, Some(side)), &known(&engine, now()), language);
            let own = format!("{}{}{}", paper.title, paper.subtitle, prose(&paper)).to_lowercase();
            assert!(
                !own.contains("certif") && !own.contains("認証取得") && !own.contains("準拠証明"),
                "{own}"
            );
        }
    }
}
