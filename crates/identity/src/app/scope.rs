//! What an app asks for, cut down to what it may (SMART App Launch 2, "Scopes for requesting FHIR resources"). What the
//! scopes that are left grant is decided by the law (`access::Scopes`).

use access::{Reach, ResourceScope, Rights};
use std::collections::BTreeMap;

/// Refresh tokens that last as long as the session.
pub const ONLINE: &str = "online_access";
/// Refresh tokens that outlast it.
pub const OFFLINE: &str = "offline_access";
/// The person chooses one patient.
pub const LAUNCH_PATIENT: &str = "launch/patient";

/// Scopes that are about no type of resource.
pub const BESIDE: [&str; 3] = [LAUNCH_PATIENT, OFFLINE, ONLINE];

/// The parts of a list of scopes that are about types of resources.
pub fn parts(text: &str) -> Vec<ResourceScope> {
    words(text).filter_map(ResourceScope::parse).collect()
}

/// Whether a list has this scope.
pub fn has(text: &str, scope: &str) -> bool {
    words(text).any(|word| word == scope)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(' ').filter(|word| !word.is_empty())
}

/// What of `asked` is within `may`: nothing that is not in both. Scopes that nobody knows here are left out, as RFC 6749,
/// section 3.3, lets a server do; what remains is said in the answer.
pub fn narrow(asked: &str, may: &str) -> String {
    let offered = parts(may);
    let mut kept: BTreeMap<(Reach, Option<String>), Rights> = BTreeMap::new();
    for part in parts(asked) {
        for other in offered.iter().filter(|other| other.reach == part.reach) {
            let kind = match (&part.kind, &other.kind) {
                (one, None) | (None, one) => one,
                (one, two) if one == two => one,
                _ => continue,
            };
            let before = kept.entry((part.reach, kind.clone())).or_insert(Rights::NONE);
            *before = before.and(part.rights.common(other.rights));
        }
    }
    let resources = kept.into_iter().filter(|(_, rights)| *rights != Rights::NONE);
    let resources =
        resources.map(|((reach, kind), rights)| ResourceScope { reach, kind, rights }.to_string());
    let beside = BESIDE.iter().filter(|scope| has(asked, scope) && has(may, scope));
    let all: Vec<String> = beside.map(|scope| (*scope).to_owned()).chain(resources).collect();
    all.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_is_cut_down_to_what_may_be() {
        for (asked, may, left) in [
            ("patient/Observation.rs", "patient/Observation.rs", "patient/Observation.rs"),
            ("patient/Observation.cruds", "patient/*.rs", "patient/Observation.rs"),
            (
                "patient/*.rs",
                "patient/Observation.rs patient/Patient.r",
                "patient/Observation.rs patient/Patient.r",
            ),
            ("patient/*.read", "patient/*.cruds", "patient/*.rs"),
            ("user/*.write", "user/*.cruds", "user/*.cud"),
            ("user/*.*", "user/*.rs", "user/*.rs"),
            ("user/*.rs", "patient/*.rs", ""),
            ("system/*.rs", "user/*.rs patient/*.rs", ""),
            ("patient/Observation.c", "patient/*.rs", ""),
            ("offline_access patient/*.rs", "patient/*.rs", "patient/*.rs"),
            (
                "openid launch/patient patient/*.r",
                "launch/patient patient/*.rs",
                "launch/patient patient/*.r",
            ),
            ("user/A.r user/A.s", "user/*.rs", "user/A.rs"),
            ("", "user/*.rs", ""),
        ] {
            assert_eq!(narrow(asked, may), left, "{asked} of {may}");
        }
    }

    #[test]
    fn what_is_no_scope_is_left_out() {
        for bad in [
            "patient/Observation",
            "patient/Observation.",
            "patient/Observation.sr",
            "patient/Observation.rr",
            "patient/Observation.rs?category=x",
            "patient/observation.rs",
            "patient/.rs",
            "patients/*.rs",
            "/*.rs",
            "*.rs",
        ] {
            assert_eq!(ResourceScope::parse(bad), None, "{bad}");
            assert_eq!(narrow(bad, "patient/*.cruds"), "", "{bad}");
        }
    }
}
