//! What a try costs the server, counted: hashes and commits. Their time is measured elsewhere.

use crate::bench::Bench;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Counts the passwords that go to the bench at which they are hashed.
#[derive(Clone, Default)]
struct Hashes(Arc<AtomicU64>);

impl Subscriber for Hashes {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "identity::door::passwords"
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, _: &Event<'_>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// Hashes and commits while something is done.
pub(crate) async fn of<T>(bench: &Bench, doing: impl Future<Output = T>) -> (T, u64, u64) {
    let hashes = Hashes::default();
    let before = bench.commits();
    let heard = tracing::subscriber::set_default(hashes.clone());
    let done = doing.await;
    drop(heard);
    (done, hashes.0.load(Ordering::SeqCst), bench.commits() - before)
}
