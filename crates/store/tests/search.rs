//! Searches against a plain filter over the same records: random conditions, orders and page sizes, equal results.

#![expect(clippy::unwrap_used, reason = "a test ends at the first thing that is not as it should be")]

mod kit;

use base::{FacilityId, ManualClock, RecordKey, SeededEntropy, Time, VersionNumber};
use kit::{Desk, change};
use seal::MasterKey;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use store::{
    Act, Actor, ActorKind, Alternative, Batch, Change, Cursor, Expected, Guard, Hit, Indexer, Judge, Links,
    Matching, Search, Snapshot, Sort, SortBy, Span, Store, Term, World,
};

/// A stored content is a list of `param=value` lines; each is a search row.
#[derive(Debug)]
struct Lines;

impl Indexer for Lines {
    fn edition(&self) -> &'static str {
        "lines-1"
    }

    fn terms(&self, content: &[u8]) -> Result<Vec<Term>, base::Problem> {
        let text = String::from_utf8_lossy(content).into_owned();
        let rows = text.lines().filter_map(|line| line.split_once('='));
        Ok(rows.filter_map(|(name, value)| Some(Term { param: param(name)?, value: value.into() })).collect())
    }
}

fn param(name: &str) -> Option<&'static str> {
    ["Note.word", "Note.number", "Note.about", "Thing.colour"].into_iter().find(|known| *known == name)
}

/// References are written `Type/id`.
struct Plain;

impl Links for Plain {
    fn to(&self, key: &RecordKey) -> Vec<Vec<u8>> {
        vec![key.to_string().into_bytes()]
    }

    fn from(&self, value: &[u8]) -> Option<RecordKey> {
        RecordKey::parse(std::str::from_utf8(value).ok()?)
    }
}

/// A small generator of numbers (an LCG, upper bits), so that a failure repeats.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

/// What the store should hold: records in the order of their creation, with their rows.
#[derive(Default)]
struct Model {
    rows: BTreeMap<RecordKey, Vec<Term>>,
    /// The number of the commit that made the current version: records of one commit have one time.
    written: BTreeMap<RecordKey, usize>,
    commits: usize,
    /// What the judge leaves out.
    hidden: Hides,
}

/// Leaves out some records. Types of which none is left out are not asked about.
#[derive(Clone, Default)]
struct Hides(BTreeSet<RecordKey>);

impl Judge for Hides {
    fn admits(&self, snapshot: &Snapshot<'_>, hit: &Hit) -> Result<bool, base::Problem> {
        assert!(!self.all(&hit.key.kind), "asked although all of the type may be found");
        // A judge may look at other records too.
        assert!(snapshot.hit(&hit.key, &Plain)?.is_some());
        Ok(!self.0.contains(&hit.key))
    }

    fn all(&self, kind: &str) -> bool {
        self.0.iter().all(|key| *key.kind != *kind)
    }
}

struct Filled {
    _folder: tempfile::TempDir,
    store: Desk,
    model: Model,
}

impl Filled {
    fn judge(&self) -> Option<&dyn Judge> {
        Some(&self.model.hidden as &dyn Judge).filter(|_| !self.model.hidden.0.is_empty())
    }

    /// Leaves out a random half of the records of some types.
    fn hide(&mut self, dice: &mut Dice, kinds: &[&str]) {
        let keys = self.model.rows.keys().filter(|key| kinds.contains(&&*key.kind));
        self.model.hidden = Hides(keys.filter(|_| dice.roll(2) == 0).cloned().collect());
    }
}

fn row(name: &str, value: impl Into<Vec<u8>>) -> Term {
    Term { param: param(name).unwrap(), value: value.into() }
}

