//! A search for AuditEvents, understood: how far the journal's own indexes narrow it, and what each event must fulfil.
//!
//! The parameters are those of R4 for AuditEvent, with their modifiers and prefixes: each event is looked at as if it
//! were a stored resource. Narrowing only saves looking; it never decides.

use super::event::{TOLD_BY_DEED, sketches};
use super::{Deed, systems};
use crate::codes;
use crate::page::{SHOWN_ELSEWHERE, Wanted};
use crate::shape::Shaping;
use base::{Position, Problem, Time};
use fhir::search::{Asking, Condition, TimeRange, Total};
use fhir::{Node, Shape, Term, definitions};

/// A search, understood.
#[derive(Debug)]
pub(super) struct AuditQuery {
    conditions: Vec<Condition>,
    pub(super) narrow: Narrow,
    pub(super) wanted: Wanted,
    /// Only the number.
    pub(super) counts: bool,
    /// The number beside the page.
    pub(super) total: bool,
    pub(super) shape: Option<Shape>,
}

/// What the indexes can be asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Narrow {
    /// The id of a patient.
    pub(super) patient: Option<String>,
    /// The id of the account that acted.
    pub(super) account: Option<String>,
    /// First moment.
    pub(super) from: Option<Time>,
    /// First moment after.
    pub(super) until: Option<Time>,
    /// These entries only.
    pub(super) positions: Option<Vec<Position>>,
    /// Whether what was done and how it ended decides of an entry.
    pub(super) by_deed: bool,
}

impl AuditQuery {
    /// Understands a query.
    ///
    /// # Errors
    /// A parameter is not known or not offered, or has a wrong value.
    pub(super) fn read(query: &[(String, String)], asking: &Asking<'_>) -> Result<Self, Problem> {
        let (mut wanted, mut shaping) = (Wanted::default(), Shaping::default());
        let mut own = Vec::new();
        let mut counts = false;
        for (name, value) in query {
            if SHOWN_ELSEWHERE.contains(&name.as_str()) {
                continue;
            }
            if name == "_count" && value == "0" {
                counts = true;
            } else if !wanted.take(name, value)? && !shaping.take(name, value)? {
                own.push((name.clone(), value.clone()));
            }
        }
        let kind = definitions::resource_kind("AuditEvent");
        let kind = kind.ok_or_else(|| Problem::new(&codes::UNKNOWN_TYPE).with("type", "AuditEvent"))?;
        counts = counts || shaping.counts();
        let shape = shaping.finish(Some(kind), true)?;
        own.retain(|(name, value)| name != "_sort" || value != "-date");
        offered(&own)?;
        let understood = fhir::search::query(kind, &own, asking)?;
        let total = matches!(understood.total, Some(Total::Accurate | Total::Estimate));
        let narrow = Narrow::of(&own, &understood.all, asking.base_url);
        Ok(Self { conditions: understood.all, narrow, wanted, counts, total, shape })
    }

    /// Whether an event may be one of those asked for where this was done.
    pub(super) fn may(&self, deed: Deed<'_>) -> bool {
        let told = || self.conditions.iter().filter(|condition| told_by_deed(condition));
        sketches(deed).iter().any(|sketch| {
            let terms = fhir::terms(sketch);
            told().all(|condition| fulfils(condition, "", Time::from_microseconds(0), &terms))
        })
    }

    /// Whether an event is one of those asked for. `event` is what [`super::audit_event`] makes of an entry written at
    /// `time`.
    pub(super) fn admits(&self, event: &Node, time: Time) -> bool {
        let id = event.get("id").and_then(Node::as_str).unwrap_or_default();
        let terms = fhir::terms(event);
        self.conditions.iter().all(|condition| fulfils(condition, id, time, &terms))
    }
}

