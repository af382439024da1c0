//! A catalog that knows nothing of our properties, as one part of one edition.

use super::super::read::{Node, Property, Resources};
use super::source::{CatalogueFile, EditionHead, PartDraft};
use super::take::{Place, Taken, number, usable};
use super::walk::{controls_within, groups_within};
use base::Problem;
use serde_json::json;
use std::collections::BTreeMap;

/// The part that holds what it asks.
const PART: &str = "catalog";

impl<'a> Taken<'a> {
    /// A catalog that knows nothing of ours: one part.
    pub(super) fn foreign(&self, catalog: &Node<'a>, edition: &str) -> Result<CatalogueFile, Problem> {
        let edition = usable(catalog, edition)?;
        let metadata = catalog.need("metadata")?;
        let title = metadata.needed_text("title")?;
        let head = EditionHead {
            id: edition.to_owned(),
            publisher: publisher(&metadata)?,
            published: published(&metadata)?,
            url: address(catalog)?,
        };
        let mut draft = PartDraft {
            name: PART.to_owned(),
            title_ja: title.to_owned(),
            title_en: title.to_owned(),
            based_on: format!(
                "Read from an OSCAL catalog: {}. Who must act, how it can be shown and how well the official wording was read are not stated there.",
                self.source
            ),
            ..PartDraft::default()
        };
        let place = Place { edition, part: PART };
        let loose = (vec![title], catalog.clone());
        for (titles, holder) in std::iter::once(loose).chain(groups_within(catalog)?) {
            self.foreign_chapter(&mut draft, &titles.join(" / "), &holder, place)?;
        }
        Ok(draft.file(&head))
    }

    fn foreign_chapter(
        &self,
        draft: &mut PartDraft,
        title: &str,
        holder: &Node<'a>,
        place: Place<'_>,
    ) -> Result<(), Problem> {
        let mut requirements = Vec::new();
        for control in controls_within(holder)? {
            if is_withdrawn(&control)? {
                draft.gaps.push(format!(
                    "{} is withdrawn in the catalog and left out.",
                    control.needed_text("id")?
                ));
            } else {
                requirements.push(self.requirement(&control, place, draft)?);
            }
        }
        if !requirements.is_empty() {
            draft.chapters.push(json!({
                "number": number(holder, &holder.props().unwrap_or_default())?,
                "title_ja": title,
                "title_en": title,
                "requirements": requirements,
            }));
        }
        Ok(())
    }
}

fn is_withdrawn(control: &Node<'_>) -> Result<bool, Problem> {
    let says =
        |prop: &Property<'_>| prop.is_known("status", &[]) && prop.value.eq_ignore_ascii_case("withdrawn");
    Ok(control.props()?.iter().any(says))
}

/// Who publishes it: the party with this role, or whoever made it.
fn publisher(metadata: &Node<'_>) -> Result<String, Problem> {
    let mut names = BTreeMap::new();
    for party in metadata.list("parties")? {
        names.insert(party.needed_text("uuid")?, party.text_of("name")?);
    }
    let mut by_role = BTreeMap::new();
    for responsible in metadata.list("responsible-parties")? {
        for party in responsible.list("party-uuids")? {
            let name = names.get(party.text()?).copied().flatten();
            by_role.entry(responsible.needed_text("role-id")?).or_insert(name);
        }
    }
    let first = ["publisher", "creator"].iter().find_map(|role| by_role.get(role).copied().flatten());
    Ok(first.unwrap_or("不明（OSCAL の文書に記載なし）").to_owned())
}

/// The day on which it was published, as far as the document says so.
fn published(metadata: &Node<'_>) -> Result<String, Problem> {
    let moment = metadata.text_of("published")?.and_then(|moment| moment.split('T').next());
    Ok(moment.unwrap_or("不明 / unknown").to_owned())
}

/// Where it is found.
fn address(catalog: &Node<'_>) -> Result<String, Problem> {
    let resources = Resources::of(catalog)?;
    let mut found: BTreeMap<&str, &str> = BTreeMap::new();
    for link in catalog.need("metadata")?.list("links")? {
        if let Some(address) = resources.address(link.needed_text("href")?) {
            found.entry(link.text_of("rel")?.unwrap_or_default()).or_insert(address);
        }
    }
    let first =
        ["canonical", "latest-version", "alternate", "reference"].iter().find_map(|rel| found.get(rel));
    Ok(first.copied().unwrap_or_default().to_owned())
}
