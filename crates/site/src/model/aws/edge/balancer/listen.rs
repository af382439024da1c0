//! What listens on a balancer, as rewritings: from its addresses to those of the targets.

use super::targets::{GROUPS, Registered, TargetGroup, TargetGroups, Who, number};
use super::{Balancer, Balancers, Sort};
use crate::model::aws::addresses::net;
use crate::model::aws::cloud::Cloud;
use crate::model::aws::edge::field::Field;
use crate::model::aws::edge::{door, owners, part, service, unknown, unused};
use crate::model::aws::name_of;
use crate::network::{Edge, Match, NodeId, Party, ReasonId, Rewrite, Service, Target, Title};
use crate::packet::{Addresses, Span};
use crate::resource::Resource;
use ipnet::IpNet;
use std::collections::BTreeMap;

const LISTENERS: &[&str] = &["aws_lb_listener", "aws_alb_listener"];
const RULES: &[&str] = &["aws_lb_listener_rule", "aws_alb_listener_rule"];

/// A balancer with what it needs to send.
struct Sender<'a, 'b> {
    balancer: &'b Balancer<'a>,
    /// Sends by address.
    exit: NodeId,
    groups: &'b TargetGroups<'a>,
    balancers: &'b Balancers<'a>,
}

/// A listener with its rules.
pub(super) struct Listener<'a> {
    resource: &'a Resource,
    rules: Vec<(&'a Resource, Option<ReasonId>)>,
    doubt: Option<ReasonId>,
}

/// The listeners of each balancer.
pub(super) fn read<'a>(cloud: &mut Cloud<'a, '_>) -> BTreeMap<String, Vec<Listener<'a>>> {
    let mut rules = owners(cloud, RULES, "listener_arn", LISTENERS);
    let mut found: BTreeMap<String, Vec<Listener<'a>>> = BTreeMap::new();
    for (balancer, listeners) in owners(cloud, LISTENERS, "load_balancer_arn", super::BALANCERS) {
        for (resource, doubt) in listeners {
            let rules = rules.remove(&name_of(resource)).unwrap_or_default();
            found.entry(balancer.clone()).or_default().push(Listener { resource, rules, doubt });
        }
    }
    found
}

/// Draws what listens on a balancer.
pub(super) fn draw<'a>(
    cloud: &mut Cloud<'a, '_>,
    (balancer, exit): (&Balancer<'a>, NodeId),
    listeners: Vec<Listener<'a>>,
    (groups, balancers): (&TargetGroups<'a>, &Balancers<'a>),
) {
    let sender = Sender { balancer, exit, groups, balancers };
    if balancer.resource.kind == "aws_elb" {
        sender.classic(cloud);
    } else if balancer.sort != Sort::Gateway {
        for listener in listeners {
            sender.listener(cloud, &listener);
        }
    }
}

/// Target groups, each with why nobody knows whether it is meant.
type Sure<'a, 'g> = Vec<(&'g TargetGroup<'a>, Option<ReasonId>)>;

/// Targets of a listener: for all clients, and more for clients with these addresses.
#[derive(Default)]
struct Forwards {
    all: Vec<(String, Option<ReasonId>)>,
    some: Vec<(String, Option<ReasonId>)>,
    clients: Addresses,
    /// Why there may be others.
    open: Option<ReasonId>,
}

