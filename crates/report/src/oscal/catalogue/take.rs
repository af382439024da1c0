//! An OSCAL catalog as files of our catalogue: our own come back as they were, others with what they say.
//!
//! Of a catalog that knows nothing of our properties: each group that holds controls becomes a chapter of one part, each
//! control a requirement, controls within controls follow theirs. Such a catalog has one language, which then stands for
//! both. It does not say who must act, how it can be shown, or how well the official wording was read; therefore
//! everybody must act, a person must state it, and the wording counts as known from another publication. Each of these
//! is said in the requirement's note. Withdrawn controls are no requirements; they are named among the gaps.

use super::super::Said;
use super::super::read::{Node, Property, all_ours, content, named, ours, ours_of_group, parse};
use super::prose::Prose;
use super::source::{CatalogueFile, EditionHead, PartDraft};
use super::walk::{controls_within, groups_within, holders};
use base::Problem;
use guideline::SourceFile;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Reads an OSCAL catalog into files of our catalogue. `edition` names the edition that a catalog which is not one of
/// ours becomes, such as `nist-800-53`: letters, digits, `-` and `.`.
///
/// A requirement that stands unchanged from an edition before is not repeated: its part inherits it, so the files of
/// that edition are needed beside these. Whoever changes such a control takes its link `inherits` away.
///
/// # Errors
/// GL-0007: it is no OSCAL catalog, too long, too deep, lacks what OSCAL requires, or the name cannot be one of an
/// edition.
pub fn read_catalogue(file: SourceFile<'_>, edition: &str) -> Result<Vec<CatalogueFile>, Problem> {
    let document = parse(file)?;
    let catalog = content(file.name, &document, "catalog")?;
    let taken = Taken {
        ids: control_ids(&catalog)?,
        prose: Prose::of(&holders(&catalog)?)?,
        source: source_of(&catalog)?,
    };
    let head = catalog.need("metadata")?.props()?;
    let mut files = Vec::new();
    let scenarios = scenarios(&catalog)?;
    let editions: Vec<Node<'_>> =
        catalog.list("groups")?.into_iter().filter(|group| is_edition(group).unwrap_or(false)).collect();
    if ours(&head, "edition", None).is_some() {
        files.extend(taken.edition(&head, &catalog, &scenarios)?);
    } else if editions.is_empty() {
        files.push(taken.foreign(&catalog, edition)?);
    }
    for one in editions {
        files.extend(taken.edition(&one.props()?, &one, &scenarios)?);
    }
    Ok(files)
}

fn is_edition(group: &Node<'_>) -> Result<bool, Problem> {
    Ok(ours(&group.props()?, "edition", None).is_some())
}

/// What every control needs to know of its document.
pub(super) struct Taken<'a> {
    /// Its controls: the id that each has in the document, and the one that it has with us where the document says so.
    pub(super) ids: BTreeMap<&'a str, Option<&'a str>>,
    pub(super) prose: Prose<'a>,
    /// The document, as a requirement names it.
    pub(super) source: String,
}

/// Where a requirement belongs.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) edition: &'a str,
    pub(super) part: &'a str,
}

fn source_of(catalog: &Node<'_>) -> Result<String, Problem> {
    let metadata = catalog.need("metadata")?;
    let (title, version) = (metadata.needed_text("title")?, metadata.text_of("version")?);
    Ok(version.map_or_else(|| title.to_owned(), |version| format!("{title} ({version})")))
}

fn control_ids<'a>(catalog: &Node<'a>) -> Result<BTreeMap<&'a str, Option<&'a str>>, Problem> {
    let mut ids = BTreeMap::new();
    let groups = groups_within(catalog)?.into_iter().map(|(_, group)| group);
    for holder in std::iter::once(catalog.clone()).chain(groups) {
        for control in controls_within(&holder)? {
            let id = control.needed_text("id")?;
            if ids.insert(id, ours(&control.props()?, "requirement", None)).is_some() {
                let what = Said { en: "this id stands twice:", ja: "同じ id が 2 回あります：" };
                return Err(control.wrong(what, id));
            }
        }
    }
    Ok(ids)
}

