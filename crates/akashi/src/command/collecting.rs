//! The senders of the audit trail, which run beside the server: one for each facility.

use crate::configuration::Configuration;
use crate::directory::{self, Opened};
use base::{Clock, FacilityId, Problem};
use records::audit::Following;
use serde_json::json;
use server::Metrics;
use server::collector::{Sender, Standing};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::sleep;

/// Between two looks at how the senders stand, for the metrics.
const LOOKING: Duration = Duration::from_secs(5);

/// Senders that run.
pub(crate) struct Collecting {
    stop: watch::Sender<bool>,
    running: Vec<(Arc<Following>, JoinHandle<()>)>,
    telling: JoinHandle<()>,
}

impl Collecting {
    /// Starts a sender for each facility, when a collector is configured. How they stand is told among the facts of the
    /// facilities and by the metrics. Must be called within the runtime.
    ///
    /// # Errors
    /// The settings cannot be used, or the journal of a facility cannot be followed.
    pub(crate) fn begin(
        configuration: &Configuration,
        facilities: &[Opened],
        metrics: Metrics,
    ) -> Result<Self, Problem> {
        let (stop, stopped) = watch::channel(false);
        let (mut running, mut standings) = (Vec::new(), Vec::new());
        let settings = configuration.collector.settings()?;
        let listen = || format!("https://{}", configuration.server.listen);
        let address = configuration.server.base_url.clone().unwrap_or_else(listen);
        for facility in facilities {
            let Some(settings) = settings.clone() else {
                facility.identity.ask_beside(|| vec![("audit.collector.configured", json!(false))]);
                continue;
            };
            let following = Arc::new(facility.records.follow()?);
            let base_url = format!("{}/f/{}/fhir", address.trim_end_matches('/'), facility.records.id());
            let entries: Arc<Following> = Arc::clone(&following);
            let sender = Sender::new(settings, entries, &base_url);
            tell_facts(facility, sender.standing());
            standings.push((facility.records.id().clone(), sender.standing()));
            running.push((following, tokio::spawn(sender.run(stopped.clone()))));
        }
        Ok(Self { stop, running, telling: tokio::spawn(tell_metrics(metrics, standings)) })
    }

    /// Ends the senders: what was sent is acknowledged as far as the collector says farewell.
    pub(crate) async fn end(self) {
        self.telling.abort();
        self.stop.send_replace(true);
        for (following, task) in self.running {
            if let Err(error) = task.await {
                tracing::error!(%error, "the sender of the audit trail ended in a fault");
            }
            if let Err(problem) = following.end().await {
                tracing::error!(%problem, "the entry of the sender of the audit trail could not be written");
            }
        }
    }
}

/// Puts how a sender stands among the facts of its facility.
fn tell_facts(facility: &Opened, standing: Arc<Standing>) {
    facility.identity.ask_beside(move || {
        let mut facts = vec![("audit.collector.configured", json!(true))];
        facts.extend(standing.facts());
        facts
    });
}

/// Keeps the metrics up to how the senders stand, until it is aborted.
async fn tell_metrics(metrics: Metrics, standings: Vec<(FacilityId, Arc<Standing>)>) {
    let clock = directory::world().clock;
    while !standings.is_empty() {
        for (facility, standing) in &standings {
            metrics.collector_behind(facility, standing.behind());
            metrics.collector_lag(facility, lag(&*clock, standing));
        }
        sleep(LOOKING).await;
    }
}

/// How long the oldest access entry waits.
fn lag(clock: &dyn Clock, standing: &Standing) -> Duration {
    let waited = standing
        .waiting_since()
        .map_or(0, |since| clock.now().microseconds().saturating_sub(since.microseconds()));
    Duration::from_micros(u64::try_from(waited).unwrap_or_default())
}