fn random_rows(dice: &mut Dice, kind: &str) -> Vec<Term> {
    let mut rows = Vec::new();
    if kind == "Thing" {
        for _ in 0..=dice.roll(2) {
            rows.push(row("Thing.colour", format!("c{}", dice.roll(40))));
        }
        return rows;
    }
    for _ in 0..dice.roll(4) {
        // Few values that many share, and many that few share.
        let word = if dice.roll(2) == 0 { dice.roll(3) } else { 100 + dice.roll(2_000) };
        rows.push(row("Note.word", format!("w{word:04}")));
    }
    for _ in 0..dice.roll(3) {
        rows.push(row(
            "Note.number",
            u16::try_from(dice.roll(60_000))
                .unwrap()
                .to_be_bytes()
                .iter()
                .flat_map(|byte| format!("{byte:02x}").into_bytes())
                .collect::<Vec<u8>>(),
        ));
    }
    if dice.roll(10) > 0 {
        rows.push(row("Note.about", format!("Thing/t{}", dice.roll(300))));
    }
    rows
}

fn content(key: &RecordKey, version: VersionNumber, time: Time, rows: &[Term]) -> Vec<u8> {
    let mut out = format!(
        r#"{{"resourceType":"{}","id":"{}","meta":{{"versionId":"{version}","lastUpdated":"{time}"}}}}"#,
        key.kind, key.id
    )
    .into_bytes();
    for row in rows {
        out.push(b'\n');
        out.extend(row.param.as_bytes());
        out.push(b'=');
        out.extend(&row.value);
    }
    out
}

fn put(key: &RecordKey, rows: &[Term]) -> Change {
    let (own, terms) = (key.clone(), rows.to_vec());
    let render = Box::new(move |version, time| content(&own, version, time, &terms));
    change(key.clone(), Expected::Anything, Act::Put { render, terms: rows.to_vec() })
}

fn batch(changes: Vec<Change>) -> Batch {
    let actor = Actor::new(ActorKind::Service, "test");
    Batch::new(actor, changes)
}

async fn filled(dice: &mut Dice, notes: usize, changes: usize) -> Filled {
    let entropy = Arc::new(SeededEntropy::new(1));
    let clock = Arc::new(ManualClock::new(Time::parse("2026-04-01T00:00:00Z").unwrap(), 1));
    let folder = tempfile::tempdir().unwrap();
    let master = MasterKey::generate(&*entropy).unwrap();
    let world = World { clock, entropy, indexer: Arc::new(Lines) };
    let facility = FacilityId::parse("sakura").unwrap();
    Store::create(folder.path(), &facility, &master, &world).unwrap();
    let store = Desk::at(Store::open(folder.path(), &facility, &master, &world).unwrap());
    let mut model = Model::default();
    let keys: Vec<RecordKey> = (0..300)
        .map(|id| format!("Thing/t{id}"))
        .chain((0..notes).map(|id| format!("Note/n{id}")))
        .map(|text| RecordKey::parse(&text).unwrap())
        .collect();
    for chunk in keys.chunks(500) {
        let rows: Vec<Vec<Term>> = chunk.iter().map(|key| random_rows(dice, &key.kind)).collect();
        store
            .append(batch(chunk.iter().zip(&rows).map(|(key, rows)| put(key, rows)).collect()))
            .await
            .unwrap();
        model.commits += 1;
        for (key, rows) in chunk.iter().zip(rows) {
            model.write(key, Some(rows));
        }
    }
    for _ in 0..changes {
        let key = keys.get(dice.roll(keys.len())).unwrap();
        let rows = (dice.roll(3) > 0).then(|| random_rows(dice, &key.kind));
        let change = match &rows {
            Some(rows) => put(key, rows),
            None => change(key.clone(), Expected::Anything, Act::Delete),
        };
        store.append(batch(vec![change])).await.unwrap();
        model.commits += 1;
        model.write(key, rows);
    }
    Filled { _folder: folder, store, model }
}

impl Model {
    fn write(&mut self, key: &RecordKey, rows: Option<Vec<Term>>) {
        self.written.insert(key.clone(), self.commits);
        match rows {
            Some(rows) => self.rows.insert(key.clone(), rows),
            None => self.rows.remove(key),
        };
    }

