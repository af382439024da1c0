//! Answers, and ways into the JSON they hold. Numbers stay the text they were written as.

use fhir::Node;
use http::StatusCode;

/// An answer with its whole body.
#[derive(Clone, Debug)]
pub struct Reply {
    /// Status and header fields.
    pub head: http::response::Parts,
    /// The body.
    pub body: Vec<u8>,
}

impl Reply {
    /// The status.
    pub fn status(&self) -> u16 {
        self.head.status.as_u16()
    }

    /// A header field; empty when it is not there.
    pub fn field(&self, name: &str) -> &str {
        self.head.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The body as JSON.
    pub fn node(&self) -> Node {
        json(&self.body)
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    /// What stands at a path of the body, such as `entry.0.resource.id`; empty when nothing does.
    pub fn get(&self, path: &str) -> String {
        let node = self.node();
        at(&node, path).map(shown).unwrap_or_default()
    }

    /// Status and code of a refusal: `(412, "ST-0005")`.
    pub fn refusal(&self) -> (u16, String) {
        (self.status(), self.get("issue.0.details.coding.0.code"))
    }

    /// The text of the first issue of a refusal.
    pub fn message(&self) -> String {
        self.get("issue.0.details.text")
    }

    /// Where the first issue of a refusal is: its FHIRPath.
    pub fn place(&self) -> String {
        self.get("issue.0.expression.0")
    }

    /// The same answer, which must have this status.
    #[expect(clippy::return_self_not_must_use, reason = "often the status is all that matters")]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(
            self.head.status,
            StatusCode::from_u16(status).unwrap(),
            "{}",
            String::from_utf8_lossy(&self.body)
        );
        self
    }
}

/// Reads JSON.
pub fn json(bytes: &[u8]) -> Node {
    fhir::json::parse(bytes).unwrap_or_else(|problem| {
        panic!("{:?} in {}", problem.place(), String::from_utf8_lossy(bytes.get(..500).unwrap_or(bytes)))
    })
}

/// What stands at a path such as `entry.0.resource.id`.
pub fn at<'n>(node: &'n Node, path: &str) -> Option<&'n Node> {
    path.split('.').try_fold(node, |node, step| match node {
        Node::Array(items) => items.get(step.parse::<usize>().ok()?),
        other => other.get(step),
    })
}

/// What stands at `path` in every item of the array at `list`; items without it are left out.
pub fn texts(node: &Node, list: &str, path: &str) -> Vec<String> {
    let items = at(node, list).and_then(Node::as_array).unwrap_or_default();
    items.iter().filter_map(|item| at(item, path)).map(shown).collect()
}

/// A value as text: strings without quotes, everything else as JSON.
fn shown(node: &Node) -> String {
    if let Some(text) = node.as_str() {
        return text.to_owned();
    }
    let mut out = Vec::new();
    node.write(&mut out);
    String::from_utf8(out).unwrap()
}
