//! What a report is made of, gathered by whoever asks for it.

use crate::paper::{FORMAT, Paper, Section};
use base::{Language, Time};
use guideline::risk::{Method, Register};
use guideline::{Assessment, Day, Disclosure, Engine, Fact, Matrix, Moment, Side, Text, Verdict};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Everything that is known for a report.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// What is required.
    pub engine: &'a Engine,
    /// In which language.
    pub language: Language,
    /// What the facility is called.
    pub facility: &'a str,
    /// The edition that the report answers.
    pub edition: &'a str,
    /// For whom.
    pub side: Option<Side>,
    /// The version of the program.
    pub program: &'a str,
    /// As of when: not before anything that is given here.
    pub as_of: Time,
    /// Whether it tells of a moment that is past, of which responsibilities and risks are not known any more.
    pub is_past: bool,
    /// The assessments that the form asks for (`Form::assessed`), in that order.
    pub judged: &'a [Judged],
    /// How the first of them went over time: when, and how many requirements had which verdict; the oldest first.
    pub history: &'a [(Moment, BTreeMap<Verdict, usize>)],
    /// Who answers for what; none where it was not asked for or cannot be composed.
    pub matrix: Option<&'a Matrix>,
    /// What this system answers for, by its own facts.
    pub own: Option<&'a Disclosure>,
    /// The risk register with its method.
    pub risks: Option<(&'a Register, &'a Method)>,
    /// The register of documents, of those that stand.
    pub documents: &'a [DocumentLine],
    /// By when requirements are to be met, as the facility set it.
    pub targets: &'a [TargetLine],
    /// What the kept check of the site came to; none where no check is kept.
    pub site: Option<&'a SiteShown>,
}

/// An assessment as it stands in the journal.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// The verdicts.
    pub assessment: Assessment,
    /// The facts that they rest on.
    pub facts: Vec<Fact>,
    /// When it was made.
    pub at: Moment,
    /// Where it stands in the journal; none as long as nobody keeps it.
    pub position: Option<u64>,
}

/// A document of the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentLine {
    /// The kind, such as `network_diagram`.
    pub kind: String,
    /// Its title.
    pub title: String,
    /// Its version, as it says itself.
    pub version: String,
    /// Who keeps it up to date.
    pub owner: String,
    /// Who approved it and when; none as long as nobody has.
    pub approved: Option<(String, Day)>,
    /// The day by which it must be looked at again.
    pub review_on: Day,
    /// Where it stands in the journal.
    pub position: u64,
}

/// By when a requirement is to be met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetLine {
    /// The requirement.
    pub requirement: String,
    /// Who sees to it.
    pub owner: String,
    /// By when.
    pub due: Day,
}

/// A kept check of the site as reports show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteShown {
    /// When it was kept.
    pub at: Moment,
    /// Where in the journal.
    pub position: u64,
    /// The files that were read, with their SHA-256.
    pub sources: Vec<(String, String)>,
    /// How many findings say that something is violated, and how many could not be decided.
    pub violated: u64,
    /// How many findings could not be decided.
    pub undecided: u64,
    /// The network as SVG, in both languages; none where an earlier program kept the check.
    pub picture: Option<Text>,
    /// Open paths to the records; none where an earlier program kept the check, which is not the same as no path.
    pub open_paths: Option<Vec<OpenPath>>,
}

/// A path by which somebody gets to the records who should not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenPath {
    /// From where to where.
    pub title: Text,
    /// The hops in their order.
    pub hops: Vec<Text>,
    /// What would cut it; empty where nothing single does.
    pub cuts: Vec<Text>,
}

impl<'a> Given<'a> {
    /// A text in the language of the report.
    pub(super) fn say<'t>(&self, ja: &'t str, en: &'t str) -> &'t str {
        match self.language {
            Language::Japanese => ja,
            Language::English => en,
        }
    }

    /// The assessment of an edition, when it is given.
    pub(super) fn judged_of(&self, edition: &str) -> Option<&'a Judged> {
        self.judged.iter().find(|one| one.assessment.edition == edition)
    }

    /// A paper with what all of them carry.
    pub(super) fn paper(&self, kind: &str, title: &str, subtitle: &str, sections: Vec<Section>) -> Paper {
        Paper {
            format: FORMAT,
            kind: kind.to_owned(),
            edition: Some(self.edition.to_owned()),
            language: self.language,
            title: title.to_owned(),
            subtitle: subtitle.to_owned(),
            facility: self.facility.to_owned(),
            version: 0,
            as_of: Moment(self.as_of),
            program: self.program.to_owned(),
            positions: self.judged.iter().filter_map(|one| one.position).collect(),
            sections,
        }
    }
}
