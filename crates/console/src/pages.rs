//! Which pages there are, as data: one row per address, with who makes it.

use crate::codes::PAGE_UNKNOWN;
use crate::desk::{Desk, Refused};
use crate::shown::Shown;
use crate::visit::Visit;
use crate::{fault, home, patients, sign_in};
use base::Problem;

/// Who makes a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Maker {
    SignIn,
    SignOut,
    Confirm,
    Language,
    Home,
    Patients,
}

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

const fn look(path: &'static str, maker: Maker) -> PageRow {
    PageRow { path, looks: true, sends: false, maker }
}

const fn send(path: &'static str, maker: Maker) -> PageRow {
    PageRow { path, looks: false, sends: true, maker }
}

const fn both(path: &'static str, maker: Maker) -> PageRow {
    PageRow { path, looks: true, sends: true, maker }
}

/// All pages.
pub static PAGES: &[PageRow] = &[
    both("sign-in", Maker::SignIn),
    send("sign-out", Maker::SignOut),
    both("confirm", Maker::Confirm),
    send("language", Maker::Language),
    look("", Maker::Home),
    look("patients", Maker::Patients),
];

/// Makes the page that is asked for.
pub async fn answer(visit: &Visit, desk: &dyn Desk) -> Shown {
    match made(visit, desk).await {
        Ok(shown) => shown,
        Err(refused) => fault::page(visit, desk, &refused),
    }
}

async fn made(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let row = PAGES.iter().find(|row| fits(row, visit)).ok_or_else(|| Problem::new(&PAGE_UNKNOWN))?;
    match row.maker {
        Maker::SignIn => sign_in::page(visit, desk).await,
        Maker::SignOut => sign_in::out(visit, desk).await,
        Maker::Confirm => sign_in::confirm(visit, desk).await,
        Maker::Language => Ok(home::language(visit, desk)),
        Maker::Home => home::page(visit, desk).await,
        Maker::Patients => patients::page(visit, desk).await,
    }
}

fn fits(row: &PageRow, visit: &Visit) -> bool {
    let of_method = if visit.sends { row.sends } else { row.looks };
    let mut wanted = row.path.split('/').filter(|segment| !segment.is_empty());
    let mut found = visit.path.iter();
    of_method
        && loop {
            match (wanted.next(), found.next()) {
                (None, None) => break true,
                (Some("{}"), Some(_)) => {}
                (Some(one), Some(other)) if one == other => {}
                _ => break false,
            }
        }
}
