//! Descriptions of sites: what the reader takes, what it refuses and how it says so, and that every template is one.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::string_slice,
    reason = "a test ends at the first thing that is not as it should be"
)]

use base::Language;
use base::Problem;
use proptest::prelude::*;
use site::description::{
    Action, BYTES_MAX, Element, FAULTS_MAX, FORMAT, NodeKind, Peer, Phase, Placed, Protection, Site,
    ZoneKind, init, read, schema, template, templates,
};

/// A small description, to which a test adds what it is about.
const HEAD: &str = "format: akashi-site/1
facility: { name: 見本 }
zones:
  - { id: internet, kind: internet }
  - { id: medical, kind: medical, ranges: [10.1.0.0/16] }
";

fn taken(text: &str) -> Site {
    read("site.yaml", text).unwrap_or_else(|problems| panic!("{}", all(&problems)))
}

fn refused(text: &str) -> Vec<Problem> {
    read("site.yaml", text).expect_err("this must be refused")
}

fn all(problems: &[Problem]) -> String {
    problems.iter().map(|problem| problem.text(Language::English)).collect::<Vec<_>>().join("\n")
}

/// The code and place of each problem.
fn places(problems: &[Problem]) -> Vec<(&str, &str)> {
    problems.iter().map(|problem| (problem.code().id, problem.place().unwrap_or_default())).collect()
}

/// Where a text stands last in another, as problems say it.
fn at(text: &str, needle: &str) -> String {
    let before = &text[..text.rfind(needle).unwrap_or_else(|| panic!("{needle} is not there"))];
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    format!("{}:{column}", before.matches('\n').count() + 1)
}

/// That a text is refused with these faults: code, and what stands where each is said to be.
fn refused_at(text: &str, faults: &[(&str, &str)]) -> Vec<Problem> {
    let problems = refused(text);
    let wanted: Vec<(&str, String)> = faults.iter().map(|(code, needle)| (*code, at(text, needle))).collect();
    let found: Vec<(&str, String)> =
        places(&problems).into_iter().map(|(code, place)| (code, place.to_owned())).collect();
    assert_eq!(found, wanted, "{}", all(&problems));
    problems
}

#[test]
fn every_template_is_a_description() {
    assert_eq!(templates().len(), 12);
    for template in templates() {
        let site = read(template.name, template.text)
            .unwrap_or_else(|problems| panic!("{}:\n{}", template.name, all(&problems)));
        assert!(
            !site.nodes.is_empty() && site.flows.is_some() && site.backups.is_some(),
            "{}",
            template.name
        );
        assert!(template.ja != template.en && !template.ja.is_empty());
    }
}

#[test]
fn a_template_that_there_is_not_is_answered_with_those_that_there_are() {
    let problem = template("small-clinic").expect_err("there is none");
    assert_eq!(problem.code().id, "SI-0024");
    assert!(problem.text(Language::English).contains("small-hospital"));
    assert_eq!(template("small-hospital").expect("there is").name, "small-hospital");
}

#[test]
fn the_example_is_a_whole_clinic_with_a_comment_in_both_languages_at_its_parts() {
    let site = taken(init());
    assert_eq!(site.format, FORMAT);
    assert!(
        site.filters.is_some()
            && site.maintenance.is_some()
            && site.flows.is_some()
            && site.backups.is_some()
    );
    assert!(site.nodes.iter().any(|node| node.holds.as_ref().is_some_and(|holds| !holds.is_empty())));
    let comments: Vec<&str> = init().lines().filter(|line| line.contains("# ")).collect();
    assert!(comments.len() > 30);
    assert!(
        comments.iter().filter(|line| line.contains("  /  ")).count() > 25,
        "English stands beside Japanese"
    );
}

#[test]
fn what_is_left_out_is_unknown_and_what_is_none_is_known() {
    let site = taken(&format!(
        "{HEAD}nodes:
  - {{ id: a, kind: server, zones: [medical] }}
  - {{ id: b, kind: server, zones: [medical], holds: none, edr: no, malware_protection: unknown, patched_on: unknown }}
backups: none
"
    ));
    let [a, b] = site.nodes.as_slice() else { panic!("two nodes") };
    assert_eq!((a.holds.as_ref(), a.edr), (None, None));
    assert_eq!((b.holds.as_deref(), b.edr, b.malware_protection), (Some([].as_slice()), Some(false), None));
    assert_eq!(b.patched_on, None);
    assert_eq!((site.maintenance, site.backups), (None, Some(Vec::new())));
}

