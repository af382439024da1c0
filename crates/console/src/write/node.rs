//! Contents as people's forms change them: numbers stay as they were written, and what a form does not know stays where it is.

use fhir::Node;
use serde_json::Value;

/// A piece of content without decimals.
pub(super) fn of(value: &Value) -> Node {
    crate::patients::node(value).unwrap_or(Node::Null)
}

/// A text.
pub(super) fn text(value: &str) -> Node {
    Node::String(value.to_owned())
}

/// An object.
pub(super) fn object(members: Vec<(&str, Node)>) -> Node {
    Node::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// Puts a member into an object, or takes it out.
pub(super) fn put(content: &mut Node, name: &str, value: Option<Node>) {
    let Node::Object(members) = content else { return };
    match (members.iter_mut().find(|(known, _)| known == name), value) {
        (Some((_, old)), Some(value)) => *old = value,
        (None, Some(value)) => members.push((name.to_owned(), value)),
        (_, None) => members.retain(|(known, _)| known != name),
    }
}

/// What stands at the end of a path of names; of a list the first.
pub(super) fn at<'a>(content: &'a Node, path: &[&str]) -> Option<&'a Node> {
    path.iter().try_fold(content, |node, name| {
        let inner = node.get(name)?;
        inner.as_array().map_or(Some(inner), <[Node]>::first)
    })
}

/// Puts a value at the end of a path of names, or takes it out with what stands empty then. A name that ends in `[]` is a list,
/// of which the first is meant; all that stands beside the path stays.
pub(super) fn set(content: &mut Node, path: &[&str], value: Option<Node>) {
    let Some((first, rest)) = path.split_first() else { return };
    let name = first.trim_end_matches("[]");
    let listed = name.len() < first.len();
    if rest.is_empty() {
        put(content, name, value.map(|value| if listed { Node::Array(vec![value]) } else { value }));
        return;
    }
    let mut inner = content.get(name).cloned().unwrap_or(Node::Null);
    let mut others = Vec::new();
    if let Node::Array(mut items) = inner {
        others = items.split_off(items.len().min(1));
        inner = items.pop().unwrap_or(Node::Null);
    }
    if inner == Node::Null {
        inner = Node::Object(Vec::new());
    }
    set(&mut inner, rest, value);
    let empty = inner.as_object().is_some_and(<[_]>::is_empty);
    let mut all: Vec<Node> = if empty { Vec::new() } else { vec![inner] };
    all.append(&mut others);
    let whole = if listed { (!all.is_empty()).then_some(Node::Array(all)) } else { all.pop() };
    put(content, name, whole);
}

/// The text or the number there; empty where nothing stands.
pub(super) fn said(content: &Node, path: &[&str]) -> String {
    let found = at(content, path).and_then(|node| node.as_str().or_else(|| node.as_number()));
    found.unwrap_or_default().to_owned()
}

/// As JSON.
pub(super) fn written(content: &Node) -> String {
    let mut bytes = Vec::new();
    content.write(&mut bytes);
    String::from_utf8(bytes).unwrap_or_default()
}

/// A text as a narrative (R4, section 2.1.28.0.3 `Narrative.div`): its lines with breaks between them.
pub(super) fn narrative(value: &str) -> Node {
    let value = value.replace("\r\n", "\n");
    let escaped =
        value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\n', "<br/>");
    let div = format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{escaped}</div>");
    object(vec![("status", text("additional")), ("div", text(&div))])
}

/// The text of such a narrative; none where it holds more than text and breaks, which a form would lose.
pub(super) fn plain(div: &str) -> Option<String> {
    let (start, rest) = div.split_once('>')?;
    let inner = rest.strip_suffix("</div>").filter(|_| start.split(' ').next() == Some("<div"))?;
    let lines = inner.replace("<br/>", "\n");
    if lines.contains('<') {
        return None;
    }
    let plain = lines.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'");
    Some(plain.replace("&amp;", "&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_set_and_taken_out_and_its_neighbours_stay() {
        let mut content = of(&serde_json::json!({ "a": [{ "b": { "c": "1" }, "x": "2" }, { "y": "3" }] }));
        set(&mut content, &["a[]", "b", "c"], Some(text("9")));
        assert_eq!(written(&content), r#"{"a":[{"b":{"c":"9"},"x":"2"},{"y":"3"}]}"#);
        set(&mut content, &["a[]", "b", "c"], None);
        set(&mut content, &["n[]", "m"], Some(Node::Number("1.50".to_owned())));
        assert_eq!(written(&content), r#"{"a":[{"x":"2"},{"y":"3"}],"n":[{"m":1.50}]}"#);
        set(&mut content, &["n[]", "m"], None);
        assert_eq!(content.get("n"), None);
    }

    #[test]
    fn what_was_typed_comes_back_from_the_narrative_as_it_was() {
        for typed in ["頭痛", "a < b && c > d\n\n\"&lt;\" <script>alert(1)</script>", "１行目\n２行目"]
        {
            let narrative = narrative(typed);
            assert_eq!(plain(&said(&narrative, &["div"])).as_deref(), Some(typed));
        }
        assert_eq!(plain("<div><p>x</p></div>"), None);
    }
}
