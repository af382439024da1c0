//! What is attached to transit gateways: networks, tunnels, lines, other gateways.

use super::{
    ACCEPTERS, ATTACHMENTS, Announces, Attachment, GATEWAYS, NETWORKS, PEER_ACCEPTERS, PEERINGS, Transit,
    open,
};
use crate::model::aws::cloud::Cloud;
use crate::model::aws::edge::dx::{self, Line};
use crate::model::aws::edge::field::Field;
use crate::model::aws::edge::{hand_over, part, send_all, stands_for, title, vpn};
use crate::model::aws::name_of;
use crate::network::{Edge, Next, NodeId, ReasonId, Route};
use crate::resource::Resource;
use std::collections::BTreeMap;

impl<'a> Transit<'a> {
    pub(super) fn attach(&mut self, cloud: &mut Cloud<'a, '_>, lines: &BTreeMap<String, Line>) {
        let book = cloud.book;
        for resource in book.kinds(NETWORKS) {
            self.network(cloud, resource, resource);
        }
        for resource in book.kinds(ACCEPTERS) {
            self.accepter(cloud, resource);
        }
        for resource in book.kind("aws_vpn_connection") {
            if !book.named(resource, "transit_gateway_id", GATEWAYS).is_unset() {
                self.tunnel(cloud, resource);
            }
        }
        let mut associations = dx::associations(cloud, GATEWAYS, lines);
        for resource in book.kinds(GATEWAYS) {
            let own = associations.remove(&name_of(resource)).unwrap_or_default();
            self.lines(cloud, resource, own);
        }
        for resource in book.kinds(PEERINGS) {
            self.peering(cloud, resource);
        }
        for resource in book.kinds(PEER_ACCEPTERS) {
            if book.named(resource, "transit_gateway_attachment_id", PEERINGS).these.is_empty() {
                self.beyond(cloud, resource, Announces::Nothing);
            }
        }
        for resource in book.kind("aws_ec2_transit_gateway_connect") {
            self.beyond(cloud, resource, Announces::Learned);
        }
    }

    /// Adds an attachment of a gateway; `doubt` says why nobody knows whether it is there.
    fn add(
        &mut self,
        resource: &'a Resource,
        (hub, doubt): (usize, Option<ReasonId>),
        ends: [NodeId; 2],
        announces: Announces,
    ) {
        let [entry, out] = ends;
        let defaults = defaults(resource);
        let names = vec![name_of(resource)];
        self.attachments.push(Attachment { resource, names, hub, entry, out, announces, defaults, doubt });
    }

    /// A network: what goes out by the attachment comes into the network through the subnets of the attachment.
    fn network(&mut self, cloud: &mut Cloud<'a, '_>, resource: &'a Resource, named: &'a Resource) {
        let (hub, doubt) = self.hub_named(cloud, resource, "transit_gateway_id");
        let (vpc, unsure) = cloud.vpc_named(resource, "vpc_id");
        let Some(name) = self.hubs.get(hub).map(|hub| hub.name.clone()) else { return };
        let zone = cloud.vpc(vpc).name.clone();
        let entry = cloud.sketch.draft.router(title(named).zone(zone.clone()));
        stands_for(cloud, entry, named);
        let out = cloud.sketch.draft.router(part(named, "out").zone(zone));
        let (subnets, lost) = cloud.subnets_named(resource, &["subnet_ids"]);
        let maybe = doubt.or(unsure).or(lost);
        let entrance = cloud.enter(vpc, &name, false);
        for (range, vague) in vpn::ranges(cloud, vpc, maybe) {
            let route = Route { maybe: vague, ..Route::to(range, entrance).named(format!("{name} {range}")) };
            cloud.sketch.draft.route(out, route);
        }
        // What is not for the network itself goes where the tables of these subnets lead: to a firewall, to the internet.
        for subnet in subnets {
            let router = cloud.subnet(subnet).router;
            send_all(cloud, out, &Next::Node(router), maybe);
        }
        cloud.leads_to(&name, Some(vpc), Edge { to: entry, maybe: doubt.or(unsure) });
        self.add(resource, (hub, doubt.or(unsure)), [entry, out], Announces::Network(vpc));
    }

    /// The other account's side of an attachment: the same attachment where the plans have it, otherwise one to a network
    /// that nobody described.
    fn accepter(&mut self, cloud: &mut Cloud<'a, '_>, resource: &'a Resource) {
        let found = cloud.book.named(resource, "transit_gateway_attachment_id", NETWORKS);
        if found.these.is_empty() {
            self.beyond(cloud, resource, Announces::Nothing);
            return;
        }
        for one in found.these {
            let known = self.attachments.iter_mut().find(|known| std::ptr::eq(known.resource, one));
            if let Some(known) = known {
                known.names.push(name_of(resource));
                known.defaults = defaults(resource);
            }
        }
    }

