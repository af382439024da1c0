//! The value of one parameter, turned into matches as its kind and its modifier say.

use super::shape::{Asking, Condition};
use super::token::Places;
use super::value::Match;
use super::{composite, date, number, quantity, reference, string, text, token, uri};
use crate::codes::search as codes;
use crate::definitions::{self, Leaf, ResourceKind, Route, SearchKind, SearchParam};
use crate::place::shown;
use base::Problem;
use base::limits::SEARCH_TERMS_MAX;

/// What is asked of a parameter or of a part of a composite.
pub(super) struct Asked<'a> {
    pub(super) code: &'a str,
    pub(super) kind: SearchKind,
    /// It is a part of a composite that other parts follow.
    pub(super) is_first: bool,
    routes: Vec<&'static Route>,
    /// The parameter that says where references of it may point.
    alike: &'static SearchParam,
    param: &'static SearchParam,
    asking: &'a Asking<'a>,
}

/// The condition of a parameter with a modifier and a value of one or more alternatives.
pub(super) fn condition(
    param: &'static SearchParam,
    modifier: Option<&str>,
    value: &str,
    asking: &Asking<'_>,
) -> Result<Condition, Problem> {
    if modifier == Some("missing") {
        return missing(param, value);
    }
    let asked = Asked::new(param, asking);
    let values = alternatives(param.code, value)?;
    let found: Result<Vec<Vec<Match>>, Problem> =
        values.iter().map(|value| asked.modified(modifier, value)).collect();
    Ok(terms(param, found?.concat(), modifier == Some("not")))
}

/// One condition in place of two on a date of which a resource has one value at most; none for other parameters.
pub(super) fn both_dates(
    param: &'static SearchParam,
    values: [&str; 2],
    asking: &Asking<'_>,
) -> Result<Option<Condition>, Problem> {
    if param.kind != SearchKind::Date || !param.is_single() || values.iter().any(|value| value.contains(','))
    {
        return Ok(None);
    }
    Ok(Some(terms(param, date::both(param.code, values, asking.now)?, false)))
}

/// `:missing=true`: no term at all. `:missing=false`: some term.
fn missing(param: &'static SearchParam, value: &str) -> Result<Condition, Problem> {
    let negated = truth(param.code, value)?;
    Ok(terms(param, vec![Match::between(vec![1], vec![0xFF])], negated))
}

/// The demand on the terms of a parameter, wherever they are kept.
fn terms(param: &SearchParam, found: Vec<Match>, negated: bool) -> Condition {
    let under = |one: Match| param.kept.iter().map(move |name| one.clone().of(name));
    Condition::Terms { any: found.into_iter().flat_map(under).collect(), negated }
}

fn truth(code: &str, value: &str) -> Result<bool, Problem> {
    match value {
        "true" => Ok(true),
        "false" => Ok(false),
        "" => Err(Problem::new(&codes::NO_VALUE).with("name", code)),
        other => Err(super::value::bad(&codes::BAD_TRUTH, code, other)),
    }
}

/// The values between commas that no backslash protects; none may be empty.
pub(super) fn alternatives<'v>(code: &str, value: &'v str) -> Result<Vec<&'v str>, Problem> {
    let values = text::split(value, ',');
    if values.len() > SEARCH_TERMS_MAX {
        return Err(Problem::new(&codes::TOO_MANY_VALUES).with("name", code).with("limit", SEARCH_TERMS_MAX));
    }
    if values.iter().any(|value| value.is_empty()) {
        return Err(Problem::new(&codes::NO_VALUE).with("name", code));
    }
    Ok(values)
}

impl<'a> Asked<'a> {
    fn new(param: &'static SearchParam, asking: &'a Asking<'a>) -> Self {
        let routes = param.routes.iter().collect();
        Self { code: param.code, kind: param.kind, is_first: false, routes, alike: param, param, asking }
    }

