//! Whether what a description says holds together: ids, references, ranges, phases.

use super::fault::Fault;
use super::place::{Id, Place};
use super::protection::Protection;
use super::reference::{Named, Reference, references};
use super::words::{Carrier, Phase, ZoneKind};
use super::{Element, FACILITY, Link, Node, Site, Zone};
use crate::codes;
use base::Code;
use ipnet::IpNet;
use std::collections::{BTreeMap, BTreeSet};

/// How long an id may be.
const ID_CHARACTERS_MAX: usize = 64;

/// How many ids a fault lists as known ones.
const KNOWN_SHOWN_MAX: usize = 12;

/// How deep zones lie in each other where it is looked at.
const NESTING_MAX: usize = 32;

/// Adds what does not hold together. `lost` are ids of elements whose form is at fault already.
pub(super) fn check(site: &Site, lost: &BTreeSet<String>, faults: &mut Vec<Fault>) {
    let index = Index::of(site, faults);
    for reference in references(site) {
        faults.extend(index.fault_of(&reference, lost));
    }
    site.links.iter().for_each(|link| faults.extend(of_link(link)));
    steps(site, faults);
    cloud_addresses(site, faults);
    countries(site, faults);
    let zones = Zones::of(site);
    ranges(site, &zones, faults);
    site.nodes.iter().for_each(|node| addresses(&zones, node, faults));
}

fn fault(code: &'static Code, place: Place, en: String, ja: String) -> Fault {
    Fault::new(code, place, en, ja)
}

/// Where an id stands.
struct Entry {
    named: Named,
    phases: BTreeSet<Phase>,
}

/// All ids.
struct Index<'a>(BTreeMap<&'a str, Vec<Entry>>);

impl<'a> Index<'a> {
    fn of(site: &'a Site, faults: &mut Vec<Fault>) -> Self {
        let mut index = Self(BTreeMap::new());
        for party in &site.parties {
            index.add(&party.id, Named::Party, Phase::ALL, faults);
        }
        let mut add = |id: &'a Id, named, phases: &[Phase]| index.add(id, named, phases, faults);
        site.zones.iter().for_each(|one| add(&one.id, Named::Zone, one.phases()));
        site.nodes.iter().for_each(|one| add(&one.id, Named::Node, one.phases()));
        site.links.iter().for_each(|one| add(&one.id, Named::Link, one.phases()));
        site.cloud.iter().for_each(|one| add(&one.id, Named::Cloud, one.phases()));
        site.filters.iter().flatten().for_each(|one| add(&one.id, Named::Other, one.phases()));
        site.maintenance.iter().flatten().for_each(|one| add(&one.id, Named::Other, one.phases()));
        site.flows.iter().flatten().for_each(|one| add(&one.id, Named::Other, one.phases()));
        site.backups.iter().flatten().for_each(|one| add(&one.id, Named::Other, one.phases()));
        index
    }

    /// An id stands once, or once in each phase.
    fn add(&mut self, id: &'a Id, named: Named, phases: &[Phase], faults: &mut Vec<Fault>) {
        faults.extend(of_id(id));
        let phases: BTreeSet<Phase> = phases.iter().copied().collect();
        let others = self.0.entry(id.as_str()).or_default();
        if others.iter().any(|other| other.named != named || !other.phases.is_disjoint(&phases)) {
            faults.push(fault(
                &codes::REFERENCE,
                id.place,
                format!("the id `{id}` stands twice. Give one of them another id; the same thing in two phases says `in: [now]` and `in: [target]`"),
                format!("ID `{id}` が重複しています。一方を別の ID にしてください。同じものの時期による違いなら `in: [now]` と `in: [target]` のように分けてください"),
            ));
        }
        others.push(Entry { named, phases });
    }

    fn fault_of(&self, reference: &Reference<'_>, lost: &BTreeSet<String>) -> Option<Fault> {
        let id = &reference.id;
        let is_facility = id.as_str() == FACILITY && reference.wanted.contains(&Named::Party);
        if is_facility || lost.contains(id.as_str()) {
            return None;
        }
        let standing: BTreeSet<Phase> = self
            .0
            .get(id.as_str())
            .into_iter()
            .flatten()
            .filter(|entry| reference.wanted.contains(&entry.named))
            .flat_map(|entry| entry.phases.iter().copied())
            .collect();
        if standing.is_empty() {
            return Some(self.absent(reference));
        }
        let gone = reference.phases.iter().find(|phase| !standing.contains(phase))?;
        Some(fault(
            &codes::REFERENCE,
            id.place,
            format!(
                "`{id}` is named here in the phase `{}`, in which it does not stand. Limit this one too (`in: [...]`), or let `{id}` stand then",
                gone.word()
            ),
            format!(
                "`{id}` は `{}` の段階には存在しないのに、ここで参照されています。こちらも `in: [...]` で限定するか、`{id}` をその段階にも置いてください",
                gone.word()
            ),
        ))
    }

