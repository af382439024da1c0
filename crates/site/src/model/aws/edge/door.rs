//! Ways to one host alone: through the same lists and groups as any packet to it, but to no other host that may have the
//! address. A load balancer sends to those that are registered, also where only the range of their addresses is known.

use crate::model::aws::acl;
use crate::model::aws::cloud::{Cloud, SubnetId};
use crate::model::aws::standing::{Set, Standing};
use crate::network::{Edge, Match, NodeId, Rule, Title};
use crate::packet::Addresses;

/// A host with where it stands.
#[derive(Clone, Debug)]
pub(super) struct Door {
    pub(super) node: NodeId,
    pub(super) addresses: Addresses,
    standing: Standing,
}

/// The host with this name.
pub(super) fn find(cloud: &mut Cloud<'_, '_>, name: &str) -> Option<Door> {
    let (node, standing) = cloud.hosts.get(name)?.clone();
    let addresses = cloud.placement(name, &standing).addresses().clone();
    Some(Door { node, addresses, standing })
}

/// A filter that judges what groups let out (from a subnet), or in. It leads nowhere yet.
pub(super) fn groups(cloud: &mut Cloud<'_, '_>, title: Title, set: &Set, is_egress: bool) -> NodeId {
    let groups = set.groups.iter().filter_map(|group| cloud.groups.get(group.0));
    let rules: Vec<Rule> =
        groups.flat_map(|group| if is_egress { &group.egress } else { &group.ingress }).cloned().collect();
    let filter = cloud.sketch.draft.filter(title);
    if set.free {
        cloud.sketch.draft.rule(filter, Rule::allow("no group", Match::all()));
    }
    for rule in rules {
        cloud.sketch.draft.rule(filter, rule);
    }
    if let Some(reason) = set.open {
        cloud.sketch.draft.rule(filter, Rule::allow("other groups", Match::all()).maybe(reason));
    }
    filter
}

/// A way from something that stands in subnets to a host of the same network: through the sender's groups, the lists of both
/// subnets, and the host's groups.
pub(super) fn way(cloud: &mut Cloud<'_, '_>, name: &str, from: &Standing, door: &Door) -> NodeId {
    let out = groups(cloud, Title::new(format!("{name} (out)")).at(name), &from.set, true);
    let into = groups(cloud, Title::new(format!("{name} (into)")).at(name), &door.standing.set, false);
    cloud.sketch.draft.edge(into, Edge { to: door.node, maybe: door.standing.doubt });
    for &near in &from.subnets {
        for &far in &door.standing.subnets {
            let next = if near == far { Edge::to(into) } else { lists(cloud, name, near, far, into) };
            let maybe = next.maybe.or(from.doubt);
            cloud.sketch.draft.edge(out, Edge { to: next.to, maybe });
        }
    }
    out
}

/// Through the list out of one subnet and the list into another.
fn lists(cloud: &mut Cloud<'_, '_>, name: &str, near: SubnetId, far: SubnetId, into: NodeId) -> Edge {
    let way = format!("into, for {name} from {}", cloud.subnet(near).name);
    let inward = acl::before(cloud, far, into, &way);
    let way = format!("{}, for {name} to {}", acl::OUT_OF, cloud.subnet(far).name);
    let outward = acl::before(cloud, near, inward.to, &way);
    Edge { to: outward.to, maybe: outward.maybe.or(inward.maybe) }
}

/// Whether both stand in the same network.
pub(super) fn is_same_network(cloud: &Cloud<'_, '_>, from: &Standing, door: &Door) -> bool {
    let of = |standing: &Standing| standing.subnets.first().map(|subnet| cloud.subnet(*subnet).vpc);
    of(from).is_some() && of(from) == of(&door.standing)
}

/// A way to a host through its groups alone: of what AWS itself delivers to it.
pub(super) fn into(cloud: &mut Cloud<'_, '_>, name: &str, door: &Door) -> NodeId {
    let name = super::unused(cloud, name);
    let title = Title::new(format!("{name} (out)")).named(&name).at(&name);
    let filter = groups(cloud, title, &door.standing.set, false);
    cloud.sketch.draft.edge(filter, Edge { to: door.node, maybe: door.standing.doubt });
    filter
}
