//! The description of a site drawn into the network.
//!
//! What is drawn, and what is chosen where the description leaves something open:
//!
//! - A zone is a router at which packets begin and arrive as with a member that nobody described. Its members reach each
//!   other, unless it is `isolated`. It hands on what is for others by every device and link that leads out of it: no way is
//!   chosen, as nobody described how routes are chosen. With a `default_route` only that node is given what is in no zone.
//! - A part of a zone (`within`) is joined to the whole directly, unless a device that passes packets on stands in it: then
//!   that device is the way, and where it stands in the part only, it is not decided whether there is another.
//! - A device that passes packets on (by `forwards: yes`, or by what it is, unless `no`) does so through its filters. If it
//!   is of another kind, stands at several places and nobody said that it does not, it may pass them on. Without the section
//!   `filters` no filter is known and everything may pass; in a list that there is, a device without a filter has none, except
//!   a firewall, whose rules nobody wrote down. Filters on a device that ends connections judge what comes to itself.
//! - A node is reached by what it `listens` to; where that is not known, by anything maybe. Without `accepts_from` it takes
//!   connections from anybody, but in an isolated zone not from other members.
//! - What comes into a zone over a link leaves it by the others. In a vendor's zone, of which nobody described the inside,
//!   only maybe.
//! - A link carries packets both ways; `direction`, `prefixes` and restricted `maintenance` are filters before it. What leaves
//!   for the internet gets a public address there of which nobody knows which it is. What comes from there reaches the device
//!   that is linked; it passes inwards where a rule says so by naming the internet, and otherwise maybe, as nobody described
//!   how addresses are translated.
//! - Zones of different `space`s may have equal addresses. They are apart, and rules that name one mean its members, unless
//!   something joins them: then nobody knows which of them is meant by a packet from elsewhere.
//! - A node without addresses in a rule means that node; whether the rule lets others of its zone through, who could have the
//!   address that it names, is not decided.
//! - A filter of which nobody said whether it remembers connections counts as one that does: the other lets less through.

mod cloud;
mod device;
mod filter;
mod free;
mod layout;
mod link;
mod maintenance;
mod peer;
mod reserve;
mod service;
mod spaces;
mod wide;
mod zone;

use super::sketch::{INTERNET, Sketch};
use super::thing::Thing;
use crate::description::{Cloud, Filter, Id, Maintenance, Node, Site, Zone, ZoneKind};
use crate::network::{GroupId, NodeId, Reason, ReasonId, Route, Title};
use crate::packet::Addresses;
use crate::plan::Plan;
use device::Device;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use layout::Layout;
use std::collections::{BTreeMap, BTreeSet};
use wide::Wide;

/// Draws a description, of one phase, and joins it to what was drawn of these plans.
pub fn draw(sketch: &mut Sketch, site: &Site, plans: &[Plan]) {
    let mut ground = Ground::new(sketch, site, plans);
    ground.zones();
    ground.clouds();
    ground.devices();
    ground.links();
    ground.join_translations();
    ground.join_parts();
    ground.lead_out();
    ground.open_the_internet();
}

/// The description while it is drawn.
struct Ground<'a> {
    sketch: &'a mut Sketch,
    site: &'a Site,
    layout: Layout<'a>,
    zones: BTreeMap<&'a str, &'a Zone>,
    nodes: BTreeMap<&'a str, &'a Node>,
    /// The nodes that stand in each zone.
    standing: BTreeMap<&'a str, Vec<&'a Node>>,
    clouds: BTreeMap<&'a str, &'a Cloud>,
    /// The routers of the zones that are drawn; of one of the kind `internet`, the internet.
    routers: BTreeMap<&'a str, NodeId>,
    devices: BTreeMap<&'a str, Device>,
    /// The groups that name a node as who sends, by the node.
    naming: BTreeMap<&'a str, Vec<GroupId>>,
    /// What gives packets a public address, by the device that does.
    translations: Vec<(&'a str, NodeId)>,
    /// Filters by the nodes at which they are.
    filters: BTreeMap<&'a str, Vec<&'a Filter>>,
    /// Ways of maintenance by the links that they take.
    maintenance: BTreeMap<&'a str, Vec<&'a Maintenance>>,
    /// How many links end at each node.
    ends: BTreeMap<&'a str, usize>,
    /// The handoffs that cloud entries are joined to.
    joined: BTreeMap<&'a str, usize>,
    /// The zones for which a handoff stands.
    replaced: BTreeMap<&'a str, usize>,
    /// What lies behind cloud entries that are joined to nothing.
    beyond: BTreeMap<&'a str, (NodeId, ReasonId)>,
    /// By what packets leave each zone.
    ways_out: BTreeMap<&'a str, Vec<WayOut<'a>>>,
    /// The devices that may cross zones, where they pass packets on, and the zones.
    crossings: Vec<(&'a str, NodeId, &'a str)>,
    /// By what packets come into zones over links.
    ways_in: Vec<WayIn<'a>>,
    /// Zones of which nobody knows whether they are meant, where another with equal addresses is joined as well.
    ambiguous: BTreeSet<&'a str>,
    /// Zones that are not known by their addresses alone.
    shared: BTreeSet<&'a str>,
    wide: Wide,
    /// Where the public addresses of the site lie that nobody wrote.
    public: Addresses,
}

/// A way out of a zone.
#[derive(Clone, Copy, Debug)]
struct WayOut<'a> {
    to: NodeId,
    by: By<'a>,
    maybe: Option<ReasonId>,
}

