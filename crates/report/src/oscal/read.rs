//! Reading documents of OSCAL, our own and those of others: every step knows where it stands.

use super::{DOCUMENT_BYTES_MAX, NAMESPACE, Said};
use base::Problem;
use guideline::{SourceFile, codes};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Display;

/// A value with its place in its document.
#[derive(Clone, Debug)]
pub(super) struct Node<'a> {
    file: &'a str,
    /// A JSON pointer (RFC 6901).
    place: String,
    value: &'a Value,
}

/// A document as JSON.
pub(super) fn parse(file: SourceFile<'_>) -> Result<Value, Problem> {
    if file.text.len() > DOCUMENT_BYTES_MAX {
        let what = Said { en: "it is longer than 20 MiB", ja: "20 MiB を超えています" };
        return Err(wrong(file.name, "1:1", what, ""));
    }
    serde_json::from_str(file.text).map_err(|error| {
        let what = Said { en: "it cannot be read as JSON:", ja: "JSON として読めません：" };
        wrong(file.name, &format!("{}:{}", error.line(), error.column()), what, error)
    })
}

/// The content of a document of this kind.
pub(super) fn content<'a>(file: &'a str, value: &'a Value, kind: &str) -> Result<Node<'a>, Problem> {
    Node { file, place: String::new(), value }.need(kind)
}

/// Where the resources of a document's back matter are found, by their UUIDs: documents refer to them as `#<uuid>`.
pub(super) struct Resources<'a>(BTreeMap<&'a str, &'a str>);

impl<'a> Resources<'a> {
    pub(super) fn of(document: &Node<'a>) -> Result<Self, Problem> {
        let mut found = BTreeMap::new();
        let resources = document.member("back-matter").map(|back| back.list("resources")).transpose()?;
        for resource in resources.unwrap_or_default() {
            if let Some(link) = resource.list("rlinks")?.first() {
                found.insert(resource.needed_text("uuid")?, link.needed_text("href")?);
            }
        }
        Ok(Self(found))
    }

    /// An address outside of the document; none where a reference into it leads to no such thing.
    pub(super) fn address(&self, href: &'a str) -> Option<&'a str> {
        match href.strip_prefix('#') {
            Some(uuid) => self.0.get(uuid).copied(),
            None => Some(href),
        }
    }
}

impl<'a> Node<'a> {
    /// That something is wrong here.
    pub(super) fn wrong(&self, what: Said, detail: impl Display) -> Problem {
        wrong(self.file, if self.place.is_empty() { "/" } else { &self.place }, what, detail)
    }

    /// A member, when it is there.
    pub(super) fn member(&self, name: &str) -> Option<Self> {
        let value = self.value.get(name)?;
        Some(Self { file: self.file, place: format!("{}/{name}", self.place), value })
    }

    /// A member that must be there.
    pub(super) fn need(&self, name: &str) -> Result<Self, Problem> {
        let what = Said { en: "a member is missing:", ja: "必須の項目がありません：" };
        self.member(name).ok_or_else(|| self.wrong(what, name))
    }

    /// The elements of a list; none when there is no such member.
    pub(super) fn list(&self, name: &str) -> Result<Vec<Self>, Problem> {
        let Some(member) = self.member(name) else { return Ok(Vec::new()) };
        let what = Said { en: "this is not a list", ja: "リストではありません" };
        let values = member.value.as_array().ok_or_else(|| member.wrong(what, ""))?;
        let element =
            |(index, value)| Self { file: self.file, place: format!("{}/{index}", member.place), value };
        Ok(values.iter().enumerate().map(element).collect())
    }

    /// This as text.
    pub(super) fn text(&self) -> Result<&'a str, Problem> {
        let what = Said { en: "this is not a text", ja: "文字列ではありません" };
        self.value.as_str().ok_or_else(|| self.wrong(what, ""))
    }

    /// A member as text, when it is there.
    pub(super) fn text_of(&self, name: &str) -> Result<Option<&'a str>, Problem> {
        self.member(name).map(|member| member.text()).transpose()
    }

    /// A member as text, which must be there and say something.
    pub(super) fn needed_text(&self, name: &str) -> Result<&'a str, Problem> {
        let member = self.need(name)?;
        let what = Said { en: "this is empty", ja: "空です" };
        Some(member.text()?).filter(|text| !text.trim().is_empty()).ok_or_else(|| member.wrong(what, ""))
    }

    /// Its properties.
    pub(super) fn props(&self) -> Result<Vec<Property<'a>>, Problem> {
        self.list("props")?.iter().map(Property::read).collect()
    }
}

/// A property.
#[derive(Clone, Debug)]
pub(super) struct Property<'a> {
    name: &'a str,
    namespace: Option<&'a str>,
    class: Option<&'a str>,
    pub(super) group: Option<&'a str>,
    pub(super) value: &'a str,
    pub(super) remarks: Option<&'a str>,
}

impl<'a> Property<'a> {
    fn read(node: &Node<'a>) -> Result<Self, Problem> {
        Ok(Self {
            name: node.needed_text("name")?,
            namespace: node.text_of("ns")?,
            class: node.text_of("class")?,
            group: node.text_of("group")?,
            value: node.needed_text("value")?,
            remarks: node.text_of("remarks")?,
        })
    }

    fn is(&self, name: &str, class: Option<&str>) -> bool {
        self.namespace == Some(NAMESPACE) && self.name == name && (class.is_none() || self.class == class)
    }

    /// Whether it is one that OSCAL names, in its own namespace or in one of those that extend it.
    pub(super) fn is_known(&self, name: &str, extensions: &[&str]) -> bool {
        let own = "http://csrc.nist.gov/ns/oscal";
        self.name == name && self.namespace.is_none_or(|found| found == own || extensions.contains(&found))
    }

    /// Its text, which stands in the remarks where it is more than one line.
    fn text(&self) -> &'a str {
        self.remarks.unwrap_or(self.value)
    }
}

/// The text of our property of this name and class.
pub(super) fn ours<'a>(props: &[Property<'a>], name: &str, class: Option<&str>) -> Option<&'a str> {
    props.iter().find(|prop| prop.is(name, class)).map(Property::text)
}

/// The texts of all our properties of this name.
pub(super) fn all_ours<'a>(props: &[Property<'a>], name: &str) -> Vec<&'a str> {
    all_of_class(props, name, None)
}

/// The texts of all our properties of this name and class.
pub(super) fn all_of_class<'a>(props: &[Property<'a>], name: &str, class: Option<&str>) -> Vec<&'a str> {
    props.iter().filter(|prop| prop.is(name, class)).map(Property::text).collect()
}

/// Those of ours that belong to a group.
pub(super) fn ours_of_group<'a>(props: &[Property<'a>], group: Option<&str>) -> Vec<Property<'a>> {
    props.iter().filter(|prop| prop.group == group).cloned().collect()
}

/// Our properties of this name.
pub(super) fn named<'p, 'a>(props: &'p [Property<'a>], name: &str) -> impl Iterator<Item = &'p Property<'a>> {
    props.iter().filter(move |prop| prop.is(name, None))
}

fn wrong(file: &str, place: &str, what: Said, detail: impl Display) -> Problem {
    let detail = detail.to_string();
    let said = |text: &str, gap: &str| {
        if detail.is_empty() { text.to_owned() } else { format!("{text}{gap}{detail}") }
    };
    Problem::new(&codes::OSCAL)
        .with("file", file)
        .with("place", place)
        .with("what", said(what.en, " "))
        .with("what_ja", said(what.ja, ""))
        .at(place)
        .log("a document of OSCAL was refused")
}
