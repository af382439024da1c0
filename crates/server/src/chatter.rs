//! How much a client may talk over HTTP/2 beside what is answered: resets, settings, pings, priorities, empty data, windows.
//!
//! Each frame that carries no substance is paid from a purse, which fills with every answer, with bytes that the client
//! takes, and with time. The library bounds single kinds of floods (resets before a request was looked at, frames of one
//! header section); the purse bounds all of them together, also kinds that nobody has thought of yet.

use crate::pulse::Pulse;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

/// What a client sends before the first frame (RFC 9113, section 3.4), in bytes.
const PREFACE_BYTES: usize = 24;
/// Length (3), kind (1), flags (1) and stream (4) before each frame's content.
const FRAME_HEAD_BYTES: usize = 9;
const DATA: u8 = 0;
/// Data in smaller frames than this is talk: so little is sent once at the end of a body, and by floods.
const SUBSTANCE_BYTES_MIN: u64 = 64;
/// Most frames in the purse.
const PURSE_MAX: u64 = 1_024;
/// What an answer brings: the frames of its request, and of windows and pings around it.
const PER_ANSWER: u64 = 16;
/// A client that takes this many bytes may send a frame for it, to open its window.
const BYTES_PER_FRAME: u64 = 1_024;
/// What a second brings.
const PER_SECOND: u64 = 16;

/// Counts frames as they arrive, cut anywhere.
#[derive(Debug, Default)]
struct Frames {
    preface: usize,
    head: Vec<u8>,
    content: u64,
}

impl Frames {
    /// How many of the frames that begin in these bytes are talk.
    fn talk(&mut self, bytes: &[u8]) -> u64 {
        let skipped = PREFACE_BYTES.saturating_sub(self.preface).min(bytes.len());
        self.preface = self.preface.saturating_add(skipped);
        let mut rest = bytes.get(skipped..).unwrap_or_default();
        let mut talk = 0_u64;
        while !rest.is_empty() {
            rest = self.skip(rest);
            let wanted = FRAME_HEAD_BYTES.saturating_sub(self.head.len()).min(rest.len());
            let (taken, behind) = rest.split_at_checked(wanted).unwrap_or((rest, &[]));
            self.head.extend_from_slice(taken);
            rest = behind;
            if let [high, middle, low, kind, _, _, _, _, _] = *self.head.as_slice() {
                self.content = u64::from(u32::from_be_bytes([0, high, middle, low]));
                self.head.clear();
                let substance = kind == DATA && self.content >= SUBSTANCE_BYTES_MIN;
                talk = talk.saturating_add(u64::from(!substance));
            }
        }
        talk
    }

    /// Passes over the content of a frame; what lies behind is returned.
    fn skip<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        let count = usize::try_from(self.content).unwrap_or(usize::MAX).min(bytes.len());
        self.content = self.content.saturating_sub(u64::try_from(count).unwrap_or(u64::MAX));
        bytes.get(count..).unwrap_or_default()
    }
}

/// What a client may still say.
#[derive(Debug)]
struct Purse {
    frames: u64,
    answered: u64,
    written: u64,
    filled: Instant,
}

impl Purse {
    fn full(now: Instant) -> Self {
        Self { frames: PURSE_MAX, answered: 0, written: 0, filled: now }
    }

    /// Puts in what was earned since the last time.
    fn fill(&mut self, pulse: &Pulse, now: Instant) {
        let answers = pulse.answered().saturating_sub(self.answered);
        let frames = pulse.written().saturating_sub(self.written) / BYTES_PER_FRAME;
        let seconds = now.saturating_duration_since(self.filled).as_secs();
        self.answered = self.answered.saturating_add(answers);
        self.written = self.written.saturating_add(frames.saturating_mul(BYTES_PER_FRAME));
        if seconds > 0 {
            self.filled = now;
        }
        let earned = answers.saturating_mul(PER_ANSWER).saturating_add(frames);
        let earned = earned.saturating_add(seconds.saturating_mul(PER_SECOND));
        self.frames = self.frames.saturating_add(earned).min(PURSE_MAX);
    }

    /// Whether there is enough in it.
    fn pay(&mut self, frames: u64) -> bool {
        let left = self.frames.checked_sub(frames);
        self.frames = left.unwrap_or(0);
        left.is_some()
    }
}

/// A stream of HTTP/2 whose client may not talk too much.
#[derive(Debug)]
pub(crate) struct Metered<T> {
    inner: T,
    pulse: Arc<Pulse>,
    frames: Frames,
    purse: Purse,
}

impl<T> Metered<T> {
    /// Counts what is read from `inner`.
    pub(crate) fn new(inner: T, pulse: Arc<Pulse>) -> Self {
        Self { inner, pulse, frames: Frames::default(), purse: Purse::full(Instant::now()) }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Metered<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let this = &mut *self;
        ready!(Pin::new(&mut this.inner).poll_read(cx, buf))?;
        let talk = this.frames.talk(buf.filled().get(before..).unwrap_or_default());
        this.purse.fill(&this.pulse, Instant::now());
        if this.purse.pay(talk) {
            return Poll::Ready(Ok(()));
        }
        tracing::info!("a client sent too many frames over HTTP/2");
        Poll::Ready(Err(io::Error::new(io::ErrorKind::InvalidData, "too many frames")))
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Metered<T> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(cx, bytes)
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
    use std::time::Duration;

    fn frame(kind: u8, content: usize) -> Vec<u8> {
        let length = u32::try_from(content).unwrap().to_be_bytes();
        [&length[1..], &[kind, 0, 0, 0, 0, 1], &vec![0; content]].concat()
    }

    #[test]
    fn frames_are_counted_however_they_are_cut() {
        let bytes = [
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
            frame(4, 18),
            frame(1, 100),
            frame(DATA, 20_000),
            frame(DATA, 64),
            frame(DATA, 63),
            frame(DATA, 0),
            frame(6, 8),
        ]
        .concat();
        for pieces in [1, 2, 7, 24, 33, bytes.len()] {
            let mut frames = Frames::default();
            let talk: u64 = bytes.chunks(pieces).map(|piece| frames.talk(piece)).sum();
            assert_eq!(talk, 5, "cut into pieces of {pieces}");
        }
    }

    #[test]
    fn the_purse_fills_with_answers_bytes_and_time_and_not_beyond_its_size() {
        let (pulse, start) = (Arc::new(Pulse::default()), Instant::now());
        let mut purse = Purse::full(start);
        assert!(purse.pay(PURSE_MAX));
        assert!(!purse.pay(1));
        drop(pulse.answering(start));
        purse.fill(&pulse, start);
        assert!(purse.pay(PER_ANSWER));
        assert!(!purse.pay(1));
        purse.fill(&pulse, start + Duration::from_millis(900));
        assert!(!purse.pay(1));
        purse.fill(&pulse, start + Duration::from_millis(1_100));
        assert!(purse.pay(PER_SECOND));
        purse.fill(&pulse, start + Duration::from_hours(1));
        assert!(!purse.pay(PURSE_MAX + 1));
    }
}