#[test]
fn yes_is_yes_in_either_spelling() {
    let site = taken(&format!(
        "{HEAD}nodes:\n  - {{ id: a, kind: server, zones: [medical], edr: yes, disk_encrypted: true }}\n"
    ));
    assert_eq!((site.nodes[0].edr, site.nodes[0].disk_encrypted), (Some(true), Some(true)));
    refused_at(
        &format!("{HEAD}nodes:\n  - {{ id: a, kind: server, zones: [medical], edr: maybe }}\n"),
        &[("SI-0021", "maybe")],
    );
}

#[test]
fn a_version_stays_as_it_is_written() {
    let site = taken(&format!(
        "{HEAD}nodes:\n  - {{ id: a, kind: server, zones: [medical], software: [{{ name: x, version: 6.10 }}] }}\n"
    ));
    let software = site.nodes[0].software.as_ref().expect("software is said");
    assert_eq!(software[0].version.as_deref(), Some("6.10"));
}

#[test]
fn a_protection_alone_is_one_of_whose_parameters_nothing_is_known() {
    let site = taken(&format!(
        "{HEAD}links:\n  - {{ id: l, from: internet, to: medical, carrier: ipsec, protection: [ipsec, tls: {{ versions: [tls1.3] }}] }}\n"
    ));
    let protection = site.links[0].protection.as_deref().expect("it is said");
    assert!(matches!(protection, [Protection::Ipsec(ipsec), Protection::Tls(_)] if ipsec.ike.is_none()));
}

#[test]
fn faults_of_several_elements_are_said_at_once_in_the_order_of_the_file() {
    let problems = refused_at(
        "format: akashi-site/1
facility: { name: 見本 }
zone: []
zones:
  - { id: medical, kind: medicine }
  - { id: office, kind: information, ranges: [10.2.3.4/16], owner: nobody }
  - { kind: vendor }
nodes:
  - { id: pc, kind: terminal, zones: [medical], eddr: yes }
links:
  - { id: l, from: office, to: pc, carrier: lan }
",
        &[
            ("SI-0021", "zone: []"),
            ("SI-0021", "medicine"),
            ("SI-0021", "10.2.3.4/16"),
            ("SI-0021", "{ kind: vendor"),
            ("SI-0021", "eddr"),
        ],
    );
    let english = all(&problems);
    for said in ["`zone`", "`medicine`", "10.2.0.0/16", "`id` is missing", "`eddr`"] {
        assert!(english.contains(said), "{said} is not in:\n{english}");
    }
    assert!(problems[1].text(Language::Japanese).contains("`medicine` は使えません"));
    assert!(problems[1].text(Language::Japanese).starts_with("site.yaml の 5 行 26 文字目"));
}

#[test]
fn at_most_twenty_faults_are_said() {
    let wrong: Vec<String> =
        (0..100).map(|n| format!("  - {{ id: n{n}, kind: teapot, zones: [medical] }}\n")).collect();
    assert_eq!(refused(&format!("{HEAD}nodes:\n{}", wrong.concat())).len(), FAULTS_MAX);
}

#[test]
fn a_reference_to_nothing_is_refused_with_what_there_is() {
    let problems = refused_at(
        &format!(
            "{HEAD}nodes:
  - {{ id: pc, kind: terminal, zones: [medicine], owner: facility, administered_by: [vendor-x] }}
filters:
  - {{ id: f, at: medical, rules: [{{ action: allow, from: [pd, 10.1.0.5, any], to: [pc] }}] }}
"
        ),
        &[
            ("SI-0022", "medicine"),
            ("SI-0022", "vendor-x"),
            ("SI-0022", "medical, rules"),
            ("SI-0022", "pd, 10"),
        ],
    );
    assert!(all(&problems).contains("There are: internet, medical"));
}

#[test]
fn an_id_stands_once_unless_in_other_phases() {
    let twice = |first: &str, second: &str| {
        format!(
            "{HEAD}nodes:\n  - {{ id: ehr, kind: server, zones: [medical]{first} }}\n  - {{ id: ehr, kind: server, zones: [medical]{second} }}\n"
        )
    };
    refused_at(&twice("", ""), &[("SI-0022", "ehr")]);
    refused_at(&twice(", in: [now]", ", in: [now, next]"), &[("SI-0022", "ehr")]);
    assert_eq!(taken(&twice(", in: [now]", ", in: [next, target]")).nodes.len(), 2);
    refused_at(
        &format!("{HEAD}nodes:\n  - {{ id: 電子カルテ, kind: server, zones: [medical] }}\n"),
        &[("SI-0022", "電子カルテ")],
    );
}

