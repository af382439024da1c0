//! The comparison itself.

use super::ask::{self, Key, joined};
use super::beside::{Including, beside};
use super::chance::Chance;
use super::draw::{Draw, label, until};
use super::gather::{self, shown};
use super::order;
use super::question::{Criterion, Question};
use super::tally::Tally;
use super::world::{Link, World};
use base::Clock as _;
use std::collections::BTreeSet;
use testkit::{Client, Clinic};

/// Another seed asks other questions.
const SEED: u64 = 20_260_401;
/// How many questions of each sort.
struct Plan {
    /// By parameters.
    plain: usize,
    /// By chains and `_has`.
    linked: usize,
    /// With an order.
    sorted: usize,
    /// With something beside their results.
    beside: usize,
}

/// More results than this are counted by the server, and read only once in a while.
const READ_MOST: usize = 120;
/// Entries on a page at most.
const PAGE_MOST: usize = 1_000;
/// Differences shown at most.
const SHOWN_MOST: usize = 10;
/// Types of which the examples have resources, at least.
const KINDS_LEAST: usize = 120;
/// By how much the present moment may be off, in microseconds.
const MINUTES: i64 = 10 * super::moment::MINUTE;

/// A clinic with everything in it, and what was found out so far.
struct Trial<'t> {
    client: &'t Client,
    clinic: &'t Clinic,
    world: &'t World,
    draw: Draw<'t>,
    tally: Tally,
    differences: Vec<String>,
}

#[test]
fn random_searches_find_what_a_naive_filter_finds() {
    let clinic = Clinic::with(testkit::Plan { settles: true, ..testkit::Plan::default() });
    let client = clinic.client();
    let Some(world) = gather::clinics(&client) else { return };
    let plan = Plan { plain: 3_000, linked: 700, sorted: 500, beside: 300 };
    let tally = asked(&clinic, &client, &world, &plan);
    let kinds = ["token", "reference", "string", "date", "number", "quantity", "uri", "composite"];
    for name in kinds.iter().chain(&["chain", "_has", "_id", "_lastUpdated", "_sort", "include"]) {
        assert!(tally.queries(name) >= 20, "too few questions by {name}");
    }
}

#[test]
fn random_searches_over_all_types_find_what_a_naive_filter_finds() {
    let clinic = Clinic::with(testkit::Plan { settles: true, ..testkit::Plan::default() });
    let client = clinic.client();
    let Some(world) = gather::examples(&client) else { return };
    assert!(world.kinds().len() >= KINDS_LEAST, "{} types", world.kinds().len());
    asked(&clinic, &client, &world, &Plan { plain: 2_000, linked: 300, sorted: 300, beside: 200 });
}

/// Asks as planned, prints what was asked, and ends the test when an answer differs.
fn asked(clinic: &Clinic, client: &Client, world: &World, plan: &Plan) -> Tally {
    let draw = Draw { world, chance: Chance::new(SEED) };
    let mut trial = Trial { client, clinic, world, draw, tally: Tally::default(), differences: Vec::new() };
    for _ in 0..plan.plain {
        let question = trial.draw.question();
        trial.hold(&question);
    }
    for _ in 0..plan.linked {
        let question = trial.draw.linked();
        trial.hold(&question);
    }
    for _ in 0..plan.sorted {
        trial.hold_sorted();
    }
    for _ in 0..plan.beside {
        trial.hold_beside();
    }
    let resources: usize = world.kinds().iter().map(|kind| world.records(kind).len()).sum();
    println!("seed {SEED}, {resources} resources\n{}", trial.tally.table());
    let count = trial.differences.len();
    trial.differences.truncate(SHOWN_MOST);
    assert!(count == 0, "seed {SEED}: {count} differences, among them\n{}", trial.differences.join("\n"));
    trial.tally
}

