//! A search from any text: the resource type in the first line, then name and value of each parameter in lines of their
//! own.

use base::limits::SEARCH_TERMS_MAX;
use base::{Language, Problem, ResourceId, Time};
use fhir::ResourceKind;
use fhir::definitions::resource_kind;
use fhir::search::{Asking, Condition, Query, Span, query};

/// Understands `data` as a search and checks that what comes out can be looked for, or is refused with a text, and that
/// printing it tells nothing of the values.
///
/// # Panics
/// When it does not: that is the finding.
pub(crate) fn search(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut lines = text.split('\n').map(str::to_owned);
    let Some(kind) = lines.next().as_deref().and_then(resource_kind) else { return };
    let mut pairs = Vec::new();
    while let (Some(name), Some(value)) = (lines.next(), lines.next()) {
        pairs.push((name, value));
    }
    for lenient in [false, true] {
        let now = Time::from_microseconds(1_775_000_000_000_000);
        let asking = Asking { base_url: "https://akashi.example/f/sakura/fhir", now, lenient };
        match query(kind, &pairs, &asking) {
            Ok(found) => understood(kind, &found, lenient),
            Err(problem) => refused(&problem),
        }
    }
}

fn understood(kind: ResourceKind, query: &Query, lenient: bool) {
    assert!(lenient || query.ignored.is_empty(), "left out without leave");
    query.ignored.iter().for_each(refused);
    fit(kind, &query.all);
    // Names of types and parameters are ASCII, so anything else comes from a value.
    assert!(format!("{query:?}").is_ascii(), "a value is printed");
    let includes = query.include.iter().chain(&query.revinclude);
    for include in includes {
        let own = format!("{}.", include.source);
        assert!(include.params.iter().all(|param| param.starts_with(&own)), "a parameter of another type");
    }
}

fn fit(kind: ResourceKind, all: &[Condition]) {
    for condition in all {
        fits(kind, condition);
    }
}

/// Checks one condition on resources of a type, and those behind its links.
fn fits(kind: ResourceKind, condition: &Condition) {
    match condition {
        Condition::Ids(ids) => {
            assert!((1..=SEARCH_TERMS_MAX).contains(&ids.len()), "no id or too many");
            assert!(ids.iter().all(|id| ResourceId::parse(id).is_some()), "an id that no record can have");
        }
        Condition::Updated(ranges) => {
            assert!((1..=2 * SEARCH_TERMS_MAX).contains(&ranges.len()), "no range or too many");
            let backwards = |range: &fhir::TimeRange| {
                range.from.zip(range.until).is_some_and(|(from, until)| from > until)
            };
            assert!(!ranges.iter().any(backwards), "a range ends before it begins");
        }
        Condition::Terms { any, .. } => {
            assert!(!any.is_empty(), "no term is looked for");
            for one in any {
                assert!(of_type(one.param, kind), "a parameter of another type");
                let (Span::Exact(start) | Span::Between { from: start, .. }) = &one.span;
                if let Span::Between { from, until } = &one.span {
                    assert!(from < until, "a span ends before it begins");
                }
                // A look at a term must not end in a panic, whatever the term is.
                one.accepts(start);
                one.accepts(&start.iter().copied().chain(*b"\0\x81\0\x02").collect::<Vec<u8>>());
            }
        }
        Condition::Leads { params, to } => {
            assert!(params.iter().all(|param| of_type(param, kind)), "a link of another type");
            assert!(!to.is_empty(), "a link that leads nowhere");
            for (kind, all) in to {
                fit(*kind, all);
            }
        }
        Condition::LedTo { kind, params, all } => {
            assert!(params.iter().all(|param| of_type(param, *kind)), "a link of another type");
            fit(*kind, all);
        }
    }
}

fn of_type(param: &str, kind: ResourceKind) -> bool {
    param.split_once('.').is_some_and(|(owner, _)| owner == kind.as_str())
}

fn refused(problem: &Problem) {
    let texts = [problem.text(Language::English), problem.text(Language::Japanese)];
    assert!(texts.iter().all(|text| !text.is_empty()), "a refusal without a text");
    assert!(format!("{problem:?}").is_ascii(), "a value is printed");
}
