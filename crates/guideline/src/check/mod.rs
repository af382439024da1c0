//! Checks: for each requirement the expressions over facts that decide it, and what to do when they fail.

mod evaluate;
mod expression;
mod lacking;
mod types;

pub use evaluate::{Known, Outcome};
pub use expression::Expression;

use crate::catalogue::{Catalogue, EvidenceKind, Requirement, Text};
use crate::codes;
use crate::fact::{FactOrigin, Registry};
use crate::yaml::{self, SourceFile};
use base::Problem;
use serde::Deserialize;
use serde_saphyr::Spanned;
use std::collections::{BTreeMap, BTreeSet};

/// What decides a requirement.
#[derive(Clone, Debug)]
pub struct Check {
    /// When it does not apply, since there is no such thing here.
    pub not_applicable_when: Option<Expression>,
    /// When it is met.
    pub satisfied_when: Expression,
    /// When it is partly met, where it is not met.
    pub partly_when: Option<Expression>,
    /// What to do where it is not met.
    pub remedy: Text,
}

impl Check {
    /// The keys of all facts that bear on it.
    pub fn keys(&self) -> BTreeSet<&str> {
        let others = self.not_applicable_when.iter().chain(&self.partly_when);
        let all = std::iter::once(&self.satisfied_when).chain(others);
        all.flat_map(|expression| expression.keys().iter().map(String::as_str)).collect()
    }
}

