//! What counts as a store of patient data.

use super::facts::Facts;
use crate::description::DataClass;
use crate::model::aws::UNCLASSIFIED;
use crate::network::NodeId;
use std::collections::BTreeMap;

/// Whether data of this class are of patients. Data that can be joined to a patient again are; what is anonymised is not.
/// What nobody classed may be: it counts, and chains say that it is not known.
pub fn is_patient_data(class: &str) -> bool {
    use DataClass::{
        Billing, ClinicalRecord, Draft, Eligibility, HealthCheck, Image, Laboratory, PatientIdentity,
        Pseudonymised,
    };
    let patients = [
        ClinicalRecord,
        Image,
        Laboratory,
        PatientIdentity,
        Billing,
        Eligibility,
        HealthCheck,
        Draft,
        Pseudonymised,
    ];
    class == UNCLASSIFIED || patients.iter().any(|patient| patient.word() == class)
}

/// The hosts on which patient data lie, with the classes of these.
pub(super) fn stores(facts: &Facts<'_>) -> BTreeMap<NodeId, Vec<String>> {
    let mut found = BTreeMap::new();
    for (node, host) in facts.model.network.hosts() {
        let mut classes: Vec<String> =
            host.holds.iter().filter(|class| is_patient_data(class)).cloned().collect();
        classes.sort();
        classes.dedup();
        if !classes.is_empty() {
            found.insert(node, classes);
        }
    }
    found
}
