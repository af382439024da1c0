//! The search parameters of R4 with their official expressions, as the table of definitions lists them.
//!
//! Only the lines are taken from the product; what they mean is worked out here by the FHIRPath engine.

use fhir::fhirpath::Expression;
use std::collections::BTreeMap;

/// One line per parameter: `search Type.code kind targets expression`, and for a composite ` $ code kind expression`
/// for each of its parts.
const TABLE: &str = include_str!("../../../../crates/fhir/src/definitions/r4.table");

/// Parameters of all types whose values stand in the resource. `_id` and `_lastUpdated` are asked otherwise.
const OF_ALL_TYPES: [&str; 4] = ["_profile", "_security", "_source", "_tag"];

/// Words of official expressions that mean something else than was meant.
const CORRECTED: [(&str, &str); 2] = [
    // There is no FHIR type of this name, and a System.DateTime is never stored.
    ("as(DateTime)", "as(dateTime)"),
    // R4 exchanges the two parts: the reference is the target, the token is the code.
    (
        "$ relatesto reference code $ relation token target",
        "$ relatesto reference target $ relation token code",
    ),
];

/// How values of a parameter are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Token,
    Reference,
    String,
    Date,
    Number,
    Quantity,
    Uri,
    Composite,
}

impl Kind {
    const ALL: [(&str, Self); 8] = [
        ("token", Self::Token),
        ("reference", Self::Reference),
        ("string", Self::String),
        ("date", Self::Date),
        ("number", Self::Number),
        ("quantity", Self::Quantity),
        ("uri", Self::Uri),
        ("composite", Self::Composite),
    ];

    fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().find(|(name, _)| *name == text).map(|(_, kind)| *kind)
    }

    pub(crate) fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, kind)| *kind == self).unwrap().0
    }
}

/// A search parameter of one type.
#[derive(Debug)]
pub(crate) struct Parameter {
    pub(crate) kind: Kind,
    /// The types its references may lead to.
    pub(crate) targets: Vec<String>,
    /// The expression itself lets references to one type through only.
    pub(crate) keeps_one_type: bool,
    pub(crate) expression: Expression,
    /// The parts of a composite.
    pub(crate) parts: Vec<Part>,
}

/// One part of a composite.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) kind: Kind,
    pub(crate) expression: Expression,
}

/// All parameters of some types, by type and code.
pub(crate) fn of_types(types: &[&str]) -> BTreeMap<(String, String), Parameter> {
    let mut found = BTreeMap::new();
    for line in TABLE.lines().filter_map(|line| line.strip_prefix("search ")) {
        let (name, rest) = line.split_once(' ').unwrap();
        let (owner, code) = name.split_once('.').unwrap();
        if owner == "Resource" && OF_ALL_TYPES.contains(&code) {
            for kind in types {
                found.insert(((*kind).to_owned(), code.to_owned()), parameter(rest).unwrap());
            }
        } else if types.contains(&owner) {
            found.extend(parameter(rest).map(|found| ((owner.to_owned(), code.to_owned()), found)));
        }
    }
    found
}

/// Reads `kind targets expression`; none for special ones.
fn parameter(text: &str) -> Option<Parameter> {
    let text = CORRECTED.iter().fold(text.to_owned(), |text, (wrong, right)| text.replace(wrong, right));
    let mut words = text.splitn(3, ' ');
    let kind = Kind::parse(words.next()?)?;
    let targets = words.next()?;
    let mut parts = words.next()?.split(" $ ");
    let expression = parts.next()?;
    let kept = kept_types(expression);
    Some(Parameter {
        kind,
        keeps_one_type: kept.is_some(),
        targets: kept.unwrap_or_else(|| targets.split(',').map(str::to_owned).collect()),
        expression: compiled(expression),
        parts: parts.map(part).collect::<Option<_>>()?,
    })
}

fn part(text: &str) -> Option<Part> {
    let mut words = text.splitn(3, ' ').skip(1);
    Some(Part { kind: Kind::parse(words.next()?)?, expression: compiled(words.next()?) })
}

/// The only types an expression lets through, when each of its alternatives names one.
fn kept_types(expression: &str) -> Option<Vec<String>> {
    let kept = |part: &str| {
        let (_, rest) = part.split_once("resolve() is ")?;
        Some(rest.chars().take_while(char::is_ascii_alphabetic).collect())
    };
    expression.split('|').map(kept).collect()
}

fn compiled(text: &str) -> Expression {
    Expression::parse(text).unwrap_or_else(|problem| panic!("{text}: {problem:?}"))
}
