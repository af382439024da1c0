//! Which pages there are, as data: each part of the console has a table of its own.

use crate::codes::PAGE_UNKNOWN;
use crate::desk::{Desk, Refused};
use crate::shown::Shown;
use crate::visit::Visit;
use crate::{fault, guideline, home, me, operations, patients, proof, record, sign_in, write};
use base::Problem;
use std::pin::Pin;

/// A page that is being made.
pub(crate) type Making<'a> = Pin<Box<dyn Future<Output = Result<Shown, Refused>> + Send + 'a>>;

/// Makes a page.
pub(crate) type Maker = for<'a> fn(&'a Visit, &'a dyn Desk) -> Making<'a>;

/// One row: an address below `/f/{facility}/console`.
#[derive(Debug)]
pub struct PageRow {
    /// The segments; `{}` stands for any one.
    pub path: &'static str,
    /// Whether it can be looked at (`GET`).
    pub looks: bool,
    /// Whether something can be sent to it (`POST`).
    pub sends: bool,
    maker: Maker,
}

/// A page to look at.
pub(crate) const fn look(path: &'static str, maker: Maker) -> PageRow {
    PageRow { path, looks: true, sends: false, maker }
}

/// An address to send something to.
pub(crate) const fn send(path: &'static str, maker: Maker) -> PageRow {
    PageRow { path, looks: false, sends: true, maker }
}

/// A page to look at, whose form is sent to the same address.
pub(crate) const fn both(path: &'static str, maker: Maker) -> PageRow {
    PageRow { path, looks: true, sends: true, maker }
}

/// The tables of all parts.
static PARTS: &[&[PageRow]] = &[
    sign_in::PAGES,
    home::PAGES,
    patients::PAGES,
    record::PAGES,
    proof::PAGES,
    write::PAGES,
    me::PAGES,
    operations::PAGES,
    guideline::PAGES,
];

/// All pages.
pub fn pages() -> impl Iterator<Item = &'static PageRow> {
    PARTS.iter().copied().flatten()
}

/// Makes the page that is asked for.
pub async fn answer(visit: &Visit, desk: &dyn Desk) -> Shown {
    match made(visit, desk).await {
        Ok(shown) => shown,
        Err(refused) => fault::page(visit, desk, &refused),
    }
}

async fn made(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let of_method = |row: &&PageRow| if visit.sends { row.sends } else { row.looks };
    let row = pages()
        .filter(of_method)
        .find(|row| fits(row, &visit.path))
        .ok_or_else(|| Problem::new(&PAGE_UNKNOWN))?;
    (row.maker)(visit, desk).await
}

/// The page that can be looked at which an address belongs to: itself, or the nearest above it. What a form is sent to may
/// be nothing to look at.
pub(crate) fn seen_at(path: &[String]) -> &[String] {
    let above = (0..=path.len()).rev().filter_map(|count| path.get(..count));
    let seen = |path: &&[String]| pages().any(|row| row.looks && fits(row, path));
    above.into_iter().find(seen).unwrap_or_default()
}

fn fits(row: &PageRow, path: &[String]) -> bool {
    let mut wanted = row.path.split('/').filter(|segment| !segment.is_empty());
    let mut found = path.iter();
    loop {
        match (wanted.next(), found.next()) {
            (None, None) => break true,
            (Some("{}"), Some(_)) => {}
            (Some(one), Some(other)) if one == other => {}
            _ => break false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_form_is_sent_to_belongs_to_a_page_that_can_be_looked_at() {
        let seen = |address: &str| {
            let path: Vec<String> = address.split('/').map(str::to_owned).collect();
            seen_at(&path).join("/")
        };
        assert_eq!(seen("records/Composition/c/do/withdraw"), "records/Composition/c");
        assert_eq!(seen("operations/accounts/sato/disable"), "operations/accounts/sato");
        assert_eq!(seen("patients/p/write/note"), "patients/p/write/note");
        assert_eq!(seen("language"), "");
        for row in pages().filter(|row| row.sends) {
            let path: Vec<String> = row.path.split('/').map(str::to_owned).collect();
            let at = seen_at(&path);
            assert!(pages().any(|row| row.looks && fits(row, at)), "{}", row.path);
        }
    }
}
