//! Asking the server, page by page.

use super::chance::Chance;
use super::question::encoded;
use http::Method;
use serde::Deserialize;
use std::collections::BTreeSet;
use testkit::{Client, Reply};

/// Type and id of a resource.
pub(crate) type Key = (String, String);

/// A page of a search.
pub(crate) struct Page {
    pub(crate) total: Option<usize>,
    pub(crate) next: Option<String>,
    /// What was found, in its order.
    pub(crate) found: Vec<Key>,
    /// What is shown beside it.
    pub(crate) beside: Vec<Key>,
}

#[derive(Deserialize)]
struct Bundle {
    total: Option<usize>,
    link: Vec<Relation>,
    #[serde(default)]
    entry: Vec<Entry>,
}

#[derive(Deserialize)]
struct Relation {
    relation: String,
    url: String,
}

#[derive(Deserialize)]
struct Entry {
    resource: Resource,
    search: Search,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Resource {
    resource_type: String,
    id: String,
}

#[derive(Deserialize)]
struct Search {
    mode: String,
}

/// One page; the text of the refusal when there is none.
pub(crate) fn page(client: &Client, address: &str) -> Result<Page, String> {
    answered(&client.get(address))
}

/// The same by POST: the query is a form.
fn posted(client: &Client, address: &str) -> Result<Page, String> {
    let (kind, form) = address.split_once('?').unwrap();
    let ask = client.ask(Method::POST, &format!("{kind}/_search"));
    answered(&ask.body("application/x-www-form-urlencoded", form).send())
}

fn answered(reply: &Reply) -> Result<Page, String> {
    if reply.status() != 200 {
        return Err(format!("{} {}", reply.status(), reply.text()));
    }
    let bundle: Bundle = serde_json::from_slice(&reply.body).map_err(|error| error.to_string())?;
    let mut page = Page { total: bundle.total, next: None, found: Vec::new(), beside: Vec::new() };
    page.next = bundle.link.into_iter().find(|link| link.relation == "next").map(|link| link.url);
    for Entry { resource, search } in bundle.entry {
        let list = if search.mode == "match" { &mut page.found } else { &mut page.beside };
        list.push((resource.resource_type, resource.id));
    }
    Ok(page)
}

/// How many there are in all, by a search for nothing but their number.
pub(crate) fn number(client: &Client, address: &str) -> Result<usize, String> {
    let page = page(client, &joined(address, "_summary=count"))?;
    if page.found.is_empty() {
        page.total.ok_or_else(|| "no total".to_owned())
    } else {
        Err("entries".to_owned())
    }
}

/// Everything that is found, by following the links from page to page, each of at most `count`.
pub(crate) fn all(client: &Client, address: &str, count: usize, chance: &Chance) -> Result<Vec<Key>, String> {
    let with_total = chance.once_in(2);
    let mut address = joined(address, &format!("_count={count}"));
    if with_total {
        address.push_str("&_total=accurate");
    }
    let mut found: Vec<Key> = Vec::new();
    let mut totals = BTreeSet::new();
    let mut page = if chance.once_in(8) { posted(client, &address) } else { page(client, &address) }?;
    loop {
        if page.found.len() > count || (page.next.is_some() && page.found.len() < count) {
            return Err(format!("{} entries on a page of {count}", page.found.len()));
        }
        totals.extend(page.total);
        if page.total.is_none() && with_total {
            return Err("a page without the total".to_owned());
        }
        found.append(&mut page.found);
        let Some(next) = page.next else { break };
        page = self::page(client, &next)?;
    }
    let different: BTreeSet<&Key> = found.iter().collect();
    if different.len() < found.len() {
        return Err(format!("{} of {} are there twice", found.len() - different.len(), found.len()));
    }
    match totals.into_iter().find(|total| *total != found.len()) {
        Some(total) => Err(format!("{} entries, the total says {total}", found.len())),
        None => Ok(found),
    }
}

/// The address with one more parameter.
pub(crate) fn joined(address: &str, more: &str) -> String {
    let and = if address.ends_with('?') { "" } else { "&" };
    format!("{address}{and}{more}")
}

/// A parameter about the results, fit for an address.
pub(crate) fn parameter(name: &str, value: &str) -> String {
    format!("{}={}", encoded(name), encoded(value))
}
