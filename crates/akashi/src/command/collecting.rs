//! The senders of the audit trail, which run beside the server: one for each facility.

use crate::configuration::Configuration;
use crate::directory::Opened;
use base::Problem;
use records::audit::Following;
use server::collector::Sender;
use std::sync::Arc;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Senders that run.
pub(crate) struct Collecting {
    stop: watch::Sender<bool>,
    running: Vec<(Arc<Following>, JoinHandle<()>)>,
}

impl Collecting {
    /// Starts a sender for each facility, when a collector is configured. Must be called within the runtime.
    ///
    /// # Errors
    /// The settings cannot be used, or the journal of a facility cannot be followed.
    pub(crate) fn begin(configuration: &Configuration, facilities: &[Opened]) -> Result<Self, Problem> {
        let (stop, stopped) = watch::channel(false);
        let mut running = Vec::new();
        if let Some(settings) = configuration.collector.settings()? {
            let listen = || format!("https://{}", configuration.server.listen);
            let address = configuration.server.base_url.clone().unwrap_or_else(listen);
            for facility in facilities {
                let following = Arc::new(facility.records.follow()?);
                let base_url = format!("{}/f/{}/fhir", address.trim_end_matches('/'), facility.records.id());
                let entries: Arc<Following> = Arc::clone(&following);
                let sender = Sender::new(settings.clone(), entries, &base_url);
                running.push((following, tokio::spawn(sender.run(stopped.clone()))));
            }
        }
        Ok(Self { stop, running })
    }

    /// Ends the senders: what was sent is acknowledged as far as the collector says farewell.
    pub(crate) async fn end(self) {
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
