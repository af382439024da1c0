//! Sends spans to a collector by OTLP over HTTP, in batches, on a thread of its own. A collector that is slow or gone costs
//! spans, never a request.

use super::message::{ERROR, Export, KeyValue, Resource, ResourceSpans, SERVER, ScopeSpans, Span, Status};
use super::spans::Told;
use crate::codes;
use base::{Entropy, Problem};
use prost::Message;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;
use tokio::time::Instant;
use ureq::http::Uri;
use ureq::tls::{RootCerts, TlsConfig, TlsProvider};
use ureq::{Agent, Error};

/// Most spans that wait to be sent; further ones are lost.
const WAITING_MAX: usize = 4096;
/// Most spans in one message.
const BATCH_MAX: usize = 512;
/// How long a batch waits for more.
const BATCH_WAIT: Duration = Duration::from_millis(500);
/// How long a collector may take for a batch.
const SEND_TIME: Duration = Duration::from_secs(5);

/// A request that ended. Moments in microseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Finished {
    pub(super) began: i64,
    pub(super) ended: i64,
    pub(super) told: Told,
}

/// Where spans are put that wait to be sent.
#[derive(Clone, Debug)]
pub(super) struct Queue {
    sender: SyncSender<Item>,
    lost: Arc<AtomicU64>,
}

enum Item {
    Span(Box<Finished>),
    End,
}

