//! The scale by which risks are rated: what each grade means, which level follows, and what a level allows.

use super::words::{CountermeasureKind, Level};
use crate::catalogue::Text;
use crate::yaml::{self, SourceFile};
use base::Problem;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The highest grade.
const GRADE_MAX: u8 = 5;

/// A grade of likelihood or of impact, from 1 to 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Grade(u8);

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl Grade {
    /// A grade; none outside of 1 to 5.
    pub fn new(grade: u8) -> Option<Self> {
        (1..=GRADE_MAX).contains(&grade).then_some(Self(grade))
    }

    /// All of them, the lowest first.
    pub fn all() -> impl Iterator<Item = Self> {
        (1..=GRADE_MAX).map(Self)
    }

    fn place(self) -> usize {
        usize::from(self.0).saturating_sub(1)
    }
}

impl TryFrom<u8> for Grade {
    type Error = &'static str;

    fn try_from(grade: u8) -> Result<Self, Self::Error> {
        Self::new(grade).ok_or("a grade is from 1 to 5")
    }
}

impl From<Grade> for u8 {
    fn from(grade: Grade) -> Self {
        grade.0
    }
}

/// How likely and how bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// How likely.
    pub likelihood: Grade,
    /// How bad.
    pub impact: Grade,
}

impl Extent {
    /// Whether neither is higher than there.
    pub fn within(self, other: Self) -> bool {
        self.likelihood <= other.likelihood && self.impact <= other.impact
    }

    /// Whether nothing lower can be said.
    pub fn is_least(self) -> bool {
        self.likelihood == Grade(1) && self.impact == Grade(1)
    }
}

/// What a grade of likelihood means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Likelihood {
    /// Its name.
    pub name: Text,
    /// By what it is told.
    pub means: Text,
}

/// What a grade of impact means: the highest of the three decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Impact {
    /// Its name.
    pub name: Text,
    /// For the safety of patients, and for records being right.
    pub safety: Text,
    /// For what must be kept from others.
    pub confidentiality: Text,
    /// For care going on.
    pub availability: Text,
}

/// Which treatments need an executive's approval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NeedsApproval {
    /// Accepting.
    Accepting,
    /// Every one.
    Always,
}

/// What a level means for what may be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevelRule {
    /// Its name.
    pub name: Text,
    /// The rule in words.
    pub rule: Text,
    /// Whether such a risk may be accepted, or be what a treatment leaves.
    pub may_remain: bool,
    /// Which treatments that leave it need an approval.
    pub approval: NeedsApproval,
    /// Within how many days of its planning a treatment is to be in force.
    pub due_days_max: u32,
    /// After how many days it is looked at again at the latest.
    pub review_days_max: u32,
}

/// What a kind of countermeasure means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindOfMeasure {
    /// The kind.
    pub kind: CountermeasureKind,
    /// Its name.
    pub name: Text,
    /// How it works.
    pub means: Text,
}

