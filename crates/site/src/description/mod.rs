//! The description of a site, `site.yaml`: what no interface of a cloud knows. Written by hand, read strictly.
//!
//! Whatever a small hospital may not know can be left out, and is then unknown: not "no", and not good. Of a file with
//! faults nothing is taken over, and up to twenty of them are said at once, each with its place and what to do.

mod check;
mod duty;
mod facility;
mod fault;
mod form;
mod link;
mod node;
mod place;
mod protection;
mod reference;
mod scalar;
mod schema;
mod template;
mod tree;
mod words;
mod zone;

pub use duty::{Backup, Flow, Maintenance};
pub use facility::{Facility, Party, Step};
pub use link::{Cloud, Filter, Link, Rule};
pub use node::{Node, Service, SignIn, Software};
pub use place::{Id, Place, Placed};
pub use protection::{Ipsec, MacsecLink, OtherProtection, Protection, SslVpn, Tls, WirelessLink};
pub use scalar::{Address, Day, Peer, Ports, Range};
pub use schema::{SCHEMA_ID, schema};
pub use template::{Template, init, template, templates};
pub use words::*;
pub use zone::Zone;

use crate::codes;
use base::Problem;
use fault::Fault;
use form::form;
use place::Place as At;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;
use tree::{Kind, Tree};

/// The format that is read.
pub const FORMAT: &str = "akashi-site/1";

/// How many faults are said at once.
pub const FAULTS_MAX: usize = 20;

/// How large a description may be, in bytes.
pub const BYTES_MAX: usize = 4 * 1024 * 1024;

/// What the facility is called in references.
pub const FACILITY: &str = "facility";

/// A site: the networks, machines and agreements of a facility. / サイト：施設のネットワーク、機器、取り決め。
#[derive(Clone, Debug, PartialEq, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Site {
    /// The format: akashi-site/1. / 書式。
    pub format: String,
    /// The facility. / 施設。
    pub facility: Facility,
    /// Who else takes part. / ほかの関係者。
    #[schemars(default)]
    pub parties: Vec<Party>,
    /// The steps from now to the target. / 現在から目標までの段階。
    #[schemars(default)]
    pub steps: Vec<Step>,
    /// Networks. / ネットワーク。
    pub zones: Vec<Zone>,
    /// Devices and systems. / 機器・システム。
    #[schemars(default)]
    pub nodes: Vec<Node>,
    /// Connections between them. / それらを結ぶ回線。
    #[schemars(default)]
    pub links: Vec<Link>,
    /// Resources of Terraform plans at which links end. / 回線の端になる Terraform のリソース。
    #[schemars(default)]
    pub cloud: Vec<Cloud>,
    /// What filters: not known where nothing is said. / 通信制御。書かなければ不明。
    pub filters: Option<Vec<Filter>>,
    /// Maintenance from outside: not known where nothing is said. / 遠隔保守。書かなければ不明。
    pub maintenance: Option<Vec<Maintenance>>,
    /// Flows that are wanted: not known where nothing is said. / 必要な通信。書かなければ不明。
    pub flows: Option<Vec<Flow>>,
    /// Backups: not known where nothing is said. / バックアップ。書かなければ不明。
    pub backups: Option<Vec<Backup>>,
}

/// The keys of a description, in the order in which they are usually written.
const SECTIONS: [&str; 12] = [
    "format",
    "facility",
    "parties",
    "steps",
    "zones",
    "nodes",
    "links",
    "cloud",
    "filters",
    "maintenance",
    "flows",
    "backups",
];

/// Something with an id that may stand in some phases only.
pub trait Element {
    /// Its id.
    fn id(&self) -> &Id;
    /// The phases in which it stands.
    fn phases(&self) -> &[Phase];
    /// Whether it stands in a phase.
    fn stands_in(&self, phase: Phase) -> bool {
        self.phases().contains(&phase)
    }
}

macro_rules! elements {
    ($($name:ident)*) => {$(
        impl Element for $name {
            fn id(&self) -> &Id {
                &self.id
            }

            fn phases(&self) -> &[Phase] {
                self.phases.as_deref().unwrap_or(Phase::ALL)
            }
        }
    )*};
}