    fn tunnel(&mut self, cloud: &mut Cloud<'a, '_>, resource: &'a Resource) {
        let (hub, doubt) = self.hub_named(cloud, resource, "transit_gateway_id");
        let entry = vpn::inward(cloud, resource);
        let out = vpn::connect(cloud, resource, entry);
        let is_static = Field::of(resource, "static_routes_only").flag() == Some(true);
        let announces = if is_static { Announces::Nothing } else { Announces::Learned };
        self.add(resource, (hub, doubt), [entry, out], announces);
    }

    fn lines(&mut self, cloud: &mut Cloud<'a, '_>, gateway: &'a Resource, own: Vec<dx::Association>) {
        let Some(hub) = self.by_name.get(&name_of(gateway)).copied() else { return };
        for association in own {
            let Some(resource) = cloud.book.at(association.plan, &association.address) else { continue };
            let known = cloud.sketch.draft.find(&name_of(resource));
            let entry = known.unwrap_or_else(|| cloud.sketch.draft.router(title(resource)));
            stands_for(cloud, entry, resource);
            for route in association.to_hub(entry) {
                cloud.sketch.draft.route(association.line.into, route);
            }
            let ends = [entry, association.line.out];
            self.add(resource, (hub, association.doubt), ends, Announces::Learned);
            if let Some(known) = self.attachments.last_mut() {
                known.names.push(association.gateway);
            }
        }
    }

    /// Two gateways joined. Each side is an attachment of its own gateway.
    fn peering(&mut self, cloud: &mut Cloud<'a, '_>, resource: &'a Resource) {
        let (hub, doubt) = self.hub_named(cloud, resource, "transit_gateway_id");
        let peer = cloud.book.named(resource, "peer_transit_gateway_id", GATEWAYS);
        let peer = peer.these.first().and_then(|one| self.by_name.get(&name_of(one)).copied());
        let Some(peer) = peer else {
            self.beyond(cloud, resource, Announces::Nothing);
            return;
        };
        let near = cloud.sketch.draft.router(title(resource));
        stands_for(cloud, near, resource);
        let far = cloud.sketch.draft.router(part(resource, "peer"));
        self.add(resource, (hub, doubt), [near, far], Announces::Nothing);
        let book = cloud.book;
        let accepts = |one: &&'a Resource| {
            let found = book.named(one, "transit_gateway_attachment_id", PEERINGS);
            found.these.iter().any(|found| std::ptr::eq(*found, resource))
        };
        let accepter = book.kinds(PEER_ACCEPTERS).find(accepts);
        self.add(accepter.unwrap_or(resource), (peer, doubt), [far, near], Announces::Nothing);
    }

    /// An attachment to what the plans do not have.
    fn beyond(&mut self, cloud: &mut Cloud<'a, '_>, resource: &'a Resource, announces: Announces) {
        let (hub, doubt) = self.hub_named(cloud, resource, "transit_gateway_id");
        let entry = cloud.sketch.draft.router(title(resource));
        stands_for(cloud, entry, resource);
        let out = cloud.sketch.draft.router(part(resource, "out"));
        hand_over(cloud, resource, Some(out), entry, false);
        self.add(resource, (hub, doubt), [entry, out], announces);
    }

    /// The attachments that a resource names, by their places in the list.
    pub(super) fn attachments_named(
        &self,
        cloud: &mut Cloud<'a, '_>,
        resource: &'a Resource,
    ) -> (Vec<usize>, Option<ReasonId>) {
        let path = "transit_gateway_attachment_id";
        let found = cloud.book.named(resource, path, ATTACHMENTS);
        let doubt = open(cloud, resource, path, &found);
        let mut these = Vec::new();
        for one in &found.these {
            let mut names = vec![name_of(one)];
            for (attribute, kinds) in
                [("vpn_connection_id", &["aws_vpn_connection"][..]), ("dx_gateway_id", dx::GATEWAYS)]
            {
                if one.is_data() {
                    names
                        .extend(cloud.book.named(one, attribute, kinds).these.iter().map(|one| name_of(one)));
                }
            }
            let meant = |known: &Attachment<'_>| known.names.iter().any(|name| names.contains(name));
            these.extend(
                self.attachments.iter().enumerate().filter(|(_, known)| meant(known)).map(|(at, _)| at),
            );
        }
        (these, doubt)
    }
}

/// Whether an attachment uses the default tables, for association and for propagation.
fn defaults(attachment: &Resource) -> [Option<bool>; 2] {
    ["association", "propagation"].map(|what| {
        let field = Field::of(attachment, &format!("transit_gateway_default_route_table_{what}"));
        if field.is_unknown() { None } else { Some(field.flag().unwrap_or(true)) }
    })
}
