//! The engine that decides: the one that is compiled in, with the rule sets of whoever runs it.

use base::Problem;
use guideline::Engine;
use std::sync::OnceLock;

/// The engine, made when it is first needed: starting a server does not wait for it.
#[derive(Debug, Default)]
pub struct Rules {
    engine: OnceLock<Engine>,
}

impl Rules {
    /// The engine.
    ///
    /// # Errors
    /// What is compiled in contradicts itself, which tests rule out.
    pub fn engine(&self) -> Result<&Engine, Problem> {
        if let Some(engine) = self.engine.get() {
            return Ok(engine);
        }
        let engine = guideline::engine()?;
        Ok(self.engine.get_or_init(|| engine))
    }
}