    fn shows(&self, key: &RecordKey) -> bool {
        self.rows.contains_key(key) && !self.hidden.0.contains(key)
    }

    fn accepts(&self, key: &RecordKey, matching: &Matching) -> bool {
        let rows = self.rows.get(key).unwrap();
        match matching {
            Matching::Ids(ids) => ids.iter().any(|id| id == key.id.as_str()),
            // Spans of time have tests of their own.
            Matching::Updated(_) => false,
            Matching::Terms { .. } => matching.accepts(rows).unwrap(),
            Matching::Leads { params, to } => rows.iter().any(|row| {
                let Some(other) = Plain.from(&row.value).filter(|_| params.contains(&row.param)) else {
                    return false;
                };
                self.shows(&other)
                    && to.iter().any(|(kind, all)| {
                        *kind == *other.kind && all.iter().all(|one| self.accepts(&other, one))
                    })
            }),
            Matching::LedTo { kind, params, all } => {
                let link = key.to_string().into_bytes();
                let leads = |row: &Term| row.value == link && params.contains(&row.param);
                let mut others = self.rows.iter().filter(|(other, _)| *other.kind == **kind);
                others.any(|(other, rows)| {
                    self.shows(other)
                        && rows.iter().any(leads)
                        && all.iter().all(|one| self.accepts(other, one))
                })
            }
        }
    }

    fn found(&self, kinds: &[&str], all: &[Matching]) -> Vec<RecordKey> {
        let alive = self.rows.keys().filter(|key| kinds.contains(&&*key.kind) && self.shows(key));
        alive.filter(|key| all.iter().all(|one| self.accepts(key, one))).cloned().collect()
    }

    /// The keys of an order, as bytes that compare; none comes last.
    fn sort_key(&self, key: &RecordKey, sort: &Sort) -> Option<Vec<u8>> {
        match &sort.by {
            SortBy::Id => Some(key.id.as_str().into()),
            SortBy::Updated => Some(self.written.get(key).unwrap().to_be_bytes().to_vec()),
            SortBy::Term { params, from, until } => {
                let rows = self.rows.get(key).unwrap().iter().filter(|row| params.contains(&row.param));
                let values = rows.map(|row| row.value.clone()).filter(|value| from <= value && value < until);
                if sort.descending { values.max() } else { values.min() }
            }
        }
    }
}

fn random_terms(dice: &mut Dice) -> Matching {
    let alternative = |dice: &mut Dice| {
        let (param, span) = match dice.roll(5) {
            0 => ("Note.word", Span::Exact(format!("w{:04}", dice.roll(3)).into())),
            1 => ("Note.word", Span::Exact(format!("w{:04}", 100 + dice.roll(2_000)).into())),
            2 => ("Note.word", between(&format!("w{:03}", dice.roll(220)))),
            3 => ("Note.number", between(&format!("{:x}", dice.roll(16)))),
            _ => {
                let from = dice.roll(60_000);
                let until = from + 1 + dice.roll(8_000);
                (
                    "Note.number",
                    Span::Between {
                        from: format!("{from:04x}").into(),
                        until: format!("{until:04x}").into(),
                    },
                )
            }
        };
        let test: Option<store::TermTest> = (dice.roll(4) == 0)
            .then(|| Arc::new(|value: &[u8]| value.last().is_some_and(|byte| byte % 2 == 0)) as _);
        Alternative { param, span, test }
    };
    let any = (0..=dice.roll(3)).map(|_| alternative(dice)).collect();
    Matching::Terms { any, negated: dice.roll(5) == 0 }
}

fn between(prefix: &str) -> Span {
    Span::Between { from: prefix.into(), until: format!("{prefix}\u{7f}").into() }
}

fn colour(dice: &mut Dice) -> Matching {
    let span =
        if dice.roll(2) == 0 { Span::Exact(format!("c{}", dice.roll(40)).into()) } else { between("c1") };
    Matching::Terms { any: vec![Alternative { param: "Thing.colour", span, test: None }], negated: false }
}

