//! The engine as it is compiled in: catalogue, registry and checks that fit each other.

use crate::catalogue::{self, Catalogue};
use crate::check::Checks;
use crate::fact::Registry;
use crate::responsibility::Disclosure;
use crate::template::Template;
use crate::yaml::SourceFile;
use base::Problem;
use std::sync::OnceLock;

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        &[$(SourceFile { name: $name, text: include_str!(concat!("../catalogue/", $name)) }),*]
    };
}

/// Keys of facts, kinds of documents, questions.
static REGISTRY: &[SourceFile<'static>] = files![
    "facts.yaml",
    "documents.yaml",
    "questions/of-several.yaml",
    "questions/control.yaml",
    "questions/management.yaml",
    "questions/provider.yaml",
    "questions/disclosure.yaml",
    "questions/checklist.yaml",
    "questions/edition-7.yaml",
];

/// Expressions.
static CHECKS: &[SourceFile<'static>] = files![
    "checks/mhlw-6.0-governance.yaml",
    "checks/mhlw-6.0-management.yaml",
    "checks/mhlw-6.0-control.yaml",
    "checks/mhlw-6.0-three-principles.yaml",
    "checks/mhlw-7.0.yaml",
    "checks/meti-mic-2.0-provider.yaml",
    "checks/checklists.yaml",
    "checks/jahis-sds-5.0.yaml",
];

/// What cloud operators answer for, as far as it follows from our list of their services.
static DISCLOSURES: &[SourceFile<'static>] =
    files!["disclosures/aws.yaml", "disclosures/azure.yaml", "disclosures/google.yaml"];

/// The disclosures that are compiled in: one of each cloud operator.
///
/// # Errors
/// What is compiled in contradicts the catalogue, which tests rule out.
pub fn disclosures(catalogue: &Catalogue) -> Result<Vec<Disclosure>, Problem> {
    DISCLOSURES.iter().map(|file| Disclosure::read(*file, catalogue)).collect()
}

/// What is required, what can be known, and how the one follows from the other.
#[derive(Clone, Debug)]
pub struct Engine {
    /// What is required.
    pub catalogue: Catalogue,
    /// What can be known.
    pub registry: Registry,
    /// What decides.
    pub checks: Checks,
}

/// The engine that is compiled in. It is read once in a process: what is compiled in does not change.
///
/// # Errors
/// What is compiled in contradicts itself, which tests rule out.
pub fn engine() -> Result<Engine, Problem> {
    static COMPILED: OnceLock<Result<Engine, Problem>> = OnceLock::new();
    COMPILED.get_or_init(read).clone()
}

fn read() -> Result<Engine, Problem> {
    let catalogue = Catalogue::read(catalogue::embedded())?;
    let registry = Registry::read(REGISTRY)?;
    let checks = Checks::read(CHECKS, &catalogue, &registry)?;
    Template::all().iter().try_for_each(|template| template.check(&registry))?;
    Ok(Engine { catalogue, registry, checks })
}
