//! What a try costs the server, counted: hashes and commits. Their time is measured elsewhere.

use crate::bench::Bench;
use std::cell::Cell;
use std::sync::OnceLock;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

thread_local! {
    /// Passwords hashed on behalf of this thread. Each test has a thread of its own.
    static HASHES: Cell<u64> = const { Cell::new(0) };
}

/// Counts the passwords that go to the bench at which they are hashed.
struct Hashes;

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
        HASHES.set(HASHES.get() + 1);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// Listens from now on. Before anything is hashed: a place in the code that found nobody listening stays silent.
pub(crate) fn listen() {
    static LISTENING: OnceLock<()> = OnceLock::new();
    LISTENING.get_or_init(|| tracing::subscriber::set_global_default(Hashes).unwrap());
}

/// Hashes and commits while something is done.
pub(crate) async fn of<T>(bench: &Bench, doing: impl Future<Output = T>) -> (T, u64, u64) {
    let (hashes, commits) = (HASHES.get(), bench.commits());
    let done = doing.await;
    (done, HASHES.get() - hashes, bench.commits() - commits)
}