fn random_condition(dice: &mut Dice) -> Matching {
    match dice.roll(8) {
        0 => Matching::Ids((0..5).map(|_| format!("n{}", dice.roll(2_000))).collect()),
        1 => {
            Matching::Leads { params: vec!["Note.about"], to: vec![("Thing".to_owned(), vec![colour(dice)])] }
        }
        _ => random_terms(dice),
    }
}

fn random_sort(dice: &mut Dice) -> Vec<Sort> {
    let term = |param| SortBy::Term { params: vec![param], from: Vec::new(), until: vec![0xFF] };
    (0..dice.roll(3))
        .map(|_| {
            let by = match dice.roll(4) {
                0 => SortBy::Id,
                1 => SortBy::Updated,
                2 => term("Note.word"),
                _ => term("Note.number"),
            };
            Sort { by, descending: dice.roll(2) == 0 }
        })
        .collect()
}

/// All pages of a search, one after the other; cursors travel as bytes.
fn pages(world: &Filled, kinds: &[&str], all: &[Matching], sort: &[Sort], count: usize) -> Vec<RecordKey> {
    let mut found = Vec::new();
    let mut after: Option<Cursor> = None;
    loop {
        let judge = world.judge();
        let search = Search { kinds, all, sort, links: &Plain, judge, after: after.as_ref(), count };
        let page = world.store.look(|snapshot| snapshot.search(&search)).unwrap();
        assert!(page.hits.len() <= count);
        assert!(page.next.is_none() || page.hits.len() == count);
        found.extend(page.hits.into_iter().map(|hit| hit.key));
        match page.next {
            Some(next) => after = Some(Cursor::from_bytes(&next.to_bytes()).unwrap()),
            None => return found,
        }
    }
}

fn compare(world: &Filled, kind: &str, all: &[Matching], sort: &[Sort], count: usize) {
    compare_of(world, &[kind], all, sort, count);
}

fn compare_of(world: &Filled, kinds: &[&str], all: &[Matching], sort: &[Sort], count: usize) {
    let what = format!("{kinds:?} {all:?} {sort:?} by {count}");
    let found = pages(world, kinds, all, sort, count);
    let mut expected = world.model.found(kinds, all);
    let (mut left, mut right) = (found.clone(), expected.clone());
    left.sort();
    right.sort();
    assert_eq!(left, right, "{what}");
    if !sort.is_empty() {
        let keys = |keys: &[RecordKey]| -> Vec<Vec<Option<Vec<u8>>>> {
            keys.iter().map(|key| sort.iter().map(|sort| world.model.sort_key(key, sort)).collect()).collect()
        };
        expected.sort_by(|left, right| {
            let mut order = std::cmp::Ordering::Equal;
            for one in sort {
                let (left, right) = (world.model.sort_key(left, one), world.model.sort_key(right, one));
                order = order.then(match (left, right) {
                    (Some(left), Some(right)) if one.descending => right.cmp(&left),
                    (Some(left), Some(right)) => left.cmp(&right),
                    (left, right) => right.is_some().cmp(&left.is_some()),
                });
            }
            order
        });
        assert_eq!(keys(&found), keys(&expected), "{what}");
    }
    let search = Search { kinds, all, sort: &[], links: &Plain, judge: world.judge(), after: None, count: 0 };
    assert_eq!(
        world.store.look(|snapshot| snapshot.count(&search)).unwrap(),
        u64::try_from(right.len()).unwrap(),
        "{what}"
    );
}

#[tokio::test]
async fn random_searches_find_what_a_plain_filter_finds_in_the_order_asked_for() {
    let mut dice = Dice(2026);
    let world = filled(&mut dice, 2_000, 300).await;
    for _ in 0..150 {
        let all: Vec<Matching> = (0..dice.roll(4)).map(|_| random_condition(&mut dice)).collect();
        let sort = random_sort(&mut dice);
        let count = *[3, 50, 700].get(dice.roll(3)).unwrap();
        compare(&world, "Note", &all, &sort, count);
    }
}

