//! Which threats apply to what crosses a boundary.

use super::because::because;
use super::crossing::{Crossing, What, crossings};
use super::words::{boundary, scenario, title};
use super::{Stride, Threat};
use crate::description::{Carrier, Site};
use crate::model::Model;

/// The threats of a site: what could go wrong with each flow, line and way of maintenance that crosses a boundary.
///
/// `site` is the description from which the model was drawn, of the same phase.
pub fn find(model: &Model, site: &Site) -> Vec<Threat> {
    let crossings = crossings(model, site);
    crossings.iter().flat_map(|crossing| threats(site, crossing)).collect()
}

fn threats(site: &Site, crossing: &Crossing<'_>) -> Vec<Threat> {
    let kinds = Stride::ALL.into_iter().filter(|kind| applies(*kind, crossing));
    let threat = |kind: Stride| Threat {
        id: format!("stride.{}@{}", kind.word(), crossing.what.id()),
        kind,
        flow: crossing.what.id().to_owned(),
        title: title(kind, site, crossing),
        boundary: boundary(site, crossing),
        scenario: scenario(kind, site, crossing),
        because: because(kind, site, crossing),
        requirements: requirements(kind, crossing).into_iter().map(str::to_owned).collect(),
        decided: crossing.decided,
        path: crossing.path.clone(),
    };
    kinds.map(threat).collect()
}

/// Whether a kind of threat is one for a crossing.
fn applies(kind: Stride, crossing: &Crossing<'_>) -> bool {
    let is_work = matches!(crossing.what, What::Maintenance(_));
    let is_line = matches!(crossing.what, What::Link(_));
    let among_others = crossing.open || crossing.owners;
    match kind {
        // Who cannot be seen can be somebody else: where the ends have different owners, or others are on the way.
        Stride::Spoofing => among_others,
        // Between machines of one owner without others on the way nobody sits who could read or change anything.
        Stride::Tampering | Stride::InformationDisclosure => among_others && (crossing.patients || is_work),
        // Who did something is asked where people of another party work, or patient data leave.
        Stride::Repudiation => is_work || (!is_line && crossing.owners && crossing.patients),
        // What care waits for: patient data, and lines as such.
        Stride::DenialOfService => is_line || crossing.patients,
        // A way by which somebody comes to more than what it is for.
        Stride::ElevationOfPrivilege => is_work || (is_line && among_others) || crossing.patients,
    }
}

/// The requirements of the guideline that answer a threat.
fn requirements(kind: Stride, crossing: &Crossing<'_>) -> Vec<&'static str> {
    let is_radio = match crossing.what {
        What::Link(link) => link.carrier == Some(Carrier::Wireless),
        What::Flow(_) | What::Maintenance(_) => false,
    };
    let is_work = matches!(crossing.what, What::Maintenance(_));
    let mut found = match kind {
        Stride::Spoofing => vec!["mhlw-6.0/control/13-4", "mhlw-6.0/control/13-12", "mhlw-6.0/control/14-1"],
        Stride::Tampering => vec!["mhlw-6.0/control/13-3", "mhlw-6.0/control/13-6"],
        Stride::Repudiation => vec!["mhlw-6.0/control/17-1", "mhlw-6.0/control/17-3"],
        Stride::InformationDisclosure => {
            vec!["mhlw-6.0/control/13-2", "mhlw-6.0/control/13-3", "mhlw-6.0/control/13-6"]
        }
        Stride::DenialOfService => vec!["mhlw-6.0/control/11-1", "mhlw-6.0/control/18-1"],
        Stride::ElevationOfPrivilege => vec!["mhlw-6.0/control/13-11", "mhlw-6.0/control/14-4"],
    };
    if is_radio {
        found.push("mhlw-6.0/control/13-13");
    }
    found.extend(match kind {
        Stride::Spoofing if is_work => ["mhlw-6.0/control/14-5", "mhlw-6.0/management/13-5"].as_slice(),
        Stride::Repudiation if is_work => &["mhlw-6.0/control/10-3", "mhlw-6.0/control/10-4"],
        Stride::ElevationOfPrivilege if is_work => &["mhlw-6.0/control/10-2", "mhlw-6.0/management/15-8"],
        Stride::Tampering if is_work => &["mhlw-6.0/control/10-5"],
        Stride::InformationDisclosure if is_work => &["mhlw-6.0/control/7-2"],
        _ => &[],
    });
    found
}
