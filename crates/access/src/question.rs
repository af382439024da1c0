//! What a decision rests on: who asks, for what, about what, and in which circumstances.

use crate::scope::Scopes;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What kind of principal it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WhoKind {
    /// A human being who works at the facility.
    Person,
    /// A machine such as a tablet or an analyser.
    Device,
    /// A program.
    Service,
    /// A human being of a maintenance company.
    Maintenance,
    /// Akashi itself, or whoever runs its commands on the server.
    System,
    /// Nobody who is known.
    Unknown,
}

impl WhoKind {
    /// The word for it in policies and access entries.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Device => "device",
            Self::Service => "service",
            Self::Maintenance => "maintenance",
            Self::System => "system",
            Self::Unknown => "unknown",
        }
    }
}

/// Who asks: the principal of the law.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    /// What kind.
    pub kind: WhoKind,
    /// The account's id; empty where nobody is known.
    pub account: String,
    /// The facility of the account, and of all it can reach.
    pub facility: String,
    /// The word of the person's occupation (`doctor`, `nurse`, …).
    pub occupation: Option<&'static str>,
    /// The words of the duties (`executive`, `planner`, `operator`, `auditor`).
    pub duties: BTreeSet<&'static str>,
    /// The account that the client certificate of the connection stands for.
    pub device: Option<String>,
    /// The name of the network zone that the address lies in; `elsewhere` where it lies in none.
    pub zone: String,
    /// The words of the factors shown (`password`, `totp`, `passkey`, `certificate`, `key`, …).
    pub factors: Vec<&'static str>,
    /// Whether one of them was shown moments ago.
    pub fresh: bool,
    /// The id of the person's `Practitioner` record, where the account names one.
    pub practitioner: Option<String>,
    /// What the app or service in between was granted; none where a person calls without one.
    pub scopes: Option<Arc<Scopes>>,
    /// The id of the app in between.
    pub app: Option<String>,
    /// Ids of the patients for whom the glass is broken in this session.
    pub broken: Vec<String>,
}

impl Who {
    /// Akashi itself, or whoever runs its commands on the server.
    pub fn system(facility: &str, account: &str) -> Self {
        Self { kind: WhoKind::System, account: account.to_owned(), ..Self::unknown(facility) }
    }

    /// Nobody who is known.
    pub fn unknown(facility: &str) -> Self {
        Self {
            kind: WhoKind::Unknown,
            account: String::new(),
            facility: facility.to_owned(),
            occupation: None,
            duties: BTreeSet::new(),
            device: None,
            zone: "elsewhere".to_owned(),
            factors: Vec::new(),
            fresh: false,
            practitioner: None,
            scopes: None,
            app: None,
            broken: Vec::new(),
        }
    }
}

/// What a content says that decisions look at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Ids of the patients in whose compartment the record is; of a Patient, its own.
    pub patients: Vec<String>,
    /// Codes of `meta.security`: the bare code for HL7's systems (`R`, `V`, `PSY`), `system|code` for others.
    pub labels: Vec<String>,
    /// The element `status` (for documents `docStatus` where there is one), else empty.
    pub state: String,
}

/// What is touched: the resource of the law.
#[derive(Clone, Copy, Debug)]
pub struct Resource<'a> {
    /// The resource type; for what is no record, `Facility`.
    pub kind: &'a str,
    /// What its content says; none where the question is about the type and not about a record.
    pub facts: Option<&'a Facts>,
    /// Labels of the patients it belongs to.
    pub patient_labels: &'a [String],
    /// The account that wrote the current version; none where that is not known or nothing is written yet.
    pub author: Option<&'a str>,
    /// Whether the asking person is known to treat one of its patients.
    pub treating: bool,
    /// Whether the glass is broken for one of its patients.
    pub broken: bool,
}

impl<'a> Resource<'a> {
    /// A type, not a record.
    pub fn of_kind(kind: &'a str) -> Self {
        Self { kind, facts: None, patient_labels: &[], author: None, treating: false, broken: false }
    }
}

/// The circumstances of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context {
    /// Why: a code of HL7's PurposeOfUse (`TREAT`, `HOPERAT`, …).
    pub purpose: String,
    /// The hour of the day at the facility, 0 to 23.
    pub hour: u8,
    /// The day of the week at the facility, 1 (Monday) to 7.
    pub weekday: u8,
}

impl Default for Context {
    fn default() -> Self {
        Self { purpose: "TREAT".to_owned(), hour: 12, weekday: 1 }
    }
}
