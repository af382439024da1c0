//! What happened to a patient: who it is, which visits there were, what was measured.

pub(crate) mod measure;
pub(crate) mod person;
pub(crate) mod timeline;
pub(crate) mod visit;
