//! A site as a picture: what is drawn, and not yet where. Whoever draws (SVG, PDF) reads only this.
//!
//! Networks are boxes that may lie in one another, devices stand in them, links run between. The ways of attackers are
//! lists of what they pass. The picture is bounded: of a large site it shows what lies on these ways, and counts the rest.

mod cloud;
mod fold;
mod ground;
mod way;

use crate::check::Check;
use crate::connection::Kind;
use crate::description::Site;
use crate::model::Model;
use crate::plan::Plan;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// How many boxes and devices are drawn one by one.
pub const ELEMENTS_MAX: usize = 200;
/// How many links are drawn.
pub const LINES_MAX: usize = 400;
/// How many ways of attackers are drawn.
pub const WAYS_MAX: usize = 5;

/// What the internet is called where nobody describes it.
pub const INTERNET: &str = "internet";

/// A picture.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Picture {
    /// Networks.
    pub zones: Vec<Zone>,
    /// Devices and systems.
    pub devices: Vec<Device>,
    /// Links.
    pub links: Vec<Line>,
    /// Ways of attackers, the shortest first.
    pub paths: Vec<Way>,
    /// How many ways there are beyond those that are drawn.
    pub paths_left_out: usize,
    /// How many links there are beyond those that are drawn.
    pub links_left_out: usize,
}

/// The row in which a network is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Row {
    /// The internet.
    Internet,
    /// What lies between it and the facility: lines of carriers, networks for guests.
    Border,
    /// Offices, and what else is not for care.
    Information,
    /// Care.
    Medical,
    /// Clouds, vendors and others outside.
    Outside,
}

/// A network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Zone {
    /// Its id.
    pub id: String,
    /// What people call it; empty where nobody said.
    pub name: String,
    /// Its ranges of addresses, for people.
    pub note: String,
    /// Its row.
    pub row: Row,
    /// The network in which it lies.
    pub within: Option<String>,
    /// Networks that are not drawn one by one, where this stands for several.
    pub folded: usize,
}

/// What a device is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Symbol {
    /// Terminals, printers and other ends.
    Terminal,
    /// Servers and services.
    Server,
    /// What keeps data.
    Store,
    /// Routers, firewalls, gateways.
    Gateway,
    /// Modalities and appliances.
    Appliance,
    /// Several devices that are not drawn one by one.
    Folded,
}

/// A device or system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Device {
    /// Its id.
    pub id: String,
    /// What people call it; empty where nobody said.
    pub name: String,
    /// The network in which it is drawn.
    pub zone: String,
    /// Other networks in which it also stands.
    pub also: Vec<String>,
    /// What it is.
    pub symbol: Symbol,
    /// How many there are.
    pub count: u64,
    /// Whether patient data lies on it.
    pub holds: bool,
}

/// A link between two of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Its id.
    pub id: String,
    /// What people call it; empty where nobody said.
    pub name: String,
    /// One end: a network or a device.
    pub from: String,
    /// The other end.
    pub to: String,
    /// Whether it is secure, open, or nobody knows; none within a cloud, where nothing asks for it.
    pub kind: Option<Kind>,
}

/// The way of an attacker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Way {
    /// Its place among the chains of the check, from 0.
    pub chain: usize,
    /// What it passes: networks and devices of the picture, never the same twice in a row.
    pub passes: Vec<String>,
    /// Whether every hop is certain.
    pub decided: bool,
}

impl Picture {
    /// Draws what a check was made of: a description (of one phase, see [`Site::at`]), plans, and the model of both.
    pub fn draw(site: Option<&Site>, plans: &[Plan], model: &Model, check: &Check) -> Self {
        let cloud = cloud::Cloud::read(plans);
        let mut picture = Self::default();
        if let Some(site) = site {
            ground::draw(&mut picture, site, &cloud, check);
        }
        let internet = picture.internet(model);
        let ways = way::ways(check, &way::named(model, internet.as_deref(), site));
        let ends = picture.links.iter().flat_map(|line| [line.from.clone(), line.to.clone()]);
        let named: BTreeSet<String> = ways.iter().flat_map(|way| way.passes.clone()).chain(ends).collect();
        cloud.draw(&mut picture, &named, internet.as_deref());
        picture.strangers(model);
        picture.order();
        picture.paths = picture.known(ways);
        picture.fold();
        picture
    }

    /// Counts what lies on no way of an attacker where there are more than [`ELEMENTS_MAX`] networks and devices, and leaves
    /// out links whose ends are not there.
    pub fn fold(&mut self) {
        fold::fold(self);
    }