#[test]
fn what_is_named_stands_in_the_phase_in_which_it_is_named() {
    let text = |limit: &str| {
        format!(
            "{HEAD}nodes:\n  - {{ id: ehr, kind: server, zones: [medical], in: [now, next] }}\nflows:\n  - {{ id: f, purpose: x, from: medical, to: ehr{limit} }}\n"
        )
    };
    let problems = refused_at(&text(""), &[("SI-0022", "ehr }")]);
    assert!(all(&problems).contains("`target`"));
    taken(&text(", in: [next]"));
}

#[test]
fn a_site_at_a_phase_has_what_stands_then() {
    let site = taken(template("cloud-move").expect("there is").text);
    assert_eq!(site.phases().into_iter().collect::<Vec<_>>(), Phase::ALL);
    let ids =
        |phase| site.at(phase).nodes.iter().map(|node| node.id().as_str().to_owned()).collect::<Vec<_>>();
    assert!(
        ids(Phase::Now).contains(&"ehr-server".to_owned())
            && !ids(Phase::Now).contains(&"cloud-ehr".to_owned())
    );
    assert!(!ids(Phase::Target).contains(&"ehr-server".to_owned()));
    assert!(ids(Phase::Target).contains(&"cloud-ehr".to_owned()));
    assert!(site.at(Phase::Target).zones.iter().all(|zone| zone.kind != ZoneKind::Medical));
    // What stands in one phase holds together by itself.
    let now = site.at(Phase::Now);
    assert!(
        now.links.iter().all(|link| now.nodes.iter().any(|node| node.id == link.from || node.id == link.to)
            || now.zones.iter().any(|zone| zone.id == link.from))
    );
}

#[test]
fn equal_addresses_need_a_space_of_their_own() {
    let two = |more: &str| {
        format!(
            "{HEAD}  - {{ id: a, kind: medical, ranges: [192.168.0.0/16] }}\n  - {{ id: b, kind: medical, ranges: [192.168.7.0/24]{more} }}\n"
        )
    };
    refused_at(&two(""), &[("SI-0023", "192.168.7.0/24")]);
    taken(&two(", space: hospital-b"));
    taken(&two(", within: a"));
    taken(&two(", in: [target]").replace("[192.168.0.0/16]", "[192.168.0.0/16], in: [now]"));
}

#[test]
fn a_part_lies_in_its_whole_and_an_address_in_its_zone() {
    refused_at(
        &format!(
            "{HEAD}  - {{ id: ward, kind: medical, within: medical, ranges: [10.2.0.0/24] }}
  - {{ id: loop-a, kind: other, within: loop-b }}
  - {{ id: loop-b, kind: other, within: loop-a }}
nodes:
  - {{ id: pc, kind: terminal, zones: [medical], addresses: [10.9.0.1] }}
  - {{ id: both, kind: terminal, zones: [medical], count: 1, addresses: [10.1.0.1, 10.1.0.2] }}
"
        ),
        &[
            ("SI-0023", "10.2.0.0/24"),
            ("SI-0023", "loop-b }"),
            ("SI-0023", "loop-a }"),
            ("SI-0023", "10.9.0.1"),
            ("SI-0023", "both"),
        ],
    );
}

#[test]
fn a_cloud_gateway_is_named_by_its_terraform_address() {
    let with = |address: &str| {
        format!(
            "{HEAD}cloud:\n  - {{ id: gw, address: '{address}' }}\nlinks:\n  - {{ id: l, from: medical, to: gw, carrier: leased-line }}\n"
        )
    };
    for good in ["aws_dx_gateway.main", "module.network[\"a.b\"].module.x.aws_vpn_connection.main[0]"] {
        assert_eq!(taken(&with(good)).cloud[0].address.value, good);
    }
    for wrong in ["main", "aws_vpn_connection..main", "aws_vpn_connection.main[0", "a.b c", ".a.b", "a.b."] {
        refused_at(&with(wrong), &[("SI-0023", &format!("'{wrong}'"))]);
    }
}

#[test]
fn what_contradicts_itself_is_refused() {
    for (more, code) in [
        ("links:\n  - { id: l, from: medical, to: medical, carrier: lan }\n", "SI-0023"),
        ("links:\n  - { id: l, from: medical, to: internet, carrier: lan, redundant_to: l }\n", "SI-0023"),
        ("links:\n  - { id: l, from: medical, to: internet, carrier: ipsec, protection: none }\n", "SI-0023"),
        ("steps:\n  - { phase: now }\n", "SI-0023"),
        ("nodes:\n  - { id: s, kind: server, zones: [medical], in: none }\n", "SI-0023"),
        ("nodes:\n  - { id: s, kind: server, zones: [medical], country: Japan }\n", "SI-0023"),
    ] {
        let problems = refused(&format!("{HEAD}{more}"));
        assert_eq!(problems.len(), 1, "{more}: {}", all(&problems));
        assert_eq!(problems[0].code().id, code, "{more}");
    }
}

