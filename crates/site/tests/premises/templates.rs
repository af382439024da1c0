//! Who reaches the data in each template.

use site::description::{DataClass, Node, NodeKind, Phase, Site, Zone, ZoneKind, read, templates};
use site::model::{Model, Thing};
use site::network::NodeId;
use site::reach::{Answer, Question};
use std::fmt::Write;

/// Who reaches whom: from the internet, zones and terminals all devices, from other devices what holds data.
fn table(site: &Site, out: &mut String) {
    let model = Model::draw(Some(site), &[]).unwrap();
    let question = Question::of(&model.network);
    let devices: Vec<NodeId> =
        model.things().filter(|(_, thing)| matches!(thing, Thing::Device(_))).map(|(node, _)| node).collect();
    let terminals: Vec<&str> = site
        .nodes
        .iter()
        .filter(|node| node.kind == NodeKind::Terminal)
        .map(|node| node.id.as_str())
        .collect();
    let begins = |thing: &Thing| match thing {
        Thing::Internet | Thing::Zone(_) => true,
        Thing::Device(id) => terminals.contains(&id.as_str()),
        _ => false,
    };
    let holds = |node: NodeId| model.network.host(node).is_some_and(|host| !host.holds.is_empty());
    let name = |node: NodeId| model.network.node(node).unwrap().title.id.clone();
    for (origin, thing) in model.things() {
        if !begins(thing) && !matches!(thing, Thing::Device(_)) {
            continue;
        }
        let reach = question.from(origin);
        for target in devices.iter().filter(|target| **target != origin) {
            if !begins(thing) && !holds(*target) {
                continue;
            }
            let Some(answer) = answer(&reach.to(*target)) else { continue };
            let mark = if holds(*target) { "*" } else { "" };
            writeln!(out, "  {} -> {}{mark}: {answer}", name(origin), name(*target)).unwrap();
        }
    }
}

/// An answer in a line; nothing where there is no path.
fn answer(answer: &Answer) -> Option<String> {
    match answer {
        Answer::Reached(reached) if reached.decided => {
            let links =
                reached.labels.links().map(|(carrier, protection)| format!(" {carrier:?}/{protection:?}"));
            Some(format!("yes{}", links.collect::<String>()))
        }
        Answer::Reached(reached) => {
            let reasons =
                reached.reasons.iter().map(|reason| format!(" {} of {},", reason.attribute, reason.place));
            Some(format!("maybe{}", reasons.collect::<String>().trim_end_matches(',')))
        }
        Answer::Undecided(gaps) => {
            let places = gaps.iter().map(|gap| format!(" {}", gap.reason.place));
            Some(format!("undecided{}", places.collect::<String>()))
        }
        Answer::NoPath => None,
    }
}

#[test]
fn every_template_answers_as_it_did() {
    let mut found = String::new();
    for template in templates() {
        let site = read(template.name, template.text).unwrap();
        for phase in site.phases() {
            let at = site.at(phase);
            if phase == Phase::Now || at != site.at(Phase::Now) {
                writeln!(found, "{} {}", template.name, phase.word()).unwrap();
                table(&at, &mut found);
            }
        }
    }
    let expected = include_str!("../expected/template-reach.txt");
    let wrong = found.lines().zip(expected.lines()).find(|(found, expected)| found != expected);
    if found != expected {
        let shown = std::env::temp_dir().join("template-reach.txt");
        std::fs::write(&shown, &found).unwrap();
        panic!("{wrong:?}; all of it is in {}", shown.display());
    }
}

/// What is known of patients.
fn is_of_patients(class: DataClass) -> bool {
    use DataClass::{Billing, ClinicalRecord, Eligibility, HealthCheck, Image, Laboratory, PatientIdentity};
    matches!(
        class,
        ClinicalRecord | Image | Laboratory | PatientIdentity | Billing | Eligibility | HealthCheck
    )
}

#[test]
fn what_is_put_right_lets_nobody_from_the_internet_or_a_guest_network_to_records() {
    for template in templates().iter().filter(|template| template.name != "small-hospital") {
        let site = read(template.name, template.text).unwrap();
        for site in site.phases().into_iter().map(|phase| site.at(phase)) {
            let model = Model::draw(Some(&site), &[]).unwrap();
            let is_open = |zone: &&Zone| matches!(zone.kind, ZoneKind::Internet | ZoneKind::GuestWireless);
            let holds = |node: &&Node| node.holds.iter().flatten().any(|class| is_of_patients(*class));
            for zone in site.zones.iter().filter(is_open) {
                let reach = Question::of(&model.network).from(model.find(zone.id.as_str()).unwrap());
                for node in site.nodes.iter().filter(holds) {
                    let found = reach.to(model.find(node.id.as_str()).unwrap());
                    assert!(matches!(found, Answer::NoPath), "{}: {} -> {}", template.name, zone.id, node.id);
                }
            }
        }
    }
}

#[test]
fn everything_that_is_described_can_be_found() {
    for template in templates() {
        let site = read(template.name, template.text).unwrap();
        for site in site.phases().into_iter().map(|phase| site.at(phase)) {
            let model = Model::draw(Some(&site), &[]).unwrap();
            let thing = |id: &str| model.thing(model.find(id).unwrap()).cloned();
            for zone in &site.zones {
                let expected = match zone.kind {
                    ZoneKind::Internet => Thing::Internet,
                    _ => Thing::Zone(zone.id.value.clone()),
                };
                assert_eq!(thing(zone.id.as_str()), Some(expected));
            }
            for node in &site.nodes {
                assert_eq!(thing(node.id.as_str()), Some(Thing::Device(node.id.value.clone())));
            }
            for link in &site.links {
                for (id, back) in [(link.id.value.clone(), false), (format!("{} (back)", link.id), true)] {
                    let expected = Thing::Link { id: link.id.value.clone(), back };
                    assert_eq!(thing(&id), Some(expected));
                }
            }
            for filter in site.filters.iter().flatten() {
                assert_eq!(thing(filter.id.as_str()), Some(Thing::Filter(filter.id.value.clone())));
            }
        }
    }
}

#[test]
fn a_large_hospital_takes_a_number_of_steps_that_grows_with_its_size() {
    let mut text =
        "format: akashi-site/1\nfacility: { name: 大病院 }\nzones:\n  - { id: world, kind: internet }\n"
            .to_owned();
    let zones = 200_usize;
    for zone in 0..zones {
        writeln!(text, "  - {{ id: z{zone}, kind: medical, ranges: [10.{zone}.0.0/16] }}").unwrap();
    }
    let all: Vec<String> = (0..zones).map(|zone| format!("z{zone}")).collect();
    text.push_str("nodes:\n");
    writeln!(text, "  - {{ id: core, kind: firewall, zones: [{}] }}", all.join(", ")).unwrap();
    for node in 0..zones * 4 {
        writeln!(text, "  - {{ id: n{node}, kind: terminal, zones: [z{}] }}", node % zones).unwrap();
    }
    text.push_str("links: [{ id: line, from: core, to: world, carrier: internet }]\n");
    text.push_str("filters: [{ id: rules, at: core, stateful: yes, default: allow, rules: none }]\n");
    let site = read("large", &text).unwrap();
    let model = Model::draw(Some(&site), &[]).unwrap();
    let reach = Question::of(&model.network).from(model.find("n0").unwrap());
    assert!(matches!(reach.to(model.find("n799").unwrap()), Answer::Reached(_)));
    assert!(reach.len() < zones * 100, "{} boxes of packets", reach.len());
}
