//! What a running server tells of itself: the log on standard error, as lines or as JSON, and spans to a collector if one
//! is configured.

mod message;
mod sending;
mod spans;

pub(crate) use sending::endpoint;

use crate::configuration::{LogFormat, LogLevel, LogSection};
use base::{Clock, Problem, SystemClock, SystemEntropy};
use sending::Sending;
use spans::Spans;
use std::io::IsTerminal;
use std::panic::PanicHookInfo;
use std::sync::Arc;
use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;

/// What is at work for the log. When it is dropped, what was not sent yet is sent.
#[derive(Debug)]
pub(crate) struct Telemetry(Option<Sending>);

impl Drop for Telemetry {
    fn drop(&mut self) {
        if let Some(sending) = self.0.take() {
            sending.end();
        }
    }
}

/// Sends the log to standard error from now on, and spans to `collector` if there is one.
pub(crate) fn begin(log: LogSection, collector: Option<&str>) -> Result<Telemetry, Problem> {
    let sending = collector.map(|endpoint| Sending::begin(endpoint, Arc::new(SystemEntropy))).transpose()?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let spans = sending
        .as_ref()
        .map(|sending| Spans::new(sending.queue(), clock).with_filter(filter_fn(spans::is_request)));
    let built = tracing_subscriber::registry().with(spans).with(lines(log));
    // A second call finds the log set up already, which is what it wants.
    if built.try_init().is_err() {
        tracing::debug!("the log was set up before");
    }
    std::panic::set_hook(Box::new(panicked));
    Ok(Telemetry(sending))
}

/// The log on standard error.
fn lines<S>(log: LogSection) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let layer = fmt::layer().with_writer(std::io::stderr).with_target(false);
    match log.format {
        LogFormat::Text => {
            layer.with_ansi(std::io::stderr().is_terminal()).with_filter(filter(log.level)).boxed()
        }
        LogFormat::Json => layer
            .json()
            .with_ansi(false)
            .flatten_event(true)
            .with_span_list(false)
            .with_filter(filter(log.level))
            .boxed(),
    }
}

fn filter(level: LogLevel) -> LevelFilter {
    match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    }
}

/// A panic is told by its place. Its message may hold what was being worked on.
fn panicked(info: &PanicHookInfo<'_>) {
    let (file, line) = info.location().map_or(("-", 0), |place| (place.file(), place.line()));
    tracing::error!(file, line, "a fault in the program: please report it with this line");
}

#[cfg(test)]
mod tests;
