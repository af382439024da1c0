//! The access entries after a crash: whoever was answered stands in the journal, once.

use super::site::{FACILITY, Site};
use crate::tester;
use access::{Access, Context, Law, Who};
use std::collections::BTreeMap;
use std::fmt::Display;
use store::{AccessFilter, Actor, ActorKind, Store};

/// Entries read at a time.
const PAGE: usize = 1_000;
/// Who looks.
const LOOKER: &str = "crash";

/// Looks for the entry of every request that was answered; no server may run. Gives back how many there were, and what is
/// missing or stands there more than once.
pub(crate) async fn check(site: &Site) -> Result<(u64, Vec<String>), String> {
    let mut answered: BTreeMap<String, u64> =
        site.answered.names().into_iter().map(|name| (name, 0)).collect();
    count(&tester::open(&site.data(), FACILITY)?, &mut answered).await?;
    let wrong = answered.iter().filter(|(_, entries)| **entries != 1);
    let wrong =
        wrong.map(|(name, entries)| format!("request {name} was answered and has {entries} access entries"));
    Ok((u64::try_from(answered.len()).unwrap_or(u64::MAX), wrong.collect()))
}

/// Counts the entries of these requests. Parts of batches are counted with the batch.
async fn count(store: &Store, requests: &mut BTreeMap<String, u64>) -> Result<(), String> {
    let law = Law::builtin().at(FACILITY);
    let who = Who::system(FACILITY, LOOKER);
    let permit = law.audit(&who, &Context::default()).map_err(|refusal| refusal.english)?;
    let own = Access { v: 1, request: LOOKER.to_owned(), status: 200, ..Access::default() };
    let ticket = store.ticket(Actor::new(ActorKind::System, LOOKER), own).map_err(text)?;
    let mut before = None;
    loop {
        let filter = AccessFilter { before, ..AccessFilter::default() };
        let page =
            store.read_newest(&ticket, |snapshot| snapshot.accesses(&permit, &filter, PAGE)).map_err(text)?;
        let whole = page.iter().filter(|one| one.access.part.is_none());
        for one in whole {
            if let Some(entries) = requests.get_mut(&one.access.request) {
                *entries += 1;
            }
        }
        before = page.last().map(|one| one.position);
        if page.len() < PAGE {
            break;
        }
    }
    store.close(ticket).await.map(drop).map_err(text)
}

fn text(error: impl Display) -> String {
    error.to_string()
}
