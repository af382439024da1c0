//! One search parameter from any text: three lines, the resource type, the parameter's name, its value.

use base::limits::SEARCH_TERMS_MAX;
use base::{Language, ResourceId};
use fhir::definitions::resource_kind;
use fhir::search::{Filter, filter};

/// Makes a filter of `data` and checks that it says something that can be looked for.
///
/// # Panics
/// When it does not: that is the finding.
pub(crate) fn search(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut lines = text.splitn(3, '\n');
    let (Some(kind), Some(name), Some(value)) = (lines.next(), lines.next(), lines.next()) else { return };
    let Some(kind) = resource_kind(kind) else { return };
    match filter(kind, name, value, "https://akashi.example/f/sakura/fhir") {
        Ok(Filter::Ids(ids)) => {
            assert!((1..=SEARCH_TERMS_MAX).contains(&ids.len()), "no id or too many");
            assert!(ids.iter().all(|id| ResourceId::parse(id).is_some()), "an id that no record can have");
        }
        Ok(Filter::Updated(ranges)) => {
            assert!((1..=SEARCH_TERMS_MAX).contains(&ranges.len()), "no range or too many");
            let backwards = |range: &fhir::TimeRange| {
                range.from.zip(range.until).is_some_and(|(from, until)| from > until)
            };
            assert!(!ranges.iter().any(backwards), "a range ends before it begins");
        }
        Ok(Filter::Terms { param, any }) => {
            assert!(!any.is_empty(), "no term is looked for");
            assert!(param.starts_with(kind.as_str()), "a parameter of another type");
        }
        Err(problem) => {
            let texts = [problem.text(Language::English), problem.text(Language::Japanese)];
            assert!(texts.iter().all(|text| !text.is_empty()), "a refusal without a text");
        }
    }
}
