//! Threats of the templates: which there are, that they name real requirements, and what they say.

#![expect(clippy::unwrap_used, reason = "a test ends at the first thing that is not as it should be")]

use site::description::{Phase, Site, read, template, templates};
use site::model::Model;
use site::threat::{Stride, Threat, find};
use std::collections::BTreeSet;
use std::fmt::Write;

fn threats(text: &str, phase: Phase) -> Vec<Threat> {
    let site: Site = read("site.yaml", text).unwrap().at(phase);
    let model = Model::draw(Some(&site), &[]).unwrap();
    find(&model, &site)
}

fn all() -> impl Iterator<Item = (&'static str, Phase, Vec<Threat>)> {
    templates().iter().flat_map(|template| {
        let phases = read(template.name, template.text).unwrap().phases();
        phases.into_iter().map(|phase| (template.name, phase, threats(template.text, phase)))
    })
}

fn letter(kind: Stride) -> char {
    match kind {
        Stride::Spoofing => 'S',
        Stride::Tampering => 'T',
        Stride::Repudiation => 'R',
        Stride::InformationDisclosure => 'I',
        Stride::DenialOfService => 'D',
        Stride::ElevationOfPrivilege => 'E',
    }
}

#[test]
fn the_threats_of_the_templates_are_these() {
    let mut table = String::new();
    for (name, phase, found) in all() {
        writeln!(table, "# {name} ({})", phase.word()).unwrap();
        for of_flow in found.chunk_by(|one, other| one.flow == other.flow) {
            let letters: String = of_flow.iter().map(|threat| letter(threat.kind)).collect();
            let Threat { flow, boundary, decided, path, .. } = &of_flow[0];
            let doubt = if *decided { "" } else { " (undecided)" };
            let known = if path.is_empty() { ", path not known" } else { "" };
            writeln!(table, "{letters:6} {flow}: {}{known}{doubt}", boundary.en).unwrap();
        }
    }
    if table != include_str!("expected/threats.txt") {
        let made = concat!(env!("CARGO_TARGET_TMPDIR"), "/threats.txt");
        std::fs::write(made, &table).unwrap();
        panic!("the threats of the templates changed; read {made} against tests/expected/threats.txt");
    }
}

#[test]
fn every_threat_names_requirements_that_exist_and_speaks_both_languages() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../guideline/catalogue/mhlw-6.0");
    let catalogue: String = ["control.yaml", "management.yaml"]
        .iter()
        .map(|file| std::fs::read_to_string(folder.join(file)).unwrap())
        .collect();
    let known: BTreeSet<&str> =
        catalogue.lines().filter_map(|line| line.trim().strip_prefix("- id: ")).collect();
    for (name, _, found) in all() {
        let mut ids = BTreeSet::new();
        for threat in found {
            assert!(ids.insert(threat.id.clone()), "{name}: {} stands twice", threat.id);
            assert!(!threat.requirements.is_empty() && !threat.because.is_empty(), "{}", threat.id);
            for requirement in &threat.requirements {
                assert!(known.contains(requirement.as_str()), "{requirement} of {}", threat.id);
            }
            let texts = [&threat.title, &threat.boundary, &threat.scenario];
            for text in texts.into_iter().chain(&threat.because) {
                assert!(!text.ja.is_empty() && !text.en.is_empty(), "{}", threat.id);
                assert!(!text.ja.contains('{') && !text.en.contains('{'), "{text:?}");
            }
        }
    }
}

#[test]
fn what_no_packet_can_take_is_no_threat() {
    let text = template("two-networks-hospital").unwrap().text;
    assert!(threats(text, Phase::Now).iter().any(|threat| threat.flow == "ehr-vendor-work"));
    let rule = "      - { action: allow, from: [vendors, pacs-vendor-site], to: [jump-host], protocol: tcp, ports: [443], reason: 保守は踏み台経由のみ }\n";
    let closed = text.replace(rule, "").replace("at: vpn-gateway\n    stateful: yes\n    default: deny\n    reviewed_on: 2026-09-01\n    rules:\n", "at: vpn-gateway\n    stateful: yes\n    default: deny\n    reviewed_on: 2026-09-01\n    rules: none\n");
    assert_ne!(text, closed);
    assert!(threats(&closed, Phase::Now).iter().all(|threat| threat.flow != "ehr-vendor-work"));
}

#[test]
fn maintenance_by_a_shared_account_says_so() {
    let found = threats(template("small-hospital").unwrap().text, Phase::Now);
    let threat = found.iter().find(|threat| threat.id == "stride.spoofing@ehr-maintenance").unwrap();
    let because: Vec<&str> = threat.because.iter().map(|text| text.en.as_str()).collect();
    assert!(
        because.contains(&"No second factor is needed.") && because.contains(&"People share an account.")
    );
    assert!(threat.decided && threat.path.len() > 2, "{threat:?}");
    assert!(
        threat.scenario.en.contains("ehr-vendor-site") && threat.scenario.ja.contains("電子カルテサーバー")
    );
}
