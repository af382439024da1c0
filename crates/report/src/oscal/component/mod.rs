//! Disclosures as an OSCAL component definition: a party is a component, what it says of a requirement is an implemented
//! requirement.
//!
//! How much it answers for stands in a property of ours, and beside it as `control-origination`, the property by which
//! security plans name who implements a control: `system-specific` for the part of the component, `customer-provided`
//! for the part of whoever uses it; both where it is shared.

mod foreign;
mod take;

pub use take::read_components;

use super::catalogue::word;
use super::token::encode;
use super::write::{Object, Props, document, metadata, title, uuid};
use base::{Problem, Time};
use guideline::{Catalogue, Disclosure, Share, Statement};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const TITLE: &str = "責任分界の開示 / disclosures of shared responsibility";

const REMARKS: &str = "各構成要素は、要求事項ごとに、自らが受け持つこと（日本語の説明）と利用者に残ること（プロパティ remains）を述べます。\n\nOf each requirement a component says what it does (description in Japanese, property `provides` in English) and what remains for the customer (property `remains`).";

/// Disclosures as a component definition of this moment.
///
/// # Errors
/// A disclosure speaks of a requirement that the catalogue does not have.
pub fn write_components(
    disclosures: &[Disclosure],
    catalogue: &Catalogue,
    at: Time,
) -> Result<String, Problem> {
    let components = disclosures.iter().map(|one| component(one, catalogue)).collect::<Result<_, _>>()?;
    let content = Object::new()
        .put("metadata", metadata(TITLE, at, Props::new(), REMARKS, Vec::new()))
        .list("components", components);
    Ok(document("component-definition", content))
}

fn component(disclosure: &Disclosure, catalogue: &Catalogue) -> Result<Value, Problem> {
    let party = &disclosure.party;
    let mut by_edition: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for (id, said) in &disclosure.statements {
        let edition = catalogue.requirement(id)?.edition.as_str();
        by_edition.entry(edition).or_default().push(implemented(&party.id, id, said)?);
    }
    let sets = by_edition.into_iter().map(|(edition, statements)| {
        json!({
            "uuid": uuid("control-implementation", &[&party.id, edition]),
            "source": format!("{edition}.json"),
            "description": format!("{edition} に対する分担 / the share of {edition}"),
            "implemented-requirements": statements,
        })
    });
    let props = Props::new()
        .add("party", &party.id)
        .title(&party.name)
        .add("layer", &word(party.layer)?)
        .add("dated", &disclosure.dated)
        .maybe("valid-until", disclosure.valid_until.map(|day| day.to_string()).as_deref())
        .add("based-on", &disclosure.based_on);
    Ok(Object::new()
        .put("uuid", uuid("component", &[&party.id]))
        .put("type", "service")
        .put("title", title(&party.name.ja, &party.id))
        .put("description", disclosure.based_on.as_str())
        .props(props)
        .list("control-implementations", sets.collect())
        .into())
}

fn implemented(party: &str, id: &str, said: &Statement) -> Result<Value, Problem> {
    let mut props = Props::new().add("requirement", id).add("share", &word(said.share)?);
    for origin in origins(said.share) {
        props = props.known("control-origination", origin);
    }
    props = props.of_class("provides", "en", &said.provides.en);
    if let Some(remains) = &said.remains {
        props = props.text("remains", remains);
    }
    let props = props.maybe("valid-until", said.valid_until.map(|day| day.to_string()).as_deref());
    let props = props.maybe("relies-on", said.relies_on.as_deref()).each("evidence", &said.evidence);
    Ok(Object::new()
        .put("uuid", uuid("implemented-requirement", &[party, id]))
        .put("control-id", encode(id))
        .put("description", said.provides.ja.as_str())
        .props(props)
        .into())
}

fn origins(share: Share) -> &'static [&'static str] {
    match share {
        Share::Provided => &["system-specific"],
        Share::Shared => &["system-specific", "customer-provided"],
        Share::Customer => &["customer-provided"],
    }
}
