//! Tests of the engine as a whole; the published tests of FHIRPath run in the suite.

mod bounds;
mod invariants;
mod parts;
mod references;
mod values;

use super::{Expression, Item, Scope};
use crate::Node;
use base::Time;

/// A resource of synthetic data.
fn node(text: &str) -> Node {
    crate::json::parse(text.as_bytes()).unwrap()
}

/// 2026-04-01, 09:00 in Japan.
fn now() -> Time {
    Time::parse("2026-04-01T00:00:00Z").unwrap()
}

/// The items as compact JSON, separated by blanks; of a problem its code.
fn shown(found: Result<Vec<Item<'_>>, base::Problem>) -> String {
    let text = |item: &Item<'_>| {
        let mut bytes = Vec::new();
        item.to_json().write(&mut bytes);
        String::from_utf8(bytes).unwrap()
    };
    match found {
        Ok(items) => items.iter().map(text).collect::<Vec<_>>().join(" "),
        Err(problem) => problem.code().id.to_owned(),
    }
}

/// What an expression gives on a resource.
fn result(resource: &str, expression: &str) -> String {
    let node = node(resource);
    let root = Item::resource(&node).unwrap();
    match Expression::parse(expression) {
        Ok(expression) => shown(expression.evaluate(&Scope::new(now()), &root)),
        Err(problem) => problem.code().id.to_owned(),
    }
}

/// The same, strictly.
fn strict(resource: &str, expression: &str) -> String {
    let node = node(resource);
    let root = Item::resource(&node).unwrap();
    let expression = Expression::parse(expression).unwrap();
    shown(expression.evaluate(&Scope::new(now()).strict(), &root))
}

/// Goes through a table of expressions and results on one resource.
fn check(resource: &str, rows: &[(&str, &str)]) {
    for (expression, expected) in rows {
        assert_eq!(result(resource, expression), *expected, "{expression}");
    }
}