/// The checks of all requirements that do not inherit theirs.
#[derive(Clone, Debug, Default)]
pub struct Checks {
    by_requirement: BTreeMap<String, Check>,
    /// For each key the requirements whose own expressions name it.
    by_key: BTreeMap<String, BTreeSet<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChecksFile {
    format: String,
    checks: Vec<CheckLine>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckLine {
    requirement: Spanned<String>,
    not_applicable_when: Option<Spanned<String>>,
    satisfied_when: Spanned<String>,
    partly_when: Option<Spanned<String>>,
    remedy_ja: String,
    remedy_en: String,
}

impl Checks {
    /// Reads checks, each expression held against the registry and the catalogue.
    ///
    /// # Errors
    /// A file is not of its form, an expression does not fit, a requirement does not exist or is decided twice.
    pub fn read(
        files: &[SourceFile<'_>],
        catalogue: &Catalogue,
        registry: &Registry,
    ) -> Result<Self, Problem> {
        Self::default().and(files, catalogue, registry)
    }

    /// The same checks with those of more files.
    pub(crate) fn and(
        mut self,
        files: &[SourceFile<'_>],
        catalogue: &Catalogue,
        registry: &Registry,
    ) -> Result<Self, Problem> {
        for file in files {
            for line in lines(*file)? {
                self.add(*file, line, catalogue, registry)?;
            }
        }
        Ok(self)
    }

    /// The requirements that a file decides, each with its line.
    pub(crate) fn requirements(file: SourceFile<'_>) -> Result<Vec<(String, u64)>, Problem> {
        let named = |line: CheckLine| (line.requirement.value, line.requirement.referenced.line());
        Ok(lines(file)?.into_iter().map(named).collect())
    }

    fn add(
        &mut self,
        file: SourceFile<'_>,
        line: CheckLine,
        catalogue: &Catalogue,
        registry: &Registry,
    ) -> Result<(), Problem> {
        let (id, place) = (line.requirement.value.clone(), line.requirement.referenced.line());
        catalogue
            .requirement(&id)
            .map_err(|_| yaml::wrong(file.name, place, &format!("there is no requirement {id}")))?;
        let expression = |text: &Spanned<String>| {
            Expression::read(&text.value, registry).map_err(|what| {
                Problem::new(&codes::EXPRESSION)
                    .with("file", file.name)
                    .with("line", text.referenced.line())
                    .with("requirement", &id)
                    .with("what", &what)
                    .log(format!("{id}: {what}"))
            })
        };
        let check = Check {
            not_applicable_when: line.not_applicable_when.as_ref().map(expression).transpose()?,
            satisfied_when: expression(&line.satisfied_when)?,
            partly_when: line.partly_when.as_ref().map(expression).transpose()?,
            remedy: Text::new(line.remedy_ja, line.remedy_en),
        };
        for key in check.keys() {
            self.by_key.entry(key.to_owned()).or_default().insert(id.clone());
        }
        match self.by_requirement.insert(id.clone(), check) {
            Some(_) => Err(yaml::wrong(file.name, place, &format!("{id} is decided twice"))),
            None => Ok(()),
        }
    }

    /// The check of a requirement, or of the one it was inherited from.
    pub fn of(&self, catalogue: &Catalogue, requirement: &str) -> Option<&Check> {
        let one = catalogue.requirement(requirement).ok()?;
        self.by_requirement.get(self.decided_under(catalogue, one)?)
    }

    /// The id under which a requirement is decided: its own, or that of the one it was inherited from.
    pub(crate) fn decided_under<'a>(
        &self,
        catalogue: &'a Catalogue,
        requirement: &'a Requirement,
    ) -> Option<&'a str> {
        let ids = [requirement.id.as_str(), catalogue.root(requirement)];
        ids.into_iter().find(|id| self.by_requirement.contains_key(*id))
    }

    /// The requirements whose own expressions name a key.
    pub(crate) fn naming(&self, key: &str) -> impl Iterator<Item = &str> {
        self.by_key.get(key).into_iter().flatten().map(String::as_str)
    }

    /// All checks, each with the requirement that it was written for.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Check)> {
        self.by_requirement.iter().map(|(id, check)| (id.as_str(), check))
    }

    /// The requirements, of all editions, whose verdict can rest on a key.
    pub fn resting_on<'a>(&self, catalogue: &'a Catalogue, key: &str) -> Vec<&'a str> {
        let Some(naming) = self.by_key.get(key) else { return Vec::new() };
        let rests =
            |one: &&Requirement| self.decided_under(catalogue, one).is_some_and(|id| naming.contains(id));
        catalogue.requirements().filter(rests).map(|one| one.id.as_str()).collect()
    }

    /// For each key that a check names, how many requirements of all editions have a verdict that can rest on it.
    pub fn resting(&self, catalogue: &Catalogue) -> BTreeMap<String, usize> {
        let mut under: BTreeMap<&str, usize> = BTreeMap::new();
        for requirement in catalogue.requirements() {
            if let Some(id) = self.decided_under(catalogue, requirement) {
                let count: &mut usize = under.entry(id).or_default();
                *count = count.saturating_add(1);
            }
        }
        let count = |ids: &BTreeSet<String>| {
            ids.iter()
                .filter_map(|id| under.get(id.as_str()))
                .fold(0_usize, |sum, one| sum.saturating_add(*one))
        };
        self.by_key.iter().map(|(key, ids)| (key.clone(), count(ids))).collect()
    }

    /// Requirements that nothing decides, and those that a running system could show but none of whose facts is of one.
    pub fn unreachable<'a>(&self, catalogue: &'a Catalogue) -> Vec<&'a str> {
        let open = catalogue.requirements().filter(|one| {
            let Some(check) = self.of(catalogue, &one.id) else { return true };
            let live = |key: &String| FactOrigin::of_key(key) == Some(FactOrigin::Runtime);
            one.evidence.contains(&EvidenceKind::Runtime) && !check.satisfied_when.keys().iter().any(live)
        });
        open.map(|one| one.id.as_str()).collect()
    }
}

fn lines(file: SourceFile<'_>) -> Result<Vec<CheckLine>, Problem> {
    let read: ChecksFile = yaml::read(file)?;
    match read.format.as_str() {
        "akashi-checks/1" => Ok(read.checks),
        other => Err(yaml::wrong(file.name, 1, &format!("the format {other:?} is not known"))),
    }
}
