//! Lines to the cloud: that there are two independent ones, and that what passes them is encrypted.

use super::Crossed;
use super::estate::{Estate, tell, text};
use crate::connection::flows::of_patients;
use crate::connection::parameters::{Demand, best};
use crate::resource::Resource;
use crate::rules::Verdict;
use std::collections::BTreeSet;

const CIRCUITS: &[(&str, &str)] = &[
    ("aws_dx_connection", "location"),
    ("azurerm_express_route_circuit", "peering_location"),
    ("google_compute_interconnect_attachment", "edge_availability_domain"),
];
const TUNNELS: &[(&str, &str)] = &[
    ("aws_vpn_connection", "customer_gateway_id"),
    ("azurerm_virtual_network_gateway_connection", "local_network_gateway_id"),
    ("google_compute_vpn_tunnel", "peer_external_gateway"),
];

/// Two circuits at two locations, or one circuit and one VPN; or VPNs to two devices of the facility.
pub(super) fn redundant(estate: &Estate<'_>, out: &mut Vec<Crossed>) {
    const RULE: &str = "xc.redundant-line";
    let circuits = ends(estate, CIRCUITS);
    let tunnels: Vec<_> = ends(estate, TUNNELS).into_iter().filter(|(one, _)| is_tunnel(one)).collect();
    let Some((first, _)) = circuits.first().or(tunnels.first()) else { return };
    let both = !circuits.is_empty() && !tunnels.is_empty();
    let (verdict, ja, en) = match (both, apart(&circuits), apart(&tunnels)) {
        (true, ..) => (Verdict::Holds, "専用線と VPN があります。", "There are a circuit and a VPN."),
        (_, Verdict::Holds, _) => {
            (Verdict::Holds, "2 か所の専用線があります。", "There are circuits at two locations.")
        }
        (.., Verdict::Holds) => {
            (Verdict::Holds, "2 台の装置への VPN があります。", "There are VPNs to two devices.")
        }
        (_, Verdict::Undecided, _) | (.., Verdict::Undecided) => (
            Verdict::Undecided,
            "2 本の回線が別の場所に入るかどうかは、プランからは分かりません。",
            "Whether the lines enter at two places is not told by the plan.",
        ),
        _ if described(estate) => (
            Verdict::Undecided,
            "プランでは 1 系統ですが、サイト記述に代替の回線があります。",
            "The plan has one way in; the description names a line in its stead.",
        ),
        _ => (Verdict::Violated, "独立した経路は 1 つだけです。", "There is one independent way in only."),
    };
    tell(out, RULE, first, verdict, (ja, en));
}

/// An end of a line: where it enters, or nothing where it is not told.
fn ends<'a>(estate: &Estate<'a>, kinds: &[(&str, &str)]) -> Vec<(&'a Resource, Option<String>)> {
    let each = kinds.iter().flat_map(|(kind, attribute)| {
        estate.all(kind).iter().map(|one| (*one, end(one, attribute))).collect::<Vec<_>>()
    });
    each.collect()
}

fn end(line: &Resource, attribute: &str) -> Option<String> {
    let named = line
        .references
        .get(attribute)
        .and_then(|all| all.first())
        .filter(|one| !crate::resource::is_mark(one));
    match text(line, attribute) {
        Ok(Some(text)) => Some(text.to_owned()),
        Ok(None) | Err(()) => named.cloned(),
    }
}

/// A connection of a gateway may be a circuit's, which is counted itself.
fn is_tunnel(line: &Resource) -> bool {
    line.kind != "azurerm_virtual_network_gateway_connection" || text(line, "type") == Ok(Some("IPsec"))
}

fn apart(lines: &[(&Resource, Option<String>)]) -> Verdict {
    let places: BTreeSet<&String> = lines.iter().filter_map(|(_, place)| place.as_ref()).collect();
    let open = lines.iter().any(|(_, place)| place.is_none());
    match (places.len(), lines.len()) {
        (2.., _) => Verdict::Holds,
        (_, 2..) if open => Verdict::Undecided,
        _ => Verdict::Violated,
    }
}

fn described(estate: &Estate<'_>) -> bool {
    estate.site.is_some_and(|site| site.links.iter().any(|link| link.redundant_to.is_some()))
}

/// MACsec is enforced, or IPsec or TLS goes over it.
pub(super) fn encrypted(estate: &Estate<'_>, out: &mut Vec<Crossed>) {
    const RULE: &str = "xc.hosted-line-encryption";
    for line in estate.any(&["aws_dx_connection", "aws_dx_hosted_connection"]) {
        let enforced = text(line, "encryption_mode");
        if enforced == Ok(Some("must_encrypt")) {
            tell(out, RULE, line, Verdict::Holds, ("MACsec を強制しています。", "MACsec is enforced."));
            continue;
        }
        let tunnels = estate.all("aws_vpn_connection");
        let over = |one: &&&Resource| {
            text(one, "outside_ip_address_type") == Ok(Some("PrivateIpv4"))
                || one.references.contains_key("transport_transit_gateway_attachment_id")
        };
        if tunnels.iter().any(|one| over(&one)) {
            tell(
                out,
                RULE,
                line,
                Verdict::Holds,
                ("回線上に IPsec があります。", "IPsec goes over the line."),
            );
            continue;
        }
        let (verdict, ja, en) = match (enforced, by_flows(estate)) {
            (_, Some(Verdict::Holds)) => (
                Verdict::Holds,
                "患者の情報を運ぶ通信は端から端まで暗号化されています。",
                "All flows with data of patients are encrypted end to end.",
            ),
            (Err(()), _) => (
                Verdict::Undecided,
                "`encryption_mode` は適用後に決まります。",
                "`encryption_mode` is known after apply.",
            ),
            (_, Some(Verdict::Violated)) => (
                Verdict::Violated,
                "MACsec も IPsec もなく、暗号化されない通信があります。",
                "There is neither MACsec nor IPsec, and a flow is not encrypted.",
            ),
            (Ok(_), _) => (
                Verdict::Undecided,
                "MACsec も IPsec もありません。端から端までの TLS は、サイト記述の `flows` で分かります。",
                "There is neither MACsec nor IPsec; whether TLS goes end to end, `flows` of a description tells.",
            ),
        };
        tell(out, RULE, line, verdict, (ja, en));
    }
}

/// The worst of the flows with data of patients, from end to end.
fn by_flows(estate: &Estate<'_>) -> Option<Verdict> {
    let flows = estate.site?.flows.as_ref()?;
    let patients = flows.iter().filter(|flow| of_patients(flow) != Some(false));
    patients.map(|flow| best(flow.protection.as_deref(), Demand::Encrypted).verdict).min()
}