#[test]
fn what_is_no_yaml_or_of_another_format_is_refused_before_anything_else() {
    for (text, place) in [
        ("", "1:1"),
        ("- a\n- b\n", "1:1"),
        ("facility: {}\n", "1:1"),
        ("format: akashi-site/9\nzones: []\n", "1:9"),
        ("format: akashi-site/1\nzones: [\n", "2:8"),
        ("format: akashi-site/1\nzones: \"\n", "2:8"),
    ] {
        let problems = refused(text);
        assert_eq!(problems.len(), 1, "{text:?}");
        assert_eq!((problems[0].code().id, problems[0].place()), ("SI-0020", Some(place)), "{text:?}");
    }
    assert_eq!(refused(&" ".repeat(BYTES_MAX + 1))[0].code().id, "SI-0020");
}

#[test]
fn hostile_files_are_refused_and_not_worked_on() {
    let deep = format!("{HEAD}nodes: {}", "[".repeat(100_000));
    let bomb = format!(
        "{HEAD}a: &a [1,1,1,1,1,1,1,1,1,1]\n{}",
        ('b'..='m')
            .map(|c| format!("{c}: &{c} [{}]\n", vec![format!("*{}", char::from(c as u8 - 1)); 10].join(",")))
            .collect::<Vec<_>>()
            .concat()
    );
    for text in [
        deep,
        bomb,
        format!("{HEAD}zones: []\n"),
        format!("{HEAD}nodes: {{}}\n"),
        format!("{HEAD}nodes: 3\n"),
    ] {
        assert!(!refused(&text).is_empty());
    }
}

#[test]
fn every_fault_of_a_small_change_has_a_place_and_both_languages() {
    // Each line of the example is taken out once; whatever that brings forth is said with its place.
    let lines: Vec<&str> = init().lines().collect();
    for gone in 0..lines.len() {
        let left = [&lines[..gone], &lines[gone + 1..]].concat();
        let text = left.join("\n");
        for problem in read("site.yaml", &text).err().into_iter().flatten() {
            assert!(problem.place().is_some_and(|place| place.contains(':')), "line {gone}");
            for language in [Language::English, Language::Japanese] {
                let text = problem.text(language);
                assert!(!text.contains('{') || text.contains("`- tls: {"), "line {gone}: {text}");
                assert!(!text.contains('\u{1f}'), "line {gone}: {text}");
            }
        }
    }
}

/// The conforming templates, so that checks have nothing to find in them that nobody meant.
fn conforming() -> impl Iterator<Item = (&'static str, Site)> {
    templates().iter().filter(|one| one.name != "small-hospital").map(|one| (one.name, taken(one.text)))
}

/// Whether a place, or the zone in which it stands, or a zone around that one, is among some.
fn is_among(site: &Site, place: &str, some: &[String]) -> bool {
    let mut names = vec![place.to_owned()];
    names.extend(
        site.nodes
            .iter()
            .filter(|node| node.id.as_str() == place)
            .flat_map(|node| node.zones.iter().map(|zone| zone.value.clone())),
    );
    names.iter().any(|name| some.contains(name))
}

