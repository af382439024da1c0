//! JSON pointers (RFC 6901) into a [`Node`].

use crate::json::Node;
use std::fmt;

/// Where in a document: names of members and numbers of items, outermost first. Empty: the whole document.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Pointer(Vec<String>);

impl Pointer {
    /// Reads `/name/0/given`; `~1` stands for `/`, `~0` for `~`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self(Vec::new()));
        }
        let tokens = text.strip_prefix('/')?.split('/');
        tokens.map(unescaped).collect::<Option<Vec<_>>>().map(Self)
    }

    /// How many steps it has.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether the other leads to something inside of what this leads to.
    pub(super) fn is_above(&self, other: &Self) -> bool {
        self.0.len() < other.0.len() && other.0.starts_with(&self.0)
    }

    /// What stands there.
    pub(super) fn find<'n>(&self, node: &'n Node) -> Option<&'n Node> {
        self.0.iter().try_fold(node, |node, token| match node {
            Node::Array(items) => items.get(index(token)?),
            other => other.get(token),
        })
    }

    /// What stands there, to be changed.
    pub(super) fn find_mut<'n>(&self, node: &'n mut Node) -> Option<&'n mut Node> {
        walk(node, &self.0)
    }

    /// Puts a value there: over the whole, into an array before the item (`-`: at the end), or as a member.
    pub(super) fn add(&self, node: &mut Node, value: Node) -> Option<()> {
        let Some((last, around)) = self.0.split_last() else {
            *node = value;
            return Some(());
        };
        match walk(node, around)? {
            Node::Array(items) => {
                let at = if last == "-" { items.len() } else { index(last)? };
                (at <= items.len()).then(|| items.insert(at, value))
            }
            Node::Object(members) => {
                match members.iter_mut().find(|(name, _)| name == last) {
                    Some((_, old)) => *old = value,
                    None => members.push((last.clone(), value)),
                }
                Some(())
            }
            _ => None,
        }
    }

    /// Takes out what stands there. The whole document cannot be taken out.
    pub(super) fn remove(&self, node: &mut Node) -> Option<Node> {
        let (last, around) = self.0.split_last()?;
        match walk(node, around)? {
            Node::Array(items) => {
                let at = index(last)?;
                (at < items.len()).then(|| items.remove(at))
            }
            Node::Object(members) => {
                let at = members.iter().position(|(name, _)| name == last)?;
                Some(members.remove(at).1)
            }
            _ => None,
        }
    }
}

fn walk<'n>(node: &'n mut Node, tokens: &[String]) -> Option<&'n mut Node> {
    tokens.iter().try_fold(node, |node, token| match node {
        Node::Array(items) => items.get_mut(index(token)?),
        Node::Object(members) => members.iter_mut().find(|(name, _)| name == token).map(|(_, value)| value),
        _ => None,
    })
}

/// The number of an item: digits without a leading zero.
fn index(token: &str) -> Option<usize> {
    let plain = token.bytes().all(|byte| byte.is_ascii_digit()) && (token == "0" || !token.starts_with('0'));
    plain.then(|| token.parse().ok()).flatten()
}

fn unescaped(token: &str) -> Option<String> {
    let mut out = String::with_capacity(token.len());
    let mut rest = token.chars();
    while let Some(letter) = rest.next() {
        out.push(match letter {
            '~' => match rest.next()? {
                '0' => '~',
                '1' => '/',
                _ => return None,
            },
            other => other,
        });
    }
    Some(out)
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|token| write!(f, "/{}", token.replace('~', "~0").replace('/', "~1")))
    }
}
