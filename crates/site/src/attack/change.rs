//! Changes to a site that may cut chains: which there are, and how they are called.

use super::Assumption;
use super::Stance;
use super::cut::After;
use super::facts::{Facts, Seat};
use super::graph::ClassId;
use super::tell::{Passages, Way, legs};
use crate::description::{Node, NodeKind};
use crate::model::Thing;
use crate::network::NodeId;
use crate::rules::Text;
use std::collections::{BTreeMap, BTreeSet};

/// A change that may cut chains.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    /// The element to change.
    pub(super) element: String,
    /// What to do.
    pub(super) text: Text,
    pub(super) kind: Kind,
    /// On how many chains it lies.
    chains: usize,
}

/// The kinds of changes, the easier ones first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// A line carries only what is wanted.
    Line(String),
    /// A vendor reaches only what it maintains.
    Maintenance(String),
    /// A rule is taken away: these ways are gone.
    Rule {
        /// What it is called.
        name: String,
        /// The ways that all pass it.
        gone: BTreeSet<(ClassId, NodeId)>,
    },
    /// A machine stands in one of its zones only.
    OneZone {
        /// The machine.
        device: String,
        /// The zone.
        keep: String,
    },
    /// A machine takes connections only from who needs it.
    Door(String),
    /// The members of a zone reach each other only where that is wanted.
    Isolate(String),
    /// Wireless with a sign-in of each.
    Radio(String),
    /// A terminal holds no patient data.
    Empty(String),
    /// Accounts and passwords of their own, for maintenance too.
    Accounts(String),
    /// A second factor, for maintenance too.
    SecondFactor(String),
    /// Its lines let in only whom they know.
    Ends(String),
    /// Supported and updated.
    Update(String),
    /// Other administrators than the machines before it.
    Administrators(String),
    /// Its disk is encrypted, its screen locks.
    Protect(String),
}

/// The changes that lie on chains, those on most of them first.
pub(super) fn candidates(now: &After<'_, '_>, ways: &[Way], passages: &Passages) -> Vec<Candidate> {
    let mut found = Candidates { now, kinds: BTreeMap::new(), rules: BTreeMap::new() };
    ways.iter().enumerate().for_each(|(number, way)| found.take(number, way, passages));
    let mut candidates = found.named();
    candidates.sort_by(|left, right| right.chains.cmp(&left.chains).then_with(|| left.kind.cmp(&right.kind)));
    candidates
}

/// The ways that pass a rule, and the chains over these.
type OnRule = (BTreeSet<(ClassId, NodeId)>, BTreeSet<usize>);

struct Candidates<'n> {
    now: &'n After<'n, 'n>,
    /// By kind, the chains on which it lies.
    kinds: BTreeMap<Kind, BTreeSet<usize>>,
    /// By filter and name of a rule.
    rules: BTreeMap<(NodeId, String), OnRule>,
}

impl<'n> Candidates<'n> {
    fn facts(&self) -> &'n Facts<'n> {
        self.now.graph.facts
    }

    fn add(&mut self, kind: Kind, number: usize) {
        self.kinds.entry(kind).or_default().insert(number);
    }

    fn take(&mut self, number: usize, way: &Way, passages: &Passages) {
        let Some(stand) = self.now.stands.get(way.stand) else { return };
        let facts = self.facts();
        match (stand.stance, &stand.seat.device) {
            (Stance::StolenDevice, Some(device)) => self.add(Kind::Protect(device.clone()), number),
            (Stance::Wireless, _) if stand.entry.is_some() => self.add(Kind::Radio(stand.id.clone()), number),
            (Stance::Vendor, _) => self.add(Kind::Maintenance(stand.id.clone()), number),
            _ => {}
        }
        let store = way.nodes.last().copied().unwrap_or(stand.node);
        if let Some(device) = facts.device(store).filter(|device| device.kind == NodeKind::Terminal) {
            self.add(Kind::Empty(device.id.value.clone()), number);
        }
        let mut seat = stand.seat.clone();
        for (from, to) in legs(way) {
            let place = || self.now.places.get(way.stand).copied().flatten();
            let class = from.map_or_else(place, |from| self.now.graph.class_of(from));
            let key = (if from.is_some() { 0 } else { way.stand }, from, to);
            if let (Some(class), Some(passage)) = (class, passages.get(&key)) {
                for rule in &passage.rules {
                    let (gone, chains) = self.rules.entry(rule.clone()).or_default();
                    gone.insert((class, to));
                    chains.insert(number);
                }
                passage.nodes(facts).into_iter().for_each(|node| self.take_line(node, number));
            }
            self.take_leg(&seat, to, number);
            seat = facts.seat(to);
        }
    }

    fn take_line(&mut self, node: NodeId, number: usize) {
        if let Some(Thing::Link { id, .. }) = self.facts().model.thing(node) {
            self.add(Kind::Line(id.clone()), number);
        }
    }

    fn take_leg(&mut self, from: &Seat, to: NodeId, number: usize) {
        let facts = self.facts();
        let stands_apart = |device: &&Node| device.zones.len() > 1 && !joins_networks(device.kind);
        if let Some(device) = from.device.as_deref().and_then(|id| facts.node(id)).filter(stands_apart) {
            for zone in &device.zones {
                let kind = Kind::OneZone { device: device.id.value.clone(), keep: zone.value.clone() };
                self.add(kind, number);
            }
        }
        let Some(device) = facts.device(to) else { return };
        let id = || device.id.value.clone();
        self.add(Kind::Door(id()), number);
        for zone in facts.seat(to).zones.intersection(&from.zones) {
            if facts.zone(zone).is_some_and(|zone| zone.isolated != Some(true)) {
                self.add(Kind::Isolate(zone.clone()), number);
            }
        }
        match facts.weakness(from, to).assumption {
            Assumption::SharedCredential => self.add(Kind::Accounts(id()), number),
            Assumption::NoSecondFactor => self.add(Kind::SecondFactor(id()), number),
            Assumption::Unsupported => self.add(Kind::Update(id()), number),
            Assumption::WeakProtection => self.add(Kind::Ends(id()), number),
            Assumption::SameAdministrators => self.add(Kind::Administrators(id()), number),
            Assumption::Reachable
            | Assumption::FlatSegment
            | Assumption::UnprotectedDevice
            | Assumption::UnknownFlaw => {}
        }
    }

