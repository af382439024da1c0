//! Reads the table's text. The form of the lines is described where they are written (`xtask`, `fhir_definitions`).

use super::primitive::Primitive;
use super::rules::{self, Rule};
use super::search::Searches;
use super::{Binding, CodeSet, Element, Form, Member, Table, Type, TypeKind, Variant, code_sets};
use std::collections::BTreeMap;

/// The only version of the table this reader knows.
const HEADER: &str = "akashi-fhir-definitions 1";

/// Names of all types, sorted: the position of a name is the number of its type.
type Names = [&'static str];

/// A type as its lines give it: nothing inherited, types by name.
struct Raw {
    kind: &'static str,
    base: &'static str,
    elements: Vec<RawElement>,
}

#[derive(Clone)]
struct RawElement {
    /// The type whose definition has the element.
    owner: &'static str,
    name: &'static str,
    cardinality: &'static str,
    flags: &'static str,
    kinds: Vec<&'static str>,
    binding: Option<Binding>,
}

type RawTypes = BTreeMap<&'static str, Raw>;

/// The table of the text; an error names the line that is wrong.
pub(super) fn read(text: &'static str) -> Result<Table, String> {
    let mut raw = RawTypes::new();
    let mut search = Vec::new();
    let mut owner = "";
    let mut lines = text.lines();
    if lines.next() != Some(HEADER) || text.lines().last() != Some("end") {
        return Err("not a whole table of version 1".to_owned());
    }
    for line in lines {
        let mut words = line.split(' ');
        match words.next().unwrap_or_default() {
            "fhir" | "package" | "end" => {}
            "search" | "compartment" => search.push(line),
            kind @ ("primitive" | "complex" | "resource" | "abstract" | "backbone") => {
                let (Some(name), Some(base)) = (words.next(), words.next()) else {
                    return Err(line.to_owned());
                };
                raw.insert(name, Raw { kind, base, elements: Vec::new() });
                owner = name;
            }
            _ => {
                let kind = raw.get_mut(owner).ok_or("an element without a type")?;
                kind.elements.push(element(line, owner).ok_or(line)?);
            }
        }
    }
    let mut table = Table { types: types(&raw)?, search: Searches::default() };
    table.search = Searches::read(&search, &table)?;
    Ok(table)
}

fn element(line: &'static str, owner: &'static str) -> Option<RawElement> {
    let mut words = line.strip_prefix('.')?.split(' ');
    let (name, cardinality, flags) = (words.next()?, words.next()?, words.next()?);
    let mut element = RawElement { owner, name, cardinality, flags, kinds: Vec::new(), binding: None };
    for word in words {
        match word.strip_prefix('=') {
            None => element.kinds.push(word),
            Some(binding) => {
                let (strength, value_set) = binding.split_once(':')?;
                element.binding = Some(Binding { strength, value_set });
            }
        }
    }
    Some(element)
}

fn types(raw: &RawTypes) -> Result<Vec<Type>, String> {
    let names: Vec<&'static str> = raw.keys().copied().collect();
    raw.iter().map(|(name, own)| finished(name, own, raw, &names).ok_or_else(|| (*name).to_owned())).collect()
}

fn finished(name: &'static str, own: &Raw, raw: &RawTypes, names: &Names) -> Option<Type> {
    let inherited = inherited(name, raw)?;
    let required = |element: &RawElement| matches!(element.cardinality, "1" | "+");
    let required =
        inherited.iter().enumerate().filter(|(_, element)| required(element)).map(|(at, _)| at).collect();
    let elements: Option<Vec<Element>> =
        inherited.iter().map(|element| finished_element(element, names)).collect();
    let elements = elements?;
    let kind = match (own.kind, name) {
        ("resource", _) => TypeKind::Resource,
        ("abstract", "Resource" | "DomainResource") => TypeKind::AnyResource,
        ("primitive", _) => primitive_kind(name, raw)?,
        _ => TypeKind::Complex,
    };
    let members = members(&elements, names)?;
    let primitive = if kind.is_primitive() { Some(Primitive::of(name)?) } else { None };
    Some(Type { name, kind, primitive, rules: rules_of(name, raw)?, elements, required, members })
}

/// The invariants of a type, those of its bases first.
fn rules_of(name: &str, raw: &RawTypes) -> Option<Vec<&'static Rule>> {
    let base = raw.get(name)?.base;
    let mut all = if base == "-" { Vec::new() } else { rules_of(base, raw)? };
    all.extend(rules::at(name));
    Some(all)
}

