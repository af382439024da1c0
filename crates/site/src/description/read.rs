//! Reading a description: its sections one by one, and each of their elements by itself.

use super::check;
use super::fault::Fault;
use super::form::form;
use super::place::{Id, Place};
use super::tree::{self, Kind, Tree};
use super::{BYTES_MAX, FACILITY, FAULTS_MAX, FORMAT, Facility, Site};
use crate::codes;
use base::Problem;
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;

/// The keys of a description, in the order in which they are usually written.
const SECTIONS: [&str; 12] = [
    "format",
    "facility",
    "parties",
    "steps",
    "zones",
    "nodes",
    "links",
    "cloud",
    "filters",
    "maintenance",
    "flows",
    "backups",
];

/// Reads a description.
///
/// # Errors
///
/// Up to [`FAULTS_MAX`] problems in the order of the file: `SI-0020` to `SI-0023`, each with line and column.
pub fn read(file: &str, text: &str) -> Result<Site, Vec<Problem>> {
    let mut faults = Vec::new();
    let site = taken(text, &mut faults);
    match site {
        Some(site) if faults.is_empty() => Ok(site),
        _ => {
            faults.sort_by_key(|fault| fault.place);
            Err(faults.iter().take(FAULTS_MAX).map(|fault| fault.problem(file)).collect())
        }
    }
}

fn taken(text: &str, faults: &mut Vec<Fault>) -> Option<Site> {
    let tree = match bounded(text).and_then(|()| tree::parse(text)) {
        Ok(tree) => tree,
        Err(fault) => {
            faults.push(fault);
            return None;
        }
    };
    let mut reader = Reader { faults, lost: BTreeSet::new() };
    let site = reader.site(&tree);
    let lost = reader.lost;
    if let Some(site) = &site {
        check::check(site, &lost, faults);
    }
    site
}

fn bounded(text: &str) -> Result<(), Fault> {
    if text.len() > BYTES_MAX {
        let start = Place { line: 1, column: 1 };
        let (en, ja) =
            (format!("it is larger than {BYTES_MAX} bytes"), format!("{BYTES_MAX} バイトを超えています"));
        return Err(Fault::new(&codes::DESCRIPTION, start, en, ja));
    }
    Ok(())
}

/// Takes the sections one by one, and each of their elements by itself.
struct Reader<'a> {
    faults: &'a mut Vec<Fault>,
    /// Ids of elements whose form has a fault: what names them is not a second one.
    lost: BTreeSet<String>,
}

impl Reader<'_> {
    fn site(&mut self, tree: &Tree) -> Option<Site> {
        let Kind::Map(pairs) = &tree.kind else {
            self.faults.push(Fault::new(
                &codes::DESCRIPTION,
                tree.place,
                format!("it does not begin with keys such as `format: {FORMAT}`"),
                format!("`format: {FORMAT}` のようなキーで始まっていません"),
            ));
            return None;
        };
        if !self.is_of_the_format(tree, pairs) {
            return None;
        }
        self.keys(pairs);
        let facility = self.facility(tree, pairs);
        if section(pairs, "zones").is_none() {
            self.faults.push(missing(tree.place, "zones"));
        }
        Some(Site {
            format: FORMAT.to_owned(),
            parties: self.list(pairs, "parties").unwrap_or_default(),
            steps: self.list(pairs, "steps").unwrap_or_default(),
            zones: self.list(pairs, "zones").unwrap_or_default(),
            nodes: self.list(pairs, "nodes").unwrap_or_default(),
            links: self.list(pairs, "links").unwrap_or_default(),
            cloud: self.list(pairs, "cloud").unwrap_or_default(),
            filters: self.list(pairs, "filters"),
            maintenance: self.list(pairs, "maintenance"),
            flows: self.list(pairs, "flows"),
            backups: self.list(pairs, "backups"),
            facility: facility?,
        })
    }

    fn is_of_the_format(&mut self, tree: &Tree, pairs: &[(Id, Tree)]) -> bool {
        let found = section(pairs, "format");
        let place = found.map_or(tree.place, |found| found.place);
        let is_ours =
            found.is_some_and(|found| matches!(&found.kind, Kind::Scalar(written) if written == FORMAT));
        if !is_ours {
            self.faults.push(Fault::new(
                &codes::DESCRIPTION,
                place,
                format!("the first line must be `format: {FORMAT}`"),
                format!("先頭に `format: {FORMAT}` と書いてください"),
            ));
        }
        is_ours
    }

    fn keys(&mut self, pairs: &[(Id, Tree)]) {
        let mut seen = BTreeSet::new();
        for (key, _) in pairs {
            if !SECTIONS.contains(&key.as_str()) {
                let fault: Fault = serde::de::Error::unknown_field(key.as_str(), &SECTIONS);
                self.faults.push(fault.or_at(key.place));
            } else if !seen.insert(key.as_str()) {
                let (en, ja) = (
                    format!("the key `{key}` stands twice. Keep one of them"),
                    format!("キー `{key}` が重複しています。どちらか一つにしてください"),
                );
                self.faults.push(Fault::new(&codes::FORM, key.place, en, ja));
            }
        }
    }

    fn facility(&mut self, tree: &Tree, pairs: &[(Id, Tree)]) -> Option<Facility> {
        let Some(found) = section(pairs, FACILITY) else {
            self.faults.push(missing(tree.place, FACILITY));
            return None;
        };
        form(found).map_err(|fault| self.faults.push(fault)).ok()
    }

    /// The elements of a section; none where it is not written, or is said to be unknown.
    fn list<T: DeserializeOwned>(&mut self, pairs: &[(Id, Tree)], key: &str) -> Option<Vec<T>> {
        let whole = section(pairs, key)?;
        let items: Option<Vec<&Tree>> = match &whole.kind {
            Kind::List(items) => Some(items.iter().collect()),
            Kind::Scalar(_) | Kind::Nothing | Kind::Map(_) => match form::<Option<Vec<()>>>(whole) {
                Ok(list) => list.map(|_empty| Vec::new()),
                Err(fault) => {
                    self.faults.push(fault);
                    None
                }
            },
        };
        Some(items?.into_iter().filter_map(|item| self.element(item)).collect())
    }

    fn element<T: DeserializeOwned>(&mut self, item: &Tree) -> Option<T> {
        match form(item) {
            Ok(element) => Some(element),
            Err(fault) => {
                self.faults.push(fault);
                if let Kind::Map(pairs) = &item.kind
                    && let Some(Tree { kind: Kind::Scalar(id), .. }) = section(pairs, "id")
                {
                    self.lost.insert(id.clone());
                }
                None
            }
        }
    }
}

fn section<'a>(pairs: &'a [(Id, Tree)], key: &str) -> Option<&'a Tree> {
    pairs.iter().find(|(name, _)| name.as_str() == key).map(|(_, value)| value)
}

fn missing(place: Place, key: &'static str) -> Fault {
    let fault: Fault = serde::de::Error::missing_field(key);
    fault.or_at(place)
}
