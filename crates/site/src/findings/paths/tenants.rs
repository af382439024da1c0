//! Facilities that one provider serves: that they are not joined to each other, and that nobody comes back to them.

use super::super::Judgement;
use super::view::{Found, View, worst};
use crate::description::{Id, Node, NodeKind, Party, PartyKind, Zone, ZoneKind};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn judge(view: &View<'_>, out: &mut Vec<Judgement>) {
    let networks_of = Tenants::of(view);
    let tenants: Vec<&Party> =
        view.site.parties.iter().filter(|party| party.kind == PartyKind::Facility).collect();
    for tenant in &tenants {
        if tenants.len() > 1 {
            view.tell(out, "net.tenants-joined", &tenant.id, joined(view, &networks_of, &tenant.id));
        }
        view.tell(out, "net.tenant-reached-back", &tenant.id, reached_back(view, &networks_of, &tenant.id));
    }
    for node in view.site.nodes.iter().filter(|node| node.kind == NodeKind::Resolver) {
        view.tell(out, "dns.open", &node.id, asked_by(view, &networks_of, node));
    }
}

/// By the ids of networks, the facilities that they belong to: their owner, or the only one to whose networks a line joins
/// them.
struct Tenants<'a>(BTreeMap<&'a str, &'a Id>);

impl<'a> Tenants<'a> {
    fn of(view: &View<'a>) -> Self {
        let mut joined: BTreeMap<&str, BTreeSet<&Id>> = BTreeMap::new();
        for link in &view.site.links {
            let (from, to) = (view.zones_at(&link.from), view.zones_at(&link.to));
            for (here, there) in [(&from, &to), (&to, &from)] {
                let owners: Vec<&Id> = there.iter().filter_map(|other| owner(view, other)).collect();
                for zone in here {
                    joined.entry(zone.id.as_str()).or_default().extend(owners.iter().copied());
                }
            }
        }
        let mut tenants = BTreeMap::new();
        for zone in &view.site.zones {
            let id = zone.id.as_str();
            let others = matches!(zone.kind, ZoneKind::Internet | ZoneKind::Carrier | ZoneKind::Vendor);
            let only = joined.get(id).filter(|owners| owners.len() == 1 && !others);
            let only = only.and_then(|owners| owners.first().copied());
            if let Some(tenant) = owner(view, zone).or(only) {
                tenants.insert(id, tenant);
            }
        }
        Self(tenants)
    }

    fn tenant(&self, zone: &Zone) -> Option<&'a Id> {
        self.0.get(zone.id.as_str()).copied()
    }
}

fn owner<'a>(view: &View<'a>, zone: &'a Zone) -> Option<&'a Id> {
    let is_tenant = |owner: &&Id| view.party_kind(owner) == Some(PartyKind::Facility);
    zone.owner.as_ref().filter(is_tenant)
}

fn networks<'a>(view: &View<'a>, tenants: &Tenants<'a>, tenant: &Id) -> Vec<&'a Zone> {
    view.site.zones.iter().filter(|zone| tenants.tenant(zone) == Some(tenant)).collect()
}

fn joined<'a>(view: &View<'a>, tenants: &Tenants<'a>, tenant: &'a Id) -> Found {
    let own = networks(view, tenants, tenant);
    let mut told: Vec<Found> = Vec::new();
    for link in &view.site.links {
        let of = |end: &Id| view.zones_at(end).into_iter().find_map(|zone| tenants.tenant(zone));
        let (Some(from), Some(to)) = (of(&link.from), of(&link.to)) else { continue };
        if from != to && (from == tenant || to == tenant) {
            told.push(Found::violated(
                format!("回線 {} が、{from} と {to} のネットワークをつないでいます。", link.id),
                format!("The line {} joins the networks of {from} and {to}.", link.id),
            ));
        }
    }
    let others =
        view.site.zones.iter().filter(|zone| tenants.tenant(zone).is_some_and(|other| other != tenant));
    for other in others {
        for zone in &own {
            let way = view.enters(zone.id.as_str(), other, |_, _| true);
            told.extend(way.map(|way| {
                let (from, to) = (view.name(zone.id.as_str()), view.name(other.id.as_str()));
                Found::by(
                    way,
                    format!("{from} から別の施設の {to} に届きます。"),
                    format!("{to}, of another facility, is reached from {from}."),
                )
            }));
        }
    }
    worst(told).unwrap_or_else(|| {
        Found::holds(
            "ほかの施設との間に経路はありません。",
            "No path leads to the networks of another facility.",
        )
    })
}

fn reached_back<'a>(view: &View<'a>, tenants: &Tenants<'a>, tenant: &'a Id) -> Found {
    let own = networks(view, tenants, tenant);
    let provider = view.of_kind(&[ZoneKind::Cloud, ZoneKind::Management, ZoneKind::Other]);
    let provider: Vec<&Zone> = provider.filter(|zone| tenants.tenant(zone).is_none()).collect();
    let mut told: Vec<Found> = Vec::new();
    for from in &provider {
        for zone in &own {
            let way = view.enters(from.id.as_str(), zone, |_, _| true);
            told.extend(way.map(|way| {
                let (from, to) = (view.name(from.id.as_str()), view.name(zone.id.as_str()));
                Found::by(
                    way,
                    format!("事業者側の {from} から、施設側の {to} に接続できます。"),
                    format!("From the provider's {from} connections can be opened into {to}."),
                )
            }));
        }
    }
    worst(told).unwrap_or_else(|| {
        Found::holds("事業者側から施設に戻る経路はありません。", "No path leads back from the provider.")
    })
}

/// A resolver is asked by the networks that it is for, and by nobody else.
fn asked_by<'a>(view: &View<'a>, tenants: &Tenants<'a>, node: &'a Node) -> Found {
    let id = node.id.as_str();
    let public = view.internet().into_iter().filter_map(|from| view.reaches(from, id, |_, _| true));
    let mut told: Vec<Found> = public
        .map(|way| {
            Found::by(
                way,
                format!("インターネットから {} に届きます。", view.name(id)),
                format!("{} is reached from the Internet.", view.name(id)),
            )
        })
        .collect();
    let own = view.zones_of(node).find_map(|zone| tenants.tenant(zone));
    let Some(services) = node.listens.as_ref() else { return Found::unsaid("listens") };
    for service in services.iter().filter(|service| service.management != Some(true)) {
        let Some(named) = &service.accepts_from else {
            told.push(Found::unsaid("accepts_from"));
            continue;
        };
        let strange = named
            .iter()
            .filter(|end| view.zones_at(end).into_iter().any(|zone| is_strange(tenants, zone, own)));
        let strange: Vec<&str> = strange.map(Id::as_str).collect();
        if !strange.is_empty() {
            let names = strange.join(", ");
            told.push(Found::violated(
                format!("accepts_from：対象外の {names} からの問い合わせも受け付けます。"),
                format!("accepts_from: it also answers {names}, for which it is not."),
            ));
        }
    }
    worst(told).unwrap_or_else(|| {
        Found::holds(
            "対象のネットワークからだけ受け付けます。",
            "It answers only the networks that it is for.",
        )
    })
}

fn is_strange(tenants: &Tenants<'_>, zone: &Zone, own: Option<&Id>) -> bool {
    let outside = matches!(zone.kind, ZoneKind::Internet | ZoneKind::Vendor | ZoneKind::GuestWireless);
    outside || (own.is_some() && tenants.tenant(zone) != own)
}
