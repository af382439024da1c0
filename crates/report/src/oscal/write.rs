//! What all documents are made of: properties, links, names that follow from what they name, and the head.

use super::{NAMESPACE, VERSION};
use base::Time;
use guideline::Text;
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// A name that follows from what it names: the same thing has the same name in every document.
pub(super) fn uuid(kind: &str, of: &[&str]) -> String {
    let namespace = Uuid::new_v5(&Uuid::NAMESPACE_URL, NAMESPACE.as_bytes());
    Uuid::new_v5(&namespace, [&[kind], of].concat().join("\n").as_bytes()).to_string()
}

/// Properties under way.
#[derive(Clone, Debug, Default)]
pub(super) struct Props(Vec<Value>);

impl Props {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// One of ours.
    pub(super) fn add(self, name: &str, value: &str) -> Self {
        self.put(json!({ "name": name, "ns": NAMESPACE }), value)
    }

    /// One of ours, of a class: a language.
    pub(super) fn of_class(self, name: &str, class: &str, value: &str) -> Self {
        self.put(json!({ "name": name, "ns": NAMESPACE, "class": class }), value)
    }

    /// One of ours that belongs to others of the same group.
    pub(super) fn grouped(self, (name, class): (&str, Option<&str>), group: &str, value: &str) -> Self {
        let mut prop = json!({ "name": name, "ns": NAMESPACE, "group": group });
        if let (Some(members), Some(class)) = (prop.as_object_mut(), class) {
            members.insert("class".to_owned(), json!(class));
        }
        self.put(prop, value)
    }

    /// One that OSCAL itself names.
    pub(super) fn known(self, name: &str, value: &str) -> Self {
        self.put(json!({ "name": name }), value)
    }

    /// One of ours, where there is a value.
    pub(super) fn maybe(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.add(name, value),
            None => self,
        }
    }

    /// One of ours for each value.
    pub(super) fn each<'a>(self, name: &str, values: impl IntoIterator<Item = &'a String>) -> Self {
        values.into_iter().fold(self, |props, value| props.add(name, value))
    }

    /// A text in both languages.
    pub(super) fn text(self, name: &str, text: &Text) -> Self {
        self.of_class(name, "ja", &text.ja).of_class(name, "en", &text.en)
    }

    /// What a title says in English, and its own words in Japanese where they are not the one line that titles are.
    pub(super) fn title(self, text: &Text) -> Self {
        let props = if line(&text.ja) == text.ja { self } else { self.of_class("title", "ja", &text.ja) };
        props.of_class("title", "en", &text.en)
    }

    /// A value is one line without space around it. A text that is not has its own words in the remarks.
    fn put(mut self, mut prop: Value, value: &str) -> Self {
        let line = line(value);
        if line.is_empty() {
            return self;
        }
        if let Some(members) = prop.as_object_mut() {
            if line != value {
                members.insert("remarks".to_owned(), json!(value));
            }
            members.insert("value".to_owned(), json!(line));
        }
        self.0.push(prop);
        self
    }
}

/// A text as one line.
pub(super) fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A title: one line that is never empty.
pub(super) fn title(text: &str, otherwise: &str) -> String {
    let line = line(text);
    if line.is_empty() { otherwise.to_owned() } else { line }
}

/// An object under way. OSCAL allows no empty lists: they are left out.
#[derive(Clone, Debug, Default)]
pub(super) struct Object(Map<String, Value>);

impl Object {
    pub(super) fn new() -> Self {
        Self::default()
    }

    pub(super) fn put(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    pub(super) fn maybe(self, name: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.put(name, value),
            None => self,
        }
    }

    pub(super) fn list(self, name: &str, values: Vec<Value>) -> Self {
        if values.is_empty() { self } else { self.put(name, values) }
    }

    pub(super) fn props(self, props: Props) -> Self {
        self.list("props", props.0)
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        Self::Object(object.0)
    }
}

/// The head of every document: what it is, when it was made, and by which program.
pub(super) fn metadata(title: &str, at: Time, props: Props, remarks: &str, others: Vec<Value>) -> Value {
    let creator = uuid("party", &["akashi"]);
    let mut parties = vec![json!({ "uuid": creator, "type": "organization", "name": "Akashi" })];
    parties.extend(others);
    Object::new()
        .put("title", title)
        .put("last-modified", at.to_string())
        .put("version", env!("CARGO_PKG_VERSION"))
        .put("oscal-version", VERSION)
        .props(props)
        .list("roles", vec![json!({ "id": "creator", "title": "Creator / 作成" })])
        .list("parties", parties)
        .list("responsible-parties", vec![json!({ "role-id": "creator", "party-uuids": [creator] })])
        .put("remarks", remarks)
        .into()
}

/// A document as text. Its own name follows from all that it holds: OSCAL wants another one after every change.
pub(super) fn document(kind: &str, content: Object) -> String {
    let mut named = Object::new().put("uuid", uuid(kind, &[&Value::from(content.clone()).to_string()]));
    named.0.extend(content.0);
    format!("{:#}\n", Value::from(Object::new().put(kind, named)))
}
