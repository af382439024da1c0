//! The primitive types of R4, as far as the forms of their values differ.

/// How the value of a primitive type is written (FHIR R4, data types, primitive types).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Primitive {
    Boolean,
    Integer,
    UnsignedInt,
    PositiveInt,
    Decimal,
    /// `string` and `markdown`.
    String,
    Code,
    Id,
    /// `uri`, `url` and `canonical`.
    Uri,
    Oid,
    Uuid,
    Base64,
    Date,
    DateTime,
    Instant,
    Time,
    Xhtml,
}

impl Primitive {
    /// The form of the type of this name; `None` when R4 has no such primitive type.
    pub(crate) fn of(name: &str) -> Option<Self> {
        Some(match name {
            "boolean" => Self::Boolean,
            "integer" => Self::Integer,
            "unsignedInt" => Self::UnsignedInt,
            "positiveInt" => Self::PositiveInt,
            "decimal" => Self::Decimal,
            "string" | "markdown" => Self::String,
            "code" => Self::Code,
            "id" => Self::Id,
            "uri" | "url" | "canonical" => Self::Uri,
            "oid" => Self::Oid,
            "uuid" => Self::Uuid,
            "base64Binary" => Self::Base64,
            "date" => Self::Date,
            "dateTime" => Self::DateTime,
            "instant" => Self::Instant,
            "time" => Self::Time,
            "xhtml" => Self::Xhtml,
            _ => return None,
        })
    }
}
