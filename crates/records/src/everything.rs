//! `$everything` of a patient or an encounter: the record, what belongs to it, and what that refers to
//! (FHIR R4, Patient-operation-everything and Encounter-operation-everything).

use crate::asking::{SearchJudge, absent};
use crate::call::{Answer, Media, Outcome, Problems};
use crate::codes;
use crate::compartment;
use crate::facility::{Caller, Facility};
use crate::include::Beside;
use crate::links::Addresses;
use crate::matching;
use crate::page::{Page, SHOWN_ELSEWHERE, Wanted};
use crate::past;
use crate::permits::Opened;
use crate::persons;
use crate::search::{about, entry, opened};
use access::Action;
use base::limits::PAGE_ENTRIES_MAX;
use base::{Problem, RecordKey, Time};
use fhir::ResourceKind;
use fhir::definitions;
use fhir::search::{Asking, Condition};
use store::{Cursor, Hit, Hits, Links, Matching, Search, TimeRange};

/// When a record's care took place, for types that say so: the search parameter of type date.
const CARE_DATES: [(&str, &str); 24] = [
    ("AdverseEvent", "date"),
    ("Appointment", "date"),
    ("CarePlan", "date"),
    ("Claim", "created"),
    ("ClinicalImpression", "date"),
    ("Communication", "sent"),
    ("Composition", "date"),
    ("Condition", "recorded-date"),
    ("DiagnosticReport", "date"),
    ("DocumentReference", "date"),
    ("Encounter", "date"),
    ("EpisodeOfCare", "date"),
    ("ExplanationOfBenefit", "created"),
    ("ImagingStudy", "started"),
    ("Immunization", "date"),
    ("Media", "created"),
    ("MedicationAdministration", "effective-time"),
    ("MedicationDispense", "whenhandedover"),
    ("MedicationRequest", "authoredon"),
    ("MedicationStatement", "effective"),
    ("Observation", "date"),
    ("Procedure", "date"),
    ("QuestionnaireResponse", "authored"),
    ("ServiceRequest", "authored"),
];

/// What `$everything` is asked for.
#[derive(Default)]
struct Asked {
    wanted: Wanted,
    start: Option<String>,
    end: Option<String>,
    since: Option<Time>,
    /// The moment at which it stood as it is shown.
    at: Option<Time>,
    /// Empty: all.
    kinds: Vec<ResourceKind>,
}

pub(crate) fn perform(
    facility: &Facility,
    caller: &Caller<'_>,
    key: &RecordKey,
    query: &[(String, String)],
) -> Result<Answer, Problems> {
    let of = compartment::kind_of(key)?;
    let asked = Asked::read(of, query)?;
    if let Some(at) = asked.at {
        return stood(facility, caller, (key, query), &asked, at);
    }
    let links = Addresses::of(caller.base_url);
    let address = format!("/{key}/$everything");
    let about = about(&address, query);
    let after = match asked.wanted.link() {
        Some(text) => {
            let cursor = facility.store().open_cursor(&about, text);
            Some(cursor.ok_or_else(|| Problem::new(&codes::CURSOR))?)
        }
        None => None,
    };
    let all = asked.conditions(facility, caller, key, &links)?;
    let judge = SearchJudge(&**caller.asking);
    let count = asked.wanted.asked().unwrap_or(PAGE_ENTRIES_MAX);
    let found = caller.trail.read(facility, |snapshot| {
        let Some(whole) = snapshot.current(key)? else {
            caller.may(Action::EVERYTHING, &key.kind)?;
            return Err(absent(key));
        };
        caller.permit(snapshot, Action::EVERYTHING, (key, &whole), || absent(key))?;
        let own = snapshot.hit(key, &links)?.ok_or_else(|| {
            Problem::new(&codes::DELETED).with("record", key).with("version", whole.version)
        })?;
        let wanted = Search {
            kinds: &[],
            all: all.as_deref().unwrap_or_default(),
            sort: &[],
            links: &links,
            after: after.as_ref(),
            count,
            judge: Some(&judge),
        };
        page(snapshot, caller, &asked, &wanted, &own)
    })?;
    let next = found.next.map(|cursor| facility.seal_cursor(&about, &cursor)).transpose()?;
    let page = Page { kind: "searchset", address: &address, query, next, total: None };
    let entries: Vec<Vec<u8>> = found.entries.iter().map(|(hit, mode)| shown(caller, hit, mode)).collect();
    let body = page.write(caller.base_url, &entries);
    Ok(Answer { outcome: Outcome::Found, stamp: None, media: Media::FhirJson, body })
}

