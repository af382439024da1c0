//! The body of an answer on its way out: one that lies ready, or one whose pieces come about while it is sent.

use crate::answering::Answering;
use crate::pulse::{Beat, Underway};
use hyper::body::{Body, Bytes, Frame, SizeHint};
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;

/// Whoever makes the pieces. It is at work only while the client takes them.
pub(crate) type Teller = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The body of an answer.
pub(crate) enum Leaving {
    /// It lies ready.
    Whole(Answering),
    /// It comes about.
    Streaming(Streaming),
}

/// A body without an end of its own. While it is open it is a sign of life of its connection. Between two pieces there is
/// nothing that the client should take, and so nothing that it could take too slowly.
pub(crate) struct Streaming {
    teller: Option<Teller>,
    pieces: mpsc::Receiver<Bytes>,
    underway: Underway,
    grace: Duration,
    _open: Beat,
}

impl Streaming {
    /// Of a teller that hands its pieces to `pieces` and ends the body by ending. A piece must be taken within `grace`.
    pub(crate) fn new(
        teller: Teller,
        pieces: mpsc::Receiver<Bytes>,
        (underway, grace): (Underway, Duration),
        open: Beat,
    ) -> Self {
        Self { teller: Some(teller), pieces, underway, grace, _open: open }
    }
}

impl Body for Streaming {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        // Whoever asks for more has room for it: the piece before was taken.
        self.underway.rest();
        if let Some(teller) = &mut self.teller
            && teller.as_mut().poll(cx).is_ready()
        {
            self.teller = None;
        }
        let Poll::Ready(piece) = self.pieces.poll_recv(cx) else { return Poll::Pending };
        if piece.is_some() {
            let now = Instant::now();
            self.underway.due(now.checked_add(self.grace).unwrap_or(now));
        }
        Poll::Ready(piece.map(|piece| Ok(Frame::data(piece))))
    }
}

impl Body for Leaving {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match self.get_mut() {
            Self::Whole(whole) => Pin::new(whole).poll_frame(cx),
            Self::Streaming(streaming) => Pin::new(streaming).poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(whole) => whole.is_end_stream(),
            Self::Streaming(_) => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(whole) => whole.size_hint(),
            Self::Streaming(_) => SizeHint::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pulse::{Pulse, Seen, Taken};
    use http_body_util::BodyExt;
    use std::sync::Arc;
    use tokio::sync::Notify;

    const GRACE: Duration = Duration::from_secs(5);

    fn streaming(pulse: &Arc<Pulse>, teller: Teller, pieces: mpsc::Receiver<Bytes>) -> Streaming {
        Streaming::new(teller, pieces, (pulse.answering(Instant::now()), GRACE), pulse.begin())
    }

    fn too_slow_in(pulse: &Pulse, time: Duration) -> bool {
        let then = Instant::now() + time;
        pulse.too_slow(&mut Taken::since(then), GRACE * 100, then)
    }

    #[tokio::test]
    async fn a_stream_waits_for_its_teller_and_is_never_slow_between_two_pieces() {
        let (pulse, go) = (Arc::new(Pulse::default()), Arc::new(Notify::new()));
        let (sender, pieces) = mpsc::channel(1);
        let told = Arc::clone(&go);
        let mut body = streaming(
            &pulse,
            Box::pin(async move {
                for piece in ["one", "two"] {
                    told.notified().await;
                    sender.send(Bytes::from_static(piece.as_bytes())).await.unwrap();
                }
            }),
            pieces,
        );
        let mut taken = Vec::new();
        for _ in 0..2 {
            assert!(futures_pending(&mut body), "nothing was told yet");
            assert!(!too_slow_in(&pulse, GRACE * 50), "there is nothing to take");
            go.notify_one();
            taken.push(body.frame().await.unwrap().unwrap().into_data().unwrap());
            assert!(!too_slow_in(&pulse, Duration::ZERO));
            assert!(too_slow_in(&pulse, GRACE * 2), "a piece that nobody takes");
        }
        assert_eq!(taken, ["one", "two"]);
        assert!(body.frame().await.is_none(), "the end of the teller is that of the stream");
    }

    #[tokio::test]
    async fn an_open_stream_is_a_sign_of_life_and_one_that_is_dropped_is_answered() {
        let (pulse, mut seen) = (Arc::new(Pulse::default()), Seen::default());
        let (_sender, pieces) = mpsc::channel(1);
        let body = streaming(&pulse, Box::pin(std::future::pending()), pieces);
        for _ in 0..3 {
            assert!(pulse.alive(&mut seen, 1));
        }
        pulse.flushed();
        assert!(!pulse.settled(), "a request behind it is not refused before it ends");
        drop(body);
        assert!(!pulse.alive(&mut seen, 1));
        pulse.flushed();
        assert!(pulse.settled());
        assert_eq!(pulse.answered(), 1, "however many pieces: it is one answer");
    }

    /// Whether there is nothing to take at this moment.
    fn futures_pending(body: &mut Streaming) -> bool {
        let mut cx = Context::from_waker(std::task::Waker::noop());
        Pin::new(body).poll_frame(&mut cx).is_pending()
    }
}
