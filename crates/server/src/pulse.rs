//! Whether a connection is alive: requests running or begun, answers under way, bytes written. A connection that shows no
//! sign of life for a while is closed, and so is one whose client takes an answer too slowly.

use std::collections::BTreeMap;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

/// The signs of life of one connection.
#[derive(Debug, Default)]
pub(crate) struct Pulse {
    running: AtomicUsize,
    begun: AtomicU64,
    written: AtomicU64,
    /// Answers whose body was handed over or given up.
    answered: AtomicU64,
    /// How many had begun when all of them were answered and every byte written.
    settled: AtomicU64,
    underway: Mutex<Answers>,
}

/// The answers under way, by number, and when each must have moved on.
#[derive(Debug, Default)]
struct Answers {
    next: u64,
    due: BTreeMap<u64, Instant>,
}

/// Counts as a running request until it is dropped.
#[derive(Debug)]
pub(crate) struct Beat(Arc<Pulse>);

/// Counts as an answer under way until it is dropped.
#[derive(Debug)]
pub(crate) struct Underway {
    pulse: Arc<Pulse>,
    number: u64,
}

impl Pulse {
    /// Notes that a request has begun.
    pub(crate) fn begin(self: &Arc<Self>) -> Beat {
        self.running.fetch_add(1, Ordering::Relaxed);
        self.begun.fetch_add(1, Ordering::Relaxed);
        Beat(Arc::clone(self))
    }

    /// Notes that an answer is on its way out, and when the first of it must have been taken.
    pub(crate) fn answering(self: &Arc<Self>, due: Instant) -> Underway {
        let mut answers = self.answers();
        let number = answers.next;
        answers.next = number.wrapping_add(1);
        answers.due.insert(number, due);
        Underway { pulse: Arc::clone(self), number }
    }

    /// Whether there was any sign of life since the last look, which left `seen`. `bytes_min` is what a client must have
    /// taken meanwhile for that alone to be one.
    pub(crate) fn alive(&self, seen: &mut Seen, bytes_min: u64) -> bool {
        let (begun, written) = (self.begun.load(Ordering::Relaxed), self.written());
        let alive = self.running.load(Ordering::Relaxed) > 0
            || begun != seen.begun
            || written.saturating_sub(seen.written) >= bytes_min;
        *seen = Seen { begun, written };
        alive
    }

    /// Whether a client takes an answer too slowly: one of them is behind its pace, or nothing at all has been taken for
    /// longer than `pause` while there was something to take. `last` is when something was.
    pub(crate) fn too_slow(&self, last: &mut Taken, pause: Duration, now: Instant) -> bool {
        let (written, answers) = (self.written(), self.answers());
        if answers.due.is_empty() || written != last.written {
            *last = Taken { written, at: now };
        }
        answers.due.values().any(|due| *due < now) || now.saturating_duration_since(last.at) > pause
    }

    /// Bytes written since the connection began.
    pub(crate) fn written(&self) -> u64 {
        self.written.load(Ordering::Relaxed)
    }

    /// Answers that were handed over since the connection began.
    pub(crate) fn answered(&self) -> u64 {
        self.answered.load(Ordering::Relaxed)
    }

    /// Notes that nothing waits to be written.
    pub(crate) fn flushed(&self) {
        if self.running.load(Ordering::Relaxed) == 0 && self.answers().due.is_empty() {
            self.settled.store(self.begun.load(Ordering::Relaxed), Ordering::Relaxed);
        }
    }

    /// Whether every request that has begun was answered, to the last byte.
    pub(crate) fn settled(&self) -> bool {
        self.settled.load(Ordering::Relaxed) == self.begun.load(Ordering::Relaxed)
    }

