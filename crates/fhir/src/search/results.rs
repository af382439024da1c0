//! Parameters about the results: their order, number and form, and what is shown beside them.

use super::condition::{known, linking};
use super::reference::targets;
use super::shape::{Include, Query, Sort, SortBy, Summary, Total};
use super::text::split;
use crate::codes::search as codes;
use crate::definitions::{self, Leaf, ResourceKind, SearchKind, SearchParam, closest, search_params};
use crate::place::shown;
use base::Problem;
use base::limits::{PAGE_ENTRIES_MAX, SEARCH_TERMS_MAX};

/// Longest place to go on that this server gives out, in characters.
const CURSOR_CHARS_MAX: usize = 6_144;

/// Takes a parameter if it is about the results; says whether it was.
pub(super) fn take(kind: ResourceKind, name: &str, value: &str, query: &mut Query) -> Result<bool, Problem> {
    let (code, modifier) = match name.split_once(':') {
        Some((code, modifier)) => (code, Some(modifier)),
        None => (name, None),
    };
    match code {
        "_include" | "_revinclude" => {
            let iterate = match modifier {
                None => false,
                Some("iterate" | "recurse") => true,
                Some(_) => return super::param::without_modifier(code, modifier).map(|()| true),
            };
            let include = Including { code, kind, iterate, backwards: code == "_revinclude" }.read(value)?;
            let list = if code == "_include" { &mut query.include } else { &mut query.revinclude };
            if list.len() >= SEARCH_TERMS_MAX {
                return Err(Problem::new(&codes::TOO_MANY_VALUES)
                    .with("name", code)
                    .with("limit", SEARCH_TERMS_MAX));
            }
            list.push(include);
            return Ok(true);
        }
        "_sort" | "_total" | "_count" | "_cursor" | "_summary" | "_elements" => {}
        _ => return Ok(false),
    }
    super::param::without_modifier(code, modifier)?;
    let given = match code {
        "_sort" => !std::mem::replace(&mut query.sort, sort(kind, value)?).is_empty(),
        "_total" => query.total.replace(total(value)?).is_some(),
        "_count" => query.count.replace(count(value)?).is_some(),
        "_cursor" => query.cursor.replace(cursor(value)?).is_some(),
        "_summary" => query.summary.replace(summary(value)?).is_some(),
        _ => !std::mem::replace(&mut query.elements, elements(kind, value)?).is_empty(),
    };
    if given { Err(Problem::new(&codes::TWICE).with("name", code)) } else { Ok(true) }
}

fn total(value: &str) -> Result<Total, Problem> {
    match value {
        "none" => Ok(Total::None),
        "estimate" => Ok(Total::Estimate),
        "accurate" => Ok(Total::Accurate),
        _ => Err(not_one_of("_total", value, "none, estimate, accurate")),
    }
}

fn summary(value: &str) -> Result<Summary, Problem> {
    match value {
        "true" => Ok(Summary::True),
        "false" => Ok(Summary::False),
        "text" => Ok(Summary::Text),
        "data" => Ok(Summary::Data),
        "count" => Ok(Summary::Count),
        _ => Err(not_one_of("_summary", value, "true, false, text, data, count")),
    }
}

fn not_one_of(name: &str, value: &str, possible: &str) -> Problem {
    Problem::new(&codes::NOT_ONE_OF).with("name", name).with("value", shown(value)).with("possible", possible)
}

/// More than a page takes is a full page, as R4 allows.
fn count(value: &str) -> Result<usize, Problem> {
    let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    if !digits {
        return Err(Problem::new(&codes::BAD_COUNT).with("value", shown(value)));
    }
    Ok(value.parse().unwrap_or(PAGE_ENTRIES_MAX).min(PAGE_ENTRIES_MAX))
}

fn cursor(value: &str) -> Result<String, Problem> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if value.is_empty() || value.len() > CURSOR_CHARS_MAX || !value.bytes().all(plain) {
        return Err(Problem::new(&codes::BAD_CURSOR));
    }
    Ok(value.to_owned())
}

