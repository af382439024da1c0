//! Rules of filters: that each lets pass what a listed flow needs.

use super::super::Judgement;
use super::view::{Found, View, worst};
use crate::description::{Action, Filter, Flow, Id, Peer, Placed, Ports, Protocol, Rule};
use crate::packet::Addresses;
use crate::rules::Verdict;

pub(super) fn judge(view: &View<'_>, out: &mut Vec<Judgement>) {
    for filter in view.site.filters.iter().flatten() {
        view.tell(out, "flow.unlisted", &filter.id, passes_listed(view, filter));
    }
}

fn passes_listed(view: &View<'_>, filter: &Filter) -> Found {
    let Some(rules) = &filter.rules else { return Found::unsaid("rules") };
    let allowing = rules.iter().zip(1..).filter(|(rule, _)| rule.value.action == Action::Allow);
    let each = allowing.filter_map(|(rule, number)| lack(view, &rule.value, number));
    worst(each).unwrap_or_else(|| {
        Found::holds(
            "どの許可規則にも、必要とする通信があります。",
            "Every rule that allows has a flow that needs it.",
        )
    })
}

fn lack(view: &View<'_>, rule: &Rule, number: u32) -> Option<Found> {
    let Some(flows) = &view.site.flows else { return Some(Found::unsaid("flows")) };
    let unlisted = |from: &Peer, to: &Peer| {
        let fits = |flow: &&Flow| {
            protocols(rule.protocol, flow.protocol)
                && meets(view, from, &flow.from)
                && *to != Peer::Any
                && meets(view, to, &flow.to)
        };
        let of_flows: Vec<&Flow> = flows.iter().filter(fits).collect();
        !covered(rule.ports.as_deref(), &of_flows)
    };
    let (from, to) = (peers(rule.from.as_deref()), peers(rule.to.as_deref()));
    let (from, to) =
        from.iter().find_map(|from| to.iter().find(|to| unlisted(from, to)).map(|to| (from, to)))?;
    let what = format!("{} → {} {}", word(from), word(to), ports(rule));
    Some(Found::new(
        Verdict::Violated,
        format!("規則 {number}（{what}）が許す通信は、一覧（flows）にありません。"),
        format!("Rule {number} ({what}) lets pass what no flow names."),
    ))
}

fn peers(written: Option<&[Placed<Peer>]>) -> Vec<Peer> {
    match written {
        None => vec![Peer::Any],
        Some(peers) => peers.iter().map(|peer| peer.value.clone()).collect(),
    }
}

/// Whether a rule's peer and an end of a flow have something in common: networks hold machines.
fn meets(view: &View<'_>, peer: &Peer, end: &Id) -> bool {
    match peer {
        Peer::Any => true,
        Peer::Named(id) => view.covers(end, id) || is_within(view, end, id),
        Peer::Range(range) => {
            let Some(host) = view.model.find(end.as_str()).and_then(|at| view.model.network.host(at)) else {
                let zone = view.zone(end.as_str());
                return zone.is_some_and(|zone| {
                    zone.ranges
                        .iter()
                        .flatten()
                        .any(|own| own.value.0.contains(&range.0) || range.0.contains(&own.value.0))
                });
            };
            !host.placement.addresses().intersect(&Addresses::from_nets([range.0])).is_empty()
        }
    }
}

/// Whether an end is a machine of the network with this id, or a network that is a part of it.
fn is_within(view: &View<'_>, end: &Id, id: &str) -> bool {
    let machine =
        view.node(end.as_str()).is_some_and(|node| node.zones.iter().any(|zone| zone.as_str() == id));
    let part = view
        .zone(end.as_str())
        .and_then(|zone| zone.within.as_ref())
        .is_some_and(|whole| whole.as_str() == id);
    machine || part
}

fn protocols(rule: Option<Protocol>, flow: Option<Protocol>) -> bool {
    match (rule, flow) {
        (_, None | Some(Protocol::Any)) => true,
        (None | Some(Protocol::Any), Some(_)) => false,
        (Some(rule), Some(flow)) => rule == flow,
    }
}

/// Whether the ports of a rule are all named by flows; a flow without ports names all.
fn covered(ports: Option<&[Placed<Ports>]>, flows: &[&Flow]) -> bool {
    let all = [Ports::ALL];
    let of_flow = |flow: &&Flow| match &flow.ports {
        Some(ports) if !ports.is_empty() => ports.iter().map(|one| one.value).collect(),
        _ => all.to_vec(),
    };
    let mut named: Vec<Ports> = flows.iter().flat_map(of_flow).collect();
    named.sort_by_key(|one| (one.first, one.last));
    let wanted = match ports {
        Some(ports) if !ports.is_empty() => ports.iter().map(|one| one.value).collect(),
        _ => all.to_vec(),
    };
    wanted.iter().all(|one| spans(&named, *one))
}

/// Whether sorted ranges together hold a range.
fn spans(named: &[Ports], wanted: Ports) -> bool {
    let mut next = u32::from(wanted.first);
    for one in named {
        if u32::from(one.first) <= next {
            next = next.max(u32::from(one.last).saturating_add(1));
        }
    }
    next > u32::from(wanted.last)
}

fn word(peer: &Peer) -> String {
    match peer {
        Peer::Any => "any".to_owned(),
        Peer::Named(id) => id.clone(),
        Peer::Range(range) => range.to_string(),
    }
}

fn ports(rule: &Rule) -> String {
    let protocol = rule.protocol.map_or("any", Protocol::word);
    let ports: Vec<String> = rule.ports.iter().flatten().map(|one| span(one.value)).collect();
    if ports.is_empty() { protocol.to_owned() } else { format!("{protocol} {}", ports.join(",")) }
}

fn span(ports: Ports) -> String {
    let Ports { first, last } = ports;
    if first == last { first.to_string() } else { format!("{first}-{last}") }
}
