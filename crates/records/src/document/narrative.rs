//! Narratives made from records: XHTML with everything escaped (FHIR R4, narrative).

use crate::chart::{Changed, Said, Shown};
use base::Language;
use fhir::readable::Line;
use std::fmt::Write as _;

/// A narrative under way.
pub(super) struct Narrative {
    language: Language,
    out: String,
}

impl Narrative {
    pub(super) fn new(language: Language) -> Self {
        Self { language, out: String::new() }
    }

    /// Its length in bytes.
    pub(super) fn len(&self) -> usize {
        self.out.len()
    }

    pub(super) fn paragraph(&mut self, text: &str) {
        self.element("p", text);
    }

    /// Everything of a record: what it is, its lines, each version with who, when, why and what it changed.
    pub(super) fn record(&mut self, shown: &Shown) {
        let title = format!("{} {}", shown.title, shown.date);
        self.element("h3", title.trim());
        if !shown.since.is_empty() {
            self.element("p", &shown.since);
        }
        self.lines(&shown.lines);
        self.version(&shown.newest);
        for version in &shown.older {
            self.version(version);
            self.lines(&version.lines);
        }
    }

    fn version(&mut self, version: &Said) {
        let parts = [version.state.as_str(), version.head.as_str(), self.deleted(version)];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        self.element("p", &parts.join("  "));
        if !version.reason.is_empty() {
            let name = if self.japanese() { "理由" } else { "Reason" };
            self.element("p", &format!("{name}: {}", version.reason));
        }
        if !version.changes.is_empty() {
            self.element("p", &version.against);
            self.list(version.changes.iter().map(change));
        }
    }

    fn deleted(&self, version: &Said) -> &'static str {
        match (version.deleted, self.japanese()) {
            (false, _) => "",
            (true, true) => "この版で削除",
            (true, false) => "deleted by this version",
        }
    }

    fn lines(&mut self, lines: &[Line]) {
        let line = |line: &Line| {
            let indent = "\u{3000}".repeat(usize::from(line.depth));
            match line.value.as_deref() {
                Some(value) => format!("{indent}{}: {value}", line.label),
                None => format!("{indent}{}", line.label),
            }
        };
        self.list(lines.iter().map(line));
    }

    fn list(&mut self, items: impl Iterator<Item = String>) {
        let start = self.out.len();
        self.out.push_str("<ul>");
        let empty = self.out.len();
        for item in items {
            self.element("li", &item);
        }
        if self.out.len() == empty {
            self.out.truncate(start);
        } else {
            self.out.push_str("</ul>");
        }
    }

    fn element(&mut self, name: &str, text: &str) {
        // Writing to a String cannot fail.
        let written = write!(self.out, "<{name}>{}</{name}>", escaped(text));
        debug_assert!(written.is_ok());
    }

    fn japanese(&self) -> bool {
        self.language == Language::Japanese
    }

    /// The whole as the `div` of a narrative.
    pub(super) fn finish(self) -> String {
        let lang = if self.japanese() { "ja" } else { "en" };
        format!(r#"<div xmlns="http://www.w3.org/1999/xhtml" lang="{lang}">{}</div>"#, self.out)
    }
}

fn change(change: &Changed) -> String {
    let values = [change.before.as_deref(), change.after.as_deref()];
    let values: Vec<&str> = values.into_iter().flatten().collect();
    format!("{} ({}): {}", change.what, change.act, values.join(" → "))
}

/// Text for XHTML. Characters that XML cannot hold do not stand in stored strings.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_wrote_stays_text() {
        let mut narrative = Narrative::new(Language::English);
        narrative.paragraph("<script>alert('x & y')</script>");
        assert_eq!(
            narrative.finish(),
            r#"<div xmlns="http://www.w3.org/1999/xhtml" lang="en"><p>&lt;script&gt;alert('x &amp; y')&lt;/script&gt;</p></div>"#
        );
    }
}