    fn absent(&self, reference: &Reference<'_>) -> Fault {
        let (id, wanted) = (&reference.id, reference.wanted);
        let fits = |entries: &Vec<Entry>| entries.iter().any(|entry| wanted.contains(&entry.named));
        let mut known: Vec<&str> = self
            .0
            .iter()
            .filter(|(_, entries)| fits(entries))
            .map(|(id, _)| *id)
            .take(KNOWN_SHOWN_MAX)
            .collect();
        if wanted.contains(&Named::Party) {
            known.insert(0, FACILITY);
        }
        let known = known.join(", ");
        let (en, ja) = (words_of(wanted, Named::en, " or "), words_of(wanted, Named::ja, "・"));
        fault(
            &codes::REFERENCE,
            id.place,
            format!("`{id}` is the id of no {en}. Correct it, or describe it first. There are: {known}"),
            format!("`{id}` という ID の{ja}はありません。直すか、先に記述してください。あるもの：{known}"),
        )
    }
}

fn words_of(wanted: &[Named], word: fn(Named) -> &'static str, between: &str) -> String {
    wanted.iter().map(|named| word(*named)).collect::<Vec<_>>().join(between)
}

impl Named {
    fn en(self) -> &'static str {
        match self {
            Self::Party => "party",
            Self::Zone => "zone",
            Self::Node => "node",
            Self::Link => "link",
            Self::Cloud => "cloud gateway",
            Self::Other => "entry",
        }
    }

    fn ja(self) -> &'static str {
        match self {
            Self::Party => "関係者",
            Self::Zone => "ゾーン",
            Self::Node => "機器",
            Self::Link => "回線",
            Self::Cloud => "クラウド接続点",
            Self::Other => "項目",
        }
    }
}

/// Words that mean something else where an id may stand.
const RESERVED: [&str; 4] = ["any", "none", "unknown", FACILITY];

fn of_id(id: &Id) -> Option<Fault> {
    let text = id.as_str();
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let is_id = !text.is_empty() && text.len() <= ID_CHARACTERS_MAX && text.chars().all(fits);
    (!is_id || RESERVED.contains(&text)).then(|| {
        fault(
            &codes::REFERENCE,
            id.place,
            format!("`{text}` cannot be an id. Ids have 1 to {ID_CHARACTERS_MAX} of a-z, 0-9 and -, and are none of {}; `name` takes any text", RESERVED.join(", ")),
            format!("`{text}` は ID にできません。ID は a-z、0-9、- の 1～{ID_CHARACTERS_MAX} 文字で、{} 以外にしてください。日本語は `name` に書けます", RESERVED.join("、")),
        )
    })
}

fn of_link(link: &Link) -> Option<Fault> {
    if link.from == link.to {
        let (en, ja) = (
            "both ends of this link are the same. Correct `from` or `to`",
            "この回線の両端が同じです。`from` か `to` を直してください",
        );
        return Some(Fault::new(&codes::CONTRADICTION, link.to.place, en, ja));
    }
    if link.redundant_to.as_ref() == Some(&link.id) {
        let (en, ja) = (
            "this link stands in for itself. Name the other one",
            "回線が自分自身の代替になっています。もう一方の回線を書いてください",
        );
        return Some(Fault::new(&codes::CONTRADICTION, link.id.place, en, ja));
    }
    let is_ipsec = |protection: &Protection| matches!(protection, Protection::Ipsec(_));
    let denies = link.protection.as_deref().is_some_and(|all| !all.iter().any(is_ipsec));
    (link.carrier == Carrier::Ipsec && denies).then(|| {
        let (en, ja) = (
            "the carrier is `ipsec`, but the protection does not name it. Add `- ipsec`, or leave `protection` out if it is not known",
            "回線の種類が `ipsec` なのに、`protection` に `ipsec` がありません。`- ipsec` を加えるか、不明なら `protection` を省いてください",
        );
        Fault::new(&codes::CONTRADICTION, link.id.place, en, ja)
    })
}