elements! { Zone Node Link Cloud Filter Maintenance Flow Backup }

impl Site {
    /// The site as it is in one phase: only what stands then.
    #[must_use]
    pub fn at(&self, phase: Phase) -> Self {
        fn kept<T: Element + Clone>(all: &[T], phase: Phase) -> Vec<T> {
            all.iter().filter(|one| one.stands_in(phase)).cloned().collect()
        }
        Self {
            format: self.format.clone(),
            facility: self.facility.clone(),
            parties: self.parties.clone(),
            steps: self.steps.iter().filter(|step| step.phase.value == phase).cloned().collect(),
            zones: kept(&self.zones, phase),
            nodes: kept(&self.nodes, phase),
            links: kept(&self.links, phase),
            cloud: kept(&self.cloud, phase),
            filters: self.filters.as_deref().map(|all| kept(all, phase)),
            maintenance: self.maintenance.as_deref().map(|all| kept(all, phase)),
            flows: self.flows.as_deref().map(|all| kept(all, phase)),
            backups: self.backups.as_deref().map(|all| kept(all, phase)),
        }
    }

    /// The phases in which anything differs from the others: those that somebody described.
    pub fn phases(&self) -> BTreeSet<Phase> {
        let mut found = BTreeSet::from([Phase::Now]);
        found.extend(self.steps.iter().map(|step| step.phase.value));
        let mut add = |phases: &[Phase]| {
            if phases.len() < Phase::ALL.len() {
                found.extend(phases);
            }
        };
        self.zones.iter().for_each(|one| add(one.phases()));
        self.nodes.iter().for_each(|one| add(one.phases()));
        self.links.iter().for_each(|one| add(one.phases()));
        self.cloud.iter().for_each(|one| add(one.phases()));
        self.filters.iter().flatten().for_each(|one| add(one.phases()));
        self.maintenance.iter().flatten().for_each(|one| add(one.phases()));
        self.flows.iter().flatten().for_each(|one| add(one.phases()));
        self.backups.iter().flatten().for_each(|one| add(one.phases()));
        found
    }
}

/// Reads a description.
///
/// # Errors
///
/// Up to [`FAULTS_MAX`] problems in the order of the file: `SI-0020` to `SI-0023`, each with line and column.
pub fn read(file: &str, text: &str) -> Result<Site, Vec<Problem>> {
    let mut faults = Vec::new();
    let site = taken(text, &mut faults);
    match site {
        Some(site) if faults.is_empty() => Ok(site),
        _ => {
            faults.sort_by_key(|fault| fault.place);
            Err(faults.iter().take(FAULTS_MAX).map(|fault| fault.problem(file)).collect())
        }
    }
}

fn taken(text: &str, faults: &mut Vec<Fault>) -> Option<Site> {
    let tree = match bounded(text).and_then(|()| tree::parse(text)) {
        Ok(tree) => tree,
        Err(fault) => {
            faults.push(fault);
            return None;
        }
    };
    let mut reader = Reader { faults, lost: BTreeSet::new() };
    let site = reader.site(&tree);
    let lost = reader.lost;
    if let Some(site) = &site {
        check::check(site, &lost, faults);
    }
    site
}

fn bounded(text: &str) -> Result<(), Fault> {
    if text.len() <= BYTES_MAX {
        return Ok(());
    }
    let start = At { line: 1, column: 1 };
    let (en, ja) =
        (format!("it is larger than {BYTES_MAX} bytes"), format!("{BYTES_MAX} バイトを超えています"));
    Err(Fault::new(&codes::DESCRIPTION, start, en, ja))
}

/// Takes the sections one by one, and each of their elements by itself.
struct Reader<'a> {
    faults: &'a mut Vec<Fault>,
    /// Ids of elements whose form has a fault: what names them is not a second one.
    lost: BTreeSet<String>,
}

