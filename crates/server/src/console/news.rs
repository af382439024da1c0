//! News for pages that are open: that a part of the facility has changed, and never what. A page then asks for its part
//! again by a request of its own, which the law decides and the journal keeps (decision 060).
//!
//! Whoever listens is looked at anew each time, as on any request: news end with the session, and no listening keeps one
//! alive.

use super::desk::allows;
use super::places::Place;
use crate::approach::{approach, values};
use crate::door::{Changes, Door};
use crate::edge::Edge;
use crate::{caller, who};
use base::{Entropy, Problem};
use console::May;
use http::header;
use http::request::Parts;
use hyper::body::Bytes;
use identity::Approach;
use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, MissedTickBehavior, interval};

/// One kind of news: its name, how often it has changed, and who hears of it: whoever may do any of these.
struct Kind {
    name: &'static str,
    count: fn(&Changes) -> u64,
    heard_by: &'static [May],
}

static KINDS: [Kind; 3] = [
    Kind { name: "work", count: |changes| changes.work, heard_by: &[May::Search("Composition")] },
    Kind {
        name: "alerts",
        count: |changes| changes.alerts,
        heard_by: &[May::Command("glass-list"), May::Command("law-show")],
    },
    Kind {
        name: "verification",
        count: |changes| changes.verification,
        heard_by: &[May::Command("fact-list"), May::Log],
    },
];

/// The first piece: after how many milliseconds a browser that lost us comes back.
const HELLO: &[u8] = b"retry: 5000\n\n";
/// A comment (HTML standard, section 9.2.6), by which a peer that has gone away is found.
const BEAT: &[u8] = b":\n\n";
/// Silence after which one is sent.
const BEAT_AFTER: Duration = Duration::from_secs(15);
/// The last piece where the session has ended: nobody needs to come back before they have signed in.
const OVER: &[u8] = b"event: over\ndata: session\n\n";

/// The name of this run of the server: counts of another run say nothing.
#[derive(Debug)]
pub(crate) struct Run(String);

impl Run {
    /// Draws it.
    pub(crate) fn new(entropy: &dyn Entropy) -> Result<Self, Problem> {
        let mut bytes = [0; 8];
        let failed = |log: String| Problem::new(&crate::codes::START_FAILED).log(log);
        entropy.fill(&mut bytes).map_err(|error| failed(error.to_string()))?;
        Ok(Self(format!("{:016x}", u64::from_be_bytes(bytes))))
    }
}

/// Up to where somebody has heard the news, kind by kind; none where they have heard nothing of it. As a text it is
/// the run with the counts behind it, `4f…c2_work-17_alerts-3`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Heard([Option<u64>; KINDS.len()]);

impl Heard {
    /// Of what somebody shows; who shows nothing has heard all that is there.
    fn read(text: &str, run: &Run, now: &Changes) -> Self {
        let Some((of, counts)) = text.split_once('_') else {
            return if text.is_empty() { Self::all(now) } else { Self::default() };
        };
        let count = |kind: &Kind| {
            let mut pairs = counts.split('_').filter_map(|pair| pair.split_once('-'));
            pairs.find(|(name, _)| *name == kind.name).and_then(|(_, count)| count.parse().ok())
        };
        if of == run.0 { Self(KINDS.each_ref().map(count)) } else { Self::default() }
    }

    /// All that is there.
    fn all(now: &Changes) -> Self {
        Self(KINDS.each_ref().map(|kind| Some((kind.count)(now))))
    }

    /// Written without the counts of what may not be heard.
    fn text(&self, run: &Run, may: impl Fn(&Kind) -> bool) -> String {
        let mut text = format!("{}_", run.0);
        for (kind, count) in KINDS.iter().zip(&self.0) {
            if let Some(count) = count.filter(|_| may(kind)) {
                let sign = if text.ends_with('_') { "" } else { "_" };
                // A text takes all that is written to it.
                let _written = write!(text, "{sign}{}-{count}", kind.name);
            }
        }
        text
    }

    /// What is new since, one event for each kind however often it has changed. From here on it is heard.
    fn hear(&mut self, now: &Changes, run: &Run, may: impl Fn(&Kind) -> bool) -> String {
        let mut events = String::new();
        for (at, kind) in KINDS.iter().enumerate() {
            let count = (kind.count)(now);
            let Some(heard) = self.0.get_mut(at).filter(|heard| **heard != Some(count)) else { continue };
            if may(kind) {
                *heard = Some(count);
                let id = self.text(run, &may);
                let _written = write!(events, "event: {}\nid: {id}\ndata: {count}\n\n", kind.name);
            }
        }
        events
    }
}

/// Up to where a page that is made now knows the news that its person may hear, as a text.
pub(super) fn known(now: &Changes, run: &Run, may: impl Fn(May) -> bool) -> String {
    Heard::all(now).text(run, |kind| kind.heard_by.iter().any(|one| may(*one)))
}

/// Somebody who listens.
pub(crate) struct Listener {
    parts: Parts,
    facility: String,
    since: String,
    _place: Place,
}

impl Listener {
    /// Whoever came with this request, from where they say that they have heard already.
    pub(super) fn new(parts: &Parts, facility: &str, since: &str, place: Place) -> Self {
        // A browser that comes back by itself says here what it heard last, and shows the old address.
        let last = parts.headers.get("last-event-id").and_then(|value| value.to_str().ok());
        let since = last.filter(|last| !last.is_empty()).unwrap_or(since).to_owned();
        Self { parts: parts.clone(), facility: facility.to_owned(), since, _place: place }
    }

