//! The trees of papers for fixed facts, as tables that people read. What a form says now is left beside the build.

use super::scene::{FORMS, LANGUAGES, Scene};
use base::Language;
use report::form::Form;
use report::paper::{Block, Cell, Paper, Row, Section, Table, Tone};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// A small edition, so that whoever reads the tree reads all of it.
const SMALL: &str = "mhlw-checklist-2025";

#[test]
fn the_gaps_of_a_facility_that_has_begun_are_as_expected() {
    both("gaps", &Scene::begun(), Form::Gaps, SMALL);
}

#[test]
fn the_directors_page_of_a_facility_that_has_begun_is_as_expected() {
    both("director", &Scene::begun(), Form::Director, "mhlw-7.0");
}

#[test]
fn the_matrix_of_a_facility_that_has_begun_is_as_expected() {
    both("matrix", &Scene::begun(), Form::Matrix, SMALL);
}

#[test]
fn the_risk_register_of_a_facility_that_has_begun_is_as_expected() {
    both("risk", &Scene::begun(), Form::Risk, SMALL);
}

#[test]
fn the_service_specification_of_a_facility_that_has_begun_is_as_expected() {
    both("service-spec", &Scene::begun(), Form::ServiceSpec, "meti-mic-2.0");
}

/// The checklist stands in tables of its own; here it is about what the pack puts around its parts.
#[test]
fn the_pack_for_an_inspection_is_put_together_as_expected() {
    let pack = |language| {
        let paper = Scene::begun().paper_of(Form::Inspection, SMALL, language);
        let mut told = String::new();
        let last = paper.sections.len() - 1;
        for (place, section) in beside_the_checklist(&paper) {
            let own = place == 0 || place == last || mine(&section.heading);
            if own { shown(&mut told, section) } else { headed(&mut told, section) }
        }
        (format!("inspection-{}.txt", tag(language)), told)
    };
    expect(&LANGUAGES.map(pack));
}

#[test]
fn a_facility_without_any_fact_is_told_so() {
    let nothing = |language| {
        let scene = Scene::empty();
        let mut told = String::new();
        for form in FORMS {
            let paper = scene.paper(form, language);
            writeln!(told, "=== {} {}", paper.kind, paper.title).unwrap();
            // Tables of what is not known are as long as the editions: here their lengths are enough.
            for (_, section) in beside_the_checklist(&paper) {
                headed(&mut told, section);
                section.blocks.iter().for_each(|block| measured(&mut told, block));
            }
        }
        (format!("nothing-{}.txt", tag(language)), told)
    };
    expect(&LANGUAGES.map(nothing));
}

/// The sections, each with its place, without those within the part that the checklist fills.
fn beside_the_checklist(paper: &Paper) -> impl Iterator<Item = (usize, &Section)> {
    let mut within = false;
    paper.sections.iter().enumerate().filter(move |(_, section)| {
        if section.level == 1 {
            within = ["チェックリスト", "checklist"].iter().any(|word| section.heading.contains(word));
        }
        section.level == 1 || !within
    })
}

/// A block as it stands, or how long it is.
fn measured(told: &mut String, block: &Block) {
    match block {
        Block::Table(table) => writeln!(told, "table {}: {}", table.name, table.rows.len()).unwrap(),
        Block::Bars(bars) => writeln!(told, "bars {}: {}", bars.caption, bars.rows.len()).unwrap(),
        _ => block_shown(told, block),
    }
}

/// The sections that the pack itself makes.
fn mine(heading: &str) -> bool {
    ["文書", "種類", "ネットワーク", "経路", "document", "Kinds", "network", "paths"]
        .iter()
        .any(|word| heading.contains(word))
}

fn both(name: &str, scene: &Scene, form: Form, edition: &str) {
    let told = LANGUAGES.map(|language| {
        (format!("{name}-{}.txt", tag(language)), tree(&scene.paper_of(form, edition, language)))
    });
    expect(&told);
}