    fn named(self) -> Vec<Candidate> {
        let facts = self.facts();
        let mut found: Vec<Candidate> = Vec::new();
        for (kind, chains) in self.kinds {
            let (element, text) = kind.text(facts);
            found.push(Candidate { element, text, kind, chains: chains.len() });
        }
        let mut by_ways: BTreeMap<BTreeSet<(ClassId, NodeId)>, Candidate> = BTreeMap::new();
        for ((filter, name), (gone, chains)) in self.rules {
            let Some(element) = element_of(facts, filter) else { continue };
            let text = rule_text(&name);
            let kind = Kind::Rule { name, gone: gone.clone() };
            // Of several rules on the same ways, the last one stands nearest to what they lead to.
            by_ways.insert(gone, Candidate { element, text, kind, chains: chains.len() });
        }
        found.extend(by_ways.into_values());
        found
    }
}

/// The element whose rules a filter has: a list of the description, or a resource. What only draws what else is said has none.
fn element_of(facts: &Facts<'_>, filter: NodeId) -> Option<String> {
    match facts.model.thing(filter) {
        Some(Thing::Filter(id)) => Some(id.clone()),
        Some(Thing::Resource { plan, address }) => Some(Thing::name_of(*plan, address)),
        _ => None,
    }
}

/// Whether it is the work of such a device to stand in several networks.
fn joins_networks(kind: NodeKind) -> bool {
    use NodeKind::{Api, Balancer, Firewall, Gateway, Router, VpnDevice, WirelessAp};
    matches!(kind, Api | Balancer | Firewall | Gateway | Router | VpnDevice | WirelessAp)
}

fn rule_text(name: &str) -> Text {
    Text::new(
        format!("規則「{name}」を削除するか、通す相手とポートを必要なものに絞ってください。"),
        format!("Take the rule {name} away, or let it admit only who and what is needed."),
    )
}

impl Kind {
    /// The element, and what to do with it.
    fn text(&self, facts: &Facts<'_>) -> (String, Text) {
        let (id, ja, en) = match self {
            Self::Line(id) => (
                id,
                "回線「{}」には、必要な通信だけを通してください。不要なら取り外してください。",
                "Let the line {} carry only what is wanted, or take it off.",
            ),
            Self::Maintenance(id) => (
                id,
                "「{}」からの保守は、保守する機器だけに届くように制限してください。",
                "Let maintenance from {} reach only what it maintains.",
            ),
            Self::Door(id) => (
                id,
                "「{}」への接続を、必要な相手だけに絞ってください。",
                "Let only who needs {} connect to it.",
            ),
            Self::Isolate(id) => (
                id,
                "「{}」を区画に分け、必要な機器どうしだけが通信できるようにしてください。",
                "Divide {} into segments in which only those machines reach each other that must.",
            ),
            Self::Radio(id) => (
                id,
                "無線「{}」を、一台ずつ認証する方式（WPA3 または WPA2 のエンタープライズ、AES）にしてください。",
                "Let each device sign in to the wireless {} (WPA3 or WPA2 enterprise with AES).",
            ),
            Self::Empty(id) => (
                id,
                "「{}」から患者の情報を取り除き、サーバーだけに置いてください。",
                "Keep no patient data on {}; keep them on servers only.",
            ),
            Self::Accounts(id) => (
                id,
                "「{}」の初期パスワードを変え、アカウントを一人に一つずつにしてください。保守のアカウントも同じです。",
                "Change the first password of {} and give each person an account, for maintenance too.",
            ),
            Self::SecondFactor(id) => (
                id,
                "「{}」の認証を二要素にしてください。保守の認証も同じです。",
                "Ask for two factors at {}, for maintenance too.",
            ),
            Self::Ends(id) => (
                id,
                "「{}」につながる VPN で、両端を証明書で確かめ、端末を限定してください。",
                "Let the VPN at {} admit only known devices with certificates.",
            ),
            Self::Update(id) => (
                id,
                "「{}」のソフトウェアを、サポート中で最新のものにしてください。",
                "Bring the software of {} to a supported and current version.",
            ),
            Self::Administrators(id) => (
                id,
                "「{}」の管理者アカウントを、ほかの機器と別にしてください。",
                "Give {} administrator accounts that are used nowhere else.",
            ),
            Self::Protect(id) => (
                id,
                "「{}」のディスクを暗号化し、画面が自動でロックされるようにしてください。",
                "Encrypt the disk of {} and let its screen lock.",
            ),
            Self::Rule { name, .. } => return (name.clone(), rule_text(name)),
            Self::OneZone { device, keep } => return (device.clone(), one_zone(facts, device, keep)),
        };
        let name = facts.called(id);
        (id.clone(), Text::new(ja.replace("{}", &name), en.replace("{}", &name)))
    }
}

fn one_zone(facts: &Facts<'_>, device: &str, keep: &str) -> Text {
    let (name, zone) = (facts.called(device), facts.called(keep));
    Text::new(
        format!("「{name}」を「{zone}」だけに接続し、ほかのネットワークから外してください。"),
        format!("Connect {name} to {zone} only, and to no other network."),
    )
}
