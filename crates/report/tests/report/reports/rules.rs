//! What no report may do: say more than the verdicts, order measures otherwise than by effect, leave a cell blank.

use super::scene::{FORMS, LANGUAGES, Scene, seen};
use crate::material::now;
use base::Language;
use guideline::{Fact, Facts, Kind, Known, Side, Value, Verdict};
use proptest::prelude::*;
use report::form::{Form, SiteShown};
use report::paper::{Block, Cell, Paper, Row, Section, Table, Tone};
use std::collections::BTreeSet;
use unicode_width::UnicodeWidthStr;

/// What stands on a page of A4 at the smallest size that a page for one reader is set in: characters of full width in a
/// line, and lines.
const PAGE: (usize, usize) = (55, 58);

fn blocks(paper: &Paper) -> impl Iterator<Item = &Block> {
    paper.sections.iter().flat_map(|section| &section.blocks)
}

fn tables(paper: &Paper) -> impl Iterator<Item = &Table> {
    blocks(paper).filter_map(|block| if let Block::Table(table) = block { Some(table) } else { None })
}

fn cells(paper: &Paper) -> impl Iterator<Item = &Cell> {
    let rows = tables(paper).flat_map(|table| &table.rows);
    rows.flat_map(|row| if let Row::Cells { cells, .. } = row { cells.as_slice() } else { &[] })
}

fn good_cells(paper: &Paper) -> usize {
    cells(paper).filter(|cell| cell.tone == Tone::Good).count()
}

/// How much of each block of bars is shown as good.
fn good_bars(paper: &Paper) -> Vec<u64> {
    let good = |block: &Block| {
        let Block::Bars(bars) = block else { return None };
        let place = bars.legend.iter().position(|(tone, _)| *tone == Tone::Good)?;
        Some(bars.rows.iter().map(|(_, counts)| counts[place]).sum())
    };
    blocks(paper).filter_map(good).collect()
}

fn rows<'a>(paper: &'a Paper, heading: &str) -> Vec<(&'a str, &'a [Cell])> {
    let found = |section: &&Section| section.heading == heading;
    let section = paper.sections.iter().find(found).unwrap_or_else(|| panic!("no section {heading}"));
    let tables =
        section.blocks.iter().filter_map(|one| if let Block::Table(one) = one { Some(one) } else { None });
    let row = |row: &'a Row| match row {
        Row::Cells { key: Some(key), cells } => Some((key.as_str(), cells.as_slice())),
        Row::Cells { .. } | Row::Heading(_) => None,
    };
    tables.flat_map(|table| &table.rows).filter_map(row).collect()
}

const MEASURES: &str = "Measures, the greatest effect first";
const GAPS: &str = "Requirements that are not settled";

fn met(scene: &Scene, edition: &str, side: Side) -> usize {
    let counts = scene.judged(edition, Some(side), 1).assessment.counts();
    counts.get(&Verdict::Met).copied().unwrap_or(0)
}

