//! Descriptions with thousands of parts, in circles, or of which nothing is known.

use super::*;

const HEAD: &str = "format: akashi-site/1\nfacility: { name: 架空, kind: clinic }\n";

fn read(text: &str) -> Site {
    description::read("site.yaml", text).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn attacks(what: &str, text: &str) -> Attacks {
    let site = run(&format!("{what}: reading"), || read(text));
    run(&format!("{what}: checking"), || check(Some(&site), &[])).0.attacks
}

#[test]
fn a_flat_zone_of_hundreds_of_machines_is_checked() {
    let mut text = format!(
        "{HEAD}zones:\n  - {{ id: lan, kind: medical, ranges: [10.0.0.0/8] }}\n  - {{ id: internet, kind: internet }}\nnodes:\n"
    );
    writeln!(text, "  - {{ id: router, kind: router, zones: [lan], addresses: [10.255.0.1] }}").unwrap();
    for at in 0..150 {
        writeln!(
            text,
            "  - {{ id: n{at}, kind: terminal, zones: [lan], addresses: [10.0.{}.{}], holds: [image] }}",
            at / 250,
            at % 250 + 1
        )
        .unwrap();
    }
    text.push_str("links:\n  - { id: line, from: router, to: internet, carrier: internet }\n");
    let found = attacks("flat", &text);
    assert!(!found.chains.is_empty());
}

#[test]
fn four_thousand_zones_are_checked() {
    let mut text = format!("{HEAD}zones:\n");
    for at in 0..4_000 {
        writeln!(text, "  - {{ id: z{at}, kind: medical, ranges: [10.{}.{}.0/24] }}", at / 250, at % 250)
            .unwrap();
    }
    text.push_str("nodes:\n");
    for at in 0..4_000 {
        writeln!(text, "  - {{ id: n{at}, kind: server, zones: [z{at}], holds: [image] }}").unwrap();
    }
    attacks("zones", &text);
}

#[test]
fn links_in_circles_end() {
    let mut text = format!("{HEAD}zones:\n");
    for at in 0..60 {
        writeln!(text, "  - {{ id: z{at}, kind: medical }}").unwrap();
    }
    text.push_str("nodes:\n");
    for at in 0..60 {
        writeln!(
            text,
            "  - {{ id: n{at}, kind: server, zones: [z{at}], holds: [image], forwards: unknown }}"
        )
        .unwrap();
    }
    text.push_str("links:\n");
    for at in 0..60 {
        writeln!(text, "  - {{ id: l{at}, from: z{at}, to: z{}, carrier: unknown }}", (at + 1) % 60).unwrap();
        writeln!(text, "  - {{ id: m{at}, from: z{at}, to: z{}, carrier: unknown }}", (at + 7) % 60).unwrap();
    }
    attacks("circle", &text);
}

#[test]
fn machines_in_forty_networks_at_once_are_checked() {
    let mut text = format!("{HEAD}zones:\n  - {{ id: internet, kind: internet }}\n");
    for at in 0..40 {
        writeln!(text, "  - {{ id: z{at}, kind: medical, ranges: [10.{at}.0.0/16] }}").unwrap();
    }
    text.push_str("nodes:\n");
    let all: Vec<String> = (0..40).map(|at| format!("z{at}")).collect();
    for at in 0..20 {
        writeln!(text, "  - {{ id: n{at}, kind: router, zones: [{}], holds: [image] }}", all.join(", "))
            .unwrap();
    }
    attacks("many networks", &text);
}

#[test]
fn a_description_in_which_everything_is_unknown_is_undecided_and_not_good() {
    let text = format!(
        "{HEAD}zones:\n  - {{ id: a, kind: medical, owner: unknown, ranges: unknown, isolated: unknown }}\n  - {{ id: internet, kind: internet }}\nnodes:\n  - {{ id: x, kind: server, zones: [a], holds: unknown, software: unknown, sign_in: unknown, listens: unknown }}\nlinks: unknown\nfilters: unknown\nflows: unknown\nbackups: unknown\nmaintenance: unknown\n"
    );
    match description::read("site.yaml", &text) {
        Ok(site) => {
            let (check, _) = check(Some(&site), &[]);
            assert!(!check.findings.is_empty());
        }
        Err(problems) => {
            assert!(problems.iter().all(|one| one.code().id.starts_with("SI-002")), "{problems:?}");
        }
    }
}

#[test]
fn names_of_others_are_only_names() {
    for name in clouds::names() {
        let written = serde_json::to_string(&name).unwrap();
        let text = format!(
            "{HEAD}zones:\n  - {{ id: lan, kind: medical, name: {written} }}\nnodes:\n  - {{ id: n, kind: server, zones: [lan], name: {written}, holds: [image] }}\n  - {{ id: m, kind: terminal, zones: [lan], name: {written}, portable: yes }}\n"
        );
        match description::read("site.yaml", &text) {
            Ok(site) => drop(check(Some(&site), &[])),
            Err(problems) => assert!(problems.iter().all(|one| one.code().id.starts_with("SI-002"))),
        }
    }
}
