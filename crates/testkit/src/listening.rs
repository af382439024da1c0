//! Somebody who listens to server-sent events, on a connection of their own.

use crate::client::{Ask, PATIENCE};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use std::fmt;
use tokio::runtime::Runtime;
use tokio::time::timeout;

/// An answer that goes on.
pub struct Listening {
    runtime: Runtime,
    head: http::response::Parts,
    body: Incoming,
    /// What has come and was not looked at yet.
    text: String,
}

impl fmt::Debug for Listening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listening").field("status", &self.head.status).finish_non_exhaustive()
    }
}

impl Ask<'_> {
    /// Sends it, and listens to what is answered.
    pub fn listen(&self) -> Listening {
        let (runtime, answer) = self.begin();
        let (head, body) = answer.into_parts();
        Listening { runtime, head, body, text: String::new() }
    }
}

impl Listening {
    /// The status of the answer.
    pub fn status(&self) -> u16 {
        self.head.status.as_u16()
    }

    /// A header field of the answer; empty where it is not there.
    pub fn field(&self, name: &str) -> &str {
        self.head.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The next event as it was written, up to the empty line that ends it; none once the answer has ended.
    pub fn next_event(&mut self) -> Option<String> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.text = rest;
                return Some(event);
            }
            // A connection that is cut ends it too.
            let frame = self.runtime.block_on(async { timeout(PATIENCE, self.body.frame()).await.unwrap() });
            let piece = frame?.ok()?.into_data().unwrap();
            self.text.push_str(std::str::from_utf8(&piece).unwrap());
        }
    }
}
