//! `GET [type]?…`, `POST [type]/_search`, the same within a compartment and for several types of the facility: current
//! records that fulfil all conditions.

use crate::asking::SearchJudge;
use crate::call::{Answer, Media, Outcome, Problems};
use crate::facility::{Caller, Facility};
use crate::include::Beside;
use crate::kinds::{Kinds, TYPE, known};
use crate::links::Addresses;
use crate::page::{Page, SHOWN_ELSEWHERE};
use crate::permits::Opened;
use crate::reply::quoted;
use crate::shape::shaped;
use crate::{codes, compartment, matching, persons};
use access::Action;
use base::limits::{PAGE_ENTRIES_DEFAULT, PAGE_ENTRIES_MAX, SEARCH_TERMS_MAX};
use base::{Problem, RecordKey};
use fhir::search::{Asking, Condition, Query, Summary, Total};
use fhir::{ResourceKind, Shape};
use std::collections::BTreeSet;
use store::{Cursor, Hit, Matching, Search, Snapshot};

/// Where is searched, and how strictly.
#[derive(Clone, Copy)]
pub(crate) struct Within<'a> {
    pub(crate) kind: &'a str,
    /// The record whose compartment is searched.
    pub(crate) compartment: Option<&'a RecordKey>,
    /// Leave out what is not known instead of refusing it.
    pub(crate) lenient: bool,
}

pub(crate) fn perform(
    facility: &Facility,
    caller: &Caller<'_>,
    within: Within<'_>,
    query: &[(String, String)],
) -> Result<Answer, Problems> {
    within_limit(query)?;
    let kinds = Kinds::of(within, query)?;
    kinds.check(query)?;
    let pairs = asked(query);
    let understood = kinds.understand(within, &pairs, &asking(facility, caller, within.lenient))?;
    check_law(caller, within, &kinds, &understood)?;
    let wish = Wish::new(facility, caller, (within, &kinds), query, understood)?;
    let shown = caller.trail.read(facility, |snapshot| wish.look(snapshot, caller))?;
    let body = wish.write(facility, caller, shown)?;
    Ok(Answer { outcome: Outcome::Found, stamp: None, media: Media::FhirJson, body })
}

/// The conditions of a conditional operation. What says how results are shown has no place among them.
pub(crate) fn criteria(
    facility: &Facility,
    caller: &Caller<'_>,
    kind: &str,
    query: &[(String, String)],
) -> Result<Vec<Matching>, Problems> {
    within_limit(query)?;
    let understood = fhir::search::query(known(kind)?, &asked(query), &asking(facility, caller, false))?;
    if let Some((name, _)) = query.iter().find(|(name, _)| RESULT_PARAMETERS.contains(&bare(name))) {
        return Err(Problem::new(&codes::RESULT_PARAMETER).with("name", name).into());
    }
    if understood.all.is_empty() {
        return Err(Problem::new(&codes::NO_CRITERIA).into());
    }
    caller.may(Action::SEARCH, kind)?;
    for other in reached(&understood) {
        caller.may(Action::SEARCH, other)?;
    }
    Ok(matching::all(understood.all))
}

/// The records that fulfil criteria, at most `most`.
pub(crate) fn found(
    facility: &Facility,
    caller: &Caller<'_>,
    kind: &str,
    all: &[Matching],
    most: usize,
) -> Result<Vec<RecordKey>, Problem> {
    let links = Addresses::of(caller.base_url);
    let judge = SearchJudge(&**caller.asking);
    let search = Search {
        kinds: &[kind],
        all,
        sort: &[],
        links: &links,
        after: None,
        count: most,
        judge: Some(&judge),
    };
    let found = caller.trail.read(facility, |snapshot| snapshot.found(&search))?;
    Ok(found.into_iter().map(|(key, _)| key).collect())
}

/// Parameters that say what is shown of a result, not what is in it.
const RESULT_PARAMETERS: [&str; 9] = [
    "_sort",
    "_count",
    "_cursor",
    "_include",
    "_revinclude",
    "_total",
    "_summary",
    "_elements",
    "_contained",
];

fn bare(name: &str) -> &str {
    name.split_once(':').map_or(name, |(bare, _)| bare)
}

/// The parameters that are about records and results.
fn asked(query: &[(String, String)]) -> Vec<(String, String)> {
    query.iter().filter(|(name, _)| !SHOWN_ELSEWHERE.contains(&name.as_str())).cloned().collect()
}

fn asking<'a>(facility: &Facility, caller: &Caller<'a>, lenient: bool) -> Asking<'a> {
    Asking { base_url: caller.base_url, now: facility.now(), lenient }
}

