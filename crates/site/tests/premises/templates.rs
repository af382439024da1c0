//! Who reaches the data in each template.

use site::description::{NodeKind, Phase, Site, read, templates};
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
