//! SMART scopes v2 (SMART App Launch 2, "Scopes for requesting FHIR Resources"): what an app or service was granted.

mod one;
#[cfg(test)]
mod tests;

use crate::action::Action;
use crate::question::WhoKind;
use one::Meaning;
pub use one::{Reach, ResourceScope, Rights, Scope, ScopeFault, ScopeFlaw};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What an app or service was granted. As text: the scopes, separated by spaces (RFC 6749, 3.3). The patient is not in
/// the text; whoever keeps scopes keeps it beside them ([`Scopes::about`]).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Scopes {
    scopes: Vec<Scope>,
    patient: Option<String>,
}

impl Scopes {
    /// Reads scopes separated by spaces, each kept once, in their order. Unknown ones, and those with a query, are a fault.
    /// `patient` is the id of the patient of the launch, which `patient/` scopes are about.
    pub fn parse(text: &str, patient: Option<String>) -> Result<Self, ScopeFault> {
        let mut scopes: Vec<Scope> = Vec::new();
        for one in text.split(' ').filter(|one| !one.is_empty()) {
            let scope = Scope::parse(one)?;
            if !scopes.contains(&scope) {
                scopes.push(scope);
            }
        }
        Ok(Self { scopes, patient })
    }

    /// The same scopes about this patient.
    #[must_use]
    pub fn about(self, patient: Option<String>) -> Self {
        Self { patient, ..self }
    }

    /// The id of the patient that `patient/` scopes are about.
    pub fn patient(&self) -> Option<&str> {
        self.patient.as_deref()
    }

    /// Whether nothing at all was granted.
    pub fn is_empty(&self) -> bool {
        self.scopes.is_empty()
    }

    /// Whether refresh tokens outlive the session (`offline_access`).
    pub fn offline(&self) -> bool {
        self.has(&Meaning::Offline)
    }

    /// Whether refresh tokens live as long as the session (`online_access`).
    pub fn online(&self) -> bool {
        self.has(&Meaning::Online)
    }

    /// Whether the app wants to be launched for a patient (`launch/patient`).
    pub fn launch_patient(&self) -> bool {
        self.has(&Meaning::LaunchPatient)
    }

    /// Whether the app wants to know who the person is (`openid` with `fhirUser`).
    pub fn identity(&self) -> bool {
        self.has(&Meaning::OpenId) && self.has(&Meaning::FhirUser)
    }

    /// Whether some scope is about the patient of the launch, so that one has to be known.
    pub fn needs_patient(&self) -> bool {
        self.scopes.iter().any(|scope| scope.reach() == Some(Reach::Patient))
    }

    fn has(&self, meaning: &Meaning) -> bool {
        self.scopes.iter().any(|scope| scope.meaning() == meaning)
    }

    /// Whether an action on a type is granted, given the patients of the record touched (none where a type is asked about:
    /// then for some record of it).
    pub fn grant(&self, action: Action, kind: &str, patients: Option<&[String]>) -> bool {
        self.granted(&[Reach::Patient, Reach::User, Reach::System], action, kind, patients)
    }

    /// The same for one kind of principal: `system/` counts for services, `user/` and `patient/` for people behind an app.
    pub(crate) fn grant_to(
        &self,
        who: WhoKind,
        action: Action,
        kind: &str,
        patients: Option<&[String]>,
    ) -> bool {
        let reaches: &[Reach] = match who {
            WhoKind::Service => &[Reach::System],
            WhoKind::Person => &[Reach::Patient, Reach::User],
            WhoKind::Device | WhoKind::Maintenance | WhoKind::System | WhoKind::Unknown => &[],
        };
        self.granted(reaches, action, kind, patients)
    }

    fn granted(&self, reaches: &[Reach], action: Action, kind: &str, patients: Option<&[String]>) -> bool {
        let on = |kind: &str| self.rights(reaches, kind, patients);
        match action {
            Action::BUNDLE | Action::CHECK | Action::OWN | Action::CAPABILITIES | Action::LOGIN => true,
            Action::READ | Action::VERSION_READ | Action::VALIDATE | Action::PROOF => {
                on(kind).has(Rights::READ)
            }
            Action::HISTORY if patients.is_none() => on(kind).has(Rights::SEARCH),
            // Whoever may see the history of the type may see that of each record.
            Action::HISTORY => on(kind).meets(Rights::READ.and(Rights::SEARCH)),
            Action::SEARCH => on(kind).has(Rights::SEARCH),
            Action::EVERYTHING | Action::EXPORT => on(kind).has(Rights::READ.and(Rights::SEARCH)),
            Action::CREATE => on(kind).has(Rights::CREATE),
            Action::UPDATE
            | Action::PATCH
            | Action::FINALIZE
            | Action::AMEND
            | Action::WITHDRAW
            | Action::APPROVE
            | Action::RETURN
            | Action::ASSIGN
            | Action::COSIGN
            | Action::MERGE
            | Action::UNMERGE => on(kind).has(Rights::UPDATE),
            Action::IMPORT => on(kind).has(Rights::CREATE.and(Rights::UPDATE)),
            Action::DELETE => on(kind).has(Rights::DELETE),
            Action::AUDIT => on(AUDIT_EVENT).meets(Rights::READ.and(Rights::SEARCH)),
            Action::LOG => on(AUDIT_EVENT).has(Rights::READ),
            // Commands, and breaking the glass, are for people without anything in between.
            _ => false,
        }
    }

    /// All rights on a type, of all scopes that apply.
    fn rights(&self, reaches: &[Reach], kind: &str, patients: Option<&[String]>) -> Rights {
        let applying = self.scopes.iter().filter_map(Scope::resource).filter(|resource| {
            reaches.contains(&resource.reach)
                && resource.covers(kind)
                && (resource.reach != Reach::Patient || self.concerns(patients))
        });
        applying.fold(Rights::NONE, |all, resource| all.and(resource.rights))
    }

    /// Whether the patient of the launch is among these; some record can be theirs where a type is asked about.
    fn concerns(&self, patients: Option<&[String]>) -> bool {
        self.patient.as_ref().is_some_and(|patient| patients.is_none_or(|all| all.contains(patient)))
    }

    /// What is asked for, where all of it lies within these scopes: for a refresh, and for what a client is registered
    /// for. None where something does not, or where it is about another patient.
    pub fn narrow(&self, asked: &Self) -> Option<Self> {
        let patient = match (&self.patient, &asked.patient) {
            (Some(own), Some(other)) if own != other => return None,
            (own, other) => own.clone().or_else(|| other.clone()),
        };
        let within = asked.scopes.iter().all(|scope| self.contains(scope));
        within.then(|| Self { scopes: asked.scopes.clone(), patient })
    }

    fn contains(&self, asked: &Scope) -> bool {
        let Some(wanted) = asked.resource() else { return self.has(asked.meaning()) };
        let own = self.scopes.iter().filter_map(Scope::resource);
        let rights = own
            .filter(|own| own.reach == wanted.reach && own.covers_all_of(wanted))
            .fold(Rights::NONE, |all, own| all.and(own.rights));
        rights.has(wanted.rights)
    }
}

/// The type that access entries are shown as.
const AUDIT_EVENT: &str = "AuditEvent";

impl std::fmt::Display for Scopes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let texts: Vec<&str> = self.scopes.iter().map(Scope::text).collect();
        f.write_str(&texts.join(" "))
    }
}

impl Serialize for Scopes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Scopes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text, None).map_err(serde::de::Error::custom)
    }
}
