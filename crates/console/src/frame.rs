//! What stands around each page: title, menu, who is signed in, the switch of languages.

use crate::assets;
use crate::desk::{Desk, May};
use crate::form::encoded;
use crate::pages;
use crate::visit::{Person, Visit};
use crate::words::Words;
use std::sync::LazyLock;

/// Where the assets stand, with their version.
static ASSETS_VERSION: LazyLock<String> = LazyLock::new(|| format!("{:016x}", assets::version()));

/// One line of the menu.
pub(crate) struct Way {
    /// The key of its text.
    pub(crate) key: &'static str,
    /// Where it leads.
    pub(crate) to: String,
    /// Whether the page belongs to it.
    pub(crate) here: bool,
}

/// What stands around a page.
pub(crate) struct Frame<'a> {
    /// The version of the files that pages load.
    version: &'static str,
    /// The texts.
    pub(crate) words: Words,
    /// The facility's id.
    pub(crate) facility: &'a str,
    /// Who is signed in.
    pub(crate) person: Option<&'a Person>,
    /// The menu.
    pub(crate) menu: Vec<Way>,
    /// Whether nothing can be written until somebody acts.
    pub(crate) halted: bool,
    /// This page, to come back to after the switch of languages.
    pub(crate) here: String,
    desk: &'a dyn Desk,
}

/// The menu: the first segment of the address, the key of the text, and what the law must allow for it to be of use.
const MENU: [(&str, &str, Option<May>); 4] = [
    ("", "menu-home", None),
    ("patients", "menu-patients", Some(May::Search("Patient"))),
    ("work", "menu-work", Some(May::Search("Composition"))),
    ("guideline", "menu-guideline", Some(May::Command("guideline-list"))),
];

impl<'a> Frame<'a> {
    /// The frame of a page.
    pub(crate) fn of(visit: &'a Visit, desk: &'a dyn Desk) -> Self {
        let facility = desk.facility();
        let first = visit.path.first().map_or("", String::as_str);
        let way = |(segment, key, may): &(&'static str, &'static str, Option<May>)| {
            let shown = may.is_none_or(|may| desk.may(may));
            shown.then(|| Way { key, to: address(facility, &[segment]), here: *segment == first })
        };
        let mut menu: Vec<Way> = match visit.person {
            Some(_) => MENU.iter().filter_map(way).collect(),
            None => Vec::new(),
        };
        if visit.person.is_some() && crate::operations::open_to(desk) {
            let to = address(facility, &["operations"]);
            menu.push(Way { key: "menu-operations", to, here: first == "operations" });
        }
        let seen = if visit.sends { pages::seen_at(&visit.path) } else { visit.path.as_slice() };
        let path: Vec<&str> = seen.iter().map(String::as_str).collect();
        let same = seen.len() == visit.path.len();
        let query = if same { visit.query.query_without(&[]) } else { String::new() };
        let mark = if query.is_empty() { "" } else { "?" };
        let here = format!("{}{mark}{query}", address(facility, &path));
        Self {
            version: ASSETS_VERSION.as_str(),
            words: Words(visit.language),
            facility,
            person: visit.person.as_ref(),
            menu,
            halted: desk.halted(),
            here,
            desk,
        }
    }

    /// A text.
    pub(crate) fn say(&self, key: &str) -> String {
        self.words.say(key)
    }

    /// The address of a page of this facility; the parts are given as they are, with slashes between them.
    pub(crate) fn to(&self, path: &str) -> String {
        let root = address(self.facility, &[]);
        if path.is_empty() { root } else { format!("{root}/{path}") }
    }

    /// From where the news of this page begin; none where there are none.
    pub(crate) fn news(&self) -> Option<String> {
        Some(self.desk.news()).filter(|news| !news.is_empty())
    }

    /// The address of a file that pages load.
    pub(crate) fn file(&self, name: &str) -> String {
        format!("/console/{name}?v={}", self.version)
    }

    /// What stands at the foot of each printed sheet: the facility, who had the page shown, and when.
    pub(crate) fn printed(&self) -> String {
        let at = fhir::readable::day(&self.desk.now().to_string(), self.words.0).unwrap_or_default();
        let name = self.person.map(|person| person.name.as_str()).unwrap_or_default();
        format!("{} – {}", self.facility, self.words.with2("printed", ("name", name), ("at", at)))
    }

    /// The occupation and the duties of whoever is signed in, in words.
    pub(crate) fn roles(&self) -> String {
        let Some(person) = self.person else { return String::new() };
        person.roles.join(if self.words.lang() == "ja" { "・" } else { ", " })
    }
}

/// The address of a page of a facility.
pub(crate) fn address(facility: &str, path: &[&str]) -> String {
    let parts: Vec<String> =
        path.iter().filter(|part| !part.is_empty()).map(|part| format!("/{}", encoded(part))).collect();
    format!("/f/{}/console{}", encoded(facility), parts.concat())
}

/// The address of a page of this facility to go on to, where the text is one; the first page otherwise. What a link from
/// elsewhere puts there leads nowhere else.
pub(crate) fn next(facility: &str, wanted: &str) -> String {
    let root = address(facility, &[]);
    let ours = wanted == root
        || wanted.strip_prefix(&root).is_some_and(|rest| rest.starts_with('/') || rest.starts_with('?'));
    let path = wanted.split(['?', '#']).next().unwrap_or_default();
    // As browsers read it: a segment that leads up, however its dots are written (WHATWG URL, section 4.1).
    let up = |segment: &str| segment.to_ascii_lowercase().replace("%2e", ".") == "..";
    let plain = wanted.chars().all(|one| one.is_ascii_graphic() && one != '\\') && !path.split('/').any(up);
    if ours && plain { wanted.to_owned() } else { root }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_the_same_facility_are_gone_on_to() {
        for wanted in
            ["/f/a/console/patients?q=%E8%A6%8B", "/f/a/console/patients/a..b?next=/../", "/f/a/console?x"]
        {
            assert_eq!(next("a", wanted), wanted);
        }
        for wanted in [
            "",
            "//evil.example",
            "https://evil.example/f/a/console",
            "/f/b/console",
            "/f/a/console.evil",
            "/f/a/consoles",
            "/f/a/console/../../b/console",
            "/f/a/console/..",
            "/f/a/console/..?x",
            "/f/a/console/%2e%2e/%2E%2E/b/console",
            "/f/a/console/.%2e/x",
            "/f/a/console/%2e./x",
            "/f/a/console/\\evil",
            "/f/a/console/x\r\nSet-Cookie: y",
        ] {
            assert_eq!(next("a", wanted), "/f/a/console", "{wanted}");
        }
    }
}
