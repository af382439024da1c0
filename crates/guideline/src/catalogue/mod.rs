//! The catalogue: every requirement of every edition, with its place in the official text and how well that was read.

mod build;
mod embedded;
mod links;
pub(crate) mod source;
mod terms;

pub use links::{Dangling, Link, LinkKind};
pub use terms::{Actor, Basis, EvidenceKind, TOPICS};

use crate::codes;
use crate::yaml::SourceFile;
use base::{Language, Problem};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A text in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// 日本語
    pub ja: String,
    /// English
    pub en: String,
}

impl From<(&str, &str)> for Text {
    /// Japanese first.
    fn from((ja, en): (&str, &str)) -> Self {
        Self::new(ja, en)
    }
}

impl Text {
    pub(crate) fn new(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self { ja: ja.into(), en: en.into() }
    }

    /// In one language.
    pub fn of(&self, language: Language) -> &str {
        match language {
            Language::Japanese => &self.ja,
            Language::English => &self.en,
        }
    }
}

/// One requirement of one edition, in our own words.
#[derive(Clone, Debug, PartialEq)]
pub struct Requirement {
    /// Such as `mhlw-6.0/control/13-1`.
    pub id: String,
    /// The edition, such as `mhlw-6.0`.
    pub edition: String,
    /// The part of it, such as `control`.
    pub part: String,
    /// Number of its chapter.
    pub chapter: String,
    /// Its mark as printed; none where that is not known.
    pub item: Option<String>,
    /// A heading of our own.
    pub name: Text,
    /// What is required.
    pub summary: Text,
    /// Who must act.
    pub actors: Vec<Actor>,
    /// What it is about.
    pub topics: Vec<String>,
    /// How it can be shown.
    pub evidence: Vec<EvidenceKind>,
    /// Where the official wording stands.
    pub locator: String,
    /// How well the official wording was read.
    pub basis: Basis,
    /// Requirements of any edition that concern the same.
    pub related: Vec<String>,
    /// The requirement of an earlier edition that it goes back to, and how.
    pub origin: Option<Origin>,
    /// What the reader should know besides.
    pub note: Option<String>,
    /// Which disclosure forms ask it (`MDS`, `SDS`); of the disclosure form only.
    pub forms: Vec<String>,
    /// The group of questions it stands in; of the disclosure form only.
    pub group: Option<String>,
    /// The ways to meet it of which one is to be named; of the disclosure form only.
    pub options: Vec<String>,
    /// The kinds of systems that it is asked of, as the checklists name them; of checklists only.
    pub system_class: Vec<Text>,
    /// By when it should be met, as the checklists write it; of checklists only. A language can be missing.
    pub deadline: Option<Text>,
}

/// How a requirement of an overlay edition came about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nothing is known to differ from this one of the edition before.
    Inherited(String),
    /// It replaces one of the edition before, as these sources report.
    Replaces(String, Reported),
    /// It is new, as these sources report.
    Added(Reported),
}

/// Who reports a change, and how sure that is.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Reported {
    /// The confidence mark: A, B or C; O where the publisher of the edition decided it himself.
    pub mark: String,
    /// The sources, named.
    pub sources: Vec<String>,
}

/// A chapter of a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chapter {
    /// Its number as printed.
    pub number: String,
    /// Its title.
    pub title: Text,
    /// The kinds of facilities that the guideline prints beside it.
    pub facility_types: Vec<String>,
    /// The ids of its requirements.
    pub requirements: Vec<String>,
}

/// A part of an edition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Such as `control`.
    pub name: String,
    /// Its title.
    pub title: Text,
    /// Its chapters in the order of the guideline.
    pub chapters: Vec<Chapter>,
    /// On what our reading rests.
    pub based_on: String,
    /// What could not be read.
    pub gaps: Vec<String>,
    /// Requirements of the edition before that no longer stand.
    pub dropped: Vec<Dropped>,
}

