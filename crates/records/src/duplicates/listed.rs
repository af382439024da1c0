//! `GET Patient/$duplicates`: pairs of patients of the whole facility that may be one person, page by page.
//!
//! A page looks at so many patients, one after the other, and shows each pair at the first of the two; so a page may show
//! none and yet have a next one. Pairs that are one person already, and those that somebody has said to be two people
//! (`$distinct`), are left out.

use super::gather::{Candidate, Desk, Wanted as Sought, likeness};
use super::matched::{described, too_wide};
use super::of_patients;
use crate::asking::SearchJudge;
use crate::audit::element::{list, object, reference, text};
use crate::call::{Answer, Problems};
use crate::codes;
use crate::facility::{Caller, Facility};
use crate::links::Addresses;
use crate::page::{SHOWN_ELSEWHERE, Wanted};
use crate::search::about;
use access::Action;
use base::limits::DUPLICATES_PAGE_MAX;
use base::{Problem, RecordKey};
use fhir::Node;
use fhir::alike::{Grade, Likeness};
use fhir::readable::Identity;
use std::collections::BTreeSet;
use store::{Alternative, Cursor, Hit, Matching, Search, Snapshot, Span};

const ADDRESS: &str = "/Patient/$duplicates";

/// What is asked for.
struct Wish {
    wanted: Wanted,
    /// The lowest grade that is shown.
    least: Grade,
    /// Whether pairs are shown that were said to be two people.
    decided: bool,
}

/// Two patients, with how they compare.
struct Pair {
    one: Candidate,
    other: Candidate,
    likeness: Likeness,
}

/// One page.
struct Listed {
    pairs: Vec<Pair>,
    /// Keys that so many share that not all were looked at, by their letters.
    wide: BTreeSet<char>,
    next: Option<Cursor>,
}

pub(crate) fn perform(
    facility: &Facility,
    caller: &Caller<'_>,
    kind: &str,
    query: &[(String, String)],
) -> Result<Answer, Problems> {
    of_patients("duplicates", kind)?;
    let wish = Wish::read(query)?;
    caller.may(Action::SEARCH, kind)?;
    let links = Addresses::of(caller.base_url);
    let about = about(ADDRESS, query);
    let after = wish
        .wanted
        .link()
        .map(|text| facility.store().open_cursor(&about, text).ok_or_else(|| Problem::new(&codes::CURSOR)));
    let after = after.transpose()?;
    let count = wish.wanted.asked().unwrap_or(DUPLICATES_PAGE_MAX).min(DUPLICATES_PAGE_MAX);
    let listed = caller.trail.read(facility, |snapshot| {
        let desk = Desk { snapshot, caller, links: &links };
        look(&desk, &wish, after.as_ref(), count)
    })?;
    let next = listed.next.as_ref().map(|cursor| facility.seal_cursor(&about, cursor)).transpose()?;
    let mut body = Vec::new();
    answer(facility, caller, query, (&listed, next.as_deref()))?.write(&mut body);
    Ok(Answer::found(body))
}

fn look(desk: &Desk<'_>, wish: &Wish, after: Option<&Cursor>, count: usize) -> Result<Listed, Problem> {
    let judge = SearchJudge(&**desk.caller.asking);
    let search = Search {
        kinds: &["Patient"],
        all: &[],
        sort: &[],
        links: desk.links,
        after,
        count,
        judge: Some(&judge),
    };
    let page = desk.snapshot.search(&search)?;
    let mut listed = Listed { pairs: Vec::new(), wide: BTreeSet::new(), next: page.next };
    for hit in &page.hits {
        of_one(desk, wish, hit, &mut listed)?;
    }
    Ok(listed)
}

/// The pairs of a patient with those who come after them.
fn of_one(desk: &Desk<'_>, wish: &Wish, hit: &Hit, page: &mut Listed) -> Result<(), Problem> {
    let Some(one) = desk.open(hit.clone(), true)? else { return Ok(()) };
    let person = desk.snapshot.person(&hit.key)?;
    // Whoever stands before in the order of the keys has shown the pair already, or is going to.
    let wanted = Sought { features: &one.features, least: wish.least };
    let gathered = desk.gather(&wanted, |key| *key <= hit.key || person.contains(key))?;
    let mut pairs = Vec::new();
    for other in gathered.candidates.into_values() {
        let likeness = likeness(&one.features, &other);
        let shown = likeness.grade >= wish.least
            && (wish.decided || !decided(desk.snapshot, desk.links, (&hit.key, &other.opened.key))?);
        if shown && let Some(one) = desk.open(hit.clone(), false)? {
            pairs.push(Pair { one, other, likeness });
        }
    }
    pairs.sort_by_key(|pair| std::cmp::Reverse((pair.likeness.score(), pair.likeness.weight)));
    page.pairs.extend(pairs);
    page.wide.extend(gathered.wide);
    Ok(())
}

