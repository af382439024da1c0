//! Papers as pages of HTML: well-formed, whole in themselves, readable without colours, and inert whatever they hold.

use super::scene::{FORMS, LANGUAGES, Scene};
use crate::site::builder;
use base::Language;
use report::form::Form;
use report::html::paper_page;
use report::paper::{Block, Paper, Picture, Row};
use roxmltree::{Document, Node};
use std::collections::BTreeSet;

/// The page as XML: what HTML leaves open is closed first.
fn xml(page: &str) -> String {
    let lines = page.lines().filter(|line| !line.starts_with("<meta ") && !line.starts_with("<!doctype"));
    lines.collect::<Vec<_>>().join("\n")
}

fn read(text: &str) -> Document<'_> {
    Document::parse(text).unwrap_or_else(|error| {
        let line = usize::try_from(error.pos().row).unwrap().saturating_sub(1);
        panic!(
            "{error}: {}",
            text.lines().nth(line).unwrap_or_default().chars().take(300).collect::<String>()
        )
    })
}

fn elements<'a>(document: &'a Document<'_>, name: &'static str) -> impl Iterator<Item = Node<'a, 'a>> {
    document.descendants().filter(move |node| node.tag_name().name() == name)
}

fn papers() -> Vec<Paper> {
    let scenes = [Scene::begun(), Scene::empty(), Scene::hostile()];
    let of = |scene: &Scene| {
        let each = |form| LANGUAGES.map(|language| scene.paper(form, language));
        FORMS.into_iter().flat_map(each).collect::<Vec<_>>()
    };
    scenes.iter().flat_map(of).collect()
}

#[test]
fn a_page_needs_nothing_beside_itself_and_is_well_formed() {
    for paper in papers() {
        let page = paper_page(&paper);
        assert!(page.contains("default-src 'none'"));
        let text = xml(&page);
        let document = read(&text);
        for node in document.descendants().filter(Node::is_element) {
            let name = node.tag_name().name();
            assert!(
                !["script", "img", "link", "iframe", "form", "object", "a:script"].contains(&name),
                "{name}"
            );
            for one in node.attributes() {
                assert!(!one.name().starts_with("on") && one.name() != "src", "{name} {}", one.name());
                assert!(one.name() != "href" || one.value().starts_with('#'), "{}", one.value());
            }
        }
    }
}

#[test]
fn headings_links_and_tables_lead_whoever_cannot_see_the_page() {
    for paper in papers() {
        let page = paper_page(&paper);
        let text = xml(&page);
        let document = read(&text);
        let ids: Vec<&str> = document.descendants().filter_map(|node| node.attribute("id")).collect();
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(unique.len(), ids.len(), "{}", paper.kind);
        for link in elements(&document, "a").filter_map(|node| node.attribute("href")) {
            assert!(unique.contains(link.trim_start_matches('#')), "{link}");
        }
        assert!(elements(&document, "th").all(|node| node.attribute("scope").is_some()));
        assert_eq!(elements(&document, "h1").count(), 1);
        let lang = if paper.language == Language::Japanese { "ja" } else { "en" };
        assert_eq!(document.root_element().attribute("lang"), Some(lang));
        // Every table has a caption; every drawing that is not a picture is left out for whoever hears the page.
        for table in elements(&document, "table") {
            assert!(table.children().any(|node| node.tag_name().name() == "caption"), "{}", paper.kind);
        }
        let drawn = elements(&document, "svg").filter(|node| node.attribute("aria-hidden").is_none()).count();
        let pictures = blocks(&paper).filter(|block| matches!(block, Block::Picture(_))).count();
        assert!(drawn <= pictures);
    }
}

fn blocks(paper: &Paper) -> impl Iterator<Item = &Block> {
    paper.sections.iter().flat_map(|section| &section.blocks)
}

#[test]
fn everything_that_a_paper_says_stands_in_its_page() {
    let paper = Scene::begun().paper(Form::Inspection, Language::Japanese);
    let page = paper_page(&paper);
    let text = xml(&page);
    let document = read(&text);
    let said: String = document
        .root_element()
        .descendants()
        .filter_map(|node| node.text().filter(|_| node.is_text()))
        .collect();
    let mut count = 0;
    let mut stands = |text: &str| {
        for line in text.split('\n') {
            assert!(said.contains(line), "{line}");
            count += 1;
        }
    };
    for section in &paper.sections {
        stands(&section.heading);
        for block in &section.blocks {
            match block {
                Block::Text(text) | Block::Note(text) => stands(text),
                Block::Points(points) => points.iter().for_each(|point| stands(point)),
                Block::Fields(fields) => fields.iter().for_each(|field| stands(&field.value)),
                Block::Table(table) => {
                    for row in &table.rows {
                        match row {
                            Row::Heading(heading) => stands(heading),
                            Row::Cells { cells, .. } => cells.iter().for_each(|cell| stands(&cell.text)),
                        }
                    }
                }
                Block::Bars(bars) => bars.rows.iter().for_each(|(label, _)| stands(label)),
                Block::Trend(trend) => stands(&trend.caption),
                Block::Picture(picture) => stands(&picture.caption),
            }
        }
    }
    assert!(count > 1_000, "{count}");
}

#[test]
fn hostile_texts_are_shown_as_texts() {
    let page = paper_page(&Scene::hostile().paper(Form::Inspection, Language::Japanese));
    assert!(page.contains("&#60;script&#62;alert(1)&#60;/script&#62;"));
    assert!(
        !page.contains("<script")
            && !page.contains("<img")
            && !page.contains('\u{202e}')
            && !page.contains('\u{7}')
    );
    // The picture is no picture, and says so.
    assert!(page.contains("安全に表示できない"));
    let english = paper_page(&Scene::hostile().paper(Form::Inspection, Language::English));
    assert!(english.contains("cannot safely stand") && !english.contains("onload="));
    // A long answer stands whole in the appendix.
    assert!(page.contains(&"長い答え。".repeat(2_500)));
}

#[test]
fn the_picture_of_a_real_site_is_shown() {
    let mut paper = Scene::begun().paper(Form::Risk, Language::Japanese);
    let picture = builder::picture_of("small-hospital", &builder::check());
    let svg = report::site::picture_svg(&picture, Language::Japanese);
    let picture = Picture { caption: "構成図".to_owned(), svg };
    paper.sections[0].blocks.push(Block::Picture(picture));
    let page = paper_page(&paper);
    assert!(page.contains("class=\"akashi-picture\"") && !page.contains("安全に表示できない"));
    read(&xml(&page));
}