/// A requirement of the edition before that no longer stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dropped {
    /// Its id.
    pub id: String,
    /// Why.
    pub reason: Text,
    /// Who reports it.
    pub reported: Reported,
}

/// An edition of a guideline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edition {
    /// Such as `mhlw-7.0`.
    pub id: String,
    /// Who publishes it.
    pub publisher: String,
    /// When it was published, as far as known.
    pub published: String,
    /// Where it is found.
    pub url: String,
    /// Its parts.
    pub parts: Vec<Part>,
}

impl Edition {
    /// The ids of its requirements in the order of the guideline.
    pub fn requirements(&self) -> impl Iterator<Item = &str> {
        let chapters = self.parts.iter().flat_map(|part| &part.chapters);
        chapters.flat_map(|chapter| chapter.requirements.iter().map(String::as_str))
    }
}

/// An example of what can go wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// Such as `meti-mic-2.0/risk/rs-01`.
    pub id: String,
    /// A heading.
    pub name: Text,
    /// What happens.
    pub summary: Text,
    /// What it concerns.
    pub concerns: Text,
    /// Letters of STRIDE.
    pub stride: Vec<String>,
    /// `confidentiality`, `integrity`, `availability`.
    pub harms: Vec<String>,
    /// Requirements that help against it.
    pub related: Vec<String>,
    /// Where it comes from.
    pub locator: String,
    /// How well that was read.
    pub basis: Basis,
}

/// Everything that is asked.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    editions: BTreeMap<String, Edition>,
    requirements: BTreeMap<String, Requirement>,
    scenarios: BTreeMap<String, Scenario>,
    links: Vec<Link>,
}

impl Catalogue {
    /// Reads a catalogue from its files, in any order.
    ///
    /// # Errors
    /// A file is not of its form, or the files contradict each other: nothing is taken over.
    pub fn read(files: &[SourceFile<'_>]) -> Result<Self, Problem> {
        Self::default().and(files)
    }

    /// The same catalogue with the parts of more files.
    pub(crate) fn and(self, files: &[SourceFile<'_>]) -> Result<Self, Problem> {
        build::extended(self, files)
    }

    /// The editions by their ids.
    pub fn editions(&self) -> impl Iterator<Item = &Edition> {
        self.editions.values()
    }

    /// An edition.
    ///
    /// # Errors
    /// There is none of this id.
    pub fn edition(&self, id: &str) -> Result<&Edition, Problem> {
        self.editions.get(id).ok_or_else(|| {
            let known: Vec<&str> = self.editions.keys().map(String::as_str).collect();
            Problem::new(&codes::EDITION).with("edition", id).with("known", known.join(", "))
        })
    }

    /// A requirement.
    ///
    /// # Errors
    /// There is none of this id.
    pub fn requirement(&self, id: &str) -> Result<&Requirement, Problem> {
        let absent = || Problem::new(&codes::REQUIREMENT).with("requirement", id);
        self.requirements.get(id).ok_or_else(absent)
    }

    /// All requirements by their ids.
    pub fn requirements(&self) -> impl Iterator<Item = &Requirement> {
        self.requirements.values()
    }

    /// The scenarios of risk by their ids.
    pub fn scenarios(&self) -> impl Iterator<Item = &Scenario> {
        self.scenarios.values()
    }

    /// Everything that one requirement has to do with another.
    pub fn links(&self) -> &[Link] {
        &self.links
    }

    /// The requirement from which an inherited one takes its checks: itself, or the one that stands unchanged.
    pub fn root<'a>(&'a self, requirement: &'a Requirement) -> &'a str {
        match &requirement.origin {
            Some(Origin::Inherited(from)) => {
                self.requirements.get(from).map_or(from.as_str(), |earlier| self.root(earlier))
            }
            _ => &requirement.id,
        }
    }
}

/// The files that are compiled in.
pub(crate) fn embedded() -> &'static [SourceFile<'static>] {
    embedded::FILES
}
