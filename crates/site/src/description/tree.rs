//! A YAML file as a tree in which everything knows its place.
//!
//! The reader of YAML ends at the first fault of form. So the file is read once without any form, and each element of it
//! is then taken into its form by itself (`super::form`): several faults are said at once.

use super::fault::Fault;
use super::place::{Id, Place, Placed};
use crate::codes;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{Error, Location, Spanned};
use std::fmt;

/// How deep values may lie in one another. A description needs ten; each level takes stack.
const DEPTH_MAX: usize = 24;

/// How many values and keys there may be, those behind aliases counted at every use: those of 20,000 machines and as many
/// flows, written in full.
const VALUES_MAX: usize = 1_500_000;

/// How many steps their reading may take: each list and map has an end as well.
const EVENTS_MAX: usize = 2 * VALUES_MAX;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    pub(super) place: Place,
    pub(super) kind: Kind,
}

/// What a value is.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// Nothing, `~` or `null`.
    Nothing,
    /// A text, a number, a yes or no, as it is written: what it is, its form decides. Version `6.10` is not 6.1.
    Scalar(String),
    List(Vec<Tree>),
    Map(Vec<(Id, Tree)>),
}

/// Reads a file.
pub(super) fn parse(text: &str) -> Result<Tree, Fault> {
    // Its other bounds hold too; beyond them it is a fault.
    let budget = serde_saphyr::budget! {
        max_depth: DEPTH_MAX,
        max_nodes: VALUES_MAX,
        max_events: EVENTS_MAX,
    };
    let options = serde_saphyr::options! { with_snippet: false, budget: budget };
    let read: Result<Spanned<Raw>, _> = serde_saphyr::from_str_with_options(text, options);
    read.map(|raw| planted(raw, text)).map_err(|error| {
        let place = error.location().map_or(Place { line: 1, column: 1 }, place_of);
        let said = error.without_snippet().to_string();
        let what = said.lines().next().unwrap_or_default().trim_end_matches('.');
        let ja = format!("{}（原文：{what}）", fault(error.without_snippet()));
        Fault::new(&codes::DESCRIPTION, place, what, ja)
    })
}

/// What the reader found, in Japanese; its own words stand beside.
fn fault(error: &Error) -> &'static str {
    match error {
        Error::DuplicateMappingKey { .. } => "同じキーが 2 回書かれています",
        Error::Eof { .. } => "内容がないか、途中で終わっています",
        Error::MultipleDocuments { .. } => "複数の YAML 文書（`---` による区切り）は置けません",
        Error::UnknownAnchor { .. } => "参照先のアンカーがありません",
        Error::Budget { .. } => "大きすぎるか、入れ子が深すぎます",
        Error::ExternalMessage { .. } => "YAML の構文の誤りです",
        _ => "YAML として読めません",
    }
}

fn place_of(location: Location) -> Place {
    Place { line: location.line().max(1), column: location.column().max(1) }
}

fn planted(raw: Spanned<Raw>, text: &str) -> Tree {
    let kind = match raw.value {
        Raw::Nothing => Kind::Nothing,
        Raw::Text(text) => Kind::Scalar(text),
        Raw::Bare(value) => Kind::Scalar(as_written(raw.defined, text).unwrap_or(value)),
        Raw::List(items) => Kind::List(items.into_iter().map(|item| planted(item, text)).collect()),
        Raw::Map(pairs) => Kind::Map(
            pairs
                .into_iter()
                .map(|(key, value)| {
                    (Placed { value: key.value, place: place_of(key.referenced) }, planted(value, text))
                })
                .collect(),
        ),
    };
    Tree { place: place_of(raw.referenced), kind }
}

/// The characters of a number or of `true`, which the reader has taken for their value.
fn as_written(location: Location, text: &str) -> Option<String> {
    let span = location.span();
    let start = usize::try_from(span.byte_offset()?).ok()?;
    let end = start.checked_add(usize::try_from(span.byte_len()?).ok()?)?;
    text.get(start..end).map(|written| written.trim().to_owned())
}

/// What the reader of YAML gives.
enum Raw {
    Nothing,
    Text(String),
    Bare(String),
    List(Vec<Spanned<Raw>>),
    Map(Vec<(Spanned<String>, Spanned<Raw>)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any YAML value")
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Nothing)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Nothing)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        Raw::deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw::Bare(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Raw, E> {
        Ok(Raw::Bare(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Raw, E> {
        Ok(Raw::Bare(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Raw, E> {
        Ok(Raw::Bare(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Raw, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Raw::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut pairs: A) -> Result<Raw, A::Error> {
        let mut map = Vec::new();
        while let Some(pair) = pairs.next_entry()? {
            map.push(pair);
        }
        Ok(Raw::Map(map))
    }
}
