//! Networks that a hub or a peering joins: through the inspection, not back from secondary use, and never two with equal
//! addresses.

use super::Crossed;
use super::estate::{Estate, Told, refers, tell, text};
use crate::description::{CloudKind, Node, Site};
use crate::findings::paths::view::{holds_records, is_secondary};
use crate::resource::Resource;
use crate::rules::Verdict;
use ipnet::IpNet;
use std::collections::BTreeSet;

const ATTACHMENT: &str = "aws_ec2_transit_gateway_vpc_attachment";
const PROPAGATION: &str = "aws_ec2_transit_gateway_route_table_propagation";
const ASSOCIATION: &str = "aws_ec2_transit_gateway_route_table_association";
const TABLE: &str = "aws_ec2_transit_gateway_route_table";
const PEERING: &str = "aws_vpc_peering_connection";

/// What spokes send to each other passes the firewall, both ways.
pub(super) fn inspected(estate: &Estate<'_>, out: &mut Vec<Crossed>) {
    const RULE: &str = "xc.inspection-path";
    let attachments = estate.all(ATTACHMENT);
    for firewall in estate.all("aws_networkfirewall_firewall") {
        let Some(vpc) = estate.named(firewall, "vpc_id", "aws_vpc") else {
            if !attachments.is_empty() {
                tell(
                    out,
                    RULE,
                    firewall,
                    Verdict::Undecided,
                    (
                        "ファイアウォールの VPC がプランからは分かりません。",
                        "The plan does not tell in which VPC the firewall stands.",
                    ),
                );
            }
            continue;
        };
        let Some(own) = estate.joined(ATTACHMENT, "vpc_id", vpc).0.first().copied() else { continue };
        let (verdict, ja, en) = match text(own, "appliance_mode_support") {
            Ok(Some("enable")) => through(estate, own),
            Ok(_) => (
                Verdict::Violated,
                "アプライアンスモードが無効です。".to_owned(),
                "Appliance mode is off.".to_owned(),
            ),
            Err(()) => (
                Verdict::Undecided,
                "`appliance_mode_support` は適用後に決まります。".to_owned(),
                "`appliance_mode_support` is known after apply.".to_owned(),
            ),
        };
        tell(out, RULE, own, verdict, (ja, en));
    }
}

/// Whether the tables of spokes learn the routes of other spokes only through the inspection.
fn through(estate: &Estate<'_>, inspection: &Resource) -> (Verdict, String, String) {
    for hub in estate.all("aws_ec2_transit_gateway") {
        for name in ["default_route_table_propagation", "default_route_table_association"] {
            if text(hub, name) != Ok(Some("disable"))
                && refers(inspection, "transit_gateway_id", hub) != Told::No
            {
                let open = text(hub, name).is_err();
                let verdict = if open { Verdict::Undecided } else { Verdict::Violated };
                return (
                    verdict,
                    format!(
                        "{} の {name} が disable ではなく、すべてのネットワークがつながります。",
                        hub.address
                    ),
                    format!("`{name}` of {} is not `disable`: it joins all networks.", hub.address),
                );
            }
        }
    }
    let mut open = false;
    for learned in estate.all(PROPAGATION) {
        let (from, table) =
            (attachment(estate, learned), estate.named(learned, "transit_gateway_route_table_id", TABLE));
        let (Some(from), Some(table)) = (from, table) else {
            open = true;
            continue;
        };
        for used in estate.joined(ASSOCIATION, "transit_gateway_route_table_id", table).0 {
            let Some(by) = attachment(estate, used) else {
                open = true;
                continue;
            };
            let round = from.address != inspection.address
                && by.address != inspection.address
                && from.address != by.address;
            if round {
                return (
                    Verdict::Violated,
                    format!("{} の経路が、検査を通らずに {} に伝わります。", from.address, by.address),
                    format!("Routes of {} come to {} round the inspection.", from.address, by.address),
                );
            }
        }
    }
    if open {
        return (
            Verdict::Undecided,
            "ルートテーブルへの伝播の一部がプランからは分かりません。".to_owned(),
            "Some propagations into route tables are not told by the plan.".to_owned(),
        );
    }
    (
        Verdict::Holds,
        "スポークの経路は検査用の接続だけに伝わります。".to_owned(),
        "Routes of spokes come to the inspection only.".to_owned(),
    )
}

fn attachment<'a>(estate: &Estate<'a>, of: &Resource) -> Option<&'a Resource> {
    estate.named(of, "transit_gateway_attachment_id", ATTACHMENT)
}