/// What leads out of a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By<'a> {
    /// A node that stands in it.
    Node(&'a str),
    /// A link that ends at it.
    Link(&'a str),
    /// The zone of which it is a part.
    Whole,
    /// A zone that is a part of it.
    Part,
}

/// Where packets come into a zone over a link.
#[derive(Clone, Copy, Debug)]
struct WayIn<'a> {
    zone: &'a str,
    link: &'a str,
    /// The router that they are given to.
    at: NodeId,
}

impl<'a> Ground<'a> {
    fn new(sketch: &'a mut Sketch, site: &'a Site, plans: &[Plan]) -> Self {
        let zones: BTreeMap<&str, &Zone> = site.zones.iter().map(|zone| (zone.id.as_str(), zone)).collect();
        let (joined, replaced) = cloud::joined(site, plans, &mut sketch.handoffs);
        let mut filters: BTreeMap<&str, Vec<&Filter>> = BTreeMap::new();
        for filter in site.filters.iter().flatten() {
            filters.entry(filter.at.as_str()).or_default().push(filter);
        }
        let mut standing: BTreeMap<&str, Vec<&Node>> = BTreeMap::new();
        for node in &site.nodes {
            node.zones.iter().for_each(|zone| standing.entry(zone.as_str()).or_default().push(node));
        }
        let mut maintenance: BTreeMap<&str, Vec<&Maintenance>> = BTreeMap::new();
        for entry in site.maintenance.iter().flatten() {
            for link in entry.by.iter().flatten() {
                maintenance.entry(link.as_str()).or_default().push(entry);
            }
        }
        let mut ends: BTreeMap<&str, usize> = BTreeMap::new();
        for end in site.links.iter().flat_map(|link| [&link.from, &link.to]) {
            let count = ends.entry(end.as_str()).or_default();
            *count = count.saturating_add(1);
        }
        let has_clouds = !sketch.handoffs.is_empty() || sketch.things().next().is_some();
        let layout = Layout::new(site, !joined.is_empty());
        let mut ground = Self {
            public: layout.public(has_clouds),
            layout,
            nodes: site.nodes.iter().map(|node| (node.id.as_str(), node)).collect(),
            standing,
            clouds: site.cloud.iter().map(|cloud| (cloud.id.as_str(), cloud)).collect(),
            routers: BTreeMap::new(),
            devices: BTreeMap::new(),
            beyond: BTreeMap::new(),
            naming: BTreeMap::new(),
            translations: Vec::new(),
            ways_out: BTreeMap::new(),
            ways_in: Vec::new(),
            crossings: Vec::new(),
            ambiguous: spaces::ambiguous(site),
            shared: spaces::shared(site),
            wide: Wide::default(),
            sketch,
            site,
            zones,
            filters,
            maintenance,
            ends,
            joined,
            replaced,
        };
        ground.publish();
        ground
    }

    /// A reason: an attribute of an element is not known.
    fn unknown(&mut self, id: &str, attribute: &str) -> ReasonId {
        self.sketch.draft.reason(Reason::attribute(id, attribute))
    }

    /// Why nobody knows whether packets that come to a zone from elsewhere are meant for it; nothing where they are.
    fn ambiguity(&mut self, zone: &str) -> Option<ReasonId> {
        self.ambiguous.contains(zone).then(|| self.unknown(zone, "space"))
    }

    /// Says what a node stands for, and lets it be found by its id.
    fn call(&mut self, id: &str, node: NodeId, thing: Thing) {
        self.sketch.stands_for(node, thing);
        if id == INTERNET {
            self.sketch.call(id, node);
        }
    }

    fn is_internet(&self, zone: &str) -> bool {
        self.zones.get(zone).is_some_and(|zone| zone.kind == ZoneKind::Internet)
    }

    /// Routes for everything from a router to a node.
    fn send_all(&mut self, router: NodeId, to: NodeId, maybe: Option<ReasonId>) {
        self.send(router, &EVERYWHERE.map(|net| net()), to, maybe);
    }

    /// Routes for these prefixes from a router to a node.
    fn send(&mut self, router: NodeId, prefixes: &[IpNet], to: NodeId, maybe: Option<ReasonId>) {
        for prefix in prefixes {
            let route = Route { maybe, ..Route::to(*prefix, to) };
            self.sketch.draft.route(router, route);
        }
    }

    fn device_of(&self, node: &str) -> Option<&Device> {
        self.devices.get(node)
    }
}

/// All addresses of each family.
const EVERYWHERE: [fn() -> IpNet; 2] = [|| IpNet::V4(Ipv4Net::default()), || IpNet::V6(Ipv6Net::default())];

/// How an element is called as a node. The internet has its name for itself: what is called so and is something else can be
/// found by it all the same, see [`Ground::call`].
fn title(id: &Id, name: Option<&String>, zone: Option<&Id>) -> Title {
    let named = name.map_or(id.as_str(), String::as_str);
    let title = Title::new(id.as_str()).named(named).at(line(id)).zone(zone.map_or("", Id::as_str));
    if id.as_str() == INTERNET { Title { id: format!("{INTERNET} (described)"), ..title } } else { title }
}

/// How a node that helps an element is called.
fn helper(id: &Id, name: Option<&String>, zone: Option<&Id>, what: &str) -> Title {
    let title = title(id, name, zone);
    Title { id: format!("{id} ({what})"), ..title }
}

/// Where an element is written.
fn line(id: &Id) -> String {
    format!("line {}", id.place.line)
}
