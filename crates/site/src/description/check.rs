//! Whether what a description says holds together: ids, references, phases.

use super::fault::Fault;
use super::place::{Id, Place};
use super::protection::Protection;
use super::ranges;
use super::reference::{Named, Reference, references};
use super::words::{Carrier, Phase};
use super::{Element, FACILITY, Link, Site};
use crate::codes;
use base::Code;
use std::collections::{BTreeMap, BTreeSet};

/// How long an id may be.
const ID_CHARACTERS_MAX: usize = 64;

/// At how many faults it is enough: a hostile file may have any number.
const FAULTS_SOUGHT_MAX: usize = 1_000;

/// How many ids a fault lists as known ones.
const KNOWN_SHOWN_MAX: usize = 12;

/// Adds what does not hold together. `lost` are ids of elements whose form is at fault already.
pub(super) fn check(site: &Site, lost: &BTreeSet<String>, faults: &mut Vec<Fault>) {
    let index = Index::of(site, faults);
    for reference in references(site) {
        if faults.len() >= FAULTS_SOUGHT_MAX {
            return;
        }
        faults.extend(index.fault_of(&reference, lost));
    }
    site.links.iter().for_each(|link| faults.extend(of_link(link)));
    steps(site, faults);
    cloud_addresses(site, faults);
    countries(site, faults);
    ranges::check(site, faults);
}

pub(super) fn fault(code: &'static Code, place: Place, en: String, ja: String) -> Fault {
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
        if phases.is_empty() {
            let (en, ja) = (
                "`in` names no phase. Name one, or take `in` out",
                "`in` に段階がありません。段階を書くか、`in` を消してください",
            );
            faults.push(Fault::new(&codes::CONTRADICTION, id.place, en, ja));
            return;
        }
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
    (link.carrier == Some(Carrier::Ipsec) && denies).then(|| {
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
