//! Facts: what is known about a system, when it was seen, by whom, and until when it counts.

mod registry;

pub use registry::{DocumentKind, FactKey, Kind, Question, Registry};

use crate::catalogue::Text;
use crate::codes;
use crate::exclusion::Exclusions;
use base::{Position, Problem, Time};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Where a fact comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FactOrigin {
    /// The running system, looked at from within.
    Runtime,
    /// The description and configuration of network and cloud.
    Site,
    /// A document in the register.
    Document,
    /// A person's answer.
    Person,
}

impl FactOrigin {
    /// The first word of its keys.
    pub fn word(self) -> &'static str {
        match self {
            Self::Runtime => "runtime",
            Self::Site => "site",
            Self::Document => "document",
            Self::Person => "person",
        }
    }

    pub(crate) fn of_key(key: &str) -> Option<Self> {
        let word = key.split('.').next()?;
        [Self::Runtime, Self::Site, Self::Document, Self::Person]
            .into_iter()
            .find(|origin| origin.word() == word)
    }

    /// Whether it waits for somebody to register or to answer something.
    pub fn needs_a_person(self) -> bool {
        matches!(self, Self::Document | Self::Person)
    }
}

/// The value of a fact.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// Yes or no.
    YesNo(bool),
    /// A whole number.
    Count(i64),
    /// A measured number.
    Number(f64),
    /// A text.
    Text(String),
    /// Several texts.
    Texts(Vec<String>),
}

impl Value {
    fn kind(&self) -> Kind {
        match self {
            Self::YesNo(_) => Kind::YesNo,
            Self::Count(_) => Kind::Count,
            Self::Number(_) => Kind::Number,
            Self::Text(_) => Kind::Text,
            Self::Texts(_) => Kind::Texts,
        }
    }
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::YesNo(yes) => write!(f, "{yes}"),
            Self::Count(count) => write!(f, "{count}"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
            Self::Texts(texts) => f.write_str(&texts.join(", ")),
        }
    }
}

/// Something that was observed.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Fact {
    /// What it is about: a key of the registry.
    pub key: String,
    /// What was seen.
    pub value: Value,
    /// In which unit, where its key has one; from the registry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Where it comes from.
    pub origin: FactOrigin,
    /// When it was seen.
    pub observed: Moment,
    /// Until when it counts; none for as long as nothing newer is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Moment>,
    /// Where in the journal it stands, or the entry that shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<u64>,
    /// How it was obtained, in a few words.
    pub how: Text,
}

/// A moment as text (RFC 3339), so that stored facts stay readable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub Time);

impl Serialize for Moment {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Time::parse(&text)
            .map(Self)
            .ok_or_else(|| serde::de::Error::custom("not a moment as RFC 3339 writes it"))
    }
}

impl Fact {
    /// A fact that was seen just now. How long it counts follows from the registry when it is taken into [`Facts`].
    pub fn seen(key: &str, value: Value, now: Time, how: impl Into<Text>) -> Self {
        let origin = FactOrigin::of_key(key).unwrap_or(FactOrigin::Person);
        Self {
            key: key.to_owned(),
            value,
            unit: None,
            origin,
            observed: Moment(now),
            valid_until: None,
            position: None,
            how: how.into(),
        }
    }

    /// The same fact with the entry of the journal that shows it.
    #[must_use]
    pub fn at(self, position: Position) -> Self {
        Self { position: Some(position.0), ..self }
    }
}

/// What is known at a moment: one fact for each key, the newest that still counts, and what the facility excluded.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    by_key: BTreeMap<String, Fact>,
    exclusions: Exclusions,
}

impl Facts {
    /// Gathers facts, each held against the registry. Facts that no longer count at `now` are left out; of several the
    /// newest stands.
    ///
    /// # Errors
    /// A key is not known, or a value is of another kind than its key.
    pub fn gather(
        registry: &Registry,
        facts: impl IntoIterator<Item = Fact>,
        now: Time,
    ) -> Result<Self, Problem> {
        let mut all = Self::default();
        for mut fact in facts {
            let key = registry.key(&fact.key)?;
            if key.kind != fact.value.kind() {
                let (found, wanted) = (fact.value.kind(), key.kind);
                return Err(Problem::new(&codes::FACT)
                    .with("key", &fact.key)
                    .with(
                        "what_en",
                        format!("its value is of the kind {}, not {}", found.word(), wanted.word()),
                    )
                    .with(
                        "what_ja",
                        format!(
                            "値は{}で答えるもので、{}ではありません",
                            wanted.japanese(),
                            found.japanese()
                        ),
                    )
                    .log("a fact"));
            }
            let lasts = |days: u32| fact.observed.0.plus_seconds(i64::from(days).saturating_mul(86_400));
            fact.unit.clone_from(&key.unit);
            fact.valid_until = fact.valid_until.or_else(|| key.valid_days.map(lasts).map(Moment));
            let counts = fact.observed.0 <= now && fact.valid_until.is_none_or(|until| until.0 > now);
            let newer = all.by_key.get(&fact.key).is_none_or(|other| other.observed <= fact.observed);
            if counts && newer {
                all.by_key.insert(fact.key.clone(), fact);
            }
        }
        Ok(all)
    }

    /// The fact of a key, when one is known.
    pub fn get(&self, key: &str) -> Option<&Fact> {
        self.by_key.get(key)
    }

    /// All of them by key.
    pub fn iter(&self) -> impl Iterator<Item = &Fact> {
        self.by_key.values()
    }

    /// Takes a newer fact in.
    ///
    /// # Errors
    /// As for [`Facts::gather`].
    pub fn learn(&mut self, registry: &Registry, fact: Fact, now: Time) -> Result<(), Problem> {
        let one = Self::gather(registry, [fact], now)?;
        self.by_key.extend(one.by_key);
        Ok(())
    }
    /// The same facts together with what the facility excluded.
    #[must_use]
    pub fn excluding(self, exclusions: Exclusions) -> Self {
        Self { exclusions, ..self }
    }

    /// What the facility excluded.
    pub fn exclusions(&self) -> &Exclusions {
        &self.exclusions
    }

    /// The keys that decide otherwise than they did: new ones, those with another value, and those that no longer count.
    pub fn changed_keys<'a>(&'a self, before: &'a Self) -> BTreeSet<&'a str> {
        let keys = self.by_key.keys().chain(before.by_key.keys());
        let value = |facts: &'a Self, key: &str| facts.by_key.get(key).map(|fact| &fact.value);
        keys.filter(|key| value(self, key) != value(before, key)).map(String::as_str).collect()
    }
}
