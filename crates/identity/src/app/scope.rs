//! What an app asks for, cut down to what it may (SMART App Launch 2, "Scopes for requesting FHIR resources"). What the
//! scopes that are left grant is decided by the law (`access::Scopes`).

use std::collections::BTreeMap;

/// Refresh tokens that last as long as the session.
pub const ONLINE: &str = "online_access";
/// Refresh tokens that outlast it.
pub const OFFLINE: &str = "offline_access";
/// The person chooses one patient.
pub const LAUNCH_PATIENT: &str = "launch/patient";

/// Scopes that are about no type of resource.
pub const BESIDE: [&str; 3] = [LAUNCH_PATIENT, OFFLINE, ONLINE];

/// What can be done, in the order in which scopes say it.
const PERMITS: &str = "cruds";

/// For whom a scope of a resource type speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Records of the one patient that was chosen.
    Patient,
    /// What the person may see and do.
    User,
    /// What the service may.
    System,
}

impl Reach {
    fn parse(word: &str) -> Option<Self> {
        match word {
            "patient" => Some(Self::Patient),
            "user" => Some(Self::User),
            "system" => Some(Self::System),
            _ => None,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Patient => "patient",
            Self::User => "user",
            Self::System => "system",
        }
    }
}

/// One scope for a type of resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// For whom.
    pub reach: Reach,
    /// The type, or `*`.
    pub kind: String,
    /// Some of `cruds`, in this order.
    pub permits: String,
}

impl Part {
    /// Reads one; the forms of version 1 (`.read`, `.write`, `.*`) count as what version 2 has for them.
    pub fn parse(text: &str) -> Option<Self> {
        let (reach, rest) = text.split_once('/')?;
        let (kind, permits) = rest.split_once('.')?;
        let named = kind.bytes().all(|byte| byte.is_ascii_alphabetic());
        let upper = kind.bytes().next().is_some_and(|byte| byte.is_ascii_uppercase());
        let permits = match permits {
            "read" => "rs",
            "write" => "cud",
            "*" => PERMITS,
            other => other,
        };
        let mut left = PERMITS.chars();
        let ordered = !permits.is_empty() && permits.chars().all(|one| left.any(|next| next == one));
        (ordered && (kind == "*" || (named && upper)))
            .then_some(())
            .and_then(|()| Reach::parse(reach))
            .map(|reach| Self { reach, kind: kind.to_owned(), permits: permits.to_owned() })
    }
}

/// The parts of a list of scopes that are about types of resources.
pub fn parts(text: &str) -> Vec<Part> {
    words(text).filter_map(Part::parse).collect()
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
    let mut kept: BTreeMap<(Reach, String), String> = BTreeMap::new();
    for part in parts(asked) {
        for other in offered.iter().filter(|other| other.reach == part.reach) {
            let kind = match (part.kind.as_str(), other.kind.as_str()) {
                (one, "*") | ("*", one) => one,
                (one, two) if one == two => one,
                _ => continue,
            };
            let both = |one: &char| part.permits.contains(*one) && other.permits.contains(*one);
            let before = kept.entry((part.reach, kind.to_owned())).or_default();
            *before = PERMITS.chars().filter(|one| before.contains(*one) || both(one)).collect();
        }
    }
    let resources = kept.iter().filter(|(_, permits)| !permits.is_empty());
    let resources = resources.map(|((reach, kind), permits)| format!("{}/{kind}.{permits}", reach.word()));
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
            assert_eq!(Part::parse(bad), None, "{bad}");
            assert_eq!(narrow(bad, "patient/*.cruds"), "", "{bad}");
        }
    }
}