/// The networks that an element joins: two of a peering, or one whose routes another one learns.
fn pairs<'a>(estate: &Estate<'a>) -> Vec<(&'a Resource, Option<&'a Resource>, Option<&'a Resource>)> {
    let vpc = |one: &Resource, name| estate.named(one, name, "aws_vpc");
    let mut pairs: Vec<_> =
        estate.all(PEERING).iter().map(|one| (*one, vpc(one, "vpc_id"), vpc(one, "peer_vpc_id"))).collect();
    for learned in estate.all(PROPAGATION) {
        let Some(table) = estate.named(learned, "transit_gateway_route_table_id", TABLE) else {
            pairs.push((learned, None, None));
            continue;
        };
        let from = attachment(estate, learned).and_then(|one| vpc(one, "vpc_id"));
        for used in estate.may_join(ASSOCIATION, "transit_gateway_route_table_id", table) {
            let by = attachment(estate, used).and_then(|one| vpc(one, "vpc_id"));
            pairs.push((learned, by, from));
        }
    }
    pairs
}

/// No route leads from secondary use to the records.
pub(super) fn one_way(estate: &Estate<'_>, out: &mut Vec<Crossed>) {
    const RULE: &str = "xc.secondary-use-one-way";
    let mut said: BTreeSet<&str> = BTreeSet::new();
    for (by, from, to) in pairs(estate) {
        let (Some(from), Some(to)) = (from, to) else {
            if !said.contains(by.address.as_str()) {
                said.insert(&by.address);
                tell(
                    out,
                    RULE,
                    by,
                    Verdict::Undecided,
                    (
                        "つながる VPC の一部がプランからは分かりません。",
                        "Some of the VPCs that it joins are not told by the plan.",
                    ),
                );
            }
            continue;
        };
        if from.address == to.address || said.contains(by.address.as_str()) {
            continue;
        }
        let both_ways = by.kind == PEERING;
        let (verdict, ja, en) = match (use_of(estate, from), use_of(estate, to)) {
            (Some(Use::Secondary), Some(Use::Records)) => (
                Verdict::Violated,
                format!("二次利用の {} から {} への経路になります。", from.address, to.address),
                format!("It is a route from {}, of secondary use, to {}.", from.address, to.address),
            ),
            (Some(Use::Records), Some(Use::Secondary)) if both_ways => (
                Verdict::Violated,
                format!("二次利用の {} から {} への経路になります。", to.address, from.address),
                format!("It is a route from {}, of secondary use, to {}.", to.address, from.address),
            ),
            (Some(_), Some(_)) => (
                Verdict::Holds,
                "二次利用から電子カルテに戻る経路ではありません。".to_owned(),
                "It is no route back from secondary use.".to_owned(),
            ),
            _ => (
                Verdict::Undecided,
                "どの VPC が二次利用かは、サイト記述の `cloud` で分かります。".to_owned(),
                "Which VPC is of secondary use, `cloud` of a description tells.".to_owned(),
            ),
        };
        said.insert(&by.address);
        tell(out, RULE, by, verdict, (ja, en));
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Records,
    Secondary,
    Other,
}

/// What a VPC is used for: as the zone holds it that the description has for it.
fn use_of(estate: &Estate<'_>, vpc: &Resource) -> Option<Use> {
    let site: &Site = estate.site?;
    let cloud = site.cloud.iter().find(|cloud| {
        cloud.address.value == vpc.address && cloud.kind.is_none_or(|kind| kind == CloudKind::Network)
    })?;
    let zone = cloud.stands_for.as_ref()?;
    let any = |what: fn(&Node) -> bool| site.nodes.iter().any(|node| node.zones.contains(zone) && what(node));
    if any(holds_records) {
        Some(Use::Records)
    } else if any(is_secondary) {
        Some(Use::Secondary)
    } else {
        Some(Use::Other)
    }
}

/// Networks with equal addresses are not joined.
pub(super) fn overlaps(estate: &Estate<'_>, out: &mut Vec<Crossed>) {
    const RULE: &str = "xc.tenant-overlap";
    let mut said: BTreeSet<&str> = BTreeSet::new();
    for (by, one, other) in pairs(estate) {
        let (Some(one), Some(other)) = (one, other) else { continue };
        if one.address == other.address || said.contains(by.address.as_str()) {
            continue;
        }
        let (verdict, ja, en) = match (range(one), range(other)) {
            (Some(first), Some(second)) if first.contains(&second) || second.contains(&first) => (
                Verdict::Violated,
                format!("{first} と {second} が重なっています。"),
                format!("{first} and {second} overlap."),
            ),
            (Some(first), Some(second)) => (
                Verdict::Holds,
                format!("{first} と {second} は重なりません。"),
                format!("{first} and {second} do not overlap."),
            ),
            _ => (
                Verdict::Undecided,
                "アドレス範囲は適用後に決まります。".to_owned(),
                "The ranges of addresses are known after apply.".to_owned(),
            ),
        };
        said.insert(&by.address);
        tell(out, RULE, by, verdict, (ja, en));
    }
}

fn range(vpc: &Resource) -> Option<IpNet> {
    text(vpc, "cidr_block").ok().flatten()?.parse().ok()
}
