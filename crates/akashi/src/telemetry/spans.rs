//! Listens for the spans of requests. Only the fields named here leave the process, whatever else a span may hold.

use super::sending::{Finished, Queue};
use base::Clock;
use std::fmt;
use std::sync::Arc;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

/// What a span of a request tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) request_id: String,
    pub(super) method: String,
    pub(super) route: String,
    pub(super) facility: Option<String>,
    pub(super) status: Option<u64>,
}

impl Visit for Told {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "request_id" => value.clone_into(&mut self.request_id),
            "method" => value.clone_into(&mut self.method),
            "route" => value.clone_into(&mut self.route),
            "facility" => self.facility = Some(value.to_owned()),
            _ => {}
        }
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == "status" {
            self.status = Some(value);
        }
    }

    fn record_debug(&mut self, _field: &Field, _value: &dyn fmt::Debug) {}
}

/// A span that has begun.
struct Begun {
    microseconds: i64,
    told: Told,
}

/// Hands each request that ended to the queue.
pub(super) struct Spans {
    queue: Queue,
    clock: Arc<dyn Clock>,
}

impl Spans {
    pub(super) fn new(queue: Queue, clock: Arc<dyn Clock>) -> Self {
        Self { queue, clock }
    }
}

/// Whether this is the span of a request, and ours.
pub(super) fn is_request(about: &Metadata<'_>) -> bool {
    about.is_span() && about.name() == "request" && about.target().starts_with("server::")
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Spans {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut told = Told::default();
        attributes.record(&mut told);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(Begun { microseconds: self.clock.now().microseconds(), told });
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(begun) = span.extensions_mut().get_mut::<Begun>()
        {
            values.record(&mut begun.told);
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let Some(span) = context.span(&id) else { return };
        let Some(Begun { microseconds, told }) = span.extensions_mut().remove::<Begun>() else { return };
        let ended = self.clock.now().microseconds();
        self.queue.put(Finished { began: microseconds, ended: ended.max(microseconds), told });
    }
}
