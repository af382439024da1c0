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
mod ranges;
mod read;
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
pub use read::read;
pub use scalar::{Address, Day, Peer, Ports, Range};
pub use schema::{SCHEMA_ID, schema};
pub use template::{Template, init, template, templates};
pub use words::*;
pub use zone::Zone;

use schemars::JsonSchema;
use std::collections::BTreeSet;

/// The format that is read.
pub const FORMAT: &str = "akashi-site/1";

/// How many faults are said at once.
pub const FAULTS_MAX: usize = 20;

/// How large a description may be, in bytes.
pub const BYTES_MAX: usize = 16 * 1024 * 1024;

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
