//! The narrative (`text.div`): a strict subset of XHTML, so that showing it can never run anything.
//!
//! What FHIR R4 allows stands in `rules`, invariant txt-1 of Narrative. The reader in `xml` is our own: a general XML
//! reader accepts comments, CDATA sections and entities that a browser's HTML reader understands differently, and such
//! differences are how script slips past a filter. Here, what is not in the narrow grammar is refused.

mod rules;
mod xml;

use crate::codes::narrative as codes;
use base::Code;
use std::borrow::Cow;
use xml::{Attribute, Fault, Reader, Token};

/// The namespace of XHTML.
const XHTML: &str = "http://www.w3.org/1999/xhtml";
/// Most findings in one narrative.
const FINDINGS_MAX: usize = 10;

/// Something a narrative may not hold.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) code: &'static Code,
    /// Element, attribute or entity it is about.
    pub(crate) name: String,
    /// Place in the text, counted in characters from 1.
    pub(crate) at: usize,
}

/// Everything wrong with a narrative, up to a fault in the XML or the tenth finding.
pub(crate) fn check(text: &str) -> Vec<Finding> {
    let mut check = Check { text, open: Vec::new(), rooted: false, findings: Vec::new() };
    let mut reader = Reader::new(text);
    while check.findings.len() < FINDINGS_MAX {
        let at = reader.offset();
        match reader.next() {
            Ok(Some(token)) => {
                if !check.token(&token, at) {
                    return check.findings;
                }
            }
            Ok(None) => {
                check.end();
                break;
            }
            Err(fault) => {
                check.fault(&fault);
                break;
            }
        }
    }
    check.findings
}

/// True when a narrative shows something: text that is more than white space, or an image (invariant txt-2).
pub(crate) fn says_something(text: &str) -> bool {
    let mut reader = Reader::new(text);
    while let Ok(Some(token)) = reader.next() {
        let shows = match token {
            Token::Text(text) => !xml::decoded(text).trim_ascii().is_empty(),
            Token::Open { name, attributes, .. } => {
                name == "img" && attributes.iter().any(|attribute| attribute.name == "src")
            }
            Token::Close(_) | Token::Comment => false,
        };
        if shows {
            return true;
        }
    }
    false
}

struct Check<'t> {
    text: &'t str,
    /// Elements open at the moment.
    open: Vec<&'t str>,
    /// The root has been seen.
    rooted: bool,
    findings: Vec<Finding>,
}

impl<'t> Check<'t> {
    /// Judges one token; `false` when nothing after it can be judged.
    fn token(&mut self, token: &Token<'t>, at: usize) -> bool {
        match token {
            Token::Text(text) => {
                let stray = self.open.is_empty() && !text.trim_ascii().is_empty();
                stray.then(|| self.find(&codes::ROOT, "div", at)).is_none()
            }
            Token::Comment => {
                let stray = self.open.is_empty();
                stray.then(|| self.find(&codes::ROOT, "div", at)).is_none()
            }
            Token::Close(name) => {
                let matches = self.open.pop() == Some(*name);
                (!matches).then(|| self.find(&codes::NOT_XML, name, at)).is_none()
            }
            Token::Open { name, attributes, closed } => self.open(name, attributes, *closed, at),
        }
    }

    fn open(&mut self, name: &'t str, attributes: &[Attribute<'t>], closed: bool, at: usize) -> bool {
        if self.open.is_empty() && (self.rooted || !is_root(name, attributes)) {
            self.find(&codes::ROOT, name, at);
            return false;
        }
        self.rooted = true;
        if let Some(code) = rules::element(name) {
            self.find(code, name, at);
        }
        for attribute in attributes {
            if let Some(code) = rules::attribute(name, attribute.name, &xml::decoded(attribute.value)) {
                self.find(code, attribute.name, attribute.start);
            }
        }
        if !closed {
            self.open.push(name);
        }
        true
    }

    fn end(&mut self) {
        if !self.open.is_empty() {
            self.find(&codes::NOT_XML, "", self.text.len());
        } else if !self.rooted {
            self.find(&codes::ROOT, "div", 0);
        }
    }

    fn fault(&mut self, fault: &Fault<'t>) {
        match fault {
            Fault::Malformed(at) => self.find(&codes::NOT_XML, "", *at),
            Fault::Entity(name, at) => self.find(&codes::ENTITY, name, *at),
            Fault::Markup(name, at) => self.find(&codes::ELEMENT, name, *at),
            Fault::Comment(at) => self.find(&codes::ACTIVE, "<!-->", *at),
        }
    }

    fn find(&mut self, code: &'static Code, name: &str, offset: usize) {
        let at = self.text.get(..offset).map_or(0, |before| before.chars().count()).saturating_add(1);
        self.findings.push(Finding { code, name: name.to_owned(), at });
    }
}

fn is_root(name: &str, attributes: &[Attribute<'_>]) -> bool {
    name == "div" && attributes.iter().any(|attribute| attribute.name == "xmlns" && attribute.value == XHTML)
}

/// The narrative with the addresses of links and images replaced where `new` knows another; `None`: nothing changed.
pub(crate) fn rewrite(text: &str, new: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let mut out = String::new();
    let mut done = 0;
    let mut reader = Reader::new(text);
    while let Ok(Some(token)) = reader.next() {
        let Token::Open { name, attributes, .. } = token else { continue };
        for attribute in attributes {
            let is_address = matches!((name, attribute.name), ("a", "href") | ("img", "src"));
            let address = is_address.then(|| new(&xml::decoded(attribute.value))).flatten();
            if let Some(address) = address {
                out.push_str(text.get(done..attribute.start)?);
                out.push_str(&escaped(&address));
                done = attribute.start.saturating_add(attribute.value.len());
            }
        }
    }
    out.push_str(text.get(done..)?);
    (done > 0).then_some(out)
}

/// `text` as it may stand between quotes of either kind.
fn escaped(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"', '\'']) {
        return Cow::Borrowed(text);
    }
    let amp = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    Cow::Owned(amp.replace('"', "&quot;").replace('\'', "&#39;"))
}

#[cfg(test)]
mod tests;
