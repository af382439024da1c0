//! What a browser says it is, made fit to be shown in the list of sessions.

use serde::{Deserialize, Serialize};

/// Longest text kept, in characters.
const CHARS_MAX: usize = 200;

/// The `User-Agent` of a login: at most 200 characters, without control characters and without the invisible ones that
/// turn or hide text. It is what the client claims, and nothing is decided by it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Agent(Box<str>);

impl Agent {
    /// Keeps what is fit to be shown.
    pub fn new(text: &str) -> Self {
        Self(text.trim().chars().filter(|&c| shown(c)).take(CHARS_MAX).collect())
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Neither a control character nor one that changes the direction of text or has no width.
fn shown(c: char) -> bool {
    let invisible =
        matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}');
    !c.is_control() && !invisible
}

impl From<String> for Agent {
    fn from(text: String) -> Self {
        Self::new(&text)
    }
}

impl From<Agent> for String {
    fn from(agent: Agent) -> Self {
        agent.0.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agent_is_short_and_has_nothing_hidden() {
        assert_eq!(
            Agent::new(" Browser/1.0 (端末)\r\n\u{1b}[31m\u{202e}x\u{0}\u{85}").as_str(),
            "Browser/1.0 (端末)[31mx"
        );
        assert_eq!(Agent::new(&"あ".repeat(10_000)).as_str().chars().count(), CHARS_MAX);
    }
}
