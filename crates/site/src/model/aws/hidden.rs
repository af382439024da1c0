//! What the plans name and do not have: networks, subnets and route tables of which nothing is known. Packets go through them
//! in doubt, and what stands there may stand in any subnet that the plan has.

use super::addresses::{Range, any_v4, global_v6};
use super::cloud::{AclOf, Cloud, Subnet, SubnetId, Table, TableId, Vpc, VpcId};
use super::lay::{add_subnet, add_table, add_vpc, join, unknown_table};
use crate::model::thing::Thing;
use crate::network::{Known, NodeId, Reason, ReasonId, Route, Title};

/// The network of a plan that stands for all that the plan names and does not have.
pub(super) fn elsewhere(cloud: &mut Cloud<'_, '_>, plan: usize, reason: &Reason) -> VpcId {
    let name = Thing::name_of(plan, "networks that the plan does not have");
    if let Some(known) = cloud.vpc_names.get(&name) {
        return *known;
    }
    let doubt = cloud.reason(reason.clone());
    let range = Range { nets: Vec::new(), vague: vec![(any_v4(), doubt), (global_v6(), doubt)] };
    let id = add_vpc(cloud, (plan, &name, name.clone()), range, Some(doubt));
    if let Some(vpc) = cloud.vpcs.get_mut(id.0) {
        vpc.is_elsewhere = true;
    }
    cloud.vpc_names.insert(name.clone(), id);
    unknown_table(cloud, id, &name, doubt);
    id
}

/// A subnet of which nothing is known but, perhaps, the network that it lies in.
pub(super) fn unknown_subnet(cloud: &mut Cloud<'_, '_>, vpc: VpcId, reason: &Reason) -> SubnetId {
    let Vpc { name: of, range, .. } = cloud.vpc(vpc).clone();
    let name = format!("{of} (subnets that the plan does not have)");
    if let Some(known) = cloud.subnet_names.get(&name) {
        return *known;
    }
    let doubt = cloud.reason(reason.clone());
    let vague = range.all().map(|net| (net, doubt)).collect();
    let id = add_subnet(cloud, &name, &name, vpc, Range { nets: Vec::new(), vague });
    let table = unknown_of(cloud, vpc, &name, doubt);
    if let Some(subnet) = cloud.subnets.get_mut(id.0) {
        subnet.tables = vec![table];
        subnet.unknown = Some(doubt);
        subnet.maps_public = Known::Undecided(doubt);
        subnet.maps_v6 = Known::Undecided(doubt);
        subnet.acl = AclOf::Unknown(doubt);
    }
    cloud.subnet_names.insert(name, id);
    join(cloud, id);
    id
}

pub(super) fn unknown_of(cloud: &mut Cloud<'_, '_>, vpc: VpcId, name: &str, reason: ReasonId) -> TableId {
    let title = Title::new(format!("{name} (route table)")).at(name);
    let router = cloud.sketch.draft.router(title.clone());
    add_table(cloud, Table { name: title.id, vpc, doubt: None, router, unknown: Some(reason) })
}

/// What stands in a subnet or a network that the plan does not have may stand in any that it has: what is delivered there may
/// be for it.
pub(super) fn overlay(cloud: &mut Cloud<'_, '_>) {
    let unknown: Vec<Subnet> =
        cloud.subnets.iter().filter(|subnet| subnet.unknown.is_some()).cloned().collect();
    let known: Vec<Subnet> =
        cloud.subnets.iter().filter(|subnet| subnet.unknown.is_none()).cloned().collect();
    for hidden in unknown {
        let (Vpc { plan, is_elsewhere, .. }, Some(reason)) = (cloud.vpc(hidden.vpc), hidden.unknown) else {
            continue;
        };
        let beside = |other: &&Subnet| {
            other.vpc == hidden.vpc || (*is_elsewhere && cloud.vpc(other.vpc).plan == *plan)
        };
        let others: Vec<&Subnet> = known.iter().filter(beside).collect();
        for other in others {
            let ([from, _], [to, _]) = (other.inward, hidden.inward);
            may_be_for(cloud, from, &other.range, (to, &hidden.name, reason));
        }
    }
    let networks: Vec<Vpc> = cloud.vpcs.clone();
    for hidden in networks.iter().filter(|vpc| vpc.is_elsewhere) {
        let Some(reason) = hidden.foreign else { continue };
        for other in networks.iter().filter(|vpc| !vpc.is_elsewhere && vpc.plan == hidden.plan) {
            may_be_for(cloud, other.router, &other.range, (hidden.router, &hidden.name, reason));
        }
    }
}

fn may_be_for(
    cloud: &mut Cloud<'_, '_>,
    from: NodeId,
    range: &Range,
    (to, name, reason): (NodeId, &str, ReasonId),
) {
    for net in range.all() {
        cloud.sketch.draft.route(from, Route::to(net, to).named(name).maybe(reason));
    }
}
