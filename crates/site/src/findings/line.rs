//! Lines to the outside: who answers for them, whether there are two, and what they let pass by themselves.

use super::answer::{Answer, best, no, tell, tell_at, unsaid, within, yes};
use super::look::Look;
use super::{Judgement, Scene, Topic};
use crate::description::{Carrier, Id, Link, Macsec, PartyKind, Protection, ZoneKind};
use crate::rules::Verdict;
use std::collections::{BTreeMap, BTreeSet};

/// How long ago the change-over may have been tried, in days.
const FAILOVER_DAYS_MOST: i64 = 365;

/// The rules on lines.
pub(super) const TOPIC: Topic = Topic {
    rules: &[
        "line.boundary-undocumented",
        "line.failover-untested",
        "line.no-redundancy",
        "line.nobody-answers",
        "line.public-interface",
        "line.shared-location",
        "line.unprotected",
        "line.wide-prefixes",
    ],
    judge,
};

fn judge(scene: &Scene<'_>, out: &mut Vec<Judgement>) {
    let lines = Lines::of(scene);
    for link in scene.site.links.iter().filter(|link| leaves(&lines.look, link)) {
        let id = &link.id;
        tell(out, "line.nobody-answers", id, answered_for(link));
        tell(out, "line.boundary-undocumented", id, yes("boundary_documented", link.boundary_documented));
        if lines.care.contains(id.as_str()) {
            tell(out, "line.no-redundancy", id, lines.redundancy(link));
        }
        if let Some(partner) = lines.partner(link) {
            tell(out, "line.shared-location", id, locations(link, partner));
            tell(out, "line.failover-untested", id, tried(scene, link, partner));
        }
        if is_closed(link) && !lines.leads_to_authority(link) {
            tell(out, "line.unprotected", id, protected(link));
        }
        let interface = is_dedicated(link) && lines.look.ends_in(link, ZoneKind::Cloud);
        if interface || link.public_addresses.is_some() {
            tell(out, "line.public-interface", id, no("public_addresses", link.public_addresses));
        }
        if interface || link.prefixes.is_some() {
            tell(out, "line.wide-prefixes", id, super::prefix::announced(scene, &lines.look, link));
        }
    }
    for step in &scene.site.steps {
        let twice = yes("line_is_redundant", step.line_is_redundant);
        tell_at(out, "line.no-redundancy", step.phase.value.word(), step.phase.place, twice);
    }
}

/// Whether a link leaves the building; where nobody said over what it runs, by where it ends.
fn leaves(look: &Look<'_>, link: &Link) -> bool {
    let outside = [ZoneKind::Internet, ZoneKind::Vendor, ZoneKind::Carrier];
    let within = [Carrier::Lan, Carrier::Wireless, Carrier::CloudInternal, Carrier::Media];
    link.carrier.map_or_else(
        || outside.into_iter().any(|kind| look.ends_in(link, kind)),
        |carrier| !within.contains(&carrier),
    )
}

fn is_dedicated(link: &Link) -> bool {
    matches!(link.carrier, Some(Carrier::LeasedLine | Carrier::Academic))
}

/// Whether a line is closed to the Internet by its carrier.
fn is_closed(link: &Link) -> bool {
    is_dedicated(link) || matches!(link.carrier, Some(Carrier::IpVpn | Carrier::ClosedMobile))
}

/// Lines and what they lead to.
struct Lines<'a> {
    look: Look<'a>,
    all: BTreeMap<&'a str, &'a Link>,
    /// The ids of lines on which care depends: those to systems in a cloud.
    care: BTreeSet<&'a str>,
    /// By their ids, lines that another one names as the one whose place it takes.
    named_by: BTreeMap<&'a str, &'a Link>,
}

impl<'a> Lines<'a> {
    fn of(scene: &Scene<'a>) -> Self {
        let look = Look::at(scene.site);
        let links = &scene.site.links;
        let care = links.iter().filter(|link| {
            let line = is_closed(link) || link.carrier == Some(Carrier::Ipsec);
            let elsewhere = look.ends_in(link, ZoneKind::Vendor) || look.ends_in(link, ZoneKind::Internet);
            line && look.ends_in(link, ZoneKind::Cloud) && !elsewhere
        });
        let named = |link: &'a Link| link.redundant_to.as_ref().map(|other| (other.as_str(), link));
        Self {
            care: care.map(|link| link.id.as_str()).collect(),
            all: links.iter().map(|link| (link.id.as_str(), link)).collect(),
            named_by: links.iter().filter_map(named).collect(),
            look,
        }
    }

