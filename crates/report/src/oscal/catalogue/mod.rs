//! Editions of the catalogue as an OSCAL catalog: parts and chapters are groups, requirements are controls, scenarios of
//! risk are resources that the controls which help against them point to.
//!
//! A control's title and its `statement` are Japanese, since that is the language of the guidelines; the English stands
//! beside it in a part of our namespace, because OSCAL knows no languages. Readers that know nothing of ours show both.

mod asked;
mod foreign;
mod prose;
mod requirement;
mod source;
mod take;
mod walk;

pub use asked::asked;
pub use source::CatalogueFile;
pub use take::read_catalogue;

use super::NAMESPACE;
use super::token::encode;
use super::write::{Object, Props, document, line, metadata, title, uuid};
use base::{Language, Problem, Time};
use guideline::{Catalogue, Chapter, Edition, Origin, Part, Reported, Requirement, Scenario};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const REMARKS: &str = "各要求事項は、ガイドラインを独自に要約したものです。公式の文言は含まず、その所在を示します。\n\nRequirements are restated in our own words. The official text is not contained; each control says where it stands.";

/// An edition, or all of them, as an OSCAL catalog of this moment.
///
/// # Errors
/// There is no such edition.
pub fn write_catalogue(catalogue: &Catalogue, edition: Option<&str>, at: Time) -> Result<String, Problem> {
    let editions: Vec<&Edition> = match edition {
        Some(id) => vec![catalogue.edition(id)?],
        None => catalogue.editions().collect(),
    };
    let written = Written::of(catalogue, &editions);
    let (name, props, groups) = if let (Some(id), [one]) = (edition, editions.as_slice()) {
        (id, edition_props(one), written.parts(one)?)
    } else {
        let groups = editions.iter().map(|one| written.edition(one)).collect::<Result<_, _>>()?;
        ("all", Props::new(), groups)
    };
    let resources = written.scenarios.iter().map(|one| resource(one)).collect::<Result<Vec<Value>, _>>()?;
    let back_matter = (!resources.is_empty()).then(|| json!({ "resources": resources }));
    let heading = match editions.as_slice() {
        [one] => format!("{} {}（独自の要約） / restated in our own words", one.publisher, one.id),
        _ => {
            "3省2ガイドライン（独自の要約） / guidelines for medical information systems, restated".to_owned()
        }
    };
    let content = Object::new()
        .put("metadata", metadata(&title(&heading, name), at, props, REMARKS, Vec::new()))
        .list("groups", groups)
        .maybe("back-matter", back_matter);
    Ok(document("catalog", content))
}

/// A document under way: what it holds decides whether a reference stays inside.
struct Written<'a> {
    catalogue: &'a Catalogue,
    inside: BTreeSet<String>,
    scenarios: Vec<&'a Scenario>,
}

impl<'a> Written<'a> {
    fn of(catalogue: &'a Catalogue, editions: &[&Edition]) -> Self {
        let mut inside = BTreeSet::new();
        for edition in editions {
            inside.extend(edition.requirements().map(ToOwned::to_owned));
            for part in &edition.parts {
                inside.extend(part.chapters.iter().map(|chapter| chapter_id(edition, part, chapter)));
            }
        }
        let of_these = |one: &&Scenario| editions.iter().any(|edition| is_of(&one.id, &edition.id));
        let scenarios = catalogue.scenarios().filter(of_these).collect();
        Self { catalogue, inside, scenarios }
    }

    fn edition(&self, edition: &Edition) -> Result<Value, Problem> {
        Ok(Object::new()
            .put("id", encode(&edition.id))
            .put("class", "edition")
            .put("title", title(&format!("{} {}", edition.publisher, edition.id), &edition.id))
            .props(edition_props(edition))
            .list("groups", self.parts(edition)?)
            .into())
    }

    fn parts(&self, edition: &Edition) -> Result<Vec<Value>, Problem> {
        edition.parts.iter().map(|part| self.part(edition, part)).collect()
    }