fn facts() -> impl Strategy<Value = Vec<Fact>> {
    let engine = crate::material::the_engine();
    let keys: Vec<(String, Kind)> = engine.registry.keys().map(|key| (key.key.clone(), key.kind)).collect();
    let chosen = proptest::collection::vec((any::<proptest::sample::Index>(), 0..4_u8), 0..400);
    chosen.prop_map(move |chosen| {
        let fact = |(index, turn): (proptest::sample::Index, u8)| {
            let (key, kind) = index.get(&keys);
            let value = match kind {
                Kind::YesNo => Value::YesNo(turn > 0),
                Kind::Count => Value::Count([0, 1, 30, 9_999][usize::from(turn)]),
                Kind::Number => Value::Number([0.0, 50.0, 100.0, 1e9][usize::from(turn)]),
                Kind::Text => Value::Text(["required", "none", "", "はい"][usize::from(turn)].to_owned()),
                Kind::Texts => Value::Texts(vec!["TLS 1.3".to_owned(); usize::from(turn)]),
            };
            seen(key, value)
        };
        chosen.into_iter().map(fact).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_report_says_more_than_the_verdicts(facts in facts()) {
        let scene = Scene { facts, ..Scene::begun() };
        for form in [Form::Gaps, Form::Director, Form::ServiceSpec] {
            let side = if form == Form::ServiceSpec { Side::Provider } else { Side::Facility };
            let met = met(&scene, form.edition(), side);
            let paper = scene.paper(form, Language::Japanese);
            let shown = if form == Form::ServiceSpec { met } else { 0 };
            prop_assert_eq!(good_cells(&paper), shown, "{:?}", form);
            // The first bar is the whole, the others are its parts.
            let bars = good_bars(&paper);
            let met = u64::try_from(met).unwrap();
            prop_assert_eq!(bars[0], met);
            if form != Form::Director {
                prop_assert_eq!(bars[1..].iter().sum::<u64>(), met);
            }
        }
        for form in [Form::Matrix, Form::Risk] {
            let paper = scene.paper(form, Language::Japanese);
            prop_assert_eq!(good_cells(&paper) + good_bars(&paper).len(), 0, "{:?}", form);
        }
        for form in FORMS {
            let paper = scene.paper(form, Language::Japanese);
            for cell in cells(&paper) {
                let praises = cell.text.starts_with("○") || cell.text.contains("良好");
                prop_assert!(!praises || cell.tone == Tone::Good, "{}", cell.text);
                prop_assert!(!cell.text.trim().is_empty());
            }
        }
    }

    #[test]
    fn measures_stand_by_their_effect_and_gaps_by_their_measures(facts in facts()) {
        let scene = Scene { facts, ..Scene::begun() };
        let paper = scene.paper(Form::Gaps, Language::English);
        let assessment = scene.judged("mhlw-7.0", Some(Side::Facility), 1).assessment;
        let measures = rows(&paper, MEASURES);
        let effects: Vec<f64> = measures.iter().map(|(_, cells)| cells[2].number.unwrap()).collect();
        prop_assert!(effects.is_sorted_by(|one, two| one >= two), "{effects:?}");
        let keys: BTreeSet<&str> = measures.iter().map(|(key, _)| *key).collect();
        prop_assert_eq!(keys.len(), measures.len(), "each measure stands once");
        // Every requirement that is not settled stands once, and no other.
        let gaps = rows(&paper, GAPS);
        let mut shown: Vec<&str> = gaps.iter().map(|(id, _)| *id).collect();
        shown.sort_unstable();
        let open = assessment.verdicts.iter().filter(|one| !one.verdict.is_settled());
        let mut open: Vec<&str> = open.map(|one| one.requirement.as_str()).collect();
        open.sort_unstable();
        prop_assert_eq!(shown, open);
        // They stand in the order of the first measure that serves them.
        let first = |cells: &[Cell]| {
            let numbers = cells[4].text.split(", ").filter_map(|one| one.strip_prefix("M-"));
            numbers.map(|one| one.parse::<usize>().unwrap()).min().unwrap_or(usize::MAX)
        };
        let firsts: Vec<usize> = gaps.iter().map(|(_, cells)| first(cells)).collect();
        prop_assert!(firsts.is_sorted(), "{firsts:?}");
    }

    #[test]
    fn the_directors_page_fits_on_one_page(facts in facts()) {
        for scene in [Scene { facts, ..Scene::begun() }, Scene::hostile(), Scene::empty()] {
            for language in LANGUAGES {
                let paper = scene.paper(Form::Director, language);
                let count = lines(&paper);
                prop_assert!(count <= PAGE.1, "{count} lines");
            }
        }
    }
}

/// How many lines a paper takes: what is set beside the text counts as lines, too.
fn lines(paper: &Paper) -> usize {
    let wrapped = |text: &str, columns: usize| -> usize {
        text.split('\n').map(|line| line.width().div_ceil(columns.max(1) * 2).max(1)).sum()
    };
    let block = |block: &Block| match block {
        Block::Text(text) | Block::Note(text) => wrapped(text, PAGE.0) + 1,
        Block::Points(points) => points.iter().map(|point| wrapped(point, PAGE.0 - 2)).sum::<usize>(),
        Block::Fields(fields) => fields.iter().map(|field| wrapped(&field.value, PAGE.0 - 12)).sum::<usize>(),
        Block::Table(table) => {
            let whole: usize = table.columns.iter().map(|column| usize::from(column.width)).sum();
            let height = |row: &Row| match row {
                Row::Heading(text) => wrapped(text, PAGE.0),
                Row::Cells { cells, .. } => {
                    let each = cells.iter().zip(&table.columns).map(|(cell, column)| {
                        wrapped(&cell.text, (PAGE.0 * usize::from(column.width)) / whole)
                    });
                    each.max().unwrap_or(0)
                }
            };
            table.rows.iter().map(height).sum::<usize>() + 3
        }
        Block::Bars(bars) => bars.rows.len() + 3,
        Block::Trend(_) | Block::Picture(_) => 20,
    };
    // The head of the paper: title, subtitle and what every paper says of itself.
    6 + paper.sections.iter().map(|one| 2 + one.blocks.iter().map(block).sum::<usize>()).sum::<usize>()
}

/// The requirements of a cell that says what stands before the last part once: `control/7-13, 13-2`.
fn ungrouped(text: &str) -> Vec<String> {
    let group = |line: &str| -> Vec<String> {
        let (part, numbers) = line.rsplit_once('/').unwrap();
        numbers.split(", ").map(|number| format!("{part}/{number}")).collect()
    };
    text.lines().filter(|line| *line != "―").flat_map(group).collect()
}

#[test]
fn a_measure_that_settles_by_itself_does() {
    let scene = Scene::begun();
    let paper = scene.paper(Form::Gaps, Language::English);
    let mut tried = 0;
    for (key, cells) in rows(&paper, MEASURES) {
        let is_yes_no = scene.engine.registry.key(key).unwrap().kind == Kind::YesNo;
        for id in ungrouped(&cells[5].text).into_iter().filter(|_| is_yes_no) {
            let verdict = |value: bool| {
                let mut all = scene.facts.clone();
                all.retain(|fact| fact.key != key);
                all.push(seen(key, Value::YesNo(value)));
                let facts = Facts::gather(&scene.engine.registry, all, now()).unwrap();
                let requirement = scene.engine.catalogue.requirement(&format!("mhlw-7.0/{id}")).unwrap();
                scene.engine.decide(requirement, &Known::of(&facts)).verdict
            };
            assert!([true, false].map(verdict).contains(&Verdict::Met), "{key} does not settle {id}");
            tried += 1;
        }
    }
    assert!(tried > 10, "{tried}");
}

#[test]
fn an_open_path_makes_what_closes_it_weigh_more() {
    let effect = |site: Option<SiteShown>, count: i64| {
        let mut scene = Scene { site, ..Scene::begun() };
        scene.facts.retain(|fact| fact.key != "site.network.open_paths_to_records");
        scene.facts.push(seen("site.network.open_paths_to_records", Value::Count(count)));
        let paper = scene.paper(Form::Gaps, Language::English);
        let all = rows(&paper, MEASURES);
        all.iter().find(|(key, _)| *key == "site.network.zones_separated").unwrap().1[2].number.unwrap()
    };
    let closed = SiteShown { open_paths: Some(Vec::new()), ..Scene::begun().site.unwrap() };
    let quiet = effect(Some(closed.clone()), 0);
    assert!(effect(Scene::begun().site, 0) > quiet, "by the kept check");
    assert!(effect(Some(closed), 1) > quiet, "by the fact that it left");
}

fn is_whole(table: &Table, form: Form) {
    assert!(!table.rows.is_empty(), "{form:?}: {}", table.name);
    for row in &table.rows {
        if let Row::Cells { cells, .. } = row {
            assert_eq!(cells.len(), table.columns.len(), "{form:?}: {}", table.name);
        }
    }
}

#[test]
fn nothing_unknown_is_blank_in_any_report_of_any_scene() {
    let nothing = Scene { risks: None, chain: None, site: None, ..Scene::empty() };
    let earlier = SiteShown { picture: None, open_paths: None, ..Scene::begun().site.unwrap() };
    let earlier = Scene { site: Some(earlier), ..Scene::begun() };
    for scene in [nothing, earlier, Scene::empty(), Scene::begun(), Scene::hostile()] {
        for (form, language) in FORMS.into_iter().flat_map(|form| LANGUAGES.map(|language| (form, language)))
        {
            let paper = scene.paper(form, language);
            assert!(!paper.sections.is_empty() && !paper.title.is_empty(), "{form:?}");
            assert!(cells(&paper).all(|cell| !cell.text.trim().is_empty()), "{form:?}");
            tables(&paper).for_each(|table| is_whole(table, form));
            for block in blocks(&paper) {
                if let Block::Fields(fields) = block {
                    assert!(fields.iter().all(|field| !field.value.trim().is_empty()), "{form:?}");
                }
            }
        }
    }
}

#[test]
fn an_edition_that_there_is_not_is_refused() {
    let scene = Scene::begun();
    for form in FORMS.into_iter().filter(|form| *form != Form::Risk) {
        let given = report::form::Given {
            engine: &scene.engine,
            language: Language::Japanese,
            facility: "",
            edition: "mhlw-99",
            side: None,
            program: "",
            as_of: now(),
            is_past: false,
            judged: &[],
            history: &[],
            matrix: None,
            own: None,
            risks: None,
            documents: &[],
            targets: &[],
            site: None,
        };
        assert_eq!(form.paper(&given).unwrap_err().code().id, "GL-0004", "{form:?}");
    }
}

#[test]
fn a_report_of_a_past_moment_says_that_responsibilities_and_risks_are_left_out() {
    let scene = Scene { chain: None, own: false, risks: None, is_past: true, ..Scene::begun() };
    let said = |form, language| report::paper::to_json(&scene.paper(form, language));
    let both = [
        "責任分界表は、その時点のものを作り直せないため、含めていません",
        "リスク登録簿は、その時点のものを作り直せないため、含めていません",
    ];
    let pack = said(Form::Inspection, Language::Japanese);
    assert!(both.iter().all(|said| pack.contains(said)), "{pack}");
    let pack = said(Form::Inspection, Language::English);
    assert!(
        pack.contains("The matrix as it stood then cannot")
            && pack.contains("The risk register as it stood then")
    );
    assert!(said(Form::ServiceSpec, Language::Japanese).contains("過去の時点の言明は作り直せません"));
    assert!(
        said(Form::Director, Language::Japanese)
            .contains("承認を待つリスク対応の件数は、この報告書からは分かりません")
    );
    let now = report::paper::to_json(&Scene::empty().paper(Form::Inspection, Language::Japanese));
    assert!(both.iter().all(|said| !now.contains(said)), "{now}");
}

#[test]
fn parts_of_the_pack_begin_on_the_page_of_their_title() {
    let paper = Scene::begun().paper(Form::Inspection, Language::Japanese);
    let mut parts = 0;
    for pair in paper.sections.windows(2).filter(|pair| pair[0].level == 1 && pair[1].level == 2) {
        parts += 1;
        assert!(pair[0].on_new_page && !pair[1].on_new_page, "{}", pair[1].heading);
        assert_eq!(pair[0].is_wide, pair[1].is_wide, "{}", pair[1].heading);
    }
    assert_eq!(parts, 7);
}

#[test]
fn the_numbers_of_evidence_in_the_pack_are_those_of_its_one_appendix() {
    let paper = Scene::begun().paper(Form::Inspection, Language::English);
    let appendices: Vec<&Section> =
        paper.sections.iter().filter(|section| section.heading == "Appendix: evidence").collect();
    let [appendix] = appendices.as_slice() else { panic!("{} appendices", appendices.len()) };
    let listed = |block: &Block| match block {
        Block::Table(table) => table.rows.len(),
        _ => 0,
    };
    let count: usize = appendix.blocks.iter().map(listed).sum();
    assert_eq!(count, Scene::begun().facts.len());
    // A measure whose fact is known names its number in the appendix.
    let known = rows(&paper, MEASURES).into_iter().find(|(key, _)| *key == "document.bcp").unwrap().1;
    let numbered =
        rows(&paper, "Appendix: evidence").into_iter().find(|(key, _)| *key == "document.bcp").unwrap().1;
    assert_eq!(known[9].text, numbered[0].text);
}
