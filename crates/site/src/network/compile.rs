//! Rules as boxes that can be looked up by where they lie.

use super::draft::Sketch;
use super::node::NodeId;
use super::reason::ReasonId;
use super::rule::{Action, GroupId, Match, Party};
use crate::packet::{Axis, Cube, Family, Region, Span};

/// Boxes up to which a list of rules is worked out. A list beyond it (rules with thousands of sources and destinations each)
/// makes the answers undecided that depend on it.
const BOXES_MAX: usize = 1_000_000;

/// Rules in their order, as boxes.
#[derive(Debug)]
pub(crate) struct Compiled<T> {
    pub(crate) rules: Vec<(String, T)>,
    /// In the order of the rules.
    pub(crate) boxes: Region<Entry>,
    /// By which field these rules cut packets.
    pub(crate) axis: Axis,
    /// The rules have more boxes than are worked out.
    pub(crate) too_many: bool,
}

/// A box of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) rule: usize,
    pub(crate) action: Action,
    pub(crate) maybe: Option<ReasonId>,
    /// Only for packets whose sender is a member.
    pub(crate) sender: Option<GroupId>,
}

/// A rule to be compiled.
pub(super) struct Source<'a, T> {
    pub(super) name: String,
    pub(super) matching: &'a Match,
    pub(super) action: Action,
    pub(super) maybe: Option<ReasonId>,
    pub(super) value: T,
}

/// How a group is matched as the source of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Senders {
    /// By who sends.
    Known,
    /// By addresses: of an answer nobody knows more.
    ByAddress,
}

/// One end of a rule: addresses, a group whose member must have sent, and what nobody knows.
pub(super) type End = (Family, Span<u128>, Option<GroupId>, Option<ReasonId>);

impl<T> Compiled<T> {
    pub(super) fn new<'a>(
        sketch: &Sketch<'_>,
        senders: Senders,
        rules: impl IntoIterator<Item = Source<'a, T>>,
    ) -> Self {
        let (mut named, mut boxes, mut too_many) = (Vec::new(), Vec::new(), false);
        for rule in rules {
            let at = named.len();
            let entry = Entry { rule: at, action: rule.action, maybe: rule.maybe, sender: None };
            too_many |= !expand(sketch, senders, rule.matching, entry, &mut boxes);
            named.push((rule.name, rule.value));
        }
        let axis = Axis::best(&boxes);
        let mut region = Region::new(axis);
        for (cube, entry) in boxes {
            region.insert(cube, entry);
        }
        Self { rules: named, boxes: region, axis, too_many }
    }

    pub(crate) fn name(&self, rule: usize) -> Option<&str> {
        self.rules.get(rule).map(|(name, _)| name.as_str())
    }
}

/// Adds the boxes of a rule; `false` where there would be too many.
fn expand(
    sketch: &Sketch<'_>,
    senders: Senders,
    matching: &Match,
    entry: Entry,
    boxes: &mut Vec<(Cube, Entry)>,
) -> bool {
    let sources = source_ends(sketch, senders, &matching.source);
    let destinations = ends(sketch, &matching.destination);
    let product = sources.len().saturating_mul(destinations.len()).saturating_mul(matching.services.len());
    if boxes.len().saturating_add(product) > BOXES_MAX {
        return false;
    }
    for (family, source, sender, doubt) in sources {
        for &(_, destination, _, other) in destinations.iter().filter(|end| end.0 == family) {
            let entry = Entry { sender, maybe: entry.maybe.or(doubt).or(other), ..entry };
            boxes.extend(matching.services.iter().map(|service| {
                let (protocol, source_port, destination_port) =
                    (service.protocol, service.source_port, service.port);
                (Cube { family, source, destination, protocol, source_port, destination_port }, entry)
            }));
        }
    }
    true
}

fn source_ends(sketch: &Sketch<'_>, senders: Senders, party: &Party) -> Vec<End> {
    let (Party::Group(id), Senders::Known) = (party, senders) else { return ends(sketch, party) };
    let mut found: Vec<End> = everything(Some(*id), None).to_vec();
    if let Some(group) = sketch.groups.get(id.at()) {
        found.extend(group.addresses.spans().iter().map(|(family, span)| (*family, *span, None, None)));
        found.extend(group.others.into_iter().flat_map(|reason| everything(None, Some(reason))));
    }
    found
}

fn ends(sketch: &Sketch<'_>, party: &Party) -> Vec<End> {
    match party {
        Party::Any => everything(None, None).to_vec(),
        Party::Addresses(addresses) => {
            addresses.spans().iter().map(|(family, span)| (*family, *span, None, None)).collect()
        }
        Party::Group(id) => {
            let Some(group) = sketch.groups.get(id.at()) else { return Vec::new() };
            let of_node = |node: &NodeId| sketch.addresses(*node);
            let mut found: Vec<End> = group.nodes.iter().flat_map(of_node).collect();
            found.extend(group.addresses.spans().iter().map(|(family, span)| (*family, *span, None, None)));
            found.extend(group.others.into_iter().flat_map(|reason| everything(None, Some(reason))));
            found
        }
    }
}

pub(super) fn everything(sender: Option<GroupId>, doubt: Option<ReasonId>) -> [End; 2] {
    [Family::V4, Family::V6].map(|family| (family, family.addresses(), sender, doubt))
}
