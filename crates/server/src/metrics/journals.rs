//! The figures of the facilities, read from their journals and doors at the moment somebody asks.

use super::labels::At;
use base::FacilityId;
use identity::Identity;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, MetricEncoder, NoLabelSet};
use prometheus_client::metrics::MetricType;
use prometheus_client::registry::Unit;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use store::{Done, Spread, Store};

/// The journals whose figures are shown. They stay open for others' sake, not for that of the figures.
#[derive(Clone, Debug, Default)]
pub(super) struct Journals(Arc<Mutex<BTreeMap<FacilityId, Watched>>>);

type Watched = (Weak<Store>, Weak<Identity>);

/// How one journal is at this moment.
struct State {
    at: At,
    entries: u64,
    halted: bool,
    clock_behind: bool,
    waiting: u64,
    done: Done,
    glasses: u64,
}

impl State {
    fn of(store: &Store, identity: &Identity) -> Self {
        Self {
            at: At::of(store.facility()),
            entries: store.size(),
            halted: store.halted(),
            clock_behind: store.clock_behind(),
            waiting: store.waiting(),
            done: store.done(),
            glasses: u64::try_from(identity.glasses_lasting()).unwrap_or(u64::MAX),
        }
    }
}

type Told = Result<(), fmt::Error>;

impl Journals {
    pub(super) fn watch(&self, facility: FacilityId, store: Weak<Store>, identity: Weak<Identity>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(facility, (store, identity));
    }

    fn states(&self) -> Vec<State> {
        let watched: Vec<Watched> =
            self.0.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect();
        let open =
            watched.iter().filter_map(|(store, identity)| Some((store.upgrade()?, identity.upgrade()?)));
        open.map(|(store, identity)| State::of(&store, &identity)).collect()
    }
}

impl Collector for Journals {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Told {
        let states = self.states();
        if states.is_empty() {
            return Ok(());
        }
        let mut gauge = |name: &str, help: &str, value: fn(&State) -> u64| {
            let metric = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
            each(metric, &states, |mut one, state| one.encode_gauge(&value(state)))
        };
        gauge("journal_entries", "Entries of the journal that are durable", |state| state.entries)?;
        gauge("halted", "1 when writes are refused until restart", |state| state.halted.into())?;
        gauge("clock_behind", "1 when the clock is behind the journal", |state| state.clock_behind.into())?;
        gauge("broken_glasses_open", "Emergency accesses whose time runs", |state| state.glasses)?;
        gauge("writes_waiting", "Batches that wait for the journal's writer", |state| state.waiting)?;
        let metric =
            encoder.encode_descriptor("commits", "Commits of the journal", None, MetricType::Counter)?;
        each(metric, &states, |mut one, state| {
            one.encode_counter::<NoLabelSet, u64, f64>(&state.done.commits(), None)
        })?;
        let metric = encoder.encode_descriptor(
            "commits_undone",
            "Commits of the journal that were not made",
            None,
            MetricType::Counter,
        )?;
        each(metric, &states, |mut one, state| {
            one.encode_counter::<NoLabelSet, u64, f64>(&state.done.undone, None)
        })?;
        let help = "Entries that a commit joined";
        let metric = encoder.encode_descriptor("commit_entries", help, None, MetricType::Histogram)?;
        each(metric, &states, |one, state| spread(one, &state.done.entries))?;
        let help = "Time from the begin of a commit until it is durable";
        let metric = encoder.encode_descriptor(
            "commit_duration",
            help,
            Some(&Unit::Seconds),
            MetricType::Histogram,
        )?;
        each(metric, &states, |one, state| spread(one, &state.done.seconds))
    }
}

fn each(
    mut metric: MetricEncoder<'_>,
    states: &[State],
    tell: impl Fn(MetricEncoder<'_>, &State) -> Told,
) -> Told {
    states.iter().try_for_each(|state| tell(metric.encode_family(&state.at)?, state))
}

fn spread(mut metric: MetricEncoder<'_>, spread: &Spread) -> Told {
    metric.encode_histogram::<NoLabelSet>(spread.sum, spread.count(), &spread.classes, None)
}
