//! Who reaches the data in each template.

use site::description::{Phase, Site, read, templates};
use site::model::{Model, Thing};
use site::network::NodeId;
use site::reach::{Answer, Question};
use std::fmt::Write;

/// Zones, nodes that somebody may hold, and whatever holds data: who asks, and whom.
fn table(site: &Site, out: &mut String) {
    let model = Model::draw(Some(site), &[]).unwrap();
    let question = Question::of(&model.network);
    let holds = |node: NodeId| model.network.host(node).is_some_and(|host| !host.holds.is_empty());
    let targets: Vec<NodeId> = model.things().map(|(node, _)| node).filter(|node| holds(*node)).collect();
    let asks = |thing: &Thing| matches!(thing, Thing::Internet | Thing::Zone(_) | Thing::Device(_));
    let name = |node: NodeId| model.network.node(node).unwrap().title.id.clone();
    for (origin, _) in model.things().filter(|(_, thing)| asks(thing)) {
        let reach = question.from(origin);
        for target in targets.iter().filter(|target| **target != origin) {
            let answer = match reach.to(*target) {
                Answer::Reached(reached) if reached.decided => {
                    let links: Vec<String> = reached
                        .labels
                        .links()
                        .map(|(carrier, protection)| format!("{carrier:?}/{protection:?}"))
                        .collect();
                    format!("yes {}", links.join(" "))
                }
                Answer::Reached(reached) => {
                    let reasons: Vec<String> = reached
                        .reasons
                        .iter()
                        .map(|reason| format!("{} of {}", reason.attribute, reason.place))
                        .collect();
                    format!("maybe: {}", reasons.join(", "))
                }
                Answer::Undecided(gaps) => format!("undecided: {}", gaps.len()),
                Answer::NoPath => continue,
            };
            writeln!(out, "  {} -> {}: {}", name(origin), name(*target), answer.trim_end()).unwrap();
        }
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
    if found != expected {
        std::fs::write(std::env::temp_dir().join("template-reach.txt"), &found).unwrap();
    }
    assert_eq!(found, expected, "see template-reach.txt in the temporary folder");
}