    /// Tells the news until the server stops, the session ends or nobody takes them any more.
    pub(crate) async fn tell<D: Door>(
        self,
        edge: Arc<Edge<D>>,
        stop: watch::Receiver<bool>,
        pieces: mpsc::Sender<Bytes>,
    ) {
        let mut stopped = stop.clone();
        tokio::select! {
            biased;
            _ = stopped.wait_for(|stopped| *stopped) => {}
            () = self.tell_on(&edge, &pieces) => {}
        }
    }

    async fn tell_on<D: Door>(&self, edge: &Edge<D>, pieces: &mpsc::Sender<Bytes>) {
        let Some(door) = edge.doors.get(&self.facility) else { return };
        let run = &edge.run;
        let mut heard = Heard::read(&self.since, run, &door.changes());
        let (mut piece, mut told) = (Bytes::from_static(HELLO), Instant::now());
        let mut looks = interval(edge.bounds.news);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            if !piece.is_empty() {
                told = Instant::now();
                if pieces.send(piece).await.is_err() {
                    return;
                }
            }
            looks.tick().await;
            // Looked at before anything is told: the changes stand still, the one who listens may have gone.
            let now = door.changes();
            let Some(events) = self.news(door, |may| heard.hear(&now, run, may)) else {
                drop(pieces.send(Bytes::from_static(OVER)).await);
                return;
            };
            piece = Bytes::from(events);
            if piece.is_empty() && told.elapsed() >= BEAT_AFTER {
                piece = Bytes::from_static(BEAT);
            }
        }
    }

    /// The news for whoever listens; none where they are not who they were any more.
    fn news<D: Door>(&self, door: &D, hear: impl FnOnce(&dyn Fn(&Kind) -> bool) -> String) -> Option<String> {
        let header = |name: &str| values(&self.parts.headers, name);
        let approach = Approach { unattended: true, ..approach(&self.parts, &header) };
        let caller = door.identify(&approach, caller::credential(&self.parts.headers)).ok().flatten()?;
        let address = door.identity().map_or(approach.address, |identity| identity.address(&approach));
        let who = who::of(&caller, door, address);
        let context = who::context(&self.parts.headers, door.now()).ok()?;
        Some(hear(&|kind| kind.heard_by.iter().any(|may| allows(door, &who, &context, *may))))
    }
}

/// The media type of news.
pub(super) const MEDIA: &str = "text/event-stream";
/// What a proxy that gathers answers before it passes them on is asked not to do with this one.
pub(super) const UNGATHERED: (header::HeaderName, header::HeaderValue) =
    (header::HeaderName::from_static("x-accel-buffering"), header::HeaderValue::from_static("no"));

#[cfg(test)]
mod tests {
    use super::*;

    fn changes(work: u64, alerts: u64, verification: u64) -> Changes {
        Changes { work, alerts, verification }
    }

    fn run() -> Run {
        Run("0f".to_owned())
    }

    #[test]
    fn a_burst_is_one_event_and_silence_is_none() {
        let mut heard = Heard::read("", &run(), &changes(5, 1, 0));
        assert_eq!(heard.hear(&changes(5, 1, 0), &run(), |_| true), "");
        let events = heard.hear(&changes(905, 1, 0), &run(), |_| true);
        assert_eq!(events, "event: work\nid: 0f_work-905_alerts-1_verification-0\ndata: 905\n\n");
        assert_eq!(heard.hear(&changes(905, 1, 0), &run(), |_| true), "");
    }

    #[test]
    fn each_kind_is_told_for_itself_and_only_to_those_who_may_hear_of_it() {
        let mut heard = Heard::read("", &run(), &changes(0, 0, 0));
        let events = heard.hear(&changes(1, 1, 1), &run(), |kind| kind.name != "alerts");
        let named: Vec<&str> = events.lines().filter_map(|line| line.strip_prefix("event: ")).collect();
        assert_eq!(named, ["work", "verification"]);
        assert!(!events.contains("alerts"), "no count of it either: {events}");
        let later = heard.hear(&changes(1, 2, 1), &run(), |_| true);
        assert!(later.starts_with("event: alerts\n") && later.ends_with("data: 2\n\n"), "{later}");
    }

    #[test]
    fn whoever_comes_back_hears_what_they_missed() {
        let now = changes(7, 2, 1);
        let mut heard = Heard::read("0f_work-6_alerts-2_verification-1", &run(), &now);
        assert_eq!(
            heard.hear(&now, &run(), |_| true),
            "event: work\nid: 0f_work-7_alerts-2_verification-1\ndata: 7\n\n"
        );
        for other_run in ["0e_work-7_alerts-2_verification-1", "nonsense", "0f_", "_", "0f_work-x_alerts"] {
            let events = Heard::read(other_run, &run(), &now).hear(&now, &run(), |_| true);
            assert_eq!(events.matches("event: ").count(), 3, "{other_run}: {events}");
        }
    }

    #[test]
    fn what_a_page_knows_holds_no_count_of_what_its_person_may_not_hear() {
        let text = known(&changes(7, 2, 1), &run(), |may| may == May::Search("Composition"));
        assert_eq!(text, "0f_work-7");
        assert_eq!(known(&changes(7, 2, 1), &run(), |_| false), "0f_");
        let heard = Heard::read(&text, &run(), &changes(9, 9, 9));
        assert_eq!(heard.text(&run(), |_| true), text);
    }
}