/// Refuses what would lead to other records, and other orders.
fn offered(query: &[(String, String)]) -> Result<(), Problem> {
    for (name, value) in query {
        let chained = name.contains('.') || name.starts_with("_has");
        let beside = matches!(name.split(':').next(), Some("_include" | "_revinclude"));
        if chained || beside {
            return Err(Problem::new(&codes::AUDIT_PARAMETER).with("name", name));
        }
        if name == "_sort" {
            return Err(Problem::new(&codes::AUDIT_SORT).with("value", value));
        }
    }
    Ok(())
}

fn fulfils(condition: &Condition, id: &str, time: Time, terms: &[Term]) -> bool {
    match condition {
        Condition::Ids(ids) => ids.iter().any(|one| one == id),
        Condition::Updated(ranges) => ranges.iter().any(|range| within(range, time)),
        Condition::Terms { any, negated } => {
            let found = terms
                .iter()
                .any(|term| any.iter().any(|one| one.param == term.param && one.accepts(&term.value)));
            found != *negated
        }
        // Refused before: they would need other records.
        Condition::Leads { .. } | Condition::LedTo { .. } => false,
    }
}

/// Whether what was done, and how it ended, is all that a condition looks at.
fn told_by_deed(condition: &Condition) -> bool {
    matches!(condition, Condition::Terms { any, .. }
        if !any.is_empty() && any.iter().all(|one| TOLD_BY_DEED.contains(&one.param)))
}

fn within(range: &TimeRange, time: Time) -> bool {
    range.from.is_none_or(|from| from <= time) && range.until.is_none_or(|until| time < until)
}

impl Narrow {
    fn of(query: &[(String, String)], conditions: &[Condition], base_url: &str) -> Self {
        let mut narrow = Self::default();
        for (name, value) in query.iter().filter(|(_, value)| !value.contains([',', '\\'])) {
            match name.as_str() {
                "patient" | "patient:Patient" => narrow.patient = patient(value, base_url).or(narrow.patient),
                "agent:identifier" => narrow.account = account(value).or(narrow.account),
                "date" => narrow.between(value),
                _ => {}
            }
        }
        narrow.positions = conditions.iter().find_map(|condition| match condition {
            Condition::Ids(ids) => Some(ids.iter().filter_map(|id| position(id)).collect()),
            _ => None,
        });
        narrow.by_deed = conditions.iter().any(told_by_deed);
        narrow
    }

    /// Narrows the time by a value of `date`. Events are moments.
    fn between(&mut self, value: &str) {
        let (prefix, date) = match value.split_at_checked(2) {
            Some((prefix, rest)) if prefix.bytes().all(|byte| byte.is_ascii_lowercase()) => (prefix, rest),
            _ => ("eq", value),
        };
        let Some(TimeRange { from: Some(from), until: Some(until) }) = fhir::search::period(date) else {
            return;
        };
        if matches!(prefix, "eq" | "ge") {
            self.from = self.from.max(Some(from));
        }
        if matches!(prefix, "gt" | "sa") {
            self.from = self.from.max(Some(until));
        }
        let end = match prefix {
            "eq" | "le" => until,
            "lt" | "eb" => from,
            _ => return,
        };
        self.until = Some(self.until.map_or(end, |known| known.min(end)));
    }
}

/// The place that is the id of an event, in its one spelling.
pub(crate) fn position(id: &str) -> Option<Position> {
    let place: u64 = id.parse().ok()?;
    (place.to_string() == id && i64::try_from(place).is_ok()).then_some(Position(place))
}

/// The id in `x`, `Patient/x` or the whole address; `None` where it is another system's.
fn patient(value: &str, base_url: &str) -> Option<String> {
    let local = value.strip_prefix(base_url).and_then(|rest| rest.strip_prefix('/')).unwrap_or(value);
    let id = local.strip_prefix("Patient/").unwrap_or(local);
    base::ResourceId::parse(id).map(|id| id.as_str().to_owned())
}

