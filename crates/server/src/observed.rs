//! What is told of a request to those who run the server: its span, one line of the log, its figures. Patterns and codes,
//! never paths or queries: those name patients.

use crate::decode;
use crate::door::Door;
use crate::metrics::{Ending, Metrics};
use crate::router::Find;
use base::FacilityId;
use http::{HeaderValue, StatusCode};
use records::Problems;
use std::collections::BTreeMap;
use tokio::time::Instant;
use tracing::Span;
use tracing::field::Empty;

/// A request while it is looked at.
pub(crate) struct Observed<'a> {
    found: &'a Find<'a>,
    facility: Option<&'a FacilityId>,
    request_id: &'a str,
    started: Instant,
    span: Span,
    metrics: &'a Metrics,
}

impl<'a> Observed<'a> {
    /// Begins. Of the facility the name is told only if there is one of this name: anything can be written into a path.
    pub(crate) fn begin<D: Door>(
        found: &'a Find<'a>,
        doors: &'a BTreeMap<String, D>,
        request_id: &'a HeaderValue,
        metrics: &'a Metrics,
    ) -> Self {
        let facility = match found {
            Find::Row(_, place) => {
                decode::segment(place.facility).ok().and_then(|name| doors.get(name.as_ref()))
            }
            Find::OtherMethods(_) | Find::Nothing => None,
        };
        let facility = facility.map(Door::id);
        let request_id = request_id.to_str().unwrap_or("-");
        let (method, route) = pattern(found);
        let span = tracing::info_span!(
            "request",
            request_id,
            method,
            route,
            facility = facility.map(FacilityId::as_str),
            status = Empty
        );
        Self { found, facility, request_id, started: Instant::now(), span, metrics }
    }

    /// The span in which the request is answered.
    pub(crate) fn span(&self) -> Span {
        self.span.clone()
    }

    /// When it began.
    pub(crate) fn started(&self) -> Instant {
        self.started
    }

    /// It is refused for this.
    pub(crate) fn refused(&self, problems: &Problems) {
        if let Some(first) = problems.all().first() {
            self.metrics.refused(first);
        }
    }

    /// It was answered.
    pub(crate) fn end(self, status: StatusCode) {
        let took = self.started.elapsed();
        let (method, route) = pattern(self.found);
        self.span.record("status", status.as_u16());
        let milliseconds = took.as_secs_f64() * 1000.0;
        let request_id = self.request_id;
        tracing::info!(method, route, status = status.as_u16(), milliseconds, request_id, "request");
        self.metrics.answered(Ending { found: self.found, facility: self.facility, status, took });
    }
}

fn pattern(found: &Find<'_>) -> (&'static str, &'static str) {
    match found {
        Find::Row(row, _) => (row.method.as_str(), row.path),
        Find::OtherMethods(_) => ("-", "(other method)"),
        Find::Nothing => ("-", "(unknown)"),
    }
}
