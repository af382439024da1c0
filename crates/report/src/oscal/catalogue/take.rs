//! An OSCAL catalog as files of our catalogue: our own come back as they were, others with what they say.
//!
//! Of a catalog that knows nothing of our properties: each group that holds controls becomes a chapter of one part, each
//! control a requirement, controls within controls follow theirs. Such a catalog has one language, which then stands for
//! both. It does not say who must act, how it can be shown, or how well the official wording was read; therefore
//! everybody must act, a person must state it, and the wording counts as known from another publication. Each of these
//! is said in the requirement's note. Withdrawn controls are no requirements; they are named among the gaps.

use super::super::Said;
use super::super::read::{Node, Property, all_ours, content, named, ours, ours_of_group, parse};
use super::super::token::decode;
use super::prose::Prose;
use super::source::{CatalogueFile, EditionHead, PartDraft};
use base::Problem;
use guideline::SourceFile;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// How deep groups and controls may stand within each other.
const DEPTH_MAX: usize = 16;

/// The part that holds what a foreign catalog asks.
const PART: &str = "catalog";

/// Reads an OSCAL catalog into files of our catalogue. `edition` names the edition that a catalog which is not one of
/// ours becomes, such as `nist-800-53`: letters, digits, `-` and `.`.
///
/// A requirement that stands unchanged from an edition before is not repeated: its part inherits it, so the files of
/// that edition are needed beside these.
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
struct Taken<'a> {
    /// Its controls: the id that each has in the document, and the one that it has with us where the document says so.
    ids: BTreeMap<&'a str, Option<&'a str>>,
    prose: Prose<'a>,
    /// The document, as a requirement names it.
    source: String,
}

/// Where a requirement belongs.
#[derive(Clone, Copy)]
struct Place<'a> {
    edition: &'a str,
    part: &'a str,
}

fn source_of(catalog: &Node<'_>) -> Result<String, Problem> {
    let metadata = catalog.need("metadata")?;
    let (title, version) = (metadata.needed_text("title")?, metadata.text_of("version")?);
    Ok(version.map_or_else(|| title.to_owned(), |version| format!("{title} ({version})")))
}

/// All controls, in their order, each with the number of controls that it stands in.
fn controls_within<'a>(holder: &Node<'a>) -> Result<Vec<Node<'a>>, Problem> {
    let mut found = Vec::new();
    let mut waiting: Vec<(usize, Node<'a>)> =
        holder.list("controls")?.into_iter().rev().map(|one| (1, one)).collect();
    while let Some((depth, control)) = waiting.pop() {
        deep_enough(&control, depth)?;
        let below = control.list("controls")?;
        waiting.extend(below.into_iter().rev().map(|one| (depth.saturating_add(1), one)));
        found.push(control);
    }
    Ok(found)
}

/// All groups, in their order, each with the titles of those that it stands in and its own.
fn groups_within<'a>(holder: &Node<'a>) -> Result<Vec<(Vec<&'a str>, Node<'a>)>, Problem> {
    let mut found = Vec::new();
    let mut waiting: Vec<(Vec<&'a str>, Node<'a>)> =
        holder.list("groups")?.into_iter().rev().map(|one| (Vec::new(), one)).collect();
    while let Some((mut titles, group)) = waiting.pop() {
        titles.push(group.needed_text("title")?);
        deep_enough(&group, titles.len())?;
        let below = group.list("groups")?;
        waiting.extend(below.into_iter().rev().map(|one| (titles.clone(), one)));
        found.push((titles, group));
    }
    Ok(found)
}

/// Everything that can hold parameters.
fn holders<'a>(catalog: &Node<'a>) -> Result<Vec<Node<'a>>, Problem> {
    let mut found = vec![catalog.clone()];
    found.extend(groups_within(catalog)?.into_iter().map(|(_, group)| group));
    let mut controls = Vec::new();
    for holder in &found {
        controls.extend(controls_within(holder)?);
    }
    found.extend(controls);
    Ok(found)
}