/// The scale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scale {
    likelihood: [Likelihood; 5],
    impact: [Impact; 5],
    /// By likelihood, then impact.
    matrix: [[Level; 5]; 5],
    /// In the order of [`Level::ALL`].
    levels: [LevelRule; 4],
    measures: [KindOfMeasure; 3],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScaleFile {
    format: String,
    likelihood: Vec<LikelihoodLine>,
    impact: Vec<ImpactLine>,
    matrix: Vec<MatrixLine>,
    levels: Vec<LevelLine>,
    countermeasures: Vec<MeasureLine>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LikelihoodLine {
    grade: u8,
    ja: String,
    en: String,
    means_ja: String,
    means_en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ImpactLine {
    grade: u8,
    ja: String,
    en: String,
    safety_ja: String,
    safety_en: String,
    confidentiality_ja: String,
    confidentiality_en: String,
    availability_ja: String,
    availability_en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MatrixLine {
    likelihood: u8,
    levels: [Level; 5],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LevelLine {
    level: Level,
    ja: String,
    en: String,
    may_remain: bool,
    approval: NeedsApproval,
    due_days_max: u32,
    review_days_max: u32,
    rule_ja: String,
    rule_en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MeasureLine {
    kind: CountermeasureKind,
    ja: String,
    en: String,
    means_ja: String,
    means_en: String,
}

impl Scale {
    /// Reads a scale: every grade, every level and every kind once and in order, a matrix that never falls.
    ///
    /// # Errors
    /// The file is not of its form.
    pub fn read(file: SourceFile<'_>) -> Result<Self, Problem> {
        let read: ScaleFile = yaml::read(file)?;
        if read.format != "akashi-risk-scale/1" {
            return Err(yaml::wrong(file.name, 1, &format!("the format {:?} is not known", read.format)));
        }
        let grades = |found: Vec<u8>, what: &str| {
            if found.iter().copied().eq(1..=GRADE_MAX) {
                return Ok(());
            }
            Err(yaml::wrong(file.name, 1, &format!("the grades of {what} are not 1, 2, 3, 4, 5")))
        };
        grades(read.likelihood.iter().map(|line| line.grade).collect(), "likelihood")?;
        grades(read.impact.iter().map(|line| line.grade).collect(), "impact")?;
        grades(read.matrix.iter().map(|line| line.likelihood).collect(), "matrix")?;
        let lacks = |what: &str| yaml::wrong(file.name, 1, &format!("{what}: not each once, in order"));
        if !read.levels.iter().map(|line| &line.level).eq(Level::ALL) {
            return Err(lacks("levels"));
        }
        if !read.countermeasures.iter().map(|line| &line.kind).eq(CountermeasureKind::ALL) {
            return Err(lacks("countermeasures"));
        }
        let scale = Self {
            likelihood: exactly(read.likelihood, LikelihoodLine::made).ok_or_else(|| lacks("likelihood"))?,
            impact: exactly(read.impact, ImpactLine::made).ok_or_else(|| lacks("impact"))?,
            matrix: exactly(read.matrix, |line| line.levels).ok_or_else(|| lacks("matrix"))?,
            levels: exactly(read.levels, LevelLine::made).ok_or_else(|| lacks("levels"))?,
            measures: exactly(read.countermeasures, MeasureLine::made)
                .ok_or_else(|| lacks("countermeasures"))?,
        };
        if scale.falls() {
            return Err(yaml::wrong(file.name, 1, "the matrix falls where likelihood or impact rises"));
        }
        Ok(scale)
    }

    /// What a grade of likelihood means.
    pub fn likelihood(&self, grade: Grade) -> Option<&Likelihood> {
        self.likelihood.get(grade.place())
    }

    /// What a grade of impact means.
    pub fn impact(&self, grade: Grade) -> Option<&Impact> {
        self.impact.get(grade.place())
    }

    /// The level of a risk. (Grades are from 1 to 5, so that there always is one; if there were none, it would be critical.)
    pub fn level(&self, extent: Extent) -> Level {
        let row = self.matrix.get(extent.likelihood.place());
        row.and_then(|row| row.get(extent.impact.place())).copied().unwrap_or(Level::Critical)
    }

    /// What a level allows.
    pub fn rule(&self, level: Level) -> &LevelRule {
        let [low, middle, high, critical] = &self.levels;
        match level {
            Level::Low => low,
            Level::Middle => middle,
            Level::High => high,
            Level::Critical => critical,
        }
    }

    /// The kinds of countermeasures.
    pub fn measures(&self) -> &[KindOfMeasure] {
        &self.measures
    }

    /// Whether a higher likelihood or impact anywhere gives a lower level.
    fn falls(&self) -> bool {
        let at = |likelihood, impact| self.level(Extent { likelihood, impact });
        let up = |grade: Grade| Grade::new(grade.0.saturating_add(1)).unwrap_or(grade);
        Grade::all().any(|likelihood| {
            Grade::all().any(|impact| {
                let here = at(likelihood, impact);
                at(up(likelihood), impact) < here || at(likelihood, up(impact)) < here
            })
        })
    }
}

fn exactly<L, T, const N: usize>(lines: Vec<L>, made: impl Fn(L) -> T) -> Option<[T; N]> {
    lines.into_iter().map(made).collect::<Vec<T>>().try_into().ok()
}

impl LikelihoodLine {
    fn made(self) -> Likelihood {
        Likelihood { name: Text::new(self.ja, self.en), means: Text::new(self.means_ja, self.means_en) }
    }
}

impl ImpactLine {
    fn made(self) -> Impact {
        Impact {
            name: Text::new(self.ja, self.en),
            safety: Text::new(self.safety_ja, self.safety_en),
            confidentiality: Text::new(self.confidentiality_ja, self.confidentiality_en),
            availability: Text::new(self.availability_ja, self.availability_en),
        }
    }
}

impl LevelLine {
    fn made(self) -> LevelRule {
        LevelRule {
            name: Text::new(self.ja, self.en),
            rule: Text::new(self.rule_ja, self.rule_en),
            may_remain: self.may_remain,
            approval: self.approval,
            due_days_max: self.due_days_max,
            review_days_max: self.review_days_max,
        }
    }
}

impl MeasureLine {
    fn made(self) -> KindOfMeasure {
        KindOfMeasure {
            kind: self.kind,
            name: Text::new(self.ja, self.en),
            means: Text::new(self.means_ja, self.means_en),
        }
    }
}
