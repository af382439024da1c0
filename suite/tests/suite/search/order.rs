//! The order in which results should stand (FHIR R4, search, sorting).
//!
//! R4 leaves open which of several values counts; the product takes the least when ascending and the greatest when
//! descending, and puts what has no value last. A span counts by its start, then by its end; text as it is compared; a
//! reference as it is written, where a parameter that lets one type through (`patient`) sorts by relative ones only.

use super::amount::Amount;
use super::fold::{folded, kept};
use super::parameters::Kind;
use super::value::Value;
use super::world::World;
use std::cmp::Ordering;

/// What results are sorted by.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) code: String,
    pub(crate) descending: bool,
}

/// A value in an order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Sortable {
    Text(String),
    Pair(String, String),
    Span(i64, i64),
    Amount(Amount),
}

/// The keys as they stand in a query.
pub(crate) fn written(keys: &[Key]) -> String {
    let key = |key: &Key| format!("{}{}", if key.descending { "-" } else { "" }, key.code);
    keys.iter().map(key).collect::<Vec<_>>().join(",")
}

/// True when results can be sorted by a parameter: the product documents (FH-0073) that it refuses those which join
/// several values or several other parameters.
pub(crate) fn can_sort(world: &World, kind: &str, code: &str) -> bool {
    let is_joined = |kind: Kind| kind == Kind::Composite || code.starts_with("combo-");
    world.parameter(kind, code).is_some_and(|parameter| !is_joined(parameter.kind))
}

/// The first two neighbours that stand in the wrong order.
pub(crate) fn fault(world: &World, kind: &str, keys: &[Key], places: &[usize]) -> Option<(usize, usize)> {
    let mut pairs = places.windows(2).map(|pair| (pair[0], pair[1]));
    pairs.find(|(left, right)| compared(world, kind, keys, (*left, *right)) == Ordering::Greater)
}

fn compared(world: &World, kind: &str, keys: &[Key], (left, right): (usize, usize)) -> Ordering {
    for key in keys {
        let of = |place: usize| value(world, kind, key, place);
        let order = match (of(left), of(right)) {
            (Some(left), Some(right)) if key.descending => right.cmp(&left),
            (Some(left), Some(right)) => left.cmp(&right),
            (left, right) => right.is_some().cmp(&left.is_some()),
        };
        let is_text =
            world.parameter(kind, &key.code).is_some_and(|parameter| parameter.kind == Kind::String);
        // Texts that compare as equal may still be kept in an order of their own, before further keys.
        if order != Ordering::Equal || is_text {
            return order;
        }
    }
    Ordering::Equal
}

fn value(world: &World, kind: &str, key: &Key, place: usize) -> Option<Sortable> {
    let record = &world.records(kind)[place];
    match key.code.as_str() {
        "_id" => return Some(Sortable::Text(record.id.clone())),
        "_lastUpdated" => return Some(Sortable::Span(record.updated, 0)),
        _ => {}
    }
    let column = world.column(kind, &key.code);
    let relative_only = world.parameter(kind, &key.code).unwrap().keeps_one_type;
    let counts = |value: &&Value| {
        !(relative_only && matches!(value, Value::Absolute(_) | Value::Local { absolute: true, .. }))
    };
    let values = column[place].iter().filter(counts).filter_map(sortable);
    if key.descending { values.max() } else { values.min() }
}

fn sortable(value: &Value) -> Option<Sortable> {
    Some(match value {
        Value::Code { system, code, .. } => Sortable::Pair(code.clone(), system.clone()),
        Value::Local { kind, id, absolute: false, .. } => {
            Sortable::Pair(String::new(), format!("{kind}/{id}"))
        }
        // In the end it leads to the same as a relative one, but it stands where its text stands.
        Value::Local { kind, id, absolute: true, .. } => {
            Sortable::Pair("absolute".to_owned(), format!("{kind}/{id}"))
        }
        Value::Absolute(text) => Sortable::Pair("absolute".to_owned(), text.clone()),
        Value::Words(text) | Value::Name(text) => Sortable::Text(kept(text)),
        Value::Whole(text) => Sortable::Text(folded(text).replace(' ', "")),
        Value::Address(text) => Sortable::Text(text.clone()),
        Value::Span { from, until } => Sortable::Span(*from, *until),
        Value::Number { amount, .. } | Value::Quantity { amount, .. } => Sortable::Amount(*amount),
        _ => return None,
    })
}
