//! What differs between two versions, as people read it: the element in their words, what stood there, what stands there.

use super::{Line, Reader, Spot, value, words};
use crate::difference::{self, Act, Difference, Value};
use crate::json::{self, Node};
use base::{Language, Problem};

/// One difference between two versions.
#[derive(Clone, PartialEq, Eq)]
pub struct Change {
    /// What became of the element.
    pub act: Act,
    /// The element with those that it stands in: `構成項目 1 › 値`.
    pub label: String,
    /// What stood there; empty where nothing did.
    pub before: Vec<Line>,
    /// What stands there; empty where nothing does.
    pub after: Vec<Line>,
    /// Of what moved: its places in the list before and after, from 1.
    pub moved: Option<(usize, usize)>,
}

impl std::fmt::Debug for Change {
    /// The values may be patient data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.act)
    }
}

/// What differs between two versions of a record, in the order in which the later one is read. A narrative that was
/// generated from the elements is passed over, as in [`super::lines`].
///
/// # Errors
/// One of the contents is no resource of R4.
pub fn changes(earlier: &[u8], later: &[u8], language: Language) -> Result<Vec<Change>, Problem> {
    changes_of(&json::parse(earlier)?, &json::parse(later)?, language)
}

/// The same of resources that were read already.
///
/// # Errors
/// One of them is no resource of R4.
pub fn changes_of(earlier: &Node, later: &Node, language: Language) -> Result<Vec<Change>, Problem> {
    let generated = [earlier, later].iter().all(|node| has_no_own_text(node));
    let found = difference::between(earlier, later, on_one_line)?;
    let told = found.iter().filter(|one| !(generated && one.is_text()));
    Ok(told.map(|one| change(one, language)).collect())
}

/// Values of one line are told as a whole where their lines differ; where only what the line does not show differs, that.
fn on_one_line(kind: &'static crate::definitions::Type, coded: bool, old: &Node, new: &Node) -> bool {
    let line = |node| value::one_line(kind, coded, node, Language::English);
    matches!((line(old), line(new)), (Some(old), Some(new)) if old != new)
}

fn has_no_own_text(node: &Node) -> bool {
    let status = node.get("text").and_then(|text| text.get("status")).and_then(Node::as_str);
    status.is_none_or(|status| status == "generated")
}

fn change(one: &Difference<'_>, language: Language) -> Change {
    let coded = one.steps.last().is_some_and(|step| step.element.required_set.is_some());
    let read =
        |value: Option<Value<'_>>| value.map(|value| lines(value, coded, language)).unwrap_or_default();
    let (mut before, mut after) = (read(one.before), read(one.after));
    // Two codes may have one word: then the codes themselves are shown.
    if one.act == Act::Replaced && before == after {
        (before, after) = (raw(one.before, before), raw(one.after, after));
    }
    let moved = one.source.zip(one.steps.last().and_then(|step| step.index));
    let from_one = |(source, place): (usize, usize)| (source.saturating_add(1), place.saturating_add(1));
    Change { act: one.act, label: label(one, language), before, after, moved: moved.map(from_one) }
}

/// The element and those it stands in, each with its number where there are several.
fn label(one: &Difference<'_>, language: Language) -> String {
    let step = |step: &difference::Step| {
        let name = words::label(step.owner.name, step.element.path_name(), language);
        match step.index.filter(|_| step.of_several) {
            Some(index) => format!("{name} {}", index.saturating_add(1)),
            None => name,
        }
    };
    one.steps.iter().map(step).collect::<Vec<_>>().join(" › ")
}

fn lines(value: Value<'_>, coded: bool, language: Language) -> Vec<Line> {
    let mut reader = Reader { language, lines: Vec::new() };
    if value.kind.name == "Element" {
        reader.inner_extensions(value.node, 0);
        return reader.lines;
    }
    if value.kind.name == "Narrative" {
        let text = value.node.get("div").and_then(Node::as_str).map(super::plain);
        return vec![Line { depth: 0, label: String::new(), value: Some(text.unwrap_or_default()) }];
    }
    reader.one(&Spot { label: "", kind: value.kind, coded }, value.node, 0);
    // The element is named beside its value: a line that only names it again is left out.
    reader.lines.into_iter().filter(|line| !(line.label.is_empty() && line.value.is_none())).collect()
}