    /// The line that takes its place, or whose place it takes.
    fn partner(&self, link: &Link) -> Option<&'a Link> {
        let named = link.redundant_to.as_ref().and_then(|other| self.all.get(other.as_str()));
        named.or_else(|| self.named_by.get(link.id.as_str())).copied()
    }

    fn redundancy(&self, link: &Link) -> Answer {
        if let Some(partner) = self.partner(link) {
            return Answer::seen(true, format!("redundant_to: {}", partner.id));
        }
        // Of all lines that there are, one could take its place only from the same side.
        let near = self.near(link);
        let beside = self.care.iter().filter(|other| **other != link.id.as_str());
        let beside = beside.filter_map(|other| self.all.get(other));
        if beside.into_iter().any(|other| !self.near(other).is_disjoint(&near)) {
            return unsaid("redundant_to");
        }
        Answer::new(Verdict::Violated, "代わりの回線がありません", "no line takes its place")
    }

    /// The networks on the side of a line that is no cloud, through the network of a carrier if it ends there.
    fn near(&self, link: &Link) -> BTreeSet<&'a str> {
        let mut near = BTreeSet::new();
        for end in [&link.from, &link.to].into_iter().filter(|end| !self.look.lies_in(end, ZoneKind::Cloud)) {
            near.extend(self.zones(end));
            if self.look.lies_in(end, ZoneKind::Carrier) {
                near.extend(self.beyond(end));
            }
        }
        near
    }

    fn zones(&self, end: &Id) -> impl Iterator<Item = &'a str> {
        self.look.zones_at(end).into_iter().map(|zone| zone.id.as_str())
    }

    /// What hangs on the network of a carrier and is no cloud.
    fn beyond(&self, carrier: &Id) -> BTreeSet<&'a str> {
        let other = |link: &'a Link| {
            let forth = (link.from == *carrier).then_some(&link.to);
            forth.or_else(|| (link.to == *carrier).then_some(&link.from))
        };
        let ends = self.all.values().filter_map(|link| other(link));
        ends.filter(|end| !self.look.lies_in(end, ZoneKind::Cloud)).flat_map(|end| self.zones(end)).collect()
    }

    /// What a public body runs, the facility cannot change.
    fn leads_to_authority(&self, link: &Link) -> bool {
        let ends = [&link.from, &link.to].into_iter().flat_map(|end| self.look.zones_at(end));
        ends.into_iter().any(|zone| self.look.owned_by(zone.owner.as_ref(), PartyKind::Authority))
    }
}

fn answered_for(link: &Link) -> Answer {
    let Some(all) = &link.answered_for_by else { return unsaid("answered_for_by") };
    let ids: Vec<&str> = all.iter().map(Id::as_str).collect();
    let seen = if ids.is_empty() { "none".to_owned() } else { ids.join(", ") };
    Answer::seen(!ids.is_empty(), format!("answered_for_by: {seen}"))
}

fn locations(link: &Link, partner: &Link) -> Answer {
    match (&link.location, &partner.location) {
        (Some(one), Some(other)) => {
            Answer::seen(one != other, format!("location: {one}, {}: {other}", partner.id))
        }
        (None, _) => unsaid("location"),
        (_, None) => unsaid(&format!("{}: location", partner.id)),
    }
}

fn tried(scene: &Scene<'_>, link: &Link, partner: &Link) -> Answer {
    let tried =
        |link: &Link| within(scene, "failover_tested_on", link.failover_tested_on, FAILOVER_DAYS_MOST);
    best([tried(partner), tried(link)]).unwrap_or_else(|| unsaid("failover_tested_on"))
}

/// A closed line is not an encrypted one: something on it must encrypt.
fn protected(link: &Link) -> Answer {
    let Some(all) = &link.protection else { return unsaid("protection") };
    best(all.iter().map(encrypts)).unwrap_or_else(|| Answer::seen(false, "protection: none"))
}

fn encrypts(protection: &Protection) -> Answer {
    match protection {
        Protection::Ipsec(_) => Answer::seen(true, "protection: ipsec"),
        Protection::Tls(_) => Answer::seen(true, "protection: tls"),
        Protection::SslVpn(_) => Answer::seen(true, "protection: ssl-vpn"),
        Protection::Macsec(macsec) => macsec.mode.map_or_else(
            || unsaid("macsec.mode"),
            |mode| Answer::seen(mode == Macsec::Must, format!("macsec.mode: {}", mode.word())),
        ),
        Protection::Other(other) => yes("other.encrypted", other.encrypted),
        // What protects wireless says nothing of a line.
        Protection::Wireless(_) => Answer::seen(false, "protection: wireless"),
    }
}
