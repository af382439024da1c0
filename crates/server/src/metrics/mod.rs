//! Figures of a running server for Prometheus: how much is asked, how fast it is answered, what is refused, how the
//! journals are. Every label comes from a closed set: nothing here can name a patient, an account or a path.

mod journals;
mod labels;
mod listener;

pub use labels::{Handshake, Login};
pub use listener::MetricsListener;

use crate::interactions::{IdentityCall, Interaction};
use crate::router::Find;
use base::{FacilityId, Problem};
use http::StatusCode;
use identity::Identity;
use journals::Journals;
use labels::{Answered, At, Coded, Entered, LoggedIn, Routed};
use prometheus_client::encoding::text;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;
use store::Store;

/// Upper bounds of the classes of how long a request took, in seconds.
const REQUEST_SECONDS: [f64; 14] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0];

/// The figures of one server. Clones count into the same figures.
#[derive(Clone)]
pub struct Metrics(Arc<Inner>);

struct Inner {
    registry: Registry,
    journals: Journals,
    requests: Family<Answered, Counter>,
    request_seconds: Family<Routed, Histogram, fn() -> Histogram>,
    refused: Family<Coded, Counter>,
    logins: Family<LoggedIn, Counter>,
    connections: Gauge,
    handshakes: Family<Entered, Counter>,
    collector_lag: Family<At, Gauge<f64, AtomicU64>>,
    collector_behind: Family<At, Gauge<u64, AtomicU64>>,
    witness_age: Family<At, Gauge<f64, AtomicU64>>,
    witness_contradictions: Family<At, Gauge<u64, AtomicU64>>,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

/// How a request ended, for its figures.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ending<'a> {
    /// The row it found.
    pub(crate) found: &'a Find<'a>,
    /// The facility, if there is one of this name.
    pub(crate) facility: Option<&'a FacilityId>,
    /// What was answered.
    pub(crate) status: StatusCode,
    /// How long it took.
    pub(crate) took: Duration,
}

impl Metrics {
    /// All at zero.
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("akashi");
        let journals = Journals::default();
        let requests = Family::default();
        let refused = Family::default();
        let logins = Family::default();
        let connections = Gauge::default();
        let handshakes = Family::default();
        let collector_lag = Family::<At, Gauge<f64, AtomicU64>>::default();
        let collector_behind = Family::<At, Gauge<u64, AtomicU64>>::default();
        let classes: fn() -> Histogram = || Histogram::new(REQUEST_SECONDS);
        let request_seconds = Family::new_with_constructor(classes);
        registry.register("requests", "Requests answered", requests.clone());
        registry.register_with_unit(
            "request_duration",
            "Time to answer a request",
            Unit::Seconds,
            request_seconds.clone(),
        );
        registry.register("refused", "Requests refused, by the first code of the answer", refused.clone());
        registry.register("logins", "Tries to log in", logins.clone());
        registry.register("connections_open", "Connections that are open", connections.clone());
        registry.register("handshakes", "Connections that came, by what became of them", handshakes.clone());
        registry.register_with_unit(
            "collector_lag",
            "Age of the oldest access entry that the collector has not taken",
            Unit::Seconds,
            collector_lag.clone(),
        );
        let help =
            "Entries of the journal since the last that the collector was sent; 0 once it was sent all";
        registry.register("collector_behind", help, collector_behind.clone());
        let (witness_age, witness_contradictions) = witnesses(&mut registry);
        registry.register_collector(Box::new(journals.clone()));
        Self(Arc::new(Inner {
            registry,
            journals,
            requests,
            request_seconds,
            refused,
            logins,
            connections,
            handshakes,
            collector_lag,
            collector_behind,
            witness_age,
            witness_contradictions,
        }))
    }

    /// From now on the figures of this facility's journal and door are shown too, as long as they are open.
    pub fn watch(&self, store: &Arc<Store>, identity: &Arc<Identity>) {
        self.0.journals.watch(store.facility().clone(), Arc::downgrade(store), Arc::downgrade(identity));
    }

    /// How old the oldest access entry of a facility is that its outside collector has not taken.
    pub fn collector_lag(&self, facility: &FacilityId, lag: Duration) {
        self.0.collector_lag.get_or_create(&At::of(facility)).set(lag.as_secs_f64());
    }

    /// How many entries of a facility's journal have come since the last that its outside collector was sent.
    pub fn collector_behind(&self, facility: &FacilityId, entries: u64) {
        self.0.collector_behind.get_or_create(&At::of(facility)).set(entries);
    }

    /// How old the newest cosignature of a facility's listed witnesses is, and how many of them contradict its journal.
    /// Without a cosignature there is no age.
    pub fn witnessed(&self, facility: &FacilityId, age: Option<Duration>, contradictions: u64) {
        if let Some(age) = age {
            self.0.witness_age.get_or_create(&At::of(facility)).set(age.as_secs_f64());
        }
        self.0.witness_contradictions.get_or_create(&At::of(facility)).set(contradictions);
    }

    /// All figures in the text format of OpenMetrics 1.0.0.
    ///
    /// # Errors
    /// Writing to a string fails, which it has no reason to.
    pub fn text(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        text::encode(&mut text, &self.0.registry)?;
        Ok(text)
    }

    /// Counts a request that was answered.
    pub(crate) fn answered(&self, ending: Ending<'_>) {
        let routed = Routed::of(ending.found);
        self.0.request_seconds.get_or_create(&routed).observe(ending.took.as_secs_f64());
        if let (Some(facility), Find::Row(row, _)) = (ending.facility, ending.found)
            && row.interaction == Interaction::Identity(IdentityCall::Login)
        {
            self.0.logins.get_or_create(&LoggedIn::at(facility, ending.status)).inc();
        }
        self.0.requests.get_or_create(&Answered::new(routed, ending.facility, ending.status)).inc();
    }

    /// Counts a refusal.
    pub(crate) fn refused(&self, problem: &Problem) {
        self.0.refused.get_or_create(&Coded { code: problem.code().id }).inc();
    }

    /// Counts a connection as open until what it gives back is dropped.
    pub(crate) fn connection(&self) -> Connected {
        self.0.connections.inc();
        Connected(self.clone())
    }

    /// Counts what became of a connection that came.
    pub(crate) fn entered(&self, handshake: Handshake) {
        self.0.handshakes.get_or_create(&Entered { outcome: handshake }).inc();
    }
}

/// Figures that rise and fall, by facility: one that is not whole, and one that is.
type Witnesses = (Family<At, Gauge<f64, AtomicU64>>, Family<At, Gauge<u64, AtomicU64>>);

fn witnesses(registry: &mut Registry) -> Witnesses {
    let (age, contradictions) = Witnesses::default();
    let help = "Age of the newest cosignature of a listed witness";
    registry.register_with_unit("witness_cosignature_age", help, Unit::Seconds, age.clone());
    let help = "Witnesses that contradict the journal: it was rolled back, or shows two histories";
    registry.register("witness_contradictions", help, contradictions.clone());
    (age, contradictions)
}

/// A connection that is open.
#[derive(Debug)]
pub(crate) struct Connected(Metrics);

impl Drop for Connected {
    fn drop(&mut self) {
        self.0.0.connections.dec();
    }
}

#[cfg(test)]
mod tests;
