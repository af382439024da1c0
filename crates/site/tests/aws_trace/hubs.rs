//! Transit gateways as the interpreter sees them.

use crate::fact::Net;
use crate::named::{Names, flag};
use crate::world::VPCS;
use serde_json::Value;
use site::resource::Resource;

const HUBS: &[&str] = &["aws_ec2_transit_gateway"];
const TABLES: &[&str] = &["aws_ec2_transit_gateway_route_table", "aws_ec2_transit_gateway"];
const NETWORKS: &[&str] = &["aws_ec2_transit_gateway_vpc_attachment"];

/// A transit gateway with its attachments of networks.
#[derive(Default)]
pub(crate) struct Hub {
    pub(crate) attachments: Vec<Attachment>,
    /// Routes: the table, the prefix, the attachment (nothing for a blackhole), whether it is written and not propagated.
    pub(crate) routes: Vec<(String, Net, Option<String>, bool)>,
    /// Something of it is not followed.
    pub(crate) beyond: bool,
    /// Groups of one network may be named by rules of another.
    pub(crate) shares_groups: bool,
}

pub(crate) struct Attachment {
    pub(crate) name: String,
    pub(crate) vpc: String,
    /// The table in which is looked up what comes in by it.
    pub(crate) table: Option<String>,
}

impl Hub {
    /// The attachment by which packets go on that come in by another one: nothing where they are dropped.
    pub(crate) fn next(&self, from: &Attachment, to: u32) -> Option<&Attachment> {
        let table = from.table.as_ref()?;
        let fits = self.routes.iter().filter(|(of, net, ..)| of == table && net.has(to));
        let (.., out, _) = fits.max_by_key(|(_, net, _, written)| (net.length, *written))?;
        self.attachments.iter().find(|one| Some(&one.name) == out.as_ref())
    }

    pub(crate) fn of_vpc(&self, vpc: &str) -> Option<&Attachment> {
        self.attachments.iter().find(|one| one.vpc == vpc)
    }
}

/// All gateways of a plan.
pub(crate) fn hubs(names: &Names<'_>) -> std::collections::BTreeMap<String, Hub> {
    let hubs = names.kind("aws_ec2_transit_gateway");
    hubs.map(|one| (one.address.clone(), hub(names, one))).collect()
}

fn hub(names: &Names<'_>, own: &Resource) -> Hub {
    let mut hub = Hub {
        shares_groups: flag(own, "security_group_referencing_support", false) == Some(true),
        ..Hub::default()
    };
    let is_own = |one: &Resource| names.link(one, "transit_gateway_id", HUBS).one() == Some(&own.address);
    let default = |name: &str| flag(own, name, true) == Some(true);
    for other in
        ["aws_vpn_connection", "aws_dx_gateway_association", "aws_ec2_transit_gateway_peering_attachment"]
    {
        hub.beyond |= names.kind(other).next().is_some();
    }
    for one in NETWORKS.iter().flat_map(|kind| names.kind(kind)) {
        let vpc = names.link(one, "vpc_id", VPCS);
        let hub_link = names.link(one, "transit_gateway_id", HUBS);
        if hub_link.one().is_none() || vpc.one().is_none() {
            hub.beyond = true;
        }
        let (true, Some(vpc)) = (is_own(one), vpc.one()) else { continue };
        let uses =
            |name: &str| default(name) && flag(one, &format!("transit_gateway_{name}"), true) == Some(true);
        let table = uses("default_route_table_association").then(|| own.address.clone());
        hub.attachments.push(Attachment { name: one.address.clone(), vpc: vpc.to_owned(), table });
        if uses("default_route_table_propagation") {
            propagate(names, &mut hub, &own.address, (&one.address, vpc));
        }
    }
    let table_of =
        |one: &Resource| names.link(one, "transit_gateway_route_table_id", TABLES).one().map(str::to_owned);
    let named =
        |one: &Resource| names.link(one, "transit_gateway_attachment_id", NETWORKS).one().map(str::to_owned);
    for one in names.kind("aws_ec2_transit_gateway_route_table_association") {
        let (table, attachment) = (table_of(one), named(one));
        hub.beyond |= table.is_none() || attachment.is_none();
        let found = hub.attachments.iter_mut().find(|known| Some(&known.name) == attachment.as_ref());
        if let Some(known) = found {
            known.table.clone_from(&table);
        }
    }
    for one in names.kind("aws_ec2_transit_gateway_route_table_propagation") {
        let (Some(table), Some(attachment)) = (table_of(one), named(one)) else {
            hub.beyond = true;
            continue;
        };
        let vpc =
            hub.attachments.iter().find(|known| known.name == attachment).map(|known| known.vpc.clone());
        if let Some(vpc) = vpc {
            propagate(names, &mut hub, &table, (&attachment, &vpc));
        }
    }
    for one in names.kind("aws_ec2_transit_gateway_route") {
        let net = one.values.get("destination_cidr_block").and_then(Value::as_str).and_then(Net::read);
        let blackhole = one.values.get("blackhole") == Some(&Value::Bool(true));
        match (table_of(one), net, named(one)) {
            (Some(table), Some(net), attachment) if blackhole || attachment.is_some() => {
                hub.routes.push((table, net, attachment.filter(|_| !blackhole), true));
            }
            _ => hub.beyond = true,
        }
    }
    hub
}

/// The ranges of a network into a table.
fn propagate(names: &Names<'_>, hub: &mut Hub, table: &str, (attachment, vpc): (&str, &str)) {
    let own = names.all.iter().filter(|one| one.address == vpc);
    let more = names
        .kind("aws_vpc_ipv4_cidr_block_association")
        .filter(|one| names.link(one, "vpc_id", VPCS).may_be(vpc));
    for one in own.chain(more) {
        match one.values.get("cidr_block").and_then(Value::as_str).and_then(Net::read) {
            Some(net) => hub.routes.push((table.to_owned(), net, Some(attachment.to_owned()), false)),
            None => hub.beyond = true,
        }
    }
}