fn tag(language: Language) -> &'static str {
    match language {
        Language::Japanese => "ja",
        Language::English => "en",
    }
}

/// A paper as text: the appendix, which another room makes, by its heading only.
fn tree(paper: &Paper) -> String {
    let mut told = String::new();
    let edition = paper.edition.as_deref().unwrap_or("-");
    writeln!(told, "{} [{edition}] {} / {}", paper.kind, paper.title, paper.subtitle).unwrap();
    for section in &paper.sections {
        let is_appendix = ["付録", "Appendix"].iter().any(|word| section.heading.starts_with(word));
        if is_appendix { headed(&mut told, section) } else { shown(&mut told, section) }
    }
    told
}

fn headed(told: &mut String, section: &Section) {
    let marks = [(section.on_new_page, " [new page]"), (section.is_wide, " [wide]")];
    let marks: String = marks.into_iter().filter(|(on, _)| *on).map(|(_, mark)| mark).collect();
    writeln!(told, "{} {}{marks}", "#".repeat(usize::from(section.level)), section.heading).unwrap();
}

fn shown(told: &mut String, section: &Section) {
    headed(told, section);
    for block in &section.blocks {
        block_shown(told, block);
    }
}

fn block_shown(told: &mut String, block: &Block) {
    match block {
        Block::Text(text) => writeln!(told, "{text}").unwrap(),
        Block::Note(text) => writeln!(told, "※ {text}").unwrap(),
        Block::Points(points) => points.iter().for_each(|point| writeln!(told, "- {point}").unwrap()),
        Block::Fields(fields) => {
            for field in fields {
                writeln!(told, "{}: {}", field.label, field.value).unwrap();
            }
        }
        Block::Table(table) => table_shown(told, table),
        Block::Bars(bars) => {
            let legend: Vec<&str> = bars.legend.iter().map(|(_, name)| name.as_str()).collect();
            writeln!(told, "bars {} ({})", bars.caption, legend.join("/")).unwrap();
            bars.rows.iter().for_each(|(label, counts)| writeln!(told, "  {label} {counts:?}").unwrap());
        }
        Block::Trend(trend) => {
            writeln!(told, "trend {}", trend.caption).unwrap();
            trend.points.iter().for_each(|(at, counts)| writeln!(told, "  {} {counts:?}", at.0).unwrap());
        }
        Block::Picture(picture) => {
            writeln!(told, "picture {} ({} bytes)", picture.caption, picture.svg.len()).unwrap();
        }
    }
}

fn table_shown(told: &mut String, table: &Table) {
    let columns: Vec<&str> = table.columns.iter().map(|column| column.title.as_str()).collect();
    writeln!(told, "table {}: {}", table.name, columns.join(" | ")).unwrap();
    for row in &table.rows {
        match row {
            Row::Heading(heading) => writeln!(told, "  == {heading}").unwrap(),
            Row::Cells { key, cells } => {
                let cells: Vec<String> = cells.iter().map(cell_shown).collect();
                writeln!(told, "  [{}] {}", key.as_deref().unwrap_or("-"), cells.join(" | ")).unwrap();
            }
        }
    }
}

fn cell_shown(cell: &Cell) -> String {
    let tone = if cell.tone == Tone::Plain { String::new() } else { format!("<{:?}> ", cell.tone) };
    format!("{tone}{}", cell.text.replace('\n', " ⏎ "))
}

/// Compares each text with the table of its name. All are left beside the build before any of them fails.
fn expect(told: &[(String, String)]) {
    let mut differ = Vec::new();
    for (name, told) in told {
        let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expected").join(name);
        let now = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::write(&now, told).unwrap();
        let expected = fs::read_to_string(&kept).unwrap_or_default();
        if expected != *told {
            let first = expected.lines().zip(told.lines()).find(|(one, two)| one != two);
            differ.push(format!("tests/expected/{name}, first here: {first:#?}\nnow: {}", now.display()));
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}
