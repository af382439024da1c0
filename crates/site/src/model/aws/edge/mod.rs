//! What stands at the edges of networks: transit gateways, tunnels, lines, endpoints, load balancers and what fronts them.

use super::cloud::Cloud;

/// Gateways: where packets go that leave a network by them. Routes are drawn later and lead to what is named here
/// ([`Cloud::leads_to`]).
pub(super) fn gateways(cloud: &mut Cloud<'_, '_>) {
    let _ = cloud;
}

/// Balancers, endpoints and other nodes that stand in subnets.
pub(super) fn hosts(cloud: &mut Cloud<'_, '_>) {
    let _ = cloud;
}

/// What can be drawn only when all routes of the networks are.
pub(super) fn finish(cloud: &mut Cloud<'_, '_>) {
    let _ = cloud;
}
