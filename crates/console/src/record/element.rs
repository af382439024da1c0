//! Reading elements of a resource: texts, concepts, quantities, as far as pages show them.

use base::{Language, Time};
use fhir::Node;

/// The node at a way of members; a number stands for a place in a list.
pub(super) fn at<'n>(node: &'n Node, way: &[&str]) -> Option<&'n Node> {
    way.iter().try_fold(node, |node, step| match node.as_array() {
        Some(items) => items.get(step.parse::<usize>().ok()?),
        None => node.get(step),
    })
}

/// The text there.
pub(super) fn text<'n>(node: &'n Node, way: &[&str]) -> Option<&'n str> {
    at(node, way)?.as_str()
}

/// The entries of a list; none where there is no list.
pub(super) fn list<'n>(node: &'n Node, member: &str) -> &'n [Node] {
    node.get(member).and_then(Node::as_array).unwrap_or_default()
}

/// What a concept says: its text, else the first name of its codes, else the first code.
pub(super) fn said(concept: &Node) -> Option<String> {
    let of_codings = |member: &str| list(concept, "coding").iter().find_map(|one| text(one, &[member]));
    let said = text(concept, &["text"]).or_else(|| of_codings("display")).or_else(|| of_codings("code"));
    said.map(str::to_owned)
}

/// The first code of a concept, or the code where it is one itself.
pub(super) fn code(node: &Node) -> Option<&str> {
    node.as_str().or_else(|| text(node, &["coding", "0", "code"]))
}

/// A quantity: value and unit, as they are written.
pub(super) fn quantity(node: &Node) -> Option<String> {
    let value = node.get("value")?.as_number()?;
    let comparator = text(node, &["comparator"]).unwrap_or_default();
    Some(match unit(node) {
        Some(unit) => format!("{comparator}{value} {unit}"),
        None => format!("{comparator}{value}"),
    })
}

/// The unit of a quantity as people write it, else its code.
pub(super) fn unit(quantity: &Node) -> Option<&str> {
    text(quantity, &["unit"]).or_else(|| text(quantity, &["code"]))
}

/// A moment as a page shows it; what is no date stays as it is.
pub(super) fn shown(moment: &str, language: Language) -> String {
    fhir::readable::day(moment, language).unwrap_or_else(|| moment.to_owned())
}

/// The day of a moment in Japan, `2026-04-01`; a shorter text where only the year or month is known.
pub(super) fn day(moment: &str) -> String {
    let plain = shown(moment, Language::English);
    plain.get(..10).map_or(plain.clone(), str::to_owned)
}

/// A moment so that texts of later ones sort after it: day and time of Japan.
pub(super) fn sorted(moment: &str) -> String {
    shown(moment, Language::English)
}

/// Minutes since 1970 of a moment; of a day its beginning in Japan, of a month or year its first day's.
pub(super) fn minutes(moment: &str) -> Option<i32> {
    let whole = match moment.len() {
        4 => format!("{moment}-01-01T00:00:00+09:00"),
        7 => format!("{moment}-01T00:00:00+09:00"),
        10 => format!("{moment}T00:00:00+09:00"),
        _ => moment.to_owned(),
    };
    let time = Time::parse(&whole)?;
    i32::try_from(time.microseconds().checked_div(60_000_000)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_have_a_day_in_japan_and_a_place_on_a_line() {
        assert_eq!(day("2026-03-31T15:30:00Z"), "2026-04-01");
        assert_eq!(day("2026-03"), "2026-03");
        assert_eq!(minutes("1970-01-01T09:00:00+09:00"), Some(0));
        assert_eq!(minutes("1970-01-02"), Some(900));
        assert_eq!(minutes("soon"), None);
    }
}
