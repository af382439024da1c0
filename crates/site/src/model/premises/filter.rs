//! Filters of devices, and the filter that is what a node listens to.

use super::peer::{Meant, Side};
use super::service::services;
use super::{Ground, helper, title};
use crate::description::{Action, Filter, Node, NodeKind, Protocol, Rule as Written, Service as Offer};
use crate::model::thing::Thing;
use crate::network::{Action as Does, Edge, Match, NodeId, ReasonId, Rule};

/// Where packets go first to be judged; several where it is not known by which filter.
pub(super) type Heads = Vec<(NodeId, Option<ReasonId>)>;

/// Filters on one device that are looked at. How more of them work together, nobody would know.
const FILTERS_MAX: usize = 64;

impl Ground<'_> {
    /// The filters of a node before another node. Of several, who passes one of them may pass, who passes all of them does.
    pub(super) fn guarded(&mut self, node: &Node, is_second: bool, then: NodeId) -> Heads {
        let filters = self.filters.get(node.id.as_str()).cloned().unwrap_or_default();
        if filters.len() > FILTERS_MAX {
            return vec![(then, Some(self.unknown(node.id.as_str(), "filters")))];
        }
        let drawn: Vec<NodeId> = filters.iter().map(|filter| self.filter(filter, node, is_second)).collect();
        let Some((first, rest)) = drawn.split_first() else { return vec![(then, None)] };
        let several = if rest.is_empty() { None } else { Some(self.unknown(node.id.as_str(), "filters")) };
        let mut heads = vec![(*first, None)];
        heads.extend(rest.iter().map(|filter| (*filter, several)));
        let following = rest.iter().copied().map(Some).chain([None]);
        for (filter, next) in drawn.iter().zip(following) {
            match (next, several) {
                (None, _) => self.sketch.draft.connect(*filter, then),
                (Some(next), Some(reason)) => {
                    self.sketch.draft.connect(*filter, next);
                    self.sketch.draft.edge(*filter, Edge::maybe(then, reason));
                }
                (Some(next), None) => self.sketch.draft.connect(*filter, next),
            }
        }
        heads
    }

    fn filter(&mut self, filter: &Filter, node: &Node, is_second: bool) -> NodeId {
        let id = filter.id.as_str();
        let name = node.name.as_ref().unwrap_or(&node.id.value);
        let (name, zone) = (Some(name), node.zones.first());
        let title =
            if is_second { helper(&filter.id, name, zone, "own") } else { title(&filter.id, name, zone) };
        let is_stateless = filter.stateful == Some(false);
        let draft = &mut self.sketch.draft;
        let drawn = if is_stateless { draft.stateless_filter(title) } else { draft.filter(title) };
        self.call(id, drawn, Thing::Filter(id.to_owned()));
        let rules = self.rules(filter);
        for rule in rules {
            if is_stateless {
                self.sketch.draft.answer_rule(drawn, rule.clone());
            }
            self.sketch.draft.rule(drawn, rule);
        }
        if is_stateless {
            // Nobody lists the answers, so what no rule stops may pass.
            let reason = self.unknown(id, "stateful");
            self.sketch
                .draft
                .answer_rule(drawn, Rule::allow(format!("{id} answers"), Match::all()).maybe(reason));
        }
        self.otherwise(filter, drawn);
        drawn
    }

    fn otherwise(&mut self, filter: &Filter, drawn: NodeId) {
        match filter.default {
            Some(Action::Allow) => self.sketch.draft.otherwise(drawn, Does::Allow),
            Some(Action::Deny) => {}
            None => {
                let reason = self.unknown(filter.id.as_str(), "default");
                let rule = Rule::allow(format!("{} default", filter.id), Match::all()).maybe(reason);
                self.sketch.draft.rule(drawn, rule);
            }
        }
    }

    fn rules(&mut self, filter: &Filter) -> Vec<Rule> {
        let id = filter.id.as_str();
        let Some(rules) = &filter.rules else {
            // Each may allow, and each may stop, what the default does not.
            let reason = self.unknown(id, "rules");
            return match filter.default {
                Some(Action::Allow) => vec![Rule::deny(format!("{id} rules"), Match::all()).maybe(reason)],
                Some(Action::Deny) | None => {
                    vec![Rule::allow(format!("{id} rules"), Match::all()).maybe(reason)]
                }
            };
        };
        let numbered = rules.iter().enumerate();
        numbered.flat_map(|(at, rule)| self.rule(&format!("{id} rules[{at}]"), &rule.value)).collect()
    }

    /// A rule, as it is written.
    pub(super) fn rule(&mut self, name: &str, rule: &Written) -> Vec<Rule> {
        let from = self.peers(rule.from.as_deref(), Side::From);
        let to = self.peers(rule.to.as_deref(), Side::To);
        let by = services(rule.protocol, rule.ports.as_deref());
        let matching = Match::all().to(to.party).by(by);
        match rule.action {
            Action::Allow => allowing(name, &from, &matching, to.doubt),
            Action::Deny => {
                let rule = Rule::deny(name, matching.from(from.party));
                vec![doubted(rule, from.doubt.or(to.doubt))]
            }
        }
    }

    /// Why nobody knows what a device that passes packets on lets through; nothing where its filters are written, or it is
    /// known that there are none.
    pub(super) fn unfiltered(&mut self, node: &Node) -> Option<ReasonId> {
        let id = node.id.as_str();
        let is_known = self.site.filters.is_some() && node.kind != NodeKind::Firewall;
        (!self.filters.contains_key(id) && !is_known).then(|| self.unknown(id, "filters"))
    }

    /// The filter that is what a node listens to, before the node.
    pub(super) fn listens(&mut self, node: &Node, host: NodeId) -> NodeId {
        let id = node.id.as_str();
        let title = helper(&node.id, node.name.as_ref(), node.zones.first(), "listens");
        let entry = self.sketch.draft.filter(title);
        self.sketch.draft.connect(entry, host);
        let Some(offers) = &node.listens else {
            let reason = self.unknown(id, "listens");
            self.sketch.draft.rule(entry, Rule::allow(format!("{id} listens"), Match::all()).maybe(reason));
            return entry;
        };
        let (open, bound): (Vec<_>, Vec<_>) =
            offers.iter().enumerate().partition(|(_, offer)| offer.accepts_from.is_none());
        let mut rules = Vec::new();
        for (at, offer) in bound {
            rules.extend(self.offered(id, at, offer));
        }
        for zone in &node.zones {
            if self.is_kept_apart(zone.as_str()) {
                let members = self.parties(std::slice::from_ref(zone), Side::From);
                let rule = Rule::deny(format!("{zone} isolated"), Match::all().from(members.party));
                rules.push(doubted(rule, members.doubt));
            }
        }
        for (at, offer) in open {
            rules.extend(self.offered(id, at, offer));
        }
        for rule in rules {
            self.sketch.draft.rule(entry, rule);
        }
        entry
    }

    /// Whether the members of a zone do not reach each other.
    fn is_kept_apart(&self, zone: &str) -> bool {
        let is_isolated = self.zones.get(zone).is_some_and(|zone| zone.isolated == Some(true));
        is_isolated && !self.is_internet(zone)
    }

    fn offered(&mut self, id: &str, at: usize, offer: &Offer) -> Vec<Rule> {
        let from = match &offer.accepts_from {
            Some(from) => self.parties(from, Side::From),
            None => self.peers(None, Side::From),
        };
        let lacks = match (offer.protocol, &offer.ports) {
            (None, _) => Some("listens.protocol"),
            (Some(Protocol::Tcp | Protocol::Udp), None) => Some("listens.ports"),
            _ => None,
        };
        let lacks = lacks.map(|attribute| self.unknown(id, attribute));
        let by = services(offer.protocol, offer.ports.as_deref());
        allowing(&format!("{id} listens[{at}]"), &from, &Match::all().by(by), lacks)
    }
}

/// A rule that lets through what somebody sends, and one for those who may be meant as well.
pub(super) fn allowing(name: &str, from: &Meant, matching: &Match, doubt: Option<ReasonId>) -> Vec<Rule> {
    let rule = Rule::allow(name, matching.clone().from(from.party.clone()));
    let mut rules = vec![doubted(rule, from.doubt.or(doubt))];
    if let Some((others, reason)) = &from.others {
        rules.push(Rule::allow(name, matching.clone().from(others.clone())).maybe(*reason));
    }
    rules
}

/// A rule of which it is not known whether it is all that wide.
pub(super) fn doubted(rule: Rule, doubt: Option<ReasonId>) -> Rule {
    match doubt {
        Some(reason) => rule.maybe(reason),
        None => rule,
    }
}