    fn part(&self, edition: &Edition, part: &Part) -> Result<Value, Problem> {
        let chapters = part.chapters.iter().enumerate();
        let chapters = chapters.map(|(place, one)| self.chapter(edition, part, (place, one)));
        let id = format!("{}/{}", edition.id, part.name);
        let mut props = Props::new()
            .add("part", &part.name)
            .title(&part.title)
            .maybe("inherits", self.inherited_from(part)?.as_deref())
            .add("based-on", &part.based_on)
            .each("gap", &part.gaps);
        for (index, dropped) in part.dropped.iter().enumerate() {
            let group = format!("dropped-{index}");
            props = props
                .grouped(("dropped", None), &group, &dropped.id)
                .grouped(("dropped-reason", Some("ja")), &group, &dropped.reason.ja)
                .grouped(("dropped-reason", Some("en")), &group, &dropped.reason.en)
                .grouped(("dropped-mark", None), &group, &dropped.reported.mark);
            for source in &dropped.reported.sources {
                props = props.grouped(("dropped-source", None), &group, source);
            }
        }
        Ok(Object::new()
            .put("id", encode(&id))
            .put("class", "part")
            .put("title", title(&part.title.ja, &part.name))
            .props(props)
            .list("groups", chapters.collect::<Result<_, _>>()?)
            .into())
    }

    /// The part that this one is laid over: where what it inherits or drops comes from.
    fn inherited_from(&self, part: &Part) -> Result<Option<String>, Problem> {
        for id in part.chapters.iter().flat_map(|chapter| &chapter.requirements) {
            if let Some(Origin::Inherited(before)) = &self.catalogue.requirement(id)?.origin {
                return Ok(before.rsplit_once('/').map(|(part, _)| part.to_owned()));
            }
        }
        let dropped = part.dropped.first().and_then(|one| one.id.rsplit_once('/'));
        Ok(dropped.map(|(part, _)| part.to_owned()))
    }

    fn chapter(
        &self,
        edition: &Edition,
        part: &Part,
        (place, chapter): (usize, &Chapter),
    ) -> Result<Value, Problem> {
        let controls = chapter.requirements.iter().map(|id| self.control(self.catalogue.requirement(id)?));
        let id = chapter_id(edition, part, chapter);
        let twice = part.chapters.iter().take(place).any(|other| other.number == chapter.number);
        // A chapter whose id is that of a requirement, or of a chapter before, has one that nothing points to.
        let taken = twice || self.catalogue.requirement(&id).is_ok();
        let token = if taken { format!("{}.group-{place}", encode(&id)) } else { encode(&id) };
        let props = Props::new()
            .known("label", &chapter.number)
            .add("chapter", &chapter.number)
            .title(&chapter.title)
            .each("facility-type", &chapter.facility_types);
        Ok(Object::new()
            .put("id", token)
            .put("class", "chapter")
            .put("title", title(&chapter.title.ja, &chapter.number))
            .props(props)
            .list("controls", controls.collect::<Result<_, _>>()?)
            .into())
    }

    fn control(&self, one: &Requirement) -> Result<Value, Problem> {
        let token = encode(&one.id);
        let mut links: Vec<Value> = one.related.iter().map(|to| self.link(to, "related")).collect();
        match &one.origin {
            Some(Origin::Inherited(before)) => links.push(self.link(before, "inherits")),
            Some(Origin::Replaces(before, _)) => links.push(self.link(before, "replaces")),
            Some(Origin::Added(_)) | None => {}
        }
        let against = self.scenarios.iter().filter(|scenario| scenario.related.contains(&one.id));
        links.extend(against.map(|scenario| {
            let href = format!("#{}", uuid("scenario", &[&scenario.id]));
            json!({ "href": href, "rel": "helps-against", "text": line(&scenario.name.ja) })
        }));
        Ok(Object::new()
            .put("id", token.as_str())
            .put("class", "requirement")
            .put("title", title(&one.name.ja, &one.id))
            .props(control_props(one)?)
            .list("links", links)
            .list("parts", prose(one, &token))
            .into())
    }

    /// A step to a requirement or a chapter: of another edition, into the document that lies beside and has its name.
    fn link(&self, to: &str, rel: &str) -> Value {
        let fragment = encode(to);
        let href = match to.split_once('/') {
            Some((edition, _)) if !self.inside.contains(to) => format!("{edition}.json#{fragment}"),
            _ => format!("#{fragment}"),
        };
        json!({ "href": href, "rel": rel })
    }
}

