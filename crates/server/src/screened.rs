//! A stream of HTTP/1 requests that ends where one of them leaves doubt about its framing.
//!
//! Requests before the doubtful one are passed on and answered. Of the doubtful one nothing that is read together with its
//! fault is passed on, and nothing behind it. What has become of it then decides who refuses it: its head may be at work
//! already, and then the answer to it is the refusal; otherwise the connection writes one, once all before is answered.

use crate::framing::{Fault, Guard, Refused};
use crate::pulse::Pulse;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A stream with a guard before it.
#[derive(Debug)]
pub(crate) struct Screened<T> {
    inner: T,
    guard: Guard,
    pulse: Arc<Pulse>,
    refused: Option<Refused>,
    /// Whether the library has read as far as the refused request: it may end the connection before it, and then nothing
    /// behind that end is answered.
    told: bool,
    /// Who waits for the answers before the refusal to be written.
    waiting: Option<Waker>,
}

impl<T> Screened<T> {
    /// Screens what is read from `inner`.
    pub(crate) fn new(inner: T, guard: Guard, pulse: Arc<Pulse>) -> Self {
        Self { inner, guard, pulse, refused: None, told: false, waiting: None }
    }

    /// The stream itself, and the fault of the request that is still to be refused.
    pub(crate) fn into_parts(self) -> (T, Option<Fault>) {
        let open = self.refused.filter(|refused| self.told && !refused.at_work && self.pulse.settled());
        (self.inner, open.map(|refused| refused.fault))
    }

    /// Ends the stream, at once or when the answers before are written.
    fn end(&mut self, refused: Refused, cx: &Context<'_>) -> Poll<io::Result<()>> {
        if refused.at_work || self.pulse.settled() {
            self.told = true;
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::InvalidData, refused.fault)));
        }
        self.waiting = Some(cx.waker().clone());
        Poll::Pending
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Screened<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if let Some(refused) = self.refused {
            return self.end(refused, cx);
        }
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.inner).poll_read(cx, buf))?;
        let Err(refused) = self.guard.feed(buf.filled().get(before..).unwrap_or_default()) else {
            return Poll::Ready(Ok(()));
        };
        self.refused = Some(refused);
        buf.set_filled(before.saturating_add(refused.good));
        if refused.good > 0 { Poll::Ready(Ok(())) } else { self.end(refused, cx) }
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Screened<T> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(cx, bytes)
    }

    /// Called when the library has written all it had.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.inner).poll_flush(cx))?;
        self.pulse.flushed();
        if self.pulse.settled()
            && let Some(waiting) = self.waiting.take()
        {
            waiting.wake();
        }
        Poll::Ready(Ok(()))
    }

    /// The end is not the library's to announce: a refusal may follow.
    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_flush(cx)
    }
}
