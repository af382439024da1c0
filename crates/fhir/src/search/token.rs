//! Token values: `code`, `system|code`, `|code`, `system|`, and with `:of-type` `system|code|value` (FHIR R4, search,
//! token).
//!
//! A `code` element is kept without its system, which follows from the value set of the element: a query that names a
//! system asks [`Implied`] for it.

use super::string::asked;
use super::text::{split, unescaped};
use super::value::{Match, bad};
use crate::codes::search as codes;
use crate::definitions::{Binding, Leaf, Route};
use crate::terms::token::{code_first, system, typed};
use base::Problem;

/// The system in which a value set (its canonical address) has a code; `None` when it is not known.
pub(super) type Implied = fn(&str, &str) -> Option<&'static str>;

/// The system of `true` and `false`.
const TRUTH: &str = "http://terminology.hl7.org/CodeSystem/special-values";

/// What a value says about code and system.
enum Asked {
    Code(String),
    Both(String, String),
    System(String),
}

impl Asked {
    fn read(code: &str, value: &str) -> Result<Self, Problem> {
        let parts: Result<Vec<String>, Problem> =
            split(value, '|').iter().map(|part| unescaped(code, part)).collect();
        match <[String; 2]>::try_from(parts?) {
            Ok([system, code]) if code.is_empty() && !system.is_empty() => Ok(Self::System(system)),
            Ok([system, code]) if !code.is_empty() => Ok(Self::Both(system, code)),
            Err(parts) if parts.len() == 1 => Ok(Self::Code(parts.into_iter().collect())),
            _ => Err(Problem::new(&codes::BAD_TOKEN).with("name", code)),
        }
    }
}

/// Where the values of a token stand.
#[derive(Clone, Copy)]
pub(super) struct Places<'p> {
    pub(super) routes: &'p [&'static Route],
    pub(super) implied: Implied,
}

impl Places<'_> {
    /// The value sets of `code` elements.
    fn bindings(self) -> Vec<Binding> {
        let codes = self.routes.iter().filter(|route| route.leaf == Leaf::Code);
        codes.filter_map(|route| route.binding).collect()
    }

    fn are_truths(self) -> bool {
        !self.routes.is_empty()
            && self.routes.iter().all(|route| matches!(route.leaf, Leaf::Boolean | Leaf::Marked))
    }
}

/// The matches for one value.
pub(super) fn matches(code: &str, places: Places<'_>, value: &str) -> Result<Vec<Match>, Problem> {
    let asked = Asked::read(code, value)?;
    let mut found = code_matches(code, places, &asked)?;
    if let Asked::System(name) = &asked {
        found.insert(0, Match::exact(system(name)));
        // Of what is kept with its system, the first match finds all; what is left are codes without one.
        found.truncate(if places.bindings().is_empty() { 1 } else { 2 });
    }
    found.into_iter().map(|one| one.within_limit(code)).collect()
}

/// The matches for one value among terms that hold code and system: all that composites have.
pub(super) fn main_matches(code: &str, places: Places<'_>, value: &str) -> Result<Vec<Match>, Problem> {
    let found = code_matches(code, places, &Asked::read(code, value)?)?;
    found.into_iter().map(|one| one.within_limit(code)).collect()
}

fn code_matches(code: &str, places: Places<'_>, asked: &Asked) -> Result<Vec<Match>, Problem> {
    let (Asked::Code(name) | Asked::Both(_, name) | Asked::System(name)) = asked;
    if places.are_truths() && !matches!(asked, Asked::System(_)) && name != "true" && name != "false" {
        return Err(bad(&codes::BAD_TRUTH, code, name));
    }
    let implied = places.implied;
    Ok(match asked {
        Asked::Code(code) => vec![Match::beginning(code_first(code, ""))],
        Asked::Both(system, code) => {
            let mut found = vec![Match::exact(code_first(code, system))];
            let follows = |binding: &Binding| implied(binding.value_set, code) == Some(system.as_str());
            if places.bindings().iter().any(follows) || (places.are_truths() && system == TRUTH) {
                found.push(Match::exact(code_first(code, "")));
            }
            found
        }
        Asked::System(system) => {
            let (bindings, system) = (places.bindings(), system.clone());
            let of_system = move |term: &[u8]| {
                let Some((code, own)) = code_and_system(term) else { return false };
                let follows = |binding: &Binding| implied(binding.value_set, code) == Some(system.as_str());
                if own.is_empty() { bindings.iter().any(follows) } else { own == system }
            };
            vec![Match::class(1).tested(of_system)]
        }
    })
}

/// Reads `01 code 00 system`.
fn code_and_system(term: &[u8]) -> Option<(&str, &str)> {
    std::str::from_utf8(term.get(1..)?).ok()?.split_once('\0')
}

/// The match for texts beside codes that begin with the value (`:text`).
pub(super) fn text(code: &str, value: &str) -> Result<Match, Problem> {
    Ok(Match::beginning([b"\x03", asked(code, value)?.as_bytes()].concat()))
}

/// The match for an identifier by its type (`:of-type`).
pub(super) fn of_type(code: &str, value: &str) -> Result<Match, Problem> {
    let parts: Result<Vec<String>, Problem> =
        split(value, '|').iter().map(|part| unescaped(code, part)).collect();
    match parts?.as_slice() {
        [system, kind, number] if !kind.is_empty() && !number.is_empty() => {
            Match::exact(typed(system, kind, number)).within_limit(code)
        }
        _ => Err(bad(&codes::BAD_OF_TYPE, code, value)),
    }
}
