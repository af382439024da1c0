//! The law in force at a facility, which can be replaced while it is in use.

use super::Law;
use std::sync::{Arc, PoisonError, RwLock};

/// The law in force at a facility, which can be replaced while it is in use.
#[derive(Clone, Debug)]
pub struct InForce(Arc<RwLock<Arc<Law>>>);

impl InForce {
    /// Puts a law in force.
    pub fn new(law: Law) -> Self {
        Self(Arc::new(RwLock::new(Arc::new(law))))
    }

    /// The law at this moment. Whoever decides several times for one request asks once.
    pub fn law(&self) -> Arc<Law> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts another law in force.
    pub fn replace(&self, law: Law) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(law);
    }
}