impl Queue {
    /// Never waits.
    pub(super) fn put(&self, span: Finished) {
        if self.sender.try_send(Item::Span(Box::new(span))).is_err() {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// The thread that sends.
#[derive(Debug)]
pub(crate) struct Sending {
    queue: Queue,
    thread: JoinHandle<()>,
}

impl Sending {
    /// Starts it. Whether there is a collector at the address shows when the first batch is sent.
    pub(super) fn begin(collector: &str, entropy: Arc<dyn Entropy>) -> Result<Self, Problem> {
        let url = endpoint(collector)?;
        let (sender, items) = sync_channel(WAITING_MAX);
        let lost = Arc::new(AtomicU64::new(0));
        let mut post = Post { agent: agent(), url, entropy, lost: Arc::clone(&lost), works: true };
        let thread = Builder::new()
            .name("otlp".to_owned())
            .spawn(move || post.work(&items))
            .map_err(|error| Problem::new(&store::codes::BUSY).log(format!("otlp thread: {error}")))?;
        Ok(Self { queue: Queue { sender, lost }, thread })
    }

    pub(super) fn queue(&self) -> Queue {
        self.queue.clone()
    }

    /// Sends what waits, and ends.
    pub(super) fn end(self) {
        let asked = self.queue.sender.send(Item::End);
        if asked.is_err() || self.thread.join().is_err() {
            tracing::error!("the sender of spans ended before its time");
        }
    }
}

/// The address for traces at this collector: https, or http on this machine.
///
/// # Errors
/// AK-0015 for any other.
pub(crate) fn endpoint(collector: &str) -> Result<Uri, Problem> {
    let wrong = || Problem::new(&codes::OTLP_ENDPOINT).log("the configured collector is not taken");
    let url: Uri = format!("{}/v1/traces", collector.trim_end_matches('/')).parse().map_err(|_| wrong())?;
    let host = url.host().unwrap_or_default().trim_matches(['[', ']']);
    let here = host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback());
    let with_name = url.authority().is_some_and(|authority| authority.as_str().contains('@'));
    match url.scheme_str() {
        _ if host.is_empty() || with_name => Err(wrong()),
        Some("https") => Ok(url),
        Some("http") if here => Ok(url),
        _ => Err(wrong()),
    }
}

fn agent() -> Agent {
    let tls = TlsConfig::builder()
        .provider(TlsProvider::Rustls)
        .root_certs(RootCerts::PlatformVerifier)
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .build();
    let config = Agent::config_builder()
        .tls_config(tls)
        .timeout_global(Some(SEND_TIME))
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        // The environment is not asked: what the server does stands in its configuration.
        .proxy(None);
    config.build().into()
}

struct Post {
    agent: Agent,
    url: Uri,
    entropy: Arc<dyn Entropy>,
    lost: Arc<AtomicU64>,
    /// Whether the last batch was taken.
    works: bool,
}

impl Post {
    fn work(&mut self, items: &Receiver<Item>) {
        while let Ok(Item::Span(first)) = items.recv() {
            let mut batch = vec![*first];
            let goes_on = gather(items, &mut batch);
            self.send(&batch);
            if !goes_on {
                return;
            }
        }
    }

    fn send(&mut self, batch: &[Finished]) {
        let Some(export) = self.export(batch) else { return };
        let lost = self.lost.swap(0, Ordering::Relaxed);
        if lost > 0 {
            tracing::warn!(lost, "more spans came than the collector took");
        }
        match (self.sent(&export), self.works) {
            (Ok(()), true) => {}
            (Ok(()), false) => {
                self.works = true;
                tracing::info!("the collector takes spans again");
            }
            (Err(reason), works) => {
                self.works = false;
                if works {
                    tracing::warn!(reason, "the collector does not take spans; they are lost until it does");
                }
            }
        }
    }

    fn sent(&self, export: &Export) -> Result<(), String> {
        let request = self.agent.post(&self.url).header("content-type", "application/x-protobuf");
        match request.send(export.encode_to_vec()) {
            Ok(reply) if reply.status().is_success() => Ok(()),
            Ok(reply) => Err(format!("status {}", reply.status().as_u16())),
            Err(error) => Err(said(&error).to_owned()),
        }
    }

    fn export(&self, batch: &[Finished]) -> Option<Export> {
        let spans = batch.iter().map(|span| self.span(span)).collect::<Option<Vec<Span>>>()?;
        let about = [
            KeyValue::text("service.name", "akashi"),
            KeyValue::text("service.version", env!("CARGO_PKG_VERSION")),
        ];
        Some(Export {
            resource_spans: vec![ResourceSpans {
                resource: Some(Resource { attributes: about.to_vec() }),
                scope_spans: vec![ScopeSpans { spans }],
            }],
        })
    }

    /// The names of attributes are those of OpenTelemetry's conventions for HTTP; ours begin with `akashi.`.
    fn span(&self, span: &Finished) -> Option<Span> {
        let Finished { began, ended, told } = span;
        let mut ids = [0; 24];
        self.entropy.fill(&mut ids).ok()?;
        let (trace_id, span_id) = ids.split_at_checked(16)?;
        let status = told.status.and_then(|status| i64::try_from(status).ok());
        let mut attributes = vec![
            KeyValue::text("http.request.method", &told.method),
            KeyValue::text("http.route", &told.route),
            KeyValue::text("akashi.request_id", &told.request_id),
        ];
        attributes.extend(status.map(|status| KeyValue::number("http.response.status_code", status)));
        attributes.extend(told.facility.as_ref().map(|id| KeyValue::text("akashi.facility", id)));
        Some(Span {
            trace_id: trace_id.to_vec(),
            span_id: span_id.to_vec(),
            name: format!("{} {}", told.method, told.route),
            kind: SERVER,
            start_time_unix_nano: nanoseconds(*began),
            end_time_unix_nano: nanoseconds(*ended),
            attributes,
            status: status.is_none_or(|status| status >= 500).then_some(Status { code: ERROR }),
        })
    }
}

/// Takes what comes within a moment. Whether more may come after that.
fn gather(items: &Receiver<Item>, batch: &mut Vec<Finished>) -> bool {
    let began = Instant::now();
    while batch.len() < BATCH_MAX {
        match items.recv_timeout(BATCH_WAIT.saturating_sub(began.elapsed())) {
            Ok(Item::Span(span)) => batch.push(*span),
            Ok(Item::End) | Err(RecvTimeoutError::Disconnected) => return false,
            Err(RecvTimeoutError::Timeout) => return true,
        }
    }
    true
}

fn nanoseconds(microseconds: i64) -> u64 {
    u64::try_from(microseconds).unwrap_or(0).saturating_mul(1000)
}

/// What went wrong, without the address: it may hold a key.
fn said(error: &Error) -> &'static str {
    // What TLS says arrives as an error of the stream.
    let by_tls = |inner: &(dyn std::error::Error + Send + Sync + 'static)| inner.is::<rustls::Error>();
    match error {
        Error::Io(stream) if stream.get_ref().is_some_and(by_tls) => {
            "its certificate is not trusted, or TLS failed"
        }
        Error::Timeout(_) => "it takes too long",
        Error::HostNotFound => "its name is not known",
        Error::ConnectionFailed | Error::Io(_) => "it cannot be reached",
        Error::Tls(_) | Error::Rustls(_) => "its certificate is not trusted, or TLS failed",
        _ => "the exchange failed",
    }
}
