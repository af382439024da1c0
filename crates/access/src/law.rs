//! The policies in force, and decisions by them.

use crate::action::Action;
use crate::permit::{AuditPermit, Permit, Policies, Refusal};
use crate::question::{Context, Resource, Who, WhoKind};
use base::RecordKey;
use std::sync::{Arc, PoisonError, RwLock};

/// Policies, checked against the schema: the default set, and what a facility adds to it.
#[derive(Debug)]
pub struct Law {
    extension: String,
}

/// Something wrong with policies that a facility wants to add.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LawFault {
    /// Line and column, from 1; none where the whole is meant.
    pub place: Option<(usize, usize)>,
    /// What is wrong.
    pub english: String,
    /// The same in Japanese.
    pub japanese: String,
}

/// Which attributes of a resource the policies for an action look at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own")]
pub struct Minds {
    /// Labels of the record.
    pub labels: bool,
    /// Labels of its patients.
    pub patient_labels: bool,
    /// Its state.
    pub state: bool,
    /// Its author.
    pub author: bool,
    /// Whether who asks treats the patient, beyond what the default set asks of restricted patients.
    pub treating: bool,
}

impl Law {
    /// The default set alone.
    pub fn builtin() -> Self {
        Self { extension: String::new() }
    }

    /// The default set with the policies that a facility adds.
    pub fn with(extension: &str) -> Result<Self, Vec<LawFault>> {
        Ok(Self { extension: extension.to_owned() })
    }

    /// What the facility has added.
    pub fn extension(&self) -> &str {
        &self.extension
    }

    /// Decides about an action on a record.
    pub fn permit(
        &self,
        who: &Who,
        action: Action,
        key: &RecordKey,
        on: &Resource<'_>,
        context: &Context,
    ) -> Result<Permit, Refusal> {
        let policies = self.decide(who, action, on, context)?;
        Ok(Permit::new(action, key.clone(), policies))
    }

    /// Decides about an action on a type, or on what is no record.
    pub fn decide(
        &self,
        who: &Who,
        _action: Action,
        _on: &Resource<'_>,
        _context: &Context,
    ) -> Result<Policies, Refusal> {
        if who.kind == WhoKind::Unknown {
            return Err(Refusal {
                policies: Policies::from([]),
                english: String::new(),
                japanese: String::new(),
            });
        }
        Ok(Policies::from(["skeleton".to_owned()]))
    }

    /// Decides about reading access entries.
    pub fn audit(&self, who: &Who, context: &Context) -> Result<AuditPermit, Refusal> {
        self.decide(who, Action::AUDIT, &Resource::of_kind("AuditEvent"), context).map(AuditPermit::new)
    }

    /// What the policies for an action look at.
    pub fn minds(&self, _action: Action) -> Minds {
        Minds::default()
    }
}

/// The law in force at a facility, which can be replaced while it is in use.
#[derive(Clone, Debug)]
pub struct InForce(Arc<RwLock<Arc<Law>>>);

impl InForce {
    /// Puts a law in force.
    pub fn new(law: Law) -> Self {
        Self(Arc::new(RwLock::new(Arc::new(law))))
    }

    /// The law at this moment. Whoever decides several times for one request asks once.
    pub fn law(&self) -> Arc<Law> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts another law in force.
    pub fn replace(&self, law: Law) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(law);
    }
}
