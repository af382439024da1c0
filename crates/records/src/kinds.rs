//! The types that a search goes through: one, those that it names (`_type`), or all that belong to a compartment.

use crate::look::AUDIT_EVENT;
use crate::search::Within;
use crate::{codes, compartment};
use base::Problem;
use fhir::ResourceKind;
use fhir::definitions;
use fhir::search::{Asking, Query};

/// The types searched.
#[derive(Clone, Debug)]
pub(crate) enum Kinds {
    One(ResourceKind),
    /// Each once, as `_type` names them.
    Several(Vec<ResourceKind>),
    /// All of a compartment (`Patient/1/*`).
    All,
}

/// The parameter that names the types of a search of the facility (FHIR R4, search, `_type`).
pub(crate) const TYPE: &str = "_type";

/// What can be asked of records of all types at once.
const OF_ALL_KINDS: [&str; 8] =
    ["_id", "_lastUpdated", "_count", "_cursor", "_total", "_summary", "_format", "_pretty"];

impl Kinds {
    pub(crate) fn of(within: Within<'_>, query: &[(String, String)]) -> Result<Self, Problem> {
        match (within.kind, within.compartment) {
            ("*", Some(_)) => Ok(Self::All),
            ("", None) => named(query).map(Self::Several),
            (kind, _) => known(kind).map(Self::One),
        }
    }

    /// Refuses what cannot be asked of these types.
    pub(crate) fn check(&self, query: &[(String, String)]) -> Result<(), Problem> {
        let foreign = |of_all: &dyn Fn(&str) -> bool| query.iter().find(|(name, _)| !of_all(name));
        match self {
            Self::One(_) => Ok(()),
            Self::All => match foreign(&|name| OF_ALL_KINDS.contains(&name)) {
                Some((name, _)) => {
                    let known = OF_ALL_KINDS.join(", ");
                    Err(Problem::new(&codes::NOT_OF_ALL).with("name", name).with("known", known))
                }
                None => Ok(()),
            },
            Self::Several(_) => match foreign(&|name| !leads_on(name)) {
                Some((name, _)) => Err(Problem::new(&codes::NOT_OF_SEVERAL).with("name", name)),
                None => Ok(()),
            },
        }
    }

    /// What is asked. The parameters of all types of a compartment are the same for every type.
    pub(crate) fn understand(
        &self,
        within: Within<'_>,
        pairs: &[(String, String)],
        asking: &Asking<'_>,
    ) -> Result<Query, Problem> {
        match (self, within.compartment) {
            (Self::One(kind), _) => fhir::search::query(*kind, pairs, asking),
            (Self::Several(kinds), _) => {
                let others: Vec<(String, String)> =
                    pairs.iter().filter(|(name, _)| name != TYPE).cloned().collect();
                fhir::search::query_of_several(kinds, &others, asking)
            }
            (Self::All, Some(of)) => fhir::search::query(compartment::kind_of(of)?, pairs, asking),
            (Self::All, None) => Err(unnamed()),
        }
    }

    /// The types of which somebody must be permitted to search every one.
    pub(crate) fn asked<'a>(&'a self, within: Within<'a>) -> Vec<&'a str> {
        match (self, within.compartment) {
            // Of all types, those that may be found are found.
            (Self::All, Some(of)) => vec![&of.kind],
            (Self::Several(kinds), _) => kinds.iter().map(|kind| kind.as_str()).collect(),
            _ => vec![within.kind],
        }
    }

    /// Those that the store is asked for; none where the conditions say which.
    pub(crate) fn searched(&self) -> Vec<&'static str> {
        match self {
            Self::One(kind) => vec![kind.as_str()],
            Self::Several(kinds) => kinds.iter().map(|kind| kind.as_str()).collect(),
            Self::All => Vec::new(),
        }
    }

    pub(crate) fn all(&self) -> Vec<ResourceKind> {
        match self {
            Self::One(kind) => vec![*kind],
            Self::Several(kinds) => kinds.clone(),
            Self::All => definitions::resource_kinds().collect(),
        }
    }
}

/// Whether a parameter leads to other records, which those of each type do in ways of their own.
fn leads_on(name: &str) -> bool {
    let bare = name.split(':').next().unwrap_or_default();
    name.contains('.') || ["_has", "_include", "_revinclude"].contains(&bare)
}

/// The types that a query names, each once.
fn named(query: &[(String, String)]) -> Result<Vec<ResourceKind>, Problem> {
    let mut given = query.iter().filter(|(name, _)| name == TYPE);
    let (Some((_, value)), None) = (given.next(), given.next()) else { return Err(unnamed()) };
    let mut kinds: Vec<ResourceKind> = Vec::new();
    for name in value.split(',') {
        if name.is_empty() || name == AUDIT_EVENT {
            return Err(unnamed());
        }
        let kind = known(name)?;
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    Ok(kinds)
}

fn unnamed() -> Problem {
    Problem::new(&codes::TYPES_UNNAMED).at(TYPE)
}

/// The type of this name.
pub(crate) fn known(kind: &str) -> Result<ResourceKind, Problem> {
    definitions::resource_kind(kind).ok_or_else(|| Problem::new(&codes::UNKNOWN_TYPE).with("type", kind))
}
