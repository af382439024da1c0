//! The threads that serve, and the signals that end it all.

use base::Problem;
use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Starts the worker threads.
pub(crate) fn start() -> Result<Runtime, Problem> {
    Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Problem::new(&store::codes::BUSY).log(format!("worker threads: {error}")))
}

/// The operator's wish that it should end, by Ctrl-C or SIGTERM. From the moment it is made, the signals are caught.
pub(crate) struct Stop {
    interrupt: Signal,
    terminate: Signal,
}

impl Stop {
    /// Catches the signals. Must be called within the runtime.
    pub(crate) fn catch() -> Result<Self, Problem> {
        let catch = |kind| {
            signal(kind).map_err(|error| Problem::new(&store::codes::BUSY).log(format!("signals: {error}")))
        };
        Ok(Self { interrupt: catch(SignalKind::interrupt())?, terminate: catch(SignalKind::terminate())? })
    }

    /// Waits for the first of them.
    pub(crate) async fn asked(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// The operator's wish that the server's certificate be read anew, by SIGHUP. From the moment it is made, the signal is
/// caught.
pub(crate) struct Renewal(Signal);

impl Renewal {
    /// Catches the signal. Must be called within the runtime.
    pub(crate) fn catch() -> Result<Self, Problem> {
        let caught = signal(SignalKind::hangup());
        caught.map(Self).map_err(|error| Problem::new(&store::codes::BUSY).log(format!("signals: {error}")))
    }

    /// Waits for it.
    pub(crate) async fn asked(&mut self) {
        self.0.recv().await;
    }
}