impl<'a> Sender<'a, '_> {
    fn listener(&self, cloud: &mut Cloud<'a, '_>, listener: &Listener<'a>) {
        let forwards = forwards(cloud, listener);
        let (listener, doubt) = (listener.resource, listener.doubt);
        let services = services(listener);
        let unsure = Field::of(listener, "port").is_unknown().then(|| unknown(cloud, listener, "port"));
        let name = describe(listener);
        let some: Vec<_> = forwards.some.iter().chain(&forwards.all).cloned().collect();
        let lists = [(&some, Party::from(forwards.clients.clone())), (&forwards.all, Party::Any)];
        for (groups, clients) in
            lists.into_iter().filter(|(_, clients)| *clients != Party::from(Addresses::none()))
        {
            for (keeps_client, groups) in self.by_client(cloud, groups) {
                let mut targets = Vec::new();
                for group in groups {
                    targets.extend(self.targets(cloud, listener, group, keeps_client));
                }
                targets.extend(forwards.open.map(|reason| self.anywhere(None, reason)));
                let maybe = doubt.or(unsure);
                self.rewrite(cloud, (&name, &services), (clients.clone(), keeps_client, maybe), targets);
            }
        }
    }

    /// The groups of a listener by whether they keep the client's address. What nobody knows is tried both ways.
    fn by_client<'g>(
        &'g self,
        cloud: &mut Cloud<'a, '_>,
        groups: &[(String, Option<ReasonId>)],
    ) -> Vec<(bool, Sure<'a, 'g>)> {
        let mut found: Vec<(bool, Vec<_>)> = vec![(true, Vec::new()), (false, Vec::new())];
        for (name, doubt) in groups {
            let Some(group) = self.groups.get(name) else { continue };
            let keeps = if self.balancer.sort == Sort::Proxy { Some(false) } else { group.keeps_client };
            let unsure = keeps.is_none().then(|| unknown(cloud, group.resource, "preserve_client_ip"));
            for (kept, list) in &mut found {
                if keeps.is_none_or(|keeps| keeps == *kept) {
                    list.push((group, doubt.or(unsure)));
                }
            }
        }
        let used: Vec<_> = found.iter().filter(|(_, list)| !list.is_empty()).cloned().collect();
        // With no group at all a listener answers by itself, or sends to what nobody knows.
        if used.is_empty() { vec![(false, Vec::new())] } else { used }
    }

    fn rewrite(
        &self,
        cloud: &mut Cloud<'a, '_>,
        (name, services): (&str, &[Service]),
        (clients, keeps_client, maybe): (Party, bool, Option<ReasonId>),
        targets: Vec<Target>,
    ) {
        let matching = Match {
            source: clients,
            destination: self.balancer.addresses.clone().into(),
            services: services.to_vec(),
        };
        let mut rewrite = Rewrite::destination(name, matching, targets);
        if !keeps_client {
            rewrite = rewrite.with_source(self.balancer.source());
        }
        rewrite.front = self.balancer.vague;
        rewrite.maybe = maybe;
        cloud.sketch.draft.rewrite(self.balancer.node, rewrite);
    }

    /// The targets of a group.
    fn targets(
        &self,
        cloud: &mut Cloud<'a, '_>,
        listener: &Resource,
        (group, doubt): (&TargetGroup<'a>, Option<ReasonId>),
        keeps_client: bool,
    ) -> Vec<Target> {
        let mut targets = Vec::new();
        for registered in &group.registered {
            let port = registered.port.or(group.port);
            let name = format!("{} to {} of {}", name_of(listener), who(registered), name_of(group.resource));
            let maybe = doubt.or(registered.doubt);
            targets.extend(self.target(cloud, (&name, keeps_client), &registered.who, (port, maybe)));
        }
        targets.extend(group.open.map(|reason| self.anywhere(group.port, reason)));
        targets
    }

    /// A target, and the ways to it.
    fn target(
        &self,
        cloud: &mut Cloud<'a, '_>,
        (name, keeps_client): (&str, bool),
        who: &Who,
        (port, maybe): (Option<u16>, Option<ReasonId>),
    ) -> Vec<Target> {
        let to = |addresses: Addresses, node: NodeId| Target {
            addresses: Some(addresses),
            port,
            next: Edge { to: node, maybe },
        };
        match who {
            Who::Address(address) => vec![to((*address).into(), self.exit)],
            Who::Resource(of) => match (self.balancers.get(of), door::find(cloud, of)) {
                (Some(other), _) => vec![to(other.addresses.clone(), other.node)],
                (None, Some(door)) if door::is_same_network(cloud, &self.balancer.standing, &door) => {
                    let name = unused(cloud, name);
                    let way = door::way(cloud, &name, &self.balancer.standing, &door);
                    let mut targets = vec![to(door.addresses.clone(), way)];
                    if keeps_client && !self.balancer.standing.set.free {
                        let itself = self.as_itself(cloud, &name, way);
                        targets.push(to(door.addresses, itself));
                    }
                    targets
                }
                (None, Some(door)) => vec![to(door.addresses, self.exit)],
                (None, None) => {
                    let node = service::function(cloud, of);
                    let addresses = node.and_then(|node| cloud.sketch.draft.addresses(node).cloned());
                    node.into_iter().map(|node| to(addresses.clone().unwrap_or_default(), node)).collect()
                }
            },
        }
    }

    /// Targets that name the balancer's groups take what it sends, whatever address it shows.
    fn as_itself(&self, cloud: &mut Cloud<'a, '_>, name: &str, way: NodeId) -> NodeId {
        let node = cloud.sketch.draft.translator(Title::new(format!("{name} (as the balancer)")).at(name));
        let rewrite = Rewrite::source(name, Match::all(), self.balancer.source(), Edge::to(way));
        cloud.sketch.draft.rewrite(node, rewrite);
        for group in &self.balancer.standing.set.groups {
            if let Some(group) = cloud.groups.get(group.0) {
                cloud.sketch.draft.join(group.id, node);
            }
        }
        node
    }

    /// Somewhere among what the balancer can address.
    fn anywhere(&self, port: Option<u16>, reason: ReasonId) -> Target {
        let addresses = Some(self.balancer.network.clone());
        Target { addresses, port, next: Edge::maybe(self.exit, reason) }
    }

    /// A classic balancer: listeners are blocks of its own, and so are its instances.
    fn classic(&self, cloud: &mut Cloud<'a, '_>) {
        let resource = self.balancer.resource;
        let mut registered: Vec<(String, Option<ReasonId>)> = Vec::new();
        let instances = cloud.book.named(resource, "instances", &["aws_instance"]);
        let open = instances.open.clone().map(|reason| cloud.reason(reason));
        registered.extend(instances.these.iter().map(|one| (name_of(one), open)));
        for (kinds, path, host) in [
            (&["aws_elb_attachment"][..], "elb", Some("instance")),
            (&["aws_autoscaling_attachment"][..], "elb", Some("autoscaling_group_name")),
            (&["aws_autoscaling_group"][..], "load_balancers", None),
            (&["aws_ecs_service"][..], "load_balancer.elb_name", None),
        ] {
            let here =
                owners(cloud, kinds, path, &["aws_elb"]).remove(&name_of(resource)).unwrap_or_default();
            for (one, doubt) in here {
                match host {
                    None => registered.push((name_of(one), doubt)),
                    Some(path) => {
                        let found = cloud.book.named(one, path, &["aws_instance", "aws_autoscaling_group"]);
                        registered.extend(found.these.iter().map(|host| (name_of(host), doubt)));
                    }
                }
            }
        }
        for (at, block) in Field::of(resource, "listener").each().iter().enumerate() {
            let port = number(&block.at("lb_port")).map_or_else(Span::all, Span::one);
            let protocol = block.at("lb_protocol").text().unwrap_or("TCP");
            let name = format!("{} listener[{at}] ({protocol})", name_of(resource));
            let to = number(&block.at("instance_port"));
            let mut targets = Vec::new();
            for (host, doubt) in &registered {
                let way = format!("{name} to {host}");
                targets.extend(self.target(cloud, (&way, false), &Who::Resource(host.clone()), (to, *doubt)));
            }
            if registered.is_empty() {
                let reason = unknown(cloud, resource, "instances");
                targets.push(self.anywhere(to, reason));
            }
            let services = [Service::protocol(crate::packet::TCP).ports(port)];
            self.rewrite(cloud, (&name, &services), (Party::Any, false, None), targets);
        }
    }
}