pub(crate) fn within_limit(query: &[(String, String)]) -> Result<(), Problem> {
    // Of types there are no more than R4 has.
    let values = query.iter().filter(|(name, _)| name != TYPE);
    let found = values.fold(0_usize, |found, (_, value)| found.saturating_add(value.split(',').count()));
    if found <= SEARCH_TERMS_MAX {
        return Ok(());
    }
    Err(Problem::new(&codes::TERMS).with("found", found).with("limit", SEARCH_TERMS_MAX))
}

/// A search, ready to be made.
struct Wish<'a> {
    /// None: all types of a compartment.
    kinds: Vec<&'static str>,
    /// Path below the base.
    address: String,
    query: &'a [(String, String)],
    understood: Query,
    /// None when nothing can be found.
    all: Option<Vec<Matching>>,
    sort: Vec<store::Sort>,
    links: Addresses,
    after: Option<Cursor>,
    count: usize,
    /// What is shown of each record.
    shape: Option<Shape>,
}

/// What a search found.
struct Shown {
    hits: Vec<Opened>,
    beside: Vec<Opened>,
    next: Option<Cursor>,
    total: Option<u64>,
}

impl<'a> Wish<'a> {
    fn new(
        facility: &Facility,
        caller: &Caller<'_>,
        (within, kinds): (Within<'a>, &Kinds),
        query: &'a [(String, String)],
        mut understood: Query,
    ) -> Result<Self, Problem> {
        let links = Addresses::of(caller.base_url);
        let asked = matching::all(std::mem::take(&mut understood.all));
        let asked = caller.trail.read(facility, |snapshot| persons::widened(snapshot, &links, asked))?;
        let mut all = Some(asked);
        let mut address = if within.kind.is_empty() { String::new() } else { format!("/{}", within.kind) };
        if let Some(of) = within.compartment {
            address = format!("/{of}/{}", within.kind);
            let of = persons::with_merged(facility, caller, of)?;
            let member = compartment::membership(&of, kinds.all().into_iter(), &links)?;
            all = all.zip(member).map(|(mut all, member)| {
                all.push(member);
                all
            });
        }
        let after = understood.cursor.as_ref().map(|text| {
            let cursor = facility.store().open_cursor(&about(&address, query), text);
            cursor.ok_or_else(|| Problem::new(&codes::CURSOR))
        });
        let counted = understood.summary == Some(Summary::Count);
        let count = if counted { 0 } else { understood.count.unwrap_or(PAGE_ENTRIES_DEFAULT) };
        Ok(Self {
            kinds: kinds.searched(),
            shape: shape(&understood)?,
            address,
            query,
            sort: matching::order(std::mem::take(&mut understood.sort)),
            all,
            links,
            after: after.transpose()?,
            count: count.min(PAGE_ENTRIES_MAX),
            understood,
        })
    }

    fn look(&self, snapshot: &Snapshot<'_>, caller: &Caller<'_>) -> Result<Shown, Problem> {
        let nothing = Shown { hits: Vec::new(), beside: Vec::new(), next: None, total: Some(0) };
        let judge = SearchJudge(&**caller.asking);
        let Some(all) = &self.all else { return Ok(nothing) };
        let search = Search {
            kinds: &self.kinds,
            all,
            sort: &self.sort,
            links: &self.links,
            after: self.after.as_ref(),
            count: self.count,
            judge: Some(&judge),
        };
        if self.count == 0 {
            return Ok(Shown { total: Some(snapshot.count(&search)?), ..nothing });
        }
        let hits = snapshot.search(&search)?;
        let total = match self.understood.total {
            Some(Total::None) => None,
            _ if hits.next.is_none() && self.after.is_none() => u64::try_from(hits.hits.len()).ok(),
            Some(Total::Accurate | Total::Estimate) => Some(snapshot.count(&search)?),
            None => None,
        };
        let (forward, backward) = (&self.understood.include, &self.understood.revinclude);
        let beside = Beside::new(snapshot, &self.links, &judge, &hits.hits);
        let beside = beside.follow(&hits.hits, forward, backward)?;
        Ok(Shown {
            hits: opened(snapshot, caller, Action::SEARCH, hits.hits)?,
            beside: opened(snapshot, caller, Action::SEARCH, beside)?,
            next: hits.next,
            total,
        })
    }

    fn write(&self, facility: &Facility, caller: &Caller<'_>, shown: Shown) -> Result<Vec<u8>, Problems> {
        let about = about(&self.address, self.query);
        let next = shown.next.map(|cursor| facility.seal_cursor(&about, &cursor)).transpose()?;
        let page =
            Page { kind: "searchset", address: &self.address, query: self.query, next, total: shown.total };
        let mut entries = Vec::with_capacity(shown.hits.len());
        for (hits, mode) in [(shown.hits, "match"), (shown.beside, "include")] {
            for hit in hits {
                caller.show(&hit.permit, &hit.facts, None);
                let content = shaped(hit.content, self.shape.as_ref())?;
                entries.push(entry(caller.base_url, &hit.key, &content, mode));
            }
        }
        entries.extend(ignored(caller, &self.understood.ignored));
        Ok(page.write(caller.base_url, &entries))
    }
}

/// What may be shown of what was found.
pub(crate) fn opened(
    snapshot: &Snapshot<'_>,
    caller: &Caller<'_>,
    action: Action,
    hits: Vec<Hit>,
) -> Result<Vec<Opened>, Problem> {
    let opened = hits.into_iter().map(|hit| caller.open(snapshot, action, hit).transpose());
    opened.flatten().collect()
}

/// A search is for whoever may search the type, and each type that a chain or an include goes through. Where the law looks
/// at what a record says, it may permit some records of a type that it does not permit as a whole.
fn check_law(
    caller: &Caller<'_>,
    within: Within<'_>,
    kinds: &Kinds,
    understood: &Query,
) -> Result<(), Problem> {
    kinds.asked(within).into_iter().try_for_each(|kind| caller.may(Action::SEARCH, kind))?;
    reached(understood).into_iter().try_for_each(|kind| caller.may(Action::SEARCH, kind))
}

/// The types that conditions and includes of a query go through, each once. An include that names no type shows what may be
/// shown.
fn reached(understood: &Query) -> BTreeSet<&str> {
    let mut kinds = BTreeSet::new();
    for condition in &understood.all {
        through(condition, &mut kinds);
    }
    for include in &understood.include {
        kinds.extend(include.target.map(ResourceKind::as_str));
    }
    for include in &understood.revinclude {
        kinds.insert(include.source.as_str());
    }
    kinds
}

fn through<'q>(condition: &'q Condition, kinds: &mut BTreeSet<&'q str>) {
    let mut inner = |named: Option<&'q ResourceKind>, all: &'q [Condition]| {
        kinds.extend(named.map(|kind| kind.as_str()));
        for condition in all {
            through(condition, kinds);
        }
    };
    match condition {
        Condition::Ids(_) | Condition::Updated(_) | Condition::Terms { .. } => {}
        Condition::Leads { to, .. } => match to.as_slice() {
            [(kind, all)] => inner(Some(kind), all),
            // The reference may lead to any of these. Those that may not be found are not there: the judge sees to it.
            several => {
                for (_, all) in several {
                    inner(None, all);
                }
            }
        },
        Condition::LedTo { kind, all, .. } => inner(Some(kind), all),
    }
}

