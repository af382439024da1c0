//! Changes of descriptions of which it is known what they do to the answers.

use ipnet::IpNet;
use site::description::{
    Action, DataClass, NodeKind, Phase, Placed, Range, Rule, Site, ZoneKind, read, templates,
};
use site::model::{Model, Thing};
use site::reach::{Answer, Question};
use std::collections::BTreeMap;

type Answers = BTreeMap<(String, String), u8>;

/// For each pair of zones and devices: 0 for no path, 1 where it is not decided, 2 for a path.
fn answers(site: &Site) -> Answers {
    let model = Model::draw(Some(site), &[]).unwrap();
    let id = |thing: &Thing| match thing {
        Thing::Internet => Some("internet".to_owned()),
        Thing::Zone(id) | Thing::Device(id) => Some(id.clone()),
        _ => None,
    };
    let named: Vec<_> = model.things().filter_map(|(node, thing)| Some((node, id(thing)?))).collect();
    let mut answers = Answers::new();
    for (from, name) in &named {
        let reach = Question::of(&model.network).from(*from);
        for (to, other) in named.iter().filter(|(to, _)| to != from) {
            let answer = match reach.arrivals(*to).next() {
                Some(first) => 1 + u8::from(first.is_decided()),
                None => u8::from(!matches!(reach.to(*to), Answer::NoPath)),
            };
            answers.insert((name.clone(), other.clone()), answer);
        }
    }
    answers
}

fn sites() -> impl Iterator<Item = (&'static str, Site)> {
    templates()
        .iter()
        .map(|template| (template.name, read(template.name, template.text).unwrap().at(Phase::Now)))
}

#[test]
fn one_more_rule_that_allows_never_shrinks_what_is_reached() {
    for (name, site) in sites() {
        let before = answers(&site);
        let Some(filters) = &site.filters else { continue };
        for at in 0..filters.len() {
            let mut wider = site.clone();
            let rule = Rule {
                action: Action::Allow,
                from: None,
                to: None,
                protocol: None,
                ports: None,
                reason: None,
            };
            let rules = wider.filters.as_mut().unwrap()[at].rules.as_mut().unwrap();
            rules.insert(0, Placed { value: rule, place: site.filters.as_ref().unwrap()[at].id.place });
            let after = answers(&wider);
            for (pair, answer) in &before {
                assert!(after[pair] >= *answer, "{name}, {at}: {pair:?} {answer} {}", after[pair]);
            }
        }
    }
}

#[test]
fn a_range_in_two_halves_is_the_same_range() {
    for (name, site) in sites() {
        let mut halved = site.clone();
        for zone in &mut halved.zones {
            if let Some(ranges) = &mut zone.ranges {
                let halves = |range: &Placed<Range>| {
                    let net: IpNet = range.value.0;
                    let halves = net.subnets(net.prefix_len() + 1).unwrap();
                    halves.map(|half| Placed { value: Range(half), place: range.place }).collect::<Vec<_>>()
                };
                *ranges = ranges.iter().flat_map(halves).collect();
            }
        }
        assert_eq!(answers(&site), answers(&halved), "{name}");
    }
}

#[test]
fn other_names_and_another_order_change_nothing() {
    for template in templates() {
        let (text, names) = renamed(template.text);
        let before = read(template.name, template.text).unwrap().at(Phase::Now);
        let mut after = read(template.name, &text).unwrap().at(Phase::Now);
        after.zones.reverse();
        after.nodes.reverse();
        after.links.reverse();
        let other = |id: &String| names.get(id).unwrap_or(id).clone();
        let expected: Answers = answers(&before)
            .into_iter()
            .map(|((from, to), answer)| ((other(&from), other(&to)), answer))
            .collect();
        assert_eq!(answers(&after), expected, "{}", template.name);
    }
}

/// A description in which ids are others, sorted otherwise; those that are also words stay.
fn renamed(text: &str) -> (String, BTreeMap<String, String>) {
    let site = read("test", text).unwrap();
    let ids = site.zones.iter().map(|zone| &zone.id).chain(site.nodes.iter().map(|node| &node.id));
    let ids = ids.chain(site.links.iter().map(|link| &link.id));
    let kinds =
        ZoneKind::ALL.iter().map(|kind| kind.word()).chain(NodeKind::ALL.iter().map(|kind| kind.word()));
    let words: Vec<&str> = kinds.chain(DataClass::ALL.iter().map(|class| class.word())).collect();
    let is_word = |id: &str| words.contains(&id);
    let mut names = BTreeMap::new();
    for (at, id) in ids.map(Placed::as_str).filter(|id| !is_word(id)).enumerate() {
        let letter = char::from(b'a' + u8::try_from(at * 7 % 26).unwrap());
        names.entry(id.to_owned()).or_insert_with(|| format!("{letter}{at}"));
    }
    let is_of_id = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let mut out = String::new();
    for line in text.lines() {
        // What stands after these keys is no id.
        let keys = ["kind", "carrier", "data", "holds", "format", "name", "action", "medium"];
        let (mut word, mut before) = (String::new(), String::new());
        for c in line.chars().chain(['\n']) {
            if is_of_id(c) {
                word.push(c);
                continue;
            }
            let (is_value, ahead) = (c != ':', before.trim_end());
            let is_id = is_value && !keys.iter().any(|key| ahead.ends_with(&format!("{key}:")));
            before.push_str(names.get(&word).filter(|_| is_id).unwrap_or(&word));
            before.push(c);
            word.clear();
        }
        out.push_str(&before);
    }
    (out, names)
}
