//! Types as FHIRPath names them: those of FHIR and those of the System namespace, and which is a kind of which.

use crate::codes::fhirpath as codes;
use crate::definitions::{Type, TypeKind, table};
use base::Problem;
use std::sync::OnceLock;

/// A type of the System namespace (FHIRPath, types).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum System {
    Boolean,
    Integer,
    Decimal,
    String,
    Date,
    DateTime,
    Time,
    Quantity,
}

impl System {
    const ALL: [(&'static str, Self); 8] = [
        ("Boolean", Self::Boolean),
        ("Integer", Self::Integer),
        ("Decimal", Self::Decimal),
        ("String", Self::String),
        ("Date", Self::Date),
        ("DateTime", Self::DateTime),
        ("Time", Self::Time),
        ("Quantity", Self::Quantity),
    ];

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find_map(|(known, kind)| (known == name).then_some(kind))
    }

    /// The name without the namespace.
    pub(super) fn name(self) -> &'static str {
        Self::ALL.into_iter().find_map(|(name, kind)| (kind == self).then_some(name)).unwrap_or_default()
    }
}

/// What a type name in an expression stands for. Without namespace it may be a type of both.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    pub(super) fhir: Option<&'static Type>,
    pub(super) system: Option<System>,
    /// The namespace was given.
    pub(super) qualified: bool,
}

impl Wanted {
    /// Reads `Patient`, `FHIR.Patient`, `System.Boolean`. A name that System does not have matches nothing.
    pub(super) fn named(namespace: Option<&str>, name: &str) -> Result<Self, Problem> {
        let (fhir, system) = (table().find(name), System::named(name));
        let known = match namespace {
            Some("System") => return Ok(Self { fhir: None, system, qualified: true }),
            Some("FHIR") => Self { fhir, system: None, qualified: true },
            None => Self { fhir, system, qualified: false },
            Some(_) => Self { fhir: None, system: None, qualified: true },
        };
        if known.fhir.is_none() && known.system.is_none() {
            let name = namespace.map_or_else(|| name.to_owned(), |space| format!("{space}.{name}"));
            return Err(Problem::new(&codes::UNKNOWN_TYPE).with("name", crate::place::shown(&name)));
        }
        Ok(known)
    }
}

/// The type on which another is built. Primitives and quantities are listed; the rest follows from the elements.
fn base(kind: &Type) -> Option<&'static str> {
    let has = |name: &str| kind.elements.iter().any(|element| element.name() == name);
    match kind.name {
        "Element" | "Resource" => None,
        "DomainResource" => Some("Resource"),
        "BackboneElement" => Some("Element"),
        "code" | "id" | "markdown" => Some("string"),
        "url" | "canonical" | "oid" | "uuid" => Some("uri"),
        "unsignedInt" | "positiveInt" => Some("integer"),
        "Age" | "Count" | "Distance" | "Duration" => Some("Quantity"),
        _ if kind.kind == TypeKind::Resource && has("contained") => Some("DomainResource"),
        _ if kind.kind == TypeKind::Resource => Some("Resource"),
        _ if has("modifierExtension") => Some("BackboneElement"),
        _ => Some("Element"),
    }
}

/// True when `kind` is `wanted` or built on it.
pub(super) fn is_a(kind: &'static Type, wanted: &'static Type) -> bool {
    if std::ptr::eq(kind, wanted) {
        return true;
    }
    // Nothing is built on a concrete resource type, and only primitives on primitives.
    let primitive = wanted.kind.is_primitive();
    if wanted.kind == TypeKind::Resource || (primitive && !kind.kind.is_primitive()) {
        return false;
    }
    let mut next = Some(kind);
    while let Some(kind) = next {
        if std::ptr::eq(kind, wanted) {
            return true;
        }
        next = base(kind).and_then(|name| table().find(name));
    }
    false
}

/// True for Quantity and the types built on it.
pub(super) fn is_quantity(kind: &Type) -> bool {
    matches!(kind.name, "Quantity" | "Age" | "Count" | "Distance" | "Duration")
}

/// `Element`: what the partner of a primitive is made of.
pub(super) fn element() -> Option<&'static Type> {
    static ELEMENT: OnceLock<Option<&'static Type>> = OnceLock::new();
    *ELEMENT.get_or_init(|| table().find("Element"))
}

/// `Extension`.
pub(super) fn extension() -> Option<&'static Type> {
    static EXTENSION: OnceLock<Option<&'static Type>> = OnceLock::new();
    *EXTENSION.get_or_init(|| table().find("Extension"))
}

/// What System type a primitive of FHIR turns into where a computed value is needed (FHIR R4, FHIRPath, types).
pub(super) fn system_of(kind: &Type) -> System {
    match (kind.kind, kind.name) {
        (TypeKind::Boolean, _) => System::Boolean,
        (TypeKind::Number, "decimal") => System::Decimal,
        (TypeKind::Number, _) => System::Integer,
        (_, "date") => System::Date,
        (_, "dateTime" | "instant") => System::DateTime,
        (_, "time") => System::Time,
        _ => System::String,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn descends(kind: &str, wanted: &str) -> bool {
        is_a(table().find(kind).unwrap(), table().find(wanted).unwrap())
    }

    #[test]
    fn types_descend_as_the_definitions_say() {
        for (kind, wanted) in [
            ("Patient", "Patient"),
            ("Patient", "DomainResource"),
            ("Bundle", "Resource"),
            ("code", "string"),
            ("uuid", "uri"),
            ("Age", "Quantity"),
            ("Patient.contact", "BackboneElement"),
            ("Timing", "BackboneElement"),
            ("HumanName", "Element"),
        ] {
            assert!(descends(kind, wanted), "{kind} {wanted}");
        }
        for (kind, wanted) in
            [("Bundle", "DomainResource"), ("string", "code"), ("HumanName", "BackboneElement")]
        {
            assert!(!descends(kind, wanted), "{kind} {wanted}");
        }
    }

    #[test]
    fn a_name_without_namespace_may_be_of_both() {
        let quantity = Wanted::named(None, "Quantity").unwrap();
        assert!(quantity.fhir.is_some() && quantity.system.is_some());
        assert!(Wanted::named(Some("System"), "Patient").unwrap().system.is_none());
        assert_eq!(Wanted::named(None, "string1").unwrap_err().code().id, codes::UNKNOWN_TYPE.id);
        assert_eq!(Wanted::named(Some("CDA"), "Patient").unwrap_err().code().id, codes::UNKNOWN_TYPE.id);
    }
}
