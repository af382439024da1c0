//! Who acts, as the journal names them: a kind and an id, never a person's name.

use serde::{Deserialize, Serialize};

/// What kind of actor it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ActorKind {
    /// Akashi itself or a command run by its operator.
    System,
    /// A program with an account of its own.
    Service,
    /// A human being.
    Person,
    /// A machine such as an analyser or a tablet.
    Device,
    /// Somebody who has not said who they are, or has not shown it.
    Unknown,
}

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// What kind of actor it is.
    pub kind: ActorKind,
    /// The account's id.
    pub id: String,
}

impl Actor {
    /// Names an actor.
    pub fn new(kind: ActorKind, id: impl Into<String>) -> Self {
        Self { kind, id: id.into() }
    }

    /// Nobody who is known.
    pub fn unknown() -> Self {
        Self::new(ActorKind::Unknown, "unknown")
    }
}