    /// The box of the internet: the one that is described, or one of its own where the model has one.
    fn internet(&mut self, model: &Model) -> Option<String> {
        if let Some(zone) = self.zones.iter().find(|zone| zone.row == Row::Internet) {
            return Some(zone.id.clone());
        }
        model.find(INTERNET)?;
        self.zones.push(Zone::new(INTERNET, Row::Internet));
        Some(INTERNET.to_owned())
    }

    /// What lies behind the lines of a cloud and nobody described.
    fn strangers(&mut self, model: &Model) {
        use crate::model::Thing;
        let devices: BTreeSet<String> = self.devices.iter().map(|device| device.id.clone()).collect();
        for (node, thing) in model.things() {
            if let (Thing::Undescribed { plan, address }, Some(node)) = (thing, model.network.node(node)) {
                let zone = Zone { name: node.title.name.clone(), ..Zone::new(&node.title.id, Row::Outside) };
                let end = Thing::name_of(*plan, address);
                if devices.contains(&end) {
                    self.links.push(Line::unknown(&end, &zone.id));
                }
                self.zones.push(zone);
            }
        }
    }

    /// The ways, without what is not in the picture, as far as anything is left to be drawn.
    fn known(&mut self, ways: Vec<Way>) -> Vec<Way> {
        let ids: BTreeSet<&str> = self.ids().collect();
        let stands = self.stands();
        let mut kept: Vec<Way> = ways
            .into_iter()
            .filter_map(|mut way| {
                way.passes.retain(|id| ids.contains(id.as_str()));
                way.passes = short(&way.passes, &stands);
                (way.passes.len() > 1).then_some(way)
            })
            .collect();
        kept.sort_by_key(|way| (!way.decided, way.passes.len(), way.chain));
        let mut seen = BTreeSet::new();
        kept.retain(|way| seen.insert(way.passes.clone()));
        self.paths_left_out = kept.len().saturating_sub(WAYS_MAX);
        kept.truncate(WAYS_MAX);
        kept
    }

    /// In which networks each device stands.
    fn stands(&self) -> BTreeMap<&str, BTreeSet<&str>> {
        let mut stands: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for device in &self.devices {
            let zones = stands.entry(&device.id).or_default();
            zones.insert(&device.zone);
            zones.extend(device.also.iter().map(String::as_str));
        }
        stands
    }

    /// All ids of networks and devices.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        let zones = self.zones.iter().map(|zone| zone.id.as_str());
        zones.chain(self.devices.iter().map(|device| device.id.as_str()))
    }

    /// Puts all into one order, drops what is there twice, and lets no network lie in itself.
    fn order(&mut self) {
        self.zones.sort_by(|left, right| (left.row, &left.id).cmp(&(right.row, &right.id)));
        self.zones.dedup_by(|left, right| left.id == right.id);
        self.devices.sort_by(|left, right| (&left.zone, &left.id).cmp(&(&right.zone, &right.id)));
        self.devices.dedup_by(|left, right| left.id == right.id);
        let within: BTreeMap<String, Option<String>> =
            self.zones.iter().map(|zone| (zone.id.clone(), zone.within.clone())).collect();
        for zone in &mut self.zones {
            if !leads_out(&zone.id, &within) {
                zone.within = None;
            }
        }
    }
}

/// A way without the networks that only stand between two of their own devices.
fn short(passes: &[String], stands: &BTreeMap<&str, BTreeSet<&str>>) -> Vec<String> {
    let is_in = |device: Option<&String>, zone: &str| {
        device.and_then(|id| stands.get(id.as_str())).is_some_and(|zones| zones.contains(zone))
    };
    let mut short: Vec<String> = Vec::new();
    for (place, id) in passes.iter().enumerate() {
        let next = passes.get(place.saturating_add(1));
        let only_between = place > 0
            && next.is_some()
            && (is_in(short.last(), id) || is_in(next, id))
            && !stands.contains_key(id.as_str());
        if !only_between && short.last() != Some(id) {
            short.push(id.clone());
        }
    }
    short
}

/// How deep networks may lie in one another.
const DEPTH_MAX: usize = 8;

fn leads_out(id: &str, within: &BTreeMap<String, Option<String>>) -> bool {
    let mut at = id;
    for _ in 0..DEPTH_MAX {
        match within.get(at) {
            Some(Some(next)) => at = next,
            Some(None) => return true,
            None => return false,
        }
    }
    false
}

impl Zone {
    fn new(id: &str, row: Row) -> Self {
        Self { id: id.to_owned(), name: String::new(), note: String::new(), row, within: None, folded: 0 }
    }
}

impl Line {
    fn unknown(from: &str, to: &str) -> Self {
        Self {
            id: format!("{from}--{to}"),
            name: String::new(),
            from: from.to_owned(),
            to: to.to_owned(),
            kind: Some(Kind::Undecided),
        }
    }
}