fn account(value: &str) -> Option<String> {
    let (system, id) = value.split_once('|')?;
    (system == systems::ACCOUNT && !id.is_empty() && !id.contains('|')).then(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &[(&str, &str)]) -> Result<AuditQuery, Problem> {
        let query: Vec<_> =
            query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let now = Time::parse("2026-11-22T00:00:00Z").unwrap();
        AuditQuery::read(&query, &Asking { base_url: "https://a/f/b/fhir", now, lenient: false })
    }

    #[test]
    fn what_the_indexes_know_is_asked_of_them() {
        let narrow = read(&[
            ("patient", "Patient/42"),
            ("agent:identifier", "urn:akashi:account|dr-sato"),
            ("date", "ge2026-11-01"),
            ("date", "lt2026-12-01"),
            ("_count", "5"),
            ("_sort", "-date"),
        ]);
        let narrow = narrow.unwrap().narrow;
        assert_eq!(narrow.patient.as_deref(), Some("42"));
        assert_eq!(narrow.account.as_deref(), Some("dr-sato"));
        assert_eq!(narrow.from, Time::parse("2026-11-01T00:00:00+09:00"));
        assert_eq!(narrow.until, Time::parse("2026-12-01T00:00:00+09:00"));
        let absolute = read(&[("patient", "https://a/f/b/fhir/Patient/42")]).unwrap().narrow;
        assert_eq!(absolute.patient.as_deref(), Some("42"));
        for by_deed in ["type", "subtype", "action", "outcome", "subtype:missing", "action:not"] {
            let value = if by_deed.ends_with("missing") { "true" } else { "x" };
            assert!(read(&[(by_deed, value)]).unwrap().narrow.by_deed, "{by_deed}");
        }
        assert!(!read(&[("policy", "x"), ("entity", "Patient/1")]).unwrap().narrow.by_deed);
        let either = read(&[("patient", "1,2"), ("date", "ne2026")]).unwrap().narrow;
        assert_eq!(either, Narrow::default(), "what names several narrows nothing");
    }

    #[test]
    fn every_prefix_narrows_no_further_than_it_may() {
        let day = |text: &str| Time::parse(&format!("{text}T00:00:00+09:00"));
        for (value, from, until) in [
            ("2026-11-05", day("2026-11-05"), day("2026-11-06")),
            ("eq2026-11-05", day("2026-11-05"), day("2026-11-06")),
            ("ge2026-11-05", day("2026-11-05"), None),
            ("gt2026-11-05", day("2026-11-06"), None),
            ("sa2026-11-05", day("2026-11-06"), None),
            ("le2026-11-05", None, day("2026-11-06")),
            ("lt2026-11-05", None, day("2026-11-05")),
            ("eb2026-11-05", None, day("2026-11-05")),
            ("ap2026-11-05", None, None),
            ("ne2026-11-05", None, None),
        ] {
            let narrow = read(&[("date", value)]).unwrap().narrow;
            assert_eq!((narrow.from, narrow.until), (from, until), "{value}");
        }
    }

    #[test]
    fn what_is_not_offered_is_refused_by_name() {
        for (name, value, code) in [
            ("patient.name", "x", "RC-0061"),
            ("patient:Patient.name", "x", "RC-0061"),
            ("_has:Provenance:target:agent", "x", "RC-0061"),
            ("_include", "AuditEvent:patient", "RC-0061"),
            ("_revinclude:iterate", "Provenance:target", "RC-0061"),
            ("_sort", "date", "RC-0060"),
            ("_sort", "-date,_id", "RC-0060"),
            ("_cursor", "x", "RC-0008"),
            ("_count", "-1", "RC-0007"),
            ("_summary", "much", "RC-0034"),
        ] {
            assert_eq!(read(&[(name, value)]).unwrap_err().code().id, code, "{name}");
        }
        assert!(read(&[("colour", "x")]).unwrap_err().code().id.starts_with("FH-"));
        assert!(read(&[("action:above", "R")]).unwrap_err().code().id.starts_with("FH-"));
    }

    #[test]
    fn an_id_is_a_place_in_one_spelling() {
        assert_eq!(position("77"), Some(Position(77)));
        for bad in ["", "07", "+7", "7.0", "18446744073709551615"] {
            assert_eq!(position(bad), None, "{bad}");
        }
    }
}
