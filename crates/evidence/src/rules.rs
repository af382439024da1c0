//! The engine that decides: the one that is compiled in, with the rules of whoever runs it.

use base::Problem;
use guideline::risk::Method;
use guideline::{Disclosure, Engine, SourceFolder};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::OnceLock;

/// The engine, made when it is first needed: starting a server does not wait for it.
#[derive(Debug, Default)]
pub struct Rules {
    folder: Option<PathBuf>,
    engine: OnceLock<Engine>,
    method: OnceLock<Method>,
    /// For each key on which a verdict can rest, how many requirements of all editions do.
    resting: OnceLock<BTreeMap<String, usize>>,
    disclosures: OnceLock<Vec<Disclosure>>,
}

impl Rules {
    /// With the rules of a folder, if there is one.
    pub fn new(folder: Option<PathBuf>) -> Self {
        Self { folder, ..Self::default() }
    }

    /// Whether there are rules that may be wrong: who starts a server wants to know at once.
    pub fn are_own(&self) -> bool {
        self.folder.is_some()
    }

    /// The engine.
    ///
    /// # Errors
    /// A rule of the folder is not of its form or contradicts another: none of them is taken over, and nothing is decided.
    pub fn engine(&self) -> Result<&Engine, Problem> {
        if let Some(engine) = self.engine.get() {
            return Ok(engine);
        }
        let engine = match &self.folder {
            Some(folder) => Engine::with(&SourceFolder::read(folder)?.files())?,
            None => guideline::engine()?,
        };
        Ok(self.engine.get_or_init(|| engine))
    }

    /// How many requirements, of all editions, have a verdict that can rest on a key: counted once, since the engine stays.
    ///
    /// # Errors
    /// As for [`Rules::engine`].
    pub(crate) fn resting_on(&self, key: &str) -> Result<usize, Problem> {
        let engine = self.engine()?;
        let counted = self.resting.get_or_init(|| engine.checks.resting(&engine.catalogue));
        Ok(counted.get(key).copied().unwrap_or(0))
    }

    /// The disclosures that are built in, read once.
    ///
    /// # Errors
    /// As for [`Rules::engine`]; one of them does not fit the catalogue.
    pub(crate) fn disclosures(&self) -> Result<&[Disclosure], Problem> {
        if let Some(known) = self.disclosures.get() {
            return Ok(known);
        }
        let read = guideline::disclosures(&self.engine()?.catalogue)?;
        Ok(self.disclosures.get_or_init(|| read))
    }

    /// How risks are found and rated.
    ///
    /// # Errors
    /// As for [`Rules::engine`].
    pub fn method(&self) -> Result<&Method, Problem> {
        if let Some(method) = self.method.get() {
            return Ok(method);
        }
        let method = Method::builtin(&self.engine()?.catalogue)?;
        Ok(self.method.get_or_init(|| method))
    }
}