fn steps(site: &Site, faults: &mut Vec<Fault>) {
    let mut seen = BTreeSet::new();
    for step in &site.steps {
        if step.phase.value == Phase::Now || !seen.insert(step.phase.value) {
            faults.push(fault(
                &codes::CONTRADICTION,
                step.phase.place,
                "`steps` has at most one step for `next` and one for `target`; `now` is none".to_owned(),
                "`steps` には `next` と `target` を一つずつまで書けます。`now` は書けません".to_owned(),
            ));
        }
    }
}

/// `module.network["a"].aws_vpn_connection.main[0]`: names with points between them, each with at most one index.
fn is_resource_address(text: &str) -> bool {
    let mut parts = 0_usize;
    let mut rest = text;
    loop {
        let name =
            rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-')).unwrap_or(rest.len());
        let (head, tail) = rest.split_at(name);
        if head.is_empty() {
            return false;
        }
        parts = parts.saturating_add(1);
        let after = match tail.strip_prefix('[') {
            Some(index) => match index.split_once(']') {
                Some((_, after)) => after,
                None => return false,
            },
            None => tail,
        };
        match after.strip_prefix('.') {
            Some(next) => rest = next,
            None => return after.is_empty() && parts >= 2,
        }
    }
}

fn cloud_addresses(site: &Site, faults: &mut Vec<Fault>) {
    for cloud in &site.cloud {
        if !is_resource_address(&cloud.address.value) {
            let written = &cloud.address.value;
            faults.push(fault(
                &codes::CONTRADICTION,
                cloud.address.place,
                format!("`{written}` is no address of a Terraform resource. Write it as `terraform state list` does: module.network.aws_vpn_connection.main"),
                format!("`{written}` は Terraform のリソースのアドレスではありません。`terraform state list` の表示のとおり module.network.aws_vpn_connection.main のように書いてください"),
            ));
        }
    }
}

fn countries(site: &Site, faults: &mut Vec<Fault>) {
    let of_nodes = site.nodes.iter().map(|node| (&node.id, &node.country));
    let of_backups = site.backups.iter().flatten().map(|backup| (&backup.id, &backup.country));
    for (id, country) in of_nodes.chain(of_backups) {
        let Some(country) = country else { continue };
        if country.len() != 2 || !country.chars().all(|c| c.is_ascii_uppercase()) {
            faults.push(fault(
                &codes::CONTRADICTION,
                id.place,
                format!("the country `{country}` of `{id}` is not written in two capital letters, as JP is"),
                format!(
                    "`{id}` の `country` は `{country}` ではなく、JP のように大文字 2 文字で書いてください"
                ),
            ));
        }
    }
}

/// Zones by their ids.
struct Zones<'a>(BTreeMap<&'a str, Vec<&'a Zone>>);

impl<'a> Zones<'a> {
    fn of(site: &'a Site) -> Self {
        let mut zones: BTreeMap<&str, Vec<&Zone>> = BTreeMap::new();
        site.zones.iter().for_each(|zone| zones.entry(zone.id.as_str()).or_default().push(zone));
        Self(zones)
    }