fn deep_enough(node: &Node<'_>, depth: usize) -> Result<(), Problem> {
    let what = Said {
        en: "groups or controls stand too deep within each other, more than",
        ja: "グループまたは管理策の入れ子が深すぎます。上限の段数：",
    };
    if depth > DEPTH_MAX { Err(node.wrong(what, DEPTH_MAX)) } else { Ok(()) }
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
            title_ja: title.to_owned(),
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
                "title_ja": title,
                "title_en": ours(&props, "title", Some("en")).unwrap_or(title),
                "facility_types": all_ours(&props, "facility-type"),
                "requirements": requirements,
            }));
        }
        Ok(())
    }

    /// A catalog that knows nothing of ours: one part.
    fn foreign(&self, catalog: &Node<'a>, edition: &str) -> Result<CatalogueFile, Problem> {
        let edition = usable(catalog, edition)?;
        let metadata = catalog.need("metadata")?;
        let title = metadata.needed_text("title")?;
        let head = EditionHead {
            id: edition.to_owned(),
            publisher: publisher(&metadata)?,
            published: published(&metadata)?,
            url: address(&metadata)?,
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

    /// A control as a requirement: what our properties say, and honest words where they say nothing.
    fn requirement(
        &self,
        control: &Node<'a>,
        place: Place<'_>,
        draft: &mut PartDraft,
    ) -> Result<Value, Problem> {
        let props = control.props()?;
        let (title, text) = (control.needed_text("title")?, self.prose.of_control(control)?);
        let label = props.iter().find(|prop| prop.is_known("label", &[])).map(|prop| prop.value);
        let id = control.needed_text("id")?;
        let or_everybody = |name, all: &[&'static str]| {
            let said = all_ours(&props, name);
            if said.is_empty() { all.to_vec() } else { said }
        };
        let item = ours(&props, "item", None).or(if is_ours(&props) { None } else { label });
        let mut made = json!({
            "id": self.id(id, place),
            "item": item,
            "name_ja": title,
            "name_en": ours(&props, "title", Some("en")).unwrap_or(title),
            "summary_ja": text.first,
            "summary_en": text.english,
            "actors": or_everybody("actor", &["executive", "planner", "operator", "provider", "user"]),
            "topics": all_ours(&props, "topic"),
            "evidence": or_everybody("evidence", &["attestation"]),
            "locator": ours(&props, "locator", None)
                .map_or_else(|| format!("{}, {}", self.source, label.unwrap_or(id)), ToOwned::to_owned),
            "basis": ours(&props, "basis", None).unwrap_or("secondary"),
            "related": self.linked(control, &["related", "required"], place)?,
            "forms": all_ours(&props, "form"),
            "options": all_ours(&props, "option"),
        });
        let replaced = self.linked(control, &["replaces"], place)?;
        let letters: Vec<String> =
            all_ours(&props, "report-source").into_iter().map(|title| draft.sources.letter(title)).collect();
        if let Some(members) = made.as_object_mut() {
            let mut put =
                |name: &str, value: Option<Value>| value.map(|value| members.insert(name.to_owned(), value));
            put("note", note(&props, text.is_missing).map(Value::from));
            put("group", ours(&props, "question-group", None).map(Value::from));
            put("mark", ours(&props, "mark", None).map(Value::from));
            put("replaces", replaced.into_iter().next().map(Value::from));
            put("sources", Some(json!(letters)));
        }
        Ok(made)
    }

    /// The id that a control of the document has with us.
    fn id(&self, control: &str, place: Place<'_>) -> String {
        match self.ids.get(control) {
            Some(Some(id)) => (*id).to_owned(),
            _ => format!("{}/{}/{control}", place.edition, place.part),
        }
    }

    /// Where the links of these kinds lead, as far as that is a control of this document, or something of ours.
    fn linked(&self, control: &Node<'a>, kinds: &[&str], place: Place<'_>) -> Result<Vec<String>, Problem> {
        let of_ours = is_ours(&control.props()?);
        let mut found = Vec::new();
        for link in control.list("links")? {
            let kind = link.text_of("rel")?.unwrap_or_default();
            let Some((document, fragment)) = link.needed_text("href")?.split_once('#') else { continue };
            if !kinds.contains(&kind) {
                continue;
            }
            if document.is_empty() && self.ids.contains_key(fragment) {
                found.push(self.id(fragment, place));
            } else if of_ours && let Some(id) = decode(fragment) {
                found.push(id);
            }
        }
        Ok(found)
    }
}

fn is_ours(props: &[Property<'_>]) -> bool {
    ours(props, "requirement", None).is_some()
}

fn is_withdrawn(control: &Node<'_>) -> Result<bool, Problem> {
    let says =
        |prop: &Property<'_>| prop.is_known("status", &[]) && prop.value.eq_ignore_ascii_case("withdrawn");
    Ok(control.props()?.iter().any(says))
}

/// What the reader should know: what was not said, and is therefore taken at its least.
fn note(props: &[Property<'_>], without_text: bool) -> Option<String> {
    let absent = |name| ours(props, name, None).is_none();
    let mut open: Vec<(&str, &str)> = Vec::new();
    if absent("actor") {
        open.push(("実施者の記載なし（全員とした）", "who must act is not stated (taken as everybody)"));
    }
    if absent("evidence") {
        open.push((
            "確認方法の記載なし（担当者の回答とした）",
            "how it can be shown is not stated (taken as attestation)",
        ));
    }
    if absent("basis") {
        open.push((
            "原文の確認の程度の記載なし（二次資料とした）",
            "how well the official wording was read is not stated (taken as secondary)",
        ));
    }
    if without_text {
        open.push(("本文なし（見出しのみ）", "there is no statement, only the heading"));
    }
    let imported = (!open.is_empty()).then(|| {
        let (ja, en): (Vec<&str>, Vec<&str>) = open.into_iter().unzip();
        format!("OSCAL から取り込み：{} / from OSCAL: {}", ja.join("、"), en.join("; "))
    });
    let own = ours(props, "note", None).map(ToOwned::to_owned);
    Some(own.into_iter().chain(imported).collect::<Vec<_>>().join(" / ")).filter(|note| !note.is_empty())
}

/// The number of a chapter: its label, or its id.
fn number(group: &Node<'_>, props: &[Property<'_>]) -> Result<String, Problem> {
    let label = props.iter().find(|prop| prop.is_known("label", &[])).map(|prop| prop.value);
    let id = group.text_of("id")?;
    Ok(ours(props, "chapter", None).or(label).or(id).unwrap_or("-").to_owned())
}

/// A name that an id can begin with.
fn usable<'a>(node: &Node<'_>, name: &'a str) -> Result<&'a str, Problem> {
    let good = |one: char| one.is_ascii_alphanumeric() || "-._".contains(one);
    let what = Said {
        en: "a name of an edition or a part has letters, digits, `-`, `_` and `.` only, not",
        ja: "版や編の名前に使えるのは英数字と `-`、`_`、`.` だけです：",
    };
    let fits =
        !name.is_empty() && name.chars().all(good) && name.chars().any(|one| one.is_ascii_alphanumeric());
    if fits { Ok(name) } else { Err(node.wrong(what, format!("`{name}`"))) }
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
fn address(metadata: &Node<'_>) -> Result<String, Problem> {
    let mut found: BTreeMap<&str, &str> = BTreeMap::new();
    for link in metadata.list("links")? {
        found.entry(link.text_of("rel")?.unwrap_or_default()).or_insert(link.needed_text("href")?);
    }
    let first =
        ["canonical", "latest-version", "alternate", "reference"].iter().find_map(|rel| found.get(rel));
    Ok(first.copied().unwrap_or_default().to_owned())
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