fn raw(value: Option<Value<'_>>, read: Vec<Line>) -> Vec<Line> {
    let text = value.and_then(|value| value.node.as_str().or_else(|| value.node.as_number()));
    let text = text.map(str::to_owned);
    text.map_or(read, |text| vec![Line { depth: 0, label: String::new(), value: Some(text) }])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(earlier: &str, later: &str, language: Language) -> Vec<String> {
        let text = |lines: &[Line]| {
            let one = |line: &Line| match (&*line.label, line.value.as_deref()) {
                ("", value) => value.unwrap_or("-").to_owned(),
                (label, value) => format!("{label}: {}", value.unwrap_or("-")),
            };
            lines.iter().map(one).collect::<Vec<_>>().join("; ")
        };
        let found = changes(earlier.as_bytes(), later.as_bytes(), language).unwrap();
        let one = |change: &Change| {
            let moved = change.moved.map(|(from, to)| format!(" ({from} to {to})")).unwrap_or_default();
            format!("{}{moved}: {} → {}", change.label, text(&change.before), text(&change.after))
        };
        found.iter().map(one).collect()
    }

    fn observation(members: &str) -> String {
        format!(r#"{{"resourceType":"Observation","id":"o","code":{{"text":"血圧"}},{members}}}"#)
    }

    #[test]
    fn a_correction_is_read_with_what_it_replaces() {
        let earlier = observation(
            r#""status":"final","text":{"status":"generated","div":"<div>1</div>"},
            "component":[{"code":{"text":"収縮期"},"valueQuantity":{"value":128,"unit":"mmHg"}},{"code":{"text":"拡張期"},"valueQuantity":{"value":82,"unit":"mmHg"}}]"#,
        );
        let later = observation(
            r#""status":"amended","text":{"status":"generated","div":"<div>2</div>"},
            "component":[{"code":{"text":"収縮期"},"valueQuantity":{"value":138,"unit":"mmHg"}}],"note":[{"text":"読み違い"}]"#,
        );
        assert_eq!(
            told(&earlier, &later, Language::Japanese),
            [
                "状態: 確定 → 訂正済み",
                "構成項目 2: 項目: 拡張期; 値: 82 mmHg → ",
                "構成項目 › 値: 128 mmHg → 138 mmHg",
                "注記:  → 読み違い",
            ]
        );
        assert_eq!(told(&earlier, &later, Language::English)[2], "Component › Value: 128 mmHg → 138 mmHg");
    }

    #[test]
    fn what_one_line_does_not_show_is_told_below_it_and_what_moved_is_said_to_have() {
        let status = r#""status":"final","#;
        let with = |members: &str| observation(&format!("{status}{members}"));
        let plain = with(r#""valueQuantity":{"value":1,"unit":"g"}"#);
        let coded = with(r#""valueQuantity":{"value":1,"unit":"g","code":"g"}"#);
        assert_eq!(told(&plain, &coded, Language::English), ["Value › Code:  → g"]);
        let notes = |first: &str, second: &str| {
            with(&format!(r#""note":[{{"text":"{first}"}},{{"text":"{second}"}}]"#))
        };
        assert_eq!(told(&notes("a", "b"), &notes("b", "a"), Language::English), ["Note 1 (2 to 1): b → b"]);
    }

    #[test]
    fn a_text_of_its_own_is_told() {
        let with = |text: &str| {
            observation(&format!(
                r#""status":"final","text":{{"status":"additional","div":"<div>{text}</div>"}}"#
            ))
        };
        assert_eq!(told(&with("左"), &with("右"), Language::Japanese), ["文 › 本文: 左 → 右"]);
    }
}