fn is_of(id: &str, edition: &str) -> bool {
    id.strip_prefix(edition).is_some_and(|rest| rest.starts_with('/'))
}

fn chapter_id(edition: &Edition, part: &Part, chapter: &Chapter) -> String {
    format!("{}/{}/{}", edition.id, part.name, chapter.number)
}

fn edition_props(edition: &Edition) -> Props {
    Props::new()
        .add("edition", &edition.id)
        .add("publisher", &edition.publisher)
        .add("published", &edition.published)
        .add("url", &edition.url)
}

fn control_props(one: &Requirement) -> Result<Props, Problem> {
    let props = Props::new()
        .known("label", &one.id)
        .add("requirement", &one.id)
        .title(&one.name)
        .maybe("item", one.item.as_deref())
        .add("basis", &word(one.basis)?)
        .each("actor", &words(&one.actors)?)
        .each("topic", &one.topics)
        .each("evidence", &words(&one.evidence)?)
        .add("locator", &one.locator)
        .maybe("note", one.note.as_deref())
        .each("form", &one.forms)
        .maybe("question-group", one.group.as_deref())
        .each("option", &one.options);
    let props = one.system_class.iter().fold(props, |props, class| props.text("system-class", class));
    let props = match &one.deadline {
        Some(deadline) => props.text("deadline", deadline),
        None => props,
    };
    Ok(match &one.origin {
        Some(Origin::Replaces(_, reported) | Origin::Added(reported)) => told(props, reported),
        Some(Origin::Inherited(_)) | None => props,
    })
}

fn told(props: Props, reported: &Reported) -> Props {
    props.add("mark", &reported.mark).each("report-source", &reported.sources)
}

/// A word as files spell it.
pub(super) fn word(value: impl serde::Serialize) -> Result<String, Problem> {
    words(&[value]).map(|all| all.concat())
}

fn words<T: serde::Serialize>(values: &[T]) -> Result<Vec<String>, Problem> {
    let spelt = |value: &T| {
        let spelt = serde_json::to_value(value).ok();
        spelt.and_then(|value| value.as_str().map(ToOwned::to_owned)).ok_or_else(|| {
            Problem::new(&guideline::codes::CATALOGUE).with("what", "a word cannot be spelt").log("a word")
        })
    };
    values.iter().map(spelt).collect()
}

fn prose(one: &Requirement, token: &str) -> Vec<Value> {
    let place = |language, label: &str, open: &str, close: &str| {
        let caution = one.basis.caution(language).map(|caution| format!("{open}{caution}{close}"));
        format!("{label}{}{}", one.locator, caution.unwrap_or_default())
    };
    let mut japanese = place(Language::Japanese, "公式の文言の所在：", "（", "）");
    let mut english = place(Language::English, "Official wording: ", " (", ")");
    if let Some(Origin::Inherited(before)) = &one.origin {
        // The place is that of the edition before, and so is the basis.
        japanese = format!("{japanese}（{before} のもの。この版の原文は未確認）");
        english = format!("{english} (of {before}; the text of this edition was not read)");
    }
    vec![
        json!({ "id": format!("{token}_smt"), "name": "statement", "prose": one.summary.ja }),
        json!({
            "id": format!("{token}_smt.en"), "name": "statement-en", "ns": NAMESPACE, "title": "English",
            "prose": one.summary.en,
        }),
        json!({ "id": format!("{token}_gdn"), "name": "guidance", "prose": format!("{japanese}\n\n{english}") }),
    ]
}

fn resource(one: &Scenario) -> Result<Value, Problem> {
    let props = Props::new()
        .add("scenario", &one.id)
        .text("title", &one.name)
        .of_class("summary", "en", &one.summary.en)
        .text("concerns", &one.concerns)
        .each("stride", &one.stride)
        .each("harm", &one.harms)
        .each("related", &one.related)
        .add("locator", &one.locator)
        .add("basis", &word(one.basis)?);
    Ok(Object::new()
        .put("uuid", uuid("scenario", &[&one.id]))
        .put("title", title(&one.name.ja, &one.id))
        .put("description", one.summary.ja.as_str())
        .props(props)
        .into())
}
