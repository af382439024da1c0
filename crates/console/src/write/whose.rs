//! Whose worklist is shown, and after how many days what waits is late.

use crate::desk::{Ask, Desk};
use crate::visit::Visit;
use crate::words::Words;
use serde_json::Value;

/// Whose worklist it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    /// That of whoever looks.
    Mine,
    /// That of another account.
    Of(String),
    /// All drafts that whoever looks may see.
    All,
}

impl Whose {
    /// As the address says.
    pub(super) fn of(visit: &Visit) -> Self {
        match visit.query.get("of") {
            "" => Self::Mine,
            "all" => Self::All,
            account if account == own(visit) => Self::Mine,
            account => Self::Of(account.to_owned()),
        }
    }

    /// The account whose lists they are; empty for all.
    pub(super) fn account<'a>(&'a self, visit: &'a Visit) -> &'a str {
        match self {
            Self::Mine => own(visit),
            Self::Of(account) => account,
            Self::All => "",
        }
    }

    /// As the address says it.
    pub(super) fn word(&self) -> &str {
        match self {
            Self::Mine => "",
            Self::Of(account) => account,
            Self::All => "all",
        }
    }
}

fn own(visit: &Visit) -> &str {
    visit.person.as_ref().map_or("", |person| person.account.as_str())
}

/// Others whose lists can be looked at: account and name with occupation.
pub(super) fn others(visit: &Visit, desk: &dyn Desk) -> Vec<(String, String)> {
    let words = Words(visit.language);
    let named = desk.colleagues().into_iter().filter(|(account, _)| account != own(visit));
    let mut all: Vec<(String, String)> =
        named.map(|(account, called)| (account, called.in_words(words))).collect();
    all.sort_by(|one, other| one.1.cmp(&other.1));
    all
}

/// The deadlines of the facility, in days (`[records]` of its configuration).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Deadlines {
    /// By when a draft is final.
    pub(super) finished: i64,
    /// By when what was entered for somebody is approved.
    pub(super) approved: i64,
}

impl Deadlines {
    /// As the facility says; none where it cannot be asked: then nothing is called late, and the page says so.
    pub(super) async fn of(desk: &dyn Desk) -> Option<Self> {
        let told = desk.call(Ask::get("session")).await.ok()?.json();
        let days = |name: &str| told.pointer(&format!("/deadlines/{name}")).and_then(Value::as_i64);
        Some(Self { finished: days("final_within_days")?, approved: days("approved_within_days")? })
    }
}