/// Names of elements of the type itself, each once.
fn elements(kind: ResourceKind, value: &str) -> Result<Vec<String>, Problem> {
    let mut found: Vec<String> = Vec::new();
    for name in values("_elements", value)? {
        let known = || kind.elements().map(definitions::Element::path_name);
        if !known().any(|known| known == name) {
            let near = closest(name, known());
            return Err(Problem::new(&codes::NOT_AN_ELEMENT)
                .with("name", shown(name))
                .with("kind", kind)
                .with("hint_en", near.map(|near| format!(" Did you mean `{near}`?")).unwrap_or_default())
                .with("hint_ja", near.map(|near| format!("`{near}` のことですか。")).unwrap_or_default()));
        }
        if !found.iter().any(|known| known == name) {
            found.push(name.to_owned());
        }
    }
    Ok(found)
}

fn sort(kind: ResourceKind, value: &str) -> Result<Vec<Sort>, Problem> {
    let keys = values("_sort", value)?.into_iter().map(|key| {
        let (code, descending) = match key.strip_prefix('-') {
            Some(code) => (code, true),
            None => (key, false),
        };
        let by = match code {
            "_id" => SortBy::Id,
            "_lastUpdated" => SortBy::Updated,
            _ => sort_by(known(kind, code)?)?,
        };
        Ok(Sort { by, descending })
    });
    keys.collect()
}

/// The span of terms whose order is that of the values: numbers without their units, texts normalised.
fn sort_by(param: &'static SearchParam) -> Result<SortBy, Problem> {
    let [name] = param.kept.as_slice() else {
        return Err(Problem::new(&codes::BAD_SORT).with("name", param.code));
    };
    let (from, until) = match (param.kind, param.only) {
        (SearchKind::Composite, _) => {
            return Err(Problem::new(&codes::BAD_SORT).with("name", param.code));
        }
        (SearchKind::Quantity, _) => (vec![2], vec![3]),
        (SearchKind::Reference, Some(only)) => {
            (format!("\u{1}{only}/").into_bytes(), format!("\u{1}{only}0").into_bytes())
        }
        (SearchKind::Reference, None) => (vec![1], vec![3]),
        _ => (vec![1], vec![2]),
    };
    Ok(SortBy::Param { params: vec![*name], from, until })
}

/// The values between commas, none of them empty.
fn values<'v>(name: &str, value: &'v str) -> Result<Vec<&'v str>, Problem> {
    let values = split(value, ',');
    if values.len() > SEARCH_TERMS_MAX {
        return Err(Problem::new(&codes::TOO_MANY_VALUES).with("name", name).with("limit", SEARCH_TERMS_MAX));
    }
    if values.iter().any(|value| value.is_empty()) {
        return Err(Problem::new(&codes::NO_VALUE).with("name", name));
    }
    Ok(values)
}

/// How a value of `_include` or `_revinclude` is read.
struct Including<'i> {
    code: &'i str,
    /// The type that is searched.
    kind: ResourceKind,
    iterate: bool,
    backwards: bool,
}

impl Including<'_> {
    /// Reads `Type:param`, `Type:param:Target`, `Type:*`, and forwards `*`.
    fn read(&self, value: &str) -> Result<Include, Problem> {
        let bad = || {
            let problem = Problem::new(&codes::BAD_INCLUDE).with("name", self.code);
            problem.with("value", shown(value)).with("kind", self.kind)
        };
        if value == "*" && !self.backwards {
            return Ok(self.every(self.kind));
        }
        let mut parts = value.split(':');
        let source = parts.next().and_then(definitions::resource_kind).ok_or_else(bad)?;
        let code = parts.next().ok_or_else(bad)?;
        let target = parts.next().map(|name| definitions::resource_kind(name).ok_or_else(bad)).transpose()?;
        if parts.next().is_some() || (!self.backwards && !self.iterate && source != self.kind) {
            return Err(bad());
        }
        let include = if code == "*" {
            Include { target, ..self.every(source) }
        } else {
            let param = linking(known(source, code)?)?;
            let target = target.or(param.only);
            if target.is_some_and(|target| !targets(param).contains(&target)) {
                return Err(bad());
            }
            Include { source, params: param.kept.clone(), target, iterate: self.iterate }
        };
        Ok(include)
    }

    /// By all references of a type.
    fn every(&self, source: ResourceKind) -> Include {
        let links = search_params(source).filter(|param| param.kind == SearchKind::Reference);
        let links = links.filter(|param| param.leaves().any(|leaf| leaf == Leaf::Reference));
        let mut params: Vec<&'static str> = links.flat_map(|param| param.kept.iter().copied()).collect();
        params.sort_unstable();
        params.dedup();
        Include { source, params, target: None, iterate: self.iterate }
    }
}
