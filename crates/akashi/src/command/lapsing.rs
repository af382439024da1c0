//! Finalises drafts whose deadline is over, beside the server, where the facility has laid that down.

use crate::configuration::Configuration;
use crate::directory::Opened;
use std::pin::pin;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

/// Between two rounds. Deadlines are days.
const INTERVAL: Duration = Duration::from_hours(1);
/// Time that a round has left when the server stops.
const CLOSING: Duration = Duration::from_secs(5);
/// A day in seconds.
const DAY_SECONDS: i64 = 86_400;

/// The tasks that finalise, one for each facility; none where nothing is to be finalised by itself.
pub(crate) struct Lapsing {
    stop: watch::Sender<bool>,
    running: Vec<JoinHandle<()>>,
}

impl Lapsing {
    /// Starts them: each looks at once, then every hour. Must be called within the runtime.
    pub(crate) fn begin(configuration: &Configuration, facilities: &[Opened]) -> Self {
        let (stop, stopped) = watch::channel(false);
        let running = match configuration.records.lapse_after() {
            Some(days) => {
                let task = |one: &Opened| tokio::spawn(keep(one.clone(), days, stopped.clone()));
                facilities.iter().map(task).collect()
            }
            None => Vec::new(),
        };
        Self { stop, running }
    }

    /// Ends them. A round has a moment left; what it has not reached waits for the next start.
    pub(crate) async fn end(self) {
        self.stop.send_replace(true);
        for task in self.running {
            if let Err(error) = task.await {
                tracing::error!(panicked = error.is_panic(), "finalising by the deadline ended in a fault");
            }
        }
    }
}

async fn keep(facility: Opened, days: u32, mut stop: watch::Receiver<bool>) {
    loop {
        let mut round = pin!(round(&facility, days));
        tokio::select! {
            _ = stop.changed() => {
                if timeout(CLOSING, round).await.is_err() {
                    tracing::warn!("finalising by the deadline was cut off at the end");
                }
                return;
            }
            () = &mut round => {}
        }
        tokio::select! {
            _ = stop.changed() => return,
            () = sleep(INTERVAL) => {}
        }
    }
}

/// Finalises what has waited for so many days by the clock of the facility.
async fn round(facility: &Opened, days: u32) {
    let seconds = i64::from(days).saturating_mul(DAY_SECONDS);
    let since = facility.records.now().plus_seconds(seconds.saturating_neg());
    let id = facility.records.id();
    match facility.records.lapse(since).await {
        Ok(done) if done.finalised > 0 || done.left > 0 => {
            tracing::info!(facility = %id, finalised = done.finalised, left = done.left, "drafts were finalised by the deadline");
        }
        Ok(_) => {}
        Err(problem) => {
            tracing::error!(facility = %id, %problem, "drafts were not finalised by the deadline");
        }
    }
}
