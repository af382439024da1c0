//! Rules of firewalls by themselves: what they match, and what nobody knows of them.

use super::header::{Header, Variables};
use super::{Does, suricata};
use crate::network::Party;

fn home() -> Variables {
    let mut variables = Variables::default();
    variables.addresses.insert("HOME_NET".to_owned(), Some(vec!["10.1.0.0/16".to_owned()]));
    variables.ports.insert("WEB".to_owned(), Some(vec!["80".to_owned(), "443".to_owned()]));
    variables
}

fn text(party: &Party) -> String {
    match party {
        Party::Any => "any".to_owned(),
        Party::Addresses(addresses) => addresses.to_string(),
        Party::Group(_) => "group".to_owned(),
    }
}

#[test]
fn lists_negations_and_variables_are_worked_out() {
    let header = Header {
        protocol: "tcp",
        source: "[$HOME_NET, !10.1.128.0/17]",
        source_port: "any",
        destination: "$EXTERNAL_NET",
        port: "[$WEB, 8000:8001, !443]",
        both_ways: false,
    };
    let (matches, unknown) = header.matches(&home());
    assert_eq!(unknown, None);
    assert_eq!(text(&matches[0].source), "10.1.0.0/17");
    assert!(!text(&matches[0].destination).contains("10.1.0.0"));
    let ports: Vec<_> =
        matches[0].services.iter().map(|service| (service.port.first(), service.port.last())).collect();
    assert_eq!(ports, [(80, 80), (8000, 8001)]);
}

#[test]
fn what_is_not_known_matches_more_and_says_so() {
    let rule = suricata::read("fw", "drop tcp @PARTNERS any -> any 443 (sid:1;)", &home());
    assert_eq!(
        (text(&rule[0].matching.source).as_str(), rule[0].maybe.as_deref()),
        ("any", Some("@PARTNERS"))
    );
    let rule = suricata::read("fw", "pass http any any -> any any (sid:2;)", &home());
    assert_eq!(rule[0].maybe.as_deref(), Some("http (by what is spoken)"));
    let rule = suricata::read("fw", "this is no rule", &home());
    assert!(rule.len() == 2 && rule.iter().all(|rule| rule.maybe.is_some()));
}

#[test]
fn comments_alerts_and_broken_lines_are_read_as_suricata_does() {
    let text = "# drop ip any any -> any any (sid:1;)\nalert tcp any any -> any any (sid:2;)\n\
                reject tcp any any \\\n  <> 10.2.0.0/16 22 (msg:\"a; b (c)\"; sid:3; rev:4;)";
    let rules = suricata::read("fw", text, &home());
    assert_eq!(rules.len(), 2, "both directions");
    assert!(
        rules.iter().all(|rule| rule.does == Does::Drop && rule.name == "fw sid 3" && rule.maybe.is_none())
    );
}

#[test]
fn lists_in_lists_end() {
    let deep = format!("{}10.0.0.0/8{}", "[".repeat(10_000), "]".repeat(10_000));
    assert!(home().addresses(&deep).is_err());
    let mut circle = home();
    circle.addresses.insert("A".to_owned(), Some(vec!["$A".to_owned()]));
    assert!(circle.addresses("$A").is_err());
}
