//! The attack paths of the templates, read as a table.

use site::attack::{Attacks, Chain, find};
use site::description::{Phase, Site, read, template, templates};
use site::model::Model;
use std::fmt::Write;

fn drawn(text: &str, phase: Phase) -> (Site, Model) {
    let site = read("site.yaml", text).unwrap().at(phase);
    let model = Model::draw(Some(&site), &[]).unwrap();
    (site, model)
}

fn attacks(text: &str, phase: Phase) -> Attacks {
    let (site, model) = drawn(text, phase);
    find(&model, Some(&site), jiff::civil::date(2026, 11, 22))
}

fn line(chain: &Chain) -> String {
    let mut line = format!("  {}", chain.from);
    for leg in &chain.legs {
        let mark = if leg.said { "" } else { "?" };
        write!(line, " -> {} [{:?}{mark}]", leg.to, leg.assumption).unwrap();
    }
    if !chain.decided {
        write!(line, " (undecided)").unwrap();
    }
    line
}

fn table() -> String {
    let mut table = String::new();
    for template in templates() {
        let site = read(template.name, template.text).unwrap();
        for phase in site.phases() {
            let found = attacks(template.text, phase);
            writeln!(table, "# {} ({})", template.name, phase.word()).unwrap();
            let mut head = None;
            for chain in &found.chains {
                let pair = (chain.stance, &chain.from, &chain.to);
                if head != Some(pair) {
                    writeln!(table, "{:?} {} => {} {:?}", chain.stance, chain.from, chain.to, chain.holds)
                        .unwrap();
                    head = Some(pair);
                }
                writeln!(table, "{}", line(chain)).unwrap();
            }
            for cut in &found.cuts {
                writeln!(table, "cut {} {} of {}: {}", cut.chains, cut.closes, cut.element, cut.change.en)
                    .unwrap();
            }
            if found.more {
                writeln!(table, "more").unwrap();
            }
        }
    }
    table
}

#[test]
fn the_attack_paths_of_the_templates_are_these() {
    let found = table();
    if found == include_str!("../expected/attacks.txt") {
        return;
    }
    let made = concat!(env!("CARGO_TARGET_TMPDIR"), "/attacks.txt");
    std::fs::write(made, &found).unwrap();
    panic!("the attack paths of the templates changed; read {made} against tests/expected/attacks.txt");
}