impl Reader<'_> {
    fn site(&mut self, tree: &Tree) -> Option<Site> {
        let Kind::Map(pairs) = &tree.kind else {
            self.faults.push(Fault::new(
                &codes::DESCRIPTION,
                tree.place,
                format!("it does not begin with keys such as `format: {FORMAT}`"),
                format!("`format: {FORMAT}` のようなキーで始まっていません"),
            ));
            return None;
        };
        if !self.is_of_the_format(tree, pairs) {
            return None;
        }
        self.keys(pairs);
        let facility = self.facility(tree, pairs);
        if section(pairs, "zones").is_none() {
            self.faults.push(missing(tree.place, "zones"));
        }
        Some(Site {
            format: FORMAT.to_owned(),
            parties: self.list(pairs, "parties").unwrap_or_default(),
            steps: self.list(pairs, "steps").unwrap_or_default(),
            zones: self.list(pairs, "zones").unwrap_or_default(),
            nodes: self.list(pairs, "nodes").unwrap_or_default(),
            links: self.list(pairs, "links").unwrap_or_default(),
            cloud: self.list(pairs, "cloud").unwrap_or_default(),
            filters: self.list(pairs, "filters"),
            maintenance: self.list(pairs, "maintenance"),
            flows: self.list(pairs, "flows"),
            backups: self.list(pairs, "backups"),
            facility: facility?,
        })
    }

    fn is_of_the_format(&mut self, tree: &Tree, pairs: &[(Id, Tree)]) -> bool {
        let found = section(pairs, "format");
        let place = found.map_or(tree.place, |found| found.place);
        let is_ours =
            found.is_some_and(|found| matches!(&found.kind, Kind::Scalar(written) if written == FORMAT));
        if !is_ours {
            self.faults.push(Fault::new(
                &codes::DESCRIPTION,
                place,
                format!("the first line must be `format: {FORMAT}`"),
                format!("先頭に `format: {FORMAT}` と書いてください"),
            ));
        }
        is_ours
    }

    fn keys(&mut self, pairs: &[(Id, Tree)]) {
        let mut seen = BTreeSet::new();
        for (key, _) in pairs {
            if !SECTIONS.contains(&key.as_str()) {
                let fault: Fault = serde::de::Error::unknown_field(key.as_str(), &SECTIONS);
                self.faults.push(fault.or_at(key.place));
            } else if !seen.insert(key.as_str()) {
                let (en, ja) = (
                    format!("the key `{key}` stands twice. Keep one of them"),
                    format!("キー `{key}` が重複しています。どちらか一つにしてください"),
                );
                self.faults.push(Fault::new(&codes::FORM, key.place, en, ja));
            }
        }
    }

    fn facility(&mut self, tree: &Tree, pairs: &[(Id, Tree)]) -> Option<Facility> {
        let Some(found) = section(pairs, FACILITY) else {
            self.faults.push(missing(tree.place, FACILITY));
            return None;
        };
        form(found).map_err(|fault| self.faults.push(fault)).ok()
    }

    /// The elements of a section; none where it is not written, or is said to be unknown.
    fn list<T: DeserializeOwned>(&mut self, pairs: &[(Id, Tree)], key: &str) -> Option<Vec<T>> {
        let whole = section(pairs, key)?;
        let items: Option<Vec<&Tree>> = match &whole.kind {
            Kind::List(items) => Some(items.iter().collect()),
            Kind::Scalar(_) | Kind::Nothing | Kind::Map(_) => match form::<Option<Vec<()>>>(whole) {
                Ok(list) => list.map(|_empty| Vec::new()),
                Err(fault) => {
                    self.faults.push(fault);
                    None
                }
            },
        };
        Some(items?.into_iter().filter_map(|item| self.element(item)).collect())
    }

    fn element<T: DeserializeOwned>(&mut self, item: &Tree) -> Option<T> {
        match form(item) {
            Ok(element) => Some(element),
            Err(fault) => {
                self.faults.push(fault);
                if let Kind::Map(pairs) = &item.kind
                    && let Some(Tree { kind: Kind::Scalar(id), .. }) = section(pairs, "id")
                {
                    self.lost.insert(id.clone());
                }
                None
            }
        }
    }
}

fn section<'a>(pairs: &'a [(Id, Tree)], key: &str) -> Option<&'a Tree> {
    pairs.iter().find(|(name, _)| name.as_str() == key).map(|(_, value)| value)
}

fn missing(place: At, key: &'static str) -> Fault {
    let fault: Fault = serde::de::Error::missing_field(key);
    fault.or_at(place)
}
