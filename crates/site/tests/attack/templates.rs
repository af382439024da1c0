//! The attack paths of the templates, read as a table.

use site::attack::{Assumption, Attacks, Chain, Stance, find};
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

fn machines(chain: &Chain) -> Vec<&str> {
    chain.legs.iter().map(|leg| leg.to.as_str()).collect()
}

fn small_hospital() -> &'static str {
    template("small-hospital").unwrap().text
}

/// The way that a hospital of Osaka was taken in 2022: the vendor's network, its server in the hospital, the records.
#[test]
fn a_vendor_that_reaches_only_its_own_server_goes_on_from_there_to_the_records() {
    let restricted = "    vendor: pacs-vendor\n    from: pacs-vendor-site\n    restricted: yes\n";
    let text = small_hospital().replace("    vendor: pacs-vendor\n", restricted);
    let found = attacks(&text, Phase::Now);
    let is_osaka =
        |chain: &&Chain| chain.from == "pacs-vendor-site" && machines(chain) == ["pacs", "ehr-server"];
    let chain = found.chains.iter().find(is_osaka).expect("the way by the vendor's own server");
    assert_eq!(chain.stance, Stance::Vendor);
    let assumed: Vec<(Assumption, bool)> = chain.legs.iter().map(|leg| (leg.assumption, leg.said)).collect();
    assert_eq!(assumed, [(Assumption::SharedCredential, true), (Assumption::SharedCredential, true)]);
    let [first, second] = chain.legs.as_slice() else { panic!("{chain:?}") };
    assert!(first.because.en.contains("pacs-maintenance") && first.because.ja.contains("PACS"));
    assert!(second.because.en.contains("accounts are shared"), "{:?}", second.because);
    let first_steps: Vec<&str> = first.steps.iter().map(|step| step.node.as_str()).collect();
    assert!(first_steps.first() == Some(&"pacs-vendor-site") && first_steps.contains(&"pacs-line (back)"));
    assert_eq!(second.steps.first().map(|step| step.node.as_str()), Some("pacs"));
}

#[test]
fn in_the_small_hospital_every_vendor_comes_straight_to_the_records() {
    let found = attacks(small_hospital(), Phase::Now);
    for vendor in ["ehr-vendor-site", "meal-vendor-site", "pacs-vendor-site"] {
        let direct = |chain: &&Chain| chain.from == vendor && machines(chain) == ["ehr-server"];
        let chain = found.chains.iter().find(direct).expect(vendor);
        assert!(chain.decided && chain.legs.iter().all(|leg| leg.said));
    }
}

#[test]
fn the_first_thing_to_do_in_the_small_hospital_is_to_divide_its_flat_network() {
    let found = attacks(small_hospital(), Phase::Now);
    let first = &found.cuts[0];
    assert_eq!(first.element, "medical");
    assert!(first.change.en.starts_with("Divide") && first.change.ja.contains("区画"), "{:?}", first.change);
    assert!(found.cuts.len() <= 10 && found.cuts.iter().all(|cut| cut.chains > 0));
    assert!(found.cuts.iter().any(|cut| cut.element == "meal-line" && cut.closes > 0));
}

#[test]
fn a_cut_that_is_made_takes_as_many_chains_away_as_it_says() {
    let before = attacks(small_hospital(), Phase::Now);
    let said = before.cuts.iter().find(|cut| cut.element == "meal-line").unwrap();
    let (start, end) = ("  - id: meal-line\n", "  - id: eligibility-line\n");
    let (head, rest) = small_hospital().split_once(start).unwrap();
    let text = format!("{head}{end}{}", rest.split_once(end).unwrap().1);
    let after = attacks(&text, Phase::Now);
    let key = |chain: &Chain| (chain.from.clone(), machines(chain).join(" "));
    let left: Vec<_> = after.chains.iter().map(key).collect();
    let gone = before.chains.iter().filter(|chain| !left.contains(&key(chain))).count();
    assert_eq!(gone, said.chains);
}

#[test]
fn the_hospital_put_right_has_no_chain_but_by_a_flaw_that_nobody_knows() {
    let found = attacks(template("two-networks-hospital").unwrap().text, Phase::Now);
    assert!(!found.chains.is_empty());
    for chain in &found.chains {
        assert!(chain.legs.iter().any(|leg| leg.assumption == Assumption::UnknownFlaw), "{}", line(chain));
    }
}

#[test]
fn a_device_that_is_carried_off_without_protection_is_a_way_in() {
    let portable = "    portable: yes\n    disk_encrypted: no\n    screen_lock_minutes: 0";
    let text = small_hospital().replace("    disk_encrypted: no\n    screen_lock_minutes: 0", portable);
    let found = attacks(&text, Phase::Now);
    let stolen: Vec<&Chain> =
        found.chains.iter().filter(|chain| chain.stance == Stance::StolenDevice).collect();
    assert!(stolen.iter().any(|chain| machines(chain) == ["ward-pc", "ehr-server"]), "{stolen:?}");
    assert!(
        stolen
            .iter()
            .all(|chain| { chain.legs[0].assumption == Assumption::UnprotectedDevice && chain.legs[0].said })
    );
}