impl Trial<'_> {
    /// What the filter finds; none when it hangs on the very moment at which it is asked.
    fn expected(&self, question: &Question) -> Option<Vec<bool>> {
        let now = self.clinic.clock().now().microseconds();
        let found = question.found(self.world, now);
        let is_steady =
            !question.shown().contains("ap") || question.found(self.world, now + MINUTES) == found;
        is_steady.then_some(found)
    }

    /// Asks a question and holds the answer against the filter's.
    fn hold(&mut self, question: &Question) {
        let Some(expected) = self.expected(question) else { return };
        let count = expected.iter().filter(|found| **found).count();
        self.count(question, count);
        let (address, chance) = (question.address(), &self.draw.chance);
        if count > READ_MOST && !chance.once_in(25) {
            match ask::number(self.client, &address) {
                Ok(found) if found == count => {}
                Ok(found) => self.differs(question, &format!("{found} instead of {count}")),
                Err(refusal) => self.differs(question, &refusal),
            }
            return;
        }
        let page = if count > READ_MOST { 700 } else { 1 + count / 4 + chance.below(count + 10) };
        match ask::all(self.client, &address, page, chance) {
            Ok(found) => self.compare(question, &expected, &found),
            Err(refusal) => self.differs(question, &refusal),
        }
    }

    fn count(&mut self, question: &Question, results: usize) {
        let labels: BTreeSet<_> =
            question.all.iter().map(|criterion| label(self.world, &question.kind, criterion)).collect();
        self.tally.count(labels, results);
    }

    fn differs(&mut self, question: &Question, text: &str) {
        self.differences.push(format!("{}\n    {text}", question.shown()));
    }

    /// Holds resources found against those expected.
    fn compare(&mut self, question: &Question, expected: &[bool], found: &[Key]) {
        let records = self.world.records(&question.kind);
        let ids: BTreeSet<&str> = found.iter().map(|(_, id)| id.as_str()).collect();
        let wrong = |place: &usize| ids.contains(records[*place].id.as_str()) != expected[*place];
        let places: Vec<usize> = (0..records.len()).filter(wrong).collect();
        if places.is_empty() && found.iter().all(|(kind, _)| *kind == question.kind) {
            return;
        }
        let lines = places.iter().take(3).map(|place| {
            let fault = if expected[*place] { "missing" } else { "surplus" };
            let values: Vec<String> = question
                .all
                .iter()
                .filter_map(code)
                .map(|code| shown(self.world, &question.kind, code, *place))
                .collect();
            format!("{fault} {}: {}", records[*place].id, values.join("; "))
        });
        let lines: Vec<String> = lines.collect();
        self.differs(question, &format!("{} differ\n    {}", places.len(), lines.join("\n    ")));
    }

    /// A question with one to three keys to sort by.
    fn hold_sorted(&mut self) {
        let (question, keys) = until(|| {
            let mut question = self.draw.question();
            question.all.truncate(usize::from(!self.draw.chance.once_in(4)));
            let keys = self.keys(&question.kind);
            let most = if self.draw.chance.once_in(12) { 5_000 } else { 800 };
            let few = question.found(self.world, 0).iter().filter(|found| **found).count() <= most;
            (few && !keys.is_empty() && !question.shown().contains("ap")).then_some((question, keys))
        });
        let expected = question.found(self.world, 0);
        let count = expected.iter().filter(|found| **found).count();
        self.tally.count([("_sort", format!("{} keys", keys.len()))], count);
        let address = joined(&question.address(), &ask::parameter("_sort", &order::written(&keys)));
        let size = (1 + count / 4 + self.draw.chance.below(count + 10)).min(PAGE_MOST);
        let found = match ask::all(self.client, &address, size, &self.draw.chance) {
            Ok(found) => found,
            Err(refusal) => {
                return self.differs(&question, &format!("_sort={} {refusal}", order::written(&keys)));
            }
        };
        self.compare(&question, &expected, &found);
        let places: Vec<usize> = found.iter().filter_map(|(kind, id)| self.world.place(kind, id)).collect();
        if let Some((left, right)) = order::fault(self.world, &question.kind, &keys, &places) {
            let values = |place: usize| {
                let codes =
                    keys.iter().filter(|key| !key.code.starts_with("_id") && key.code != "_lastUpdated");
                let values = codes.map(|key| shown(self.world, &question.kind, &key.code, place));
                format!(
                    "{}: {}",
                    self.world.records(&question.kind)[place].id,
                    values.collect::<Vec<_>>().join("; ")
                )
            };
            let text = format!(
                "_sort={}, but before\n    {}\n    stands\n    {}",
                order::written(&keys),
                values(right),
                values(left)
            );
            self.differs(&question, &text);
        }
    }

    fn keys(&self, kind: &str) -> Vec<order::Key> {
        let chance = &self.draw.chance;
        let codes = self.world.codes(kind);
        let code = || match chance.below(10) {
            0 => "_id",
            1 => "_lastUpdated",
            _ => chance.one(&codes),
        };
        let keys = (0..=chance.below(3))
            .map(|_| order::Key { code: code().to_owned(), descending: chance.once_in(2) });
        keys.filter(|key| {
            ["_id", "_lastUpdated"].contains(&key.code.as_str())
                || order::can_sort(self.world, kind, &key.code)
        })
        .collect()
    }

    /// A question with resources to be shown beside its results.
    fn hold_beside(&mut self) {
        let (question, including) = until(|| {
            let mut question = self.draw.question();
            question.all.truncate(1);
            let including = self.including(&question.kind)?;
            (!question.shown().contains("ap")).then_some((question, including))
        });
        let names: BTreeSet<_> = including.iter().map(|one| one.written().0).collect();
        let mut address = joined(&question.address(), &format!("_count={}", 1 + self.draw.chance.below(6)));
        for (name, value) in including.iter().map(Including::written) {
            address = joined(&address, &ask::parameter(&name, &value));
        }
        let page = match ask::page(self.client, &address) {
            Ok(page) => page,
            Err(refusal) => return self.differs(&question, &format!("{address}\n    {refusal}")),
        };
        let expected = beside(self.world, &page.found, &including);
        self.tally.count(names.into_iter().map(|name| ("include", name)), expected.len());
        let found: BTreeSet<Key> = page.beside.iter().cloned().collect();
        if found != expected || found.len() < page.beside.len() {
            let missing: Vec<&Key> = expected.difference(&found).take(3).collect();
            let surplus: Vec<&Key> = found.difference(&expected).take(3).collect();
            self.differs(&question, &format!("{address}\n    missing {missing:?}, surplus {surplus:?}"));
        }
    }

    fn including(&self, kind: &str) -> Option<Vec<Including>> {
        let first = self.one_including(kind, false)?;
        let second = self.draw.chance.once_in(2).then(|| self.one_including(kind, true));
        Some([first].into_iter().chain(second.flatten()).collect())
    }

    /// An `_include` or `_revinclude`, the second one perhaps of what the first has found.
    fn one_including(&self, kind: &str, is_second: bool) -> Option<Including> {
        let chance = &self.draw.chance;
        let backwards = chance.once_in(3);
        let iterate = is_second && chance.once_in(2);
        let near = |link: &Link| kind == if backwards { &link.target } else { &link.source };
        let Link { source, code, target } = self.draw.link(|link| iterate || near(link))?.clone();
        let declared = &self.world.parameter(&source, &code).unwrap().targets;
        let target = match chance.below(4) {
            0 => Some(target),
            1 => Some(declared[chance.below(declared.len())].clone()),
            _ => None,
        };
        // All that refers to a patient is more than is shown beside a page.
        let every = chance.once_in(6) && !(backwards && kind == "Patient");
        let (code, target) = if every { ("*".to_owned(), None) } else { (code, target) };
        Some(Including { source, code, target, backwards, iterate })
    }
}

/// The parameter of a criterion, if its values say why it is fulfilled.
fn code(criterion: &Criterion) -> Option<&str> {
    match criterion {
        Criterion::Plain { code, .. } | Criterion::Missing { code, .. } | Criterion::Chain { code, .. } => {
            Some(code)
        }
        Criterion::Ids(_) | Criterion::Updated(_) | Criterion::Has { .. } => None,
    }
}