#[test]
fn in_a_conforming_template_what_a_flow_opens_is_offered_to_it() {
    let mut faults = Vec::new();
    for (name, site) in conforming() {
        for flow in site.flows.iter().flatten() {
            let Some(node) = site.nodes.iter().find(|node| node.id == flow.to) else { continue };
            let Some(listens) = &node.listens else { continue };
            let port = flow.ports.as_ref().expect("flows of templates say their ports")[0].value;
            let offered = listens.iter().any(|service| {
                let ports = service.ports.iter().flatten().any(|ports| ports.value == port);
                let from: Vec<String> =
                    service.accepts_from.iter().flatten().map(|id| id.value.clone()).collect();
                // Who comes from elsewhere comes over the Internet.
                ports
                    && (is_among(&site, flow.from.as_str(), &from)
                        || from.iter().any(|zone| zone == "internet"))
            });
            if !offered {
                faults.push(format!("{name}: {} is not offered by {}", flow.id, node.id));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn in_a_conforming_template_every_rule_serves_a_flow() {
    let mut faults = Vec::new();
    for (name, site) in conforming() {
        let rules = site.filters.iter().flatten().flat_map(|filter| filter.rules.iter().flatten());
        for rule in rules.filter(|rule| rule.value.action == Action::Allow) {
            let named = |peers: &Option<Vec<Placed<Peer>>>| -> Vec<String> {
                let name = |peer: &Placed<Peer>| match &peer.value {
                    Peer::Named(id) => id.clone(),
                    other => panic!("{name}: {other:?} in a rule"),
                };
                peers.iter().flatten().map(name).collect()
            };
            let (from, to) = (named(&rule.value.from), named(&rule.value.to));
            for target in &to {
                let serves = site.flows.iter().flatten().any(|flow| {
                    let target = [target.clone()];
                    is_among(&site, flow.from.as_str(), &from) && is_among(&site, flow.to.as_str(), &target)
                });
                if !serves {
                    faults.push(format!(
                        "{name}: the rule at line {} serves no flow to {target}",
                        rule.place.line
                    ));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_conforming_template_leaves_nothing_unsaid_that_small_hospital_fails_at() {
    for (name, site) in conforming() {
        for node in &site.nodes {
            assert!(node.owner.is_some() && node.administered_by.is_some(), "{name}: {}", node.id);
            assert_eq!(node.default_password, Some(false), "{name}: {}", node.id);
            if node.kind == NodeKind::Terminal {
                assert_eq!(
                    (node.edr, node.malware_protection),
                    (Some(true), Some(true)),
                    "{name}: {}",
                    node.id
                );
            }
        }
        let held =
            site.nodes.iter().filter(|node| node.holds.as_ref().is_some_and(|holds| !holds.is_empty()));
        for node in held {
            assert_eq!(node.country.as_deref(), Some("JP"), "{name}: {}", node.id);
        }
        for filter in site.filters.iter().flatten() {
            assert_eq!(
                (filter.stateful, filter.default),
                (Some(true), Some(Action::Deny)),
                "{name}: {}",
                filter.id
            );
        }
    }
}

proptest! {
    /// Whatever is done to a file, the reader answers, and each fault has its place.
    #[test]
    fn a_damaged_file_is_answered(
        which in 0..templates().len(), start in 0.0..1.0_f64, length in 0..40_usize, with in "[ -~\n]{0,12}"
    ) {
        let chars: Vec<char> = templates()[which].text.chars().collect();
        let start = (start * chars.len() as f64) as usize;
        let end = (start + length).min(chars.len());
        let text: String = chars[..start].iter().copied().chain(with.chars()).chain(chars[end..].iter().copied()).collect();
        for problem in read("site.yaml", &text).err().into_iter().flatten() {
            prop_assert!(problem.place().is_some_and(|place| place.contains(':')));
            let is_divided = problem.text(Language::Japanese).contains(char::from(0x1f));
            prop_assert!(!is_divided);
        }
    }
}

#[test]
fn lists_that_would_be_compared_at_length_are_bounded() {
    let many = vec!["10.1.0.1"; 5_000].join(", ");
    refused_at(
        &format!("{HEAD}nodes:\n  - {{ id: a, kind: server, zones: [medical], addresses: [{many}] }}\n"),
        &[("SI-0021", &format!("[{many}"))],
    );
}

#[test]
fn the_published_schema_is_current() {
    let made = schema();
    let left = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("site.schema.json");
    std::fs::write(&left, &made).expect("the schema is left for whoever publishes it");
    let published = include_str!("../../../docs/site.schema.json");
    assert!(published == made, "docs/site.schema.json is old; the new one is {}", left.display());
}

#[test]
fn every_key_of_the_schema_says_in_both_languages_what_it_is() {
    let schema: serde_json::Value = serde_json::from_str(&schema()).expect("it is JSON");
    let mut seen = 0;
    let shapes = schema["$defs"].as_object().expect("there are types").values().chain([&schema]);
    for shape in shapes {
        for (key, property) in shape["properties"].as_object().into_iter().flatten() {
            let said = property["description"].as_str().unwrap_or_default();
            assert!(said.contains(" / ") && !said.is_ascii(), "`{key}`: {property}");
            seen += 1;
        }
        for word in shape["oneOf"].as_array().into_iter().flatten() {
            let said = word["description"].as_str().unwrap_or_default();
            assert!(said.contains(" / ") && !said.is_ascii(), "{word}");
            seen += 1;
        }
    }
    assert!(seen > 200, "{seen}");
}
