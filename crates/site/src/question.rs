//! One question to a model: does one place reach another, by which ways, and if not, what keeps it so.

use crate::model::Model;
use crate::network::{NodeId, Reason};
use crate::packet::{Cube, ICMP, ICMP6, PacketSet, Span, TCP, UDP};
use crate::reach::{Answer as Found, BlockedRoute, Change, Lack, Path, Question};
use crate::rules::Text;
use crate::step::{Step, steps};
use base::Language;
use serde::Serialize;
use std::collections::BTreeSet;

/// Most ways that are shown.
const WAYS_MAX: usize = 5;
/// Most services that are listed of one way.
const SERVICES_MAX: usize = 8;

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// From where.
    pub from: String,
    /// To where.
    pub to: String,
    /// Whether something arrives; none where nobody knows.
    pub reached: Option<bool>,
    /// The ways, the shortest first.
    pub ways: Vec<Way>,
    /// Whether there may be more ways.
    pub more: bool,
    /// Why nobody knows, where packets were lost sight of.
    pub unknown: Vec<Text>,
    /// What keeps ways closed: for each the least that would have to change.
    pub closed: Vec<Closed>,
}

/// A way by which something arrives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Way {
    /// Whether that is certain.
    pub decided: bool,
    /// By what: `TCP 443`.
    pub services: Vec<String>,
    /// Its hops.
    pub steps: Vec<Step>,
    /// Why it is not certain.
    pub reasons: Vec<Text>,
}

/// A way that is closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Closed {
    /// The nodes on it.
    pub nodes: Vec<String>,
    /// What stops packets on it, in its order.
    pub stops: Vec<Text>,
}

/// Asks whether something from one node arrives at another.
pub fn ask(model: &Model, from: NodeId, to: NodeId) -> Answer {
    let question = Question::of(&model.network);
    let reach = question.from(from);
    let (reached, unknown) = match reach.to(to) {
        Found::Reached(reached) if reached.decided => (Some(true), Vec::new()),
        Found::Reached(reached) => (None, reached.reasons.iter().map(text).collect()),
        Found::Undecided(gaps) => (None, gaps.iter().map(|gap| text(&gap.reason)).collect()),
        Found::NoPath => (Some(false), Vec::new()),
    };
    let paths = question.paths(from, to, WAYS_MAX);
    let blocked = (reached != Some(true)).then(|| question.blocked(from, to, WAYS_MAX));
    Answer {
        from: name(model, from),
        to: name(model, to),
        reached,
        ways: paths.paths.iter().map(|path| way(model, path)).collect(),
        more: !paths.complete,
        unknown,
        closed: blocked.into_iter().flat_map(|found| found.routes).map(|one| closed(model, &one)).collect(),
    }
}

fn way(model: &Model, path: &Path) -> Way {
    Way {
        decided: path.decided,
        services: services(&path.packets),
        steps: steps(model, &path.hops),
        reasons: path.reasons.iter().map(text).collect(),
    }
}

fn closed(model: &Model, route: &BlockedRoute) -> Closed {
    Closed {
        nodes: route.nodes.iter().map(|node| name(model, *node)).collect(),
        stops: route.changes.iter().map(|change| stop(model, change)).collect(),
    }
}

fn stop(model: &Model, change: &Change) -> Text {
    let (node, next) = (name(model, change.node), name(model, change.next));
    match &change.lacks {
        Lack::Rule => Text::new(
            format!("{node} には、この通信を許可する規則がありません"),
            format!("{node} has no rule that lets it through"),
        ),
        Lack::DeniedBy(rule) => {
            Text::new(format!("{node} の規則「{rule}」が拒否します"), format!("{node} denies it by `{rule}`"))
        }
        Lack::Answer(None) => Text::new(
            format!("{node} には、応答を許可する規則がありません"),
            format!("{node} has no rule that lets the answers back"),
        ),
        Lack::Answer(Some(rule)) => Text::new(
            format!("{node} の規則「{rule}」が応答を拒否します"),
            format!("{node} denies the answers by `{rule}`"),
        ),
        Lack::Route => Text::new(
            format!("{node} には {next} への経路がありません"),
            format!("{node} has no route to {next}"),
        ),
    }
}

fn text(reason: &Reason) -> Text {
    Text::new(reason.text(Language::Japanese), reason.text(Language::English))
}

fn name(model: &Model, node: NodeId) -> String {
    model.network.node(node).map(|node| node.title.name.clone()).unwrap_or_default()
}

/// What packets are, in the words of firewalls; the first few of them.
pub fn services(packets: &PacketSet) -> Vec<String> {
    let all: BTreeSet<String> = packets.cubes().iter().map(service).collect();
    let mut shown: Vec<String> = all.iter().take(SERVICES_MAX).cloned().collect();
    if all.len() > SERVICES_MAX {
        shown.push("…".to_owned());
    }
    shown
}

fn service(cube: &Cube) -> String {
    let protocol = cube.protocol;
    let word = match protocol.first() {
        _ if protocol != Span::one(protocol.first()) => return protocols(protocol),
        TCP => "TCP".to_owned(),
        UDP => "UDP".to_owned(),
        ICMP | ICMP6 => return "ICMP".to_owned(),
        other => return format!("IP {other}"),
    };
    let ports = cube.destination_port;
    match (ports.first(), ports.last()) {
        (0 | 1, u16::MAX) => word,
        (first, last) if first == last => format!("{word} {first}"),
        (first, last) => format!("{word} {first}-{last}"),
    }
}

fn protocols(span: Span<u8>) -> String {
    if span == Span::all() { "IP".to_owned() } else { format!("IP {}-{}", span.first(), span.last()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Sketch;
    use crate::network::{Host, Match, Rule, Service};
    use ipnet::IpNet;
    use std::net::IpAddr;

    fn address(text: &str) -> crate::packet::Addresses {
        crate::packet::Addresses::from_hosts([text.parse::<IpAddr>().unwrap()])
    }

    fn model(port: Option<u16>) -> Model {
        let mut sketch = Sketch::new();
        let pc = sketch.draft.host("pc", Host::at(address("10.0.0.1")));
        let guard = sketch.draft.filter("guard");
        let records = sketch.draft.host("records", Host::at(address("10.0.1.1")));
        sketch.draft.connect(pc, guard);
        sketch.draft.connect(guard, records);
        if let Some(port) = port {
            let to: IpNet = "10.0.1.0/24".parse().unwrap();
            let matching = Match::all().to(to).by([Service::tcp(port)]);
            sketch.draft.rule(guard, Rule::allow("clinic", matching));
        }
        sketch.finish().unwrap()
    }

    fn asked(model: &Model) -> Answer {
        ask(model, model.find("pc").unwrap(), model.find("records").unwrap())
    }

    #[test]
    fn an_open_way_is_told_with_its_hops_and_services() {
        let answer = asked(&model(Some(5432)));
        assert_eq!(answer.reached, Some(true));
        let way = answer.ways.first().unwrap();
        assert_eq!(way.services, ["TCP 5432"]);
        assert_eq!(
            way.steps.iter().map(|step| step.node.as_str()).collect::<Vec<_>>(),
            ["pc", "guard", "records"]
        );
        assert!(answer.closed.is_empty());
    }

    #[test]
    fn a_closed_way_is_told_with_what_keeps_it_so() {
        let answer = asked(&model(None));
        assert_eq!((answer.reached, answer.ways.len()), (Some(false), 0));
        assert_eq!(
            answer.closed.first().unwrap().stops.first().unwrap().en,
            "guard has no rule that lets it through"
        );
    }
}