/// An order of several types, in which each counts by rows of its own.
fn order_of_several(dice: &mut Dice) -> Vec<Sort> {
    let by = match dice.roll(5) {
        0 => return random_sort(dice),
        1 => SortBy::Updated,
        2 => SortBy::Id,
        _ => SortBy::Term { params: vec!["Note.word", "Thing.colour"], from: Vec::new(), until: vec![0xFF] },
    };
    vec![Sort { by, descending: dice.roll(2) == 0 }]
}

#[tokio::test]
async fn searches_of_several_types_find_what_a_plain_filter_finds_in_one_order() {
    let mut dice = Dice(62);
    let mut world = filled(&mut dice, 900, 300).await;
    for round in 0..80 {
        if round == 40 {
            world.hide(&mut dice, &["Note", "Thing"]);
        }
        let mut all: Vec<Matching> = (0..dice.roll(3)).map(|_| random_condition(&mut dice)).collect();
        // Now and then something that records of both types can fulfil, each by rows of its own.
        if let (Some(Matching::Terms { any, .. }), Matching::Terms { any: more, .. }) =
            (all.first_mut(), colour(&mut dice))
        {
            any.extend(more);
        }
        let sort = order_of_several(&mut dice);
        // What has no index is sorted as a whole for every page.
        let indexed =
            matches!(sort.as_slice(), [] | [Sort { by: SortBy::Term { .. } | SortBy::Updated, .. }]);
        let count = if indexed { *[7, 50, 900].get(dice.roll(3)).unwrap() } else { 400 };
        let kinds = [&["Note", "Thing"][..], &["Thing", "Note", "Nothing"]][dice.roll(2)];
        compare_of(&world, kinds, &all, &sort, count);
    }
    let none = Search {
        kinds: &["Nothing"],
        all: &[],
        sort: &[],
        links: &Plain,
        judge: None,
        after: None,
        count: 10,
    };
    let found = world.store.look(|snapshot| snapshot.search(&none)).unwrap();
    assert!(found.hits.is_empty(), "of a type that was never stored there is nothing, not everything");
}

#[tokio::test]
async fn a_chain_may_end_in_a_reverse_chain() {
    let mut dice = Dice(11);
    let world = filled(&mut dice, 120, 20).await;
    for _ in 0..5 {
        let has = Matching::LedTo {
            kind: "Note".to_owned(),
            params: vec!["Note.about"],
            all: vec![random_terms(&mut dice)],
        };
        let chained =
            Matching::Leads { params: vec!["Note.about"], to: vec![("Thing".to_owned(), vec![has])] };
        compare(&world, "Note", &[chained], &[], 60);
    }
}

#[tokio::test]
async fn reverse_chains_find_what_a_plain_filter_finds() {
    let mut dice = Dice(7);
    let world = filled(&mut dice, 800, 60).await;
    for _ in 0..20 {
        let inner: Vec<Matching> = (0..dice.roll(3)).map(|_| random_terms(&mut dice)).collect();
        let has = Matching::LedTo { kind: "Note".to_owned(), params: vec!["Note.about"], all: inner };
        let mut all = vec![has];
        if dice.roll(2) == 0 {
            all.push(colour(&mut dice));
        }
        compare(&world, "Thing", &all, &[], 40);
    }
}