impl<'a> Taken<'a> {
    /// An edition that was one of ours: a file for each of its parts.
    fn edition(
        &self,
        props: &[Property<'a>],
        holder: &Node<'a>,
        scenarios: &[(String, Value)],
    ) -> Result<Vec<CatalogueFile>, Problem> {
        let said = |name| ours(props, name, None).unwrap_or_default().to_owned();
        let head = EditionHead {
            id: usable(holder, ours(props, "edition", None).unwrap_or_default())?.to_owned(),
            publisher: said("publisher"),
            published: said("published"),
            url: said("url"),
        };
        let mut parts = Vec::new();
        for group in holder.list("groups")? {
            parts.push(self.part(&group, &head.id)?);
        }
        let own: Vec<Value> = scenarios
            .iter()
            .filter(|(id, _)| super::is_of(id, &head.id))
            .map(|(_, scenario)| scenario.clone())
            .collect();
        // A scenario does not say in which file it stood: one of its edition that holds nothing else, or the last.
        let last = parts.len().saturating_sub(1);
        let place =
            parts.iter().position(|part| part.chapters.is_empty() && part.inherits.is_none()).unwrap_or(last);
        if let Some(part) = parts.get_mut(place) {
            part.scenarios = own;
        }
        Ok(parts.into_iter().map(|part| part.file(&head)).collect())
    }

    fn part(&self, group: &Node<'a>, edition: &str) -> Result<PartDraft, Problem> {
        let props = group.props()?;
        let id = group.needed_text("id")?;
        let name = usable(group, ours(&props, "part", None).unwrap_or(id))?;
        let title = group.needed_text("title")?;
        let mut draft = PartDraft {
            name: name.to_owned(),
            title_ja: ours(&props, "title", Some("ja")).unwrap_or(title).to_owned(),
            title_en: ours(&props, "title", Some("en")).unwrap_or(title).to_owned(),
            inherits: ours(&props, "inherits", None).map(ToOwned::to_owned),
            based_on: ours(&props, "based-on", None).unwrap_or_default().to_owned(),
            gaps: all_ours(&props, "gap").into_iter().map(ToOwned::to_owned).collect(),
            ..PartDraft::default()
        };
        for dropped in named(&props, "dropped") {
            let about = ours_of_group(&props, dropped.group);
            let said = |name, class| ours(&about, name, class).unwrap_or_default();
            let letters: Vec<String> = all_ours(&about, "dropped-source")
                .into_iter()
                .map(|title| draft.sources.letter(title))
                .collect();
            draft.dropped.push(json!({
                "id": dropped.value,
                "ja": said("dropped-reason", Some("ja")),
                "en": said("dropped-reason", Some("en")),
                "mark": said("dropped-mark", None),
                "sources": letters,
            }));
        }
        let place = Place { edition, part: name };
        for (_, chapter) in groups_within(group)? {
            self.chapter(&mut draft, &chapter, place)?;
        }
        Ok(draft)
    }

    fn chapter(&self, draft: &mut PartDraft, group: &Node<'a>, place: Place<'_>) -> Result<(), Problem> {
        let props = group.props()?;
        let title = group.needed_text("title")?;
        let mut requirements = Vec::new();
        for control in controls_within(group)? {
            // What stands unchanged is inherited with the part.
            let inherited =
                draft.inherits.is_some() && !self.linked(&control, &["inherits"], place)?.is_empty();
            if !inherited {
                requirements.push(self.requirement(&control, place, draft)?);
            }
        }
        if draft.inherits.is_none() || !requirements.is_empty() {
            draft.chapters.push(json!({
                "number": number(group, &props)?,
                "title_ja": ours(&props, "title", Some("ja")).unwrap_or(title),
                "title_en": ours(&props, "title", Some("en")).unwrap_or(title),
                "facility_types": all_ours(&props, "facility-type"),
                "requirements": requirements,
            }));
        }
        Ok(())
    }
}

/// The number of a chapter: its label, or its id.
pub(super) fn number(group: &Node<'_>, props: &[Property<'_>]) -> Result<String, Problem> {
    let label = props.iter().find(|prop| prop.is_known("label", &[])).map(|prop| prop.value);
    let id = group.text_of("id")?;
    Ok(ours(props, "chapter", None).or(label).or(id).unwrap_or("-").to_owned())
}

/// A name that an id can begin with.
pub(super) fn usable<'a>(node: &Node<'_>, name: &'a str) -> Result<&'a str, Problem> {
    let good = |one: char| one.is_ascii_alphanumeric() || "-._".contains(one);
    let what = Said {
        en: "a name of an edition or a part has letters, digits, `-`, `_` and `.` only, not",
        ja: "版や編の名前に使えるのは英数字と `-`、`_`、`.` だけです：",
    };
    let fits =
        !name.is_empty() && name.chars().all(good) && name.chars().any(|one| one.is_ascii_alphanumeric());
    if fits { Ok(name) } else { Err(node.wrong(what, format!("`{name}`"))) }
}

/// The scenarios of risk, by their ids.
fn scenarios(catalog: &Node<'_>) -> Result<Vec<(String, Value)>, Problem> {
    let mut found = Vec::new();
    let mut known = BTreeSet::new();
    let resources = catalog.member("back-matter").map(|back| back.list("resources")).transpose()?;
    for resource in resources.unwrap_or_default() {
        let props = resource.props()?;
        let Some(id) = ours(&props, "scenario", None) else { continue };
        if !known.insert(id) {
            let what = Said { en: "this id stands twice:", ja: "同じ id が 2 回あります：" };
            return Err(resource.wrong(what, id));
        }
        let said = |name, class| ours(&props, name, class).unwrap_or_default();
        let scenario = json!({
            "id": id,
            "name_ja": said("title", Some("ja")),
            "name_en": said("title", Some("en")),
            "summary_ja": resource.text_of("description")?.unwrap_or_default(),
            "summary_en": said("summary", Some("en")),
            "stride": all_ours(&props, "stride"),
            "harms": all_ours(&props, "harm"),
            "concerns_ja": said("concerns", Some("ja")),
            "concerns_en": said("concerns", Some("en")),
            "related": all_ours(&props, "related"),
            "origin": "oscal",
            "locator": said("locator", None),
            "basis": ours(&props, "basis", None).unwrap_or("secondary"),
        });
        found.push((id.to_owned(), scenario));
    }
    Ok(found)
}
