//! The body of an answer on its way out: in pieces, so that it can be seen whether the client takes it.

use crate::configuration::Bounds;
use crate::pace::Pace;
use crate::pulse::{Pulse, Underway};
use hyper::body::{Body, Bytes, Frame, SizeHint};
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::time::Instant;

/// Longest piece, in bytes: one frame of HTTP/2, one record of TLS.
const PIECE_BYTES_MAX: usize = 16 * 1024;

/// What is left of an answer. Each piece must be taken at the least rate, or the connection is ended.
#[derive(Debug)]
pub(crate) struct Answering {
    rest: Bytes,
    pace: Pace,
    underway: Underway,
}

impl Answering {
    /// Begins now.
    pub(crate) fn new(bytes: Bytes, bounds: &Bounds, pulse: &Arc<Pulse>) -> Self {
        let pace = Pace::begin(bounds, Instant::now());
        Self { rest: bytes, pace, underway: pulse.answering(pace.due()) }
    }
}

impl Body for Answering {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        let count = self.rest.len().min(PIECE_BYTES_MAX);
        let piece = self.rest.split_to(count);
        self.pace.allow(count, Instant::now());
        self.underway.due(self.pace.due());
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(u64::try_from(self.rest.len()).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pulse::Taken;
    use http_body_util::BodyExt;
    use std::time::Duration;

    const NEVER: Duration = Duration::from_hours(1);

    /// Whether some time from now an answer is behind its pace.
    fn too_slow_in(pulse: &Pulse, time: Duration) -> bool {
        let then = Instant::now() + time;
        pulse.too_slow(&mut Taken::since(then), NEVER, then)
    }

    #[tokio::test]
    async fn an_answer_goes_out_whole_and_counts_until_it_is_gone() {
        let pulse = Arc::new(Pulse::default());
        let bytes = Bytes::from(vec![b'x'; 40_000]);
        let mut answer = Answering::new(bytes.clone(), &Bounds::default(), &pulse);
        assert_eq!(answer.size_hint().exact(), Some(40_000));
        let mut taken = Vec::new();
        while let Some(frame) = answer.frame().await {
            let piece = frame.unwrap().into_data().unwrap();
            assert!(piece.len() <= PIECE_BYTES_MAX);
            taken.extend_from_slice(&piece);
        }
        assert_eq!(taken, bytes);
        assert!(answer.is_end_stream());
        assert!(too_slow_in(&pulse, NEVER));
        drop(answer);
        assert!(!too_slow_in(&pulse, NEVER));
    }

    #[tokio::test]
    async fn an_answer_that_nobody_takes_is_overdue_after_the_grace() {
        let pulse = Arc::new(Pulse::default());
        let bounds = Bounds::default();
        let _answer = Answering::new(Bytes::from_static(b"x"), &bounds, &pulse);
        assert!(!too_slow_in(&pulse, Duration::ZERO));
        assert!(too_slow_in(&pulse, bounds.grace * 2));
    }
}