/// What of each record is asked for. That the elements exist was seen to when the query was understood.
fn shape(understood: &Query) -> Result<Option<Shape>, Problem> {
    let summary = match understood.summary {
        Some(Summary::True) => Some(Shape::Summary),
        Some(Summary::Text) => Some(Shape::Text),
        Some(Summary::Data) => Some(Shape::Data),
        Some(Summary::False | Summary::Count) | None => None,
    };
    if understood.elements.is_empty() {
        return Ok(summary);
    }
    if understood.summary.is_some() {
        return Err(Problem::new(&codes::SHAPE_TWICE));
    }
    Ok(Some(Shape::Elements(understood.elements.clone())))
}

/// What a cursor is about: the search without its place.
pub(crate) fn about(address: &str, query: &[(String, String)]) -> Vec<u8> {
    let mut out = address.as_bytes().to_vec();
    for (name, value) in query.iter().filter(|(name, _)| name != "_cursor" && name != "_count") {
        for part in [name, value] {
            out.push(0);
            out.extend(part.as_bytes());
        }
    }
    out
}

/// A record on a page.
pub(crate) fn entry(base_url: &str, key: &RecordKey, content: &[u8], mode: &str) -> Vec<u8> {
    let full_url = quoted(&format!("{base_url}/{key}"));
    let mut out = Vec::with_capacity(content.len().saturating_add(128));
    out.extend(format!(r#"{{"fullUrl":{full_url},"resource":"#).as_bytes());
    out.extend_from_slice(content);
    out.extend(format!(r#","search":{{"mode":"{mode}"}}}}"#).as_bytes());
    out
}

/// The entry that warns of parameters that were left out.
fn ignored(caller: &Caller<'_>, problems: &[Problem]) -> Option<Vec<u8>> {
    if problems.is_empty() {
        return None;
    }
    let mut out = br#"{"resource":"#.to_vec();
    out.extend(fhir::outcome::warning(problems, caller.language));
    out.extend(br#","search":{"mode":"outcome"}}"#);
    Some(out)
}