    fn answers(&self) -> MutexGuard<'_, Answers> {
        self.underway.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Beat {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Underway {
    /// Notes when more of the answer must have been taken.
    pub(crate) fn due(&self, due: Instant) {
        self.pulse.answers().due.insert(self.number, due);
    }

    /// Notes that nothing of it waits to be taken for now.
    pub(crate) fn rest(&self) {
        self.pulse.answers().due.remove(&self.number);
    }
}

impl Drop for Underway {
    fn drop(&mut self) {
        self.pulse.answers().due.remove(&self.number);
        self.pulse.answered.fetch_add(1, Ordering::Relaxed);
    }
}

/// When a client was last seen to take anything, or to have nothing to take.
#[derive(Debug)]
pub(crate) struct Taken {
    written: u64,
    at: Instant,
}

impl Taken {
    /// Nothing yet.
    pub(crate) fn since(now: Instant) -> Self {
        Self { written: 0, at: now }
    }
}

/// What the counts were at the last look.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    begun: u64,
    written: u64,
}

/// A stream whose written bytes count as a sign of life.
#[derive(Debug)]
pub(crate) struct Measured<T> {
    inner: T,
    pulse: Arc<Pulse>,
}

impl<T> Measured<T> {
    /// Counts what is written to `inner`.
    pub(crate) fn new(inner: T, pulse: Arc<Pulse>) -> Self {
        Self { inner, pulse }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Measured<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(cx, buf)
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Measured<T> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.inner).poll_write(cx, bytes);
        if let Poll::Ready(Ok(count)) = result {
            let count = u64::try_from(count).unwrap_or(u64::MAX);
            self.pulse.written.fetch_add(count, Ordering::Relaxed);
        }
        result
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncWriteExt;

    #[test]
    fn a_running_request_is_a_sign_of_life_however_long_it_takes() {
        let (pulse, mut seen) = (Arc::new(Pulse::default()), Seen::default());
        let beat = pulse.begin();
        assert!(pulse.alive(&mut seen, 1));
        assert!(pulse.alive(&mut seen, 1));
        drop(beat);
        assert!(!pulse.alive(&mut seen, 1));
        drop(pulse.begin());
        assert!(pulse.alive(&mut seen, 1), "one that came and went counts too");
    }

    #[tokio::test]
    async fn a_client_that_takes_bytes_is_alive() {
        let (pulse, mut seen) = (Arc::new(Pulse::default()), Seen::default());
        let mut stream = Measured::new(Vec::new(), Arc::clone(&pulse));
        stream.write_all(&[0; 1_023]).await.unwrap();
        assert!(!pulse.alive(&mut seen, 1_024));
        stream.write_all(&[0; 1_024]).await.unwrap();
        assert!(pulse.alive(&mut seen, 1_024));
        assert!(!pulse.alive(&mut seen, 1_024));
    }

    #[test]
    fn requests_are_settled_when_all_are_answered_and_written() {
        let pulse = Arc::new(Pulse::default());
        assert!(pulse.settled(), "nothing has begun");
        let beat = pulse.begin();
        let underway = pulse.answering(Instant::now());
        drop(beat);
        pulse.flushed();
        assert!(!pulse.settled(), "the answer is under way");
        drop(underway);
        assert!(!pulse.settled(), "it is not written");
        pulse.flushed();
        assert!(pulse.settled());
        assert_eq!(pulse.answered(), 1);
    }

    #[tokio::test]
    async fn a_client_that_takes_nothing_is_too_slow_before_its_pace_says_so() {
        let (pulse, start) = (Arc::new(Pulse::default()), Instant::now());
        let mut stream = Measured::new(Vec::new(), Arc::clone(&pulse));
        let mut last = Taken::since(start);
        let pause = Duration::from_secs(5);
        let mut slow = |second: u64| pulse.too_slow(&mut last, pause, start + Duration::from_secs(second));
        assert!(!slow(100), "there is nothing to take");
        let underway = pulse.answering(start + Duration::from_secs(1_000));
        assert!(!slow(105));
        stream.write_all(b"x").await.unwrap();
        assert!(!slow(106));
        assert!(!slow(111));
        assert!(slow(112));
        drop(underway);
        assert!(!slow(113), "there is nothing to take any more");
    }
}
