//! The picture: well-formed, without overlaps, with the ways of attackers, and bounded.

use super::builder::{chain, check, hostile, leg, nothing, picture_of};
use base::Language;
use report::site::picture_svg;
use roxmltree::{Document, Node};
use site::attack::{Assumption, Stance};
use site::connection::Kind;
use site::description::templates;
use site::picture::{Device, ELEMENTS_MAX, Line, Picture, Row, Symbol, Way, Zone};

type Rectangle = (i64, i64, i64, i64);

/// The rectangles of a class, as left, top, right, bottom.
fn rectangles(document: &Document<'_>, wanted: impl Fn(&Node<'_, '_>) -> bool) -> Vec<Rectangle> {
    let number = |node: &Node<'_, '_>, name: &str| -> i64 { node.attribute(name).unwrap().parse().unwrap() };
    let of = |node: Node<'_, '_>| {
        let (x, y) = (number(&node, "x"), number(&node, "y"));
        (x, y, x + number(&node, "width"), y + number(&node, "height"))
    };
    document.descendants().filter(|node| node.has_tag_name("rect") && wanted(node)).map(of).collect()
}

fn cards(document: &Document<'_>) -> Vec<Rectangle> {
    let is_card = |node: &Node<'_, '_>| {
        node.parent()
            .and_then(|parent| parent.attribute("class"))
            .is_some_and(|class| class.starts_with("card"))
    };
    rectangles(document, is_card)
}

fn boxes(document: &Document<'_>) -> Vec<Rectangle> {
    rectangles(document, |node| node.attribute("class").is_some_and(|class| class.starts_with("zone ")))
}

fn texts(document: &Document<'_>) -> String {
    let texts =
        document.descendants().filter(|node| node.has_tag_name("text")).filter_map(|node| node.text());
    texts.collect::<Vec<_>>().join("|")
}

fn overlap(left: Rectangle, right: Rectangle) -> bool {
    left.0 < right.2 && right.0 < left.2 && left.1 < right.3 && right.1 < left.3
}

fn contains(outer: Rectangle, inner: Rectangle) -> bool {
    outer.0 <= inner.0 && outer.1 <= inner.1 && outer.2 >= inner.2 && outer.3 >= inner.3
}

/// Cards never touch each other; boxes lie in one another or apart, and so do cards and boxes.
fn nothing_overlaps(svg: &str) {
    let document = Document::parse(svg).unwrap();
    let (cards, boxes) = (cards(&document), boxes(&document));
    for (place, one) in cards.iter().enumerate() {
        assert!(cards.iter().skip(place + 1).all(|other| !overlap(*one, *other)), "{one:?}");
        assert!(boxes.iter().all(|other| contains(*other, *one) || !overlap(*one, *other)), "{one:?}");
    }
    for (place, one) in boxes.iter().enumerate() {
        for other in boxes.iter().skip(place + 1) {
            assert!(
                !overlap(*one, *other) || contains(*one, *other) || contains(*other, *one),
                "{one:?} {other:?}"
            );
        }
    }
}

#[test]
fn nothing_overlaps_in_the_picture_of_any_template() {
    for template in templates() {
        let picture = picture_of(template.name, &nothing());
        assert!(!picture.zones.is_empty() && !picture.devices.is_empty(), "{}", template.name);
        let svg = picture_svg(&picture, Language::Japanese);
        nothing_overlaps(&svg);
        let document = Document::parse(&svg).unwrap();
        assert_eq!(cards(&document).len(), picture.devices.len(), "{}", template.name);
        assert_eq!(boxes(&document).len(), picture.zones.len(), "{}", template.name);
    }
}

#[test]
fn the_same_site_gives_the_same_picture() {
    let picture = || picture_svg(&picture_of("small-hospital", &check()), Language::English);
    assert_eq!(picture(), picture());
}

#[test]
fn hops_are_numbered_and_what_is_not_certain_is_dashed() {
    let picture = picture_of("small-hospital", &check());
    let svg = picture_svg(&picture, Language::English);
    let document = Document::parse(&svg).unwrap();
    for hop in ["A1", "B1", "B2", "C1", "C2", "D1", "D2"] {
        assert!(texts(&document).split('|').any(|text| text == hop), "{hop}");
    }
    let of_class = |class: &str| {
        document
            .descendants()
            .filter(|node| node.has_tag_name("path") && node.attribute("class") == Some(class))
            .count()
    };
    // One more of each stands in the legend.
    assert_eq!((of_class("way"), of_class("way uncertain")), (5 + 1, 2 + 1));
    assert!(svg.contains(".akashi-picture .way.uncertain{stroke-dasharray"));
}

#[test]
fn one_way_alone_needs_no_letter() {
    let mut check = check();
    check.attacks.chains.truncate(1);
    let svg = picture_svg(&picture_of("small-hospital", &check), Language::English);
    let texts = texts(&Document::parse(&svg).unwrap());
    assert!(
        texts.split('|').any(|text| text == "1") && !texts.split('|').any(|text| text == "A1"),
        "{texts}"
    );
}

