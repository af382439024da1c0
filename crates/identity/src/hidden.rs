//! Secrets on their way in: read from JSON straight into [`Secret`], written only where a command line sends one on.

use base::Secret;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A secret text that JSON can carry.
#[derive(Clone, Debug)]
pub struct Hidden(Secret<String>);

impl Hidden {
    /// Hides a text.
    pub fn new(text: String) -> Self {
        Self(Secret::new(text))
    }

    /// The secret.
    pub fn secret(&self) -> &Secret<String> {
        &self.0
    }

    /// The text itself. The caller answers for where it goes.
    pub fn reveal(&self) -> &str {
        self.0.reveal()
    }
}

impl<'de> Deserialize<'de> for Hidden {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

impl Serialize for Hidden {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.reveal())
    }
}