#[tokio::test]
async fn a_guard_refuses_when_the_search_now_finds_otherwise() {
    let mut dice = Dice(3);
    let world = filled(&mut dice, 10, 0).await;
    let links = Arc::new(Plain);
    let any = vec![Alternative { param: "Note.word", span: Span::Exact(b"once".to_vec()), test: None }];
    let all = vec![Matching::Terms { any, negated: false }];
    let key = RecordKey::parse("Note/new").unwrap();
    let guarded = |found: Vec<RecordKey>, id: &str| {
        let guards = vec![Guard {
            kind: "Note".to_owned(),
            all: all.clone(),
            found,
            links: links.clone(),
            judge: None,
        }];
        let key = RecordKey::parse(&format!("Note/{id}")).unwrap();
        Batch { guards, ..batch(vec![put(&key, &[row("Note.word", "once")])]) }
    };
    world.store.append(guarded(Vec::new(), "new")).await.unwrap();
    let refused = world.store.append(guarded(Vec::new(), "other")).await.unwrap_err();
    assert_eq!(refused.code().id, "ST-0023");
    assert!(world.store.append(guarded(vec![key], "new")).await.is_ok());
    let other = RecordKey::parse("Note/other").unwrap();
    assert!(world.store.look(|snapshot| snapshot.current(&other)).unwrap().is_none());
}

#[tokio::test]
async fn what_the_judge_leaves_out_is_found_by_no_search_counted_by_none_and_met_on_no_page() {
    let mut dice = Dice(404);
    let mut world = filled(&mut dice, 700, 100).await;
    for kinds in [&["Note"][..], &["Thing"], &["Note", "Thing"]] {
        for _ in 0..30 {
            world.hide(&mut dice, kinds);
            let all: Vec<Matching> = (0..dice.roll(4)).map(|_| random_condition(&mut dice)).collect();
            let sort = random_sort(&mut dice);
            let count = *[5, 50, 400].get(dice.roll(3)).unwrap();
            compare(&world, "Note", &all, &sort, count);
        }
    }
}

#[tokio::test]
async fn no_chain_and_no_reverse_chain_leads_through_what_the_judge_leaves_out() {
    let mut dice = Dice(405);
    let mut world = filled(&mut dice, 200, 30).await;
    for kinds in [&["Note"][..], &["Thing"], &["Note", "Thing"]] {
        for round in 0..12 {
            world.hide(&mut dice, kinds);
            let inner = (0..dice.roll(3)).map(|_| random_terms(&mut dice)).collect();
            let params = vec!["Note.about"];
            let has = Matching::LedTo { kind: "Note".to_owned(), params: params.clone(), all: inner };
            match round % 3 {
                0 => compare(&world, "Thing", &[has, colour(&mut dice)], &[], 7),
                1 => compare(&world, "Thing", &[has], &[], 40),
                _ => {
                    let to = vec![("Thing".to_owned(), vec![has])];
                    compare(&world, "Note", &[Matching::Leads { params, to }], &[], 5);
                }
            }
        }
    }
}

#[tokio::test]
async fn a_guard_does_not_see_what_the_judge_left_out_for_the_caller() {
    let mut dice = Dice(5);
    let world = filled(&mut dice, 10, 0).await;
    let hidden = RecordKey::parse("Note/hidden").unwrap();
    world.store.append(batch(vec![put(&hidden, &[row("Note.word", "once")])])).await.unwrap();
    let any = vec![Alternative { param: "Note.word", span: Span::Exact(b"once".to_vec()), test: None }];
    let guarded = |judge: Option<Arc<dyn Judge + Send + Sync>>| {
        let all = vec![Matching::Terms { any: any.clone(), negated: false }];
        let guard = Guard { kind: "Note".to_owned(), all, found: Vec::new(), links: Arc::new(Plain), judge };
        let key = RecordKey::parse("Note/new").unwrap();
        Batch { guards: vec![guard], ..batch(vec![put(&key, &[row("Note.word", "once")])]) }
    };
    assert_eq!(world.store.append(guarded(None)).await.unwrap_err().code().id, "ST-0023");
    let judge = Hides(BTreeSet::from([hidden]));
    world.store.append(guarded(Some(Arc::new(judge.clone())))).await.unwrap();
    let again = world.store.append(guarded(Some(Arc::new(judge)))).await.unwrap_err();
    assert_eq!(again.code().id, "ST-0023", "what may be seen is still guarded");
}