fn who(registered: &Registered) -> String {
    match &registered.who {
        Who::Resource(name) => name.clone(),
        Who::Address(address) => address.to_string(),
    }
}

/// The groups to which a listener sends, by its default and by its rules. What a rule asks of a request, whoever sends it
/// chooses; only the client's address is not theirs to choose.
fn forwards<'a>(cloud: &mut Cloud<'a, '_>, listener: &Listener<'a>) -> Forwards {
    let mut forwards = Forwards::default();
    let (groups, open) = groups_of(cloud, listener.resource, "default_action");
    forwards.all = groups;
    forwards.open = open;
    for &(rule, doubt) in &listener.rules {
        let (groups, open) = groups_of(cloud, rule, "action");
        let groups = groups.into_iter().map(|(name, maybe)| (name, maybe.or(doubt)));
        forwards.open = forwards.open.or(open);
        match clients(rule) {
            Some(nets) => {
                forwards.some.extend(groups);
                forwards.clients = forwards.clients.with(&Addresses::from_nets(nets));
            }
            None => forwards.all.extend(groups),
        }
    }
    forwards
}

/// The addresses of clients that a rule is about; nothing where it is about all, or nobody knows.
fn clients(rule: &Resource) -> Option<Vec<IpNet>> {
    let mut found = None;
    for condition in Field::of(rule, "condition").each() {
        for block in condition.at("source_ip").each() {
            let values = block.at("values");
            let nets: Option<Vec<IpNet>> = values.texts().into_iter().map(|text| net(text?)).collect();
            found = Some(nets?);
        }
    }
    found
}