/// The elements of a type, those of its bases first.
fn inherited(name: &str, raw: &RawTypes) -> Option<Vec<RawElement>> {
    let own = raw.get(name)?;
    if own.kind == "primitive" {
        return Some(Vec::new());
    }
    let mut elements = if own.base == "-" { Vec::new() } else { inherited(own.base, raw)? };
    elements.extend(own.elements.iter().cloned());
    Some(elements)
}

fn primitive_kind(name: &str, raw: &RawTypes) -> Option<TypeKind> {
    match (name, raw.get(name)?.base) {
        ("boolean", _) => Some(TypeKind::Boolean),
        ("integer" | "decimal", _) => Some(TypeKind::Number),
        (_, "Element") => Some(TypeKind::Text),
        (_, base) => primitive_kind(base, raw),
    }
}

fn finished_element(element: &RawElement, names: &Names) -> Option<Element> {
    let variants: Option<Vec<Variant>> = element.kinds.iter().map(|kind| variant(kind, names)).collect();
    Some(Element {
        name: element.name,
        many: matches!(element.cardinality, "*" | "+"),
        form: match element.name {
            name if name.ends_with("[x]") => Form::Choice,
            _ if element.flags.contains('a') => Form::Attribute,
            _ => Form::Plain,
        },
        summary: element.flags.contains('s'),
        modifier: element.flags.contains('m'),
        variants: variants?,
        binding: element.binding,
        required_set: required_set(element).ok()?,
        rules: element_rules(element, names),
    })
}

/// The invariants of an element, unless its path names a type of its own, which has them then.
fn element_rules(element: &RawElement, names: &Names) -> Vec<&'static Rule> {
    let path = format!("{}.{}", element.owner, element.name);
    if names.binary_search(&path.as_str()).is_ok() { Vec::new() } else { rules::at(&path) }
}

/// The set from which the codes of an element must come. An error is a set that is not known, or an element of another
/// type: R4 itself binds no Coding, Quantity, string or uri as required, so nothing here would judge one.
fn required_set(element: &RawElement) -> Result<Option<&'static CodeSet>, &'static str> {
    let Some(Binding { strength: "required", value_set }) = element.binding else { return Ok(None) };
    let is_judged = |kind: &&str| matches!(*kind, "code" | "CodeableConcept");
    if element.kinds.iter().all(is_judged) {
        code_sets::find(value_set).map(Some).ok_or(value_set)
    } else {
        Err(value_set)
    }
}

fn variant(text: &'static str, names: &Names) -> Option<Variant> {
    let (name, targets) = with_targets(text);
    let position = names.binary_search(&name).ok()?;
    Some(Variant { kind: u16::try_from(position).ok()?, targets })
}

/// Splits `Reference(Group,Patient)`.
fn with_targets(text: &'static str) -> (&'static str, Vec<&'static str>) {
    match text.split_once('(') {
        None => (text, Vec::new()),
        Some((name, targets)) => (name, targets.trim_end_matches(')').split(',').collect()),
    }
}

/// JSON member names: the element's own, or for a choice its name with each type behind it.
fn members(elements: &[Element], names: &Names) -> Option<Vec<(String, Member)>> {
    let mut members = Vec::new();
    for (at, element) in elements.iter().enumerate() {
        for (which, variant) in element.variants.iter().enumerate() {
            let member = Member { element: u16::try_from(at).ok()?, variant: u16::try_from(which).ok()? };
            let name = if element.is_choice() {
                choice_name(element.path_name(), names.get(usize::from(variant.kind))?)
            } else {
                element.name.to_owned()
            };
            members.push((name, member));
        }
    }
    members.sort_by(|(left, _), (right, _)| left.cmp(right));
    members.is_sorted_by(|(left, _), (right, _)| left < right).then_some(members)
}

/// `value` and `dateTime` make `valueDateTime`.
fn choice_name(name: &str, kind: &str) -> String {
    let mut letters = kind.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    name.chars().chain(first).chain(letters).collect()
}
