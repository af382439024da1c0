//! Whether a connection is alive: requests running or begun, bytes written. A connection that shows no sign of life
//! for a while is closed, also one whose client takes no answer or feeds a request one byte at a time.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Fewest bytes that a client must take between two looks for the connection to count as alive.
const BYTES_MIN: u64 = 1_024;

/// The signs of life of one connection.
#[derive(Debug, Default)]
pub(crate) struct Pulse {
    running: AtomicUsize,
    begun: AtomicU64,
    written: AtomicU64,
}

/// Counts as a running request until it is dropped.
#[derive(Debug)]
pub(crate) struct Beat(Arc<Pulse>);

impl Pulse {
    /// Notes that a request has begun.
    pub(crate) fn begin(self: &Arc<Self>) -> Beat {
        self.running.fetch_add(1, Ordering::Relaxed);
        self.begun.fetch_add(1, Ordering::Relaxed);
        Beat(Arc::clone(self))
    }

    /// Whether there was any sign of life since the last look, which left `seen`.
    pub(crate) fn alive(&self, seen: &mut Seen) -> bool {
        let (begun, written) = (self.begun.load(Ordering::Relaxed), self.written.load(Ordering::Relaxed));
        let alive = self.running.load(Ordering::Relaxed) > 0
            || begun != seen.begun
            || written.saturating_sub(seen.written) >= BYTES_MIN;
        *seen = Seen { begun, written };
        alive
    }
}

impl Drop for Beat {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::Relaxed);
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
        assert!(pulse.alive(&mut seen));
        assert!(pulse.alive(&mut seen));
        drop(beat);
        assert!(!pulse.alive(&mut seen));
        drop(pulse.begin());
        assert!(pulse.alive(&mut seen), "one that came and went counts too");
    }

    #[tokio::test]
    async fn a_client_that_takes_bytes_is_alive() {
        let (pulse, mut seen) = (Arc::new(Pulse::default()), Seen::default());
        let mut stream = Measured::new(Vec::new(), Arc::clone(&pulse));
        stream.write_all(&[0; 1_023]).await.unwrap();
        assert!(!pulse.alive(&mut seen));
        stream.write_all(&[0; 1_024]).await.unwrap();
        assert!(pulse.alive(&mut seen));
        assert!(!pulse.alive(&mut seen));
    }
}