/// The target groups that the actions of a listener or a rule name.
fn groups_of<'a>(
    cloud: &mut Cloud<'a, '_>,
    resource: &'a Resource,
    block: &str,
) -> (Vec<(String, Option<ReasonId>)>, Option<ReasonId>) {
    let (mut groups, mut open) = (Vec::new(), None);
    for path in [format!("{block}.target_group_arn"), format!("{block}.forward.target_group.arn")] {
        let found = cloud.book.named(resource, &path, GROUPS);
        let doubt = found.open.clone().map(|reason| cloud.reason(reason));
        groups.extend(found.these.iter().map(|one| (name_of(one), doubt)));
        if doubt.is_some() || !found.elsewhere.is_empty() {
            open = open.or(doubt).or_else(|| Some(unknown(cloud, resource, &path)));
        }
    }
    (groups, open)
}

/// What a listener listens to.
fn services(listener: &Resource) -> Vec<Service> {
    let port = number(&Field::of(listener, "port")).map_or_else(Span::all, Span::one);
    let protocol = Field::of(listener, "protocol").text().unwrap_or("HTTP");
    let (tcp, udp) = (crate::packet::TCP, crate::packet::UDP);
    let protocols = match protocol {
        "UDP" | "QUIC" => vec![udp],
        "TCP_UDP" | "TCP_QUIC" => vec![tcp, udp],
        _ => vec![tcp],
    };
    protocols.into_iter().map(|protocol| Service::protocol(protocol).ports(port)).collect()
}

/// The listener with what it demands of clients, for people who read a path: `HTTPS, ELBSecurityPolicy-…, mutual TLS verify`.
fn describe(listener: &Resource) -> String {
    let text = |name: &str| Field::of(listener, name).text().map(str::to_owned);
    let mutual = Field::of(listener, "mutual_authentication").first().at("mode").text();
    let mutual = mutual.filter(|mode| *mode != "off").map(|mode| format!("mutual TLS {mode}"));
    let notes: Vec<String> = [text("protocol"), text("ssl_policy"), mutual].into_iter().flatten().collect();
    let notes = if notes.is_empty() { "HTTP".to_owned() } else { notes.join(", ") };
    format!("{} ({notes})", name_of(listener))
}

/// The node by which a balancer is reached through endpoints: as if it had sent the packets itself, since the addresses of
/// consumers do not appear behind it. Its groups judge consumers by their own addresses, unless they are told not to.
pub(in super::super) fn by_endpoints(cloud: &mut Cloud<'_, '_>, balancer: &Balancer<'_>) -> NodeId {
    let title = part(balancer.resource, "by endpoints");
    if let Some(known) = cloud.sketch.draft.find(&title.id) {
        return known;
    }
    let node = cloud.sketch.draft.translator(part(balancer.resource, "as the source"));
    let name = format!("{} (by endpoints)", name_of(balancer.resource));
    let targets = vec![Target::to(balancer.addresses.clone(), Edge::to(balancer.node))];
    let rewrite = Rewrite::destination(name, Match::all(), targets).with_source(balancer.source());
    cloud.sketch.draft.rewrite(node, rewrite);
    let asked = Field::of(balancer.resource, "enforce_security_group_inbound_rules_on_private_link_traffic");
    let filter = match asked.text() {
        Some("off") => door::groups(cloud, title, &crate::model::aws::standing::Set::free(), false),
        _ => door::groups(cloud, title, &balancer.standing.set, false),
    };
    cloud.sketch.draft.connect(filter, node);
    filter
}

/// The ports on which a balancer listens.
pub(in super::super) fn ports(cloud: &Cloud<'_, '_>, balancer: &Balancer<'_>) -> Vec<u16> {
    let here = |listener: &&Resource| {
        let Some(listener) = cloud.book.at(listener.plan, &listener.address) else { return false };
        let found = cloud.book.named(listener, "load_balancer_arn", super::BALANCERS);
        found.these.iter().any(|one| std::ptr::eq(*one, balancer.resource))
    };
    let listeners = cloud.book.kinds(LISTENERS).filter(here);
    listeners.filter_map(|listener| number(&Field::of(listener, "port"))).collect()
}