/// What stood at a moment, in one page. Who treated, where and with what is not part of it.
fn stood(
    facility: &Facility,
    caller: &Caller<'_>,
    (key, query): (&RecordKey, &[(String, String)]),
    asked: &Asked,
    at: Time,
) -> Result<Answer, Problems> {
    let whole = past::whole(facility, caller, key, Some(at))?;
    let address = format!("/{key}/$everything");
    let takes = |kind| asked.takes(kind);
    Ok(Answer::found(past::bundle(&whole, caller.base_url, (&address, query), takes)))
}

fn shown(caller: &Caller<'_>, hit: &Opened, mode: &str) -> Vec<u8> {
    caller.show(&hit.permit, &hit.facts, None);
    entry(caller.base_url, &hit.key, &hit.content, mode)
}

/// One page: records with the mode they are shown in.
struct Found {
    entries: Vec<(Opened, &'static str)>,
    next: Option<Cursor>,
}

/// The page of a search without conditions holds the record itself only.
fn page(
    snapshot: &store::Snapshot<'_>,
    caller: &Caller<'_>,
    asked: &Asked,
    wanted: &Search<'_>,
    own: &Hit,
) -> Result<Found, Problem> {
    let hits = match wanted.all {
        [] => Hits { hits: Vec::new(), next: None },
        _ => snapshot.search(wanted)?,
    };
    let mut shown = Vec::new();
    let own_kind = definitions::resource_kind(&own.key.kind);
    if wanted.after.is_none() && own_kind.is_some_and(|kind| asked.takes(kind)) {
        shown.push(own.clone());
    }
    shown.extend(hits.hits.into_iter().filter(|hit| hit.key != own.key));
    let judge = SearchJudge(&**caller.asking);
    let beside = Beside::new(snapshot, wanted.links, &judge, &shown);
    let beside = beside.referred(&shown, &outside(own, asked))?;
    let opened = |hits| opened(snapshot, caller, Action::EVERYTHING, hits);
    let mut entries: Vec<(Opened, &'static str)> =
        opened(shown)?.into_iter().map(|hit| (hit, "match")).collect();
    entries.extend(opened(beside)?.into_iter().map(|hit| (hit, "include")));
    Ok(Found { entries, next: hits.next })
}

/// The types that what the records of an answer refer to is shown of: who treated, where, with what. Those that have
/// compartments of their own come by belonging to this one, or not at all.
fn outside(own: &Hit, asked: &Asked) -> Vec<ResourceKind> {
    let Some(of) = definitions::resource_kind(&own.key.kind) else { return Vec::new() };
    let outside = |kind: &ResourceKind| definitions::compartment(of, *kind).is_empty() && *kind != of;
    definitions::resource_kinds().filter(|kind| outside(kind) && asked.takes(*kind)).collect()
}

impl Asked {
    fn read(of: ResourceKind, query: &[(String, String)]) -> Result<Self, Problem> {
        let mut asked = Self::default();
        for (name, value) in query {
            if SHOWN_ELSEWHERE.contains(&name.as_str()) || asked.wanted.take_link(name, value)? {
                continue;
            }
            let twice = || Problem::new(&codes::REPEATED).with("name", name);
            match name.as_str() {
                "start" | "end" if of.as_str() == "Patient" => {
                    let place = if name == "start" { &mut asked.start } else { &mut asked.end };
                    place.replace(value.clone()).map_or(Ok(()), |_| Err(twice()))?;
                }
                "_since" => {
                    let moment = Time::parse(value).ok_or_else(|| {
                        Problem::new(&codes::MOMENT).with("name", name).with("value", value)
                    })?;
                    asked.since.replace(moment).map_or(Ok(()), |_| Err(twice()))?;
                }
                "_at" if of.as_str() == "Patient" => {
                    asked.at.replace(past::moment(value)?).map_or(Ok(()), |_| Err(twice()))?;
                }
                "_type" => asked.kinds.extend(kinds(value)?),
                _ => return Err(unknown(of, name)),
            }
        }
        asked.one_moment(query).map(|()| asked)
    }

    /// A past moment is shown as a whole, in one page, or only some types of it.
    fn one_moment(&self, query: &[(String, String)]) -> Result<(), Problem> {
        let fits = |name: &str| SHOWN_ELSEWHERE.contains(&name) || matches!(name, "_at" | "_type");
        match query.iter().find(|(name, _)| !fits(name)).filter(|_| self.at.is_some()) {
            Some((name, _)) => {
                let problem = Problem::new(&codes::EVERYTHING_PARAMETER).with("name", name);
                Err(problem.with("known", "`_at`, `_type`"))
            }
            None => Ok(()),
        }
    }

    fn takes(&self, kind: ResourceKind) -> bool {
        self.kinds.is_empty() || self.kinds.contains(&kind)
    }

    /// What records of the compartment must fulfil; none when nothing can.
    fn conditions(
        &self,
        facility: &Facility,
        caller: &Caller<'_>,
        key: &RecordKey,
        links: &dyn Links,
    ) -> Result<Option<Vec<Matching>>, Problem> {
        let kinds = definitions::resource_kinds().filter(|kind| self.takes(*kind));
        let of = persons::with_merged(facility, caller, key)?;
        let Some(member) = compartment::membership(&of, kinds, links)? else { return Ok(None) };
        let mut all = vec![member];
        if let Some(since) = self.since {
            all.push(Matching::Updated(vec![TimeRange { from: Some(since), until: None }]));
        }
        if self.start.is_some() || self.end.is_some() {
            all.extend(self.in_time(facility, caller)?);
        }
        Ok(Some(all))
    }

    /// No date of care lies outside the time asked for. What has no date stays: it may belong to it.
    fn in_time(&self, facility: &Facility, caller: &Caller<'_>) -> Result<Option<Matching>, Problem> {
        let before = self.start.iter().map(|start| format!("eb{start}"));
        let after = self.end.iter().map(|end| format!("sa{end}"));
        let outside: Vec<String> = before.chain(after).collect();
        let asking = Asking { base_url: caller.base_url, now: facility.now(), lenient: false };
        let mut alternatives = Vec::new();
        for (kind, code) in CARE_DATES {
            let Some(kind) = definitions::resource_kind(kind).filter(|kind| self.takes(*kind)) else {
                continue;
            };
            let pair = [(code.to_owned(), outside.join(","))];
            for condition in fhir::search::query(kind, &pair, &asking)?.all {
                if let Condition::Terms { any, .. } = condition {
                    alternatives.extend(any);
                }
            }
        }
        let condition = Condition::Terms { any: alternatives, negated: true };
        Ok(matching::all(vec![condition]).pop())
    }
}

fn kinds(value: &str) -> Result<Vec<ResourceKind>, Problem> {
    let refused = || Problem::new(&codes::TYPE_NOT_THERE).with("value", value);
    value.split(',').map(|name| definitions::resource_kind(name).ok_or_else(refused)).collect()
}

fn unknown(of: ResourceKind, name: &str) -> Problem {
    let known = if of.as_str() == "Patient" {
        "`start`, `end`, `_since`, `_at`, `_type`, `_count`"
    } else {
        "`_since`, `_type`, `_count`"
    };
    Problem::new(&codes::EVERYTHING_PARAMETER).with("name", name).with("known", known)
}

#[cfg(test)]
mod tests {
    use super::*;
    use fhir::definitions::SearchKind;

    #[test]
    fn every_date_of_care_is_a_search_parameter_of_its_type() {
        for (kind, code) in CARE_DATES {
            let kind = definitions::resource_kind(kind).unwrap();
            let found = definitions::search_params(kind).find(|param| param.code == code);
            assert_eq!(found.map(|param| param.kind), Some(SearchKind::Date), "{kind}.{code}");
        }
    }
}
