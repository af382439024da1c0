//! Whether two contents say the same, whatever the order of their members.

use fhir::Node;

/// Whether two resources say the same but for the members that `passed_over` names.
pub(crate) fn but(one: &Node, other: &Node, passed_over: impl Fn(&str) -> bool) -> bool {
    let (Node::Object(one), Node::Object(other)) = (one, other) else { return one == other };
    let kept = |members: &'_ [(String, Node)]| members.iter().filter(|(name, _)| !passed_over(name)).count();
    kept(one) == kept(other)
        && one
            .iter()
            .filter(|(name, _)| !passed_over(name))
            .all(|(name, value)| other.iter().any(|(known, with)| known == name && same(value, with)))
}

fn same(one: &Node, other: &Node) -> bool {
    match (one, other) {
        (Node::Object(_), Node::Object(_)) => but(one, other, |_| false),
        (Node::Array(one), Node::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        _ => one == other,
    }
}
