//! Reads the body of a request: up to its limit, and no more slowly than it may come.

use crate::codes;
use crate::configuration::Bounds;
use crate::framing::Fault;
use crate::pace::Pace;
use base::Problem;
use http_body_util::BodyExt;
use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
use std::error::Error as _;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::time::{Instant, Sleep, sleep_until};

/// Most bytes set aside on the word of `Content-Length` alone.
const TRUSTED_BYTES_MAX: usize = 256 * 1024;

/// The whole body. A length that is announced and too large is refused before a byte is read.
pub(crate) async fn read<B>(mut body: B, bytes_max: usize) -> Result<Vec<u8>, Problem>
where
    B: Body<Data = Bytes, Error = Problem> + Unpin,
{
    let too_large = || Problem::new(&codes::BODY_TOO_LARGE).with("limit", bytes_max);
    let announced = usize::try_from(body.size_hint().lower()).map_err(|_| too_large())?;
    if announced > bytes_max {
        return Err(too_large());
    }
    let mut bytes = Vec::with_capacity(announced.min(TRUSTED_BYTES_MAX));
    while let Some(frame) = body.frame().await {
        let frame = frame?;
        let Some(data) = frame.data_ref() else {
            continue;
        };
        if bytes.len().saturating_add(data.len()) > bytes_max {
            return Err(too_large());
        }
        bytes.extend_from_slice(data);
    }
    Ok(bytes)
}

/// A body as it arrives. It must keep its pace from the moment in which it is first asked for.
#[derive(Debug)]
pub(crate) struct Arriving {
    body: Incoming,
    bounds: Bounds,
    asked: Option<(Pace, Pin<Box<Sleep>>)>,
}

impl Arriving {
    /// Under these bounds.
    pub(crate) fn new(body: Incoming, bounds: Bounds) -> Self {
        Self { body, bounds, asked: None }
    }

    /// Waits for the moment by which more should have come.
    fn poll_overdue(&mut self, cx: &mut Context<'_>) -> Poll<Problem> {
        let (pace, alarm) = self.asked.get_or_insert_with(|| {
            let pace = Pace::begin(&self.bounds, Instant::now());
            (pace, Box::pin(sleep_until(pace.due())))
        });
        if alarm.deadline() != pace.due() {
            alarm.as_mut().reset(pace.due());
        }
        ready!(alarm.as_mut().poll(cx));
        let rate = self.bounds.body_bytes_per_second_min;
        Poll::Ready(Problem::new(&codes::BODY_TOO_SLOW).with("rate", rate))
    }

    fn broken(&self, error: &hyper::Error) -> Problem {
        let cause = error.source().and_then(|cause| cause.downcast_ref::<io::Error>());
        match cause.and_then(io::Error::get_ref).and_then(|inner| inner.downcast_ref::<Fault>()) {
            Some(fault) => fault.problem(&self.bounds),
            None => Problem::new(&codes::BODY_BROKEN),
        }
    }
}

impl Body for Arriving {
    type Data = Bytes;
    type Error = Problem;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Problem>>> {
        let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(cx) else {
            return self.poll_overdue(cx).map(|problem| Some(Err(problem)));
        };
        if let (Some((pace, _)), Some(Ok(frame))) = (&mut self.asked, &frame) {
            pace.note(frame.data_ref().map_or(0, Bytes::len), Instant::now());
        }
        Poll::Ready(frame.map(|frame| frame.map_err(|error| self.broken(&error))))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