    /// The parts of a composite.
    pub(super) fn parts(&self) -> Vec<Asked<'_>> {
        let last = self.param.components.len().saturating_sub(1);
        let owner = definitions::resource_kind(self.param.owner);
        let part = |(at, component): (usize, &definitions::Component)| {
            let alike = owner.and_then(|owner| definitions::search_param(owner, component.code));
            let routes = self.param.groups.iter().filter_map(|group| group.parts.get(at)).flatten();
            Asked {
                code: self.code,
                kind: component.kind,
                is_first: at < last,
                routes: routes.collect(),
                alike: alike.unwrap_or(self.param),
                param: self.param,
                asking: self.asking,
            }
        };
        self.param.components.iter().enumerate().map(part).collect()
    }

    /// Where the values of a token stand.
    pub(super) fn places(&self) -> Places<'_> {
        Places { routes: &self.routes, implied: IMPLIED }
    }

    /// The matches for one value without a modifier.
    pub(super) fn plain(&self, value: &str) -> Result<Vec<Match>, Problem> {
        self.one_of_words(value)?;
        match self.kind {
            SearchKind::Token => token::matches(self.code, self.places(), value),
            SearchKind::Reference => {
                reference::matches(self.code, &reference::targets(self.alike), value, self.asking.base_url)
            }
            SearchKind::String => string::starting(self.code, &self.leaves(), value),
            SearchKind::Date => date::matches(self.code, value, self.asking.now),
            SearchKind::Number => number::matches(self.code, value),
            SearchKind::Quantity => quantity::matches(self.code, value),
            SearchKind::Uri => Ok(vec![uri::equal(self.code, value)?]),
            SearchKind::Composite => composite::matches(self, value),
        }
    }

    /// Refuses a word that a record can never have: a list of work that is empty for a slip would look like work done.
    fn one_of_words(&self, value: &str) -> Result<(), Problem> {
        let words = self.param.of_state.map(|param| param.words).unwrap_or_default();
        if words.is_empty() || words.contains(&value) {
            return Ok(());
        }
        let problem = Problem::new(&codes::NOT_ONE_OF).with("name", self.code).with("value", shown(value));
        Err(problem.with("possible", words.join(", ")))
    }

    fn leaves(&self) -> Vec<Leaf> {
        self.routes.iter().map(|route| route.leaf).collect()
    }

    fn modified(&self, modifier: Option<&str>, value: &str) -> Result<Vec<Match>, Problem> {
        let Some(modifier) = modifier else { return self.plain(value) };
        match (self.kind, modifier) {
            (SearchKind::Token, "not") => self.plain(value),
            (SearchKind::Token, "text") if self.leaves().into_iter().any(has_text) => {
                Ok(vec![token::text(self.code, value)?])
            }
            (SearchKind::Token, "of-type") if self.leaves().contains(&Leaf::Identifier) => {
                Ok(vec![token::of_type(self.code, value)?])
            }
            (SearchKind::String, "contains") => Ok(vec![string::containing(self.code, value)?]),
            (SearchKind::String, "exact") => Ok(vec![string::exact(self.code, value)?]),
            (SearchKind::Uri, "below") => uri::below(self.code, value),
            (SearchKind::Uri, "above") => uri::above(self.code, value),
            (SearchKind::Reference, "identifier") if self.leaves().contains(&Leaf::Reference) => {
                Ok(vec![reference::identifier(self.code, value)?])
            }
            (SearchKind::Reference, kind) => {
                let kind = target(self.param, kind)?;
                reference::matches(self.code, &[kind], value, self.asking.base_url)
            }
            _ => Err(bad_modifier(self.param, modifier)),
        }
    }
}

/// True for tokens that carry a text beside the code.
fn has_text(leaf: Leaf) -> bool {
    matches!(leaf, Leaf::Coding | Leaf::Concept | Leaf::Identifier)
}

/// The type that a modifier of a reference names.
pub(super) fn target(param: &SearchParam, modifier: &str) -> Result<ResourceKind, Problem> {
    definitions::resource_kind(modifier)
        .filter(|kind| reference::targets(param).contains(kind))
        .ok_or_else(|| bad_modifier(param, modifier))
}

/// The refusal of a modifier, with those the parameter takes.
fn bad_modifier(param: &SearchParam, modifier: &str) -> Problem {
    let has = |leaf| param.leaves().any(|found| found == leaf);
    let mut possible = vec!["missing"];
    match param.kind {
        SearchKind::Token => {
            possible.push("not");
            possible.extend(param.leaves().any(has_text).then_some("text"));
            possible.extend(has(Leaf::Identifier).then_some("of-type"));
        }
        SearchKind::String => possible.extend(["contains", "exact"]),
        SearchKind::Uri => possible.extend(["above", "below"]),
        SearchKind::Reference => {
            possible.extend(has(Leaf::Reference).then_some("identifier"));
            let targets = if param.targets.is_empty() { &["[type]"][..] } else { &[] };
            possible.extend(targets.iter().copied().chain(param.targets.iter().map(|kind| kind.as_str())));
        }
        _ => {}
    }
    let possible: Vec<String> = possible.iter().map(|name| format!(":{name}")).collect();
    unknown_modifier(param.code, modifier)
        .with("hint_en", format!("Possible are: {}.", possible.join(", ")))
        .with("hint_ja", format!("使えるのは {} です。", possible.join("、")))
}

/// The refusal of a modifier where none is possible.
pub(super) fn without_modifier(code: &str, modifier: Option<&str>) -> Result<(), Problem> {
    match modifier {
        None => Ok(()),
        Some(modifier) => Err(unknown_modifier(code, modifier)
            .with("hint_en", "Leave it out.")
            .with("hint_ja", "取り除いてください。")),
    }
}

fn unknown_modifier(code: &str, modifier: &str) -> Problem {
    Problem::new(&codes::MODIFIER).with("name", shown(code)).with("modifier", shown(modifier))
}

/// The system of a code of a value set, by which a query may name the system of a `code` element.
const IMPLIED: token::Implied = definitions::implied_system;
