//! The prefixes of dates, numbers and quantities (FHIR R4, search, prefixes).

use crate::codes::search as codes;
use crate::place::shown;
use base::Problem;

/// How a value is compared with the one given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Prefix {
    Equal,
    NotEqual,
    Greater,
    Less,
    GreaterOrEqual,
    LessOrEqual,
    StartsAfter,
    EndsBefore,
    Approximately,
}

impl Prefix {
    /// Cuts the prefix off a value: its leading small letters. Without any, equality is meant.
    pub(super) fn split<'v>(code: &str, value: &'v str) -> Result<(Self, &'v str), Problem> {
        let end = value.find(|letter: char| !letter.is_ascii_lowercase()).unwrap_or(value.len());
        let (prefix, rest) = value.split_at_checked(end).unwrap_or(("", value));
        let known = match prefix {
            "" | "eq" => Self::Equal,
            "ne" => Self::NotEqual,
            "gt" => Self::Greater,
            "lt" => Self::Less,
            "ge" => Self::GreaterOrEqual,
            "le" => Self::LessOrEqual,
            "sa" => Self::StartsAfter,
            "eb" => Self::EndsBefore,
            "ap" => Self::Approximately,
            _ => return Err(Problem::new(&codes::PREFIX).with("name", code).with("prefix", shown(prefix))),
        };
        Ok((known, rest))
    }
}
