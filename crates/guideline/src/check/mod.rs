//! Checks: for each requirement the expressions over facts that decide it, and what to do when they fail.

mod evaluate;
mod expression;
mod types;

pub use evaluate::{Known, Outcome};
pub use expression::Expression;

use crate::catalogue::{Catalogue, EvidenceKind, Text};
use crate::codes;
use crate::fact::{FactOrigin, Registry};
use crate::yaml::{self, SourceFile};
use base::Problem;
use serde::Deserialize;
use serde_saphyr::Spanned;
use std::collections::BTreeMap;

/// What decides a requirement.
#[derive(Clone, Debug)]
pub struct Check {
    /// When it is met.
    pub satisfied_when: Expression,
    /// When it is partly met, where it is not met.
    pub partly_when: Option<Expression>,
    /// What to do where it is not met.
    pub remedy: Text,
}

/// The checks of all requirements that do not inherit theirs.
#[derive(Clone, Debug, Default)]
pub struct Checks(BTreeMap<String, Check>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChecksFile {
    format: String,
    checks: Vec<CheckLine>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckLine {
    requirement: String,
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
        let mut all = Self::default();
        for file in files {
            let read: ChecksFile = yaml::read(*file)?;
            if read.format != "akashi-checks/1" {
                return Err(yaml::wrong(file.name, 1, &format!("the format {:?} is not known", read.format)));
            }
            for line in read.checks {
                all.add(*file, line, catalogue, registry)?;
            }
        }
        Ok(all)
    }

    fn add(
        &mut self,
        file: SourceFile<'_>,
        line: CheckLine,
        catalogue: &Catalogue,
        registry: &Registry,
    ) -> Result<(), Problem> {
        let place = line.satisfied_when.referenced.line();
        catalogue.requirement(&line.requirement).map_err(|_| {
            yaml::wrong(file.name, place, &format!("there is no requirement {}", line.requirement))
        })?;
        let expression = |text: &Spanned<String>| {
            Expression::read(&text.value, registry).map_err(|what| {
                Problem::new(&codes::EXPRESSION)
                    .with("file", file.name)
                    .with("line", text.referenced.line())
                    .with("requirement", &line.requirement)
                    .with("what", &what)
                    .log(format!("{}: {what}", line.requirement))
            })
        };
        let check = Check {
            satisfied_when: expression(&line.satisfied_when)?,
            partly_when: line.partly_when.as_ref().map(expression).transpose()?,
            remedy: Text::new(line.remedy_ja, line.remedy_en),
        };
        match self.0.insert(line.requirement.clone(), check) {
            Some(_) => Err(yaml::wrong(file.name, place, &format!("{} is decided twice", line.requirement))),
            None => Ok(()),
        }
    }

    /// The check of a requirement, or of the one it was inherited from.
    pub fn of(&self, catalogue: &Catalogue, requirement: &str) -> Option<&Check> {
        let one = catalogue.requirement(requirement).ok()?;
        self.0.get(&one.id).or_else(|| self.0.get(catalogue.root(one)))
    }

    /// The requirements, of all editions, whose verdict can rest on a key.
    pub fn resting_on<'a>(&self, catalogue: &'a Catalogue, key: &str) -> Vec<&'a str> {
        let rests = |check: &Check| {
            check.satisfied_when.keys().contains(key)
                || check.partly_when.as_ref().is_some_and(|partly| partly.keys().contains(key))
        };
        let all = catalogue.requirements().filter(|one| self.of(catalogue, &one.id).is_some_and(rests));
        all.map(|one| one.id.as_str()).collect()
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