/// Whether somebody said that two patients are two people. Who said so and why stands in the Provenance.
fn decided(
    snapshot: &Snapshot<'_>,
    links: &dyn store::Links,
    (one, other): (&RecordKey, &RecordKey),
) -> Result<bool, Problem> {
    let value = fhir::alike::apart(one.id.as_str(), other.id.as_str());
    let any = vec![Alternative { param: fhir::BLOCK, span: Span::Exact(value), test: None }];
    let all = [Matching::Terms { any, negated: false }];
    let search =
        Search { kinds: &["Provenance"], all: &all, sort: &[], links, after: None, count: 1, judge: None };
    Ok(!snapshot.found(&search)?.is_empty())
}

impl Wish {
    fn read(query: &[(String, String)]) -> Result<Self, Problem> {
        let (mut wanted, mut least, mut decided) = (Wanted::default(), None, None);
        for (name, value) in query {
            if SHOWN_ELSEWHERE.contains(&name.as_str()) || wanted.take_link(name, value)? {
                continue;
            }
            let twice = match (name.as_str(), value.as_str()) {
                ("grade", "certain") => least.replace(Grade::Certain).is_some(),
                ("grade", "probable") => least.replace(Grade::Probable).is_some(),
                ("grade", "possible") => least.replace(Grade::Possible).is_some(),
                ("decided", "true") => decided.replace(true).is_some(),
                ("decided", "false") => decided.replace(false).is_some(),
                _ => true,
            };
            if twice {
                let known = "grade (possible, probable, certain), decided (true, false), _count";
                let problem = Problem::new(&codes::MATCH_PARAMETER).with("operation", "duplicates");
                return Err(problem.with("name", name).with("known", known));
            }
        }
        Ok(Self { wanted, least: least.unwrap_or(Grade::Probable), decided: decided.unwrap_or(false) })
    }
}

fn answer(
    facility: &Facility,
    caller: &Caller<'_>,
    query: &[(String, String)],
    (listed, next): (&Listed, Option<&str>),
) -> Result<Node, Problem> {
    let mut all = Vec::with_capacity(listed.pairs.len().saturating_add(1));
    for pair in &listed.pairs {
        all.push(shown(facility, caller, pair)?);
    }
    if !listed.wide.is_empty() {
        let wide: Vec<char> = listed.wide.iter().copied().collect();
        let said = too_wide(&wide).text(caller.language);
        all.push(object([("name", Some(text("warning"))), ("valueString", Some(text(said)))]));
    }
    let page = crate::page::Page { kind: "", address: ADDRESS, query, next: None, total: None };
    all.extend(next.map(|next| {
        let url = page.url(caller.base_url, Some(next));
        object([("name", Some(text("next"))), ("valueUri", Some(text(url)))])
    }));
    Ok(object([("resourceType", Some(text("Parameters"))), ("parameter", list(all))]))
}

fn shown(facility: &Facility, caller: &Caller<'_>, pair: &Pair) -> Result<Node, Problem> {
    let part =
        |name: &str, kind: &str, value: Node| object([("name", Some(text(name))), (kind, Some(value))]);
    let mut parts = Vec::new();
    for candidate in [&pair.one, &pair.other] {
        let opened = &candidate.opened;
        caller.show(&opened.permit, &opened.facts, None);
        let patient = fhir::json::parse(&opened.content)?;
        let line = Identity::of(&patient).line_at(facility.now(), caller.language);
        let mut to = reference(&opened.key.to_string());
        if let Node::Object(members) = &mut to {
            members.push(("display".to_owned(), text(line)));
        }
        parts.push(part("patient", "valueReference", to));
    }
    let score = pair.likeness.score();
    parts.push(part("grade", "valueCode", text(pair.likeness.grade.code())));
    parts.push(part("score", "valueDecimal", Node::Number(format!("{}.{:02}", score / 100, score % 100))));
    Ok(object([
        ("extension", list(described(&pair.likeness))),
        ("name", Some(text("pair"))),
        ("part", Some(Node::Array(parts))),
    ]))
}