#[test]
fn whoever_cannot_see_it_is_told_what_it_shows() {
    let svg = picture_svg(&picture_of("small-hospital", &check()), Language::Japanese);
    let document = Document::parse(&svg).unwrap();
    let root = document.root_element();
    assert_eq!(root.attribute("role"), Some("img"));
    let child = |name: &str| root.children().find(|node| node.has_tag_name((SVG, name))).unwrap();
    assert_eq!(child("title").text(), Some("ネットワーク図"));
    assert_eq!(
        root.attribute("aria-labelledby").unwrap().split(' ').collect::<Vec<_>>(),
        ["title", "desc"].map(|name| child(name).attribute("id").unwrap())
    );
    let told = child("desc").text().unwrap();
    assert!(told.starts_with("ネットワーク 9、機器 12、"), "{told}");
    assert!(told.contains("インターネット → PACS 保守用 VPN 装置（所有者不明） → PACS。"), "{told}");
    assert!(told.contains("患者用 Wi-Fi → 無線 LAN → 電子カルテサーバー（未確定）。"), "{told}");
}

const SVG: &str = "http://www.w3.org/2000/svg";

fn zone(id: &str, row: Row, within: Option<&str>) -> Zone {
    Zone {
        id: id.to_owned(),
        name: String::new(),
        note: String::new(),
        row,
        within: within.map(str::to_owned),
        folded: 0,
    }
}

fn device(id: &str, zone: &str) -> Device {
    Device {
        id: id.to_owned(),
        name: String::new(),
        zone: zone.to_owned(),
        also: Vec::new(),
        symbol: Symbol::Server,
        count: 1,
        holds: false,
    }
}

#[test]
fn networks_lie_in_one_another_and_rows_go_down_from_the_internet() {
    let picture = Picture {
        zones: vec![
            zone("cloud", Row::Outside, None),
            zone("vpc", Row::Outside, Some("cloud")),
            zone("subnet", Row::Outside, Some("vpc")),
            zone("net", Row::Internet, None),
            zone("care", Row::Medical, None),
        ],
        devices: vec![device("db", "subnet"), device("pc", "care")],
        ..Picture::default()
    };
    let svg = picture_svg(&picture, Language::English);
    nothing_overlaps(&svg);
    let document = Document::parse(&svg).unwrap();
    let all = boxes(&document);
    let [internet, medical, cloud, vpc, subnet] = all.as_slice() else { panic!("{all:?}") };
    assert!(internet.3 < medical.1 && medical.3 < cloud.1);
    assert!(contains(*cloud, *vpc) && contains(*vpc, *subnet));
    assert!(contains(*subnet, cards(&document)[1]));
}

#[test]
fn names_of_others_stay_names() {
    let bad = hostile();
    let mut picture = picture_of("small-hospital", &check());
    picture.zones.iter_mut().for_each(|zone| (zone.name, zone.note) = (bad.clone(), bad.clone()));
    picture.devices.iter_mut().for_each(|device| device.name.clone_from(&bad));
    picture.links.iter_mut().for_each(|link| link.name.clone_from(&bad));
    let svg = picture_svg(&picture, Language::English);
    assert!(svg.len() < 200_000, "{}", svg.len());
    nothing_overlaps(&svg);
    let document = Document::parse(&svg).unwrap();
    assert!(!document.descendants().any(|node| node.tag_name().name() == "script"));
    assert!(!svg.contains(['\u{1b}', '\u{202e}', '\u{9b}']));
}

#[test]
fn a_large_site_is_folded_and_its_attack_paths_stay() {
    let mut devices: Vec<Device> =
        (0..5_000).map(|place| device(&format!("pc-{place:04}"), "care")).collect();
    devices.push(device("ehr", "care"));
    let mut picture = Picture {
        zones: vec![zone("net", Row::Internet, None), zone("care", Row::Medical, None)],
        devices,
        links: vec![Line {
            id: "line".to_owned(),
            name: String::new(),
            from: "net".to_owned(),
            to: "pc-0007".to_owned(),
            kind: Some(Kind::Open),
        }],
        paths: vec![Way { chain: 0, passes: vec!["net".to_owned(), "ehr".to_owned()], decided: true }],
        ..Picture::default()
    };
    picture.fold();
    assert_eq!(
        picture.devices.iter().map(|one| (one.id.as_str(), one.count)).collect::<Vec<_>>(),
        [("ehr", 1), ("rest:care", 5_000)]
    );
    assert_eq!(picture.links[0].to, "care");
    let svg = picture_svg(&picture, Language::Japanese);
    assert!(svg.contains("ほかの機器 5000 台"));
    nothing_overlaps(&svg);
}

#[test]
fn as_much_as_is_drawn_one_by_one_is_drawn_without_overlap() {
    let zones: Vec<Zone> =
        (0..40).map(|place| zone(&format!("zone-{place:02}"), Row::Information, None)).collect();
    let devices: Vec<Device> = (0..ELEMENTS_MAX - zones.len())
        .map(|place| device(&format!("device-with-a-long-name-{place}"), &format!("zone-{:02}", place % 40)))
        .collect();
    let links = devices.iter().zip(devices.iter().skip(7)).map(|(from, to)| Line {
        id: from.id.clone(),
        name: String::new(),
        from: from.id.clone(),
        to: to.id.clone(),
        kind: None,
    });
    let picture = Picture { links: links.collect(), zones, devices, ..Picture::default() };
    nothing_overlaps(&picture_svg(&picture, Language::English));
}

#[test]
fn a_chain_of_what_is_not_in_the_picture_draws_nothing() {
    let mut check = check();
    let unknown = leg("nowhere", ("elsewhere", "x"), Assumption::Reachable, true);
    check.attacks.chains = vec![chain(Stance::Internet, "nowhere", true, vec![unknown])];
    let picture = picture_of("small-hospital", &check);
    assert!(picture.paths.is_empty());
    Document::parse(&picture_svg(&picture, Language::English)).unwrap();
    Document::parse(&picture_svg(&Picture::default(), Language::English)).unwrap();
}