    fn named(&self, id: &Id) -> &[&'a Zone] {
        self.0.get(id.as_str()).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether a zone is a part of another, directly or by others. Bounded, since a circle is a fault of its own.
    fn is_part(&self, zone: &Zone, whole: &Id) -> bool {
        let mut parent = zone.within.as_ref();
        for _ in 0..NESTING_MAX {
            match parent {
                None => return false,
                Some(parent) if parent == whole => return true,
                Some(next) => parent = self.named(next).first().and_then(|zone| zone.within.as_ref()),
            }
        }
        false
    }
}

/// Parts lie in what they are part of, and networks that share a plan of addresses do not overlap.
fn ranges(site: &Site, zones: &Zones<'_>, faults: &mut Vec<Fault>) {
    for zone in &site.zones {
        within(zones, zone, faults);
    }
    // Sorted by where they begin: only what stands open can overlap, so no pair is looked at in vain.
    let mut all: Vec<(IpNet, Place, &Zone)> = site
        .zones
        .iter()
        .filter(|zone| zone.kind != ZoneKind::Internet)
        .flat_map(|zone| zone.ranges.iter().flatten().map(move |range| (range.value.0, range.place, zone)))
        .collect();
    all.sort_by_key(|(range, place, _)| (range.network(), range.prefix_len(), *place));
    let mut open: Vec<(IpNet, &Zone)> = Vec::new();
    for (range, place, zone) in all {
        open.retain(|(other, _)| other.contains(&range));
        if let Some((_, other)) = open.iter().find(|(_, other)| collide(zones, zone, other)) {
            let (id, other) = (&zone.id, &other.id);
            faults.push(fault(
                &codes::CONTRADICTION,
                place,
                format!("{range} of `{id}` overlaps with `{other}`. If one is part of the other, say `within`; if they are separate networks with equal addresses, give one of them a `space` of its own"),
                format!("`{id}` の {range} が `{other}` と重なっています。一方が他方の一部なら `within` を、同じアドレスを使う別のネットワークなら一方に独自の `space` を書いてください"),
            ));
        }
        open.push((range, zone));
    }
}

fn collide(zones: &Zones<'_>, one: &Zone, other: &Zone) -> bool {
    one.id != other.id
        && one.space == other.space
        && one.phases().iter().any(|phase| other.stands_in(*phase))
        && !zones.is_part(one, &other.id)
        && !zones.is_part(other, &one.id)
}

fn within(zones: &Zones<'_>, zone: &Zone, faults: &mut Vec<Fault>) {
    let Some(parent) = &zone.within else { return };
    if parent == &zone.id || zones.is_part(zone, &zone.id) {
        faults.push(fault(
            &codes::CONTRADICTION,
            parent.place,
            format!("`{}` would be a part of itself. Correct `within`", zone.id),
            format!("`{}` が自分自身の一部になっています。`within` を直してください", zone.id),
        ));
        return;
    }
    let wholes = zones.named(parent);
    let lies_in = |range: &IpNet| {
        wholes.iter().any(|whole| {
            whole
                .ranges
                .as_ref()
                .is_none_or(|ranges| ranges.iter().any(|outer| outer.value.0.contains(range)))
        })
    };
    for range in zone.ranges.iter().flatten().filter(|range| !wholes.is_empty() && !lies_in(&range.value.0)) {
        faults.push(fault(
            &codes::CONTRADICTION,
            range.place,
            format!(
                "{range} does not lie in `{parent}`, of which `{}` is a part. Correct one of the two",
                zone.id
            ),
            format!(
                "{range} は `{parent}`（`{}` を含むゾーン）の範囲にありません。どちらかを直してください",
                zone.id
            ),
        ));
    }
}

/// Each address lies in a zone of its node, where the ranges of all of them are known.
fn addresses(zones: &Zones<'_>, node: &Node, faults: &mut Vec<Fault>) {
    let mut zones = node.zones.iter().flat_map(|id| zones.named(id));
    let ranges: Option<Vec<IpNet>> = zones.try_fold(Vec::new(), |mut all, zone| {
        all.extend(zone.ranges.as_ref()?.iter().map(|range| range.value.0));
        Some(all)
    });
    if let Some(ranges) = ranges {
        let lies = |address| ranges.is_empty() || ranges.iter().any(|range| range.contains(address));
        for address in node.addresses.iter().flatten().filter(|address| !lies(&address.value.0)) {
            faults.push(fault(
                &codes::CONTRADICTION,
                address.place,
                format!("{address} lies in no zone of `{}`. Correct the address, its `zones` or their `ranges`", node.id),
                format!("{address} は `{}` の属するゾーンの範囲にありません。アドレス、`zones`、ゾーンの `ranges` のいずれかを直してください", node.id),
            ));
        }
    }
    let written = node.addresses.as_ref().map_or(0, Vec::len);
    let interfaces = node.zones.len().max(1);
    if let Some(count) = node.count
        && usize::try_from(count).is_ok_and(|count| count.saturating_mul(interfaces) < written)
    {
        faults.push(fault(
            &codes::CONTRADICTION,
            node.id.place,
            format!("`{}` has more addresses ({written}) than its `count` ({count}) allows. Correct one of the two", node.id),
            format!("`{}` のアドレスの数（{written}）が台数 `count`（{count}）に合いません。どちらかを直してください", node.id),
        ));
    }
}
