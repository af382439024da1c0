//! A control as a requirement: what our properties say, and honest words where they say nothing.

use super::super::read::{Node, Property, all_of_class, all_ours, ours};
use super::super::token::decode;
use super::source::PartDraft;
use super::take::{Place, Taken};
use base::Problem;
use serde_json::{Value, json};

impl<'a> Taken<'a> {
    /// A control as a requirement: what our properties say, and honest words where they say nothing.
    pub(super) fn requirement(
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
            "name_ja": ours(&props, "title", Some("ja")).unwrap_or(title),
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
            "system_class_ja": all_of_class(&props, "system-class", Some("ja")),
            "system_class_en": all_of_class(&props, "system-class", Some("en")),
        });
        let replaced = self.linked(control, &["replaces"], place)?;
        let letters: Vec<String> =
            all_ours(&props, "report-source").into_iter().map(|title| draft.sources.letter(title)).collect();
        if let Some(members) = made.as_object_mut() {
            let mut put =
                |name: &str, value: Option<Value>| value.map(|value| members.insert(name.to_owned(), value));
            put("note", note(&props, text.is_missing).map(Value::from));
            put("group", ours(&props, "question-group", None).map(Value::from));
            put("deadline", ours(&props, "deadline", Some("ja")).map(Value::from));
            put("deadline_en", ours(&props, "deadline", Some("en")).map(Value::from));
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
    pub(super) fn linked(
        &self,
        control: &Node<'a>,
        kinds: &[&str],
        place: Place<'_>,
    ) -> Result<Vec<String>, Problem> {
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
